//! A client that is as plain as can be, so that it hides nothing.

use std::future::Future;
use std::io::Read;

use base64::Engine;
use hmac::{Hmac, Mac};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use ief_sim::{Account, Options, Pace, Running, Simulator};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The status, and the body when it is as expected; shows the body when not.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks that the answer is this error.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) {
        let found = self.body["error_code"].as_str().unwrap_or_default();
        assert_eq!((self.status, found), (status, code), "{}", self.body);
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A simulator with a signed-in client.
pub(crate) struct Sim {
    pub(crate) running: Running,
    pub(crate) token: String,
}

/// Options under which nothing happens unless it is asked for.
pub(crate) fn still(nodes: u64) -> Options {
    Options {
        nodes,
        pace: Pace::Manual,
        ..Options::default()
    }
}

/// Runs a test against a simulator.
pub(crate) fn with<F: Future<Output = ()>>(options: Options, test: impl FnOnce(Sim) -> F) {
    block_on(async {
        let running = Simulator::start(options).await.unwrap();
        let mut sim = Sim {
            running,
            token: String::new(),
        };
        sim.sign_in().await;
        test(sim).await;
    });
}

pub(crate) fn block_on<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test)
}

impl Sim {
    pub(crate) fn account(&self) -> &Account {
        self.running.account()
    }

    pub(crate) async fn sign_in(&mut self) {
        let body = password_body(self.account());
        let answer = send(self.account(), "POST", "/v3/auth/tokens", &[], Some(&body)).await;
        self.token = answer
            .unwrap()
            .header("x-subject-token")
            .unwrap()
            .to_owned();
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, String> {
        let account = self.account();
        // Most of the service is one part, and some of it others.
        let others = ["/routemgr/", "/ief-", "/productmgr/", "/edm/"];
        let part = match others.iter().any(|other| path.starts_with(other)) {
            true => "",
            false => "/edgemgr",
        };
        let version = match path.starts_with("/deployments") || path.starts_with("/pods") {
            true => "v3",
            false => "v2",
        };
        let path = format!("/{version}/{}{part}{path}", account.project_id);
        let mut headers = vec![("x-auth-token", self.token.as_str())];
        if let Some(instance) = &account.instance_id {
            headers.push(("ief-instance-id", instance));
        }
        let body = body.map(|body| body.to_string());
        send(account, method, &path, &headers, body.as_deref()).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.try_call(method, path, body).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    /// Registers a node and returns its identifier.
    pub(crate) async fn node(&self, name: &str) -> String {
        let answer = self.post("/nodes", json!({"node": {"name": name}})).await;
        text(&answer.expect(201)["node"]["id"])
    }

    /// Registers a device and returns its identifier.
    pub(crate) async fn device(&self, device: Value) -> String {
        let answer = self.post("/devices", json!({"device": device})).await;
        text(&answer.expect(201)["device"]["id"])
    }

    /// The node with this identifier.
    pub(crate) async fn show(&self, id: &str) -> Value {
        self.get(&format!("/nodes/{id}")).await.expect(200)["node"].take()
    }

    /// The first node in this state.
    pub(crate) async fn node_in(&self, state: &str) -> Value {
        let answer = self.get(&format!("/nodes?limit=1000&state={state}")).await;
        answer.expect(200)["nodes"][0].take()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// The files of a package, by name.
pub(crate) fn unpack(package: &Value) -> Vec<(String, String)> {
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text(package))
        .unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut content = String::new();
        entry.read_to_string(&mut content).unwrap();
        (entry.path().unwrap().display().to_string(), content)
    });
    entries.collect()
}

pub(crate) fn password_body(account: &Account) -> String {
    json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": account.user,
            "password": account.password.expose_secret(),
            "domain": {"name": account.domain},
        }}},
        "scope": {"project": {"name": account.project_name}},
    }})
    .to_string()
}

/// Sends one request on a connection of its own.
pub(crate) async fn send(
    account: &Account,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<Answer, String> {
    let address = account.endpoint.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    exchange(stream, address, method, path, headers, body).await
}

/// Sends one request on an open connection.
pub(crate) async fn exchange<S>(
    stream: S,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<Answer, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).unwrap())
        .uri(path)
        .header("host", host)
        .header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, value.as_bytes());
    }
    let body = Full::new(Bytes::from(body.unwrap_or_default().to_owned()));
    let answer = sender.send_request(request.body(body).unwrap()).await;
    let answer = answer.map_err(|error| error.to_string())?;
    let (parts, body) = answer.into_parts();
    let bytes = body
        .collect()
        .await
        .map_err(|error| error.to_string())?
        .to_bytes();
    driver.abort();
    let body = match bytes.as_ref() {
        b"" => Value::Null,
        bytes => serde_json::from_slice(bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned())),
    };
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body,
    })
}

/// A signed request: what is signed can differ from what is sent.
pub(crate) struct Signing<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) secret_key: &'a str,
    pub(crate) date: String,
    pub(crate) signed: Vec<&'static str>,
    pub(crate) signed_body: &'a str,
}

impl<'a> Signing<'a> {
    pub(crate) fn of(account: &'a Account) -> Self {
        Self {
            access_key: &account.access_key,
            secret_key: account.secret_key.expose_secret(),
            date: chrono::Utc::now().format("%Y%m%dT%H%M%SZ").to_string(),
            signed: vec!["host", "x-sdk-date"],
            signed_body: "",
        }
    }

    /// Signs and sends. The path has nothing in it that would have to be encoded.
    pub(crate) async fn send(
        &self,
        account: &Account,
        method: &str,
        path: &str,
        body: Option<&str>,
        more: &[(&str, &str)],
    ) -> Answer {
        let host = account.endpoint.strip_prefix("http://").unwrap();
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let lines: String = self
            .signed
            .iter()
            .map(|name| match *name {
                "host" => format!("host:{host}\n"),
                _ => format!("x-sdk-date:{}\n", self.date),
            })
            .collect();
        let names = self.signed.join(";");
        let hash = hex(&Sha256::digest(self.signed_body));
        let canonical = format!("{method}\n{bare}/\n{query}\n{lines}\n{names}\n{hash}");
        let canonical = hex(&Sha256::digest(canonical));
        let to_sign = format!("SDK-HMAC-SHA256\n{}\n{canonical}", self.date);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes()).unwrap();
        mac.update(to_sign.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let access = self.access_key;
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={access}, SignedHeaders={names}, Signature={signature}"
        );
        let mut headers = vec![("x-sdk-date", self.date.as_str())];
        headers.push(("authorization", &authorization));
        if let Some(instance) = &account.instance_id {
            headers.push(("ief-instance-id", instance));
        }
        headers.extend(more);
        send(account, method, path, &headers, body).await.unwrap()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
