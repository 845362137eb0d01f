//! What stands around a list: how fresh it is, what failed, what is selected, what was saved.

use console_ipc::call::Saved as SavedFile;
use console_ipc::error::{ErrorKind, IpcError};
use console_ipc::export::{ExportFormat, ExportRows};
use leptos::prelude::*;

use super::bulk_form::{BulkContext, BulkForm};
use super::filter_bar::FilterText;
use super::list::{ForSelected, ListPage};
use super::lock::{UnlockButton, is_locked, locked_hint};
use super::model::Table;
use super::selection::Selection;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Glyph, IconButton, Item, Look, Notice, Sign, Text, Tone, sign,
};
use crate::sheet::{self, Bulk};
use crate::shell::unlock;
use crate::state::App;
use crate::words::table as texts;
use crate::{format, ipc, router, words};

/// What became of an export.
#[derive(Clone)]
pub(super) enum Saved {
    /// So many rows are in this file.
    Done(u64, String),
    /// It failed.
    Failed(IpcError),
}

/// What is worth knowing of the rows in view: why they are older, uncertain or incomplete.
#[component]
pub(super) fn Banners(table: Table, saved: RwSignal<Option<Saved>>) -> AnyView {
    let again = move || {
        App::expect().refresh_page();
        table.feed.refresh();
    };
    let error = Memo::new(move |_| {
        table.feed.status.with(|status| {
            let error = status
                .error
                .clone()
                .or_else(|| status.freshness.error.clone());
            // Without rows the error stands in their place.
            error
                .filter(|_| status.answered && status.total > 0)
                .map(|error| (error, status.freshness.as_of_ms))
        })
    });
    let uncertain = Memo::new(move |_| table.feed.status.with(|status| status.freshness.uncertain));
    let bad = Memo::new(move |_| table.feed.status.with(|status| status.freshness.bad_rows));
    view! {
        {move || error.get().map(|(error, as_of)| {
            let time = as_of.map(|at| texts::state::stale(format::time_of_day(at)));
            view! {
                <div class="list-banner">
                    <p class="list-stale">{sign(Sign::Bad)} <strong>{texts::state::refresh_failed}</strong> " " {time}</p>
                    <ErrorNotice error=error on_retry=again />
                </div>
            }
        })}
        {move || uncertain.get().then(|| view! {
            <div class="list-banner">
                <Notice
                    tone=Tone::Attention
                    text=texts::state::uncertain
                    action=(Text::from(texts::state::read_again), Callback::new(move |()| again()))
                />
            </div>
        })}
        {move || (bad.get() > 0).then(|| view! {
            <div class="list-banner">
                <Notice tone=Tone::Attention text=texts::state::bad_rows(format::count(bad.get())) />
            </div>
        })}
        {move || saved.get().map(|what| {
            let notice = match what {
                Saved::Done(rows, path) => view! {
                    <p class="after" role="status">{sign(Sign::Good)} {texts::export::done(format::count(rows), path)}</p>
                }
                .into_any(),
                Saved::Failed(error) => view! { <ErrorNotice error=error /> }.into_any(),
            };
            view! {
                <div class="list-banner row">
                    {notice}
                    <span class="spacer"></span>
                    <IconButton glyph=Glyph::Close label=texts::export::close on_press=move || saved.set(None) />
                </div>
            }
        })}
    }
    .into_any()
}

/// What the table's place shows while there is no row to show.
#[derive(Clone, PartialEq)]
enum Without {
    /// They come.
    Waiting,
    /// They could not be read.
    Failed(Box<IpcError>),
    /// There is none.
    Nothing,
    /// None matches.
    NoMatch(u64),
}

/// What stands in the place of rows while there are none.
#[component]
pub(super) fn Cover(page: &'static ListPage, table: Table, text: FilterText) -> AnyView {
    let without = Memo::new(move |_| {
        table.feed.status.with(|status| {
            let error = status
                .error
                .clone()
                .or_else(|| status.freshness.error.clone());
            let complete = status.freshness.as_of_ms.is_some();
            match (status.matched, error) {
                (1.., _) => None,
                (0, Some(error)) if status.total == 0 => Some(Without::Failed(Box::new(error))),
                _ if !status.answered => Some(Without::Waiting),
                _ if status.total == 0 && !complete => Some(Without::Waiting),
                _ if status.total == 0 => Some(Without::Nothing),
                _ if status.behind => None,
                _ => Some(Without::NoMatch(status.total)),
            }
        })
    });
    let again = move || {
        App::expect().refresh_page();
        table.feed.refresh();
    };
    view! {
        {move || without.get().map(|without| match without {
            Without::Waiting => view! { <div class="tbl-waiting" aria-hidden="true"></div> }.into_any(),
            Without::Failed(error) => view! {
                <div class="tbl-cover">
                    <p><strong>{texts::state::load_failed}</strong></p>
                    <ErrorNotice error=*error on_retry=again />
                </div>
            }
            .into_any(),
            Without::Nothing => {
                let action = page.create.as_ref().map(|create| {
                    let to = create.to;
                    match is_locked() {
                        true => (Text::from(words::guard::unlock), Callback::new(|()| unlock::ask())),
                        false => (Text::from(create.label), Callback::new(move |()| router::go(to))),
                    }
                });
                let empty = match action {
                    Some(action) => view! {
                        <EmptyState title=page.empty.title text=page.empty.text glyph=page.empty.glyph action=action />
                    }
                    .into_any(),
                    None => view! {
                        <EmptyState title=page.empty.title text=page.empty.text glyph=page.empty.glyph />
                    }
                    .into_any(),
                };
                view! { <div class="tbl-cover">{empty}</div> }.into_any()
            }
            Without::NoMatch(total) => view! {
                <div class="tbl-cover">
                    <EmptyState
                        title=texts::state::nothing_matches
                        text=move || {
                            let help = texts::state::nothing_matches_help(format::count(total));
                            match text.hint() {
                                Some(hint) => format!("{help} {hint}"),
                                None => help,
                            }
                        }
                        glyph=Glyph::Filter
                        action=(Text::from(texts::filter::clear), Callback::new(move |()| text.clear()))
                    />
                </div>
            }
            .into_any(),
        })}
    }
    .into_any()
}

/// How many rows are selected, and what can be done with them.
#[component]
pub(super) fn SelectionBar(
    page: &'static ListPage,
    table: Table,
    for_selected: Option<&'static ForSelected>,
    /// What asks something before it acts on them, if the list has such.
    asking: Option<(&'static BulkForm, BulkContext)>,
) -> AnyView {
    let some = Memo::new(move |_| table.selection.with(|selection| !selection.is_empty()));
    let all = Memo::new(move |_| {
        table
            .selection
            .with(|selection| matches!(selection, Selection::AllBut(ids) if ids.is_empty()))
    });
    let said = move || {
        let count = format::count(table.selected());
        if all.get() {
            texts::selected_all(count)
        } else {
            texts::selected(count)
        }
    };
    let matched = move || table.feed.status.with(|status| status.matched);
    let disabled = Signal::derive(move || is_locked() || table.held.get());
    // What is shown isn't what is asked for.
    let hint = move || match table.held.get() {
        true => texts::held_hint.get(),
        false => locked_hint(),
    };
    let asks = move || {
        asking.map(|(form, context)| {
            view! {
                <Button
                    label=form.label
                    glyph=form.glyph
                    disabled=disabled
                    hint=hint
                    on_press=move || context.open.set(true)
                />
            }
        })
    };
    let buttons = move || {
        page.bulk
            .iter()
            .map(|button| {
                let press = move || {
                    sheet::bulk(Bulk {
                        title: button.label.into(),
                        sentence: button.sentence.into(),
                        action: button.action(page.resource.kind, table.selection_for_bulk()),
                        send: button.label.into(),
                        danger: button.danger,
                        // What runs is no longer selected: the next action is about other rows.
                        on_start: Some(std::sync::Arc::new(move || table.select_none())),
                    });
                };
                let look = if button.danger {
                    Look::Danger
                } else {
                    Look::Plain
                };
                view! {
                    <Button
                        label=button.label
                        glyph=button.glyph
                        look=look
                        disabled=disabled
                        hint=hint
                        on_press=press
                    />
                }
            })
            .collect_view()
    };
    let elsewhere = move || {
        for_selected.map(|it| {
            view! {
                <Button
                    label=it.label
                    glyph=it.glyph
                    disabled=Signal::derive(move || is_locked() || table.held.get())
                    hint=move || match table.held.get() {
                        true => texts::held_hint.get(),
                        false => locked_hint(),
                    }
                    on_press=move || (it.run)(table.selection_for_bulk())
                />
            }
        })
    };
    view! {
        {move || some.get().then(|| view! {
            <footer class="list-selection">
                <strong class="number" role="status">{said}</strong>
                {move || (table.selected() < matched() && !table.held.get()).then(|| view! {
                    <Button
                        label=move || texts::select_matching(format::count(matched()))
                        look=Look::Quiet
                        on_press=move || table.select_all()
                    />
                })}
                <Button label=texts::clear_selection look=Look::Quiet on_press=move || table.select_none() />
                <span class="spacer"></span>
                {(!page.bulk.is_empty()).then(|| view! { <UnlockButton /> })}
                {elsewhere}
                {asks}
                {buttons}
            </footer>
        })}
    }
    .into_any()
}

/// Saves all rows that match, with the columns shown, to a file of the user's choice.
pub(super) fn export_items(
    page: &'static ListPage,
    table: Table,
    saved: RwSignal<Option<Saved>>,
) -> Vec<Item> {
    let export = move |format: ExportFormat| {
        let request = ExportRows {
            resource: page.resource.kind.to_owned(),
            query: table.feed.query(),
            columns: table.layout.with_untracked(|layout| {
                layout
                    .columns
                    .iter()
                    .map(|column| column.name.clone())
                    .collect()
            }),
            format,
        };
        let rows = table.feed.status.with_untracked(|status| status.matched);
        wasm_bindgen_futures::spawn_local(async move {
            let outcome = match ipc::call(request).await {
                Ok(SavedFile::Written { path, .. }) => Some(Saved::Done(rows, path)),
                Ok(SavedFile::Cancelled) => None,
                Err(error) if error.kind == ErrorKind::Cancelled => None,
                Err(error) => Some(Saved::Failed(error)),
            };
            saved.try_set(outcome);
        });
    };
    vec![
        Item::new(texts::export::csv, move || export(ExportFormat::Csv))
            .glyph(Glyph::Save)
            .apart(),
        Item::new(texts::export::json, move || export(ExportFormat::Json)).glyph(Glyph::Save),
        Item::new(texts::export::yaml, move || export(ExportFormat::Yaml)).glyph(Glyph::Save),
    ]
}
