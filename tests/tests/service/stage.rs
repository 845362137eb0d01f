//! A simulator with a client that knows its account.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use ief_api::resource::Resource;
use ief_client::{
    Client, ClientConfig, Credential, Error, ListEvent, ListOptions, ListSummary, Proxy,
};
use ief_sim::{Account, Options, Running, Simulator};
use tokio_util::sync::CancellationToken;

/// A simulator at work.
pub(crate) struct Stage {
    pub(crate) simulator: Running,
}

impl Stage {
    pub(crate) async fn open(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        Self { simulator }
    }

    pub(crate) async fn with_nodes(nodes: u64) -> Self {
        Self::open(Options {
            nodes,
            ..Options::default()
        })
        .await
    }

    pub(crate) fn account(&self) -> &Account {
        self.simulator.account()
    }

    /// What a profile of the simulator's account comes to.
    pub(crate) fn config(&self, credential: Credential) -> ClientConfig {
        let account = self.account();
        let mut config = ClientConfig::new(
            &account.endpoint,
            &account.iam_endpoint,
            &account.project_id,
            credential,
        );
        config.instance_id = account.instance_id.clone();
        config.proxy = Proxy::None;
        config
    }

    pub(crate) fn password(&self) -> Credential {
        let account = self.account();
        Credential::Password {
            domain: account.domain.clone(),
            user: account.user.clone(),
            password: account.password.clone(),
        }
    }

    pub(crate) fn access_key(&self) -> Credential {
        let account = self.account();
        Credential::AccessKey {
            access_key: account.access_key.clone(),
            secret_key: account.secret_key.clone(),
            security_token: None,
        }
    }

    /// A client that signs with the account's key.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.config(self.access_key())).unwrap()
    }

    /// A client that signs in with the account's password.
    pub(crate) fn token_client(&self) -> Client {
        Client::new(self.config(self.password())).unwrap()
    }
}

/// Nobody cancels.
pub(crate) fn never() -> CancellationToken {
    CancellationToken::new()
}

/// Reads a whole list: identifiers as they came, and what it came to.
pub(crate) async fn read<R: Resource>(
    client: &Client,
    options: ListOptions,
) -> Result<(Vec<String>, ListSummary), Error> {
    let mut ids = Vec::new();
    let mut events = std::pin::pin!(client.list::<R>(Vec::new(), options, &never()));
    while let Some(event) = events.next().await {
        match event? {
            ListEvent::Page { rows, .. } => ids.extend(rows.iter().map(|row| row.id().to_owned())),
            ListEvent::Done(summary) => return Ok((ids, summary)),
        }
    }
    panic!("a list ends with a summary or an error");
}

/// The same identifiers, each once.
pub(crate) fn distinct(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}
