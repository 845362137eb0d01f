//! What carries tags, and where each kind keeps them.

use std::borrow::Cow;

use ief_api::app::App;
use ief_api::codes;
use ief_api::node::KeyValue;
use ief_api::resource::Resource;
use ief_api::tags::Tags;

use crate::answer::Refusal;
use crate::seed::Stream;
use crate::world::{World, missing};

/// A kind of thing that carries tags.
pub(crate) trait Tagged: Sync {
    /// Shows each of them, the newest first.
    fn each(&self, world: &World, show: &mut dyn FnMut(&dyn Labelled));

    /// The one with this identifier.
    fn find<'a>(&self, world: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal>;

    /// Gives one that is there these tags.
    fn put(&self, world: &mut World, id: &str, tags: Vec<KeyValue>) -> Result<(), Refusal>;
}

/// A thing with tags.
pub(crate) trait Labelled {
    fn id(&self) -> String;
    fn name(&self) -> Cow<'_, str>;
    /// Shows the key and the value of each tag.
    fn each_tag(&self, show: &mut dyn FnMut(&str, &str));
}

/// Edge nodes.
pub(crate) static NODES: Nodes = Nodes;
/// End devices.
pub(crate) static DEVICES: Devices = Devices;
/// Deployments.
pub(crate) static DEPLOYMENTS: Deployments = Deployments;
/// Application templates.
pub(crate) static APPS: Apps = Apps;
/// A kind of which there is nothing.
pub(crate) static UNKNOWN: Unknown = Unknown;

pub(crate) struct Nodes;
pub(crate) struct Devices;
pub(crate) struct Deployments;
pub(crate) struct Apps;
pub(crate) struct Unknown;

/// A node, a device or a deployment by its index, of which nothing is made before it is asked for.
struct Node<'a>(&'a World, u64);
struct Device<'a>(&'a World, u64);
struct Deployment<'a>(&'a World, u64);

impl Tagged for Nodes {
    fn each(&self, world: &World, show: &mut dyn FnMut(&dyn Labelled)) {
        for index in world.nodes.newest_first() {
            show(&Node(world, index));
        }
    }

    fn find<'a>(&self, world: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal> {
        Ok(Box::new(Node(world, world.find_node(id)?)))
    }

    fn put(&self, world: &mut World, id: &str, tags: Vec<KeyValue>) -> Result<(), Refusal> {
        let index = world.find_node(id)?;
        world.node_record_mut(index).node.tags = tags;
        Ok(())
    }
}

impl Labelled for Node<'_> {
    fn id(&self) -> String {
        self.0.seed.id(Stream::Node, self.1).to_string()
    }

    fn name(&self) -> Cow<'_, str> {
        self.0.node_name(self.1)
    }

    fn each_tag(&self, show: &mut dyn FnMut(&str, &str)) {
        match self.0.nodes.record(self.1) {
            Some(record) => show_each(&record.node.tags, show),
            None => {
                for (key, value) in self.0.seed.node_tags(self.1) {
                    show(key, &value);
                }
            }
        }
    }
}

impl Tagged for Devices {
    fn each(&self, world: &World, show: &mut dyn FnMut(&dyn Labelled)) {
        for index in world.devices.newest_first() {
            show(&Device(world, index));
        }
    }

    fn find<'a>(&self, world: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal> {
        Ok(Box::new(Device(world, world.find_device(id)?)))
    }

    fn put(&self, world: &mut World, id: &str, tags: Vec<KeyValue>) -> Result<(), Refusal> {
        let index = world.find_device(id)?;
        let pairs = tags.into_iter();
        let pairs = pairs.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
        world.device_record_mut(index).device.tags = Tags(pairs.collect());
        Ok(())
    }
}

impl Labelled for Device<'_> {
    fn id(&self) -> String {
        self.0.device_id(self.1)
    }

    fn name(&self) -> Cow<'_, str> {
        self.0.device_name(self.1)
    }

    fn each_tag(&self, show: &mut dyn FnMut(&str, &str)) {
        match self.0.devices.record(self.1) {
            Some(record) => {
                for (key, value) in &record.device.tags.0 {
                    show(key, value);
                }
            }
            None => {
                for (key, value) in self.0.seed.device_tags(self.1) {
                    show(key, value);
                }
            }
        }
    }
}

impl Tagged for Deployments {
    fn each(&self, world: &World, show: &mut dyn FnMut(&dyn Labelled)) {
        for index in world.deployments.newest_first() {
            show(&Deployment(world, index));
        }
    }

    fn find<'a>(&self, world: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal> {
        Ok(Box::new(Deployment(world, world.find_deployment(id)?)))
    }

    fn put(&self, world: &mut World, id: &str, tags: Vec<KeyValue>) -> Result<(), Refusal> {
        let index = world.find_deployment(id)?;
        let mut record = world.deployment(index).into_owned();
        record.deployment.tags = tags;
        world.keep_deployment(index, record);
        Ok(())
    }
}

impl Labelled for Deployment<'_> {
    fn id(&self) -> String {
        self.0.seed.id(Stream::Deployment, self.1).to_string()
    }

    fn name(&self) -> Cow<'_, str> {
        self.0.deployment_name(self.1)
    }

    fn each_tag(&self, show: &mut dyn FnMut(&str, &str)) {
        match self.0.deployments.record(self.1) {
            Some(record) => show_each(&record.deployment.tags, show),
            None => {
                let (key, value) = self.0.seed.deployment_tag(self.1);
                show(key, value);
            }
        }
    }
}

impl Tagged for Apps {
    fn each(&self, world: &World, show: &mut dyn FnMut(&dyn Labelled)) {
        for app in world.stock.apps.iter().rev() {
            show(&app);
        }
    }

    fn find<'a>(&self, world: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal> {
        Ok(Box::new(world.find_app(id)?))
    }

    fn put(&self, world: &mut World, id: &str, tags: Vec<KeyValue>) -> Result<(), Refusal> {
        world.find_app(id)?;
        if let Some(app) = world.stock.apps.get_mut(id) {
            app.tags = tags;
        }
        Ok(())
    }
}

impl Labelled for &App {
    fn id(&self) -> String {
        Resource::id(*self).to_owned()
    }

    fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(Resource::name(*self))
    }

    fn each_tag(&self, show: &mut dyn FnMut(&str, &str)) {
        show_each(&self.tags, show);
    }
}

/// Shows tags that are kept as a list.
fn show_each(tags: &[KeyValue], show: &mut dyn FnMut(&str, &str)) {
    for tag in tags {
        let (key, value) = (tag.key.as_deref(), tag.value.as_deref());
        show(key.unwrap_or_default(), value.unwrap_or_default());
    }
}

impl Tagged for Unknown {
    fn each(&self, _: &World, _: &mut dyn FnMut(&dyn Labelled)) {}

    fn find<'a>(&self, _: &'a World, id: &str) -> Result<Box<dyn Labelled + 'a>, Refusal> {
        Err(missing(&codes::NOT_FOUND, "resource", id))
    }

    fn put(&self, _: &mut World, id: &str, _: Vec<KeyValue>) -> Result<(), Refusal> {
        Err(missing(&codes::NOT_FOUND, "resource", id))
    }
}
