//! Device templates (section 4.3).

use ief_api::codes;
use ief_api::device::AccessProtocol;
use ief_api::device::{TwinProperty, TwinValue};
use ief_api::device_template::{
    CreateDeviceTemplate, DeleteDeviceTemplate, DeviceTemplate, DeviceTemplateEnvelope,
    DeviceTemplateList, ListDeviceTemplates, ShowDeviceTemplate, UpdateDeviceTemplateById,
};
use ief_api::quota::QuotaType;
use ief_api::tags::Tags;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::devices::with_defaults;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_devices::{KINDS, Kind, plain, typed, visitors};
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{World, invalid, missing, taken};

impl Handle<CreateDeviceTemplate> for World {
    fn handle(
        &mut self,
        operation: CreateDeviceTemplate,
        _: &Context,
    ) -> Result<Reply<DeviceTemplateEnvelope>, Refusal> {
        let new = operation.body.device_template.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.templates.named(&name).is_some() {
            return Err(taken("device template", &name));
        }
        self.check_quota(&QuotaType::DeviceTemplate)?;
        let template = DeviceTemplate {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            access_protocol: Some(new.access_protocol.unwrap_or(AccessProtocol::Userdefine)),
            attributes: with_defaults(new.attributes),
            twin: new.twin,
            tags: new.tags,
            property_visitors: new.property_visitors,
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(self.stamp()),
            ..DeviceTemplate::default()
        };
        self.stock.templates.add(template.clone());
        Ok(envelope(template))
    }
}

impl Handle<UpdateDeviceTemplateById> for World {
    fn handle(
        &mut self,
        operation: UpdateDeviceTemplateById,
        _: &Context,
    ) -> Result<Reply<DeviceTemplateEnvelope>, Refusal> {
        let now = self.stamp();
        let id = operation.device_template_id.as_str();
        let update = operation.body.device_template.unwrap_or_default();
        let template = self
            .stock
            .templates
            .get_mut(id)
            .ok_or_else(|| not_found(id))?;
        Self::told_to_fail(template.name.as_deref().unwrap_or_default(), "update")?;
        let mut changed = template.clone();
        changed.description = update.description.or(changed.description);
        changed.access_protocol = update.access_protocol.or(changed.access_protocol);
        if let Some(attributes) = update.attributes {
            changed.attributes = with_defaults(attributes);
        }
        if let Some(twin) = update.twin {
            changed.twin = twin;
        }
        if let Some(tags) = update.tags {
            changed.tags = tags;
        }
        if let Some(visitors) = update.property_visitors {
            changed.property_visitors = visitors;
        }
        let twin = &changed.twin;
        if let Some(key) = changed
            .property_visitors
            .keys()
            .find(|k| !twin.contains_key(*k))
        {
            return Err(invalid(format!(
                "There is no twin property {key} to visit."
            )));
        }
        changed.updated_at = Some(now);
        *template = changed.clone();
        Ok(envelope(changed))
    }
}

impl Handle<ShowDeviceTemplate> for World {
    fn handle(
        &mut self,
        operation: ShowDeviceTemplate,
        _: &Context,
    ) -> Result<Reply<DeviceTemplateEnvelope>, Refusal> {
        let id = operation.device_template_id.as_str();
        let template = self.stock.templates.get(id).ok_or_else(|| not_found(id))?;
        Ok(envelope(template.clone()))
    }
}

impl Handle<ListDeviceTemplates> for World {
    fn handle(
        &mut self,
        operation: ListDeviceTemplates,
        context: &Context,
    ) -> Result<Reply<DeviceTemplateList>, Refusal> {
        let (count, rows) = self
            .stock
            .templates
            .page(operation.name.as_deref(), context.page);
        Ok(Reply::new(DeviceTemplateList {
            count: Some(count),
            device_templates: rows,
            ..DeviceTemplateList::default()
        }))
    }
}

impl Handle<DeleteDeviceTemplate> for World {
    fn handle(
        &mut self,
        operation: DeleteDeviceTemplate,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.device_template_id.as_str();
        let template = self.stock.templates.get(id).ok_or_else(|| not_found(id))?;
        Self::told_to_fail(template.name.as_deref().unwrap_or_default(), "delete")?;
        self.stock.templates.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Stocked for DeviceTemplate {
    type Thing = Self;

    const ROOM: i64 = 100;

    /// One template for each kind of device the seed makes.
    fn seeded(world: &mut World) -> Vec<Self> {
        let kinds = KINDS.iter().enumerate();
        kinds
            .map(|(place, kind)| world.template_of_seed(place as u64, kind))
            .collect()
    }
}

impl World {
    fn template_of_seed(&self, place: u64, kind: &Kind) -> DeviceTemplate {
        let created = FIRST + place as i64 * 11 * DAY;
        let twin = kind.properties.iter().map(|property| {
            let value = property.expected(0).map(|value| TwinValue {
                value: Some(value.to_owned()),
                ..TwinValue::default()
            });
            let twin = TwinProperty {
                expected: value,
                optional: Some(false),
                metadata: Some(typed(property.kind)),
                ..TwinProperty::default()
            };
            (property.name.to_owned(), twin)
        });
        DeviceTemplate {
            id: Some(self.seed.id(Stream::Template, place).to_string()),
            name: Some(kind.template.to_owned()),
            description: Some(kind.description.to_owned()),
            access_protocol: Some(kind.protocol()),
            attributes: [("manufacturer".to_owned(), plain(""))].into(),
            twin: twin.collect(),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(stamp(created)),
            updated_at: Some(stamp(created + DAY)),
            property_visitors: visitors(kind),
            tags: Tags([("kind".to_owned(), kind.name.to_owned())].into()),
            ..DeviceTemplate::default()
        }
    }
}

fn envelope(template: DeviceTemplate) -> Reply<DeviceTemplateEnvelope> {
    Reply::new(DeviceTemplateEnvelope {
        device_template: Some(template),
        ..DeviceTemplateEnvelope::default()
    })
}

fn not_found(id: &str) -> Refusal {
    missing(&codes::TEMPLATE_NOT_FOUND, "device template", id)
}
