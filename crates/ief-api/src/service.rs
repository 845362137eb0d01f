//! Services: one address for the instances of an application (section 4.15). Platinum only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::operation::{Call, Edition, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, service as rules};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// GET /v2/{project_id}/edgemgr/services
    ///
    /// Lists services. `name` matches anywhere in the name, `app` is the application that a service selects.
    /// Section 4.15.1.
    ListServices = "list_services", Get "/v2/{project_id}/edgemgr/services" {
        path: {},
        query: { limit: i64, offset: i64, sorted: String, name: String, app: String },
        response: ServiceList,
        spec: {
            section: Some("4.15.1"),
            page: Some(PageRule { default: 10, maximum: 100, rows: "services" }),
            edition: Edition::Platinum,
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edgemgr/services
    ///
    /// Creates a service. Section 4.15.2.
    CreateService = "create_service", Post "/v2/{project_id}/edgemgr/services" {
        path: {},
        query: {},
        body: ServiceBody,
        response: ServiceEnvelope,
        spec: {
            section: Some("4.15.2"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            edition: Edition::Platinum,
            touches: &["service"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/services/{service_id}
    ///
    /// Reads one service. Section 4.15.3.
    ShowServiceDetail = "show_service_detail", Get "/v2/{project_id}/edgemgr/services/{service_id}" {
        path: { service_id },
        query: {},
        response: ServiceEnvelope,
        spec: {
            section: Some("4.15.3"),
            edition: Edition::Platinum,
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/services/{service_id}
    ///
    /// Replaces all of a service but its name. Section 4.15.4.
    UpdateService = "update_service", Put "/v2/{project_id}/edgemgr/services/{service_id}" {
        path: { service_id },
        query: {},
        body: ServiceBody,
        response: ServiceEnvelope,
        spec: {
            section: Some("4.15.4"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
            touches: &["service"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/services/{service_id}
    ///
    /// Deletes a service. Section 4.15.5.
    DeleteService = "delete_service", Delete "/v2/{project_id}/edgemgr/services/{service_id}" {
        path: { service_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.15.5"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
            touches: &["service"],
        }
    }
}

open_enum! {
    /// How a service is reached. The reference names the second one only.
    pub enum ServiceKind {
        /// By an address of the mesh. What a service is when nothing is said.
        ClusterIp = "ClusterIP",
        /// By a port of every node too.
        NodePort = "NodePort",
    }
}

wire! {
    /// Body of [`CreateService`] and [`UpdateService`].
    pub struct ServiceBody {
        /// The service.
        pub service: Option<NewService>,
    }

    /// A service to create, or what becomes of one (table 4-541).
    pub struct NewService {
        /// Name and labels.
        pub meta_data: Option<ServiceMetadata>,
        /// How it is reached, and what answers.
        pub spec: Option<ServiceSpec>,
    }

    /// Name and labels of a service (table 4-542).
    pub struct ServiceMetadata {
        /// Name.
        pub name: Option<String>,
        /// Labels.
        pub labels: BTreeMap<String, String>,
    }

    /// How a service is reached, and what answers (table 4-543).
    pub struct ServiceSpec {
        /// Its address; `None` for none, so that each instance is found by itself.
        pub cluster_ip: Option<String>,
        /// Not supported by the service.
        pub external_ips: Vec<String>,
        /// Not supported by the service.
        pub external_name: Option<String>,
        /// Ports.
        pub ports: Vec<ServicePort>,
        /// Labels of the instances that answer.
        pub selector: BTreeMap<String, String>,
        /// How it is reached.
        #[name("type")]
        pub kind: Option<ServiceKind>,
    }

    /// A port of a service (table 4-544). Its numbers are texts.
    pub struct ServicePort {
        /// Protocol, hyphen and anything: `http-0`.
        pub name: Option<String>,
        /// Port of the nodes, for `NodePort`.
        pub node_port: Option<String>,
        /// Port of the service.
        pub port: Option<String>,
        /// `TCP` or `UDP`.
        pub protocol: Option<String>,
        /// Port of the instances.
        pub target_port: Option<String>,
    }

    /// Answer of the operations that return one service.
    pub struct ServiceEnvelope {
        /// The service.
        pub service: Option<Service>,
    }

    /// Answer of [`ListServices`].
    pub struct ServiceList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The services of this page.
        pub services: Vec<Service>,
    }

    /// A service (table 4-533).
    pub struct Service {
        /// Identifier.
        pub id: Option<String>,
        /// Name and labels.
        pub meta_data: Option<ServiceMetadata>,
        /// How it is reached, and what answers.
        pub spec: Option<ServiceSpec>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl ServicePort {
    /// The port as people write it: `8888:80/TCP`.
    #[must_use]
    pub fn joined(&self) -> String {
        let part = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mut joined = part(&self.port).unwrap_or_default();
        for (sign, text) in [(':', &self.target_port), ('/', &self.protocol)] {
            if let Some(text) = part(text) {
                joined.push(sign);
                joined.push_str(&text);
            }
        }
        joined
    }
}

/// The label by which a service selects an application (section 4.15.1).
pub const APPLICATION: &str = "app";

impl ServiceSpec {
    /// The application that it selects (section 4.15.1).
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        self.selector.get(APPLICATION).map(String::as_str)
    }
}

/// Labels as `key=value`.
fn pairs(labels: Option<&BTreeMap<String, String>>) -> Cell<'_> {
    let labels = labels.into_iter().flatten();
    Cell::set(labels.map(|(key, value)| Cow::Owned(format!("{key}={value}"))))
}

impl Resource for Service {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "service",
        list: ListServices::SPEC,
        show: Some(ShowServiceDetail::SPEC),
        id_parameter: "service_id",
        envelope: "service",
        quota: Some("service"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("type", ColumnKind::Enum),
            Column::new("address", ColumnKind::Text),
            Column::new("ports", ColumnKind::Set),
            Column::new("selector", ColumnKind::Set),
            Column::new("labels", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("application", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        let metadata = self.meta_data.as_ref();
        metadata
            .and_then(|it| it.name.as_deref())
            .unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let spec = self.spec.as_ref();
        let kind = spec.and_then(|it| it.kind.as_ref());
        let ports = spec.into_iter().flat_map(|it| &it.ports);
        cells.extend([
            Cell::text(Some(self.name())),
            Cell::text(kind.map(ServiceKind::as_str)),
            Cell::text(spec.and_then(|it| it.cluster_ip.as_deref())),
            Cell::set(ports.map(|port| Cow::Owned(port.joined()))),
            pairs(spec.map(|it| &it.selector)),
            pairs(self.meta_data.as_ref().map(|it| &it.labels)),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(spec.and_then(ServiceSpec::application)),
        ]);
    }
}

impl Check for ServiceBody {
    fn check(&self, violations: &mut Violations) {
        let none = NewService::default();
        let service = self.service.as_ref().unwrap_or(&none);
        violations.at("service", |violations| {
            let metadata = service.meta_data.as_ref();
            violations.at("meta_data", |violations| {
                let name = metadata.and_then(|it| it.name.as_deref());
                violations.required("name", &rules::SERVICE_NAME, name);
                check_labels("labels", metadata.map(|it| &it.labels), violations);
            });
            let none = ServiceSpec::default();
            let spec = service.spec.as_ref().unwrap_or(&none);
            violations.at("spec", |violations| spec.check(violations));
        });
    }
}

fn check_labels(
    place: &str,
    labels: Option<&BTreeMap<String, String>>,
    violations: &mut Violations,
) {
    violations.at(place, |violations| {
        for (key, value) in labels.into_iter().flatten() {
            let rule = &rules::SERVICE_LABEL_KEY;
            violations.result(key, rule, rule.text(key));
            violations.optional(key, &rules::SERVICE_LABEL_VALUE, Some(value));
        }
    });
}

impl ServiceSpec {
    fn check(&self, violations: &mut Violations) {
        // The one word beside addresses.
        let address = self.cluster_ip.as_deref().filter(|it| *it != "None");
        violations.optional("cluster_ip", &rules::SERVICE_ADDRESS, address);
        let rule = &rules::SERVICE_EXTERNAL;
        violations.count("external_ips", rule, self.external_ips.len());
        let name = self.external_name.as_deref().filter(|it| !it.is_empty());
        violations.count("external_name", rule, usize::from(name.is_some()));
        let kind = self.kind.as_ref().map(ServiceKind::as_str);
        violations.optional("type", &rules::SERVICE_TYPE, kind);
        if self.selector.is_empty() {
            violations.add("selector", &rules::SERVICE_SELECTOR, Problem::Missing);
        }
        check_labels("selector", Some(&self.selector), violations);
        let names = self.ports.iter().filter_map(|port| port.name.as_deref());
        violations.unique("ports", &rules::SERVICE_PORT_NAME, names);
        violations.at("ports", |violations| {
            for (place, port) in self.ports.iter().enumerate() {
                violations.at(place, |violations| {
                    port.check(self.kind == Some(ServiceKind::NodePort), violations);
                });
            }
        });
    }
}

impl ServicePort {
    fn check(&self, at_nodes: bool, violations: &mut Violations) {
        let rule = &rules::SERVICE_PORT_NAME;
        let name = self.name.as_deref();
        violations.required("name", rule, name);
        let parts = name.and_then(|name| name.split_once('-'));
        let is_named = parts
            .is_some_and(|(protocol, rest)| matches!(protocol, "tcp" | "http") && !rest.is_empty());
        if name.is_some_and(|name| rule.text(name).is_ok()) && !is_named {
            let choices = ["tcp-…", "http-…"].map(str::to_owned).into();
            violations.add("name", rule, Problem::NotOneOf { choices });
        }
        violations.required("port", &rules::SERVICE_PORT, self.port.as_deref());
        let target = self.target_port.as_deref();
        violations.optional("target_port", &rules::SERVICE_PORT, target);
        let protocol = self.protocol.as_deref();
        violations.optional("protocol", &rules::SERVICE_PROTOCOL, protocol);
        let rule = &rules::SERVICE_NODE_PORT;
        let node_port = self.node_port.as_deref().filter(|it| !it.is_empty());
        violations.optional("node_port", rule, node_port);
        if node_port.is_some() && !at_nodes {
            let other = "type".to_owned();
            violations.add("node_port", rule, Problem::Contradicts { other });
        }
    }
}

/// The query of the list of services.
fn check_list(call: &Call, violations: &mut Violations) {
    violations.optional("sorted", &rules::SERVICE_SORT, call.query_value("sorted"));
}
