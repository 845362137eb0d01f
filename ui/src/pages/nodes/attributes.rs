//! Attributes and tags of a node.

use leptos::prelude::*;
use serde_json::Value;

use super::detail::Node;
use crate::kit::CopyButton;
use crate::pages::parts::{part, tags_part};
use crate::table::reading::{list, text};
use crate::words::Word;
use crate::words::nodes::attributes as texts;

/// Attributes, which a form changes, and tags, which are changed here.
#[component]
pub(super) fn Attributes(node: Node) -> AnyView {
    let shown = move || {
        node.with(|node| {
            let pairs = pairs(list(node, "attributes"), texts::no_attributes);
            Some(part(texts::attributes, pairs))
        })
    };
    view! {
        <div class="stack thing-parts">
            {shown}
            {tags_part("node", node.id, Signal::derive(move || node.name()))}
        </div>
    }
    .into_any()
}

fn pairs(pairs: &[Value], none: Word) -> AnyView {
    if pairs.is_empty() {
        return view! { <p class="second">{none}</p> }.into_any();
    }
    let line = |pair: &Value| {
        let (key, value) = (
            text(pair, "key").unwrap_or_default(),
            text(pair, "value").unwrap_or_default(),
        );
        let copied = format!("{key}={value}");
        view! {
            <tr>
                <th scope="row" class="selectable">{key}</th>
                <td class="selectable">{value}</td>
                <td><CopyButton text=copied /></td>
            </tr>
        }
    };
    let lines = pairs.iter().map(line).collect_view();
    view! {
        <table class="simple">
            <thead>
                <tr>
                    <th scope="col">{texts::key}</th>
                    <th scope="col">{texts::value}</th>
                    <th scope="col"><span class="unseen">{texts::copy}</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}
