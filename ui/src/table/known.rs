//! Names of things that rows of other lists name by their identifiers, as the host has told them.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// So many are kept. Beyond, all are forgotten: the next rows bring theirs again.
const MOST: usize = 10_000;

thread_local! {
    static NAMES: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Takes names over, and says whether any is news.
pub(super) fn note(names: BTreeMap<String, String>) -> bool {
    NAMES.with_borrow_mut(|known| {
        let news = names.iter().any(|(id, name)| known.get(id) != Some(name));
        if news {
            if known.len() + names.len() > MOST {
                known.clear();
            }
            known.extend(names);
        }
        news
    })
}

/// The name of a thing by its identifier.
pub(super) fn name(id: &str) -> Option<String> {
    NAMES.with_borrow(|known| known.get(id).cloned())
}

#[cfg(test)]
mod tests {
    use super::{name, note};

    #[test]
    fn only_other_names_are_news() {
        let names = |name: &str| [("1".to_owned(), name.to_owned())].into();
        assert_eq!(name("1"), None);
        assert!(note(names("gw")));
        assert!(!note(names("gw")));
        assert!(!note([].into()));
        assert!(note(names("gw-1")));
        assert_eq!(name("1").as_deref(), Some("gw-1"));
    }
}
