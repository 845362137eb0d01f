//! Services (section 4.15), which platinum instances have only.

use std::cmp::Ordering;

use ief_api::codes;
use ief_api::quota::QuotaType;
use ief_api::resource::Resource;
use ief_api::service::{
    CreateService, DeleteService, ListServices, NewService, Service, ServiceEnvelope, ServiceKind,
    ServiceList, ServiceMetadata, ServicePort, ServiceSpec, ShowServiceDetail, UpdateService,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::options::Edition;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{DAY, LAST, stamp};
use crate::stock::Stocked;
use crate::world::{Sort, World, invalid, missing, occurs};

/// The label by which a service names its application.
const APP: &str = "app";
/// How many deployments of the seed have a service.
const SEEDED: u64 = 4;

impl Handle<CreateService> for World {
    fn handle(
        &mut self,
        operation: CreateService,
        _: &Context,
    ) -> Result<Reply<ServiceEnvelope>, Refusal> {
        let new = operation.body.service.unwrap_or_default();
        let metadata = new.meta_data.clone().unwrap_or_default();
        let name = metadata.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.services.named(&name).is_some() {
            let message = format!("A service named {name} already exists.");
            return Err(Refusal::new(&codes::MESH_EXISTS, message));
        }
        let (meta_data, spec) = self.written(new, None)?;
        self.check_quota(&QuotaType::Service)?;
        let now = self.stamp();
        let service = Service {
            id: Some(self.new_id()),
            meta_data: Some(meta_data),
            spec: Some(spec),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            ..Service::default()
        };
        self.stock.services.add(service.clone());
        Ok(envelope(service))
    }
}

impl Handle<UpdateService> for World {
    fn handle(
        &mut self,
        operation: UpdateService,
        _: &Context,
    ) -> Result<Reply<ServiceEnvelope>, Refusal> {
        let id = operation.service_id.as_str();
        let present = self
            .stock
            .services
            .get(id)
            .ok_or_else(|| not_found(id))?
            .clone();
        Self::told_to_fail(present.name(), "update")?;
        let new = operation.body.service.unwrap_or_default();
        let name = new.meta_data.as_ref().and_then(|it| it.name.as_deref());
        if name != Some(present.name()) {
            return Err(invalid("The name of a service can't be changed."));
        }
        let (meta_data, spec) = self.written(new, present.spec.as_ref())?;
        let service = Service {
            meta_data: Some(meta_data),
            spec: Some(spec),
            updated_at: Some(self.stamp()),
            ..present
        };
        if let Some(place) = self.stock.services.get_mut(id) {
            place.clone_from(&service);
        }
        Ok(envelope(service))
    }
}

impl Handle<ShowServiceDetail> for World {
    fn handle(
        &mut self,
        operation: ShowServiceDetail,
        _: &Context,
    ) -> Result<Reply<ServiceEnvelope>, Refusal> {
        let id = operation.service_id.as_str();
        let service = self.stock.services.get(id).ok_or_else(|| not_found(id))?;
        Ok(envelope(service.clone()))
    }
}

impl Handle<ListServices> for World {
    fn handle(
        &mut self,
        operation: ListServices,
        context: &Context,
    ) -> Result<Reply<ServiceList>, Refusal> {
        let fields = ["name", "created_at", "updated_at"];
        let sort = Sort::read(operation.sorted.as_deref(), &fields)?;
        let part = operation.name.unwrap_or_default().to_lowercase();
        let app = operation.app.filter(|app| !app.is_empty());
        let services = self.stock.services.iter().rev();
        let mut found: Vec<&Service> = services
            .filter(|it| {
                occurs(&part, it.name()) && (app.is_none() || app.as_deref() == app_of(it))
            })
            .collect();
        found.sort_by(|a, b| order(sort, a, b));
        let page = found.iter().skip(context.page.offset as usize);
        let rows = page.take(context.page.limit).map(|it| (*it).clone());
        Ok(Reply::new(ServiceList {
            count: Some(found.len() as i64),
            services: rows.collect(),
            ..ServiceList::default()
        }))
    }
}

impl Handle<DeleteService> for World {
    fn handle(&mut self, operation: DeleteService, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.service_id.as_str();
        let service = self.stock.services.get(id).ok_or_else(|| not_found(id))?;
        Self::told_to_fail(service.name(), "delete")?;
        self.stock.services.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// A service as it is kept: what says nothing is left out, and what is left to the service is filled in.
    fn written(
        &self,
        new: NewService,
        present: Option<&ServiceSpec>,
    ) -> Result<(ServiceMetadata, ServiceSpec), Refusal> {
        let metadata = new.meta_data.unwrap_or_default();
        let spec = new.spec.unwrap_or_default();
        if let Some(app) = spec.selector.get(APP)
            && self.deployment_named(app).is_none()
        {
            let message = format!("The application {app} does not exist.");
            return Err(Refusal::new(&codes::MESH_NO_APPLICATION, message));
        }
        let number = self.number_of(metadata.name.as_deref().unwrap_or_default());
        let kept = present.and_then(|it| it.cluster_ip.clone());
        let address = spec.cluster_ip.filter(|it| !it.is_empty()).or(kept);
        let address = address.unwrap_or_else(|| {
            let (high, low) = (number >> 8 & 255, number & 255);
            format!("10.247.{high}.{}", low.clamp(1, 254))
        });
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let at_nodes = spec.kind == Some(ServiceKind::NodePort);
        let ports = spec.ports.into_iter().zip(0..).map(|(port, place)| {
            let usual = || at_nodes.then(|| (30_000 + (number + place) % 2_768).to_string());
            ServicePort {
                node_port: said(port.node_port).or_else(usual),
                // Left out, they are what they nearly always are.
                target_port: said(port.target_port).or_else(|| port.port.clone()),
                protocol: said(port.protocol).or_else(|| Some("TCP".to_owned())),
                ..port
            }
        });
        let spec = ServiceSpec {
            cluster_ip: Some(address),
            external_name: None,
            ports: ports.collect(),
            ..spec
        };
        Ok((metadata, spec))
    }

    /// A number that follows from a name.
    fn number_of(&self, name: &str) -> u64 {
        let sum = |sum: u64, byte: u8| sum.wrapping_mul(257).wrapping_add(u64::from(byte));
        self.seed
            .number(Stream::Extra, name.bytes().fold(1 << 41, sum))
    }
}

impl Stocked for Service {
    type Thing = Self;

    /// The proxies of the first sites, which stand in front of what their nodes serve.
    fn seeded(world: &mut World) -> Vec<Self> {
        let mut seeded = Vec::new();
        if world.edition == Edition::Professional {
            return seeded;
        }
        let first = world.seed.deployments_to_nodes();
        for place in 0..world.seed.deployments_to_groups().min(SEEDED) {
            let app = world.seed.deployment_name(first + place);
            let created = stamp(LAST + (2 + place as i64) * DAY);
            let port = |name: &str, port: i64, target: i64| ServicePort {
                name: Some(name.to_owned()),
                port: Some(port.to_string()),
                protocol: Some("TCP".to_owned()),
                target_port: Some(target.to_string()),
                ..ServicePort::default()
            };
            let number = world.number_of(&app);
            let (high, low) = (number >> 8 & 255, number & 255);
            seeded.push(Self {
                id: Some(world.new_id()),
                meta_data: Some(ServiceMetadata {
                    name: Some(app.clone()),
                    labels: [("stage".to_owned(), "production".to_owned())].into(),
                    ..ServiceMetadata::default()
                }),
                spec: Some(ServiceSpec {
                    cluster_ip: Some(format!("10.247.{high}.{}", low.clamp(1, 254))),
                    ports: vec![port("http-0", 80, 8080), port("tcp-metrics", 9113, 9113)],
                    selector: [(APP.to_owned(), app)].into(),
                    kind: Some(ServiceKind::ClusterIp),
                    ..ServiceSpec::default()
                }),
                project_id: Some(world.account.project_id.clone()),
                created_at: Some(created.clone()),
                updated_at: Some(created),
                ..Self::default()
            });
        }
        seeded
    }
}

/// The application a service selects.
fn app_of(service: &Service) -> Option<&str> {
    let spec = service.spec.as_ref()?;
    spec.selector.get(APP).map(String::as_str)
}

fn order(sort: Option<Sort<'_>>, a: &Service, b: &Service) -> Ordering {
    let Some(sort) = sort else {
        return Ordering::Equal;
    };
    let (a, b) = if sort.descending { (b, a) } else { (a, b) };
    match sort.field {
        "name" => a.name().cmp(b.name()),
        "updated_at" => a.updated_at.cmp(&b.updated_at),
        _ => a.created_at.cmp(&b.created_at),
    }
}

fn envelope(service: Service) -> Reply<ServiceEnvelope> {
    Reply::new(ServiceEnvelope {
        service: Some(service),
        ..ServiceEnvelope::default()
    })
}

fn not_found(id: &str) -> Refusal {
    missing(&codes::NOT_FOUND, "service", id)
}
