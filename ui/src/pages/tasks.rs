//! Tasks of this run of the console: their list, and one with its rows.

use console_ipc::bulk::TaskSummary;
use leptos::prelude::*;

use crate::format;
use crate::kit::{EmptyState, Glyph, Notice, Progress, Time, Tone, icon};
use crate::router::Address;
use crate::sheet::task::{TaskView, task_name, task_state};
use crate::state::App;
use crate::words::sheet::task as task_texts;
use crate::words::tasks as texts;

/// The pages below `#/tasks`.
pub fn page(path: Vec<String>) -> AnyView {
    match path.into_iter().next() {
        None => view! { <List /> }.into_any(),
        Some(id) => view! { <One id=id /> }.into_any(),
    }
}

#[component]
fn List() -> AnyView {
    let app = App::expect();
    let none = Memo::new(move |_| app.tasks.with(Vec::is_empty));
    let list = move || {
        app.tasks
            .with(|tasks| tasks.iter().map(line).collect_view())
    };
    view! {
        <div class="page-body page-tasks">
            <div class="page-head"><h1>{texts::title}</h1></div>
            {move || match none.get() {
                true => view! {
                    <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Task />
                }
                .into_any(),
                false => view! { <ul class="task-list">{list}</ul> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

fn line(task: &TaskSummary) -> AnyView {
    let done = task.succeeded + task.failed + task.unknown;
    let (total, started) = (task.total, task.started_ms);
    let result = texts::result(format::count(task.failed), format::count(task.succeeded));
    let unknown = (task.unknown > 0).then(|| texts::unknown(format::count(task.unknown)));
    let took = task
        .ended_ms
        .map(|ended| format::duration(ended - task.started_ms));
    view! {
        <li>
            <a class="task-line" href=Address::new(["tasks", &task.id]).to_string()>
                <span class="row row-wrap">
                    <strong>{task_name(task)}</strong>
                    {task_state(task)}
                    <span class="spacer"></span>
                    <span class="number">{task_texts::done_of(format::count(done), format::count(total))}</span>
                </span>
                <Progress label=task_texts::progress value=Signal::derive(move || (done, Some(total))) />
                <span class="row row-wrap second">
                    <span>{result}</span>
                    <span>{unknown}</span>
                    <span class="spacer"></span>
                    <Time at_ms=Signal::derive(move || Some(started)) />
                    <span class="number">{took}</span>
                </span>
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn One(id: String) -> AnyView {
    let app = App::expect();
    let wanted = id.clone();
    let task = Memo::new(move |_| {
        app.tasks
            .with(|tasks| tasks.iter().find(|task| task.id == wanted).cloned())
    });
    let known = Memo::new(move |_| task.with(Option::is_some));
    let name = move || {
        task.with(|task| task.as_ref().map(task_name))
            .unwrap_or_default()
    };
    view! {
        <div class="thing page-task">
            <header class="thing-head">
                <a class="page-crumb" href="#/tasks">{icon(Glyph::ArrowLeft)} {texts::back}</a>
                <h1>{name}</h1>
            </header>
            <div class="thing-body">
                {move || match known.get() {
                    true => view! { <TaskView id=id.clone() /> }.into_any(),
                    false => view! { <Notice tone=Tone::Attention text=texts::gone /> }.into_any(),
                }}
            </div>
        </div>
    }
    .into_any()
}
