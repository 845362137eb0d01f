//! The table itself: header, rows, keys and pointer.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::body::Body;
use super::header::Header;
use super::model::{Cursor, Table};
use crate::kit::{Place, Text};

/// A table. Its rows are in the page only while they are in view.
#[component]
pub fn Grid(
    /// The table.
    table: Table,
    /// What it lists, for screen readers.
    #[prop(into)]
    label: Text,
    /// Called with a row's identifier when it is opened: Enter, double click.
    #[prop(into, optional)]
    on_open: Option<Callback<String>>,
    /// Called when a row becomes the one in hand by click.
    #[prop(into, optional)]
    on_pick: Option<Callback<String>>,
    /// Called when actions on the cursor's row are asked for: right click, menu key.
    #[prop(into, optional)]
    on_menu: Option<Callback<Place>>,
    /// Called for keys the table doesn't use itself. Says whether it did.
    #[prop(into, optional)]
    on_key: Option<Callback<KeyboardEvent, bool>>,
) -> AnyView {
    let body = Body::new(table);
    let tip = RwSignal::new(None::<Tip>);
    let id = format!("t{}", next_id());
    let style = move || {
        table.layout.with(|layout| {
            let checks = table.spec.checks;
            format!(
                "{}--tracks:{};--width:{}px",
                layout.places(checks),
                layout.tracks(checks),
                layout.width(checks)
            )
        })
    };
    let down = move |()| {
        if let Some(scroller) = body.scroller.get_untracked() {
            // The scroller has a tab index, so it takes the focus.
            let _ = scroller.focus();
        }
        if table.cursor.get_untracked().is_none() {
            table.move_to(0, false);
        }
    };
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() || on_head(&event) {
            return;
        }
        let used = key(table, body, &event, on_open, on_menu)
            || on_key.is_some_and(|on_key| on_key.run(event.clone()));
        if used {
            event.prevent_default();
            show_tip_of_cursor(table, body, tip);
        }
    };
    let click = move |event: MouseEvent| {
        let Some((row, check, column)) = hit(body, &event) else {
            return;
        };
        if check || event.ctrl_key() || event.meta_key() {
            table.move_to(row, false);
            table.toggle_row(row);
        } else {
            table.move_to(row, event.shift_key());
            body.column
                .set(column.filter(|_| body.column.get_untracked().is_some()));
            if let (Some(on_pick), Some(row), false) =
                (on_pick, table.feed.row(row), event.shift_key())
            {
                on_pick.run(row.id.clone());
            }
        }
    };
    let open = move |event: MouseEvent| {
        if let (Some((row, false, _)), Some(on_open)) = (hit(body, &event), on_open)
            && let Some(row) = table.feed.row(row)
        {
            on_open.run(row.id.clone());
        }
    };
    let menu = move |event: MouseEvent| {
        let Some(on_menu) = on_menu else { return };
        event.prevent_default();
        if let Some((row, _, _)) = hit(body, &event) {
            table.move_to(row, false);
            on_menu.run(Place::at(event.client_x(), event.client_y()));
        }
    };
    let over = move |event: PointerEvent| {
        let Some(target) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else {
            return;
        };
        let found = body
            .with_painter(|painter| Some((painter.row_of(&target)?, painter.column_of(&target)?)));
        tip.set(found.and_then(|(row, column)| Tip::of(body, row, column)));
    };
    let waiting = move || {
        table.feed.status.with(|status| {
            // The first rows of an inventory that is being read are still to come.
            let to_come = status.total == 0 && status.freshness.loading.is_some();
            (!status.answered || to_come) && status.error.is_none()
        })
    };
    view! {
        <div
            class="tbl"
            node_ref=body.scroller
            role="grid"
            tabindex="0"
            style=style
            aria-label=move || label.get()
            aria-multiselectable=table.spec.checks.then_some("true")
            aria-rowcount=move || table.feed.status.with(|status| status.matched) + 1
            aria-colcount=move || table.layout.with(|layout| layout.columns.len()) + usize::from(table.spec.checks)
            aria-activedescendant=move || body.active.get()
            aria-busy=move || waiting().then_some("true")
            on:scroll=move |_| {
                tip.set(None);
                body.request(false);
            }
            on:keydown=keys
            on:click=click
            on:dblclick=open
            on:contextmenu=menu
            on:pointerover=over
            on:pointerleave=move |_| tip.set(None)
            on:blur=move |_| tip.set(None)
            on:focus=move |_| {
                if table.cursor.get_untracked().is_none() {
                    table.move_to(0, false);
                }
            }
        >
            <Header table=table on_down=down />
            <div class="tbl-body" id=id role="rowgroup" node_ref=body.body></div>
        </div>
        {move || {
            tip.get().map(|tip| {
                let style = format!("left:{}px;top:{}px;max-width:{}px", tip.x, tip.y, tip.width);
                view! { <div class="tbl-tip" role="tooltip" style=style>{tip.text}</div> }
            })
        }}
    }
    .into_any()
}

/// What a cell holds whole, beside the cell.
#[derive(Clone, PartialEq)]
struct Tip {
    text: String,
    x: f64,
    y: f64,
    width: f64,
}

impl Tip {
    fn of(body: Body, row: u64, column: usize) -> Option<Self> {
        body.with_painter(|painter| {
            let text = painter.hidden_text(row, column)?;
            let place = painter
                .cell_element(row, column)?
                .get_bounding_client_rect();
            let right = window()
                .inner_width()
                .ok()
                .and_then(|width| width.as_f64())
                .unwrap_or(960.0);
            let bottom = window()
                .inner_height()
                .ok()
                .and_then(|height| height.as_f64())
                .unwrap_or(600.0);
            let x = place.left().clamp(8.0, (right - 200.0).max(8.0));
            // Above the cell where there is no room below.
            let y = if place.bottom() + 40.0 > bottom {
                place.top() - 32.0
            } else {
                place.bottom()
            };
            Some(Self {
                text,
                x,
                y,
                width: (right - x - 8.0).min(640.0),
            })
        })
    }
}

fn show_tip_of_cursor(table: Table, body: Body, tip: RwSignal<Option<Tip>>) {
    // The row is painted with the next frame, and can be measured in the one after.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let cursor = table.cursor.try_get_untracked().flatten();
            let column = body.column.try_get_untracked().flatten();
            if let (Some(Cursor { row, .. }), Some(column)) = (cursor, column) {
                tip.try_set(Tip::of(body, row, column));
            } else {
                tip.try_set(None);
            }
        });
    });
}

/// The row under the pointer, whether it is its check box, and the column.
fn hit(body: Body, event: &MouseEvent) -> Option<(u64, bool, Option<usize>)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    body.with_painter(|painter| {
        Some((
            painter.row_of(&target)?,
            painter.is_check(&target),
            painter.column_of(&target),
        ))
    })
}

fn on_head(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.closest(".tbl-head"), Ok(Some(_))))
}

/// What a key does. Says whether the table used it.
fn key(
    table: Table,
    body: Body,
    event: &KeyboardEvent,
    on_open: Option<Callback<String>>,
    on_menu: Option<Callback<Place>>,
) -> bool {
    let row = table.cursor.get_untracked().map(|cursor| cursor.row);
    let at = row.unwrap_or(0);
    let control = event.ctrl_key() || event.meta_key();
    let shift = event.shift_key();
    match event.key().as_str() {
        _ if event.alt_key() => return false,
        "ArrowDown" => table.move_to(row.map_or(0, |row| row + 1), shift),
        "ArrowUp" if row == Some(0) && !shift => focus_header(body),
        "ArrowUp" => table.move_to(at.saturating_sub(1), shift),
        "PageDown" => table.move_to(at + body.page(), shift),
        "PageUp" => table.move_to(at.saturating_sub(body.page()), shift),
        "Home" => table.move_to(0, shift),
        "End" => table.move_to(u64::MAX, shift),
        "ArrowRight" => {
            let last = table
                .layout
                .with_untracked(|layout| layout.columns.len())
                .saturating_sub(1);
            body.column
                .update(|column| *column = Some(column.map_or(0, |column| column + 1).min(last)));
            show_column(table, body);
        }
        "ArrowLeft" => {
            body.column
                .update(|column| *column = column.and_then(|column| column.checked_sub(1)));
            show_column(table, body);
        }
        "Escape" if body.column.get_untracked().is_some() => body.column.set(None),
        " " => table.toggle_row(at),
        "a" | "A" if control && table.spec.checks => table.select_all(),
        "c" | "C" if control => copy(table, body),
        "Enter" if !control => match (on_open, table.feed.row(at)) {
            (Some(on_open), Some(row)) => on_open.run(row.id.clone()),
            _ => return false,
        },
        "ContextMenu" => ask_menu(body, at, on_menu),
        "F10" if shift => ask_menu(body, at, on_menu),
        _ => return false,
    }
    true
}

fn focus_header(body: Body) {
    let head = body
        .scroller
        .get_untracked()
        .and_then(|scroller| {
            scroller
                .query_selector("[role=columnheader][tabindex='0']")
                .ok()
                .flatten()
        })
        .and_then(|head| head.dyn_into::<HtmlElement>().ok());
    if let Some(head) = head {
        let _ = head.focus();
    }
}

/// Scrolls sideways until the cell in hand is in view.
fn show_column(table: Table, body: Body) {
    let (Some(scroller), Some(column)) =
        (body.scroller.get_untracked(), body.column.get_untracked())
    else {
        return;
    };
    let (left, width) = table.layout.with_untracked(|layout| {
        let before: u32 = layout
            .columns
            .iter()
            .take(column)
            .map(|column| column.width)
            .sum();
        (
            before,
            layout.columns.get(column).map_or(0, |column| column.width),
        )
    });
    let checks = if table.spec.checks { 36 } else { 0 };
    let (left, right) = (i64::from(left) + checks, i64::from(left + width) + checks);
    let (from, to) = (
        i64::from(scroller.scroll_left()),
        i64::from(scroller.client_width()),
    );
    let wanted = if left - checks < from {
        left - checks
    } else if right > from + to {
        right - to
    } else {
        return;
    };
    scroller.set_scroll_left(i32::try_from(wanted).unwrap_or(0));
}

/// Copies the cell in hand whole, or the row's name.
fn copy(table: Table, body: Body) {
    let Some(row) = table
        .cursor
        .get_untracked()
        .and_then(|cursor| table.feed.row(cursor.row))
    else {
        return;
    };
    let column = body.column.get_untracked().and_then(|at| {
        table
            .layout
            .with_untracked(|layout| layout.columns.get(at).map(|column| column.name.clone()))
    });
    let text = match column {
        Some(column) => table
            .look_of(&row, &column)
            .map(|look| look.copied().to_owned()),
        None => Some(if row.name.is_empty() {
            row.id.clone()
        } else {
            row.name.clone()
        }),
    };
    if let Some(text) = text {
        // Where the system refuses, nothing was copied and nothing is claimed.
        let _ = window().navigator().clipboard().write_text(&text);
    }
}

fn ask_menu(body: Body, row: u64, on_menu: Option<Callback<Place>>) {
    let place =
        body.with_painter(|painter| painter.cell_element(row, 0).map(|cell| Place::below(cell)));
    if let (Some(place), Some(on_menu)) = (place, on_menu) {
        on_menu.run(place);
    }
}

/// Gives the focus to the first element of a selector, if there is one.
pub fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // Focus fails only for what can't have it.
        let _ = found.focus();
    }
}

/// Numbers for identifiers of elements.
pub(super) fn next_id() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
