//! The forms that create a node group and change its description.

use ief_api::device::Device;
use ief_api::node_group::NodeGroup;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::{common, node as node_rules, node_group as rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::actions::{failed, on_group};
use super::nodes::NODES;
use crate::format;
use crate::kit::{Button, Fold, Form, FormFrame, Kind, Look, Section, TextField};
use crate::pages::parts::{
    ChosenField, PairRules, Pairs, Rows, call_of, first_of, form_of, form_page, ids_of, pairs_body,
};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::reading::text;
use crate::table::{Reading, TableSpec};
use crate::words;
use crate::words::groups as texts;

/// Tags of a group.
const TAGS: PairRules = PairRules {
    count: &node_rules::NODE_TAGS,
    key: &common::LABEL_KEY,
    value: &common::LABEL_VALUE,
    empty_value: true,
    path: "tags",
};

/// Devices to choose from.
static DEVICES: TableSpec = TableSpec {
    kind: "device",
    columns: Device::SPEC.columns,
    shown: &[
        ("name", 200),
        ("state", 120),
        ("protocol", 110),
        ("description", 220),
    ],
    look: |_, _, _| None,
    checks: true,
    sorts: true,
};

/// Address of the form that changes one.
pub(super) fn edit_address(id: &str) -> String {
    Address::new(["groups", id, "edit"]).to_string()
}

/// The form of a new group.
pub(super) fn create() -> AnyView {
    let body = view! { <CreateForm /> }.into_any();
    form_page(("#/groups", texts::title), texts::create::verb, body)
}

#[component]
fn CreateForm() -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let nodes = RwSignal::new(Vec::new());
    let devices = RwSignal::new(Vec::new());
    let tags = Rows::new();
    let body = move || {
        let mut body = Map::from_iter([("name".to_owned(), Value::from(name.get()))]);
        let said = description.get();
        if !said.is_empty() {
            body.insert("description".to_owned(), said.into());
        }
        let lists = [
            ("node_ids", nodes.with(|nodes| json!(ids_of(nodes)))),
            ("tags", pairs_body(tags)),
            ("device_ids", devices.with(|devices| json!(ids_of(devices)))),
        ];
        for (field, list) in lists {
            if list.as_array().is_some_and(|list| !list.is_empty()) {
                body.insert(field.to_owned(), list);
            }
        }
        Value::Object(body)
    };
    let submit = move || {
        let named = name.get_untracked();
        let call = Call {
            body: Some(untrack(body)),
            ..call_of("create_edge_group", &[], &[])
        };
        let chosen = nodes.get_untracked();
        let count = format::count(chosen.len() as u64);
        let none = chosen.is_empty();
        let (of_title, of_sentence, of_done) = (named.clone(), named.clone(), named);
        // Known when the answer is there. It outlives the form, as the sheet does.
        let left = ArcRwSignal::new(None::<String>);
        let told = left.clone();
        let change = Change::new(
            move || texts::create::title(&of_title),
            move || match none {
                true => texts::create::sentence_empty(&of_sentence),
                false => texts::create::sentence(&count, &of_sentence),
            },
            call,
        )
        .button(texts::create::verb)
        .done(move || match told.get() {
            Some(left) => texts::create::done_partly(&of_done, left),
            None => texts::create::done(&of_done),
        })
        .on_done(move |answer| {
            let body = &answer.answer.body;
            left.set(failed(body, "failed_node_add", &chosen));
            form.saved();
            let id = text(body, "id").unwrap_or_default();
            router::go(&Address::new(["groups", &id]).to_string());
        });
        sheet::check_and_send(form, change);
    };
    let devices_said = move || match devices.with(Vec::len) {
        0 => String::new(),
        count => format::count(count as u64),
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Section title=texts::create::about>
                <TextField
                    label=move || words::column("node_group", "name")
                    value=name
                    rule=&rules::NODE_GROUP_NAME
                    help=texts::create::name_help
                    path="name"
                    required=true
                    autofocus=true
                />
                <TextField
                    label=texts::edit::description
                    value=description
                    rule=&rules::NODE_GROUP_DESCRIPTION
                    kind=Kind::Lines
                    path="description"
                />
                <ChosenField
                    label=texts::create::nodes
                    help=texts::create::nodes_help
                    choose=texts::create::choose_nodes
                    spec=&NODES
                    chosen=nodes
                />
            </Section>
            <Section title=texts::create::tags>
                <Pairs rows=tags limits=TAGS add=texts::create::add_tag />
            </Section>
            <Fold title=texts::create::advanced set=devices_said>
                <ChosenField
                    label=texts::create::devices
                    help=texts::create::devices_help
                    choose=texts::create::choose_devices
                    spec=&DEVICES
                    chosen=devices
                />
            </Fold>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go("#/groups") />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// The form of a group that is there.
pub(super) fn edit(id: String) -> AnyView {
    let reading = Reading::detail(NodeGroup::SPEC, Signal::stored(id.clone()));
    let first = first_of(reading);
    let body = form_of(first, reading, move |group| {
        view! { <EditForm id=id.clone() group=group.clone() /> }.into_any()
    });
    let title = move || {
        let name = first.with(|it| it.as_ref().and_then(|it| text(it, "name")));
        name.map_or_else(|| texts::edit::verb.get().to_owned(), texts::edit::title)
    };
    form_page(("#/groups", texts::title), title, body)
}

#[component]
fn EditForm(id: String, group: Value) -> AnyView {
    let form = Form::new();
    let name = text(&group, "name").unwrap_or_default();
    let before = text(&group, "description").unwrap_or_default();
    let version = text(&group, "updated_at");
    let description = RwSignal::new(before.clone());
    let unchanged = {
        let before = before.clone();
        Memo::new(move |_| description.with(|it| *it == before))
    };
    let page = Address::new(["groups", &id]).to_string();
    let back = page.clone();
    let submit = move || {
        if unchanged.get_untracked() {
            return;
        }
        let call = Call {
            body: Some(json!({ "description": description.get_untracked() })),
            ..on_group("update_edge_group", &id)
        };
        let (of_title, of_sentence, of_done) = (name.clone(), name.clone(), name.clone());
        let page = page.clone();
        let change = Change::new(
            move || texts::edit::title(&of_title),
            move || texts::edit::sentence(&of_sentence),
            call,
        )
        .target("node_group", &id, &name)
        .before(json!({ "description": before }))
        .seen(version.clone())
        .button(texts::edit::verb)
        .done(move || texts::edit::done(&of_done))
        .on_done(move |_| {
            form.saved();
            router::go(&page);
        });
        sheet::check_and_send(form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p class="second">{texts::edit::fixed}</p>
            <TextField
                label=texts::edit::description
                value=description
                rule=&rules::NODE_GROUP_DESCRIPTION
                kind=Kind::Lines
                path="description"
                autofocus=true
            />
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
