//! One rule: where its messages come from and go to, and why some of them did not arrive.

use leptos::prelude::*;
use serde_json::Value;

use super::{KIND, SWITCH};
use crate::format;
use crate::kit::facts::time_of;
use crate::kit::{
    EmptyState, ErrorNotice, Glyph, Item, MenuButton, Skeleton, Tab, Tabs, Text, text_or_dash,
};
use crate::pages::messages::{
    counts, enabled_sign, endpoint_link, endpoint_name, named, node_link, resource_facts, stamps,
    switch_button, topic_parts,
};
use crate::pages::parts::{Heading, call_of, fact_list, plain_table};
use crate::pages::things::{self, Thing};
use crate::router::{self, Address};
use crate::sheet;
use crate::table::Reading;
use crate::table::reading::{flag, integer, list, text};
use crate::words;
use crate::words::message_rules as texts;
use crate::words::messages as message_texts;

/// How many errors are shown, the newest.
const ERRORS_SHOWN: usize = 100;

pub(super) fn buttons(thing: Thing) -> AnyView {
    let more = Signal::derive(move || {
        let delete = move || {
            let (id, name) = thing.named_now();
            let end = |end: &'static str| {
                untrack(|| thing.with(|rule| Some(endpoint_name(rule.get(end)))))
                    .unwrap_or_default()
            };
            delete(&id, &name, &end("source"), &end("target"));
        };
        vec![
            Item::new(texts::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        {switch_button(&SWITCH, thing)}
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

/// Deletes a rule, whose ends are named where they are known.
pub(super) fn delete(id: &str, name: &str, source: &str, target: &str) {
    let change = things::deletion(&KIND, id, name, texts::delete_sentence(name));
    sheet::send(match source.is_empty() || target.is_empty() {
        true => change,
        false => change.breaks(texts::delete_breaks(source, target)),
    });
}

pub(super) fn body(thing: Thing) -> AnyView {
    let (tab, choose) = router::use_tab();
    let failed = Signal::derive(move || {
        let failed = thing.with(|rule| integer(rule, "fail_messages"));
        failed.and_then(|count| u64::try_from(count).ok())
    });
    let tabs = vec![
        Tab::new("summary", texts::tabs::summary),
        Tab::new("errors", texts::tabs::errors).count(failed),
    ];
    let current = Memo::new(move |_| tab.get());
    let shown = move || match current.get().as_str() {
        "errors" => errors(thing.id),
        _ => thing.view(facts),
    };
    view! {
        <Tabs label=texts::tabs::label tabs=tabs current=tab on_choose=choose />
        <div class="thing-body" role="tabpanel">{shown}</div>
    }
    .into_any()
}

fn facts(rule: &Value) -> AnyView {
    let (source, target) = (rule.get("source"), rule.get("target"));
    let from = rule.get("source_resource");
    let mut lines: Vec<(Text, AnyView)> = vec![
        (
            message_texts::state.into(),
            flag(rule, "in_using").map_or_else(|| text_or_dash(None), enabled_sign),
        ),
        (message_texts::source.into(), endpoint_link(source)),
    ];
    lines.extend(source_lines(from));
    lines.push((message_texts::target.into(), endpoint_link(target)));
    lines.push(resource_facts(target, rule.get("target_resource")));
    lines.extend(counts(rule, texts::forwarded, texts::failed));
    lines.extend(stamps(rule));
    fact_list(lines)
}

/// What of the source messages come from: its path, or the topic with the node and the device it is of.
fn source_lines(resource: Option<&Value>) -> Vec<(Text, AnyView)> {
    let Some(resource) = resource else {
        return Vec::new();
    };
    let mut lines: Vec<(Text, AnyView)> = Vec::new();
    let code = |value: String| view! { <code class="selectable">{value}</code> }.into_any();
    if let Some(path) = text(resource, "path") {
        lines.push((texts::rest_path.into(), code(path)));
    }
    let topic = text(resource, "topic");
    let parts = topic.as_deref().and_then(topic_parts);
    let node = text(resource, "node_id");
    let node = node.or_else(|| parts.filter(|it| it.0 == "nodes").map(|it| it.1.to_owned()));
    if let Some(node) = node {
        lines.push((texts::node.into(), node_link(&node)));
    }
    if let Some((_, device, _)) = parts.filter(|it| it.0 == "device") {
        let href = Address::new(["devices", device]).to_string();
        let device = view! { <a class="cut" href=href>{device.to_owned()}</a> };
        lines.push((texts::device.into(), device.into_any()));
    }
    if let Some(topic) = &topic {
        lines.push((message_texts::topic.into(), code(topic.clone())));
    }
    if lines.is_empty() {
        lines.push((texts::from.into(), text_or_dash(named(resource).as_deref())));
    }
    lines
}

/// Why messages could not be forwarded, the newest first.
fn errors(id: Signal<String>) -> AnyView {
    let call = Signal::derive(move || {
        let id = id.get();
        let limit = [("limit", "1000")];
        (!id.is_empty()).then(|| call_of("list_rule_errors", &[("rule_id", &id)], &limit))
    });
    let reading = Reading::of(call, "");
    let known = Memo::new(move |_| (reading.value.get(), reading.error.get()));
    let body = move || match known.get() {
        (Some(answer), None) => error_table(&answer),
        (Some(answer), Some(error)) => view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
            {error_table(&answer)}
        }
        .into_any(),
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || reading.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=4 /> }.into_any(),
    };
    view! { {body} }.into_any()
}

fn error_table(answer: &Value) -> AnyView {
    let mut errors: Vec<(Option<i64>, &Value)> = list(answer, "errors")
        .iter()
        .map(|error| {
            let at = text(error, "time").and_then(|at| format::parse_time(&at));
            (at, error)
        })
        .collect();
    if errors.is_empty() {
        return view! {
            <EmptyState title=texts::errors::none text=texts::errors::none_text glyph=Glyph::Check />
        }
        .into_any();
    }
    // In which order the service lists them isn't said.
    errors.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let total = integer(answer, "count").and_then(|count| u64::try_from(count).ok());
    let total = total.unwrap_or_default().max(errors.len() as u64);
    errors.truncate(ERRORS_SHOWN);
    let shown = errors.len() as u64;
    let rows = errors
        .into_iter()
        .map(|(_, error)| {
            let detail = text(error, "detail");
            vec![
                time_of(text(error, "time").as_deref()),
                text_or_dash(detail.as_deref()),
            ]
        })
        .collect();
    let headings: [Heading; 2] = [(texts::errors::time, false), (texts::errors::detail, false)];
    let more = (shown < total).then(|| {
        let text = texts::errors::newest(format::count(shown), format::count(total));
        view! { <p class="second number rule-errors-count">{text}</p> }
    });
    view! {
        {more}
        <div class="rule-errors">{plain_table(texts::tabs::errors, &headings, rows)}</div>
    }
    .into_any()
}
