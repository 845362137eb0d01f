//! Objects whose fields are all lenient.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use super::Lenient;

/// What a [`wire!`](crate::wire) type can do, for the code that treats all of them alike.
#[doc(hidden)]
pub trait Record: Default {
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

#[doc(hidden)]
pub struct RecordVisitor<T>(pub PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(map)
    }
}

/// Turns a key into the field it names, without keeping a copy of it.
#[doc(hidden)]
pub struct KeySeed<F>(pub fn(&str) -> F);

impl<'de, F> DeserializeSeed<'de> for KeySeed<F> {
    type Value = F;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<F, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<F> Visitor<'_> for KeySeed<F> {
    type Value = F;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_str<E>(self, key: &str) -> Result<F, E> {
        Ok((self.0)(key))
    }
}

struct LenientSeed<T>(PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for LenientSeed<T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::lenient(deserializer)
    }
}

/// Reads a field. Where it stands twice, under one name or two, the last one that says anything wins.
#[doc(hidden)]
pub fn fill<'de, A, T>(slot: &mut T, map: &mut A) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    T: Lenient,
{
    let value: T = map.next_value_seed(LenientSeed(PhantomData))?;
    if !value.is_absent() {
        *slot = value;
    }
    Ok(())
}

/// Writes a field, unless it is absent and may be left out.
#[doc(hidden)]
pub fn put<M, T>(map: &mut M, name: &'static str, value: &T, always: bool) -> Result<(), M::Error>
where
    M: SerializeMap,
    T: Lenient + Serialize,
{
    if always || !value.is_absent() {
        map.serialize_entry(name, value)?;
    }
    Ok(())
}

/// Shows the names of unknown fields without their values, which may be secrets.
#[doc(hidden)]
pub struct Names<'a>(pub &'a Map<String, Value>);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Declares a wire type: an object whose fields are all [`Lenient`], with unknown fields kept.
///
/// A field may carry, in this order: `#[name("…")]` where its name on the wire is no name in Rust,
/// `#[alias("…")]` for a second name that is read too, `#[always(true)]` to be written even when absent.
/// `struct Name from field` reads a plain value as an object with that field.
#[macro_export]
macro_rules! wire {
    ($(
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(from $plain:ident)? {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[name($wire:literal)])?
                $(#[alias($alias:literal)])?
                $(#[always($always:literal)])?
                pub $field:ident : $type:ty,
            )*
        }
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Default, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])*
                pub $field: $type,
            )*
            /// Fields this type doesn't know, kept for the way back.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $crate::wire::Record for $name {
            fn read<'de, A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                #[allow(non_camel_case_types, reason = "the variants are the fields themselves")]
                enum Field {
                    $($field,)*
                    Unknown(String),
                }
                fn field(key: &str) -> Field {
                    match key {
                        $($crate::wire!(@name $field $($wire)?) $(| $alias)? => Field::$field,)*
                        _ => Field::Unknown(key.to_owned()),
                    }
                }
                let mut record = Self::default();
                while let Some(__key) = map.next_key_seed($crate::wire::KeySeed(field))? {
                    match __key {
                        $(Field::$field => $crate::wire::fill(&mut record.$field, &mut map)?,)*
                        Field::Unknown(key) => {
                            record.extra.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(record)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map($crate::wire::RecordVisitor(std::marker::PhantomData))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_imports, reason = "a type without fields writes none")]
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $($crate::wire::put(
                    &mut map,
                    $crate::wire!(@name $field $($wire)?),
                    &self.$field,
                    $crate::wire!(@always $($always)?),
                )?;)*
                for (key, value) in &self.extra {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut record = f.debug_struct(stringify!($name));
                $(if !$crate::wire::is_absent(&self.$field) {
                    record.field(stringify!($field), &self.$field);
                })*
                if !self.extra.is_empty() {
                    record.field("extra", &$crate::wire::Names(&self.extra));
                }
                record.finish()
            }
        }

        impl $crate::wire::Shaped for $name {
            const SHAPE: $crate::wire::Shape = $crate::wire::Shape::Record(|| {
                const { &[$($crate::wire::Field {
                    name: $crate::wire!(@name $field $($wire)?),
                    shape: || <$type as $crate::wire::Shaped>::SHAPE,
                }),*] }
            });
        }

        impl $crate::wire::Item for $name {
            fn from_text(_text: &str) -> Option<Self> {
                $crate::wire!(@plain _text $($plain)?)
            }
            fn from_map<'de, A: serde::de::MapAccess<'de>>(
                map: A,
            ) -> Result<Option<Self>, A::Error> {
                $crate::wire::Record::read(map).map(Some)
            }
        }
    )+};
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $wire:literal) => { $wire };
    (@always) => { false };
    (@always $always:literal) => { $always };
    (@plain $text:ident) => { None };
    (@plain $text:ident $plain:ident) => {
        Some(Self {
            $plain: $crate::wire::Item::from_text($text),
            ..Self::default()
        })
    };
}
