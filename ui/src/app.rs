//! The whole window: start-up, first run, or the frame with a page.

use console_ipc::window::{CloseQuestion, HoldWindow};
use leptos::prelude::*;

use crate::ipc;
use crate::kit::tooltip::TooltipHost;
use crate::pages::INSPECTOR;
use crate::router::Router;
use crate::shell::bare::Bare;
use crate::shell::drop_cover::{self, DropCover};
use crate::shell::frame::{Frame, LeaveDialog};
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

/// What the window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Starting,
    FirstRun,
    /// A page that needs no profile, before there is one.
    Bare,
    Frame,
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
    drop_cover::follow();
    let stage = Memo::new(move |_| {
        let inspects = || {
            let address = Router::the().address();
            address.path.first().is_some_and(|it| it == INSPECTOR)
        };
        match (state.ready.get(), state.first_run.get()) {
            (false, _) => Stage::Starting,
            (true, true) if inspects() => Stage::Bare,
            (true, true) => Stage::FirstRun,
            (true, false) => Stage::Frame,
        }
    });
    view! {
        {move || match stage.get() {
            Stage::Starting => view! { <Starting /> }.into_any(),
            Stage::FirstRun => view! { <FirstRun /> }.into_any(),
            Stage::Bare => view! { <Bare /> }.into_any(),
            Stage::Frame => view! { <Frame /> }.into_any(),
        }}
        <LeaveDialog />
        <DropCover />
        <TooltipHost />
    }
    .into_any()
}
