//! Which nodes of the seed belong to which group: those of a site to the group of the site.

use crate::seed::{Seed, Stream};
use crate::seeded_nodes::SITES;

const CITIES: [&str; 16] = [
    "Beijing",
    "Shanghai",
    "Guangzhou",
    "Shenzhen",
    "Chengdu",
    "Wuhan",
    "Xi'an",
    "Nanjing",
    "Hangzhou",
    "Chongqing",
    "Tianjin",
    "Suzhou",
    "Qingdao",
    "Zhengzhou",
    "Changsha",
    "Dalian",
];
/// How many nodes of a site are looked at for its group. A group is answered with all its nodes, so that in a
/// large fleet most nodes are in none.
const GROUPED: u64 = 40;

impl Seed {
    /// At how many sites nodes stand.
    pub(crate) fn sites(self) -> u64 {
        self.nodes.min(16)
    }

    /// A site and the city it is in.
    pub(crate) fn site(self, place: u64) -> (&'static str, &'static str) {
        let place = (place % 16) as usize;
        (SITES[place], CITIES[place])
    }

    /// The group of the place a node stands at. Some nodes are in no group.
    pub(crate) fn node_group(self, index: u64) -> Option<String> {
        self.is_grouped(index)
            .then(|| self.id(Stream::Group, index % 16).to_string())
    }

    fn is_grouped(self, index: u64) -> bool {
        index / 16 < GROUPED && !self.per_mille(Stream::Group, index, 150)
    }

    /// The nodes of the group of a site.
    pub(crate) fn group_nodes(self, place: u64) -> impl Iterator<Item = u64> {
        let rows = if place < self.sites() { GROUPED } else { 0 };
        let nodes = (0..rows).map(move |row| row * 16 + place);
        nodes.filter(move |node| *node < self.nodes && self.is_grouped(*node))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::seed::{Seed, Stream};

    #[test]
    fn both_directions_agree() {
        for nodes in [0, 5, 200, 10_000] {
            let seed = Seed::new(3, nodes, 0);
            let mut grouped = BTreeSet::new();
            for place in 0..20 {
                let id = seed.id(Stream::Group, place).to_string();
                for node in seed.group_nodes(place) {
                    assert_eq!(seed.node_group(node), Some(id.clone()));
                    assert!(grouped.insert(node));
                }
            }
            let own = (0..nodes).filter(|node| seed.node_group(*node).is_some());
            assert_eq!(grouped, own.collect(), "{nodes}");
        }
    }
}
