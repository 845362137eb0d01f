//! A thing in the middle, what uses it on one side, what it uses on the other.

use leptos::prelude::*;

use super::follow::{Followed, follow};
use super::{Other, Side};
use crate::kit::{ErrorNotice, Skeleton, icon};
use crate::pages;
use crate::router::Address;
use crate::words::relations as texts;

/// What a thing uses and what uses it, each with a link.
#[component]
pub fn Relations(
    /// The kind of thing.
    kind: &'static str,
    /// Its identifier.
    #[prop(into)]
    id: Signal<String>,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
) -> AnyView {
    let column = move |side: Side, title: crate::words::Word| {
        let followed = follow(kind, id, name, side);
        (!followed.is_empty()).then(|| {
            let groups = followed.into_iter().map(group).collect_view();
            let class = match side {
                Side::UsedBy => "relations-side relations-users",
                Side::Uses => "relations-side relations-used",
            };
            view! { <section class=class><h2>{title}</h2>{groups}</section> }
        })
    };
    let glyph = pages::of_kind(kind).map(|page| icon(page.glyph));
    view! {
        <div class="relations">
            {column(Side::UsedBy, texts::used_by)}
            <div class="relations-thing">{glyph} <span class="cut">{move || name.get()}</span></div>
            {column(Side::Uses, texts::uses)}
        </div>
    }
    .into_any()
}

/// The same, as a part of a page that has no tabs.
pub fn part(
    kind: &'static str,
    id: Signal<String>,
    name: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> AnyView {
    let name = Signal::derive(name);
    view! {
        <section class="thing-part">
            <h2>{texts::tab}</h2>
            <Relations kind=kind id=id name=name />
        </section>
    }
    .into_any()
}

/// The others of one relation below their heading.
fn group(followed: Followed) -> AnyView {
    let count = Memo::new(move |_| {
        followed
            .others
            .with(|others| others.as_ref().map(|it| it.count))
    });
    let empty = Memo::new(move |_| count.get() == Some(0));
    view! {
        <div class="relations-group" class=("relations-none", empty)>
            <h3>
                {move || followed.side.heading(followed.relation)}
                <span class="count">{move || count.get().map(crate::format::count)}</span>
            </h3>
            {move || match (followed.others.get(), followed.error.get()) {
                (Some(others), _) => {
                    let lines = others.first.iter().map(|other| {
                        view! { <li>{link(followed, other)}</li> }
                    });
                    let lines = lines.collect_view();
                    view! { <ul>{lines} {more(followed, others.count, others.first.len())}</ul> }.into_any()
                }
                (None, Some(error)) => view! { <ErrorNotice error=error /> }.into_any(),
                (None, None) => view! { <Skeleton lines=1 /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The name of one, which leads to its page.
pub(super) fn link(followed: Followed, other: &Other) -> AnyView {
    let kind = followed.side.other(followed.relation);
    let name = other.name.clone();
    match (&other.id, pages::of_kind(kind)) {
        (Some(id), Some(page)) => {
            let href = Address::new([page.address, id]).to_string();
            view! { <a class="cut" href=href>{icon(page.glyph)} {name}</a> }.into_any()
        }
        (Some(_), None) => view! { <span class="cut selectable">{name}</span> }.into_any(),
        (None, _) => {
            view! { <span class="cut relations-missing">{move || texts::missing(&name)}</span> }
                .into_any()
        }
    }
}

/// How many more there are than are named, with the list of them all.
pub(super) fn more(followed: Followed, count: u64, named: usize) -> Option<AnyView> {
    let named = u64::try_from(named).unwrap_or(u64::MAX);
    let left = count.checked_sub(named).filter(|left| *left > 0)?;
    let words = move || texts::more(left);
    let page = pages::of_kind(followed.side.other(followed.relation));
    let body = match (page, followed.filter.get()) {
        (Some(page), Some(filter)) => {
            let href = Address::new([page.address])
                .with("filter", &filter)
                .to_string();
            view! { <a href=href>{words}</a> }.into_any()
        }
        _ => view! { <span class="second">{words}</span> }.into_any(),
    };
    Some(view! { <li>{body}</li> }.into_any())
}
