//! What can be done with a device, each as the sheet that shows it first.

use console_ipc::call::ReadCall;
use ief_api::operation::Call;
use serde_json::{Value, json};

use super::show;
use crate::pages::parts::call_of;
use crate::sheet::{self, Change};
use crate::state::App;
use crate::words::devices as texts;
use crate::{ipc, router};

/// The node a device is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    /// Identifier of the node.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// What the node is to the device.
    pub(super) relation: String,
    /// Remark.
    pub(super) comment: String,
}

/// The call that tells to which node a device is bound.
pub(super) fn binding_call(id: &str) -> Call {
    call_of(
        "list_edge_nodes",
        &[],
        &[("device_id", id), ("limit", "10")],
    )
}

/// Reads the answer to [`binding_call`].
pub(super) fn bound_nodes(answer: &Value) -> Vec<Bound> {
    let nodes = answer.get("nodes").and_then(Value::as_array);
    let bound = nodes.into_iter().flatten().map(|node| Bound {
        id: show::text(node, "id").to_owned(),
        name: show::text(node, "name").to_owned(),
        relation: show::text(node, "relation").to_owned(),
        comment: show::text(node, "comment").to_owned(),
    });
    bound.filter(|node| !node.id.is_empty()).collect()
}

/// Deletes a device. One that is bound is unbound first, which the sheet says; then its own sheet follows.
pub(super) fn delete(id: String, name: String) {
    wasm_bindgen_futures::spawn_local(async move {
        match ipc::call(ReadCall {
            call: binding_call(&id),
        })
        .await
        {
            Ok(answer) => match bound_nodes(&answer.body).into_iter().next() {
                None => sheet::send(deletion(&id, &name)),
                Some(node) => {
                    let sentence = texts::unbind_first(&name, &node.name);
                    let change = Change {
                        sentence: sentence.into(),
                        ..unbinding(&id, &name, &node)
                    };
                    sheet::send(change.on_done(move |_| sheet::send(deletion(&id, &name))));
                }
            },
            // The service refuses to delete what is bound, so nothing is lost by not knowing.
            Err(error) => {
                App::expect().report(error);
                sheet::send(deletion(&id, &name));
            }
        }
    });
}

fn deletion(id: &str, name: &str) -> Change {
    let own = router::Address::new(["devices", id]).path;
    Change::new(
        texts::delete_title(name),
        texts::delete_sentence(name),
        call_of("delete_device", &[("device_id", id)], &[]),
    )
    .target("device", id, name)
    .button(texts::delete)
    .done(texts::deleted(name))
    .on_done(move |_| {
        // Its own page has nothing to show any more.
        let here = router::Router::the().address_now().path;
        if here.starts_with(&own) {
            router::go("#/devices");
        }
    })
}

/// Binds a device to a node.
pub(super) fn bind(id: &str, name: &str, node: &Bound) -> Change {
    let mut added = json!({"device_ids": [id]});
    for (field, value) in [("relation", &node.relation), ("comment", &node.comment)] {
        if !value.is_empty() {
            added[field] = json!(value);
        }
    }
    let undo = (id.to_owned(), name.to_owned(), node.clone());
    let words = (
        texts::bind_title(name),
        texts::bind_sentence(name, &node.name),
    );
    devices_of_node(node, json!({"devices": {"added": added}}), words)
        .button(texts::bind)
        .done(texts::bound_done(name, &node.name))
        .undo(move || unbinding(&undo.0, &undo.1, &undo.2))
}

/// Unbinds a device from its node.
pub(super) fn unbinding(id: &str, name: &str, node: &Bound) -> Change {
    let undo = (id.to_owned(), name.to_owned(), node.clone());
    let words = (
        texts::unbind_title(name),
        texts::unbind_sentence(name, &node.name),
    );
    devices_of_node(node, json!({"devices": {"removed": [id]}}), words)
        .button(texts::unbind)
        .done(texts::unbound_done(name))
        .breaks(texts::unbind_breaks)
        .undo(move || bind(&undo.0, &undo.1, &undo.2))
}

/// The reference recommends to bind from the node's side.
fn devices_of_node(node: &Bound, body: Value, (title, sentence): (String, String)) -> Change {
    let call = Call {
        body: Some(body),
        ..call_of("update_edge_node_device", &[("node_id", &node.id)], &[])
    };
    Change::new(title, sentence, call).target("node", &node.id, &node.name)
}
