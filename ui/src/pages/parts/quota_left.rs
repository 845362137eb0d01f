//! How many more of a kind the quota allows, told before one is created.

use ief_api::catalogue::resource;
use leptos::prelude::*;

use crate::format;
use crate::kit::{Notice, Tone};
use crate::pages::{self, quotas};
use crate::router::Router;
use crate::words::quotas as texts;

/// From which share of a quota on it is told, in percent.
const NEAR: f64 = 80.0;

/// On the page of a new thing: that its quota is used up, or nearly. Nothing on any other page, and nothing while
/// the quota is not known: creating does not wait for it.
pub(super) fn quota_left() -> Option<AnyView> {
    let path = Router::the().address_now().path;
    if path.get(1).is_none_or(|part| part != "new") {
        return None;
    }
    let kind = resource(pages::find(&path)?.search?)?.quota?;
    let reading = quotas::read_quotas();
    let known = Memo::new(move |_| {
        let quotas = reading
            .value
            .with(|answer| answer.as_ref().map(quotas::quotas_of))?;
        let quota = quotas.into_iter().find(|quota| quota.is_of(kind))?;
        let (used, limit) = quota.used_of()?;
        (quota.share() >= NEAR).then_some((used, limit))
    });
    let notice = move || {
        known.get().map(|(used, limit)| {
            if used >= limit {
                let text = move || texts::used_up(format::count(limit));
                view! { <Notice tone=Tone::Attention text=text /> }
            } else {
                let text = move || texts::nearly(format::count(limit), format::count(used));
                view! { <Notice tone=Tone::Info text=text /> }
            }
        })
    };
    Some(view! { {notice} }.into_any())
}
