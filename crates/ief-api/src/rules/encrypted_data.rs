//! Rules of encrypted data, which the service's own model has.

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name.
    ENCRYPTED_DATA_NAME = "encrypted_data_name", &codes::NAME, Limit::Text {
        min: 1,
        max: 64,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseAnd(""),
        last: Characters::Any,
    };
    /// Description. The model sets no limit; the length of other descriptions is used, for any character.
    ENCRYPTED_DATA_DESCRIPTION = "encrypted_data_description", &codes::PARAMETER,
        Limit::text(0, 255, Characters::Any);
    /// Name of an item.
    ENCRYPTED_ITEM_NAME = "encrypted_item_name", &codes::PARAMETER, Limit::Text {
        min: 1,
        max: 32,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseAnd(""),
        last: Characters::Any,
    };
    /// Value of an item. The model sets no limit; that of a secret's values together is used.
    ENCRYPTED_ITEM_VALUE = "encrypted_item_value", &codes::PARAMETER,
        Limit::text(1, 1_048_576, Characters::Any);
    /// Identifier of encrypted data that is bound.
    ENCRYPTED_DATA_ID = "encrypted_data_id", &codes::PARAMETER,
        Limit::text(1, 64, Characters::AlphanumericAnd("_-"));
}
