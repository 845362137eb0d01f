//! Endpoints of messages (section 4.9).

use ief_api::codes;
use ief_api::endpoint::{
    CreateEndpoint, DeleteEndPoint, Endpoint, EndpointEnvelope, EndpointKind, EndpointList,
    EndpointProperties, ListEndpoints, ShowEndPointDetail,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{World, missing, occurs};

/// Endpoints that the system shares with all accounts: name, type and description.
const SHARED: &[(&str, EndpointKind, &str)] = &[
    (
        "SystemREST",
        EndpointKind::Rest,
        "Gateway of the cloud that takes messages by REST",
    ),
    (
        "SystemEventBus",
        EndpointKind::Eventbus,
        "Broker of each node",
    ),
];

/// The account's endpoints at the start: name, type, port on the node and description.
const SEEDED: &[(&str, EndpointKind, i64, &str)] = &[
    (
        "plant-stream",
        EndpointKind::Dis,
        0,
        "Stream of all telemetry of the plant",
    ),
    (
        "inspection-stream",
        EndpointKind::Dis,
        0,
        "Results of the inspection",
    ),
    (
        "line-controller",
        EndpointKind::Servicebus,
        8080,
        "Takes orders on the gateway of a line",
    ),
    (
        "setpoint-writer",
        EndpointKind::Servicebus,
        9090,
        "Writes setpoints to the controllers",
    ),
    (
        "maintenance-api",
        EndpointKind::Apigw,
        0,
        "Opens tickets for the maintenance",
    ),
    (
        "shift-reports",
        EndpointKind::Apigw,
        0,
        "Kept for the reports of the shifts, not used yet",
    ),
];

impl Handle<CreateEndpoint> for World {
    fn handle(
        &mut self,
        operation: CreateEndpoint,
        _: &Context,
    ) -> Result<Reply<EndpointEnvelope>, Refusal> {
        let new = operation.body.endpoint.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.endpoints.named(&name).is_some() {
            let message = format!("An endpoint named {name} already exists.");
            return Err(Refusal::new(&codes::ENDPOINT_EXISTS, message));
        }
        let endpoints = self.stock.endpoints.iter();
        let own = endpoints.filter(|it| it.is_shared != Some(true)).count();
        self.check_room::<Endpoint>(own, &codes::ENDPOINT_QUOTA)?;
        let now = self.stamp();
        let endpoint = Endpoint {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            kind: new.kind,
            properties: new.properties,
            is_shared: Some(false),
            ief_instance_id: Some(self.account.instance_id.clone().unwrap_or_default()),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            ..Endpoint::default()
        };
        self.stock.endpoints.add(endpoint.clone());
        Ok(envelope(endpoint))
    }
}

impl Handle<ShowEndPointDetail> for World {
    fn handle(
        &mut self,
        operation: ShowEndPointDetail,
        _: &Context,
    ) -> Result<Reply<EndpointEnvelope>, Refusal> {
        let endpoint = self.find_endpoint(&operation.endpoint_id)?;
        Ok(envelope(endpoint.clone()))
    }
}

impl Handle<ListEndpoints> for World {
    fn handle(
        &mut self,
        operation: ListEndpoints,
        context: &Context,
    ) -> Result<Reply<EndpointList>, Refusal> {
        let part = operation.name.unwrap_or_default().to_lowercase();
        let kind = operation.kind.filter(|kind| !kind.is_empty());
        let kind = kind.as_deref().map(EndpointKind::from);
        let shared = operation.is_shared.as_deref().map(|text| text == "true");
        let (count, rows) = self.stock.endpoints.page_of(context.page, |endpoint| {
            let name = endpoint.name.as_deref().unwrap_or_default();
            occurs(&part, name)
                && (kind.is_none() || kind == endpoint.kind)
                && (shared.is_none() || shared == endpoint.is_shared)
        });
        Ok(Reply::new(EndpointList {
            count: Some(count),
            endpoints: rows,
            ..EndpointList::default()
        }))
    }
}

impl Handle<DeleteEndPoint> for World {
    fn handle(
        &mut self,
        operation: DeleteEndPoint,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let endpoint = self.find_endpoint(&operation.endpoint_id)?;
        let name = endpoint.name.as_deref().unwrap_or_default();
        Self::told_to_fail(name, "delete")?;
        if endpoint.is_shared == Some(true) {
            let message = format!("The endpoint {name} belongs to the system.");
            return Err(Refusal::new(&codes::ENDPOINT, message));
        }
        if let Some(user) = self.user_of_endpoint(&operation.endpoint_id) {
            let message = format!("The endpoint {name} is in use by {user}.");
            return Err(Refusal::new(&codes::ENDPOINT_IN_USE, message));
        }
        self.stock.endpoints.remove(&operation.endpoint_id);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The endpoint with this identifier.
    fn find_endpoint(&self, id: &str) -> Result<&Endpoint, Refusal> {
        let found = self.stock.endpoints.get(id);
        found.ok_or_else(|| missing(&codes::ENDPOINT_NOT_FOUND, "endpoint", id))
    }
}

impl Stocked for Endpoint {
    type Thing = Self;

    const ROOM: i64 = 50;

    fn seeded(world: &mut World) -> Vec<Self> {
        let mut seeded = Vec::new();
        for (name, kind, description) in SHARED {
            seeded.push(Self {
                id: Some(world.new_id()),
                name: Some((*name).to_owned()),
                description: Some((*description).to_owned()),
                kind: Some(kind.clone()),
                properties: Some(EndpointProperties::default()),
                is_shared: Some(true),
                // It belongs to no project and to no instance.
                ief_instance_id: Some(String::new()),
                project_id: Some(String::new()),
                created_at: Some(stamp(FIRST)),
                updated_at: Some(stamp(FIRST)),
                ..Self::default()
            });
        }
        let account = std::sync::Arc::clone(&world.account);
        for (place, (name, kind, port, description)) in SEEDED.iter().enumerate() {
            let created = stamp(FIRST + (place as i64 + 1) * 29 * DAY);
            let is_service = *kind == EndpointKind::Servicebus;
            seeded.push(Self {
                id: Some(world.new_id()),
                name: Some((*name).to_owned()),
                description: Some((*description).to_owned()),
                kind: Some(kind.clone()),
                properties: Some(EndpointProperties {
                    domain_id: (!is_service).then(|| account.domain_id.clone()),
                    service_port: is_service.then_some(*port),
                    ..EndpointProperties::default()
                }),
                is_shared: Some(false),
                ief_instance_id: Some(account.instance_id.clone().unwrap_or_default()),
                project_id: Some(account.project_id.clone()),
                created_at: Some(created.clone()),
                updated_at: Some(created),
                ..Self::default()
            });
        }
        seeded
    }
}

fn envelope(endpoint: Endpoint) -> Reply<EndpointEnvelope> {
    Reply::new(EndpointEnvelope {
        endpoint: Some(endpoint),
        ..EndpointEnvelope::default()
    })
}
