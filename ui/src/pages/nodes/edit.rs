//! The form that changes a node: description, logs, NTP servers, attributes. Only what differs is sent.

use ief_api::node::EdgeNode;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use ief_api::rules::common;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::actions::on_node;
use super::fields::{ATTRIBUTES, NtpServers, texts_body};
use super::logs::{Logs, logs_body, read_logs};
use super::settings::servers;
use crate::kit::{Button, Form, FormFrame, Glyph, Kind, Look, Section, TextField, icon};
use crate::pages::parts::{Pairs, Rows, first_of, form_of, pairs_body, read_pairs};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::{list, text};
use crate::words;
use crate::words::nodes::edit as texts;
use crate::words::nodes::{attributes, logs, ntp, register};

/// Address of the form.
pub(super) fn address(id: &str) -> String {
    Address::new(["nodes", id, "edit"]).to_string()
}

/// The page. The node is read once: what somebody else changes meanwhile is told when it is sent.
#[component]
pub(super) fn Edit(id: String) -> AnyView {
    let reading = Reading::detail(EdgeNode::SPEC, Signal::stored(id.clone()));
    let first = first_of(reading);
    let back = Address::new(["nodes", &id]).to_string();
    let name = move || {
        first
            .with(|node| node.as_ref().and_then(|node| text(node, "name")))
            .unwrap_or_default()
    };
    let form = form_of(first, reading, move |node| {
        view! { <EditForm id=id.clone() node=node.clone() /> }.into_any()
    });
    view! {
        <div class="page-body">
            <a class="page-crumb" href=back>{icon(Glyph::ArrowLeft)} {name}</a>
            <div class="page-head"><h1>{move || texts::title(name())}</h1></div>
            {form}
        </div>
    }
    .into_any()
}

#[component]
fn EditForm(id: String, node: Value) -> AnyView {
    let form = Form::new();
    let name = text(&node, "name").unwrap_or_default();
    let description = RwSignal::new(text(&node, "description").unwrap_or_default());
    let log_fields = read_logs(Some(&node));
    let ntp_servers = Rows::of(servers(&node).into_iter().map(RwSignal::new));
    let pairs = read_pairs(&node, "attributes");

    let before = json!({
        "description": text(&node, "description").unwrap_or_default(),
        "log_configs": list(&node, "log_configs"),
        "ntp_servers": servers(&node),
        "attributes": list(&node, "attributes"),
    });
    let known = before.clone();
    let changed = Memo::new(move |_| {
        let now = [
            ("description", Value::from(description.get())),
            ("log_configs", logs_body(log_fields)),
            ("ntp_servers", Value::from(texts_body(ntp_servers))),
            ("attributes", pairs_body(pairs)),
        ];
        let mut body = Map::new();
        for (name, value) in now {
            if !same(known.get(name), &value) {
                body.insert(name.to_owned(), value);
            }
        }
        body
    });
    let nothing = Signal::derive(move || changed.with(Map::is_empty));
    let page = Address::new(["nodes", &id]).to_string();
    let back = page.clone();
    let version = text(&node, "updated_at");
    let submit = move || {
        if nothing.get_untracked() {
            return;
        }
        let call = Call {
            body: Some(json!({ "node": changed.get_untracked() })),
            ..on_node("update_edge_node", &id)
        };
        let (of_title, of_sentence, of_done) = (name.clone(), name.clone(), name.clone());
        let page = page.clone();
        let change = Change::new(
            move || texts::title(&of_title),
            move || texts::sentence(&of_sentence),
            call,
        )
        .target("node", &id, &name)
        .before(json!({ "node": before }))
        .seen(version.clone())
        .button(texts::send)
        .done(move || texts::done(&of_done))
        .on_done(move |_| {
            form.saved();
            router::go(&page);
        });
        sheet::check_and_send(form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <TextField
                label=register::description
                value=description
                rule=&common::DESCRIPTION_TEXT
                help=words::rules::description
                kind=Kind::Lines
                path="node.description"
            />
            <Section title=attributes::attributes>
                <Pairs rows=pairs limits=ATTRIBUTES add=attributes::add />
            </Section>
            <Section title=logs::title><Logs logs=log_fields /></Section>
            <Section title=ntp::title><NtpServers rows=ntp_servers /></Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=move || router::go(&back) />
                <Button label=texts::send look=Look::Primary submit=true disabled=nothing hint=move || {
                    if nothing.get() { texts::nothing.get() } else { "" }
                } />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Whether a value is what was there: a missing list is an empty one, a missing text an empty one.
fn same(before: Option<&Value>, now: &Value) -> bool {
    let blank = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    match before {
        Some(before) if !blank(before) => before == now,
        _ => blank(now),
    }
}
