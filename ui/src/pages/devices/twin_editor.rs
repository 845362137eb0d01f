//! Twin properties in a form: rows of name, type and expected value, each with how it is read from the device.

use ief_api::rules::device as rules;
use leptos::prelude::*;

use super::attribute_editor::{LINES, Place, attribute_fields, headings, line, twice};
use super::draft::TwinDraft;
use super::setting_fields::setting_fields;
use super::settings::VISITOR;
use crate::kit::form::expect_form;
use crate::kit::{Fold, unique};
use crate::pages::parts::{AddRow, Rows, focus_last};
use crate::words::devices as texts;

/// Edits twin properties.
#[component]
pub fn TwinEditor(
    /// The properties.
    rows: Rows<TwinDraft>,
    /// The protocol: it says which settings a visitor has.
    protocol: RwSignal<String>,
) -> AnyView {
    let form = expect_form();
    let lines = move |(number, row): (u32, TwinDraft)| {
        let names = move || {
            rows.get()
                .into_iter()
                .map(|(at, row)| (at, row.attribute.name))
        };
        let fields = attribute_fields(
            row.attribute,
            move |own| twice(names(), number, own),
            Place::Twin,
        );
        let name = row.attribute.name;
        let visitor = move || {
            let protocol = protocol.get();
            (protocol != "userdefine").then(|| {
                let kind = protocol.clone();
                view! {
                    <Fold title=texts::twin::visitor set=move || row.visitor.in_words(VISITOR, &kind)>
                        {setting_fields(row.visitor, VISITOR, &protocol, "")}
                    </Fold>
                }
            })
        };
        view! {
            <div class="editor-block">
                {line(fields, name, move || {
                    form.touch();
                    rows.remove(number);
                })}
                {visitor}
            </div>
        }
        .into_any()
    };
    let id = unique("twin");
    let place = id.clone();
    view! {
        <div class="editor" id=id role="group" aria-label=texts::twin::title>
            {headings(Signal::derive(move || rows.count()), texts::twin::expected)}
            <For each=move || rows.get() key=|(number, _)| *number children=lines />
            <AddRow
                label=texts::add_property
                count=Signal::derive(move || rows.count())
                rule=&rules::DEVICE_TWIN
                add=move || {
                    rows.add(TwinDraft::new);
                    focus_last(&place, LINES);
                }
            />
        </div>
    }
    .into_any()
}
