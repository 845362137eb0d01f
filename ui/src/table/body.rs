//! The part of a table that scrolls: keeps the painter in step with scrolling, size, rows and cursor.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use super::geometry::{Geometry, ROW_HEIGHT};
use super::look;
use super::model::Table;
use super::painter::{Frame, PaintedColumn, Painter};
use crate::state::App;

/// What moves and paints the rows. Lives as long as the elements do.
#[derive(Clone, Copy)]
pub(super) struct Body {
    table: Table,
    /// The element that scrolls.
    pub(super) scroller: NodeRef<html::Div>,
    /// The element as high as all rows.
    pub(super) body: NodeRef<html::Div>,
    /// The cell the keys act on within the cursor's row, by its place.
    pub(super) column: RwSignal<Option<usize>>,
    /// Identifier of the element that shows the cursor's row.
    pub(super) active: RwSignal<Option<String>>,
    state: StoredValue<Rc<RefCell<State>>, LocalStorage>,
}

#[derive(Default)]
struct State {
    painter: Option<Painter>,
    view: f64,
    /// Whether a frame was asked for.
    awaited: bool,
    /// Whether that frame has to paint all cells again.
    fresh: bool,
    height: f64,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Body {
    pub(super) fn new(table: Table) -> Self {
        let body = Self {
            table,
            scroller: NodeRef::new(),
            body: NodeRef::new(),
            column: RwSignal::new(None),
            active: RwSignal::new(None),
            state: StoredValue::new_local(Rc::default()),
        };
        body.follow();
        on_cleanup(move || {
            if let Some((observer, _)) = body
                .state()
                .and_then(|state| state.borrow_mut().observer.take())
            {
                observer.disconnect();
            }
        });
        body
    }

    fn state(self) -> Option<Rc<RefCell<State>>> {
        self.state.try_get_value()
    }

    /// Runs with the painter, once there is one.
    pub(super) fn with_painter<T>(self, body: impl FnOnce(&Painter) -> Option<T>) -> Option<T> {
        let state = self.state()?;
        let state = state.borrow();
        body(state.painter.as_ref()?)
    }

    fn follow(self) {
        let table = self.table;
        let app = App::expect();
        // The elements are there once the component is mounted.
        Effect::new(move |_| {
            if let (Some(scroller), Some(body)) = (self.scroller.get(), self.body.get()) {
                self.attach(&scroller, &body);
            }
        });
        let columns = Memo::new(move |_| {
            table.layout.with(|layout| {
                layout
                    .columns
                    .iter()
                    .map(|column| column.name.clone())
                    .collect::<Vec<_>>()
            })
        });
        Effect::new(move |_| {
            let columns = columns.get();
            if self.body.get().is_some() {
                self.set_columns(&columns);
            }
        });
        Effect::new(move |_| {
            table.feed.arrivals.track();
            table.cursor.track();
            table.selection.track();
            self.column.track();
            self.request(false);
        });
        Effect::new(move |_| {
            app.now.track();
            crate::words::language();
            self.request(true);
        });
        Effect::new(move |before: Option<u64>| {
            let count = table.reveal.get();
            if before.is_some_and(|before| before != count) {
                self.reveal();
            }
            count
        });
        // Another question begins at its first row.
        let query = Memo::new(move |_| {
            (
                table.filter.get(),
                table.layout.with(|layout| layout.sort.clone()),
            )
        });
        Effect::new(move |before: Option<()>| {
            query.with(|_| ());
            if let (Some(()), Some(scroller)) = (before, self.scroller.get_untracked()) {
                scroller.set_scroll_top(0);
            }
        });
    }

    fn attach(self, scroller: &Element, body: &HtmlElement) {
        let Some(state) = self.state() else { return };
        let table = self.table;
        let prefix = format!("row-{}", body.id());
        let look: super::painter::LookOf = Box::new(move |column, value, row| {
            let now = App::expect().now.get_untracked();
            (table.spec.look)(column, value, row)
                .unwrap_or_else(|| look::by_kind(table.spec.kind, column, value, row, now))
        });
        state.borrow_mut().painter =
            Some(Painter::new(body.clone(), prefix, table.spec.checks, look));
        let names: Vec<String> = table.layout.with_untracked(|layout| {
            layout
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect()
        });
        self.set_columns(&names);
        let resized = Closure::<dyn FnMut()>::new(move || {
            let height = self
                .scroller
                .get_untracked()
                .map_or(0, |scroller| scroller.client_height());
            if let Some(state) = self.state() {
                // The header stands in the same scroller and is as high as a row.
                state.borrow_mut().view = (f64::from(height) - ROW_HEIGHT).max(0.0);
            }
            self.request(false);
        });
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(scroller);
            state.borrow_mut().observer = Some((observer, resized));
        }
    }

    fn set_columns(self, names: &[String]) {
        let columns = names
            .iter()
            .filter_map(|name| {
                let cell = self
                    .table
                    .spec
                    .columns
                    .iter()
                    .position(|column| column.name == name)?;
                Some(PaintedColumn {
                    cell,
                    column: &self.table.spec.columns[cell],
                })
            })
            .collect();
        if let Some(state) = self.state()
            && let Some(painter) = &mut state.borrow_mut().painter
        {
            painter.set_columns(columns);
        }
        self.column.set(None);
        self.request(true);
    }

    /// Paints with the next frame.
    pub(super) fn request(self, fresh: bool) {
        let Some(state) = self.state() else { return };
        let mut state = state.borrow_mut();
        state.fresh |= fresh;
        if !std::mem::replace(&mut state.awaited, true) {
            request_animation_frame(move || self.paint());
        }
    }

    fn geometry(self, view: f64) -> Geometry {
        let rows = self
            .table
            .feed
            .status
            .with_untracked(|status| status.matched);
        Geometry { rows, view }
    }

    fn paint(self) {
        let Some(state) = self.state() else { return };
        let mut state = state.borrow_mut();
        state.awaited = false;
        let fresh = std::mem::take(&mut state.fresh);
        let (Some(scroller), Some(body)) =
            (self.scroller.get_untracked(), self.body.get_untracked())
        else {
            return;
        };
        let table = self.table;
        let geometry = self.geometry(state.view);
        if state.height.to_bits() != geometry.height().to_bits() {
            state.height = geometry.height();
            // A length is always accepted.
            let _ =
                HtmlElement::style(&body).set_property("height", &format!("{}px", state.height));
        }
        let scroll_top = f64::from(scroller.scroll_top());
        let cursor = table.cursor.get_untracked();
        let Some(painter) = &mut state.painter else {
            return;
        };
        let active = table.feed.with_rows(|cache| {
            // The cursor belongs to a row, not to a place: when another row stands there, it isn't drawn.
            let cursor = cursor.filter(|cursor| match (cache.get(cursor.row), &cursor.id) {
                (Some(row), Some(id)) => row.id == *id,
                _ => true,
            });
            table.selection.with_untracked(|selection| {
                painter.paint(&Frame {
                    geometry,
                    scroll_top,
                    cache,
                    cursor: cursor.as_ref().map(|cursor| cursor.row),
                    column: self.column.get_untracked(),
                    selected: &|row| table.spec.checks && selection.contains(&row.id),
                    marks: table.feed.marks(js_sys::Date::now()),
                    fresh,
                });
            });
            painter.element_id(cursor?.row)
        });
        let active = active.flatten();
        drop(state);
        if self.active.with_untracked(|now| *now != active) {
            self.active.set(active);
        }
        // After a failure asking again is the user's choice; a new question has its window already.
        let may_ask = |status: &super::feed::Status| {
            status.answered && !status.behind && status.error.is_none()
        };
        if table.feed.status.with_untracked(may_ask) {
            table.feed.want(
                geometry.wanted(scroll_top),
                geometry.window(geometry.painted(scroll_top)),
            );
        }
    }

    /// Brings the cursor's row into view.
    fn reveal(self) {
        let (Some(scroller), Some(state)) = (self.scroller.get_untracked(), self.state()) else {
            return;
        };
        let Some(cursor) = self.table.cursor.get_untracked() else {
            return;
        };
        let geometry = self.geometry(state.borrow().view);
        #[allow(
            clippy::cast_possible_truncation,
            reason = "at most the height of the tallest element"
        )]
        if let Some(top) = geometry.reveal(cursor.row, f64::from(scroller.scroll_top())) {
            scroller.set_scroll_top(top.round() as i32);
        }
        self.request(false);
    }

    /// Rows a page key moves by.
    pub(super) fn page(self) -> u64 {
        self.state()
            .map_or(1, |state| self.geometry(state.borrow().view).page())
    }
}
