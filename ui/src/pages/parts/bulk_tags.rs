//! Tags of many things: which are put on and which are taken off, then the plan and its results.

use std::sync::Arc;

use console_ipc::bulk::BulkAction;
use ief_api::operation::Call;
use ief_api::resource_tag::TaggedType;
use ief_api::rules::{Rule, common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Leaving, Rows, call_of, row_list};
use crate::format;
use crate::kit::form::Check;
use crate::kit::{Button, Dialog, Form, FormFrame, Glyph, Look, Section, TextField, Width};
use crate::sheet::{self, Bulk};
use crate::table::{BulkContext, BulkForm};
use crate::tagging::{joined, several};
use crate::words;
use crate::words::Word;
use crate::words::tags::{self, bulk as texts};

/// Tags of the selected rows of a list.
pub static BULK_TAGS: BulkForm = BulkForm {
    label: texts::edit,
    glyph: Glyph::Tag,
    view,
};

/// A tag as typed.
#[derive(Clone, Copy)]
struct Typed {
    key: RwSignal<String>,
    value: RwSignal<String>,
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    added: Rows<Typed>,
    removed: Rows<Typed>,
}

fn view(context: BulkContext) -> AnyView {
    let open = context.open;
    let leaving = Leaving::new();
    let title = move || texts::title(format::count(context.count()));
    view! {
        <Dialog open=open title=title width=Width::Wide may_close=leaving.may_close()>
            {ask(context, leaving)}
        </Dialog>
        {leaving.question(move || open.set(false))}
    }
    .into_any()
}

fn ask(context: BulkContext, leaving: Leaving) -> AnyView {
    let form = Form::new();
    let draft = Draft {
        added: Rows::of([Typed::new()]),
        removed: Rows::new(),
    };
    // Whoever takes tags off only need not clear away the row that waits for one to put on.
    Effect::new(move |_| {
        if draft.removed.count() == 0 {
            return;
        }
        if let [(number, only)] = untrack(|| draft.added.get()).as_slice()
            && untrack(|| only.is_blank())
        {
            draft.added.remove(*number);
        }
    });
    let nothing = Signal::derive(move || draft.added.count() + draft.removed.count() == 0);
    let submit = move || {
        if !nothing.get_untracked()
            && let Some(bulk) = bulk(context, draft)
        {
            let started = Arc::new(move || {
                form.saved();
                context.begun();
            });
            sheet::bulk(Bulk {
                on_start: Some(started),
                ..bulk
            });
        }
    };
    let cancel = move || leaving.press(move || context.open.set(false));
    view! {
        <FormFrame form=form on_submit=submit>
            <p class="second">{texts::help}</p>
            {section(texts::add, draft.added, draft.removed, false)}
            {section(texts::remove, draft.removed, draft.added, true)}
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=cancel />
                <Button
                    label=texts::plan
                    look=Look::Primary
                    submit=true
                    disabled=nothing
                    hint=move || if nothing.get() { texts::nothing.get() } else { "" }
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

impl Typed {
    fn new() -> Self {
        Self {
            key: RwSignal::new(String::new()),
            value: RwSignal::new(String::new()),
        }
    }

    /// Whether nothing is typed. Tracked.
    fn is_blank(self) -> bool {
        self.key.with(String::is_empty) && self.value.with(String::is_empty)
    }
}

fn section(title: Word, rows: Rows<Typed>, others: Rows<Typed>, removes: bool) -> AnyView {
    let has = |rows: Rows<Typed>, key: &str| {
        let same = |(_, row): &(u32, Typed)| row.key.with(|known| known == key);
        rows.get().iter().filter(|row| same(row)).count()
    };
    let fields = move |_: usize, row: Typed| {
        let check: Check = Arc::new(move |key: &str| match (has(rows, key), has(others, key)) {
            (2.., _) => Err(words::kit::name_twice.get().to_owned()),
            (_, 1..) => Err(texts::both(key)),
            _ => Ok(()),
        });
        let rule: &'static Rule = &common::TAG_VALUE;
        let value = match removes {
            true => view! {
                <TextField label=tags::value value=row.value rule=rule placeholder=texts::any_value />
            }
            .into_any(),
            false => view! { <TextField label=tags::value value=row.value rule=rule /> }.into_any(),
        };
        view! {
            <TextField label=tags::key value=row.key rule=&common::TAG_KEY check=check required=true />
            {value}
        }
        .into_any()
    };
    let add = if removes {
        texts::remove_one
    } else {
        texts::add_one
    };
    let body = row_list(
        rows,
        add,
        Some(&node_rules::NODE_TAGS),
        Typed::new,
        "pair",
        fields,
    );
    let explained = Memo::new(move |_| removes && rows.count() > 0);
    view! {
        <Section title=title>
            {body}
            {move || explained.get().then(|| view! { <p class="second small">{texts::any_help}</p> })}
        </Section>
    }
    .into_any()
}

/// The action: what is put on first, then what is taken off.
fn bulk(context: BulkContext, draft: Draft) -> Option<Bulk> {
    let tagged = TaggedType::of_kind(context.kind)?;
    let typed = |rows: Rows<Typed>| -> Vec<(String, String)> {
        let rows = untrack(|| rows.get()).into_iter();
        rows.map(|(_, row)| (row.key.get_untracked(), row.value.get_untracked()))
            .collect()
    };
    let (added, removed) = (typed(draft.added), typed(draft.removed));
    let mut calls = Vec::new();
    if !added.is_empty() {
        let tags = added
            .iter()
            .map(|(key, value)| json!({ "key": key, "value": value }));
        calls.push(call(&tagged, "create", tags.collect()));
    }
    if !removed.is_empty() {
        let tags = removed.iter().map(|(key, value)| match value.as_str() {
            "" => json!({ "key": key }),
            value => json!({ "key": key, "value": value }),
        });
        calls.push(call(&tagged, "delete", tags.collect()));
    }
    let mut calls = calls.into_iter();
    Some(Bulk {
        title: texts::sheet.into(),
        sentence: (move || sentence(&added, &removed)).into(),
        action: BulkAction {
            resource: context.kind.to_owned(),
            selection: context.rows(),
            call: calls.next()?,
            then: calls.collect(),
            only_when: None,
        },
        send: texts::sheet.into(),
        danger: false,
        on_start: None,
    })
}

fn call(tagged: &TaggedType, action: &str, tags: Value) -> Call {
    let said = several(action, tags);
    Call {
        body: said.body,
        ..call_of(said.operation, &[("resource_type", tagged.as_str())], &[])
    }
}

fn sentence(added: &[(String, String)], removed: &[(String, String)]) -> String {
    let also = words::table::filter::also.get();
    let mut said = Vec::new();
    if !added.is_empty() {
        let tags = added.iter().map(|(key, value)| joined(key, value));
        said.push(texts::adds(tags.collect::<Vec<_>>().join(also)));
    }
    if !removed.is_empty() {
        let tags = removed.iter().map(|(key, value)| match value.as_str() {
            "" => texts::whatever(key),
            value => joined(key, value),
        });
        said.push(texts::removes(tags.collect::<Vec<_>>().join(also)));
    }
    said.join(" ")
}
