//! A kind of thing of which there are few: kept whole, in the order in which they were created.

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
        let part = name.unwrap_or_default().to_lowercase();
        let matching = || {
            self.things
                .values()
                .rev()
                .filter(|t| occurs(&part, t.name()))
        };
        let start = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let rows = matching().skip(start).take(page.limit).cloned().collect();
        (matching().count() as i64, rows)
    }
}
