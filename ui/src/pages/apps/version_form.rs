//! The forms that add and change a version: fields for what is usual, text for everything.

use std::sync::Arc;

use ief_api::operation::Call;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::actions::version_address;
use super::draft::{Draft, Fields, bare, changeable, fields_of};
use super::fields;
use super::version::{name_of_app, reading_of};
use crate::kit::form::Check;
use crate::kit::{
    Button, Form, FormFrame, Kind, Look, Notice, Section, Tab, Tabs, TextField, Tone,
};
use crate::pages::devices::draft::changed_only;
use crate::pages::parts::{call_of, first_of, form_of, form_page};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::reading::text;
use crate::words;
use crate::words::apps::{form as texts, version as shown};
use crate::words::explorer as explorer_texts;

/// Names the version in an address that a new one begins with.
pub(super) const FROM: &str = "from";

/// What the service says of a version by itself.
const OF_SERVICE: [&str; 4] = ["id", "project_id", "created_at", "updated_at"];

/// The form of a new version, empty or like the one that the address names.
pub(super) fn create(app: String) -> AnyView {
    let back = Address::new(["apps", &app]).to_string();
    let of = name_of_app(&app);
    let from = router::use_query(FROM).get_untracked();
    let body = if from.is_empty() {
        form(&app, None, Value::Null)
    } else {
        let reading = reading_of(&app, &from);
        form_of(first_of(reading), reading, move |version| {
            let mut fields = fields_of(&bare(version));
            for name in OF_SERVICE {
                fields.remove(name);
            }
            // Its name is taken.
            fields.remove("version");
            form(&app, None, fields.into())
        })
    };
    form_page((&back, of), shown::create, body)
}

/// The form of a version that is there.
pub(super) fn edit(app: String, id: String) -> AnyView {
    let back = version_address(&app, &id).to_string();
    let reading = reading_of(&app, &id);
    let first = first_of(reading);
    let name = Signal::derive(move || {
        let name = first.with(|it| it.as_ref().and_then(|it| text(it, "version")));
        name.unwrap_or_else(|| shown::name.get().to_owned())
    });
    let title = move || texts::update_title(name.get());
    let body = form_of(first, reading, move |version| {
        let target = Target {
            id: id.clone(),
            name: text(version, "version").unwrap_or_default(),
            seen: text(version, "updated_at"),
        };
        form(&app, Some(target), changeable(&bare(version)).into())
    });
    form_page((&back, name), title, body)
}

/// The version that is changed.
#[derive(Clone)]
struct Target {
    id: String,
    name: String,
    seen: Option<String>,
}

/// What is filled in, as fields or as text.
#[derive(Clone, Copy)]
struct Filled {
    draft: RwSignal<Draft>,
    /// The body as text, while it is edited as such.
    text: RwSignal<Option<String>>,
}

impl Filled {
    /// The version. `None` while the text is none. Tracked.
    fn value(self) -> Option<Fields> {
        match self.text.get() {
            Some(text) => read(&text).ok(),
            None => Some(self.draft.get().value()),
        }
    }

    fn as_text(self) {
        if let Some(version) = untrack(|| self.value()) {
            let body = json!({ "version": version });
            let text = serde_json::to_string_pretty(&body).unwrap_or_default();
            self.text.set(Some(text));
        }
    }

    /// Goes on with fields. Not while the text says what they have no place for.
    fn as_form(self) -> Result<(), String> {
        let Some(text) = self.text.get_untracked() else {
            return Ok(());
        };
        let version = Value::Object(read(&text)?);
        let draft = Draft::new(&version);
        let kept = Value::Object(untrack(|| draft.value()));
        if bare(&kept) != bare(&version) {
            return Err(explorer_texts::only_text.get().to_owned());
        }
        self.draft.set(draft);
        self.text.set(None);
        Ok(())
    }
}

/// The version in a body that was typed.
fn read(text: &str) -> Result<Fields, String> {
    let body: Value = serde_json::from_str(text)
        .map_err(|error| explorer_texts::no_json(error.column(), error.line()))?;
    let version = body.get("version").and_then(Value::as_object);
    version
        .cloned()
        .ok_or_else(|| texts::no_version.get().to_owned())
}

fn form(app: &str, target: Option<Target>, version: Value) -> AnyView {
    let form = Form::new();
    let filled = Filled {
        draft: RwSignal::new(Draft::new(&version)),
        text: RwSignal::new(None),
    };
    let is_new = target.is_none();
    // In the shape of the body, so that only real differences are sent and shown.
    let before = {
        let draft = filled.draft.get_untracked();
        let fields = untrack(|| draft.value());
        Value::Object(changeable(&fields.into()))
    };
    let compared = StoredValue::new(before.clone());
    let changes = Memo::new(move |_| {
        let version = filled.value()?;
        Some(match is_new {
            true => version,
            false => {
                compared.with_value(|before| changed_only(before, changeable(&version.into())))
            }
        })
    });
    let unchanged = Signal::derive(move || {
        !is_new && changes.with(|it| it.as_ref().is_some_and(Fields::is_empty))
    });
    let back = match &target {
        Some(target) => version_address(app, &target.id),
        None => Address::new(["apps", app]),
    };
    let back = back.to_string();
    let probed = ["liveness_probe", "readiness_probe"]
        .map(|name| !is_new && before.get(name).is_some_and(Value::is_object));
    let app = app.to_owned();
    let submit = move || {
        let Some(body) = changes
            .get_untracked()
            .filter(|_| !unchanged.get_untracked())
        else {
            return;
        };
        let change = match &target {
            Some(target) => update(&app, target, &before, body),
            None => creation(&app, body),
        };
        let (app, known) = (app.clone(), target.as_ref().map(|target| target.id.clone()));
        sheet::check_and_send(
            form,
            change.on_done(move |sent| {
                form.saved();
                let version = sent.answer.body.get("version").unwrap_or(&Value::Null);
                let id = known.clone().or_else(|| text(version, "id"));
                router::go(&version_address(&app, &id.unwrap_or_default()).to_string());
            }),
        );
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Editor filled=filled is_new=is_new probed=probed />
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

fn creation(app: &str, body: Fields) -> Change {
    let name = body.get("version").and_then(Value::as_str);
    let name = name.unwrap_or_default().to_owned();
    let call = Call {
        body: Some(json!({ "version": body })),
        ..call_of("create_app_versions", &[("app_id", app)], &[])
    };
    Change::new(
        texts::create_title(&name),
        texts::create_sentence(&name),
        call,
    )
    .button(shown::create)
    .done(texts::created(&name))
}

fn update(app: &str, target: &Target, before: &Value, body: Fields) -> Change {
    let Target { id, name, seen } = target;
    let path = [("app_id", app), ("version_id", id.as_str())];
    let call = Call {
        body: Some(json!({ "version": body })),
        ..call_of("update_app_version", &path, &[])
    };
    Change::new(
        texts::update_title(name),
        texts::update_sentence(name),
        call,
    )
    .target("app_version", id, name)
    .before(json!({ "version": before }))
    .seen(seen.clone())
    .button(shown::update)
    .done(texts::updated(name))
}

/// The version, as fields or as text.
#[component]
fn Editor(filled: Filled, is_new: bool, probed: [bool; 2]) -> AnyView {
    let problem = RwSignal::new(None::<String>);
    let tabs = vec![
        Tab::new("form", explorer_texts::as_form),
        Tab::new("text", explorer_texts::as_text),
    ];
    let is_text = Memo::new(move |_| filled.text.with(Option::is_some));
    let current = Signal::derive(move || match is_text.get() {
        true => "text".to_owned(),
        false => "form".to_owned(),
    });
    let choose = move |name: String| {
        problem.set(None);
        match name.as_str() {
            "text" => filled.as_text(),
            _ => problem.set(filled.as_form().err()),
        }
    };
    let editor = move || {
        if is_text.get() {
            return view! { <BodyText filled=filled is_new=is_new /> }.into_any();
        }
        let draft = filled.draft.get();
        let head = match is_new {
            true => {
                view! { <Section title=shown::name>{fields::identity(draft)}</Section> }.into_any()
            }
            false => view! { <p class="second">{texts::kept_help}</p> }.into_any(),
        };
        view! { {head} {fields::fields(draft, probed)} }.into_any()
    };
    view! {
        <Tabs label=shown::name tabs=tabs current=current on_choose=choose />
        {move || problem.get().map(|problem| view! { <Notice tone=Tone::Attention text=problem /> })}
        <div class="app-editor" role="tabpanel">{editor}</div>
    }
    .into_any()
}

#[component]
fn BodyText(filled: Filled, is_new: bool) -> AnyView {
    let text = RwSignal::new(filled.text.get_untracked().unwrap_or_default());
    Effect::new(move |_| {
        let typed = text.get();
        if filled.text.get_untracked().as_ref() != Some(&typed) {
            filled.text.set(Some(typed));
        }
    });
    let check: Check = Arc::new(|text| read(text).map(|_| ()));
    let help = match is_new {
        true => texts::text_help,
        false => texts::text_update_help,
    };
    view! {
        <TextField label=explorer_texts::json value=text help=help required=true check=check kind=Kind::CodeLines />
    }
    .into_any()
}
