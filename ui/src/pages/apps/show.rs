//! What is shown of a version: one container as it is meant to run.

use ief_api::app_version::{AppVersion, VersionConfigs};
use ief_api::container::{Env, KeyOf, NumericAmounts, PortMapping, Probe, Volume, VolumeKind};
use ief_api::wire::Lenient;
use leptos::prelude::*;
use serde_json::Value;

use crate::kit::facts::time_of;
use crate::kit::{CopyButton, Id, Text, dash, text_or_dash};
use crate::pages::parts::{Heading, fact_list, part, plain_table};
use crate::words::apps::version as texts;
use crate::{format, words};

/// A version as leniently as the service writes.
pub(super) fn read(version: &Value) -> AppVersion {
    Option::<AppVersion>::lenient(version)
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Its architecture in words.
pub(super) fn arch(version: &AppVersion) -> AnyView {
    match version.arch.clone().filter(|arch| !arch.is_empty()) {
        Some(arch) => view! { {move || words::value("app_version", "arch", &arch)} }.into_any(),
        None => dash(),
    }
}

/// CPU cores, memory, GPU memory and NPUs as texts.
pub(super) fn amounts(amounts: Option<&NumericAmounts>) -> [Option<String>; 4] {
    let Some(amounts) = amounts else {
        return [const { None }; 4];
    };
    let decimal = |number: Option<ief_api::container::Decimal>| number.map(|it| it.to_string());
    [
        decimal(amounts.cpu),
        decimal(amounts.memory),
        decimal(amounts.gpu),
        amounts.npu.map(|number| number.to_string()),
    ]
}

/// All of a version.
pub(super) fn version(version: &AppVersion) -> AnyView {
    view! {
        {head(version)}
        {part(texts::start, start(version))}
        {part(texts::resources, resources(version))}
        {part(texts::envs, envs(&version.envs))}
        {part(texts::volumes, volumes(&version.volumes))}
        {part(texts::probes, probes(version))}
        {part(texts::run, run(version.configs.as_ref()))}
        {ports(version.configs.as_ref())}
    }
    .into_any()
}

fn head(version: &AppVersion) -> AnyView {
    let image = version.image_url.clone().unwrap_or_default();
    let image = match image.as_str() {
        "" => dash(),
        _ => view! {
            <span class="id">
                <code class="selectable app-image">{image.clone()}</code>
                <CopyButton text=image label=texts::copy_image />
            </span>
        }
        .into_any(),
    };
    fact_list(vec![
        (
            words::apps::id.into(),
            view! { <Id id=version.id.clone().unwrap_or_default() whole=true /> }.into_any(),
        ),
        (texts::image.into(), image),
        (texts::arch.into(), arch(version)),
        (
            words::apps::created.into(),
            time_of(version.created_at.as_deref()),
        ),
        (
            words::apps::changed.into(),
            time_of(version.updated_at.as_deref()),
        ),
    ])
}

/// Command and arguments, each on its line: blanks belong to them.
fn start(version: &AppVersion) -> AnyView {
    let lines = |lines: &[String]| match lines {
        [] => view! { <span class="second">{texts::of_image}</span> }.into_any(),
        lines => {
            let lines = lines
                .iter()
                .map(|line| view! { <li><code class="selectable">{line.clone()}</code></li> })
                .collect_view();
            view! { <ol class="app-lines">{lines}</ol> }.into_any()
        }
    };
    fact_list(vec![
        (texts::command.into(), lines(&version.command)),
        (texts::args.into(), lines(&version.args)),
    ])
}

fn resources(version: &AppVersion) -> AnyView {
    let resources = version.resources.as_ref();
    let limits = amounts(version.limits());
    let requests = amounts(resources.and_then(|it| it.requests.as_ref()));
    let names = [texts::cpu, texts::memory, texts::gpu, texts::npu];
    let mut rows = Vec::new();
    for ((name, request), limit) in names.into_iter().zip(requests).zip(limits) {
        if request.is_some() || limit.is_some() {
            rows.push(vec![
                view! { {name} }.into_any(),
                text_or_dash(request.as_deref()),
                text_or_dash(limit.as_deref()),
            ]);
        }
    }
    if rows.is_empty() {
        return none(texts::no_resources);
    }
    let headings: [Heading; 3] = [
        (texts::resource, false),
        (texts::requests, true),
        (texts::limits, true),
    ];
    let npu = version.npu_type.clone().filter(|npu| !npu.is_empty());
    let npu = npu.map(|npu| fact_list(vec![(texts::npu_type.into(), text_or_dash(Some(&npu)))]));
    let table = plain_table(texts::resources, &headings, rows);
    view! { <div class="app-amounts">{table} {npu}</div> }.into_any()
}

fn none(word: words::Word) -> AnyView {
    view! { <p class="second">{word}</p> }.into_any()
}

fn envs(envs: &[Env]) -> AnyView {
    if envs.is_empty() {
        return none(texts::no_envs);
    }
    let rows = envs
        .iter()
        .map(|env| {
            let name = env.name.clone().unwrap_or_default();
            vec![
                view! { <code class="selectable">{name}</code> }.into_any(),
                env_value(env),
            ]
        })
        .collect();
    let headings: [Heading; 2] = [(texts::env_name, false), (texts::env_value, false)];
    plain_table(texts::envs, &headings, rows)
}

fn env_value(env: &Env) -> AnyView {
    let from = |key: &KeyOf, said: fn(String, String) -> String| {
        let (name, key) = (
            key.name.clone().unwrap_or_default(),
            key.key.clone().unwrap_or_default(),
        );
        view! { <span class="selectable">{move || said(key.clone(), name.clone())}</span> }
            .into_any()
    };
    match (env.secret(), env.config_map()) {
        (Some(key), _) => from(key, texts::from_secret),
        (None, Some(key)) => from(key, texts::from_config_map),
        (None, None) if env.field_path.as_deref() == Some("status.hostIP") => {
            view! { {texts::node_address} }.into_any()
        }
        (None, None) => {
            let value = env.value.clone().unwrap_or_default();
            view! { <code class="selectable app-value">{value}</code> }.into_any()
        }
    }
}

fn volumes(volumes: &[Volume]) -> AnyView {
    if volumes.is_empty() {
        return none(texts::no_volumes);
    }
    let rows = volumes
        .iter()
        .map(|volume| {
            let access = match volume.read_only {
                Some(true) => view! { {texts::read_only} }.into_any(),
                Some(false) => view! { {texts::read_write} }.into_any(),
                None => dash(),
            };
            vec![
                text_or_dash(volume.name.as_deref()),
                volume_source(volume),
                text_or_dash(volume.destination.as_deref()),
                access,
            ]
        })
        .collect();
    let headings: [Heading; 4] = [
        (texts::volume, false),
        (texts::source, false),
        (texts::destination, false),
        (texts::access, false),
    ];
    plain_table(texts::volumes, &headings, rows)
}

fn volume_source(volume: &Volume) -> AnyView {
    let kind = match &volume.kind {
        Some(kind) => {
            let kind = kind.as_str().to_owned();
            view! { <span class="second">{move || volume_kind(&kind)}</span> }.into_any()
        }
        None => dash(),
    };
    let source = volume.source.clone().filter(|source| !source.is_empty());
    let is_medium = volume.kind == Some(VolumeKind::EmptyDir);
    let source = source.map(|source| match is_medium {
        true => view! { <span>{move || medium(&source)}</span> }.into_any(),
        false => view! { <span class="selectable">{source}</span> }.into_any(),
    });
    view! { <span class="app-source">{kind} {source}</span> }.into_any()
}

/// Where a volume comes from, in words.
pub(super) fn volume_kind(kind: &str) -> String {
    words::find_or(&format!("apps.version.kinds.{kind}"), kind)
}

/// What an empty folder is kept in, in words.
pub(super) fn medium(medium: &str) -> String {
    words::find_or(&format!("apps.version.media.{medium}"), medium)
}

fn probes(version: &AppVersion) -> AnyView {
    fact_list(vec![
        (
            texts::liveness.into(),
            probe(version.liveness_probe.as_ref()),
        ),
        (
            texts::readiness.into(),
            probe(version.readiness_probe.as_ref()),
        ),
    ])
}

fn probe(probe: Option<&Probe>) -> AnyView {
    let Some(probe) = probe else {
        return dash();
    };
    let asks = match (probe.command().filter(|it| !it.is_empty()), &probe.http_get) {
        (Some(command), _) => command.to_owned(),
        (None, Some(request)) => {
            let scheme = request.scheme.as_deref().unwrap_or("http").to_lowercase();
            let host = request.host.as_deref().filter(|host| !host.is_empty());
            let port = request.port.map(|port| format!(":{port}"));
            format!(
                "GET {scheme}://{}{}{}",
                host.unwrap_or("localhost"),
                port.unwrap_or_default(),
                request.path.as_deref().unwrap_or("/")
            )
        }
        (None, None) => return dash(),
    };
    // What is left out has the service's default.
    let delay = probe.initial_delay_seconds.unwrap_or(10);
    let timeout = probe.timeout_seconds.unwrap_or(1);
    view! {
        <span class="app-source">
            <code class="selectable">{asks}</code>
            <span class="second">{move || texts::probe_times(delay, timeout)}</span>
        </span>
    }
    .into_any()
}

/// How it runs. What is not said has the service's default, which is shown.
fn run(configs: Option<&VersionConfigs>) -> AnyView {
    let none = VersionConfigs::default();
    let configs = configs.unwrap_or(&none);
    let network = match configs.host_network {
        Some(false) => texts::network_mapped,
        _ => texts::network_host,
    };
    let policy = configs.restart_policy.as_ref();
    let policy = policy.map_or("Always", |it| it.as_str()).to_owned();
    let yes_no = |flag: Option<bool>| match flag {
        Some(true) => view! { {words::table::yes} }.into_any(),
        _ => view! { {words::table::no} }.into_any(),
    };
    let mut lines: Vec<(Text, AnyView)> = vec![
        (texts::network.into(), view! { {network} }.into_any()),
        (texts::privileged.into(), yes_no(configs.privileged)),
        (
            texts::restart.into(),
            view! { {move || words::value("app_version", "restart_policy", &policy)} }.into_any(),
        ),
    ];
    if let Some(user) = configs.run_as_user {
        lines.push((texts::user.into(), view! { {user.to_string()} }.into_any()));
    }
    if configs.host_pid.is_some() {
        lines.push((texts::host_pid.into(), yes_no(configs.host_pid)));
    }
    if let Some(dns) = configs.dns_policy.as_deref().filter(|it| !it.is_empty()) {
        lines.push((texts::dns.into(), text_or_dash(Some(dns))));
    }
    fact_list(lines)
}

fn ports(configs: Option<&VersionConfigs>) -> Option<AnyView> {
    let ports = configs.map(|it| it.ports.as_slice()).unwrap_or_default();
    if ports.is_empty() {
        return None;
    }
    let number = |port: Option<i64>| {
        let shown = port.map_or_else(|| format::MISSING.to_owned(), |port| port.to_string());
        view! { {shown} }.into_any()
    };
    let rows = ports
        .iter()
        .map(|port| {
            vec![
                number(port.container_port),
                host_port(port).map_or_else(dash, |text| view! { {text} }.into_any()),
                text_or_dash(port.host_ip.as_deref()),
            ]
        })
        .collect();
    let headings: [Heading; 3] = [
        (texts::container_port, true),
        (texts::host_port, true),
        (texts::host_ip, false),
    ];
    Some(part(
        texts::ports,
        plain_table(texts::ports, &headings, rows),
    ))
}

/// The port of the node, or the range that the service takes one from.
fn host_port(port: &PortMapping) -> Option<String> {
    let range = port.host_port_range.as_ref();
    let range = range.and_then(|range| Some(format!("{}–{}", range.min_port?, range.max_port?)));
    port.host_port.map(|port| port.to_string()).or(range)
}
