//! What the host noticed at start, above every page until it is read.

use console_ipc::notice::Notice as Noticed;
use leptos::prelude::*;

use crate::kit::{Glyph, IconButton, Notice, Tone};
use crate::state::App;
use crate::words;

/// The notices that were not put aside yet.
#[component]
pub fn Notices() -> AnyView {
    let app = App::expect();
    let seen = RwSignal::new(Vec::<Noticed>::new());
    let shown = move || {
        let seen = seen.get();
        app.notices
            .get()
            .into_iter()
            .filter(|notice| !seen.contains(notice))
            .collect::<Vec<_>>()
    };
    view! {
        {move || {
            let notices = shown();
            (!notices.is_empty()).then(|| view! {
                <div class="notices">
                    {notices
                        .into_iter()
                        .map(|notice| {
                            let told = notice.clone();
                            view! {
                                <div class="row">
                                    <Notice tone=Tone::Attention text=move || sentence(&told) />
                                    <IconButton
                                        glyph=Glyph::Close
                                        label=words::kit::close
                                        on_press=move || seen.update(|seen| seen.push(notice.clone()))
                                    />
                                </div>
                            }
                        })
                        .collect_view()}
                </div>
            })
        }}
    }
    .into_any()
}

fn sentence(notice: &Noticed) -> String {
    let name = words::wire_name(&notice.kind);
    words::find_with(&format!("notices.{name}"), &notice.values).unwrap_or(name)
}
