//! Settings: colours, language, refreshing, where secrets are kept.

use console_ipc::IpcError;
use console_ipc::profile::{ChooseSecretStore, SHORTEST_PASSPHRASE, SecretStore, StartSecretFile};
use console_ipc::secret::InwardSecret;
use console_ipc::settings::{Language, Theme};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

use crate::kit::form::Check;
use crate::kit::{
    Button, Choice, ErrorNotice, Fact, Facts, Form, FormFrame, Kind, Look, Notice, Radio, Section,
    Select, Sign, StateSign, TextField, Tone,
};
use crate::state::{App, save_settings};
use crate::{ipc, words};

/// The page.
pub fn page(_: Vec<String>) -> AnyView {
    let app = App::expect();
    view! {
        <div class="page-body">
            <div class="page-head"><h1>{words::settings::title}</h1></div>
            <div class="stack settings">
                <Appearance />
                <Secrets />
                <Section title=words::settings::about>
                    <Facts>
                        <Fact label=words::settings::version>{move || app.version.get()}</Fact>
                    </Facts>
                </Section>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Appearance() -> AnyView {
    let settings = App::expect().settings.get_untracked();
    let theme = RwSignal::new(
        match settings.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
        .to_owned(),
    );
    let language = RwSignal::new(
        match settings.language {
            Language::System => "system",
            Language::En => "en",
            Language::Zh => "zh",
        }
        .to_owned(),
    );
    let refresh = RwSignal::new(settings.refresh_seconds.to_string());
    Effect::new(move |_| {
        let (theme, language, refresh) = (theme.get(), language.get(), refresh.get());
        save_settings(|settings| {
            settings.theme = match theme.as_str() {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                "contrast" => Theme::Contrast,
                _ => Theme::System,
            };
            settings.language = match language.as_str() {
                "en" => Language::En,
                "zh" => Language::Zh,
                _ => Language::System,
            };
            settings.refresh_seconds = refresh.parse().unwrap_or(settings.refresh_seconds);
        });
    });
    let every = Signal::derive(|| {
        let mut choices = vec![Choice::new("0", words::settings::refresh_by_hand)];
        for seconds in [10, 30, 60, 300, 900] {
            choices.push(Choice::new(
                seconds.to_string(),
                crate::format::duration(i64::from(seconds) * 1000),
            ));
        }
        choices
    });
    view! {
        <Section title=words::settings::look>
            <Radio
                label=words::settings::theme_label
                value=theme
                choices=vec![
                    Choice::new("system", words::settings::theme::system),
                    Choice::new("light", words::settings::theme::light),
                    Choice::new("dark", words::settings::theme::dark),
                    Choice::new("contrast", words::settings::theme::contrast),
                ]
                inline=true
            />
            <Radio
                label=words::settings::language_label
                value=language
                choices=vec![
                    Choice::new("system", words::settings::language::system),
                    Choice::new("en", "English"),
                    Choice::new("zh", "简体中文"),
                ]
                inline=true
            />
        </Section>
        <Section title=words::settings::data>
            <Select label=words::settings::refresh_label help=words::settings::refresh_help choices=every value=refresh required=true />
        </Section>
    }
    .into_any()
}

#[component]
fn Secrets() -> AnyView {
    let app = App::expect();
    let changing = RwSignal::new(false);
    let kept = RwSignal::new(None::<String>);
    view! {
        <Section title=words::secret_store::title>
            {move || {
                let store = app.secret_store.get();
                let mark = if store.usable { Sign::Good } else { Sign::Bad };
                let can_change = !matches!(
                    store.store,
                    SecretStore::SecretService | SecretStore::Keychain | SecretStore::CredentialManager
                ) || !store.usable;
                view! {
                    <Facts>
                        <Fact label=words::secret_store::in_use>
                            <StateSign sign=mark word=store_word(store.store) />
                        </Fact>
                        {store.reason.map(|reason| view! {
                            <Fact label=words::secret_store::reason><span class="selectable">{reason}</span></Fact>
                        })}
                    </Facts>
                    {(store.choice_needed || changing.get()).then(|| view! { <SecretStoreChoice kept=kept on_done=move |()| changing.set(false) /> })}
                    {kept.get().map(|path| view! { <Notice text=move || words::secret_store::kept(&path) /> })}
                    {(can_change && !store.choice_needed && !changing.get()).then(|| view! {
                        <div><Button label=words::secret_store::choose on_press=move || changing.set(true) /></div>
                    })}
                }
            }}
        </Section>
    }
    .into_any()
}

fn store_word(store: SecretStore) -> &'static str {
    match store {
        SecretStore::SecretService => words::secret_store::store::secret_service.get(),
        SecretStore::Keychain => words::secret_store::store::keychain.get(),
        SecretStore::CredentialManager => words::secret_store::store::credential_manager.get(),
        SecretStore::EncryptedFile => words::secret_store::store::encrypted_file.get(),
        SecretStore::Memory => words::secret_store::store::memory.get(),
        SecretStore::None => words::secret_store::store::none.get(),
    }
}

/// Where secrets are kept when there is no keyring: a file with a passphrase, or memory.
#[component]
pub fn SecretStoreChoice(
    /// Where a file is kept that was replaced.
    kept: RwSignal<Option<String>>,
    /// Called when a store is in use.
    #[prop(into)]
    on_done: Callback<()>,
) -> AnyView {
    let app = App::expect();
    let form = Form::new();
    let choice = RwSignal::new("encrypted_file".to_owned());
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    let long_enough: Check = Arc::new(|text| match text.chars().count() >= SHORTEST_PASSPHRASE {
        true => Ok(()),
        false => Err(words::secret_store::passphrase_short(SHORTEST_PASSPHRASE)),
    });
    let submit = move || {
        let store = match choice.get_untracked().as_str() {
            "encrypted_file" => SecretStore::EncryptedFile,
            "memory" => SecretStore::Memory,
            _ => SecretStore::SecretService,
        };
        let request = ChooseSecretStore {
            store,
            passphrase: passphrase
                .with_untracked(|text| (!text.is_empty()).then(|| InwardSecret::new(text.clone())))
                .filter(|_| store == SecretStore::EncryptedFile),
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(state) => {
                    form.saved();
                    passphrase.try_set(String::new());
                    let _ = on_done.try_run(());
                    app.secret_store.set(state);
                    app.reload().await;
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let start_new = move || {
        if !form.check() {
            return;
        }
        let request = StartSecretFile {
            passphrase: InwardSecret::new(passphrase.get_untracked()),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(started) => {
                    form.saved();
                    passphrase.try_set(String::new());
                    error.try_set(None);
                    kept.try_set(started.kept);
                    let _ = on_done.try_run(());
                    app.secret_store.set(started.state);
                    app.reload().await;
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    // A file that can't be opened any more must not stand in the way for good.
    let hopeless = move || {
        error.with(|error| {
            error
                .as_ref()
                .and_then(|error| error.values.get("problem"))
                .is_some_and(|problem| matches!(problem.as_str(), "wrong_passphrase" | "damaged"))
        })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Notice tone=Tone::Attention text=words::secret_store::explain />
            <Radio
                label=words::secret_store::choose
                value=choice
                choices=vec![
                    Choice::new("encrypted_file", words::secret_store::store::encrypted_file)
                        .help(words::secret_store::encrypted_file_help),
                    Choice::new("memory", words::secret_store::store::memory).help(words::secret_store::memory_help),
                    Choice::new("keyring", words::secret_store::keyring_again).help(words::secret_store::keyring_again_help),
                ]
            />
            {move || (choice.get() == "encrypted_file").then(|| view! {
                <TextField
                    label=words::secret_store::passphrase
                    help=words::secret_store::passphrase_help
                    value=passphrase
                    kind=Kind::Secret
                    required=true
                    check=long_enough.clone()
                />
            })}
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            {move || hopeless().then(|| view! {
                <div class="stack">
                    <p class="second">{words::secret_store::new_file_help}</p>
                    <div><Button label=words::secret_store::new_file busy=busy on_press=start_new /></div>
                </div>
            })}
            <div class="row">
                <Button label=words::secret_store::use_this look=Look::Primary submit=true busy=busy />
            </div>
        </FormFrame>
    }
    .into_any()
}
