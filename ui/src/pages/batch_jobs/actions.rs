//! What can be done with a job, each as a change that is shown before it is sent.

use super::KIND;
use crate::kit::Text;
use crate::pages::parts::call_of;
use crate::pages::things;
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::words::batch_jobs as texts;

/// Statuses in which a job can be stopped (section 4.13.5).
pub(super) const CAN_STOP: &[&str] = &["Waiting", "Running"];

/// Statuses in which a job can be resumed (section 4.13.6).
pub(super) const CAN_RESUME: &[&str] = &["Stopped"];

/// Statuses in which a job can be retried (section 4.13.7).
pub(super) const CAN_RETRY: &[&str] = &["Failed", "Partially_successful", "Timed_out"];

/// Statuses in which a job goes on by itself.
pub(super) const AT_WORK: &[&str] = &["Waiting", "Running", "Stopping"];

/// Stops a job.
pub(super) fn stop(id: &str, name: &str) {
    let change = steer(
        "stop_batch_job",
        (id, name),
        texts::stop::title(name),
        texts::stop::sentence(name),
    );
    sheet::send(
        change
            .button(texts::stop::verb)
            .done(texts::stop::done(name)),
    );
}

/// Lets a job go on that was stopped.
pub(super) fn resume(id: &str, name: &str) {
    let change = steer(
        "restore_batch_job",
        (id, name),
        texts::resume::title(name),
        texts::resume::sentence(name),
    );
    sheet::send(
        change
            .button(texts::resume::verb)
            .done(texts::resume::done(name)),
    );
}

/// Does again what did not succeed.
pub(super) fn retry(id: &str, name: &str) {
    let change = steer(
        "retry_batch_job",
        (id, name),
        texts::retry::title(name),
        texts::retry::sentence(name),
    );
    sheet::send(
        change
            .button(texts::retry::verb)
            .done(texts::retry::done(name)),
    );
}

fn steer(
    operation: &str,
    (id, name): (&str, &str),
    title: impl Into<Text>,
    sentence: impl Into<Text>,
) -> Change {
    let call = call_of(operation, &[(KIND.resource.id_parameter, id)], &[]);
    Change::new(title, sentence, call).target(KIND.resource.kind, id, name)
}

/// Deletes a job. Of one that is at work nobody knows what becomes.
pub(super) fn delete(id: &str, name: &str, status: &str) {
    let change = things::deletion(&KIND, id, name, texts::delete_sentence(name));
    let change = change.breaks(texts::delete_stay);
    sheet::send(match AT_WORK.contains(&status) {
        true => change.breaks(texts::delete_at_work),
        false => change,
    });
}

/// Opens what a job was asked for as the form of a new one.
pub(super) fn open_as_new(id: &str) {
    let address = Address::new([KIND.address, "new"]).with("like", id);
    router::go(&address.to_string());
}
