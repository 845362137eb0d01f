//! The filter and the view a list had, while a page below it is open: whoever comes back finds the list as it was.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;

use super::picture;
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
    /// The name of the view it had; empty for its table.
    view: &'static str,
}

thread_local! {
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
    static FOLLOWS: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the filter and the view of a list that is left for a page below it.
pub(super) fn leave(address: &'static str, filter: String, view: &'static str) {
    let path = Router::the().address_now().path;
    if path.len() < 2 || path[0] != address {
        return;
    }
    let left = Left {
        profile: profile(),
        address,
        filter,
        view,
    };
    LEFT.with_borrow_mut(|known| *known = Some(left));
}

/// Gives a list that is opened without a filter and a view those it had, as long as only pages below it were
/// open since.
pub(super) fn come_back(address: &'static str) {
    follow();
    let left = LEFT.with_borrow_mut(Option::take);
    let here = Router::the().address_now();
    let left = left.filter(|left| left.address == address && left.profile == profile());
    let is_bare = here.get("filter").is_none() && here.get(picture::VIEW).is_none();
    if let Some(left) = left.filter(|_| here.path == [address] && is_bare) {
        // Where neither is anything, the address stays as it is.
        router::replace(
            here.with("filter", &left.filter)
                .with(picture::VIEW, left.view),
        );
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
