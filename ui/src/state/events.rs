//! What the host tells without being asked, and the clocks of the window.

use std::time::Duration;

use console_ipc::bulk::{ListTasks, TaskSummary};
use console_ipc::event::{Event, NextEvents};
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::VisibilityState;

use super::{App, now_ms, set_if_changed};
use crate::ipc;

/// Waits before asking again when the host didn't answer, in milliseconds.
const PAUSE_MS: i32 = 1000;

/// Starts the loop of events and the clocks.
pub(super) fn follow(app: App) {
    spawn_local(async move {
        app.reload().await;
        read_tasks(app).await;
        let mut after = 0;
        loop {
            match ipc::call(NextEvents { after }).await {
                Ok(batch) => {
                    after = batch.last;
                    if batch.missed {
                        app.reload().await;
                        read_tasks(app).await;
                        app.refresh.update(|count| *count += 1);
                    }
                    for event in batch.events {
                        take(app, event);
                    }
                }
                Err(error) => {
                    if app.ready.get_untracked() && app.errors.with_untracked(Vec::is_empty) {
                        app.report(error);
                    }
                    pause(PAUSE_MS).await;
                    if !app.ready.get_untracked() {
                        app.reload().await;
                    }
                }
            }
        }
    });
    set_interval(move || app.now.set(now_ms()), Duration::from_secs(10));
    refresh_by_timer(app);
}

fn take(app: App, event: Event) {
    match event {
        Event::Inventory {
            resource,
            freshness,
        } => app.note_freshness(&resource, &freshness),
        Event::Session { session } => app.take_session(session),
        Event::Guard { guard } => set_if_changed(app.guard, guard),
        Event::State => spawn_local(app.reload()),
        Event::Task { task } => {
            let has_ended = |known: &TaskSummary| known.id == task.id && known.ended_ms.is_some();
            let known = app
                .tasks
                .with_untracked(|tasks| tasks.iter().any(has_ended));
            let ends_now = task.ended_ms.is_some() && !known;
            app.tasks.update(
                |tasks| match tasks.iter_mut().find(|known| known.id == task.id) {
                    Some(known) => *known = task,
                    None => tasks.insert(0, task),
                },
            );
            // What it has changed is read again at once, as after a single change.
            if ends_now {
                app.refresh.update(|count| *count += 1);
            }
        }
        Event::Journal { .. } => app.journal.update(|count| *count += 1),
        Event::Hover { files } => set_if_changed(app.files_over, files),
        Event::Dropped { inspected } => app.take_inspected(inspected),
        Event::Inspection { .. } => app.inspections.update(|count| *count += 1),
        Event::Calendar => app.calendar.update(|count| *count += 1),
        Event::Traffic {
            latency_ms,
            errors,
            error,
        } => {
            set_if_changed(app.latency_ms, Some(latency_ms));
            set_if_changed(app.error_count, errors);
            if let Some(error) = error {
                app.report(error);
            }
        }
    }
}

async fn read_tasks(app: App) {
    match ipc::call(ListTasks {}).await {
        Ok(tasks) => set_if_changed(app.tasks, tasks),
        Err(error) => app.report(error),
    }
}

/// Refreshes what the page shows as often as the settings say, but not while nobody looks.
fn refresh_by_timer(app: App) {
    let mut waited = 0;
    let tick = move || {
        let every = app
            .settings
            .with_untracked(|settings| settings.refresh_seconds);
        waited += 1;
        let seen = document().visibility_state() == VisibilityState::Visible;
        if every > 0 && waited >= every && seen && app.ready.get_untracked() {
            waited = 0;
            app.read_page_again();
        }
    };
    let tick = std::cell::RefCell::new(tick);
    set_interval(move || tick.borrow_mut()(), Duration::from_secs(1));
}

/// Lets some milliseconds pass.
async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Without a timer the promise would never end, so it ends at once.
        if window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .is_err()
        {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
}
