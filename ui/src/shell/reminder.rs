//! Certificates that end soon, in the status line: a word that leads to the calendar, for as long as there are any.

use console_ipc::calendar::{Calendar, CertificateCalendar};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::kit::{Sign, sign};
use crate::state::{App, now_ms, set_if_changed};
use crate::words::certificate_calendar as texts;
use crate::{format, ipc, router};

/// Ends move by days: so long what was counted stays, in milliseconds.
const COUNTED_MS: i64 = 10 * 60_000;

/// What was counted last, and for what.
struct Counted {
    change: u64,
    lead: u32,
    profile: Option<String>,
    at_ms: i64,
}

/// The reminder. Nothing when nobody wants one, or nothing ends.
#[component]
pub fn Reminder() -> AnyView {
    let app = App::expect();
    let told = RwSignal::new(None::<Calendar>);
    let counted = StoredValue::new(None::<Counted>);
    let nodes = app.freshness("node");
    let listed = Memo::new(move |_| nodes.with(|it| it.as_of_ms.is_some() && it.loading.is_none()));
    let profile = Memo::new(move |_| app.session.with(|it| it.profile_id.clone()));
    let lead = Memo::new(move |_| app.settings.with(|it| it.certificate_lead_days));
    Effect::new(move |_| {
        let now = app.now.get();
        let (change, lead, profile) = (app.calendar.get(), lead.get(), profile.get());
        let other = counted.with_value(|it| it.as_ref().is_some_and(|it| it.profile != profile));
        if lead == 0 || other {
            counted.set_value(None);
            set_if_changed(told, None);
        }
        // Before the list of nodes is whole, there is little to count.
        if lead == 0 || profile.is_some() && !listed.get() {
            return;
        }
        let same = counted.with_value(|it| {
            it.as_ref().is_some_and(|it| {
                (it.change, it.lead) == (change, lead)
                    && it.profile == profile
                    && now - it.at_ms < COUNTED_MS
            })
        });
        if same {
            return;
        }
        counted.set_value(Some(Counted {
            change,
            lead,
            profile,
            at_ms: now_ms(),
        }));
        spawn_local(async move {
            // Whoever wants to know why it fails sees it in the calendar.
            if let Ok(calendar) = ipc::call(CertificateCalendar::default()).await {
                told.try_set(Some(calendar));
            }
        });
    });
    view! {
        {move || told.with(|it| {
            let calendar = it.as_ref().filter(|it| it.ended + it.soon > 0)?;
            let mark = if calendar.ended > 0 { Sign::Bad } else { Sign::Warned };
            let count = format::count(calendar.ended + calendar.soon);
            let lead = format::number(calendar.lead_days);
            let said = match calendar.ended {
                0 => texts::reminder(lead, count),
                _ => texts::reminder_ended(lead, count),
            };
            Some(view! {
                <button
                    type="button"
                    class="status-part"
                    on:click=|_| router::go("#/certificates/calendar")
                >
                    {sign(mark)}
                    <span>{said}</span>
                </button>
            })
        })}
    }
    .into_any()
}
