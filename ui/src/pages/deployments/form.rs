//! The forms that create and change a deployment: the fields that most need, and the body as text for whoever
//! needs every field. Both are ways to see one body; going from one to the other loses nothing.

use ief_api::deployment::Deployment;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::{Value, json};

mod choosers;
mod container_draft;
mod container_fields;
mod draft;
mod fields;

use self::draft::{Draft, trimmed};
use self::fields::Fields;
use crate::kit::form::Check;
use crate::kit::{Button, Form, FormFrame, Look, Notice, Tab, Tabs, Tone};
use crate::pages::parts::{BodyText, call_of, first_of, form_of, form_page, read_body};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::text;
use crate::words;
use crate::words::deployments as texts;

/// The form of a new deployment.
pub(super) fn create() -> AnyView {
    let body = view! { <DeploymentForm target=None /> };
    form_page(
        ("#/deployments", texts::title),
        texts::create::verb,
        body.into_any(),
    )
}

/// The form of a deployment that is there.
pub(super) fn edit(id: String) -> AnyView {
    let reading = Reading::detail(Deployment::SPEC, Signal::stored(id.clone()));
    let deployment = first_of(reading);
    let body = form_of(deployment, reading, move |deployment| {
        let target = Some(Target::new(&id, deployment));
        view! { <DeploymentForm target=target /> }.into_any()
    });
    let title = move || {
        let name = deployment.with(|it| it.as_ref().and_then(|it| text(it, "name")));
        name.map_or_else(
            || texts::update::verb.get().to_owned(),
            texts::update::title,
        )
    };
    form_page(("#/deployments", texts::title), title, body)
}

/// Address of the form that changes one.
pub(super) fn edit_address(id: &str) -> String {
    Address::new(["deployments", id, "edit"]).to_string()
}

/// The deployment that is changed.
#[derive(Clone)]
struct Target {
    id: String,
    name: String,
    version: Option<String>,
    /// What it is, in the shape of the body.
    body: Value,
    /// Whether it runs on a node group.
    in_group: bool,
}

impl Target {
    fn new(id: &str, deployment: &Value) -> Self {
        let template = deployment.get("template").map(trimmed);
        Self {
            id: id.to_owned(),
            name: text(deployment, "name").unwrap_or_default(),
            version: text(deployment, "updated_at"),
            body: json!({
                "description": text(deployment, "description").unwrap_or_default(),
                "deployment": {
                    "replicas": deployment.get("replicas"),
                    "template": template,
                },
            }),
            in_group: text(deployment, "group_id").is_some(),
        }
    }
}

/// The body, as it is filled in.
#[derive(Clone, Copy)]
struct Filled {
    draft: RwSignal<Draft>,
    /// The body as text, while it is edited as such.
    text: RwSignal<Option<String>>,
}

impl Filled {
    /// The body, or what is wrong with the text. Tracked.
    fn body(self) -> Result<Value, String> {
        match self.text.get() {
            Some(text) => read_body(&text),
            None => Ok(self.draft.get().body()),
        }
    }

    fn as_text(self) {
        if let Ok(body) = untrack(|| self.body()) {
            let text = serde_json::to_string_pretty(&body).unwrap_or_default();
            self.text.set(Some(text));
        }
    }

    /// Goes on with the body as a form. Not while the text says what the form would say otherwise.
    fn as_form(self) -> Result<(), String> {
        let Some(text) = self.text.get_untracked() else {
            return Ok(());
        };
        let body = read_body(&text)?;
        let is_new = self.draft.with_untracked(|draft| draft.is_new);
        let draft = Draft::new(Some(&body), is_new);
        if !is_new {
            // Where it runs is not part of what is sent.
            let place = self.draft.with_untracked(|it| it.place.get_untracked());
            draft.place.set(place);
        }
        if trimmed(&untrack(|| draft.body())) != trimmed(&body) {
            return Err(texts::form::only_text.get().to_owned());
        }
        self.draft.set(draft);
        self.text.set(None);
        Ok(())
    }
}

/// What a deployment runs, without its name and its place: what a batch job deploys to many.
#[derive(Clone, Copy)]
pub struct Run(Filled);

impl Run {
    /// As it is now, or as a new deployment has it at first.
    pub fn new(body: Option<&Value>) -> Self {
        Self(Filled {
            draft: RwSignal::new(Draft::new(body, false)),
            text: RwSignal::new(None),
        })
    }

    /// Says whether it is for node groups, whose instances can be moved from one node to another.
    pub fn in_groups(self, groups: bool) {
        let place = if groups { "group" } else { "node" };
        let Self(filled) = self;
        filled
            .draft
            .with_untracked(|draft| draft.place.set(place.to_owned()));
    }

    /// What is sent, or what is wrong with the text. Tracked.
    pub fn body(self) -> Result<Value, String> {
        self.0.body()
    }

    /// The fields, or all of it as text.
    pub fn view(self) -> AnyView {
        view! { <Ways filled=self.0 /> }.into_any()
    }
}

#[component]
fn DeploymentForm(target: Option<Target>) -> AnyView {
    let form = Form::new();
    let is_new = target.is_none();
    let draft = Draft::new(target.as_ref().map(|it| &it.body), is_new);
    if target.as_ref().is_some_and(|it| it.in_group) {
        draft.place.set("group".to_owned());
    }
    // The page of a node group leads here with the group.
    let address = router::Router::the().address_now();
    if let Some(group) = address.get("group").filter(|_| is_new) {
        draft.place.set("group".to_owned());
        draft.group.set(group.to_owned());
    }
    let filled = Filled {
        draft: RwSignal::new(draft),
        text: RwSignal::new(None),
    };
    let before = untrack(|| draft.body());
    let unchanged = {
        let before = before.clone();
        Memo::new(move |_| !is_new && filled.body().is_ok_and(|body| body == before))
    };
    let back = target.as_ref().map_or_else(
        || "#/deployments".to_owned(),
        |it| Address::new(["deployments", &it.id]).to_string(),
    );
    let submit = move || {
        let Ok(body) = untrack(|| filled.body()) else {
            return;
        };
        if unchanged.get_untracked() {
            return;
        }
        let change = match &target {
            Some(target) => update(target, &before, body),
            None => creation(body),
        };
        sheet::check_and_send(
            form,
            change.on_done(move |answer| {
                form.saved();
                let id = text(&answer.answer.body, "id").unwrap_or_default();
                router::go(&Address::new(["deployments", &id]).to_string());
            }),
        );
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Ways filled=filled />
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

/// The body in one of its ways.
#[component]
fn Ways(filled: Filled) -> AnyView {
    let problem = RwSignal::new(None::<String>);
    let tabs = vec![
        Tab::new("form", texts::form::as_form),
        Tab::new("source", texts::tabs::source),
    ];
    let is_text = Memo::new(move |_| filled.text.with(Option::is_some));
    let current = Signal::derive(move || {
        let way = if is_text.get() { "source" } else { "form" };
        way.to_owned()
    });
    let choose = move |name: String| {
        problem.set(None);
        match name.as_str() {
            "source" if !is_text.get_untracked() => filled.as_text(),
            "form" => problem.set(filled.as_form().err()),
            _ => {}
        }
    };
    let way = move || match is_text.get() {
        true => {
            let check: Check = std::sync::Arc::new(|text| read_body(text).map(|_| ()));
            view! {
                <div class="deployment-text">
                    <BodyText text=filled.text label=texts::form::body help=texts::form::body_help check=check />
                </div>
            }
            .into_any()
        }
        false => view! { <Fields draft=filled.draft.get() /> }.into_any(),
    };
    view! {
        <Tabs label=texts::form::ways tabs=tabs current=current on_choose=choose />
        {move || problem.get().map(|problem| view! { <Notice tone=Tone::Attention text=problem /> })}
        <div class="deployment-way" role="tabpanel">{way}</div>
    }
    .into_any()
}

fn creation(body: Value) -> Change {
    let name = text(&body, "name").unwrap_or_default();
    let call = Call {
        body: Some(body),
        ..call_of("create_deployments", &[], &[])
    };
    Change::new(
        texts::create::title(&name),
        texts::create::sentence(&name),
        call,
    )
    .button(texts::create::verb)
    .done(texts::create::done(&name))
}

/// Sends what differs: what runs goes as a whole, as the service replaces it so.
fn update(target: &Target, before: &Value, mut body: Value) -> Change {
    let Target {
        id, name, version, ..
    } = target;
    let of = |body: &Value, pointer: &str| body.pointer(pointer).cloned();
    let restarts = of(before, "/deployment/template") != of(&body, "/deployment/template");
    if let Some(fields) = body.as_object_mut() {
        for part in ["description", "deployment"] {
            if fields.get(part) == before.get(part) {
                fields.remove(part);
            }
        }
    }
    let call = Call {
        body: Some(body),
        ..call_of("update_deployment", &[("deployment_id", id)], &[])
    };
    let change = Change::new(
        texts::update::title(name),
        texts::update::sentence(name),
        call,
    )
    .target("deployment", id, name)
    .before(before.clone())
    .seen(version.clone())
    .button(texts::update::verb)
    .done(texts::update::done(name));
    match restarts {
        true => change.breaks(texts::update::breaks),
        false => change,
    }
}
