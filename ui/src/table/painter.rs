//! Puts rows into the page: a fixed set of slots, each painted anew only where something differs.
//!
//! Scrolling moves a slot to another row; neither elements nor closures are made then. This is what keeps
//! the work of a frame below 2 ms.

use std::cell::RefCell;
use std::rc::Rc;

use console_ipc::inventory::{CellValue, Change, RowView};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use super::cache::Cache;
use super::geometry::Geometry;
use super::look::{CellLook, CellStyle};
use crate::kit::{self, Sign};

/// How the cells of a page look.
pub(super) type LookOf = Box<dyn Fn(&Column, &CellValue, &RowView) -> CellLook>;

/// Paints the rows of one table.
pub(super) struct Painter {
    body: HtmlElement,
    /// Beginning of the elements' identifiers.
    prefix: String,
    columns: Vec<PaintedColumn>,
    checks: bool,
    look: LookOf,
    slots: Vec<Slot>,
    /// Grows when what depends on more than the rows differs.
    edition: u64,
}

/// A column as it is painted.
#[derive(Clone, Copy)]
pub(super) struct PaintedColumn {
    /// Its place in the row's cells.
    pub(super) cell: usize,
    /// Its declaration.
    pub(super) column: &'static Column,
}

/// What the rows look like at a moment.
pub(super) struct Frame<'a> {
    pub(super) geometry: Geometry,
    pub(super) scroll_top: f64,
    pub(super) cache: &'a Cache,
    /// The row the keys act on.
    pub(super) cursor: Option<u64>,
    /// The column the keys act on, by its place.
    pub(super) column: Option<usize>,
    pub(super) selected: &'a dyn Fn(&RowView) -> bool,
    /// Whether changes are marked at the moment.
    pub(super) marks: bool,
    /// Whether what depends on more than the row may differ: the time, the language.
    pub(super) fresh: bool,
}

struct Slot {
    root: HtmlElement,
    row: Option<u64>,
    top: f64,
    content: Option<Rc<RowView>>,
    /// The edition its cells were painted in.
    edition: u64,
    state: State,
    cells: Vec<CellSlot>,
}

/// What a row's class tells.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct State {
    hidden: bool,
    waiting: bool,
    cursor: bool,
    column: Option<usize>,
    selected: bool,
    marked: bool,
}

struct CellSlot {
    root: HtmlElement,
    /// The drawn sign before the text.
    sign: Option<Node>,
    /// The text node, which stays: replacing it would have the browser lay it out anew.
    text: Node,
    look: CellLook,
    is_number: bool,
    is_active: bool,
}

impl Painter {
    pub(super) fn new(body: HtmlElement, prefix: String, checks: bool, look: LookOf) -> Self {
        Self {
            body,
            prefix,
            columns: Vec::new(),
            checks,
            look,
            slots: Vec::new(),
            edition: 0,
        }
    }

    /// Paints other columns from now on.
    pub(super) fn set_columns(&mut self, columns: Vec<PaintedColumn>) {
        self.columns = columns;
        self.slots.clear();
        self.body.set_inner_html("");
    }

    /// Identifier of the element that shows a row.
    pub(super) fn element_id(&self, row: u64) -> Option<String> {
        let slot = self.slot_of(row)?;
        (self.slots[slot].row == Some(row)).then(|| format!("{}-{slot}", self.prefix))
    }

    /// The element of a cell of a row in the page.
    pub(super) fn cell_element(&self, row: u64, column: usize) -> Option<&HtmlElement> {
        let slot = &self.slots[self.slot_of(row)?];
        let cell = slot.cells.get(column)?;
        (slot.row == Some(row)).then_some(&cell.root)
    }

    /// What a cell shows whole, when the cell doesn't.
    pub(super) fn hidden_text(&self, row: u64, column: usize) -> Option<String> {
        let slot = &self.slots[self.slot_of(row)?];
        let shown = slot.row == Some(row) && !slot.state.waiting;
        let cell = slot.cells.get(column).filter(|_| shown)?;
        let cut = cell.root.scroll_width() > cell.root.client_width();
        match &cell.look.whole {
            Some(whole) => Some(whole.clone()),
            None if cut => Some(cell.look.text.clone()),
            None => None,
        }
    }

    /// The row of an element in the page.
    pub(super) fn row_of(&self, element: &Element) -> Option<u64> {
        let row = element.closest("[role=row]").ok().flatten()?;
        let slot = row
            .id()
            .strip_prefix(&self.prefix)?
            .strip_prefix('-')?
            .parse::<usize>();
        self.slots.get(slot.ok()?)?.row
    }

    /// The column of an element in the page, by its place.
    pub(super) fn column_of(&self, element: &Element) -> Option<usize> {
        let cell = element.closest("[role=gridcell]").ok().flatten()?;
        let index: usize = cell.get_attribute("aria-colindex")?.parse().ok()?;
        index.checked_sub(1 + usize::from(self.checks))
    }

    /// Whether an element belongs to the check box of a row.
    pub(super) fn is_check(&self, element: &Element) -> bool {
        self.checks && matches!(element.closest(".tbl-check"), Ok(Some(_)))
    }

    fn slot_of(&self, row: u64) -> Option<usize> {
        let count = self.slots.len() as u64;
        // A remainder of a number of slots is one.
        (count > 0).then(|| (row % count) as usize)
    }

    /// Brings the page to a frame.
    pub(super) fn paint(&mut self, frame: &Frame<'_>) {
        self.ensure_slots(frame.geometry.slots());
        let painted = frame.geometry.painted(frame.scroll_top);
        let moves = frame.geometry.moves();
        self.edition += u64::from(frame.fresh);
        for row in painted.first..painted.end {
            let Some(at) = self.slot_of(row) else { return };
            let slot = &mut self.slots[at];
            if slot.row != Some(row) || moves {
                slot.place(row, frame.geometry.top(row, frame.scroll_top));
            }
            let content = frame.cache.get(row);
            let state = State {
                hidden: false,
                waiting: content.is_none(),
                cursor: frame.cursor == Some(row),
                column: frame.column.filter(|_| frame.cursor == Some(row)),
                selected: content.is_some_and(|row| (frame.selected)(row)),
                marked: frame.marks && content.is_some_and(|row| is_news(row, &self.columns)),
            };
            slot.set_state(state, self.checks);
            // A row that is awaited keeps its old cells, unseen: what comes mostly looks alike.
            let Some(content) = content else { continue };
            let same = slot
                .content
                .as_ref()
                .is_some_and(|old| Rc::ptr_eq(old, content));
            if !same || slot.edition != self.edition {
                slot.content = Some(Rc::clone(content));
                slot.edition = self.edition;
                slot.fill(&self.columns, &self.look);
            }
        }
        for slot in &mut self.slots {
            // A row out of view stays where it is, for hiding it costs more than leaving it; unless rows move,
            // or it is no more.
            let over = |row: u64| row >= frame.geometry.rows || (moves && !painted.has(row));
            if slot.row.is_some_and(over) {
                slot.row = None;
                let state = State {
                    hidden: true,
                    ..State::default()
                };
                slot.set_state(state, self.checks);
            }
        }
    }

    /// Makes slots until there are enough. When their number changes, rows change their slots.
    fn ensure_slots(&mut self, count: usize) {
        if self.slots.len() >= count {
            return;
        }
        // Some more, so that a window drawn larger step by step doesn't begin anew each time.
        let count = count + 8;
        let template = self.template();
        while self.slots.len() < count {
            let Ok(root) = template
                .clone_node_with_deep(true)
                .map(JsCast::unchecked_into::<HtmlElement>)
            else {
                return;
            };
            root.set_id(&format!("{}-{}", self.prefix, self.slots.len()));
            let skip = u32::from(self.checks);
            let children = root.children();
            let cells = (0..children.length().saturating_sub(skip))
                .filter_map(|index| children.item(index + skip))
                .zip(&self.columns)
                .filter_map(|(cell, column)| CellSlot::of(cell, column.column))
                .collect();
            // The body is in the page and takes any element.
            let _ = self.body.append_child(&root);
            self.slots.push(Slot {
                root,
                row: None,
                top: f64::NAN,
                content: None,
                edition: 0,
                state: State::default(),
                cells,
            });
        }
        // A spare slot would lie over the first row, and take its clicks.
        let hidden = State {
            hidden: true,
            ..State::default()
        };
        for slot in &mut self.slots {
            slot.row = None;
            slot.set_state(hidden, self.checks);
        }
    }

    /// A row without contents, to be copied.
    fn template(&self) -> HtmlElement {
        let append = |parent: &HtmlElement, child: &Node| {
            // A new element has no place yet and takes any other.
            let _ = parent.append_child(child);
        };
        let row = element("div", "tbl-row");
        set(&row, "role", "row");
        let mut index = 1;
        let mut cell = |class: String| {
            let cell = element("div", &class);
            set(&cell, "role", "gridcell");
            set(&cell, "aria-colindex", &index.to_string());
            index += 1;
            append(&row, &cell);
            cell
        };
        if self.checks {
            append(&cell("tbl-check".to_owned()), &element("i", "tbl-box"));
        }
        for (at, column) in self.columns.iter().enumerate() {
            let is_number = column.column.kind == ColumnKind::Integer;
            let cell = cell(cell_class(is_number, CellStyle::Plain, false));
            set(&cell, "style", &super::layout::placed(at));
            append(&cell, &document().create_text_node(" "));
        }
        row
    }
}

impl Slot {
    fn place(&mut self, row: u64, top: f64) {
        if self.row != Some(row) {
            self.row = Some(row);
            // The header is the first row.
            set(&self.root, "aria-rowindex", &(row + 2).to_string());
        }
        if self.top.to_bits() != top.to_bits() {
            self.top = top;
            let _ = self.root.style().set_property("top", &format!("{top}px"));
        }
    }

    fn set_state(&mut self, state: State, checks: bool) {
        if self.state == state {
            return;
        }
        if self.state.column != state.column {
            for (at, cell) in self.cells.iter_mut().enumerate() {
                cell.set_active(state.column == Some(at));
            }
        }
        if checks
            && (self.state.selected != state.selected
                || self.root.get_attribute("aria-selected").is_none())
        {
            set(
                &self.root,
                "aria-selected",
                if state.selected { "true" } else { "false" },
            );
        }
        self.state = state;
        let mut class = String::from("tbl-row");
        for (is, name) in [
            (state.hidden, " is-hidden"),
            (state.waiting, " is-waiting"),
            (state.cursor, " is-cursor"),
            (state.selected, " is-selected"),
            (state.marked, " is-marked"),
        ] {
            if is {
                class.push_str(name);
            }
        }
        self.root.set_class_name(&class);
    }

    fn fill(&mut self, columns: &[PaintedColumn], look: &LookOf) {
        let Some(row) = &self.content else { return };
        for (cell, column) in self.cells.iter_mut().zip(columns) {
            let value = row.cells.get(column.cell).unwrap_or(&CellValue::Missing);
            cell.show(look(column.column, value, row));
        }
    }
}

impl CellSlot {
    fn of(root: Element, column: &Column) -> Option<Self> {
        Some(Self {
            sign: None,
            text: root.first_child()?,
            root: root.dyn_into().ok()?,
            look: CellLook::default(),
            is_number: column.kind == ColumnKind::Integer,
            is_active: false,
        })
    }

    fn show(&mut self, look: CellLook) {
        if self.look == look {
            return;
        }
        if self.look.sign != look.sign {
            if let Some(old) = self.sign.take() {
                // It is where it was put.
                let _ = self.root.remove_child(&old);
            }
            self.sign = look.sign.and_then(drawn);
            if let Some(sign) = &self.sign {
                // An element of ours takes a copy of another.
                let _ = self.root.insert_before(sign, Some(&self.text));
            }
        }
        if self.look.text != look.text {
            self.text.set_node_value(Some(&look.text));
        }
        let restyled = self.look.style != look.style;
        self.look = look;
        if restyled {
            self.set_class();
        }
    }

    fn set_active(&mut self, is_active: bool) {
        if self.is_active != is_active {
            self.is_active = is_active;
            self.set_class();
        }
    }

    fn set_class(&self) {
        let class = cell_class(self.is_number, self.look.style, self.is_active);
        self.root.set_class_name(&class);
    }
}

fn cell_class(is_number: bool, style: CellStyle, is_active: bool) -> String {
    let style = match style {
        CellStyle::Plain => "",
        CellStyle::Strong => " is-strong",
        CellStyle::Code => " is-code",
        CellStyle::Missing => " is-missing",
    };
    let number = if is_number { " tbl-number" } else { "" };
    let active = if is_active { " is-active" } else { "" };
    format!("tbl-cell{number}{style}{active}")
}

/// Whether a row is new or shows another value. Times are left out: they move with every sign of life, and a
/// mark on every row says nothing.
fn is_news(row: &RowView, columns: &[PaintedColumn]) -> bool {
    match &row.change {
        None => false,
        Some(Change::New) => true,
        Some(Change::Changed(names)) => columns.iter().any(|shown| {
            shown.column.kind != ColumnKind::Time
                && names.iter().any(|name| name == shown.column.name)
        }),
    }
}

/// A copy of a drawn sign. Each is drawn once.
fn drawn(sign: Sign) -> Option<Node> {
    thread_local! {
        static DRAWN: RefCell<Vec<(Sign, Option<Node>)>> = const { RefCell::new(Vec::new()) };
    }
    DRAWN.with_borrow_mut(|drawn| {
        let known = drawn.iter().position(|(known, _)| *known == sign);
        let at = known.unwrap_or_else(|| {
            let place = element("i", "");
            leptos::mount::mount_to(place.clone(), move || kit::sign::sign(sign)).forget();
            drawn.push((sign, place.first_element_child().map(Into::into)));
            drawn.len() - 1
        });
        drawn[at].1.as_ref()?.clone_node_with_deep(true).ok()
    })
}

fn element(name: &str, class: &str) -> HtmlElement {
    let element: HtmlElement = document()
        .create_element(name)
        .expect("these names of elements are valid")
        .unchecked_into();
    element.set_class_name(class);
    element
}

fn set(element: &HtmlElement, name: &str, value: &str) {
    // Only invalid names are refused, and these are constants.
    let _ = element.set_attribute(name, value);
}
