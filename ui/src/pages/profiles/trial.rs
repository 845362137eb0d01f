//! The trial of a profile: step by step, with exactly what failed.

use console_ipc::IpcError;
use console_ipc::profile::{ConnectionReport, ProjectChoice, Step, StepOutcome, TestConnection};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::draft::Draft;
use crate::kit::{ErrorNotice, Sign, sign};
use crate::{format, ipc, words};

/// A trial and its report.
#[derive(Clone, Copy)]
pub struct Trial {
    draft: Draft,
    id: RwSignal<String>,
    /// Whether it goes on.
    pub busy: RwSignal<bool>,
    report: RwSignal<Option<Result<ConnectionReport, IpcError>>>,
}

impl Trial {
    /// A trial not yet made.
    pub fn new(draft: Draft, id: String) -> Self {
        Self {
            draft,
            id: RwSignal::new(id),
            busy: RwSignal::new(false),
            report: RwSignal::new(None),
        }
    }

    /// The identifier of the profile that is tried; empty for a new one.
    pub fn profile_id(self) -> RwSignal<String> {
        self.id
    }

    /// Tries the profile as typed.
    pub fn run(self) {
        let request = TestConnection {
            profile: self.draft.profile(self.id.get_untracked()),
            secret: self.draft.typed_secret(),
            security_token: self.draft.typed_token(),
        };
        self.busy.set(true);
        self.report.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            self.busy.try_set(false);
            self.report.try_set(Some(answer));
            // It stands below the form, out of sight of the button in a small window.
            leptos::prelude::request_animation_frame(|| {
                if let Some(result) = leptos::prelude::document().get_element_by_id(RESULT) {
                    result.scroll_into_view_with_bool(false);
                }
            });
        });
    }

    /// Projects the last trial found, tracked.
    pub fn projects(self) -> Vec<ProjectChoice> {
        self.report.with(|report| match report {
            Some(Ok(report)) => report.projects.clone(),
            _ => Vec::new(),
        })
    }
}

/// The element that shows it, to be brought into view.
const RESULT: &str = "trial-result";

/// The report of a trial.
#[component]
pub fn TrialResult(trial: Trial) -> AnyView {
    view! {
        <div id=RESULT class="trial-result">
        {move || match trial.report.get() {
            None => trial.busy.get().then(|| view! { <p class="second" role="status">{words::profiles::testing}</p> }.into_any()),
            Some(Err(error)) => Some(view! { <ErrorNotice error=error /> }.into_any()),
            Some(Ok(report)) => {
                let steps = report.steps.into_iter().map(|step| line(step.step, step.outcome)).collect_view();
                Some(view! { <ol class="trial" aria-label=words::profiles::test>{steps}</ol> }.into_any())
            }
        }}
        </div>
    }
    .into_any()
}

fn line(step: Step, outcome: StepOutcome) -> AnyView {
    let word = match step {
        Step::ReachIam => words::profiles::step::reach_iam,
        Step::SignIn => words::profiles::step::sign_in,
        Step::Project => words::profiles::step::project,
        Step::ReachService => words::profiles::step::reach_service,
        Step::FirstRequest => words::profiles::step::first_request,
    };
    let (mark, result, error) = match outcome {
        StepOutcome::Passed { elapsed_ms } => (
            Sign::Good,
            words::profiles::step::passed(format::duration(elapsed_ms.into())),
            None,
        ),
        StepOutcome::Failed { error } => (
            Sign::Bad,
            words::profiles::step::failed.get().to_owned(),
            Some(error),
        ),
        StepOutcome::Skipped => (
            Sign::Off,
            words::profiles::step::skipped.get().to_owned(),
            None,
        ),
    };
    view! {
        <li>
            <div class="row">{sign(mark)} <span>{word}</span> <span class="second">{result}</span></div>
            {error.map(|error| view! { <ErrorNotice error=error /> })}
        </li>
    }
    .into_any()
}
