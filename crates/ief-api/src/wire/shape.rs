//! What values of wire types look like, as data: what forms and descriptions are made from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Change, Nothing};

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number, with decimals or without.
    Number,
    /// True or false.
    Flag,
    /// Text with a few documented values.
    Choice(fn() -> Vec<String>),
    /// Anything.
    Any,
    /// A list.
    List(fn() -> Self),
    /// A dictionary with text keys.
    Map(fn() -> Self),
    /// An object. A type that holds itself is no end of them: whoever follows one stops somewhere.
    Record(fn() -> &'static [Field]),
}

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub shape: fn() -> Shape,
}

/// A type whose values have a shape.
pub trait Shaped {
    /// The shape.
    const SHAPE: Shape;
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text;
}

impl Shaped for i64 {
    const SHAPE: Shape = Shape::Integer;
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Flag;
}

impl Shaped for Value {
    const SHAPE: Shape = Shape::Any;
}

impl Shaped for Nothing {
    const SHAPE: Shape = Shape::Record(|| &[]);
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Shaped> Shaped for Change<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(|| T::SHAPE);
}

impl<T: Shaped> Shaped for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(|| T::SHAPE);
}
