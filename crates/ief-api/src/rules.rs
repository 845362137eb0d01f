//! The documented limits, each named once with the error code the service answers.
//!
//! The window checks with them while typing, the client before sending, the simulator on arrival.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::codes::ErrorCode;

/// Declares rules and the list of them.
macro_rules! rules {
    ($( $(#[$doc:meta])* $name:ident = $wire:literal, $code:expr, $limit:expr; )+) => {
        $(
            $(#[$doc])*
            pub static $name: $crate::rules::Rule =
                $crate::rules::Rule { name: $wire, code: $code, limit: $limit };
        )+
        /// Every rule of this module.
        pub static ALL: &[&$crate::rules::Rule] = &[$(&$name),+];
    };
}

pub mod app;
pub mod batch;
pub mod common;
pub mod config_map;
pub mod container;
pub mod deployment;
pub mod device;
pub mod encrypted_data;
pub mod endpoint;
pub mod message_rule;
pub mod node;
pub mod node_group;
pub mod resource_tag;
pub mod secret;
pub mod service;
pub mod system_event;

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        common::ALL,
        node::ALL,
        device::ALL,
        container::ALL,
        app::ALL,
        deployment::ALL,
        resource_tag::ALL,
        config_map::ALL,
        secret::ALL,
        endpoint::ALL,
        message_rule::ALL,
        system_event::ALL,
        service::ALL,
        batch::ALL,
        node_group::ALL,
        encrypted_data::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// A rule by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.name == name)
}

/// A documented limit on one value.
#[derive(Debug)]
pub struct Rule {
    /// Stable name, used as the key of its hint in the locales: `node_name`.
    pub name: &'static str,
    /// The code the service answers when it is broken.
    pub code: &'static ErrorCode,
    /// What is asked for.
    pub limit: Limit,
}

/// What a rule asks for.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// Text with a length in characters and a set of characters.
    Text {
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
        /// Which characters may stand anywhere.
        characters: Characters,
        /// Which characters may stand first.
        first: Characters,
        /// Which characters may stand last.
        last: Characters,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A number, with decimals or without.
    Number,
    /// A number with decimals or without, between two that stand here as they are written.
    Decimal {
        /// Smallest.
        min: &'static str,
        /// Largest.
        max: &'static str,
    },
    /// An IPv4 address.
    Ipv4,
    /// Base64 with the usual alphabet and padding.
    Base64,
    /// One of a few texts.
    OneOf(&'static [&'static str]),
    /// A number of entries.
    Count {
        /// Most entries.
        max: usize,
    },
}

/// A set of characters.
#[derive(Debug, Clone, Copy)]
pub enum Characters {
    /// Any.
    Any,
    /// ASCII letters and digits, and these.
    AlphanumericAnd(&'static str),
    /// ASCII lower-case letters and digits, and these.
    LowercaseAnd(&'static str),
    /// ASCII lower-case letters only.
    LowercaseLetter,
    /// ASCII letters, and these.
    LettersAnd(&'static str),
    /// Letters and digits of any script, and these.
    UnicodeAnd(&'static str),
    /// Anything but these.
    AnyBut(&'static str),
    /// These only.
    Only(&'static str),
    /// Chinese characters, ASCII letters and digits, and these.
    HanAnd(&'static str),
}

impl Characters {
    /// Whether a character belongs to the set.
    #[must_use]
    pub fn contains(self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::AlphanumericAnd(more) => {
                character.is_ascii_alphanumeric() || more.contains(character)
            }
            Self::LowercaseAnd(more) => {
                character.is_ascii_lowercase()
                    || character.is_ascii_digit()
                    || more.contains(character)
            }
            Self::LowercaseLetter => character.is_ascii_lowercase(),
            Self::LettersAnd(more) => character.is_ascii_alphabetic() || more.contains(character),
            Self::UnicodeAnd(more) => character.is_alphanumeric() || more.contains(character),
            Self::AnyBut(forbidden) => !forbidden.contains(character),
            Self::Only(allowed) => allowed.contains(character),
            Self::HanAnd(more) => {
                // The ideographs in common use and the first extension of them.
                matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
                    || Self::AlphanumericAnd(more).contains(character)
            }
        }
    }
}

impl Limit {
    /// A text whose characters may stand anywhere.
    const fn text(min: usize, max: usize, characters: Characters) -> Self {
        Self::Text {
            min,
            max,
            characters,
            first: Characters::Any,
            last: Characters::Any,
        }
    }
}

impl Rule {
    /// Checks a text.
    ///
    /// # Errors
    /// The first problem, in the order length, first, characters, last.
    pub fn text(&self, value: &str) -> Result<(), Problem> {
        match self.limit {
            Limit::Text {
                min,
                max,
                characters,
                first,
                last,
            } => {
                let length = value.chars().count();
                if length == 0 && min > 0 {
                    return Err(Problem::Missing);
                }
                if length > max {
                    return Err(Problem::TooLong { max, length });
                }
                if length < min {
                    return Err(Problem::TooShort { min, length });
                }
                if let Some(character) = value.chars().find(|c| !characters.contains(*c)) {
                    return Err(Problem::Character { character });
                }
                if let Some(character) = value.chars().next().filter(|c| !first.contains(*c)) {
                    return Err(Problem::First { character });
                }
                if let Some(character) = value.chars().last().filter(|c| !last.contains(*c)) {
                    return Err(Problem::Last { character });
                }
                Ok(())
            }
            Limit::OneOf(choices) => {
                if value.is_empty() {
                    Err(Problem::Missing)
                } else if choices.contains(&value) {
                    Ok(())
                } else {
                    Err(Problem::NotOneOf {
                        choices: choices.iter().map(|c| (*c).to_owned()).collect(),
                    })
                }
            }
            Limit::Integer { .. } => match value.trim().parse() {
                Ok(number) => self.integer(number),
                Err(_) => Err(Problem::NotANumber),
            },
            Limit::Number => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(()),
                _ => Err(Problem::NotADecimal),
            },
            Limit::Decimal { min, max } => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => decimal(number, min, max),
                _ => Err(Problem::NotADecimal),
            },
            Limit::Ipv4 => match value.parse::<std::net::Ipv4Addr>() {
                Ok(_) => Ok(()),
                Err(_) => Err(Problem::NotAnAddress),
            },
            Limit::Base64 if is_base64(value) => Ok(()),
            Limit::Base64 => Err(Problem::NotBase64),
            Limit::Count { .. } => Ok(()),
        }
    }

    /// Checks the length of a text that needn't be there as one.
    ///
    /// # Errors
    /// When it has too few characters or too many.
    pub fn length(&self, length: usize) -> Result<(), Problem> {
        match self.limit {
            Limit::Text { max, .. } if length > max => Err(Problem::TooLong { max, length }),
            Limit::Text { min, .. } if length < min => Err(Problem::TooShort { min, length }),
            _ => Ok(()),
        }
    }

    /// Checks a whole number.
    ///
    /// # Errors
    /// When it lies outside the range.
    pub fn integer(&self, value: i64) -> Result<(), Problem> {
        match self.limit {
            Limit::Integer { min, max } if !(min..=max).contains(&value) => {
                Err(Problem::OutOfRange { min, max })
            }
            _ => Ok(()),
        }
    }

    /// Checks a number of entries.
    ///
    /// # Errors
    /// When there are too many.
    pub fn count(&self, count: usize) -> Result<(), Problem> {
        match self.limit {
            Limit::Count { max } if count > max => Err(Problem::TooMany { max, count }),
            _ => Ok(()),
        }
    }

    /// The longest text it allows, for the counter of a form field.
    #[must_use]
    pub const fn max_length(&self) -> Option<usize> {
        match self.limit {
            Limit::Text { max, .. } => Some(max),
            _ => None,
        }
    }

    /// The most entries it allows, for an editor that offers to add one.
    #[must_use]
    pub const fn max_entries(&self) -> Option<usize> {
        match self.limit {
            Limit::Count { max } => Some(max),
            _ => None,
        }
    }
}

fn decimal(number: f64, min: &str, max: &str) -> Result<(), Problem> {
    let bound = |text: &str| text.parse().unwrap_or(f64::NAN);
    match (bound(min)..=bound(max)).contains(&number) {
        true => Ok(()),
        false => Err(Problem::OutOfDecimals {
            min: min.to_owned(),
            max: max.to_owned(),
        }),
    }
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// The length of a dictionary of texts as the service counts it: in characters, written as JSON with a
/// blank after each colon and comma, so that `{"a": "b"}` has 10. Null stands for what is taken out.
pub fn dictionary_length<'a>(entries: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> usize {
    let quoted = |text: &str| {
        // What JSON has to escape takes two characters, rare control characters six.
        let escaped = text.chars().map(|character| match character {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            '\0'..='\u{1f}' => 6,
            _ => 1,
        });
        2 + escaped.sum::<usize>()
    };
    let mut length = 0;
    for (key, value) in entries {
        // The two braces count for the first entry what comma and blank count for the others.
        length += 2 + quoted(key) + 2 + value.map_or(4, quoted);
    }
    length.max(2)
}

/// What is wrong with a value. The words for it are in the locales.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// It is required and not there.
    Missing,
    /// Too many characters.
    TooLong {
        /// Most characters.
        max: usize,
        /// Characters there are.
        length: usize,
    },
    /// Too few characters.
    TooShort {
        /// Fewest characters.
        min: usize,
        /// Characters there are.
        length: usize,
    },
    /// A character that isn't allowed.
    Character {
        /// The first such.
        character: char,
    },
    /// A first character that isn't allowed there.
    First {
        /// It.
        character: char,
    },
    /// A last character that isn't allowed there.
    Last {
        /// It.
        character: char,
    },
    /// Not a whole number.
    NotANumber,
    /// Not a number.
    NotADecimal,
    /// Not an IPv4 address.
    NotAnAddress,
    /// Not Base64.
    NotBase64,
    /// Outside a range.
    OutOfRange {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// Outside a range whose ends have decimals.
    OutOfDecimals {
        /// Smallest.
        min: String,
        /// Largest.
        max: String,
    },
    /// None of the choices.
    NotOneOf {
        /// The choices.
        choices: Vec<String>,
    },
    /// Too many entries.
    TooMany {
        /// Most entries.
        max: usize,
        /// Entries there are.
        count: usize,
    },
    /// The same key or name twice.
    Duplicate {
        /// The one that stands twice.
        value: String,
    },
    /// It contradicts another field.
    Contradicts {
        /// The other field's path.
        other: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is required"),
            Self::TooLong { max, length } => {
                write!(f, "has {length} characters, {max} are allowed")
            }
            Self::TooShort { min, length } => {
                write!(f, "has {length} characters, {min} are needed")
            }
            Self::Character { character } => write!(f, "must not contain {character:?}"),
            Self::First { character } => write!(f, "must not begin with {character:?}"),
            Self::Last { character } => write!(f, "must not end with {character:?}"),
            Self::NotANumber => f.write_str("is not a whole number"),
            Self::NotADecimal => f.write_str("is not a number"),
            Self::NotAnAddress => f.write_str("is not an IPv4 address"),
            Self::NotBase64 => f.write_str("is not Base64"),
            Self::OutOfRange { min, max } => write!(f, "must lie between {min} and {max}"),
            Self::OutOfDecimals { min, max } => write!(f, "must lie between {min} and {max}"),
            Self::NotOneOf { choices } => write!(f, "must be one of {}", choices.join(", ")),
            Self::TooMany { max, count } => write!(f, "has {count} entries, {max} are allowed"),
            Self::Duplicate { value } => write!(f, "has {value:?} twice"),
            Self::Contradicts { other } => write!(f, "contradicts {other}"),
        }
    }
}

/// A broken rule with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Dotted path from the body's root: `node.log_configs.0.size`. For a query parameter, its name.
    pub path: String,
    /// The rule's name.
    pub rule: String,
    /// The code the service answers.
    pub code: String,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path, self.problem)
    }
}

/// A body that can be checked against the documented rules.
pub trait Check {
    /// Adds every violation below the current place.
    fn check(&self, violations: &mut Violations);
}

/// Collects violations with their places.
#[derive(Debug, Default)]
pub struct Violations {
    path: Vec<String>,
    found: Vec<Violation>,
}

impl Violations {
    /// Runs `body` one level deeper.
    pub fn at(&mut self, place: impl fmt::Display, body: impl FnOnce(&mut Self)) {
        self.path.push(place.to_string());
        body(self);
        self.path.pop();
    }

    /// Checks a required text.
    pub fn required(&mut self, place: &str, rule: &'static Rule, value: Option<&str>) {
        match value {
            None | Some("") => self.add(place, rule, Problem::Missing),
            Some(text) => self.result(place, rule, rule.text(text)),
        }
    }

    /// Checks a text that may be absent or empty.
    pub fn optional(&mut self, place: &str, rule: &'static Rule, value: Option<&str>) {
        if let Some(text) = value.filter(|text| !text.is_empty()) {
            self.result(place, rule, rule.text(text));
        }
    }

    /// Checks a number that may be absent.
    pub fn integer(&mut self, place: &str, rule: &'static Rule, value: Option<i64>) {
        if let Some(number) = value {
            self.result(place, rule, rule.integer(number));
        }
    }

    /// Checks a number of entries.
    pub fn count(&mut self, place: &str, rule: &'static Rule, count: usize) {
        self.result(place, rule, rule.count(count));
    }

    /// Checks that no value stands twice.
    pub fn unique<'a>(
        &mut self,
        place: &str,
        rule: &'static Rule,
        values: impl Iterator<Item = &'a str>,
    ) {
        let mut seen = std::collections::BTreeSet::new();
        for value in values {
            if !seen.insert(value) {
                let value = value.to_owned();
                self.add(place, rule, Problem::Duplicate { value });
                return;
            }
        }
    }

    /// Adds the problem of a result.
    pub fn result(&mut self, place: &str, rule: &'static Rule, result: Result<(), Problem>) {
        if let Err(problem) = result {
            self.add(place, rule, problem);
        }
    }

    /// Adds a problem.
    pub fn add(&mut self, place: &str, rule: &'static Rule, problem: Problem) {
        let mut path = self.path.join(".");
        if !path.is_empty() && !place.is_empty() {
            path.push('.');
        }
        path.push_str(place);
        self.found.push(Violation {
            path,
            rule: rule.name.to_owned(),
            code: rule.code.code.to_owned(),
            problem,
        });
    }

    /// What was found.
    #[must_use]
    pub fn into_vec(self) -> Vec<Violation> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::dictionary_length;

    #[track_caller]
    fn check(entries: &[(&str, Option<&str>)], expected: usize) {
        assert_eq!(
            dictionary_length(entries.iter().copied()),
            expected,
            "{entries:?}"
        );
    }

    #[test]
    fn dictionaries_are_as_long_as_the_service_counts() {
        check(&[], "{}".len());
        check(&[("a", Some("b"))], r#"{"a": "b"}"#.len());
        check(
            &[("a", Some("b")), ("c", None)],
            r#"{"a": "b", "c": null}"#.len(),
        );
        check(
            &[("a", Some("\"\\\n\u{1}"))],
            r#"{"a": "\"\\\n\u0001"}"#.len(),
        );
        check(&[("节", Some("点"))], r#"{"a": "b"}"#.len());
    }
}
