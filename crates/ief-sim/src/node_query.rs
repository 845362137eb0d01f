//! Which nodes a list shows (section 4.1.4).

use std::ops::ControlFlow;

use ief_api::node::ListEdgeNodes;

use crate::answer::Refusal;
use crate::options::Edition;
use crate::routes::Page;
use crate::seed::Stream;
use crate::world::{Sort, World, invalid, occurs, read_tags};

const SORTABLE: [&str; 4] = ["created_at", "updated_at", "name", "state"];

/// The filters of a list of nodes.
#[derive(Debug)]
pub(crate) struct NodeQuery<'a> {
    /// Part of the name, in lower case.
    name: Option<String>,
    state: Option<&'a str>,
    tags: Vec<(String, String)>,
    /// Part of the name of a deployment, in lower case.
    app: Option<String>,
    group: Option<&'a str>,
    /// The device that was asked for and is there.
    pub(crate) device: Option<u64>,
    /// The only node that can match, when a device was asked for.
    only: Option<Option<u64>>,
    sort: Option<Sort<'a>>,
}

impl<'a> NodeQuery<'a> {
    pub(crate) fn read(world: &World, list: &'a ListEdgeNodes) -> Result<Self, Refusal> {
        let given = |text: &'a Option<String>| text.as_deref().filter(|text| !text.is_empty());
        let group = given(&list.group_id);
        if group.is_some() && world.edition == Edition::Professional {
            return Err(invalid("group_id is for platinum instances only."));
        }
        let (id, name) = (given(&list.device_id), given(&list.device_name));
        let by_id = id.map(|id| world.device_index(id));
        let by_name = name.map(|name| world.device_named(name));
        let device = match (by_id, by_name) {
            (Some(one), Some(two)) => Some(one.filter(|_| one == two)),
            (one, two) => one.or(two),
        };
        let tags = given(&list.tags).map(read_tags).unwrap_or_default();
        Ok(Self {
            name: given(&list.name).map(str::to_lowercase),
            state: given(&list.state),
            // The reference: with both given, only the tags count.
            app: given(&list.app_name)
                .filter(|_| tags.is_empty())
                .map(str::to_lowercase),
            tags,
            group,
            device: device.flatten(),
            only: device.map(|device| device.and_then(|d| world.binding(d)).map(|b| b.node)),
            sort: Sort::read(given(&list.sort), &SORTABLE)?,
        })
    }

    fn filters_nothing(&self) -> bool {
        self.name.is_none()
            && self.state.is_none()
            && self.tags.is_empty()
            && self.app.is_none()
            && self.group.is_none()
    }

    fn matches(&self, world: &World, index: u64, name: &mut String) -> bool {
        if let Some(record) = world.nodes.record(index) {
            let node = &record.node;
            let has_tag = |(key, value): &(String, String)| {
                node.tags.iter().any(|tag| {
                    tag.key.as_deref() == Some(key)
                        && tag.value.as_deref().unwrap_or_default() == value
                })
            };
            return self
                .name
                .as_deref()
                .is_none_or(|part| occurs(part, node.name.as_deref().unwrap_or_default()))
                && self
                    .state
                    .is_none_or(|state| node.state.as_ref().is_some_and(|s| s.as_str() == state))
                && self.tags.iter().all(has_tag)
                && self
                    .group
                    .is_none_or(|g| node.group_ids.iter().any(|id| id == g))
                && self.runs(world, index);
        }
        let seed = world.seed;
        if let Some(part) = &self.name {
            seed.node_name_into(index, name);
            if !occurs(part, name) {
                return false;
            }
        }
        self.state
            .is_none_or(|state| seed.node_state(index).as_str() == state)
            && self
                .tags
                .iter()
                .all(|(key, value)| seed.node_tags(index).any(|(k, v)| k == key && v == *value))
            && self
                .group
                .is_none_or(|g| seed.node_group(index).as_deref() == Some(g))
            && self.runs(world, index)
    }

    fn runs(&self, world: &World, index: u64) -> bool {
        self.app.as_deref().is_none_or(|app| {
            let deployments = world.deployments_on(index);
            let mut names = deployments.iter().map(|it| world.deployment_name(*it));
            names.any(|name| occurs(app, &name))
        })
    }
}

impl World {
    /// How many nodes match, and those of one page.
    pub(crate) fn query_nodes(&self, query: &NodeQuery<'_>, page: Page) -> (u64, Vec<u64>) {
        let descending = query.sort.is_none_or(|sort| sort.descending);
        let by_time = query.sort.is_none_or(|sort| sort.field == "created_at");
        if query.filters_nothing() && query.only.is_none() && by_time {
            let rows = if descending {
                self.nodes
                    .newest_from(page.offset)
                    .take(page.limit)
                    .collect()
            } else {
                self.nodes
                    .oldest_from(page.offset)
                    .take(page.limit)
                    .collect()
            };
            return (self.nodes.len(), rows);
        }
        let mut name = String::new();
        let mut matching: Vec<u64> = match query.only {
            Some(only) => only.into_iter().collect(),
            None => self.nodes.newest_first().collect(),
        };
        matching.retain(|index| query.matches(self, *index, &mut name));
        match query.sort {
            Some(sort) if sort.field != "created_at" => {
                self.sort_nodes(&mut matching, sort.field);
                if sort.descending {
                    matching.reverse();
                }
            }
            _ if !descending => matching.reverse(),
            _ => {}
        }
        let count = matching.len() as u64;
        let start = usize::try_from(page.offset)
            .unwrap_or(usize::MAX)
            .min(matching.len());
        let end = start.saturating_add(page.limit).min(matching.len());
        (count, matching[start..end].to_vec())
    }

    fn sort_nodes(&self, nodes: &mut [u64], field: &str) {
        match field {
            "name" => nodes.sort_by_cached_key(|index| self.node_name(*index).into_owned()),
            "state" => nodes.sort_by_cached_key(|index| self.node_state(*index).to_string()),
            _ => nodes.sort_by_cached_key(|index| match self.nodes.record(*index) {
                Some(record) => record
                    .node
                    .updated_at
                    .as_deref()
                    .and_then(ief_api::time::parse)
                    .unwrap_or(0),
                None => self.seed.node_updated(*index),
            }),
        }
    }

    /// Lets a list change while somebody reads it: on odd turns a node appears, on even ones one goes.
    pub(crate) fn drift_nodes(&mut self, turn: u64) {
        if turn % 2 == 1 {
            let index = self.nodes.next();
            let name = format!("drift-{index:06}");
            let node = ief_api::node::EdgeNode {
                id: Some(self.seed.id(Stream::Node, index).to_string()),
                name: Some(name.clone()),
                created_at: Some(self.stamp()),
                ..self.seed.blank_node(index)
            };
            let system =
                self.system_certificate(index, node.id.as_deref(), node.created_at.as_deref());
            let record = crate::nodes::NodeRecord {
                node,
                certificates: vec![system],
                issued: self.millis(),
                failing: false,
            };
            self.nodes.add(&name, record);
            return;
        }
        let gone = self.nodes.newest_first().try_for_each(|index| {
            match self.nodes.is_seeded(index) && self.devices_of(index).next().is_none() {
                true => ControlFlow::Break(index),
                false => ControlFlow::Continue(()),
            }
        });
        if let ControlFlow::Break(index) = gone {
            let name = self.node_name(index).into_owned();
            self.nodes.remove(index, &name);
        }
    }
}
