//! The first page: how the fleet stands, what needs a look, what was changed last.

use console_ipc::IpcError;
use console_ipc::inventory::{
    CellValue, CountValues, CountsAnswer, Freshness, QueryRows, RowView, RowsAnswer,
};
use console_ipc::journal::{JournalPage, ListJournal};
use console_ipc::profile::Connection;
use console_ipc::query::{Filter, Op, Query, SortKey, Term};
use ief_api::node::{EdgeNode, NodeState};
use ief_api::resource::Resource;
use leptos::prelude::*;

use super::journal::outcome_sign;
use super::parts::{Asked, call_of, read};
use super::quotas::{quotas_of, read_quotas};
use crate::kit::{
    EmptyState, ErrorNotice, Glyph, Part, Progress, ProportionBar, Sign, Skeleton, StateSign, Text,
    Time, sign,
};
use crate::router::{self, Address};
use crate::state::App;
use crate::table::reading::integer;
use crate::words::Word;
use crate::words::overview as texts;
use crate::{format, words};

/// Changes shown here; the others are in the journal.
const CHANGES: u32 = 8;
/// Nodes shown that need a look; the others are in the list.
const NODES: u32 = 5;
/// Quotas shown here; the others have a page.
const QUOTAS: usize = 6;
/// States in which a node needs a look.
const ATTENTION: &[&str] = &["FAIL", "FREEZE"];

/// The page.
pub fn page(_: Vec<String>) -> AnyView {
    let app = App::expect();
    let down = Memo::new(move |_| {
        app.session.with(|session| match &session.connection {
            Connection::Failed { error } => Some(error.clone()),
            _ => None,
        })
    });
    view! {
        <div class="page-body page-overview">
            <div class="page-head"><h1>{texts::title}</h1></div>
            {move || down.get().map(|error| view! { <ErrorNotice error=error on_retry=move || app.refresh_page() /> })}
            <div class="overview">
                {section(texts::nodes, Some("#/nodes"), "overview-nodes", nodes())}
                {section(texts::devices, Some("#/devices"), "overview-devices", devices())}
                {section(texts::attention, None, "", attention())}
                {section(texts::changes, Some("#/journal"), "", changes())}
                {section(texts::quotas, Some("#/quotas"), "overview-quotas", quotas())}
            </div>
        </div>
    }
    .into_any()
}

/// A part of the page with its heading, which leads to the whole.
fn section(title: Word, to: Option<&'static str>, class: &'static str, body: AnyView) -> AnyView {
    let id = crate::kit::unique("part");
    let named = id.clone();
    let heading = match to {
        Some(to) => view! { <a href=to>{title}</a> }.into_any(),
        None => view! { {title} }.into_any(),
    };
    view! {
        <section class=format!("overview-part {class}") aria-labelledby=named>
            <h2 id=id>{heading}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// What stands where something could not be read. While the connection is down the page says so once.
fn unread(error: IpcError, retry: impl Into<Callback<()>>) -> AnyView {
    let retry = retry.into();
    let down = App::expect()
        .session
        .with(|session| matches!(session.connection, Connection::Failed { .. }));
    if down {
        return view! { <p class="second">{texts::unread}</p> }.into_any();
    }
    view! { <ErrorNotice error=error on_retry=retry /> }.into_any()
}

/// Nodes by their states.
fn nodes() -> AnyView {
    let app = App::expect();
    let freshness = app.freshness("node");
    let asked = Asked::new(
        move || {
            // Read, not only tracked: a memo that was never read never tells.
            freshness.with(|_| ());
            app.refresh.track();
            CountValues {
                resource: "node".to_owned(),
                columns: vec!["state".to_owned()],
                query: Query::default(),
            }
        },
        |answer: CountsAnswer| {
            (
                answer.counts.into_iter().next().unwrap_or_default(),
                answer.total,
                answer.freshness,
            )
        },
    );
    Effect::new(move |_| {
        asked.value.with(|answer| {
            if let Some((_, _, freshness)) = answer {
                app.note_freshness("node", freshness);
            }
        });
    });
    let total = Memo::new(move |_| {
        asked
            .value
            .with(|answer| answer.as_ref().map(|(_, total, _)| *total))
    });
    let counts = Memo::new(move |_| {
        asked
            .value
            .with(|answer| answer.as_ref().map(|(counts, ..)| counts.clone()))
    });
    let parts = Signal::derive(move || {
        counts
            .get()
            .map(|counts| states(&counts))
            .unwrap_or_default()
    });
    let told = Memo::new(move |_| {
        asked
            .value
            .with(|answer| answer.as_ref().map(|(.., freshness)| freshness.clone()))
    });
    let complete =
        Memo::new(move |_| told.with(|told| told.as_ref().is_some_and(|it| it.as_of_ms.is_some())));
    let failed = Memo::new(move |_| {
        asked
            .error
            .get()
            .or(told.with(|told| told.as_ref().and_then(|it| it.error.clone())))
    });
    let loading =
        Memo::new(move |_| freshness.with(|it| it.loading.filter(|_| it.as_of_ms.is_none())));
    let progress = move || {
        loading
            .get()
            .filter(|progress| {
                progress
                    .total
                    .is_some_and(|total| total > progress.received)
            })
            .map(|_| {
                let value = move || {
                    loading
                        .get()
                        .map_or((0, None), |progress| (progress.received, progress.total))
                };
                view! { <Progress label=texts::reading_nodes value=Signal::derive(value) /> }
            })
    };
    let body = move || {
        match (total.get(), complete.get(), failed.get()) {
        (Some(0), true, _) => {
            let register = Callback::new(|()| router::go("#/nodes/new"));
            view! {
                <EmptyState
                    title=words::nodes::empty::title
                    text=words::nodes::empty::text
                    glyph=Glyph::Node
                    action=(Text::from(words::nodes::register::verb), register)
                />
            }
            .into_any()
        }
        (Some(1..), ..) => view! {
            <p class="overview-figure number">{move || format::count(total.get().unwrap_or_default())}</p>
            {progress}
            <ProportionBar label=texts::nodes parts=parts />
        }
        .into_any(),
        (_, _, Some(error)) => unread(error, move || app.refresh_page()),
        _ => waiting(),
    }
    };
    view! { {body} }.into_any()
}

/// A part for each state, in the order of the reference, then those nobody knew of.
fn states(counts: &[(String, u64)]) -> Vec<Part> {
    let rank = |state: &str| {
        let order = [
            NodeState::Running,
            NodeState::Fail,
            NodeState::Upgrading,
            NodeState::Freeze,
            NodeState::Stopped,
        ];
        order
            .iter()
            .position(|known| known.as_str() == state)
            .unwrap_or(order.len())
    };
    let mut counts: Vec<&(String, u64)> = counts.iter().filter(|(_, count)| *count > 0).collect();
    counts.sort_by_key(|(state, _)| rank(state));
    let part = |(state, count): &(String, u64)| {
        let filter = if state.is_empty() {
            "no:state".to_owned()
        } else {
            format!("state:{state}")
        };
        let label = state.clone();
        Part {
            label: Text::from(move || words::value("node", "state", &label)),
            count: *count,
            sign: Sign::of_state(state).unwrap_or(Sign::Unknown),
            on_press: Some(Callback::new(move |()| {
                router::go(&Address::new(["nodes"]).with("filter", &filter).to_string());
            })),
        }
    };
    counts.into_iter().map(part).collect()
}

/// Devices, bound and not. The service counts them; the inventory doesn't know bindings.
fn devices() -> AnyView {
    let counted = |bound: &str| {
        read(
            call_of(
                "list_devices",
                &[],
                &[("is_binding", bound), ("limit", "1")],
            ),
            "",
        )
    };
    let (bound, free) = (counted("true"), counted("false"));
    let count = |answer: &Option<serde_json::Value>| {
        answer
            .as_ref()
            .and_then(|answer| integer(answer, "count"))
            .and_then(|count| u64::try_from(count).ok())
    };
    let counts = Memo::new(move |_| Some((bound.value.with(count)?, free.value.with(count)?)));
    let parts = Signal::derive(move || {
        let (bound, free) = counts.get().unwrap_or_default();
        let part = |label: Word, count: u64, sign: Sign| Part {
            label: label.into(),
            count,
            sign,
            on_press: None,
        };
        vec![
            part(texts::bound, bound, Sign::Good),
            part(texts::free, free, Sign::Off),
        ]
    });
    let body = move || match (counts.get(), bound.error.get().or(free.error.get())) {
        (Some((0, 0)), _) => {
            let register = Callback::new(|()| router::go("#/devices/new"));
            view! {
                <EmptyState
                    title=words::devices::empty
                    text=words::devices::empty_text
                    glyph=Glyph::Device
                    action=(Text::from(words::devices::register), register)
                />
            }
            .into_any()
        }
        (Some((bound, free)), _) => view! {
            <p class="overview-figure number">{format::count(bound + free)}</p>
            <ProportionBar label=texts::devices parts=parts />
        }
        .into_any(),
        (None, Some(error)) => unread(error, move || {
            bound.reload();
            free.reload();
        }),
        (None, None) => waiting(),
    };
    view! { {body} }.into_any()
}

/// In the shape of a figure with its bar.
fn waiting() -> AnyView {
    view! {
        <div class="overview-waiting" role="status">
            <span class="unseen">{words::kit::loading}</span>
            <span class="skeleton-line overview-waiting-figure"></span>
            <span class="skeleton-line overview-waiting-bar"></span>
            <span class="skeleton-line overview-waiting-legend"></span>
        </div>
    }
    .into_any()
}

/// Nodes that failed or were frozen, with the reason.
fn attention() -> AnyView {
    let app = App::expect();
    let freshness = app.freshness("node");
    let asked = Asked::new(
        move || {
            // Read, not only tracked: a memo that was never read never tells.
            freshness.with(|_| ());
            app.refresh.track();
            let term = Term {
                column: Some("state".to_owned()),
                op: Op::Is,
                values: ATTENTION.iter().map(|state| (*state).to_owned()).collect(),
            };
            let sort = vec![SortKey {
                column: "updated".to_owned(),
                descending: true,
            }];
            let query = Query {
                filter: Filter { terms: vec![term] },
                sort,
                group_by: None,
            };
            QueryRows {
                resource: "node".to_owned(),
                query,
                offset: 0,
                limit: NODES,
            }
        },
        |answer: RowsAnswer| {
            let Freshness {
                as_of_ms, error, ..
            } = answer.freshness;
            // A list that is complete is complete, whenever that was.
            (answer.rows, answer.matched, as_of_ms.is_some(), error)
        },
    );
    let body = move || match (asked.value.get(), asked.error.get()) {
        (Some((rows, matched @ 1.., ..)), _) => {
            let more = matched.saturating_sub(rows.len() as u64);
            let lines = rows.into_iter().map(|row| node_line(&row)).collect_view();
            let rest = (more > 0).then(|| {
                let to = Address::new(["nodes"])
                    .with("filter", &format!("state:{}", ATTENTION.join(",")))
                    .to_string();
                view! { <a class="overview-more" href=to>{texts::more(format::count(more))}</a> }
            });
            view! { <ul class="overview-lines">{lines}</ul> {rest} }.into_any()
        }
        (Some((_, _, true, _)), _) => {
            view! { <p><StateSign sign=Sign::Good word=texts::nothing_failed /></p> }.into_any()
        }
        (Some((.., Some(error))), _) | (_, Some(error)) => {
            unread(error, move || app.refresh_page())
        }
        _ => view! { <Skeleton lines=4 /> }.into_any(),
    };
    view! { {body} }.into_any()
}

fn node_line(row: &RowView) -> AnyView {
    let cell = |name: &str| {
        EdgeNode::SPEC
            .column(name)
            .and_then(|at| row.cells.get(at))
            .cloned()
            .unwrap_or(CellValue::Missing)
    };
    let state = match cell("state") {
        CellValue::Text(state) => state,
        _ => String::new(),
    };
    let reason = match cell("reason") {
        CellValue::Text(reason) => Some(reason),
        _ => None,
    };
    let at = match cell("updated") {
        CellValue::Integer(at) => Some(at),
        _ => None,
    };
    let href = Address::new(["nodes", &row.id]).to_string();
    let word = {
        let state = state.clone();
        move || words::value("node", "state", &state)
    };
    let said = move || {
        reason
            .clone()
            .unwrap_or_else(|| texts::no_reason.get().to_owned())
    };
    view! {
        <li class="overview-line">
            <StateSign sign=Sign::of_state(&state).unwrap_or(Sign::Unknown) word=word />
            <a class="cut" href=href>{row.name.clone()}</a>
            <span class="second"><Time at_ms=Signal::stored(at) /></span>
            <span class="second cut overview-why" data-tip=said.clone() data-tip-cut="">{said.clone()}</span>
        </li>
    }
    .into_any()
}

/// What was changed last, by whomever uses this console.
fn changes() -> AnyView {
    let app = App::expect();
    let asked = Asked::new(
        move || {
            app.journal.track();
            ListJournal {
                search: String::new(),
                target: None,
                // What was changed elsewhere says nothing about this fleet.
                profile: app.profile().map(|profile| profile.name),
                offset: 0,
                limit: CHANGES,
            }
        },
        |page: JournalPage| page.entries,
    );
    let body = move || match (asked.value.get(), asked.error.get()) {
        (Some(entries), _) if entries.is_empty() => {
            view! { <p class="second">{texts::no_changes}</p> }.into_any()
        }
        (Some(entries), _) => {
            let lines = entries
                .into_iter()
                .map(|entry| {
                    let href = Address::new(["journal", &entry.id]).to_string();
                    let (mark, word) = outcome_sign(&entry.outcome);
                    let operation = words::deed(&entry.operation, entry.variant.as_deref());
                    let name = entry.target.map(|target| if target.name.is_empty() { target.id } else { target.name });
                    let at = entry.at_ms;
                    view! {
                        <li class="overview-line">
                            <span class="state" data-tip=word>{sign(mark)} <span class="unseen">{word}</span></span>
                            <a class="cut" href=href>{move || words::operation(&operation)} " " {name}</a>
                            <span class="second"><Time at_ms=Signal::stored(Some(at)) /></span>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="overview-lines">{lines}</ul> }.into_any()
        }
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
    };
    view! { {body} }.into_any()
}

/// The quotas that are used most.
fn quotas() -> AnyView {
    let reading = read_quotas();
    let quotas = Memo::new(move |_| reading.value.with(|answer| answer.as_ref().map(quotas_of)));
    let body = move || match (quotas.get(), reading.error.get()) {
        (Some(quotas), _) => {
            let more = quotas.len().saturating_sub(QUOTAS);
            let meters = quotas
                .iter()
                .take(QUOTAS)
                .map(|quota| view! { <li>{quota.meter()}</li> })
                .collect_view();
            let rest = (more > 0).then(|| {
                view! { <a class="overview-more" href="#/quotas">{texts::all_quotas}</a> }
            });
            view! { <ul class="meters">{meters}</ul> {rest} }.into_any()
        }
        (None, Some(error)) => unread(error, move || reading.reload()),
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
    };
    view! { {body} }.into_any()
}
