//! Which node of a group an instance is placed on: what the node has, what is asked of it, and which other
//! instances are near it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use ief_api::affinity::{Affinity, Expression, PodAffinity, PodTerm, Selector};
use ief_api::deployment::{Deployment, PodTemplate};
use ief_api::node::EdgeNode;

use crate::deployments::DeploymentRecord;
use crate::pods::PodRecord;
use crate::traffic::is_online;
use crate::world::World;

/// So many nodes of a group that can be reached are looked at for an instance: a group may have tens of thousands.
const CANDIDATES: usize = 256;

/// Where instances are that a demand or a wish is about.
struct Company<'a> {
    /// The label of nodes that says what is near.
    topology: &'a str,
    /// Its values at the nodes that have such instances.
    places: BTreeSet<String>,
    /// Whether the instance to be placed is such a one itself.
    itself: bool,
}

impl Company<'_> {
    fn is_near(&self, node: &EdgeNode) -> bool {
        label(node, self.topology).is_some_and(|value| self.places.contains(value))
    }

    /// Whether the demand to be near them holds. The first one has nobody to be near to but itself.
    fn is_found(&self, node: &EdgeNode) -> bool {
        let first = self.places.is_empty() && self.itself;
        self.is_near(node) || first && label(node, self.topology).is_some()
    }
}

/// Demands and wishes, each with its weight, to be near other instances or away from them.
#[derive(Default)]
struct Companies<'a> {
    demands: Vec<Company<'a>>,
    wishes: Vec<(i64, Company<'a>)>,
}

impl Companies<'_> {
    fn wished(&self, node: &EdgeNode) -> i64 {
        let near = self.wishes.iter().filter(|(_, it)| it.is_near(node));
        near.map(|(weight, _)| weight).sum()
    }
}

impl World {
    /// The node for the next instance of a deployment: its own, or the one of its group that fits best.
    pub(crate) fn find_place(
        &self,
        record: &DeploymentRecord,
        template: &PodTemplate,
    ) -> Option<u64> {
        if let Some(id) = record.deployment.node_ids.first() {
            return self.find_node(id).ok();
        }
        let group = record.deployment.group_id.as_deref()?;
        let mut nodes = self.members(group);
        nodes.retain(|node| is_online(&self.node_state(*node)));
        nodes.truncate(CANDIDATES);
        let affinity = template.affinity.as_ref();
        let near = affinity.and_then(|it| it.pods.as_ref());
        let away = affinity.and_then(|it| it.anti.as_ref());
        let near = self.companies(near, record, &nodes);
        let away = self.companies(away, record, &nodes);
        let shunned = self.shunned(record, &nodes);
        let fits = |node: &u64| {
            let facts = self.node_facts(*node);
            self.could_take(*node, template)
                && affinity.is_none_or(|it| demands_hold(it, &facts))
                && near.demands.iter().all(|it| it.is_found(&facts))
                && !away.demands.iter().any(|it| it.is_near(&facts))
                && !shunned.iter().any(|it| it.is_near(&facts))
        };
        let busy = |node: u64| live(record).filter(|pod| pod.node == Some(node)).count();
        let wished = |node: u64| {
            let facts = self.node_facts(node);
            let own = affinity.map_or(0, |it| wishes(it, &facts));
            own + near.wished(&facts) - away.wished(&facts)
        };
        // The least busy one, and among those the one that is wished for most.
        let fitting = nodes.iter().copied().filter(fits);
        fitting.min_by_key(|node| (busy(*node), Reverse(wished(*node))))
    }

    fn companies<'a>(
        &self,
        affinity: Option<&'a PodAffinity>,
        record: &DeploymentRecord,
        nodes: &[u64],
    ) -> Companies<'a> {
        let Some(affinity) = affinity else {
            return Companies::default();
        };
        let demands = affinity.required.iter();
        let wishes = affinity.preferred.iter().filter_map(|wish| {
            let company = self.company(wish.term.as_ref()?, record, nodes);
            Some((wish.weight.unwrap_or(0), company))
        });
        Companies {
            demands: demands.map(|it| self.company(it, record, nodes)).collect(),
            wishes: wishes.collect(),
        }
    }

    /// Where the instances are that a term is about, on these nodes.
    fn company<'a>(
        &self,
        term: &'a PodTerm,
        record: &DeploymentRecord,
        nodes: &[u64],
    ) -> Company<'a> {
        let topology = term.topology.as_deref().unwrap_or_default();
        let is_it = |it: &Deployment| is_selected(term.selector.as_ref(), it);
        let itself = is_it(&record.deployment);
        let is_at = |node: &u64| {
            let own = itself && live(record).any(|pod| pod.node == Some(*node));
            own || self.deployments_on(*node).into_iter().any(|index| {
                let other = self.deployment(index);
                // Its own instances are those of the record that is being worked on.
                other.deployment.id != record.deployment.id
                    && is_it(&other.deployment)
                    && live(&other).any(|pod| pod.node == Some(*node))
            })
        };
        let at = nodes.iter().filter(|node| is_at(node));
        let places = at.filter_map(|node| {
            let facts = self.node_facts(*node);
            label(&facts, topology).map(str::to_owned)
        });
        Company {
            topology,
            places: places.collect(),
            itself,
        }
    }

    /// Where instances are that demand to be away from those of this deployment.
    fn shunned(&self, record: &DeploymentRecord, nodes: &[u64]) -> Vec<Company<'_>> {
        let mut shunned = Vec::new();
        for node in nodes {
            // The deployments of the seed demand nothing, so that the kept ones are enough.
            let kept = self.placed.get(node).into_iter().flatten();
            let others = kept.filter_map(|index| self.deployments.record(*index));
            let others = others.filter(|it| it.deployment.id != record.deployment.id);
            let pods = others.flat_map(|other| live(other).filter(|it| it.node == Some(*node)));
            let affinities = pods.filter_map(|pod| pod.template.affinity.as_ref());
            let terms = affinities.flat_map(|it| it.anti.iter().flat_map(|it| &it.required));
            for term in terms {
                let topology = term.topology.as_deref().unwrap_or_default();
                let facts = self.node_facts(*node);
                if is_selected(term.selector.as_ref(), &record.deployment)
                    && let Some(place) = label(&facts, topology)
                {
                    shunned.push(Company {
                        topology,
                        places: [place.to_owned()].into(),
                        itself: false,
                    });
                }
            }
        }
        shunned
    }
}

/// The instances of a deployment without those that are being stopped.
fn live(record: &DeploymentRecord) -> impl Iterator<Item = &PodRecord> {
    record.pods.iter().filter(|pod| pod.ending.is_none())
}

/// Whether the instances of a deployment are among those that are selected. As in Kubernetes, nothing selects
/// none, and a selector that asks nothing selects all.
fn is_selected(selector: Option<&Selector>, deployment: &Deployment) -> bool {
    let Some(selector) = selector else {
        return false;
    };
    let label = |key: &str| match key {
        // As with services.
        "app" => deployment.name.as_deref(),
        key => {
            let mut tags = deployment.tags.iter();
            let tag = tags.find(|tag| tag.key.as_deref() == Some(key))?;
            Some(tag.value.as_deref().unwrap_or_default())
        }
    };
    let mut labels = selector.labels.iter();
    let mut expressions = selector.expressions.iter();
    labels.all(|(key, value)| label(key) == Some(value))
        && expressions.all(|it| it.holds(label(it.key.as_deref().unwrap_or_default())))
}

/// What an expression can ask of a node: its properties and tags, its name and its architecture.
fn label<'a>(node: &'a EdgeNode, key: &str) -> Option<&'a str> {
    let mut pairs = node.attributes.iter().chain(&node.tags);
    match key {
        "kubernetes.io/hostname" => node.name.as_deref(),
        "kubernetes.io/arch" => node.arch.as_deref(),
        key => {
            let pair = pairs.find(|it| it.key.as_deref() == Some(key))?;
            Some(pair.value.as_deref().unwrap_or_default())
        }
    }
}

fn all_hold(expressions: &[Expression], node: &EdgeNode) -> bool {
    let holds = |it: &Expression| it.holds(label(node, it.key.as_deref().unwrap_or_default()));
    expressions.iter().all(holds)
}

/// Whether a node has what a deployment demands of it: one of the terms holds.
fn demands_hold(affinity: &Affinity, node: &EdgeNode) -> bool {
    let nodes = affinity.nodes.as_ref();
    match nodes.and_then(|it| it.required.as_ref()) {
        Some(required) if !required.terms.is_empty() => {
            let mut terms = required.terms.iter();
            terms.any(|term| all_hold(&term.expressions, node))
        }
        _ => true,
    }
}

/// How much a deployment wishes for a node.
fn wishes(affinity: &Affinity, node: &EdgeNode) -> i64 {
    let wishes = affinity.nodes.iter().flat_map(|it| &it.preferred);
    let held = wishes.filter(|wish| {
        let term = wish.preference.as_ref();
        term.is_some_and(|it| all_hold(&it.expressions, node))
    });
    held.filter_map(|wish| wish.weight).sum()
}
