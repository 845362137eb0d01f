//! What the service answered: as a tree, and as text.

use console_ipc::call::CallAnswer;
use leptos::prelude::*;

use super::tree::tree;
use crate::format;
use crate::kit::{CopyButton, Fact, Facts, Id, Notice, Tab, Tabs, Tone};
use crate::words::explorer as texts;

/// More characters are not drawn as text; copying takes all of them.
const SHOWN: usize = 200_000;

/// An answer.
#[component]
pub(super) fn Answer(answer: CallAnswer) -> AnyView {
    let view = RwSignal::new("tree".to_owned());
    let tabs = vec![Tab::new("tree", texts::tree), Tab::new("text", texts::text)];
    let body = StoredValue::new(answer.body);
    let text = body.with_value(|body| serde_json::to_string_pretty(body).unwrap_or_default());
    let text = StoredValue::new(text);
    let empty = body.with_value(serde_json::Value::is_null);
    let shown = move || match view.get().as_str() {
        "text" => {
            let cut = text.with_value(|text| {
                let end = text.char_indices().nth(SHOWN).map(|(at, _)| at);
                end.map(|end| text[..end].to_owned())
            });
            let rest = cut
                .is_some()
                .then(|| view! { <p class="second">{texts::cut}</p> });
            let shown = cut.unwrap_or_else(|| text.get_value());
            view! { <pre class="code selectable" tabindex="0">{shown}</pre> {rest} }.into_any()
        }
        _ => body.with_value(tree),
    };
    let withheld = (!answer.withheld.is_empty()).then(|| {
        let places: Vec<String> = answer.withheld.iter().map(|it| it.path.clone()).collect();
        let told = places.join(", ");
        view! { <Notice tone=Tone::Info text=move || texts::withheld(&told) /> }
    });
    let request = answer
        .request_id
        .map(|id| view! { <Fact label=texts::request_id><Id id=id whole=true /></Fact> });
    view! {
        <h3>{texts::answer}</h3>
        <Facts>
            <Fact label=texts::status><span class="number">{answer.status.to_string()}</span></Fact>
            <Fact label=texts::took>
                <span class="number">{format::duration(i64::from(answer.elapsed_ms))}</span>
            </Fact>
            <Fact label=texts::attempts><span class="number">{answer.attempts.to_string()}</span></Fact>
            {request}
        </Facts>
        {withheld}
        {if empty {
            view! { <p class="second">{texts::no_body}</p> }.into_any()
        } else {
            view! {
                <div class="row">
                    <Tabs label=texts::answer tabs=tabs current=view on_choose=move |name: String| view.set(name) />
                    <span class="spacer"></span>
                    <CopyButton text=move || text.get_value() label=texts::copy_answer />
                </div>
                <div class="explorer-result" role="tabpanel">{shown}</div>
            }
            .into_any()
        }}
    }
    .into_any()
}
