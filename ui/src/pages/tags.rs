//! Tags of the whole project: which keys and values there are on what, and the service's own query by tags.

use console_ipc::query::{Filter, Op, Term};
use ief_api::operation::Call;
use ief_api::resource_tag::TaggedType;
use leptos::prelude::*;

mod overview;
mod query;
mod result;

use crate::kit::{Glyph, Tab, Tabs};
use crate::pages::parts::call_of;
use crate::router::{self, Address};
use crate::words::Word;
use crate::words::{self, tags as texts};

/// A kind of thing that carries tags.
pub(super) struct Kind {
    /// What the inventory calls it.
    kind: &'static str,
    /// Address of its pages.
    address: &'static str,
    /// Its name, in the plural.
    title: Word,
    /// Its icon.
    glyph: Glyph,
}

/// All of them, in the order of the rail.
static KINDS: [Kind; 4] = [
    Kind {
        kind: "node",
        address: "nodes",
        title: words::nodes::title,
        glyph: Glyph::Node,
    },
    Kind {
        kind: "device",
        address: "devices",
        title: words::devices::title,
        glyph: Glyph::Device,
    },
    Kind {
        kind: "deployment",
        address: "deployments",
        title: words::deployments::title,
        glyph: Glyph::Deployment,
    },
    Kind {
        kind: "app",
        address: "apps",
        title: words::apps::title,
        glyph: Glyph::App,
    },
];

impl Kind {
    /// A call of the tag interface on all of the kind.
    fn call(&self, operation: &str) -> Call {
        let tagged = TaggedType::of_kind(self.kind);
        let tagged = tagged.as_ref().map_or("", TaggedType::as_str);
        call_of(operation, &[("resource_type", tagged)], &[])
    }

    /// Address of the list with what has a tag: `key=value`, `key=*`, or any when none is named.
    fn list(&self, tag: Option<&str>) -> String {
        let term = Term {
            column: Some("tag".to_owned()),
            op: if tag.is_some() { Op::Is } else { Op::Present },
            values: tag.map(str::to_owned).into_iter().collect(),
        };
        let filter = Filter::of(term).to_string();
        Address::new([self.address])
            .with("filter", &filter)
            .to_string()
    }
}

/// The page.
pub fn page(_: Vec<String>) -> AnyView {
    let view = router::use_query("view");
    let tabs = vec![
        Tab::new("overview", texts::page::overview),
        Tab::new("query", texts::page::query),
    ];
    let shown = Memo::new(move |_| view.with(|view| view == "query"));
    let body = move || match shown.get() {
        true => query::view(),
        false => overview::view(),
    };
    view! {
        <div class="page-body">
            <div class="page-head"><h1>{texts::title}</h1></div>
            <Tabs
                label=texts::page::views
                tabs=tabs
                current=view
                on_choose=|name: String| router::set_query("view", &name)
            />
            <div class="tag-page stack" role="tabpanel">{body}</div>
        </div>
    }
    .into_any()
}
