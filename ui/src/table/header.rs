//! The header of a table: sorts by click, sizes by drag, and does both by keys.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::model::Table;
use crate::kit::{Glyph, icon};
use crate::words;

/// Pixels a key changes a column's width by.
const STEP: i32 = 16;

/// The row of column headers. One stop for the Tab key; arrows move within.
#[component]
pub(super) fn Header(
    /// The table.
    table: Table,
    /// Called to leave the header for the rows.
    #[prop(into)]
    on_down: Callback<()>,
) -> AnyView {
    // The header that has the focus, or would get it.
    let current = RwSignal::new(0_usize);
    let names = Memo::new(move |_| {
        table.layout.with(|layout| {
            layout
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let checks = table.spec.checks;
    view! {
        <div class="tbl-head" role="rowgroup">
            <div class="tbl-row tbl-head-row" role="row" aria-rowindex="1">
                {checks.then(|| select_all(table))}
                <For each=move || names.get().into_iter().enumerate() key=Clone::clone let:item>
                    {head(table, item.0, &item.1, current, on_down)}
                </For>
            </div>
        </div>
    }
    .into_any()
}

fn select_all(table: Table) -> AnyView {
    let state = move || {
        let all = table.feed.status.with(|status| status.matched);
        match table.selected() {
            0 => "false",
            selected if selected == all => "true",
            _ => "mixed",
        }
    };
    let press = move |_: MouseEvent| match table
        .selection
        .with_untracked(super::selection::Selection::is_empty)
    {
        true => table.select_all(),
        false => table.select_none(),
    };
    view! {
        <div
            class="tbl-check"
            role="columnheader"
            aria-colindex="1"
            aria-label=words::table::select_all
            data-checked=state
            aria-disabled=move || table.held.get().then_some("true")
            on:click=press
        >
            <i class="tbl-box"></i>
        </div>
    }
    .into_any()
}

fn head(
    table: Table,
    index: usize,
    name: &str,
    current: RwSignal<usize>,
    on_down: Callback<()>,
) -> AnyView {
    let kind = table.spec.kind;
    let name = StoredValue::new(name.to_owned());
    let label = move || name.with_value(|name| words::column(kind, name));
    let number = name.with_value(|name| {
        table
            .spec
            .column(name)
            .is_some_and(|column| column.kind == ief_api::resource::ColumnKind::Integer)
    });
    // Whether it decides the order, as which key, and whether downwards.
    let order = Memo::new(move |_| {
        table.layout.with(|layout| {
            let at =
                name.with_value(|name| layout.sort.iter().position(|key| key.column == *name))?;
            Some((at, layout.sort[at].descending))
        })
    });
    let sort = move |add: bool| {
        if !table.spec.sorts {
            return;
        }
        table
            .layout
            .update(|layout| name.with_value(|name| layout.sort_by(name, add)));
        table.keep_layout();
    };
    let keys = move |event: KeyboardEvent| {
        let control = event.ctrl_key() || event.meta_key();
        let width = |by: i32| {
            table.layout.update(|layout| {
                name.with_value(|name| {
                    let width = layout
                        .columns
                        .iter()
                        .find(|column| column.name == *name)
                        .map_or(0, |it| it.width);
                    layout.resize(name, width.saturating_add_signed(by));
                });
            });
            table.keep_layout();
        };
        let place = |by: isize| {
            table
                .layout
                .update(|layout| name.with_value(|name| layout.shift(name, by)));
            table.keep_layout();
            let last = table
                .layout
                .with_untracked(|layout| layout.columns.len())
                .saturating_sub(1);
            current.set(index.saturating_add_signed(by).min(last));
            focus_soon(&event);
        };
        match event.key().as_str() {
            "ArrowLeft" if control && event.shift_key() => place(-1),
            "ArrowRight" if control && event.shift_key() => place(1),
            "ArrowLeft" if control => width(-STEP),
            "ArrowRight" if control => width(STEP),
            "ArrowLeft" if !event.alt_key() => focus_beside(&event, current, -1),
            "ArrowRight" if !event.alt_key() => focus_beside(&event, current, 1),
            "ArrowDown" => on_down.run(()),
            "Enter" | " " => sort(event.shift_key()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div
            class=if number { "tbl-cell tbl-number" } else { "tbl-cell" }
            role="columnheader"
            aria-colindex=index + 1 + usize::from(table.spec.checks)
            aria-sort=move || order.get().map(|(_, down)| if down { "descending" } else { "ascending" })
            tabindex=move || if current.get() == index { "0" } else { "-1" }
            aria-description=words::table::header_hint
            on:click=move |event: MouseEvent| {
                current.set(index);
                sort(event.shift_key());
            }
            on:keydown=keys
        >
            <span class="tbl-head-label">{label}</span>
            {move || {
                order.get().map(|(at, down)| {
                    let second = at > 0 || table.layout.with(|layout| layout.sort.len() > 1);
                    view! {
                        <span class="tbl-order" aria-hidden="true">
                            {icon(if down { Glyph::ArrowDown } else { Glyph::ArrowUp })}
                            {second.then(|| at + 1)}
                        </span>
                    }
                })
            }}
            <div
                class="tbl-grip"
                aria-hidden="true"
                on:click=|event: MouseEvent| event.stop_propagation()
                on:pointerdown=move |event: PointerEvent| drag(table, name, &event)
            ></div>
        </div>
    }
    .into_any()
}

/// Moves the focus to the header beside, as far as there is one.
fn focus_beside(event: &KeyboardEvent, current: RwSignal<usize>, by: isize) {
    let Some(element) = target(event) else { return };
    let beside = if by < 0 {
        element.previous_element_sibling()
    } else {
        element.next_element_sibling()
    };
    let beside = beside
        .filter(|it| it.has_attribute("tabindex"))
        .and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(beside) = beside {
        current.update(|current| *current = current.saturating_add_signed(by));
        // Focus fails only for what can't have it.
        let _ = beside.focus();
    }
}

/// Gives the focus back to the header that was moved, once it stands in its new place.
fn focus_soon(event: &KeyboardEvent) {
    let row = target(event).and_then(|element| element.parent_element());
    request_animation_frame(move || {
        let found = row.and_then(|row| row.query_selector("[tabindex='0']").ok().flatten());
        if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = found.focus();
        }
    });
}

fn target(event: &KeyboardEvent) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}

/// Follows the pointer with a column's width until it is let go.
fn drag(table: Table, name: StoredValue<String>, event: &PointerEvent) {
    event.prevent_default();
    event.stop_propagation();
    let Some(grip) = event
        .current_target()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    // Without capture the drag ends at the grip's edge, which is the worst that can happen.
    let _ = grip.set_pointer_capture(event.pointer_id());
    let width = table.layout.with_untracked(|layout| {
        name.with_value(|name| {
            layout
                .columns
                .iter()
                .find(|it| it.name == *name)
                .map_or(0, |it| it.width)
        })
    });
    // The last column may be drawn wider than it is kept.
    let drawn = grip
        .parent_element()
        .map_or(0.0, |head| head.get_bounding_client_rect().width());
    let width = f64::from(width).max(drawn);
    let from = f64::from(event.client_x());
    let moved = window_event_listener(leptos::ev::pointermove, move |event| {
        let wanted = (width + f64::from(event.client_x()) - from).max(0.0);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "pixels of a window, not negative"
        )]
        table
            .layout
            .update(|layout| name.with_value(|name| layout.resize(name, wanted as u32)));
    });
    let moved = StoredValue::new_local(Some(moved));
    let ended: StoredValue<Vec<WindowListenerHandle>, LocalStorage> =
        StoredValue::new_local(Vec::new());
    let end = move || {
        let handles = ended.try_update_value(std::mem::take).unwrap_or_default();
        for handle in handles
            .into_iter()
            .chain(moved.try_update_value(Option::take).flatten())
        {
            handle.remove();
        }
        table.keep_layout();
    };
    let up = window_event_listener(leptos::ev::pointerup, move |_| end());
    let cancel = window_event_listener(leptos::ev::pointercancel, move |_| end());
    ended.set_value(vec![up, cancel]);
}
