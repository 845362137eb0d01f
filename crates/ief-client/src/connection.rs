//! The connection test: what works, and exactly what doesn't.

use std::time::Duration;

use ief_api::iam::ListProjects;
use ief_api::node::ListEdgeNodes;
use ief_api::operation::{Operation, OperationSpec};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::{Client, Manner};
use crate::credential::Credential;
use crate::error::{Context, Error};
use crate::retry::Policy;

/// One attempt at everything: somebody waits for the result and can press the button again.
const ONCE: Manner = Manner {
    policy: Policy {
        attempts: 1,
        base: Duration::ZERO,
        longest: Duration::ZERO,
        longest_asked: Duration::ZERO,
    },
    instance: true,
};

/// The two services a client talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Identity and Access Management.
    Iam,
    /// Intelligent EdgeFabric.
    Ief,
}

/// What is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The endpoint's name has an address.
    Resolve(Party),
    /// Something listens there, and the proxy lets through.
    Connect(Party),
    /// Its certificate is trusted.
    Tls(Party),
    /// The credential is accepted.
    SignIn,
    /// The project exists and may be used.
    Project,
    /// IEF answers.
    Service,
    /// The platinum instance exists.
    Instance,
}

/// How a step went.
#[derive(Debug, Clone)]
pub enum StepOutcome {
    /// It works.
    Passed,
    /// It doesn't, because of this.
    Failed(Error),
    /// It was not tried: something before it failed, or the configuration doesn't need it.
    Skipped,
}

/// One step with its outcome.
#[derive(Debug, Clone)]
pub struct StepReport {
    /// Which.
    pub step: Step,
    /// How it went.
    pub outcome: StepOutcome,
    /// How long it took. Resolving, connecting and TLS are measured together.
    pub elapsed: Duration,
}

/// What a connection test found.
#[derive(Debug, Clone)]
pub struct ConnectionReport {
    /// Every step, in the order in which they were tried.
    pub steps: Vec<StepReport>,
    /// The project's identifier, when it is known.
    pub project_id: Option<String>,
}

impl ConnectionReport {
    /// Whether nothing failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failure().is_none()
    }

    /// The first step that failed, with its error.
    #[must_use]
    pub fn failure(&self) -> Option<(Step, &Error)> {
        self.steps.iter().find_map(|report| match &report.outcome {
            StepOutcome::Failed(error) => Some((report.step, error)),
            StepOutcome::Passed | StepOutcome::Skipped => None,
        })
    }
}

/// Collects steps; after the first failure the rest is skipped.
struct Steps {
    reports: Vec<StepReport>,
    failed: bool,
}

impl Steps {
    fn add(&mut self, step: Step, outcome: StepOutcome, elapsed: Duration) {
        self.failed |= matches!(outcome, StepOutcome::Failed(_));
        self.reports.push(StepReport {
            step,
            outcome,
            elapsed,
        });
    }

    fn skip(&mut self, step: Step) {
        self.add(step, StepOutcome::Skipped, Duration::ZERO);
    }

    fn result<T>(&mut self, step: Step, result: Result<T, Error>, elapsed: Duration) -> Option<T> {
        match result {
            Ok(value) => {
                self.add(step, StepOutcome::Passed, elapsed);
                Some(value)
            }
            Err(error) => {
                self.add(step, StepOutcome::Failed(error), elapsed);
                None
            }
        }
    }
}

pub(crate) async fn test(client: &Client, cancel: &CancellationToken) -> ConnectionReport {
    let mut steps = Steps {
        reports: Vec::new(),
        failed: false,
    };
    let password = matches!(client.inner.config.credential, Credential::Password { .. });
    // Signed requests need IAM only to find the project.
    let needs_iam = password || client.inner.config.project_id.is_empty();
    if needs_iam {
        reach(client, Party::Iam, &mut steps, cancel).await;
    } else {
        for step in [Step::Resolve, Step::Connect, Step::Tls] {
            steps.skip(step(Party::Iam));
        }
    }
    let mut project_id = None;
    let mut signed_in = false;
    if steps.failed {
        steps.skip(Step::SignIn);
        steps.skip(Step::Project);
    } else if needs_iam {
        let started = Instant::now();
        let operation = ListProjects::default().to_call();
        let projects = client
            .exchange(ListProjects::SPEC, &operation, cancel, ONCE)
            .await;
        // Not every user may list projects; who may not has signed in all the same.
        let sign_in = match projects {
            Err(error @ Error::Forbidden { .. }) if error.status() == Some(403) => Ok(()),
            other => other.map(|_| ()),
        };
        signed_in = steps
            .result(Step::SignIn, sign_in, started.elapsed())
            .is_some();
        if signed_in {
            let started = Instant::now();
            let found = project(client, cancel).await;
            project_id = steps.result(Step::Project, found, started.elapsed());
        } else {
            steps.skip(Step::Project);
        }
    }
    if steps.failed {
        for step in [Step::Resolve, Step::Connect, Step::Tls] {
            steps.skip(step(Party::Ief));
        }
    } else {
        reach(client, Party::Ief, &mut steps, cancel).await;
    }
    service(client, &mut steps, needs_iam && signed_in, cancel).await;
    if project_id.is_none() && !client.inner.config.project_id.is_empty() {
        project_id = Some(client.inner.config.project_id.clone());
    }
    ConnectionReport {
        steps: steps.reports,
        project_id,
    }
}

async fn project(client: &Client, cancel: &CancellationToken) -> Result<String, Error> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(cancelled(ListProjects::SPEC)),
        found = client.project_id() => found,
    }
}

/// Asks for nothing in particular, without any credential: any answer will do. True when it came by TLS.
async fn probe(client: &Client, party: Party, cancel: &CancellationToken) -> Result<bool, Error> {
    let (spec, endpoint) = match party {
        Party::Iam => (ListProjects::SPEC, client.iam()?),
        Party::Ief => (ListEdgeNodes::SPEC, &client.inner.endpoint),
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(cancelled(spec)),
        reached = client.reach(spec, endpoint) => reached.map(|()| endpoint.secure),
    }
}

fn cancelled(spec: &OperationSpec) -> Error {
    Error::Cancelled {
        context: Box::new(Context {
            operation: spec.name.to_owned(),
            ..Context::default()
        }),
    }
}

/// Reports whether anybody answers at an endpoint.
async fn reach(client: &Client, party: Party, steps: &mut Steps, cancel: &CancellationToken) {
    let started = Instant::now();
    let result = probe(client, party, cancel).await;
    let elapsed = started.elapsed();
    let (resolve, connect, tls) = (Step::Resolve(party), Step::Connect(party), Step::Tls(party));
    match result {
        Ok(secure) => {
            steps.add(resolve, StepOutcome::Passed, elapsed);
            steps.add(connect, StepOutcome::Passed, elapsed);
            if secure {
                steps.add(tls, StepOutcome::Passed, elapsed);
            } else {
                steps.skip(tls);
            }
        }
        Err(error @ (Error::Dns { .. } | Error::InvalidConfig { .. })) => {
            steps.add(resolve, StepOutcome::Failed(error), elapsed);
            steps.skip(connect);
            steps.skip(tls);
        }
        Err(error @ (Error::Tls { .. } | Error::UntrustedCertificate { .. })) => {
            steps.add(resolve, StepOutcome::Passed, elapsed);
            steps.add(connect, StepOutcome::Passed, elapsed);
            steps.add(tls, StepOutcome::Failed(error), elapsed);
        }
        Err(error) => {
            // By a proxy it is the proxy that resolves.
            let resolved = match error {
                Error::Refused { .. } | Error::Interrupted { .. } => StepOutcome::Passed,
                _ => StepOutcome::Skipped,
            };
            steps.add(resolve, resolved, elapsed);
            steps.add(connect, StepOutcome::Failed(error), elapsed);
            steps.skip(tls);
        }
    }
}

/// Whether IEF answers, with and without the instance, and whose fault it is when it doesn't.
async fn service(client: &Client, steps: &mut Steps, signed_in: bool, cancel: &CancellationToken) {
    let has_instance = client.inner.instance.is_some();
    let mut ends = Vec::new();
    if !signed_in && !steps.failed {
        ends.push(Step::SignIn);
        ends.push(Step::Project);
    }
    if steps.failed {
        steps.skip(Step::Service);
        steps.skip(Step::Instance);
        return;
    }
    let operation = ListEdgeNodes {
        limit: Some("1".to_owned()),
        ..ListEdgeNodes::default()
    };
    let call = operation.to_call();
    let started = Instant::now();
    let result = client
        .exchange(ListEdgeNodes::SPEC, &call, cancel, ONCE)
        .await;
    let elapsed = started.elapsed();
    let error = match result {
        Ok(_) => {
            for step in ends {
                steps.add(step, StepOutcome::Passed, elapsed);
            }
            steps.add(Step::Service, StepOutcome::Passed, elapsed);
            if has_instance {
                steps.add(Step::Instance, StepOutcome::Passed, elapsed);
            } else {
                steps.skip(Step::Instance);
            }
            return;
        }
        Err(error) => error,
    };
    if let Error::Unauthorized { .. } = error
        && ends.contains(&Step::SignIn)
    {
        steps.add(Step::SignIn, StepOutcome::Failed(error), elapsed);
        steps.skip(Step::Project);
        steps.skip(Step::Service);
        steps.skip(Step::Instance);
        return;
    }
    // An answer that isn't 401 means that the signature was accepted.
    for step in ends {
        let outcome = if step == Step::SignIn && error.status().is_some() {
            StepOutcome::Passed
        } else {
            StepOutcome::Skipped
        };
        steps.add(step, outcome, elapsed);
    }
    let refused = error
        .status()
        .is_some_and(|status| (400..500).contains(&status));
    if has_instance && refused {
        let bare = Manner {
            instance: false,
            ..ONCE
        };
        let without = client
            .exchange(ListEdgeNodes::SPEC, &call, cancel, bare)
            .await;
        if without.is_ok() {
            steps.add(Step::Service, StepOutcome::Passed, elapsed);
            steps.add(Step::Instance, StepOutcome::Failed(error), elapsed);
            return;
        }
    }
    steps.add(Step::Service, StepOutcome::Failed(error), elapsed);
    steps.skip(Step::Instance);
}
