//! The status line: connection, tasks, time of requests, errors of the session.

use console_ipc::bulk::TaskState;
use console_ipc::profile::Connection;
use leptos::prelude::*;

use super::reminder::Reminder;
use crate::kit::notice::{details, what_happened, what_to_do, why};
use crate::kit::{
    Button, CopyButton, Dialog, EmptyState, ErrorNotice, Glyph, Sign, Time, Width, icon, sign,
};
use crate::state::App;
use crate::{format, pages, router, words};

/// The status line.
#[component]
pub fn StatusLine() -> AnyView {
    let app = App::expect();
    let session = app.session;
    let state = Memo::new(move |_| {
        session.with(|session| match session.connection {
            Connection::None => (Sign::Off, words::frame::connection::none.get()),
            Connection::Connecting => (Sign::Busy, words::frame::connection::connecting.get()),
            Connection::Connected => (Sign::Good, words::frame::connection::connected.get()),
            Connection::Failed { .. } => (Sign::Bad, words::frame::connection::failed.get()),
        })
    });
    let place = move || {
        session.with(|session| {
            let parts = [
                session.region.as_str(),
                session.project.as_str(),
                session.account.as_str(),
                session.instance_id.as_str(),
            ];
            let mut told: Vec<&str> = Vec::new();
            for part in parts {
                // A project is often called like its region, which is said once.
                if !part.is_empty() && !told.contains(&part) {
                    told.push(part);
                }
            }
            told.join(" · ")
        })
    };
    let running = Memo::new(move |_| {
        app.tasks.with(|tasks| {
            tasks
                .iter()
                .filter(|task| matches!(task.state, TaskState::Running | TaskState::Paused))
                .count()
        })
    });
    let has_tasks = pages::PAGES.iter().any(|page| page.address == "tasks");
    let connection_open = RwSignal::new(false);
    let errors_open = RwSignal::new(false);
    let failed =
        move || session.with(|session| matches!(session.connection, Connection::Failed { .. }));
    view! {
        <footer class="status" aria-label=words::frame::status>
            <button
                type="button"
                class="status-part"
                aria-disabled=move || (!failed()).then_some("true")
                on:click=move |_| connection_open.set(failed())
            >
                {move || sign(state.get().0)}
                <span role="status">{move || state.get().1}</span>
            </button>
            <span class="second cut" data-tip=place data-tip-cut="">{place}</span>
            {move || session.with(|session| session.clock_skew_seconds).map(|seconds| view! {
                <span class="status-part status-attention" data-tip=words::frame::skew_tip>
                    {icon(Glyph::Clock)}
                    {words::frame::skew(format::duration(seconds.abs().saturating_mul(1000)))}
                </span>
            })}
            <span class="spacer"></span>
            <Reminder />
            {has_tasks.then(|| view! {
                <button type="button" class="status-part" on:click=|_| router::go("#/tasks")>
                    {icon(Glyph::Task)}
                    {move || match running.get() {
                        0 => words::frame::no_tasks.get().to_owned(),
                        count => words::frame::tasks_running(count),
                    }}
                </button>
            })}
            {move || app.latency_ms.get().map(|latency| view! {
                <span class="status-part number" data-tip=words::frame::latency_tip>{format!("{latency} ms")}</span>
            })}
            <button type="button" class="status-part" on:click=move |_| errors_open.set(true)>
                {move || (app.errors.with(|errors| !errors.is_empty())).then(|| sign(Sign::Bad))}
                {move || words::frame::errors(app.error_count.get().max(app.errors.with(|errors| u32::try_from(errors.len()).unwrap_or(u32::MAX))))}
            </button>
        </footer>
        <Dialog open=connection_open title=words::frame::connection::failed width=Width::Wide>
            {move || session.with(|session| match &session.connection {
                Connection::Failed { error } => Some(view! {
                    <ErrorNotice error=error.clone() on_retry=move || {
                        connection_open.set(false);
                        app.refresh_page();
                    } />
                }),
                _ => None,
            })}
        </Dialog>
        <Dialog open=errors_open title=words::frame::errors_title width=Width::Wide>
            <ErrorList />
        </Dialog>
    }
    .into_any()
}

/// The errors of this session, newest first.
#[component]
fn ErrorList() -> AnyView {
    let app = App::expect();
    view! {
        {move || {
            let errors = app.errors.get();
            if errors.is_empty() {
                return view! { <EmptyState title=words::frame::no_errors glyph=Glyph::Check /> }.into_any();
            }
            let lines = errors
                .into_iter()
                .map(|(at, error)| {
                    let details = details(&error);
                    view! {
                        <li>
                            <div class="row">
                                <strong>{what_happened(&error)}</strong>
                                <span class="spacer"></span>
                                <span class="second small"><Time at_ms=Signal::derive(move || Some(at)) /></span>
                            </div>
                            <p>{why(&error)} " " {what_to_do(&error)}</p>
                            {(!details.is_empty()).then(|| view! {
                                <p class="notice-code">
                                    <code class="selectable">{details.clone()}</code>
                                    <CopyButton text=details.clone() />
                                </p>
                            })}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <ul class="errors">{lines}</ul>
                <div class="dialog-actions">
                    <Button label=words::frame::forget_errors on_press=move || app.errors.set(Vec::new()) />
                </div>
            }
            .into_any()
        }}
    }
    .into_any()
}
