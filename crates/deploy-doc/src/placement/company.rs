//! Other instances that a deployment is to be near to or away from, found once for all nodes that are looked at.

use std::collections::BTreeMap;

use ief_api::affinity::{Expression, PodAffinity, PodTerm, Selector};
use ief_api::node::KeyValue;

use crate::surroundings::{Neighbour, Node};

/// Where the instances are that a demand is about.
pub(super) struct Company<'a> {
    /// The label of nodes that says what is near.
    topology: &'a str,
    /// Its values at the nodes that have such instances, each with the name of a deployment that has one there.
    places: BTreeMap<&'a str, &'a str>,
    /// Whether the deployment's own instances are such.
    pub(super) is_itself: bool,
}

/// Whose instances are looked for, and where.
pub(super) struct Search<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) tags: &'a [KeyValue],
    /// The other deployments.
    pub(super) others: Vec<&'a Neighbour>,
    /// The nodes by their identifiers.
    pub(super) nodes: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Company<'a> {
    /// Those of all demands of one kind.
    pub(super) fn all(affinity: Option<&'a PodAffinity>, search: &Search<'a>) -> Vec<Self> {
        let terms = affinity.map_or(&[][..], |it| &it.required).iter();
        terms.map(|it| Self::of(it, search)).collect()
    }

    fn of(term: &'a PodTerm, search: &Search<'a>) -> Self {
        let topology = term.topology.as_deref().unwrap_or_default();
        let selector = term.selector.as_ref();
        let mut places = BTreeMap::new();
        for other in &search.others {
            let deployment = &other.deployment;
            let name = deployment.name.as_deref();
            if !is_selected(selector, name, &deployment.tags) {
                continue;
            }
            let on = other.nodes.iter().flatten();
            let on = on.filter_map(|id| search.nodes.get(id.as_str()));
            for place in on.filter_map(|it| it.labels.get(topology)) {
                places.insert(place.as_str(), name.unwrap_or_default());
            }
        }
        Self {
            topology,
            places,
            is_itself: is_selected(selector, search.name, search.tags),
        }
    }

    /// A deployment with an instance near to a node.
    pub(super) fn near(&self, node: &Node) -> Option<&'a str> {
        let place = node.labels.get(self.topology)?;
        self.places.get(place.as_str()).copied()
    }
}

/// Whether a node has all that is asked of its labels.
pub(super) fn all_hold(expressions: &[Expression], node: &Node) -> bool {
    expressions.iter().all(|it| {
        let label = node.labels.get(it.key.as_deref().unwrap_or_default());
        it.holds(label.map(String::as_str))
    })
}

/// Whether instances are among those that are selected: `app` is the name of their deployment, other keys are its
/// tags. Nothing selects none, and a selector that asks nothing selects all.
fn is_selected(selector: Option<&Selector>, name: Option<&str>, tags: &[KeyValue]) -> bool {
    let Some(selector) = selector else {
        return false;
    };
    let label = |key: &str| match key {
        "app" => name,
        key => {
            let tag = tags.iter().find(|tag| tag.key.as_deref() == Some(key))?;
            Some(tag.value.as_deref().unwrap_or_default())
        }
    };
    let mut labels = selector.labels.iter();
    let mut expressions = selector.expressions.iter();
    labels.all(|(key, value)| label(key) == Some(value))
        && expressions.all(|it| it.holds(label(it.key.as_deref().unwrap_or_default())))
}
