//! The calendar: everything whose end is known, by its end, with what hangs on it.

use console_ipc::calendar::{Calendar, CalendarFormat, ExportCalendar};
use console_ipc::query::{Filter, Op, Term};
use leptos::prelude::*;

mod entry;
mod lead;
mod months;
mod rows;

use self::entry::EntryDialog;
use self::lead::LeadTime;
use self::months::Months;
use self::rows::ENDINGS;
use super::views;
use crate::kit::{
    EmptyState, ErrorNotice, Glyph, Item, MenuButton, SearchField, Sign, Text, shortcut, sign,
};
use crate::pages::INSPECTOR;
use crate::pages::inspector::spoken;
use crate::pages::parts::{SavedTo, save, saved_banner};
use crate::state::{App, set_if_changed};
use crate::table::{Grid, Table, focus};
use crate::words::certificate_calendar as texts;
use crate::{format, router, words};

/// Further than any window shows, in rows.
const BEYOND: u64 = 200;

/// What the calendar says as a whole. Its entries are in the table.
type Told = RwSignal<Option<Calendar>>;

/// The page.
pub(super) fn page() -> AnyView {
    let app = App::expect();
    let told: Told = RwSignal::new(None);
    let table = Table::new(&ENDINGS, rows::source(told));
    let search = RwSignal::new(String::new());
    Effect::new(move |_| {
        let text = search.with(|text| text.trim().to_owned());
        let terms = match text.is_empty() {
            true => Vec::new(),
            false => vec![Term {
                column: None,
                op: Op::Contains,
                values: vec![text],
            }],
        };
        set_if_changed(table.filter, Filter { terms });
    });
    // What hangs on certificates stands in lists that are read anew, and in packages.
    let nodes = app.freshness("node");
    let deployments = app.freshness("deployment");
    Effect::new(move |before: Option<()>| {
        app.calendar.track();
        app.refresh.track();
        nodes.with(|it| it.as_of_ms);
        deployments.with(|it| it.as_of_ms);
        app.settings.with(|it| it.certificate_lead_days);
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None);
    let show = move |id: String| {
        shown.set(rows::entry(&id));
        open.set(shown.with_untracked(Option::is_some));
    };
    let status = table.feed.status;
    let cover = move || {
        status.with(|status| {
            if !status.answered {
                return status.error.clone().map(|error| {
                    let again = move || table.feed.refresh();
                    view! { <ErrorNotice error=error on_retry=again /> }.into_any()
                });
            }
            (status.matched == 0).then(|| nothing(status.total, search))
        })
    };
    let reveal = move |row: u64| {
        // Places are counted without a search.
        search.set(String::new());
        request_animation_frame(move || {
            // From below, so that it comes to stand at the top.
            table.go_to(row.saturating_add(BEYOND));
            request_animation_frame(move || {
                table.go_to(row);
                // Keys act on the row that was chosen.
                focus(".list-table [role=grid]");
            });
        });
    };
    let field = crate::kit::unique("search");
    let wanted = field.clone();
    shortcut::register("/", texts::search, move || focus(&format!("#{wanted}")));
    let saved = RwSignal::new(None);
    let count = move || {
        status.with(|status| match status.matched < status.total {
            true => words::table::count(format::count(status.matched), format::count(status.total)),
            false => String::new(),
        })
    };
    view! {
        <section class="list">
            <header class="list-head"><h1>{super::texts::title}</h1></header>
            <div class="list-bar certs-bar">
                {views("calendar")}
                <span class="spacer"></span>
                <span class="list-count number" role="status">{count}</span>
                <SearchField label=texts::search value=search id=field />
                <MenuButton label=texts::export glyph=Glyph::Save items=exports(saved, search) />
            </div>
            <div class="list-banner endings-told">
                {move || told.with(|it| it.as_ref().map(summary))}
                <span class="spacer"></span>
                <LeadTime />
            </div>
            {saved_banner(saved, texts::saved)}
            <Months told=told on_choose=reveal />
            <div class="list-main">
                <div class="list-table">
                    <Grid table=table label=texts::title on_open=show on_pick=show />
                    {move || cover().map(|cover| view! { <div class="tbl-cover">{cover}</div> })}
                </div>
            </div>
        </section>
        <EntryDialog open=open entry=shown />
    }
    .into_any()
}

/// What the calendar has, in one line.
fn summary(calendar: &Calendar) -> AnyView {
    let part = |mark: Sign, count: u64, text: String| {
        (count > 0).then(|| view! { <span class="state">{sign(mark)} <span>{text}</span></span> })
    };
    let (ended, soon) = (calendar.ended, calendar.soon);
    let lead = format::number(calendar.lead_days);
    let others = calendar.total.saturating_sub(ended + soon);
    let undated = (calendar.undated > 0).then(|| {
        let text = texts::undated(format::count(calendar.undated));
        view! { <span class="second">{text}</span> }
    });
    view! {
        <p class="row row-wrap number" role="status">
            {part(Sign::Bad, ended, texts::ended(format::count(ended)))}
            {part(Sign::Warned, soon, texts::soon(lead, format::count(soon)))}
            {part(Sign::Good, others, texts::later(format::count(others)))}
            {(calendar.asked == 0 && App::expect().profile().is_some()).then(|| view! {
                <span class="second">{texts::not_read} " " <a href="#/certificates">{texts::read_them}</a></span>
            })}
            {undated}
        </p>
    }
    .into_any()
}

fn nothing(total: u64, search: RwSignal<String>) -> AnyView {
    if total > 0 {
        let clear = Callback::new(move |()| search.set(String::new()));
        return view! {
            <EmptyState
                title=super::texts::nothing_found
                glyph=Glyph::Search
                action=(Text::from(super::texts::clear), clear)
            />
        }
        .into_any();
    }
    let inspect = Callback::new(|()| router::go(&format!("#/{INSPECTOR}")));
    view! {
        <EmptyState
            title=texts::none
            text=texts::none_text
            glyph=Glyph::Clock
            action=(Text::from(words::inspector::title), inspect)
        />
    }
    .into_any()
}

fn exports(saved: SavedTo, search: RwSignal<String>) -> Signal<Vec<Item>> {
    let save_as = move |format: CalendarFormat| {
        let request = ExportCalendar {
            search: search.with_untracked(|text| text.trim().to_owned()),
            format,
            lead_days: App::expect()
                .settings
                .with_untracked(|it| it.certificate_lead_days),
            language: spoken(),
        };
        save(request, saved);
    };
    Signal::stored(vec![
        Item::new(texts::formats::ics, move || save_as(CalendarFormat::Ics)),
        Item::new(texts::formats::csv, move || save_as(CalendarFormat::Csv)),
    ])
}
