//! Parts of the interface that are loaded when they are first shown, so that the window starts without them.
//!
//! A line of [`chunks!`] makes a function that draws such a part. The build takes whatever only it reaches out
//! of `app.wasm` into a file named after its chunk. Memory is one for all: signals, contexts and statics are
//! the same on both sides. Once the first page stands, [`prefetch`] loads all of them, so that a page is hardly
//! ever waited for.

#![allow(
    unsafe_code,
    reason = "the two sides of a split find each other by unmangled names, which the macro makes unique"
)]

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use console_ipc::IpcError;
use console_ipc::error::{ErrorKind, NextStep};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::kit::{ErrorNotice, Skeleton};
use crate::sheet::{Bulk, BulkSheet, Change, Progress, SendSheet};
use crate::shell::start;
use crate::{pages, words};

/// How long the first page has the window for itself.
const BEFORE_PREFETCH: Duration = Duration::from_millis(500);

/// A chunk on its way.
type Loading = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// Draws a part, or `None` while its chunk isn't there.
type Draw = Box<dyn Fn() -> Option<AnyView> + Send + Sync>;

macro_rules! chunks {
    ($($(#[$attribute:meta])* $chunk:ident: $name:ident($($argument:ident: $type:ty),*) = $draw:expr;)*) => {
        $(
            mod $name {
                #[allow(
                    unused_imports,
                    clippy::wildcard_imports,
                    reason = "the line above names its types as the module around it does"
                )]
                use super::*;

                #[wasm_split($chunk, fallible, preload(load))]
                pub(super) fn $name($($argument: $type),*) -> Result<AnyView, SplitLoaderError> {
                    Ok($draw)
                }
            }

            $(#[$attribute])*
            pub fn $name($($argument: $type),*) -> AnyView {
                lazy(
                    || Box::pin($name::load()),
                    Box::new(move || at_once($name::$name($($argument.clone()),*))?.ok()),
                )
            }
        )*

        /// Loads each part's chunk. Parts of one chunk share what is loaded.
        static LOADERS: &[fn() -> Loading] = &[$(|| Box::pin($name::load())),*];
    };
}

// A chunk for each group of the rail, and one for sheets: what some chunks share is a file for each combination
// of them that occurs, so many chunks make very many files.
chunks! {
    /// Edge nodes.
    fleet: nodes(path: Vec<String>) = pages::nodes::page(path);
    /// Node groups.
    fleet: groups(path: Vec<String>) = pages::groups::page(path);
    /// End devices.
    fleet: devices(path: Vec<String>) = pages::devices::page(path);
    /// Device templates.
    fleet: templates(path: Vec<String>) = pages::templates::page(path);
    /// Deployments.
    workloads: deployments(path: Vec<String>) = pages::deployments::page(path);
    /// Application templates.
    workloads: apps(path: Vec<String>) = pages::apps::page(path);
    /// ConfigMaps.
    workloads: config_maps(path: Vec<String>) = pages::config_maps::page(path);
    /// Secrets.
    workloads: secrets(path: Vec<String>) = pages::secrets::page(path);
    /// Encrypted data.
    workloads: encrypted_data(path: Vec<String>) = pages::encrypted_data::page(path);
    /// Services.
    workloads: services(path: Vec<String>) = pages::services::page(path);
    /// Endpoints of messages.
    messages: endpoints(path: Vec<String>) = pages::endpoints::page(path);
    /// Rules of messages.
    messages: rules(path: Vec<String>) = pages::rules::page(path);
    /// Subscriptions of system events.
    messages: system_events(path: Vec<String>) = pages::system_events::page(path);
    /// Batch registrations of nodes.
    batches: registrations(path: Vec<String>) = pages::registrations::page(path);
    /// Batch jobs.
    batches: batch_jobs(path: Vec<String>) = pages::batch_jobs::page(path);
    /// Certificates of the fleet.
    govern: certificates(path: Vec<String>) = pages::certificates::page(path);
    /// Tags of the project.
    govern: tags(path: Vec<String>) = pages::tags::page(path);
    /// Quotas.
    govern: quotas(path: Vec<String>) = pages::quotas::page(path);
    /// The journal.
    govern: journal(path: Vec<String>) = pages::journal::page(path);
    /// Tasks.
    govern: tasks(path: Vec<String>) = pages::tasks::page(path);
    /// The API explorer.
    tools: explorer(path: Vec<String>) = pages::explorer::page(path);
    /// The package inspector.
    tools: inspector(path: Vec<String>) = pages::inspector::page(path);
    /// Profiles.
    govern: profiles(path: Vec<String>) = pages::profiles::page(path);
    /// Settings.
    govern: settings(path: Vec<String>) = pages::settings::page(path);
    /// The first profile.
    govern: first_profile() = start::first_profile();
    /// The sheet of one change.
    sheets: send_sheet(change: Arc<Change>, progress: Progress, on_close: Callback<()>) =
        view! { <SendSheet change=change progress=progress on_close=on_close /> }.into_any();
    /// The sheet of a bulk action.
    sheets: bulk_sheet(bulk: Arc<Bulk>, on_close: Callback<()>) =
        view! { <BulkSheet bulk=bulk on_close=on_close /> }.into_any();
}

/// Loads every chunk, one after the other, once the page that was asked for has been painted.
pub fn prefetch() {
    set_timeout(
        || {
            spawn_local(async {
                for load in LOADERS {
                    // A part that fails says so when somebody wants to see it.
                    let _ = load().await;
                }
            });
        },
        BEFORE_PREFETCH,
    );
}

/// Where a chunk stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    Loaded,
    Failed,
}

/// Draws a part at once where its chunk is there already, else as soon as it is.
fn lazy(load: fn() -> Loading, draw: Draw) -> AnyView {
    let mut loading = load();
    let answer = at_once(&mut loading);
    // What a part reads while it is made is not what it stands for: it is not to be made again by that.
    let draw = move || untrack(&draw);
    if let Some(Ok(())) = answer
        && let Some(view) = draw()
    {
        return view;
    }
    let state = RwSignal::new(State::Loading);
    match answer {
        None => follow(loading, state),
        Some(_) => state.set(State::Failed),
    }
    let again = Callback::new(move |()| {
        state.set(State::Loading);
        follow(load(), state);
    });
    let drawn = move || match state.get() {
        State::Loading => view! { <div class="chunk"><Skeleton lines=4 /></div> }.into_any(),
        State::Loaded => draw().unwrap_or_else(|| missing(again)),
        State::Failed => missing(again),
    };
    view! { {drawn} }.into_any()
}

/// What stands where a part would be that can't be loaded.
fn missing(again: Callback<()>) -> AnyView {
    let error = IpcError::new(ErrorKind::Internal, NextStep::TryAgain)
        .with("detail", words::frame::part_missing.get());
    view! { <div class="chunk"><ErrorNotice error=error on_retry=again /></div> }.into_any()
}

/// Sets the state when the chunk is there, or can't be. The view may be gone by then.
fn follow(loading: Loading, state: RwSignal<State>) {
    spawn_local(async move {
        let answer = loading.await;
        state.try_set(match answer {
            Ok(()) => State::Loaded,
            Err(_) => State::Failed,
        });
    });
}

/// The answer of a future that doesn't have to wait for it.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
