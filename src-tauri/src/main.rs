//! The window of Edge Console: a Tauri host with one adapter onto `console-core`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod adapter;
mod folders;
mod navigation;

use tauri::{RunEvent, generate_context};

fn main() -> Result<(), tauri::Error> {
    tauri::Builder::default()
        .plugin(navigation::fence())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![adapter::dispatch])
        .setup(|app| Ok(adapter::start(app.handle())?))
        .build(generate_context!())?
        .run(|app, event| {
            if let RunEvent::Exit = event {
                adapter::end(app);
            }
        });
    Ok(())
}
