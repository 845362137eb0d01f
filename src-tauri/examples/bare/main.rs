//! The floor for figures of the window: the same host and web view around a page of one line.

#![allow(missing_docs, reason = "an example has no interface")]

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default().run(tauri::generate_context!("examples/bare/tauri.conf.json"))
}
