//! Editors of lists in the forms of a node: addresses, broker listeners; and what its pairs have to keep.

use ief_api::rules::{common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::kit::{Choice, NumberField, Select, TextField};
use crate::pages::parts::{PairRules, Rows, row_list};
use crate::words;
use crate::words::nodes::register::listener as listener_texts;

/// Attributes of a node (table 5-26).
pub(super) const ATTRIBUTES: PairRules = PairRules {
    count: &node_rules::NODE_ATTRIBUTES,
    key: &node_rules::NODE_ATTRIBUTE_KEY,
    value: &node_rules::NODE_ATTRIBUTE_VALUE,
    empty_value: false,
    path: "node.attributes",
};

/// Tags of a node (table 5-27).
pub(super) const TAGS: PairRules = PairRules {
    count: &node_rules::NODE_TAGS,
    key: &common::TAG_KEY,
    value: &common::TAG_VALUE,
    empty_value: true,
    path: "node.tags",
};

/// A list of texts: NTP servers.
pub(super) type Texts = Rows<RwSignal<String>>;

/// The texts that aren't empty. Tracked.
pub(super) fn texts_body(rows: Texts) -> Vec<String> {
    rows.get()
        .into_iter()
        .map(|(_, text)| text.get().trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// Edits the NTP servers of a node.
#[component]
pub(super) fn NtpServers(rows: Texts) -> AnyView {
    let fields = move |at: usize, server: RwSignal<String>| {
        view! {
            <TextField
                label=move || words::nodes::ntp::server(at + 1)
                value=server
                placeholder="ntp.myhuaweicloud.com"
                required=true
                path=format!("node.ntp_servers.{at}")
            />
        }
        .into_any()
    };
    row_list(
        rows,
        words::nodes::ntp::add,
        Some(&node_rules::NTP_SERVERS),
        || RwSignal::new(String::new()),
        "pair",
        fields,
    )
}

/// Where the message broker of a node listens (table 5-39).
#[derive(Clone, Copy)]
pub(super) struct Listener {
    kind: RwSignal<String>,
    address: RwSignal<String>,
    port: RwSignal<Option<i64>>,
}

impl Listener {
    fn new() -> Self {
        Self {
            kind: RwSignal::new("nic".to_owned()),
            address: RwSignal::new(String::new()),
            port: RwSignal::new(Some(8883)),
        }
    }
}

/// Listeners as the service takes them. Tracked.
pub(super) fn listeners_body(rows: Rows<Listener>) -> Value {
    let body = |(_, listener): (u32, Listener)| {
        json!({
            "bind_addr": listener.address.get(),
            "port": listener.port.get(),
            "type": listener.kind.get(),
        })
    };
    rows.get().into_iter().map(body).collect()
}

/// Edits the listeners.
#[component]
pub(super) fn Listeners(rows: Rows<Listener>) -> AnyView {
    let kinds = Signal::derive(|| {
        vec![
            Choice::new("nic", listener_texts::nic),
            Choice::new("ip", listener_texts::ip),
        ]
    });
    let fields = move |at: usize, listener: Listener| {
        let address = move || match listener.kind.get().as_str() {
            "ip" => listener_texts::ip_address.get(),
            _ => listener_texts::nic_name.get(),
        };
        view! {
            <Select
                label=listener_texts::kind
                choices=kinds
                value=listener.kind
                required=true
                path=format!("node.mqtt_config.mqtts.{at}.type")
            />
            <TextField
                label=address
                value=listener.address
                rule=&node_rules::MQTT_ADDRESS
                required=true
                path=format!("node.mqtt_config.mqtts.{at}.bind_addr")
            />
            <NumberField
                label=listener_texts::port
                value=listener.port
                rule=&common::PORT
                required=true
                path=format!("node.mqtt_config.mqtts.{at}.port")
            />
        }
        .into_any()
    };
    row_list(
        rows,
        listener_texts::add,
        None,
        Listener::new,
        "listener",
        fields,
    )
}
