//! Choosing rows of another resource in a dialog: devices for a node, a node for a device, nodes for a job.

use console_ipc::IpcError;
use leptos::prelude::*;

use super::filter_bar::{FilterField, FilterText};
use super::gather::{NotGathered, gather};
use super::grid::Grid;
use super::model::{Table, TableSpec};
use super::selection::Selection;
use crate::format;
use crate::kit::{Button, Dialog, ErrorNotice, Look, Text, Width};
use crate::words;
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
    /// How many rows can be chosen at once by their filter. Without it rows are chosen one by one.
    #[prop(optional)]
    most: Option<u64>,
) -> AnyView {
    let picked = Callback::new(move |picked: Vec<Picked>| {
        open.set(false);
        on_pick.run(picked);
    });
    view! {
        <Dialog open=open title=title width=Width::Wide>
            <Content spec=spec on_pick=picked most=most />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Content(spec: &'static TableSpec, on_pick: Callback<Vec<Picked>>, most: Option<u64>) -> AnyView {
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
    let by_filter = Memo::new(move |_| {
        let selection = table.selection;
        selection.with(|selection| matches!(selection, Selection::AllBut(_)))
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
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<IpcError>);
    let take_all = move |most: u64| {
        let selection = table.selection_for_bulk();
        busy.set(true);
        failed.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            let gathered = gather(spec.kind, selection, most).await;
            busy.try_set(false);
            match gathered {
                // Nobody waits for them in a dialog that is closed.
                Ok(picked) => {
                    let _ = on_pick.try_run(picked);
                }
                Err(NotGathered::Failed(error)) => {
                    failed.try_set(Some(error));
                }
                // More came than were counted: the count says so by now.
                Err(NotGathered::TooMany(_)) => table.feed.refresh(),
            }
        });
    };
    let take = move || {
        if let (Some(most), true) = (most, by_filter.get_untracked()) {
            take_all(most);
            return;
        }
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
    let matched = move || table.feed.status.with(|status| status.matched);
    let count = Memo::new(move |_| match by_filter.get() {
        true if most.is_some() => table.selected(),
        _ => chosen.with(Vec::len) as u64,
    });
    let too_many = Memo::new(move |_| match most {
        Some(most) => count.get() > most,
        None => by_filter.get(),
    });
    let said = move || match (too_many.get(), most) {
        (true, Some(most)) => texts::at_most(format::count(most), format::count(count.get())),
        (true, None) => texts::one_by_one.get().to_owned(),
        (false, _) => texts::chosen(format::count(count.get())),
    };
    let all = move || {
        (most.is_some() && spec.checks && count.get() < matched()).then(|| {
            let disabled = Signal::derive(move || table.held.get());
            view! {
                <Button
                    label=move || words::table::select_matching(format::count(matched()))
                    look=Look::Quiet
                    disabled=disabled
                    on_press=move || table.select_all()
                />
            }
        })
    };
    request_animation_frame(|| super::grid::focus("dialog[open] .picker input"));
    view! {
        <div class="picker">
            <FilterField text=text id=crate::kit::unique("picker") on_leave=move |()| super::list::focus_within(grid, "[role=grid]") />
            {move || error.get().map(|error| view! { <ErrorNotice error=error on_retry=move || table.feed.refresh() /> })}
            {move || failed.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="picker-rows" node_ref=grid>
                <Grid table=table label=texts::rows on_open=open />
            </div>
            <div class="dialog-actions">
                <span class="second" role="status">{said}</span>
                {all}
                <span class="spacer"></span>
                <Button
                    label=texts::take
                    look=Look::Primary
                    disabled=Signal::derive(move || count.get() == 0 || too_many.get())
                    busy=busy
                    on_press=take
                />
            </div>
        </div>
    }
    .into_any()
}
