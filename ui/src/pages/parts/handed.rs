//! Rows selected on one page and handed to the form of another, where an address would be too long for them.

use std::cell::RefCell;

use console_ipc::bulk::Selection;

thread_local! {
    static HANDED: RefCell<Option<(&'static str, Selection)>> = const { RefCell::new(None) };
}

/// Hands over a selection of a kind. The page that is gone to next takes it.
pub fn hand(kind: &'static str, selection: Selection) {
    HANDED.with(|handed| handed.replace(Some((kind, selection))));
}

/// Takes what was handed over. What is of another kind is dropped: it was meant for nobody here.
pub fn take_handed(kind: &str) -> Option<Selection> {
    let handed = HANDED.with(RefCell::take);
    handed
        .filter(|(known, _)| *known == kind)
        .map(|(_, selection)| selection)
}
