//! Secrets (section 4.8).
//!
//! No type here has a field for the values: `secrets` passes through as an unknown field, so that nothing
//! shows a value by accident.

use serde_json::{Map, Value};

use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, common, secret as rules};
use crate::wire::Nothing;
use crate::{operation, wire};

/// Where the values stand: below `secrets`, and below anything else that is not a plain field. No other
/// field with more below it is documented, so a name that the service or a user got wrong hides them too.
const VALUES: &[&str] = &["secret.secrets.*", "secret.{}.*"];

operation! {
    /// POST /v2/{project_id}/edgemgr/secrets
    ///
    /// Creates a secret. Section 4.8.1.
    CreateSecret = "create_secret", Post "/v2/{project_id}/edgemgr/secrets" {
        path: {},
        query: {},
        body: CreateSecretBody,
        response: SecretEnvelope,
        spec: {
            section: Some("4.8.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["secret"],
            secret_in_request: VALUES,
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/secrets/{secret_id}
    ///
    /// Changes description and values of a secret.
    /// Section 4.8.2.
    UpdateSecret = "update_secret", Put "/v2/{project_id}/edgemgr/secrets/{secret_id}" {
        path: { secret_id },
        query: {},
        body: UpdateSecretBody,
        response: SecretEnvelope,
        spec: {
            section: Some("4.8.2"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["secret"],
            secret_in_request: VALUES,
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/secrets/{secret_id}
    ///
    /// Reads one secret. Section 4.8.3.
    ShowSecret = "show_secret", Get "/v2/{project_id}/edgemgr/secrets/{secret_id}" {
        path: { secret_id },
        query: {},
        response: SecretEnvelope,
        spec: {
            section: Some("4.8.3"),
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/secrets
    ///
    /// Lists secrets. `name` matches anywhere in the name; `sort` is `name`, `created_at` or `updated_at`,
    /// with `:desc` after it for the other direction. Section 4.8.4.
    ListSecrets = "list_secrets", Get "/v2/{project_id}/edgemgr/secrets" {
        path: {},
        query: { name: String, limit: String, offset: String, sort: String },
        response: SecretList,
        spec: {
            section: Some("4.8.4"),
            // The reference names no default for this list; that of its neighbours is used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "secrets" }),
            check_query: Some(check_list),
            secret_in_response: &["secrets.*.secrets.*", "secrets.*.{}.*"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/secrets/{secret_id}
    ///
    /// Deletes a secret that no application uses. Section 4.8.5.
    DeleteSecret = "delete_secret", Delete "/v2/{project_id}/edgemgr/secrets/{secret_id}" {
        path: { secret_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.8.5"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["secret"],
        }
    }
}

wire! {
    /// Body of [`CreateSecret`].
    pub struct CreateSecretBody {
        /// The secret.
        pub secret: Option<NewSecret>,
    }

    /// A secret to create (table 4-346). Its values by key are `secrets` among the unknown fields.
    pub struct NewSecret {
        /// Name.
        pub name: Option<String>,
        /// `Opaque`.
        #[name("type")]
        pub kind: Option<String>,
        /// What it is.
        pub description: Option<String>,
    }

    /// Body of [`UpdateSecret`].
    pub struct UpdateSecretBody {
        /// What changes.
        pub secret: Option<SecretUpdate>,
    }

    /// What changes on a secret (table 4-352). What is left out stays. The values by key are `secrets`
    /// among the unknown fields.
    pub struct SecretUpdate {
        /// What it is.
        pub description: Option<String>,
    }

    /// Answer of the operations that return one secret.
    pub struct SecretEnvelope {
        /// The secret.
        pub secret: Option<Secret>,
    }

    /// Answer of [`ListSecrets`].
    pub struct SecretList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The secrets of this page.
        pub secrets: Vec<Secret>,
    }

    /// A secret (table 4-348). Its values by key are `secrets` among the unknown fields.
    pub struct Secret {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<String>,
    }
}

impl Secret {
    /// The keys of its values.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let values = self.extra.get("secrets").and_then(Value::as_object);
        values
            .into_iter()
            .flat_map(|values| values.keys().map(String::as_str))
    }
}

impl Resource for Secret {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "secret",
        list: ListSecrets::SPEC,
        show: Some(ShowSecret::SPEC),
        id_parameter: "secret_id",
        envelope: "secret",
        quota: Some("secret"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("type", ColumnKind::Enum),
            Column::new("keys", ColumnKind::Integer),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(self.kind.as_deref()),
            Cell::length(self.keys().count()),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for CreateSecretBody {
    fn check(&self, violations: &mut Violations) {
        let Some(secret) = &self.secret else {
            violations.add("secret", &rules::SECRET_NAME, Problem::Missing);
            return;
        };
        violations.at("secret", |violations| {
            violations.required("name", &rules::SECRET_NAME, secret.name.as_deref());
            violations.optional("type", &rules::SECRET_TYPE, secret.kind.as_deref());
            check_description(secret.description.as_deref(), violations);
            check_values(
                secret.extra.get("secrets").unwrap_or(&Value::Null),
                violations,
            );
        });
    }
}

impl Check for UpdateSecretBody {
    fn check(&self, violations: &mut Violations) {
        let Some(secret) = &self.secret else {
            violations.add("secret", &rules::SECRET_NAME, Problem::Missing);
            return;
        };
        violations.at("secret", |violations| {
            check_description(secret.description.as_deref(), violations);
            if let Some(values) = secret.extra.get("secrets") {
                check_values(values, violations);
            }
        });
    }
}

/// The query of the list of secrets.
fn check_list(call: &Call, violations: &mut Violations) {
    violations.optional("sort", &rules::SECRET_SORT, call.query_value("sort"));
}

fn check_description(description: Option<&str>, violations: &mut Violations) {
    violations.optional("description", &common::DESCRIPTION_TEXT, description);
}

fn check_values(values: &Value, violations: &mut Violations) {
    let empty = Map::new();
    let values = match values {
        Value::Object(values) => values,
        Value::Null => &empty,
        _ => {
            violations.add("secrets", &rules::SECRET_DATA, Problem::Missing);
            return;
        }
    };
    if values.is_empty() {
        violations.add("secrets", &rules::SECRET_VALUES, Problem::Missing);
    }
    let entries = values
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let length = crate::rules::dictionary_length(entries.clone());
    violations.result(
        "secrets",
        &rules::SECRET_DATA,
        rules::SECRET_DATA.length(length),
    );
    violations.at("secrets", |violations| {
        for (key, value) in entries {
            violations.result(key, &rules::SECRET_KEY, rules::SECRET_KEY.text(key));
            let value = value.map_or(Err(Problem::NotBase64), |text| {
                rules::SECRET_VALUE.text(text)
            });
            violations.result(key, &rules::SECRET_VALUE, value);
        }
    });
}
