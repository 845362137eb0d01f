//! What a container of a deployment is made of.

use leptos::prelude::*;
use serde_json::Value;

use super::detail::containers;
use crate::format;
use crate::kit::{Text, dash, text_or_dash};
use crate::pages::parts::{Heading, Referred, fact_list, part, plain_table};
use crate::table::reading::{flag, integer, list, text};
use crate::words;
use crate::words::deployments::container as texts;

/// What containers take values and files from.
#[derive(Clone, Copy)]
pub(super) struct Sources {
    /// ConfigMaps, by name.
    pub(super) config_maps: Referred,
    /// Secrets, by name.
    pub(super) secrets: Referred,
}

/// Names of the ConfigMaps or secrets that a deployment takes from: as volumes of this type, and as the values of
/// variables below this field. Each once.
pub(super) fn referred(deployment: &Value, volume: &str, field: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (_, container) in containers(deployment) {
        let volumes = list(container, "volumes").iter();
        let volumes = volumes.filter(|it| text(it, "type").as_deref() == Some(volume));
        names.extend(volumes.filter_map(|it| text(it, "source")));
        let variables = list(container, "envs").iter();
        let keys = variables.filter_map(|it| it.get("value_from")?.get(field));
        names.extend(keys.filter_map(|it| text(it, "name")));
    }
    names.sort();
    names.dedup();
    names
}

/// A container.
pub(super) fn view(container: &Value, first: bool, sources: Sources) -> AnyView {
    let name = text(container, "name").unwrap_or_default();
    let title = match first {
        true => texts::title_first(name),
        false => texts::title(name),
    };
    let drawn = view! {
        {facts(container)}
        {variables(container, sources)}
        {ports(container)}
        {volumes(container, sources)}
    };
    part(title, drawn.into_any())
}

fn facts(container: &Value) -> AnyView {
    let code = |text: Option<String>| match text {
        Some(text) => view! { <code class="selectable deployment-code">{text}</code> }.into_any(),
        None => dash(),
    };
    let lines = |name: &str| {
        let lines: Vec<&str> = list(container, name)
            .iter()
            .filter_map(Value::as_str)
            .collect();
        (!lines.is_empty()).then(|| lines.join(" "))
    };
    let mut facts: Vec<(Text, AnyView)> = vec![
        (texts::image.into(), code(text(container, "image_url"))),
        (
            texts::version.into(),
            text_or_dash(text(container, "version").as_deref()),
        ),
        (texts::resources.into(), resources(container)),
    ];
    let optional = [
        (texts::command, lines("command")),
        (texts::args, lines("args")),
    ];
    for (label, value) in optional {
        if value.is_some() {
            facts.push((label.into(), code(value)));
        }
    }
    if flag(container, "privileged") == Some(true) {
        facts.push((
            texts::privileged.into(),
            view! { {texts::privileged_yes} }.into_any(),
        ));
    }
    if let Some(user) = integer(container, "run_as_user") {
        facts.push((texts::user.into(), text_or_dash(Some(&user.to_string()))));
    }
    let probes = [
        (texts::liveness, "liveness_probe"),
        (texts::readiness, "readiness_probe"),
    ];
    for (label, name) in probes {
        if let Some(probe) = container.get(name).and_then(probe_words) {
            facts.push((label.into(), text_or_dash(Some(&probe))));
        }
    }
    fact_list(facts)
}

/// What is set aside and what it may use at most, of each kind that is said.
fn resources(container: &Value) -> AnyView {
    let side = |side: &str, name: &str| {
        let amounts = container.get("resources")?.get(side)?;
        text(amounts, name)
    };
    let kinds = [
        ("cpu", texts::cpu, " "),
        ("memory", texts::memory, " MB"),
        ("gpu", texts::gpu, " MB"),
        ("npu", texts::npu, ""),
    ];
    let lines: Vec<AnyView> = kinds
        .into_iter()
        .filter_map(|(name, word, unit)| {
            let amount = |it: Option<String>| it.map(|it| format!("{it}{}", unit.trim_end()));
            let kind = word.get();
            let said = match (amount(side("requests", name)), amount(side("limits", name))) {
                (Some(asked), Some(most)) => texts::both(asked, kind, most),
                (Some(asked), None) => texts::asked(asked, kind),
                (None, Some(most)) => texts::most(kind, most),
                (None, None) => return None,
            };
            Some(view! { <p class="selectable">{said}</p> }.into_any())
        })
        .collect();
    match lines.is_empty() {
        true => dash(),
        false => lines.collect_view().into_any(),
    }
}

/// How a probe asks and when, in a line. `None` when there is no probe.
fn probe_words(probe: &Value) -> Option<String> {
    let exec = probe.get("exec").and_then(|it| text(it, "command"));
    let command = exec.or_else(|| text(probe, "exec_command"));
    let request = probe.get("http_get").filter(|it| it.is_object());
    let way = match (command, request) {
        (Some(command), _) => command,
        (None, Some(request)) => {
            let scheme = text(request, "scheme").unwrap_or_else(|| "HTTP".to_owned());
            let host = text(request, "host").unwrap_or_default();
            let port = integer(request, "port").map_or_else(String::new, |it| format!(":{it}"));
            let path = text(request, "path").unwrap_or_default();
            format!("{} {host}{port}{path}", scheme.to_uppercase())
        }
        (None, None) => return None,
    };
    let delay = integer(probe, "initial_delay_seconds").unwrap_or(10);
    let limit = integer(probe, "timeout_seconds").unwrap_or(1);
    Some(texts::probe(
        format::number(delay),
        format::number(limit),
        way,
    ))
}

fn section(title: words::Word, headings: &[Heading], rows: Vec<Vec<AnyView>>) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <h3>{title}</h3> {plain_table(title, headings, rows)} }.into_any()
}

fn strong(text: Option<String>) -> AnyView {
    match text {
        Some(text) => view! { <code class="selectable deployment-code">{text}</code> }.into_any(),
        None => dash(),
    }
}

fn variables(container: &Value, sources: Sources) -> AnyView {
    let rows = list(container, "envs").iter().map(|variable| {
        let from = |field: &str| {
            let key = variable.get("value_from")?.get(field)?;
            Some((text(key, "name")?, text(key, "key").unwrap_or_default()))
        };
        let value = match (
            from("configmap"),
            from("secret"),
            text(variable, "field_path"),
        ) {
            (Some((name, key)), ..) => {
                let link = sources.config_maps.link_by_name(&name);
                view! { {texts::of_config_map} " " {link} " · " <code>{key}</code> }.into_any()
            }
            (_, Some((name, key)), _) => {
                let link = sources.secrets.link_by_name(&name);
                view! { {texts::of_secret} " " {link} " · " <code>{key}</code> }.into_any()
            }
            (.., Some(path)) if path == "status.hostIP" => {
                view! { {texts::node_address} }.into_any()
            }
            (.., Some(path)) => strong(Some(path)),
            _ => strong(text(variable, "value")),
        };
        vec![strong(text(variable, "name")), value]
    });
    section(
        texts::variables,
        &[(texts::name, false), (texts::value, false)],
        rows.collect(),
    )
}

fn ports(container: &Value) -> AnyView {
    let rows = list(container, "ports").iter().map(|port| {
        let number = |name: &str| integer(port, name).filter(|port| *port > 0);
        let range = port.get("host_port_range").and_then(|it| {
            Some(texts::range(
                integer(it, "min_port")?,
                integer(it, "max_port")?,
            ))
        });
        let host = number("host_port").map(|it| it.to_string()).or(range);
        let inner = number("container_port").map(|it| it.to_string());
        vec![
            text_or_dash(inner.as_deref()),
            text_or_dash(host.as_deref()),
            text_or_dash(text(port, "host_ip").as_deref()),
        ]
    });
    let headings: [Heading; 3] = [
        (texts::container_port, false),
        (texts::host_port, false),
        (texts::host_address, false),
    ];
    section(texts::ports, &headings, rows.collect())
}

fn volumes(container: &Value, sources: Sources) -> AnyView {
    let rows = list(container, "volumes").iter().map(|volume| {
        let source = text(volume, "source").unwrap_or_default();
        let kind = text(volume, "type").unwrap_or_default();
        let from = match kind.as_str() {
            "configMap" => {
                let link = sources.config_maps.link_by_name(&source);
                view! { {texts::of_config_map} " " {link} }.into_any()
            }
            "secret" => {
                let link = sources.secrets.link_by_name(&source);
                view! { {texts::of_secret} " " {link} }.into_any()
            }
            "hostPath" => view! { {texts::of_host} " " {strong(Some(source))} }.into_any(),
            "emptyDir" if source == "memory" => view! { {texts::of_memory} }.into_any(),
            "emptyDir" => view! { {texts::of_disk} }.into_any(),
            _ => text_or_dash(Some(&source)),
        };
        let access = match flag(volume, "read_only") {
            Some(true) => texts::read_only.get(),
            _ => texts::read_write.get(),
        };
        vec![
            strong(text(volume, "name")),
            from,
            strong(text(volume, "destination")),
            view! { {access} }.into_any(),
        ]
    });
    let headings: [Heading; 4] = [
        (texts::name, false),
        (texts::from, false),
        (texts::mounted, false),
        (texts::access, false),
    ];
    section(texts::volumes, &headings, rows.collect())
}
