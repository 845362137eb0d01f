//! Certificates of a node.

use ief_api::rules::{common, node as node_rules};
use leptos::prelude::*;

use super::actions::on_node;
use super::detail::Node;
use crate::pages::parts::{self, Holder, Way, call_of};
use crate::words;
use crate::words::nodes::certificates as texts;

static WAY: Way = Way {
    kind: "node",
    list: |node| on_node("list_edge_node_certs", node),
    field: "node_certs",
    show: None,
    create: |node| on_node("create_edge_node_certs", node),
    delete: |node, certificate| {
        let path = [("node_id", node), ("cert_id", certificate)];
        call_of("delete_edge_node_certs", &path, &[])
    },
    types: &[
        ("application", texts::application_help),
        ("device", texts::device_help),
    ],
    // Deleted with the node only.
    own_type: Some("system"),
    name_rule: &node_rules::CERTIFICATE_NAME,
    name_help: words::rules::certificate_name,
    description_rule: &common::DESCRIPTION_TEXT,
    none_text: texts::none_text,
    delete_breaks: texts::delete_breaks,
};

/// The certificates of a node.
#[component]
pub(super) fn Certificates(node: Node) -> AnyView {
    let holder = Holder {
        id: node.id,
        name: Signal::derive(move || node.name()),
        way: &WAY,
    };
    view! { <parts::Certificates holder=holder /> }.into_any()
}
