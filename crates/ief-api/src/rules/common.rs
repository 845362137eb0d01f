//! Rules that several resources share.

use super::{Characters, Limit};
use crate::codes;

pub(super) const NAME: Characters = Characters::AlphanumericAnd("_-");
/// The characters that descriptions must not contain. The sections differ in one or two of them; the
/// union is refused everywhere (docs/fidelity.md).
pub(super) const DESCRIPTION: Characters = Characters::AnyBut("^~#$%&*<>()[]{}'\"\\");

rules! {
    /// Rows in a page. The largest number is each list's own (see `OperationSpec::page`).
    PAGE_LIMIT = "page_limit", &codes::LIMIT, Limit::Integer { min: 1, max: 1000 };
    /// Where a page begins.
    PAGE_OFFSET = "page_offset", &codes::OFFSET, Limit::Integer { min: 0, max: i64::MAX };
    /// Description of a node, device, certificate or ConfigMap (tables 4-4, 4-40, 4-52, 4-324).
    DESCRIPTION_TEXT = "description", &codes::PARAMETER, Limit::text(0, 255, DESCRIPTION);
    /// Key of a tag (table 5-27).
    TAG_KEY = "tag_key", &codes::PARAMETER, Limit::text(1, 36, Characters::UnicodeAnd("_-"));
    /// Value of a tag (table 5-27; table 4-91 allows it to be empty).
    TAG_VALUE = "tag_value", &codes::PARAMETER, Limit::text(0, 43, Characters::UnicodeAnd("_-"));
    /// Relation between a node and a device (table 4-29).
    RELATION = "relation", &codes::BINDING_TEXT, Limit::text(0, 64, NAME);
    /// Comment on the relation between a node and a device (table 4-29).
    RELATION_COMMENT = "relation_comment", &codes::BINDING_TEXT, Limit::text(0, 64, DESCRIPTION);
    /// Key of what has tags in the form of a node's properties (tables 4-473 and 4-502).
    LABEL_KEY = "label_key", &codes::PARAMETER, Limit::text(1, 128, NAME);
    /// Value of the same (tables 4-473 and 4-502). It may be left out, and then be empty.
    LABEL_VALUE = "label_value", &codes::PARAMETER, Limit::text(0, 256, NAME);
    /// A network port.
    PORT = "port", &codes::PARAMETER, Limit::Integer { min: 1, max: 65535 };
}
