//! The API explorer: every operation as a form made from its declaration, the request as it will be sent, and
//! its answer. What changes anything takes the same road as everywhere: the sheet, the lock, the journal.

use console_ipc::explorer::{ListOperations, OperationLine};
use ief_api::operation::{Edition, Effect};
use leptos::prelude::*;

use super::parts::Asked;
use crate::kit::{EmptyState, ErrorNotice, Glyph, SearchField, Skeleton};
use crate::router::{self, OPERATION, Router};
use crate::words;
use crate::words::explorer as texts;

mod answer;
mod body;
mod draft;
mod one;
mod tree;

/// The page.
pub fn page(_: Vec<String>) -> AnyView {
    let asked = Asked::new(|| ListOperations {}, |lines| lines);
    let chosen = router::use_query(OPERATION);
    let lines = Memo::new(move |_| asked.value.get());
    let list = move || match (lines.get(), asked.error.get()) {
        (Some(lines), _) => view! { <Operations lines=lines chosen=chosen /> }.into_any(),
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=12 /> }.into_any(),
    };
    let form = move || {
        let name = chosen.get();
        if name.is_empty() {
            return view! {
                <EmptyState title=texts::choose text=texts::choose_text glyph=Glyph::Explorer />
            }
            .into_any();
        }
        one::operation(name)
    };
    view! {
        <div class="explorer">
            <div class="explorer-list">
                <h1>{texts::title}</h1>
                {list}
            </div>
            <div class="explorer-one" tabindex="-1">{form}</div>
        </div>
    }
    .into_any()
}

/// The operations, in groups of what they are about.
#[component]
fn Operations(
    /// All of them, in the order of the reference.
    lines: Vec<OperationLine>,
    /// The name of the one that is shown.
    chosen: Memo<String>,
) -> AnyView {
    let typed = RwSignal::new(String::new());
    let lines = StoredValue::new(lines);
    let found = Memo::new(move |_| {
        let typed = typed.with(|typed| typed.trim().to_lowercase());
        let wanted: Vec<&str> = typed.split_whitespace().collect();
        lines.with_value(|lines| {
            let matches = |line: &&OperationLine| {
                let deed = words::operation(&line.name);
                let text = format!("{} {} {} {deed}", line.name, line.method, line.path);
                let text = text.to_lowercase();
                wanted.iter().all(|part| text.contains(part))
            };
            lines.iter().filter(matches).cloned().collect::<Vec<_>>()
        })
    });
    let list = move || {
        let mut group = String::new();
        found
            .get()
            .into_iter()
            .map(|line| {
                let of = group_of(&line.path);
                let heading = (of != group).then(|| {
                    group.clone_from(&of);
                    view! { <li class="explorer-group"><code>{of}</code></li> }
                });
                view! { {heading} {entry(line, chosen)} }
            })
            .collect_view()
    };
    let total = lines.with_value(Vec::len);
    view! {
        <div class="explorer-search">
            <SearchField label=texts::search value=typed />
            <span class="second small number" role="status">
                {move || texts::found(found.with(Vec::len), total)}
            </span>
        </div>
        <nav class="explorer-names" aria-label=texts::operations>
            <ul>{list}</ul>
            {move || found.with(Vec::is_empty).then(|| view! { <p class="second explorer-none">{texts::none}</p> })}
        </nav>
    }
    .into_any()
}

fn entry(line: OperationLine, chosen: Memo<String>) -> AnyView {
    let name = line.name.clone();
    let current = move || (chosen.get() == name).then_some("page");
    let address = Router::the().address_now();
    let href = router::Address::new(address.path.iter().map(String::as_str))
        .with(OPERATION, &line.name)
        .to_string();
    view! {
        <li>
            <a class="explorer-name" href=href aria-current=current>
                {method(&line)}
                <span class="cut">{line.name.clone()}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The method, coloured by what the operation does.
fn method(line: &OperationLine) -> AnyView {
    let class = match line.effect {
        Effect::Read => "method",
        Effect::Delete => "method method-bad",
        Effect::Create | Effect::Update | Effect::Act => "method method-change",
    };
    view! { <code class=class>{line.method.clone()}</code> }.into_any()
}

/// What an operation is about: the part of its path that names a resource.
fn group_of(path: &str) -> String {
    let mut parts = path
        .split('/')
        .filter(|part| !part.is_empty() && !part.starts_with('{'));
    // The version says nothing, and some services have no second part.
    let _ = parts.next();
    let names: Vec<&str> = parts.take(2).collect();
    names.join("/")
}

/// Whether an edition has to be named beside an operation.
fn platinum_only(edition: Edition) -> bool {
    edition == Edition::Platinum
}
