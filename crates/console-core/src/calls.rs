//! Calls of the service. Reading and previewing here; whatever changes something goes through [`send`].

mod send;
mod subject;
mod touched;
mod vault;

use std::path::PathBuf;

use console_ipc::call::{
    CallAnswer, CallTarget, DropWithheld, Preview, PreviewCall, ReadCall, SaveWithheld, Saved,
    SendCall, SentAnswer,
};
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::{ErrorKind, IpcError};
use ief_api::catalogue;
use ief_api::operation::{Call, Edition, Effect, OperationSpec, Repeat};
use ief_api::redact::{redact, redact_unknown};
use ief_api::rules::Violation;
use ief_client::Answer;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::console::{Console, Core, Handle, blocking};
use crate::error::{from_client, invalid_call};
use crate::files::{file_error, plain_name, write_whole};
use crate::inspect::listed;
use crate::session::{Session, millis};

use subject::Subject;

pub(crate) use send::{Confirmation, Intent, Sent, send};
pub(crate) use touched::refresh_touched;
pub(crate) use vault::{Vault, discard};

/// The declaration of a call's operation, when the call fits it.
pub(crate) fn spec_of(call: &Call) -> Result<&'static OperationSpec, IpcError> {
    catalogue::operation(&call.operation)
        .ok_or_else(|| invalid_call(&call.operation, "the catalogue has no such operation"))
}

/// The documented rules a call breaks, or why it is none.
pub(crate) fn check(call: &Call) -> Result<Vec<Violation>, IpcError> {
    match ief_client::check(call) {
        Ok(()) => Ok(Vec::new()),
        Err(ief_client::Error::Violations { violations, .. }) => Ok(violations),
        Err(error) => Err(from_client(&error)),
    }
}

/// Whether the target's name has to be typed: it would be gone, or it can't be taken back.
pub(crate) fn asks_for_name(spec: &OperationSpec) -> bool {
    spec.effect == Effect::Delete || (spec.effect == Effect::Act && spec.repeat == Repeat::Never)
}

/// The call as it may be shown and written down.
pub(crate) fn masked(spec: &OperationSpec, call: &Call) -> Call {
    let mut call = call.clone();
    if let Some(body) = &mut call.body {
        // What is a secret in the answer is one in the request too: unknown fields pass through an update.
        redact(spec.secret_in_request, body);
        redact(spec.secret_in_response, body);
        if let Some(shape) = spec.body.filter(|_| !spec.secret_in_request.is_empty()) {
            redact_unknown(shape, body);
        }
    }
    call
}

/// Path with query, as it is sent.
pub(crate) fn path_and_query(
    spec: &OperationSpec,
    call: &Call,
    project_id: &str,
) -> Result<String, IpcError> {
    // Before the project is known, the parameter's own name stands for it.
    let project_id = if project_id.is_empty() {
        "project_id"
    } else {
        project_id
    };
    let mut path = call
        .request_path(spec, project_id)
        .map_err(|error| invalid_call(&call.operation, error))?;
    for (index, (name, value)) in call.query.iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        ief_api::uri::encode_into(&mut path, name);
        path.push('=');
        ief_api::uri::encode_into(&mut path, value);
    }
    Ok(path)
}

/// Takes the secrets out of an answer and hands over the rest.
pub(crate) fn answered(
    session: &Session,
    spec: &OperationSpec,
    answer: Answer<Value>,
) -> CallAnswer {
    let mut body = answer.body;
    let withheld = session
        .vault
        .withhold(spec, &mut body, &*session.core.random);
    CallAnswer {
        body,
        status: answer.status,
        request_id: answer.request_id,
        elapsed_ms: millis(answer.elapsed),
        attempts: answer.attempts,
        withheld,
    }
}

impl Handle<ReadCall> for Console {
    async fn handle(&self, request: ReadCall) -> Result<CallAnswer, IpcError> {
        let session = self.core.session()?;
        let spec = spec_of(&request.call)?;
        if spec.mutates() {
            return Err(invalid_call(spec.name, "it changes something"));
        }
        // The one such operation is the sign-in, which is the session's business.
        if !spec.secret_in_request.is_empty() {
            return Err(invalid_call(spec.name, "it takes a secret"));
        }
        check(&request.call)?;
        let answer = session
            .read(&request.call)
            .await
            .map_err(|error| from_client(&error))?;
        let answer = answered(&session, spec, answer);
        touched::seen(&session, spec, &answer.body);
        if listed::seen(&session, &request.call, &answer.body) {
            self.core.events.push(Event::Calendar);
        }
        Ok(answer)
    }
}

impl Handle<PreviewCall> for Console {
    async fn handle(&self, request: PreviewCall) -> Result<Preview, IpcError> {
        let session = self.core.session()?;
        let call = &request.call;
        let spec = spec_of(call)?;
        let violations = check(call)?;
        let subject = subject::of(spec, call);
        same_target(spec, subject.as_ref(), request.target.as_ref())?;
        let confirmation = match asks_for_name(spec) {
            true => {
                let subject = subject.ok_or_else(|| invalid_call(spec.name, "it has no target"))?;
                Some(subject.read(&session).await?.to_type())
            }
            false => None,
        };
        Ok(Preview {
            method: spec.method.to_string(),
            path: path_and_query(spec, call, &session.state().project_id)?,
            body: masked(spec, call).body,
            effect: spec.effect,
            action: spec.action.map(str::to_owned),
            refused_at_ms: spec.action.and_then(|it| session.rights.refused_at(it)),
            lost_at_ms: session.unsettled.lost_at(call),
            needs_platinum: spec.edition == Edition::Platinum
                && session.state().instance_id.is_empty(),
            violations,
            confirmation,
            guard: session.guard.state(),
            session: session.number,
        })
    }
}

impl Handle<SendCall> for Console {
    async fn handle(&self, request: SendCall) -> Result<SentAnswer, IpcError> {
        let session = self.core.session()?;
        session.same_as(request.session)?;
        let intent = Intent {
            call: request.call,
            target: request.target,
            confirmation: Confirmation::Typed(request.confirmation),
            seen_version: request.seen_version,
            permit: session.guard.permit()?,
        };
        let Sent { result, journal_id } = send(&session, intent).await;
        let answer = result?;
        let journal_id =
            journal_id.ok_or_else(|| crate::error::internal("an answer without an entry"))?;
        Ok(SentAnswer { answer, journal_id })
    }
}

impl Handle<SaveWithheld> for Console {
    async fn handle(&self, request: SaveWithheld) -> Result<Saved, IpcError> {
        let session = self.core.session()?;
        // Asked before the dialog: there is nothing to choose a place for otherwise.
        session.vault.get(&request.handle)?;
        let Some(path) = choose_place(&self.core, &request.suggested_name).await else {
            return Ok(Saved::Cancelled);
        };
        let bytes = session.vault.get(&request.handle)?;
        write_to(path, bytes).await
    }
}

/// Asks where to save something under a name of ours, and writes it there.
pub(crate) async fn save_bytes(core: &Core, name: &str, bytes: Vec<u8>) -> Result<Saved, IpcError> {
    match choose_place(core, name).await {
        Some(path) => write_to(path, bytes.into()).await,
        None => Ok(Saved::Cancelled),
    }
}

async fn choose_place(core: &Core, name: &str) -> Option<PathBuf> {
    core.host.choose_save_path(plain_name(name)).await
}

async fn write_to(path: PathBuf, bytes: Zeroizing<Vec<u8>>) -> Result<Saved, IpcError> {
    blocking(move || {
        use std::io::Write;
        let written = write_whole(&path, |file| file.write_all(&bytes));
        let bytes =
            written.map_err(|error| file_error(&path, &error, NextStep::ChooseAnotherFile))?;
        Ok(Saved::Written {
            path: path.display().to_string(),
            bytes,
        })
    })
    .await
}

impl Handle<DropWithheld> for Console {
    async fn handle(&self, request: DropWithheld) -> Result<(), IpcError> {
        self.core.session()?.vault.drop_one(&request.handle);
        Ok(())
    }
}

/// Refuses a call that acts on something else than the window says.
fn same_target(
    spec: &OperationSpec,
    subject: Option<&Subject>,
    claimed: Option<&CallTarget>,
) -> Result<(), IpcError> {
    match (subject, claimed) {
        (Some(subject), Some(claimed)) if subject.id != claimed.id => Err(invalid_call(
            spec.name,
            "the target is not what the call acts on",
        )),
        _ => Ok(()),
    }
}

/// What a call acts on, as the journal has it.
pub(crate) fn target(resource: &str, id: &str, name: &str) -> CallTarget {
    CallTarget {
        resource: resource.to_owned(),
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// The typed confirmation is missing or another one.
pub(crate) fn not_confirmed(expected: &str) -> IpcError {
    IpcError::new(ErrorKind::NotConfirmed, NextStep::Correct).with("name", expected)
}

/// What a body tells to do, in short: its `action`, wherever that stands.
pub(crate) fn variant(body: &Value) -> Option<String> {
    match body {
        Value::Object(fields) => fields
            .get("action")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| fields.values().find_map(variant)),
        _ => None,
    }
}
