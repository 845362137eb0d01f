//! Rows of other resources in a form: chosen in a dialog, shown as chips, taken away one by one.

use leptos::prelude::*;

use crate::format;
use crate::kit::form::{Form, register};
use crate::kit::{Button, Chip, Glyph, Look, Text, unique};
use crate::table::{Picked, Picker, TableSpec};
use crate::words::{self, Word};

/// Names shown in a sentence before the rest is only counted.
const NAMES_SHOWN: usize = 5;

/// A field that holds several rows of a resource.
#[component]
pub fn ChosenField(
    /// What they are.
    #[prop(into)]
    label: Text,
    /// What to know before choosing.
    #[prop(into, optional)]
    help: Text,
    /// What the button says that opens the dialog, which has the same title.
    choose: Word,
    /// The rows to choose from.
    spec: &'static TableSpec,
    /// Those that are chosen.
    chosen: RwSignal<Vec<Picked>>,
    /// What the service would refuse, told at once.
    #[prop(into, optional)]
    refused: Signal<Option<String>>,
    /// What is missing, told when the form is sent.
    #[prop(into, optional)]
    missing: Signal<Option<String>>,
    /// Called with what was added by one choice.
    #[prop(into, optional)]
    on_add: Option<Callback<Vec<Picked>>>,
) -> AnyView {
    let picking = RwSignal::new(false);
    let form = Form::around();
    let touch = move || {
        if let Some(form) = form {
            form.touch();
        }
    };
    let id = unique("chosen");
    let own = move || refused.get().or_else(|| missing.get());
    let checked = register(id.clone(), String::new(), own);
    let problem = move || refused.get().or_else(|| checked.shown.get());
    let chips = move || {
        let rows = chosen.get().into_iter();
        rows.map(|row| {
            let remove = move || {
                touch();
                chosen.update(|all| all.retain(|known| known.id != row.id));
            };
            view! { <Chip label=row.name on_remove=remove /> }
        })
        .collect_view()
    };
    let add = move |picked: Vec<Picked>| {
        touch();
        if let Some(on_add) = on_add {
            on_add.run(picked.clone());
        }
        chosen.update(|all| {
            for row in picked {
                if all.iter().all(|known| known.id != row.id) {
                    all.push(row);
                }
            }
        });
    };
    let name = label.clone();
    let said = (!help.is_empty()).then(|| view! { <p class="field-help">{help.view()}</p> });
    view! {
        <div class="field" id=id tabindex="-1" role="group" aria-label=move || name.get()>
            <span class="field-label">{label.view()}</span>
            <div class="row row-wrap">
                {chips}
                <Button label=choose glyph=Glyph::Plus look=Look::Quiet on_press=move || picking.set(true) />
            </div>
            {said}
            <p class="field-problem" role="alert">{problem}</p>
        </div>
        <Picker spec=spec title=choose open=picking on_pick=add />
    }
    .into_any()
}

/// Some names, and how many more there are.
pub fn some_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.get(..NAMES_SHOWN).unwrap_or(&names).join(", ");
    match names.len().saturating_sub(NAMES_SHOWN) {
        0 => shown,
        more => words::sheet::bulk::and_more(shown, format::count(more as u64)),
    }
}

/// Some names of chosen rows.
pub fn names_of(rows: &[Picked]) -> String {
    some_names(rows.iter().map(|row| row.name.as_str()))
}

/// Identifiers of chosen rows.
pub fn ids_of(rows: &[Picked]) -> Vec<String> {
    rows.iter().map(|row| row.id.clone()).collect()
}
