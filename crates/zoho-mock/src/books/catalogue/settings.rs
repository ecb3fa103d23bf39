//! Price lists, users, locations and fixed assets.

use super::{Action, Kind, PLAIN, Type, amount, field, flag, id, step, text};
use crate::route::Method;

pub(crate) static PRICE_LISTS: Type = Type {
    name: "pricebooks",
    path: "/pricebooks",
    wrapper: "pricebook",
    list: "pricebooks",
    id: "pricebook_id",
    noun: "Price list",
    created: "Price list has been created.",
    updated: "Price list has been updated.",
    deleted: "Price list has been deleted.",
    status: "active",
    report: "Pricebooks",
    sort: ("created_time", 'D'),
    fields: &[
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        id("currency_id").row().refers("currencies"),
        field("decimal_place", Kind::Integer).row(),
        text("description").row().searched(),
        flag("is_default").row().own(),
        flag("is_increase").row(),
        text("name").row().required(2, "Invalid value passed for name"),
        amount("percentage").row(),
        field("pricebook_items", Kind::List).row(),
        text("pricebook_type").row(),
        text("pricing_scheme").row(),
        text("rounding_type").row(),
        text("sales_or_purchase_type").row(),
        amount("pricebook_rate").row(),
    ],
    steps: &[
        step(
            "/active",
            "active",
            &["active", "inactive"],
            "The price list has been marked active.",
        ),
        step(
            "/inactive",
            "inactive",
            &["active", "inactive"],
            "The price list has been marked inactive.",
        ),
    ],
    more: &[(Method::Get, "/pricebooks/bulkfetch", Action::List)],
    ..PLAIN
};

pub(crate) static USERS: Type = Type {
    name: "users",
    path: "/users",
    wrapper: "user",
    list: "users",
    id: "user_id",
    noun: "User",
    created: "Your invitation has been sent.",
    updated: "The user information has been updated.",
    deleted: "The user has been removed from your organization.",
    status: "active",
    report: "Users",
    sort: ("name", 'A'),
    fields: &[
        text("name").row().required(2, "Invalid value passed for name"),
        field("email_ids", Kind::List).row().own(),
        text("user_role").row().own(),
        text("user_type").row().own(),
        id("role_id").row(),
        amount("cost_rate").row(),
        text("photo_url").row().own(),
        flag("is_employee").row().own(),
        text("email").row().required(2, "Invalid value passed for email"),
        flag("is_current_user").row().own(),
        flag("is_customer_segmented").row().own(),
        flag("is_vendor_segmented").row().own(),
    ],
    steps: &[
        step(
            "/active",
            "active",
            &["active", "inactive"],
            "The user has been marked as active.",
        ),
        step(
            "/inactive",
            "inactive",
            &["active", "inactive"],
            "The user has been marked as inactive.",
        ),
    ],
    ..PLAIN
};

pub(crate) static LOCATIONS: Type = Type {
    name: "locations",
    path: "/locations",
    wrapper: "locations",
    list: "locations",
    id: "location_id",
    noun: "Location",
    created: "Location has been created.",
    updated: "Location has been updated.",
    deleted: "The location has been deleted..",
    status: "active",
    fields: &[
        text("type").row(),
        text("email").row(),
        text("phone").row(),
        field("address", Kind::Object).row(),
        text("location_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for location_name"),
        id("tax_settings_id").row(),
        id("parent_location_id").row(),
        field("associated_series_ids", Kind::List).row(),
        id("auto_number_generation_id").row(),
        flag("is_all_users_selected").row(),
        field("associated_users", Kind::List).row().own(),
        flag("is_primary").row().own(),
        text("country"),
        text("user_ids"),
    ],
    steps: &[
        step(
            "/active",
            "active",
            &["active", "inactive"],
            "The location has been marked as active.",
        ),
        step(
            "/inactive",
            "inactive",
            &["active", "inactive"],
            "The location has been marked as inactive.",
        ),
    ],
    ..PLAIN
};

pub(crate) static FIXED_ASSETS: Type = Type {
    name: "fixedassets",
    path: "/fixedassets",
    wrapper: "fixed_asset",
    list: "fixedassets",
    id: "fixed_asset_id",
    noun: "Fixed asset",
    created: "The fixed asset has been created.",
    updated: "The fixed asset has been updated.",
    deleted: "The selected fixed asset has been deleted.",
    status: "draft",
    report: "Fixed Assets",
    sort: ("created_time", 'D'),
    fields: &[
        text("asset_number").row().own(),
        text("asset_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for asset_name"),
        amount("current_asset_value").row().own(),
        amount("asset_cost").row(),
        text("fixed_asset_type_name").row().searched().own(),
        text("asset_number_prefix").row().own(),
        amount("asset_number_suffix").row().own(),
        text("description").row().searched(),
        amount("total_life").row(),
        id("fixed_asset_type_id").row(),
        text("depreciation_method").row(),
        amount("depreciation_percentage").row(),
        text("depreciation_frequency").row(),
        amount("dep_start_value").row(),
        amount("salvage_value").row(),
        field("asset_purchase_date", Kind::Date).row(),
        amount("accumulated_dep_value").row().own(),
        text("serial_no").row(),
        field("depreciation_start_date", Kind::Date).row(),
        field("last_depreciation_date", Kind::Date).row().own(),
        id("asset_account_id").row(),
        text("asset_account_name").row().searched().own(),
        id("expense_account_id").row(),
        text("expense_account_name").row().searched().own(),
        id("depreciation_account_id").row(),
        text("depreciation_account_name").row().searched().own(),
        text("computation_type").row(),
        field("warranty_expiry_date", Kind::Date).row(),
        text("notes").row().searched(),
        field("tags", Kind::List).row(),
        field("associated_transactions", Kind::List).row().own(),
        field("comments", Kind::List).row().own(),
    ],
    steps: &[
        step(
            "/status/active",
            "active",
            &["draft", "active"],
            "Fixed asset's status changed",
        ),
        step(
            "/status/cancel",
            "cancelled",
            &["draft", "active", "cancelled"],
            "Fixed asset's status changed",
        ),
        step(
            "/status/draft",
            "draft",
            &["cancelled", "draft"],
            "Fixed asset's status changed",
        ),
        step(
            "/writeoff",
            "written_off",
            &["active", "written_off"],
            "The fixed asset has been written off.",
        ),
        step(
            "/sell",
            "sold",
            &["active", "sold"],
            "The fixed asset has been sold.",
        ),
    ],
    ..PLAIN
};

pub(crate) static FIXED_ASSET_TYPES: Type = Type {
    name: "fixedassettypes",
    path: "/fixedassettypes",
    wrapper: "fixed_asset_type",
    list: "fixed_asset_types",
    id: "fixed_asset_type_id",
    noun: "Fixed asset type",
    created: "The fixed asset type has been created.",
    updated: "The fixed asset type has been update.",
    deleted: "The selected fixed asset type has been deleted.",
    fields: &[
        text("fixed_asset_type_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for fixed_asset_type_name"),
        id("expense_account_id").row(),
        text("expense_account_name").row().searched().own(),
        id("depreciation_account_id").row(),
        text("depreciation_account_name").row().searched().own(),
        text("depreciation_method").row(),
        amount("depreciation_percentage").row(),
        amount("total_life").row(),
        text("depreciation_frequency").row(),
        text("computation_type").row(),
    ],
    ..PLAIN
};
