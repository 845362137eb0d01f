//! Quotas: how many of each kind there are and may be, as meters and as a table.

use console_ipc::IpcError;
use ief_api::catalogue::RESOURCES;
use leptos::prelude::*;
use serde_json::Value;

use crate::format;
use crate::kit::{
    EmptyState, ErrorNotice, Glyph, Meter, Sign, Skeleton, StateSign, Tab, Tabs, icon,
};
use crate::pages;
use crate::pages::parts::{Heading, call_of, plain_table, read};
use crate::router::{self, Address};
use crate::table::Reading;
use crate::table::reading::{integer, list, text};
use crate::words;
use crate::words::quotas as texts;

/// How many things of a kind there are and may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The kind, as the service names it.
    kind: String,
    used: u64,
    /// None when there is no limit.
    limit: Option<u64>,
}

impl Quota {
    /// How much of the limit is used, in percent. Without a limit nothing is.
    pub fn share(&self) -> f64 {
        self.limit.map_or(0.0, |limit| {
            crate::kit::progress::percent(self.used, limit.max(1))
        })
    }

    /// Whether it limits what the service names so.
    pub fn is_of(&self, kind: &str) -> bool {
        self.kind == kind
    }

    /// How many there are, and may be where there is a limit.
    pub fn used_of(&self) -> Option<(u64, u64)> {
        Some((self.used, self.limit?))
    }

    /// The list of what counts against it.
    fn list(&self) -> Option<AnyView> {
        let spec = RESOURCES
            .iter()
            .find(|spec| spec.quota == Some(&self.kind))?;
        let page = pages::of_kind(spec.kind)?;
        let href = Address::new([page.address]).to_string();
        Some(view! { <a class="meter-list" href=href>{texts::list}</a> }.into_any())
    }

    /// Its meter.
    pub fn meter(&self) -> AnyView {
        let Self { kind, used, limit } = self.clone();
        let label = move || kind_words(&kind);
        view! { <Meter label=label used=Signal::stored(used) limit=Signal::stored(limit) /> }
            .into_any()
    }
}

/// Reads all quotas.
pub fn read_quotas() -> Reading {
    read(call_of("show_quota", &[], &[]), "quotas")
}

/// The quotas in an answer, those that are used most first.
pub fn quotas_of(answer: &Value) -> Vec<Quota> {
    let mut quotas: Vec<Quota> = list(answer, "resources")
        .iter()
        .filter_map(|quota| {
            Some(Quota {
                kind: text(quota, "type")?,
                used: u64::try_from(integer(quota, "used")?).unwrap_or_default(),
                // The service writes -1 where there is no limit.
                limit: integer(quota, "quota").and_then(|limit| u64::try_from(limit).ok()),
            })
        })
        .collect();
    // One of one is meant to be full and says nothing.
    let weight = |quota: &Quota| {
        if quota.limit == Some(1) {
            0.0
        } else {
            quota.share()
        }
    };
    quotas.sort_by(|a, b| {
        weight(b)
            .total_cmp(&weight(a))
            .then_with(|| b.used.cmp(&a.used))
    });
    quotas
}

fn kind_words(kind: &str) -> String {
    words::find_or(&format!("quotas.kind.{kind}"), kind)
}

/// The page.
pub fn page(_: Vec<String>) -> AnyView {
    let reading = read_quotas();
    let view = router::use_query("view");
    let quotas = Memo::new(move |_| reading.value.with(|answer| answer.as_ref().map(quotas_of)));
    let tabs = vec![
        Tab::new("meters", texts::meters),
        Tab::new("table", texts::table),
    ];
    let body = move || match (quotas.get(), reading.error.get()) {
        (Some(quotas), _) if quotas.is_empty() => {
            view! { <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Quota /> }
                .into_any()
        }
        (Some(quotas), _) if view.get() == "table" => table(quotas),
        (Some(quotas), _) => {
            let meters = quotas
                .iter()
                .map(|quota| view! { <li>{quota.meter()} {quota.list()}</li> })
                .collect_view();
            view! { <ul class="meters">{meters}</ul> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
        (None, Some(error)) => failed(error, reading),
    };
    view! {
        <div class="page-body">
            <div class="page-head"><h1>{texts::title}</h1></div>
            {move || reading.error.get().filter(|_| quotas.with(Option::is_some)).map(|error| failed(error, reading))}
            <Tabs label=texts::views tabs=tabs current=view on_choose=|name: String| router::set_query("view", &name) />
            <div class="quotas" role="tabpanel">{body}</div>
        </div>
    }
    .into_any()
}

fn failed(error: IpcError, reading: Reading) -> AnyView {
    view! { <ErrorNotice error=error on_retry=move |()| reading.reload() /> }.into_any()
}

fn table(quotas: Vec<Quota>) -> AnyView {
    let rows = quotas
        .into_iter()
        .map(|quota| {
            let share = quota.share();
            let (used, limit) = (quota.used, quota.limit);
            let state = match share {
                // One of one is how it is meant to be.
                share if share >= 100.0 && limit == Some(1) => view! { <StateSign sign=Sign::Off word=texts::full /> }.into_any(),
                share if share >= 100.0 => view! { <StateSign sign=Sign::Bad word=texts::full /> }.into_any(),
                share if share >= 80.0 => {
                    view! { <span class="state quota-near">{icon(Glyph::Warning)} <span>{texts::near}</span></span> }.into_any()
                }
                _ => view! { <StateSign sign=Sign::Good word=texts::room /> }.into_any(),
            };
            let kind = quota.kind;
            vec![
                view! { {move || kind_words(&kind)} }.into_any(),
                view! { {format::count(used)} }.into_any(),
                view! { {move || limit.map_or_else(|| texts::no_limit.get().to_owned(), format::count)} }.into_any(),
                view! { {limit.map_or_else(|| format::MISSING.to_owned(), |limit| crate::kit::progress::share_words(used, limit))} }.into_any(),
                state,
            ]
        })
        .collect();
    let headings: [Heading; 5] = [
        (texts::resource, false),
        (texts::used, true),
        (texts::limit, true),
        (texts::share, true),
        (texts::state, false),
    ];
    plain_table(texts::title, &headings, rows)
}
