//! One certificate of the calendar, with everything that hangs on it.

use std::borrow::Cow;

use console_ipc::IpcError;
use console_ipc::calendar::{CalendarEntry, Carried, ForgetPackage, Thing};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::rows::{end, left, used_for};
use crate::day;
use crate::kit::{
    Button, Dialog, ErrorNotice, Fact, Facts, Glyph, Id, Look, StateSign, Text, Width, text_or_dash,
};
use crate::router::Address;
use crate::words::certificate_calendar as texts;
use crate::{format, ipc, words};

/// The certificate that was opened.
#[component]
pub(super) fn EntryDialog(open: RwSignal<bool>, entry: RwSignal<Option<CalendarEntry>>) -> AnyView {
    let name = move || entry.with(|it| it.as_ref().map(|it| it.name.clone()));
    let title = Text::from(move || Cow::from(name().unwrap_or_default()));
    view! {
        <Dialog open=open title=title width=Width::Sheet>
            {move || entry.get().map(|entry| view! { <Entry entry=entry open=open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Entry(entry: CalendarEntry, open: RwSignal<bool>) -> AnyView {
    let column = |name: &'static str| {
        Text::from(move || Cow::from(words::column("ending_certificate", name)))
    };
    let (sign, word) = left(entry.not_after);
    let (used, end) = (used_for(&entry), end(&entry));
    let (serial, issuer) = (entry.serial.clone(), entry.issuer.clone());
    let from = entry.not_before.map(day::write);
    let listed = entry.listed_ms.map(format::exact);
    let n = |things: &Carried| format::count(things.count);
    let held = [
        (texts::nodes(n(&entry.nodes)), &entry.nodes, "nodes"),
        (texts::groups(n(&entry.groups)), &entry.groups, "groups"),
        (
            texts::registrations(n(&entry.registrations)),
            &entry.registrations,
            "registrations",
        ),
        (
            texts::applications(n(&entry.applications)),
            &entry.applications,
            "deployments",
        ),
    ];
    let held = held
        .into_iter()
        .filter(|(_, things, _)| things.count > 0)
        .map(|(title, things, address)| {
            view! {
                <section class="ending-part">
                    <h3>{title}</h3>
                    {links(things, address, open)}
                </section>
            }
        })
        .collect_view();
    let packages = (!entry.packages.is_empty()).then(|| {
        view! {
            <section class="ending-part">
                <h3>{texts::packages}</h3>
                <ul class="ending-packages">
                    {entry.packages.clone().into_iter().map(|package| view! { <Package package=package open=open /> }).collect_view()}
                </ul>
            </section>
        }
    });
    view! {
        <StateSign sign=sign word=word />
        <Facts>
            <Fact label=column("ends")>{end}</Fact>
            <Fact label=texts::from>{text_or_dash(from.as_deref())}</Fact>
            <Fact label=column("use")>{text_or_dash(Some(&used))}</Fact>
            <Fact label=column("serial")>{serial_number(serial)}</Fact>
            <Fact label=column("issuer")>{text_or_dash(Some(&issuer))}</Fact>
            <Fact label=texts::listed>{text_or_dash(listed.as_deref())}</Fact>
        </Facts>
        {held}
        {packages}
        <div class="dialog-actions">
            <Button label=words::kit::close look=Look::Primary on_press=move || open.set(false) />
        </div>
    }
    .into_any()
}

fn serial_number(serial: String) -> AnyView {
    match serial.is_empty() {
        true => text_or_dash(None),
        false => view! { <Id id=serial /> }.into_any(),
    }
}

/// The first of several things as links to their pages, and how many more there are.
fn links(things: &Carried, address: &'static str, open: RwSignal<bool>) -> AnyView {
    let more = things.count.saturating_sub(things.first.len() as u64);
    let links = things
        .first
        .iter()
        .map(|thing| {
            let href = Address::new([address, &thing.id]).to_string();
            view! { <li><a href=href on:click=move |_| open.set(false)>{thing.name.clone()}</a></li> }
        })
        .collect_view();
    let more =
        (more > 0).then(|| view! { <li class="second">{texts::more(format::count(more))}</li> });
    view! { <ul class="ending-links">{links}{more}</ul> }.into_any()
}

/// A remembered package, and what forgets it.
#[component]
fn Package(package: Thing, open: RwSignal<bool>) -> AnyView {
    let error = RwSignal::new(None::<IpcError>);
    let busy = RwSignal::new(false);
    let id = package.id.clone();
    let forget = move || {
        let request = ForgetPackage { id: id.clone() };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    open.try_set(false);
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    view! {
        <li>
            <div class="row">
                <span class="cut selectable" data-tip=package.name.clone() data-tip-cut="">{package.name.clone()}</span>
                <span class="spacer"></span>
                <Button label=texts::forget glyph=Glyph::Trash look=Look::Quiet busy=busy hint=texts::forget_hint on_press=forget />
            </div>
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
        </li>
    }
    .into_any()
}
