//! Binding encrypted data to nodes and taking it off them, from either side.

use console_ipc::bulk::{BulkAction, Selection};
use ief_api::operation::Call;
use serde_json::json;

use crate::pages::parts::{call_of, names_of};
use crate::sheet::{self, Bulk, Change};
use crate::table::Picked;
use crate::words::encrypted_data::nodes as texts;

/// The change that binds encrypted data to a node. It can be taken back where it is one.
fn binding(node: &Picked, data: &[Picked]) -> Change {
    let ids: Vec<&str> = data.iter().map(|one| one.id.as_str()).collect();
    let call = Call {
        body: Some(json!({ "encrypt_datas": ids })),
        ..call_of("create_node_encryptdatas", &[("node_id", &node.id)], &[])
    };
    let said = names_of(data);
    let change = Change::new(
        texts::bind_one(&said, &node.name),
        texts::bind_sentence(&said, &node.name),
        call,
    )
    .target("node", &node.id, &node.name)
    .button(texts::bind_send)
    .done(texts::bind_done(&said, &node.name));
    match data {
        [one] => {
            let (node, one) = (node.clone(), one.clone());
            change.undo(move || unbinding(&node, &one))
        }
        _ => change,
    }
}

/// The change that takes encrypted data off a node.
fn unbinding(node: &Picked, data: &Picked) -> Change {
    let path = [
        ("node_id", node.id.as_str()),
        ("encryptdata_id", data.id.as_str()),
    ];
    let (of_node, of_data) = (node.clone(), data.clone());
    Change::new(
        texts::unbind_one(&data.name, &node.name),
        texts::unbind_sentence(&data.name, &node.name),
        call_of("delete_node_encryptdatas", &path, &[]),
    )
    .target("encrypted_data", &data.id, &data.name)
    .breaks(texts::unbind_breaks(&node.name))
    .button(texts::unbind)
    .done(texts::unbind_done(&data.name, &node.name))
    .undo(move || binding(&of_node, std::slice::from_ref(&of_data)))
}

/// Binds encrypted data to a node.
pub fn bind(node: &Picked, data: &[Picked]) {
    if !data.is_empty() {
        sheet::send(binding(node, data));
    }
}

/// Binds encrypted data to nodes: one by one where there are several.
pub(super) fn bind_to(nodes: &[Picked], data: &Picked) {
    if let [node] = nodes {
        return bind(node, std::slice::from_ref(data));
    }
    let call = Call {
        body: Some(json!({ "encrypt_datas": [data.id] })),
        ..call_of("create_node_encryptdatas", &[], &[])
    };
    sheet::bulk(Bulk {
        title: texts::bind_title(&data.name).into(),
        sentence: texts::bind_each(&data.name).into(),
        action: each_of("node", nodes, call),
        send: texts::bind_send.into(),
        danger: false,
        on_start: None,
    });
}

/// Takes encrypted data off nodes.
pub(super) fn unbind_from(nodes: &[Picked], data: &Picked) {
    if let [node] = nodes {
        return sheet::send(unbinding(node, data));
    }
    let path = [("encryptdata_id", data.id.as_str())];
    let call = call_of("delete_node_encryptdatas", &path, &[]);
    sheet::bulk(Bulk {
        title: texts::unbind_many(&data.name).into(),
        sentence: texts::unbind_each(&data.name).into(),
        action: each_of("node", nodes, call),
        send: texts::unbind.into(),
        danger: true,
        on_start: None,
    });
}

/// Takes encrypted data off a node.
pub fn unbind(node: &Picked, data: &[Picked]) {
    if let [one] = data {
        return sheet::send(unbinding(node, one));
    }
    let call = call_of(
        "delete_node_encryptdatas",
        &[("node_id", node.id.as_str())],
        &[],
    );
    sheet::bulk(Bulk {
        title: texts::unbind_many_from(&node.name).into(),
        sentence: texts::unbind_each_from(&node.name).into(),
        action: each_of("encrypted_data", data, call),
        send: texts::unbind.into(),
        danger: true,
        on_start: None,
    });
}

/// The same call for each of some rows.
fn each_of(resource: &str, rows: &[Picked], call: Call) -> BulkAction {
    BulkAction {
        resource: resource.to_owned(),
        selection: Selection::Ids {
            ids: rows.iter().map(|row| row.id.clone()).collect(),
        },
        call,
        then: Vec::new(),
        only_when: None,
    }
}
