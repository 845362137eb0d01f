//! Which nodes can take a deployment, why the others can't, and what is left of them afterwards.

use std::collections::BTreeMap;

use ief_api::deployment::{NewDeployment, PodTemplate};
use serde::{Deserialize, Serialize};

use crate::document::{Document, Origin};
use crate::surroundings::{Arch, Neighbour, Node, Surroundings};

mod company;
mod needs;

pub use needs::Amount;

use company::{Company, Search, all_hold};
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
    template: &'a PodTemplate,
    needs: [f64; 4],
    surroundings: &'a Surroundings,
    /// What is on the nodes that are asked about; `None` where that isn't known.
    loads: Option<BTreeMap<&'a str, Load<'a>>>,
    near: Vec<Company<'a>>,
    away: Vec<Company<'a>>,
}

/// What other deployments have of a node.
#[derive(Default)]
struct Load<'a> {
    taken: [f64; 4],
    /// Ports, with the names of those who have them.
    ports: BTreeMap<i64, &'a str>,
}

/// How all known nodes suit a document, those of its group only if it has one.
#[must_use]
pub fn places(document: &Document, surroundings: &Surroundings) -> Vec<Fit> {
    let typed = document.typed();
    let group = typed
        .group_id
        .as_deref()
        .and_then(|it| surroundings.group(it));
    let nodes = match group.filter(|it| it.nodes.is_some()) {
        Some(group) => surroundings.members(&group.id).unwrap_or_default(),
        None => surroundings.nodes.iter().flatten().collect(),
    };
    let wanted = Wanted::new(&typed, document.origin(), surroundings, &nodes);
    let wanted = wanted.into_iter();
    wanted
        .flat_map(|wanted| {
            nodes
                .iter()
                .map(|node| wanted.fit(node))
                .collect::<Vec<_>>()
        })
        .collect()
}

impl<'a> Wanted<'a> {
    /// What a document wants of these nodes. `None` where it doesn't say what it runs.
    pub(crate) fn new(
        typed: &'a NewDeployment,
        origin: Option<&Origin>,
        surroundings: &'a Surroundings,
        asked: &[&'a Node],
    ) -> Option<Self> {
        let template = typed.deployment.as_ref()?.template.as_ref()?;
        let is_itself = |it: &&Neighbour| {
            let id = it.deployment.id.as_deref();
            origin.is_some_and(|origin| Some(origin.id.as_str()) == id)
        };
        let others = surroundings.deployments.as_ref();
        let others = others.map(|it| it.iter().filter(|it| !is_itself(it)).collect::<Vec<_>>());
        let affinity = template.affinity.as_ref();
        let mut wanted = Self {
            template,
            needs: needs(template),
            surroundings,
            loads: others.as_ref().map(|it| loads(it, asked)),
            near: Vec::new(),
            away: Vec::new(),
        };
        let pods = affinity.and_then(|it| it.pods.as_ref());
        let anti = affinity.and_then(|it| it.anti.as_ref());
        if let Some(others) = others.filter(|_| pods.is_some() || anti.is_some()) {
            // That nobody is near can only be said where it is known where all instances are.
            let all_known = others.iter().all(|it| it.nodes.is_some());
            let nodes = surroundings.nodes.iter().flatten();
            let search = Search {
                name: typed.name.as_deref(),
                tags: &typed.tags,
                others,
                nodes: nodes.map(|it| (it.id.as_str(), it)).collect(),
            };
            wanted.away = Company::all(anti, &search);
            if all_known {
                wanted.near = Company::all(pods, &search);
            }
        }
        Some(wanted)
    }

    pub(crate) fn fit(&self, node: &Node) -> Fit {
        let mut obstacles = Vec::new();
        let load = self.loads.as_ref().map(|it| it.get(node.id.as_str()));
        let left = self.amounts(node, load, &mut obstacles);
        self.hardware(node, &mut obstacles);
        for port in host_ports(self.template) {
            if let Some(by) = load.flatten().and_then(|it| it.ports.get(&port)) {
                let by = (*by).to_owned();
                obstacles.push(Obstacle::PortTaken { port, by });
            }
        }
        if !self.labels_hold(node) {
            obstacles.push(Obstacle::Labels);
        }
        for of in self.away.iter().filter_map(|it| it.near(node)) {
            let of = of.to_owned();
            obstacles.push(Obstacle::NotAway { of });
        }
        // The first of a kind that is to be with its own has nobody to be with.
        let alone = self.near.iter().filter(|it| !it.is_itself);
        obstacles.extend(
            alone
                .filter(|it| it.near(node).is_none())
                .map(|_| Obstacle::NotNear),
        );
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
        load: Option<Option<&Load<'_>>>,
        obstacles: &mut Vec<Obstacle>,
    ) -> [Option<f64>; 4] {
        // Without knowing all that is on it nothing is said of what is left.
        let taken = load.map(|it| it.map_or([0.0; 4], |it| it.taken));
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

    fn hardware(&self, node: &Node, obstacles: &mut Vec<Obstacle>) {
        for container in self.template.all_containers() {
            let image = container.image_url.as_deref().unwrap_or_default();
            if let (Some(arch), Some(archs)) = (node.arch, self.surroundings.archs_of(image))
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
}

/// What deployments have of the nodes that are asked about.
fn loads<'a>(others: &[&'a Neighbour], asked: &[&'a Node]) -> BTreeMap<&'a str, Load<'a>> {
    let asked = asked.iter().map(|it| (it.id.as_str(), Load::default()));
    let mut loads: BTreeMap<&str, Load<'_>> = asked.collect();
    for other in others {
        let deployment = &other.deployment;
        let name = deployment.name.as_deref().unwrap_or_default();
        let Some(template) = &deployment.template else {
            continue;
        };
        for node in other.nodes.iter().flatten() {
            let Some(load) = loads.get_mut(node.as_str()) else {
                continue;
            };
            for (sum, amount) in load.taken.iter_mut().zip(needs(template)) {
                *sum += amount;
            }
            load.ports
                .extend(host_ports(template).map(|port| (port, name)));
        }
    }
    loads
}
