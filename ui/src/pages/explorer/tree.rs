//! JSON as a tree that unfolds.

use leptos::prelude::*;
use serde_json::Value;

use crate::format;
use crate::words::explorer as texts;

/// Entries of a list that are drawn; the others are in the text.
const ENTRIES: usize = 100;

/// So deep it is unfolded at first.
const OPEN: usize = 1;

/// A value with everything below it.
pub(super) fn tree(value: &Value) -> AnyView {
    view! { <div class="tree">{children(value, 0)}</div> }.into_any()
}

fn children(value: &Value, depth: usize) -> AnyView {
    match value {
        Value::Object(object) => {
            let lines = object
                .iter()
                .map(|(key, value)| line(key.clone(), value, depth))
                .collect_view();
            view! { <ul>{lines}</ul> }.into_any()
        }
        Value::Array(entries) => {
            let lines = entries
                .iter()
                .take(ENTRIES)
                .enumerate()
                .map(|(at, value)| line(at.to_string(), value, depth))
                .collect_view();
            let more = entries.len().saturating_sub(ENTRIES);
            let rest = (more > 0).then(|| {
                view! { <li class="second">{texts::more_entries(format::count(more as u64))}</li> }
            });
            view! { <ul>{lines} {rest}</ul> }.into_any()
        }
        plain => view! { <ul><li>{leaf(plain)}</li></ul> }.into_any(),
    }
}

fn line(name: String, value: &Value, depth: usize) -> AnyView {
    let size = match value {
        Value::Object(object) if !object.is_empty() => object.len(),
        Value::Array(entries) if !entries.is_empty() => entries.len(),
        plain => {
            return view! { <li class="tree-leaf"><span class="tree-name">{name}</span>{leaf(plain)}</li> }
                .into_any();
        }
    };
    let brackets = match value {
        Value::Array(_) => format!("[{size}]"),
        _ => format!("{{{size}}}"),
    };
    // What it is called tells which one it is while it is folded.
    let called = value.get("name").and_then(Value::as_str).map(str::to_owned);
    // What is folded is drawn when it is unfolded: answers can be large.
    let open = RwSignal::new(depth < OPEN);
    let seen = RwSignal::new(depth < OPEN);
    let value = StoredValue::new(value.clone());
    view! {
        <li>
            <details
                open=open.get_untracked()
                on:toggle=move |_| {
                    if !seen.get_untracked() {
                        seen.set(true);
                    }
                }
            >
                <summary>
                    <span class="tree-name">{name}</span>
                    {called.map(|called| view! { <span class="tree-text">{called}</span> })}
                    <span class="second">{brackets}</span>
                </summary>
                {move || seen.get().then(|| value.with_value(|value| children(value, depth + 1)))}
            </details>
        </li>
    }
    .into_any()
}

fn leaf(value: &Value) -> AnyView {
    let (class, text) = match value {
        Value::String(text) if text.is_empty() => ("tree-null second", "\"\"".to_owned()),
        Value::String(text) => ("tree-text", text.clone()),
        Value::Null => ("tree-null second", "null".to_owned()),
        other => ("tree-value number", other.to_string()),
    };
    view! { <span class=format!("{class} selectable")>{text}</span> }.into_any()
}
