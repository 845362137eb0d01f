//! The client against a service that misbehaves, in paused time.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use ief_api::node::{DeleteEdgeNode, ListEdgeNodes, ShowEdgeNodeDetail, UpgradeEdgeNode};
use ief_api::operation::{Call, Operation, Repeat};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use super::{Client, Environment};
use crate::testing::{
    CANARY, Does, Received, Service, client, key, never, ok, password, status, token,
};
use crate::{
    ClientConfig, ClockSkew, Credential, Error, ErrorKind, Now, Party, Proxy, Step, StepOutcome,
};

/// One call of each class.
fn call_of(repeat: Repeat) -> Call {
    let node_id = "n1".to_owned();
    let call = match repeat {
        Repeat::Safe => ShowEdgeNodeDetail { node_id }.to_call(),
        Repeat::Idempotent => DeleteEdgeNode { node_id }.to_call(),
        Repeat::Never => UpgradeEdgeNode { node_id }.to_call(),
    };
    let spec = ief_api::catalogue::operation(&call.operation).expect("in the catalogue");
    assert_eq!(spec.repeat, repeat, "the example is of this class");
    call
}

/// How often a call is sent to a service that always does the same, and what comes of it.
async fn outcome(repeat: Repeat, does: Does) -> (usize, Error) {
    let service = Service::start(move |_, _| does.clone()).await;
    let error = service
        .signing()
        .call(&call_of(repeat), &never())
        .await
        .expect_err("it always fails");
    assert_eq!(
        error.context().map(|context| context.attempts as usize),
        Some(service.calls())
    );
    (service.calls(), error)
}

#[tokio::test(start_paused = true)]
async fn every_class_is_sent_as_often_as_it_may_be() {
    let failed = |code| status(code, &json!({"error_code": "E"}));
    let half = || Does::Truncate(200, r#"{"node": {"id": "n1"}}"#.to_owned());
    // what the service does, then times sent: safe, idempotent, never; and whether the outcome is unknown
    let table = [
        (failed(429), [4, 4, 4], false),
        (failed(503), [4, 4, 1], false),
        (failed(500), [4, 1, 1], true),
        (failed(502), [4, 1, 1], true),
        (failed(504), [4, 1, 1], true),
        (Does::Cut, [4, 1, 1], true),
        (Does::Nothing, [4, 1, 1], true),
        (half(), [4, 1, 1], true),
        (Does::Drip(200), [1, 1, 1], true),
        (Does::Drip(500), [1, 1, 1], true),
        (Does::Drip(503), [1, 1, 1], false),
        (Does::Drip(400), [1, 1, 1], false),
        (failed(400), [1, 1, 1], false),
        (failed(404), [1, 1, 1], false),
    ];
    for (does, times, unknown) in table {
        let classes = [Repeat::Safe, Repeat::Idempotent, Repeat::Never];
        for (repeat, expected) in classes.into_iter().zip(times) {
            let (sent, error) = outcome(repeat, does.clone()).await;
            assert_eq!(sent, expected, "{repeat:?} {does:?}");
            let unknown = unknown && repeat != Repeat::Safe;
            assert_eq!(error.outcome_unknown(), unknown, "{repeat:?} {does:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_and_breaks_have_their_kinds() {
    let failed = |code| status(code, &json!({"error_code": "E"}));
    let table = [
        (failed(400), ErrorKind::Rejected),
        (failed(302), ErrorKind::Rejected),
        (failed(401), ErrorKind::Unauthorized),
        (failed(403), ErrorKind::Forbidden),
        (
            status(403, &json!({"error_code": "IEF.100126"})),
            ErrorKind::Rejected,
        ),
        (failed(404), ErrorKind::NotFound),
        (failed(409), ErrorKind::Conflict),
        (failed(429), ErrorKind::Throttled),
        (failed(500), ErrorKind::ServiceFailure),
        (Does::Cut, ErrorKind::OutcomeUnknown),
        (Does::Nothing, ErrorKind::OutcomeUnknown),
        (Does::Drip(200), ErrorKind::OutcomeUnknown),
        (Does::Drip(403), ErrorKind::Forbidden),
        (
            Does::Truncate(500, r#"{"error_code": "E"}"#.to_owned()),
            ErrorKind::ServiceFailure,
        ),
    ];
    for (does, kind) in table {
        let (_, error) = outcome(Repeat::Never, does.clone()).await;
        assert_eq!(error.kind(), kind, "{does:?}");
    }
    let (_, error) = outcome(Repeat::Safe, Does::Cut).await;
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let started = tokio::time::Instant::now();
    let (_, error) = outcome(Repeat::Safe, Does::Drip(200)).await;
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let limit = crate::Timeouts::default().body.as_secs();
    let (waited, longest) = (started.elapsed().as_secs(), limit + 10);
    assert!((limit..longest).contains(&waited), "{waited} s");
    let (_, error) = outcome(Repeat::Safe, failed(403)).await;
    assert_eq!(error.action(), Some("ief:node:get"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_passes_is_not_noticed() {
    let service = Service::start(|_, number| match number {
        0 => Does::Cut,
        1 => status(500, &Value::Null),
        _ => ok(&json!({"node": {"id": "n1"}})),
    })
    .await;
    let operation = ShowEdgeNodeDetail {
        node_id: "n1".to_owned(),
    };
    let answer = service
        .signing()
        .send(&operation, &never())
        .await
        .expect("the third attempt works");
    assert_eq!(answer.attempts, 3);
    assert_eq!(answer.request_id.as_deref(), Some("r2"));
    assert_eq!(answer.elapsed, Duration::from_millis(750), "250 + 500");
    assert_eq!(
        answer.body.node.and_then(|node| node.id).as_deref(),
        Some("n1")
    );
}

#[tokio::test(start_paused = true)]
async fn the_service_says_when_to_come_back() {
    let wait = |seconds: &str| {
        Does::Answer(
            429,
            vec![("Retry-After", seconds.to_owned())],
            r#"{"error_code": "E"}"#.to_owned(),
        )
    };
    let first = wait("7");
    let service = Service::start(move |_, number| match number {
        0 => first.clone(),
        _ => ok(&json!({})),
    })
    .await;
    let call = call_of(Repeat::Never);
    let answer = service
        .signing()
        .call(&call, &never())
        .await
        .expect("works");
    assert!(answer.elapsed >= Duration::from_secs(7));

    let (sent, error) = outcome(Repeat::Safe, wait("3600")).await;
    assert_eq!(sent, 1, "nobody waits an hour");
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test(start_paused = true)]
async fn repeats_run_out() {
    let service = Service::start(|_, _| Does::Cut).await;
    let client = service.signing();
    let call = call_of(Repeat::Safe);
    for _ in 0..10 {
        client.call(&call, &never()).await.expect_err("cut");
    }
    assert_eq!(
        service.calls(),
        20,
        "ten calls and ten repeats between them"
    );
}

#[tokio::test(start_paused = true)]
async fn one_sign_in_serves_all() {
    let service = Service::start(|request, number| {
        if request.signs_in() {
            token(number)
        } else {
            ok(&json!({}))
        }
    })
    .await;
    let client = service.with_password();
    let call = call_of(Repeat::Safe);
    let cancel = never();
    let answers = join_all((0..20).map(|_| client.call(&call, &cancel))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((service.sign_ins(), service.calls()), (1, 20));
    let request = &service.received()[0];
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(
        body,
        json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": "user", "password": CANARY, "domain": {"name": "account"},
            }}},
            "scope": {"project": {"id": "p1"}},
        }})
    );
    assert!(!request.headers.contains_key("x-auth-token"));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_replaced_once() {
    let refused = |times: usize| {
        move |request: &Received, number: usize| match () {
            () if request.signs_in() => token(number),
            () if number <= 2 * times => status(401, &json!({"error_code": "IEF.310002"})),
            () => ok(&json!({})),
        }
    };
    let service = Service::start(refused(1)).await;
    let call = call_of(Repeat::Never);
    let answer = service.with_password().call(&call, &never()).await;
    assert_eq!(answer.expect("the new token works").attempts, 2);
    assert_eq!((service.sign_ins(), service.calls()), (2, 2));

    let service = Service::start(refused(2)).await;
    let error = service.with_password().call(&call, &never()).await;
    let error = error.expect_err("the new token is refused as well");
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.code(), Some("IEF.310002"));
    assert!(!error.outcome_unknown(), "what is refused is not done");
    assert_eq!((service.sign_ins(), service.calls()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_tried_once_and_never_shown() {
    let service = Service::start(|_, _| {
        let message = format!("The password {CANARY} is wrong.");
        status(401, &json!({"error": {"code": 401, "message": message}}))
    })
    .await;
    let client = service.with_password();
    let call = call_of(Repeat::Safe);
    let cancel = never();
    let errors = join_all((0..5).map(|_| client.call(&call, &cancel))).await;
    assert_eq!(service.sign_ins(), 1);
    for error in errors {
        let error = error.expect_err("the password is wrong");
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert_eq!(error.status(), Some(401));
        assert_eq!(error.message(), Some("The password … is wrong."));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_not_tried_again_unless_somebody_asks() {
    let right = Arc::new(AtomicBool::new(false));
    let answers_rightly = right.clone();
    let service = Service::start(move |request, number| match request.target.as_str() {
        "/" => status(404, &json!({})),
        "/v3/auth/tokens" if answers_rightly.load(Ordering::Relaxed) => token(number),
        "/v3/auth/tokens" => status(401, &json!({"error_code": "IEF.011005"})),
        _ => ok(&json!({"count": 0, "nodes": []})),
    })
    .await;
    let client = service.with_password();
    let call = call_of(Repeat::Safe);
    let refused = async || {
        // As often as lists are refreshed in an hour.
        for _ in 0..120 {
            let error = client.call(&call, &never()).await.expect_err("refused");
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::SignIn, Some(401))
            );
            client.projects(&never()).await.expect_err("refused");
            tokio::time::advance(Duration::from_secs(30)).await;
        }
    };
    refused().await;
    assert_eq!(service.sign_ins(), 2, "for the project and for the account");
    assert!(!client.test_connection(&never()).await.passed());
    refused().await;
    assert_eq!(
        service.sign_ins(),
        3,
        "the account's refusal is that of all"
    );

    right.store(true, Ordering::Relaxed);
    refused().await;
    assert_eq!(service.sign_ins(), 3);
    assert!(client.test_connection(&never()).await.passed());
    client.call(&call, &never()).await.expect("signed in");
}

#[tokio::test(start_paused = true)]
async fn an_iam_that_fails_is_asked_again() {
    for does in [
        status(429, &Value::Null),
        status(500, &Value::Null),
        Does::Cut,
    ] {
        let service = Service::start(move |request, number| match number {
            // The first call's attempts, as many as one may have.
            0..4 => does.clone(),
            _ if request.signs_in() => token(number),
            _ => ok(&json!({})),
        })
        .await;
        let client = service.with_password();
        let call = call_of(Repeat::Safe);
        client.call(&call, &never()).await.expect_err("no token");
        let sent = service.sign_ins();
        while client.call(&call, &never()).await.is_err() {}
        assert!(service.sign_ins() > sent);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_carry_what_the_service_asks_for() {
    let service = Service::start(|_, _| ok(&json!({}))).await;
    let mut config = ClientConfig::new(
        service.url(),
        "",
        "p1",
        Credential::AccessKey {
            access_key: "AK".to_owned(),
            secret_key: CANARY.into(),
            security_token: Some("temporary".into()),
        },
    );
    config.instance_id = Some("i1".to_owned());
    let operation = ListEdgeNodes {
        name: Some("a b/ü".to_owned()),
        ..ListEdgeNodes::default()
    };
    let call = operation.to_call();
    client(config).call(&call, &never()).await.expect("works");
    let request = service.received().remove(0);
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/v2/p1/edgemgr/nodes?name=a%20b%2F%C3%BC");
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    assert_eq!(header("host"), Some(service.address.as_str()));
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("ief-instance-id"), Some("i1"));
    assert_eq!(header("x-project-id"), Some("p1"));
    assert_eq!(header("x-security-token"), Some("temporary"));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("edge-console/")));
    let authorization = header("authorization").expect("signed");
    assert!(
        authorization.starts_with(
            "SDK-HMAC-SHA256 Access=AK, SignedHeaders=content-type;host;ief-instance-id;\
             x-project-id;x-sdk-date;x-security-token, Signature="
        ),
        "{authorization}"
    );
}

#[derive(Debug)]
struct Fixed(DateTime<Utc>);

impl Now for Fixed {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_corrected_once() {
    let answer = |code| {
        Does::Answer(
            code,
            vec![("Date", "Tue, 12 Feb 2019 06:52:13 GMT".to_owned())],
            "{}".to_owned(),
        )
    };
    let right = "20190212T065213Z";
    let service = Service::start(move |request, _| {
        let accepted = request.headers["x-sdk-date"] == right;
        answer(if accepted { 200 } else { 401 })
    })
    .await;
    let now = DateTime::parse_from_rfc3339("2019-02-12T04:52:13Z").expect("a time");
    let environment = Environment {
        now: Arc::new(Fixed(now.with_timezone(&Utc))),
        ..Environment::default()
    };
    let config = ClientConfig::new(service.url(), "", "p1", key());
    let client = Client::with_environment(config, environment).expect("valid");
    assert_eq!(client.clock_skew(), None);
    let call = call_of(Repeat::Never);
    client.call(&call, &never()).await.expect("corrected");
    client.call(&call, &never()).await.expect("stays corrected");
    assert_eq!(service.calls(), 3);
    let expected = ClockSkew {
        seconds: 2 * 60 * 60,
        corrected: true,
    };
    assert_eq!(client.clock_skew(), Some(expected));

    let service = Service::start(move |_, _| answer(401)).await;
    let config = ClientConfig::new(service.url(), "", "p1", key());
    let client = Client::new(config).expect("valid");
    let error = client.call(&call, &never()).await.expect_err("wrong key");
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(service.calls(), 2, "once with the service's time, not more");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_mutation_may_have_been_done() {
    let service = Service::start(|_, _| Does::Nothing).await;
    let client = service.signing();
    for (repeat, unknown) in [(Repeat::Safe, false), (Repeat::Never, true)] {
        let cancel = never();
        let call = call_of(repeat);
        let (result, ()) = tokio::join!(client.call(&call, &cancel), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            cancel.cancel();
        });
        let error = result.expect_err("cancelled");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert_eq!(error.outcome_unknown(), unknown);
    }
    let cancel = never();
    cancel.cancel();
    let before = service.calls();
    let error = client.call(&call_of(Repeat::Never), &cancel).await;
    assert!(!error.expect_err("cancelled").outcome_unknown());
    assert_eq!(service.calls(), before, "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_none_are_told_without_an_excerpt() {
    let typed = |kind: &str, body: &str| {
        Does::Answer(
            200,
            vec![("Content-Type", kind.to_owned())],
            body.to_owned(),
        )
    };
    let large = Does::Answer(
        200,
        vec![("Content-Length", (1_u64 << 40).to_string())],
        String::new(),
    );
    let table = [
        (typed("application/json", "{\"canary"), "too early"),
        (typed("application/json", "canary"), "not JSON"),
        (
            typed("text/html; charset=utf-8", "<b>canary</b>"),
            "text/html",
        ),
        (typed("application/json", r#"["canary"]"#), "another shape"),
        (large, "too large"),
    ];
    for (does, expected) in table {
        let service = Service::start(move |_, _| does.clone()).await;
        let operation = ShowEdgeNodeDetail {
            node_id: "n1".to_owned(),
        };
        let error = service.signing().send(&operation, &never()).await;
        let error = error.expect_err(expected);
        assert_eq!(error.kind(), ErrorKind::MalformedAnswer);
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn success_without_json_is_success() {
    let note = Does::Answer(
        200,
        vec![("Content-Type", "text/plain".to_owned())],
        "done".to_owned(),
    );
    for does in [Does::Answer(204, Vec::new(), String::new()), note] {
        let service = Service::start(move |_, _| does.clone()).await;
        let operation = DeleteEdgeNode {
            node_id: "n1".to_owned(),
        };
        let client = service.signing();
        client.send(&operation, &never()).await.expect("deleted");
        let call = operation.to_call();
        client.call(&call, &never()).await.expect("deleted");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_breaks_a_rule_is_not_sent_unless_asked_to() {
    let service = Service::start(|_, _| ok(&json!({}))).await;
    let client = service.signing();
    let call: Call = serde_json::from_value(json!({
        "operation": "create_edge_node", "body": {"node": {"name": "not allowed!"}},
    }))
    .expect("a call");
    let error = client.call_checked(&call, &never()).await.expect_err("no");
    assert_eq!(error.kind(), ErrorKind::Violations);
    assert_eq!(service.calls(), 0);
    client.call(&call, &never()).await.expect("sent as it is");
    assert_eq!(
        service.received()[0].body,
        br#"{"node":{"name":"not allowed!"}}"#
    );
    let unknown = Call {
        operation: "make_coffee".to_owned(),
        ..Call::default()
    };
    let error = client.call(&unknown, &never()).await.expect_err("unknown");
    assert_eq!(error.kind(), ErrorKind::InvalidCall);
}

#[tokio::test(start_paused = true)]
async fn a_project_is_found_by_its_name() {
    let service = Service::start(|request, number| {
        if request.signs_in() {
            token(number)
        } else if request.target.starts_with("/v3/projects") {
            ok(&json!({"projects": [
                {"id": "p0", "name": "cn-north-1_other"}, {"id": "p2", "name": "cn-north-1"},
            ]}))
        } else {
            ok(&json!({}))
        }
    })
    .await;
    for (credential, id) in [(password(), "p1"), (key(), "p2")] {
        let mut config = ClientConfig::new(service.url(), service.url(), "", credential);
        config.project_name = Some("cn-north-1".to_owned());
        let client = client(config);
        let call = call_of(Repeat::Safe);
        for _ in 0..2 {
            client.call(&call, &never()).await.expect("found");
            let last = service.received().pop().expect("sent");
            assert_eq!(last.target, format!("/v2/{id}/edgemgr/nodes/n1"));
        }
    }
    let lookups = service.received();
    let lookups = lookups
        .iter()
        .filter(|r| r.target.starts_with("/v3/projects"));
    let lookups: Vec<_> = lookups.collect();
    assert_eq!(lookups.len(), 1, "looked up once, and only for the key");
    assert_eq!(lookups[0].target, "/v3/projects?name=cn-north-1");
    assert!(!lookups[0].headers.contains_key("x-project-id"));
}

#[tokio::test(start_paused = true)]
async fn a_project_that_iam_names_does_not_change_the_path() {
    let service = Service::start(|request, _| {
        if request.signs_in() {
            let body = json!({"token": {"project": {"id": ".."}}});
            Does::Answer(
                201,
                vec![("X-Subject-Token", "t".to_owned())],
                body.to_string(),
            )
        } else {
            ok(&json!({"projects": [{"id": "..", "name": "cn-north-1"}]}))
        }
    })
    .await;
    for (credential, sent) in [(password(), 0), (key(), 1)] {
        let mut config = ClientConfig::new(service.url(), service.url(), "", credential);
        config.project_name = Some("cn-north-1".to_owned());
        let call = call_of(Repeat::Safe);
        let error = client(config).call(&call, &never()).await;
        assert_eq!(
            error.expect_err("no project").kind(),
            ErrorKind::InvalidCall
        );
        assert_eq!(service.calls(), sent, "IAM alone was asked");
    }
}

fn https(address: &str, ca: Option<String>) -> Client {
    let url = format!("https://localhost:{}", port(address));
    let mut config = ClientConfig::new(url, "", "p1", key());
    config.extra_ca_pem = ca;
    client(config)
}

fn port(address: &str) -> &str {
    address.rsplit(':').next().expect("a port")
}

#[tokio::test]
async fn only_trusted_certificates_are_talked_to() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("supported")
        .with_no_client_auth()
        .with_single_cert(
            vec![made.cert.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
                .expect("a key"),
        )
        .expect("a pair");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let service = Service::start_with(Some(acceptor), |_, _| ok(&json!({}))).await;
    let call = call_of(Repeat::Safe);

    let error = https(&service.address, None).call(&call, &never()).await;
    let error = error.expect_err("nobody knows this certificate");
    assert_eq!(error.kind(), ErrorKind::UntrustedCertificate, "{error:?}");
    assert_eq!(error.context().map(|c| c.attempts), Some(1));

    let trusted = https(&service.address, Some(made.cert.pem()));
    trusted.call(&call, &never()).await.expect("trusted");

    let plain = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    let address = plain.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n";
            stream.write_all(answer).await.expect("written");
        }
    });
    let error = https(&address, None).call(&call, &never()).await;
    assert_eq!(error.expect_err("no TLS there").kind(), ErrorKind::Tls);
}

#[tokio::test]
async fn an_extra_certificate_has_to_be_one() {
    for pem in ["canary", "-----BEGIN CERTIFICATE-----\ncanary"] {
        let mut config = ClientConfig::new("https://example.com", "", "p1", key());
        config.extra_ca_pem = Some(pem.to_owned());
        let error = Client::new(config).expect_err("no certificate");
        assert_eq!(error.kind(), ErrorKind::InvalidConfig);
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_there_and_no_proxy_are_told_apart() {
    let gone = Service::start(|_, _| Does::Cut).await.address;
    // The port of a listener that was dropped: nothing listens there.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    let closed = listener.local_addr().expect("bound");
    drop(listener);
    let config = ClientConfig::new(format!("http://{closed}"), "", "p1", key());
    for repeat in [Repeat::Safe, Repeat::Never] {
        let error = client(config.clone())
            .call(&call_of(repeat), &never())
            .await;
        let error = error.expect_err("nobody there");
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert_eq!(error.host(), Some(closed.to_string().as_str()));
        assert_eq!(error.context().map(|c| c.attempts), Some(4));
        assert!(!error.outcome_unknown());
    }
    let refusing = Service::start(|_, _| status(407, &Value::Null)).await;
    for proxy in [closed.to_string(), gone, refusing.address] {
        let mut config = ClientConfig::new("https://ief.example.com", "", "p1", key());
        let password = ief_api::uri::encode(CANARY);
        config.proxy = Proxy::Url(format!("http://user:{password}@{proxy}"));
        let client = Client::new(config).expect("a valid proxy");
        let error = client.call(&call_of(Repeat::Safe), &never()).await;
        let error = error.expect_err("no way out");
        assert_eq!(error.kind(), ErrorKind::Proxy, "{error:?}");
        no_canary(&client, &error);
    }
}

/// Checks that neither a client nor an error shows a secret in any form.
#[track_caller]
fn no_canary(client: &Client, error: &Error) {
    let mut texts = vec![format!("{client:?}"), format!("{error:?} {error:#?}")];
    let mut cause: Option<&dyn StdError> = Some(error);
    while let Some(current) = cause {
        texts.push(format!("{current} {current:?}"));
        cause = current.source();
    }
    for text in texts {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_error_shows_a_secret() {
    let echo = |request: &Received| {
        let message = format!("{request:?} {CANARY}");
        json!({"error_code": CANARY, "error_msg": message})
    };
    for code in [400, 401, 403, 404, 409, 429, 500, 503] {
        let service = Service::start(move |request, number| {
            if request.signs_in() && code != 400 {
                token(number)
            } else {
                status(code, &echo(request))
            }
        })
        .await;
        for client in [service.signing(), service.with_password()] {
            let error = client.call(&call_of(Repeat::Never), &never()).await;
            no_canary(&client, &error.expect_err("it always fails"));
        }
    }
    let service = Service::start(|request, number| match request.signs_in() {
        true => token(number),
        false => Does::Cut,
    })
    .await;
    let client = service.with_password();
    let error = client.call(&call_of(Repeat::Never), &never()).await;
    no_canary(&client, &error.expect_err("cut"));
}

#[tokio::test(start_paused = true)]
async fn no_error_shows_a_secret_of_the_request() {
    let service = Service::start(|request, _| {
        let message = format!("can not read {request:?}: Y2FuYXJ5 is canary");
        status(400, &json!({"error_code": "E", "error_msg": message}))
    })
    .await;
    let client = service.signing();
    let call = Call {
        operation: "create_secret".to_owned(),
        body: Some(json!({"secret": {"name": "s", "secrets": {"key": "Y2FuYXJ5"}}})),
        ..Call::default()
    };
    let error = client.call(&call, &never()).await.expect_err("it fails");
    assert!(!format!("{error:?}").contains("Y2Fu"), "{error:?}");
    no_canary(&client, &error);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_can_not_be_sent_is_refused() {
    let service = Service::start(|_, _| ok(&json!({}))).await;
    let config = ClientConfig::new(
        service.url(),
        "",
        "p1",
        Credential::AccessKey {
            access_key: "AK".to_owned(),
            secret_key: CANARY.into(),
            security_token: Some(format!("{CANARY}\n").into()),
        },
    );
    let client = client(config);
    let error = client.call(&call_of(Repeat::Safe), &never()).await;
    let error = error.expect_err("a header can't hold it");
    assert_eq!(error.kind(), ErrorKind::InvalidConfig);
    no_canary(&client, &error);
}

/// The outcome of each step of a connection test, in a word.
async fn steps(client: &Client) -> Vec<(Step, &'static str)> {
    let report = client.test_connection(&never()).await;
    let steps = report.steps.iter().map(|report| {
        let word = match &report.outcome {
            StepOutcome::Passed => "passed",
            StepOutcome::Failed(_) => "failed",
            StepOutcome::Skipped => "skipped",
        };
        (report.step, word)
    });
    steps.collect()
}

/// A service with one account, one project `p1` and one instance `i1`.
async fn strict() -> Service {
    Service::start(|request, number| {
        let body = String::from_utf8_lossy(&request.body);
        let instance = request.headers.get("ief-instance-id");
        match request.target.as_str() {
            "/" => status(404, &json!({})),
            "/v3/auth/tokens" if !body.contains(CANARY) => status(401, &json!({})),
            "/v3/auth/tokens" if body.contains("project") && !body.contains("p1") => {
                status(401, &json!({"error": {"message": "no such project"}}))
            }
            "/v3/auth/tokens" => token(number),
            "/v3/projects" => ok(&json!({"projects": [{"id": "p1", "name": "cn-north-1"}]})),
            _ => match instance.map(String::as_str) {
                Some("i1") => ok(&json!({"count": 0, "nodes": []})),
                Some(_) => status(404, &json!({"error_msg": "no such instance"})),
                None => status(400, &json!({"error_msg": "no instance"})),
            },
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn the_connection_test_says_what_fails() {
    use Party::{Iam, Ief};
    let good = [
        (Step::Resolve(Iam), "passed"),
        (Step::Connect(Iam), "passed"),
        (Step::Tls(Iam), "skipped"),
        (Step::SignIn, "passed"),
        (Step::Project, "passed"),
        (Step::Resolve(Ief), "passed"),
        (Step::Connect(Ief), "passed"),
        (Step::Tls(Ief), "skipped"),
        (Step::Service, "passed"),
        (Step::Instance, "passed"),
    ];
    // Everything up to the failing step passed, everything after it was not tried.
    let failing = |step: usize| {
        let mut steps = good;
        steps[step].1 = "failed";
        for (_, word) in &mut steps[step + 1..] {
            *word = "skipped";
        }
        steps
    };
    let service = strict().await;
    for credential in [password(), key()] {
        let mut config = ClientConfig::new(service.url(), service.url(), "p1", credential);
        config.instance_id = Some("i1".to_owned());
        assert_eq!(steps(&client(config.clone())).await, good);

        let mut wrong = config.clone();
        wrong.instance_id = Some("other".to_owned());
        assert_eq!(steps(&client(wrong)).await, failing(9));

        let mut wrong = config.clone();
        wrong.project_id = "other".to_owned();
        let wrong = client(wrong);
        assert_eq!(steps(&wrong).await, failing(4));
        let projects = wrong
            .projects(&never())
            .await
            .expect("a wrong one hides none");
        assert_eq!(projects.len(), 1);

        let mut wrong = config.clone();
        wrong.project_id = String::new();
        assert_eq!(steps(&client(wrong)).await, failing(4), "no project at all");

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback");
        let mut wrong = config.clone();
        wrong.iam_endpoint = format!("http://{}", listener.local_addr().expect("bound"));
        drop(listener);
        assert_eq!(steps(&client(wrong)).await, failing(1));
    }

    let refusing = Service::start(|request, _| match request.target.as_str() {
        "/" => status(404, &json!({})),
        _ => status(401, &json!({"error_code": "IEF.011005"})),
    })
    .await;
    assert_eq!(steps(&refusing.with_password()).await, failing(3));
    assert_eq!(refusing.sign_ins(), 1, "a wrong password is tried once");
    assert_eq!(steps(&refusing.signing()).await, failing(3));

    // Without IAM the service's answer has to tell everything.
    let bare = |service: &Service| client(ClientConfig::new(service.url(), "", "p1", key()));
    let failed = steps(&bare(&refusing)).await;
    assert!(failed.contains(&(Step::SignIn, "failed")), "{failed:?}");
    assert!(
        failed.contains(&(Step::Connect(Ief), "passed")),
        "{failed:?}"
    );
    let open = Service::start(|_, _| ok(&json!({"count": 0, "nodes": []}))).await;
    let passed = steps(&bare(&open)).await;
    assert!(passed.contains(&(Step::SignIn, "passed")), "{passed:?}");
    assert!(passed.contains(&(Step::Service, "passed")), "{passed:?}");
}
