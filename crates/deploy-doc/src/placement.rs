//! Which nodes can take a deployment, why the others can't, and what is left of them afterwards.

use ief_api::affinity::{Expression, PodAffinity, PodTerm, Selector};
use ief_api::deployment::{Deployment, PodTemplate};
use ief_api::node::KeyValue;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Origin};
use crate::surroundings::{Arch, Group, Neighbour, Node, Surroundings};

mod needs;

pub use needs::Amount;
pub(crate) use needs::{host_ports, needs};

/// Why a node can't take a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Obstacle {
    /// It has less of something than is asked for, with nothing else on it.
    Lacks {
        /// Of what.
        amount: Amount,
        /// How much is asked for.
        needs: f64,
        /// How much it has.
        has: f64,
    },
    /// What is set aside for others leaves too little.
    Short {
        /// Of what.
        amount: Amount,
        /// How much is asked for.
        needs: f64,
        /// How much is left.
        left: f64,
    },
    /// An image is made for other architectures.
    WrongArch {
        /// Address of the image.
        image: String,
        /// The node's architecture.
        arch: Arch,
    },
    /// Its NPUs are of another kind.
    WrongNpu {
        /// The kind that is asked for.
        wanted: String,
        /// The kind it has.
        has: String,
    },
    /// One of its ports is taken.
    PortTaken {
        /// The port.
        port: i64,
        /// Name of the deployment that has it.
        by: String,
    },
    /// Its labels are not those that are demanded.
    Labels,
    /// Instances that have to be near are not.
    NotNear,
    /// Instances that have to be away are there.
    NotAway {
        /// Name of the deployment they are of.
        of: String,
    },
    /// It can't be reached now; it takes the deployment once it can.
    Offline,
}

impl Obstacle {
    /// Whether the deployment can't run there as things are, whatever else is moved.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::Short { .. } | Self::Offline)
    }
}

/// How a node suits a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Identifier of the node.
    pub node: String,
    /// What is against it.
    pub obstacles: Vec<Obstacle>,
    /// What is left of each [`Amount`] with one instance on it, as far as it is known.
    pub left: [Option<f64>; 4],
    /// Sum of the weights of the wishes it meets.
    pub wished: i64,
}

impl Fit {
    /// Whether nothing is against it.
    #[must_use]
    pub const fn is_possible(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// A deployment as places are looked for.
pub(crate) struct Wanted<'a> {
    name: Option<&'a str>,
    tags: &'a [KeyValue],
    origin: Option<&'a Origin>,
    template: &'a PodTemplate,
    needs: [f64; 4],
}

/// How all known nodes suit a document, those of its group only if it has one.
#[must_use]
pub fn places(document: &Document, surroundings: &Surroundings) -> Vec<Fit> {
    let typed = document.typed();
    let template = typed
        .deployment
        .as_ref()
        .and_then(|it| it.template.as_ref());
    let Some(template) = template else {
        return Vec::new();
    };
    let wanted = Wanted::new(
        typed.name.as_deref(),
        &typed.tags,
        document.origin(),
        template,
    );
    let group = typed
        .group_id
        .as_deref()
        .and_then(|it| surroundings.group(it));
    let is_asked = |node: &&Node| match group.and_then(|it| it.nodes.as_ref()) {
        Some(members) => members.contains(&node.id),
        None => true,
    };
    let nodes = surroundings.nodes.iter().flatten().filter(is_asked);
    nodes
        .map(|node| wanted.fit(node, surroundings, group))
        .collect()
}

impl<'a> Wanted<'a> {
    pub(crate) fn new(
        name: Option<&'a str>,
        tags: &'a [KeyValue],
        origin: Option<&'a Origin>,
        template: &'a PodTemplate,
    ) -> Self {
        Self {
            name,
            tags,
            origin,
            template,
            needs: needs(template),
        }
    }

    /// Whether a deployment is the one that is edited.
    fn is_itself(&self, other: &Neighbour) -> bool {
        let id = other.deployment.id.as_deref();
        self.origin.is_some_and(|it| Some(it.id.as_str()) == id)
    }

    /// The other deployments that are known to be on a node.
    fn others<'s>(
        &self,
        node: &Node,
        surroundings: &'s Surroundings,
    ) -> Option<Vec<&'s Neighbour>> {
        let all = surroundings.deployments.as_ref()?.iter();
        let others = all.filter(|it| !self.is_itself(it) && it.is_on(&node.id) == Some(true));
        Some(others.collect())
    }

    pub(crate) fn fit(
        &self,
        node: &Node,
        surroundings: &Surroundings,
        group: Option<&Group>,
    ) -> Fit {
        let mut obstacles = Vec::new();
        let others = self.others(node, surroundings);
        let left = self.amounts(node, others.as_deref(), &mut obstacles);
        self.hardware(node, surroundings, &mut obstacles);
        self.ports(others.as_deref().unwrap_or_default(), &mut obstacles);
        if !self.labels_hold(node) {
            obstacles.push(Obstacle::Labels);
        }
        self.company(node, surroundings, group, &mut obstacles);
        if node.is_online == Some(false) {
            obstacles.push(Obstacle::Offline);
        }
        Fit {
            node: node.id.clone(),
            obstacles,
            left,
            wished: self.wishes(node),
        }
    }

    fn amounts(
        &self,
        node: &Node,
        others: Option<&[&Neighbour]>,
        obstacles: &mut Vec<Obstacle>,
    ) -> [Option<f64>; 4] {
        // Without knowing all that is on it nothing is said of what is left.
        let taken = others.map(|others| {
            let templates = others
                .iter()
                .filter_map(|it| it.deployment.template.as_ref());
            templates.map(needs).fold([0.0; 4], |sum, it| {
                std::array::from_fn(|place| sum[place] + it[place])
            })
        });
        Amount::ALL.map(|amount| {
            let needs = self.needs[amount as usize];
            let has = amount.has(node)?;
            if needs > has {
                obstacles.push(Obstacle::Lacks { amount, needs, has });
                return None;
            }
            let left = has - taken?[amount as usize];
            // Sums of decimals are off in the last digit.
            if needs > left + 1e-9 && needs > 0.0 {
                obstacles.push(Obstacle::Short {
                    amount,
                    needs,
                    left,
                });
            }
            Some(left - needs)
        })
    }

    fn hardware(&self, node: &Node, surroundings: &Surroundings, obstacles: &mut Vec<Obstacle>) {
        for container in self.template.all_containers() {
            let image = container.image_url.as_deref().unwrap_or_default();
            if let (Some(arch), Some(archs)) = (node.arch, surroundings.archs_of(image))
                && !archs.contains(&arch)
            {
                let image = image.to_owned();
                obstacles.push(Obstacle::WrongArch { image, arch });
            }
            let limits = container
                .resources
                .as_ref()
                .and_then(|it| it.limits.as_ref());
            let asks = limits.is_some_and(|it| Amount::Npu.of(it).is_some());
            let wanted = container.npu_type.as_deref().filter(|it| !it.is_empty());
            if let (true, Some(wanted), Some(has)) = (asks, wanted, node.npu_type.as_deref())
                && wanted != has
            {
                let (wanted, has) = (wanted.to_owned(), has.to_owned());
                obstacles.push(Obstacle::WrongNpu { wanted, has });
            }
        }
    }

    fn ports(&self, others: &[&Neighbour], obstacles: &mut Vec<Obstacle>) {
        for port in host_ports(self.template) {
            let holder = others.iter().find(|it| {
                let template = it.deployment.template.as_ref();
                template.is_some_and(|it| host_ports(it).any(|taken| taken == port))
            });
            if let Some(holder) = holder {
                let by = holder.deployment.name.clone().unwrap_or_default();
                obstacles.push(Obstacle::PortTaken { port, by });
            }
        }
    }

    /// Whether a node has the labels that are demanded: one of the terms holds.
    pub(crate) fn labels_hold(&self, node: &Node) -> bool {
        let nodes = self
            .template
            .affinity
            .as_ref()
            .and_then(|it| it.nodes.as_ref());
        let terms = nodes.and_then(|it| it.required.as_ref());
        let terms = terms.map_or(&[][..], |it| &it.terms);
        terms.is_empty() || terms.iter().any(|it| all_hold(&it.expressions, node))
    }

    fn wishes(&self, node: &Node) -> i64 {
        let nodes = self
            .template
            .affinity
            .as_ref()
            .and_then(|it| it.nodes.as_ref());
        let wishes = nodes.map_or(&[][..], |it| &it.preferred).iter();
        let met = wishes.filter(|wish| {
            let term = wish.preference.as_ref();
            term.is_some_and(|it| all_hold(&it.expressions, node))
        });
        met.filter_map(|wish| wish.weight).sum()
    }

    /// Instances that have to be near or away. Only what is known to be is held against a node.
    fn company(
        &self,
        node: &Node,
        surroundings: &Surroundings,
        group: Option<&Group>,
        obstacles: &mut Vec<Obstacle>,
    ) {
        let Some(affinity) = &self.template.affinity else {
            return;
        };
        let demands = |it: Option<&'a PodAffinity>| it.map_or(&[][..], |it| &it.required);
        for term in demands(affinity.anti.as_ref()) {
            if let Some(other) = self.near(term, node, surroundings) {
                let of = other.deployment.name.clone().unwrap_or_default();
                obstacles.push(Obstacle::NotAway { of });
            }
        }
        // That nobody is near can only be said where it is known where all instances are.
        let all_known = surroundings.deployments.as_ref().is_some_and(|all| {
            all.iter().all(|it| it.nodes.is_some()) && group.is_none_or(|it| it.nodes.is_some())
        });
        for term in demands(affinity.pods.as_ref()) {
            let itself = is_selected(term.selector.as_ref(), self.name, self.tags);
            if all_known && !itself && self.near(term, node, surroundings).is_none() {
                obstacles.push(Obstacle::NotNear);
            }
        }
    }

    /// A deployment that a term selects, with an instance on a node whose label is the same.
    fn near<'s>(
        &self,
        term: &PodTerm,
        node: &Node,
        surroundings: &'s Surroundings,
    ) -> Option<&'s Neighbour> {
        let topology = term.topology.as_deref()?;
        let place = node.labels.get(topology)?;
        let nodes = surroundings.nodes.as_ref()?;
        surroundings.deployments.as_ref()?.iter().find(|other| {
            let deployment: &Deployment = &other.deployment;
            let name = deployment.name.as_deref();
            let selected = is_selected(term.selector.as_ref(), name, &deployment.tags);
            let on = other.nodes.iter().flatten();
            let mut on = on.filter_map(|id| nodes.iter().find(|it| it.id == *id));
            !self.is_itself(other)
                && selected
                && on.any(|it| it.labels.get(topology) == Some(place))
        })
    }
}

fn all_hold(expressions: &[Expression], node: &Node) -> bool {
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
