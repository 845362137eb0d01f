//! The console over the real simulator, asked as the window asks: by a command's name, in JSON.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of tests unwrap as tests do"
)]

mod console {
    mod bulk;
    mod calendar;
    mod calls;
    mod inspect;
    mod inventory;
    mod line;
    mod packages;
    mod profiles;
    mod secrecy;
    mod support;
}
