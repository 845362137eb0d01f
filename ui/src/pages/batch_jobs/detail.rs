//! One job: how far it is, its tasks, and what it was asked for.

use std::time::Duration;

use console_ipc::inventory::RefreshResource;
use leptos::prelude::*;
use serde_json::Value;

use super::actions::{self, AT_WORK, CAN_RESUME, CAN_RETRY, CAN_STOP};
use super::{status_sign, tasks};
use crate::kit::facts::time_of;
use crate::kit::{Button, CopyButton, Glyph, Id, Item, MenuButton, Tab, Tabs, dash, text_or_dash};
use crate::pages::parts::{fact_list, part};
use crate::pages::things::Thing;
use crate::table::reading::{integer, list, text};
use crate::words;
use crate::words::Word;
use crate::words::batch_jobs as texts;
use crate::{format, ipc, router};

/// How often a job is read again while it goes on.
const EVERY: Duration = Duration::from_secs(2);

/// What can be done with a job now, and why the rest can't.
pub(super) fn buttons(thing: Thing) -> AnyView {
    let status = Memo::new(move |_| thing.with(|job| text(job, "status")).unwrap_or_default());
    let button = |label: Word, glyph: Glyph, can: &'static [&'static str], why: Word, run: Run| {
        let blocked = Memo::new(move |_| !status.with(|status| can.contains(&status.as_str())));
        let press = move || {
            let (id, name) = thing.named_now();
            run(&id, &name);
        };
        view! {
            <Button
                label=label
                glyph=glyph
                disabled=blocked
                hint=move || if blocked.get() { why.get() } else { "" }
                on_press=press
            />
        }
    };
    let more = Signal::derive(move || {
        let like = move || actions::open_as_new(&thing.id.get_untracked());
        let delete = move || {
            let (id, name) = thing.named_now();
            actions::delete(&id, &name, &status.get_untracked());
        };
        vec![
            Item::new(texts::like, like).glyph(Glyph::Copy),
            Item::new(texts::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        {button(texts::stop::verb, Glyph::Pause, CAN_STOP, texts::stop::blocked, actions::stop)}
        {button(texts::resume::verb, Glyph::Play, CAN_RESUME, texts::resume::blocked, actions::resume)}
        {button(texts::retry::verb, Glyph::Refresh, CAN_RETRY, texts::retry::blocked, actions::retry)}
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

/// Does something with a job by its identifier and name.
type Run = fn(&str, &str);

/// The tabs of a job.
pub(super) fn body(thing: Thing) -> AnyView {
    follow(thing);
    let (tab, choose) = router::use_tab();
    let count = Signal::derive(move || {
        let count = thing.with(|job| integer(job, "task_total_count"));
        count.and_then(|count| u64::try_from(count).ok())
    });
    let tabs = vec![
        Tab::new("tasks", texts::tabs::tasks).count(count),
        Tab::new("request", texts::tabs::request),
    ];
    let current = Memo::new(move |_| tab.get());
    let shown = move || match current.get().as_str() {
        "request" => thing.view(request),
        _ => tasks::view(thing),
    };
    view! {
        <Tabs label=texts::tabs::label tabs=tabs current=tab on_choose=choose />
        <div class="thing-body" role="tabpanel">{shown}</div>
    }
    .into_any()
}

/// Reads a job again and again while it goes on, and its row in the list when it comes to rest.
fn follow(thing: Thing) {
    let status = Memo::new(move |_| thing.with(|job| text(job, "status")));
    let at_work = Memo::new(move |_| {
        let at_work = |status: &String| AT_WORK.contains(&status.as_str());
        status.with(|status| status.as_ref().is_some_and(at_work))
    });
    Effect::new(move |_| {
        if !at_work.get() {
            return;
        }
        let read = move || {
            // A window that nobody sees needs no news, and another question would drop the answer on its way.
            if !document().hidden() && !thing.reading.loading.get_untracked() {
                thing.reading.reload();
            }
        };
        if let Ok(interval) = set_interval_with_handle(read, EVERY) {
            on_cleanup(move || interval.clear());
        }
    });
    Effect::new(move |before: Option<(String, Option<String>)>| {
        let now = (thing.id.get(), status.get());
        if let Some((id, Some(status))) = before
            && id == now.0
            && now.1.as_ref().is_some_and(|now| *now != status)
        {
            ipc::send(RefreshResource {
                resource: thing.kind.resource.kind.to_owned(),
                id: Some(id),
            });
        }
        now
    });
}

/// What the job was asked for.
fn request(job: &Value) -> AnyView {
    let value = |name: &'static str, column: &'static str| match text(job, name) {
        Some(value) => {
            let word = move || words::value("batch_job", column, &value);
            view! { {word} }.into_any()
        }
        None => dash(),
    };
    let targets = list(job, "targets").len() as u64;
    let target_type = match text(job, "target_type") {
        Some(kind) => {
            let word = move || words::find_or(&format!("batch_jobs.target_types.{kind}"), &kind);
            view! { {word} ": " {format::count(targets)} }.into_any()
        }
        None => dash(),
    };
    let facts = fact_list(vec![
        (
            texts::status.into(),
            text(job, "status").map_or_else(dash, |status| status_sign(&status)),
        ),
        (texts::r#type.into(), value("job_type", "type")),
        (texts::targets::title.into(), target_type),
        (
            texts::description.into(),
            text_or_dash(text(job, "description").as_deref()),
        ),
        (
            texts::id.into(),
            view! { <Id id=text(job, "job_id").unwrap_or_default() whole=true /> }.into_any(),
        ),
        (
            texts::created_at.into(),
            time_of(text(job, "created_at").as_deref()),
        ),
        (
            texts::changed_at.into(),
            time_of(text(job, "status_last_updated_at").as_deref()),
        ),
    ]);
    let data = text(job, "task_data").map(|data| part(texts::content, content(data)));
    view! { <div class="stack thing-parts">{facts}{data}</div> }.into_any()
}

/// What is deployed, as text that can be read.
fn content(data: String) -> AnyView {
    let source = serde_json::from_str::<Value>(&data)
        .ok()
        .and_then(|data| serde_json::to_string_pretty(&data).ok())
        .unwrap_or(data);
    view! {
        <div class="request deployment-source">
            <CopyButton text=source.clone() label=texts::copy_content />
            <pre class="code selectable" tabindex="0" aria-label=texts::content>{source}</pre>
        </div>
    }
    .into_any()
}
