//! Signing in, and what follows from it: the token and the project.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use ief_api::iam::{CreateToken, ListProjects, Project, ProjectList, TokenAnswer};
use ief_api::operation::{Call, Operation};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{Client, Manner, Progress, Prover, Reply, answer};
use crate::credential::Credential;
use crate::error::Error;
use crate::request::Draft;
use crate::retry::Policy;
use crate::token::{DEFAULT_LIFETIME, Token};

/// The request for a token, borrowed so that the password is copied only into the buffer that is sent.
#[derive(Serialize)]
struct Request<'a> {
    auth: Auth<'a>,
}

#[derive(Serialize)]
struct Auth<'a> {
    identity: Identity<'a>,
    scope: Scope<'a>,
}

#[derive(Serialize)]
struct Identity<'a> {
    methods: [&'static str; 1],
    password: Password<'a>,
}

#[derive(Serialize)]
struct Password<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    password: &'a str,
    domain: ByName<'a>,
}

#[derive(Serialize)]
struct ByName<'a> {
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Scope<'a> {
    Project(ProjectScope<'a>),
    Domain(ByName<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ProjectScope<'a> {
    Id(&'a str),
    Name(&'a str),
}

/// What a token is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Validity {
    /// The project of the configuration, where it names one; otherwise the account.
    Project,
    /// The whole account.
    Account,
}

impl Client {
    /// The token, from IAM when there is none or it nears its end.
    pub(crate) async fn token(&self, validity: Validity) -> Result<Arc<Token>, Error> {
        self.token_by(validity, Policy::default()).await
    }

    /// Finds out whether user and password are right, whatever the project, with one attempt: services
    /// lock users who fail too often.
    pub(crate) async fn check_password(&self) -> Result<(), Error> {
        let once = Policy {
            attempts: 1,
            ..Policy::default()
        };
        self.token_by(Validity::Account, once).await.map(|_| ())
    }

    async fn token_by(&self, validity: Validity, policy: Policy) -> Result<Arc<Token>, Error> {
        let fetch = || async {
            // Not right for the whole account is not right for a project. The other way round, it may be the
            // project that is wrong.
            match self.inner.account_tokens.refusal() {
                Some(error) if error.status() == Some(401) => Err(error),
                _ => self.fetch_token(policy, validity).await,
            }
        };
        self.inner.tokens(validity).get(fetch).await
    }

    /// Lets a credential that IAM refused be tried once more. Only to be called because a person asked for it:
    /// services lock users who fail too often.
    pub fn forget_refusals(&self) {
        self.inner.project_tokens.forget_refusal();
        self.inner.account_tokens.forget_refusal();
    }

    /// Boxed, because every other request may begin with this one.
    fn fetch_token(
        &self,
        policy: Policy,
        validity: Validity,
    ) -> BoxFuture<'_, Result<Token, Error>> {
        Box::pin(async move {
            let spec = CreateToken::SPEC;
            let body = self.token_request(validity);
            let draft = Draft::with_body(spec, self.iam()?, spec.path, body);
            let progress = Progress::default();
            let reply = self
                .repeat(spec, &draft, Prover::None, policy, &progress)
                .await?;
            read_token(&reply)
        })
    }

    fn token_request(&self, validity: Validity) -> Bytes {
        let config = &self.inner.config;
        let Credential::Password {
            domain,
            user,
            password,
        } = &config.credential
        else {
            return Bytes::new();
        };
        let project_name = config
            .project_name
            .as_deref()
            .filter(|name| !name.is_empty());
        let request = Request {
            auth: Auth {
                identity: Identity {
                    methods: ["password"],
                    password: Password {
                        user: User {
                            name: user,
                            // Exposed because IAM asks for it in the body.
                            password: password.expose_secret(),
                            domain: ByName { name: domain },
                        },
                    },
                },
                scope: match project_name {
                    _ if validity == Validity::Account => Scope::Domain(ByName { name: domain }),
                    _ if !config.project_id.is_empty() => {
                        Scope::Project(ProjectScope::Id(&config.project_id))
                    }
                    Some(name) => Scope::Project(ProjectScope::Name(name)),
                    // A project is still to be chosen: the whole account, which lists projects.
                    None => Scope::Domain(ByName { name: domain }),
                },
            },
        };
        // Large enough that it never grows, which would leave a copy behind: a character takes up to six
        // bytes when it is escaped.
        let names = project_name.map_or(0, str::len) + config.project_id.len();
        let texts = domain.len() * 2 + user.len() + password.expose_secret().len() + names;
        let mut body = Zeroizing::new(Vec::with_capacity(512 + texts * 6));
        serde_json::to_writer(&mut *body, &request)
            .expect("texts with known names are always writable to memory");
        Bytes::from_owner(body)
    }

    /// The project that every path carries: as configured, or by its name. Boxed, because looking it up
    /// is itself an exchange.
    pub(crate) fn project_id(&self) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async move {
            let inner = &self.inner;
            if !inner.config.project_id.is_empty() {
                return Ok(inner.config.project_id.clone());
            }
            let find = || self.find_project();
            let id = inner.project.get_or_try_init(find).await?;
            Ok(id.clone())
        })
    }

    /// The same once it was found. Empty before.
    pub(super) fn known_project_id(&self) -> &str {
        match self.inner.config.project_id.as_str() {
            "" => self.inner.project.get().map_or("", String::as_str),
            id => id,
        }
    }

    async fn find_project(&self) -> Result<String, Error> {
        let config = &self.inner.config;
        let Some(name) = config
            .project_name
            .as_deref()
            .filter(|name| !name.is_empty())
        else {
            return self.choose_project(&[]);
        };
        if let Credential::Password { .. } = config.credential
            && let Some(id) = &self.token(Validity::Project).await?.project_id
        {
            return Ok(id.clone());
        }
        let operation = ListProjects {
            name: Some(name.to_owned()),
        };
        let call: Call = operation.to_call();
        // Whoever waits for this is cancelled from outside.
        let cancel = CancellationToken::new();
        let reply = self
            .exchange(ListProjects::SPEC, &call, &cancel, Manner::default())
            .await?;
        let list: ProjectList = answer::typed(ListProjects::SPEC, &reply)?;
        self.choose_project(&list.projects)
    }

    /// The configured project among those that IAM lists.
    pub(crate) fn choose_project(&self, projects: &[Project]) -> Result<String, Error> {
        let config = &self.inner.config;
        let name = config.project_name.as_deref().unwrap_or_default();
        let (field, wanted, reason) = match config.project_id.as_str() {
            "" if name.is_empty() => (
                "project_id",
                None,
                "neither the project's identifier nor its name is given",
            ),
            "" => (
                "project_name",
                Some(name),
                "IAM lists no project of this name",
            ),
            id => (
                "project_id",
                Some(id),
                "IAM lists no project with this identifier",
            ),
        };
        projects
            .iter()
            .find(|project| {
                let actual = match field {
                    "project_id" => project.id.as_deref(),
                    _ => project.name.as_deref(),
                };
                wanted.is_some() && actual == wanted
            })
            .and_then(|project| project.id.clone())
            .filter(|id| !id.is_empty())
            .ok_or_else(|| Error::InvalidConfig {
                field,
                reason: reason.to_owned(),
            })
    }
}

fn read_token(reply: &Reply) -> Result<Token, Error> {
    let spec = CreateToken::SPEC;
    let secret = reply
        .subject_token
        .as_ref()
        .and_then(|token| token.to_str().ok())
        .filter(|token| !token.is_empty())
        .map(SecretString::from)
        .ok_or_else(|| {
            let reason = "it has no X-Subject-Token header".to_owned();
            answer::malformed(spec, reply, reason)
        })?;
    let token = answer::typed::<TokenAnswer>(spec, reply)?
        .token
        .unwrap_or_default();
    let time = |text: Option<&str>| text.and_then(ief_api::time::parse);
    let begin = time(token.issued_at.as_deref());
    let end = time(token.expires_at.as_deref());
    let lifetime = match (begin, end) {
        // Both by the service's clock, so that the local one doesn't matter.
        (Some(begin), Some(end)) if end > begin => Duration::from_millis(end.abs_diff(begin)),
        _ => DEFAULT_LIFETIME,
    };
    let project_id = token.project.and_then(|project| project.id);
    Ok(Token::new(secret, project_id, lifetime))
}
