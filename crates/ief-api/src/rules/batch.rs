//! Rules of batch registrations and batch jobs (sections 4.12 and 4.13).

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name of a registration or a job (tables 4-470 and 4-498).
    BATCH_NAME = "batch_name", &codes::NAME, Limit::Text {
        min: 1,
        max: 26,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseAnd(""),
        last: Characters::LowercaseAnd(""),
    };
    /// Description of a registration or a job. The reference sets no limit; the length of other descriptions is
    /// used, for any character.
    BATCH_DESCRIPTION = "batch_description", &codes::PARAMETER, Limit::text(0, 255, Characters::Any);
    /// Name of a registration's property. The reference sets no limit; that of a device's properties is used.
    PRODUCT_ATTRIBUTE_KEY = "product_attribute_key", &codes::PARAMETER,
        Limit::text(1, 128, Characters::Any);
    /// Value of a registration's property. The reference sets no limit; the length of a device's properties is
    /// used, for any character.
    PRODUCT_ATTRIBUTE_VALUE = "product_attribute_value", &codes::PARAMETER,
        Limit::text(0, 512, Characters::Any);
    /// What a job does (table 4-498).
    BATCH_JOB_TYPE = "batch_job_type", &codes::PARAMETER,
        Limit::OneOf(&["node_upgrade", "deployment_deploy", "deployment_upgrade"]);
    /// What a job does it to (table 4-499).
    BATCH_TARGET_TYPE = "batch_target_type", &codes::PARAMETER,
        Limit::OneOf(&["node", "node_group", "deployment"]);
    /// How many things a job is for.
    BATCH_TARGETS = "batch_targets", &codes::PARAMETER, Limit::Integer { min: 1, max: i64::MAX };
    /// Identifier of a thing a job is for (table 4-500). The reference sets no limit; that of names is used.
    BATCH_TARGET = "batch_target", &codes::PARAMETER,
        Limit::text(1, 64, Characters::AlphanumericAnd("_-"));
    /// What is deployed, as JSON in a text (table 4-499). The reference sets no limit; that of a ConfigMap's data
    /// is used.
    BATCH_TASK_DATA = "batch_task_data", &codes::PARAMETER,
        Limit::text(1, 1_048_576, Characters::Any);
    /// Order of the list of jobs (table 4-505).
    BATCH_JOB_SORT = "batch_job_sort", &codes::PARAMETER,
        Limit::OneOf(&["created_at:desc", "created_at:asc"]);
}
