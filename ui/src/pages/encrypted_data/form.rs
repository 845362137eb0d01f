//! The forms that create and change encrypted data.

use ief_api::encrypted_data::EncryptedData;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::encrypted_data as rules;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{KIND, items};
use crate::kit::{Form, FormFrame, Section, TextField};
use crate::pages::entry_things::{self, Draft, text};
use crate::pages::parts::{
    Entries, EntryDraft, EntryEditor, Holds, Item, Rows, call_of, form_page,
};
use crate::sheet::{self, Change};
use crate::words;
use crate::words::encrypted_data as texts;

pub(super) fn create() -> AnyView {
    form_page((KIND.list, texts::title), texts::create, form(None))
}

pub(super) fn edit(id: String) -> AnyView {
    let title = |data: &Value| texts::update_title(text(data, "name").unwrap_or_default());
    entry_things::edit_page(&KIND, id, title, |data| form(Some(data)))
}

fn form(data: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(data);
    let entries = Entries {
        rows: Rows::new(),
        holds: Holds::Items,
        key_rule: &rules::ENCRYPTED_ITEM_NAME,
        value_rule: Some(&rules::ENCRYPTED_ITEM_VALUE),
        whole_rule: None,
    };
    let known = data.map(items).unwrap_or_default();
    for (name, encrypted) in &known {
        entries.rows.add(|| EntryDraft::known(name, *encrypted));
    }
    let is_new = data.is_none();
    if is_new {
        entries.rows.add(|| EntryDraft::new("", ""));
    }
    let body = Memo::new(move |_| {
        let mut body = json!({
            "name": draft.name.get(),
            "config": entries.items().iter().map(item_body).collect::<Vec<_>>(),
        });
        let description = draft.description.get();
        // Left out, the service would keep the one there is.
        if !is_new || !description.is_empty() {
            body["description"] = description.into();
        }
        body
    });
    let before = json!({
        "name": draft.name.get_untracked(),
        "description": draft.description_before(),
        "config": known
            .iter()
            .map(|(name, encrypted)| json!({"name": name, "is_encrypted": encrypted}))
            .collect::<Vec<_>>(),
    });
    let was = before.clone();
    let unchanged = Signal::derive(move || !is_new && body.with(|body| *body == was));
    let submit = move || {
        if unchanged.get_untracked() {
            return;
        }
        let sent = json!({"encrypt_data": body.get_untracked()});
        let name = draft.name.get_untracked();
        let change = match draft.target() {
            None => {
                let call = Call {
                    body: Some(sent),
                    ..call_of("create_encryptdatas", &[], &[])
                };
                let sentence = texts::create_sentence(&name);
                Change::new(texts::create_title(&name), sentence, call)
                    .button(texts::create)
                    .done(texts::created(&name))
            }
            Some((id, version)) => {
                let call = Call {
                    body: Some(sent),
                    ..call_of("update_encryptdatas", &[("encryptdata_id", &id)], &[])
                };
                let own = text(&before, "name").unwrap_or_default();
                let sentence = texts::update_sentence(&own);
                let change = Change::new(texts::update_title(&own), sentence, call)
                    .target(EncryptedData::SPEC.kind, &id, &own)
                    .before(json!({"encrypt_data": before.clone()}))
                    .seen(Some(version))
                    .button(texts::update)
                    .done(texts::updated(&name));
                with_losses(change, &known, &untrack(|| entries.items()))
            }
        };
        sheet::check_and_send(form, entry_things::then_show(&KIND, form, change));
    };
    let help =
        move || (!is_new).then(|| view! { <p class="second">{texts::items_help_change}</p> });
    view! {
        <FormFrame form=form on_submit=submit>
            <TextField
                label=texts::name
                value=draft.name
                rule=&rules::ENCRYPTED_DATA_NAME
                path="encrypt_data.name"
                help=words::rules::encrypted_data_name
                required=true
                autofocus=is_new
            />
            <TextField
                label=texts::description
                value=draft.description
                rule=&rules::ENCRYPTED_DATA_DESCRIPTION
                path="encrypt_data.description"
            />
            <Section title=texts::items>
                <p class="second">{texts::items_help}</p>
                {help()}
                <EntryEditor entries=entries />
            </Section>
            {entry_things::form_actions(&KIND, draft, unchanged)}
        </FormFrame>
    }
    .into_any()
}

/// An item as the service takes it. One without a value keeps the one it has.
fn item_body(item: &Item) -> Value {
    let mut body = json!({"name": item.key, "is_encrypted": item.encrypted});
    if let Some(value) = &item.value {
        body["value"] = json!(value);
    }
    body
}

/// Tells which items go, and which values.
fn with_losses(change: Change, before: &[(String, bool)], now: &[Item]) -> Change {
    let found = |name: &str| now.iter().find(|item| item.key == name);
    let names = |lost: &dyn Fn(&str) -> bool| -> Vec<&str> {
        let names = before.iter().map(|(name, _)| name.as_str());
        names.filter(|name| lost(name)).collect()
    };
    let gone = names(&|name| found(name).is_none());
    let replaced = names(&|name| found(name).is_some_and(|item| item.value.is_some()));
    let change = match gone.is_empty() {
        true => change,
        false => change.breaks(texts::removes(gone.join(", "))),
    };
    match replaced.is_empty() {
        true => change,
        false => change.breaks(texts::replaces(replaced.join(", "))),
    }
}
