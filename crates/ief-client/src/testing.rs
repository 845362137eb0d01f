//! A service of a few lines, for trying the client against every way in which one can misbehave.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::{Client, ClientConfig, Credential, Environment};

/// A secret that must turn up nowhere.
pub(crate) const CANARY: &str = "canary-Zq7!/secret";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| ief_api::uri::decode(value))
    }

    pub(crate) fn signs_in(&self) -> bool {
        self.target == "/v3/auth/tokens"
    }
}

/// What the service does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// Answers.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Answers with less than it announced, then closes.
    Truncate(u16, String),
    /// Closes without an answer.
    Cut,
    /// Says nothing, ever.
    Nothing,
    /// Begins to answer with this status and sends another byte every two seconds, without end.
    Drip(u16),
}

pub(crate) fn ok(body: &Value) -> Does {
    status(200, body)
}

pub(crate) fn status(status: u16, body: &Value) -> Does {
    Does::Answer(status, Vec::new(), body.to_string())
}

/// A sign-in that works, for project `p1`.
pub(crate) fn token(number: usize) -> Does {
    let body = json!({"token": {
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "expires_at": "2026-01-02T00:00:00.000000Z",
        "project": {"id": "p1", "name": "cn-north-1"},
    }});
    let token = format!("{CANARY}-token-{number}");
    Does::Answer(201, vec![("X-Subject-Token", token)], body.to_string())
}

/// The service: what it received, and where it listens.
pub(crate) struct Service {
    pub(crate) address: String,
    received: Arc<Mutex<Vec<Received>>>,
}

type Handler = dyn Fn(&Received, usize) -> Does + Send + Sync;

impl Service {
    /// Starts it. The handler gets each request with its number from 0.
    pub(crate) async fn start(
        handler: impl Fn(&Received, usize) -> Does + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(None, handler).await
    }

    /// The same behind TLS.
    pub(crate) async fn start_with(
        tls: Option<TlsAcceptor>,
        handler: impl Fn(&Received, usize) -> Does + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound").to_string();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = received.clone();
        let handler: Arc<Handler> = Arc::new(handler);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, handler, tls) = (log.clone(), handler.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &log, &*handler).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &log, &*handler).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, received }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().expect("not poisoned").clone()
    }

    /// How many requests came beside sign-ins.
    pub(crate) fn calls(&self) -> usize {
        self.received().iter().filter(|r| !r.signs_in()).count()
    }

    pub(crate) fn sign_ins(&self) -> usize {
        self.received().iter().filter(|r| r.signs_in()).count()
    }

    /// A client that signs.
    pub(crate) fn signing(&self) -> Client {
        client(ClientConfig::new(self.url(), self.url(), "p1", key()))
    }

    /// A client with a password.
    pub(crate) fn with_password(&self) -> Client {
        client(ClientConfig::new(self.url(), self.url(), "p1", password()))
    }
}

pub(crate) fn key() -> Credential {
    Credential::AccessKey {
        access_key: "AK".to_owned(),
        secret_key: CANARY.into(),
        security_token: None,
    }
}

pub(crate) fn password() -> Credential {
    Credential::Password {
        domain: "account".to_owned(),
        user: "user".to_owned(),
        password: CANARY.into(),
    }
}

/// A client whose pauses are as long as they may be.
pub(crate) fn client(config: ClientConfig) -> Client {
    let environment = Environment {
        jitter: || 1.0,
        ..Environment::default()
    };
    Client::with_environment(config, environment).expect("a valid configuration")
}

pub(crate) fn never() -> CancellationToken {
    CancellationToken::new()
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    log: &Mutex<Vec<Received>>,
    handler: &Handler,
) {
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut log = log.lock().expect("not poisoned");
            log.push(request.clone());
            log.len() - 1
        };
        let (status, headers, body, cut) = match handler(&request, number) {
            Does::Answer(status, headers, body) => (status, headers, body, 0),
            Does::Truncate(status, body) => (status, Vec::new(), body, 5),
            Does::Cut => return,
            Does::Nothing => std::future::pending().await,
            Does::Drip(status) => return drip(&mut stream, status).await,
        };
        let mut text = format!("HTTP/1.1 {status} X\r\nX-Request-Id: r{number}\r\n");
        if !headers.iter().any(|(name, _)| *name == "Content-Length") {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&body[..body.len() - cut]);
        if stream.write_all(text.as_bytes()).await.is_err() || cut > 0 {
            return;
        }
    }
}

async fn drip<S: AsyncWrite + Unpin>(stream: &mut S, status: u16) {
    let mut text = format!("HTTP/1.1 {status} X\r\nTransfer-Encoding: chunked\r\n\r\n");
    while stream.write_all(text.as_bytes()).await.is_ok() {
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        text = "1\r\n \r\n".to_owned();
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: BTreeMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().expect("a length"));
    let mut body = bytes[end..].to_vec();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received {
        method,
        target,
        headers,
        body,
    })
}
