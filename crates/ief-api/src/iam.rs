//! The two calls of Identity and Access Management that the console needs (sections 3.2 and 7.3).

use crate::operation::{Effect, Repeat, Service};
use crate::rules::{Check, Violations};
use crate::{operation, wire};

operation! {
    /// POST /v3/auth/tokens
    ///
    /// Asks for a token with account, user and password, valid for 24 hours in one project. The token
    /// comes in the answer's `X-Subject-Token` header. Section 3.2.
    CreateToken = "create_token", Post "/v3/auth/tokens" {
        path: {},
        query: {},
        body: TokenRequest,
        response: TokenAnswer,
        spec: {
            section: Some("3.2"),
            service: Service::Iam,
            effect: Effect::Read,
            repeat: Repeat::Safe,
            secret_in_request: &["auth.identity.password.user.password"],
        }
    }
}

operation! {
    /// GET /v3/projects
    ///
    /// Lists the projects the caller may work in. Section 7.3.
    ListProjects = "list_projects", Get "/v3/projects" {
        path: {},
        query: { name: String },
        response: ProjectList,
        spec: {
            section: Some("7.3"),
            service: Service::Iam,
        }
    }
}

wire! {
    /// Body of [`CreateToken`].
    pub struct TokenRequest {
        /// Who asks, and for what.
        pub auth: Option<Auth>,
    }

    /// Who asks, and for what.
    pub struct Auth {
        /// Who asks.
        pub identity: Option<Identity>,
        /// What for.
        pub scope: Option<Scope>,
    }

    /// Who asks.
    pub struct Identity {
        /// `password` only.
        pub methods: Vec<String>,
        /// The password method's data.
        pub password: Option<PasswordMethod>,
    }

    /// The password method's data.
    pub struct PasswordMethod {
        /// The user.
        pub user: Option<User>,
    }

    /// An IAM user. The password is written into the body by the client at the last moment, as an
    /// unknown field, so that this type never holds it.
    pub struct User {
        /// User name.
        pub name: Option<String>,
        /// The account.
        pub domain: Option<Named>,
    }

    /// Something known by name.
    pub struct Named {
        /// Name.
        pub name: Option<String>,
        /// Identifier, where the name is not given.
        pub id: Option<String>,
    }

    /// Where a token is valid.
    pub struct Scope {
        /// In a project.
        pub project: Option<Named>,
        /// In a whole account.
        pub domain: Option<Named>,
    }

    /// Answer of [`CreateToken`].
    pub struct TokenAnswer {
        /// What the token allows. The token itself is in the `X-Subject-Token` header.
        pub token: Option<Token>,
    }

    /// What a token allows.
    pub struct Token {
        /// When it ends, RFC 3339.
        pub expires_at: Option<String>,
        /// When it was issued, RFC 3339.
        pub issued_at: Option<String>,
        /// How its owner proved who they are.
        pub methods: Vec<String>,
        /// Where it is valid.
        pub project: Option<Project>,
    }

    /// Answer of [`ListProjects`].
    pub struct ProjectList {
        /// The projects.
        pub projects: Vec<Project>,
    }

    /// A project: the resources of one account in one region.
    pub struct Project {
        /// Identifier, which every path carries.
        pub id: Option<String>,
        /// Name, usually the region's.
        pub name: Option<String>,
        /// Identifier of the account.
        pub domain_id: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// Whether it can be used.
        pub enabled: Option<bool>,
    }
}

impl Check for TokenRequest {
    // IAM documents no limits here; it answers 401 or 400 itself.
    fn check(&self, _: &mut Violations) {}
}
