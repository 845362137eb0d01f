//! Rules of endpoints (section 4.9).

use super::Limit;
use super::common::{DESCRIPTION, NAME};
use crate::codes;

rules! {
    /// Name (table 4-376).
    ENDPOINT_NAME = "endpoint_name", &codes::ENDPOINT_NAME, Limit::text(1, 64, NAME);
    /// Description (table 4-376).
    ENDPOINT_DESCRIPTION = "endpoint_description", &codes::ENDPOINT_DESCRIPTION,
        Limit::text(0, 255, DESCRIPTION);
    /// Type (tables 4-367 and 4-376).
    ENDPOINT_TYPE = "endpoint_type", &codes::ENDPOINT_TYPE,
        Limit::OneOf(&["dis", "servicebus", "apigw"]);
    /// Account of a stream or an API (table 4-376). The reference sets no limit; identifiers of accounts are
    /// 32 hexadecimal digits, and names are what other identifiers may be.
    ENDPOINT_DOMAIN = "endpoint_domain", &codes::ENDPOINT_PROPERTIES, Limit::text(1, 64, NAME);
    /// Port of a service on a node (table 4-376).
    ENDPOINT_PORT = "endpoint_port", &codes::ENDPOINT_PROPERTIES,
        Limit::Integer { min: 1, max: 65535 };
    /// Whether shared endpoints are asked for (table 4-367).
    ENDPOINT_SHARED = "endpoint_shared", &codes::REQUEST_PARAMETERS,
        Limit::OneOf(&["true", "false"]);
}
