//! Tests of the inventory as a whole, through its public interface.

mod changes;
mod filter;
mod model;
mod properties;
mod rows;
