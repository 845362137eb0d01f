//! The page of one device.

use console_ipc::error::ErrorKind;
use ief_api::device::Device;
use ief_api::resource::Resource;
use leptos::prelude::*;

use super::{actions, binding, show, twin};
use crate::kit::facts::time_of;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Glyph, Item, MenuButton, Sign, Skeleton, StateSign, Tab, Tabs,
    Text,
};
use crate::pages::parts::{fact_list, tags_part, thing_page};
use crate::router;
use crate::table::Reading;
use crate::words;
use crate::words::devices as texts;

/// The page of a device.
pub(super) fn view(id: String) -> AnyView {
    let key = id.clone();
    let detail = Reading::detail(
        <Device as Resource>::SPEC,
        Signal::derive(move || key.clone()),
    );
    let name = Memo::new(move |_| {
        detail
            .value
            .with(|device| device.as_ref().map(|it| show::text(it, "name").to_owned()))
    });
    let there = Memo::new(move |_| detail.value.with(Option::is_some));
    // Only while nothing is there: what is open must not be drawn anew by an error.
    let error = Memo::new(move |_| match there.get() {
        true => None,
        false => detail.error.get(),
    });
    let title = {
        let id = id.clone();
        move || name.get().unwrap_or_else(|| id.clone())
    };
    let actions = {
        let id = id.clone();
        move || there.get().then(|| head_actions(&id, name, detail))
    };
    let body = {
        let id = id.clone();
        move || {
            match (there.get(), error.get()) {
            (true, _) => content(&id, detail, name),
            (false, None) => view! { <div class="thing-body"><Skeleton lines=8 /></div> }.into_any(),
            (false, Some(error)) if error.kind == ErrorKind::NotFound => view! {
                <EmptyState
                    title=texts::gone
                    text=texts::gone_text
                    glyph=Glyph::Device
                    action=(Text::from(texts::back_to_list), Callback::new(|()| router::go("#/devices")))
                />
            }
            .into_any(),
            (false, Some(error)) => view! { <ErrorNotice error=error on_retry=move |()| detail.reload() /> }.into_any(),
        }
        }
    };
    let body = view! { {body} }.into_any();
    thing_page(
        ("#/devices", texts::title),
        title,
        view! { {actions} }.into_any(),
        body,
    )
}

fn head_actions(id: &str, name: Memo<Option<String>>, detail: Reading) -> AnyView {
    let edit = router::Address::new(["devices", id, "edit"]).to_string();
    let id = id.to_owned();
    let more = Signal::derive(move || {
        let id = id.clone();
        let delete = move || actions::delete(id.clone(), name.get_untracked().unwrap_or_default());
        vec![
            Item::new(texts::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    let state = move || {
        let state = detail
            .value
            .with(|device| device.as_ref().map(|it| show::text(it, "state").to_owned()))
            .unwrap_or_default();
        let word = words::value(
            "device",
            "state",
            if state.is_empty() { "unknown" } else { &state },
        );
        view! { <StateSign sign=Sign::of_state(&state).unwrap_or(Sign::Unknown) word=word /> }
    };
    let seen = move || {
        let seen = detail.value.with(|device| {
            device
                .as_ref()
                .map(|it| show::text(it, "last_online").to_owned())
        });
        seen.filter(|seen| !seen.is_empty()).map(|seen| {
            view! { <span class="second">{texts::last_seen} " " {time_of(Some(&seen))}</span> }
        })
    };
    view! {
        {state}
        {seen}
        <span class="spacer"></span>
        <Button label=texts::update glyph=Glyph::Edit on_press=move || router::go(&edit) />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

fn content(id: &str, detail: Reading, name: Memo<Option<String>>) -> AnyView {
    let (tab, choose) = router::use_tab();
    let properties = Signal::derive(move || {
        detail
            .value
            .with(|device| device.as_ref().map(|it| show::twin_of(it).len() as u64))
    });
    let tabs = vec![
        Tab::new("summary", texts::tab::summary),
        Tab::new("twin", texts::tab::twin).count(properties),
        Tab::new("binding", texts::tab::binding),
    ];
    let id = id.to_owned();
    let shown = Memo::new(move |_| tab.get());
    let body = move || match shown.get().as_str() {
        "twin" => twin::board(id.clone(), name, detail),
        "binding" => binding::view(id.clone(), name),
        _ => {
            let nodes = binding::follow(Signal::stored(id.clone()));
            let head = move || {
                let device = detail.value.get()?;
                Some(fact_list(show::head_facts(&device, nodes)))
            };
            let rest = move || {
                detail
                    .value
                    .get()
                    .map(|it| show::access_and_attributes(&it))
            };
            let known = id.clone();
            let called = Signal::derive(move || name.get().unwrap_or_else(|| known.clone()));
            let tags = tags_part("device", Signal::stored(id.clone()), called);
            view! { {head} {tags} {rest} }.into_any()
        }
    };
    view! {
        <Tabs label=texts::parts tabs=tabs current=tab on_choose=choose />
        <div class="thing-body stack thing-parts" role="tabpanel">
            {move || detail.error.get().map(|error| view! { <ErrorNotice error=error on_retry=move |()| detail.reload() /> })}
            {body}
        </div>
    }
    .into_any()
}
