//! Editors of lists in the forms of a node: pairs of key and value, addresses, broker listeners.

use std::sync::Arc;

use ief_api::rules::{Rule, common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::kit::form::Check;
use crate::kit::{
    Button, Choice, Form, Glyph, IconButton, Look, NumberField, Select, TextField, unique,
};
use crate::pages::parts::focus_last;
use crate::table::reading::{list, text};
use crate::words;
use crate::words::nodes::fields as texts;

/// A list of rows in a form, each made of signals that stay while rows come and go.
#[derive(Clone, Copy)]
pub(super) struct Rows<T: Clone + Copy + Send + Sync + 'static>(pub(super) RwSignal<Vec<T>>);

impl<T: Clone + Copy + Send + Sync + 'static> Rows<T> {
    pub(super) fn new(rows: Vec<T>) -> Self {
        Self(RwSignal::new(rows))
    }

    fn remove(self, at: usize) {
        self.0.update(|rows| {
            if at < rows.len() {
                rows.remove(at);
            }
        });
    }
}

/// A pair of key and value.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    key: RwSignal<String>,
    value: RwSignal<String>,
}

impl Pair {
    fn new(key: String, value: String) -> Self {
        Self {
            key: RwSignal::new(key),
            value: RwSignal::new(value),
        }
    }
}

/// Pairs as the service has them below `name`.
pub(super) fn read_pairs(object: &Value, name: &str) -> Rows<Pair> {
    let pairs = list(object, name).iter().map(|pair| {
        Pair::new(
            text(pair, "key").unwrap_or_default(),
            text(pair, "value").unwrap_or_default(),
        )
    });
    Rows::new(pairs.collect())
}

/// Pairs as the service takes them. Rows without key and value are left out. Tracked.
pub(super) fn pairs_body(rows: Rows<Pair>) -> Value {
    let pairs = rows.0.with(|rows| {
        let pairs = rows.iter().map(|pair| (pair.key.get(), pair.value.get()));
        let pairs = pairs.filter(|(key, value)| !key.is_empty() || !value.is_empty());
        pairs
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect::<Vec<_>>()
    });
    Value::Array(pairs)
}

/// What pairs have to keep.
#[derive(Clone, Copy)]
pub(super) struct PairRules {
    /// How many there may be.
    pub(super) most: usize,
    /// Rule of the keys.
    pub(super) key: &'static Rule,
    /// Rule of the values.
    pub(super) value: &'static Rule,
    /// Whether a value may be empty.
    pub(super) empty_value: bool,
    /// Where they stand in the body: `node.tags`.
    pub(super) path: &'static str,
}

/// Attributes of a node (table 5-26).
pub(super) const ATTRIBUTES: PairRules = PairRules {
    most: 32,
    key: &node_rules::NODE_ATTRIBUTE_KEY,
    value: &node_rules::NODE_ATTRIBUTE_VALUE,
    empty_value: false,
    path: "node.attributes",
};

/// Tags of a node (table 5-27).
pub(super) const TAGS: PairRules = PairRules {
    most: 20,
    key: &common::TAG_KEY,
    value: &common::TAG_VALUE,
    empty_value: true,
    path: "node.tags",
};

/// Edits pairs.
#[component]
pub(super) fn Pairs(rows: Rows<Pair>, limits: PairRules, add: crate::words::Word) -> AnyView {
    let form = Form::around();
    let count = Memo::new(move |_| rows.0.with(Vec::len));
    let touch = move || {
        if let Some(form) = form {
            form.touch();
        }
    };
    let line = move |at: usize, pair: Pair| {
        let unique: Check = Arc::new(move |key: &str| {
            let twice = rows.0.with(|rows| {
                rows.iter()
                    .filter(|pair| pair.key.with(|known| known == key))
                    .count()
                    > 1
            });
            if twice {
                Err(texts::twice(key))
            } else {
                Ok(())
            }
        });
        view! {
            <li class="pair">
                <TextField
                    label=texts::key
                    value=pair.key
                    rule=limits.key
                    check=unique
                    required=true
                    path=format!("{}.{at}.key", limits.path)
                />
                <TextField
                    label=texts::value
                    value=pair.value
                    rule=limits.value
                    required={!limits.empty_value}
                    path=format!("{}.{at}.value", limits.path)
                />
                <IconButton
                    glyph=Glyph::Minus
                    label=move || texts::remove(at + 1)
                    on_press=move || {
                        touch();
                        rows.remove(at);
                    }
                />
            </li>
        }
    };
    let id = unique("rows");
    let place = id.clone();
    view! {
        <ul class="pairs" id=id>
            {move || rows.0.get().into_iter().enumerate().map(|(at, pair)| line(at, pair)).collect_view()}
        </ul>
        <div class="row">
            <Button
                label=add
                glyph=Glyph::Plus
                look=Look::Quiet
                disabled=Signal::derive(move || count.get() >= limits.most)
                on_press=move || {
                    touch();
                    rows.0.update(|rows| rows.push(Pair::new(String::new(), String::new())));
                    focus_last(&place, "li");
                }
            />
            <span class="second number">{move || words::kit::of(count.get(), limits.most)}</span>
        </div>
    }
    .into_any()
}

/// A list of texts: NTP servers.
pub(super) type Texts = Rows<RwSignal<String>>;

/// The texts that aren't empty. Tracked.
pub(super) fn texts_body(rows: Texts) -> Vec<String> {
    rows.0.with(|rows| {
        rows.iter()
            .map(|text| text.get().trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    })
}

/// Edits the NTP servers of a node: two at most.
#[component]
pub(super) fn NtpServers(rows: Texts) -> AnyView {
    const MOST: usize = 2;
    let form = Form::around();
    let count = Memo::new(move |_| rows.0.with(Vec::len));
    let touch = move || {
        if let Some(form) = form {
            form.touch();
        }
    };
    let line = move |at: usize, server: RwSignal<String>| {
        view! {
            <li class="pair">
                <TextField
                    label=move || words::nodes::ntp::server(at + 1)
                    value=server
                    placeholder="ntp.myhuaweicloud.com"
                    required=true
                    path=format!("node.ntp_servers.{at}")
                />
                <IconButton
                    glyph=Glyph::Minus
                    label=move || texts::remove(at + 1)
                    on_press=move || {
                        touch();
                        rows.remove(at);
                    }
                />
            </li>
        }
    };
    let id = unique("rows");
    let place = id.clone();
    view! {
        <ul class="pairs" id=id>
            {move || rows.0.get().into_iter().enumerate().map(|(at, server)| line(at, server)).collect_view()}
        </ul>
        <div class="row">
            <Button
                label=words::nodes::ntp::add
                glyph=Glyph::Plus
                look=Look::Quiet
                disabled=Signal::derive(move || count.get() >= MOST)
                on_press=move || {
                    touch();
                    rows.0.update(|rows| rows.push(RwSignal::new(String::new())));
                    focus_last(&place, "li");
                }
            />
            <span class="second number">{move || words::kit::of(count.get(), MOST)}</span>
        </div>
    }
    .into_any()
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
    let listeners = rows.0.with(|rows| {
        let body = |listener: &Listener| {
            json!({
                "bind_addr": listener.address.get(),
                "port": listener.port.get(),
                "type": listener.kind.get(),
            })
        };
        rows.iter().map(body).collect::<Vec<_>>()
    });
    Value::Array(listeners)
}

/// Edits the listeners.
#[component]
pub(super) fn Listeners(rows: Rows<Listener>) -> AnyView {
    let form = Form::around();
    let touch = move || {
        if let Some(form) = form {
            form.touch();
        }
    };
    let kinds = Signal::derive(|| {
        vec![
            Choice::new("nic", words::nodes::register::listener::nic),
            Choice::new("ip", words::nodes::register::listener::ip),
        ]
    });
    let line = move |at: usize, listener: Listener| {
        let address = move || match listener.kind.get().as_str() {
            "ip" => words::nodes::register::listener::ip_address.get(),
            _ => words::nodes::register::listener::nic_name.get(),
        };
        view! {
            <li class="listener">
                <Select
                    label=words::nodes::register::listener::kind
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
                    label=words::nodes::register::listener::port
                    value=listener.port
                    rule=&common::PORT
                    required=true
                    path=format!("node.mqtt_config.mqtts.{at}.port")
                />
                <IconButton
                    glyph=Glyph::Minus
                    label=move || texts::remove(at + 1)
                    on_press=move || {
                        touch();
                        rows.remove(at);
                    }
                />
            </li>
        }
    };
    let id = unique("rows");
    let place = id.clone();
    view! {
        <ul class="pairs" id=id>
            {move || rows.0.get().into_iter().enumerate().map(|(at, listener)| line(at, listener)).collect_view()}
        </ul>
        <div class="row">
            <Button
                label=words::nodes::register::listener::add
                glyph=Glyph::Plus
                look=Look::Quiet
                on_press=move || {
                    touch();
                    rows.0.update(|rows| rows.push(Listener::new()));
                    focus_last(&place, "li");
                }
            />
        </div>
    }
    .into_any()
}
