//! Primitives: what pages are made of. One module and one style sheet for each.
//!
//! Labels are [`Text`]: a literal, a word (`label=words::nodes::title`) or a closure that makes one.

use std::cell::Cell;

pub mod button;
pub mod chip;
pub mod choice;
pub mod dialog;
pub mod facts;
pub mod field;
pub mod form;
pub mod icon;
pub mod menu;
pub mod notice;
pub mod progress;
pub mod shortcut;
pub mod sign;
pub mod skeleton;
pub mod tabs;
pub mod text;
pub mod tooltip;

pub use button::{Button, IconButton, Look, spinner};
pub use chip::{Chip, ChipMark};
pub use choice::{Checkbox, Choice, Radio, Select};
pub use dialog::{Dialog, Width};
pub use facts::{AfterLine, CopyButton, Fact, Facts, Id, Time, dash, text_or_dash};
pub use field::{Kind, NumberField, SearchField, TextField};
pub use form::{Fold, Form, FormFrame, Section};
pub use icon::{Glyph, icon};
pub use menu::{Item, Menu, MenuButton, Place};
pub use notice::{ErrorNotice, Notice, Tone};
pub use progress::{Meter, Part, Progress, ProportionBar};
pub use sign::{Sign, StateSign, sign};
pub use skeleton::{EmptyState, Skeleton};
pub use tabs::{Tab, Tabs};
pub use text::Text;

/// An identifier for an element that is used nowhere else in the window: `field-12`.
pub fn unique(prefix: &str) -> String {
    thread_local! {
        static NEXT: Cell<u32> = const { Cell::new(1) };
    }
    let number = NEXT.get();
    NEXT.set(number + 1);
    format!("{prefix}-{number}")
}
