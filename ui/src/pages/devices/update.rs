//! The form that changes a device: what it is and its static properties. The service changes nothing else.

use ief_api::device::Device;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::common;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::draft::{Draft, changed_only};
use super::{AttributeEditor, show};
use crate::kit::{Button, Form, FormFrame, Look, Section, TextField};
use crate::pages::parts::{call_of, first_of, form_of, form_page};
use crate::router;
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::words;
use crate::words::devices as texts;

/// The form of a device.
pub(super) fn view(id: String) -> AnyView {
    let key = id.clone();
    let detail = Reading::detail(
        <Device as Resource>::SPEC,
        Signal::derive(move || key.clone()),
    );
    let device = first_of(detail);
    let body = form_of(device, detail, move |device| form(id.clone(), device));
    let title = move || match device.get() {
        Some(device) => texts::update_title(show::text(&device, "name")),
        None => texts::update.get().to_owned(),
    };
    form_page(("#/devices", texts::title), title, body)
}

fn form(id: String, device: &Value) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(Some(device));
    let name = show::text(device, "name").to_owned();
    let version = show::text(device, "updated_at").to_owned();
    let back = router::Address::new(["devices", &id]).to_string();
    let body = move || -> Map<String, Value> {
        let fields = [
            ("description".to_owned(), json!(draft.description.get())),
            ("attributes".to_owned(), draft.attributes()),
        ];
        fields.into_iter().collect()
    };
    // In the shape of the body, so that only real differences are sent and shown.
    let before = Value::Object(untrack(body));
    let changes = {
        let before = before.clone();
        Memo::new(move |_| changed_only(&before, body()))
    };
    let unchanged = Signal::derive(move || changes.with(Map::is_empty));
    let submit = {
        let back = back.clone();
        move || {
            let changed = changes.get_untracked();
            if changed.is_empty() {
                return;
            }
            let gone = gone_keys(&before, &changed, "attributes");
            let call = Call {
                body: Some(json!({"device": changed})),
                ..call_of("update_device", &[("device_id", &id)], &[])
            };
            let back = back.clone();
            let mut change = Change::new(
                texts::update_title(&name),
                texts::update_sentence(&name),
                call,
            )
            .target("device", &id, &name)
            .before(json!({"device": before}))
            .seen(Some(version.clone()))
            .button(texts::update)
            .done(texts::updated(&name))
            .on_done(move |_| {
                form.saved();
                router::go(&back);
            });
            if !gone.is_empty() {
                change = change.breaks(texts::removes(gone));
            }
            sheet::check_and_send(form, change);
        }
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Section title=texts::section::device>
                <p class="second">{texts::update_help}</p>
                <TextField
                    label=texts::description
                    value=draft.description
                    rule=&common::DESCRIPTION_TEXT
                    path="device.description"
                    autofocus=true
                />
            </Section>
            <Section title=texts::attributes>
                <AttributeEditor rows=draft.attributes />
            </Section>
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

/// Names of entries that go when a dictionary is written whole.
pub fn gone_keys(before: &Value, changed: &Map<String, Value>, name: &str) -> String {
    let (Some(old), Some(new)) = (
        before.get(name).and_then(Value::as_object),
        changed.get(name).and_then(Value::as_object),
    ) else {
        return String::new();
    };
    let gone: Vec<&str> = old
        .keys()
        .filter(|key| !new.contains_key(*key))
        .map(String::as_str)
        .collect();
    gone.join(", ")
}
