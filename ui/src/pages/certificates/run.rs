//! Reading the certificates of many: one call for each node and each group, a few at a time, as the service has no
//! list of them all. What was read is kept while the window lives.

use std::cell::RefCell;
use std::collections::VecDeque;

use console_ipc::IpcError;
use console_ipc::call::{CallAnswer, ReadCall};
use console_ipc::inventory::RowView;
use console_ipc::query::{Filter, Query};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::rows;
use super::told::{Holder, HolderKind, Phase, Scope, State};
use crate::ipc;
use crate::state::{App, now_ms};
use crate::table::{NotGathered, matching};

/// Calls that are under way at once.
const AT_ONCE: usize = 4;

/// Failures one after the other that end a run: more of them would tell nothing new.
pub(super) const GIVES_UP: u64 = 20;

/// Time between two drawings of the rows while they come, in milliseconds; longer the more there are.
const DRAWN_EVERY_MS: i64 = 300;

/// The run of the window.
#[derive(Default)]
struct Run {
    /// The profile it reads from.
    profile: Option<String>,
    /// Grows with each run, so that late answers to an older one are dropped.
    number: u64,
    scope: Scope,
    queue: VecDeque<Holder>,
    /// Those that a stopped run has left, while others are asked once more.
    rest: VecDeque<Holder>,
    under_way: u64,
    failures_in_a_row: u64,
    gives_up: bool,
    failed: Vec<(Holder, IpcError)>,
    rows: Vec<RowView>,
    drawn_ms: i64,
    /// Pages come and go, so these belong to none of them.
    state: ArcRwSignal<State>,
    /// Grows when the rows are to be drawn again.
    news: ArcRwSignal<u64>,
}

thread_local! {
    static RUN: RefCell<Run> = RefCell::default();
}

fn profile() -> Option<String> {
    let session = App::expect().session;
    session.with_untracked(|session| session.profile_id.clone())
}

/// What is told of the run, and what grows when its rows are to be drawn again.
pub(super) fn signals() -> (RwSignal<State>, RwSignal<u64>) {
    RUN.with_borrow(|run| (run.state.clone().into(), run.news.clone().into()))
}

/// Forgets what was read with another profile.
pub(super) fn of_this_profile() {
    let now = profile();
    let told = RUN.with_borrow_mut(|run| {
        if run.profile == now {
            return None;
        }
        *run = Run {
            profile: now,
            number: run.number + 1,
            state: run.state.clone(),
            news: run.news.clone(),
            ..Run::default()
        };
        Some((run.state.clone(), run.news.clone()))
    });
    if let Some((state, news)) = told {
        state.set(State::default());
        news.update(|news| *news += 1);
    }
}

/// What was chosen the last time.
pub(super) fn scope() -> Scope {
    RUN.with_borrow(|run| run.scope.clone())
}

/// Keeps what is chosen.
pub(super) fn keep_scope(scope: Scope) {
    RUN.with_borrow_mut(|run| run.scope = scope);
}

/// Runs with all rows that were found, in the order in which they came.
pub(super) fn with_rows<T>(body: impl FnOnce(&[RowView]) -> T) -> T {
    RUN.with_borrow(|run| body(&run.rows))
}

/// The first of those that could not be read, each with why.
pub(super) fn failed(most: usize) -> Vec<(Holder, IpcError)> {
    RUN.with_borrow(|run| run.failed.iter().take(most).cloned().collect())
}

/// Reads the certificates of a scope. What was read before is dropped once it is known whom to ask.
pub(super) fn start(scope: Scope) {
    of_this_profile();
    let number = RUN.with_borrow_mut(|run| {
        run.number += 1;
        run.number
    });
    tell(|state| {
        state.phase = Phase::LookingUp;
        state.error = None;
    });
    spawn_local(async move {
        let holders = look_up(scope).await;
        if RUN.with_borrow(|run| run.number) != number {
            return;
        }
        match holders {
            Ok(holders) => begin(number, holders),
            Err(error) => tell(|state| {
                state.phase = state.phase_before();
                state.error = Some(error);
            }),
        }
    });
}

/// Whom to ask, the groups first.
async fn look_up(scope: Scope) -> Result<Vec<Holder>, IpcError> {
    let mut holders = Vec::new();
    let kinds = [
        (scope.groups, HolderKind::Group, Filter::default()),
        (scope.nodes, HolderKind::Node, scope.filter),
    ];
    for (_, kind, filter) in kinds.into_iter().filter(|(wanted, ..)| *wanted) {
        let query = Query {
            filter,
            ..Query::default()
        };
        let found = match matching(kind.resource(), query, u64::MAX).await {
            Ok(found) => found,
            Err(NotGathered::Failed(error)) => return Err(error),
            // So many are never there.
            Err(NotGathered::TooMany(_)) => Vec::new(),
        };
        holders.extend(found.into_iter().map(|it| Holder {
            kind,
            id: it.id,
            name: it.name,
        }));
    }
    Ok(holders)
}

fn begin(number: u64, holders: Vec<Holder>) {
    let total = holders.len() as u64;
    RUN.with_borrow_mut(|run| {
        run.queue = holders.into();
        run.rest.clear();
        run.rows.clear();
        run.failed.clear();
    });
    tell(|state| {
        *state = State {
            total,
            ..State::default()
        };
    });
    draw();
    ask(number);
}

/// Asks what is in the queue.
fn ask(number: u64) {
    RUN.with_borrow_mut(|run| {
        run.failures_in_a_row = 0;
        run.gives_up = false;
    });
    tell(|state| state.phase = Phase::Reading);
    for _ in 0..AT_ONCE {
        spawn_local(async move {
            while let Some(holder) = next(number) {
                let call = holder.call();
                let answer = ipc::call(ReadCall { call }).await;
                take(number, holder, answer);
            }
        });
    }
    end_if_done();
}

/// Asks no more. What has been asked is still awaited.
pub(super) fn stop() {
    let looks_up = state().phase == Phase::LookingUp;
    if looks_up {
        // The lookup goes on unheard.
        RUN.with_borrow_mut(|run| run.number += 1);
        tell(|state| state.phase = state.phase_before());
    } else {
        tell(|state| state.phase = Phase::Stopping);
        end_if_done();
    }
}

/// Goes on where it was stopped.
pub(super) fn go_on() {
    of_this_profile();
    ask(RUN.with_borrow(|run| run.number));
}

/// Asks those that failed once more, and nobody else.
pub(super) fn retry() {
    of_this_profile();
    let (number, again) = RUN.with_borrow_mut(|run| {
        let failed = std::mem::take(&mut run.failed);
        let again = failed.len() as u64;
        let failed = failed.into_iter().map(|(holder, _)| holder).collect();
        run.rest = std::mem::replace(&mut run.queue, failed);
        (run.number, again)
    });
    tell(|state| {
        state.failed = 0;
        state.done = state.done.saturating_sub(again);
    });
    ask(number);
}

fn next(number: u64) -> Option<Holder> {
    let is_reading = state().phase == Phase::Reading;
    let same = profile();
    RUN.with_borrow_mut(|run| {
        let goes_on = is_reading && run.number == number && run.profile == same;
        let holder = goes_on.then(|| run.queue.pop_front()).flatten()?;
        run.under_way += 1;
        Some(holder)
    })
}

fn take(number: u64, holder: Holder, answer: Result<CallAnswer, IpcError>) {
    of_this_profile();
    let kind = holder.kind;
    let answer = answer.map(|answer| rows::read(&holder, &answer.body));
    let found = RUN.with_borrow_mut(|run| {
        if run.number != number {
            return None;
        }
        run.under_way = run.under_way.saturating_sub(1);
        Some(match answer {
            Ok(found) => {
                run.failures_in_a_row = 0;
                let types: Vec<String> = found.iter().map(rows::type_of).collect();
                run.rows.extend(found);
                (types, run.failed.len() as u64, false)
            }
            Err(error) => {
                run.failures_in_a_row += 1;
                run.failed.push((holder, error));
                run.gives_up |= run.failures_in_a_row >= GIVES_UP;
                (Vec::new(), run.failed.len() as u64, run.gives_up)
            }
        })
    });
    let Some((types, failed, gives_up)) = found else {
        return;
    };
    tell(|state| {
        state.done += 1;
        state.failed = failed;
        let count = types.len() as u64;
        match kind {
            HolderKind::Node => state.of_nodes += count,
            HolderKind::Group => state.of_groups += count,
        }
        for kind in types {
            *state.by_type.entry(kind).or_default() += 1;
        }
        if gives_up && state.phase == Phase::Reading {
            state.phase = Phase::Stopping;
        }
    });
    draw_now_and_then();
    end_if_done();
}

/// Ends the run when nothing more is to come.
fn end_if_done() {
    let phase = state().phase;
    let ended = RUN.with_borrow_mut(|run| {
        let is_over = phase == Phase::Stopping || phase == Phase::Reading && run.queue.is_empty();
        if !is_over || run.under_way > 0 {
            return None;
        }
        let mut rest = std::mem::take(&mut run.rest);
        run.queue.append(&mut rest);
        Some((!run.queue.is_empty(), run.gives_up))
    });
    let Some((left, gives_up)) = ended else {
        return;
    };
    let now = now_ms();
    tell(|state| {
        state.phase = match (left, gives_up) {
            (false, _) => Phase::Complete,
            (true, true) => Phase::GaveUp,
            (true, false) => Phase::Stopped,
        };
        state.read_at = Some(now);
    });
    draw();
}

fn state() -> State {
    let state = RUN.with_borrow(|run| run.state.clone());
    state.get_untracked()
}

fn tell(change: impl FnOnce(&mut State)) {
    // Whoever follows the signal asks the run, which is not to be in use then.
    let state = RUN.with_borrow(|run| run.state.clone());
    state.update(change);
}

fn draw() {
    let news = RUN.with_borrow_mut(|run| {
        run.drawn_ms = now_ms();
        run.news.clone()
    });
    news.update(|news| *news += 1);
}

fn draw_now_and_then() {
    let due = RUN.with_borrow(|run| {
        let pause = DRAWN_EVERY_MS + i64::try_from(run.rows.len() / 100).unwrap_or(i64::MAX / 2);
        now_ms() - run.drawn_ms >= pause
    });
    if due {
        draw();
    }
}
