//! Taking over in the inventories what a call has changed or shown.

use ief_api::catalogue::RESOURCES;
use ief_api::operation::{Effect, OperationSpec};
use serde_json::Value;

use super::subject::{Subject, inner};
use crate::inventory::commands::read_again;
use crate::session::Session;

/// Takes over a resource that was read by itself.
pub(super) fn seen(session: &Session, spec: &OperationSpec, body: &Value) {
    let shown = RESOURCES
        .iter()
        .find(|resource| resource.show.is_some_and(|show| show.name == spec.name));
    if let Some(resource) = shown
        && let Ok(shelf) = session.inventories.of(resource.kind)
    {
        shelf.upsert(session, body);
    }
}

/// Reads again what a call has changed: the subject at once. What else looks different is for
/// [`refresh_touched`].
///
/// `done` is the answer; `None` when nobody knows whether it was done. Returns the identifier of what is new. A failure leaves the inventory older, which its next reading mends.
pub(super) async fn reread(
    session: &Session,
    spec: &OperationSpec,
    subject: Option<&Subject>,
    done: Option<&Value>,
) -> Option<(&'static str, String)> {
    if spec.effect == Effect::Create {
        let (kind, id) = created(spec, done?)?;
        let shelf = session.inventories.of(kind).ok()?;
        if shelf.in_use() {
            let _tried = read_again(session, shelf, &id).await;
        }
        return Some((kind, id));
    }
    let subject = subject?;
    let resource = subject.resource?;
    let shelf = session.inventories.of(resource.kind).ok()?;
    let is_gone = done.is_some()
        && spec.effect == Effect::Delete
        && resource.show.is_some_and(|show| show.path == spec.path);
    if is_gone {
        shelf.remove(session, &subject.id);
    } else if shelf.in_use() {
        let _tried = read_again(session, shelf, &subject.id).await;
    }
    None
}

/// Reads again, as a whole, what else looks different after an operation.
pub(crate) fn refresh_touched(session: &Session, spec: &OperationSpec, subject: Option<&str>) {
    for kind in spec.touches.iter().filter(|kind| Some(**kind) != subject) {
        // Kinds without an inventory need no refreshing.
        if let Ok(shelf) = session.inventories.of(kind)
            && shelf.in_use()
        {
            shelf.refresh();
        }
    }
}

/// The kind and identifier of what an operation has created, when it is listed in an inventory.
pub(super) fn created(spec: &OperationSpec, body: &Value) -> Option<(&'static str, String)> {
    let resource = RESOURCES
        .iter()
        .find(|resource| resource.list.path == spec.path)?;
    let id = resource.id_of(inner(body, Some(resource.envelope)))?;
    Some((resource.kind, id.to_owned()))
}
