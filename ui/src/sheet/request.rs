//! What will be sent: the request itself, and for updates what differs.

use console_ipc::call::Preview;
use leptos::prelude::*;
use serde_json::Value;

use super::diff::{self, Difference};
use crate::format;
use crate::kit::{CopyButton, Fold};
use crate::words::sheet as texts;

/// The differences, when there was something before.
#[component]
pub(super) fn Differences(
    /// What is there now.
    before: Value,
    /// What is sent.
    after: Value,
) -> AnyView {
    let found = diff::differences(&before, &after);
    if found.is_empty() {
        return view! { <p class="second">{texts::no_difference}</p> }.into_any();
    }
    let value = |value: Option<Value>| {
        let text = value
            .as_ref()
            .map_or_else(|| format::MISSING.to_owned(), diff::short);
        view! { <td class="selectable">{text}</td> }
    };
    let line = |difference: Difference| {
        let path = difference.path;
        view! {
            <tr>
                <th scope="row"><code class="selectable">{path}</code></th>
                {value(difference.before)}
                {value(difference.after)}
            </tr>
        }
    };
    let lines = found.into_iter().map(line).collect_view();
    view! {
        <table class="differences">
            <caption class="unseen">{texts::differences}</caption>
            <thead>
                <tr>
                    <th scope="col">{texts::field}</th>
                    <th scope="col">{texts::before}</th>
                    <th scope="col">{texts::after}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

/// Method, path and body as they go on the wire, secrets masked.
#[component]
pub(super) fn Request(
    /// The preview.
    preview: Preview,
    /// Whether it is open at first.
    open: bool,
) -> AnyView {
    let line = format!("{} {}", preview.method, preview.path);
    let body = preview
        .body
        .as_ref()
        .and_then(|body| serde_json::to_string_pretty(body).ok());
    let copied = match &body {
        Some(body) => format!("{line}\n\n{body}"),
        None => line.clone(),
    };
    let right = preview
        .action
        .map(|action| view! { <p class="second">{texts::right(action)}</p> });
    view! {
        <Fold title=texts::request set=line.clone() open=open>
            <div class="request">
                <CopyButton text=copied label=texts::copy_request />
                <pre class="code selectable" tabindex="0">
                    {line.clone()}
                    {body.clone().map(|body| format!("\n\n{body}"))}
                </pre>
            </div>
            {right}
        </Fold>
    }
    .into_any()
}
