//! Wire types that tolerate what real services send.
//!
//! Every field of a [`wire!`](crate::wire) type accepts null, missing, an empty string, a number for a
//! string and a string for a number; a value of a hopeless shape becomes absent instead of failing the
//! row it stands in. Fields the type doesn't know are kept in `extra` and written back.

mod record;
mod shape;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

#[doc(hidden)]
pub use record::{KeySeed, Names, Record, RecordVisitor, fill, put};
pub use shape::{Field, Shape, Shaped};

/// A value that may be absent on the wire: what the fields of wire types are made of.
pub trait Lenient: Default {
    /// Reads it from whatever the service sent.
    ///
    /// # Errors
    /// Only when the text is not JSON.
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Whether it is left out when written.
    fn is_absent(&self) -> bool;
}

/// `deserialize_with` of a lenient field in a type that is not a [`wire!`](crate::wire) type.
///
/// # Errors
/// Only when the text is not JSON.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Lenient,
{
    T::lenient(deserializer)
}

/// Whether a field is left out when written.
pub fn is_absent<T: Lenient>(value: &T) -> bool {
    value.is_absent()
}

/// One value of a known type, made from any JSON value or from none.
pub trait Item: Sized {
    /// Made from text. `None` when it can't be.
    fn from_text(text: &str) -> Option<Self>;
    /// Made from null, which nearly always means that there is nothing.
    #[must_use]
    fn from_null() -> Option<Self> {
        None
    }
    /// Made from a whole number.
    fn from_integer(number: i64) -> Option<Self> {
        Self::from_text(&number.to_string())
    }
    /// Made from a number with decimals.
    fn from_float(number: f64) -> Option<Self> {
        Self::from_text(&number.to_string())
    }
    /// Made from true or false.
    fn from_flag(flag: bool) -> Option<Self> {
        Self::from_text(if flag { "true" } else { "false" })
    }
    /// Made from an object.
    ///
    /// # Errors
    /// Only when the text is not JSON.
    fn from_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut object = Map::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            object.insert(key, value);
        }
        Ok(Self::from_text(&Value::Object(object).to_string()))
    }
    /// Made from a list.
    ///
    /// # Errors
    /// Only when the text is not JSON.
    fn from_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Option<Self>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl Item for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Item for i64 {
    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse()
            .ok()
            .or_else(|| text.parse().ok().and_then(Self::from_float))
    }
    fn from_integer(number: i64) -> Option<Self> {
        Some(number)
    }
    fn from_float(number: f64) -> Option<Self> {
        // Above 2^53 a float no longer names one whole number.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the guard keeps it within what an i64 holds exactly"
        )]
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as Self)
    }
    fn from_flag(_: bool) -> Option<Self> {
        None
    }
}

impl Item for bool {
    fn from_text(text: &str) -> Option<Self> {
        match text.trim() {
            "true" | "True" | "TRUE" | "1" => Some(true),
            "false" | "False" | "FALSE" | "0" => Some(false),
            _ => None,
        }
    }
    fn from_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

/// For lists that differ from absent ones when they are empty: `Option<Vec<T>>` in what changes.
impl<T: Item> Item for Vec<T> {
    fn from_text(_: &str) -> Option<Self> {
        None
    }
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Self::lenient(serde::de::value::MapAccessDeserializer::new(map)).map(Some)
    }
    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Option<Self>, A::Error> {
        Self::lenient(serde::de::value::SeqAccessDeserializer::new(seq)).map(Some)
    }
}

/// For dictionaries that differ from absent ones when they are empty.
impl<T: Item> Item for BTreeMap<String, T> {
    fn from_text(_: &str) -> Option<Self> {
        None
    }
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Self::lenient(serde::de::value::MapAccessDeserializer::new(map)).map(Some)
    }
}

/// A value in a dictionary of changes: null takes the key out of the dictionary it is applied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Change<T>(pub Option<T>);

impl<T: Item> Item for Change<T> {
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(|value| Self(Some(value)))
    }
    fn from_null() -> Option<Self> {
        Some(Self(None))
    }
    fn from_integer(number: i64) -> Option<Self> {
        T::from_integer(number).map(|value| Self(Some(value)))
    }
    fn from_float(number: f64) -> Option<Self> {
        T::from_float(number).map(|value| Self(Some(value)))
    }
    fn from_flag(flag: bool) -> Option<Self> {
        T::from_flag(flag).map(|value| Self(Some(value)))
    }
    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_map(map)?.map(|value| Self(Some(value))))
    }
    fn from_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_seq(seq)?.map(|value| Self(Some(value))))
    }
}

struct ItemVisitor<T>(PhantomData<T>);

impl<'de, T: Item> Visitor<'de> for ItemVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(T::from_null())
    }
    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(T::from_null())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::from_text(text))
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(T::from_flag(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(T::from_integer(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(match i64::try_from(number) {
            Ok(number) => T::from_integer(number),
            Err(_) => T::from_text(&number.to_string()),
        })
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::from_float(number))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::from_map(map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::from_seq(seq)
    }
}

impl<'de, T: Item> DeserializeSeed<'de> for ItemVisitor<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T: Item> Lenient for Option<T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor::<T>(PhantomData))
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Item> Lenient for Vec<T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Item> Visitor<'de> for List<T> {
            type Value = Vec<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element_seed(ItemVisitor::<T>(PhantomData))? {
                    list.extend(item);
                }
                Ok(list)
            }
            // One object where a list is documented: the reference shows both.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Ok(T::from_map(map)?.into_iter().collect())
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                if text.is_empty() {
                    return Ok(Vec::new());
                }
                Ok(T::from_text(text).into_iter().collect())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Vec::new())
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(T::from_integer(number).into_iter().collect())
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                ItemVisitor::<T>(PhantomData)
                    .visit_u64(number)
                    .map(|item| item.into_iter().collect())
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(T::from_float(number).into_iter().collect())
            }
        }
        deserializer.deserialize_any(List(PhantomData))
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Item> Lenient for BTreeMap<String, T> {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);
        impl<'de, T: Item> Visitor<'de> for Object<T> {
            type Value = BTreeMap<String, T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = BTreeMap::new();
                while let Some(key) = map.next_key::<String>()? {
                    if let Some(value) = map.next_value_seed(ItemVisitor::<T>(PhantomData))? {
                        object.insert(key, value);
                    }
                }
                Ok(object)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(BTreeMap::new())
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(BTreeMap::new())
            }
        }
        deserializer.deserialize_any(Object(PhantomData))
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Any JSON value, kept as it is. Null counts as absent.
impl Lenient for Value {
    fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
    fn is_absent(&self) -> bool {
        self.is_null()
    }
}

/// Declares an enumeration that keeps values it doesn't know.
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value the reference doesn't document, kept as it came.
            Other(String),
        }

        impl $name {
            /// Every documented value.
            pub const DOCUMENTED: &'static [Self] = &[$(Self::$variant),+];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)+
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl $crate::wire::Item for $name {
            fn from_text(text: &str) -> Option<Self> {
                (!text.is_empty()).then(|| Self::from(text))
            }
        }

        impl $crate::wire::Shaped for $name {
            const SHAPE: $crate::wire::Shape = $crate::wire::Shape::Choice(|| {
                Self::DOCUMENTED.iter().map(|value| value.as_str().to_owned()).collect()
            });
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// The empty answer of operations that only report success.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Nothing {}

impl<'de> serde::Deserialize<'de> for Nothing {
    // The reference documents no body here; services send none, an empty object or a note.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self {})
    }
}
