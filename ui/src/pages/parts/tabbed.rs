//! The tabs of a thing that is read whole, or why nothing is known of it.

use console_ipc::error::ErrorKind;
use leptos::prelude::*;

use crate::kit::{EmptyState, ErrorNotice, Glyph, Skeleton, Tab, Tabs, Text};
use crate::router;
use crate::table::Reading;
use crate::words::Word;

/// What is said of a thing that the service has no longer.
pub struct Gone {
    /// That it isn't there.
    pub title: Word,
    /// What may have become of it.
    pub text: Word,
    /// Its icon.
    pub glyph: Glyph,
    /// A verb that leads to its list.
    pub back: Word,
    /// Address of its list, as a link has it.
    pub list: &'static str,
}

/// The tabs with what is in the open one, by its name. Another reading may differ: what is open in a tab is not
/// drawn anew by it.
pub fn tabbed(
    reading: Reading,
    label: Word,
    tabs: Vec<Tab>,
    gone: &'static Gone,
    open: impl Fn(&str) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    let (tab, choose) = router::use_tab();
    let current = Memo::new(move |_| tab.get());
    let unread = Memo::new(move |_| reading.value.with(Option::is_none));
    let error = Memo::new(move |_| reading.error.get());
    let is_gone = move || {
        error.with(|error| {
            let kind = error.as_ref().map(|error| &error.kind);
            kind == Some(&ErrorKind::NotFound)
        })
    };
    let body = move || open(&current.get());
    let shown = move || match (unread.get(), is_gone()) {
        (true, true) => view! {
            <EmptyState
                title=gone.title
                text=gone.text
                glyph=gone.glyph
                action=(Text::from(gone.back), Callback::new(|()| router::go(gone.list)))
            />
        }
        .into_any(),
        (true, false) if error.with(Option::is_some) => ().into_any(),
        (true, false) => view! { <Skeleton lines=8 /> }.into_any(),
        (false, _) => view! { {body} }.into_any(),
    };
    let failed = move || {
        let error = error.get().filter(|_| !(unread.get() && is_gone()))?;
        Some(view! { <ErrorNotice error=error on_retry=move || reading.reload() /> })
    };
    view! {
        <Tabs label=label tabs=tabs current=tab on_choose=choose />
        <div class="thing-body" role="tabpanel">{failed} {shown}</div>
    }
    .into_any()
}
