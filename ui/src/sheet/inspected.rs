//! What a package that was just handed out is worth, told beside it while it can still be done anew.

use std::collections::BTreeMap;

use console_ipc::IpcError;
use console_ipc::inspect::report::Verdict;
use console_ipc::inspect::{InspectWithheld, ReportLanguage, ShowInspection};
use leptos::prelude::*;

use crate::ipc;
use crate::kit::{Button, ErrorNotice, Glyph, Text, sign};
use crate::pages::INSPECTOR;
use crate::pages::inspector::verdict;
use crate::state::App;
use crate::words::inspector::sheet as texts;
use crate::words::{self, Lang};

/// What the host says of one part of an answer.
#[derive(Clone)]
enum Told {
    UnderWay,
    Judged {
        id: String,
        verdict: Verdict,
        headline: String,
    },
    Failed(IpcError),
}

/// What was said, by the handle of each part.
#[derive(Clone, Copy)]
pub(super) struct Inspected(RwSignal<BTreeMap<String, Told>>);

impl Inspected {
    pub(super) fn new() -> Self {
        Self(RwSignal::default())
    }

    /// The button that inspects a part.
    pub(super) fn button(self, handle: &str, name: String) -> AnyView {
        let handle = StoredValue::new(handle.to_owned());
        let told = Memo::new(move |_| {
            self.0.with(|all| {
                let told = handle.with_value(|handle| all.get(handle));
                (told.is_some(), matches!(told, Some(Told::UnderWay)))
            })
        });
        let label = Text::from(move || match told.get() {
            (true, false) => texts::again.get(),
            _ => texts::inspect.get(),
        });
        let busy = Signal::derive(move || told.get().1);
        let press = move || self.ask(handle.get_value(), name.clone());
        view! { <Button label=label glyph=Glyph::Package busy=busy on_press=press /> }.into_any()
    }

    /// What was said of a part.
    pub(super) fn line(self, handle: &str) -> AnyView {
        let handle = handle.to_owned();
        let said = move || {
            self.0.with(|all| match all.get(&handle)? {
                Told::UnderWay => None,
                Told::Judged {
                    id,
                    verdict,
                    headline,
                } => {
                    let href = format!("#/{INSPECTOR}/{id}");
                    let line = view! {
                        <p class="package-verdict">
                            {sign(verdict::sign_of(*verdict))}
                            <span class="unseen">{verdict::word_of(*verdict)} ". "</span>
                            <span class="selectable">{headline.clone()}</span>
                            <a href=href>{texts::report}</a>
                        </p>
                    };
                    Some(line.into_any())
                }
                Told::Failed(error) => {
                    let error = error.clone();
                    Some(view! { <ErrorNotice error=error /> }.into_any())
                }
            })
        };
        view! { <div role="status">{said}</div> }.into_any()
    }

    fn ask(self, handle: String, name: String) {
        let known = self.0.with_untracked(|all| match all.get(&handle) {
            Some(Told::Judged { id, .. }) => Some(id.clone()),
            _ => None,
        });
        self.tell(&handle, Told::UnderWay);
        wasm_bindgen_futures::spawn_local(async move {
            let told = match judge(known, handle.clone(), name).await {
                Ok(told) => told,
                Err(error) => Told::Failed(error),
            };
            self.tell(&handle, told);
            App::expect().inspections.update(|count| *count += 1);
        });
    }

    /// The sheet may be gone by then.
    fn tell(self, handle: &str, told: Told) {
        self.0.try_update(|all| all.insert(handle.to_owned(), told));
    }
}

/// Opens it, unless it is open already, and judges it.
async fn judge(known: Option<String>, handle: String, name: String) -> Result<Told, IpcError> {
    if let Some(id) = known
        && let Ok(told) = show(id).await
    {
        return Ok(told);
    }
    // It is opened for the first time, or was forgotten meanwhile.
    let summary = ipc::call(InspectWithheld { handle, name }).await?;
    show(summary.id).await
}

async fn show(id: String) -> Result<Told, IpcError> {
    let language = match untrack(words::language) {
        Lang::En => ReportLanguage::En,
        Lang::Zh => ReportLanguage::Zh,
    };
    let shown = ipc::call(ShowInspection {
        id,
        at: None,
        language,
    })
    .await?;
    Ok(Told::Judged {
        id: shown.summary.id,
        verdict: shown.report.verdict,
        headline: shown.report.headline,
    })
}
