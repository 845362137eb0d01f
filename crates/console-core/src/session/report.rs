//! The trial of a profile, as the window shows it.

use console_ipc::ErrorKind;
use console_ipc::profile::{ConnectionReport, ConnectionStep, ProjectChoice, Step, StepOutcome};
use ief_client::{Client, Party, Step as Tried, StepOutcome as Went};
use tokio_util::sync::CancellationToken;

use super::millis;
use crate::error::from_client;

/// The steps in the order in which the window shows them.
const STEPS: [Step; 5] = [
    Step::ReachIam,
    Step::SignIn,
    Step::Project,
    Step::ReachService,
    Step::FirstRequest,
];

/// Tries a client and lists the projects the user can choose from.
pub(super) async fn try_out(client: &Client) -> ConnectionReport {
    let never = CancellationToken::new();
    let report = client.test_connection(&never).await;
    let steps: Vec<_> = STEPS
        .into_iter()
        .map(|step| ConnectionStep {
            step,
            outcome: outcome(step, &report),
        })
        .collect();
    let signed_in = steps.iter().any(|step| {
        step.step == Step::SignIn && matches!(step.outcome, StepOutcome::Passed { .. })
    });
    let projects = match signed_in {
        // Not every user may list projects; then there is nothing to choose from.
        true => client.projects(&never).await.unwrap_or_default(),
        false => Vec::new(),
    };
    ConnectionReport {
        steps,
        projects: projects
            .into_iter()
            .filter_map(|project| {
                Some(ProjectChoice {
                    id: project.id?,
                    name: project.name.unwrap_or_default(),
                })
            })
            .collect(),
    }
}

/// The client looks closer than the window shows: several of its steps make one.
fn outcome(step: Step, report: &ief_client::ConnectionReport) -> StepOutcome {
    let mut elapsed = None;
    for tried in report
        .steps
        .iter()
        .filter(|tried| shown_as(tried.step) == step)
    {
        match &tried.outcome {
            Went::Failed(error) => {
                let mut error = from_client(error);
                // A key has no session that could end: what is not accepted here is the key itself.
                if tried.step == Tried::SignIn && error.kind == ErrorKind::Unauthorized {
                    error.kind = ErrorKind::SignIn;
                }
                if tried.step == Tried::Instance {
                    error = error.with("part", "instance");
                }
                return StepOutcome::Failed { error };
            }
            // Some of them are measured together, so the longest is the time of all.
            Went::Passed => elapsed = elapsed.max(Some(millis(tried.elapsed))),
            Went::Skipped => {}
        }
    }
    match elapsed {
        Some(elapsed_ms) => StepOutcome::Passed { elapsed_ms },
        None => StepOutcome::Skipped,
    }
}

fn shown_as(step: Tried) -> Step {
    match step {
        Tried::Resolve(Party::Iam) | Tried::Connect(Party::Iam) | Tried::Tls(Party::Iam) => {
            Step::ReachIam
        }
        Tried::SignIn => Step::SignIn,
        Tried::Project => Step::Project,
        Tried::Resolve(Party::Ief) | Tried::Connect(Party::Ief) | Tried::Tls(Party::Ief) => {
            Step::ReachService
        }
        Tried::Service | Tried::Instance => Step::FirstRequest,
    }
}
