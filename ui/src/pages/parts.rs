//! What several pages are made of: the head of a page, what it reads by itself, small tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use console_ipc::error::ErrorKind;
use ief_api::operation::Call;
use leptos::prelude::*;
use serde_json::Value;

use crate::kit::{EmptyState, ErrorNotice, Fact, Facts, Glyph, Skeleton, Text, icon};
use crate::router;
use crate::table::Reading;

mod asked;
mod entries;
mod rows;

pub use asked::Asked;
pub use entries::{Entries, EntryDraft, EntryEditor, Holds};
pub use rows::Rows;

/// A call of an operation with its parameters.
pub fn call_of(operation: &str, path: &[(&str, &str)], query: &[(&str, &str)]) -> Call {
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    Call {
        operation: operation.to_owned(),
        path: BTreeMap::from_iter(owned(path)),
        query: owned(query),
        body: None,
    }
}

/// Follows a call that stays the same.
pub fn read(call: Call, field: &'static str, kind: &'static str) -> Reading {
    Reading::of(Signal::stored(Some(call)), field, kind)
}

/// The page of a form: where it belongs, its title, the form.
pub fn form_page(
    back: (&'static str, fn() -> &'static str),
    title: impl Into<Text>,
    body: AnyView,
) -> AnyView {
    let (href, name) = back;
    let title = title.into();
    view! {
        <div class="page-body">
            <a class="page-crumb" href=href>{icon(Glyph::ArrowLeft)} {name}</a>
            <div class="page-head"><h1 class="cut">{title.view()}</h1></div>
            {body}
        </div>
    }
    .into_any()
}

/// The page of one thing: where it belongs, its title with its state, what can be done, and the rest.
pub fn thing_page(
    back: (&'static str, fn() -> &'static str),
    title: impl Into<Text>,
    actions: AnyView,
    body: AnyView,
) -> AnyView {
    let (href, name) = back;
    let title = title.into();
    view! {
        <div class="thing">
            <header class="thing-head">
                <a class="page-crumb" href=href>{icon(Glyph::ArrowLeft)} {name}</a>
                <div class="row row-wrap">
                    <h1 class="cut selectable">{title.view()}</h1>
                    {actions}
                </div>
            </header>
            {body}
        </div>
    }
    .into_any()
}

/// A part of what is shown of a thing, below its heading.
pub fn part(title: impl Into<Text>, body: AnyView) -> AnyView {
    let title = title.into();
    view! { <section class="thing-part"><h2>{title.view()}</h2>{body}</section> }.into_any()
}

/// Names with values.
pub fn fact_list(lines: Vec<(Text, AnyView)>) -> AnyView {
    let lines = lines
        .into_iter()
        .map(|(label, value)| view! { <Fact label=label>{value}</Fact> })
        .collect_view();
    view! { <Facts>{lines}</Facts> }.into_any()
}

/// A part that is drawn anew whenever a signal in it changes. Whatever draws it is called through a pointer,
/// so that it costs the window its own code and no more.
pub fn live(draw: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    fn erased(draw: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
        (move || draw()).into_any()
    }
    erased(Box::new(draw))
}

/// What stands in the place of something that was not read yet, or could not be. Tracked.
pub fn not_yet(reading: Reading, lines: usize) -> AnyView {
    match reading.error.get() {
        Some(error) => {
            view! { <ErrorNotice error=error on_retry=move || reading.reload() /> }.into_any()
        }
        None => view! { <Skeleton lines=lines /> }.into_any(),
    }
}

/// The page of a form that begins with what is there. It is read once: what is typed is not overwritten by
/// what comes later.
pub fn edit_page(
    back: (&'static str, fn() -> &'static str),
    reading: Reading,
    title: impl Fn(&Value) -> String + Send + Sync + 'static,
    form: impl Fn(&Value) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let thing = Memo::new(move |known: Option<&Option<Value>>| {
        known.cloned().flatten().or_else(|| reading.value.get())
    });
    let title = move || {
        thing
            .with(|thing| thing.as_ref().map(&title))
            .unwrap_or_default()
    };
    let body = live(move || match thing.get() {
        Some(thing) => form(&thing),
        None => not_yet(reading, 6),
    });
    form_page(back, title, body)
}

/// What is said of a thing that the service doesn't know any more.
pub struct Gone {
    /// What isn't there.
    pub title: fn() -> &'static str,
    /// Why that may be.
    pub text: fn() -> &'static str,
    /// Its icon.
    pub glyph: Glyph,
    /// A verb: "Show all devices".
    pub back: fn() -> &'static str,
    /// Address of the list.
    pub list: &'static str,
}

/// A thing as far as it is read: what is known of it, above it why that is old; or why nothing is. Tracked.
pub fn shown(reading: Reading, gone: &'static Gone, draw: &dyn Fn(&Value) -> AnyView) -> AnyView {
    let missing = reading.error.with(|error| {
        error
            .as_ref()
            .is_some_and(|error| error.kind == ErrorKind::NotFound)
    });
    match reading.value.get() {
        Some(thing) => {
            let failed = reading
                .error
                .with(Option::is_some)
                .then(|| not_yet(reading, 0));
            view! { {failed} {draw(&thing)} }.into_any()
        }
        None if missing => {
            let back = Callback::new(|()| router::go(gone.list));
            view! {
                <EmptyState title=gone.title text=gone.text glyph=gone.glyph action=(Text::from(gone.back), back) />
            }
            .into_any()
        }
        None => not_yet(reading, 8),
    }
}

/// A line for each number, kept while others come and go.
fn keyed(numbers: Signal<Vec<u32>>, line: Arc<dyn Fn(u32) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || numbers.get() key=|number| *number children=move |number| line(number) /> }
        .into_any()
}

/// A column of a plain table: its heading, and whether it holds numbers.
pub type Heading = (fn() -> &'static str, bool);

/// A plain table of what is known whole: no more rows than people read.
pub fn plain_table(
    caption: impl Into<Text>,
    headings: &[Heading],
    rows: Vec<Vec<AnyView>>,
) -> AnyView {
    let caption = caption.into();
    let head = headings
        .iter()
        .map(
            |(heading, number)| view! { <th scope="col" class=("number", *number)>{*heading}</th> },
        )
        .collect_view();
    let numbers: Vec<bool> = headings.iter().map(|(_, number)| *number).collect();
    let body = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .enumerate()
                .map(|(at, cell)| {
                    let number = numbers.get(at).copied().unwrap_or_default();
                    if at == 0 {
                        view! { <th scope="row">{cell}</th> }.into_any()
                    } else {
                        view! { <td class=("number", number)>{cell}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="simple">
            <caption class="unseen">{caption.view()}</caption>
            <thead><tr>{head}</tr></thead>
            <tbody>{body}</tbody>
        </table>
    }
    .into_any()
}
