//! The one place where requests leave this process.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ief_api::operation::Method;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::{ClientConfig, Proxy};
use crate::error::{Error, Source};
use crate::request::{Endpoint, Outgoing};

/// The largest answer that is read, in bytes.
const MAX_BODY: usize = 64 * 1024 * 1024;

/// How long a connection may lie idle before it is not used again. Shorter than what servers allow, so
/// that a request that must not be repeated rarely meets a connection that is just being closed.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// The header with a new token.
const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");
/// Headers with the identifier of a request: the service's and IAM's.
const REQUEST_IDS: [HeaderName; 2] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("x-iam-trace-id"),
];

/// Connections to the two services.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    /// For this computer: never by a proxy, and without loading roots that plain HTTP doesn't need.
    direct: Option<reqwest::Client>,
    /// For everything else.
    remote: Option<reqwest::Client>,
    /// Whether the configuration names a proxy, so that failing to connect is the proxy's failing.
    proxied: bool,
    /// How long reading a body may take.
    body: Duration,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) head: Head,
    pub(crate) body: Bytes,
}

/// What matters of an answer's headers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) request_id: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) content_type: Option<String>,
    /// Marked as sensitive, so that printing this redacts it.
    pub(crate) subject_token: Option<reqwest::header::HeaderValue>,
}

/// Why there is no answer, or only a part of one.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) how: How,
    /// Status and headers, when they had arrived.
    pub(crate) head: Option<(u16, Head)>,
    pub(crate) source: Source,
}

/// How an exchange broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum How {
    /// The request never left.
    NotSent(NotSent),
    /// The connection ended.
    Cut,
    /// Nothing came for too long.
    Idle,
    /// Something came all the time, and the end did not.
    Slow,
    /// The answer is larger than anything this client reads.
    TooLarge,
}

/// Why a request never left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotSent {
    Dns,
    Refused,
    Unreachable,
    Certificate(String),
    Tls,
    Proxy,
}

impl Transport {
    /// Prepares connections to these endpoints. Nothing is connected yet.
    ///
    /// # Errors
    /// When the extra certificates or the proxy can't be read, or the platform has no roots.
    pub(crate) fn new<'a>(
        config: &ClientConfig,
        endpoints: &(impl Iterator<Item = &'a Endpoint> + Clone),
    ) -> Result<Self, Error> {
        let client = |loopback: bool| {
            let mut chosen = endpoints
                .clone()
                .filter(|e| e.loopback == loopback)
                .peekable();
            chosen.peek()?;
            Some(build(config, loopback, chosen.any(|e| e.secure)))
        };
        Ok(Self {
            direct: client(true).transpose()?,
            remote: client(false).transpose()?,
            proxied: matches!(config.proxy, Proxy::Url(_)),
            body: config.timeouts.body,
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When there is none or it doesn't end well. Error statuses are answers.
    pub(crate) async fn send(
        &self,
        endpoint: &Endpoint,
        outgoing: Outgoing,
    ) -> Result<Incoming, Broken> {
        let client = if endpoint.loopback {
            &self.direct
        } else {
            &self.remote
        };
        let client = client
            .as_ref()
            .expect("a client was built for every endpoint of the configuration");
        let method = match outgoing.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = client
            .request(method, outgoing.url)
            .headers(outgoing.headers);
        if !outgoing.body.is_empty() {
            request = request.body(outgoing.body);
        }
        let proxied = self.proxied && !endpoint.loopback;
        let mut response = request
            .send()
            .await
            .map_err(|error| Broken::new(error, None, proxied))?;

        let status = response.status().as_u16();
        let head = Head::read(response.headers_mut());
        let read = tokio::time::timeout(self.body, read_body(response)).await;
        let broken = |how, kind, text| Broken {
            how,
            head: Some((status, head.clone())),
            source: Arc::new(io::Error::new(kind, text)),
        };
        match read {
            Ok(Ok(Some(body))) => Ok(Incoming { status, head, body }),
            Ok(Ok(None)) => Err(broken(
                How::TooLarge,
                io::ErrorKind::FileTooLarge,
                "the answer is too large",
            )),
            Ok(Err(error)) => Err(Broken::new(error, Some((status, head)), proxied)),
            Err(_) => Err(broken(
                How::Slow,
                io::ErrorKind::TimedOut,
                "the answer did not end in time",
            )),
        }
    }
}

/// Reads a body. None when it is larger than anything this client reads.
async fn read_body(mut response: reqwest::Response) -> Result<Option<Bytes>, reqwest::Error> {
    let announced = response
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok())
        .unwrap_or(0);
    if announced > MAX_BODY {
        return Ok(None);
    }
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

impl Head {
    fn read(headers: &mut HeaderMap) -> Self {
        let text = |name: &HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let mut head = Self {
            request_id: REQUEST_IDS.iter().find_map(text),
            date: text(&DATE),
            retry_after: text(&RETRY_AFTER),
            content_type: text(&CONTENT_TYPE),
            subject_token: None,
        };
        head.subject_token = headers.remove(SUBJECT_TOKEN).map(|mut token| {
            token.set_sensitive(true);
            token
        });
        head
    }
}

impl Broken {
    fn new(error: reqwest::Error, head: Option<(u16, Head)>, proxied: bool) -> Self {
        let how = if error.is_connect() && head.is_none() {
            How::NotSent(not_sent(&error, proxied))
        } else if error.is_timeout() {
            How::Idle
        } else {
            How::Cut
        };
        Self {
            how,
            head,
            // The address adds nothing to what the operation's name says, and is long.
            source: Arc::new(error.without_url()),
        }
    }
}

/// Tells why a connection was not made from the chain of causes.
fn not_sent(error: &reqwest::Error, proxied: bool) -> NotSent {
    let mut refused = false;
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(tls) = current.downcast_ref::<rustls::Error>() {
            return match tls {
                rustls::Error::InvalidCertificate(reason) => {
                    NotSent::Certificate(reason.to_string())
                }
                _ => NotSent::Tls,
            };
        }
        if let Some(io) = current.downcast_ref::<io::Error>() {
            refused |= io.kind() == io::ErrorKind::ConnectionRefused;
            // A connection that ends while TLS is agreed on.
            if io.kind() == io::ErrorKind::UnexpectedEof {
                return NotSent::Tls;
            }
        }
        // The type is not public; its text is the only thing that tells it.
        if current.to_string().starts_with("tunnel error") {
            return NotSent::Proxy;
        }
        // An `io::Error` hands out the cause of what it wraps, never that itself.
        let wrapped = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => current.source(),
        };
    }
    if proxied {
        NotSent::Proxy
    } else if error.is_dns() {
        NotSent::Dns
    } else if refused {
        NotSent::Refused
    } else {
        NotSent::Unreachable
    }
}

fn build(config: &ClientConfig, loopback: bool, secure: bool) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("edge-console/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(config.timeouts.connect)
        .read_timeout(config.timeouts.idle)
        .pool_idle_timeout(POOL_IDLE)
        .tcp_nodelay(true)
        // A signature covers one address; following a redirect would send the proof elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        // One rule decides about repeating, and it isn't this one.
        .retry(reqwest::retry::never())
        .tls_backend_preconfigured(tls(config, secure)?);
    match &config.proxy {
        _ if loopback => builder = builder.no_proxy(),
        Proxy::System => {}
        Proxy::None => builder = builder.no_proxy(),
        Proxy::Url(url) => {
            // The cause is left out: it would repeat the address, which may hold a password.
            let proxy = reqwest::Proxy::all(url).map_err(|_| Error::InvalidConfig {
                field: "proxy",
                reason: "it is not the address of a proxy".to_owned(),
            })?;
            builder = builder.proxy(proxy);
        }
    }
    builder.build().map_err(|error| Error::InvalidConfig {
        field: "transport",
        reason: error.without_url().to_string(),
    })
}

/// TLS with the platform's verifier and the extra certificates.
fn tls(config: &ClientConfig, secure: bool) -> Result<rustls::ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("the provider supports the default versions");
    let mut tls = if secure {
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(
            extra_roots(config.extra_ca_pem.as_deref())?,
            provider,
        )
        .map_err(|error| Error::InvalidConfig {
            field: "extra_ca_pem",
            reason: error.to_string(),
        })?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth()
    } else {
        // Nothing here is reached by TLS, and a computer without any roots still has to run the
        // simulator. An empty store trusts nobody.
        builder
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth()
    };
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

fn extra_roots(pem: Option<&str>) -> Result<Vec<CertificateDer<'static>>, Error> {
    let Some(pem) = pem.filter(|pem| !pem.trim().is_empty()) else {
        return Ok(Vec::new());
    };
    let invalid = |reason: String| Error::InvalidConfig {
        field: "extra_ca_pem",
        reason,
    };
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| invalid(error.to_string()))?;
    if certificates.is_empty() {
        return Err(invalid("it contains no certificate".to_owned()));
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{How, NotSent, Transport};
    use crate::request::{Endpoint, Outgoing};
    use crate::testing::{Service, key, status};
    use crate::{ClientConfig, Proxy};

    /// With the system's proxy nobody knows beforehand whether there is one, so what a proxy says has to
    /// be told from the error alone.
    #[tokio::test(start_paused = true)]
    async fn a_proxy_that_refuses_is_told_by_its_error() {
        for code in [403, 407, 502] {
            let proxy = Service::start(move |_, _| status(code, &Value::Null)).await;
            let mut config = ClientConfig::new("https://ief.example.com", "", "p1", key());
            config.proxy = Proxy::Url(proxy.url());
            let endpoint = Endpoint::parse("endpoint", &config.endpoint).expect("valid");
            let mut transport =
                Transport::new(&config, &std::iter::once(&endpoint)).expect("valid");
            transport.proxied = false;
            let outgoing = Outgoing {
                method: ief_api::operation::Method::Get,
                url: endpoint.root(),
                headers: reqwest::header::HeaderMap::new(),
                body: bytes::Bytes::new(),
            };
            let broken = transport.send(&endpoint, outgoing).await;
            let broken = broken.expect_err("the proxy refuses");
            assert_eq!(broken.how, How::NotSent(NotSent::Proxy), "{code}");
        }
    }
}
