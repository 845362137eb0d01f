//! The side panel of a list: the selected row in full, beside the table.

use console_ipc::inventory::RowView;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use super::list::ListPage;
use super::model::Table;
use super::reading::Reading;
use crate::kit::{Glyph, IconButton, Notice, StateSign, Tone};
use crate::state::App;
use crate::words::table::panel as texts;

/// Narrowest and widest panel, in pixels.
const WIDTH: std::ops::RangeInclusive<f64> = 320.0..=900.0;

/// What the content of a side panel knows. It is made once and follows the selection, so a tab stays.
#[derive(Clone, Copy)]
pub struct PanelContext {
    /// The selected row's identifier; empty for a moment when there is none.
    pub id: Signal<String>,
    /// The thing read whole.
    pub detail: Reading,
}

/// The panel. Shown while a row is opened in it.
#[component]
pub(super) fn SidePanel(
    /// The page.
    page: &'static ListPage,
    /// Its table.
    table: Table,
    /// The row shown.
    id: Signal<String>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// Opens the full page.
    #[prop(into)]
    on_open: Callback<String>,
) -> AnyView {
    let node: NodeRef<html::Aside> = NodeRef::new();
    let detail = Reading::detail(page.resource, id);
    // What the panel has read is no longer shown, and would make the page as old as it for ever.
    on_cleanup(|| App::expect().read_at.set(None));
    let row = Memo::new(move |before: Option<&Option<RowView>>| {
        table.feed.arrivals.track();
        let id = id.get();
        let found = table
            .feed
            .with_rows(|cache| cache.find(&id).and_then(|at| cache.get(at).cloned()))
            .flatten();
        // A row scrolled out of the window is still the one shown.
        found
            .map(|row| (*row).clone())
            .or_else(|| before.cloned().flatten().filter(|row| row.id == id))
    });
    let context = PanelContext { id, detail };
    let name = move || {
        let listed = row.with(|row| row.as_ref().map(|row| row.name.clone()));
        // A row that was never in the window is known as soon as it is read.
        let read = || {
            detail
                .value
                .with(|value| super::reading::text(value.as_ref()?, "name"))
        };
        listed.or_else(read).unwrap_or_else(|| id.get())
    };
    // What has no state is on or off.
    let of = if table.spec.column("state").is_some() {
        "state"
    } else {
        "enabled"
    };
    let state = move || {
        let look = row.with(|row| row.as_ref().and_then(|row| table.look_of(row, of)));
        look.and_then(|look| {
            look.sign
                .map(|sign| view! { <StateSign sign=sign word=look.text /> })
        })
    };
    let gone = move || {
        use console_ipc::error::ErrorKind;
        detail.error.with(|error| {
            error
                .as_ref()
                .is_some_and(|error| error.kind == ErrorKind::NotFound)
        })
    };
    let style = move || {
        let width = table.layout.with(|layout| layout.panel);
        width.map(|width| format!("--panel-width:{width}px"))
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            on_close.run(());
        }
    };
    view! {
        <aside class="list-panel" node_ref=node style=style aria-label=texts::label on:keydown=keys>
            {grip(table, node)}
            <header class="list-panel-head">
                <h2 class="cut selectable" data-tip=name data-tip-cut="">{name}</h2>
                <span class="spacer"></span>
                <IconButton
                    glyph=Glyph::External
                    label=texts::open_page
                    on_press=move || on_open.run(id.get_untracked())
                />
                <IconButton glyph=Glyph::Close label=texts::close on_press=move || on_close.run(()) />
            </header>
            <div class="list-panel-state">{state}</div>
            {move || gone().then(|| view! { <Notice tone=Tone::Attention text=texts::gone /> })}
            <div class="list-panel-body">{(page.panel)(context)}</div>
        </aside>
    }
    .into_any()
}

/// The edge that is dragged, or moved by arrow keys, to change the width.
fn grip(table: Table, node: NodeRef<html::Aside>) -> AnyView {
    let set = move |width: f64| {
        let room = web_sys::window()
            .and_then(|window| window.inner_width().ok())
            .and_then(|width| width.as_f64())
            .map_or(*WIDTH.end(), |width| (width - 480.0).max(*WIDTH.start()));
        let width = width.clamp(*WIDTH.start(), WIDTH.end().min(room));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to some hundred pixels"
        )]
        table
            .layout
            .update(|layout| layout.panel = Some(width as u32));
    };
    let width = move || {
        node.get_untracked()
            .map_or(0.0, |panel| panel.get_bounding_client_rect().width())
    };
    let keys = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            // Alt with an arrow goes back in the window.
            _ if event.alt_key() => return,
            "ArrowLeft" => 16.0,
            "ArrowRight" => -16.0,
            _ => return,
        };
        event.prevent_default();
        set(width() + by);
        table.keep_layout();
    };
    let dragged = StoredValue::new(None::<(f64, f64)>);
    let down = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(grip) = event
            .current_target()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        {
            // Without capture the drag ends at the grip's edge, which is the worst that can happen.
            let _ = grip.set_pointer_capture(event.pointer_id());
        }
        dragged.set_value(Some((f64::from(event.client_x()), width())));
    };
    let drag = move |event: PointerEvent| {
        if let Some((from, width)) = dragged.get_value() {
            set(width + from - f64::from(event.client_x()));
        }
    };
    let up = move |_| {
        if dragged.get_value().is_some() {
            dragged.set_value(None);
            table.keep_layout();
        }
    };
    view! {
        <div
            class="list-panel-grip"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=texts::resize
            aria-valuenow=move || table.layout.with(|layout| layout.panel.unwrap_or(420))
            aria-valuemin=*WIDTH.start()
            aria-valuemax=*WIDTH.end()
            on:keydown=keys
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=up
            on:pointercancel=up
        ></div>
    }
    .into_any()
}
