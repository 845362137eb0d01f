//! What a deployment is: how it is, where it runs, and its containers.

use leptos::prelude::*;
use serde_json::Value;

use super::container::{self, Sources};
use super::detail::{Deployment, containers};
use super::instances::{message_of, reason_of};
use crate::format;
use crate::kit::facts::time_of;
use crate::kit::{Id, Notice, Part, ProportionBar, Sign, Text, Tone, text_or_dash};
use crate::pages::parts::{Referred, fact_list, part, tags_part};
use crate::table::reading::{flag, integer, list, text};
use crate::words;
use crate::words::deployments::summary as texts;

/// Reasons that are told at once; the others are among the instances.
const REASONS: usize = 3;

/// The facts, and each container.
#[component]
pub(super) fn Summary(deployment: Deployment) -> AnyView {
    let of = move |read: fn(&Value) -> Vec<String>| {
        Signal::derive(move || deployment.with(|it| Some(read(it))).unwrap_or_default())
    };
    let nodes = Referred::new("node", "nodes", "id", of(nodes_of));
    let group_of = of(|it| text(it, "group_id").into_iter().collect());
    let groups = Referred::new("node_group", "groups", "id", group_of);
    let sources = Sources {
        config_maps: Referred::new(
            "config_map",
            "config_maps",
            "name",
            of(|it| container::referred(it, "configMap", "configmap")),
        ),
        secrets: Referred::new(
            "secret",
            "secrets",
            "name",
            of(|it| container::referred(it, "secret", "secret")),
        ),
    };
    let drawn = move || {
        deployment.with(|it| {
            Some(view! {
                {readiness(it)}
                {facts(it, nodes, groups)}
            })
        })
    };
    let parts = move || {
        deployment.with(|it| {
            let parts = containers(it)
                .into_iter()
                .map(|(first, container)| container::view(container, first, sources));
            Some(parts.collect_view())
        })
    };
    let name = Signal::derive(move || deployment.name());
    view! {
        {reasons(deployment)}
        <div class="stack thing-parts deployment-summary">
            {drawn}
            {tags_part("deployment", deployment.id, name)}
            {parts}
        </div>
    }
    .into_any()
}

fn nodes_of(deployment: &Value) -> Vec<String> {
    let ids = list(deployment, "node_ids").iter();
    ids.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What an instance says of itself while it starts.
const STARTS: &[&str] = &["ContainerCreating", "PodInitializing"];

/// Why instances don't work, each reason once.
fn reasons(deployment: Deployment) -> impl Fn() -> AnyView {
    let found = Memo::new(move |_| {
        deployment.pods.value.with(|pods| {
            let pods = pods.as_ref().and_then(Value::as_array);
            let reasons = pods.into_iter().flatten();
            let reasons = reasons.filter_map(|pod| Some((reason_of(pod)?, message_of(pod))));
            // An instance that starts is as it should be.
            let reasons = reasons.filter(|(reason, _)| !STARTS.contains(&reason.as_str()));
            let mut found: Vec<(String, Option<String>)> = Vec::new();
            for (reason, message) in reasons {
                if found.iter().all(|(known, _)| *known != reason) {
                    found.push((reason, message));
                }
            }
            found.truncate(REASONS);
            found
        })
    });
    move || {
        let notices = found.get().into_iter().map(|(reason, message)| {
            let said = match message {
                Some(message) => texts::reason_with(message, reason),
                None => texts::reason(reason),
            };
            view! { <Notice tone=Tone::Bad text=said /> }
        });
        notices.collect_view().into_any()
    }
}

/// Ready instances beside those that aren't, as a bar.
fn readiness(deployment: &Value) -> AnyView {
    let count = |name: &str| u64::try_from(integer(deployment, name).unwrap_or(0)).unwrap_or(0);
    let (ready, replicas) = (count("ready_replicas"), count("replicas"));
    let parts = [
        (Text::from(texts::ready), ready, Sign::Good),
        (
            Text::from(texts::not_ready),
            replicas.saturating_sub(ready),
            Sign::Bad,
        ),
    ];
    let parts: Vec<Part> = parts
        .into_iter()
        .map(|(label, count, sign)| Part {
            label,
            count,
            sign,
            on_press: None,
        })
        .collect();
    view! { <ProportionBar label=texts::readiness parts=Signal::stored(parts) /> }.into_any()
}

fn facts(deployment: &Value, nodes: Referred, groups: Referred) -> AnyView {
    let column = |name: &'static str| Text::from(move || words::column("deployment", name));
    let ids: Vec<AnyView> = nodes_of(deployment)
        .iter()
        .map(|id| nodes.link(id))
        .collect();
    let group = text(deployment, "group_id").unwrap_or_default();
    let mut places = Vec::new();
    if !group.is_empty() {
        places.push((column("group"), groups.link(&group)));
    }
    if !ids.is_empty() {
        places.push((column("node"), ids.collect_view().into_any()));
    }
    let template = deployment.get("template").unwrap_or(&Value::Null);
    let configs = template.get("configs").unwrap_or(&Value::Null);
    let policy = text(configs, "restart_policy")
        .map(|policy| words::value("deployment", "restart_policy", &policy));
    let network = match flag(configs, "host_network") {
        Some(true) => texts::host_network.get(),
        Some(false) => texts::mapped_ports.get(),
        None => "",
    };
    let moves = flag(configs, "migration").unwrap_or(false).then(|| {
        match integer(configs, "toleration_seconds") {
            Some(seconds) => texts::moves_after(format::number(seconds)),
            None => texts::moves.get().to_owned(),
        }
    });
    let has_affinity = template.get("affinity").is_some_and(|it| {
        it.as_object()
            .is_some_and(|it| it.values().any(|it| !it.is_null()))
    });
    let id = text(deployment, "id").unwrap_or_default();
    let mut lines = vec![
        (
            texts::id.into(),
            view! { <Id id=id whole=true /> }.into_any(),
        ),
        (
            column("description"),
            text_or_dash(text(deployment, "description").as_deref()),
        ),
    ];
    lines.extend(places);
    lines.extend([
        (column("restart_policy"), text_or_dash(policy.as_deref())),
        (texts::network.into(), text_or_dash(Some(network))),
    ]);
    if let Some(moves) = moves {
        lines.push((texts::migration.into(), text_or_dash(Some(&moves))));
    }
    if has_affinity {
        let word = view! { {texts::in_source} };
        lines.push((texts::affinity.into(), word.into_any()));
    }
    let at = |name: &str| time_of(text(deployment, name).as_deref());
    lines.extend([
        (column("created"), at("created_at")),
        (column("updated"), at("updated_at")),
    ]);
    part(texts::general, fact_list(lines))
}
