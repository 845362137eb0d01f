//! Rules of the tag interface (section 4.6). What tags consist of is among the common ones.

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// What tags can be put on (table 4-296).
    TAGGED_TYPE = "tagged_type", &codes::PARAMETER,
        Limit::OneOf(&["ief-edge_node", "ief-deployment", "ief-application", "ief-device"]);
    /// Whether things are listed or counted (table 4-298).
    TAG_QUERY_ACTION = "tag_query_action", &codes::PARAMETER, Limit::OneOf(&["filter", "count"]);
    /// Whether tags are put on or taken off (table 4-306).
    TAG_CHANGE_ACTION = "tag_change_action", &codes::PARAMETER, Limit::OneOf(&["create", "delete"]);
    /// Keys in one condition (table 4-298).
    TAG_CONDITIONS = "tag_conditions", &codes::PARAMETER, Limit::Count { max: 20 };
    /// Values of one key (table 4-298).
    TAG_CONDITION_VALUES = "tag_condition_values", &codes::PARAMETER, Limit::Count { max: 10 };
    /// A key that is looked for (table 4-299): any characters, without blanks around them.
    TAG_CONDITION_KEY = "tag_condition_key", &codes::PARAMETER, Limit::text(1, 36, Characters::Any);
    /// A value that is looked for (table 4-299): any characters, but not only asterisks.
    TAG_CONDITION_VALUE = "tag_condition_value", &codes::PARAMETER,
        Limit::text(0, 43, Characters::Any);
    /// A field that is looked for (table 4-300).
    TAG_MATCH_KEY = "tag_match_key", &codes::PARAMETER, Limit::OneOf(&["resource_name"]);
    /// What is looked for in it (table 4-300).
    TAG_MATCH_VALUE = "tag_match_value", &codes::PARAMETER, Limit::text(0, 64, Characters::Any);
}
