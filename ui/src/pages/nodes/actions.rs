//! What can be done with a node, each as a change that is shown before it is sent.

use std::collections::BTreeMap;

use console_ipc::call::ReadCall;
use ief_api::operation::Call;

use super::action_call;
use crate::sheet::{self, Change};
use crate::table::reading::{list, text};
use crate::words::nodes as texts;
use crate::{format, ipc};

/// Names of bound devices shown before a node is deleted.
const DEVICES_SHOWN: usize = 10;

/// A call on one node.
pub(super) fn on_node(operation: &str, id: &str) -> Call {
    Call {
        operation: operation.to_owned(),
        path: BTreeMap::from([("node_id".to_owned(), id.to_owned())]),
        ..Call::default()
    }
}

/// Starts a node.
pub(super) fn start(id: &str, name: &str) {
    sheet::send(switch(id, name, true));
}

/// Stops a node.
pub(super) fn stop(id: &str, name: &str) {
    sheet::send(switch(id, name, false));
}

fn switch(id: &str, name: &str, on: bool) -> Change {
    let action = if on { "start" } else { "stop" };
    let call = Call {
        body: action_call(action).body,
        ..on_node("enable_disable_edge_nodes", id)
    };
    let (of_title, of_sentence, of_done) = (name.to_owned(), name.to_owned(), name.to_owned());
    let (back_id, back_name) = (id.to_owned(), name.to_owned());
    let change = Change::new(
        move || {
            if on {
                texts::start::title(&of_title)
            } else {
                texts::stop::title(&of_title)
            }
        },
        move || {
            if on {
                texts::start::sentence(&of_sentence)
            } else {
                texts::stop::sentence(&of_sentence)
            }
        },
        call,
    )
    .target("node", id, name)
    .button(if on {
        texts::start::verb
    } else {
        texts::stop::verb
    })
    .done(move || {
        if on {
            texts::start::done(&of_done)
        } else {
            texts::stop::done(&of_done)
        }
    })
    .undo(move || switch(&back_id, &back_name, !on));
    if on {
        change
    } else {
        change.breaks(texts::stop::breaks)
    }
}

/// Deletes a node. Which devices are bound is looked up first: with any, the service refuses.
pub(super) fn delete(id: &str, name: &str) {
    let (id, name) = (id.to_owned(), name.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        let bound = ipc::call(ReadCall {
            call: devices_call(&id),
        })
        .await;
        let mut change = delete_change(&id, &name);
        change = match bound {
            Ok(answer) => {
                let names: Vec<String> = list(&answer.body, "devices")
                    .iter()
                    .filter_map(|device| text(device, "name"))
                    .collect();
                match names.len() {
                    0 => change,
                    count => {
                        let shown = names
                            .into_iter()
                            .take(DEVICES_SHOWN)
                            .collect::<Vec<_>>()
                            .join(", ");
                        let count = format::count(count as u64);
                        change.breaks(move || texts::delete::bound(&count, &shown))
                    }
                }
            }
            // Without the answer the user knows that nobody looked.
            Err(_) => change.breaks(texts::delete::not_looked),
        };
        sheet::send(change);
    });
}

fn delete_change(id: &str, name: &str) -> Change {
    let (of_title, of_sentence, of_done) = (name.to_owned(), name.to_owned(), name.to_owned());
    let page = crate::router::Address::new(["nodes", id]).path;
    Change::new(
        move || texts::delete::title(&of_title),
        move || texts::delete::sentence(&of_sentence),
        on_node("delete_edge_node", id),
    )
    .target("node", id, name)
    .button(texts::delete::verb)
    .done(move || texts::delete::done(&of_done))
    .on_done(move |_| {
        // The page of what is gone is left.
        if crate::router::Router::the()
            .address_now()
            .path
            .starts_with(&page)
        {
            crate::router::go("#/nodes");
        }
    })
}

/// The call that lists the devices bound to a node.
pub(super) fn devices_call(id: &str) -> Call {
    Call {
        operation: "list_devices".to_owned(),
        query: vec![
            ("node_id".to_owned(), id.to_owned()),
            ("limit".to_owned(), "1000".to_owned()),
        ],
        ..Call::default()
    }
}

/// Upgrades a node's software.
pub(super) fn upgrade(id: &str, name: &str, version: Option<String>) {
    let (of_title, of_done) = (name.to_owned(), name.to_owned());
    let of_sentence = name.to_owned();
    let change = Change::new(
        move || texts::upgrade::title(&of_title),
        move || match &version {
            Some(version) => texts::upgrade::sentence_to(&of_sentence, version),
            None => texts::upgrade::sentence(&of_sentence),
        },
        on_node("upgrade_edge_node", id),
    )
    .target("node", id, name)
    .button(texts::upgrade::verb)
    .breaks(texts::upgrade::breaks)
    .done(move || texts::upgrade::done(&of_done));
    sheet::send(change);
}
