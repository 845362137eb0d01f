//! Certificates of the whole fleet in one list: of node groups and of nodes, read when somebody says so.

use console_ipc::query::{Filter, Op, Term};
use leptos::prelude::*;

mod calendar;
mod rows;
mod run;
mod scope;
mod told;

use self::run::GIVES_UP;
use self::scope::ScopeBar;
use self::told::{HolderKind, Phase, State};
use crate::format;
use crate::kit::notice::what_happened;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Fold, Glyph, Notice, Progress, SearchField, Tab, Tabs, Text,
    Tone, shortcut,
};
use crate::router::{self, Router};
use crate::state::{App, set_if_changed};
use crate::table::{Grid, Table, focus};
use crate::words;
use crate::words::fleet_certificates as texts;

/// Most of those that could not be read that are named.
const NAMED: usize = 100;

/// So many are named without being asked for.
const NAMED_AT_ONCE: u64 = 5;

/// The page, or the calendar below it.
pub fn page(path: Vec<String>) -> AnyView {
    match path.first().map(String::as_str) {
        Some(CALENDAR) => calendar::page(),
        _ => list(),
    }
}

/// Address of the calendar below that of the page.
const CALENDAR: &str = "calendar";

/// The two ways to look at certificates.
fn views(current: &'static str) -> AnyView {
    let tabs = vec![
        Tab::new("", texts::views::list),
        Tab::new(CALENDAR, texts::views::calendar),
    ];
    let choose = |name: String| match name.as_str() {
        CALENDAR => router::go("#/certificates/calendar"),
        _ => router::go("#/certificates"),
    };
    view! {
        <Tabs label=texts::views::label tabs=tabs current=Signal::stored(current.to_owned()) on_choose=choose />
    }
    .into_any()
}

fn list() -> AnyView {
    run::of_this_profile();
    let app = App::expect();
    let (state, news) = run::signals();
    Effect::new(move |_| {
        app.session.track();
        run::of_this_profile();
    });
    let read_at = Memo::new(move |_| state.with(|state| state.read_at));
    Effect::new(move |_| {
        if let Some(at) = read_at.get() {
            app.read_at.set(Some(at));
        }
    });
    let begun =
        Memo::new(move |_| state.with(|state| state.read_at.is_some() || state.phase.is_at_work()));
    let failed = Memo::new(move |_| state.with(|state| (state.failed, state.phase.is_at_work())));
    let error = Memo::new(move |_| state.with(|state| state.error.clone()));
    view! {
        <section class="list">
            <header class="list-head"><h1>{texts::title}</h1></header>
            <div class="list-bar certs-bar">{views("")}</div>
            <ScopeBar state=state />
            {move || error.get().map(|error| view! {
                <div class="list-banner"><ErrorNotice error=error /></div>
            })}
            {move || begun.get().then(|| view! { <Told state=state /> })}
            {move || {
                let (count, at_work) = failed.get();
                (count > 0).then(|| failures(count, at_work))
            }}
            <List state=state news=news />
        </section>
    }
    .into_any()
}

/// How far the run is, or what came of it.
#[component]
fn Told(state: RwSignal<State>) -> AnyView {
    let phase = Memo::new(move |_| state.with(|state| state.phase));
    let progress = Signal::derive(move || {
        state.with(|state| match state.phase {
            Phase::LookingUp => (0, None),
            _ => (state.done, Some(state.total)),
        })
    });
    let said = move || {
        state.with(|state| {
            let (done, total) = (format::count(state.done), format::count(state.total));
            let n = format::count(state.found());
            let time = format::time_of_day(state.read_at.unwrap_or_default());
            match state.phase {
                Phase::Unread => String::new(),
                Phase::LookingUp => texts::looking_up.get().to_owned(),
                Phase::Reading | Phase::Stopping => texts::done_of(done, total),
                Phase::Complete => texts::complete(n, time),
                Phase::Stopped => texts::stopped(done, n, time, total),
                Phase::GaveUp => texts::gave_up(done, format::count(GIVES_UP), n, time, total),
            }
        })
    };
    let by_type = move || {
        state.with(|state| {
            let types = state.by_type.iter();
            let types = types
                .map(|(kind, count)| texts::by_type(rows::type_word(kind), format::count(*count)));
            types.collect::<Vec<_>>().join(" · ")
        })
    };
    let bar = move || {
        phase.get().is_at_work().then(|| {
            view! { <Progress label=texts::progress value=progress /> }
        })
    };
    let go_on = move || {
        matches!(phase.get(), Phase::Stopped | Phase::GaveUp)
            .then(|| view! { <Button label=texts::go_on glyph=Glyph::Play on_press=run::go_on /> })
    };
    view! {
        <div class="list-banner certs-told">
            {bar}
            <div class="row row-wrap">
                <span class="number" role="status">{said}</span>
                <span class="second number">{by_type}</span>
                <span class="spacer"></span>
                {go_on}
            </div>
        </div>
    }
    .into_any()
}

/// Those that could not be read, each with why.
fn failures(count: u64, at_work: bool) -> AnyView {
    let named = run::failed(NAMED);
    let more = count.saturating_sub(named.len() as u64);
    let lines = named
        .into_iter()
        .map(|(holder, error)| {
            let href = rows::address_of(holder.kind.address(), &holder.id);
            view! {
                <li class="row">
                    <a class="cut" href=href>{holder.name}</a>
                    <span class="second">{move || what_happened(&error)}</span>
                </li>
            }
        })
        .collect_view();
    let more = (more > 0)
        .then(|| view! { <li class="second">{texts::failed_more(format::count(more))}</li> });
    let text = texts::failed(format::count(count));
    let notice = match at_work {
        true => view! { <Notice tone=Tone::Attention text=text /> }.into_any(),
        false => {
            let again = (Text::from(texts::retry), Callback::new(|()| run::retry()));
            view! { <Notice tone=Tone::Attention text=text action=again /> }.into_any()
        }
    };
    let open = Signal::stored(count <= NAMED_AT_ONCE);
    view! {
        <div class="list-banner certs-failed">
            {notice}
            <Fold title=texts::failed_which open=open>
                <ul>{lines} {more}</ul>
            </Fold>
        </div>
    }
    .into_any()
}

/// What was found.
#[component]
fn List(state: RwSignal<State>, news: RwSignal<u64>) -> AnyView {
    let table = Table::new(
        &rows::CERTIFICATES,
        rows::source(move || news.try_get_untracked().unwrap_or_default()),
    );
    let address = Router::the().address_now();
    let search = RwSignal::new(address.get("search").unwrap_or_default().to_owned());
    let kind = router::use_query("kind");
    let text = Memo::new(move |_| search.with(|text| text.trim().to_owned()));
    Effect::new(move |before: Option<()>| {
        let text = text.get();
        if before.is_some() {
            router::set_query("search", &text);
        }
    });
    Effect::new(move |_| {
        let text = text.get();
        let term = |column: Option<&str>, value: String| Term {
            column: column.map(str::to_owned),
            op: Op::Contains,
            values: vec![value],
        };
        let mut terms = Vec::new();
        if !text.is_empty() {
            terms.push(term(None, text));
        }
        let kind = kind.get();
        if !kind.is_empty() {
            terms.push(term(Some(rows::KIND), kind));
        }
        set_if_changed(table.filter, Filter { terms });
    });
    Effect::new(move |before: Option<()>| {
        news.track();
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let field = crate::kit::unique("search");
    let wanted = field.clone();
    shortcut::register("/", texts::search, move || focus(&format!("#{wanted}")));
    let counted = |count: fn(&State) -> u64| -> Signal<Option<u64>> {
        let count = Memo::new(move |_| state.with(|state| Some(count(state))));
        count.into()
    };
    let tabs = vec![
        Tab::new("", texts::all).count(counted(State::found)),
        Tab::new(HolderKind::Node.resource(), texts::nodes).count(counted(|state| state.of_nodes)),
        Tab::new(HolderKind::Group.resource(), texts::node_groups)
            .count(counted(|state| state.of_groups)),
    ];
    let status = table.feed.status;
    let filtered = move || table.filter.with(|filter| !filter.is_empty());
    let count = move || {
        status.with(|status| match filtered() {
            true if status.answered => {
                words::table::count(format::count(status.matched), format::count(status.total))
            }
            _ => String::new(),
        })
    };
    let phase = Memo::new(move |_| state.with(|state| state.phase));
    let none = Memo::new(move |_| status.with(|status| status.answered && status.matched == 0));
    let all = move || {
        search.set(String::new());
        router::set_query("kind", "");
    };
    let cover = move || {
        if !none.get() || phase.get().is_at_work() {
            return None;
        }
        let empty = match (phase.get(), filtered()) {
            (Phase::Unread, _) => view! {
                <EmptyState title=texts::unread text=texts::unread_text glyph=Glyph::Certificate />
            }
            .into_any(),
            (_, true) => view! {
                <EmptyState
                    title=texts::nothing_found
                    glyph=Glyph::Search
                    action=(Text::from(texts::clear), Callback::new(move |()| all()))
                />
            }
            .into_any(),
            (_, false) => view! {
                <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Certificate />
            }
            .into_any(),
        };
        Some(view! { <div class="tbl-cover">{empty}</div> })
    };
    let open = |id: String| router::go(&rows::address(&id));
    let begun = Memo::new(move |_| phase.get() != Phase::Unread);
    let bar = move || {
        let (tabs, field) = (tabs.clone(), field.clone());
        begun.get().then(move || {
            view! {
                <div class="list-bar certs-bar">
                    <Tabs
                        label=texts::kinds
                        tabs=tabs
                        current=kind
                        on_choose=|name: String| router::set_query("kind", &name)
                    />
                    <span class="spacer"></span>
                    <span class="list-count number" role="status">{count}</span>
                    <SearchField label=texts::search value=search id=field />
                </div>
            }
        })
    };
    view! {
        {bar}
        <div class="list-main">
            <div class="list-table">
                <Grid table=table label=texts::list on_open=open on_pick=open />
                {cover}
            </div>
        </div>
    }
    .into_any()
}
