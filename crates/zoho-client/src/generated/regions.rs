//! The region table.

use crate::region::RegionRow;

macro_rules! row {
    ($code:literal, $name:literal, $accounts:literal, $tld:literal, $upload:literal) => {
        RegionRow {
            code: $code,
            name: $name,
            accounts: $accounts,
            api: concat!("www.zohoapis.", $tld),
            sandbox: concat!("sandbox.zohoapis.", $tld),
            developer: concat!("developer.zohoapis.", $tld),
            upload: $upload,
        }
    };
}

pub(crate) static REGIONS: &[RegionRow] = &[
    row!(
        "us",
        "United States",
        "accounts.zoho.com",
        "com",
        "content.zohoapis.com"
    ),
    row!("eu", "Europe", "accounts.zoho.eu", "eu", "content.zohoapis.eu"),
    row!("in", "India", "accounts.zoho.in", "in", "content.zohoapis.in"),
    row!(
        "au",
        "Australia",
        "accounts.zoho.com.au",
        "com.au",
        "content.zohoapis.com.au"
    ),
    row!("jp", "Japan", "accounts.zoho.jp", "jp", "content.zohoapis.jp"),
    row!(
        "uk",
        "United Kingdom",
        "accounts.zoho.uk",
        "uk",
        "content.zohoapis.uk"
    ),
    row!(
        "ca",
        "Canada",
        "accounts.zohocloud.ca",
        "ca",
        "upload.zohocloud.ca"
    ),
    row!(
        "ae",
        "United Arab Emirates",
        "accounts.zoho.ae",
        "ae",
        "content.zohoapis.ae"
    ),
    row!("sa", "Saudi Arabia", "accounts.zoho.sa", "sa", "files.zoho.sa"),
    row!(
        "cn",
        "China",
        "accounts.zoho.com.cn",
        "com.cn",
        "content.zohoapis.com.cn"
    ),
];
