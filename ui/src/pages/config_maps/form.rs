//! The forms that create and change a ConfigMap.

use ief_api::config_map::ConfigMap;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::{common, config_map as rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::{KIND, field};
use crate::kit::{Form, FormFrame, Section, TextField};
use crate::pages::entry_things::{self, Draft};
use crate::pages::parts::{Entries, EntryDraft, EntryEditor, Holds, Rows, call_of, form_page};
use crate::sheet::{self, Change};
use crate::words::config_maps as texts;

pub(super) fn create() -> AnyView {
    form_page(("#/config_maps", texts::title), texts::create, form(None))
}

pub(super) fn edit(id: String) -> AnyView {
    entry_things::edit_page(
        &KIND,
        id,
        |config_map| texts::update_title(field(config_map, "name")),
        |it| form(Some(it)),
    )
}

fn form(config_map: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(config_map);
    let before = config_map
        .and_then(|it| it.get("configs"))
        .cloned()
        .unwrap_or_else(|| json!({}));
    let entries = Entries {
        rows: Rows::new(),
        holds: Holds::Text,
        key_rule: &rules::CONFIG_MAP_KEY,
        value_rule: None,
        whole_rule: Some(&rules::CONFIG_MAP_DATA),
    };
    for (key, value) in before.as_object().into_iter().flatten() {
        entries
            .rows
            .add(|| EntryDraft::new(key, value.as_str().unwrap_or_default()));
    }
    let is_new = config_map.is_none();
    let known = before.clone();
    let body = Memo::new(move |_| {
        let mut body = draft.head();
        let now: Map<String, Value> = entries
            .sent()
            .into_iter()
            .map(|(key, value)| (key, json!(value)))
            .collect();
        let configs = if is_new { now } else { changes(&known, now) };
        if is_new || !configs.is_empty() {
            body.insert("configs".to_owned(), Value::Object(configs));
        }
        body
    });
    let unchanged = Signal::derive(move || !is_new && body.with(Map::is_empty));
    let submit = move || {
        if unchanged.get_untracked() || untrack(|| entries.problem()).is_some() {
            return;
        }
        let sent = json!({"configmap": body.get_untracked()});
        let name = draft.name.get_untracked();
        let change = match draft.target() {
            None => {
                let call = Call {
                    body: Some(sent),
                    ..call_of("create_config_map", &[], &[])
                };
                Change::new(
                    texts::create_title(&name),
                    texts::create_sentence(&name),
                    call,
                )
                .button(texts::create)
                .done(texts::created(&name))
            }
            Some((id, version)) => {
                let call = Call {
                    body: Some(sent),
                    ..call_of("update_config_map", &[("configmap_id", &id)], &[])
                };
                Change::new(texts::update_title(&name), texts::update_sentence(&name), call)
                    .target(ConfigMap::SPEC.kind, &id, &name)
                    .before(json!({"configmap": {"description": draft.description_before(), "configs": before.clone()}}))
                    .seen(Some(version))
                    .button(texts::update)
                    .done(texts::updated(&name))
            }
        };
        sheet::check_and_send(form, entry_things::then_show(&KIND, form, change));
    };
    // Made inside the form, or the field wouldn't know that it belongs to it.
    let name = move || {
        is_new.then(|| {
            view! {
                <TextField
                    label=texts::name
                    value=draft.name
                    rule=&rules::CONFIG_MAP_NAME
                    path="configmap.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
            }
        })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            {name()}
            <TextField
                label=texts::description
                value=draft.description
                rule=&common::DESCRIPTION_TEXT
                path="configmap.description"
            />
            <Section title=texts::entries>
                <p class="second">{texts::entries_help}</p>
                <EntryEditor entries=entries />
            </Section>
            {entry_things::form_actions(&KIND, draft, unchanged)}
        </FormFrame>
    }
    .into_any()
}

/// Entries that are new or have another content, and null for those that go.
fn changes(before: &Value, now: Map<String, Value>) -> Map<String, Value> {
    let gone = before
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !now.contains_key(*key));
    let mut changes: Map<String, Value> = gone.map(|(key, _)| (key.clone(), Value::Null)).collect();
    changes.extend(
        now.into_iter()
            .filter(|(key, value)| before.get(key) != Some(value)),
    );
    changes
}
