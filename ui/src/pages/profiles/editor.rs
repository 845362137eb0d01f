//! The editor of a profile, with a trial of the connection before it is saved.

use std::sync::Arc;

use console_ipc::error::ErrorKind;
use console_ipc::profile::{MOST_NODES, Profile, SaveProfile};
use console_ipc::{IpcError, error::NextStep};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::draft::{COLOURS, Draft, REGIONS, check_address};
use super::trial::{Trial, TrialResult};
use crate::kit::form::Check;
use crate::kit::notice::profile_problem;
use crate::kit::{
    Button, Checkbox, Choice, ErrorNotice, Fold, Form, FormFrame, Kind, Look, NumberField, Radio,
    Section, Select, Text, TextField,
};
use crate::shell::top_bar::mark;
use crate::state::App;
use crate::{ipc, words};

/// What the select says for addresses of one's own.
const TYPED: &str = "-";

/// Edits a profile, or makes one when `id` is `new`.
#[component]
pub fn ProfileEditor(
    /// The profile's identifier.
    id: String,
    /// Called with the identifier of what was saved, even when the editor has left the page meanwhile:
    /// with the first profile saved, the first run is over, and the frame takes its place.
    on_saved: fn(String),
    /// Called when nothing is to be saved. Without it nobody can say so here.
    #[prop(optional)]
    on_cancel: Option<fn()>,
) -> AnyView {
    let app = App::expect();
    let profile = app
        .profiles
        .with_untracked(|profiles| profiles.iter().find(|it| it.id == id).cloned());
    if profile.is_none() && id != "new" {
        let gone = IpcError::new(ErrorKind::Gone, NextStep::Nothing);
        return view! { <ErrorNotice error=gone /> }.into_any();
    }
    let form = Form::new();
    let draft = Draft::new(profile.as_ref());
    let trial = Trial::new(draft, if id == "new" { String::new() } else { id });
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    let profile_id = trial.profile_id();
    let submit = move || {
        let request = SaveProfile {
            profile: draft.profile(profile_id.get_untracked()),
            secret: draft.typed_secret(),
            security_token: draft.typed_token(),
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(saved) => {
                    form.saved();
                    draft.forget_secrets();
                    App::expect().reload().await;
                    on_saved(saved.id);
                }
                Err(failed) => {
                    if let (Some(field), Some(problem)) =
                        (failed.values.get("field"), profile_problem(&failed))
                    {
                        form.remark(field, problem);
                    }
                    error.set(Some(failed));
                }
            }
        });
    };
    let target = if draft.simulator {
        view! { <SimulatorFields draft=draft /> }.into_any()
    } else {
        view! { <CloudFields draft=draft stored=profile.as_ref().is_some_and(|it| it.has_secret) trial=trial /> }.into_any()
    };
    let testable = !draft.simulator;
    view! {
        <FormFrame form=form on_submit=submit>
            <Section title=words::profiles::section::look>
                <TextField
                    label=words::profiles::name
                    value=draft.name
                    path="name"
                    help=words::profiles::name_help
                    required=true
                    check=unique_name(profile.as_ref())
                    autofocus=true
                />
                <Colour draft=draft form=form />
                <Checkbox label=words::profiles::production value=draft.production help=words::profiles::production_help />
            </Section>
            {target}
            <TrialResult trial=trial />
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="form-actions">
                {on_cancel.map(|cancel| view! { <Button label=words::kit::cancel on_press=move || cancel() /> })}
                {testable.then(|| view! {
                    <Button
                        label=words::profiles::test
                        hint=words::profiles::test_help
                        busy=trial.busy
                        on_press=move || {
                            if form.check() {
                                trial.run();
                            }
                        }
                    />
                })}
                <Button label=words::kit::save look=Look::Primary submit=true busy=busy />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// The name is another one than every other profile's.
fn unique_name(profile: Option<&Profile>) -> Check {
    let own = profile.map(|it| it.id.clone()).unwrap_or_default();
    Arc::new(move |name| {
        let taken = App::expect().profiles.with_untracked(|profiles| {
            profiles
                .iter()
                .any(|it| it.id != own && it.name == name.trim())
        });
        if taken {
            Err(words::profiles::problem::taken.get().to_owned())
        } else {
            Ok(())
        }
    })
}

#[component]
fn Colour(draft: Draft, form: Form) -> AnyView {
    let group = crate::kit::unique("colour");
    let swatches = COLOURS
        .map(|(colour, name)| {
            let word = move || words::find(&format!("profiles.colour.{name}")).unwrap_or(name);
            view! {
                <input
                    type="radio"
                    class="swatch"
                    name=group.clone()
                    aria-label=word
                    data-tip=word
                    style=("--mark", mark(colour))
                    prop:checked=move || draft.colour.get() == colour
                    on:change=move |_| {
                        draft.colour.set(colour);
                        form.touch();
                    }
                />
            }
        })
        .collect_view();
    view! {
        <div class="field" role="radiogroup" aria-label=words::profiles::colour_label>
            <span class="field-label">{words::profiles::colour_label}</span>
            <div class="swatches">{swatches}</div>
        </div>
    }
    .into_any()
}

#[component]
fn SimulatorFields(draft: Draft) -> AnyView {
    view! {
        <Section title=words::profiles::section::simulator>
            <div class="field-row">
                <NumberField
                    label=words::profiles::nodes
                    help=words::profiles::nodes_help
                    value=draft.nodes
                    path="nodes"
                    min=1
                    max={MOST_NODES.cast_signed()}
                    required=true
                />
                <NumberField
                    label=words::profiles::seed
                    help=words::profiles::seed_help
                    value=draft.seed
                    min=0
                    max=i64::from(u32::MAX)
                    required=true
                />
            </div>
            <Radio
                label=words::profiles::edition_label
                value=draft.edition
                choices=vec![
                    Choice::new("platinum", words::profiles::edition::platinum).help(words::profiles::edition::platinum_help),
                    Choice::new("professional", words::profiles::edition::professional)
                        .help(words::profiles::edition::professional_help),
                ]
            />
        </Section>
    }
    .into_any()
}

#[component]
fn CloudFields(draft: Draft, stored: bool, trial: Trial) -> AnyView {
    let address: Check = Arc::new(check_address);
    // A region that isn't a preset has its addresses typed.
    let choice = RwSignal::new(match draft.region.get_untracked() {
        region if REGIONS.contains(&region.as_str()) => region,
        _ => TYPED.to_owned(),
    });
    Effect::new(move |former: Option<String>| {
        let now = choice.get();
        if former.as_ref().is_some_and(|former| *former != now) {
            if now == TYPED {
                draft.region.set(String::new());
            } else {
                draft.region.set(now.clone());
                draft.use_region(&now);
            }
        }
        now
    });
    let regions = Signal::derive(|| {
        REGIONS
            .iter()
            .map(|region| {
                let word = words::find_or(&format!("profiles.region.{region}"), region);
                Choice::new(*region, format!("{word} ({region})"))
            })
            .chain([Choice::new(TYPED, words::profiles::region_typed)])
            .collect::<Vec<_>>()
    });
    let addresses_open = Signal::derive(move || choice.get() == TYPED);
    let secret_hint = move || {
        if stored {
            words::profiles::secret_stored.get()
        } else {
            ""
        }
    };
    view! {
        <Section title=words::profiles::section::place>
            <Select label=words::profiles::region_label choices=regions value=choice required=true />
            <Fold
                title=words::profiles::addresses
                set=move || draft.endpoint.get()
                open=addresses_open
            >
                <TextField
                    label=words::profiles::endpoint
                    value=draft.endpoint
                    path="endpoint"
                    help=words::profiles::endpoint_help
                    kind=Kind::Code
                    required=true
                    check=address.clone()
                />
                <TextField
                    label=words::profiles::iam_endpoint
                    value=draft.iam_endpoint
                    path="iam_endpoint"
                    help=words::profiles::iam_endpoint_help
                    kind=Kind::Code
                    required=true
                    check=address.clone()
                />
            </Fold>
        </Section>
        <Section title=words::profiles::section::sign_in>
            <Radio
                label=words::profiles::credential
                value=draft.credential
                choices=vec![
                    Choice::new("password", words::profiles::kind::password).help(words::profiles::kind::password_help),
                    Choice::new("access_key", words::profiles::kind::access_key).help(words::profiles::kind::access_key_help),
                ]
            />
            {move || if draft.credential.get() == "password" {
                view! {
                    <div class="field-row">
                        <TextField label=words::profiles::domain value=draft.domain path="domain" help=words::profiles::domain_help required=true />
                        <TextField label=words::profiles::user value=draft.user path="user" help=words::profiles::user_help required=true />
                    </div>
                    <TextField
                        label=words::profiles::password
                        value=draft.secret
                        path="secret"
                        kind=Kind::Secret
                        required=!stored
                        placeholder=secret_hint
                    />
                }
                .into_any()
            } else {
                view! {
                    <TextField label=words::profiles::access_key value=draft.access_key path="access_key" kind=Kind::Code required=true />
                    <TextField
                        label=words::profiles::secret_key
                        value=draft.secret
                        path="secret"
                        kind=Kind::Secret
                        required=!stored
                        placeholder=secret_hint
                    />
                    <TextField
                        label=words::profiles::security_token
                        help=words::profiles::security_token_help
                        value=draft.security_token
                        kind=Kind::Secret
                    />
                }
                .into_any()
            }}
            <ProjectFields draft=draft trial=trial />
            <TextField
                label=words::profiles::instance_id
                help=words::profiles::instance_id_help
                value=draft.instance_id
                path="instance_id"
                kind=Kind::Code
            />
        </Section>
        <Fold title=words::profiles::section::network set=move || network_words(draft)>
            <Radio
                label=words::profiles::proxy_label
                value=draft.proxy
                choices=vec![
                    Choice::new("system", words::profiles::proxy::system),
                    Choice::new("direct", words::profiles::proxy::direct),
                    Choice::new("url", words::profiles::proxy::url),
                ]
                inline=true
            />
            {move || (draft.proxy.get() == "url").then(|| view! {
                <TextField
                    label=words::profiles::proxy::address
                    value=draft.proxy_url
                    path="proxy"
                    kind=Kind::Code
                    required=true
                    placeholder="http://proxy.example:3128"
                />
            })}
            <TextField
                label=words::profiles::extra_ca
                help=words::profiles::extra_ca_help
                value=draft.extra_ca
                path="extra_ca"
                kind=Kind::CodeLines
                check=Arc::new(check_pem) as Check
            />
        </Fold>
    }
    .into_any()
}

/// Project by name or identifier. After a trial the projects IAM told are offered.
#[component]
fn ProjectFields(draft: Draft, trial: Trial) -> AnyView {
    let one_of_two: Check = Arc::new(|_| Ok(()));
    let projects = move || {
        trial
            .projects()
            .into_iter()
            .map(|project| {
                let (name, id) = (project.name.clone(), project.id.clone());
                let label = Text::from(project.name);
                view! {
                    <Button label=label look=Look::Quiet hint=project.id on_press=move || {
                        draft.project_name.set(name.clone());
                        draft.project_id.set(id.clone());
                    } />
                }
            })
            .collect_view()
    };
    view! {
        <div class="field-row">
            <TextField
                label=words::profiles::project_name
                help=words::profiles::project_name_help
                value=draft.project_name
                path="project_name"
                check=one_of_two
            />
            <TextField
                label=words::profiles::project_id
                help=words::profiles::project_id_help
                value=draft.project_id
                path="project_id"
                kind=Kind::Code
            />
        </div>
        {move || (!trial.projects().is_empty()).then(|| view! {
            <div class="row row-wrap">
                <span class="second">{words::profiles::projects_found}</span>
                {projects}
            </div>
        })}
    }
    .into_any()
}

fn network_words(draft: Draft) -> String {
    let mut parts = vec![match draft.proxy.get().as_str() {
        "direct" => words::profiles::proxy::direct.get().to_owned(),
        "url" => draft.proxy_url.get(),
        _ => words::profiles::proxy::system.get().to_owned(),
    }];
    if !draft.extra_ca.get().trim().is_empty() {
        parts.push(words::profiles::extra_ca.get().to_owned());
    }
    parts.join(", ")
}

fn check_pem(text: &str) -> Result<(), String> {
    if text.contains("-----BEGIN CERTIFICATE-----") && text.contains("-----END CERTIFICATE-----") {
        Ok(())
    } else {
        Err(words::profiles::problem::not_pem.get().to_owned())
    }
}
