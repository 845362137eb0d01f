//! What went wrong, in three parts: what happened, why as far as known, what to do.

use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::error::{ErrorKind, NextStep};
use leptos::prelude::*;

use super::form::problem_words;
use super::{Button, CopyButton, Glyph, Look, Text, icon};
use crate::{router, shell, words};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Worth knowing.
    #[default]
    Info,
    /// Worth a look before going on.
    Attention,
    /// Something failed.
    Bad,
    /// Something is done.
    Good,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Info => "notice",
            Self::Attention => "notice notice-attention",
            Self::Bad => "notice notice-bad",
            Self::Good => "notice notice-good",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Info => Glyph::Info,
            Self::Attention | Self::Bad => Glyph::Warning,
            Self::Good => Glyph::Check,
        }
    }
}

/// A remark beside what it is about.
#[component]
pub fn Notice(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// What it says.
    #[prop(into)]
    text: Text,
    /// What can be done: label and action.
    #[prop(optional)]
    action: Option<(Text, Callback<()>)>,
) -> AnyView {
    let action = action.map(|(label, press)| view! { <Button label=label on_press=press /> });
    view! {
        <div class=tone.class() role=if tone == Tone::Bad { "alert" } else { "status" }>
            {icon(tone.glyph())}
            <p class="notice-text">{text.view()}</p>
            {action}
        </div>
    }
    .into_any()
}

/// An error with its three parts, its code and request id to copy, and the next step as a button.
#[component]
pub fn ErrorNotice(
    /// The error.
    error: IpcError,
    /// Tries it again, where that is possible.
    #[prop(into, optional)]
    on_retry: Option<Callback<()>>,
) -> AnyView {
    let error = Arc::new(error);
    let told = |tell: fn(&IpcError) -> String| {
        let error = Arc::clone(&error);
        move || tell(&error)
    };
    let (what, why, next) = (told(what_happened), told(why), told(what_to_do));
    let details = details(&error);
    // The meaning of a code says less than the sentence that came with it.
    let said = error
        .service_message
        .clone()
        .filter(|message| !message.is_empty() && known_code(&error).is_some());
    let said = said.map(|message| view! { <p>{move || words::kit::service_said(&message)}</p> });
    let violations = error
        .violations
        .iter()
        .map(|violation| {
            let (path, problem) = (violation.path.clone(), violation.problem.clone());
            view! { <li><code>{path}</code>" " {move || problem_words(&problem)}</li> }
        })
        .collect_view();
    let code = (!details.is_empty()).then(|| {
        view! {
            <p class="notice-code">
                <code class="selectable">{details.clone()}</code>
                <CopyButton text=details.clone() label=words::kit::copy_details />
            </p>
        }
    });
    view! {
        <div class="notice notice-bad" role="alert">
            {icon(Glyph::Warning)}
            <div class="notice-text">
                <p class="notice-what">{what}</p>
                <p>{why}</p>
                {said}
                <ul class="notice-violations">{violations}</ul>
                <p>{next}</p>
                {code}
            </div>
            {next_button(&error, on_retry)}
        </div>
    }
    .into_any()
}

/// What the service's code means and what to do about it, where it is one of the documented ones.
fn known_code(error: &IpcError) -> Option<(&'static str, &'static str)> {
    words::error_code(error.service_code.as_deref()?)
}

/// What happened, in a sentence.
pub fn what_happened(error: &IpcError) -> String {
    let name = words::wire_name(&error.kind);
    words::find_with(&format!("error_kinds.{name}.what"), &error.values).unwrap_or(name)
}

/// Why, as far as known: what the service's code means, what the service said, or what the kind says.
pub fn why(error: &IpcError) -> String {
    if let Some((what, _)) = known_code(error) {
        return what.to_owned();
    }
    if let Some(message) = error
        .service_message
        .as_deref()
        .filter(|message| !message.is_empty())
    {
        return words::kit::service_said(message);
    }
    let problem = match error.kind {
        ErrorKind::InvalidProfile => named_problem(error),
        ErrorKind::SecretStore => error.values.get("problem").and_then(|problem| {
            words::find_with(&format!("secret_store.problem.{problem}"), &error.values)
        }),
        _ => None,
    };
    if let Some(sentence) = problem {
        return sentence;
    }
    let name = words::wire_name(&error.kind);
    words::find_with(&format!("error_kinds.{name}.why"), &error.values).unwrap_or_default()
}

/// What is wrong with a field of a profile.
pub fn profile_problem(error: &IpcError) -> Option<String> {
    let problem = error.values.get("problem")?;
    words::find_with(&format!("profiles.problem.{problem}"), &error.values)
}

/// The same with the field's name, for places away from the field.
fn named_problem(error: &IpcError) -> Option<String> {
    let sentence = profile_problem(error)?;
    let field = error.values.get("field")?;
    match words::find(&format!("profiles.field.{field}")) {
        Some(field) => Some(words::kit::field_problem(field, sentence)),
        None => Some(sentence),
    }
}

/// What to do next, in a sentence.
pub fn what_to_do(error: &IpcError) -> String {
    if let Some((_, next)) = known_code(error) {
        return next.to_owned();
    }
    let name = words::wire_name(&error.next);
    words::find_with(&format!("next_steps.{name}"), &error.values).unwrap_or_default()
}

/// Code, status and request id in one line, as it is copied.
pub fn details(error: &IpcError) -> String {
    let mut parts = Vec::new();
    parts.extend(error.service_code.clone());
    parts.extend(error.status.map(|status| format!("HTTP {status}")));
    parts.extend(error.operation.clone());
    parts.extend(error.request_id.as_ref().map(|id| format!("request {id}")));
    if parts.is_empty() {
        parts.extend(error.values.get("detail").cloned());
    }
    parts.join(" · ")
}

/// The button of the next step, where there is something to press.
fn next_button(error: &IpcError, on_retry: Option<Callback<()>>) -> Option<AnyView> {
    let retry = on_retry.map(|retry| (Text::from(words::kit::try_again), retry));
    let (label, press): (Text, Callback<()>) = match error.next {
        NextStep::TryAgain
        | NextStep::Wait
        | NextStep::CheckNetwork
        | NextStep::Verify
        | NextStep::CheckClock => retry?,
        NextStep::Reload => (
            words::kit::reload.into(),
            retry.map_or_else(
                || Callback::new(|()| crate::state::App::expect().refresh_page()),
                |(_, press)| press,
            ),
        ),
        NextStep::Unlock => (
            words::guard::unlock.into(),
            Callback::new(|()| shell::unlock::ask()),
        ),
        NextStep::CheckCredential | NextStep::CheckCertificate if editing_profile() => retry?,
        NextStep::CheckCredential | NextStep::CheckCertificate => (
            words::profiles::edit.into(),
            Callback::new(|()| {
                let id = WithUntracked::with_untracked(
                    &crate::state::App::expect().session,
                    |session| session.profile_id.clone(),
                );
                router::go(&format!("#/profiles/{}", id.unwrap_or_default()));
            }),
        ),
        NextStep::ChooseSecretStore => (
            words::secret_store::choose.into(),
            Callback::new(|()| router::go("#/settings")),
        ),
        NextStep::AskForRight
        | NextStep::Correct
        | NextStep::ChooseAnotherFile
        | NextStep::Nothing
        | NextStep::Report => retry?,
    };
    Some(
        view! { <Button label=label look=Look::Plain on_press=move || press.run(()) /> }.into_any(),
    )
}

/// Whether the profile is open to be edited, so that nobody needs to be led there.
fn editing_profile() -> bool {
    let first_run = crate::state::App::expect().first_run.get_untracked();
    let path = router::Router::the().address_now().path;
    first_run || (path.len() > 1 && path[0] == "profiles")
}
