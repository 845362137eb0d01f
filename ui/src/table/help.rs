//! How a filter is typed, with the columns of the list at hand.

use ief_api::resource::ColumnKind;
use leptos::prelude::*;

use super::model::TableSpec;
use crate::kit::{Dialog, Width};
use crate::words::table::help as texts;
use crate::words::{self, Word};

/// Says how a filter is typed, while `open` is true.
#[component]
pub(super) fn FilterHelp(
    /// The table that is filtered.
    spec: &'static TableSpec,
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> AnyView {
    view! {
        <Dialog open=open title=texts::title width=Width::Wide>
            <p>{texts::terms}</p>
            <table class="filter-help">
                <thead>
                    <tr><th scope="col">{texts::typed}</th><th scope="col">{texts::means}</th></tr>
                </thead>
                <tbody>
                    {syntax(spec)
                        .into_iter()
                        .map(|(typed, means)| view! {
                            <tr>
                                <td>
                                    {typed
                                        .into_iter()
                                        .map(|typed| view! { <code class="selectable">{typed}</code> " " })
                                        .collect_view()}
                                </td>
                                <td>{means}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
            <h3>{texts::columns}</h3>
            <dl class="filter-help-columns">
                {spec
                    .columns
                    .iter()
                    .map(|column| view! {
                        <div>
                            <dt><code class="selectable">{column.name}</code></dt>
                            <dd class="second">{move || words::column(spec.kind, column.name)}</dd>
                        </div>
                    })
                    .collect_view()}
            </dl>
        </Dialog>
    }
    .into_any()
}

/// What can be typed and what it means, with columns the table has.
fn syntax(spec: &TableSpec) -> Vec<(Vec<String>, Word)> {
    let of = |kinds: &[ColumnKind]| {
        let found = spec
            .columns
            .iter()
            .find(|column| kinds.contains(&column.kind));
        found.map(|column| column.name)
    };
    let mut lines = Vec::new();
    if let Some(name) = of(&[ColumnKind::Enum, ColumnKind::Set, ColumnKind::Text]) {
        let is = vec![format!("{name}:a,b"), format!("{name}=a")];
        lines.push((is, texts::is));
        let is_not = vec![format!("-{name}:a"), format!("{name}!=a")];
        lines.push((is_not, texts::is_not));
    }
    if let Some(name) = of(&[ColumnKind::Text]) {
        let contains = vec![format!("{name}~gw"), format!("-{name}~gw")];
        lines.push((contains, texts::contains));
    }
    if let Some(name) = of(&[ColumnKind::Integer]) {
        let compares = vec![format!("{name}>3"), format!("{name}<=3")];
        lines.push((compares, texts::numbers));
    }
    if spec
        .column("version")
        .is_some_and(|it| it.kind == ColumnKind::Enum)
    {
        lines.push((vec!["version<2.50".to_owned()], texts::versions));
    }
    if let Some(name) = of(&[ColumnKind::Time]) {
        let ages = vec![format!("{name}<7d"), format!("{name}>12h")];
        lines.push((ages, texts::ages));
        let dates = vec![format!("{name}>2026-01-31"), format!("{name}:2026-01")];
        lines.push((dates, texts::dates));
    }
    if let Some(name) = of(&[ColumnKind::Flag]) {
        lines.push((
            vec![format!("{name}:yes"), format!("{name}:no")],
            texts::flags,
        ));
    }
    if let Some(column) = spec.columns.last() {
        let presence = vec![
            format!("has:{}", column.name),
            format!("no:{}", column.name),
        ];
        lines.push((presence, texts::presence));
    }
    lines.push((vec!["gw".to_owned(), "-gw".to_owned()], texts::word));
    lines.push((vec!["*:gw".to_owned()], texts::anywhere));
    lines.push((vec![r#""a b""#.to_owned()], texts::quotes));
    lines
}
