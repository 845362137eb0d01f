//! States, always as a drawn sign and a word.

use leptos::prelude::*;

use super::Text;

/// A sign: its shape says the same as its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A full circle, good: running, in line, done.
    Good,
    /// A dashed circle, off: never connected, never reported.
    Off,
    /// A full triangle, bad: failed.
    Bad,
    /// A full square, off: stopped by somebody.
    Stopped,
    /// A turning arrow, attention: upgrading, being worked on.
    Busy,
    /// A snowflake, off: frozen by the service.
    Frozen,
    /// A question mark, attention: nobody knows.
    Unknown,
    /// A clock, attention: waiting for an answer.
    Waiting,
    /// A diamond, attention: it works, with something to know.
    Warned,
    /// Unequal, attention: expected and actual differ.
    Differs,
}

impl Sign {
    /// The sign of a value of a state column, in any resource of the service.
    pub fn of_state(value: &str) -> Option<Self> {
        Some(match value.to_ascii_lowercase().as_str() {
            "running" | "online" | "active" | "available" | "succeeded" | "success" => Self::Good,
            "unconnected" | "offline" | "inactive" => Self::Off,
            "fail" | "failed" | "error" | "fault" => Self::Bad,
            "stopped" => Self::Stopped,
            "upgrading" | "updating" | "deleting" => Self::Busy,
            "pending" | "waiting" => Self::Waiting,
            "freeze" | "frozen" => Self::Frozen,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }

    /// Its name in style sheets.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Off => "off",
            Self::Bad => "bad",
            Self::Stopped => "stopped",
            Self::Busy => "busy",
            Self::Frozen => "frozen",
            Self::Unknown => "unknown",
            Self::Waiting => "waiting",
            Self::Warned => "warned",
            Self::Differs => "differs",
        }
    }

    /// Its outline on a grid of 12 × 12.
    pub fn path(self) -> &'static str {
        match self {
            Self::Good => "M6 2.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
            Self::Off => "M6 2a4 4 0 100 8 4 4 0 000-8z",
            Self::Bad => "M6 1.5L11 10.5H1z",
            Self::Stopped => "M2.5 2.5h7v7h-7z",
            Self::Busy => "M10 6a4 4 0 11-1.3-3M10 1.5v2.3H7.7",
            Self::Frozen => "M6 1v10M1.7 3.5l8.6 5M10.3 3.5l-8.6 5",
            Self::Unknown => "M4 4.3a2 2 0 113 1.7c-.7.4-1 .8-1 1.5M6 9.8h.01",
            Self::Waiting => "M6 1.8a4.2 4.2 0 100 8.4 4.2 4.2 0 000-8.4zM6 3.8V6l1.6 1",
            Self::Warned => "M6 1.2L10.8 6 6 10.8 1.2 6zM6 4v2.4M6 8h.01",
            Self::Differs => "M2 4.3h8M2 7.7h8M8.5 1.5l-5 9",
        }
    }
}

/// Draws a sign alone, for places where the word stands beside it.
pub fn sign(sign: Sign) -> AnyView {
    view! {
        <svg class=format!("sign sign-{}", sign.class()) viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <path d=sign.path()></path>
        </svg>
    }
    .into_any()
}

/// A state: sign and word.
#[component]
pub fn StateSign(
    /// The sign.
    sign: Sign,
    /// The word.
    #[prop(into)]
    word: Text,
) -> AnyView {
    view! { <span class="state">{self::sign(sign)}<span>{word.view()}</span></span> }.into_any()
}
