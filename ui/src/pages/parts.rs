//! What several pages are made of: the head of a page, what it reads by itself, small tables.

use std::collections::BTreeMap;

use console_ipc::IpcError;
use ief_api::operation::Call;
use leptos::prelude::*;
use serde_json::Value;

use crate::kit::{ErrorNotice, Fact, Facts, Glyph, Skeleton, Text, icon};
use crate::table::Reading;
use crate::words::Word;

mod body_text;
mod bulk_tags;
mod certificates;
mod chosen;
mod edition;
mod entries;
mod handed;
mod leaving;
mod pairs;
mod quota_left;
mod referred;
mod rows;
mod saved;
mod tabbed;
mod tags;

pub use crate::table::Asked;
pub use body_text::{BodyText, read_body};
pub use bulk_tags::BULK_TAGS;
pub use certificates::{Certificates, Holder, Way};
pub use chosen::{ChosenField, ids_of, names_of, some_names};
pub use edition::{is_professional, platinum_only};
pub use entries::{Entries, EntryDraft, EntryEditor, Holds, Item};
pub use handed::{hand, take_handed};
pub use leaving::Leaving;
pub use pairs::{Pair, PairRules, Pairs, pairs_body, read_pairs};
pub use referred::Referred;
pub use rows::{AddRow, Rows, focus_last, row_list};
pub use saved::{SavedTo, save, saved_banner};
pub use tabbed::{Gone, tabbed};
pub use tags::{tag_list, tags_part};

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
pub fn read(call: Call, field: &'static str) -> Reading {
    Reading::of(Signal::stored(Some(call)), field)
}

/// What is known of a thing and why no more is, as one that changes only when either is another: a refresh that
/// brings nothing new draws nothing.
pub fn known(reading: Reading) -> Memo<(Option<Value>, Option<IpcError>)> {
    Memo::new(move |_| (reading.value.get(), reading.error.get()))
}

/// The first answer. Later ones don't change it.
pub fn first_of(reading: Reading) -> Memo<Option<Value>> {
    Memo::new(move |known: Option<&Option<Value>>| {
        known.cloned().flatten().or_else(|| reading.value.get())
    })
}

/// A form that begins with what is read. It is drawn once, of the first answer: whatever a refresh brings later,
/// an error too, leaves alone what is typed.
pub fn form_of(
    first: Memo<Option<Value>>,
    reading: Reading,
    form: impl Fn(&Value) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let there = Memo::new(move |_| first.with(Option::is_some));
    let error = Memo::new(move |_| match there.get() {
        true => None,
        false => reading.error.get(),
    });
    let body = move || match (there.get(), error.get()) {
        (true, _) => first
            .with_untracked(|thing| thing.as_ref().map(&form))
            .into_any(),
        (false, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move |()| reading.reload() /> }.into_any()
        }
        (false, None) => view! { <Skeleton lines=8 /> }.into_any(),
    };
    view! { {body} }.into_any()
}

/// The page of a form: where it belongs, its title, the form.
pub fn form_page(back: (&str, impl Into<Text>), title: impl Into<Text>, body: AnyView) -> AnyView {
    let (href, name) = (back.0.to_owned(), back.1.into());
    let title = title.into();
    view! {
        <div class="page-body">
            <a class="page-crumb" href=href>{icon(Glyph::ArrowLeft)} {name.view()}</a>
            <div class="page-head"><h1 class="cut">{title.view()}</h1></div>
            {quota_left::quota_left()}
            {body}
        </div>
    }
    .into_any()
}

/// The page of one thing: where it belongs, its title with its state, what can be done, and the rest.
pub fn thing_page(
    back: (&str, impl Into<Text>),
    title: impl Into<Text>,
    actions: AnyView,
    body: AnyView,
) -> AnyView {
    let (href, name) = (back.0.to_owned(), back.1.into());
    let title = title.into();
    view! {
        <div class="thing">
            <header class="thing-head">
                <a class="page-crumb" href=href>{icon(Glyph::ArrowLeft)} {name.view()}</a>
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

/// A column of a plain table: its heading, and whether it holds numbers.
pub type Heading = (Word, bool);

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
