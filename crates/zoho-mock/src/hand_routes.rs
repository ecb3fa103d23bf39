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
    Route {
        id: "list_items",
        method: Method::Get,
        path: "/books/v3/items",
        scopes: &[&["ZohoBooks.settings.READ"]],
        ..BOOKS
    },
    Route {
        id: "create_item",
        method: Method::Post,
        path: "/books/v3/items",
        scopes: &[&["ZohoBooks.settings.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "upsert_item",
        method: Method::Put,
        path: "/books/v3/items",
        scopes: &[&["ZohoBooks.settings.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "get_item",
        method: Method::Get,
        path: "/books/v3/items/{item_id}",
        scopes: &[&["ZohoBooks.settings.READ"]],
        ..BOOKS
    },
    Route {
        id: "update_item",
        method: Method::Put,
        path: "/books/v3/items/{item_id}",
        scopes: &[&["ZohoBooks.settings.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "delete_item",
        method: Method::Delete,
        path: "/books/v3/items/{item_id}",
        scopes: &[&["ZohoBooks.settings.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "list_invoices",
        method: Method::Get,
        path: "/books/v3/invoices",
        scopes: &[&["ZohoBooks.invoices.READ"]],
        ..BOOKS
    },
    Route {
        id: "create_invoice",
        method: Method::Post,
        path: "/books/v3/invoices",
        scopes: &[&["ZohoBooks.invoices.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "upsert_invoice",
        method: Method::Put,
        path: "/books/v3/invoices",
        scopes: &[&["ZohoBooks.invoices.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "get_invoice",
        method: Method::Get,
        path: "/books/v3/invoices/{invoice_id}",
        scopes: &[&["ZohoBooks.invoices.READ"]],
        ..BOOKS
    },
    Route {
        id: "update_invoice",
        method: Method::Put,
        path: "/books/v3/invoices/{invoice_id}",
        scopes: &[&["ZohoBooks.invoices.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "delete_invoice",
        method: Method::Delete,
        path: "/books/v3/invoices/{invoice_id}",
        scopes: &[&["ZohoBooks.invoices.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "list_customerpayments",
        method: Method::Get,
        path: "/books/v3/customerpayments",
        scopes: &[&["ZohoBooks.customerpayments.READ"]],
        ..BOOKS
    },
    Route {
        id: "create_customerpayment",
        method: Method::Post,
        path: "/books/v3/customerpayments",
        scopes: &[&["ZohoBooks.customerpayments.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "upsert_customerpayment",
        method: Method::Put,
        path: "/books/v3/customerpayments",
        scopes: &[&["ZohoBooks.customerpayments.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "get_customerpayment",
        method: Method::Get,
        path: "/books/v3/customerpayments/{customerpayment_id}",
        scopes: &[&["ZohoBooks.customerpayments.READ"]],
        ..BOOKS
    },
    Route {
        id: "update_customerpayment",
        method: Method::Put,
        path: "/books/v3/customerpayments/{customerpayment_id}",
        scopes: &[&["ZohoBooks.customerpayments.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "delete_customerpayment",
        method: Method::Delete,
        path: "/books/v3/customerpayments/{customerpayment_id}",
        scopes: &[&["ZohoBooks.customerpayments.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "mark_invoice_sent",
        method: Method::Post,
        path: "/books/v3/invoices/{invoice_id}/status/sent",
        scopes: &[&["ZohoBooks.invoices.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "mark_invoice_void",
        method: Method::Post,
        path: "/books/v3/invoices/{invoice_id}/status/void",
        scopes: &[&["ZohoBooks.invoices.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "mark_invoice_draft",
        method: Method::Post,
        path: "/books/v3/invoices/{invoice_id}/status/draft",
        scopes: &[&["ZohoBooks.invoices.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "list_invoice_comments",
        method: Method::Get,
        path: "/books/v3/invoices/{invoice_id}/comments",
        scopes: &[&["ZohoBooks.invoices.READ"]],
        ..BOOKS
    },
    Route {
        id: "add_invoice_comment",
        method: Method::Post,
        path: "/books/v3/invoices/{invoice_id}/comments",
        scopes: &[&["ZohoBooks.invoices.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "list_invoice_payments",
        method: Method::Get,
        path: "/books/v3/invoices/{invoice_id}/payments",
        scopes: &[&["ZohoBooks.invoices.READ"]],
        ..BOOKS
    },
    Route {
        id: "delete_invoice_payment",
        method: Method::Delete,
        path: "/books/v3/invoices/{invoice_id}/payments/{invoice_payment_id}",
        scopes: &[&["ZohoBooks.invoices.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "delete_contacts",
        method: Method::Delete,
        path: "/books/v3/contacts",
        scopes: &[&["ZohoBooks.contacts.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "mark_contact_active",
        method: Method::Post,
        path: "/books/v3/contacts/{contact_id}/active",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "mark_item_active",
        method: Method::Post,
        path: "/books/v3/items/{item_id}/active",
        scopes: &[&["ZohoBooks.settings.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "mark_contact_inactive",
        method: Method::Post,
        path: "/books/v3/contacts/{contact_id}/inactive",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "mark_item_inactive",
        method: Method::Post,
        path: "/books/v3/items/{item_id}/inactive",
        scopes: &[&["ZohoBooks.settings.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "list_contact_persons",
        method: Method::Get,
        path: "/books/v3/contacts/{contact_id}/contactpersons",
        scopes: &[&["ZohoBooks.contacts.READ"]],
        ..BOOKS
    },
    Route {
        id: "create_contact_person",
        method: Method::Post,
        path: "/books/v3/contacts/contactpersons",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "get_contact_person",
        method: Method::Get,
        path: "/books/v3/contacts/contactpersons/{contact_person_id}",
        scopes: &[&["ZohoBooks.contacts.READ"]],
        ..BOOKS
    },
    Route {
        id: "update_contact_person",
        method: Method::Put,
        path: "/books/v3/contacts/contactpersons/{contact_person_id}",
        scopes: &[&["ZohoBooks.contacts.UPDATE"]],
        ..BOOKS
    },
    Route {
        id: "delete_contact_person",
        method: Method::Delete,
        path: "/books/v3/contacts/contactpersons/{contact_person_id}",
        scopes: &[&["ZohoBooks.contacts.DELETE"]],
        ..BOOKS
    },
    Route {
        id: "mark_contact_person_primary",
        method: Method::Post,
        path: "/books/v3/contacts/contactpersons/{contact_person_id}/primary",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "get_contact_addresses",
        method: Method::Get,
        path: "/books/v3/contacts/{contact_id}/address",
        scopes: &[&["ZohoBooks.contacts.READ"]],
        ..BOOKS
    },
    Route {
        id: "add_contact_address",
        method: Method::Post,
        path: "/books/v3/contacts/{contact_id}/address",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
    Route {
        id: "list_contact_comments",
        method: Method::Get,
        path: "/books/v3/contacts/{contact_id}/comments",
        scopes: &[&["ZohoBooks.contacts.READ"]],
        ..BOOKS
    },
    Route {
        id: "add_contact_comment",
        method: Method::Post,
        path: "/books/v3/contacts/{contact_id}/comments",
        scopes: &[&["ZohoBooks.contacts.CREATE"]],
        ..BOOKS
    },
];
