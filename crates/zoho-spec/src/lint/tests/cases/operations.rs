//! Faults in files, paths, operations and their extensions.

use super::{Case, books, crm};

pub(super) const CASES: &[Case] = &[
    // YAML
    crm(
        "yaml-syntax",
        &[("tags: [things] # list", "tags: [things] }} #!")],
    ),
    crm(
        "yaml-duplicate-key",
        &[("tags: [things] # list", "tags: [things]\n      tags: [things] #!")],
    ),
    crm(
        "yaml-plain",
        &[("tags: [things] # list", "tags: &tag [things] #!")],
    ),
    crm("yaml-ambiguous", &[("summary: List things.", "summary: no #!")]),
    // Files
    crm("file-shape", &[("paths:\n", "info: {} #!\npaths:\n")]),
    crm(
        "path-item",
        &[("    get: # list", "    head: {} #!\n    get: # list")],
    ),
    crm(
        "duplicate-component",
        &[("    Thing:\n", "    ZohoId: { type: string } #!\n    Thing:\n")],
    ),
    crm(
        "reference-target",
        &[(
            "items: { $ref: \"#/components/schemas/Outcome\" }",
            "items: { $ref: \"#/components/schemas/Gone\" } #!\n        outcome: { $ref: \"#/components/schemas/Outcome\" }",
        )],
    ),
    crm(
        "reference-target",
        &[(
            "$ref: \"common.yaml#/components/schemas/Info\" }",
            "$ref: \"info.yaml#/components/schemas/Info\" } #!\n        also: { $ref: \"common.yaml#/components/schemas/Info\" }",
        )],
    ),
    crm(
        "reference-alone",
        &[(
            "$ref: \"common.yaml#/components/schemas/Info\" }",
            "$ref: \"common.yaml#/components/schemas/Info\", nullable: true } #!",
        )],
    ),
    // Paths
    crm("path-template", &[("  /things:\n", "  /things/: #!\n")]),
    crm(
        "path-template",
        &[("  /things/count:\n", "  /things/(\\d+)/count: #!\n")],
    ),
    crm(
        "path-servers",
        &[(
            "  /things/count:\n",
            "  /things/count:\n    servers: #!\n      - url: https://www.zohoapis.com/crm/bulk/v7\n",
        )],
    ),
    crm(
        "path-servers",
        &[(
            "    get: # count\n",
            "    get: # count\n      servers: #!\n        - url: https://www.zohoapis.com/crm/bulk/v8\n        - url: https://content.zohoapis.com/crm/v8\n",
        )],
    ),
    books(
        "path-servers",
        &[(
            "paths:\n  /things:\n",
            "paths:\n  /things:\n    servers: #!\n      - url: https://www.zohoapis.com/crm/bulk/v8\n",
        )],
    ),
    crm(
        "path-siblings",
        &[
            (
                "  /things/{thing_id}/notes: # notes",
                "  /things/{id_of_it}/notes: #!",
            ),
            (
                "- $ref: \"#/components/parameters/ThingId\" # notes",
                "- { name: id_of_it, in: path, required: true, description: It., schema: { type: string } }",
            ),
        ],
    ),
    // Operations
    crm(
        "operation-id",
        &[("operationId: list_things", "operationId: listThings #!")],
    ),
    crm(
        "operation-id",
        &[("operationId: list_things", "operationId: list #!")],
    ),
    crm(
        "operation-id",
        &[("operationId: create_things", "operationId: list_things #!")],
    ),
    crm(
        "operation-id",
        &[
            ("    get: # list", "    get: #!"),
            ("      operationId: list_things\n", ""),
        ],
    ),
    crm("operation-tag", &[("tags: [things] # list", "tags: [other] #!")]),
    crm(
        "operation-tag",
        &[("tags: [things] # list", "tags: [things, other] #!")],
    ),
    crm(
        "operation-summary",
        &[("summary: List things.", "summary: List things #!")],
    ),
    crm(
        "operation-summary",
        &[
            ("    get: # list", "    get: #!"),
            ("      summary: List things.\n", ""),
        ],
    ),
    crm(
        "operation-scopes",
        &[(
            "- zoho_oauth: [\"ZohoCRM.things.READ\"] # list",
            "- zoho_oauth: [\"things.READ\"] #!",
        )],
    ),
    crm(
        "operation-scopes",
        &[(
            "- zoho_oauth: [\"ZohoCRM.things.READ\"] # list",
            "- zoho_oauth: [] #!",
        )],
    ),
    crm(
        "operation-scopes",
        &[
            ("    get: # list", "    get: #!"),
            (
                "      security:\n        - zoho_oauth: [\"ZohoCRM.things.READ\"] # list\n",
                "",
            ),
        ],
    ),
    crm(
        "success-status",
        &[
            (
                "    post:\n      operationId: upload_note",
                "    post: #!\n      operationId: upload_note",
            ),
            ("        \"204\": { description: Done. }\n", ""),
        ],
    ),
    crm(
        "empty-status",
        &[(
            "\"204\": { description: Nothing. }",
            "\"204\": { description: Nothing., content: { application/json: { schema: { $ref: \"#/components/schemas/ThingPage\" } } } } #!",
        )],
    ),
    crm(
        "one-success-schema",
        &[(
            "\"207\": { description: Some., content: { application/json: { schema: { $ref: \"#/components/schemas/WriteReply\" } } } }",
            "\"207\": { description: Some., content: { application/json: { schema: { $ref: \"#/components/schemas/ThingPage\" } } } } #!",
        )],
    ),
    crm(
        "one-success-schema",
        &[(
            "\"207\": { description: Some., content: { application/json: { schema: { $ref: \"#/components/schemas/WriteReply\" } } } }",
            "\"207\": { description: Some., content: {} } #!",
        )],
    ),
    crm(
        "shared-error",
        &[(
            "        \"4XX\": { $ref: \"common.yaml#/components/responses/Error\" } # list",
            "        \"400\": { $ref: \"common.yaml#/components/responses/Error\" } #!\n        \"4XX\": { $ref: \"common.yaml#/components/responses/Error\" }",
        )],
    ),
    crm(
        "shared-error",
        &[
            ("    get: # list", "    get: #!"),
            (
                "        \"4XX\": { $ref: \"common.yaml#/components/responses/Error\" } # list\n",
                "",
            ),
        ],
    ),
    // Extensions
    crm(
        "unknown-extension",
        &[(
            "x-zoho-idempotent: true # list",
            "x-zoho-idempotent: true\n      x-zoho-idempotence: true #!",
        )],
    ),
    crm(
        "unknown-extension",
        &[(
            "name: { type: string }",
            "name: { type: string, x-zoho-value: [\"a\"] } #!",
        )],
    ),
    crm(
        "x-zoho-idempotent",
        &[("x-zoho-idempotent: true # list", "x-zoho-idempotent: \"true\" #!")],
    ),
    crm(
        "x-zoho-idempotent",
        &[
            ("    get: # list", "    get: #!"),
            ("      x-zoho-idempotent: true # list\n", ""),
        ],
    ),
    crm(
        "x-zoho-credits",
        &[("x-zoho-credits: { per: 10 }", "x-zoho-credits: { per: 0 } #!")],
    ),
    crm(
        "x-zoho-credits",
        &[(
            "x-zoho-credits: { per: 10 }",
            "x-zoho-credits: { rows: [[200, 1], [100, 2]] } #!",
        )],
    ),
    crm(
        "x-zoho-credits",
        &[(
            "x-zoho-credits: { base: 1, with: { view: 3 } }",
            "x-zoho-credits: { base: 1, with: { views: 3 } } #!",
        )],
    ),
    crm(
        "x-zoho-paging",
        &[(
            "x-zoho-paging: { style: page, items: data }",
            "x-zoho-paging: { style: pages, items: data } #!",
        )],
    ),
    crm(
        "x-zoho-paging",
        &[(
            "x-zoho-paging: { style: page, items: data }",
            "x-zoho-paging: { style: page, items: rows } #!",
        )],
    ),
    crm(
        "x-zoho-paging",
        &[(
            "x-zoho-paging: { style: page, items: data }",
            "x-zoho-paging: { style: token, items: data } #!",
        )],
    ),
    crm("x-zoho-batch", &[("x-zoho-batch: data", "x-zoho-batch: rows #!")]),
    crm(
        "x-zoho-batch",
        &[(
            "x-zoho-idempotent: true # list",
            "x-zoho-idempotent: true\n      x-zoho-batch: data #!",
        )],
    ),
    crm(
        "x-zoho-evidence",
        &[("x-zoho-evidence: recorded", "x-zoho-evidence: guessed #!")],
    ),
    crm(
        "x-zoho-docs",
        &[(
            "x-zoho-docs: https://www.zoho.com/things",
            "x-zoho-docs: https://example.com/things #!",
        )],
    ),
    crm(
        "x-zoho-organization",
        &[(
            "x-zoho-idempotent: true # list",
            "x-zoho-idempotent: true\n      x-zoho-organization: false #!",
        )],
    ),
    books(
        "x-zoho-organization",
        &[("x-zoho-organization: false", "x-zoho-organization: true #!")],
    ),
    crm(
        "x-zoho-published",
        &[(
            "x-zoho-idempotent: true # list",
            "x-zoho-idempotent: true\n      x-zoho-published: true #!",
        )],
    ),
    books("x-zoho-record", &[("modified: sort }", "modified: always } #!")]),
    books(
        "x-zoho-record",
        &[
            ("list: things,", "list: rows, "),
            ("modified: sort }", "modified: sort } #!"),
        ],
    ),
    books(
        "x-zoho-record",
        &[
            ("parents: [],", "parents: [contacts],"),
            ("modified: sort }", "modified: sort } #!"),
        ],
    ),
];
