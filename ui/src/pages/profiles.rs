//! Profiles: the list, and the editor of one.

use console_ipc::profile::{DeleteProfile, DuplicateProfile, Profile, Target};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::kit::{
    Button, Dialog, ErrorNotice, Form, FormFrame, Glyph, Item, Look, MenuButton, TextField, icon,
};
use crate::shell::top_bar::{mark, switch};
use crate::state::{App, is_simulator};
use crate::{ipc, router, words};

mod draft;
pub mod editor;
mod trial;

/// The list of profiles, or the editor of one.
pub fn page(path: Vec<String>) -> AnyView {
    match path.into_iter().next() {
        Some(id) => {
            let title = if id == "new" {
                words::profiles::add
            } else {
                words::profiles::edit
            };
            view! {
                <div class="page-body">
                    <div class="page-head">
                        <a class="page-crumb" href="#/profiles">{icon(Glyph::ArrowLeft)} {words::profiles::title}</a>
                        <h1>{title}</h1>
                    </div>
                    <editor::ProfileEditor
                        id=id
                        on_saved=|_| router::go("#/profiles")
                        on_cancel=|| router::go("#/profiles")
                    />
                </div>
            }
            .into_any()
        }
        None => view! { <List /> }.into_any(),
    }
}

#[component]
fn List() -> AnyView {
    let app = App::expect();
    let deleting = RwSignal::new(None::<Profile>);
    let copying = RwSignal::new(None::<Profile>);
    let rows = move || {
        app.profiles
            .get()
            .into_iter()
            .map(|profile| row(profile, deleting, copying))
            .collect_view()
    };
    view! {
        <div class="page-body">
            <div class="page-head">
                <h1>{words::profiles::title}</h1>
                <span class="spacer"></span>
                <Button label=words::profiles::add glyph=Glyph::Plus look=Look::Primary on_press=|| router::go("#/profiles/new") />
            </div>
            <ul class="profiles">{rows}</ul>
        </div>
        <DeleteDialog profile=deleting />
        <CopyDialog profile=copying />
    }
    .into_any()
}

fn row(
    profile: Profile,
    deleting: RwSignal<Option<Profile>>,
    copying: RwSignal<Option<Profile>>,
) -> AnyView {
    let app = App::expect();
    let id = profile.id.clone();
    let in_use = move || {
        app.session
            .with(|session| session.profile_id.as_deref() == Some(&id))
    };
    let (place, kind) = describe(&profile);
    let simulator = is_simulator(&profile);
    let edit = format!("#/profiles/{}", profile.id);
    let use_id = profile.id.clone();
    let missing_secret = !simulator && !profile.has_secret;
    let items = {
        let profile = profile.clone();
        Signal::derive(move || {
            let (first, second) = (profile.clone(), profile.clone());
            let address = format!("#/profiles/{}", profile.id);
            vec![
                Item::new(words::profiles::edit, move || router::go(&address)).glyph(Glyph::Edit),
                Item::new(words::profiles::duplicate, move || {
                    copying.set(Some(first.clone()));
                })
                .glyph(Glyph::Copy),
                Item::new(words::profiles::delete, move || {
                    deleting.set(Some(second.clone()));
                })
                .glyph(Glyph::Trash)
                .danger()
                .apart()
                .disabled(if simulator {
                    words::profiles::simulator_stays.get()
                } else {
                    ""
                }),
            ]
        })
    };
    view! {
        <li class="profile-row" style=("--mark", mark(profile.colour))>
            <span class="mark">{icon(if simulator { Glyph::Simulator } else { Glyph::Cloud })}</span>
            <div class="profile-text">
                <div class="row">
                    <a class="profile-name cut" href=edit>{profile.name}</a>
                    {profile.production.then(|| view! { <span class="profile-production">{words::profiles::production}</span> })}
                    {missing_secret.then(|| view! { <span class="profile-warning">{icon(Glyph::Warning)} {words::profiles::no_secret}</span> })}
                </div>
                <span class="second cut">{kind} " · " {place}</span>
            </div>
            {move || if in_use() {
                view! { <span class="row">{crate::kit::sign(crate::kit::Sign::Good)} {words::profiles::in_use}</span> }.into_any()
            } else {
                let id = use_id.clone();
                view! { <Button label=words::profiles::use_it on_press=move || switch(id.clone()) /> }.into_any()
            }}
            <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=items />
        </li>
    }
    .into_any()
}

/// Where a profile leads, and what it signs in with.
fn describe(profile: &Profile) -> (String, &'static str) {
    match &profile.target {
        Target::Simulator(simulator) => (
            words::profiles::simulated_nodes(crate::format::count(simulator.nodes)),
            words::profiles::kind::simulator.get(),
        ),
        Target::Cloud(cloud) => {
            let project = if cloud.project_name.is_empty() {
                &cloud.project_id
            } else {
                &cloud.project_name
            };
            let region = if cloud.region.is_empty() {
                &cloud.endpoint
            } else {
                &cloud.region
            };
            (
                format!("{region} · {project}"),
                match cloud.credential {
                    console_ipc::profile::CredentialKind::Password { .. } => {
                        words::profiles::kind::password.get()
                    }
                    console_ipc::profile::CredentialKind::AccessKey { .. } => {
                        words::profiles::kind::access_key.get()
                    }
                },
            )
        }
    }
}

/// Deletes a profile after its name was typed.
#[component]
fn DeleteDialog(profile: RwSignal<Option<Profile>>) -> AnyView {
    let open = shown_while(profile);
    view! {
        <Dialog open=open title=words::profiles::delete>
            {move || profile.get().map(|profile| view! { <DeleteContent profile=profile open=open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn DeleteContent(profile: Profile, open: RwSignal<bool>) -> AnyView {
    let form = Form::new();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let (name, id) = (profile.name.clone(), profile.id);
    let expected = name.clone();
    let fits = {
        let expected = expected.clone();
        Signal::derive(move || typed.with(|typed| *typed == expected))
    };
    let submit = move || {
        if !fits.get_untracked() {
            return;
        }
        let request = DeleteProfile {
            id: id.clone(),
            confirmation: typed.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    form.saved();
                    App::expect().reload().await;
                    open.set(false);
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let text = words::profiles::delete_text(&name);
    view! {
        <FormFrame form=form on_submit=submit>
            <p>{text}</p>
            <TextField label=words::kit::type_name(expected) value=typed required=true autofocus=true />
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || open.set(false) />
                <Button
                    label=words::profiles::delete
                    look=Look::Danger
                    submit=true
                    busy=busy
                    disabled=Signal::derive(move || !fits.get())
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Copies a profile under another name.
#[component]
fn CopyDialog(profile: RwSignal<Option<Profile>>) -> AnyView {
    let open = shown_while(profile);
    view! {
        <Dialog open=open title=words::profiles::duplicate>
            {move || profile.get().map(|profile| view! { <CopyContent profile=profile open=open /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn CopyContent(profile: Profile, open: RwSignal<bool>) -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(words::profiles::copy_of(&profile.name));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None);
    let submit = move || {
        let request = DuplicateProfile {
            id: profile.id.clone(),
            name: name.get_untracked().trim().to_owned(),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(copy) => {
                    form.saved();
                    App::expect().reload().await;
                    open.set(false);
                    router::go(&format!("#/profiles/{}", copy.id));
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p>{words::profiles::duplicate_text}</p>
            <TextField label=words::profiles::name value=name required=true autofocus=true />
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || open.set(false) />
                <Button label=words::profiles::duplicate look=Look::Primary submit=true busy=busy />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// A dialog's `open` that follows whether there is something to show, and empties it when it closes.
fn shown_while(profile: RwSignal<Option<Profile>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if profile.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && profile.get_untracked().is_some() {
            profile.set(None);
        }
    });
    open
}
