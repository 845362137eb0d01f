//! What can be done with a node group, each as a change that is shown before it is sent.

use console_ipc::call::ReadCall;
use ief_api::operation::Call;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::certificates::listed;
use super::detail::Group;
use crate::pages::parts::{call_of, ids_of, names_of, some_names};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Picked;
use crate::table::reading::{integer, list, text};
use crate::words::groups as texts;
use crate::{format, ipc};

/// A call on one group.
pub(super) fn on_group(operation: &str, id: &str) -> Call {
    call_of(operation, &[("group_id", id)], &[])
}

/// The call that lists the deployments to a group, the newest first: as many as one answer can hold (section
/// 4.5.2).
pub(super) fn deployments_call(id: &str) -> Call {
    call_of(
        "list_deployments",
        &[],
        &[("group_id", id), ("limit", "100")],
    )
}

/// Some certificates of a group: how many, and the names of some.
struct Several {
    count: u64,
    names: String,
}

impl Several {
    fn of<'a>(things: impl IntoIterator<Item = &'a Value>, told: Option<i64>) -> Option<Self> {
        let names: Vec<String> = things
            .into_iter()
            .filter_map(|it| text(it, "name").or_else(|| text(it, "id")))
            .collect();
        let told = told.and_then(|told| u64::try_from(told).ok());
        let count = told.unwrap_or_default().max(names.len() as u64);
        (count > 0).then(|| Self {
            count,
            names: some_names(names.iter().map(String::as_str)),
        })
    }
}

/// Deletes a group. The certificates that go with it are looked up first; what uses it is told by the sheet.
pub(super) fn delete(id: &str, name: &str) {
    let (id, name) = (id.to_owned(), name.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        let call = on_group("list_edge_group_certs", &id);
        let answer = ipc::call(ReadCall { call }).await;
        let deletion = deletion(&id, &name);
        sheet::send(match answer {
            Ok(answer) => {
                let told = integer(&answer.body, "count");
                match Several::of(listed(&answer.body), told) {
                    Some(Several { count, names }) => deletion.breaks(move || {
                        texts::delete::certificates(format::count(count), names.clone())
                    }),
                    None => deletion,
                }
            }
            // Without the answer the user knows that nobody looked.
            Err(_) => deletion.breaks(texts::delete::unseen),
        });
    });
}

fn deletion(id: &str, name: &str) -> Change {
    let own = Address::new(["groups", id]).path;
    let (of_title, of_sentence, of_done) = (name.to_owned(), name.to_owned(), name.to_owned());
    Change::new(
        move || texts::delete::title(&of_title),
        move || texts::delete::sentence(&of_sentence),
        on_group("delete_edge_group", id),
    )
    .target("node_group", id, name)
    .button(texts::delete::verb)
    .done(move || texts::delete::done(&of_done))
    .on_done(move |_| {
        // The page of what is gone is left.
        if router::Router::the().address_now().path.starts_with(&own) {
            router::go("#/groups");
        }
    })
}

/// Puts nodes into a group.
pub(super) fn add(group: Group, nodes: Vec<Picked>) {
    sheet::send(binding(group, nodes, true));
}

/// Takes nodes out of a group.
pub(super) fn remove(group: Group, nodes: Vec<Picked>) {
    sheet::send(binding(group, nodes, false));
}

/// The names of those nodes that the answer says were left as they were.
pub(super) fn failed(answer: &Value, field: &str, nodes: &[Picked]) -> Option<String> {
    let failed: Vec<&str> = list(answer, field)
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let name = |id: &str| {
        let known = nodes.iter().find(|node| node.id == id);
        known.map_or_else(|| id.to_owned(), |node| node.name.clone())
    };
    let names: Vec<String> = failed.into_iter().map(name).collect();
    (!names.is_empty()).then(|| some_names(names.iter().map(String::as_str)))
}

/// The change that puts nodes into a group or takes them out. Each takes the other back.
fn binding(group: Group, nodes: Vec<Picked>, add: bool) -> Change {
    let (id, name) = (group.id.get_untracked(), group.name_now());
    let (ids, names) = (ids_of(&nodes), names_of(&nodes));
    let count = format::count(nodes.len() as u64);
    let (field, failed_field) = match add {
        true => ("add_node_ids", "failed_node_add"),
        false => ("remove_node_ids", "failed_node_del"),
    };
    let call = Call {
        body: Some(json!({ field: ids })),
        ..on_group("update_edge_group_node_binding", &id)
    };
    let (of_title, of_undo) = (name.clone(), nodes.clone());
    let of_sentence = (count.clone(), name.clone(), names.clone());
    let of_done = (name.clone(), names);
    // Known when the answer is there. It outlives the page, as the sheet does.
    let left = ArcRwSignal::new(None::<String>);
    let told = left.clone();
    let change = Change::new(
        move || match add {
            true => texts::nodes::add_title(&of_title),
            false => texts::nodes::remove_title(&of_title),
        },
        move || {
            let (count, name, names) = &of_sentence;
            match add {
                true => texts::nodes::add_sentence(count, name, names),
                false => texts::nodes::remove_sentence(count, name, names),
            }
        },
        call,
    )
    .target("node_group", &id, &name)
    .button(match add {
        true => texts::nodes::add,
        false => texts::nodes::remove,
    })
    .done(move || {
        let (name, names) = &of_done;
        match (told.get(), add) {
            (Some(left), _) => texts::nodes::failed(left),
            (None, true) => texts::nodes::add_done(name, names),
            (None, false) => texts::nodes::remove_done(name, names),
        }
    })
    .undo(move || binding(group, of_undo.clone(), !add))
    .on_done(move |answer| {
        let failed = failed(&answer.answer.body, failed_field, &nodes);
        left.set(failed.clone());
        // The page may have been left meanwhile.
        group.left.try_set(failed);
        group.reading.reload();
    });
    match add {
        true => change,
        false => change.breaks(move || texts::nodes::remove_breaks(&count)),
    }
}
