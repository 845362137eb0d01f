//! A node that something names by its identifier only.

use std::cell::RefCell;
use std::collections::BTreeMap;

use console_ipc::error::ErrorKind;
use leptos::prelude::*;

use crate::kit::{Sign, StateSign};
use crate::pages::parts::{call_of, read};
use crate::router::Address;
use crate::table::reading::text;
use crate::words::messages as texts;

thread_local! {
    /// Names that were read, so that what is drawn anew shows them at once.
    static NAMES: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// A link to a node, with its name as soon as that is read. Says when the node is gone.
pub fn node_link(id: &str) -> AnyView {
    let call = call_of("show_edge_node_detail", &[("node_id", id)], &[]);
    let reading = read(call, "node");
    let href = Address::new(["nodes", id]).to_string();
    let id = id.to_owned();
    let name = Memo::new(move |_| {
        let read = reading
            .value
            .with(|node| node.as_ref().and_then(|node| text(node, "name")));
        NAMES.with_borrow_mut(|names| match read {
            Some(name) => {
                names.insert(id.clone(), name.clone());
                name
            }
            None => names.get(&id).unwrap_or(&id).clone(),
        })
    });
    let gone = Memo::new(move |_| {
        reading.error.with(|error| {
            error
                .as_ref()
                .is_some_and(|error| error.kind == ErrorKind::NotFound)
        })
    });
    view! {
        <span class="row row-wrap">
            <a class="cut" href=href>{move || name.get()}</a>
            {move || gone.get().then(|| view! { <StateSign sign=Sign::Bad word=texts::node_gone /> })}
        </span>
    }
    .into_any()
}
