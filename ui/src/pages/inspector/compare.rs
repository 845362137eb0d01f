//! Inspections side by side: the first with each of the others, what differs first.

use console_ipc::inspect::CompareInspections;
use console_ipc::inspect::report::{Comparison, Difference};
use leptos::prelude::*;

use super::certificates::value;
use super::desk::{Desk, spoken};
use super::judged::{JudgeFor, NotNow};
use crate::format;
use crate::kit::{Checkbox, ErrorNotice, Sign, Skeleton, dash, sign};
use crate::pages::parts::Asked;
use crate::state::App;
use crate::words::inspector as texts;

/// Some inspections, compared.
#[component]
pub(super) fn Comparing(ids: Vec<String>, desk: Desk) -> AnyView {
    let app = App::expect();
    let asked = Asked::new(
        move || {
            app.inspections.track();
            app.refresh.track();
            CompareInspections {
                ids: ids.clone(),
                at: desk.at(),
                language: spoken(),
            }
        },
        |compared| compared,
    );
    let only = RwSignal::new(true);
    let known = Memo::new(move |_| (asked.value.get(), asked.error.get()));
    let body = move || match known.get() {
        (_, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        (Some(all), None) => all
            .into_iter()
            .map(|comparison| pair(comparison, only))
            .collect_view()
            .into_any(),
        (None, None) => view! { <Skeleton lines=10 /> }.into_any(),
    };
    view! {
        <article class="report">
            <header class="report-head">
                <h1>{texts::comparing}</h1>
                <span class="spacer"></span>
                <Checkbox label=texts::only_differences value=only />
            </header>
            <JudgeFor desk=desk />
            <NotNow desk=desk />
            {body}
        </article>
    }
    .into_any()
}

fn pair(comparison: Comparison, only: RwSignal<bool>) -> AnyView {
    let Comparison {
        names,
        headline,
        rows,
    } = comparison;
    let (same, other): (Vec<Difference>, Vec<Difference>) =
        rows.into_iter().partition(|row| row.same);
    let (n_same, n_other) = (same.len() as u64, other.len() as u64);
    let mark = match other.is_empty() {
        true => Sign::Good,
        false => Sign::Differs,
    };
    let counts = move || {
        let same = texts::same_fields(format::count(n_same));
        match n_other {
            0 => same,
            n => format!("{} · {same}", texts::different_fields(format::count(n))),
        }
    };
    let (names, same) = (StoredValue::new(names), StoredValue::new(same));
    let differing = match other.is_empty() {
        true => view! { <p>{texts::identical}</p> }.into_any(),
        false => table(&names.get_value(), &other),
    };
    let rest = move || {
        let shown = !only.get() && n_same > 0;
        shown.then(|| {
            view! {
                <h3>{move || texts::same_fields(format::count(n_same))}</h3>
                {same.with_value(|same| table(&names.get_value(), same))}
            }
        })
    };
    view! {
        <section class="report-part comparison">
            <p class="row comparison-head" role="status">{sign(mark)} <strong class="selectable">{headline}</strong></p>
            <p class="second number comparison-counts">{counts}</p>
            {differing}
            {rest}
        </section>
    }
    .into_any()
}

/// Fields below the parts they belong to.
fn table(names: &[String; 2], rows: &[Difference]) -> AnyView {
    let mut part = "";
    let lines = rows
        .iter()
        .map(|row| {
            let heading = (row.part != part).then(|| {
                view! { <tr class="comparison-part"><th scope="colgroup" colspan="3">{row.part.clone()}</th></tr> }
            });
            part = &row.part;
            let [first, second] = &row.values;
            let cell = |value_of: &Option<_>| match value_of {
                Some(known) => value(known),
                None => dash(),
            };
            view! {
                {heading}
                <tr class=("comparison-differs", !row.same)>
                    <th scope="row">{row.label.clone()}</th>
                    <td>{cell(first)}</td>
                    <td>{cell(second)}</td>
                </tr>
            }
        })
        .collect_view();
    let [first, second] = names;
    view! {
        <table class="simple comparison-table">
            <thead>
                <tr>
                    <th scope="col">{texts::field}</th>
                    <th scope="col"><span class="selectable">{first.clone()}</span></th>
                    <th scope="col"><span class="selectable">{second.clone()}</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}
