//! The nodes that encrypted data is bound to. With any it can't be deleted.

use console_ipc::IpcError;
use console_ipc::call::ReadCall;
use console_ipc::inventory::{CellValue, RowView};
use ief_api::node::EdgeNode;
use ief_api::operation::Call;
use ief_api::resource::{Column, ColumnKind, Resource};
use leptos::prelude::*;
use serde_json::Value;

use super::{KIND, binding};
use crate::kit::{Button, ErrorNotice, Glyph, Look, Sign, Skeleton};
use crate::pages::entry_things;
use crate::pages::parts::call_of;
use crate::router::{self, Address};
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, Grid, Picked, Picker, Reading, Table, TableSpec, rows_of};
use crate::words::encrypted_data as data_texts;
use crate::words::encrypted_data::nodes as texts;
use crate::{format, ipc, sheet, words};

/// Nodes that one answer holds at most.
const MOST: usize = 1000;

/// Rows that are shown without scrolling, how high each is, and what a scroll bar and the borders take.
const ROWS_SHOWN: usize = 8;
const ROW_HEIGHT: usize = 32;
const ROOM: usize = 14;

/// Nodes named before it is deleted. The rest is counted.
const NAMED: usize = 10;

static ROWS: TableSpec = TableSpec {
    kind: "bound_node",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("state", ColumnKind::Enum),
        Column::new("host", ColumnKind::Text),
        Column::new("address", ColumnKind::Text),
    ],
    shown: &[
        ("name", 180),
        ("state", 128),
        ("host", 160),
        ("address", 160),
    ],
    look: |column, value, _| match value {
        // They are nodes, whose words are known.
        CellValue::Text(state) if column.name == "state" => Some(CellLook::state(
            Sign::of_state(state).unwrap_or(Sign::Unknown),
            words::value("node", "state", state),
        )),
        _ => None,
    },
    checks: true,
    sorts: false,
};

/// Nodes to choose from.
static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[
        ("name", 200),
        ("state", 136),
        ("address", 120),
        ("tag", 180),
    ],
    look: |_, _, _| None,
    checks: true,
    sorts: true,
};

fn nodes_call(id: &str) -> Call {
    let limit = MOST.to_string();
    call_of(
        "list_encryptdata_nodes",
        &[("encryptdata_id", id)],
        &[("limit", &limit)],
    )
}

/// The nodes it is bound to, with binding it to more of them and taking it off.
pub(super) fn view(id: Signal<String>, data: Reading) -> AnyView {
    let call = Signal::derive(move || {
        let id = id.get();
        (!id.is_empty()).then(|| nodes_call(&id))
    });
    let reading = Reading::of(call, "");
    let rows = Memo::new(move |_| {
        reading.value.with(|answer| {
            let nodes = answer.as_ref().map(|answer| list(answer, "nodes"));
            nodes
                .into_iter()
                .flatten()
                .map(row)
                .collect::<Vec<RowView>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let all = Memo::new(move |_| {
        let counted = reading
            .value
            .with(|answer| integer(answer.as_ref()?, "count"));
        let counted = counted.and_then(|count| u64::try_from(count).ok());
        let shown = rows.with(Vec::len) as u64;
        counted.unwrap_or_default().max(shown)
    });
    let itself = move || {
        let name = data
            .value
            .with_untracked(|data| data.as_ref().and_then(|data| text(data, "name")));
        let id = id.get_untracked();
        Picked {
            name: name.unwrap_or_else(|| id.clone()),
            id,
        }
    };
    let picking = RwSignal::new(false);
    let bind = move |nodes: Vec<Picked>| binding::bind_to(&nodes, &itself());
    let release = move || {
        let chosen: Vec<Picked> = rows.with_untracked(|rows| {
            let rows = rows.iter().filter(|row| table.is_selected(&row.id));
            rows.map(|row| Picked {
                id: row.id.clone(),
                name: row.name.clone(),
            })
            .collect()
        });
        if !chosen.is_empty() {
            binding::unbind_from(&chosen, &itself());
        }
    };
    let open = move |node: String| {
        let page = Address::new(["nodes", &node]).with("tab", "encrypted");
        router::go(&page.to_string());
    };
    let read = Memo::new(move |_| reading.value.with(Option::is_some));
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    // As high as its rows, up to where it scrolls.
    let height = move || {
        let rows = rows.with(Vec::len).min(ROWS_SHOWN);
        format!("height:{}px", (rows + 1) * ROW_HEIGHT + ROOM)
    };
    let cut = move || {
        let (shown, all) = (rows.with(Vec::len) as u64, all.get());
        (read.get() && shown < all).then(|| {
            let line = texts::first(format::count(all), format::count(shown));
            view! { <p class="second">{line}</p> }
        })
    };
    view! {
        <section class="thing-part">
            <div class="row row-wrap">
                <h2>{texts::title}</h2>
                <span class="second number" role="status">
                    {move || read.get().then(|| texts::count(format::count(all.get())))}
                </span>
                <span class="spacer"></span>
                {move || (table.selected() > 0).then(|| view! {
                    <Button
                        label=move || texts::unbind_some(format::count(table.selected()))
                        glyph=Glyph::Unlink
                        look=Look::Plain
                        on_press=release
                    />
                })}
                <Button label=texts::bind glyph=Glyph::Link on_press=move || picking.set(true) />
            </div>
            {move || reading.error.get().map(|error| view! {
                <ErrorNotice error=error on_retry=move || reading.reload() />
            })}
            {move || match (read.get(), none.get()) {
                (false, _) => (!failed.get()).then(|| view! { <Skeleton lines=3 /> }).into_any(),
                (true, true) => view! { <p class="second">{texts::none}</p> }.into_any(),
                (true, false) => view! {
                    <div class="bound-nodes" style=height>
                        <Grid table=table label=texts::label on_open=open />
                    </div>
                }
                .into_any(),
            }}
            {cut}
        </section>
        <Picker spec=&NODES title=texts::choose open=picking on_pick=bind />
    }
    .into_any()
}

fn row(node: &Value) -> RowView {
    let cell = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let addresses: Vec<&str> = list(node, "host_ips")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let addresses = addresses.join(", ");
    RowView {
        id: text(node, "id").unwrap_or_default(),
        name: text(node, "name").unwrap_or_default(),
        cells: vec![
            cell(text(node, "name")),
            cell(text(node, "state")),
            cell(text(node, "host_name")),
            cell(Some(addresses).filter(|text| !text.is_empty())),
        ],
        change: None,
    }
}

/// Deletes encrypted data. The nodes it is bound to are looked up first: with any, it can't be.
pub(super) fn delete(id: &str, name: &str) {
    let (id, name) = (id.to_owned(), name.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        let deletion = |sentence: String| entry_things::deletion(&KIND, &id, &name, sentence);
        let change = match look(&id).await {
            Ok((0, _)) => deletion(data_texts::delete_sentence(&name)),
            Ok((count, nodes)) => {
                let sentence = data_texts::bound(format::count(count), &name);
                let mut change =
                    nodes
                        .iter()
                        .take(NAMED)
                        .fold(deletion(sentence), |change, node| {
                            let page = Address::new(["nodes", &node.id]).with("tab", "encrypted");
                            change.obstacle(node.name.clone(), page.to_string())
                        });
                let more = count.saturating_sub(NAMED as u64);
                if more > 0 {
                    let page = Address::new([KIND.address, &id]).to_string();
                    change = change.obstacle(data_texts::bound_more(format::count(more)), page);
                }
                change
            }
            // Without the answer the user knows that nobody looked.
            Err(_) => deletion(data_texts::delete_unknown(&name)).breaks(data_texts::delete_unseen),
        };
        sheet::send(change);
    });
}

/// How many nodes it is bound to, and the first of them.
async fn look(id: &str) -> Result<(u64, Vec<Picked>), IpcError> {
    let call = nodes_call(id);
    let answer = ipc::call(ReadCall { call }).await?.body;
    let nodes: Vec<Picked> = list(&answer, "nodes")
        .iter()
        .map(|node| Picked {
            id: text(node, "id").unwrap_or_default(),
            name: text(node, "name").unwrap_or_default(),
        })
        .collect();
    let counted = integer(&answer, "count").and_then(|count| u64::try_from(count).ok());
    Ok((counted.unwrap_or_default().max(nodes.len() as u64), nodes))
}
