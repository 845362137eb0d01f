//! Choosing rows of another resource in a dialog: devices for a node, a node for a device.

use leptos::prelude::*;

use super::filter_bar::{FilterField, FilterText};
use super::grid::Grid;
use super::model::{Table, TableSpec};
use crate::format;
use crate::kit::{Button, Dialog, ErrorNotice, Look, Text, Width};
use crate::words::table::picker as texts;

/// A chosen row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Chooses rows of the inventory while `open` is true: several when the spec has check boxes, else one.
#[component]
pub fn Picker(
    /// The rows to choose from.
    spec: &'static TableSpec,
    /// What is chosen: "Devices to bind".
    #[prop(into)]
    title: Text,
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Called with the chosen rows.
    #[prop(into)]
    on_pick: Callback<Vec<Picked>>,
) -> AnyView {
    let picked = Callback::new(move |picked: Vec<Picked>| {
        open.set(false);
        on_pick.run(picked);
    });
    view! {
        <Dialog open=open title=title width=Width::Wide>
            <Content spec=spec on_pick=picked />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Content(spec: &'static TableSpec, on_pick: Callback<Vec<Picked>>) -> AnyView {
    let table = Table::picker(spec);
    super::list::follow_inventory(table, spec.kind);
    let text = FilterText::new(table);
    let grid: NodeRef<leptos::html::Div> = NodeRef::new();
    // Names of rows seen while they were selected: rows out of the window are known by identifier only.
    let names = StoredValue::new(std::collections::BTreeMap::<String, String>::new());
    let chosen = Memo::new(move |_| {
        if spec.checks {
            table.selected_ids()
        } else {
            table
                .cursor
                .get()
                .and_then(|cursor| cursor.id)
                .into_iter()
                .collect()
        }
    });
    Effect::new(move |_| {
        table.feed.arrivals.track();
        let ids = chosen.get();
        table.feed.with_rows(|rows| {
            names.update_value(|names| {
                for id in &ids {
                    if let Some(row) = rows.find(id).and_then(|at| rows.get(at)) {
                        names.insert(id.clone(), row.name.clone());
                    }
                }
            });
        });
    });
    let take = move || {
        let picked: Vec<Picked> = chosen.with_untracked(|ids| {
            let name = |id: &String| {
                names
                    .with_value(|names| names.get(id).cloned())
                    .unwrap_or_else(|| id.clone())
            };
            ids.iter()
                .map(|id| Picked {
                    name: name(id),
                    id: id.clone(),
                })
                .collect()
        });
        if !picked.is_empty() {
            on_pick.run(picked);
        }
    };
    let open = move |id: String| {
        if !spec.checks {
            table.locate(id, false);
            take();
        }
    };
    let error = Memo::new(move |_| table.feed.status.with(|status| status.error.clone()));
    let too_many = move || {
        table
            .selection
            .with(|selection| matches!(selection, super::selection::Selection::AllBut(_)))
    };
    request_animation_frame(|| super::grid::focus("dialog[open] .picker input"));
    view! {
        <div class="picker">
            <FilterField text=text id=crate::kit::unique("picker") on_leave=move |()| super::list::focus_within(grid, "[role=grid]") />
            {move || error.get().map(|error| view! { <ErrorNotice error=error on_retry=move || table.feed.refresh() /> })}
            <div class="picker-rows" node_ref=grid>
                <Grid table=table label=texts::rows on_open=open />
            </div>
            <div class="dialog-actions">
                <span class="second" role="status">
                    {move || if too_many() {
                        texts::one_by_one.get().to_owned()
                    } else {
                        texts::chosen(format::count(chosen.with(Vec::len) as u64))
                    }}
                </span>
                <span class="spacer"></span>
                <Button
                    label=texts::take
                    look=Look::Primary
                    disabled=Signal::derive(move || chosen.with(Vec::is_empty))
                    on_press=take
                />
            </div>
        </div>
    }
    .into_any()
}
