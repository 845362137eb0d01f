//! Endpoints of messages (section 4.9).

use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, endpoint as rules};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// GET /v2/{project_id}/routemgr/endpoints
    ///
    /// Lists endpoints of the account and those that the system shares with all. `name` matches anywhere in
    /// the name; several filters have to match together. Section 4.9.1.
    ListEndpoints = "list_endpoints", Get "/v2/{project_id}/routemgr/endpoints" {
        path: {},
        query: {
            name: String,
            kind as "type": String,
            is_shared: String,
            limit: i64,
            offset: i64,
        },
        response: EndpointList,
        spec: {
            section: Some("4.9.1"),
            // The reference names neither; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "endpoints" }),
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/endpoints
    ///
    /// Creates an endpoint. It can't be changed afterwards. Section 4.9.2.
    CreateEndpoint = "create_endpoint", Post "/v2/{project_id}/routemgr/endpoints" {
        path: {},
        query: {},
        body: CreateEndpointBody,
        response: EndpointEnvelope,
        spec: {
            section: Some("4.9.2"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["endpoint"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/routemgr/endpoints/{endpoint_id}
    ///
    /// Reads one endpoint. Section 4.9.3.
    ShowEndPointDetail = "show_end_point_detail", Get "/v2/{project_id}/routemgr/endpoints/{endpoint_id}" {
        path: { endpoint_id },
        query: {},
        response: EndpointEnvelope,
        spec: {
            section: Some("4.9.3"),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/routemgr/endpoints/{endpoint_id}
    ///
    /// Deletes an endpoint that no rule and no system event uses. Section 4.9.4.
    DeleteEndPoint = "delete_end_point", Delete "/v2/{project_id}/routemgr/endpoints/{endpoint_id}" {
        path: { endpoint_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.9.4"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["endpoint"],
        }
    }
}

open_enum! {
    /// Where an endpoint leads (table 4-370). Only the first three can be created; the last two are shared by
    /// the system, and the reference knows them by what a rule asks of them only (table 4-405).
    pub enum EndpointKind {
        /// A stream of Data Ingestion Service.
        Dis = "dis",
        /// A service that listens at a port of a node.
        Servicebus = "servicebus",
        /// An API behind API Gateway.
        Apigw = "apigw",
        /// The cloud's REST gateway.
        Rest = "rest",
        /// The broker of a node.
        Eventbus = "eventbus",
    }
}

wire! {
    /// Body of [`CreateEndpoint`].
    pub struct CreateEndpointBody {
        /// The endpoint.
        pub endpoint: Option<NewEndpoint>,
    }

    /// An endpoint to create (table 4-376).
    pub struct NewEndpoint {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Where it leads.
        #[name("type")]
        pub kind: Option<EndpointKind>,
        /// What it needs for that.
        pub properties: Option<EndpointProperties>,
        /// Platinum instance.
        pub ief_instance_id: Option<String>,
    }

    /// What an endpoint needs to lead somewhere: one or the other, by its type (table 4-376).
    pub struct EndpointProperties {
        /// Identifier of the account, for `dis` and `apigw`.
        pub domain_id: Option<String>,
        /// Port on the node, for `servicebus`.
        pub service_port: Option<i64>,
    }

    /// Answer of the operations that return one endpoint.
    pub struct EndpointEnvelope {
        /// The endpoint.
        pub endpoint: Option<Endpoint>,
    }

    /// Answer of [`ListEndpoints`].
    pub struct EndpointList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The endpoints of this page.
        pub endpoints: Vec<Endpoint>,
    }

    /// An endpoint (table 4-370).
    pub struct Endpoint {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Where it leads.
        #[name("type")]
        pub kind: Option<EndpointKind>,
        /// What it needs for that.
        pub properties: Option<EndpointProperties>,
        /// Whether the system shares it with all.
        pub is_shared: Option<bool>,
        /// Platinum instance; empty in the professional edition.
        pub ief_instance_id: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl Resource for Endpoint {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "endpoint",
        list: ListEndpoints::SPEC,
        show: Some(ShowEndPointDetail::SPEC),
        id_parameter: "endpoint_id",
        envelope: "endpoint",
        // There is one, with a code of its own, but no type to ask for it (table 4-524).
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("type", ColumnKind::Enum),
            Column::new("shared", ColumnKind::Flag),
            Column::new("port", ColumnKind::Integer),
            Column::new("domain", ColumnKind::Text),
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
        let properties = self.properties.as_ref();
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(self.kind.as_ref().map(EndpointKind::as_str)),
            Cell::flag(self.is_shared),
            Cell::integer(properties.and_then(|it| it.service_port)),
            Cell::text(properties.and_then(|it| it.domain_id.as_deref())),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for CreateEndpointBody {
    fn check(&self, violations: &mut Violations) {
        let Some(endpoint) = &self.endpoint else {
            violations.add("endpoint", &rules::ENDPOINT_NAME, Problem::Missing);
            return;
        };
        violations.at("endpoint", |violations| {
            violations.required("name", &rules::ENDPOINT_NAME, endpoint.name.as_deref());
            violations.optional(
                "description",
                &rules::ENDPOINT_DESCRIPTION,
                endpoint.description.as_deref(),
            );
            let kind = endpoint.kind.as_ref();
            violations.required(
                "type",
                &rules::ENDPOINT_TYPE,
                kind.map(EndpointKind::as_str),
            );
            let none = EndpointProperties::default();
            let properties = endpoint.properties.as_ref().unwrap_or(&none);
            violations.at("properties", |violations| {
                check_properties(kind, properties, violations);
            });
        });
    }
}

/// What a type needs must be there; what it does not need may be.
fn check_properties(
    kind: Option<&EndpointKind>,
    properties: &EndpointProperties,
    violations: &mut Violations,
) {
    let domain = properties.domain_id.as_deref();
    if matches!(kind, Some(EndpointKind::Dis | EndpointKind::Apigw)) {
        violations.required("domain_id", &rules::ENDPOINT_DOMAIN, domain);
    } else {
        violations.optional("domain_id", &rules::ENDPOINT_DOMAIN, domain);
    }
    let port = properties.service_port;
    if port.is_none() && kind == Some(&EndpointKind::Servicebus) {
        violations.add("service_port", &rules::ENDPOINT_PORT, Problem::Missing);
    }
    violations.integer("service_port", &rules::ENDPOINT_PORT, port);
}

/// The query of the list of endpoints.
fn check_list(call: &Call, violations: &mut Violations) {
    violations.optional("type", &rules::ENDPOINT_TYPE, call.query_value("type"));
    violations.optional(
        "is_shared",
        &rules::ENDPOINT_SHARED,
        call.query_value("is_shared"),
    );
}
