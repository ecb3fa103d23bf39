//! The organization.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::CrmWorld;
use crate::limits::Edition;
use crate::world::World;

pub(super) fn get_organization(world: &mut World, _call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    Ok(Answer::json(StatusCode::OK, &json!({"org": [shown(crm)]})))
}

fn shown(crm: &CrmWorld) -> Value {
    let owner = crm.users.get(crm.ids.administrator);
    let mut shown = json!({
        "id": crm.ids.organization().to_string(),
        "zgid": crm.zgid,
        "company_name": crm.name,
        "domain_name": format!("org{}", crm.zgid),
        "type": "production",
        "primary_email": owner.map(|user| user.email.clone()),
        "primary_zuid": owner.map(crate::crm::people::User::zuid),
        "currency": "US Dollar",
        "currency_locale": "en_US",
        "currency_symbol": "$",
        "iso_code": "USD",
        "time_zone": crm.zone.name,
        "country_code": "US",
        "created_time": owner.map(|user| crm.zone.text(user.created)),
        "hierarchy_preferences": {"type": "Role_Hierarchy", "strictly_reporting": null},
        "license_details": {
            "paid": crm.edition != Edition::Free, "paid_type": crm.edition.as_str(), "paid_expiry": null, "trial_type": null, "trial_expiry": null,
            "users_license_purchased": 25, "portal_users_license_purchased": 0,
        },
    });
    const NO: &[&str] = &[
        "gapps_enabled",
        "mc_status",
        "translation_enabled",
        "privacy_settings",
        "hipaa_compliance_enabled",
        "lite_users_enabled",
        "deletable_org_account",
    ];
    const NOTHING: &[&str] = &[
        "alias",
        "city",
        "country",
        "description",
        "employee_count",
        "fax",
        "mobile",
        "phone",
        "photo_id",
        "state",
        "street",
        "website",
        "zia_portal_id",
        "zip",
    ];
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(NO.iter().map(|name| ((*name).to_owned(), false.into())));
        shown.extend(NOTHING.iter().map(|name| ((*name).to_owned(), Value::Null)));
    }
    shown
}
