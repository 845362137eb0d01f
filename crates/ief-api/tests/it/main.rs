//! Tests over the whole catalogue. Whatever is added to it is tested here without a further line,
//! and a missing fixture is a failure.

mod catalogue;
mod rules;
mod secrets;
mod shapes;
mod support;
mod tolerance;
mod wire;
mod words;
