//! Encrypted data and the nodes it is bound to. No section of the reference describes it: its facts are those of
//! the service's own model and of its public pages.
//!
//! No type here has a field for the values: `value` passes through as an unknown field, so that nothing shows one
//! by accident.

use std::borrow::Cow;

use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, encrypted_data as rules};
use crate::time::Timestamp;
use crate::wire::Nothing;
use crate::{operation, wire};

/// Where the values stand in one, and in a list.
const VALUES: &[&str] = &["encrypt_data.config.*.value"];
const LISTED: &[&str] = &["encrypt_datas.*.config.*.value"];

operation! {
    /// POST /v2/{project_id}/edm/encryptdatas
    ///
    /// Creates encrypted data.
    CreateEncryptdatas = "create_encryptdatas", Post "/v2/{project_id}/edm/encryptdatas" {
        path: {},
        query: {},
        body: EncryptedDataBody,
        response: EncryptedDataEnvelope,
        spec: {
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["encrypted_data"],
            secret_in_request: VALUES,
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edm/encryptdatas/{encryptdata_id}
    ///
    /// Changes name, description and items of encrypted data. An item without a value keeps the one it has.
    UpdateEncryptdatas = "update_encryptdatas", Put "/v2/{project_id}/edm/encryptdatas/{encryptdata_id}" {
        path: { encryptdata_id },
        query: {},
        body: EncryptedDataBody,
        response: EncryptedDataEnvelope,
        spec: {
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["encrypted_data"],
            secret_in_request: VALUES,
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edm/encryptdatas/{encryptdata_id}
    ///
    /// Reads encrypted data.
    ShowEncryptdatas = "show_encryptdatas", Get "/v2/{project_id}/edm/encryptdatas/{encryptdata_id}" {
        path: { encryptdata_id },
        query: {},
        response: EncryptedDataEnvelope,
        spec: {
            secret_in_response: VALUES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edm/encryptdatas
    ///
    /// Lists encrypted data. `name` matches anywhere in the name.
    ListEncryptdatas = "list_encryptdatas", Get "/v2/{project_id}/edm/encryptdatas" {
        path: {},
        query: { name: String, limit: i64, offset: i64 },
        response: EncryptedDataList,
        spec: {
            // Nobody names limits for these lists; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "encrypt_datas" }),
            secret_in_response: LISTED,
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edm/encryptdatas/{encryptdata_id}
    ///
    /// Deletes encrypted data that is bound to no node.
    DeleteEncryptdatas = "delete_encryptdatas", Delete "/v2/{project_id}/edm/encryptdatas/{encryptdata_id}" {
        path: { encryptdata_id },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["encrypted_data"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edm/encryptdatas/{encryptdata_id}/nodes
    ///
    /// Lists the nodes that encrypted data is bound to.
    ListEncryptdataNodes = "list_encryptdata_nodes", Get "/v2/{project_id}/edm/encryptdatas/{encryptdata_id}/nodes" {
        path: { encryptdata_id },
        query: { limit: i64, offset: i64 },
        response: BoundNodeList,
        spec: {
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "nodes" }),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edm/nodes/{node_id}/encryptdatas
    ///
    /// Binds encrypted data to a node, beside what is bound already.
    CreateNodeEncryptdatas = "create_node_encryptdatas", Post "/v2/{project_id}/edm/nodes/{node_id}/encryptdatas" {
        path: { node_id },
        query: {},
        body: BindEncryptedDataBody,
        response: Nothing,
        spec: {
            // What is bound is bound once, however often it is asked for.
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edm/nodes/{node_id}/encryptdatas
    ///
    /// Lists the encrypted data that is bound to a node.
    ListNodeEncryptdatas = "list_node_encryptdatas", Get "/v2/{project_id}/edm/nodes/{node_id}/encryptdatas" {
        path: { node_id },
        query: { limit: i64, offset: i64 },
        response: EncryptedDataList,
        spec: {
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "encrypt_datas" }),
            secret_in_response: LISTED,
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edm/nodes/{node_id}/encryptdatas/{encryptdata_id}
    ///
    /// Unbinds encrypted data from a node.
    DeleteNodeEncryptdatas = "delete_node_encryptdatas", Delete "/v2/{project_id}/edm/nodes/{node_id}/encryptdatas/{encryptdata_id}" {
        path: { node_id, encryptdata_id },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
        }
    }
}

wire! {
    /// Body of [`CreateEncryptdatas`] and [`UpdateEncryptdatas`].
    pub struct EncryptedDataBody {
        /// The encrypted data.
        pub encrypt_data: Option<NewEncryptedData>,
    }

    /// Encrypted data to create, or what it becomes.
    pub struct NewEncryptedData {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Items.
        pub config: Vec<EncryptedItem>,
    }

    /// An item. Its value is `value` among the unknown fields.
    pub struct EncryptedItem {
        /// Name, by which an application asks for it.
        pub name: Option<String>,
        /// Whether the value is kept encrypted. The service's default is true.
        pub is_encrypted: Option<bool>,
    }

    /// Answer of the operations that return one.
    pub struct EncryptedDataEnvelope {
        /// The encrypted data.
        pub encrypt_data: Option<EncryptedData>,
    }

    /// Answer of [`ListEncryptdatas`] and [`ListNodeEncryptdatas`].
    pub struct EncryptedDataList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The encrypted data of this page.
        pub encrypt_datas: Vec<EncryptedData>,
    }

    /// Encrypted data.
    pub struct EncryptedData {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Items.
        pub config: Vec<EncryptedItem>,
        /// Project.
        pub project_id: Option<String>,
        /// Platinum instance; `default` in the professional edition.
        pub ief_instance_id: Option<String>,
        /// Account.
        pub domain_id: Option<String>,
        /// When it was created.
        pub created_time: Option<Timestamp>,
        /// When it was last changed.
        pub updated_time: Option<Timestamp>,
    }

    /// Body of [`CreateNodeEncryptdatas`].
    pub struct BindEncryptedDataBody {
        /// What is bound, by its identifiers.
        pub encrypt_datas: Vec<String>,
    }

    /// Answer of [`ListEncryptdataNodes`].
    pub struct BoundNodeList {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The nodes of this page.
        pub nodes: Vec<BoundNode>,
    }

    /// A node that encrypted data is bound to.
    pub struct BoundNode {
        /// Identifier.
        pub id: Option<String>,
        /// State.
        pub state: Option<crate::node::NodeState>,
        /// Name.
        pub name: Option<String>,
        /// Host name.
        pub host_name: Option<String>,
        /// Addresses of the host.
        pub host_ips: Vec<String>,
    }
}

impl Resource for EncryptedData {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "encrypted_data",
        list: ListEncryptdatas::SPEC,
        show: Some(ShowEncryptdatas::SPEC),
        id_parameter: "encryptdata_id",
        envelope: "encrypt_data",
        // The service has one, but no type to ask for it (table 4-524).
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("keys", ColumnKind::Integer),
            Column::new("key", ColumnKind::Set),
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
        let keys = self.config.iter().filter_map(|item| item.name.as_deref());
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::length(self.config.len()),
            Cell::set(keys.map(Cow::Borrowed)),
            Cell::timestamp(self.created_time),
            Cell::timestamp(self.updated_time),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for EncryptedDataBody {
    fn check(&self, violations: &mut Violations) {
        let Some(data) = &self.encrypt_data else {
            violations.add(
                "encrypt_data",
                &rules::ENCRYPTED_DATA_NAME,
                Problem::Missing,
            );
            return;
        };
        violations.at("encrypt_data", |violations| {
            violations.required("name", &rules::ENCRYPTED_DATA_NAME, data.name.as_deref());
            let description = data.description.as_deref();
            violations.optional(
                "description",
                &rules::ENCRYPTED_DATA_DESCRIPTION,
                description,
            );
            let names = data.config.iter().filter_map(|item| item.name.as_deref());
            violations.unique("config", &rules::ENCRYPTED_ITEM_NAME, names);
            for (index, item) in data.config.iter().enumerate() {
                violations.at(format_args!("config.{index}"), |violations| {
                    violations.required("name", &rules::ENCRYPTED_ITEM_NAME, item.name.as_deref());
                    let value = item.extra.get("value").filter(|value| !value.is_null());
                    let rule = &rules::ENCRYPTED_ITEM_VALUE;
                    match value.map(|value| value.as_str()) {
                        None => {}
                        Some(Some(text)) => violations.result("value", rule, rule.text(text)),
                        // Whatever else it is, it is no text, and is not looked at any closer.
                        Some(None) => violations.add("value", rule, Problem::Missing),
                    }
                });
            }
        });
    }
}

impl Check for BindEncryptedDataBody {
    fn check(&self, violations: &mut Violations) {
        if self.encrypt_datas.is_empty() {
            let rule = &rules::ENCRYPTED_DATA_ID;
            violations.add("encrypt_datas", rule, Problem::Missing);
        }
        for (index, id) in self.encrypt_datas.iter().enumerate() {
            let place = format!("encrypt_datas.{index}");
            violations.required(&place, &rules::ENCRYPTED_DATA_ID, Some(id));
        }
    }
}
