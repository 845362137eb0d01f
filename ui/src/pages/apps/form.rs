//! The forms that create and change an application template.

use ief_api::app::App;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::app as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use crate::kit::{Button, Form, FormFrame, Look, Section, TextField};
use crate::pages::devices::draft::changed_only;
use crate::pages::parts::{Rows, call_of, first_of, form_of, form_page};
use crate::pages::templates::tag_editor::{TagDraft, TagEditor};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::text;
use crate::words;
use crate::words::apps::{self as shown, form as texts};

/// The form of a new template.
pub(super) fn create() -> AnyView {
    form_page(("#/apps", shown::title), shown::create, form(None))
}

/// The form of a template that is there.
pub(super) fn edit(id: String) -> AnyView {
    let reading = Reading::detail(App::SPEC, Signal::stored(id));
    let app = first_of(reading);
    let body = form_of(app, reading, |app| form(Some(app)));
    let title = move || {
        app.with(|app| match app {
            Some(app) => texts::update_title(text(app, "name").unwrap_or_default()),
            None => shown::update.get().to_owned(),
        })
    };
    form_page(("#/apps", shown::title), title, body)
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    alias: RwSignal<String>,
    description: RwSignal<String>,
    icon: RwSignal<String>,
    tags: Rows<TagDraft>,
}

impl Draft {
    fn new(app: Option<&Value>) -> Self {
        let field = |name: &str| {
            let field = app.and_then(|app| text(app, name));
            RwSignal::new(field.unwrap_or_default())
        };
        Self {
            name: field("name"),
            alias: field("alias"),
            description: field("description"),
            icon: field("icon_url"),
            tags: Rows::new(),
        }
    }

    /// What can be changed later too. Tracked.
    fn texts(self) -> Map<String, Value> {
        let fields = [("alias", self.alias), ("description", self.description)];
        fields
            .map(|(name, text)| (name.to_owned(), json!(text.get())))
            .into_iter()
            .collect()
    }

    /// A new template: what is filled in. Tracked.
    fn all(self) -> Map<String, Value> {
        let mut app = self.texts();
        app.insert("name".to_owned(), json!(self.name.get()));
        app.insert("icon_url".to_owned(), json!(self.icon.get()));
        app.retain(|_, value| value.as_str().is_some_and(|text| !text.is_empty()));
        let tags: Vec<Value> = self
            .tags
            .get()
            .into_iter()
            .map(|(_, tag)| json!({ "key": tag.key.get(), "value": tag.value.get() }))
            .collect();
        if !tags.is_empty() {
            app.insert("tags".to_owned(), tags.into());
        }
        app
    }
}

fn form(app: Option<&Value>) -> AnyView {
    let form = Form::new();
    let draft = Draft::new(app);
    let is_new = app.is_none();
    let before = Value::Object(untrack(|| draft.texts()));
    let compared = before.clone();
    let changes = Memo::new(move |_| match is_new {
        true => draft.all(),
        false => changed_only(&compared, draft.texts()),
    });
    let unchanged = Signal::derive(move || !is_new && changes.with(Map::is_empty));
    let target = app.map(|app| {
        let of = |name: &str| text(app, name).unwrap_or_default();
        (of("id"), of("name"), text(app, "updated_at"))
    });
    let back = match &target {
        Some((id, ..)) => Address::new(["apps", id]).to_string(),
        None => "#/apps".to_owned(),
    };
    let submit = move || {
        if unchanged.get_untracked() {
            return;
        }
        let body = json!({ "app": changes.get_untracked() });
        let change = match &target {
            Some((id, name, seen)) => {
                let call = Call {
                    body: Some(body),
                    ..call_of("update_app", &[("app_id", id)], &[])
                };
                Change::new(
                    texts::update_title(name),
                    texts::update_app_sentence(name),
                    call,
                )
                .target("app", id, name)
                .before(json!({ "app": before }))
                .seen(seen.clone())
                .button(shown::update)
                .done(texts::updated(name))
            }
            None => {
                let name = draft.name.get_untracked();
                let call = Call {
                    body: Some(body),
                    ..call_of("create_app", &[], &[])
                };
                Change::new(
                    texts::create_title(&name),
                    texts::create_app_sentence(&name),
                    call,
                )
                .button(shown::create)
                .done(texts::created(&name))
            }
        };
        sheet::check_and_send(
            form,
            change.on_done(move |sent| {
                form.saved();
                let app = sent.answer.body.get("app").unwrap_or(&Value::Null);
                let id = text(app, "id").unwrap_or_default();
                router::go(&Address::new(["apps", &id]).to_string());
            }),
        );
    };
    // Made inside the form, or the fields wouldn't know that they belong to it.
    let name = move || {
        is_new.then(|| {
            view! {
                <TextField
                    label=shown::name
                    value=draft.name
                    rule=&rules::APP_NAME
                    path="app.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
            }
        })
    };
    let rest = move || {
        is_new.then(|| {
            view! {
                <TextField
                    label=texts::icon
                    value=draft.icon
                    rule=&rules::APP_ICON
                    path="app.icon_url"
                />
                <Section title=shown::tags><TagEditor rows=draft.tags /></Section>
            }
        })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            {name()}
            <TextField
                label=shown::alias
                value=draft.alias
                rule=&rules::APP_ALIAS
                path="app.alias"
                help=words::rules::app_alias
            />
            <TextField
                label=shown::description
                value=draft.description
                rule=&rules::APP_DESCRIPTION
                path="app.description"
            />
            {rest()}
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
