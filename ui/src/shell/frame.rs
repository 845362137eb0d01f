//! The frame: rail, top bar, page, status line.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::notices::Notices;
use super::palette::Palette;
use super::rail::Rail;
use super::status_line::StatusLine;
use super::top_bar::TopBar;
use super::unlock::UnlockDialog;
use crate::kit::shortcut::{self, ShortcutHelp};
use crate::kit::{Button, Dialog, EmptyState, Glyph, Look, Text};
use crate::router::{self, Router};
use crate::sheet::SheetHost;
use crate::state::{App, set_if_changed};
use crate::words::Word;
use crate::{chunks, pages, words};

/// The window with a page in it.
#[component]
pub fn Frame() -> AnyView {
    let app = App::expect();
    shortcut::start();
    chunks::prefetch();
    shortcut::register("F5", words::frame::refresh_page, move || app.refresh_page());
    shortcut::register("Ctrl+R", words::frame::refresh_page, move || {
        app.refresh_page();
    });
    shortcut::register("Alt+ArrowLeft", words::frame::back, back);
    shortcut::register("Alt+ArrowRight", words::frame::forward, forward);
    let collapsed = Memo::new(move |_| app.settings.with(|settings| settings.rail_collapsed));
    let mouse = move |event: leptos::ev::PointerEvent| match event.button() {
        3 => {
            event.prevent_default();
            back();
        }
        4 => {
            event.prevent_default();
            forward();
        }
        _ => {}
    };
    view! {
        <div class="frame" class=("frame-narrow", collapsed) on:pointerup=mouse>
            <a class="skip" href="#page" on:click=|event| {
                event.prevent_default();
                focus_page();
            }>{words::frame::skip}</a>
            <TopBar />
            <Rail collapsed=collapsed.into() />
            <main class="page" id="page" tabindex="-1">
                <Notices />
                <Outlet />
            </main>
            <StatusLine />
        </div>
        <Palette />
        <SheetHost />
        <UnlockDialog />
        <ShortcutHelp />
    }
    .into_any()
}

/// The page of the address.
#[component]
fn Outlet() -> AnyView {
    let app = App::expect();
    let address = router::use_address();
    let path = Memo::new(move |_| address.with(|address| pages::identity(&address.path).to_vec()));
    let profile = Memo::new(move |_| app.session.with(|session| session.profile_id.clone()));
    Effect::new(move |former: Option<Vec<String>>| {
        let path = path.get();
        let title =
            pages::find(&path).map_or(words::frame::unknown::title as Word, |page| page.title);
        document().set_title(&format!("{} – Edge Console", title.get()));
        if former.is_some_and(|former| former != path) {
            focus_page();
        }
        path
    });
    view! {
        {move || {
            // Another profile's rows mean nothing: the page begins anew. Read, not only tracked: a memo is
            // computed when it is read first, and whoever tracked it before takes that for a change.
            profile.with(|_| ());
            let mut path = path.get();
            app.read_at.set(None);
            match pages::find(&path) {
                Some(page) => {
                    app.shown.set(page.resources);
                    if !path.is_empty() {
                        path.remove(0);
                    }
                    (page.view)(path)
                }
                None => {
                    app.shown.set(&[]);
                    view! { <Unknown /> }.into_any()
                }
            }
        }}
    }
    .into_any()
}

/// An address that leads nowhere.
#[component]
fn Unknown() -> AnyView {
    view! {
        <EmptyState
            title=words::frame::unknown::title
            text=words::frame::unknown::text
            glyph=Glyph::Search
            action=(Text::from(words::frame::unknown::action), Callback::new(|()| router::go("#/")))
        />
    }
    .into_any()
}

/// Asks before something typed is lost. Stands once, beside whatever the window shows.
#[component]
pub fn LeaveDialog() -> AnyView {
    let router = Router::the();
    let open = RwSignal::new(false);
    Effect::new(move |_| set_if_changed(open, router.held.get().is_some()));
    Effect::new(move |_| {
        if !open.get() {
            set_if_changed(router.held, None);
        }
    });
    view! {
        <Dialog open=open title=words::kit::leave::title>
            <p>{words::kit::leave::text}</p>
            <div class="dialog-actions">
                <Button label=words::kit::leave::stay look=Look::Primary on_press=move || open.set(false) />
                <Button label=words::kit::leave::leave look=Look::Danger on_press=move || router.leave() />
            </div>
        </Dialog>
    }
    .into_any()
}

fn focus_page() {
    let page = document()
        .get_element_by_id("page")
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(page) = page {
        let _ = page.focus();
    }
}

fn back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

fn forward() {
    if let Ok(history) = window().history() {
        let _ = history.forward();
    }
}
