//! What the tests of the whole application share.

pub mod window;
