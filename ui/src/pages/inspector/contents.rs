//! What an input holds: how it was unwrapped, the entries of its archive as a tree, its configuration.

use std::collections::BTreeSet;

use console_ipc::inspect::report::{Configuration, Entry, Layer};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::certificates::{content, or_dash, utc};
use super::unfold::Unfold;
use super::verdict::named;
use crate::entry_tree::{self, Line};
use crate::format;
use crate::kit::{CopyButton, Glyph, Sign, icon, sign};
use crate::words::inspector as texts;

/// How deep lines are moved in: what lies deeper stands no further right.
const INDENTED: usize = 8;

/// How it was unwrapped, from the outside in: `gzip › tar`.
pub(super) fn layers(all: &[Layer]) -> AnyView {
    let mut steps = Vec::new();
    for layer in all {
        let form = layer.form.clone();
        let size = format::bytes(layer.size);
        steps.push(view! { <span data-tip=size>{move || named("layer", &form)}</span> }.into_any());
        if !layer.place.is_empty() {
            steps.push(view! { <code>{layer.place.clone()}</code> }.into_any());
        }
    }
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            let before = (at > 0).then(|| icon(Glyph::ChevronRight));
            view! { <li>{before}{step}</li> }
        })
        .collect_view();
    view! { <ol class="layers">{steps}</ol> }.into_any()
}

/// The entries of an archive.
#[component]
pub(super) fn Entries(entries: Vec<Entry>) -> AnyView {
    let paths = entries
        .iter()
        .map(|entry| (entry.path.as_str(), entry.form == "folder"));
    let lines = StoredValue::new(entry_tree::lines(paths));
    let closed = RwSignal::new(BTreeSet::<usize>::new());
    // The line that the Tab key stops at.
    let stop = RwSignal::new(0_usize);
    let node: NodeRef<html::Table> = NodeRef::new();
    let seen = move |at: usize| {
        lines.with_value(|lines| {
            closed.with(|closed| !lines[at].within.iter().any(|above| closed.contains(above)))
        })
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let now = stop.get_untracked();
        let count = lines.with_value(Vec::len);
        let step =
            |mut places: Box<dyn Iterator<Item = usize>>| places.find(|at| untrack(|| seen(*at)));
        let folder = lines.with_value(|lines| lines[now].folder);
        let is_closed = closed.with_untracked(|closed| closed.contains(&now));
        let next = match event.key().as_str() {
            _ if event.alt_key() || event.ctrl_key() => return,
            "ArrowDown" => step(Box::new(now + 1..count)),
            "ArrowUp" => step(Box::new((0..now).rev())),
            "Home" => Some(0),
            "End" => step(Box::new((0..count).rev())),
            "ArrowLeft" if folder && !is_closed => {
                closed.update(|closed| {
                    closed.insert(now);
                });
                Some(now)
            }
            "ArrowLeft" => lines.with_value(|lines| lines[now].within.last().copied()),
            "ArrowRight" if is_closed => {
                closed.update(|closed| {
                    closed.remove(&now);
                });
                Some(now)
            }
            _ => return,
        };
        event.prevent_default();
        let Some(next) = next else { return };
        stop.set(next);
        let Some(table) = node.get_untracked() else {
            return;
        };
        let row = table.query_selector(&format!("[data-line='{next}']"));
        let row = row
            .ok()
            .flatten()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(row) = row {
            // Focus fails only for what can't have it.
            let _ = row.focus();
        }
    };
    let rows = lines.with_value(|lines| {
        lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let entry = line.entry.map(|entry| entries[entry].clone());
                row(at, line, entry, closed, stop, seen)
            })
            .collect_view()
    });
    view! {
        <div class="entries">
            <table class="simple" role="treegrid" aria-label=texts::contents node_ref=node on:keydown=keys>
                <thead>
                    <tr>
                        <th scope="col">{texts::column::path}</th>
                        <th scope="col">{texts::column::content}</th>
                        <th scope="col" class="number">{texts::column::size}</th>
                        <th scope="col">{texts::column::mode}</th>
                        <th scope="col">{texts::column::owner}</th>
                        <th scope="col">{texts::column::modified}</th>
                        <th scope="col">{texts::column::sha256}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(
    at: usize,
    line: &Line,
    entry: Option<Entry>,
    closed: RwSignal<BTreeSet<usize>>,
    stop: RwSignal<usize>,
    seen: impl Fn(usize) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let folder = line.folder;
    let is_open = move || !closed.with(|closed| closed.contains(&at));
    let expanded = move || folder.then(|| if is_open() { "true" } else { "false" });
    let indent = format!("{}px", line.depth.min(INDENTED) * 16);
    let refused = entry
        .as_ref()
        .is_some_and(|entry| !entry.refused.is_empty());
    let mark = folder.then(|| {
        view! {
            <span class="entry-fold" aria-hidden="true">
                {move || icon(if is_open() { Glyph::ChevronDown } else { Glyph::ChevronRight })}
            </span>
        }
    });
    let toggle = move |_| {
        stop.set(at);
        if folder {
            closed.update(|closed| {
                if !closed.remove(&at) {
                    closed.insert(at);
                }
            });
        }
    };
    let name = line.name.clone();
    let whole = entry
        .as_ref()
        .map_or_else(|| line.name.clone(), |entry| entry.path.clone());
    let cells = match entry {
        Some(entry) => cells(&entry),
        None => view! { <td role="gridcell" colspan="6"></td> }.into_any(),
    };
    view! {
        <tr
            role="row"
            class="unpacked"
            class=("unpacked-refused", refused)
            data-line=at.to_string()
            attr:aria-level=(line.depth + 1).to_string()
            aria-expanded=expanded
            tabindex=move || if stop.get() == at { "0" } else { "-1" }
            hidden=move || !seen(at)
            on:click=toggle
        >
            <td role="gridcell">
                <span class="entry-name" style:padding-left=indent>
                    {mark}
                    {(!folder).then(|| view! { <span class="entry-fold"></span> })}
                    <span class="selectable" data-tip=whole>{name}</span>
                </span>
            </td>
            {cells}
        </tr>
    }
    .into_any()
}

fn cells(entry: &Entry) -> AnyView {
    let what = match (entry.refused.is_empty(), entry.form.as_str()) {
        (false, form) => {
            let form = form.to_owned();
            let why = entry.refused.clone();
            view! {
                <span class="state">{sign(Sign::Bad)} <span>{move || content("refused")} " · " {move || named("forms", &form)}</span></span>
                <p class="entry-why">{why}</p>
            }
            .into_any()
        }
        (true, "file") => {
            let name = entry.content.clone();
            view! { <span>{move || content(&name)}</span> }.into_any()
        }
        (true, form) => {
            let form = form.to_owned();
            view! { <span>{move || named("forms", &form)}</span> }.into_any()
        }
    };
    let digest = match entry.sha256.is_empty() {
        true => or_dash(""),
        false => {
            let short: String = entry.sha256.chars().take(12).collect();
            view! {
                <span class="id">
                    <code class="selectable" data-tip=entry.sha256.clone()>{short} "…"</code>
                    <CopyButton text=entry.sha256.clone() label=texts::copy_sha256 />
                </span>
            }
            .into_any()
        }
    };
    let modified = entry.modified;
    view! {
        <td role="gridcell">{what}</td>
        <td role="gridcell" class="number">{format::bytes(entry.size)}</td>
        <td role="gridcell"><code data-tip=permissions(entry.mode)>{format!("{:04o}", entry.mode)}</code></td>
        <td role="gridcell">{or_dash(&entry.owner)}</td>
        <td role="gridcell" class="entry-time">
            <span data-tip=utc(modified)>{crate::day::write(modified)}</span>
        </td>
        <td role="gridcell">{digest}</td>
    }
    .into_any()
}

/// Permission bits as `ls` has them: `rw-r-----`.
fn permissions(mode: u32) -> String {
    let signs = ['r', 'w', 'x'];
    (0..9)
        .map(|at: u32| match mode >> (8 - at) & 1 {
            1 => signs[at as usize % 3],
            _ => '-',
        })
        .collect()
}

/// The configuration files, each as fields and as text.
pub(super) fn configurations(all: &[Configuration]) -> AnyView {
    let files = all.iter().map(configuration).collect_view();
    view! { <div class="certs">{files}</div> }.into_any()
}

fn configuration(configuration: &Configuration) -> AnyView {
    let fields = (!configuration.fields.is_empty()).then(|| {
        let rows = configuration
            .fields
            .iter()
            .map(|(path, value)| {
                view! {
                    <tr>
                        <th scope="row"><code class="selectable">{path.clone()}</code></th>
                        <td>{or_dash(value)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <table class="simple">
                <thead><tr><th scope="col">{texts::field}</th><th scope="col">{texts::value}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    });
    let no_fields = configuration.fields.is_empty();
    let text = StoredValue::new(configuration.text.clone());
    let draw = move || {
        let text = text.get_value();
        view! {
            <div class="request">
                <CopyButton text=text.clone() />
                <pre class="code selectable" tabindex="0" aria-label=texts::as_text>{text}</pre>
            </div>
        }
    };
    let head = view! { <span>{texts::as_text}</span> }.into_any();
    view! {
        <section class="config">
            <h3><code class="selectable">{configuration.source.clone()}</code></h3>
            {fields}
            <Unfold head=head open=no_fields draw=draw />
        </section>
    }
    .into_any()
}
