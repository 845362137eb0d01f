//! The whole window: start-up, first run, or the frame with a page.

use leptos::prelude::*;

use crate::kit::tooltip::TooltipHost;
use crate::router::Router;
use crate::shell::frame::Frame;
use crate::shell::start::{FirstRun, Starting};
use crate::state::App as State;

/// The whole window.
#[component]
pub fn App() -> AnyView {
    Router::start();
    let state = State::start();
    Effect::new(move |_| {
        if state.ready.get() {
            // What is there now is painted with the next frame: the end of the start, for whoever measures it.
            request_animation_frame(|| {
                let _ = window()
                    .performance()
                    .map(|performance| performance.mark("ready"));
            });
        }
    });
    view! {
        {move || match (state.ready.get(), state.first_run.get()) {
            (false, _) => view! { <Starting /> }.into_any(),
            (true, true) => view! { <FirstRun /> }.into_any(),
            (true, false) => view! { <Frame /> }.into_any(),
        }}
        <TooltipHost />
    }
    .into_any()
}
