//! Faults in parameters, bodies, replies, types and names.

use super::{Case, books, crm};

pub(super) const CASES: &[Case] = &[
    // Parameters
    crm(
        "parameter-form",
        &[(
            "- { name: view, in: query, description: A view., schema: { type: string } }",
            "- { name: view, in: query, schema: { type: string } } #!",
        )],
    ),
    crm(
        "parameter-form",
        &[(
            "- { name: view, in: query, description: A view., schema: { type: string } }",
            "- { name: view, in: query, description: A view., schema: { type: string } }\n        - { name: view, in: query, description: A view., schema: { type: string } } #!",
        )],
    ),
    crm(
        "path-parameter",
        &[
            ("    get: # notes", "    get: #!"),
            (
                "    post:\n      operationId: upload_note",
                "    post: #!\n      operationId: upload_note",
            ),
            (
                "    parameters:\n      - $ref: \"#/components/parameters/ThingId\" # notes\n",
                "",
            ),
        ],
    ),
    crm(
        "path-parameter",
        &[(
            "- { name: view, in: query, description: A view., schema: { type: string } }",
            "- { name: view, in: query, description: A view., schema: { type: string } }\n        - { name: gone, in: path, required: true, description: Gone., schema: { type: string } } #!",
        )],
    ),
    crm(
        "path-parameter",
        &[(
            "- $ref: \"#/components/parameters/ThingId\" # notes",
            "- { name: thing_id, in: path, description: It., schema: { $ref: \"common.yaml#/components/schemas/ZohoId\" } } #!",
        )],
    ),
    crm(
        "parameter-same-name",
        &[(
            "- { name: word, in: query, description: A word., schema: { type: string } }",
            "- { name: thing_id, in: query, description: It., schema: { $ref: \"common.yaml#/components/schemas/ZohoId\" } } #!",
        )],
    ),
    crm(
        "parameter-scalar",
        &[(
            "- { name: view, in: query, description: A view., schema: { type: string } }",
            "- { name: view, in: query, description: A view., schema: { type: array, items: { type: string } } } #!",
        )],
    ),
    crm(
        "parameter-reserved",
        &[(
            "- { name: word, in: query, description: A word., schema: { type: string } }",
            "- { name: X-CRM-ORG, in: header, description: Org., schema: { type: string } } #!",
        )],
    ),
    books(
        "parameter-reserved",
        &[(
            "parameters: []",
            "parameters: [{ name: organization_id, in: query, description: Org., schema: { type: string, format: zoho-key } }] #!",
        )],
    ),
    // Bodies
    crm(
        "named-body",
        &[
            (
                "            schema: { $ref: \"#/components/schemas/ThingUpdate\" }",
                "            schema: { type: object, properties: { data: { $ref: \"#/components/schemas/ThingUpdate\" } } }",
            ),
            (
                "          application/json: # update",
                "          application/json: #!",
            ),
            ("x-zoho-idempotent: true # update", "x-zoho-idempotent: true"),
        ],
    ),
    crm(
        "named-body",
        &[(
            "\"200\": { description: Done., content: { application/json: { schema: { $ref: \"#/components/schemas/Thing\" } } } }",
            "\"200\": { description: Done., content: { application/json: { schema: { type: object, additionalProperties: {} } } } } #!",
        )],
    ),
    crm(
        "named-body",
        &[
            (
                "              properties: { file: { type: string, format: binary } }",
                "              additionalProperties: {}",
            ),
            (
                "          multipart/form-data:",
                "          multipart/form-data: #!",
            ),
        ],
    ),
    crm(
        "body-content",
        &[
            ("          multipart/form-data:", "          text/csv:"),
            ("      requestBody: # upload", "      requestBody: #!"),
            (
                "        content: # upload",
                "        content:\n          application/json: { schema: { $ref: \"#/components/schemas/ThingUpdate\" } }",
            ),
        ],
    ),
    crm(
        "body-content",
        &[("          multipart/form-data:", "          text/csv: #!")],
    ),
    crm(
        "update-optional",
        &[(
            "description: A change.",
            "description: A change.\n      required: [\n        note, #!\n      ]",
        )],
    ),
    // Replies
    crm(
        "reply-composed",
        &[(
            "name: { type: string }",
            "name: { type: string }\n        either:\n          type: object\n          additionalProperties: {}\n          nullable: true\n          oneOf: [{ type: string }] #!",
        )],
    ),
    crm(
        "reply-enum",
        &[(
            "status: { type: string, x-zoho-values: [\"success\", \"error\"] }",
            "status: { type: string, enum: [\"success\", \"error\"] } #!",
        )],
    ),
    crm(
        "reply-open",
        &[
            ("      additionalProperties: {} # outcome\n", ""),
            (
                "    Outcome:\n      type",
                "    Outcome:\n      # the object begins on the next line\n      type",
            ),
            ("      type: object # outcome", "      type: object #!"),
        ],
    ),
    crm(
        "reply-required",
        &[(
            "      type: object # outcome",
            "      type: object\n      required: [status] #!",
        )],
    ),
    crm(
        "reply-nullable",
        &[(
            "        data: # page\n          type: array\n          nullable: true\n",
            "        data: #!\n          type: array\n",
        )],
    ),
    crm(
        "reply-nullable",
        &[(
            "name: { type: string }",
            "name: { type: string }\n        map: { type: object, additionalProperties: {} } #!",
        )],
    ),
    // Types
    crm(
        "additional-properties",
        &[(
            "      additionalProperties: {} # change",
            "      additionalProperties: true #!",
        )],
    ),
    crm(
        "known-format",
        &[("format: zoho-decimal", "format: decimal #!\n          # ")],
    ),
    crm(
        "known-format",
        &[(
            "name: { type: string }",
            "name: { type: string, format: int32 } #!",
        )],
    ),
    crm(
        "id-format",
        &[(
            "id: { $ref: \"common.yaml#/components/schemas/ZohoId\" } # thing",
            "id: { type: integer, format: int64 } #!",
        )],
    ),
    crm(
        "id-format",
        &[("name: { type: string }", "owner_id: { type: string } #!")],
    ),
    crm(
        "decimal-format",
        &[(
            "          type: number\n          format: zoho-decimal\n",
            "          { type: number } #!\n",
        )],
    ),
    crm(
        "datetime-format",
        &[("name: { type: string }", "created_time: { type: string } #!")],
    ),
    crm(
        "date-format",
        &[("name: { type: string }", "due_date: { type: string } #!")],
    ),
    crm(
        "quoted-values",
        &[(
            "x-zoho-values: [\"success\", \"error\"]",
            "x-zoho-values: [\"success\", error] #!\n         ",
        )],
    ),
    crm(
        "quoted-values",
        &[("enum: [\"asc\", \"desc\"]", "enum: [\"asc\", 2] #!\n           ")],
    ),
    crm(
        "quoted-values",
        &[("enum: [\"asc\", \"desc\"]", "default: true #!\n           ")],
    ),
    crm(
        "property-extra",
        &[("name: { type: string }", "extra: { type: string } #!")],
    ),
    crm(
        "typed-schema",
        &[("name: { type: string }", "name: { nullable: true } #!")],
    ),
    // Names
    crm(
        "component-name",
        &[
            ("    Outcome:\n", "    outcome: #!\n"),
            ("schemas/Outcome\"", "schemas/outcome\""),
        ],
    ),
    crm(
        "component-name",
        &[
            ("    Outcome:\n", "    ListThings: #!\n"),
            ("schemas/Outcome\"", "schemas/ListThings\""),
        ],
    ),
    crm(
        "component-name",
        &[
            ("    Outcome:\n", "    Result: #!\n"),
            ("schemas/Outcome\"", "schemas/Result\""),
        ],
    ),
    crm(
        "property-collision",
        &[(
            "name: { type: string }",
            "name: { type: string }\n        $name: { type: string } #!",
        )],
    ),
    crm(
        "parameter-collision",
        &[(
            "- { name: view, in: query, description: A view., schema: { type: string } }",
            "- { name: view, in: query, description: A view., schema: { type: string } }\n        - { name: View, in: query, description: A view., schema: { type: string } } #!",
        )],
    ),
    crm(
        "parameter-collision",
        &[(
            "{ name: word, in: query",
            "{ name: body, #!\n            in: query",
        )],
    ),
    crm(
        "unused-component",
        &[("    Thing:\n", "    Unused: { type: string } #!\n    Thing:\n")],
    ),
];
