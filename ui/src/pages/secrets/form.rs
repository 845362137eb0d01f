//! The forms that create and change a secret.

use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::{common, secret as rules};
use ief_api::secret::Secret;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::{KIND, keys};
use crate::kit::{Checkbox, Form, FormFrame, Section, TextField};
use crate::pages::entry_things::{self, Draft, text};
use crate::pages::parts::{Entries, EntryDraft, EntryEditor, Holds, Rows, call_of, form_page};
use crate::sheet::{self, Change};
use crate::words::secrets as texts;

/// The only type there is (table 4-346).
const OPAQUE: &str = "Opaque";

pub(super) fn create() -> AnyView {
    form_page(("#/secrets", texts::title), texts::create, form(None))
}

pub(super) fn edit(id: String) -> AnyView {
    let title = |secret: &Value| texts::update_title(text(secret, "name").unwrap_or_default());
    entry_things::edit_page(&KIND, id, title, |secret| form(Some(secret)))
}

fn form(secret: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(secret);
    let entries = Entries {
        rows: Rows::new(),
        holds: Holds::Secrets,
        key_rule: &rules::SECRET_KEY,
        value_rule: None,
        whole_rule: Some(&rules::SECRET_DATA),
    };
    let known = secret.map(keys).unwrap_or_default();
    let first = if known.is_empty() {
        vec![String::new()]
    } else {
        known
    };
    for key in first {
        entries.rows.add(|| EntryDraft::new(&key, ""));
    }
    let is_new = secret.is_none();
    let replace = RwSignal::new(is_new);
    let body = Memo::new(move |_| {
        let mut body = draft.head();
        if is_new {
            body.insert("type".to_owned(), json!(OPAQUE));
        }
        if replace.get() {
            let values: Map<String, Value> = entries
                .sent()
                .into_iter()
                .map(|(key, value)| (key, json!(value)))
                .collect();
            body.insert("secrets".to_owned(), Value::Object(values));
        }
        body
    });
    let unchanged = Signal::derive(move || !is_new && body.with(Map::is_empty));
    let none = Memo::new(move |_| replace.get() && entries.rows.count() == 0);
    let submit = move || {
        if unchanged.get_untracked()
            || none.get_untracked()
            || untrack(|| entries.problem()).is_some()
        {
            return;
        }
        let body = body.get_untracked();
        let described = body.contains_key("description");
        let name = draft.name.get_untracked();
        let sent = json!({"secret": body});
        let change = match draft.target() {
            None => {
                let call = Call {
                    body: Some(sent),
                    ..call_of("create_secret", &[], &[])
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
                    ..call_of("update_secret", &[("secret_id", &id)], &[])
                };
                let change = Change::new(
                    texts::update_title(&name),
                    texts::update_sentence(&name),
                    call,
                )
                .target(Secret::SPEC.kind, &id, &name)
                .seen(Some(version))
                .button(texts::update)
                .done(texts::updated(&name));
                let replaces = replace.get_untracked();
                let change = if replaces {
                    change.breaks(texts::replaces)
                } else {
                    change
                };
                // Values are compared with nothing: those that are there never reach the window.
                match described && !replaces {
                    true => change
                        .before(json!({"secret": {"description": draft.description_before()}})),
                    false => change,
                }
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
                    rule=&rules::SECRET_NAME
                    path="secret.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
            }
        })
    };
    let choice = move || {
        (!is_new).then(
            || view! { <Checkbox label=texts::replace value=replace help=texts::replace_help /> },
        )
    };
    let values = move || {
        replace.get().then(|| {
            view! {
                <p class="second">{texts::values_help}</p>
                <EntryEditor entries=entries />
                <p class="field-problem" role="alert">{move || none.get().then(|| (texts::no_values).get())}</p>
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
                path="secret.description"
            />
            <Section title=texts::values>{choice()} {values}</Section>
            {entry_things::form_actions(&KIND, draft, unchanged)}
        </FormFrame>
    }
    .into_any()
}
