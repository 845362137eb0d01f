//! Certificates that hold on all nodes of a group.

use ief_api::rules::node_group as rules;
use leptos::prelude::*;
use serde_json::Value;

use super::actions::on_group;
use super::detail::Group;
use crate::pages::parts::{Certificates, Holder, Way, call_of};
use crate::table::reading::list;
use crate::words;
use crate::words::groups::certificates as texts;

static WAY: Way = Way {
    kind: "node_group",
    list: |group| on_group("list_edge_group_certs", group),
    field: FIELD,
    show: Some(|group, certificate| {
        let path = [("group_id", group), ("group_cert_id", certificate)];
        call_of("show_edge_group_cert_detail", &path, &[])
    }),
    create: |group| on_group("create_edge_group_cert", group),
    delete: |group, certificate| {
        let path = [("group_id", group), ("group_cert_id", certificate)];
        call_of("delete_edge_group_cert", &path, &[])
    },
    types: &[
        ("application", texts::application_help),
        ("device", texts::device_help),
        ("system", texts::system_help),
    ],
    own_type: None,
    name_rule: &rules::GROUP_CERTIFICATE_NAME,
    name_help: words::rules::group_certificate_name,
    description_rule: &rules::NODE_GROUP_DESCRIPTION,
    none_text: texts::none_text,
    delete_breaks: texts::delete_breaks,
};

/// Where the certificates stand in the answer that lists them.
const FIELD: &str = "groupcerts";

/// The certificates of such an answer.
pub(super) fn listed(answer: &Value) -> &[Value] {
    list(answer, FIELD)
}

/// The certificates of a group.
pub(super) fn view(group: Group) -> AnyView {
    let holder = Holder {
        id: group.id,
        name: Signal::derive(move || group.name()),
        way: &WAY,
    };
    view! { <Certificates holder=holder /> }.into_any()
}
