//! The window of Edge Console: a Tauri host with one adapter onto `console-core`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod adapter;
mod arguments;
#[cfg(target_os = "linux")]
mod drawing;
#[cfg(target_os = "linux")]
mod environment;
mod folders;
mod navigation;

use std::io::Write;
use std::process::ExitCode;

use tauri::{RunEvent, WindowEvent, generate_context};

use arguments::Wish;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    environment::prepare();
    let wish = arguments::wish(std::env::args_os().skip(1), |name| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty())
    });
    let opened = match wish {
        Wish::Window => window().map_err(|error| format!("the window can't be opened: {error}")),
        Wish::Say(text) => {
            // Nothing can be done when nobody reads it.
            let _ = write!(std::io::stdout(), "{text}");
            Ok(())
        }
        Wish::Refuse(reason) => Err(reason),
    };
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "edge-console: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn window() -> Result<(), tauri::Error> {
    let app = tauri::Builder::default()
        .plugin(navigation::fence())
        .plugin(tauri_plugin_dialog::init())
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && !adapter::may_close(window)
            {
                api.prevent_close();
            }
        })
        .invoke_handler(tauri::generate_handler![adapter::dispatch])
        .setup(|app| Ok(adapter::start(app.handle())?))
        .build(generate_context!())?;
    #[cfg(target_os = "linux")]
    drawing::name_font();
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            adapter::end(app);
        }
    });
    Ok(())
}
