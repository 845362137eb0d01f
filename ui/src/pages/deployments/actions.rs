//! What can be done with a deployment and its instances, each as a change that is shown before it is sent.

use crate::pages::parts::call_of;
use crate::router::{self, Address, Router};
use crate::sheet::{self, Change};
use crate::words::deployments as texts;

/// Deletes a deployment.
pub(super) fn delete(id: &str, name: &str) {
    let change = deletion(id, name, &[])
        .button(texts::delete::verb)
        .breaks(texts::delete::breaks)
        .done(texts::delete::done(name));
    sheet::send(change);
}

/// Deletes a deployment at once, without waiting for its node.
pub(super) fn force_delete(id: &str, name: &str) {
    let change = deletion(id, name, &[("force_delete", "true")])
        .button(texts::force::verb)
        .breaks(texts::delete::breaks)
        .breaks(texts::force::breaks)
        .done(texts::force::done(name));
    sheet::send(change);
}

fn deletion(id: &str, name: &str, query: &[(&str, &str)]) -> Change {
    let (title, sentence) = match query {
        [] => (texts::delete::title(name), texts::delete::sentence(name)),
        _ => (texts::force::title(name), texts::force::sentence(name)),
    };
    let own = Address::new(["deployments", id]).path;
    let call = call_of("delete_deployment", &[("deployment_id", id)], query);
    Change::new(title, sentence, call)
        .target("deployment", id, name)
        .on_done(move |_| {
            // The page of what is gone is left.
            if Router::the().address_now().path.starts_with(&own) {
                router::go("#/deployments");
            }
        })
}

/// An instance of a deployment.
pub(super) struct Instance {
    /// Its deployment.
    pub(super) deployment: String,
    /// Its name, by which it is acted on.
    pub(super) name: String,
}

/// Starts the containers of an instance again.
pub(super) fn restart(instance: &Instance) {
    let name = &instance.name;
    let change = Change::new(
        texts::restart::title(name),
        texts::restart::sentence(name),
        on_instance("restart_deployments_pod", instance),
    )
    // The service knows an instance by its name.
    .target("pod", name, name)
    .button(texts::restart::verb)
    .breaks(texts::restart::breaks)
    .done(texts::restart::done(name));
    sheet::send(change);
}

/// Deletes an instance. Its deployment starts another in its place.
pub(super) fn delete_instance(instance: &Instance) {
    let name = &instance.name;
    let change = Change::new(
        texts::replace::title(name),
        texts::replace::sentence(name),
        on_instance("delete_pod", instance),
    )
    // The service knows an instance by its name.
    .target("pod", name, name)
    .button(texts::replace::verb)
    .breaks(texts::replace::breaks)
    .done(texts::replace::done(name));
    sheet::send(change);
}

fn on_instance(operation: &str, instance: &Instance) -> ief_api::operation::Call {
    let path = [
        ("deployment_id", instance.deployment.as_str()),
        ("pod_name", instance.name.as_str()),
    ];
    call_of(operation, &path, &[])
}
