//! A kind of thing of which there are few: kept whole, in the order in which they were created.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::routes::Page;
use crate::world::occurs;

/// A thing with identifier and name.
pub(crate) trait Named {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

impl<R: ief_api::resource::Resource> Named for R {
    fn id(&self) -> &str {
        ief_api::resource::Resource::id(self)
    }
    fn name(&self) -> &str {
        ief_api::resource::Resource::name(self)
    }
}

/// All things of one kind.
#[derive(Debug)]
pub(crate) struct Store<T> {
    things: BTreeMap<u64, T>,
    next: u64,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self {
            things: BTreeMap::new(),
            next: 0,
        }
    }
}

impl<T: Named + Clone> Store<T> {
    pub(crate) fn len(&self) -> u64 {
        self.things.len() as u64
    }

    /// All of them, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.things.values()
    }

    /// The same, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.things.values_mut()
    }

    pub(crate) fn add(&mut self, thing: T) {
        self.things.insert(self.next, thing);
        self.next += 1;
    }

    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.things.values().find(|thing| thing.name() == name)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.things.values().find(|thing| thing.id() == id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.things.values_mut().find(|thing| thing.id() == id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let place = self.things.iter().find(|(_, thing)| thing.id() == id)?;
        let place = *place.0;
        self.things.remove(&place)
    }

    /// How many have this in their name, and those of one page, the newest first.
    pub(crate) fn page(&self, name: Option<&str>, page: Page) -> (i64, Vec<T>) {
        self.page_by(name, page, |_, _| Ordering::Equal)
    }

    /// The same in another order. What is equal in it stays with the newest first.
    pub(crate) fn page_by(
        &self,
        name: Option<&str>,
        page: Page,
        order: impl FnMut(&T, &T) -> Ordering,
    ) -> (i64, Vec<T>) {
        let part = name.unwrap_or_default().to_lowercase();
        self.select(page, |it| occurs(&part, it.name()), order)
    }

    /// How many pass a filter, and those of one page, the newest first.
    pub(crate) fn page_of(&self, page: Page, passes: impl Fn(&T) -> bool) -> (i64, Vec<T>) {
        self.select(page, passes, |_, _| Ordering::Equal)
    }

    /// How many pass a filter, and those of one page in an order. What is equal in it stays with the newest first.
    pub(crate) fn select(
        &self,
        page: Page,
        passes: impl Fn(&T) -> bool,
        mut order: impl FnMut(&T, &T) -> Ordering,
    ) -> (i64, Vec<T>) {
        let mut matching: Vec<&T> = self.iter().rev().filter(|it| passes(it)).collect();
        matching.sort_by(|a, b| order(a, b));
        cut(&matching, page)
    }
}

/// How many there are, and those of one page.
fn cut<T: Clone>(things: &[&T], page: Page) -> (i64, Vec<T>) {
    let start = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let rows = things.iter().skip(start).take(page.limit);
    let rows = rows.map(|it| (*it).clone()).collect();
    (things.len() as i64, rows)
}
