//! What Zoho is: OpenAPI descriptions, the region table, and the rules that both keep.
