//! The client: one call, with everything that belongs to it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::Stream;
use ief_api::catalogue;
use ief_api::iam::{CreateToken, ListProjects, Project, ProjectList};
use ief_api::operation::{Call, CallError, Method, Operation, OperationSpec, Service};
use ief_api::resource::Resource;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, ClockSkew, Now, SystemClock};
use crate::config::ClientConfig;
use crate::connection::{self, ConnectionReport};
use crate::credential::Credential;
use crate::error::{Context, Error};
use crate::page::{self, ListEvent, ListOptions};
use crate::request::{Draft, Endpoint, Outgoing, Proof, header};
use crate::retry::{Bucket, Failure, Policy, retry_after};
use crate::sign;
use crate::token::{Token, TokenCache};
use crate::transport::{Incoming, Transport};

mod answer;
mod checks;
mod sign_in;

pub use checks::check;

pub(crate) use answer::{json_reason, malformed};
pub(crate) use sign_in::Validity;

/// A session with the service. Cheap to clone; clones share connections, token and clock, and what IAM
/// refused.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// What a client is made of.
pub(crate) struct Inner {
    pub(crate) config: ClientConfig,
    pub(crate) endpoint: Endpoint,
    pub(crate) iam: Option<Endpoint>,
    pub(crate) instance: Option<HeaderValue>,
    pub(crate) transport: Transport,
    project_tokens: TokenCache,
    account_tokens: TokenCache,
    project: OnceCell<String>,
    clock: Clock,
    bucket: Bucket,
    jitter: fn() -> f64,
}

/// Where time and chance come from.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The local clock.
    pub now: Arc<dyn Now>,
    /// A number in 0..1, another one each time.
    pub jitter: fn() -> f64,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            now: Arc::new(SystemClock),
            jitter: fastrand::f64,
        }
    }
}

/// A successful answer.
#[derive(Clone)]
pub struct Answer<T> {
    /// The body. Null when there was none and it is read as a [`Value`].
    pub body: T,
    /// HTTP status.
    pub status: u16,
    /// The service's identifier of the request.
    pub request_id: Option<String>,
    /// From the call to the end of the answer, repeats included.
    pub elapsed: Duration,
    /// How often the request was sent.
    pub attempts: u32,
}

impl<T> fmt::Debug for Answer<T> {
    // The body may hold a private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("elapsed", &self.elapsed)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A successful answer before its body is read.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    pub(crate) content_type: Option<String>,
    pub(crate) request_id: Option<String>,
    subject_token: Option<HeaderValue>,
    elapsed: Duration,
    attempts: u32,
}

/// How a call is made.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) policy: Policy,
    /// Whether the platinum instance is named, when there is one.
    pub(crate) instance: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            instance: true,
        }
    }
}

/// What is known of a call while it runs, for who cancels it.
#[derive(Default)]
struct Progress {
    attempts: AtomicU32,
    in_doubt: AtomicBool,
    /// Cancelled when it may not be sent any more. Looked at around pauses and before each attempt only.
    revoked: CancellationToken,
}

impl Progress {
    /// The error of a call that was cancelled now.
    fn cancelled(&self, spec: &OperationSpec) -> Error {
        Error::Cancelled {
            context: Box::new(Context {
                operation: spec.name.to_owned(),
                attempts: self.attempts.load(Ordering::Relaxed),
                outcome_unknown: spec.mutates() && self.in_doubt.load(Ordering::Relaxed),
                ..Context::default()
            }),
        }
    }
}

/// Who proves a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prover {
    /// Nobody: the request for a token.
    None,
    /// The credential, as it does.
    Session,
}

/// What a request was proven with, kept while it is under way.
enum Proven {
    Nothing,
    Token(Arc<Token>),
    Signature,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Prepares a session. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`] with the field that can't be used.
    pub fn new(config: ClientConfig) -> Result<Self, Error> {
        Self::with_environment(config, Environment::default())
    }

    /// The same with a clock and chance of the caller's.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_environment(config: ClientConfig, environment: Environment) -> Result<Self, Error> {
        let missing = |field, reason: &str| Error::InvalidConfig {
            field,
            reason: reason.to_owned(),
        };
        let endpoint = Endpoint::parse("endpoint", &config.endpoint)?;
        let named = config
            .project_name
            .as_deref()
            .is_some_and(|name| !name.is_empty());
        let needs_iam = match &config.credential {
            Credential::Password { domain, user, .. } => {
                if domain.is_empty() {
                    return Err(missing("domain", "it is empty"));
                }
                if user.is_empty() {
                    return Err(missing("user", "it is empty"));
                }
                true
            }
            Credential::AccessKey { access_key, .. } => {
                header("access_key", access_key)?;
                if access_key.is_empty() {
                    return Err(missing("access_key", "it is empty"));
                }
                config.project_id.is_empty() && named
            }
        };
        let iam = if needs_iam || !config.iam_endpoint.is_empty() {
            Some(Endpoint::parse("iam_endpoint", &config.iam_endpoint)?)
        } else {
            None
        };
        header("project_id", &config.project_id)?;
        let instance = match config.instance_id.as_deref() {
            None | Some("") => None,
            Some(instance) => Some(header("instance_id", instance)?),
        };
        let transport = Transport::new(&config, &std::iter::once(&endpoint).chain(&iam))?;
        Ok(Self {
            inner: Arc::new(Inner {
                endpoint,
                iam,
                instance,
                transport,
                project_tokens: TokenCache::default(),
                account_tokens: TokenCache::default(),
                project: OnceCell::new(),
                clock: Clock::new(environment.now),
                bucket: Bucket::new(),
                jitter: environment.jitter,
                config,
            }),
        })
    }

    /// Sends exactly the call it is given, its parameters' names checked only. Any operation of the catalogue.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn call(
        &self,
        call: &Call,
        cancel: &CancellationToken,
    ) -> Result<Answer<Value>, Error> {
        self.call_while(call, cancel, &CancellationToken::new())
            .await
    }

    /// The same for as long as it may be sent: once `revoked` is cancelled, the call is not sent, and not
    /// sent again after a pause. What is under way by then arrives.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Cancelled`] when it may no longer be sent.
    pub async fn call_while(
        &self,
        call: &Call,
        cancel: &CancellationToken,
        revoked: &CancellationToken,
    ) -> Result<Answer<Value>, Error> {
        let spec = spec_of(call)?;
        call.check_names(spec)
            .map_err(|error| Error::call(&call.operation, error))?;
        let progress = Progress {
            revoked: revoked.clone(),
            ..Progress::default()
        };
        let reply = self
            .exchange_while(spec, call, cancel, Manner::default(), progress)
            .await?;
        let body = answer::value(spec, &reply)?;
        Ok(reply.answer(body))
    }

    /// The same after checking the call against the documented rules.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Violations`] when nothing was sent.
    pub async fn call_checked(
        &self,
        call: &Call,
        cancel: &CancellationToken,
    ) -> Result<Answer<Value>, Error> {
        check(call)?;
        self.call(call, cancel).await
    }

    /// Sends an operation after checking it against the documented rules.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Violations`] when nothing was sent.
    pub async fn send<O: Operation>(
        &self,
        operation: &O,
        cancel: &CancellationToken,
    ) -> Result<Answer<O::Response>, Error> {
        checks::refuse(O::SPEC.name, operation.violations())?;
        let call = operation.to_call();
        let reply = self
            .exchange(O::SPEC, &call, cancel, Manner::default())
            .await?;
        let body = answer::typed(O::SPEC, &reply)?;
        Ok(reply.answer(body))
    }

    /// Reads a whole list, several pages at a time. `filters` are query parameters, and path parameters
    /// where the list has any, by their wire names. The stream ends after [`ListEvent::Done`] or an error.
    pub fn list<R: Resource>(
        &self,
        filters: Vec<(String, String)>,
        options: ListOptions,
        cancel: &CancellationToken,
    ) -> impl Stream<Item = Result<ListEvent<R>, Error>> + Send + use<R> {
        page::list(self.clone(), filters, options, cancel.clone())
    }

    /// The projects that the credential may work in.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn projects(&self, cancel: &CancellationToken) -> Result<Vec<Project>, Error> {
        self.list_projects(cancel, Manner::default()).await
    }

    /// Finds out, step by step, whether and where the configuration fails. Changes nothing.
    ///
    /// Once IAM has refused the credential, every call answers with that refusal and none signs in again.
    /// This tries once more, and when it passes, so do the calls after it. Only to be called because a person
    /// asked for it: services lock users who fail too often.
    pub async fn test_connection(&self, cancel: &CancellationToken) -> ConnectionReport {
        self.forget_refusals();
        connection::test(self, cancel).await
    }

    /// Address of the service, as it was configured.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.inner.config.endpoint
    }

    /// How far this computer's clock is from the service's, when that matters.
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.inner.clock.skew()
    }

    pub(crate) async fn list_projects(
        &self,
        cancel: &CancellationToken,
        manner: Manner,
    ) -> Result<Vec<Project>, Error> {
        let call = ListProjects::default().to_call();
        let reply = self
            .exchange(ListProjects::SPEC, &call, cancel, manner)
            .await?;
        let list: ProjectList = answer::typed(ListProjects::SPEC, &reply)?;
        Ok(list.projects)
    }

    /// Sends a call until there is a final answer.
    pub(crate) async fn exchange(
        &self,
        spec: &'static OperationSpec,
        call: &Call,
        cancel: &CancellationToken,
        manner: Manner,
    ) -> Result<Reply, Error> {
        self.exchange_while(spec, call, cancel, manner, Progress::default())
            .await
    }

    async fn exchange_while(
        &self,
        spec: &'static OperationSpec,
        call: &Call,
        cancel: &CancellationToken,
        manner: Manner,
        progress: Progress,
    ) -> Result<Reply, Error> {
        let work = async {
            let draft = self.draft(spec, call, manner.instance).await?;
            let prover = if spec.name == CreateToken::SPEC.name {
                Prover::None
            } else {
                Prover::Session
            };
            self.repeat(spec, &draft, prover, manner.policy, &progress)
                .await
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(progress.cancelled(spec)),
            result = work => result,
        }
    }

    async fn draft(
        &self,
        spec: &'static OperationSpec,
        call: &Call,
        instance: bool,
    ) -> Result<Draft, Error> {
        let inner = &self.inner;
        match spec.service {
            Service::Iam => Draft::new(spec, call, self.iam()?, "", None),
            Service::Ief => {
                let project = self.project_id().await?;
                let instance = inner.instance.as_ref().filter(|_| instance);
                Draft::new(spec, call, &inner.endpoint, &project, instance)
            }
        }
    }

    pub(crate) fn iam(&self) -> Result<&Endpoint, Error> {
        self.inner.iam.as_ref().ok_or_else(|| Error::InvalidConfig {
            field: "iam_endpoint",
            reason: "it is needed for this and empty".to_owned(),
        })
    }

    /// Whether anybody answers at an endpoint. Sends no credential.
    pub(crate) async fn reach(
        &self,
        spec: &'static OperationSpec,
        endpoint: &Endpoint,
    ) -> Result<(), Error> {
        let outgoing = Outgoing {
            method: Method::Get,
            url: endpoint.root(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let result = self.inner.transport.send(endpoint, outgoing).await;
        let head = match &result {
            Ok(incoming) => Some(&incoming.head),
            Err(broken) => broken.head.as_ref().map(|(_, head)| head),
        };
        if let Some(head) = head {
            if let Some(date) = &head.date {
                self.inner.clock.observe(date);
            }
            return Ok(());
        }
        let facts = answer::Facts {
            spec,
            host: &endpoint.host,
            sent: &[],
            attempts: 1,
            retry_after: None,
            outcome_unknown: false,
        };
        Err(self.explain(&facts, result, &Proven::Nothing))
    }

    /// Sends a request, and again what may be sent again.
    async fn repeat(
        &self,
        spec: &'static OperationSpec,
        draft: &Draft,
        prover: Prover,
        policy: Policy,
        progress: &Progress,
    ) -> Result<Reply, Error> {
        let inner = &self.inner;
        let started = Instant::now();
        let mut proof_renewed = false;
        let mut pauses = 0;
        // Sticks: once it may have been done, no later failure takes that back.
        let mut in_doubt = false;
        loop {
            if progress.revoked.is_cancelled() {
                return Err(progress.cancelled(spec));
            }
            let proven = self.prove(prover, spec.service).await?;
            // Signing in may have taken a while.
            if progress.revoked.is_cancelled() {
                return Err(progress.cancelled(spec));
            }
            let outgoing = draft.prove(&self.proof(&proven, spec, &self.signing_date()))?;
            let attempts = progress.attempts.fetch_add(1, Ordering::Relaxed) + 1;
            progress.in_doubt.store(true, Ordering::Relaxed);
            let result = inner.transport.send(&draft.endpoint, outgoing).await;
            let head = match &result {
                Ok(incoming) => Some(&incoming.head),
                Err(broken) => broken.head.as_ref().map(|(_, head)| head),
            };
            if let Some(date) = head.and_then(|head| head.date.as_deref()) {
                inner.clock.observe(date);
            }
            let asked = head
                .and_then(|head| head.retry_after.as_deref())
                .and_then(|text| retry_after(text, inner.clock.now()));

            let result = match result {
                Ok(incoming) if (200..300).contains(&incoming.status) => {
                    if pauses == 0 {
                        inner.bucket.put();
                    }
                    return Ok(Reply::new(incoming, started.elapsed(), attempts));
                }
                other => other,
            };
            let (failure, status) = match &result {
                Ok(incoming) => (Failure::of_status(incoming.status), incoming.status),
                Err(broken) => answer::failure(broken),
            };
            // What the service refuses to authenticate it has not done, so any operation may follow.
            if status == 401 && !proof_renewed && self.renew(&proven).await {
                proof_renewed = true;
                progress.in_doubt.store(in_doubt, Ordering::Relaxed);
                continue;
            }
            in_doubt |= failure.may_be_done();
            progress.in_doubt.store(in_doubt, Ordering::Relaxed);

            pauses += 1;
            if pauses < policy.attempts
                && failure.allows(spec.repeat)
                && let Some(pause) = policy.pause(pauses, asked, (inner.jitter)())
                && inner.bucket.take()
            {
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    // The next turn of the loop says so.
                    () = progress.revoked.cancelled() => {}
                }
                continue;
            }
            let facts = answer::Facts {
                spec,
                host: &draft.endpoint.host,
                sent: &draft.body,
                attempts,
                retry_after: asked,
                outcome_unknown: spec.mutates() && in_doubt,
            };
            return Err(self.explain(&facts, result, &proven));
        }
    }

    /// Gets what proves a request.
    async fn prove(&self, prover: Prover, service: Service) -> Result<Proven, Error> {
        match (prover, &self.inner.config.credential) {
            (Prover::None, _) => Ok(Proven::Nothing),
            (Prover::Session, Credential::AccessKey { .. }) => Ok(Proven::Signature),
            (Prover::Session, Credential::Password { .. }) => {
                // What IAM answers doesn't depend on a project, and a wrong one must not hide the others.
                let validity = match service {
                    Service::Iam => Validity::Account,
                    Service::Ief => Validity::Project,
                };
                Ok(Proven::Token(self.token(validity).await?))
            }
        }
    }

    fn proof<'a>(&'a self, proven: &'a Proven, spec: &OperationSpec, date: &'a str) -> Proof<'a> {
        match (proven, &self.inner.config.credential) {
            (Proven::Token(token), _) => Proof::Token(&token.secret),
            (
                Proven::Signature,
                Credential::AccessKey {
                    access_key,
                    secret_key,
                    security_token,
                },
            ) => Proof::Signature {
                access_key,
                secret_key,
                security_token: security_token.as_ref(),
                project_id: match spec.service {
                    Service::Ief => Some(self.known_project_id()),
                    Service::Iam => None,
                },
                date,
            },
            _ => Proof::None,
        }
    }

    fn signing_date(&self) -> String {
        let time: DateTime<Utc> = self.inner.clock.signing_time();
        time.format(sign::DATE_FORMAT).to_string()
    }

    /// After a 401: gets rid of what was refused. False when the same would be sent again.
    async fn renew(&self, proven: &Proven) -> bool {
        match proven {
            Proven::Nothing => false,
            Proven::Token(token) => {
                self.inner.project_tokens.discard(token).await;
                self.inner.account_tokens.discard(token).await;
                true
            }
            Proven::Signature => self.inner.clock.correct(),
        }
    }
}

impl Inner {
    fn tokens(&self, validity: Validity) -> &TokenCache {
        match validity {
            Validity::Project => &self.project_tokens,
            Validity::Account => &self.account_tokens,
        }
    }
}

impl Reply {
    fn new(incoming: Incoming, elapsed: Duration, attempts: u32) -> Self {
        Self {
            status: incoming.status,
            body: incoming.body,
            content_type: incoming.head.content_type,
            request_id: incoming.head.request_id,
            subject_token: incoming.head.subject_token,
            elapsed,
            attempts,
        }
    }

    fn answer<T>(self, body: T) -> Answer<T> {
        Answer {
            body,
            status: self.status,
            request_id: self.request_id,
            elapsed: self.elapsed,
            attempts: self.attempts,
        }
    }
}

fn spec_of(call: &Call) -> Result<&'static OperationSpec, Error> {
    catalogue::operation(&call.operation).ok_or_else(|| {
        let name = call.operation.clone();
        Error::call(&call.operation, CallError::UnknownOperation(name))
    })
}

#[cfg(test)]
mod tests;
