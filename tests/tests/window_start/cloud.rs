//! A cloud for the window to sign in to: a simulator in this process, and its account typed in.

use anyhow::{Context, Result, anyhow};
use ief_sim::{Account, Control, Options, Running, Simulator};
use secrecy::ExposeSecret;
use tests::window::{Name, Role, Window};

use crate::sight::{fill, says};

/// What the profile is called.
pub(crate) const PROFILE: &str = "Plant Hefei";

/// Nodes of the cloud: more than a page of the service and of the window.
const NODES: u64 = 120;

/// Which way to sign in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// IAM user.
    Password,
    /// Access key and secret key.
    AccessKey,
}

/// A cloud with an account. The secrets are this cloud's own.
pub(crate) struct Cloud {
    simulator: Running,
    seed: u64,
}

impl Cloud {
    /// Opens a cloud. Another seed has another account and other nodes.
    pub(crate) async fn open(seed: u64) -> Result<Self> {
        let simulator = Simulator::start(Options {
            nodes: NODES,
            seed,
            ..Options::default()
        })
        .await?;
        Ok(Self { simulator, seed })
    }

    /// Closes its port, and answers how to open it there again.
    pub(crate) fn close(self) -> Result<Closed> {
        let address = self
            .account()
            .endpoint
            .strip_prefix("http://")
            .context("the simulator speaks plain HTTP")?
            .parse()?;
        Ok(Closed {
            options: Options {
                nodes: NODES,
                seed: self.seed,
                listen: address,
                ..Options::default()
            },
        })
    }

    pub(crate) fn account(&self) -> &Account {
        self.simulator.account()
    }

    pub(crate) fn control(&self) -> &Control {
        self.simulator.control()
    }

    /// What must be seen nowhere.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let account = self.account();
        vec![
            account.password.expose_secret().to_owned(),
            account.secret_key.expose_secret().to_owned(),
        ]
    }

    /// Opens the form from the first choice, and types everything but the secret.
    pub(crate) async fn describe(&self, window: &Window, sign_in: SignIn) -> Result<()> {
        let account = self.account();
        window
            .click(Role::Button, Name::has("Add a cloud profile"))
            .await?;
        window.find(Role::Heading, "Add cloud profile").await?;
        // The first paint gives the focus to the first field, whatever has it.
        window.settled().await?;
        fill(window, "Name", PROFILE).await?;
        window
            .find(Role::Button, "Region")
            .await?
            .choose("Another: type the addresses")
            .await?;
        open_fold(window, "Addresses").await?;
        fill(window, "IEF endpoint", &account.endpoint).await?;
        fill(window, "IAM endpoint", &account.iam_endpoint).await?;
        match sign_in {
            SignIn::Password => {
                fill(window, "Account", &account.domain).await?;
                fill(window, "User", &account.user).await?;
            }
            SignIn::AccessKey => {
                window.click(Role::Radio, Name::has("Access key")).await?;
                fill(window, "Access key (AK)", &account.access_key).await?;
            }
        }
        fill(window, "Project name", &account.project_name).await?;
        let instance = account
            .instance_id
            .as_deref()
            .ok_or_else(|| anyhow!("the account is on no instance"))?;
        fill(window, "Instance ID", instance).await
    }

    /// Types the secret.
    pub(crate) async fn type_secret(&self, window: &Window, sign_in: SignIn) -> Result<()> {
        let account = self.account();
        match sign_in {
            SignIn::Password => fill(window, "Password", account.password.expose_secret()).await,
            SignIn::AccessKey => {
                fill(
                    window,
                    "Secret key (SK)",
                    account.secret_key.expose_secret(),
                )
                .await
            }
        }
    }

    /// From the first choice to a session.
    pub(crate) async fn enter(&self, window: &Window, sign_in: SignIn) -> Result<()> {
        self.describe(window, sign_in).await?;
        self.type_secret(window, sign_in).await?;
        save(window).await
    }
}

/// Where a cloud was.
pub(crate) struct Closed {
    options: Options,
}

impl Closed {
    /// Opens it again at the same address, with the same account.
    pub(crate) async fn reopen(self) -> Result<Cloud> {
        let seed = self.options.seed;
        // The port is free as soon as the last one's tasks have ended.
        let simulator = tests::window::wait_for("the port to be free", async || {
            Ok(Simulator::start(self.options.clone()).await.ok())
        })
        .await?;
        Ok(Cloud { simulator, seed })
    }
}

/// Saves the profile, and waits for its session.
pub(crate) async fn save(window: &Window) -> Result<()> {
    window.click(Role::Button, "Save").await?;
    window.find(Role::Heading, "Overview").await?;
    window
        .find(Role::Button, Name::has(&format!("Profile {PROFILE}.")))
        .await?;
    says(window, "Connected").await
}

/// Unfolds what is folded.
async fn open_fold(window: &Window, title: &str) -> Result<()> {
    let script = "const fold = [...document.querySelectorAll('details')]
                      .find(it => it.querySelector('summary').innerText.includes(arguments[0]));
                  if (fold && !fold.open) fold.querySelector('summary').click();
                  return Boolean(fold)";
    let found = window.run(script, vec![title.into()]).await?;
    (found == true)
        .then_some(())
        .ok_or_else(|| anyhow!("nothing called {title} can be unfolded"))
}
