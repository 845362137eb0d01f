//! The window of Edge Console: a Tauri host with one adapter onto `console-core`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod adapter;
mod folders;

use tauri::generate_context;

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![adapter::dispatch])
        .setup(|app| Ok(adapter::start(app.handle())?))
        .run(generate_context!())
}
