//! The window of Edge Console: a Tauri host with one adapter onto `console-core`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod adapter;
mod arguments;
mod clipboard;
#[cfg(target_os = "linux")]
mod drawing;
#[cfg(target_os = "linux")]
mod environment;
mod folders;
#[cfg(all(test, target_os = "linux"))]
#[allow(
    clippy::unwrap_used,
    reason = "the helpers of tests unwrap as tests do"
)]
mod memory;
mod navigation;

use std::alloc::System;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use console_core::{SystemClock, Terminal, inspect_line};
use tauri::{RunEvent, WindowEvent, generate_context};
use zeroizing_alloc::ZeroAlloc;

use arguments::Wish;

/// Wipes whatever is freed, so that no copy of a key stays in memory: not in what a parser grew and left, nor in what a
/// library forgot. See `docs/decisions/0046-wiping-what-is-freed.md`.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    environment::prepare();
    let wish = arguments::wish(std::env::args_os().skip(1), |name| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty())
    });
    let opened = match wish {
        Wish::Window => window().map_err(|error| format!("the window can't be opened: {error}")),
        Wish::Inspect(arguments) => return inspect(arguments),
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

/// Inspects packages on the command line.
fn inspect(arguments: Vec<OsString>) -> ExitCode {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|locale| !locale.is_empty())
        .unwrap_or_default();
    let ending = inspect_line(
        arguments,
        &mut Terminal {
            input: &mut std::io::stdin().lock(),
            output: &mut std::io::stdout().lock(),
            errors: &mut std::io::stderr().lock(),
            clock: &SystemClock,
            locale: &locale.to_string_lossy(),
        },
    );
    ExitCode::from(ending as u8)
}

fn window() -> Result<(), tauri::Error> {
    let app = tauri::Builder::default()
        .plugin(navigation::fence())
        .plugin(tauri_plugin_dialog::init())
        .on_window_event(|window, event| match event {
            WindowEvent::CloseRequested { api, .. } if !adapter::may_close(window) => {
                api.prevent_close();
            }
            WindowEvent::DragDrop(event) => adapter::drag(window, event),
            _ => {}
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
