//! How many certificates end in which month, as bars. Each leads to its first row of the table, which says the same.

use console_ipc::calendar::Calendar;
use leptos::prelude::*;

use super::Told;
use crate::day::{self, DAY};
use crate::format;
use crate::words::certificate_calendar as texts;

/// A bar.
struct Bar {
    /// What it counts: a month, or everything that has ended.
    label: String,
    /// How many.
    count: u64,
    /// Place of its first row.
    row: u64,
    /// How it looks: `bad`, `soon` or none of these.
    tone: &'static str,
}

fn bars(calendar: &Calendar) -> Vec<Bar> {
    let soon_until = calendar.at + i64::from(calendar.lead_days) * DAY;
    let mut row = calendar.ended;
    let ended = Bar {
        label: texts::ended_bar.get().to_owned(),
        count: calendar.ended,
        row: 0,
        tone: "endings-bad",
    };
    let months = calendar.months.iter().map(|month| {
        let bar = Bar {
            label: day::write(month.from)[..7].to_owned(),
            count: month.count,
            row,
            tone: match month.from <= soon_until && calendar.lead_days > 0 {
                true => "endings-soon",
                false => "",
            },
        };
        row += month.count;
        bar
    });
    std::iter::once(ended).chain(months).collect()
}

/// The bars.
#[component]
pub(super) fn Months(
    /// The calendar.
    told: Told,
    /// Shows the row at a place.
    #[prop(into)]
    on_choose: Callback<u64>,
) -> AnyView {
    let drawn = move || {
        told.with(|calendar| {
            let calendar = calendar.as_ref().filter(|it| it.total > 0)?;
            let bars = bars(calendar);
            let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
            let bars = bars
                .into_iter()
                .map(|bar| view! { <li>{one(bar, most, on_choose)}</li> })
                .collect_view();
            Some(view! { <ol class="endings" aria-label=texts::by_month>{bars}</ol> })
        })
    };
    view! { {drawn} }.into_any()
}

fn one(bar: Bar, most: u64, on_choose: Callback<u64>) -> AnyView {
    #[allow(
        clippy::cast_precision_loss,
        reason = "a share of a height needs no more than that"
    )]
    let share = bar.count as f64 / most as f64;
    let height = format!("--share: {share:.4}");
    let said = texts::bar(bar.label.clone(), format::count(bar.count));
    let row = bar.row;
    let none = bar.count == 0;
    // Where there is little room, months stand without their year.
    let (year, month) = match bar.label.split_at_checked(5) {
        Some((year, month)) if year.ends_with('-') => (year.to_owned(), month.to_owned()),
        _ => (String::new(), bar.label),
    };
    let year = view! { <span class="ending-year">{year}</span> };
    view! {
        <button
            type="button"
            class=format!("ending {}", bar.tone)
            aria-label=said.clone()
            data-tip=said
            disabled=none
            on:click=move |_| on_choose.run(row)
        >
            <span class="ending-count number">{(!none).then(|| format::count(bar.count))}</span>
            <span class="ending-bar" style=height></span>
            <span class="ending-label number">{year}{month}</span>
        </button>
    }
    .into_any()
}
