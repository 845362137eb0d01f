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

/// A known code by its text: one of table 7-1 or one of the gateway, which writes its own as
/// `APIGW.0301` or, in newer regions, as `APIG.0301`.
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorCode> {
    let gateway = code.strip_prefix("APIG.");
    ALL.iter().chain(GATEWAY).copied().find(|known| {
        known.code == code
            || gateway.is_some_and(|number| known.code.strip_prefix("APIGW.") == Some(number))
    })
}

/// Declares codes and the list of all of them.
macro_rules! codes {
    ($list:ident: $list_doc:literal; $( $(#[$doc:meta])* $name:ident = $code:literal, $status:literal; )+) => {
        $( $(#[$doc])* pub static $name: ErrorCode = ErrorCode { code: $code, status: $status }; )+
        #[doc = $list_doc]
        pub static $list: &[&ErrorCode] = &[$(&$name),+];
    };
}

codes! {
    ALL: "Every code of table 7-1.";

    // Gateway and parameters.
    /// No operation at this path and method.
    NOT_REGISTERED = "IEF.011002", 404;
    /// The token or signature was not accepted.
    AUTHENTICATION = "IEF.011005", 401;
    /// `offset` is not a number from zero.
    OFFSET = "IEF.100004", 400;
    /// `limit` lies outside the operation's range.
    LIMIT = "IEF.100005", 400;

    // Application templates, nodes, devices.
    /// A volume of a container breaks its rule.
    APP_VOLUME = "IEF.100009", 400;
    /// The version of an application template breaks its rule.
    APP_VERSION = "IEF.100010", 400;
    /// The name of an application template breaks its rule.
    APP_TEMPLATE_NAME = "IEF.100011", 400;
    /// A name breaks its rule.
    NAME = "IEF.100012", 400;
    /// An environment variable breaks its rule.
    APP_ENV = "IEF.100013", 400;
    /// The address of an application template's icon breaks its rule.
    APP_ICON = "IEF.100020", 400;
    /// Relation or comment of a binding breaks its rule.
    BINDING_TEXT = "IEF.100021", 400;
    /// The address of an image breaks its rule.
    IMAGE = "IEF.100040", 400;
    /// The visibility of an application template is not one of the choices.
    APP_VISIBILITY = "IEF.100047", 400;
    /// The device is bound to a node.
    DEVICE_BOUND = "IEF.100058", 409;
    /// The identifier of a system subscription breaks its rule.
    SUBSCRIPTION_ID = "IEF.100065", 400;
    /// The node has bound devices.
    NODE_HAS_DEVICES = "IEF.100067", 409;
    /// A parameter breaks its rule.
    PARAMETER = "IEF.100100", 400;
    /// The ConfigMap or secret of a volume can't be used.
    VOLUME_SOURCE = "IEF.100112", 400;
    /// CPU, memory or accelerators asked for break their rule.
    APP_RESOURCES = "IEF.100113", 400;

    // ConfigMaps.
    /// The name of a ConfigMap breaks its rule.
    CONFIG_MAP_NAME = "IEF.100119", 400;
    /// A key of a ConfigMap breaks its rule.
    CONFIG_MAP_KEY = "IEF.100120", 400;
    /// A value of a ConfigMap breaks its rule.
    CONFIG_MAP_VALUE = "IEF.100121", 400;
    /// The data of a ConfigMap breaks its rule.
    CONFIG_MAP_DATA = "IEF.100122", 400;
    /// The quota is used up.
    QUOTA = "IEF.100126", 403;
    /// A probe of a container breaks its rule.
    PROBE = "IEF.100133", 400;

    // Secrets.
    /// The name of a secret breaks its rule.
    SECRET_NAME = "IEF.100148", 400;
    /// The data of a secret breaks its rule.
    SECRET_DATA = "IEF.100149", 400;
    /// The type of a secret is not one of the choices.
    SECRET_TYPE = "IEF.100150", 400;
    /// A key of a secret breaks its rule.
    SECRET_KEY = "IEF.100151", 400;
    /// A value of a secret breaks its rule.
    SECRET_VALUE = "IEF.100152", 400;
    /// The secret is in use.
    SECRET_IN_USE = "IEF.100155", 409;
    /// The ConfigMap is in use.
    CONFIG_MAP_IN_USE = "IEF.100159", 409;

    // Applications and nodes in motion.
    /// The node is being updated, so its application can't be deleted.
    NODE_UPDATING = "IEF.100161", 409;
    /// Advanced settings of an application version break their rule.
    APP_CONFIGS = "IEF.100162", 400;
    /// The node can't be told to do this.
    NODE_OPERATION = "IEF.100163", 400;
    /// A secret has no data.
    SECRET_EMPTY = "IEF.100165", 400;
    /// The node's software is too old for this.
    NODE_VERSION = "IEF.100166", 400;
    /// The architecture of an application version is not one of the choices.
    APP_ARCH = "IEF.100167", 400;
    /// There is no such resource.
    NOT_FOUND = "IEF.100404", 404;
    /// The service could not read its cluster.
    CLUSTER_QUERY = "IEF.100412", 500;

    // Service mesh.
    /// A service's description can't be converted.
    MESH_SHAPE = "IEF.101001", 400;
    /// There is a service of this name already.
    MESH_EXISTS = "IEF.101002", 409;
    /// The application behind a service does not exist.
    MESH_NO_APPLICATION = "IEF.101003", 404;
    /// The service mesh could not create something in its cluster.
    MESH_CREATE = "IEF.101004", 500;
    /// The service mesh could not delete something in its cluster.
    MESH_DELETE = "IEF.101005", 500;
    /// The service mesh could not read something in its cluster.
    MESH_QUERY = "IEF.101006", 500;
    /// The service mesh could not change something in its cluster.
    MESH_UPDATE = "IEF.101007", 500;

    // Existence.
    /// There is one of this name already.
    EXISTS = "IEF.104004", 409;
    /// There is no such application template.
    APP_TEMPLATE_NOT_FOUND = "IEF.110074", 404;
    /// There is no such version of the application template.
    APP_VERSION_NOT_FOUND = "IEF.110076", 404;
    /// There is no such device.
    DEVICE_NOT_FOUND = "IEF.110080", 404;
    /// There is no such device template.
    TEMPLATE_NOT_FOUND = "IEF.110081", 404;
    /// The service failed.
    INTERNAL = "IEF.120001", 500;
    /// The quota is used up.
    RESOURCE_QUOTA = "IEF.130089", 403;

    // Endpoints of messages.
    /// The parameters could not be read.
    REQUEST_PARAMETERS = "IEF.300000", 400;
    /// An endpoint breaks its rule.
    ENDPOINT = "IEF.300001", 400;
    /// The name of an endpoint breaks its rule.
    ENDPOINT_NAME = "IEF.300002", 400;
    /// The description of an endpoint breaks its rule.
    ENDPOINT_DESCRIPTION = "IEF.300003", 400;
    /// The type of an endpoint is not one of the choices.
    ENDPOINT_TYPE = "IEF.300004", 400;
    /// The properties of an endpoint break their rule.
    ENDPOINT_PROPERTIES = "IEF.300005", 400;
    /// There is an endpoint of this name already.
    ENDPOINT_EXISTS = "IEF.300006", 409;
    /// There is no such endpoint.
    ENDPOINT_NOT_FOUND = "IEF.300007", 404;
    /// The endpoint is in use.
    ENDPOINT_IN_USE = "IEF.300008", 409;
    /// The quota of endpoints is used up.
    ENDPOINT_QUOTA = "IEF.300009", 403;

    // Rules of messages.
    /// A message route breaks its rule.
    RULE = "IEF.300101", 400;
    /// The name of a message route breaks its rule.
    RULE_NAME = "IEF.300102", 400;
    /// The description of a message route breaks its rule.
    RULE_DESCRIPTION = "IEF.300103", 400;
    /// The source of a message route is no endpoint.
    RULE_SOURCE = "IEF.300104", 400;
    /// The resource at the source of a message route breaks its rule.
    RULE_SOURCE_RESOURCE = "IEF.300105", 400;
    /// The destination of a message route is no endpoint.
    RULE_DESTINATION = "IEF.300106", 400;
    /// The resource at the destination of a message route breaks its rule.
    RULE_DESTINATION_RESOURCE = "IEF.300107", 400;
    /// There is a message route of this name already.
    RULE_EXISTS = "IEF.300108", 409;
    /// There is no such message route.
    RULE_NOT_FOUND = "IEF.300109", 404;
    /// The request names no action for the message route.
    RULE_NO_ACTION = "IEF.300110", 400;
    /// A message route can't be told to do this.
    RULE_ACTION = "IEF.300111", 400;
    /// The message route is enabled or disabled already.
    RULE_STATE = "IEF.300112", 409;
    /// The quota of message routes is used up.
    RULE_QUOTA = "IEF.300113", 403;
    /// There is no such DIS stream.
    DIS_NOT_FOUND = "IEF.300114", 404;
    /// The DIS stream can't be used.
    DIS = "IEF.300115", 400;
    /// The Service Bus path breaks its rule.
    SERVICE_BUS_PATH = "IEF.300116", 400;
    /// The EventBus topic breaks its rule.
    EVENT_BUS_TOPIC = "IEF.300117", 400;
    /// The EventBus topic is used already.
    EVENT_BUS_TOPIC_EXISTS = "IEF.300118", 409;
    /// The API Gateway resource breaks its rule.
    APIGW_RESOURCE = "IEF.300119", 400;
    /// The MQTT topic breaks its rule.
    MQTT_TOPIC = "IEF.300120", 400;
    /// The MQTT topic is used already.
    MQTT_TOPIC_EXISTS = "IEF.300121", 409;
    /// The REST path breaks its rule.
    REST_PATH = "IEF.300122", 400;
    /// The REST path is used already.
    REST_PATH_EXISTS = "IEF.300123", 409;
    /// The device of a message route can't be used.
    RULE_DEVICE = "IEF.300124", 400;
    /// The device of a message route does not exist.
    RULE_DEVICE_NOT_FOUND = "IEF.300125", 404;
    /// The node of a message route does not exist.
    RULE_NODE_NOT_FOUND = "IEF.300126", 404;
    /// The node of a message route is used already.
    RULE_NODE_CONFLICT = "IEF.300127", 409;
    /// A time series destination has no project.
    TSDB_NO_PROJECT = "IEF.300128", 400;
    /// The project of a time series destination can't be used.
    TSDB_PROJECT = "IEF.300129", 400;
    /// The account of a time series destination can't be used.
    TSDB_DOMAIN = "IEF.300130", 400;
    /// The address of a time series destination can't be used.
    TSDB_URL = "IEF.300131", 400;
    /// The tag of a time series destination can't be used.
    TSDB_TAG = "IEF.300132", 400;
    /// The node does not exist.
    MESSAGE_NODE_NOT_FOUND = "IEF.300133", 404;
    /// The resource of a time series destination breaks its rule.
    TSDB_RESOURCE = "IEF.300134", 400;
    /// The node's identifier is empty or breaks its rule.
    MESSAGE_NODE = "IEF.300135", 400;

    // Quotas, tokens, what stands behind the service.
    /// There is no quota of this type.
    QUOTA_TYPE = "IEF.300201", 400;
    /// The request carries no token.
    NO_TOKEN = "IEF.310000", 401;
    /// The token could not be read.
    BAD_TOKEN = "IEF.310001", 401;
    /// The token has expired.
    TOKEN_EXPIRED = "IEF.310002", 401;
    /// The service could not reach its database.
    DATABASE = "IEF.310003", 500;
    /// The service could not reach DIS.
    DIS_UNREACHABLE = "IEF.330000", 500;
    /// The service could not reach its message broker.
    BROKER_UNREACHABLE = "IEF.330001", 500;
    /// The token could not be converted.
    TOKEN_CONVERSION = "IEF.340000", 401;
    /// The service failed.
    BACKEND_INTERNAL = "IEF.340001", 500;
}

codes! {
    GATEWAY: "Common codes of the gateway in front of the service, which the reference only points to.";

    /// The gateway knows no such API.
    GATEWAY_NO_API = "APIGW.0101", 404;
    /// The gateway has no backend for the API.
    GATEWAY_NO_BACKEND = "APIGW.0103", 404;
    /// The gateway could not use the answer of its backend, or refused the request's form.
    GATEWAY_BACKEND = "APIGW.0201", 502;
    /// The gateway did not accept token or signature.
    GATEWAY_IAM = "APIGW.0301", 401;
    /// The IAM user may not call the API.
    GATEWAY_IAM_FORBIDDEN = "APIGW.0302", 403;
    /// The gateway did not accept the app's signature.
    GATEWAY_APP = "APIGW.0303", 401;
    /// The app may not call the API.
    GATEWAY_APP_FORBIDDEN = "APIGW.0304", 403;
    /// The gateway did not accept the caller.
    GATEWAY_AUTHENTICATION = "APIGW.0305", 401;
    /// The gateway refused the caller.
    GATEWAY_DENIED = "APIGW.0306", 403;
    /// The token must be renewed.
    GATEWAY_TOKEN = "APIGW.0307", 401;
    /// Too many requests.
    GATEWAY_THROTTLED = "APIGW.0308", 429;
}
