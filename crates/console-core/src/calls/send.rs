//! The one place through which everything that changes something is sent.
//!
//! In this order: the write lock, the documented rules, what the call acts on as the service has it now,
//! the typed confirmation, the version the user has seen, the journal on the disk, the write lock again,
//! the request, the journal's other half, the inventories. A request whose answer was lost is not sent
//! again by anything here: what it acts on is read, and told.

use std::sync::Arc;

use console_ipc::call::{CallAnswer, CallTarget};
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::journal::{JournalEntry, JournalOutcome, JournalSummary};
use console_ipc::notice::{Notice, NoticeKind};
use console_ipc::{ErrorKind, IpcError};
use ief_api::catalogue::RESOURCES;
use ief_api::operation::{Call, Effect, OperationSpec};
use ief_api::time;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::subject::{self, Seen, Subject, inner, name};
use super::touched::{refresh_touched, reread};
use super::{
    answered, asks_for_name, check, masked, not_confirmed, path_and_query, same_target, spec_of,
    target,
};
use crate::error::{from_client, internal, invalid_call};
use crate::journal::{Ending, kept_image};
use crate::session::Session;

/// A change that somebody wants.
#[derive(Debug)]
pub(crate) struct Intent {
    /// The call.
    pub(crate) call: Call,
    /// What the window says it acts on.
    pub(crate) target: Option<CallTarget>,
    /// How it was confirmed.
    pub(crate) confirmation: Confirmation,
    /// When the target was last changed, as far as the user has seen.
    pub(crate) seen_version: Option<String>,
    /// What the write lock gave when it began. Once that is taken back, nothing is sent, whoever unlocks again.
    pub(crate) permit: CancellationToken,
}

/// How a change was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// By what was typed for this one.
    Typed(Option<String>),
    /// As one of many, by what was typed for all of them.
    OneOfMany,
}

/// What became of a change.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The answer, or why there is none.
    pub(crate) result: Result<CallAnswer, IpcError>,
    /// The entry in the journal. None when nothing came so far as to be written down.
    pub(crate) journal_id: Option<String>,
}

/// Sends a change.
pub(crate) async fn send(session: &Arc<Session>, intent: Intent) -> Sent {
    let session = Arc::clone(session);
    // A task of its own: when whoever asked goes away, the journal must still get its second half.
    let sending = tokio::spawn(async move {
        match prepare(&session, intent).await {
            Ok(ready) => ready.send(&session).await,
            Err(error) => Sent {
                result: Err(error),
                journal_id: None,
            },
        }
    });
    sending.await.unwrap_or_else(|error| Sent {
        result: Err(internal(error)),
        journal_id: None,
    })
}

/// A change that has passed everything that can be asked before it is written down.
struct Ready {
    spec: &'static OperationSpec,
    call: Call,
    subject: Option<Subject>,
    target: Option<CallTarget>,
    before: Option<Value>,
    one_of_many: bool,
    permit: CancellationToken,
}

async fn prepare(session: &Session, intent: Intent) -> Result<Ready, IpcError> {
    let Intent {
        call,
        target: claimed,
        confirmation,
        seen_version,
        permit,
    } = intent;
    let spec = spec_of(&call)?;
    if !spec.mutates() {
        return Err(invalid_call(spec.name, "it changes nothing"));
    }
    session.guard.pass_under(&permit)?;
    let violations = check(&call)?;
    if !violations.is_empty() {
        let mut error = IpcError::new(ErrorKind::Violations, NextStep::Correct);
        error.operation = Some(spec.name.to_owned());
        error.violations = violations;
        return Err(error);
    }
    let subject = subject::of(spec, &call);
    same_target(spec, subject.as_ref(), claimed.as_ref())?;
    // Something new has no image before; what it is created in may.
    let seen = match &subject {
        Some(subject) if spec.effect != Effect::Create => Some(subject.read(session).await?),
        _ => None,
    };
    if asks_for_name(spec) {
        let expected = seen
            .as_ref()
            .map(Seen::to_type)
            .ok_or_else(|| invalid_call(spec.name, "it has no target"))?;
        let confirmed = match &confirmation {
            Confirmation::OneOfMany => true,
            Confirmation::Typed(typed) => typed
                .as_deref()
                .is_some_and(|typed| typed.trim() == expected),
        };
        if !confirmed {
            return Err(not_confirmed(&expected));
        }
    }
    if let (Some(seen_version), Some(seen)) = (&seen_version, &seen) {
        unchanged(seen_version, seen)?;
    }
    let target = acted_on(
        session,
        spec,
        &call,
        subject.as_ref(),
        seen.as_ref(),
        claimed,
    );
    Ok(Ready {
        spec,
        call,
        subject,
        target,
        before: seen.map(|seen| seen.image).filter(|image| !image.is_null()),
        one_of_many: confirmation == Confirmation::OneOfMany,
        permit,
    })
}

impl Ready {
    async fn send(self, session: &Arc<Session>) -> Sent {
        let core = &session.core;
        let id = core.random.uuid().to_string();
        if let Err(error) = self.write_down(session, &id).await {
            return Sent {
                result: Err(error),
                journal_id: None,
            };
        }
        // Writing to a disk may take long enough for the lock to fall.
        let passed = session.guard.pass_under(&self.permit).and_then(|_| {
            match session.ended.is_cancelled() {
                true => Err(IpcError::new(ErrorKind::Cancelled, NextStep::Nothing)),
                false => Ok(()),
            }
        });
        if let Err(error) = passed {
            let outcome = JournalOutcome::Failed {
                error: error.clone(),
            };
            self.write_outcome(session, &id, outcome, None, None).await;
            return Sent {
                result: Err(error),
                journal_id: Some(id),
            };
        }
        let result = match session.change(&self.call, &self.permit).await {
            Ok(answer) => {
                let answer = answered(session, self.spec, answer);
                let outcome = JournalOutcome::Succeeded {
                    status: answer.status,
                };
                let created = reread(
                    session,
                    self.spec,
                    self.subject.as_ref(),
                    Some(&answer.body),
                )
                .await;
                self.write_outcome(session, &id, outcome, Some(&answer), created)
                    .await;
                if !self.one_of_many {
                    refresh_touched(session, self.spec, self.settled(&answer));
                }
                Ok(answer)
            }
            Err(error) => {
                let error = not_sent(session, &self.permit, from_client(&error));
                Err(self.failed(session, &id, error).await)
            }
        };
        Sent {
            result,
            journal_id: Some(id),
        }
    }

    /// Writes down that it is about to be sent, with everything that is known.
    async fn write_down(&self, session: &Session, id: &str) -> Result<(), IpcError> {
        let core = &session.core;
        let path = path_and_query(self.spec, &self.call, &session.state().project_id)?;
        let entry = JournalEntry {
            summary: JournalSummary {
                id: id.to_owned(),
                at_ms: core.clock.now_ms(),
                profile: session.profile().name,
                operation: self.spec.name.to_owned(),
                variant: self.call.body.as_ref().and_then(super::variant),
                target: self.target.clone(),
                outcome: JournalOutcome::Pending,
                request_id: None,
            },
            call: Some(masked(self.spec, &self.call)),
            http: Some(format!("{} {path}", self.spec.method)),
            before: self.before.clone().map(kept_image),
            reason: session.guard.pass_under(&self.permit)?,
            elapsed_ms: None,
        };
        core.journal.begin(entry).await?;
        core.events.push(Event::Journal { id: id.to_owned() });
        Ok(())
    }

    /// Writes down what became of it. The change has been made or not by now, so that a disk that is full
    /// is told beside, not instead.
    async fn write_outcome(
        &self,
        session: &Session,
        id: &str,
        outcome: JournalOutcome,
        answer: Option<&CallAnswer>,
        created: Option<(&'static str, String)>,
    ) {
        let core = &session.core;
        let request_id = match (&outcome, answer) {
            (_, Some(answer)) => answer.request_id.clone(),
            (JournalOutcome::Failed { error } | JournalOutcome::Unknown { error }, None) => {
                error.request_id.clone()
            }
            _ => None,
        };
        let name = self
            .target
            .as_ref()
            .map(|target| target.name.clone())
            .unwrap_or_default();
        let ending = Ending {
            id: id.to_owned(),
            at_ms: core.clock.now_ms(),
            outcome,
            request_id,
            elapsed_ms: answer.map(|answer| answer.elapsed_ms),
            target: created.map(|(kind, id)| target(kind, &id, &name)),
        };
        if let Err(error) = core.journal.end(ending).await {
            core.add_notice(
                Notice::new(NoticeKind::JournalIncomplete)
                    .with("entry", id)
                    .with("detail", error),
            );
        }
        core.events.push(Event::Journal { id: id.to_owned() });
    }

    async fn failed(&self, session: &Session, id: &str, mut error: IpcError) -> IpcError {
        if error.kind != ErrorKind::OutcomeUnknown {
            let outcome = JournalOutcome::Failed {
                error: error.clone(),
            };
            self.write_outcome(session, id, outcome, None, None).await;
            if error.next == NextStep::Verify {
                self.look_again(session).await;
            }
            return error;
        }
        error = error.with("target", self.now(session).await);
        let outcome = JournalOutcome::Unknown {
            error: error.clone(),
        };
        self.write_outcome(session, id, outcome, None, None).await;
        self.look_again(session).await;
        error
    }

    /// Takes over what the service has now, after something that may have been done or not.
    async fn look_again(&self, session: &Session) {
        let own = reread(session, self.spec, self.subject.as_ref(), None).await;
        debug_assert!(own.is_none(), "without an answer nothing new is known");
        if !self.one_of_many {
            refresh_touched(session, self.spec, None);
        }
    }

    /// What the service has now of that which may have been changed.
    async fn now(&self, session: &Session) -> &'static str {
        let Some(subject) = self
            .subject
            .as_ref()
            .filter(|_| self.spec.effect != Effect::Create)
        else {
            return "unreadable";
        };
        match subject.read(session).await {
            Ok(seen) if seen.image.is_null() => "unreadable",
            Ok(seen) => self.compared(&seen.image),
            Err(error) if error.kind == ErrorKind::NotFound => "gone",
            Err(_) => "unreadable",
        }
    }

    /// Whether what was wanted shows in what the service has now. A heartbeat or somebody else's change
    /// says nothing about this one, so that only what its body names counts.
    fn compared(&self, now: &Value) -> &'static str {
        let envelope = self
            .subject
            .as_ref()
            .and_then(|subject| subject.resource)
            .map(|resource| resource.envelope);
        let (Some(body), Some(before)) = (&self.call.body, &self.before) else {
            return "unknown";
        };
        let [wanted, before, now] = [body, before, now].map(|value| inner(value, envelope));
        match differs(wanted, before, now) {
            Some(true) => "changed",
            Some(false) => "unchanged",
            None => "unknown",
        }
    }

    /// The kind of which the one row that changed is known already.
    fn settled(&self, answer: &CallAnswer) -> Option<&'static str> {
        match self.spec.effect {
            Effect::Create => {
                super::touched::created(self.spec, &answer.body).map(|(kind, _)| kind)
            }
            _ => self
                .subject
                .as_ref()?
                .resource
                .map(|resource| resource.kind),
        }
    }
}

/// Says why a change was not sent, or not sent again: nothing but the write lock and the end of the session
/// cancels one.
fn not_sent(session: &Session, permit: &CancellationToken, error: IpcError) -> IpcError {
    if error.kind != ErrorKind::Cancelled || session.ended.is_cancelled() {
        return error;
    }
    match session.guard.pass_under(permit) {
        Ok(_) => error,
        Err(mut locked) => {
            locked.operation = error.operation;
            locked
        }
    }
}

/// Whether any field that is wanted differs from before. None when some can't be compared and no other does.
fn differs(wanted: &Value, before: &Value, now: &Value) -> Option<bool> {
    if let (Value::Object(wanted), Value::Object(before), Value::Object(now)) =
        (wanted, before, now)
    {
        let mut all_known = !wanted.is_empty();
        for (name, wanted) in wanted {
            let field =
                |image: &serde_json::Map<_, _>| image.get(name).cloned().unwrap_or_default();
            match differs(wanted, &field(before), &field(now)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => all_known = false,
            }
        }
        return all_known.then_some(false);
    }
    // What an image does not have, as an action or a secret, can't be compared.
    (!before.is_null() || !now.is_null()).then(|| before != now)
}

/// Whether the target is as the user has seen it.
fn unchanged(seen_version: &str, seen: &Seen) -> Result<(), IpcError> {
    let now = seen.updated_at.as_deref().unwrap_or_default();
    // The window may have it from a row, where times are milliseconds.
    let same_time = match (time::parse(seen_version), time::parse(now)) {
        (Some(before), Some(now)) => before == now,
        _ => false,
    };
    if seen_version == now || same_time {
        return Ok(());
    }
    let error = IpcError::new(ErrorKind::Changed, NextStep::Reload);
    Err(error
        .with("name", seen.to_type())
        .with("seen", seen_version)
        .with("now", now))
}

/// What the journal says was acted on. Names come from the service where it has them.
fn acted_on(
    session: &Session,
    spec: &OperationSpec,
    call: &Call,
    subject: Option<&Subject>,
    seen: Option<&Seen>,
    claimed: Option<CallTarget>,
) -> Option<CallTarget> {
    if let (Some(subject), Some(seen)) = (subject, seen) {
        return Some(target(&subject.kind, &subject.id, &seen.name));
    }
    if claimed.is_some() {
        return claimed;
    }
    if let Some(subject) = subject {
        // Something new below something that is there: the list may know its name.
        let shelf = session.inventories.of(&subject.kind).ok();
        let row = shelf.and_then(|shelf| shelf.rows().snapshot().row(&subject.id, None));
        let name = row.map(|row| row.name).unwrap_or_default();
        return Some(target(&subject.kind, &subject.id, &name));
    }
    // Something new: its name is in the request, its identifier will be in the answer.
    let mut resources = RESOURCES.iter().copied();
    let resource = resources.find(|resource| resource.list.path == spec.path);
    let body = call.body.as_ref();
    let new = body.and_then(|body| name(resource, inner(body, None)));
    let kind = spec.touches.first()?;
    Some(target(kind, "", new.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differs;

    #[track_caller]
    fn check(wanted: &Value, before: &Value, now: &Value, told: Option<bool>) {
        assert_eq!(differs(wanted, before, now), told);
    }

    #[test]
    fn only_what_was_wanted_tells_whether_it_was_done() {
        let before = json!({"description": "a", "state": "RUNNING", "tags": {"x": 1, "y": 1}});
        let beats = json!({"description": "a", "state": "FAILED", "tags": {"x": 1, "y": 2}});
        let done = json!({"description": "b", "state": "RUNNING", "tags": {"x": 2, "y": 1}});
        let wanted = json!({"description": "b"});
        check(&wanted, &before, &beats, Some(false));
        check(&wanted, &before, &done, Some(true));
        let wanted = json!({"tags": {"x": 2}});
        check(&wanted, &before, &beats, Some(false));
        check(&wanted, &before, &done, Some(true));
        let action = json!({"action": "stop"});
        check(&action, &before, &beats, None);
        check(&json!({}), &before, &beats, None);
        let added = json!({"note": "new"});
        let noted = json!({"note": "new"});
        check(&added, &before, &noted, Some(true));
    }
}
