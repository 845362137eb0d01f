//! How long before its end the window reminds of a certificate.

use leptos::prelude::*;

use crate::format;
use crate::kit::unique;
use crate::state::{self, App};
use crate::words::certificate_calendar as texts;

/// The times there are to choose from, in days. 0 is never.
const CHOICES: [u32; 7] = [0, 7, 14, 30, 60, 90, 180];

/// Chooses it.
#[component]
pub(super) fn LeadTime() -> AnyView {
    let app = App::expect();
    let now = Memo::new(move |_| app.settings.with(|it| it.certificate_lead_days));
    let id = unique("lead");
    let field = id.clone();
    let options = move || {
        let now = now.get();
        let mut choices = CHOICES.to_vec();
        // Whatever else the settings say is a choice too.
        if !choices.contains(&now) {
            choices.push(now);
            choices.sort_unstable();
        }
        choices
            .into_iter()
            .map(|days| {
                let word = match days {
                    0 => texts::never.get().to_owned(),
                    days => texts::days_before(format::number(days)),
                };
                view! { <option value=days selected=days == now>{word}</option> }
            })
            .collect_view()
    };
    let choose = move |event: leptos::ev::Event| {
        if let Ok(days) = event_target_value(&event).parse() {
            state::save_settings(|settings| settings.certificate_lead_days = days);
        }
    };
    view! {
        <div class="endings-lead">
            <label class="second" for=field>{texts::remind}</label>
            <select id=id class="input" on:change=choose>{options}</select>
        </div>
    }
    .into_any()
}
