//! What the window asks of the desktop it is on.

use serde::{Deserialize, Serialize};

use crate::command;

/// Says what to ask before the window is closed, as long as something would be lost by it; nothing otherwise.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldWindow {
    /// The question.
    pub question: Option<CloseQuestion>,
}
command!(HoldWindow = "hold_window" -> ());

/// A question with two answers, in the language of the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseQuestion {
    /// What it is about.
    pub title: String,
    /// What would be lost.
    pub text: String,
    /// The answer that closes the window.
    pub close: String,
    /// The answer that keeps it.
    pub stay: String,
}
