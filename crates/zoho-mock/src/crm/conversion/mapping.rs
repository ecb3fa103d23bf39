//! Which fields of a lead become which fields of what it is turned into.

use crate::crm::CrmWorld;
use crate::crm::schema::validate::Draft;
use crate::crm::schema::{Field, ModuleIndex};
use crate::crm::store::Row;

/// Fields of a lead and of its contact.
const CONTACT: &[(&str, &str)] = &[
    ("Salutation", "Salutation"),
    ("First_Name", "First_Name"),
    ("Last_Name", "Last_Name"),
    ("Designation", "Title"),
    ("Email", "Email"),
    ("Secondary_Email", "Secondary_Email"),
    ("Phone", "Phone"),
    ("Mobile", "Mobile"),
    ("Fax", "Fax"),
    ("Lead_Source", "Lead_Source"),
    ("Skype_ID", "Skype_ID"),
    ("Twitter", "Twitter"),
    ("Email_Opt_Out", "Email_Opt_Out"),
    ("Street", "Mailing_Street"),
    ("City", "Mailing_City"),
    ("State", "Mailing_State"),
    ("Zip_Code", "Mailing_Zip"),
    ("Country", "Mailing_Country"),
    ("Description", "Description"),
];

/// Fields of a lead and of its account.
const ACCOUNT: &[(&str, &str)] = &[
    ("Company", "Account_Name"),
    ("Phone", "Phone"),
    ("Fax", "Fax"),
    ("Website", "Website"),
    ("Industry", "Industry"),
    ("No_of_Employees", "Employees"),
    ("Annual_Revenue", "Annual_Revenue"),
    ("Rating", "Rating"),
    ("Street", "Billing_Street"),
    ("City", "Billing_City"),
    ("State", "Billing_State"),
    ("Zip_Code", "Billing_Code"),
    ("Country", "Billing_Country"),
];

/// Fields of a lead and of its deal.
const DEAL: &[(&str, &str)] = &[("Lead_Source", "Lead_Source")];

impl CrmWorld {
    /// What a lead says of the record of `target` that it becomes; empty fields say nothing.
    pub(super) fn inherited(&self, leads: ModuleIndex, lead: &Row, target: ModuleIndex) -> Draft {
        let mut draft = Draft {
            owner: Some(lead.owner),
            ..Draft::default()
        };
        let (Some(from), Some(to)) = (self.schema.module(leads), self.schema.module(target)) else {
            return draft;
        };
        let pairs = match to.api_name {
            "Contacts" => CONTACT,
            "Accounts" => ACCOUNT,
            _ => DEAL,
        };
        for (source, name) in pairs {
            let column = from.field(source).and_then(Field::column);
            let field = to.field(name);
            if let (Some(column), Some(field)) = (column, field)
                && let Some(place) = field.column()
                && let cell = lead.cells.get(column)
                && !cell.is_null()
            {
                draft.fields.push(field.api_name);
                draft.cells.push((place, cell.into_owned()));
            }
        }
        draft
    }
}
