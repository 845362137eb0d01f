//! From a call to what goes on the wire. Pure.

use bytes::Bytes;
use ief_api::operation::{Call, CallError, Method, OperationSpec};
use ief_api::uri;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::sign::{self, Signable};

/// The header that names the platinum instance.
const INSTANCE_HEADER: HeaderName = HeaderName::from_static("ief-instance-id");
/// The header that names the project in signed requests.
const PROJECT_HEADER: HeaderName = HeaderName::from_static("x-project-id");
/// The header that temporary access keys need.
const SECURITY_TOKEN_HEADER: HeaderName = HeaderName::from_static("x-security-token");
/// The header that carries a token.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-auth-token");

/// Where a service answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// Scheme, host and port.
    origin: String,
    /// What stands before every path. Empty, or begins with a slash and doesn't end with one.
    base: String,
    /// Host with the port where it isn't the scheme's own, as the `Host` header has it.
    pub(crate) host: String,
    /// Whether it is this computer.
    pub(crate) loopback: bool,
    /// Whether it is reached by TLS.
    pub(crate) secure: bool,
}

impl Endpoint {
    /// Reads an endpoint.
    ///
    /// # Errors
    /// When it isn't an `https://` address, or an `http://` one of loopback, without query, fragment and
    /// user.
    pub(crate) fn parse(field: &'static str, text: &str) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::InvalidConfig {
            field,
            reason: reason.to_owned(),
        };
        let url = Url::parse(text.trim()).map_err(|_| invalid("it is not an address"))?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(invalid("it has to begin with https://")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it must not contain a user or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it must not contain a query or a fragment"));
        }
        let name = url.host_str().ok_or_else(|| invalid("it has no host"))?;
        let loopback = is_loopback(name);
        if !secure && !loopback {
            return Err(invalid(
                "only https:// is used beyond this computer, where others could read along",
            ));
        }
        let host = match url.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Ok(Self {
            origin: format!("{}://{host}", url.scheme()),
            base: url.path().trim_end_matches('/').to_owned(),
            host,
            loopback,
            secure,
        })
    }

    /// The address of nothing in particular, for finding out whether anybody answers.
    pub(crate) fn root(&self) -> String {
        format!("{}{}/", self.origin, self.base)
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A request that lacks nothing but the proof of who sends it, so that it can be sent again with another.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) method: Method,
    pub(crate) endpoint: Endpoint,
    /// Encoded, with the endpoint's base.
    path: String,
    /// Not encoded, in the order in which it is sent.
    query: Vec<(String, String)>,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A request as it is sent.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What proves who sends a request.
#[derive(Debug)]
pub(crate) enum Proof<'a> {
    /// Nothing: the request for a token itself.
    None,
    /// A token.
    Token(&'a SecretString),
    /// A signature.
    Signature {
        access_key: &'a str,
        secret_key: &'a SecretString,
        security_token: Option<&'a SecretString>,
        /// None for IAM, whose answers don't depend on a project.
        project_id: Option<&'a str>,
        date: &'a str,
    },
}

impl Draft {
    /// The request of a call.
    ///
    /// # Errors
    /// When a path parameter is missing or can't stand in a path, the project included.
    pub(crate) fn new(
        spec: &OperationSpec,
        call: &Call,
        endpoint: &Endpoint,
        project_id: &str,
        instance_id: Option<&HeaderValue>,
    ) -> Result<Self, Error> {
        // Whoever reads the address would take these for steps in it, and ask for another path than the one
        // that was signed. The project may come from IAM's answer, so nobody has looked at it before.
        if matches!(project_id, "." | "..") {
            let error = CallError::WrongType("project_id".to_owned());
            return Err(Error::call(spec.name, error));
        }
        let path = call
            .request_path(spec, project_id)
            .map_err(|error| Error::call(spec.name, error))?;
        let body = match &call.body {
            Some(body) => Bytes::from(body.to_string()),
            None => Bytes::new(),
        };
        let mut draft = Self::with_body(spec, endpoint, &path, body);
        draft.query.clone_from(&call.query);
        if let Some(instance_id) = instance_id {
            draft.headers.insert(INSTANCE_HEADER, instance_id.clone());
        }
        Ok(draft)
    }

    /// The request of an operation whose body was written elsewhere.
    pub(crate) fn with_body(
        spec: &OperationSpec,
        endpoint: &Endpoint,
        path: &str,
        body: Bytes,
    ) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            method: spec.method,
            endpoint: endpoint.clone(),
            path: format!("{}{path}", endpoint.base),
            query: Vec::new(),
            headers,
            body,
        }
    }

    /// The request with its proof.
    ///
    /// # Errors
    /// When a part of the credential can't stand in a header.
    pub(crate) fn prove(&self, proof: &Proof<'_>) -> Result<Outgoing, Error> {
        let mut headers = self.headers.clone();
        match proof {
            Proof::None => {}
            Proof::Token(token) => {
                headers.insert(TOKEN_HEADER, secret_header("token", token)?);
            }
            Proof::Signature {
                access_key,
                secret_key,
                security_token,
                project_id,
                date,
            } => {
                if let Some(project_id) = project_id {
                    headers.insert(PROJECT_HEADER, header("project_id", project_id)?);
                }
                if let Some(token) = security_token {
                    headers.insert(
                        SECURITY_TOKEN_HEADER,
                        secret_header("security_token", token)?,
                    );
                }
                headers.insert(
                    HeaderName::from_static(sign::DATE_HEADER),
                    header("clock", date)?,
                );
                let authorization = {
                    let mut signed = vec![("host", self.endpoint.host.as_str())];
                    for (name, value) in &headers {
                        // Every value was made from ASCII text above.
                        signed.push((name.as_str(), value.to_str().unwrap_or_default()));
                    }
                    sign::authorization(
                        &Signable {
                            method: self.method.as_str(),
                            path: &self.path,
                            query: &self.query,
                            headers: &signed,
                            body: &self.body,
                        },
                        access_key,
                        secret_key,
                        date,
                    )
                };
                let mut value = header("access_key", &authorization)?;
                value.set_sensitive(true);
                headers.insert(reqwest::header::AUTHORIZATION, value);
            }
        }
        Ok(Outgoing {
            method: self.method,
            url: self.url(),
            headers,
            body: self.body.clone(),
        })
    }

    fn url(&self) -> String {
        let mut url = format!("{}{}", self.endpoint.origin, self.path);
        if !self.query.is_empty() {
            url.push('?');
            url.push_str(&uri::query_string(&self.query));
        }
        url
    }
}

/// A header's value made from a part of the configuration.
///
/// # Errors
/// When it holds anything but visible ASCII characters.
pub(crate) fn header(field: &'static str, text: &str) -> Result<HeaderValue, Error> {
    let visible = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    match HeaderValue::from_str(text) {
        Ok(value) if visible => Ok(value),
        _ => Err(Error::InvalidConfig {
            field,
            reason: "it contains characters that can't be sent".to_owned(),
        }),
    }
}

fn secret_header(field: &'static str, secret: &SecretString) -> Result<HeaderValue, Error> {
    // Exposed because the header is how it has to be sent; it is marked so that nothing prints it.
    let mut value = header(field, secret.expose_secret())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use ief_api::catalogue;
    use ief_api::operation::Call;
    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use reqwest::Url;
    use serde_json::json;

    use super::{Draft, Endpoint, Error, Proof, header};

    #[track_caller]
    fn refused(text: &str) {
        assert!(Endpoint::parse("endpoint", text).is_err(), "{text}");
    }

    #[test]
    fn plain_http_stays_on_this_computer() {
        for text in [
            "http://127.0.0.1:8080",
            "http://localhost/",
            "http://[::1]:9",
            "http://127.9.9.9",
        ] {
            assert!(Endpoint::parse("endpoint", text).is_ok(), "{text}");
        }
        for text in [
            "http://10.0.0.1",
            "http://ief.example.com",
            "http://localhost.example.com",
            "ftp://localhost",
            "https://user:word@example.com",
            "https://example.com/?a=b",
            "https://example.com/#a",
            "example.com",
            "",
        ] {
            refused(text);
        }
    }

    #[test]
    fn the_host_header_leaves_the_usual_port_out() {
        let host = |text| Endpoint::parse("endpoint", text).map(|e| e.host).ok();
        assert_eq!(
            host("https://EXAMPLE.com:443/").as_deref(),
            Some("example.com")
        );
        assert_eq!(
            host("https://example.com:8443").as_deref(),
            Some("example.com:8443")
        );
        assert_eq!(host("http://[::1]:80").as_deref(), Some("[::1]"));
    }

    #[test]
    fn a_call_becomes_path_query_headers_and_body() {
        let spec = catalogue::operation("update_edge_node").expect("in the catalogue");
        let arguments = json!({"node_id": "a/b", "body": {"node": {"description": "ü"}}});
        let call = Call::from_arguments(spec, arguments.as_object().expect("an object"))
            .expect("a valid call");
        let endpoint = Endpoint::parse("endpoint", "https://example.com/base/").expect("valid");
        let instance = header("instance_id", "i1").expect("valid");
        let draft = Draft::new(spec, &call, &endpoint, "p 1", Some(&instance)).expect("complete");
        let outgoing = draft.prove(&Proof::Token(&"t".into())).expect("provable");
        assert_eq!(
            outgoing.url,
            "https://example.com/base/v2/p%201/edgemgr/nodes/a%2Fb"
        );
        assert_eq!(outgoing.headers["ief-instance-id"], "i1");
        assert_eq!(outgoing.headers["x-auth-token"], "t");
        assert_eq!(outgoing.headers["content-type"], "application/json");
        assert_eq!(
            &outgoing.body[..],
            r#"{"node":{"description":"ü"}}"#.as_bytes()
        );
        assert!(!format!("{outgoing:?}").contains("\"t\""));
    }

    #[test]
    fn a_project_is_no_step_in_the_path() {
        let spec = catalogue::operation("list_edge_nodes").expect("in the catalogue");
        let endpoint = Endpoint::parse("endpoint", "https://example.com").expect("valid");
        let call = Call {
            operation: spec.name.to_owned(),
            ..Call::default()
        };
        let draft = |project| Draft::new(spec, &call, &endpoint, project, None);
        for project in [".", ".."] {
            assert!(
                matches!(draft(project), Err(Error::InvalidCall { .. })),
                "{project}"
            );
        }
        let url = draft("...").expect("a name like any other").url();
        assert_eq!(url, "https://example.com/v2/.../edgemgr/nodes");
    }

    proptest! {
        #[test]
        fn nothing_changes_the_address_on_its_way(
            node in any::<String>(),
            project in "\\PC*|[./%2e]{0,4}",
            query in vec(any::<(String, String)>(), 0..4),
        ) {
            let spec = catalogue::operation("show_edge_node_detail").expect("in the catalogue");
            let endpoint = Endpoint::parse("endpoint", "https://example.com").expect("valid");
            let mut call = Call { operation: spec.name.to_owned(), query, ..Call::default() };
            call.path.insert("node_id".to_owned(), node);
            // Empty and dotted identifiers are refused, which is as good.
            if let Ok(draft) = Draft::new(spec, &call, &endpoint, &project, None) {
                let url = draft.url();
                let parsed = Url::parse(&url).expect("an address");
                prop_assert_eq!(parsed.as_str(), &url);
            }
        }
    }
}
