//! The service's query by tags: four kinds of condition, which no filter of a list has all of. What was asked
//! stands in the address, so that it can be copied and opened again.

use std::sync::Arc;

use ief_api::rules::resource_tag as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::result::Found;
use super::{KINDS, Kind};
use crate::kit::form::{Check, check_rule};
use crate::kit::{Button, Choice, Form, FormFrame, Look, Section, Select, TextField};
use crate::pages::parts::{Rows, row_list};
use crate::router::{self, Router};
use crate::table::reading::{list, text};
use crate::tagging::values;
use crate::words::Word;
use crate::words::{self, tags::query as texts};

/// The four kinds of condition, as the service names them.
const CONDITIONS: [(&str, Word, Word); 4] = [
    ("tags", texts::tags, texts::tags_help),
    ("tags_any", texts::tags_any, texts::tags_any_help),
    ("not_tags", texts::not_tags, texts::not_tags_help),
    (
        "not_tags_any",
        texts::not_tags_any,
        texts::not_tags_any_help,
    ),
];

/// A condition as typed: a key, and values with commas between.
#[derive(Clone, Copy)]
struct Condition {
    key: RwSignal<String>,
    values: RwSignal<String>,
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    kind: RwSignal<String>,
    name: RwSignal<String>,
    conditions: StoredValue<Vec<Rows<Condition>>>,
}

/// The query with what it finds.
pub(super) fn view() -> AnyView {
    let asked = asked();
    let form = Form::question();
    let draft = Draft::read(asked.get_untracked().as_ref());
    let find = move || {
        let query = draft.query();
        let address = Router::the()
            .address_now()
            .with("kind", &draft.kind.get_untracked())
            .with("query", &query.to_string());
        router::replace(address);
    };
    let again = move || {
        let address = Router::the()
            .address_now()
            .with("kind", "")
            .with("query", "");
        router::replace(address);
        draft.clear();
    };
    let kinds = KINDS
        .iter()
        .map(|kind| Choice::new(kind.kind, kind.title))
        .collect::<Vec<_>>();
    let union = Memo::new(move |_| {
        let conditions = draft.conditions.get_value();
        conditions[..2].iter().all(|rows| rows.count() > 0)
    });
    view! {
        <FormFrame form=form on_submit=find>
            <div class="field-row tag-query-head">
                <Select label=texts::kind choices=Signal::stored(kinds) value=draft.kind required=true />
                <TextField label=texts::name value=draft.name rule=&rules::TAG_MATCH_VALUE />
            </div>
            <div class="tag-conditions">{sections(draft)}</div>
            {move || union.get().then(|| view! { <p class="second">{texts::union}</p> })}
            <div class="row">
                <Button label=texts::run look=Look::Primary submit=true />
                <Button label=texts::clear look=Look::Quiet on_press=again />
            </div>
        </FormFrame>
        <Found asked=asked />
    }
    .into_any()
}

/// What the address asks: the kind with the conditions.
fn asked() -> Memo<Option<(&'static str, Value)>> {
    let (kind, query) = (router::use_query("kind"), router::use_query("query"));
    Memo::new(move |_| {
        let query = serde_json::from_str(&query.get()).ok()?;
        let kind = kind.with(|kind| find(kind))?;
        Some((kind.kind, query))
    })
}

/// A kind by its name.
pub(super) fn find(kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.kind == kind)
}

impl Condition {
    fn new(key: String, values: &str) -> Self {
        Self {
            key: RwSignal::new(key),
            values: RwSignal::new(values.to_owned()),
        }
    }
}

impl Draft {
    /// What was asked before, or nothing.
    fn read(asked: Option<&(&'static str, Value)>) -> Self {
        let query = asked.map_or(&Value::Null, |(_, query)| query);
        let rows = |name: &str| {
            let conditions = list(query, name).iter().map(|condition| {
                let values = list(condition, "values").iter().filter_map(Value::as_str);
                let values = values.collect::<Vec<_>>().join(", ");
                Condition::new(text(condition, "key").unwrap_or_default(), &values)
            });
            Rows::of(conditions)
        };
        let name = list(query, "matches")
            .first()
            .and_then(|it| text(it, "value"));
        let kind = asked.map_or(KINDS[0].kind, |(kind, _)| *kind);
        Self {
            kind: RwSignal::new(kind.to_owned()),
            name: RwSignal::new(name.unwrap_or_default()),
            conditions: StoredValue::new(CONDITIONS.iter().map(|(name, ..)| rows(name)).collect()),
        }
    }

    /// The conditions as the service takes them.
    fn query(self) -> Value {
        let mut query = Map::new();
        for ((name, ..), rows) in CONDITIONS.iter().zip(self.conditions.get_value()) {
            let conditions: Vec<Value> = untrack(|| rows.get())
                .into_iter()
                .map(|(_, row)| {
                    let key = row.key.with_untracked(|key| key.trim().to_owned());
                    json!({ "key": key, "values": row.values.with_untracked(|it| values(it)) })
                })
                .collect();
            if !conditions.is_empty() {
                query.insert((*name).to_owned(), conditions.into());
            }
        }
        let name = self.name.with_untracked(|name| name.trim().to_owned());
        if !name.is_empty() {
            let matches = json!([{ "key": "resource_name", "value": name }]);
            query.insert("matches".to_owned(), matches);
        }
        query.into()
    }

    fn clear(self) {
        self.name.set(String::new());
        for rows in self.conditions.get_value() {
            for (number, _) in untrack(|| rows.get()) {
                rows.remove(number);
            }
        }
    }
}

/// The conditions. Made inside the form, which their rows look for.
fn sections(draft: Draft) -> AnyView {
    let sections = CONDITIONS.into_iter().zip(draft.conditions.get_value());
    let sections = sections.map(|((_, title, help), rows)| section(title, help, rows));
    sections.collect_view().into_any()
}

/// One kind of condition.
fn section(title: Word, help: Word, rows: Rows<Condition>) -> AnyView {
    let fields = move |_: usize, row: Condition| {
        let once: Check = Arc::new(move |key: &str| {
            let same =
                |(_, row): &(u32, Condition)| row.key.with(|known| known.trim() == key.trim());
            match rows.get().iter().filter(|row| same(row)).count() > 1 {
                true => Err(words::kit::name_twice.get().to_owned()),
                false => Ok(()),
            }
        });
        let each: Check = Arc::new(|text: &str| {
            let values = values(text);
            let only_asterisks = |value: &String| value.chars().all(|it| it == '*');
            if values.iter().any(only_asterisks) {
                return Err(texts::values_help.get().to_owned());
            }
            if values.len() > 10 {
                return Err(words::rules::tag_condition_values.get().to_owned());
            }
            let problem = values
                .iter()
                .find_map(|value| check_rule(&rules::TAG_CONDITION_VALUE, value, false));
            problem.map_or(Ok(()), Err)
        });
        view! {
            <TextField
                label=words::tags::key
                value=row.key
                rule=&rules::TAG_CONDITION_KEY
                check=once
                required=true
            />
            <TextField label=texts::values value=row.values check=each placeholder=words::tags::bulk::any_value />
        }
        .into_any()
    };
    let make = || Condition::new(String::new(), "");
    let body = row_list(
        rows,
        texts::add,
        Some(&rules::TAG_CONDITIONS),
        make,
        "pair",
        fields,
    );
    let explained = Memo::new(move |_| rows.count() > 0);
    view! {
        <Section title=title>
            <p class="second small">{help}</p>
            {body}
            {move || explained.get().then(|| view! { <p class="second small">{texts::values_help}</p> })}
        </Section>
    }
    .into_any()
}
