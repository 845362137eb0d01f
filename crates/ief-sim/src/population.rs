//! A kind of thing of which most are as the seed made them, and some are not.

use std::collections::{BTreeMap, HashMap};

/// What is known of one kind of thing: how many the seed made, and what differs from that.
///
/// Things have indexes. Those below `seeded` come from the seed, the others were created later. Memory is
/// used for what was created, changed or removed only.
#[derive(Debug)]
pub(crate) struct Population<R> {
    seeded: u64,
    next: u64,
    removed: Vec<u64>,
    records: BTreeMap<u64, R>,
    names: HashMap<String, u64>,
}

impl<R> Population<R> {
    pub(crate) fn new(seeded: u64) -> Self {
        Self {
            seeded,
            next: seeded,
            removed: Vec::new(),
            records: BTreeMap::new(),
            names: HashMap::new(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        self.next - self.removed.len() as u64
    }

    /// Whether the thing is there.
    pub(crate) fn contains(&self, index: u64) -> bool {
        index < self.next && self.removed.binary_search(&index).is_err()
    }

    /// Whether the thing came from the seed, as opposed to having been created.
    pub(crate) fn is_seeded(&self, index: u64) -> bool {
        index < self.seeded
    }

    /// The index that the next thing gets.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// What differs from the seed. `None` for what the seed made and nobody changed.
    pub(crate) fn record(&self, index: u64) -> Option<&R> {
        self.records.get(&index)
    }

    /// The record of a thing that is there, made from the seed when it has none yet.
    pub(crate) fn record_mut(&mut self, index: u64, make: impl FnOnce() -> R) -> &mut R {
        self.records.entry(index).or_insert_with(make)
    }

    /// The record of a thing that has one.
    pub(crate) fn existing_mut(&mut self, index: u64) -> Option<&mut R> {
        self.records.get_mut(&index)
    }

    /// All records, in the order of their indexes.
    pub(crate) fn records(&self) -> impl Iterator<Item = (u64, &R)> {
        self.records.iter().map(|(index, record)| (*index, record))
    }

    /// How many records are kept, which is what the memory hangs on.
    pub(crate) fn kept(&self) -> usize {
        self.records.len() + self.removed.len()
    }

    /// Adds a thing with a name that nothing else has, and returns its index.
    pub(crate) fn add(&mut self, name: &str, record: R) -> u64 {
        let index = self.next;
        self.next += 1;
        self.names.insert(name.to_owned(), index);
        self.records.insert(index, record);
        index
    }

    /// Removes a thing that is there.
    pub(crate) fn remove(&mut self, index: u64, name: &str) {
        if let Err(position) = self.removed.binary_search(&index) {
            self.removed.insert(position, index);
        }
        self.records.remove(&index);
        if self.names.get(name) == Some(&index) {
            self.names.remove(name);
        }
    }

    /// A created thing by its name.
    pub(crate) fn created_named(&self, name: &str) -> Option<u64> {
        self.names.get(name).copied()
    }

    /// All indexes, the newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = u64> {
        self.newest_from(0)
    }

    /// All indexes, the newest first, without the first `skip`. Takes no longer for a large `skip`.
    pub(crate) fn newest_from(&self, skip: u64) -> impl Iterator<Item = u64> {
        let count = self.len().saturating_sub(skip);
        let end = if count == 0 {
            0
        } else {
            self.nth_oldest(count - 1) + 1
        };
        (0..end).rev().filter(|index| self.contains(*index))
    }

    /// All indexes, the oldest first, without the first `skip`.
    pub(crate) fn oldest_from(&self, skip: u64) -> impl Iterator<Item = u64> {
        let start = if skip < self.len() {
            self.nth_oldest(skip)
        } else {
            self.next
        };
        (start..self.next).filter(|index| self.contains(*index))
    }

    /// The index of the thing that `rank` others are older than. `rank` lies below [`Self::len`].
    fn nth_oldest(&self, rank: u64) -> u64 {
        // The k-th removed index has k removed before it, so `removed - k` things are before it.
        let skipped = {
            let (mut low, mut high) = (0, self.removed.len());
            while low < high {
                let middle = (low + high) / 2;
                if self.removed[middle] - middle as u64 <= rank {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        rank + skipped as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Population;

    #[test]
    fn pages_are_found_without_counting_through() {
        let mut things: Population<()> = Population::new(10);
        things.add("a", ());
        for index in [0, 3, 4, 9] {
            things.remove(index, "");
        }
        things.remove(4, "");
        let all: Vec<u64> = things.newest_first().collect();
        assert_eq!(all, [10, 8, 7, 6, 5, 2, 1]);
        assert_eq!(things.len(), 7);
        for skip in 0..9 {
            let from: Vec<u64> = things.newest_from(skip).collect();
            assert_eq!(from, all[all.len().min(skip as usize)..], "{skip}");
            let mut oldest: Vec<u64> = things.oldest_from(skip).collect();
            oldest.reverse();
            assert_eq!(
                oldest,
                all[..all.len().saturating_sub(skip as usize)],
                "{skip}"
            );
        }
    }

    #[test]
    fn names_are_free_again_after_removal() {
        let mut things = Population::new(0);
        let index = things.add("a", 1);
        assert_eq!(things.created_named("a"), Some(index));
        things.remove(index, "a");
        assert_eq!(things.created_named("a"), None);
        assert!(!things.contains(index));
        assert_eq!(things.record(index), None);
        assert_ne!(things.add("a", 2), index);
    }
}
