//! What a node is.

use leptos::prelude::*;
use serde_json::Value;

use super::detail::{Node, yes_no};
use crate::format;
use crate::kit::facts::time_of;
use crate::kit::{Fact, Facts, Id, Text, dash, text_or_dash};
use crate::pages::parts::Referred;
use crate::table::reading::{flag, integer, list, text};
use crate::words;
use crate::words::Word;
use crate::words::nodes::summary as texts;

/// A fact: its name and its value.
type Line = (Text, AnyView);

/// The facts, in groups.
#[component]
pub(super) fn Summary(node: Node) -> AnyView {
    let reading = node.reading.value;
    let ids = Memo::new(move |_| node.with(|node| Some(groups_of(node))).unwrap_or_default());
    let groups = Referred::new("node_group", "groups", "id", ids.into());
    view! {
        {move || reading.with(|node| node.as_ref().map(|node| view! {
            <div class="summary">
                {group(None, general(node, groups))}
                {group(Some(texts::machine), machine(node))}
                {group(Some(texts::software), software(node))}
                {group(Some(texts::broker), broker(node))}
            </div>
        }))}
    }
    .into_any()
}

fn group(title: Option<Word>, lines: Vec<Line>) -> AnyView {
    let fact = |(label, value): Line| view! { <Fact label=label>{value}</Fact> };
    view! {
        <section>
            {title.map(|title| view! { <h3>{title}</h3> })}
            <Facts>{lines.into_iter().map(fact).collect_view()}</Facts>
        </section>
    }
    .into_any()
}

/// A line named like a column of the list.
fn column(name: &'static str, value: AnyView) -> Line {
    (Text::from(move || words::column("node", name)), value)
}

fn line(name: Word, value: AnyView) -> Line {
    (Text::from(name), value)
}

fn plain(node: &Value, name: &str) -> AnyView {
    text_or_dash(text(node, name).as_deref())
}

fn number(node: &Value, name: &str) -> AnyView {
    text_or_dash(integer(node, name).map(format::number).as_deref())
}

fn groups_of(node: &Value) -> Vec<String> {
    let ids = list(node, "group_ids").iter();
    ids.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Links to the groups of a node, one below the other.
fn group_links(node: &Value, groups: Referred) -> AnyView {
    let ids = groups_of(node);
    let link = |id: &String| view! { <p class="cut">{groups.link(id)}</p> }.into_any();
    or_dash(ids.iter().map(link).collect())
}

fn general(node: &Value, groups: Referred) -> Vec<Line> {
    // Of a node that has never connected, nobody knows how long its certificate is valid.
    let connected = text(node, "state").is_none_or(|state| state != "UNCONNECTED");
    let days = integer(node, "cert_remaining_valid_time")
        .filter(|days| connected || *days > 0)
        .map(|days| texts::days(format::number(days)));
    let id = text(node, "id").unwrap_or_default();
    vec![
        line(texts::id, view! { <Id id=id whole=true /> }.into_any()),
        column("description", plain(node, "description")),
        column("created", time_of(text(node, "created_at").as_deref())),
        column("updated", time_of(text(node, "updated_at").as_deref())),
        column("devices", number(node, "device_num")),
        column("instances", number(node, "deployment_num")),
        column("group", group_links(node, groups)),
        line(texts::certificate, text_or_dash(days.as_deref())),
    ]
}

fn machine(node: &Value) -> Vec<Line> {
    let address = |address: String, of: Option<String>| {
        view! { <p><code class="selectable">{address}</code> " " <span class="second">{of}</span></p> }.into_any()
    };
    let nics = list(node, "nics")
        .iter()
        .filter_map(|nic| Some(address(text(nic, "ip")?, text(nic, "interface"))));
    let mut addresses: Vec<_> = nics.collect();
    if addresses.is_empty() {
        let hosts = list(node, "host_ips").iter().filter_map(Value::as_str);
        addresses = hosts.map(|host| address(host.to_owned(), None)).collect();
    }
    let os: Vec<_> = [text(node, "os_name"), text(node, "os_version")]
        .into_iter()
        .flatten()
        .collect();
    // The service says zero for what a node has never told.
    let told = |name: &str| integer(node, name).filter(|told| *told > 0);
    let size = told("memory").map(format::megabytes);
    let cores = told("cpu").map(format::number);
    vec![
        column("host", plain(node, "host_name")),
        line(texts::addresses, or_dash(addresses)),
        column("arch", plain(node, "arch")),
        column("os", text_or_dash(Some(&os.join(" ")))),
        column("cpu", text_or_dash(cores.as_deref())),
        column("memory", text_or_dash(size.as_deref())),
        column("gpu", accelerators(node, "enable_gpu", "gpu_info")),
        column("npu", accelerators(node, "enable_npu", "npu_info")),
    ]
}

/// Whether GPUs or NPUs are used, and which there are, each with its memory.
fn accelerators(node: &Value, used: &str, cards: &str) -> AnyView {
    let card = |card: &Value| {
        let size = integer(card, "capacity").map(format::megabytes);
        let parts = [
            text(card, "name"),
            text(card, "type"),
            size,
            text(card, "driver_version"),
        ];
        let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        view! { <p class="selectable">{line}</p> }
    };
    let cards = list(node, cards).iter().map(card).collect_view();
    view! { <p>{yes_no(flag(node, used))}</p> {cards} }.into_any()
}

fn software(node: &Value) -> Vec<Line> {
    let product = text(node, "product_id").unwrap_or_default();
    vec![
        column("version", plain(node, "ief_node_version")),
        line(texts::agent, plain(node, "edged_version")),
        line(
            texts::docker,
            yes_no(flag(node, "docker_enable")).into_any(),
        ),
        column("runtime", plain(node, "container_runtime_version")),
        line(texts::pause_image, plain(node, "pause_docker_image")),
        line(texts::cloud, plain(node, "master_addr")),
        line(texts::node_type, plain(node, "node_type")),
        line(texts::product, view! { <Id id=product /> }.into_any()),
    ]
}

fn broker(node: &Value) -> Vec<Line> {
    let mode = text(node, "mqtt_mode")
        .map(|mode| words::find_or(&format!("nodes.summary.mqtt.{mode}"), &mode));
    vec![
        line(texts::broker_mode, text_or_dash(mode.as_deref())),
        line(texts::broker_internal, plain(node, "mqtt_internal")),
        line(texts::broker_external, plain(node, "mqtt_external")),
    ]
}

fn or_dash(views: Vec<AnyView>) -> AnyView {
    if views.is_empty() {
        dash()
    } else {
        views.collect_view().into_any()
    }
}
