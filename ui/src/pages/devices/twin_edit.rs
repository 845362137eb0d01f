//! New expected values for a twin, several at once. Only what was changed is sent.

use std::sync::Arc;

use ief_api::device::{TwinProperty, TwinValue};
use ief_api::operation::Call;
use ief_api::rules::device as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::twin::{self, Contact, Twin};
use super::{attribute_editor, show};
use crate::kit::form::Check;
use crate::kit::{Button, Form, FormFrame, Look, Select, TextField};
use crate::pages::parts::{Leaving, call_of};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::words;
use crate::words::devices::twin as texts;

/// One property with the value somebody wants of it.
#[derive(Clone)]
struct Wish {
    name: String,
    /// What it was when editing began; empty when nothing was expected.
    before: String,
    value: RwSignal<String>,
    kind: String,
}

/// The editor. What the device reports goes on to show beside the fields.
pub(super) fn editor(
    id: String,
    name: Memo<Option<String>>,
    detail: Reading,
    twin: Memo<Twin>,
    editing: RwSignal<bool>,
) -> AnyView {
    let form = Form::new();
    let contact = Contact::follow(detail);
    let leaving = Leaving::new();
    let wishes: Arc<Vec<Wish>> = Arc::new(twin.with_untracked(|twin| {
        let wish = |(name, property): (&String, &TwinProperty)| {
            let before = twin::value(&property.expected)
                .unwrap_or_default()
                .to_owned();
            Wish {
                name: name.clone(),
                value: RwSignal::new(before.clone()),
                kind: show::type_of(property.metadata.as_ref()).to_owned(),
                before,
            }
        };
        twin.iter().map(wish).collect()
    }));
    let changed = {
        let wishes = wishes.clone();
        Memo::new(move |_| {
            wishes
                .iter()
                .filter(|wish| wish.value.with(|value| *value != wish.before))
                .count()
        })
    };
    let submit = {
        let wishes = wishes.clone();
        move || {
            let wanted: Vec<(String, String)> = wishes
                .iter()
                .filter(|wish| wish.value.with_untracked(|value| *value != wish.before))
                .map(|wish| (wish.name.clone(), wish.value.get_untracked()))
                .collect();
            if wanted.is_empty() {
                return;
            }
            let before = twin.get_untracked();
            let change = update(
                &id,
                &name.get_untracked().unwrap_or_default(),
                wanted,
                &before,
            );
            sheet::check_and_send(
                form,
                change.on_done(move |_| {
                    form.saved();
                    detail.reload();
                    editing.try_set(false);
                }),
            );
        }
    };
    // Made inside the form, or its fields wouldn't know that they belong to it.
    let rows = move || {
        let rows = wishes.iter().cloned().map(|wish| row(wish, twin, contact));
        twin::frame(rows.collect_view().into_any())
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            leaving.press(move || editing.set(false));
        }
    };
    view! {
        {leaving.question(move || editing.set(false))}
        <div on:keydown=keys>
            <FormFrame form=form on_submit=submit>
                {rows()}
                <div class="form-actions">
                    <span class="second" role="status">{move || texts::changed(changed.get())}</span>
                    <span class="spacer"></span>
                    <Button
                        label=words::kit::cancel
                        on_press=move || leaving.press(move || editing.set(false))
                    />
                    <Button
                        label=texts::send
                        look=Look::Primary
                        submit=true
                        disabled=Signal::derive(move || changed.get() == 0)
                        hint=move || if changed.get() == 0 { words::kit::nothing_changed.get() } else { "" }
                    />
                </div>
            </FormFrame>
        </div>
    }
    .into_any()
}

fn row(wish: Wish, twin: Memo<Twin>, contact: Memo<Contact>) -> AnyView {
    let key = wish.name.clone();
    let property = Memo::new(move |_| {
        twin.with(|twin| twin.get(&key).cloned())
            .unwrap_or_default()
    });
    let Wish {
        name,
        before,
        value,
        kind,
    } = wish;
    let label = name.clone();
    let path = format!("twin.{name}.expected.value");
    // What was expected can be another value, but not be taken away; only a text can be empty.
    let required = !before.is_empty() && kind != "string";
    let label = move || texts::expected_of(&label);
    let field = if kind == "boolean" {
        let choices = Signal::stored(attribute_editor::flags());
        view! { <Select label=label choices=choices value=value path=path required=required /> }
            .into_any()
    } else {
        let kind = kind.clone();
        let check: Check = Arc::new(move |text: &str| {
            attribute_editor::check_typed(&rules::TWIN_VALUE, &kind, text)
        });
        view! { <TextField label=label value=value check=check path=path required=required /> }
            .into_any()
    };
    let was = before.clone();
    let marked = move || value.with(|value| *value != was);
    view! {
        <tr class:twin-changed=marked>
            <th scope="row">
                <span class="twin-name">{name}</span>
                " "
                <span class="second small">{move || show::type_words(&kind)}</span>
            </th>
            <td>{move || twin::state_view(twin::stand(&property.get()), contact.get())}</td>
            <td class="unlabelled">{field}</td>
            <td>{move || twin::side(property.get().actual)}</td>
        </tr>
    }
    .into_any()
}

/// Sends expected values; taking it back sends those of before.
fn update(id: &str, name: &str, wanted: Vec<(String, String)>, before: &Twin) -> Change {
    let body = |values: &[(String, String)]| {
        let twin: Map<String, Value> = values
            .iter()
            .map(|(name, value)| (name.clone(), json!({"expected": {"value": value}})))
            .collect();
        json!({"twin": twin})
    };
    let now: Vec<(String, String)> = wanted
        .iter()
        .filter_map(|(name, _)| Some((name.clone(), expected(before.get(name)?)?.to_owned())))
        .collect();
    let sentence = match wanted.as_slice() {
        [(property, value)] => texts::sentence_one(name, property, value),
        _ => texts::sentence(wanted.len(), name),
    };
    let call = Call {
        body: Some(body(&wanted)),
        ..call_of("update_device_twin", &[("device_id", id)], &[])
    };
    let change = Change::new(texts::send_title(name), sentence, call)
        .target("device", id, name)
        .before(body(&now))
        .button(texts::send_button)
        .done(texts::done(name));
    // Where nothing was expected there is no value to go back to.
    if now.len() < wanted.len() {
        return change;
    }
    let (id, name, wanted) = (id.to_owned(), name.to_owned(), Arc::new(wanted));
    change.undo(move || {
        let after: Twin = wanted
            .iter()
            .map(|(name, value)| (name.clone(), TwinProperty::expect(value.clone())))
            .collect();
        update(&id, &name, now.clone(), &after)
    })
}

fn expected(property: &TwinProperty) -> Option<&str> {
    property
        .expected
        .as_ref()
        .and_then(|side: &TwinValue| side.value.as_deref())
}
