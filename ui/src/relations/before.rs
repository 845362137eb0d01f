//! What uses a thing, told on the sheet that would delete it.

use leptos::prelude::*;

use super::Side;
use super::follow::{Followed, follow};
use super::view::{link, more};
use crate::kit::ErrorNotice;
use crate::words::relations as texts;

/// Most that are named of each relation.
const NAMED: usize = 6;

/// What uses a thing that is about to be deleted. Nothing is shown where nothing uses it.
#[component]
pub fn BeforeDeletion(
    /// The kind of thing.
    kind: &'static str,
    /// Its identifier.
    id: String,
    /// Its name.
    name: String,
) -> AnyView {
    let (id, name) = (Signal::stored(id), Signal::stored(name));
    let followed = StoredValue::new(follow(kind, id, name, Side::UsedBy));
    let state = Memo::new(move |_| {
        followed.with_value(|all| {
            let waits = all
                .iter()
                .any(|it| it.others.with(Option::is_none) && it.error.with(Option::is_none));
            let in_use = |it: &&Followed| {
                it.others
                    .with(|others| others.as_ref().is_some_and(|others| others.count > 0))
            };
            let keeps = all.iter().filter(in_use).any(|it| it.relation.keeps);
            (waits, all.iter().any(|it| in_use(&it)), keeps)
        })
    });
    let groups = move || {
        let all = followed.with_value(Vec::clone);
        all.into_iter().map(group).collect_view()
    };
    let groups = groups();
    let errors = move || {
        followed.with_value(|all| {
            let failed = all.iter().filter(|it| it.others.with(Option::is_none));
            let first = failed.filter_map(|it| it.error.get()).next();
            first.map(|error| view! { <ErrorNotice error=error /> })
        })
    };
    view! {
        {move || state.get().0.then(|| view! { <p class="second" role="status">{texts::looking}</p> })}
        <div
            class="notice"
            class=("notice-bad", move || state.get().2)
            class=("notice-attention", move || !state.get().2)
            hidden=move || !state.get().1
        >
            <div class="notice-text">
                <p class="notice-what">
                    {move || if state.get().2 { texts::kept.get() } else { texts::in_use.get() }}
                </p>
                <dl class="relations-before">{groups}</dl>
            </div>
        </div>
        {errors}
    }
    .into_any()
}

/// What uses the thing in one way; nothing where there is none.
fn group(followed: Followed) -> impl IntoView {
    move || {
        let others = followed.others.get()?;
        if others.count == 0 {
            return None;
        }
        let named = others.first.iter().take(NAMED);
        let lines = named
            .map(|other| view! { <li>{link(followed, other)}</li> })
            .collect_view();
        let shown = others.first.len().min(NAMED);
        Some(view! {
            <dt>{followed.side.heading(followed.relation)}</dt>
            <dd><ul>{lines} {more(followed, others.count, shown)}</ul></dd>
        })
    }
}
