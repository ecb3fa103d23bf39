//! The fields of activities, campaigns, vendors, cases, notes and of one custom module.

use super::Source;
use super::define::{Def, Kind, field, lookup, pick, system, text};

const PRIORITIES: &[&str] = &["High", "Highest", "Low", "Lowest", "Normal"];

pub(super) const TASKS: &[Def] = &[
    text("Subject", "Subject", 300).mandatory(),
    field("Due_Date", "Due Date", Kind::Date),
    pick(
        "Status",
        "Status",
        &[
            "Not Started",
            "Deferred",
            "In Progress",
            "Completed",
            "Waiting for input",
        ],
    ),
    pick("Priority", "Priority", PRIORITIES),
    lookup("Who_Id", "Contact Name", "Contacts"),
    field("What_Id", "Related To", Kind::AnyLookup),
    field(
        "Send_Notification_Email",
        "Send Notification Email",
        Kind::Boolean,
    ),
    field("Closed_Time", "Closed Time", Kind::DateTime).read_only(),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const EVENTS: &[Def] = &[
    text("Event_Title", "Title", 255).mandatory(),
    field("Start_DateTime", "From", Kind::DateTime).mandatory(),
    field("End_DateTime", "To", Kind::DateTime).mandatory(),
    field("All_day", "All day", Kind::Boolean),
    text("Venue", "Location", 255),
    lookup("Who_Id", "Contact Name", "Contacts"),
    field("What_Id", "Related To", Kind::AnyLookup),
    field("Participants", "Participants", Kind::Subform),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const CALLS: &[Def] = &[
    text("Subject", "Subject", 300),
    pick("Call_Type", "Call Type", &["Outbound", "Inbound", "Missed"]).mandatory(),
    pick(
        "Call_Purpose",
        "Call Purpose",
        &[
            "-None-",
            "Prospecting",
            "Administrative",
            "Negotiation",
            "Demo",
            "Project",
            "Desk",
        ],
    ),
    field("Call_Start_Time", "Call Start Time", Kind::DateTime).mandatory(),
    text("Call_Duration", "Call Duration", 30),
    text("Call_Result", "Call Result", 100),
    lookup("Who_Id", "Contact Name", "Contacts"),
    field("What_Id", "Related To", Kind::AnyLookup),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const CAMPAIGNS: &[Def] = &[
    text("Campaign_Name", "Campaign Name", 200).mandatory(),
    pick(
        "Type",
        "Type",
        &[
            "-None-",
            "Conference",
            "Webinar",
            "Trade Show",
            "Public Relations",
            "Partners",
            "Referral Program",
            "Advertisement",
            "Banner Ads",
            "Direct mail",
            "Email",
            "Telemarketing",
            "Others",
        ],
    ),
    pick(
        "Status",
        "Status",
        &["-None-", "Planning", "Active", "Inactive", "Complete"],
    ),
    field("Start_Date", "Start Date", Kind::Date),
    field("End_Date", "End Date", Kind::Date),
    field("Expected_Revenue", "Expected Revenue", Kind::Currency),
    field("Budgeted_Cost", "Budgeted Cost", Kind::Currency),
    field("Actual_Cost", "Actual Cost", Kind::Currency),
    text("Num_sent", "Numbers sent", 20),
    field("Expected_Response", "Expected Response", Kind::BigInt),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const VENDORS: &[Def] = &[
    text("Vendor_Name", "Vendor Name", 120).mandatory(),
    field("Phone", "Phone", Kind::Phone),
    field("Email", "Email", Kind::Email),
    field("Website", "Website", Kind::Website),
    pick(
        "GL_Account",
        "GL Account",
        &["-None-", "Sales-Software", "Sales-Hardware", "Rental-Income"],
    ),
    text("Category", "Category", 100),
    text("Street", "Street", 250),
    text("City", "City", 100),
    text("State", "State", 100),
    text("Zip_Code", "Zip Code", 30),
    text("Country", "Country", 100),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const PRICE_BOOKS: &[Def] = &[
    text("Price_Book_Name", "Price Book Name", 200).mandatory(),
    field("Active", "Active", Kind::Boolean),
    pick(
        "Pricing_Model",
        "Pricing Model",
        &["-None-", "Flat", "Differential"],
    ),
    field("Pricing_Details", "Pricing Details", Kind::Subform),
    field("Description", "Description", Kind::TextArea),
];

pub(super) const CASES: &[Def] = &[
    text("Subject", "Subject", 300).mandatory(),
    system("Case_Number", "Case Number", Kind::Id, Source::Id),
    pick("Status", "Status", &["New", "On Hold", "Escalated", "Closed"]),
    pick("Priority", "Priority", &["-None-", "High", "Medium", "Low"]),
    pick(
        "Type",
        "Type",
        &["-None-", "Problem", "Feature Request", "Question"],
    ),
    pick(
        "Case_Origin",
        "Case Origin",
        &["Email", "Phone", "Web", "Twitter", "Facebook", "Chat"],
    )
    .mandatory(),
    pick(
        "Case_Reason",
        "Case Reason",
        &[
            "-None-",
            "User did not attend any training",
            "Complex functionality",
            "Existing problem",
            "Instructions not clear",
            "New problem",
        ],
    ),
    lookup("Account_Name", "Account Name", "Accounts"),
    lookup("Deal_Name", "Deal Name", "Deals"),
    lookup("Product_Name", "Product Name", "Products"),
    field("Related_To", "Related To", Kind::Lookup("Contacts")),
    text("Reported_By", "Reported By", 50),
    field("Email", "Email", Kind::Email),
    field("Phone", "Phone", Kind::Phone),
    field("Description", "Description", Kind::TextArea),
    field("Solution", "Solution", Kind::TextArea),
];

pub(super) const SOLUTIONS: &[Def] = &[
    text("Solution_Title", "Solution Title", 100).mandatory(),
    system("Solution_Number", "Solution Number", Kind::Id, Source::Id),
    pick("Status", "Status", &["-None-", "Draft", "Reviewed", "Duplicate"]),
    lookup("Product_Name", "Product Name", "Products"),
    field("Published", "Published", Kind::Boolean),
    field("Question", "Question", Kind::TextArea),
    field("Answer", "Answer", Kind::TextArea),
];

pub(super) const NOTES: &[Def] = &[
    text("Note_Title", "Note Title", 120),
    field("Note_Content", "Note Content", Kind::TextArea).mandatory(),
    field("Parent_Id", "Parent ID", Kind::AnyLookup).mandatory(),
];

pub(super) const VISITS_LOG: &[Def] = &[
    text("Name", "Visit Name", 120).mandatory().custom(),
    text("Badge", "Badge", 40).unique().custom(),
    field("Visited_On", "Visited On", Kind::DateTime).custom(),
    field("Guests", "Guests", Kind::Integer).custom(),
    field("Satisfaction", "Satisfaction", Kind::Percent).custom(),
    lookup("Contact", "Contact", "Contacts").custom(),
];
