//! What is shown when the interface has met a fault of its own: it can't go on, and must not look as if it could.

use std::cell::Cell;
use std::panic::{self, PanicHookInfo};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlDialogElement};

use crate::words;

thread_local! {
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// Watches for faults from now on.
pub fn watch() {
    panic::set_hook(Box::new(|fault| {
        console_error_panic_hook::hook(fault);
        if !SHOWN.replace(true) {
            // Where even this fails, the console of the web view still has the fault.
            let _ = show(fault);
        }
    }));
}

/// Says so above everything else, with the one button that helps. It is made of plain elements: what draws the
/// rest of the window is what failed.
fn show(fault: &PanicHookInfo<'_>) -> Option<()> {
    let dialog: HtmlDialogElement = element("dialog", "dialog crash")?.dyn_into().ok()?;
    dialog.set_attribute("role", "alertdialog").ok()?;
    let head = element("header", "dialog-head")?;
    let title = element("h2", "")?;
    title.set_text_content(Some(words::crash::title.now()));
    head.append_child(&title).ok()?;
    let body = element("div", "dialog-body")?;
    let text = element("p", "")?;
    text.set_text_content(Some(words::crash::text.now()));
    let detail = element("p", "second selectable")?;
    let place = fault
        .location()
        .map(|at| format!("{}:{}", at.file(), at.line()));
    detail.set_text_content(place.as_deref());
    let actions = element("div", "dialog-actions")?;
    let button = element("button", "button button-primary")?;
    button.set_text_content(Some(words::crash::reload.now()));
    let reload = Closure::<dyn Fn()>::new(|| {
        let _ = window().location().reload();
    });
    button
        .add_event_listener_with_callback("click", reload.as_ref().unchecked_ref())
        .ok()?;
    reload.forget();
    actions.append_child(&button).ok()?;
    for part in [&text, &detail, &actions] {
        body.append_child(part).ok()?;
    }
    dialog.append_child(&head).ok()?;
    dialog.append_child(&body).ok()?;
    document().body()?.append_child(&dialog).ok()?;
    dialog.show_modal().ok()
}

fn element(name: &str, class: &str) -> Option<Element> {
    let element = document().create_element(name).ok()?;
    element.set_class_name(class);
    Some(element)
}
