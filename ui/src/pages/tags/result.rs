//! What a query by tags has found: how many things, and a page of them.

use ief_api::operation::Call;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::query::find;
use crate::format;
use crate::kit::{Button, Chip, EmptyState, ErrorNotice, Glyph, Look, Skeleton, dash};
use crate::pages::parts::{Heading, plain_table, tag_list};
use crate::router::Address;
use crate::table::Reading;
use crate::table::reading::{list, text};
use crate::tagging::joined;
use crate::words::tags::{self, query as texts};

/// Things on a page.
const PAGE: u64 = 50;

/// What was found, page by page. How many there are is asked by itself, which no page of them tells as surely.
#[component]
pub(super) fn Found(
    /// The kind with the conditions; none before anything was asked.
    asked: Memo<Option<(&'static str, Value)>>,
) -> AnyView {
    let offset = RwSignal::new(0_u64);
    Effect::watch(move || asked.get(), move |_, _, _| offset.set(0), false);
    let counting = Signal::derive(move || {
        let (kind, query) = asked.get()?;
        Some(call(kind, query, json!({ "action": "count" })))
    });
    let listing = Signal::derive(move || {
        let (kind, query) = asked.get()?;
        let page = json!({
            "action": "filter",
            "limit": PAGE.to_string(),
            "offset": offset.get().to_string(),
        });
        Some(call(kind, query, page))
    });
    let count = Reading::of(counting, "total_count");
    let found = Reading::of(listing, "resources");
    let total = Memo::new(move |_| {
        let counted = count
            .value
            .with(|count| count.as_ref().map(|it| it.as_u64().unwrap_or(0)));
        counted.filter(|_| asked.with(Option::is_some))
    });
    let rows = Memo::new(move |_| {
        found.value.with(|rows| {
            let rows = rows.as_ref()?;
            let rows = rows
                .as_array()
                .map_or_else(|| list(rows, "resources"), Vec::as_slice);
            Some(rows.to_vec())
        })
    });
    let error = Memo::new(move |_| found.error.get().or_else(|| count.error.get()));
    let retry = move || {
        found.reload();
        count.reload();
    };
    let body = move || {
        let Some(kind) = asked.with(|asked| asked.as_ref().map(|(kind, _)| *kind)) else {
            return view! { <p class="second">{texts::not_run}</p> }.into_any();
        };
        match (rows.get(), error.get()) {
            (_, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
            (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
            (Some(rows), None) if rows.is_empty() => view! {
                <EmptyState title=texts::nothing text=texts::nothing_text glyph=Glyph::Search />
            }
            .into_any(),
            (Some(rows), None) => table(kind, &rows),
        }
    };
    let pages = move || {
        let total = total.get().filter(|total| *total > PAGE)?;
        let first = offset.get();
        let last = (first + PAGE).min(total);
        let at_start = Signal::derive(move || offset.get() == 0);
        let at_end = Signal::derive(move || last >= total);
        let shown = move || {
            texts::shown(
                format::count(total),
                format::count(first + 1),
                format::count(last),
            )
        };
        Some(view! {
            <div class="row">
                <span class="second small number">{shown}</span>
                <Button
                    label=texts::previous
                    look=Look::Quiet
                    disabled=at_start
                    on_press=move || offset.update(|it| *it = it.saturating_sub(PAGE))
                />
                <Button
                    label=texts::next
                    look=Look::Quiet
                    disabled=at_end
                    on_press=move || offset.update(|it| *it += PAGE)
                />
            </div>
        })
    };
    let said = move || total.get().map(|total| texts::found(format::count(total)));
    view! {
        <section class="thing-part" aria-label=texts::result>
            <div class="row row-wrap">
                <h2>{texts::result}</h2>
                <span class="second number" role="status">{said}</span>
                <span class="spacer"></span>
                {pages}
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// The query with what it is for.
fn call(kind: &str, query: Value, purpose: Value) -> Call {
    let mut body = purpose;
    if let (Some(body), Value::Object(query)) = (body.as_object_mut(), query) {
        body.extend(query);
    }
    let call = find(kind).map(|kind| kind.call("list_resource_by_tags"));
    Call {
        body: Some(body),
        ..call.unwrap_or_default()
    }
}

fn table(kind: &str, rows: &[Value]) -> AnyView {
    let address = find(kind).map_or("", |kind| kind.address);
    let rows = rows
        .iter()
        .map(|row| {
            let id = text(row, "resource_id").unwrap_or_default();
            let name = text(row, "resource_name").unwrap_or_else(|| id.clone());
            let href = Address::new([address, &id]).to_string();
            let tags = tag_list(list(row, "tags"));
            let chips = tags
                .iter()
                .map(|(key, value)| view! { <Chip label=joined(key, value) /> })
                .collect_view();
            let chips = match tags.is_empty() {
                true => dash(),
                false => view! { <div class="row row-wrap">{chips}</div> }.into_any(),
            };
            let name = view! { <a class="tag-thing cut" href=href>{name}</a> };
            vec![name.into_any(), chips]
        })
        .collect();
    let headings: [Heading; 2] = [(texts::thing, false), (tags::title, false)];
    plain_table(texts::result, &headings, rows)
}
