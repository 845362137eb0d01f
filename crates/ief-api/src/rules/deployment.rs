//! Rules of deployments and their instances (section 4.5).

use super::common::DESCRIPTION;
use super::container::label;
use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name of a deployment (table 4-153).
    DEPLOYMENT_NAME = "deployment_name", &codes::NAME, label(32);
    /// Description of a deployment (table 4-153).
    DEPLOYMENT_DESCRIPTION = "deployment_description", &codes::PARAMETER,
        Limit::text(0, 255, DESCRIPTION);
    /// Where a deployment comes from (table 4-153; the examples write it without its last letter).
    DEPLOYMENT_SOURCE = "deployment_source", &codes::PARAMETER,
        Limit::OneOf(&["userdefined", "userdefine"]);
    /// Where a deployment runs: a node or a group of them (table 4-153).
    DEPLOYMENT_TARGET = "deployment_target", &codes::PARAMETER,
        Limit::text(1, 64, Characters::AlphanumericAnd("_-"));
    /// Nodes of a deployment (table 4-153).
    DEPLOYMENT_NODES = "deployment_nodes", &codes::PARAMETER, Limit::Count { max: 1 };
    /// Tags of a deployment (table 4-167).
    DEPLOYMENT_TAGS = "deployment_tags", &codes::PARAMETER, Limit::Count { max: 10 };
    /// Key of a tag (table 4-167).
    DEPLOYMENT_TAG_KEY = "deployment_tag_key", &codes::PARAMETER,
        Limit::text(1, 36, Characters::AlphanumericAnd("_-"));
    /// Value of a tag (table 4-167), which may hold periods, unlike those of other resources.
    DEPLOYMENT_TAG_VALUE = "deployment_tag_value", &codes::PARAMETER,
        Limit::text(0, 43, Characters::AlphanumericAnd("_-."));
    /// Instances of a deployment: fewer than 100, one in the professional edition (table 4-154).
    REPLICAS = "replicas", &codes::PARAMETER, Limit::Integer { min: 1, max: 99 };
    /// Containers of an instance, one at least (table 4-155).
    CONTAINERS = "containers", &codes::PARAMETER, Limit::Integer { min: 1, max: i64::MAX };
    /// Name of a container (table 4-156).
    CONTAINER_NAME = "container_name", &codes::NAME, label(32);
    /// Version of a container (table 4-156).
    CONTAINER_VERSION = "container_version", &codes::PARAMETER,
        Limit::text(0, 128, Characters::Any);
    /// Seconds until an instance moves to another node. The reference sets no limit; a day is used.
    TOLERATION_SECONDS = "toleration_seconds", &codes::APP_CONFIGS,
        Limit::Integer { min: 0, max: 86_400 };
    /// Whether instances use the node's network, which has to be said (table 4-166).
    HOST_NETWORK = "host_network", &codes::APP_CONFIGS, Limit::OneOf(&["true", "false"]);
    /// Whether instances move to another node, which has to be said for groups (table 4-166).
    MIGRATION = "migration", &codes::APP_CONFIGS, Limit::OneOf(&["true", "false"]);
    /// Weight of a wish (tables 5-44 and 5-49).
    AFFINITY_WEIGHT = "affinity_weight", &codes::PARAMETER, Limit::Integer { min: 1, max: 100 };
    /// Label of an expression (table 5-48 sets no limit; that of Kubernetes with its prefix is used).
    AFFINITY_KEY = "affinity_key", &codes::PARAMETER,
        Limit::text(1, 317, Characters::AlphanumericAnd("-_./"));
    /// How an expression compares (table 5-48).
    AFFINITY_OPERATOR = "affinity_operator", &codes::PARAMETER,
        Limit::OneOf(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
    /// Values of an expression: some, none or one number, by how it compares (table 5-48).
    AFFINITY_VALUES = "affinity_values", &codes::PARAMETER,
        Limit::Integer { min: i64::MIN, max: i64::MAX };
    /// Whether a deployment goes at once, whatever its node says (table 4-254).
    FORCE_DELETE = "force_delete", &codes::PARAMETER, Limit::OneOf(&["true", "false"]);
    /// Order of a list (table 4-193).
    DEPLOYMENT_SORT = "deployment_sort", &codes::PARAMETER,
        Limit::OneOf(&["created_at", "created_at:asc", "created_at:desc"]);
    /// Whose instances are listed: one of the four has to be said (table 4-280).
    PODS_OF = "pods_of", &codes::PARAMETER, Limit::text(1, 8192, Characters::AlphanumericAnd("_-,"));
}
