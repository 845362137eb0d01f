//! The fields of a body, made from its shape.

use std::sync::Arc;

use console_ipc::explorer::{FieldLimit, Shape};
use ief_api::rules;
use leptos::prelude::*;

use super::draft::{Draft, limit_of};
use crate::kit::form::Check;
use crate::kit::{Choice, Fold, Glyph, IconButton, Kind, Section, Select, TextField, unique};
use crate::pages::parts::{AddRow, focus_last};
use crate::words;
use crate::words::explorer as texts;

/// What all fields of a body share.
#[derive(Clone)]
pub(super) struct Known {
    /// Documented limits.
    pub(super) limits: Arc<Vec<FieldLimit>>,
    /// Places of secrets.
    pub(super) secrets: Arc<Vec<String>>,
}

/// Where a field stands.
#[derive(Clone)]
pub(super) struct Place {
    /// Its path, with the numbers of entries and the keys.
    path: String,
    /// Its path, with `*` for entries and keys.
    pattern: String,
    /// How deep.
    depth: usize,
    /// Whether what it stands in is sent in any case.
    certain: bool,
}

impl Place {
    /// The body itself.
    pub(super) fn body() -> Self {
        Self {
            path: String::new(),
            pattern: String::new(),
            depth: 0,
            certain: true,
        }
    }

    fn step(&self, name: &str, pattern: &str, certain: bool) -> Self {
        let join = |path: &str, name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        Self {
            path: join(&self.path, name),
            pattern: join(&self.pattern, pattern),
            depth: self.depth + 1,
            certain,
        }
    }
}

/// The fields of an object, in their order.
pub(super) fn fields(fields: Vec<(String, Draft)>, at: &Place, known: &Known) -> AnyView {
    fields
        .into_iter()
        .map(|(name, draft)| {
            let mut place = at.step(&name, &name, at.certain);
            let required = limit_of(&known.limits, &place.pattern).is_some_and(|it| it.required);
            // The one object around everything is always there.
            place.certain &= required || at.depth == 0;
            field(name, draft, place, required && at.certain, known)
        })
        .collect_view()
        .into_any()
}

fn field(name: String, draft: Draft, at: Place, required: bool, known: &Known) -> AnyView {
    match draft {
        Draft::Plain(shape, text) => plain(name, &shape, text, &at, required, known),
        Draft::Record(inner) => {
            let drawn = fields(inner, &at, known);
            if at.certain {
                view! { <Section title=name>{drawn}</Section> }.into_any()
            } else {
                view! { <Fold title=name>{drawn}</Fold> }.into_any()
            }
        }
        Draft::List(of, rows) => {
            let known = known.clone();
            let title = name.clone();
            let id = unique("entries");
            let place = id.clone();
            let line = {
                let at = at.clone();
                move |(number, entry): (u32, StoredValue<Draft>)| {
                    let index = move || {
                        let rows = rows.get();
                        rows.iter().position(|(known, _)| *known == number)
                    };
                    // The path of a violation has the entry's number now; that of a field stays as it was.
                    let here = untrack(index).unwrap_or_default();
                    let place = at.step(&here.to_string(), "*", true);
                    let label = title.clone();
                    let drawn = entry.with_value(|draft| {
                        field(label.clone(), draft.clone(), place, false, &known)
                    });
                    removable(drawn, move || rows.remove(number))
                }
            };
            let add = move || {
                let shape = of.clone();
                rows.add(|| StoredValue::new(Draft::new(&shape, None)));
                focus_last(&place, ":scope > .explorer-entry");
            };
            list(
                name,
                id,
                rows_view(move || rows.get(), line),
                Signal::derive(move || rows.count()),
                add,
            )
        }
        Draft::Map(of, rows) => {
            let known = known.clone();
            let id = unique("entries");
            let place = id.clone();
            let line = {
                let at = at.clone();
                move |(number, (key, value)): (u32, (RwSignal<String>, StoredValue<Draft>))| {
                    let place = at.step(&key.get_untracked(), "*", true);
                    let drawn = value.with_value(|draft| {
                        field(
                            texts::value.get().to_owned(),
                            draft.clone(),
                            place,
                            false,
                            &known,
                        )
                    });
                    let drawn = view! {
                        <div class="explorer-pair">
                            <TextField label=texts::key value=key kind=Kind::Code required=true />
                            {drawn}
                        </div>
                    };
                    removable(drawn.into_any(), move || rows.remove(number))
                }
            };
            let add = move || {
                let shape = of.clone();
                rows.add(|| {
                    let value = StoredValue::new(Draft::new(&shape, None));
                    (RwSignal::new(String::new()), value)
                });
                focus_last(&place, ":scope > .explorer-entry");
            };
            list(
                name,
                id,
                rows_view(move || rows.get(), line),
                Signal::derive(move || rows.count()),
                add,
            )
        }
    }
}

/// Rows by their numbers, each drawn once.
fn rows_view<T: Clone + Send + Sync + 'static>(
    rows: impl Fn() -> Vec<(u32, T)> + Send + Sync + 'static,
    line: impl Fn((u32, T)) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView {
    view! { <For each=rows key=|(number, _)| *number children=line /> }.into_any()
}

fn list(
    name: String,
    id: String,
    rows: AnyView,
    count: Signal<usize>,
    add: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    let title = name.clone();
    view! {
        <div class="explorer-entries" id=id role="group" aria-label=title>
            <div class="field-head"><span class="explorer-label">{name}</span></div>
            {rows}
            <AddRow label=texts::add_entry count=count add=add />
        </div>
    }
    .into_any()
}

fn removable(entry: AnyView, remove: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <div class="explorer-entry">
            <div class="explorer-entry-fields">{entry}</div>
            <IconButton glyph=Glyph::Close label=texts::remove_entry on_press=remove />
        </div>
    }
    .into_any()
}

fn plain(
    name: String,
    shape: &Shape,
    text: RwSignal<String>,
    at: &Place,
    required: bool,
    known: &Known,
) -> AnyView {
    let limit = limit_of(&known.limits, &at.pattern);
    let rule = limit.and_then(|limit| rules::find(&limit.rule));
    let hint = limit
        .and_then(|limit| words::find(&format!("rules.{}", limit.rule)))
        .unwrap_or_default();
    let choices = |values: Vec<String>| -> Vec<Choice> {
        values
            .into_iter()
            .map(|value| Choice::new(value.clone(), value))
            .collect()
    };
    let path = at.path.clone();
    match shape {
        Shape::Flag => {
            let choices = choices(vec!["true".to_owned(), "false".to_owned()]);
            view! {
                <Select label=name choices=Signal::stored(choices) value=text help=hint path=path required=required />
            }
            .into_any()
        }
        Shape::Choice { values } => {
            let choices = choices(values.clone());
            view! {
                <Select label=name choices=Signal::stored(choices) value=text help=hint path=path required=required />
            }
            .into_any()
        }
        Shape::Integer | Shape::Number => {
            let whole = matches!(shape, Shape::Integer);
            let check: Check = Arc::new(move |text| number(text, whole));
            view! {
                <TextField label=name value=text help=hint path=path required=required check=check kind=Kind::Code />
            }
            .into_any()
        }
        Shape::Any => view! {
            <TextField label=name value=text help=texts::any_help path=path required=required kind=Kind::CodeLines />
        }
        .into_any(),
        _ => {
            let kind = if is_secret(&known.secrets, &at.pattern) {
                Kind::Secret
            } else {
                Kind::Plain
            };
            match rule {
                Some(rule) => view! {
                    <TextField label=name value=text help=hint path=path required=required rule=rule kind=kind />
                }
                .into_any(),
                None => view! {
                    <TextField label=name value=text help=hint path=path required=required kind=kind />
                }
                .into_any(),
            }
        }
    }
}

fn number(text: &str, whole: bool) -> Result<(), String> {
    let text = text.trim();
    let (reads, problem) = match whole {
        true => (
            text.parse::<i64>().is_ok(),
            words::problems::not_a_number.get(),
        ),
        false => (
            text.parse::<f64>().is_ok(),
            words::problems::not_a_decimal.get(),
        ),
    };
    reads.then_some(()).ok_or_else(|| problem.to_owned())
}

/// Whether a secret stands at a place or around it. Both know `*`; a secret's place also `{}` for a key.
fn is_secret(secrets: &[String], pattern: &str) -> bool {
    secrets.iter().any(|secret| {
        let mut names = pattern.split('.');
        secret.split('.').all(|wanted| {
            names.next().is_some_and(|name| {
                name == wanted || wanted == "*" || wanted == "{}" || name == "*"
            })
        })
    })
}
