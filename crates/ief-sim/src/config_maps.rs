//! ConfigMaps (section 4.7).

use ief_api::codes;
use ief_api::config_map::{
    ConfigMap, ConfigMapEnvelope, ConfigMapList, CreateConfigMap, DeleteConfigMap, ListConfigMaps,
    ShowConfigMap, UpdateConfigMap,
};
use ief_api::quota::QuotaType;
use ief_api::rules::{config_map as rules, dictionary_length};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{World, missing, taken};

/// Key and value.
type Entry = (&'static str, &'static str);

/// The ConfigMaps there are at the start: name, description and entries.
const SEEDED: &[(&str, &str, &[Entry])] = &[
    (
        "gateway-settings",
        "Settings that every gateway reads at its start",
        &[
            ("log.level", "info"),
            ("heartbeat.seconds", "30"),
            ("buffer.megabytes", "64"),
        ],
    ),
    (
        "mqtt-broker",
        "Where applications find the broker of their node",
        &[
            ("host", "127.0.0.1"),
            ("port", "1883"),
            ("keep-alive", "60"),
        ],
    ),
    (
        "modbus-poller",
        "How often registers are read",
        &[
            (
                "poller.yaml",
                "interval: 5s\ntimeout: 800ms\nretries: 3\nbatch: 32\n",
            ),
            ("default-unit", "1"),
        ],
    ),
    (
        "opcua-bridge",
        "Security and sampling of the OPC UA bridge",
        &[
            ("security-policy", "Basic256Sha256"),
            ("security-mode", "SignAndEncrypt"),
            ("sampling-ms", "500"),
        ],
    ),
    (
        "vision-line-a",
        "Model and thresholds of the inspection on line A",
        &[
            (
                "pipeline.json",
                "{\"model\": \"scratch-v7\", \"threshold\": 0.82, \"fps\": 12}",
            ),
            ("roi", "320,180,1280,720"),
        ],
    ),
    (
        "vision-line-b",
        "Model and thresholds of the inspection on line B",
        &[
            (
                "pipeline.json",
                "{\"model\": \"scratch-v6\", \"threshold\": 0.78, \"fps\": 10}",
            ),
            ("roi", "0,0,1920,1080"),
        ],
    ),
    (
        "nginx-edge",
        "Reverse proxy in front of the local dashboards",
        &[(
            "default.conf",
            "server {\n  listen 8080;\n  location / {\n    proxy_pass http://127.0.0.1:3000;\n  }\n}\n",
        )],
    ),
    (
        "fluent-bit",
        "Which logs are collected and where they go",
        &[
            (
                "inputs.conf",
                "[INPUT]\n  Name tail\n  Path /var/log/app/*.log\n",
            ),
            ("flush-seconds", "5"),
        ],
    ),
    (
        "alarm-limits",
        "Limits beyond which an alarm is raised",
        &[
            ("temperature.max", "85"),
            ("vibration.max", "4.5"),
            ("pressure.min", "1.2"),
        ],
    ),
    (
        "shift-calendar",
        "When which shift works",
        &[
            ("early", "06:00-14:00"),
            ("late", "14:00-22:00"),
            ("night", "22:00-06:00"),
        ],
    ),
    (
        "feature-flags",
        "What is switched on for a trial",
        &[("new-dashboard", "true"), ("local-inference", "false")],
    ),
    ("site-notes", "Kept for later, still without entries", &[]),
];

impl Handle<CreateConfigMap> for World {
    fn handle(
        &mut self,
        operation: CreateConfigMap,
        _: &Context,
    ) -> Result<Reply<ConfigMapEnvelope>, Refusal> {
        let new = operation.body.configmap.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.config_maps.named(&name).is_some() {
            return Err(taken("ConfigMap", &name));
        }
        self.check_quota(&QuotaType::Configmap)?;
        let now = self.stamp();
        let config_map = ConfigMap {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            configs: new.configs,
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            ..ConfigMap::default()
        };
        self.stock.config_maps.add(config_map.clone());
        Ok(envelope(config_map))
    }
}

impl Handle<UpdateConfigMap> for World {
    fn handle(
        &mut self,
        operation: UpdateConfigMap,
        _: &Context,
    ) -> Result<Reply<ConfigMapEnvelope>, Refusal> {
        let now = self.stamp();
        let id = operation.configmap_id.as_str();
        let update = operation.body.configmap.unwrap_or_default();
        let config_map = self
            .stock
            .config_maps
            .get_mut(id)
            .ok_or_else(|| not_found(id))?;
        Self::told_to_fail(config_map.name.as_deref().unwrap_or_default(), "update")?;
        let mut changed = config_map.clone();
        changed.description = update.description.or(changed.description);
        for (key, change) in update.configs.into_iter().flatten() {
            match change.0 {
                Some(value) => changed.configs.insert(key, value),
                None => changed.configs.remove(&key),
            };
        }
        // Each part may keep to the limit while the whole it is put into does not.
        let entries = changed.configs.iter();
        let length = dictionary_length(entries.map(|(k, v)| (k.as_str(), Some(v.as_str()))));
        if let Err(problem) = rules::CONFIG_MAP_DATA.length(length) {
            let message = format!("With this change, configs {problem}.");
            return Err(Refusal::new(rules::CONFIG_MAP_DATA.code, message));
        }
        changed.updated_at = Some(now);
        *config_map = changed.clone();
        Ok(envelope(changed))
    }
}

impl Handle<ShowConfigMap> for World {
    fn handle(
        &mut self,
        operation: ShowConfigMap,
        _: &Context,
    ) -> Result<Reply<ConfigMapEnvelope>, Refusal> {
        let id = operation.configmap_id.as_str();
        let config_map = self
            .stock
            .config_maps
            .get(id)
            .ok_or_else(|| not_found(id))?;
        Ok(envelope(config_map.clone()))
    }
}

impl Handle<ListConfigMaps> for World {
    fn handle(
        &mut self,
        operation: ListConfigMaps,
        context: &Context,
    ) -> Result<Reply<ConfigMapList>, Refusal> {
        let (count, rows) = self
            .stock
            .config_maps
            .page(operation.name.as_deref(), context.page);
        Ok(Reply::new(ConfigMapList {
            count: Some(count),
            configmaps: rows,
            ..ConfigMapList::default()
        }))
    }
}

impl Handle<DeleteConfigMap> for World {
    fn handle(
        &mut self,
        operation: DeleteConfigMap,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.configmap_id.as_str();
        let config_map = self
            .stock
            .config_maps
            .get(id)
            .ok_or_else(|| not_found(id))?;
        let name = config_map.name.as_deref().unwrap_or_default();
        Self::told_to_fail(name, "delete")?;
        if let Some(user) = self.user_of(Some(name), None) {
            let message = format!("The ConfigMap {name} is in use by {user}.");
            return Err(Refusal::new(&codes::CONFIG_MAP_IN_USE, message));
        }
        self.stock.config_maps.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Stocked for ConfigMap {
    type Thing = Self;

    /// What an edge cloud that has been used for a while holds.
    fn seeded(world: &mut World) -> Vec<Self> {
        let owned = |(key, value): &Entry| ((*key).to_owned(), (*value).to_owned());
        let seeded = SEEDED.iter().enumerate();
        seeded
            .map(|(place, (name, description, entries))| {
                let created = FIRST + place as i64 * 17 * DAY;
                Self {
                    id: Some(world.new_id()),
                    name: Some((*name).to_owned()),
                    description: Some((*description).to_owned()),
                    configs: entries.iter().map(owned).collect(),
                    project_id: Some(world.account.project_id.clone()),
                    created_at: Some(stamp(created)),
                    updated_at: Some(stamp(created + 3 * DAY)),
                    ..Self::default()
                }
            })
            .collect()
    }
}

fn envelope(config_map: ConfigMap) -> Reply<ConfigMapEnvelope> {
    Reply::new(ConfigMapEnvelope {
        configmap: Some(config_map),
        ..ConfigMapEnvelope::default()
    })
}

fn not_found(id: &str) -> Refusal {
    missing(&codes::NOT_FOUND, "ConfigMap", id)
}
