//! Rules of secrets (section 4.8).

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name (table 4-346).
    SECRET_NAME = "secret_name", &codes::SECRET_NAME, Limit::Text {
        min: 4,
        max: 64,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseLetter,
        last: Characters::LowercaseAnd(""),
    };
    /// Type (table 4-346, as the example writes it).
    SECRET_TYPE = "secret_type", &codes::SECRET_TYPE, Limit::OneOf(&["Opaque"]);
    /// How many values there are (error code IEF.100165).
    SECRET_VALUES = "secret_values", &codes::SECRET_EMPTY, Limit::Integer { min: 1, max: i64::MAX };
    /// Key of a value (table 4-346).
    SECRET_KEY = "secret_key", &codes::SECRET_KEY, Limit::Text {
        min: 1,
        max: 63,
        characters: Characters::AlphanumericAnd(".-_"),
        first: Characters::LettersAnd("-"),
        last: Characters::Any,
    };
    /// A value (table 4-346).
    SECRET_VALUE = "secret_value", &codes::SECRET_VALUE, Limit::Base64;
    /// All values together, written as the service counts them (table 4-346).
    SECRET_DATA = "secret_data", &codes::SECRET_DATA, Limit::text(0, 1_048_576, Characters::Any);
    /// Order of a list (table 4-360).
    SECRET_SORT = "secret_sort", &codes::PARAMETER, Limit::OneOf(&[
        "name", "name:desc", "created_at", "created_at:desc", "updated_at", "updated_at:desc",
    ]);
}
