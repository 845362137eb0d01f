//! One task with its rows: how far it is, what became of each, and what it can be told.

use std::collections::BTreeMap;
use std::rc::Rc;

use console_ipc::IpcError;
use console_ipc::bulk::{
    ControlTask, ItemOutcome, ShowTask, TaskControl, TaskItem, TaskState, TaskSummary,
};
use console_ipc::call::Saved;
use console_ipc::error::ErrorKind;
use console_ipc::export::{ExportFormat, ExportTask};
use console_ipc::inventory::{CellValue, Freshness, RowView, RowsAnswer};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;

use crate::kit::notice::{details, what_happened, why};
use crate::kit::{Button, ErrorNotice, Glyph, Look, Progress, Sign, Skeleton, StateSign, sign};
use crate::router::{self, Address};
use crate::state::App;
use crate::table::{CellLook, Grid, Source, Table, TableSpec};
use crate::words::Word;
use crate::words::sheet::task as texts;
use crate::{format, ipc, words};

/// The rows of a task. Its order is the host's: what failed stands first.
static ROWS: TableSpec = TableSpec {
    kind: "task_item",
    columns: &[
        Column {
            name: "name",
            kind: ColumnKind::Text,
        },
        Column {
            name: "outcome",
            kind: ColumnKind::Enum,
        },
        Column {
            name: "detail",
            kind: ColumnKind::Text,
        },
        Column {
            name: "request",
            kind: ColumnKind::Text,
        },
    ],
    shown: &[
        ("name", 150),
        ("outcome", 110),
        ("request", 90),
        ("detail", 160),
    ],
    look: row_look,
    checks: false,
    sorts: false,
};

/// One task.
#[component]
pub fn TaskView(
    /// Its identifier.
    id: String,
) -> AnyView {
    let app = App::expect();
    let error = RwSignal::new(None::<IpcError>);
    let saved = RwSignal::new(None::<String>);
    let id = StoredValue::new(id);
    let task = Memo::new(move |_| {
        app.tasks
            .with(|tasks| id.with_value(|id| tasks.iter().find(|task| task.id == *id).cloned()))
    });
    let source: Source = Rc::new(move |_, offset, limit| {
        let request = ShowTask {
            id: id.get_value(),
            offset,
            limit,
        };
        Box::pin(async move {
            ipc::call(request)
                .await
                .map(|detail| rows(detail.task.total, detail.offset, detail.items))
        })
    });
    let table = Table::new(&ROWS, source);
    Effect::new(move |before: Option<()>| {
        task.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let control = move |control: TaskControl| {
        let request = ControlTask {
            id: id.get_value(),
            control,
        };
        error.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            match ipc::call(request).await {
                Ok(now) => {
                    app.tasks.update(|tasks| {
                        if let Some(task) = tasks.iter_mut().find(|task| task.id == now.id) {
                            *task = now;
                        }
                    });
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let export = move || {
        let request = ExportTask {
            id: id.get_value(),
            format: ExportFormat::Csv,
        };
        wasm_bindgen_futures::spawn_local(async move {
            match ipc::call(request).await {
                Ok(Saved::Written { path, .. }) => {
                    saved.try_set(Some(path));
                }
                Ok(Saved::Cancelled) => {}
                Err(failed) if failed.kind == ErrorKind::Cancelled => {}
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    // The row in hand: a failed one tells its whole error below.
    let chosen = Memo::new(move |_| table.cursor.get().map(|cursor| cursor.row));
    let failed = RwSignal::new(None::<(String, IpcError)>);
    Effect::new(move |_| {
        task.with(|_| ());
        let Some(row) = chosen.get() else { return };
        let request = ShowTask {
            id: id.get_value(),
            offset: row,
            limit: 1,
        };
        wasm_bindgen_futures::spawn_local(async move {
            let item = ipc::call(request)
                .await
                .ok()
                .and_then(|detail| detail.items.into_iter().next());
            failed.try_set(item.and_then(|item| match item.outcome {
                ItemOutcome::Failed { error } => Some((item.name, error)),
                _ => None,
            }));
        });
    });
    let open = move |row: String| {
        let resource = task.with_untracked(|task| task.as_ref().map(|task| task.resource.clone()));
        let mut pages = crate::pages::PAGES.iter();
        if let Some(page) =
            pages.find(|page| page.search.is_some() && page.search == resource.as_deref())
        {
            super::close();
            router::go(&Address::new([page.address, &row]).to_string());
        }
    };
    view! {
        {move || match task.get() {
            None => view! { <Skeleton lines=3 /> }.into_any(),
            Some(task) => view! { <Head task=task control=control export=export /> }.into_any(),
        }}
        {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
        {move || saved.get().map(|path| view! {
            <p class="after" role="status">{sign(Sign::Good)} <span class="selectable">{texts::saved(path)}</span></p>
        })}
        <div class="task-rows">
            <Grid table=table label=texts::rows on_open=open />
        </div>
        {move || failed.get().map(|(name, error)| view! {
            <div class="task-error">
                <h3 class="selectable">{name}</h3>
                <ErrorNotice error=error />
            </div>
        })}
    }
    .into_any()
}

#[component]
fn Head(
    task: TaskSummary,
    #[prop(into)] control: Callback<TaskControl>,
    #[prop(into)] export: Callback<()>,
) -> AnyView {
    let done = task.succeeded + task.failed + task.unknown;
    let total = task.total;
    let name = task_name(&task);
    let counts = [
        (Sign::Good, texts::succeeded as Word, task.succeeded),
        (Sign::Bad, texts::failed, task.failed),
        (Sign::Unknown, texts::unknown, task.unknown),
        (Sign::Waiting, texts::open, total.saturating_sub(done)),
    ];
    let counts = counts
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(mark, word, count)| {
            view! { <StateSign sign=mark word=move || format!("{} {}", format::count(count), word.get()) /> }
        })
        .collect_view();
    let button = |label: Word, glyph: Glyph, what: TaskControl| {
        view! { <Button label=label glyph=glyph on_press=move || control.run(what) /> }
    };
    let running = task.state == TaskState::Running;
    let paused = task.state == TaskState::Paused;
    let ended = !running && !paused;
    view! {
        <div class="task-head">
            <p class="row row-wrap">
                {task_state(&task)}
                <span>{name}</span>
                <span class="spacer"></span>
                <span class="number">{texts::done_of(format::count(done), format::count(total))}</span>
            </p>
            <Progress label=texts::progress value=Signal::derive(move || (done, Some(total))) />
            <div class="row row-wrap">{counts}</div>
            <div class="row row-wrap">
                {running.then(|| button(texts::pause, Glyph::Pause, TaskControl::Pause))}
                {paused.then(|| button(texts::resume, Glyph::Play, TaskControl::Resume))}
                {(!ended).then(|| button(texts::cancel, Glyph::Close, TaskControl::Cancel))}
                {(task.failed > 0 && ended).then(|| button(texts::retry, Glyph::Refresh, TaskControl::RetryFailed))}
                <span class="spacer"></span>
                <Button label=texts::export glyph=Glyph::Save look=Look::Quiet on_press=move || export.run(()) />
            </div>
        </div>
    }
    .into_any()
}

/// The state of a task as sign and word.
pub fn task_state(task: &TaskSummary) -> AnyView {
    let (mark, word): (Sign, Word) = match task.state {
        TaskState::Running => (Sign::Busy, texts::running),
        TaskState::Paused => (Sign::Stopped, texts::paused),
        TaskState::Done if task.failed + task.unknown == 0 => (Sign::Good, texts::finished),
        TaskState::Done if task.succeeded == 0 => (Sign::Bad, texts::all_failed),
        TaskState::Done => (Sign::Differs, texts::partly_failed),
        TaskState::Cancelled => (Sign::Off, texts::cancelled),
        TaskState::Stopped => (Sign::Unknown, texts::stopped),
    };
    view! { <StateSign sign=mark word=word /> }.into_any()
}

/// What a task does to each row, in words: "Stop node".
pub fn task_name(task: &TaskSummary) -> String {
    words::operation(&words::deed(&task.operation, task.variant.as_deref()))
}

fn rows(total: u64, offset: u64, items: Vec<TaskItem>) -> RowsAnswer {
    RowsAnswer {
        total,
        matched: total,
        offset,
        rows: items.into_iter().map(row).collect(),
        groups: Vec::new(),
        names: BTreeMap::new(),
        freshness: Freshness::default(),
    }
}

fn row(item: TaskItem) -> RowView {
    let text = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let (outcome, detail, request) = match &item.outcome {
        ItemOutcome::Waiting => ("waiting", None, None),
        ItemOutcome::Running => ("running", None, None),
        ItemOutcome::Succeeded { request_id } => ("succeeded", None, request_id.clone()),
        ItemOutcome::Failed { error } => {
            let unknown = error.kind == ErrorKind::OutcomeUnknown;
            let detail = format!("{} {} {}", what_happened(error), why(error), details(error));
            (
                if unknown { "unknown" } else { "failed" },
                Some(detail),
                error.request_id.clone(),
            )
        }
        ItemOutcome::Skipped => ("skipped", None, None),
    };
    RowView {
        cells: vec![
            text(Some(item.name.clone()).filter(|name| !name.is_empty())),
            text(Some(outcome.to_owned())),
            text(detail),
            text(request),
        ],
        id: item.id,
        name: item.name,
        change: None,
    }
}

fn row_look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("outcome", CellValue::Text(outcome)) => {
            let (mark, word) = match outcome.as_str() {
                "running" => (Sign::Busy, texts::running.get()),
                "succeeded" => (Sign::Good, texts::succeeded.get()),
                "failed" => (Sign::Bad, texts::failed.get()),
                "unknown" => (Sign::Unknown, texts::unknown.get()),
                "skipped" => (Sign::Off, texts::skipped.get()),
                _ => (Sign::Waiting, texts::waiting.get()),
            };
            Some(CellLook::state(mark, word))
        }
        ("request", CellValue::Text(id)) => Some(CellLook::id(id)),
        _ => None,
    }
}
