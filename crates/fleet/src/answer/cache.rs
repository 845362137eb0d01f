//! Answers that may serve again: while typing only the last term changes, while scrolling nothing does.

use std::sync::Arc;

use super::order::Key;
use super::plan::{IdTest, Test, TextMatch};
use super::{Matches, Question};
use crate::inventory::Generation;
use crate::store::bitmap::Bitmap;

/// At most so many of each are kept. A test takes 125 KB for a million rows, an answer and an order up to 4 MB.
const TESTS: usize = 32;
const ANSWERS: usize = 6;
const ORDERS: usize = 6;

/// The most recently used answers and their parts, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    tests: Vec<(Generation, Test, Arc<Bitmap>)>,
    answers: Vec<(Generation, Question, Arc<Matches>)>,
    orders: Vec<Order>,
}

/// All rows in an order, as of a version.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) generation: Generation,
    pub(crate) keys: Vec<Key>,
    pub(crate) rows: Arc<Vec<u32>>,
    /// Whether it was asked for since orders were last renewed.
    used: bool,
}

impl Order {
    pub(crate) fn new(generation: Generation, keys: &[Key], rows: Arc<Vec<u32>>) -> Self {
        Self {
            generation,
            keys: keys.to_vec(),
            rows,
            used: true,
        }
    }
}

impl Cache {
    /// Forgets what only versions before this one can use. Orders stay: they are mended.
    pub(crate) fn keep_from(&mut self, generation: Generation) {
        self.tests.retain(|(version, ..)| *version >= generation);
        self.answers.retain(|(version, ..)| *version >= generation);
    }

    pub(crate) fn test(&mut self, generation: Generation, test: &Test) -> Option<Arc<Bitmap>> {
        let found = self
            .tests
            .iter()
            .position(|(version, known, _)| *version == generation && known == test)?;
        Some(Arc::clone(&latest(&mut self.tests, found).2))
    }

    pub(crate) fn keep_test(&mut self, generation: Generation, test: &Test, rows: &Arc<Bitmap>) {
        keep(
            &mut self.tests,
            (generation, test.clone(), Arc::clone(rows)),
            TESTS,
        );
    }

    /// The rows of the narrowest test that every row of this one satisfies too.
    pub(crate) fn broader(&self, generation: Generation, test: &Test) -> Option<Arc<Bitmap>> {
        let broader = self
            .tests
            .iter()
            .filter(|(version, known, _)| *version == generation && is_broader(known, test));
        broader
            .map(|(_, _, rows)| rows)
            .min_by_key(|rows| rows.count())
            .cloned()
    }

    pub(crate) fn matches(
        &mut self,
        generation: Generation,
        question: &Question,
    ) -> Option<Arc<Matches>> {
        let found = self
            .answers
            .iter()
            .position(|(version, known, _)| *version == generation && known == question)?;
        Some(Arc::clone(&latest(&mut self.answers, found).2))
    }

    pub(crate) fn keep_matches(
        &mut self,
        generation: Generation,
        question: Question,
        matches: &Arc<Matches>,
    ) {
        keep(
            &mut self.answers,
            (generation, question, Arc::clone(matches)),
            ANSWERS,
        );
    }

    pub(crate) fn order(&mut self, keys: &[Key]) -> Option<Order> {
        let found = self.orders.iter().position(|order| order.keys == keys)?;
        Some(latest(&mut self.orders, found).clone())
    }

    /// The orders that were asked for since this was last called.
    pub(crate) fn take_used_orders(&mut self) -> Vec<Order> {
        let used = self
            .orders
            .iter()
            .filter(|order| order.used)
            .cloned()
            .collect();
        self.orders.iter_mut().for_each(|order| order.used = false);
        used
    }

    /// Keeps orders of a new version, not counting them as asked for, and forgets those that nobody asked for.
    pub(crate) fn renew_orders(&mut self, renewed: Vec<Order>) {
        self.orders.retain(|order| order.used);
        for order in renewed {
            self.keep_order(Order {
                used: false,
                ..order
            });
        }
    }

    /// Keeps an order in place of an older one with the same keys.
    pub(crate) fn keep_order(&mut self, order: Order) {
        if let Some(known) = self
            .orders
            .iter()
            .position(|known| known.keys == order.keys)
        {
            if self.orders[known].generation > order.generation {
                return;
            }
            self.orders.remove(known);
        }
        keep(&mut self.orders, order, ORDERS);
    }
}

/// Whether every row that satisfies `test` satisfies `known` too.
fn is_broader(known: &Test, test: &Test) -> bool {
    let (
        Test::Text {
            places: known_places,
            id: known_id,
            match_: TextMatch::Part,
            needles: known_needles,
        },
        Test::Text {
            places,
            id,
            match_: TextMatch::Part,
            needles,
        },
    ) = (known, test)
    else {
        return false;
    };
    // Longer words are looked for in identifiers, shorter ones are not: then the longer finds more.
    let ids_too = *id == IdTest::No
        || needles
            .iter()
            .all(|needle| !super::plan::may_begin_id(needle))
        || known_needles
            .iter()
            .all(|needle| super::plan::may_begin_id(needle));
    let implied = |needle: &String| {
        known_needles
            .iter()
            .any(|known| needle.starts_with(known.as_str()))
    };
    known_places == places && known_id == id && ids_too && needles.iter().all(implied)
}

fn latest<T>(entries: &mut Vec<T>, index: usize) -> &T {
    let entry = entries.remove(index);
    entries.push(entry);
    &entries[entries.len() - 1]
}

fn keep<T>(entries: &mut Vec<T>, entry: T, most: usize) {
    if entries.len() >= most {
        entries.remove(0);
    }
    entries.push(entry);
}
