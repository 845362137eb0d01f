//! What a node group is: how its nodes are, and what they have together.

use leptos::prelude::*;
use serde_json::Value;

use super::detail::Group;
use crate::kit::facts::time_of;
use crate::kit::{Chip, Id, Part, ProportionBar, Sign, Text, dash, text_or_dash};
use crate::pages::parts::{fact_list, part};
use crate::table::reading::{integer, list, text};
use crate::words::groups::summary as texts;
use crate::{format, router, words};

/// The facts. Drawn anew only when something of the group has changed.
pub(super) fn view(group: Group) -> AnyView {
    let known = Memo::new(move |_| group.reading.value.get());
    let drawn = move || {
        known.with(|it| {
            it.as_ref().map(|it| {
                view! { {states(it)} {general(it)} {resources(it)} }
            })
        })
    };
    view! { <div class="stack thing-parts">{drawn}</div> }.into_any()
}

/// Its nodes by their states, as a bar. Without nodes there is nothing to divide.
fn states(group: &Value) -> Option<AnyView> {
    let mut counts: Vec<(String, u64)> = Vec::new();
    for node in list(group, "nodes") {
        let state = text(node, "state").unwrap_or_default();
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
    }
    if counts.is_empty() {
        return None;
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let parts: Vec<Part> = counts
        .into_iter()
        .map(|(state, count)| Part {
            sign: Sign::of_state(&state).unwrap_or(Sign::Unknown),
            label: Text::from(move || words::value("node", "state", &state)),
            count,
            on_press: Some(Callback::new(|()| router::set_query("tab", "nodes"))),
        })
        .collect();
    Some(view! { <ProportionBar label=texts::states parts=Signal::stored(parts) /> }.into_any())
}

fn column(name: &'static str) -> Text {
    Text::from(move || words::column("node_group", name))
}

fn general(group: &Value) -> AnyView {
    let id = text(group, "id").unwrap_or_default();
    let at = |name: &str| time_of(text(group, name).as_deref());
    let mut lines = vec![
        (
            texts::id.into(),
            view! { <Id id=id whole=true /> }.into_any(),
        ),
        (
            column("description"),
            text_or_dash(text(group, "description").as_deref()),
        ),
        (column("tag"), pairs(list(group, "tags"))),
    ];
    let attributes = list(group, "attributes");
    if !attributes.is_empty() {
        lines.push((texts::attributes.into(), pairs(attributes)));
    }
    lines.extend([
        (column("created"), at("created_at")),
        (column("updated"), at("updated_at")),
    ]);
    fact_list(lines)
}

fn pairs(pairs: &[Value]) -> AnyView {
    let chip = |pair: &Value| {
        let (key, value) = (text(pair, "key")?, text(pair, "value"));
        let label = value.map_or_else(|| key.clone(), |value| format!("{key}={value}"));
        Some(view! { <Chip label=label /> }.into_any())
    };
    let chips: Vec<AnyView> = pairs.iter().filter_map(chip).collect();
    match chips.is_empty() {
        true => dash(),
        false => view! { <div class="row row-wrap">{chips}</div> }.into_any(),
    }
}

fn resources(group: &Value) -> AnyView {
    let number = |name: &str| {
        let number = integer(group, name).map(format::number);
        text_or_dash(number.as_deref())
    };
    let memory = integer(group, "memory").map(format::megabytes);
    let lines = vec![
        (column("cpu"), number("cpu")),
        (column("memory"), text_or_dash(memory.as_deref())),
        (column("gpus"), number("gpu_num")),
    ];
    part(texts::resources, fact_list(lines))
}
