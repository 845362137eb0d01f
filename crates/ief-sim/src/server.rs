//! From a request on a socket to the answer on it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use ief_api::codes;
use ief_api::operation::{Call, Effect, Method, OperationSpec, Service};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use crate::answer::{Form, Refusal};
use crate::auth::{Unproven, prove};
use crate::faults::FaultKind;
use crate::options::Edition;
use crate::requests::SeenRequest;
use crate::routes::{Found, Outcome, Route, find};
use crate::state::State;
use crate::wire::{Connection, Payload};

/// Larger bodies are refused, as the gateway does (section 3.2).
const LARGEST_BODY: usize = 12 * 1024 * 1024;

/// One port: what it serves and to whom.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) state: Arc<State>,
    pub(crate) tls: Option<TlsAcceptor>,
    /// The service that answers on this port; both when absent.
    pub(crate) serves: Option<Service>,
}

impl Door {
    /// Answers connections until the task is dropped, and with it all of them.
    pub(crate) async fn open(self, listener: TcpListener) {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            // Finished connections are taken out, so that the set doesn't grow.
            while connections.try_join_next().is_some() {}
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let door = self.clone();
                    connections.spawn(async move { door.serve(stream, peer).await });
                }
                // No descriptors left, or the peer is gone already: the next one may do better.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    async fn serve(self, stream: tokio::net::TcpStream, peer: SocketAddr) {
        // Answers are small and whole, waiting for more to send only delays them.
        drop(stream.set_nodelay(true));
        let reset = Arc::new(AtomicBool::new(false));
        let connection = Connection::new(stream, Arc::clone(&reset));
        match self.tls.clone() {
            None => self.speak(TokioIo::new(connection), peer, reset).await,
            Some(acceptor) => {
                // A client that doesn't trust the certificate ends here, which is its right.
                if let Ok(connection) = acceptor.accept(connection).await {
                    self.speak(TokioIo::new(connection), peer, reset).await;
                }
            }
        }
    }

    async fn speak<I>(self, io: I, peer: SocketAddr, reset: Arc<AtomicBool>)
    where
        I: hyper::rt::Read + hyper::rt::Write + Unpin,
    {
        let service = service_fn(|request| {
            let door = self.clone();
            let reset = Arc::clone(&reset);
            async move {
                let answer = door.answer(request, peer).await;
                if answer.is_err() {
                    reset.store(true, Ordering::Relaxed);
                }
                answer
            }
        });
        // An error here is a connection that ended early, on purpose or by the client.
        drop(
            hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(io, service)
                .await,
        );
    }

    async fn answer(
        self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Result<Response<Payload>, Reset> {
        let request_id = Uuid::new_v4().simple().to_string();
        let (parts, body) = request.into_parts();
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
        let body = match Limited::new(body, LARGEST_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                let refusal = Refusal::new(&codes::PARAMETER, "The body is larger than 12 MB.");
                return Ok(refused(
                    &Refusal {
                        status: 413,
                        ..refusal
                    },
                    &request_id,
                    0,
                ));
            }
            Err(_) => return Err(Reset),
        };
        if path.starts_with("/_sim/") {
            let answer = if crate::control::admits(peer.ip(), &parts.headers) {
                crate::control::answer(&self.state, parts.method.as_str(), path, &body)
            } else {
                Err(Refusal::with_status(
                    403,
                    "SIM.0403",
                    "Only for tests on this machine.",
                ))
            };
            return Ok(match answer {
                Ok(value) => {
                    let body = Payload::whole(value.to_string().into_bytes());
                    response(StatusCode::OK, "application/json", body, &request_id, 0)
                }
                Err(refusal) => refused(&refusal, &request_id, 0),
            });
        }
        let asked = Asked {
            method: parts.method.as_str(),
            path,
            query,
            headers: &parts.headers,
            body: &body,
            request_id: &request_id,
        };
        self.route(&asked).await
    }

    async fn route(&self, asked: &Asked<'_>) -> Result<Response<Payload>, Reset> {
        let serves = |spec: &OperationSpec| self.serves.is_none_or(|only| spec.service == only);
        let found = find(asked.method, asked.path, asked.query, serves);
        let operation = match &found {
            Found::Route(route, ..) => Some(route.spec.name),
            Found::OtherMethods(_) | Found::Nothing => None,
        };
        let number = self.state.requests().add(asked.seen(operation));
        let answer = match found {
            Found::Route(route, call, project) => {
                let run = self.operate(route, call, project.as_deref(), asked);
                run.await?
            }
            Found::OtherMethods(methods) => {
                let message = format!("{} is not allowed here.", asked.method);
                let refusal = Refusal::with_status(405, codes::NOT_REGISTERED.code, message);
                let mut answer = refused(&refusal, asked.request_id, 0);
                if let Ok(value) = HeaderValue::from_str(&methods.join(", ")) {
                    answer.headers_mut().insert(ALLOW, value);
                }
                answer
            }
            Found::Nothing => {
                let message = "The API is not registered.";
                let refusal = Refusal::new(&codes::NOT_REGISTERED, message);
                refused(&refusal, asked.request_id, 0)
            }
        };
        self.state
            .requests()
            .answered(number, answer.status().as_u16());
        Ok(answer)
    }

    /// Carries an operation out, with whatever goes wrong on the way.
    async fn operate(
        &self,
        route: &Route,
        call: Call,
        project: Option<&str>,
        asked: &Asked<'_>,
    ) -> Result<Response<Payload>, Reset> {
        let struck = self.state.faults().strike(route.spec.name);
        let skew = struck.iter().map(|fault| match fault {
            FaultKind::Skew(seconds) => *seconds,
            _ => 0,
        });
        let skew: i64 = skew.sum();
        let mut after = VecDeque::new();
        for fault in struck {
            match fault {
                FaultKind::Latency(time) => tokio::time::sleep(time).await,
                FaultKind::Reset => return Err(Reset),
                FaultKind::Drift => self.drift(route.spec.name),
                FaultKind::Skew(_) => {}
                FaultKind::ResetAfter
                | FaultKind::Truncated
                | FaultKind::Malformed
                | FaultKind::Stall(_) => after.push_back(fault),
                _ => {
                    if let Some(refusal) = refusal_of(fault, route.spec, asked.headers) {
                        return Ok(refused(&refusal, asked.request_id, skew));
                    }
                }
            }
        }
        let outcome = self.carry_out(route, call, project, asked, skew);
        let (status, kind, body, headers) = match outcome {
            Ok(outcome) => {
                let body = (outcome.body)();
                (
                    success(route.spec, &body),
                    "application/json",
                    body,
                    outcome.headers,
                )
            }
            Err(refusal) if after.is_empty() => {
                return Ok(refused(&refusal, asked.request_id, skew));
            }
            Err(refusal) => {
                let (kind, body) = refusal.body(asked.request_id);
                (status_of(&refusal), kind, body, Vec::new())
            }
        };
        let mut payload = None;
        for fault in after {
            payload = Some(match fault {
                FaultKind::ResetAfter => return Err(Reset),
                FaultKind::Truncated => Payload::truncated(body.clone()),
                FaultKind::Stall(time) => Payload::stalled(body.clone(), time),
                _ => Payload::whole(malformed(&body)),
            });
        }
        let payload = payload.unwrap_or_else(|| Payload::whole(body));
        let mut answer = response(status, kind, payload, asked.request_id, skew);
        answer.headers_mut().extend(headers);
        Ok(answer)
    }

    /// Proves the caller and runs the handler, in the order in which the service does.
    fn carry_out(
        &self,
        route: &Route,
        mut call: Call,
        project: Option<&str>,
        asked: &Asked<'_>,
        skew: i64,
    ) -> Result<Outcome, Refusal> {
        let spec = route.spec;
        let state = &self.state;
        let mut world = state.world();
        if spec.name != "create_token" {
            let unproven = Unproven {
                method: asked.method,
                path: asked.path,
                query: asked.query,
                headers: asked.headers,
                body: asked.body,
                project,
            };
            let (now, wall) = (world.now(), State::wall(skew));
            prove(&unproven, &state.account, &world.tokens, now, wall)?;
        }
        if spec.service == Service::Ief {
            check_instance(spec, world.edition, asked.headers, state)?;
        }
        if spec.has_body() {
            let body = serde_json::from_slice(asked.body).map_err(|error| {
                Refusal::new(&codes::PARAMETER, format!("The body is not JSON: {error}."))
            })?;
            call.body = Some(body);
        }
        (route.run)(&mut world, &call)
    }

    /// Lets the rows of a list change before it is read.
    fn drift(&self, operation: &str) {
        let turn = self.state.requests().total();
        let mut world = self.state.world();
        match operation {
            "list_edge_nodes" => world.drift_nodes(turn),
            "list_devices" => world.drift_devices(turn),
            _ => {}
        }
    }
}

/// The connection is reset without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is reset, as a fault asked for")]
pub(crate) struct Reset;

/// A request in its parts.
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &'a HeaderMap,
    body: &'a [u8],
    request_id: &'a str,
}

impl Asked<'_> {
    fn seen(&self, operation: Option<&'static str>) -> SeenRequest {
        SeenRequest {
            number: 0,
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            query: self.query.to_owned(),
            operation,
            headers: self.headers.keys().map(ToString::to_string).collect(),
            body_size: self.body.len(),
            status: None,
            request_id: self.request_id.to_owned(),
        }
    }
}

/// Platinum instances are named by a header, and the professional edition knows none (section 1.6).
fn check_instance(
    spec: &OperationSpec,
    edition: Edition,
    headers: &HeaderMap,
    state: &State,
) -> Result<(), Refusal> {
    use ief_api::operation::Edition as Offered;
    let named = headers.get("ief-instance-id").map(HeaderValue::as_bytes);
    let named = named.filter(|id| !id.is_empty());
    let known = state.account.instance_id.as_deref().map(str::as_bytes);
    match (edition, named) {
        (Edition::Platinum, None) => Err(Refusal::new(
            &codes::PARAMETER,
            "The header ief-instance-id is missing: the project has a platinum instance.",
        )),
        (_, Some(_)) if named != known => Err(Refusal::new(
            &codes::NOT_FOUND,
            "The platinum instance named by ief-instance-id does not exist.",
        )),
        (Edition::Professional, _) if spec.edition == Offered::Platinum => Err(Refusal::new(
            &codes::NOT_REGISTERED,
            "The API is not registered: it is for platinum instances only.",
        )),
        _ => Ok(()),
    }
}

fn refusal_of(fault: FaultKind, spec: &OperationSpec, headers: &HeaderMap) -> Option<Refusal> {
    let form = match spec.service {
        Service::Iam => Form::Iam,
        Service::Ief => Form::Service,
    };
    Some(match fault {
        FaultKind::Unauthorized if spec.service == Service::Iam => {
            Refusal::iam(401, "The request you have made requires authentication.")
        }
        FaultKind::Unauthorized if headers.contains_key("x-auth-token") => {
            Refusal::new(&codes::TOKEN_EXPIRED, "The token has expired.")
        }
        FaultKind::Unauthorized => crate::auth::refuse("verify aksk signature fail"),
        FaultKind::Forbidden => {
            let message = match spec.action {
                Some(action) => format!("Policy does not allow {action} to be performed."),
                None => "The IAM user is not authorized to access the API.".to_owned(),
            };
            Refusal {
                form,
                ..Refusal::new(&codes::GATEWAY_IAM_FORBIDDEN, message)
            }
        }
        FaultKind::Throttled(wait) => Refusal {
            form,
            retry_after: Some(wait.as_secs()),
            ..Refusal::new(
                &codes::GATEWAY_THROTTLED,
                "The throttling threshold is reached.",
            )
        },
        FaultKind::Internal => Refusal {
            form,
            ..Refusal::new(&codes::INTERNAL, "An internal error occurred.")
        },
        FaultKind::Unavailable(wait) => Refusal {
            form: Form::Page,
            retry_after: wait.map(|wait| wait.as_secs()),
            ..Refusal::with_status(503, "", "Service Unavailable")
        },
        _ => return None,
    })
}

/// What has the status 201 though it creates nothing: enabling and disabling rules (sections 4.10.6 and 4.10.7),
/// and, by the service's public pages, putting a tag on a resource and binding encrypted data to a node.
const CREATED: &[&str] = &[
    "create_token",
    "start_rule",
    "stop_rule",
    "create_tag",
    "create_node_encryptdatas",
];

/// The status of success (section 7.1): created things 201, deleted ones 204, the rest 200. Created
/// deployments have 200 (section 4.5.1).
fn success(spec: &OperationSpec, body: &[u8]) -> StatusCode {
    match spec.effect {
        _ if CREATED.contains(&spec.name) => StatusCode::CREATED,
        _ if spec.name == "create_deployments" => StatusCode::OK,
        Effect::Create => StatusCode::CREATED,
        _ if spec.method == Method::Delete && body.is_empty() => StatusCode::NO_CONTENT,
        _ => StatusCode::OK,
    }
}

/// JSON that breaks off in a way no parser accepts, at its full length.
fn malformed(body: &[u8]) -> Vec<u8> {
    let half = body.len() / 2;
    let mut broken = body[..half].to_vec();
    broken.resize(body.len().max(1), b'\x01');
    broken
}

fn status_of(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn refused(refusal: &Refusal, request_id: &str, skew: i64) -> Response<Payload> {
    let (kind, body) = refusal.body(request_id);
    let body = Payload::whole(body);
    let mut answer = response(status_of(refusal), kind, body, request_id, skew);
    if let Some(seconds) = refusal.retry_after {
        answer.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    answer
}

fn response(
    status: StatusCode,
    kind: &'static str,
    body: Payload,
    request_id: &str,
    skew: i64,
) -> Response<Payload> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let date = State::wall(skew)
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    let headers = answer.headers_mut();
    if status != StatusCode::NO_CONTENT {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let named = [
        (DATE, date.as_str()),
        (HeaderName::from_static("x-request-id"), request_id),
    ];
    for (name, value) in named {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    answer
}
