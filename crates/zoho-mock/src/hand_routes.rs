//! A few operations by hand.

use crate::route::{BodyKind, Credits, Method, Paging, PagingStyle, Product, ReplyKind, Route};

const CRM: Route = Route {
    id: "",
    product: Product::Crm,
    method: Method::Get,
    path: "",
    tag: "records",
    scopes: &[&["ZohoCRM.modules.{module}.READ"]],
    credits: Credits::Fixed(1),
    success: &[200],
    paging: None,
    batch: None,
    organization: false,
    parameters: &[],
    body: BodyKind::None,
    reply: ReplyKind::Json,
    wrapper: None,
    request_schema: None,
    reply_schema: None,
};
const BOOKS: Route = Route {
    product: Product::Books,
    organization: true,
    tag: "contacts",
    scopes: &[&["ZohoBooks.contacts.READ"]],
    ..CRM
};
const CONTEXT: Option<Paging> = Some(Paging {
    style: PagingStyle::Context,
    items: "contacts",
});

pub(crate) static ROUTES: &[Route] = &[
    Route {
        id: "list_records",
        path: "/crm/v8/{module}",
        ..CRM
    },
    Route {
        id: "get_organization",
        path: "/crm/v8/org",
        scopes: &[&["ZohoCRM.org.READ"]],
        ..CRM
    },
    Route {
        id: "create_records",
        method: Method::Post,
        path: "/crm/v8/{module}",
        batch: Some("data"),
        credits: Credits::PerItems(10),
        body: BodyKind::Json,
        scopes: &[&["ZohoCRM.modules.{module}.CREATE"]],
        ..CRM
    },
    Route {
        id: "get_record",
        path: "/crm/v8/{module}/{id}",
        ..CRM
    },
    Route {
        id: "list_organizations",
        path: "/books/v3/organizations",
        organization: false,
        scopes: &[&["ZohoBooks.settings.READ"]],
        ..BOOKS
    },
    Route {
        id: "get_organization",
        path: "/books/v3/organizations/{organization_id}",
        organization: false,
        scopes: &[&["ZohoBooks.settings.READ"]],
        ..BOOKS
    },
    Route {
        id: "list_contacts",
        path: "/books/v3/contacts",
        paging: CONTEXT,
        ..BOOKS
    },
    Route {
        id: "create_contact",
        method: Method::Post,
        path: "/books/v3/contacts",
        body: BodyKind::Json,
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        success: &[201],
        ..BOOKS
    },
    Route {
        id: "upsert_contact",
        method: Method::Put,
        path: "/books/v3/contacts",
        body: BodyKind::Json,
        scopes: &[&["ZohoBooks.contacts.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "get_contact",
        path: "/books/v3/contacts/{contact_id}",
        ..BOOKS
    },
    Route {
        id: "update_contact",
        method: Method::Put,
        path: "/books/v3/contacts/{contact_id}",
        body: BodyKind::Json,
        scopes: &[&["ZohoBooks.contacts.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "delete_contact",
        method: Method::Delete,
        path: "/books/v3/contacts/{contact_id}",
        scopes: &[&["ZohoBooks.contacts.DELETE"]],
        ..BOOKS
    },
];
