//! Rules of system events (section 4.11). What they have in common with rules stands there.

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name (table 4-451), which no rule and no other system event may have.
    SYSTEM_EVENT_NAME = "system_event_name", &codes::RULE_NAME,
        Limit::text(1, 64, Characters::LowercaseAnd("_-"));
    /// One of the topics (table 4-451).
    SYSTEM_EVENT_TOPIC = "system_event_topic", &codes::RULE, Limit::OneOf(&[
        "edgeNode/offline", "edgeNode/online", "edgeNode/all", "deployment/created",
        "deployment/updated", "deployment/deleted", "deployment/all", "instance/created",
        "instance/updated", "instance/deleted", "instance/all",
    ]);
}
