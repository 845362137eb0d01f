//! A bulk action on its way.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::bulk::{
    BulkAction, ItemOutcome, TaskControl, TaskDetail, TaskItem, TaskState, TaskSummary,
};
use console_ipc::call::CallAnswer;
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::profile::{CloudTarget, Profile, Target};
use console_ipc::{ErrorKind, IpcError};
use ief_api::operation::{Call, Effect, OperationSpec};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::plan::{Planned, call_for};
use crate::calls::{Confirmation, Intent, Sent, refresh_touched, send};
use crate::console::Core;
use crate::session::Session;

/// So many rows are called for at the same time.
const AT_ONCE: usize = 4;

/// A bulk action on its way or done.
pub(crate) struct Task {
    /// Where it acts.
    profile: Profile,
    action: BulkAction,
    spec: &'static OperationSpec,
    /// The path parameter that takes a row's identifier.
    id_parameter: &'static str,
    inner: Mutex<Inner>,
    /// Tells workers that wait that something has changed.
    changed: watch::Sender<()>,
}

struct Inner {
    /// The session it works in, until it has ended: what is kept then shall not keep a client and its secrets.
    session: Option<Arc<Session>>,
    /// What the write lock gave when it began, or was begun again. It ends with that unlocking, for good.
    permit: CancellationToken,
    summary: TaskSummary,
    items: Vec<TaskItem>,
    /// Why rows had failed that are tried again. They have, still, when they get no other turn.
    retried: BTreeMap<usize, IpcError>,
    /// Positions of rows that wait for their turn.
    waiting: VecDeque<usize>,
    workers: usize,
}

impl Task {
    pub(super) fn new(
        session: &Arc<Session>,
        permit: CancellationToken,
        action: BulkAction,
        planned: Planned,
    ) -> Arc<Self> {
        let core = &session.core;
        let items: Vec<_> = planned
            .rows
            .into_iter()
            .map(|(id, name)| TaskItem {
                id,
                name,
                outcome: ItemOutcome::Waiting,
                journal_id: None,
            })
            .collect();
        let summary = TaskSummary {
            id: core.random.uuid().to_string(),
            operation: planned.spec.name.to_owned(),
            variant: action.call.body.as_ref().and_then(crate::calls::variant),
            resource: action.resource.clone(),
            state: TaskState::Running,
            total: items.len() as u64,
            succeeded: 0,
            failed: 0,
            unknown: 0,
            started_ms: core.clock.now_ms(),
            ended_ms: None,
        };
        Arc::new(Self {
            profile: session.profile(),
            action,
            spec: planned.spec,
            id_parameter: planned.id_parameter,
            inner: Mutex::new(Inner {
                session: Some(Arc::clone(session)),
                permit,
                retried: BTreeMap::new(),
                summary,
                waiting: (0..items.len()).collect(),
                items,
                workers: 0,
            }),
            changed: watch::Sender::new(()),
        })
    }

    pub(crate) fn id(&self) -> String {
        self.inner().summary.id.clone()
    }

    pub(crate) fn summary(&self) -> TaskSummary {
        self.inner().summary.clone()
    }

    /// When it ended. `None` while it is at work.
    pub(super) fn ended_ms(&self) -> Option<i64> {
        self.inner().summary.ended_ms
    }

    /// All rows with their results, as they were selected.
    pub(crate) fn items(&self) -> Vec<TaskItem> {
        self.inner().items.clone()
    }

    /// A window of the rows: failed ones first, then those on their way, then the rest.
    pub(super) fn detail(&self, offset: u64, limit: u32) -> TaskDetail {
        let inner = self.inner();
        let mut order: Vec<_> = inner.items.iter().collect();
        order.sort_by_key(|item| match item.outcome {
            ItemOutcome::Failed { .. } => 0,
            ItemOutcome::Running => 1,
            ItemOutcome::Waiting => 2,
            ItemOutcome::Skipped => 3,
            ItemOutcome::Succeeded { .. } => 4,
        });
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        TaskDetail {
            task: inner.summary.clone(),
            offset,
            items: order
                .into_iter()
                .skip(from)
                .take(limit as usize)
                .cloned()
                .collect(),
        }
    }

    /// Begins to work, as far as nobody does.
    pub(super) fn work(self: &Arc<Self>) {
        let mut inner = self.inner();
        let Some(session) = inner.session.clone() else {
            return;
        };
        let missing = AT_ONCE
            .min(inner.waiting.len())
            .saturating_sub(inner.workers);
        inner.workers += missing;
        let nobody_works = inner.workers == 0;
        drop(inner);
        for _ in 0..missing {
            let (task, session) = (Arc::clone(self), Arc::clone(&session));
            tokio::spawn(async move { task.worker(&session).await });
        }
        if nobody_works {
            self.settle();
        }
    }

    /// Does as it is told. What makes no sense in the task's state changes nothing.
    ///
    /// # Errors
    /// When it has ended and another profile is in use by now: its rows are not to be looked for there.
    /// When rows are to be tried again and writing is locked.
    pub(super) fn control(
        self: &Arc<Self>,
        control: TaskControl,
        core: &Core,
    ) -> Result<TaskSummary, IpcError> {
        let mut inner = self.inner();
        match (control, inner.summary.state) {
            (TaskControl::Pause, TaskState::Running) => inner.summary.state = TaskState::Paused,
            (TaskControl::Resume, TaskState::Paused) => inner.summary.state = TaskState::Running,
            (TaskControl::Cancel, TaskState::Running | TaskState::Paused) => {
                inner.stop(TaskState::Cancelled);
            }
            (TaskControl::RetryFailed, state)
                if state != TaskState::Paused && inner.can_retry() =>
            {
                self.let_retry(&mut inner, core)?;
            }
            _ => {}
        }
        drop(inner);
        // It may have been forgotten since somebody looked it up.
        core.tasks.keep(self);
        self.changed.send_replace(());
        self.work();
        self.tell(core);
        Ok(self.summary())
    }

    /// Lets failed rows wait for another turn, with those that still wait. Once the unlocking has ended under
    /// which it worked, they alone do, under the one there is now.
    fn let_retry(&self, inner: &mut Inner, core: &Core) -> Result<(), IpcError> {
        let session = match &inner.session {
            // They would get no turn there. They stay failed, to be tried again when the task has ended.
            Some(session) if session.ended.is_cancelled() => return Ok(()),
            Some(session) => Arc::clone(session),
            None => self.session_to_retry(core)?,
        };
        let permit = session.guard.permit()?;
        inner.stop_when_over(&session);
        inner.permit = permit;
        inner.session = Some(session);
        inner.retry();
        Ok(())
    }

    /// The session in use, when it leads to where the task acts.
    fn session_to_retry(&self, core: &Core) -> Result<Arc<Session>, IpcError> {
        let session = core.session()?;
        let profile = session.profile();
        if profile.id == self.profile.id && same_place(&profile.target, &self.profile.target) {
            return Ok(session);
        }
        let error = IpcError::new(ErrorKind::NotConnected, NextStep::Nothing);
        Err(error.with("profile", &self.profile.name))
    }

    async fn worker(&self, session: &Arc<Session>) {
        let mut changed = self.changed.subscribe();
        loop {
            changed.mark_unchanged();
            match self.next(session) {
                Next::Row {
                    position,
                    id,
                    permit,
                } => self.call(session, permit, position, &id).await,
                Next::Wait { permit } => {
                    tokio::select! {
                        // The sender is the task's own, so this ends with a change only.
                        _ = changed.changed() => {}
                        () = session.ended.cancelled() => {}
                        () = permit.cancelled() => {}
                    }
                }
                Next::Nothing => break,
            }
        }
        self.settle();
    }

    /// What a worker does next. Who is told that there is nothing no longer counts as a worker.
    fn next(&self, session: &Session) -> Next {
        let mut inner = self.inner();
        if !inner.waiting.is_empty() {
            inner.stop_when_over(session);
        }
        if inner.summary.state == TaskState::Paused && !inner.waiting.is_empty() {
            return Next::Wait {
                permit: inner.permit.clone(),
            };
        }
        let Some(position) = inner.waiting.pop_front() else {
            // In the same breath, so that whoever adds rows now sees that a worker is missing.
            inner.workers -= 1;
            return Next::Nothing;
        };
        let permit = inner.permit.clone();
        let item = &mut inner.items[position];
        item.outcome = ItemOutcome::Running;
        Next::Row {
            position,
            id: item.id.clone(),
            permit,
        }
    }

    async fn call(
        &self,
        session: &Arc<Session>,
        permit: CancellationToken,
        position: usize,
        id: &str,
    ) {
        let mut sent = self.send(session, &permit, &self.action.call, id).await;
        let mut begun = false;
        for call in &self.action.then {
            match &sent.result {
                Ok(answer) => drop_withheld(session, answer),
                Err(_) => break,
            }
            begun = true;
            sent = self.send(session, &permit, call, id).await;
        }
        let mut inner = self.inner();
        let outcome = match sent.result {
            Ok(answer) => {
                drop_withheld(session, &answer);
                inner.summary.succeeded += 1;
                ItemOutcome::Succeeded {
                    request_id: answer.request_id,
                }
            }
            // What has begun is not as it was: its row has failed.
            Err(error)
                if !begun && matches!(error.kind, ErrorKind::ReadOnly | ErrorKind::Cancelled) =>
            {
                // The lock fell or the session ended: nothing was done to this row, nor will be to others, unless
                // somebody has let them be tried again under another unlocking meanwhile.
                inner.stop_when_over(session);
                inner.without_turn(position)
            }
            Err(error) => {
                let error = told(error);
                match is_unknown(&error) {
                    true => inner.summary.unknown += 1,
                    false => inner.summary.failed += 1,
                }
                ItemOutcome::Failed { error }
            }
        };
        inner.retried.remove(&position);
        let item = &mut inner.items[position];
        item.outcome = outcome;
        item.journal_id = sent.journal_id.or(item.journal_id.take());
        drop(inner);
        self.tell(&session.core);
    }

    /// Sends one of a row's calls.
    async fn send(
        &self,
        session: &Arc<Session>,
        permit: &CancellationToken,
        call: &Call,
        id: &str,
    ) -> Sent {
        let intent = Intent {
            call: call_for(self.id_parameter, call, id),
            target: None,
            confirmation: Confirmation::OneOfMany,
            seen_version: None,
            permit: permit.clone(),
        };
        send(session, intent).await
    }

    /// Ends the task when nobody works any more.
    fn settle(&self) {
        let mut inner = self.inner();
        if inner.workers > 0 || !inner.waiting.is_empty() || inner.summary.ended_ms.is_some() {
            return;
        }
        if matches!(inner.summary.state, TaskState::Running | TaskState::Paused) {
            inner.summary.state = TaskState::Done;
        }
        let Some(session) = inner.session.take() else {
            return;
        };
        inner.summary.ended_ms = Some(session.core.clock.now_ms());
        drop(inner);
        session.core.tasks.forget_old();
        let own = (self.spec.effect != Effect::Create).then_some(self.action.resource.as_str());
        refresh_touched(&session, self.spec, own);
        self.tell(&session.core);
    }

    fn tell(&self, core: &Core) {
        core.events.push(Event::Task {
            task: self.summary(),
        });
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a worker does next.
enum Next {
    /// Calls for one.
    Row {
        position: usize,
        id: String,
        permit: CancellationToken,
    },
    /// Waits to be told something, or for the end of the permit.
    Wait { permit: CancellationToken },
    /// Leaves.
    Nothing,
}

impl Inner {
    /// Stops when the session or the unlocking has ended under which it works.
    fn stop_when_over(&mut self, session: &Session) {
        if session.ended.is_cancelled() || self.permit.is_cancelled() {
            self.stop(TaskState::Stopped);
        }
    }

    /// Begins no further row. What is on its way arrives.
    fn stop(&mut self, state: TaskState) {
        if matches!(self.summary.state, TaskState::Running | TaskState::Paused) {
            self.summary.state = state;
        }
        for position in mem::take(&mut self.waiting) {
            self.items[position].outcome = self.without_turn(position);
        }
    }

    /// What stands at a row that gets no turn (any more): what stood there before it waited for one.
    fn without_turn(&mut self, position: usize) -> ItemOutcome {
        match self.retried.remove(&position) {
            Some(error) => {
                self.summary.failed += 1;
                ItemOutcome::Failed { error }
            }
            None => ItemOutcome::Skipped,
        }
    }

    /// Whether a row would get another turn.
    fn can_retry(&self) -> bool {
        self.items.iter().any(|item| failed_for_sure(&item.outcome))
    }

    /// Lets failed rows wait for another turn. Those of which nobody knows are not sent again.
    fn retry(&mut self) {
        for (position, item) in self.items.iter_mut().enumerate() {
            if let ItemOutcome::Failed { error } = &item.outcome
                && !is_unknown(error)
            {
                self.retried.insert(position, error.clone());
                item.outcome = ItemOutcome::Waiting;
                self.waiting.push_back(position);
                self.summary.failed -= 1;
            }
        }
        if !self.waiting.is_empty() {
            self.summary.state = TaskState::Running;
            self.summary.ended_ms = None;
        }
    }
}

/// Nobody can save what came with one of many.
fn drop_withheld(session: &Session, answer: &CallAnswer) {
    for withheld in &answer.withheld {
        session.vault.drop_one(&withheld.handle);
    }
}

/// Whether two targets lead to the same rows, however they are reached.
fn same_place(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::Simulator(one), Target::Simulator(other)) => one == other,
        (Target::Cloud(one), Target::Cloud(other)) => {
            let place = |cloud: &CloudTarget| {
                let parts = [
                    &cloud.endpoint,
                    &cloud.project_name,
                    &cloud.project_id,
                    &cloud.instance_id,
                ];
                parts.map(String::clone)
            };
            place(one) == place(other)
        }
        _ => false,
    }
}

fn failed_for_sure(outcome: &ItemOutcome) -> bool {
    matches!(outcome, ItemOutcome::Failed { error } if !is_unknown(error))
}

/// Whether a row may have been changed all the same, so that somebody has to look before it is sent again.
fn is_unknown(error: &IpcError) -> bool {
    error.kind == ErrorKind::OutcomeUnknown || error.next == NextStep::Verify
}

/// A row's error as the task tells it. A service that failed half way leaves a row of which nobody knows,
/// whatever else it said, so it stands among those; its code and its sentence stay.
fn told(mut error: IpcError) -> IpcError {
    if is_unknown(&error) {
        error.kind = ErrorKind::OutcomeUnknown;
    }
    error
}
