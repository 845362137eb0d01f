//! The rail: every page that works, in its groups.

use leptos::prelude::*;

use crate::kit::{Glyph, IconButton, icon};
use crate::pages::{Group, PAGES, Page};
use crate::{router, state, words};

/// The rail.
#[component]
pub fn Rail(
    /// Whether it shows icons only.
    collapsed: Signal<bool>,
) -> AnyView {
    let address = router::use_address();
    let current = Memo::new(move |_| {
        address.with(|address| {
            crate::pages::find(&address.path)
                .map(|page| page.address)
                .unwrap_or_default()
        })
    });
    // What is current is seen, however it was gone to. Its mark is set after this.
    Effect::new(move |_| {
        current.track();
        request_animation_frame(|| {
            let entry = document().query_selector(".rail-entry[aria-current]");
            if let Ok(Some(entry)) = entry {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                entry.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    });
    let entries = move |group: Group| {
        let pages = PAGES.iter().filter(|page| page.group == group);
        pages.map(|page| entry(page, current)).collect_view()
    };
    let groups = Group::ALL
        .into_iter()
        .filter(|group| *group != Group::Bottom)
        .map(|group| {
            let heading = group
                .title()
                .map(|title| view! { <h2 class="rail-group">{title}</h2> });
            view! { <div>{heading}<ul>{entries(group)}</ul></div> }
        })
        .collect_view();
    view! {
        <nav class="rail" aria-label=words::frame::rail>
            <div class="rail-groups">{groups}</div>
            <div class="rail-bottom">
                <ul>{entries(Group::Bottom)}</ul>
                <IconButton
                    glyph=Glyph::Rail
                    label=move || if collapsed.get() { words::frame::expand_rail.get() } else { words::frame::collapse_rail.get() }
                    on_press=move || state::save_settings(|settings| settings.rail_collapsed = !settings.rail_collapsed)
                />
            </div>
        </nav>
    }
    .into_any()
}

fn entry(page: &'static Page, current: Memo<&'static str>) -> AnyView {
    let title = page.title;
    view! {
        <li>
            <a
                class="rail-entry"
                href=format!("#/{}", page.address)
                aria-current=move || (current.get() == page.address).then_some("page")
                data-tip-unseen=""
            >
                {icon(page.glyph)}
                <span class="rail-label">{title}</span>
            </a>
        </li>
    }
    .into_any()
}
