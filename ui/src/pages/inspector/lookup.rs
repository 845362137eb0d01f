//! What the service of the profile in use says, told in a quiet line.

use console_ipc::inspect::report::{Check, Kind, Status};
use console_ipc::inspect::{InspectionSummary, LookUpInspection, Lookup};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::desk::Desk;
use crate::kit::notice::what_happened;
use crate::kit::{Button, Glyph, Look, icon, spinner};
use crate::state::App;
use crate::words::Word;
use crate::words::inspector::{lookup as texts, open_it};
use crate::{format, ipc};

/// What the service said, and what asks it once more.
#[component]
pub(super) fn LookedUp(
    /// What is known of the inspection.
    summary: Memo<Option<InspectionSummary>>,
    desk: Desk,
) -> AnyView {
    let lookup = Memo::new(move |_| summary.with(|it| it.as_ref().map(|it| it.lookup.clone())));
    let ask = move || {
        let Some(id) = summary.with_untracked(|it| it.as_ref().map(|it| it.id.clone())) else {
            return;
        };
        spawn_local(async move {
            match ipc::call(LookUpInspection { id }).await {
                // The answer is told by an event; that it is asked is seen at once.
                Ok(_) => App::expect().inspections.update(|count| *count += 1),
                Err(error) => {
                    desk.error.try_set(Some(error));
                }
            }
        });
    };
    let again = move |label: Word| view! { <Button label=label look=Look::Quiet on_press=ask /> };
    let line = move || {
        let (mark, said, button) = match lookup.get()? {
            Lookup::NoProfile => (icon(Glyph::Cloud), texts::no_profile.get().to_owned(), None),
            Lookup::NotAsked => (
                icon(Glyph::Cloud),
                texts::not_asked.get().to_owned(),
                Some(texts::ask),
            ),
            Lookup::Nothing => (icon(Glyph::Cloud), texts::nothing.get().to_owned(), None),
            Lookup::OtherProject { project } => {
                (icon(Glyph::Cloud), texts::other_project(project), None)
            }
            Lookup::UnderWay => (spinner(), texts::under_way.get().to_owned(), None),
            Lookup::Told { profile, at_ms } => (
                icon(Glyph::Cloud),
                texts::told(profile, format::exact(at_ms)),
                Some(texts::again),
            ),
            Lookup::Failed { error } => (
                icon(Glyph::Warning),
                texts::failed(what_happened(&error)),
                Some(texts::again),
            ),
        };
        Some(view! {
            <p class="lookup second">{mark} <span>{said}</span> {button.map(again)}</p>
        })
    };
    view! { <div role="status">{line}</div> }.into_any()
}

/// The page of whom it is for, where the service has it.
pub(super) fn page_of(summary: &InspectionSummary, checks: &[Check]) -> Option<(String, Word)> {
    let there = checks
        .iter()
        .any(|check| check.id == "exists" && check.status != Status::NotApplicable);
    let absent = checks
        .iter()
        .any(|check| check.id == "exists" && check.status == Status::Failed);
    let told = matches!(summary.lookup, Lookup::Told { .. });
    if !told || !there || absent || summary.identity.id.is_empty() {
        return None;
    }
    let (address, word) = match summary.kind {
        Kind::GroupCertificate => ("groups", open_it::group),
        Kind::Registration => ("registrations", open_it::registration),
        Kind::Node
        | Kind::NodeCertificate
        | Kind::Archive
        | Kind::Certificates
        | Kind::Bundle
        | Kind::Keys
        | Kind::Unknown => ("nodes", open_it::node),
    };
    let address = crate::router::Address::new([address, &summary.identity.id]);
    Some((address.to_string(), word))
}
