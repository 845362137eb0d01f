//! The filter a list had, while a page below it is open: whoever comes back finds the list as it was.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;

use crate::router::{self, Router};
use crate::state::App;

/// A list that was left.
struct Left {
    /// The profile whose rows it listed.
    profile: Option<String>,
    /// Address of the list: `nodes`.
    address: &'static str,
    /// Its filter as it is typed.
    filter: String,
}

thread_local! {
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
    static FOLLOWS: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the filter of a list that is left for a page below it.
pub(super) fn leave(address: &'static str, filter: String) {
    let path = Router::the().address_now().path;
    if path.len() < 2 || path[0] != address {
        return;
    }
    let left = Left {
        profile: profile(),
        address,
        filter,
    };
    LEFT.with_borrow_mut(|known| *known = Some(left));
}

/// Gives a list that is opened without a filter the one it had, as long as only pages below it were open
/// since.
pub(super) fn come_back(address: &'static str) {
    follow();
    let left = LEFT.with_borrow_mut(Option::take);
    let here = Router::the().address_now();
    let filter = left
        .filter(|left| left.address == address && left.profile == profile())
        .map(|left| left.filter)
        .unwrap_or_default();
    if here.path == [address] && here.get("filter").is_none() && !filter.is_empty() {
        router::replace(here.with("filter", &filter));
    }
}

fn profile() -> Option<String> {
    App::expect()
        .session
        .with_untracked(|session| session.profile_id.clone())
}

/// Forgets the list as soon as a page is open that isn't below it.
fn follow() {
    if FOLLOWS.replace(true) {
        return;
    }
    // It outlives the list that started it, so it belongs to the window.
    let mut owner = Owner::current();
    while let Some(above) = owner.as_ref().and_then(Owner::parent) {
        owner = Some(above);
    }
    let Some(owner) = owner else { return };
    owner.with(|| {
        Effect::new(|_| {
            let path = Router::the().address().path;
            LEFT.with_borrow_mut(|left| {
                if left
                    .as_ref()
                    .is_some_and(|left| path.first().is_none_or(|first| first != left.address))
                {
                    *left = None;
                }
            });
        });
    });
}
