//! The forms that create and change a template.

use ief_api::device_template::DeviceTemplate;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::device as rules;
use ief_api::tags::Tags;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::tag_editor::{TagDraft, TagEditor};
use crate::kit::{Button, Form, FormFrame, Look, Section, TextField};
use crate::pages::devices::draft::{Draft, changed_only};
use crate::pages::devices::{gone_keys, property_sections, protocol_radio, show};
use crate::pages::parts::{Rows, call_of, first_of, form_of, form_page};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::words;
use crate::words::{devices as device_texts, templates as texts};

/// The form of a new template.
pub(super) fn create() -> AnyView {
    form_page(("#/templates", texts::title), texts::create, form(None))
}

/// The form of a template that is there.
pub(super) fn edit(id: String) -> AnyView {
    let reading = Reading::detail(DeviceTemplate::SPEC, Signal::stored(id.clone()));
    let template = first_of(reading);
    let body = form_of(template, reading, move |template| {
        form(Some((&id, template)))
    });
    let title = move || match template.get() {
        Some(template) => texts::update_title(show::text(&template, "name")),
        None => texts::update.get().to_owned(),
    };
    form_page(("#/templates", texts::title), title, body)
}

fn form(template: Option<(&str, &Value)>) -> AnyView {
    let form = Form::new();
    let known = template.map(|(_, template)| template);
    let draft = Draft::new(known);
    let tags: Rows<TagDraft> = Rows::new();
    for (key, value) in known
        .map(|it| show::part::<Tags>(it, "tags").0)
        .unwrap_or_default()
    {
        tags.add(|| TagDraft::new(&key, &value));
    }
    let body = move || body(draft, tags);
    // In the shape of the body, so that only real differences are sent and shown.
    let before = known.map(|_| Value::Object(untrack(body)));
    let changes = {
        let before = before.clone();
        Memo::new(move |_| match &before {
            Some(before) => changed_only(before, body()),
            None => filled(body(), &draft.name.get()),
        })
    };
    let is_new = known.is_none();
    let unchanged = Signal::derive(move || !is_new && changes.with(Map::is_empty));
    let target = template.map(|(id, template)| Target {
        id: id.to_owned(),
        name: show::text(template, "name").to_owned(),
        version: show::text(template, "updated_at").to_owned(),
    });
    let back = target.as_ref().map_or_else(
        || "#/templates".to_owned(),
        |it| Address::new(["templates", &it.id]).to_string(),
    );
    let submit = move || {
        if unchanged.get_untracked() {
            return;
        }
        let body = changes.get_untracked();
        let change = match (&target, &before) {
            (Some(target), Some(before)) => update(target, before, body),
            _ => creation(&draft.name.get_untracked(), body),
        };
        sheet::check_and_send(
            form,
            change.on_done(move |answer| {
                form.saved();
                let answered = answer
                    .answer
                    .body
                    .get("device_template")
                    .unwrap_or(&Value::Null);
                router::go(&Address::new(["templates", show::text(answered, "id")]).to_string());
            }),
        );
    };
    // Made inside the form, or the field wouldn't know that it belongs to it.
    let name = move || {
        is_new.then(|| {
            view! {
                <TextField
                    label=device_texts::name
                    value=draft.name
                    rule=&rules::DEVICE_TEMPLATE_NAME
                    path="device_template.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
            }
        })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Section title=texts::section>
                {name()}
                <TextField
                    label=device_texts::description
                    value=draft.description
                    rule=&rules::DEVICE_TEMPLATE_DESCRIPTION
                    path="device_template.description"
                />
                {protocol_radio(draft.protocol)}
            </Section>
            {property_sections(draft)}
            <Section title=device_texts::tags><TagEditor rows=tags /></Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=move || router::go(&back) />
                <Button
                    label=words::kit::review
                    look=Look::Primary
                    submit=true
                    disabled=unchanged
                    hint=move || if unchanged.get() { words::kit::nothing_changed.get() } else { "" }
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// The template that is changed.
struct Target {
    id: String,
    name: String,
    version: String,
}

fn creation(name: &str, body: Map<String, Value>) -> Change {
    let call = Call {
        body: Some(json!({"device_template": body})),
        ..call_of("create_device_template", &[], &[])
    };
    Change::new(
        texts::create_title(name),
        texts::create_sentence(name),
        call,
    )
    .button(texts::create)
    .done(texts::created_done(name))
}

fn update(target: &Target, before: &Value, body: Map<String, Value>) -> Change {
    let Target { id, name, version } = target;
    let gone: Vec<String> = ["attributes", "twin", "tags"]
        .iter()
        .map(|part| gone_keys(before, &body, part))
        .filter(|gone| !gone.is_empty())
        .collect();
    let call = Call {
        body: Some(json!({"device_template": body})),
        ..call_of(
            "update_device_template_by_id",
            &[("device_template_id", id)],
            &[],
        )
    };
    let change = Change::new(
        texts::update_title(name),
        texts::update_sentence(name),
        call,
    )
    .target("device_template", id, name)
    .before(json!({"device_template": before}))
    .seen(Some(version.clone()))
    .button(texts::update)
    .done(texts::updated(name));
    match gone.is_empty() {
        true => change,
        false => change.breaks(device_texts::removes(gone.join(", "))),
    }
}

/// Everything a template can have, empty parts too: an update empties what is there but empty. Tracked.
fn body(draft: Draft, tags: Rows<TagDraft>) -> Map<String, Value> {
    let tags: Map<String, Value> = tags
        .get()
        .into_iter()
        .map(|(_, row)| (row.key.get(), json!(row.value.get())))
        .collect();
    let fields = [
        ("description", json!(draft.description.get())),
        ("access_protocol", json!(draft.protocol.get())),
        ("attributes", draft.attributes()),
        ("twin", draft.twin()),
        ("property_visitors", draft.visitors()),
        ("tags", Value::Object(tags)),
    ];
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// A new template names what it has and leaves out the rest.
fn filled(body: Map<String, Value>, name: &str) -> Map<String, Value> {
    let blank = |value: &Value| match value {
        Value::String(text) => text.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        _ => false,
    };
    let name = ("name".to_owned(), json!(name));
    std::iter::once(name)
        .chain(body.into_iter().filter(|(_, value)| !blank(value)))
        .collect()
}
