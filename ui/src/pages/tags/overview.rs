//! Keys and values of each kind, with how many things have them. The keys are the service's; the counts are those
//! of the inventory, which the lists behind the links show.

use std::collections::BTreeMap;

use console_ipc::inventory::{CountValues, CountsAnswer};
use console_ipc::query::{Filter, Op, Query, Term};
use leptos::prelude::*;
use serde_json::Value;

use super::{KINDS, Kind};
use crate::format;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Glyph, Look, SearchField, Skeleton, Text, icon, text_or_dash,
};
use crate::pages::parts::{Asked, Heading, plain_table, read};
use crate::state::App;
use crate::table::Reading;
use crate::table::reading::{list, text};
use crate::tagging::joined;
use crate::words::tags as texts;

/// Values of a key shown at first, and those shown more each time somebody wants to see them.
const VALUES: usize = 12;
const MORE: usize = 100;

/// Keys of a kind shown before somebody looks for one.
const KEYS: usize = 50;

/// How many things have each tag.
#[derive(Clone, PartialEq, Default)]
struct Counts {
    /// Things with any.
    things: u64,
    /// By tag, as the inventory writes it.
    by_tag: BTreeMap<String, u64>,
}

/// A key with its values, each with its count where that is known.
#[derive(Clone, PartialEq)]
struct Key {
    name: String,
    count: Option<u64>,
    values: Vec<(String, Option<u64>)>,
}

/// What is known of a kind.
#[derive(Clone, Copy)]
struct Known {
    kind: &'static Kind,
    reading: Reading,
    counts: RwSignal<Option<Counts>>,
    keys: Memo<Option<Vec<Key>>>,
}

/// The overview.
pub(super) fn view() -> AnyView {
    let wanted = RwSignal::new(String::new());
    let all = StoredValue::new(KINDS.iter().map(Known::new).collect::<Vec<_>>());
    let each = move || all.get_value().into_iter();
    let nothing = Memo::new(move |_| each().all(|it| it.keys.with(|keys| keys == &Some(vec![]))));
    let no_match = Memo::new(move |_| {
        let wanted = wanted.get().trim().to_lowercase();
        let none = |it: Known| it.matching(&wanted).is_some_and(|keys| keys.is_empty());
        !wanted.is_empty() && each().all(none)
    });
    let parts = each().map(|it| section(it, wanted)).collect_view();
    view! {
        {move || match nothing.get() {
            true => view! { <EmptyState title=texts::page::empty text=texts::page::empty_text glyph=Glyph::Tag /> }.into_any(),
            false => view! { <div class="tag-find"><SearchField label=texts::page::find value=wanted /></div> }.into_any(),
        }}
        {move || no_match.get().then(|| view! {
            <EmptyState title=texts::page::no_match text=texts::page::no_match_text glyph=Glyph::Search />
        })}
        <div class="stack tag-kinds" hidden=move || nothing.get() || no_match.get()>{parts}</div>
    }
    .into_any()
}

impl Known {
    fn new(kind: &'static Kind) -> Self {
        let reading = read(kind.call("list_tags_by_resource_type"), "tags");
        let freshness = App::expect().freshness(kind.kind);
        let asked = Asked::new(
            move || {
                // Read, not only tracked: a memo that was never read never tells.
                freshness.with(|_| ());
                CountValues {
                    resource: kind.kind.to_owned(),
                    columns: vec!["tag".to_owned()],
                    query: Query {
                        filter: Filter::of(Term {
                            column: Some("tag".to_owned()),
                            op: Op::Present,
                            values: Vec::new(),
                        }),
                        ..Query::default()
                    },
                }
            },
            counted,
        );
        let (value, counts) = (reading.value, RwSignal::new(None));
        Effect::new(move |_| {
            let known = asked.value.with(|known| known.clone().flatten());
            counts.set(known);
        });
        let keys = Memo::new(move |_| {
            value.with(|value| {
                let value = value.as_ref()?;
                let rows = value
                    .as_array()
                    .map_or_else(|| list(value, "tags"), Vec::as_slice);
                Some(counts.with(|counts| keys_of(rows, counts.as_ref())))
            })
        });
        Self {
            kind,
            reading,
            counts,
            keys,
        }
    }

    /// Keys that contain a text, and keys of which a value does, with these values only. Tracked.
    fn matching(self, wanted: &str) -> Option<Vec<Key>> {
        self.keys.with(|keys| {
            let keys = keys.as_ref()?.iter();
            let has = |text: &str| text.to_lowercase().contains(wanted);
            let fits = |key: &Key| {
                if wanted.is_empty() || has(&key.name) {
                    return Some(key.clone());
                }
                let values = key.values.iter().filter(|(value, _)| has(value));
                let values: Vec<_> = values.cloned().collect();
                (!values.is_empty()).then(|| Key {
                    values,
                    ..key.clone()
                })
            };
            Some(keys.filter_map(fits).collect())
        })
    }
}

/// The counts in an answer; none while the inventory is not complete.
fn counted(answer: CountsAnswer) -> Option<Counts> {
    answer.freshness.as_of_ms?;
    let by_tag = answer.counts.into_iter().next().unwrap_or_default();
    Some(Counts {
        things: answer.matched,
        by_tag: by_tag.into_iter().collect(),
    })
}

fn keys_of(rows: &[Value], counts: Option<&Counts>) -> Vec<Key> {
    let key = |row: &Value| {
        let name = text(row, "key")?;
        let values = list(row, "values").iter().filter_map(Value::as_str);
        let count = |value: &str| {
            let counts = counts?;
            Some(
                counts
                    .by_tag
                    .get(&joined(&name, value))
                    .copied()
                    .unwrap_or(0),
            )
        };
        let mut values: Vec<_> = values
            .map(|value| (value.to_owned(), count(value)))
            .collect();
        values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        Some(Key {
            // A thing has a key once, so its values share the things out.
            count: values.iter().map(|(_, count)| *count).sum(),
            name,
            values,
        })
    };
    let mut keys: Vec<Key> = rows.iter().filter_map(key).collect();
    keys.sort_by(|one, other| one.name.cmp(&other.name));
    keys
}

/// The keys of a kind.
fn section(known: Known, wanted: RwSignal<String>) -> AnyView {
    let Known { kind, reading, .. } = known;
    let keys = Memo::new(move |_| known.matching(&wanted.get().trim().to_lowercase()));
    let shown = RwSignal::new(KEYS);
    let head = move || {
        let things = known
            .counts
            .with(|counts| counts.as_ref().map(|it| it.things))?;
        let count = known.keys.with(|keys| keys.as_ref().map(Vec::len))?;
        let href = kind.list(None);
        (count > 0).then(|| {
            view! {
                <span class="second small">
                    {texts::page::keys(format::count(count as u64))} " · "
                    <a href=href>{texts::page::things(format::count(things))}</a>
                </span>
            }
        })
    };
    let failed = move || {
        let error = reading.error.get()?;
        Some(view! { <ErrorNotice error=error on_retry=move || reading.reload() /> })
    };
    let waits =
        Memo::new(move |_| keys.with(Option::is_none) && reading.error.with(Option::is_none));
    let table = move || {
        let keys = keys.get()?;
        if keys.is_empty() {
            return Some(view! { <p class="second">{texts::page::of_kind_none}</p> }.into_any());
        }
        let all = keys.len();
        let rows = keys
            .into_iter()
            .take(shown.get())
            .map(|key| line(kind, key))
            .collect();
        let headings: [Heading; 3] = [
            (texts::key, false),
            (texts::page::with_key, true),
            (texts::page::values, false),
        ];
        let left = all.saturating_sub(shown.get());
        let more = (left > 0).then(|| {
            let label = move || texts::page::more(format::count(left as u64));
            view! {
                <Button label=label look=Look::Quiet on_press=move || shown.update(|it| *it += MORE) />
            }
        });
        Some(view! { {plain_table(kind.title, &headings, rows)} {more} }.into_any())
    };
    // A kind without a match is no news while others have one.
    let hidden = move || {
        let wanted = !wanted.with(|wanted| wanted.trim().is_empty());
        wanted && keys.with(|keys| keys.as_ref().is_some_and(Vec::is_empty))
    };
    view! {
        <section class="thing-part tag-kind" hidden=hidden>
            <div class="row row-wrap">{icon(kind.glyph)} <h2>{kind.title}</h2> {head}</div>
            {failed}
            {move || waits.get().then(|| view! { <Skeleton lines=3 /> })}
            {table}
        </section>
    }
    .into_any()
}

/// A key, how many things have it, and its values, those most have first.
fn line(kind: &'static Kind, key: Key) -> Vec<AnyView> {
    let Key {
        name,
        count,
        values,
    } = key;
    let link = tag_link(
        kind.list(Some(&format!("{name}=*"))),
        name.clone(),
        None,
        name.clone(),
    );
    let count = text_or_dash(count.map(format::count).as_deref());
    let shown = RwSignal::new(VALUES);
    let all = values.len();
    let values = move || {
        let shown = values.iter().take(shown.get());
        let links = shown.map(|(value, count)| {
            let tag = joined(&name, value);
            let word = match value.as_str() {
                "" => Text::from(texts::empty_value),
                value => Text::from(value.to_owned()),
            };
            tag_link(kind.list(Some(&tag)), word, *count, tag)
        });
        links.collect_view()
    };
    let more = move || {
        let left = all.saturating_sub(shown.get());
        (left > 0).then(|| {
            let label = move || texts::page::more(format::count(left as u64));
            view! {
                <Button label=label look=Look::Quiet on_press=move || shown.update(|it| *it += MORE) />
            }
        })
    };
    let values = view! { <div class="row row-wrap tag-values">{values} {more}</div> };
    vec![link, count, values.into_any()]
}

/// A link to the list of what has a tag.
fn tag_link(href: String, word: impl Into<Text>, count: Option<u64>, tag: String) -> AnyView {
    let word = word.into();
    let (tip, told) = (tag.clone(), tag);
    let count = count
        .map(|count| view! { <span class="second number tag-count">{format::count(count)}</span> });
    view! {
        <a class="chip tag-link" href=href data-tip=move || texts::page::show(&tip) aria-description=move || texts::page::show(&told)>
            <span class="chip-text cut">{word.view()}</span>
            {count}
        </a>
    }
    .into_any()
}
