//! The fields of the modules that sell: leads, contacts, accounts, deals, products and inventory.

use super::Source;
use super::define::{Def, Kind, field, lookup, pick, system, text};

const SOURCES: &[&str] = &[
    "-None-",
    "Advertisement",
    "Cold Call",
    "Employee Referral",
    "External Referral",
    "Online Store",
    "Partner",
    "Public Relations",
    "Sales Email Alias",
    "Seminar Partner",
    "Internal Seminar",
    "Trade Show",
    "Web Download",
    "Web Research",
    "Chat",
];
const INDUSTRIES: &[&str] = &[
    "-None-",
    "ASP (Application Service Provider)",
    "Data/Telecom OEM",
    "ERP (Enterprise Resource Planning)",
    "Government/Military",
    "Large Enterprise",
    "ManagementISV",
    "MSP (Management Service Provider)",
    "Network Equipment Enterprise",
    "Non-management ISV",
    "Optical Networking",
    "Service Provider",
    "Small/Medium Enterprise",
    "Storage Equipment",
    "Storage Service Provider",
    "Systems Integrator",
    "Wireless Industry",
];
const RATINGS: &[&str] = &[
    "-None-",
    "Acquired",
    "Active",
    "Market Failed",
    "Project Cancelled",
    "Shut Down",
];
const SALUTATIONS: &[&str] = &["-None-", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."];
const LEAD_STATUS: &[&str] = &[
    "-None-",
    "Attempted to Contact",
    "Contact in Future",
    "Contacted",
    "Junk Lead",
    "Lost Lead",
    "Not Contacted",
    "Pre-Qualified",
    "Not Qualified",
];
const STAGES: &[&str] = &[
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Identify Decision Makers",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
    "Closed Lost to Competition",
];

pub(super) const LEADS: &[Def] = &[
    text("Company", "Company", 200),
    text("First_Name", "First Name", 40),
    text("Last_Name", "Last Name", 80).mandatory(),
    system("Full_Name", "Full Name", Kind::Text, Source::FullName(1, 2)),
    pick("Salutation", "Salutation", SALUTATIONS),
    text("Designation", "Title", 100),
    field("Email", "Email", Kind::Email),
    field("Secondary_Email", "Secondary Email", Kind::Email),
    field("Phone", "Phone", Kind::Phone),
    field("Mobile", "Mobile", Kind::Phone),
    field("Fax", "Fax", Kind::Phone),
    field("Website", "Website", Kind::Website),
    pick("Lead_Source", "Lead Source", SOURCES),
    pick("Lead_Status", "Lead Status", LEAD_STATUS),
    pick("Industry", "Industry", INDUSTRIES),
    field("No_of_Employees", "No. of Employees", Kind::Integer),
    field("Annual_Revenue", "Annual Revenue", Kind::Currency),
    pick("Rating", "Rating", RATINGS),
    field("Email_Opt_Out", "Email Opt Out", Kind::Boolean),
    text("Skype_ID", "Skype ID", 50),
    text("Twitter", "Twitter", 50),
    text("Street", "Street", 250),
    text("City", "City", 100),
    text("State", "State", 100),
    text("Zip_Code", "Zip Code", 30),
    text("Country", "Country", 100),
    field("Description", "Description", Kind::TextArea),
    field("Record_Image", "Lead Image", Kind::Image).read_only(),
    text("Reference_Code", "Reference Code", 120).unique().custom(),
    field("Score", "Score", Kind::Double).custom(),
    field("First_Contact", "First Contact", Kind::Date).custom(),
    field("Next_Call", "Next Call", Kind::DateTime).custom(),
    Def {
        kind: Kind::MultiPicklist,
        ..pick("Interests", "Interests", &["Hardware", "Software", "Services"]).custom()
    },
];

pub(super) const CONTACTS: &[Def] = &[
    pick("Salutation", "Salutation", SALUTATIONS),
    text("First_Name", "First Name", 40),
    text("Last_Name", "Last Name", 80).mandatory(),
    system("Full_Name", "Full Name", Kind::Text, Source::FullName(1, 2)),
    lookup("Account_Name", "Account Name", "Accounts"),
    lookup("Vendor_Name", "Vendor Name", "Vendors"),
    lookup("Reporting_To", "Reporting To", "Contacts"),
    text("Title", "Title", 100),
    text("Department", "Department", 50),
    field("Email", "Email", Kind::Email),
    field("Secondary_Email", "Secondary Email", Kind::Email),
    field("Phone", "Phone", Kind::Phone),
    field("Home_Phone", "Home Phone", Kind::Phone),
    field("Other_Phone", "Other Phone", Kind::Phone),
    field("Mobile", "Mobile", Kind::Phone),
    field("Fax", "Fax", Kind::Phone),
    text("Assistant", "Assistant", 50),
    field("Asst_Phone", "Asst Phone", Kind::Phone),
    field("Date_of_Birth", "Date of Birth", Kind::Date),
    pick("Lead_Source", "Lead Source", SOURCES),
    field("Email_Opt_Out", "Email Opt Out", Kind::Boolean),
    text("Skype_ID", "Skype ID", 50),
    text("Twitter", "Twitter", 50),
    text("Mailing_Street", "Mailing Street", 250),
    text("Mailing_City", "Mailing City", 100),
    text("Mailing_State", "Mailing State", 100),
    text("Mailing_Zip", "Mailing Zip", 30),
    text("Mailing_Country", "Mailing Country", 100),
    text("Other_Street", "Other Street", 250),
    text("Other_City", "Other City", 100),
    text("Other_State", "Other State", 100),
    text("Other_Zip", "Other Zip", 30),
    text("Other_Country", "Other Country", 100),
    field("Description", "Description", Kind::TextArea),
    field("Record_Image", "Contact Image", Kind::Image).read_only(),
    text("Reference_Code", "Reference Code", 120).unique().custom(),
];

pub(super) const ACCOUNTS: &[Def] = &[
    text("Account_Name", "Account Name", 200).mandatory(),
    lookup("Parent_Account", "Parent Account", "Accounts"),
    text("Account_Number", "Account Number", 40),
    text("Account_Site", "Account Site", 80),
    pick(
        "Account_Type",
        "Account Type",
        &[
            "-None-",
            "Analyst",
            "Competitor",
            "Customer",
            "Distributor",
            "Integrator",
            "Investor",
            "Other",
            "Partner",
            "Press",
            "Prospect",
            "Reseller",
            "Supplier",
            "Vendor",
        ],
    ),
    pick("Industry", "Industry", INDUSTRIES),
    pick(
        "Ownership",
        "Ownership",
        &[
            "-None-",
            "Other",
            "Private",
            "Public",
            "Subsidiary",
            "Partnership",
            "Government",
            "Privately Held",
            "Public Company",
        ],
    ),
    pick("Rating", "Rating", RATINGS),
    field("Annual_Revenue", "Annual Revenue", Kind::Currency),
    field("Employees", "Employees", Kind::Integer),
    field("Phone", "Phone", Kind::Phone),
    field("Fax", "Fax", Kind::Phone),
    field("Website", "Website", Kind::Website),
    text("Ticker_Symbol", "Ticker Symbol", 30),
    field("SIC_Code", "SIC Code", Kind::Integer),
    text("Billing_Street", "Billing Street", 250),
    text("Billing_City", "Billing City", 100),
    text("Billing_State", "Billing State", 100),
    text("Billing_Code", "Billing Code", 30),
    text("Billing_Country", "Billing Country", 100),
    text("Shipping_Street", "Shipping Street", 250),
    text("Shipping_City", "Shipping City", 100),
    text("Shipping_State", "Shipping State", 100),
    text("Shipping_Code", "Shipping Code", 30),
    text("Shipping_Country", "Shipping Country", 100),
    field("Description", "Description", Kind::TextArea),
    field("Record_Image", "Account Image", Kind::Image).read_only(),
    text("Reference_Code", "Reference Code", 120).unique().custom(),
];

pub(super) const DEALS: &[Def] = &[
    text("Deal_Name", "Deal Name", 120).mandatory(),
    lookup("Account_Name", "Account Name", "Accounts"),
    lookup("Contact_Name", "Contact Name", "Contacts"),
    lookup("Campaign_Source", "Campaign Source", "Campaigns"),
    pick("Stage", "Stage", STAGES).mandatory().closed(),
    pick("Type", "Type", &["-None-", "Existing Business", "New Business"]),
    field("Amount", "Amount", Kind::Currency),
    field("Expected_Revenue", "Expected Revenue", Kind::Currency).read_only(),
    field("Probability", "Probability (%)", Kind::Integer),
    field("Closing_Date", "Closing Date", Kind::Date),
    text("Next_Step", "Next Step", 100),
    pick("Lead_Source", "Lead Source", SOURCES),
    field("Description", "Description", Kind::TextArea),
    text("Reference_Code", "Reference Code", 120).unique().custom(),
];

pub(super) const PRODUCTS: &[Def] = &[
    text("Product_Name", "Product Name", 200).mandatory(),
    text("Product_Code", "Product Code", 40).unique(),
    lookup("Vendor_Name", "Vendor Name", "Vendors"),
    field("Product_Active", "Product Active", Kind::Boolean),
    text("Manufacturer", "Manufacturer", 120),
    pick(
        "Product_Category",
        "Product Category",
        &["-None-", "Hardware", "Software", "CRM Applications"],
    ),
    field("Sales_Start_Date", "Sales Start Date", Kind::Date),
    field("Sales_End_Date", "Sales End Date", Kind::Date),
    field("Unit_Price", "Unit Price", Kind::Currency),
    field("Commission_Rate", "Commission Rate", Kind::Currency),
    Def {
        kind: Kind::MultiPicklist,
        ..pick("Tax", "Tax", &["Vat", "Sales Tax"])
    },
    field("Taxable", "Taxable", Kind::Boolean),
    pick(
        "Usage_Unit",
        "Usage Unit",
        &[
            "-None-", "Box", "Carton", "Dozen", "Each", "Hours", "Piece", "Pound",
        ],
    ),
    field("Qty_Ordered", "Qty Ordered", Kind::Double),
    field("Qty_in_Stock", "Quantity in Stock", Kind::Double),
    field("Qty_in_Demand", "Quantity in Demand", Kind::Double),
    field("Reorder_Level", "Reorder Level", Kind::Double),
    field("Description", "Description", Kind::TextArea),
];

macro_rules! inventory {
    ($name:ident, $items:literal, [$($own:expr),* $(,)?]) => {
        pub(super) const $name: &[Def] = &[
            text("Subject", "Subject", 120).mandatory(),
            $($own,)*
            field($items, "Line Items", Kind::Subform),
            field("Sub_Total", "Sub Total", Kind::Currency).read_only(),
            field("Discount", "Discount", Kind::Currency),
            field("Tax", "Tax", Kind::Currency).read_only(),
            field("Adjustment", "Adjustment", Kind::Currency),
            field("Grand_Total", "Grand Total", Kind::Currency).read_only(),
            text("Billing_Street", "Billing Street", 250),
            text("Billing_City", "Billing City", 100),
            text("Billing_State", "Billing State", 100),
            text("Billing_Code", "Billing Code", 30),
            text("Billing_Country", "Billing Country", 100),
            field("Terms_and_Conditions", "Terms and Conditions", Kind::TextArea),
            field("Description", "Description", Kind::TextArea),
        ];
    };
}

inventory!(
    QUOTES,
    "Quoted_Items",
    [
        system("Quote_Number", "Quote Number", Kind::Id, Source::Id),
        lookup("Account_Name", "Account Name", "Accounts"),
        lookup("Contact_Name", "Contact Name", "Contacts"),
        lookup("Deal_Name", "Deal Name", "Deals"),
        pick(
            "Quote_Stage",
            "Quote Stage",
            &[
                "Draft",
                "Negotiation",
                "Delivered",
                "On Hold",
                "Confirmed",
                "Closed Won",
                "Closed Lost"
            ]
        ),
        field("Valid_Till", "Valid Until", Kind::Date),
        pick("Carrier", "Carrier", &["FedEX", "UPS", "USPS", "DHL", "BlueDart"]),
    ]
);

inventory!(
    SALES_ORDERS,
    "Ordered_Items",
    [
        system("SO_Number", "SO Number", Kind::Id, Source::Id),
        lookup("Account_Name", "Account Name", "Accounts"),
        lookup("Contact_Name", "Contact Name", "Contacts"),
        lookup("Deal_Name", "Deal Name", "Deals"),
        lookup("Quote_Name", "Quote Name", "Quotes"),
        pick(
            "Status",
            "Status",
            &["Created", "Approved", "Delivered", "Cancelled"]
        ),
        field("Due_Date", "Due Date", Kind::Date),
    ]
);

inventory!(
    PURCHASE_ORDERS,
    "Purchase_Items",
    [
        lookup("Vendor_Name", "Vendor Name", "Vendors"),
        lookup("Contact_Name", "Contact Name", "Contacts"),
        pick(
            "Status",
            "Status",
            &["Created", "Approved", "Delivered", "Cancelled"]
        ),
        field("PO_Date", "PO Date", Kind::Date),
        field("Due_Date", "Due Date", Kind::Date),
    ]
);

inventory!(
    INVOICES,
    "Invoiced_Items",
    [
        lookup("Account_Name", "Account Name", "Accounts"),
        lookup("Contact_Name", "Contact Name", "Contacts"),
        lookup("Sales_Order", "Sales Order", "Sales_Orders"),
        pick(
            "Status",
            "Status",
            &["Created", "Approved", "Delivered", "Cancelled"]
        ),
        field("Invoice_Date", "Invoice Date", Kind::Date),
        field("Due_Date", "Due Date", Kind::Date),
    ]
);
