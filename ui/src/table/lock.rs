//! What a list offers while nothing can be changed: its buttons say so, and one unlocks.

use leptos::prelude::*;

use crate::kit::{Button, Glyph, Look};
use crate::shell::unlock;
use crate::state::App;
use crate::words;

/// Whether nothing can be changed now. Tracked.
pub(super) fn is_locked() -> bool {
    !App::expect().can_write()
}

/// Why a button that changes something can't be pressed; empty when it can. Tracked.
pub(super) fn locked_hint() -> &'static str {
    match is_locked() {
        true => words::table::locked_hint.get(),
        false => "",
    }
}

/// Unlocks writing. Not there while writing is unlocked.
#[component]
pub(super) fn UnlockButton() -> AnyView {
    let locked = Memo::new(|_| is_locked());
    view! {
        {move || locked.get().then(|| view! {
            <Button
                label=words::guard::unlock
                look=Look::Quiet
                glyph=Glyph::Unlock
                on_press=unlock::ask
            />
        })}
    }
    .into_any()
}
