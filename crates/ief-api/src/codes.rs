//! The error codes of table 7-1, and how the service writes an error.
//!
//! What a code means and what to do about it, in both languages, stands in the locales under the code.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A documented error code.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code as the service writes it: `IEF.100067`.
    pub code: &'static str,
    /// The HTTP status it comes with. The reference doesn't say; this is what fits its meaning.
    pub status: u16,
}

/// An error as the service writes it, in any of the forms the reference and the gateway use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Code such as `IEF.100067` or `APIGW.0301`. Empty when the body had none.
    pub error_code: String,
    /// The service's own sentence. Empty when the body had none.
    pub error_msg: String,
}

impl ErrorBody {
    /// Reads an error from a body. Never fails: what isn't there stays empty.
    #[must_use]
    pub fn read(body: &Value) -> Self {
        let text = |value: &Value, names: &[&str]| {
            names
                .iter()
                .find_map(|name| match value.get(name)? {
                    Value::String(text) if !text.is_empty() => Some(text.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                })
                .unwrap_or_default()
        };
        // IAM and some gateways wrap the error once more.
        let inner = body.get("error").filter(|e| e.is_object()).unwrap_or(body);
        Self {
            error_code: text(inner, &["error_code", "errorCode", "code"]),
            error_msg: text(
                inner,
                &["error_msg", "error_message", "errorMsg", "message"],
            ),
        }
    }
}

/// A documented code by its text.
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorCode> {
    ALL.iter().copied().find(|known| known.code == code)
}

/// Declares codes and the list of all of them.
macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident = $code:literal, $status:literal; )+) => {
        $( $(#[$doc])* pub static $name: ErrorCode = ErrorCode { code: $code, status: $status }; )+
        /// Every documented code.
        pub static ALL: &[&ErrorCode] = &[$(&$name),+];
    };
}

codes! {
    /// No operation at this path and method.
    NOT_REGISTERED = "IEF.011002", 404;
    /// The token or signature was not accepted.
    AUTHENTICATION = "IEF.011005", 401;
    /// `offset` is not a number from zero.
    OFFSET = "IEF.100004", 400;
    /// `limit` lies outside the operation's range.
    LIMIT = "IEF.100005", 400;
    /// A name breaks its rule.
    NAME = "IEF.100012", 400;
    /// Relation or comment of a binding breaks its rule.
    BINDING_TEXT = "IEF.100021", 400;
    /// The device is bound to a node.
    DEVICE_BOUND = "IEF.100058", 409;
    /// The node has bound devices.
    NODE_HAS_DEVICES = "IEF.100067", 409;
    /// A parameter breaks its rule.
    PARAMETER = "IEF.100100", 400;
    /// The quota is used up.
    QUOTA = "IEF.100126", 403;
    /// The node can't be told to do this.
    NODE_OPERATION = "IEF.100163", 400;
    /// The node's software is too old for this.
    NODE_VERSION = "IEF.100166", 400;
    /// There is no such resource.
    NOT_FOUND = "IEF.100404", 404;
    /// There is one of this name already.
    EXISTS = "IEF.104004", 409;
    /// There is no such device.
    DEVICE_NOT_FOUND = "IEF.110080", 404;
    /// There is no such device template.
    TEMPLATE_NOT_FOUND = "IEF.110081", 404;
    /// The service failed.
    INTERNAL = "IEF.120001", 500;
    /// The request carries no token.
    NO_TOKEN = "IEF.310000", 401;
    /// The token could not be read.
    BAD_TOKEN = "IEF.310001", 401;
    /// The token has expired.
    TOKEN_EXPIRED = "IEF.310002", 401;
}
