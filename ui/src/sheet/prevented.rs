//! The sheet of a change that can't be sent as things are.

use std::sync::Arc;

use leptos::prelude::*;

use super::change::Change;
use super::host::focus_sheet;
use crate::kit::{Button, Look};
use crate::words::sheet as texts;

/// What stands in the way, each with a link to where it is removed. Nothing can be sent from here.
#[component]
pub(super) fn Prevented(
    /// The change.
    change: Arc<Change>,
    /// Closes the sheet.
    on_close: Callback<()>,
) -> AnyView {
    focus_sheet();
    let obstacles = change
        .obstacles
        .clone()
        .into_iter()
        .map(|obstacle| {
            view! {
                <li>
                    <a href=obstacle.page on:click=move |_| on_close.run(())>{obstacle.what.view()}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="notice notice-attention" role="alert">
            <div class="notice-text">
                <p class="notice-what">{change.sentence.clone().view()}</p>
                <ul class="sheet-breaks">{obstacles}</ul>
            </div>
        </div>
        <div class="dialog-actions sheet-actions">
            <Button label=texts::close look=Look::Primary on_press=move || on_close.run(()) />
        </div>
    }
    .into_any()
}
