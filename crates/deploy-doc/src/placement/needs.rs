//! What instances ask of a node.

use ief_api::container::{Amounts, Resources};
use ief_api::deployment::{Container, PodTemplate};
use serde::{Deserialize, Serialize};

use crate::surroundings::Node;

/// What is asked of a node and can run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// CPU cores.
    Cpu,
    /// Memory in MB.
    Memory,
    /// GPU memory in MB.
    Gpu,
    /// NPUs.
    Npu,
}

impl Amount {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cpu, Self::Memory, Self::Gpu, Self::Npu];

    /// Its field in limits and requests.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Gpu => "gpu",
            Self::Npu => "npu",
        }
    }

    /// How much of it is written.
    #[must_use]
    pub fn of(self, amounts: &Amounts) -> Option<f64> {
        let text = match self {
            Self::Cpu => &amounts.cpu,
            Self::Memory => &amounts.memory,
            Self::Gpu => &amounts.gpu,
            Self::Npu => &amounts.npu,
        };
        let number: f64 = text.as_deref()?.trim().parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// How much of it a node has.
    #[must_use]
    pub const fn has(self, node: &Node) -> Option<f64> {
        match self {
            Self::Cpu => node.cpu,
            Self::Memory => node.memory,
            Self::Gpu => node.gpu,
            Self::Npu => node.npu,
        }
    }
}

/// What one instance asks for: its containers together, or the one before them that asks for more.
pub(crate) fn needs(template: &PodTemplate) -> [f64; 4] {
    let asked =
        |container: &Container| Amount::ALL.map(|it| asked(container.resources.as_ref(), it));
    let together = template.containers.iter().map(asked);
    let together = together.fold([0.0; 4], |sum, it| {
        std::array::from_fn(|place| sum[place] + it[place])
    });
    let before = template.init_containers.iter().map(asked);
    before.fold(together, |most, it| {
        std::array::from_fn(|place| f64::max(most[place], it[place]))
    })
}

/// What is set aside for a container: what it requests, or else its limit.
fn asked(resources: Option<&Resources>, amount: Amount) -> f64 {
    let side = |amounts: Option<&Amounts>| amounts.and_then(|it| amount.of(it));
    let requests = side(resources.and_then(|it| it.requests.as_ref()));
    let limits = side(resources.and_then(|it| it.limits.as_ref()));
    requests.or(limits).unwrap_or(0.0).max(0.0)
}

/// Ports of the node that are taken by their numbers: those that are mapped.
pub(crate) fn host_ports(template: &PodTemplate) -> impl Iterator<Item = i64> {
    let configs = template.configs.as_ref();
    let on_host = configs.and_then(|it| it.host_network) == Some(true);
    let ports = template.all_containers().flat_map(|it| &it.ports);
    ports.filter_map(move |port| match on_host {
        // With the node's network a container listens at the node itself.
        true => port.container_port,
        false => port.host_port.filter(|it| *it > 0),
    })
}
