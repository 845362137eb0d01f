//! The form of a new job.

use console_ipc::IpcError;
use ief_api::operation::Call;
use ief_api::rules::{batch as rules, common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::KIND;
use super::start::{Draft, task_data};
use super::targets::{MOST, NODES, TargetEditor, Targets};
use crate::format;
use crate::kit::{
    Button, Choice, ErrorNotice, Form, FormFrame, Look, Notice, Radio, Section, TextField, Tone,
};
use crate::pages::deployments::Run;
use crate::pages::parts::{
    PairRules, Pairs, call_of, first_of, form_of, form_page, pairs_body, take_handed,
};
use crate::pages::things;
use crate::router::{self, Router};
use crate::sheet::Change;
use crate::table::{NotGathered, Reading, gather};
use crate::words;
use crate::words::batch_jobs as texts;

/// Tags of a job (table 4-502).
const TAGS: PairRules = PairRules {
    count: &node_rules::NODE_TAGS,
    key: &common::LABEL_KEY,
    value: &common::LABEL_VALUE,
    empty_value: true,
    path: "tags",
};

/// What a job can do (table 4-498).
const KINDS: [&str; 3] = ["node_upgrade", "deployment_deploy", "deployment_upgrade"];

/// The page: an empty form, one with the nodes that were selected in their list, or one that is like another job.
pub(super) fn create() -> AnyView {
    let address = Router::the().address_now();
    let like = address.get("like").unwrap_or_default().to_owned();
    let body = match like.as_str() {
        "" => {
            let asked = address.get("type").unwrap_or_default();
            let kind = KINDS.iter().find(|kind| **kind == asked);
            let draft = Draft::new(kind.unwrap_or(&KINDS[0]), None);
            form(draft, None)
        }
        _ => {
            let reading = Reading::detail(KIND.resource, Signal::stored(like));
            form_of(first_of(reading), reading, |job| {
                form(Draft::new("", Some(job)), task_data(job))
            })
        }
    };
    form_page((KIND.list, KIND.title), texts::create, body)
}

fn form(draft: Draft, data: Option<Value>) -> AnyView {
    view! { <JobForm draft=draft data=data /> }.into_any()
}

#[component]
fn JobForm(draft: Draft, data: Option<Value>) -> AnyView {
    let form = Form::new();
    let run = Run::new(data.as_ref());
    Effect::new(move |_| run.in_groups(draft.place.with(|place| place == "node_group")));
    let submit = move || {
        let Some(body) = untrack(|| body(draft, run)) else {
            // What is wrong with the text stands at its field.
            return;
        };
        things::create(&KIND, form, untrack(|| creation(draft, body)));
    };
    let kinds = KINDS.map(|kind| {
        let help = move || words::find_or(&format!("batch_jobs.kinds.{kind}"), "");
        Choice::new(kind, move || words::value("batch_job", "type", kind)).help(help)
    });
    let upgrades_nodes = Memo::new(move |_| draft.upgrades_nodes());
    let content = move || {
        (!upgrades_nodes.get()).then(|| {
            view! {
                <Section title=texts::content>
                    <p class="second">{texts::content_help}</p>
                    <TextField
                        label=texts::prefix
                        value=draft.prefix
                        help=texts::prefix_help
                        placeholder=move || draft.name.get()
                    />
                </Section>
                {run.view()}
            }
        })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Section title=texts::job>
                <TextField
                    label=texts::name
                    value=draft.name
                    rule=&rules::BATCH_NAME
                    help=words::rules::batch_name
                    path="job_name"
                    required=true
                    autofocus=true
                />
                <TextField
                    label=texts::description
                    value=draft.description
                    rule=&rules::BATCH_DESCRIPTION
                    path="description"
                />
                <Radio label=texts::r#type value=draft.kind choices=kinds.to_vec() />
            </Section>
            <Section title=texts::targets::title>
                <Places draft=draft />
            </Section>
            {content}
            <Section title=texts::tags>
                <Pairs rows=draft.tags limits=TAGS add=words::nodes::attributes::add_tag />
            </Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go(KIND.list) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// What the job is for, of the type that fits what it does.
#[component]
fn Places(draft: Draft) -> AnyView {
    let both = Memo::new(move |_| draft.kind.with(|kind| kind != "deployment_upgrade"));
    let places = vec![
        Choice::new("node", texts::target_types::node),
        Choice::new("node_group", texts::target_types::node_group)
            .help(texts::targets::groups_help),
    ];
    let place = move || {
        both.get().then(|| {
            view! {
                <Radio label=texts::targets::of choices=places.clone() value=draft.place inline=true />
            }
        })
    };
    let wire = Memo::new(move |_| draft.targets().kind.wire);
    let editor = move || {
        wire.track();
        let targets = draft.targets();
        view! { <TargetEditor targets=targets /> }
    };
    view! {
        {place}
        {handed(draft.nodes)}
        {editor}
    }
    .into_any()
}

/// Takes the nodes that were selected in their list, once they are read.
fn handed(nodes: Targets) -> AnyView {
    let Some(selection) = take_handed(NODES.resource()) else {
        return ().into_any();
    };
    let form = crate::kit::form::expect_form();
    let busy = RwSignal::new(true);
    let failed = RwSignal::new(None::<IpcError>);
    wasm_bindgen_futures::spawn_local(async move {
        let gathered = gather(NODES.resource(), selection, MOST).await;
        // The form may have been left by then.
        if busy.try_set(false).is_some() {
            return;
        }
        match gathered {
            Ok(picked) => {
                form.touch();
                nodes.add(picked);
            }
            Err(NotGathered::TooMany(count)) => nodes.refuse(count),
            Err(NotGathered::Failed(error)) => failed.set(Some(error)),
        }
    });
    view! {
        {move || busy.get().then(|| view! { <Notice tone=Tone::Info text=texts::targets::taking /> })}
        {move || failed.get().map(|error| view! { <ErrorNotice error=error /> })}
    }
    .into_any()
}

/// The body of the request (table 4-498); none while the text of what is deployed can't be read. Tracked.
fn body(draft: Draft, run: Run) -> Option<Value> {
    let targets = draft.targets();
    let mut content = json!({
        "target_type": targets.kind.wire,
        "targets": targets.body(),
    });
    if !draft.upgrades_nodes() {
        let mut data = run.body().ok()?;
        let prefix = match draft.prefix.get() {
            prefix if prefix.is_empty() => draft.name.get(),
            prefix => prefix,
        };
        let source = json!({ "userdefined": { "name_prefix": prefix } });
        data.as_object_mut()?.insert("source".to_owned(), source);
        content["task_data"] = data.to_string().into();
    }
    let mut body = json!({
        "job_name": draft.name.get(),
        "job_type": draft.kind.get(),
        "job_content": content,
        "tags": pairs_body(draft.tags),
    });
    let description = draft.description.get();
    if !description.is_empty() {
        body["description"] = description.into();
    }
    Some(body)
}

/// The change, in the words of what the job does. Tracked.
fn creation(draft: Draft, body: Value) -> Change {
    let name = draft.name.get();
    let targets = draft.targets();
    let count = format::count(targets.list.with(|all| all.len() as u64));
    let groups = targets.kind.wire == "node_group";
    let sentence = match (draft.kind.get().as_str(), groups) {
        ("node_upgrade", false) => texts::create_sentence::upgrade(count),
        ("node_upgrade", true) => texts::create_sentence::upgrade_groups(count),
        ("deployment_upgrade", _) => texts::create_sentence::applications(count),
        (_, false) => texts::create_sentence::deploy(count),
        (_, true) => texts::create_sentence::deploy_groups(count),
    };
    let call = Call {
        body: Some(body),
        ..call_of("create_batch_job", &[], &[])
    };
    let change = Change::new(texts::create_title(&name), sentence, call)
        .target(KIND.resource.kind, "", &name)
        .button(texts::create)
        .done(texts::created(&name));
    match draft.kind.get().as_str() {
        "node_upgrade" => change.breaks(texts::create_sentence::upgrade_breaks),
        "deployment_upgrade" => change.breaks(texts::create_sentence::applications_breaks),
        _ => change,
    }
}
