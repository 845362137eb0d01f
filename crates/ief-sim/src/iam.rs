//! Identity and Access Management: tokens and projects.

use hyper::header::{HeaderName, HeaderValue};
use ief_api::iam::{CreateToken, ListProjects, Project, ProjectList, Scope, Token, TokenAnswer};
use secrecy::ExposeSecret;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_nodes::stamp;
use crate::world::World;

impl Handle<CreateToken> for World {
    fn handle(
        &mut self,
        operation: CreateToken,
        _: &Context,
    ) -> Result<Reply<TokenAnswer>, Refusal> {
        let auth = operation.body.auth.ok_or_else(unreadable)?;
        let identity = auth.identity.ok_or_else(unreadable)?;
        if identity.methods != ["password"] {
            return Err(unreadable());
        }
        let user = identity
            .password
            .and_then(|p| p.user)
            .ok_or_else(unreadable)?;
        let domain = user.domain.unwrap_or_default();
        // The password is no field of the wire type, so that the type never holds it for anybody else.
        let password = user.extra.get("password").and_then(|value| value.as_str());
        let known = user.name.as_deref() == Some(&self.account.user)
            && is(&domain, &self.account.domain, &self.account.domain_id)
            && password == Some(self.account.password.expose_secret());
        if !known {
            return Err(Refusal::iam(401, "The username or password is wrong."));
        }
        let project = self.scope(auth.scope)?;
        let token = self.tokens.issue(self.now(), self.token_lifetime);
        // Clients compare this with their own clock, so it is on the wall's, not on the simulated one.
        let now = chrono::Utc::now();
        let end = chrono::TimeDelta::from_std(self.token_lifetime)
            .ok()
            .and_then(|lifetime| now.checked_add_signed(lifetime))
            .unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC);
        let mut reply = Reply::new(TokenAnswer {
            token: Some(Token {
                expires_at: Some(stamp(end.timestamp_millis())),
                issued_at: Some(stamp(now.timestamp_millis())),
                methods: vec!["password".to_owned()],
                project,
                ..Token::default()
            }),
            ..TokenAnswer::default()
        });
        let mut value = HeaderValue::from_str(token.expose_secret())
            .expect("tokens are made of letters and digits");
        value.set_sensitive(true);
        reply
            .headers
            .push((HeaderName::from_static("x-subject-token"), value));
        Ok(reply)
    }
}

impl Handle<ListProjects> for World {
    fn handle(
        &mut self,
        operation: ListProjects,
        _: &Context,
    ) -> Result<Reply<ProjectList>, Refusal> {
        let wanted = operation.name.filter(|name| !name.is_empty());
        let projects: Vec<Project> = [self.project()]
            .into_iter()
            .filter(|project| wanted.is_none() || project.name == wanted)
            .collect();
        let mut list = ProjectList::default();
        if projects.is_empty() {
            // The wire type leaves an empty list out; IAM writes it.
            list.extra
                .insert("projects".to_owned(), serde_json::json!([]));
        }
        list.projects = projects;
        Ok(Reply::new(list))
    }
}

impl World {
    fn project(&self) -> Project {
        Project {
            id: Some(self.account.project_id.clone()),
            name: Some(self.account.project_name.clone()),
            domain_id: Some(self.account.domain_id.clone()),
            description: Some(String::new()),
            enabled: Some(true),
            ..Project::default()
        }
    }

    fn scope(&self, scope: Option<Scope>) -> Result<Option<Project>, Refusal> {
        let Some(scope) = scope else {
            return Ok(None);
        };
        let account = &self.account;
        if let Some(project) = scope.project {
            return if is(&project, &account.project_name, &account.project_id) {
                Ok(Some(self.project()))
            } else {
                Err(Refusal::iam(
                    401,
                    "The project does not exist or is not yours.",
                ))
            };
        }
        match scope.domain {
            Some(domain) if !is(&domain, &account.domain, &account.domain_id) => Err(Refusal::iam(
                401,
                "The account does not exist or is not yours.",
            )),
            _ => Ok(None),
        }
    }
}

fn is(named: &ief_api::iam::Named, name: &str, id: &str) -> bool {
    match (&named.name, &named.id) {
        (_, Some(given)) => given == id,
        (Some(given), None) => given == name,
        (None, None) => false,
    }
}

fn unreadable() -> Refusal {
    Refusal::iam(400, "Request body is invalid.")
}
