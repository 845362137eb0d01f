//! What stands around every page: rail, top bar, status line, start, palette, lock.

pub mod bare;
pub mod drop_cover;
pub mod frame;
mod notices;
pub mod palette;
mod rail;
pub mod reminder;
pub mod start;
mod status_line;
pub mod top_bar;
pub mod unlock;
