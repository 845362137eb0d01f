//! Logs and time synchronisation of a node, as they are.

use leptos::prelude::*;
use serde_json::Value;

use super::detail::{Node, yes_no};
use super::logs;
use crate::kit::{Fact, Facts};
use crate::table::reading::{flag, integer, list, text};
use crate::words::nodes::{logs as texts, ntp};
use crate::{format, words};

/// Logs and NTP servers.
#[component]
pub(super) fn LogSettings(node: Node) -> AnyView {
    let shown = move || {
        node.with(|node| {
            let configured = list(node, "log_configs");
            let lines = configured.iter().map(line).collect_view();
            let none = configured.is_empty();
            Some(view! {
                <h3>{texts::title}</h3>
                {if none {
                    view! { <p class="second">{texts::none}</p> }.into_any()
                } else {
                    view! {
                        <table class="simple">
                            <thead>
                                <tr>
                                    <th scope="col">{texts::which}</th>
                                    <th scope="col">{texts::level}</th>
                                    <th scope="col" class="number">{texts::size}</th>
                                    <th scope="col" class="number">{texts::files}</th>
                                    <th scope="col">{texts::period}</th>
                                </tr>
                            </thead>
                            <tbody>{lines}</tbody>
                        </table>
                    }
                    .into_any()
                }}
                <h3>{ntp::title}</h3>
                {time(node)}
            })
        })
    };
    view! {
        <div class="stack">{shown}</div>
    }
    .into_any()
}

fn line(log: &Value) -> AnyView {
    let (component, kind) = (
        text(log, "component").unwrap_or_default(),
        text(log, "type").unwrap_or_default(),
    );
    let level = text(log, "level").map_or_else(
        || format::MISSING.to_owned(),
        |level| logs::level_word(&level),
    );
    let number =
        |name: &str| integer(log, name).map_or_else(|| format::MISSING.to_owned(), format::number);
    let period = text(log, "rotate_period").map_or_else(
        || format::MISSING.to_owned(),
        |period| words::find_or(&format!("nodes.logs.periods.{period}"), &period),
    );
    view! {
        <tr>
            <td>{logs::log_word(&component, &kind)}</td>
            <td>{level}</td>
            <td class="number">{number("size")} " MB"</td>
            <td class="number">{number("rotate_num")}</td>
            <td>{period}</td>
        </tr>
    }
    .into_any()
}

fn time(node: &Value) -> AnyView {
    let config = node.get("ntp_configs").unwrap_or(&Value::Null);
    let enabled = yes_no(flag(config, "ntp_enabled"));
    let servers = crate::kit::text_or_dash(Some(&servers(node).join(", ")));
    view! {
        <Facts>
            <Fact label=ntp::enabled>{enabled}</Fact>
            <Fact label=ntp::servers>{servers}</Fact>
        </Facts>
    }
    .into_any()
}

/// The NTP servers, under either of the names the service writes.
pub(super) fn servers(node: &Value) -> Vec<String> {
    let config = node.get("ntp_configs").unwrap_or(&Value::Null);
    let listed = list(config, "ntp_servers")
        .iter()
        .chain(list(config, "ntpservers"));
    listed
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
