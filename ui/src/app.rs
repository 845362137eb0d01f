//! The whole window: start-up, first run, or the frame with a page.

use console_ipc::window::{CloseQuestion, HoldWindow};
use leptos::prelude::*;

use crate::ipc;
use crate::kit::tooltip::TooltipHost;
use crate::router::Router;
use crate::shell::frame::Frame;
use crate::shell::start::{FirstRun, Starting};
use crate::state::App as State;
use crate::words::kit::close_window as texts;

/// Has the host ask before the window is closed, while something unsaved would be lost.
fn hold_window() {
    let unsaved = Router::the().unsaved;
    let question = Memo::new(move |_| {
        (unsaved.get() > 0).then(|| CloseQuestion {
            title: texts::title.get().to_owned(),
            text: texts::text.get().to_owned(),
            close: texts::close.get().to_owned(),
            stay: texts::stay.get().to_owned(),
        })
    });
    Effect::new(move |before: Option<()>| {
        let question = question.get();
        // At first nothing is held, unless the page was loaded anew.
        if before.is_some() || question.is_none() {
            ipc::send(HoldWindow { question });
        }
    });
}

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
    hold_window();
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
