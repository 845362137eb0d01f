//! Binding devices to a node, and taking them off it.

use std::collections::BTreeMap;

use console_ipc::call::ReadCall;
use ief_api::device::Device;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::common;
use leptos::prelude::*;
use serde_json::json;

use super::actions::on_node;
use super::detail::Node;
use crate::kit::{Button, Dialog, Form, FormFrame, Look, TextField, Width};
use crate::pages::parts::{ChosenField, Leaving, call_of, ids_of, names_of};
use crate::sheet::{self, Change};
use crate::table::reading::{list, text};
use crate::table::{Picked, TableSpec};
use crate::words::nodes::devices as texts;
use crate::{ipc, words};

/// Devices to choose from.
pub(super) static DEVICES: TableSpec = TableSpec {
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

/// Devices of one choice that are looked up.
const LOOKED_AT: usize = 50;

/// Devices with the way they are bound, as a form holds them.
#[derive(Clone, Copy)]
pub(super) struct Binding {
    /// The devices.
    pub(super) devices: RwSignal<Vec<Picked>>,
    /// What they are to the node.
    pub(super) relation: RwSignal<String>,
    /// A remark.
    pub(super) comment: RwSignal<String>,
    /// Which of the devices are bound already, each with the name of its node.
    taken: RwSignal<BTreeMap<String, String>>,
}

impl Binding {
    pub(super) fn new() -> Self {
        Self {
            devices: RwSignal::new(Vec::new()),
            relation: RwSignal::new(String::new()),
            comment: RwSignal::new(String::new()),
            taken: RwSignal::new(BTreeMap::new()),
        }
    }

    /// Looks which devices are bound already: their rows in lists don't say so, and the service refuses those.
    fn look(self, devices: Vec<Picked>) {
        wasm_bindgen_futures::spawn_local(async move {
            // More than people pick by hand is left to the service.
            for device in devices.into_iter().take(LOOKED_AT) {
                let query = [("device_id", device.id.as_str()), ("limit", "1")];
                let call = call_of("list_edge_nodes", &[], &query);
                // A look that fails leaves the device to the service, too.
                let Ok(answer) = ipc::call(ReadCall { call }).await else {
                    continue;
                };
                let node = list(&answer.body, "nodes").first();
                if let Some(name) = node.and_then(|node| text(node, "name")) {
                    self.taken.try_update(|taken| taken.insert(device.id, name));
                }
            }
        });
    }

    /// What is wrong with the devices. Tracked.
    fn problem(self, required: bool) -> Option<String> {
        let devices = self.devices.get();
        let taken = self.taken.with(|taken| {
            let of = |device: &Picked| {
                let node = taken.get(&device.id)?;
                Some(texts::bound_already(&device.name, node))
            };
            devices.iter().filter_map(of).collect::<Vec<_>>()
        });
        match (taken.is_empty(), devices.is_empty()) {
            (false, _) => Some(taken.join(" ")),
            (true, true) if required => Some(texts::choose_first.get().to_owned()),
            _ => None,
        }
    }

    /// As the service takes it (table 5-3).
    pub(super) fn body(self) -> serde_json::Value {
        let ids = self.devices.with_untracked(|all| ids_of(all));
        let mut body = json!({ "relation": self.relation.get_untracked(), "device_ids": ids });
        let comment = self.comment.get_untracked();
        if !comment.is_empty() {
            body["comment"] = comment.into();
        }
        body
    }
}

/// The devices, relation and remark, below `path` in the body.
#[component]
pub(super) fn BindingFields(
    binding: Binding,
    path: &'static str,
    /// Whether there must be a device.
    #[prop(optional)]
    required: bool,
) -> AnyView {
    // What the service would refuse is told at once, that something is missing when the form is sent.
    let refused = Signal::derive(move || binding.problem(false));
    let missing = Signal::derive(move || binding.problem(required));
    let some = move || binding.devices.with(|all| !all.is_empty());
    view! {
        <ChosenField
            label=texts::devices
            choose=texts::choose
            spec=&DEVICES
            chosen=binding.devices
            refused=refused
            missing=missing
            on_add=Callback::new(move |devices| binding.look(devices))
        />
        {move || some().then(|| view! {
            <TextField
                label=texts::relation
                help=words::rules::relation
                rule=&common::RELATION
                value=binding.relation
                required=true
                path=format!("{path}.relation")
            />
            <TextField
                label=texts::comment
                rule=&common::RELATION_COMMENT
                value=binding.comment
                path=format!("{path}.comment")
            />
        })}
    }
    .into_any()
}

/// Asks which devices to bind, and how.
#[component]
pub(super) fn BindDialog(node: Node, open: RwSignal<bool>) -> AnyView {
    let leaving = Leaving::new();
    view! {
        <Dialog open=open title=texts::bind width=Width::Wide may_close=leaving.may_close()>
            <BindForm node=node open=open leaving=leaving />
        </Dialog>
        {leaving.question(move || open.set(false))}
    }
    .into_any()
}

#[component]
fn BindForm(node: Node, open: RwSignal<bool>, leaving: Leaving) -> AnyView {
    let form = Form::new();
    let binding = Binding::new();
    let submit = move || {
        let (id, name) = (node.id.get_untracked(), node.name_now());
        let names = names_of(&binding.devices.get_untracked());
        let body = json!({ "devices": { "added": binding.body(), "removed": [] } });
        let call = Call {
            body: Some(body),
            ..on_node("update_edge_node_device", &id)
        };
        let (of_sentence, of_done) = ((name.clone(), names.clone()), (name.clone(), names));
        let change = Change::new(
            texts::bind,
            move || texts::bind_sentence(&of_sentence.1, &of_sentence.0),
            call,
        )
        .target("node", &id, &name)
        .done(move || texts::bind_done(&of_done.1, &of_done.0))
        .on_done(move |_| {
            node.reading.reload();
            form.saved();
            open.set(false);
        });
        sheet::check_and_send(form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <BindingFields binding=binding path="devices.added" required=true />
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || leaving.press(move || open.set(false)) />
                <Button label=texts::bind look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Takes devices off a node.
pub(super) fn unbind(node: Node, devices: Vec<Picked>) {
    if devices.is_empty() {
        return;
    }
    let (id, name) = (node.id.get_untracked(), node.name_now());
    let said = names_of(&devices);
    let ids = ids_of(&devices);
    let call = Call {
        body: Some(json!({ "devices": { "removed": ids } })),
        ..on_node("update_edge_node_device", &id)
    };
    let (of_sentence, of_done) = ((name.clone(), said.clone()), (name.clone(), said));
    let change = Change::new(
        texts::unbind,
        move || texts::unbind_sentence(&of_sentence.1, &of_sentence.0),
        call,
    )
    .target("node", &id, &name)
    .breaks(texts::unbind_breaks)
    .done(move || texts::unbind_done(&of_done.1, &of_done.0))
    .on_done(move |_| node.reading.reload());
    sheet::send(change);
}
