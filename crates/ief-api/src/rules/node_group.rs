//! Rules of node groups and their certificates, which the service's own model has.

use super::{Characters, Limit};
use crate::codes;

/// What names of groups and of their certificates consist of.
const NAME: Characters = Characters::HanAnd("_-");

rules! {
    /// Name of a group.
    NODE_GROUP_NAME = "node_group_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Description of a group or of its certificate, which may hold any character.
    NODE_GROUP_DESCRIPTION = "node_group_description", &codes::PARAMETER,
        Limit::text(0, 255, Characters::Any);
    /// Name of a group's certificate.
    GROUP_CERTIFICATE_NAME = "group_certificate_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Type of a group's certificate.
    GROUP_CERTIFICATE_TYPE = "group_certificate_type", &codes::PARAMETER,
        Limit::OneOf(&["system", "application", "device"]);
}
