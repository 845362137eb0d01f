//! Batch registration of nodes (section 4.12).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ief_api::codes;
use ief_api::node::{EdgeNode, KeyValue};
use ief_api::product::{
    CreateProduct, DeleteProduct, ListProducts, Product, ProductAttribute, ProductEnvelope,
    ProductList, ProductMetadata, ShowProductDetail,
};
use ief_api::quota::QuotaType;
use ief_api::resource::Resource;
use ief_api::time::Timestamp;
use ief_api::wire::Nothing;
use secrecy::ExposeSecret;

use crate::answer::{Refusal, Reply};
use crate::lifecycle::Event;
use crate::package::{Issued, Order};
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{CERTIFICATE_LIFE, DAY, FIRST};
use crate::stock::Stocked;
use crate::world::{Sort, World, missing, taken};

/// How many machines register with a product whose name asks for it.
const ENROLLED: u64 = 3;
/// How long it takes from one of them to the next.
const ENROL_EVERY: Duration = Duration::from_secs(20);

/// The registrations there are at the start: name, description, a property and the tag of their nodes.
const SEEDED: [(&str, &str, [&str; 2], &str); 3] = [
    (
        "inspection-cameras",
        "Cameras of the inspection, which come with the software installed",
        ["model", "IPC-8MP"],
        "cam",
    ),
    (
        "agv-controllers",
        "Controllers of the vehicles in the halls",
        ["model", "AGV-C2"],
        "agv",
    ),
    (
        "trial-kits",
        "Kits that are lent to plants for a trial",
        ["loan", "90-days"],
        "trial",
    ),
];

/// The place of the registration that nodes of a kind come from.
pub(crate) fn product_of_kind(kind: &str) -> Option<u64> {
    let place = SEEDED.iter().position(|seeded| seeded.3 == kind)?;
    Some(place as u64)
}

impl Handle<CreateProduct> for World {
    fn handle(
        &mut self,
        operation: CreateProduct,
        _: &Context,
    ) -> Result<Reply<ProductEnvelope>, Refusal> {
        let new = operation.body.product.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.products.named(&name).is_some() {
            return Err(taken("batch registration", &name));
        }
        let used = self.stock.products.iter().count();
        self.check_room::<Product>(used, &codes::QUOTA)?;
        let id = self.new_id();
        let issued = self.issue_for_product(&id, &name)?;
        let product = Product {
            id: Some(id.clone()),
            name: Some(name.clone()),
            description: Some(new.description.unwrap_or_default()),
            attributes: new.attributes,
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(self.seconds()),
            tags: new.tags,
            ..Product::default()
        };
        self.stock.products.add(product.clone());
        if name.contains("enrols")
            && let Some(number) = self.seed.index(Stream::Extra, &id)
        {
            self.schedule(ENROL_EVERY, Event::Enrol(number, 1));
        }
        let mut answer = Product {
            ca: Some(issued.ca),
            certificate: Some(issued.certificate),
            ..product
        };
        let credential = serde_json::json!({"product_id": id, "token": self.new_id()});
        let credential = STANDARD.encode(credential.to_string());
        // Given out here, once: the wire type has no fields for them.
        let secrets = [
            ("private_key", issued.private_key.expose_secret().to_owned()),
            ("package", issued.package.expose_secret().to_owned()),
            ("identifier", credential),
        ];
        for (field, secret) in secrets {
            answer.extra.insert(field.to_owned(), secret.into());
        }
        Ok(envelope(answer))
    }
}

impl Handle<ListProducts> for World {
    fn handle(
        &mut self,
        operation: ListProducts,
        context: &Context,
    ) -> Result<Reply<ProductList>, Refusal> {
        let sort = Sort::read(operation.sort.as_deref(), &["created_at", "name"])?;
        let (count, rows) = self.stock.products.page_by(None, context.page, |a, b| {
            Sort::order(sort, |field| match field {
                "name" => a.name.cmp(&b.name),
                _ => a.created_at.cmp(&b.created_at),
            })
        });
        Ok(Reply::new(ProductList {
            count: Some(count),
            products: rows,
            ..ProductList::default()
        }))
    }
}

impl Handle<DeleteProduct> for World {
    fn handle(&mut self, operation: DeleteProduct, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.product_id.as_str();
        Self::told_to_fail(Resource::name(self.find_product(id)?), "delete")?;
        self.stock.products.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<ShowProductDetail> for World {
    fn handle(
        &mut self,
        operation: ShowProductDetail,
        _: &Context,
    ) -> Result<Reply<ProductEnvelope>, Refusal> {
        let product = self.find_product(&operation.product_id)?;
        Ok(envelope(product.clone()))
    }
}

impl World {
    fn find_product(&self, id: &str) -> Result<&Product, Refusal> {
        let found = self.stock.products.get(id);
        found.ok_or_else(|| missing(&codes::NOT_FOUND, "batch registration", id))
    }

    /// The simulated time in seconds, as batch registrations and batch jobs write it.
    pub(crate) fn seconds(&self) -> Timestamp {
        Timestamp(self.millis() / 1000)
    }

    fn issue_for_product(&mut self, id: &str, name: &str) -> Result<Issued, Refusal> {
        let account = Arc::clone(&self.account);
        let config = serde_json::json!({
            "PRODUCT_ID": id,
            "PRODUCT_NAME": name,
            "PROJECT_ID": account.project_id,
            "REGION": account.project_name,
            "MASTER_URL": self.seed.blank_node(0).master_addr,
            "IEF_INSTANCE_ID": account.instance_id,
        });
        let order = Order {
            common_name: id,
            project: &account.project_id,
            from: self.now(),
            days: CERTIFICATE_LIFE / DAY,
            serial: self.new_serial(),
            config: Some(format!("{config:#}\n")),
        };
        self.authority
            .issue(&order)
            .map_err(|error| Refusal::new(&codes::INTERNAL, error.to_string()))
    }

    /// A machine registers itself with a product that is still there.
    pub(crate) fn enrol(&mut self, product: u64, turn: u64) {
        let id = self.seed.id(Stream::Extra, product).to_string();
        let Some(product_now) = self.stock.products.get(&id).cloned() else {
            return;
        };
        let name = format!("{}-{turn:02}", Resource::name(&product_now));
        let is_free = self.node_named(&name).is_none();
        if is_free && self.check_quota(&QuotaType::EdgeNode).is_ok() {
            let index = self.nodes.next();
            let attributes = product_now.attributes.into_iter();
            let attributes =
                attributes.map(|(key, value)| KeyValue::new(key, value.value.unwrap_or_default()));
            let node = EdgeNode {
                id: Some(self.seed.id(Stream::Node, index).to_string()),
                name: Some(name),
                description: Some(String::new()),
                created_at: Some(self.stamp()),
                updated_at: Some(String::new()),
                product_id: Some(id),
                attributes: attributes.collect(),
                tags: product_now.tags,
                ..self.seed.blank_node(index)
            };
            self.add_node(node, None);
        }
        if turn < ENROLLED {
            self.schedule(ENROL_EVERY, Event::Enrol(product, turn + 1));
        }
    }
}

impl Stocked for Product {
    type Thing = Self;

    const ROOM: i64 = 50;

    fn seeded(world: &mut World) -> Vec<Self> {
        let seeded = SEEDED.iter().zip(0..);
        seeded
            .map(|((name, description, [key, value], tag), place)| {
                let attribute = ProductAttribute {
                    value: Some((*value).to_owned()),
                    metadata: Some(ProductMetadata {
                        kind: Some("string".to_owned()),
                        ..ProductMetadata::default()
                    }),
                    ..ProductAttribute::default()
                };
                Self {
                    id: Some(world.seed.id(Stream::Product, place).to_string()),
                    name: Some((*name).to_owned()),
                    description: Some((*description).to_owned()),
                    attributes: [((*key).to_owned(), attribute)].into(),
                    project_id: Some(world.account.project_id.clone()),
                    created_at: Some(Timestamp((FIRST - (30 - place as i64) * DAY) / 1000)),
                    tags: vec![KeyValue::new("fleet", *tag)],
                    ..Self::default()
                }
            })
            .collect()
    }
}

fn envelope(product: Product) -> Reply<ProductEnvelope> {
    Reply::new(ProductEnvelope {
        product: Some(product),
        ..ProductEnvelope::default()
    })
}
