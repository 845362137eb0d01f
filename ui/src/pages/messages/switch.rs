//! What is on or off: enabling and disabling it.

use ief_api::resource::ResourceSpec;
use leptos::prelude::*;

use crate::kit::{Button, Glyph};
use crate::pages::parts::call_of;
use crate::pages::things::Thing;
use crate::sheet::{self, Change};
use crate::table::reading::flag;
use crate::words::messages as texts;

/// How a kind of thing is enabled and disabled.
pub struct Switch {
    /// Its declaration.
    pub resource: &'static ResourceSpec,
    /// The operation that enables.
    pub start: &'static str,
    /// The operation that disables.
    pub stop: &'static str,
    /// What enabling does, in a sentence.
    pub start_sentence: fn(&str) -> String,
    /// What disabling does, in a sentence.
    pub stop_sentence: fn(&str) -> String,
}

/// Enables or disables one.
pub fn switch(of: &'static Switch, id: &str, name: &str, on: bool) {
    sheet::send(change(of, id, name, on));
}

fn change(of: &'static Switch, id: &str, name: &str, on: bool) -> Change {
    let operation = if on { of.start } else { of.stop };
    let call = call_of(operation, &[(of.resource.id_parameter, id)], &[]);
    let (title, sentence, verb, done) = match on {
        true => (
            texts::enable_title(name),
            (of.start_sentence)(name),
            texts::enable,
            texts::enabled_done(name),
        ),
        false => (
            texts::disable_title(name),
            (of.stop_sentence)(name),
            texts::disable,
            texts::disabled_done(name),
        ),
    };
    let (back_id, back_name) = (id.to_owned(), name.to_owned());
    Change::new(title, sentence, call)
        .target(of.resource.kind, id, name)
        .button(verb)
        .done(done)
        .undo(move || change(of, &back_id, &back_name, !on))
}

/// The button that enables what is disabled, and the other way round.
pub fn switch_button(of: &'static Switch, thing: Thing) -> AnyView {
    // A memo, so that a refresh doesn't take the focus from the button.
    let on = Memo::new(move |_| thing.with(|it| flag(it, "in_using")));
    let press = move |on: bool| {
        let (id, name) = thing.named_now();
        switch(of, &id, &name, on);
    };
    let button = move || {
        on.get().map(|is_on| match is_on {
            true => view! {
                <Button label=texts::disable glyph=Glyph::Stop on_press=move || press(false) />
            },
            false => view! {
                <Button label=texts::enable glyph=Glyph::Play on_press=move || press(true) />
            },
        })
    };
    view! { {button} }.into_any()
}
