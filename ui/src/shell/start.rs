//! Before there is a page: waiting for the host, and the first choice.

use std::time::Duration;

use console_ipc::profile::{SwitchProfile, Target};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::kit::{Button, ErrorNotice, Glyph, Look, Skeleton, icon};
use crate::pages::INSPECTOR;
use crate::pages::profiles::editor::ProfileEditor;
use crate::pages::settings::SecretStoreChoice;
use crate::state::{App, is_simulator};
use crate::{chunks, format, ipc, router, words};

/// How long nothing is shown: what is gone in a moment is a flicker, and drawing it delays what comes.
const PATIENCE: Duration = Duration::from_millis(300);

/// Waits for the host.
#[component]
pub fn Starting() -> AnyView {
    let app = App::expect();
    let late = RwSignal::new(false);
    set_timeout(
        move || {
            // The page may be there already.
            let _ = late.try_set(true);
        },
        PATIENCE,
    );
    view! {
        <main class="start">
            {move || match app.start_error.get() {
                None if !late.get() => ().into_any(),
                None => view! { <div class="start-wait"><Skeleton lines=4 /></div> }.into_any(),
                Some(error) => view! {
                    <ErrorNotice error=error on_retry=move || wasm_bindgen_futures::spawn_local(app.reload()) />
                }
                .into_any(),
            }}
        </main>
    }
    .into_any()
}

/// The first choice: look around on the simulator, or add a cloud profile.
#[component]
pub fn FirstRun() -> AnyView {
    let app = App::expect();
    let adding = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let explore = move || {
        let simulator = app.profiles.with_untracked(|profiles| {
            profiles
                .iter()
                .find(|it| is_simulator(it))
                .map(|it| it.id.clone())
        });
        let Some(id) = simulator else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(SwitchProfile { id }).await;
            busy.try_set(false);
            match answer {
                Ok(session) => {
                    app.take_session(session);
                    app.reload().await;
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let simulated = move || {
        let nodes = app.profiles.with(|profiles| {
            profiles.iter().find_map(|profile| match &profile.target {
                Target::Simulator(simulator) => Some(simulator.nodes),
                Target::Cloud(_) => None,
            })
        });
        format::count(nodes.unwrap_or_default())
    };
    view! {
        <main class="start">
            {move || if adding.get() {
                view! {
                    <div class="start-editor">
                        <div class="page-head">
                            <Button label=words::kit::back glyph=Glyph::ArrowLeft look=Look::Quiet on_press=move || adding.set(false) />
                            <h1>{words::profiles::add}</h1>
                        </div>
                        {chunks::first_profile()}
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="start-choice">
                        <h1>{words::start::title}</h1>
                        <p class="second">{words::start::text}</p>
                        {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
                        <div class="start-cards">
                            <button type="button" class="start-card" aria-busy=move || busy.get().then_some("true") on:click=move |_| {
                                if !busy.get_untracked() {
                                    explore();
                                }
                            }>
                                {move || if busy.get() { crate::kit::spinner() } else { icon(Glyph::Simulator) }}
                                <strong>{words::start::simulator::title}</strong>
                                <span class="second">{move || words::start::simulator::text(simulated())}</span>
                            </button>
                            <button type="button" class="start-card" on:click=move |_| adding.set(true)>
                                {icon(Glyph::Cloud)}
                                <strong>{words::start::cloud::title}</strong>
                                <span class="second">{words::start::cloud::text}</span>
                            </button>
                        </div>
                        <div class="start-inspect">
                            <Button
                                label=words::start::inspect::title
                                glyph=Glyph::Package
                                look=Look::Quiet
                                on_press=|| router::go(&format!("#/{INSPECTOR}"))
                            />
                            <span class="second">{words::start::inspect::text}</span>
                        </div>
                        <p class="second small">{words::start::later}</p>
                    </div>
                }
                .into_any()
            }}
        </main>
    }
    .into_any()
}

/// Where the first profile is typed.
pub fn first_profile() -> AnyView {
    let app = App::expect();
    view! {
        {move || app.secret_store.get().choice_needed.then(|| view! { <SecretStoreChoice kept=RwSignal::new(None) on_done=|()| () /> })}
        <ProfileEditor id="new".to_owned() on_saved=super::top_bar::switch />
    }
    .into_any()
}
