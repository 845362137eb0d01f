//! ConfigMaps (section 4.7).

use std::collections::BTreeMap;

use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Rule, Violations, common, config_map as rules};
use crate::wire::{Change, Nothing};
use crate::{operation, wire};

operation! {
    /// POST /v2/{project_id}/edgemgr/configmaps
    ///
    /// Creates a ConfigMap. Section 4.7.1.
    CreateConfigMap = "create_config_map", Post "/v2/{project_id}/edgemgr/configmaps" {
        path: {},
        query: {},
        body: CreateConfigMapBody,
        response: ConfigMapEnvelope,
        spec: {
            section: Some("4.7.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["config_map"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/configmaps/{configmap_id}
    ///
    /// Changes description and entries of a ConfigMap; an entry that is null is taken out.
    /// Section 4.7.2.
    UpdateConfigMap = "update_config_map", Put "/v2/{project_id}/edgemgr/configmaps/{configmap_id}" {
        path: { configmap_id },
        query: {},
        body: UpdateConfigMapBody,
        response: ConfigMapEnvelope,
        spec: {
            section: Some("4.7.2"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["config_map"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/configmaps/{configmap_id}
    ///
    /// Reads one ConfigMap. Section 4.7.3.
    ShowConfigMap = "show_config_map", Get "/v2/{project_id}/edgemgr/configmaps/{configmap_id}" {
        path: { configmap_id },
        query: {},
        response: ConfigMapEnvelope,
        spec: {
            section: Some("4.7.3"),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/configmaps
    ///
    /// Lists ConfigMaps. `name` matches anywhere in the name. Section 4.7.4.
    ListConfigMaps = "list_config_maps", Get "/v2/{project_id}/edgemgr/configmaps" {
        path: {},
        query: { name: String, limit: String, offset: String },
        response: ConfigMapList,
        spec: {
            section: Some("4.7.4"),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "configmaps" }),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/configmaps/{configmap_id}
    ///
    /// Deletes a ConfigMap that no application uses. Section 4.7.5.
    DeleteConfigMap = "delete_config_map", Delete "/v2/{project_id}/edgemgr/configmaps/{configmap_id}" {
        path: { configmap_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.7.5"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["config_map"],
        }
    }
}

wire! {
    /// Body of [`CreateConfigMap`].
    pub struct CreateConfigMapBody {
        /// The ConfigMap.
        pub configmap: Option<NewConfigMap>,
    }

    /// A ConfigMap to create (table 4-324).
    pub struct NewConfigMap {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Entries by key, 1,048,576 characters together at most.
        pub configs: BTreeMap<String, String>,
    }

    /// Body of [`UpdateConfigMap`].
    pub struct UpdateConfigMapBody {
        /// What changes.
        pub configmap: Option<ConfigMapUpdate>,
    }

    /// What changes on a ConfigMap (table 4-330). What is left out stays.
    pub struct ConfigMapUpdate {
        /// What it is.
        pub description: Option<String>,
        /// Entries by key; null takes one out.
        pub configs: Option<BTreeMap<String, Change<String>>>,
    }

    /// Answer of the operations that return one ConfigMap.
    pub struct ConfigMapEnvelope {
        /// The ConfigMap.
        pub configmap: Option<ConfigMap>,
    }

    /// Answer of [`ListConfigMaps`].
    pub struct ConfigMapList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The ConfigMaps of this page.
        pub configmaps: Vec<ConfigMap>,
    }

    /// A ConfigMap (table 4-326).
    pub struct ConfigMap {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Entries by key.
        pub configs: BTreeMap<String, String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl Resource for ConfigMap {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "config_map",
        list: ListConfigMaps::SPEC,
        show: Some(ShowConfigMap::SPEC),
        id_parameter: "configmap_id",
        envelope: "configmap",
        quota: Some("configmap"),
        columns: &[
            Column::new("name", ColumnKind::Text),
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
            Cell::length(self.configs.len()),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for CreateConfigMapBody {
    fn check(&self, violations: &mut Violations) {
        let Some(config_map) = &self.configmap else {
            violations.add("configmap", &rules::CONFIG_MAP_NAME, Problem::Missing);
            return;
        };
        violations.at("configmap", |violations| {
            violations.required("name", &rules::CONFIG_MAP_NAME, config_map.name.as_deref());
            check_description(config_map.description.as_deref(), violations);
            let entries = config_map.configs.iter();
            check_entries(
                entries.map(|(key, value)| (key.as_str(), Some(value.as_str()))),
                violations,
            );
        });
    }
}

impl Check for UpdateConfigMapBody {
    fn check(&self, violations: &mut Violations) {
        let Some(config_map) = &self.configmap else {
            violations.add("configmap", &rules::CONFIG_MAP_NAME, Problem::Missing);
            return;
        };
        violations.at("configmap", |violations| {
            check_description(config_map.description.as_deref(), violations);
            let entries = config_map.configs.iter().flatten();
            check_entries(
                entries.map(|(key, value)| (key.as_str(), value.0.as_deref())),
                violations,
            );
        });
    }
}

fn check_description(description: Option<&str>, violations: &mut Violations) {
    violations.optional("description", &common::DESCRIPTION_TEXT, description);
}

fn check_entries<'a>(
    entries: impl Iterator<Item = (&'a str, Option<&'a str>)> + Clone,
    violations: &mut Violations,
) {
    let length = crate::rules::dictionary_length(entries.clone());
    let whole: &'static Rule = &rules::CONFIG_MAP_DATA;
    violations.result("configs", whole, whole.length(length));
    violations.at("configs", |violations| {
        for (key, _) in entries {
            let rule = &rules::CONFIG_MAP_KEY;
            violations.result(key, rule, rule.text(key));
        }
    });
}
