//! Rules of ConfigMaps (section 4.7).

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name (table 4-324).
    CONFIG_MAP_NAME = "config_map_name", &codes::CONFIG_MAP_NAME, Limit::Text {
        min: 4,
        max: 64,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseLetter,
        last: Characters::LowercaseAnd(""),
    };
    /// Key of an entry (table 4-324).
    CONFIG_MAP_KEY = "config_map_key", &codes::CONFIG_MAP_KEY, Limit::Text {
        min: 1,
        max: 63,
        characters: Characters::AlphanumericAnd(".-_"),
        first: Characters::LettersAnd("-"),
        last: Characters::Any,
    };
    /// All entries together, written as the service counts them (table 4-324).
    CONFIG_MAP_DATA = "config_map_data", &codes::CONFIG_MAP_DATA,
        Limit::text(0, 1_048_576, Characters::Any);
}
