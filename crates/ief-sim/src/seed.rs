//! Where the world comes from: pure functions of a seed and an index.
//!
//! Nothing here is stored. A fleet of a million costs what was changed in it, and the same seed gives the
//! same fleet every time.

use uuid::Uuid;

/// Nodes that share their devices: devices of a group are bound to nodes of the same group, so that both
/// directions can be computed without an index.
pub(crate) const GROUP: u64 = 16;

/// Independent sequences of numbers, so that no two facts about a thing hang together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Stream {
    Account = 1,
    Node,
    NodeState,
    NodeFacts,
    NodeTags,
    Deployment,
    NodeCertificate,
    NodeHistory,
    Device,
    DeviceBinding,
    DeviceFacts,
    DeviceTwin,
    Template,
    Group,
    Log,
    Lifecycle,
    Extra,
    Messages,
    Pod,
    Product,
}

/// The seed with the size of the fleet it describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed {
    key: u64,
    /// Nodes at the start.
    pub(crate) nodes: u64,
    /// Devices at the start.
    pub(crate) devices: u64,
}

impl Seed {
    pub(crate) fn new(seed: u64, nodes: u64, devices: u64) -> Self {
        Self {
            key: mix(seed ^ 0x5EED_0F1E_ED6E_C10D),
            nodes,
            devices,
        }
    }

    /// A number that looks random and is always the same.
    pub(crate) fn number(self, stream: Stream, index: u64) -> u64 {
        mix(self.key ^ mix(index.wrapping_add((stream as u64) << 56)))
    }

    /// One of `choices`, all equally often.
    pub(crate) fn choose<T: Copy>(self, stream: Stream, index: u64, choices: &[T]) -> T {
        let number = self.number(stream, index) % choices.len() as u64;
        choices[number as usize]
    }

    /// Whether the thing belongs to the first `share` of a thousand.
    pub(crate) fn per_mille(self, stream: Stream, index: u64, share: u64) -> bool {
        self.number(stream, index) % 1000 < share
    }

    /// The identifier of a thing. [`Self::index`] is its inverse.
    pub(crate) fn id(self, stream: Stream, index: u64) -> Uuid {
        let hidden = self.permute(stream, index, &[0, 1, 2, 3]);
        let check = self.number(stream, index ^ (1 << 55));
        let high = (check & 0xFFFF_FFFF) << 32 | (hidden >> 32) << 16 | 0x4000 | (check >> 52);
        let low = 0x8000_0000_0000_0000
            | ((check >> 34) & 0x3FFF) << 48
            | (hidden & 0xFFFF_FFFF) << 16
            | (check >> 36) & 0xFFFF;
        Uuid::from_u64_pair(high, low)
    }

    /// The index of a thing by its identifier. `None` when it is no identifier of this stream.
    pub(crate) fn index(self, stream: Stream, id: &str) -> Option<u64> {
        let parsed = Uuid::try_parse(id).ok()?;
        // Of the ways in which one can be written the service knows its own only: another would be another thing.
        if parsed.hyphenated().encode_lower(&mut Uuid::encode_buffer()) != id {
            return None;
        }
        let (high, low) = parsed.as_u64_pair();
        let hidden = ((high >> 16) & 0xFFFF) << 32 | (low >> 16) & 0xFFFF_FFFF;
        let index = self.permute(stream, hidden, &[3, 2, 1, 0]);
        (self.id(stream, index) == parsed).then_some(index)
    }

    /// The nodes of a device group, which bind only devices of [`Self::devices_of_group`].
    fn nodes_of_group(self, group: u64) -> std::ops::Range<u64> {
        group * GROUP..((group + 1) * GROUP).min(self.nodes)
    }

    fn groups(self) -> u64 {
        self.nodes.div_ceil(GROUP)
    }

    fn devices_of_group(self, group: u64) -> std::ops::Range<u64> {
        let groups = u128::from(self.groups());
        // Both factors fit in 64 bits, so the product fits in 128 and the quotient in 64 again.
        let border = |group: u64| (u128::from(group) * u128::from(self.devices) / groups) as u64;
        border(group)..border(group + 1)
    }

    /// The node to which a device is bound at the start.
    pub(crate) fn home(self, device: u64) -> Option<u64> {
        if self.nodes == 0 || device >= self.devices {
            return None;
        }
        let number = self.number(Stream::DeviceBinding, device);
        // Some devices stand in the store room.
        if number % 100 < 12 {
            return None;
        }
        // The last group that begins at or before the device: groups begin at ⌊group × devices ÷ groups⌋.
        let (groups, devices) = (u128::from(self.groups()), u128::from(self.devices));
        let group = ((u128::from(device) + 1) * groups).div_ceil(devices) as u64 - 1;
        let nodes = self.nodes_of_group(group);
        Some(nodes.start + (number >> 8) % (nodes.end - nodes.start))
    }

    /// The devices bound to a node at the start, in ascending order.
    pub(crate) fn devices_of(self, node: u64) -> impl Iterator<Item = u64> {
        let devices = if node < self.nodes {
            self.devices_of_group(node / GROUP)
        } else {
            0..0
        };
        devices.filter(move |device| self.home(*device) == Some(node))
    }

    /// A permutation of 48-bit numbers: four rounds of a Feistel network.
    fn permute(self, stream: Stream, value: u64, rounds: &[u64; 4]) -> u64 {
        const HALF: u64 = (1 << 24) - 1;
        let (mut left, mut right) = ((value >> 24) & HALF, value & HALF);
        let backwards = rounds[0] != 0;
        for round in rounds {
            let key = mix(self.key ^ (stream as u64) << 8 ^ round);
            if backwards {
                (left, right) = (right ^ (mix(key ^ left) & HALF), left);
            } else {
                (left, right) = (right, left ^ (mix(key ^ right) & HALF));
            }
        }
        left << 24 | right
    }
}

/// The finaliser of SplitMix64: every bit of the input changes half the bits of the output.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Seed, Stream};
    use std::collections::BTreeSet;

    #[test]
    fn identifiers_lead_back_to_their_index() {
        let seed = Seed::new(7, 1_000_000, 0);
        let mut seen = BTreeSet::new();
        for index in (0..1_000_000).step_by(997).chain([1 << 40]) {
            let id = seed.id(Stream::Node, index);
            assert_eq!(id.get_version_num(), 4);
            assert!(seen.insert(id));
            assert_eq!(seed.index(Stream::Node, &id.to_string()), Some(index));
            assert_eq!(seed.index(Stream::Device, &id.to_string()), None);
        }
    }

    #[test]
    fn foreign_identifiers_lead_nowhere() {
        let seed = Seed::new(7, 10, 0);
        for id in ["", "x", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(seed.index(Stream::Node, id), None, "{id}");
        }
    }

    #[test]
    fn both_directions_of_the_bindings_agree() {
        for (nodes, devices) in [
            (0, 5),
            (1, 0),
            (1, 7),
            (16, 24),
            (200, 300),
            (33, 1000),
            (1000, 17),
        ] {
            let seed = Seed::new(3, nodes, devices);
            let mut bound = 0;
            for node in 0..nodes {
                for device in seed.devices_of(node) {
                    assert_eq!(seed.home(device), Some(node));
                    bound += 1;
                }
            }
            let homes = (0..devices).filter(|d| seed.home(*d).is_some()).count();
            assert_eq!(bound, homes, "{nodes} nodes, {devices} devices");
        }
    }

    #[test]
    fn another_seed_is_another_fleet() {
        let (one, two) = (Seed::new(1, 10, 0), Seed::new(2, 10, 0));
        assert_eq!(
            one.id(Stream::Node, 0),
            Seed::new(1, 99, 5).id(Stream::Node, 0)
        );
        assert_ne!(one.id(Stream::Node, 0), two.id(Stream::Node, 0));
    }
}
