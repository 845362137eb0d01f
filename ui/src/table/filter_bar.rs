//! The filter of a list: chips and typed text, which are one thing.
//!
//! What is typed works at once. A term that is complete becomes a chip with the space after it, everything
//! with Enter; Backspace at the start turns the last chip into text again.

use console_ipc::inventory::{CompleteFilter, Completion};
use console_ipc::query::{Filter, Op, ParseError, Term};
use ief_api::resource::ColumnKind;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::filter_values::KnownValues;
use super::filter_words;
use super::model::Table;
use crate::format;
use crate::ipc;
use crate::kit::{Chip, Glyph, IconButton, Text, icon};
use crate::state::set_if_changed;
use crate::words;
use crate::words::table::filter as texts;

/// What is typed and what was typed before.
#[derive(Clone, Copy)]
pub struct FilterText {
    table: Table,
    /// The terms that are chips.
    chips: RwSignal<Vec<Term>>,
    /// The text that isn't yet.
    draft: RwSignal<String>,
    /// The values there are, for what is typed by its word.
    values: KnownValues,
    /// The filter made of both, to tell changes from outside.
    ours: StoredValue<Filter>,
}

impl FilterText {
    /// Follows the table's filter, and leads it.
    pub fn new(table: Table) -> Self {
        let filter = table.filter.get_untracked();
        let text = Self {
            table,
            chips: RwSignal::new(filter.terms.clone()),
            draft: RwSignal::new(String::new()),
            values: KnownValues::new(table.spec),
            ours: StoredValue::new(filter),
        };
        Effect::new(move |_| {
            let filter = table.filter.get();
            if text.ours.with_value(|ours| *ours != filter) {
                text.chips.set(filter.terms.clone());
                text.draft.set(String::new());
                text.ours.set_value(filter);
            }
            untrack(|| text.settle());
        });
        text.values.on_arrival(move || text.settle());
        // Before the first reading is complete there are no values to know.
        let complete = Memo::new(move |_| {
            table
                .feed
                .status
                .with(|status| status.freshness.as_of_ms.is_some())
        });
        Effect::new(move |_| {
            if complete.get() {
                untrack(|| text.settle());
            }
        });
        Effect::new(move |_| set_if_changed(table.held, text.problem().is_some()));
        text
    }

    fn parse(self, text: &str) -> Result<Filter, ParseError> {
        Filter::parse(text, self.table.spec.columns)
    }

    /// Takes note of the values in filters that are right, so that their words are understood at once.
    pub(super) fn learn(self, filters: impl IntoIterator<Item = &'static str>) {
        for filter in filters {
            if let Ok(filter) = self.parse(filter) {
                self.values.learn(&filter);
            }
        }
    }

    /// Understands words as the values they stand for, once these are known.
    fn settle(self) {
        let chips = self.chips.get_untracked();
        let meant: Vec<Term> = chips
            .iter()
            .map(|term| self.values.meant(term.clone()))
            .collect();
        let changed = meant != chips;
        if changed {
            self.chips.set(meant);
        }
        if changed || !self.draft.with_untracked(String::is_empty) {
            self.apply();
        }
    }

    /// Which values there are, when the filter asks for others. Tracked.
    pub(super) fn hint(self) -> Option<String> {
        self.table.filter.with(|filter| self.values.hint(filter))
    }

    /// Asks for the rows of chips and text together. A text that isn't finished counts for nothing; with one
    /// that is wrong the rows stay as they are.
    fn apply(self) {
        let mut terms = self.chips.get_untracked();
        let typed = match self.draft.with_untracked(|draft| self.parse(draft)) {
            Ok(filter) => filter.terms,
            Err(error) if filter_words::problem(&error.reason).is_some() => return,
            Err(_) => Vec::new(),
        };
        let unfinished = self
            .draft
            .with_untracked(|draft| !draft.ends_with([' ', '"']));
        let last = typed.len().saturating_sub(1);
        terms.extend(typed.into_iter().enumerate().map(|(at, term)| {
            match unfinished && at == last {
                true => self.begun(term),
                false => self.values.meant(term),
            }
        }));
        let filter = Filter { terms };
        self.ours.set_value(filter.clone());
        if self.table.filter.with_untracked(|now| *now != filter) {
            self.table.filter.set(filter);
        }
    }

    /// A term whose value is still being typed: `state:st` narrows to what contains it, so that the list
    /// doesn't go empty on the way to `state:stopped`.
    fn begun(self, mut term: Term) -> Term {
        let column = term
            .column
            .as_deref()
            .and_then(|name| self.table.spec.column(name));
        let is_text = column.is_some_and(|column| {
            matches!(
                column.kind,
                ColumnKind::Text | ColumnKind::Enum | ColumnKind::Set
            )
        });
        term.op = match term.op {
            Op::Is if is_text => Op::Contains,
            Op::IsNot if is_text => Op::NotContains,
            op => op,
        };
        self.values.begun(term)
    }

    /// Takes over what is typed. With the cursor at its end a blank ends a term.
    fn typed(self, text: String, at_end: bool) {
        let complete = at_end
            && text.ends_with(char::is_whitespace)
            && self
                .parse(&text)
                .is_ok_and(|filter| filter.terms.iter().all(|term| term.column.is_some()));
        self.draft.set(text);
        if complete {
            self.absorb();
        }
        self.apply();
    }

    /// Makes chips of the text. Says whether it could be understood.
    fn absorb(self) -> bool {
        let Ok(filter) = self.draft.with_untracked(|draft| self.parse(draft)) else {
            return false;
        };
        if !filter.is_empty() {
            let terms = filter.terms.into_iter();
            let terms = terms.map(|term| self.values.meant(term));
            self.chips.update(|chips| chips.extend(terms));
        }
        self.draft.set(String::new());
        true
    }

    /// Makes text of a chip, before what is typed already. Says how long that text is, in the units of a
    /// browser.
    fn edit(self, index: usize) -> u32 {
        let term = self
            .chips
            .try_update(|chips| (index < chips.len()).then(|| chips.remove(index)))
            .flatten();
        if let Some(term) = term {
            let term = term.to_string();
            let rest = self.draft.get_untracked();
            let space = if rest.is_empty() { "" } else { " " };
            self.draft.set(format!("{term}{space}{rest}"));
            self.apply();
            u32::try_from(term.encode_utf16().count()).unwrap_or(u32::MAX)
        } else {
            0
        }
    }

    /// Makes text of a chip with a blank behind it, so that typing on adds another term. Says where that
    /// begins.
    fn edit_and_go_on(self, index: usize) -> u32 {
        let length = self.edit(index);
        self.draft.update(|draft| {
            if !draft.is_empty() && draft.encode_utf16().count() == length as usize {
                draft.push(' ');
            }
        });
        length + 1
    }

    fn remove(self, index: usize) {
        self.chips.update(|chips| {
            if index < chips.len() {
                chips.remove(index);
            }
        });
        self.apply();
    }

    /// Adds a chip.
    pub(super) fn add(self, term: Term) {
        self.chips.update(|chips| chips.push(term));
        self.apply();
    }

    /// Takes everything away.
    pub(super) fn clear(self) {
        self.chips.set(Vec::new());
        self.draft.set(String::new());
        self.apply();
    }

    /// Whether there is anything. Tracked.
    pub(super) fn is_empty(self) -> bool {
        self.chips.with(Vec::is_empty) && self.draft.with(String::is_empty)
    }

    /// What is wrong with the text. Tracked.
    fn problem(self) -> Option<String> {
        let error = self.draft.with(|draft| self.parse(draft).err())?;
        filter_words::problem(&error.reason)
    }
}

/// The field with its chips and what may be typed next.
#[component]
pub fn FilterField(
    /// The filter.
    text: FilterText,
    /// Identifier of the field, for the key that focuses it.
    id: String,
    /// Called to go on to the rows.
    #[prop(into)]
    on_leave: Callback<()>,
) -> AnyView {
    let input: NodeRef<html::Input> = NodeRef::new();
    let offers = Offers::new(text, input);
    let list_id = StoredValue::new(format!("{id}-offers"));
    let focus = move || {
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    let put_cursor = move |at: u32| {
        // The field has the new text with the next frame.
        request_animation_frame(move || {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
                let _ = input.set_selection_range(at, at);
            }
        });
    };
    let some = Memo::new(move |_| !text.is_empty());
    let keys = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let open = offers.is_open();
        let at_start = input.get_untracked().is_some_and(|input| {
            input.selection_start().ok().flatten() == Some(0)
                && input.selection_end().ok().flatten() == Some(0)
        });
        match event.key().as_str() {
            "ArrowDown" if open => offers.step(1),
            "ArrowUp" if open => offers.step(-1),
            "ArrowDown" => on_leave.run(()),
            "Enter" | "Tab" if open && offers.take() => {}
            "Tab" => return offers.close(),
            "Enter" => {
                text.absorb();
                text.apply();
                offers.close();
            }
            "Escape" if open => offers.close(),
            "Escape" if text.draft.with_untracked(String::is_empty) => on_leave.run(()),
            "Escape" => text.typed(String::new(), true),
            "Backspace" if at_start => match text.chips.with_untracked(Vec::len).checked_sub(1) {
                Some(last) => put_cursor(text.edit(last)),
                None => return,
            },
            " " if event.ctrl_key() => offers.ask(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let chips = move || {
        let chips = text.chips.get().into_iter().enumerate();
        chips
            .map(|(index, term)| {
                let label = Text::from(move || filter_words::term(text.table.spec, &term));
                view! {
                    <Chip
                        label=label
                        on_press=move || {
                            put_cursor(text.edit_and_go_on(index));
                        }
                        on_remove=move || {
                            text.remove(index);
                            focus();
                        }
                    />
                }
            })
            .collect_view()
    };
    view! {
        <div class="filter-field" class=("is-wrong", move || text.problem().is_some())>
            {icon(Glyph::Filter)}
            {chips}
            <input
                node_ref=input
                id=id
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=texts::label
                aria-expanded=move || if offers.open.get() { "true" } else { "false" }
                aria-controls=list_id.get_value()
                aria-autocomplete="list"
                aria-activedescendant=move || offers.active.get().map(|at| format!("{}-{at}", list_id.get_value()))
                aria-invalid=move || text.problem().map(|_| "true")
                placeholder=move || if text.chips.with(Vec::is_empty) { texts::placeholder.get() } else { "" }
                prop:value=move || text.draft.get()
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    let end = u32::try_from(typed.encode_utf16().count()).ok();
                    let cursor = input
                        .get_untracked()
                        .and_then(|input| input.selection_end().ok().flatten());
                    text.typed(typed, cursor == end);
                    offers.ask();
                }
                on:keydown=keys
                on:blur=move |_| offers.close()
            />
            {move || {
                some.get().then(|| view! {
                    // The field gets the focus once all is gone, and not before the click.
                    <span class="filter-clear" on:mousedown=|event| event.prevent_default()>
                        <IconButton
                            glyph=Glyph::Close
                            label=texts::clear
                            on_press=move || {
                                offers.close();
                                text.clear();
                                focus();
                            }
                        />
                    </span>
                })
            }}
            {move || offers.list(&list_id.get_value())}
            {move || text.problem().map(|problem| view! { <p class="filter-problem" role="alert">{problem}</p> })}
        </div>
    }
    .into_any()
}

/// What may be typed next.
#[derive(Clone, Copy)]
struct Offers {
    text: FilterText,
    input: NodeRef<html::Input>,
    found: RwSignal<Vec<Completion>>,
    open: RwSignal<bool>,
    active: RwSignal<Option<usize>>,
    /// Counts questions, so that late answers to older ones are dropped.
    asked: StoredValue<u64>,
}

impl Offers {
    fn new(text: FilterText, input: NodeRef<html::Input>) -> Self {
        Self {
            text,
            input,
            found: RwSignal::new(Vec::new()),
            open: RwSignal::new(false),
            active: RwSignal::new(None),
            asked: StoredValue::new(0),
        }
    }

    fn is_open(self) -> bool {
        self.open.get_untracked()
    }

    fn close(self) {
        self.asked.update_value(|asked| *asked += 1);
        self.open.set(false);
        self.active.set(None);
    }

    fn step(self, by: isize) {
        let count = self.found.with_untracked(Vec::len);
        self.active.update(|active| {
            *active = match (*active, by) {
                (None, 1) => Some(0),
                (None, _) => count.checked_sub(1),
                (Some(at), by) => at.checked_add_signed(by).filter(|at| *at < count),
            };
        });
    }

    /// Asks the host what fits at the cursor.
    fn ask(self) {
        let text = self.text.draft.get_untracked();
        let Some(number) = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        let cursor = self
            .input
            .get_untracked()
            .and_then(|input| input.selection_start().ok().flatten());
        let request = CompleteFilter {
            resource: self.text.table.spec.kind.to_owned(),
            cursor: bytes_before(&text, cursor.unwrap_or(u32::MAX)),
            text,
        };
        wasm_bindgen_futures::spawn_local(async move {
            // Without offers one can still type.
            let found = ipc::call(request).await.unwrap_or_default();
            if self.asked.try_get_value() == Some(number) {
                self.open.set(!found.is_empty());
                self.active.set(None);
                self.found.set(found);
            }
        });
    }

    /// Takes the offer in hand. Says whether there was one.
    fn take(self) -> bool {
        let Some(active) = self.active.get_untracked() else {
            return false;
        };
        self.choose(active);
        true
    }

    fn choose(self, index: usize) {
        let Some(offer) = self.found.with_untracked(|found| found.get(index).cloned()) else {
            return;
        };
        let at = units_before(&offer.text, offer.cursor);
        let goes_on = offer.count.is_none();
        self.close();
        self.text.typed(offer.text, true);
        let input = self.input;
        request_animation_frame(move || {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
                let _ = input.set_selection_range(at, at);
                if goes_on {
                    self.ask();
                }
            }
        });
    }

    /// What an offered value is called, where that is more than the value.
    fn word(self, offer: &Completion) -> Option<String> {
        let spec = self.text.table.spec;
        let filter = self.text.parse(&offer.text).ok()?;
        let term = filter.terms.last().filter(|_| offer.count.is_some())?;
        let word = words::value(spec.kind, term.column.as_deref()?, term.values.last()?);
        (!word.eq_ignore_ascii_case(&offer.label)).then_some(word)
    }

    fn list(self, id: &str) -> Option<AnyView> {
        if !self.open.get() {
            return None;
        }
        let found = self.found.get().into_iter().enumerate();
        let offers = found
            .map(|(index, offer)| {
                view! {
                    <li
                        id=format!("{id}-{index}")
                        role="option"
                        aria-selected=move || if self.active.get() == Some(index) { "true" } else { "false" }
                        // The field keeps the focus, so that typing goes on.
                        on:pointerdown=move |event| {
                            event.prevent_default();
                            self.choose(index);
                        }
                    >
                        <span class="cut">
                            {offer.label.clone()}
                            {self.word(&offer).map(|word| view! { <span class="second">" " {word}</span> })}
                        </span>
                        <span class="second number">{offer.count.map(format::count)}</span>
                    </li>
                }
            })
            .collect_view();
        let list = view! { <ul class="filter-offers" id=id.to_owned() role="listbox" aria-label=texts::offers>{offers}</ul> };
        Some(list.into_any())
    }
}

/// Bytes before a place the browser counts in UTF-16 units.
fn bytes_before(text: &str, units: u32) -> u32 {
    let mut left = units as usize;
    let bytes: usize = text
        .chars()
        .take_while(|c| {
            let fits = left >= c.len_utf16();
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .map(char::len_utf8)
        .sum();
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// UTF-16 units before a place counted in bytes.
fn units_before(text: &str, bytes: u32) -> u32 {
    let before = text.get(..bytes as usize).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}
