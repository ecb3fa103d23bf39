//! A connector for Zoho CRM v8 and Zoho Books v3.
