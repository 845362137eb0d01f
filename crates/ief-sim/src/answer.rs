//! What a handler answers: a reply with its status, or a refusal with the service's code.

use std::borrow::Cow;

use hyper::header::{HeaderName, HeaderValue};
use ief_api::codes::ErrorCode;
use ief_api::operation::CallError;
use ief_api::rules::Violation;

/// A successful answer before it is written.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    /// The body.
    pub(crate) body: T,
    /// Headers beyond those that every answer has.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl<T> Reply<T> {
    pub(crate) fn new(body: T) -> Self {
        Self {
            body,
            headers: Vec::new(),
        }
    }
}

/// How the body of a refusal is written, which depends on who refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `{"error_code": …, "error_msg": …}`, as IEF and the gateway in front of it write it.
    Service,
    /// `{"error": {"code": …, "message": …, "title": …}}`, as IAM writes it.
    Iam,
    /// A page of HTML, as load balancers write it.
    Page,
}

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// `IEF.100067`, `APIGW.0301` and the like.
    pub(crate) code: Cow<'static, str>,
    /// The sentence for the reader.
    pub(crate) message: String,
    /// How it is written.
    pub(crate) form: Form,
    /// Seconds for the `Retry-After` header.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal with a documented code and its status.
    pub(crate) fn new(code: &'static ErrorCode, message: impl Into<String>) -> Self {
        Self::with_status(code.status, code.code, message)
    }

    /// A refusal that the gateway in front of the service gives.
    pub(crate) fn with_status(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            message: message.into(),
            form: Form::Service,
            retry_after: None,
        }
    }

    /// The same refusal in IAM's form.
    pub(crate) fn iam(status: u16, message: impl Into<String>) -> Self {
        Self {
            form: Form::Iam,
            ..Self::with_status(status, "", message)
        }
    }

    /// A broken rule, with the code that the reference gives for it.
    pub(crate) fn violation(violation: &Violation) -> Self {
        let status = ief_api::codes::find(&violation.code).map_or(400, |code| code.status);
        Self {
            code: Cow::Owned(violation.code.clone()),
            ..Self::with_status(status, "", format!("The request is invalid: {violation}."))
        }
    }

    /// A call that doesn't have the operation's shape.
    pub(crate) fn call(error: &CallError) -> Self {
        let code = match error {
            CallError::WrongType(name) if name == "limit" => &ief_api::codes::LIMIT,
            CallError::WrongType(name) if name == "offset" => &ief_api::codes::OFFSET,
            _ => &ief_api::codes::PARAMETER,
        };
        Self::new(code, format!("The request is invalid: {error}."))
    }

    /// The body, with its content type.
    pub(crate) fn body(&self, request_id: &str) -> (&'static str, Vec<u8>) {
        let json = match self.form {
            Form::Service => serde_json::json!({
                "error_code": self.code,
                "error_msg": self.message,
                "request_id": request_id,
            }),
            Form::Iam => serde_json::json!({
                "error": {
                    "code": self.status,
                    "message": self.message,
                    "title": title(self.status),
                }
            }),
            Form::Page => {
                let title = title(self.status);
                let page = format!(
                    "<html><head><title>{0} {title}</title></head><body><h1>{0} {title}</h1></body></html>\n",
                    self.status
                );
                return ("text/html", page.into_bytes());
            }
        };
        ("application/json", json.to_string().into_bytes())
    }
}

fn title(status: u16) -> &'static str {
    hyper::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error")
}
