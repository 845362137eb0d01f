//! The connection test: what works, and exactly what doesn't.

use std::time::Duration;

use ief_api::iam::{CreateToken, ListProjects};
use ief_api::node::ListEdgeNodes;
use ief_api::operation::Operation;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::{Client, Manner, Validity};
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

    fn skip(&mut self, steps: &[Step]) {
        for step in steps {
            self.add(*step, StepOutcome::Skipped, Duration::ZERO);
        }
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

const fn reaching(party: Party) -> [Step; 3] {
    [Step::Resolve(party), Step::Connect(party), Step::Tls(party)]
}

pub(crate) async fn test(client: &Client, cancel: &CancellationToken) -> ConnectionReport {
    let mut steps = Steps {
        reports: Vec::new(),
        failed: false,
    };
    let mut project_id = None;
    let by_iam = client.inner.iam.is_some();
    if by_iam {
        reach(client, Party::Iam, &mut steps, cancel).await;
        if steps.failed {
            steps.skip(&[Step::SignIn, Step::Project]);
        } else {
            project_id = account(client, &mut steps, cancel).await;
        }
    } else {
        steps.skip(&reaching(Party::Iam));
    }
    if steps.failed {
        steps.skip(&reaching(Party::Ief));
    } else {
        reach(client, Party::Ief, &mut steps, cancel).await;
    }
    if steps.failed {
        if !by_iam {
            steps.skip(&[Step::SignIn, Step::Project]);
        }
        steps.skip(&[Step::Service, Step::Instance]);
    } else {
        service(client, &mut steps, by_iam, cancel).await;
    }
    let configured = &client.inner.config.project_id;
    ConnectionReport {
        steps: steps.reports,
        project_id: project_id.or_else(|| (!configured.is_empty()).then(|| configured.clone())),
    }
}

/// Asks IAM about credential and project. The project's identifier, when it is known.
async fn account(client: &Client, steps: &mut Steps, cancel: &CancellationToken) -> Option<String> {
    let started = Instant::now();
    if let Credential::Password { .. } = client.inner.config.credential {
        let sign_in = unless_cancelled(cancel, client.check_password()).await;
        steps.result(Step::SignIn, sign_in, started.elapsed());
        if steps.failed {
            steps.skip(&[Step::Project]);
            return None;
        }
        let started = Instant::now();
        // The token is what says whether the user may work in the project.
        let found = unless_cancelled(cancel, async {
            let id = client.project_id().await?;
            client.token(Validity::Project).await.map(|_| id)
        });
        return steps.result(Step::Project, found.await, started.elapsed());
    }
    let projects = client.list_projects(cancel, ONCE).await;
    let elapsed = started.elapsed();
    match projects {
        Ok(projects) => {
            steps.add(Step::SignIn, StepOutcome::Passed, elapsed);
            let chosen = client.choose_project(&projects);
            steps.result(Step::Project, chosen, Duration::ZERO)
        }
        // Not every user may list projects; who may not has signed in all the same.
        Err(Error::Forbidden { .. }) if !client.inner.config.project_id.is_empty() => {
            steps.add(Step::SignIn, StepOutcome::Passed, elapsed);
            steps.skip(&[Step::Project]);
            None
        }
        Err(error @ Error::Forbidden { .. }) => {
            steps.add(Step::SignIn, StepOutcome::Passed, elapsed);
            steps.add(Step::Project, StepOutcome::Failed(error), Duration::ZERO);
            None
        }
        Err(error) => {
            steps.add(Step::SignIn, StepOutcome::Failed(error), elapsed);
            steps.skip(&[Step::Project]);
            None
        }
    }
}

async fn unless_cancelled<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::Cancelled {
            context: Box::new(Context {
                operation: CreateToken::SPEC.name.to_owned(),
                ..Context::default()
            }),
        }),
        result = work => result,
    }
}

/// Asks for nothing in particular, without any credential: any answer will do. True when it came by TLS.
async fn probe(client: &Client, party: Party, cancel: &CancellationToken) -> Result<bool, Error> {
    let (spec, endpoint) = match party {
        Party::Iam => (ListProjects::SPEC, client.iam()?),
        Party::Ief => (ListEdgeNodes::SPEC, &client.inner.endpoint),
    };
    let reached = client.reach(spec, endpoint);
    unless_cancelled(cancel, reached)
        .await
        .map(|()| endpoint.secure)
}

/// Reports whether anybody answers at an endpoint.
async fn reach(client: &Client, party: Party, steps: &mut Steps, cancel: &CancellationToken) {
    let started = Instant::now();
    let result = probe(client, party, cancel).await;
    let elapsed = started.elapsed();
    let [resolve, connect, tls] = reaching(party);
    match result {
        Ok(secure) => {
            steps.add(resolve, StepOutcome::Passed, elapsed);
            steps.add(connect, StepOutcome::Passed, elapsed);
            if secure {
                steps.add(tls, StepOutcome::Passed, elapsed);
            } else {
                steps.skip(&[tls]);
            }
        }
        Err(error @ (Error::Dns { .. } | Error::InvalidConfig { .. })) => {
            steps.add(resolve, StepOutcome::Failed(error), elapsed);
            steps.skip(&[connect, tls]);
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
            steps.skip(&[tls]);
        }
    }
}

/// Whether IEF answers, with and without the instance, and whose fault it is when it doesn't. Without IAM
/// its answer is also what tells about credential and project.
async fn service(client: &Client, steps: &mut Steps, by_iam: bool, cancel: &CancellationToken) {
    let has_instance = client.inner.instance.is_some();
    let operation = ListEdgeNodes {
        limit: Some("1".to_owned()),
        ..ListEdgeNodes::default()
    };
    let call = operation.to_call();
    let started = Instant::now();
    let ask = |manner| client.exchange(ListEdgeNodes::SPEC, &call, cancel, manner);
    let result = ask(ONCE).await.map(|_| ());
    let elapsed = started.elapsed();

    if !by_iam {
        // Any answer but a 401 means that the signature was accepted.
        match &result {
            Err(error @ Error::Unauthorized { .. }) => {
                steps.add(Step::SignIn, StepOutcome::Failed(error.clone()), elapsed);
                steps.skip(&[Step::Project, Step::Service, Step::Instance]);
                return;
            }
            Err(error) if error.status().is_none() => {
                steps.skip(&[Step::SignIn, Step::Project]);
            }
            answered => {
                steps.add(Step::SignIn, StepOutcome::Passed, elapsed);
                match answered {
                    Ok(()) => steps.add(Step::Project, StepOutcome::Passed, elapsed),
                    Err(_) => steps.skip(&[Step::Project]),
                }
            }
        }
    }
    match result {
        Ok(()) => {
            steps.add(Step::Service, StepOutcome::Passed, elapsed);
            if has_instance {
                steps.add(Step::Instance, StepOutcome::Passed, elapsed);
            } else {
                steps.skip(&[Step::Instance]);
            }
        }
        Err(error) => {
            let refused = error
                .status()
                .is_some_and(|status| (400..500).contains(&status));
            let bare = Manner {
                instance: false,
                ..ONCE
            };
            // Some services insist on the instance: then a complaint about another one than the first
            // is as good as an answer.
            let instance_at_fault = has_instance
                && refused
                && match ask(bare).await {
                    Ok(_) => true,
                    Err(without) => error.status() == Some(404) && without.status() == Some(400),
                };
            if instance_at_fault {
                steps.add(Step::Service, StepOutcome::Passed, elapsed);
                steps.add(Step::Instance, StepOutcome::Failed(error), elapsed);
            } else {
                steps.add(Step::Service, StepOutcome::Failed(error), elapsed);
                steps.skip(&[Step::Instance]);
            }
        }
    }
}
