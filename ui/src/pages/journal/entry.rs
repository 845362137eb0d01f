//! One entry of the journal with everything that was kept of it.

use std::collections::BTreeMap;

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use console_ipc::journal::{JournalEntry, JournalOutcome, ShowJournalEntry};
use leptos::prelude::*;
use serde_json::Value;

use super::outcome_sign;
use crate::kit::{
    CopyButton, EmptyState, ErrorNotice, Glyph, Skeleton, StateSign, Text, Time, dash, text_or_dash,
};
use crate::pages::PAGES;
use crate::pages::parts::{Asked, fact_list, part, thing_page};
use crate::router::{self, Address};
use crate::state::App;
use crate::words::Word;
use crate::words::journal as texts;
use crate::{format, words};

/// The page of an entry.
pub(super) fn view(id: String) -> AnyView {
    let app = App::expect();
    let asked = Asked::new(
        move || {
            app.journal.track();
            ShowJournalEntry { id: id.clone() }
        },
        |entry: JournalEntry| entry,
    );
    let title = move || match asked.value.get() {
        Some(entry) => title(&entry),
        None => texts::entry.get().to_owned(),
    };
    let state = move || {
        asked.value.get().map(|entry| {
            let (sign, word) = outcome_sign(&entry.summary.outcome);
            view! { <StateSign sign=sign word=word /> }
        })
    };
    let body = move || {
        match (asked.value.get(), asked.error.get()) {
        (Some(entry), _) => content(entry),
        (None, Some(error)) if error.kind == ErrorKind::Gone => view! {
            <EmptyState
                title=texts::gone
                text=texts::gone_text
                glyph=Glyph::Journal
                action=(Text::from(texts::back_to_list), Callback::new(|()| router::go("#/journal")))
            />
        }
        .into_any(),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=move |()| asked.reload() /> }.into_any(),
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
    }
    };
    thing_page(
        ("#/journal", texts::title),
        title,
        view! { {state} }.into_any(),
        view! { <div class="thing-body stack journal-entry">{body}</div> }.into_any(),
    )
}

fn title(entry: &JournalEntry) -> String {
    let operation = words::operation(&words::deed(
        &entry.summary.operation,
        entry.summary.variant.as_deref(),
    ));
    match entry
        .summary
        .target
        .as_ref()
        .map(|target| target.name.as_str())
    {
        None | Some("") => operation,
        Some(name) => format!("{operation} · {name}"),
    }
}

fn content(entry: JournalEntry) -> AnyView {
    let facts = facts(&entry);
    let failed = match &entry.summary.outcome {
        JournalOutcome::Failed { error } | JournalOutcome::Unknown { error } => Some(error.clone()),
        JournalOutcome::Pending | JournalOutcome::Succeeded { .. } => None,
    };
    let failed = failed.map(|error: IpcError| view! { <ErrorNotice error=error /> });
    let body = entry.call.as_ref().and_then(|call| call.body.clone());
    let changes = match (&entry.before, &body) {
        (Some(before), Some(body)) => changes(before, body),
        _ => Vec::new(),
    };
    let changes = (!changes.is_empty()).then(|| part(texts::changes, change_table(changes)));
    let request = entry
        .http
        .clone()
        .map(|line| source(texts::request, &line, body.as_ref()));
    let before = entry
        .before
        .as_ref()
        .map(|before| source(texts::before, "", Some(before)));
    view! { {failed} {facts} {changes} {request} {before} }.into_any()
}

fn facts(entry: &JournalEntry) -> AnyView {
    let at = entry.summary.at_ms;
    let time = view! {
        <Time at_ms=Signal::stored(Some(at)) /> " " <span class="second number">{move || format::exact(at)}</span>
    };
    let mut lines: Vec<(Text, AnyView)> = vec![
        (texts::at.into(), time.into_any()),
        (
            texts::profile.into(),
            text_or_dash(Some(&entry.summary.profile)),
        ),
    ];
    if let Some(reason) = &entry.reason {
        lines.push((texts::reason.into(), text_or_dash(Some(reason))));
    }
    if let Some(target) = &entry.summary.target {
        let name = if target.name.is_empty() {
            target.id.clone()
        } else {
            target.name.clone()
        };
        let page = PAGES
            .iter()
            .find(|page| page.search == Some(target.resource.as_str()));
        let value = match page {
            Some(page) => {
                let href = Address::new([page.address, &target.id]).to_string();
                view! { <a href=href>{name}</a> }.into_any()
            }
            None => text_or_dash(Some(&name)),
        };
        lines.push((texts::target.into(), value));
    }
    // The lock and other changes of the console itself send nothing.
    if entry.call.is_some() {
        let id = entry.summary.request_id.clone().filter(|id| !id.is_empty());
        let value = match id {
            Some(id) => view! {
                <span class="id"><code class="selectable">{id.clone()}</code> <CopyButton text=id label=words::kit::copy_id /></span>
            }
            .into_any(),
            None => dash(),
        };
        lines.push((texts::request_id.into(), value));
        let status = match entry.summary.outcome {
            JournalOutcome::Succeeded { status } => Some(format!("HTTP {status}")),
            _ => None,
        };
        lines.extend(status.map(|status| (Text::from(texts::answer), text_or_dash(Some(&status)))));
        let took = entry
            .elapsed_ms
            .map(|elapsed| format::duration(elapsed.into()));
        lines.extend(took.map(|took| (Text::from(texts::took), text_or_dash(Some(&took)))));
    }
    fact_list(lines)
}

/// A request or an image, as it was kept: secrets are masked in it.
fn source(title: Word, line: &str, body: Option<&Value>) -> AnyView {
    let body = body
        .and_then(|body| serde_json::to_string_pretty(body).ok())
        .unwrap_or_default();
    let text = [line, &body]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let copied = text.clone();
    let body = view! {
        <div class="request">
            <CopyButton text=copied />
            <pre class="code selectable" tabindex="0">{text}</pre>
        </div>
    };
    part(title, body.into_any())
}

/// Path, what was there, what was sent.
type Line = (String, Option<String>, String);

/// What the body set to another value than there was. The image is that of the whole thing in its envelope;
/// a body without one belongs inside.
fn changes(before: &Value, body: &Value) -> Vec<Line> {
    let inside = before
        .as_object()
        .and_then(|all| all.values().next().filter(|_| all.len() == 1));
    let shares = |image: &Value| {
        body.as_object()
            .is_some_and(|body| body.keys().any(|key| image.get(key).is_some()))
    };
    let image = [Some(before), inside]
        .into_iter()
        .flatten()
        .find(|image| shares(image));
    let Some(image) = image else {
        return Vec::new();
    };
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten(&mut String::new(), image, &mut old);
    flatten(&mut String::new(), body, &mut new);
    let differs = |(path, value): (String, String)| {
        let former = old.get(&path).cloned();
        (former.as_ref() != Some(&value)).then_some((path, former, value))
    };
    new.into_iter().filter_map(differs).collect()
}

fn flatten(path: &mut String, value: &Value, found: &mut BTreeMap<String, String>) {
    let mut deeper = |name: &str, value: &Value| {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        flatten(path, value, found);
        path.truncate(length);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| deeper(name, value)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(at, value)| deeper(&at.to_string(), value)),
        Value::String(text) => {
            found.insert(path.clone(), text.clone());
        }
        other => {
            found.insert(path.clone(), other.to_string());
        }
    }
}

fn change_table(lines: Vec<Line>) -> AnyView {
    let lines = lines
        .into_iter()
        .map(|(path, before, after)| {
            let before = before.unwrap_or_else(|| format::MISSING.to_owned());
            view! {
                <tr>
                    <th scope="row"><code class="selectable">{path}</code></th>
                    <td class="selectable">{before}</td>
                    <td class="selectable">{after}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="differences">
            <caption class="unseen">{texts::changes}</caption>
            <thead>
                <tr>
                    <th scope="col">{words::kit::field}</th>
                    <th scope="col">{words::kit::before}</th>
                    <th scope="col">{words::kit::after}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}
