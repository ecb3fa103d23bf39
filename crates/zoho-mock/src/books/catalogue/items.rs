//! Items.

use super::{Blank, Kind, PLAIN, Step, Type, amount, field, flag, id, text};

pub(crate) static ITEMS: Type = Type {
    name: "items",
    path: "/items",
    wrapper: "item",
    list: "items",
    id: "item_id",
    noun: "Item",
    created: "The item has been added.",
    updated: "Item details have been saved.",
    deleted: "The item has been deleted.",
    status: "active",
    report: "Items",
    sort: ("name", 'A'),
    custom: true,
    fields: &[
        text("name")
            .row()
            .searched()
            .label("Name")
            .longest(100)
            .required(2, "Invalid value passed for Name")
            .unique(1001, "Item \"{}\" already exists."),
        amount("rate").row().label("Rate"),
        text("description").row().searched(),
        text("sku").row().searched(),
        text("unit").row(),
        text("product_type").row().blank(Blank::Text("goods")),
        text("item_type").row().blank(Blank::Text("sales")),
        id("account_id").row(),
        text("account_name").row().own().blank(Blank::Text("Sales")),
        id("tax_id").row(),
        text("tax_name").row().own(),
        amount("tax_percentage").row(),
        flag("is_taxable").blank(Blank::True),
        amount("purchase_rate").row(),
        text("purchase_description"),
        id("purchase_account_id").row(),
        id("vendor_id"),
        id("inventory_account_id"),
        text("reorder_level"),
        amount("initial_stock"),
        amount("initial_stock_rate"),
        field("item_tax_preferences", Kind::List),
        field("package_details", Kind::Object),
        field("tags", Kind::List).row(),
        field("documents", Kind::List).own(),
        flag("has_attachment").row().own(),
        flag("track_inventory").row(),
        flag("can_be_sold").row().blank(Blank::True),
        flag("can_be_purchased").row(),
        text("source").row().own().blank(Blank::Text("api")),
    ],
    steps: &[
        Step {
            path: "/active",
            to: "active",
            from: &["inactive", "active"],
            message: "The item has been marked as active.",
            otherwise: (2, ""),
        },
        Step {
            path: "/inactive",
            to: "inactive",
            from: &["active", "inactive"],
            message: "The item has been marked as inactive.",
            otherwise: (2, ""),
        },
    ],
    ..PLAIN
};
