//! Dialogs: a question before everything else, in the browser's own top layer, which keeps the focus inside
//! and gives it back. A `Width::Sheet` stands at the right edge over the whole height.

use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{Glyph, IconButton, Text};
use crate::words;

/// How wide a dialog is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// A question: 440 px.
    #[default]
    Narrow,
    /// A form or a list: 720 px.
    Wide,
    /// At the right edge over the whole height, 560 px: something longer.
    Sheet,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Self::Narrow => "dialog",
            Self::Wide => "dialog dialog-wide",
            Self::Sheet => "dialog dialog-sheet",
        }
    }
}

/// Opens a dialog in the top layer, with the focus where work begins: the field that asks for it, the
/// first field, the first button of its answer, or the dialog itself. Never on the cross, which only ends the work.
pub fn open_modal(dialog: &web_sys::HtmlDialogElement) {
    // Refused only for an element that isn't in the document, which it is by now.
    let _ = dialog.show_modal();
    let first = [
        "[data-first]",
        "input:not([disabled]), textarea, select",
        ".dialog-actions > button",
    ]
    .into_iter()
    .find_map(|selector| dialog.query_selector(selector).ok().flatten())
    .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let _ = match first {
        Some(field) => field.focus(),
        None => dialog.focus(),
    };
}

/// A dialog, shown while `open` is true.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Text,
    /// How wide it is.
    #[prop(optional)]
    width: Width,
    /// Asked before Esc or the cross closes it; it closes when this returns true.
    #[prop(into, optional)]
    may_close: Option<Callback<(), bool>>,
    /// What it holds. Made anew each time it opens.
    children: ChildrenFn,
) -> AnyView {
    view! {
        <Show when=move || open.get()>
            <Inner open=open title=title.clone() width=width may_close=may_close children=children.clone() />
        </Show>
    }
    .into_any()
}

/// Gives the focus back to what has it now, once what is around is gone. Until then a modal dialog would not let it
/// go, and whoever takes it meanwhile keeps it.
pub fn give_focus_back() {
    let former = document()
        .active_element()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        .map(SendWrapper::new);
    on_cleanup(move || {
        let Some(former) = former else { return };
        request_animation_frame(move || {
            let holder = document().active_element();
            if holder.is_none_or(|it| it.tag_name() == "BODY") && former.is_connected() {
                let _ = former.focus();
            }
        });
    });
}

#[component]
fn Inner(
    open: RwSignal<bool>,
    title: Text,
    width: Width,
    may_close: Option<Callback<(), bool>>,
    children: ChildrenFn,
) -> AnyView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    let id = super::unique("dialog");
    give_focus_back();
    Effect::new(move |_| {
        if let Some(dialog) = node.get().filter(|dialog| !dialog.open()) {
            open_modal(&dialog);
        }
    });
    let close = move || {
        if may_close.is_none_or(|may_close| may_close.run(())) {
            open.set(false);
        }
    };
    let name = title.clone();
    let labelled = id.clone();
    view! {
        <dialog
            class=width.class()
            tabindex="-1"
            node_ref=node
            aria-labelledby=labelled
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                close();
            }
            // What is typed in a dialog is not meant for the page below.
            on:keydown=move |event| event.stop_propagation()
        >
            <header class="dialog-head">
                <h2 id=id>{name.view()}</h2>
                <span class="spacer"></span>
                <IconButton glyph=Glyph::Close label=words::kit::close on_press=close />
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}
