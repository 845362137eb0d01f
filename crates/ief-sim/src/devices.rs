//! End devices: register, read, list, change, delete (sections 4.2.1 to 4.2.5).

use std::borrow::Cow;

use ief_api::codes;
use ief_api::device::{
    AccessProtocol, Attribute, CreateDevice, DeleteDevice, Device, DeviceEnvelope, DeviceList,
    DeviceState, ListDevices, ShowDevice, TwinProperty, UpdateDevice, ValueType,
};
use ief_api::node::NodeState;
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle, Page};
use crate::seed::Stream;
use crate::seeded_devices::{side, typed};
use crate::seeded_nodes::stamp;
use crate::world::{World, invalid, missing, occurs, read_tags, taken};

/// A device that differs from what the seed made, or that the seed didn't make.
#[derive(Debug)]
pub(crate) struct DeviceRecord {
    /// The device, without its state.
    pub(crate) device: Device,
    /// The node it is bound to.
    pub(crate) binding: Option<Bound>,
    /// Whether a report is due, so that there is only one.
    pub(crate) reporting: bool,
}

/// How a changed device is bound.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) node: u64,
    pub(crate) relation: String,
    pub(crate) comment: String,
}

/// How any device is bound.
#[derive(Debug)]
pub(crate) struct Binding<'a> {
    pub(crate) node: u64,
    pub(crate) relation: Cow<'a, str>,
    pub(crate) comment: Cow<'a, str>,
}

impl Handle<CreateDevice> for World {
    fn handle(
        &mut self,
        operation: CreateDevice,
        _: &Context,
    ) -> Result<Reply<DeviceEnvelope>, Refusal> {
        let new = operation.body.device.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.device_named(&name).is_some() {
            return Err(taken("device", &name));
        }
        let chosen = new.id.filter(|id| !id.is_empty());
        if let Some(id) = chosen
            .as_deref()
            .filter(|id| self.device_index(id).is_some())
        {
            let message = format!("A device with the identifier {id} already exists.");
            return Err(Refusal::new(&codes::EXISTS, message));
        }
        self.check_quota(&QuotaType::Device)?;
        let index = self.devices.next();
        let id = chosen
            .clone()
            .unwrap_or_else(|| self.seed.id(Stream::Device, index).to_string());
        let now = self.millis();
        let device = Device {
            id: Some(id.clone()),
            name: Some(name.clone()),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(self.stamp()),
            updated_at: Some(String::new()),
            access_protocol: Some(new.access_protocol.unwrap_or(AccessProtocol::Userdefine)),
            connection_type: Some(new.connection_type.unwrap_or_else(|| "edge".to_owned())),
            attributes: with_defaults(new.attributes),
            twin: new
                .twin
                .into_iter()
                .map(|(key, property)| (key, expected_only(property, now)))
                .collect(),
            access_config: new.access_config,
            property_visitors: new.property_visitors,
            ..Device::default()
        };
        if chosen.is_some() {
            self.chosen_ids.insert(id, index);
        }
        let record = DeviceRecord {
            device,
            binding: None,
            reporting: false,
        };
        self.devices.add(&name, record);
        Ok(envelope(self.device_view(index)))
    }
}

impl Handle<UpdateDevice> for World {
    fn handle(
        &mut self,
        operation: UpdateDevice,
        _: &Context,
    ) -> Result<Reply<DeviceEnvelope>, Refusal> {
        let index = self.find_device(&operation.device_id)?;
        Self::told_to_fail(&self.device_name(index), "update")?;
        let update = operation.body.device.unwrap_or_default();
        let now = self.stamp();
        let device = &mut self.device_record_mut(index).device;
        if let Some(description) = update.description {
            device.description = Some(description);
        }
        if let Some(attributes) = update.attributes {
            device.attributes = with_defaults(attributes);
        }
        device.updated_at = Some(now);
        Ok(envelope(self.device_view(index)))
    }
}

impl Handle<ShowDevice> for World {
    fn handle(
        &mut self,
        operation: ShowDevice,
        _: &Context,
    ) -> Result<Reply<DeviceEnvelope>, Refusal> {
        let index = self.find_device(&operation.device_id)?;
        Ok(envelope(self.device_view(index)))
    }
}

impl Handle<ListDevices> for World {
    fn handle(
        &mut self,
        operation: ListDevices,
        context: &Context,
    ) -> Result<Reply<DeviceList>, Refusal> {
        let (count, page) = self.query_devices(&operation, context.page)?;
        Ok(Reply::new(DeviceList {
            count: Some(count as i64),
            devices: page
                .into_iter()
                .map(|index| self.device_view(index))
                .collect(),
            ..DeviceList::default()
        }))
    }
}

impl Handle<DeleteDevice> for World {
    fn handle(&mut self, operation: DeleteDevice, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let index = self.find_device(&operation.device_id)?;
        let name = self.device_name(index).into_owned();
        Self::told_to_fail(&name, "delete")?;
        if self.binding(index).is_some() {
            let message = "The device has been bound to a node.";
            return Err(Refusal::new(&codes::DEVICE_BOUND, message));
        }
        self.devices.remove(index, &name);
        self.chosen_ids.remove(&operation.device_id);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The device with this identifier, when it is there.
    pub(crate) fn device_index(&self, id: &str) -> Option<u64> {
        let by_seed = || {
            let index = self.seed.index(Stream::Device, id)?;
            let own = self
                .devices
                .record(index)
                .is_none_or(|r| r.device.id.as_deref() == Some(id));
            (own && self.devices.contains(index)).then_some(index)
        };
        self.chosen_ids.get(id).copied().or_else(by_seed)
    }

    /// The device with this identifier.
    pub(crate) fn find_device(&self, id: &str) -> Result<u64, Refusal> {
        self.device_index(id)
            .ok_or_else(|| missing(&codes::DEVICE_NOT_FOUND, "device", id))
    }

    /// The device with this name.
    pub(crate) fn device_named(&self, name: &str) -> Option<u64> {
        let seeded = || self.seed.device_named(name);
        self.devices
            .created_named(name)
            .or_else(|| seeded().filter(|index| self.devices.contains(*index)))
    }

    pub(crate) fn device_name(&self, index: u64) -> Cow<'_, str> {
        match self.devices.record(index) {
            Some(record) => Cow::Borrowed(record.device.name.as_deref().unwrap_or_default()),
            None => Cow::Owned(self.seed.device_name(index)),
        }
    }

    /// The identifier of a device that is there.
    pub(crate) fn device_id(&self, index: u64) -> String {
        match self.devices.record(index) {
            Some(record) => record.device.id.clone().unwrap_or_default(),
            None => self.seed.id(Stream::Device, index).to_string(),
        }
    }

    /// How a device is bound.
    pub(crate) fn binding(&self, device: u64) -> Option<Binding<'_>> {
        if let Some(record) = self.devices.record(device) {
            let bound = record.binding.as_ref()?;
            return Some(Binding {
                node: bound.node,
                relation: Cow::Borrowed(&bound.relation),
                comment: Cow::Borrowed(&bound.comment),
            });
        }
        let node = self.seed.home(device)?;
        let (relation, comment) = self.seed.relation(device);
        Some(Binding {
            node,
            relation: Cow::Borrowed(relation),
            comment: Cow::Borrowed(comment),
        })
    }

    /// Whether the node of a device runs. `None` when it is bound to none.
    pub(crate) fn is_online(&self, device: u64) -> Option<bool> {
        let node = self.binding(device)?.node;
        Some(self.node_state(node) == NodeState::Running)
    }

    /// The record of a device, made from the seed when it has none yet.
    pub(crate) fn device_record_mut(&mut self, index: u64) -> &mut DeviceRecord {
        if self.devices.record(index).is_none() {
            let device = Device {
                twin: self.seed_twin(index),
                ..self.seed.device(index)
            };
            let binding = self.binding(index).map(|binding| Bound {
                node: binding.node,
                relation: binding.relation.into_owned(),
                comment: binding.comment.into_owned(),
            });
            if let Some(bound) = &binding {
                self.bound.entry(bound.node).or_default().insert(index);
            }
            return self.devices.record_mut(index, || DeviceRecord {
                device,
                binding,
                reporting: false,
            });
        }
        self.devices
            .existing_mut(index)
            .expect("a record was found a moment ago")
    }

    fn seed_twin(&self, index: u64) -> std::collections::BTreeMap<String, TwinProperty> {
        let online = self.is_online(index);
        self.seed
            .twin(index, self.millis(), online.is_some(), online == Some(true))
    }

    /// A device as the service answers it.
    pub(crate) fn device_view(&self, index: u64) -> Device {
        let online = self.is_online(index);
        let mut device = match self.devices.record(index) {
            Some(record) => {
                let mut device = record.device.clone();
                if self.devices.is_seeded(index) && online == Some(true) {
                    self.seed.refresh(index, self.millis(), &mut device.twin);
                }
                device
            }
            None => Device {
                twin: self.seed_twin(index),
                ..self.seed.device(index)
            },
        };
        device.project_id = Some(self.account.project_id.clone());
        device.state = Some(match online {
            None => DeviceState::Unknown,
            Some(true) => DeviceState::Online,
            Some(false) => DeviceState::Offline,
        });
        let reported = device
            .twin
            .values()
            .filter_map(|property| property.actual.as_ref()?.time())
            .max();
        device.last_online = reported.map(stamp);
        device
    }

    fn query_devices(&self, list: &ListDevices, page: Page) -> Result<(u64, Vec<u64>), Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let name = given(&list.name).map(|name| name.to_lowercase());
        let tags = given(&list.tags)
            .map(|tags| read_tags(&tags))
            .unwrap_or_default();
        let node_id = given(&list.node_id);
        let is_binding = match given(&list.is_binding).as_deref() {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => return Err(invalid("is_binding must be true or false.")),
        };
        if is_binding.is_some() && (node_id.is_some() || !tags.is_empty()) {
            return Err(invalid(
                "is_binding stands neither with tags nor with node_id.",
            ));
        }
        if name.is_none() && tags.is_empty() && node_id.is_none() && is_binding.is_none() {
            let rows = self
                .devices
                .newest_from(page.offset)
                .take(page.limit)
                .collect();
            return Ok((self.devices.len(), rows));
        }
        let mut text = String::new();
        let mut keep = |index: &u64| {
            name.as_deref()
                .is_none_or(|part| match self.devices.record(*index) {
                    Some(record) => occurs(part, record.device.name.as_deref().unwrap_or_default()),
                    None => {
                        self.seed.device_name_into(*index, &mut text);
                        occurs(part, &text)
                    }
                })
                && is_binding.is_none_or(|bound| self.binding(*index).is_some() == bound)
                && tags.iter().all(|tag| self.has_tag(*index, tag))
        };
        let mut matching: Vec<u64> = match node_id {
            Some(id) => match self.find_node(&id) {
                Ok(node) => self.devices_of(node).collect(),
                Err(_) => Vec::new(),
            },
            None => self.devices.newest_first().collect(),
        };
        matching.retain(&mut keep);
        let count = matching.len() as u64;
        let start = usize::try_from(page.offset)
            .unwrap_or(usize::MAX)
            .min(matching.len());
        let end = start.saturating_add(page.limit).min(matching.len());
        Ok((count, matching[start..end].to_vec()))
    }

    fn has_tag(&self, device: u64, (key, value): &(String, String)) -> bool {
        match self.devices.record(device) {
            Some(record) => record.device.tags.0.get(key) == Some(value),
            None => self.seed.device_tags(device).contains(&(key, value)),
        }
    }

    /// Lets the list of devices change while somebody reads it, like the list of nodes.
    pub(crate) fn drift_devices(&mut self, turn: u64) {
        if turn % 2 == 1 {
            let index = self.devices.next();
            let name = format!("drift-{index:06}");
            let device = Device {
                id: Some(self.seed.id(Stream::Device, index).to_string()),
                name: Some(name.clone()),
                created_at: Some(self.stamp()),
                ..Device::default()
            };
            let record = DeviceRecord {
                device,
                binding: None,
                reporting: false,
            };
            self.devices.add(&name, record);
            return;
        }
        let gone = self
            .devices
            .newest_first()
            .find(|index| self.devices.is_seeded(*index) && self.binding(*index).is_none());
        if let Some(index) = gone {
            let name = self.device_name(index).into_owned();
            self.devices.remove(index, &name);
        }
    }
}

fn envelope(device: Device) -> Reply<DeviceEnvelope> {
    Reply::new(DeviceEnvelope {
        device: Some(device),
        ..DeviceEnvelope::default()
    })
}

/// Static properties with what the service fills in: optional, and of type text.
pub(crate) fn with_defaults(
    attributes: std::collections::BTreeMap<String, Attribute>,
) -> std::collections::BTreeMap<String, Attribute> {
    attributes
        .into_iter()
        .map(|(key, attribute)| {
            let metadata = attribute.metadata.unwrap_or_else(|| typed("string"));
            let filled = Attribute {
                optional: attribute.optional.or(Some(true)),
                metadata: Some(metadata),
                ..attribute
            };
            (key, filled)
        })
        .collect()
}

/// A twin property as it is when somebody sets it: nothing is reported, and the time is known.
pub(crate) fn expected_only(property: TwinProperty, now: i64) -> TwinProperty {
    let value = property.expected.and_then(|expected| expected.value);
    let kind = property.metadata.and_then(|metadata| metadata.kind);
    TwinProperty {
        expected: Some(side(value.unwrap_or_default(), now)),
        optional: property.optional.or(Some(true)),
        metadata: Some(typed(kind.unwrap_or(ValueType::String).as_str())),
        ..TwinProperty::default()
    }
}
