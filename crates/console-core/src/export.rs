//! Lists as files: CSV, JSON, YAML. Written row by row, so that a large list needs little memory.

mod commands;
mod format;
