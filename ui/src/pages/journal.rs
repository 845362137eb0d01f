//! The journal: everything this console has changed, with what became of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use console_ipc::export::{ExportFormat, ExportJournal};
use console_ipc::inventory::{CellValue, Freshness, RowView, RowsAnswer};
use console_ipc::journal::{JournalOutcome, JournalSummary, ListJournal};
use console_ipc::query::{Filter, Op, Term};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;

mod entry;

use crate::kit::{
    EmptyState, ErrorNotice, Glyph, Item, MenuButton, Notice, SearchField, Sign, Text, Tone,
    shortcut,
};
use crate::pages::parts::{save, saved_banner};
use crate::router::{self, Address};
use crate::state::App;
use crate::table::{CellLook, Grid, Source, Table, TableSpec, focus};
use crate::words::Word;
use crate::words::journal as texts;
use crate::{format, ipc, words};

static ENTRIES: TableSpec = TableSpec {
    kind: "journal_entry",
    columns: &[
        Column {
            name: "at",
            kind: ColumnKind::Time,
        },
        Column {
            name: "operation",
            kind: ColumnKind::Text,
        },
        Column {
            name: "target",
            kind: ColumnKind::Text,
        },
        Column {
            name: "outcome",
            kind: ColumnKind::Enum,
        },
        Column {
            name: "profile",
            kind: ColumnKind::Text,
        },
        Column {
            name: "request",
            kind: ColumnKind::Text,
        },
    ],
    shown: &[
        ("at", 128),
        ("operation", 200),
        ("target", 220),
        ("outcome", 140),
        ("profile", 140),
        ("request", 96),
    ],
    look,
    checks: false,
    sorts: false,
};

/// The list, or one entry.
pub fn page(path: Vec<String>) -> AnyView {
    match path.into_iter().next() {
        None => list(),
        Some(id) => entry::view(id),
    }
}

/// An outcome as sign and word.
pub fn outcome_sign(outcome: &JournalOutcome) -> (Sign, Word) {
    match outcome {
        JournalOutcome::Pending => (Sign::Waiting, texts::outcome::pending),
        JournalOutcome::Succeeded { .. } => (Sign::Good, texts::outcome::succeeded),
        JournalOutcome::Failed { .. } => (Sign::Bad, texts::outcome::failed),
        JournalOutcome::Unknown { .. } => (Sign::Unknown, texts::outcome::unknown),
    }
}

fn list() -> AnyView {
    let app = App::expect();
    let search = RwSignal::new(
        router::Router::the()
            .address_now()
            .get("search")
            .unwrap_or_default()
            .to_owned(),
    );
    let damaged = RwSignal::new(0_u64);
    let saved = RwSignal::new(None);
    let source: Source = Rc::new(move |query, offset, limit| {
        let search = query
            .filter
            .terms
            .into_iter()
            .flat_map(|term| term.values)
            .next()
            .unwrap_or_default();
        let request = ListJournal {
            search,
            target: None,
            profile: None,
            offset,
            limit,
        };
        Box::pin(async move {
            let page = ipc::call(request).await?;
            damaged.try_set(page.damaged_lines);
            Ok(RowsAnswer {
                total: page.matched,
                matched: page.matched,
                offset,
                rows: page.entries.into_iter().map(row).collect(),
                groups: Vec::new(),
                names: BTreeMap::new(),
                freshness: Freshness::default(),
            })
        })
    });
    let table = Table::new(&ENTRIES, source);
    Effect::new(move |_| {
        let text = search.with(|text| text.trim().to_owned());
        router::set_query("search", &text);
        let term = Term {
            column: None,
            op: Op::Contains,
            values: vec![text.clone()],
        };
        let terms = if text.is_empty() {
            Vec::new()
        } else {
            vec![term]
        };
        crate::state::set_if_changed(table.filter, Filter { terms });
    });
    Effect::new(move |before: Option<()>| {
        app.journal.track();
        app.refresh.track();
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let field = crate::kit::unique("search");
    let wanted = field.clone();
    shortcut::register("/", texts::search, move || focus(&format!("#{wanted}")));
    let status = table.feed.status;
    let count = move || {
        status.with(|status| {
            if status.answered {
                format::count(status.matched)
            } else {
                String::new()
            }
        })
    };
    let exports = Signal::derive(move || {
        let item = |label: Word, format: ExportFormat| {
            Item::new(label, move || save(ExportJournal { format }, saved)).glyph(Glyph::Save)
        };
        vec![
            item(words::table::export::csv, ExportFormat::Csv),
            item(words::table::export::json, ExportFormat::Json),
            item(words::table::export::yaml, ExportFormat::Yaml),
        ]
    });
    let cover = move || {
        status.with(|status| match (&status.error, status.answered, status.matched) {
            (Some(error), _, 0) => Some(
                view! { <ErrorNotice error=error.clone() on_retry=move |()| table.feed.refresh() /> }.into_any(),
            ),
            (None, true, 0) if search.with(String::is_empty) => Some(
                view! { <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Journal /> }.into_any(),
            ),
            (None, true, 0) => Some(
                view! {
                    <EmptyState
                        title=texts::nothing_found
                        glyph=Glyph::Search
                        action=(Text::from(texts::clear_search), Callback::new(move |()| search.set(String::new())))
                    />
                }
                .into_any(),
            ),
            _ => None,
        })
    };
    let open = |id: String| router::go(&Address::new(["journal", &id]).to_string());
    view! {
        <section class="list">
            <header class="list-head">
                <h1>{texts::title}</h1>
                <span class="list-count number" role="status">{count}</span>
            </header>
            <div class="list-bar journal-bar">
                <SearchField label=texts::search value=search id=field />
                <span class="spacer"></span>
                <MenuButton label=texts::export glyph=Glyph::Save items=exports />
            </div>
            {move || (damaged.get() > 0).then(|| view! {
                <div class="list-banner">
                    <Notice tone=Tone::Attention text=texts::damaged(format::count(damaged.get())) />
                </div>
            })}
            {saved_banner(saved, texts::saved)}
            <div class="list-main">
                <div class="list-table">
                    <Grid table=table label=texts::title on_open=open on_pick=open />
                    {move || cover().map(|cover| view! { <div class="tbl-cover">{cover}</div> })}
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn row(entry: JournalSummary) -> RowView {
    let text = |text: String| {
        if text.is_empty() {
            CellValue::Missing
        } else {
            CellValue::Text(text)
        }
    };
    let deed = words::deed(&entry.operation, entry.variant.as_deref());
    let target = entry.target.map(|target| {
        if target.name.is_empty() {
            target.id
        } else {
            target.name
        }
    });
    let outcome = match entry.outcome {
        JournalOutcome::Pending => "pending",
        JournalOutcome::Succeeded { .. } => "succeeded",
        JournalOutcome::Failed { .. } => "failed",
        JournalOutcome::Unknown { .. } => "unknown",
    };
    RowView {
        cells: vec![
            CellValue::Integer(entry.at_ms),
            text(deed.clone()),
            text(target.unwrap_or_default()),
            text(outcome.to_owned()),
            text(entry.profile),
            text(entry.request_id.unwrap_or_default()),
        ],
        id: entry.id,
        name: deed,
        change: None,
    }
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    let CellValue::Text(text) = value else {
        return None;
    };
    match column.name {
        "operation" => Some(CellLook::text(words::operation(text))),
        "outcome" => {
            let (sign, word): (Sign, Word) = match text.as_str() {
                "succeeded" => (Sign::Good, texts::outcome::succeeded),
                "failed" => (Sign::Bad, texts::outcome::failed),
                "pending" => (Sign::Waiting, texts::outcome::pending),
                _ => (Sign::Unknown, texts::outcome::unknown),
            };
            Some(CellLook::state(sign, word.get()))
        }
        "request" => Some(CellLook::id(text)),
        _ => None,
    }
}
