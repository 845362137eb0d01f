//! The account that a simulator offers: made from the seed, so that a saved profile keeps working.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use crate::options::Edition;
use crate::seed::{Seed, Stream};

/// Everything a client needs to sign in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where IEF answers: `http://127.0.0.1:40001`.
    pub endpoint: String,
    /// Where IAM answers.
    pub iam_endpoint: String,
    /// Project, which every path carries.
    pub project_id: String,
    /// Name of the project, which is that of a region.
    pub project_name: String,
    /// Name of the account.
    pub domain: String,
    /// Identifier of the account.
    pub domain_id: String,
    /// IAM user.
    pub user: String,
    /// The user's password.
    pub password: SecretString,
    /// Access key.
    pub access_key: String,
    /// Secret key of the access key.
    pub secret_key: SecretString,
    /// A second access key, which works with its security token only.
    pub temporary: Temporary,
    /// The platinum instance; none in the professional edition.
    pub instance_id: Option<String>,
    /// The simulator's CA, PEM; only when it speaks TLS.
    pub ca_pem: Option<String>,
    /// File with the simulator's CA; only when it speaks TLS. Removed when the simulator stops.
    pub ca_file: Option<PathBuf>,
}

/// A temporary access key, as IAM gives out for agencies.
#[derive(Debug, Clone)]
pub struct Temporary {
    /// Access key.
    pub access_key: String,
    /// Secret key of the access key.
    pub secret_key: SecretString,
    /// Goes into `X-Security-Token`.
    pub security_token: SecretString,
}

impl Account {
    pub(crate) fn new(seed: Seed, edition: Edition) -> Self {
        let word = |place: u64| seed.id(Stream::Account, place).simple().to_string();
        let upper = |place: u64| word(place)[..20].to_ascii_uppercase();
        Self {
            endpoint: String::new(),
            iam_endpoint: String::new(),
            project_id: word(0),
            project_name: "cn-north-4".to_owned(),
            domain: "demo".to_owned(),
            domain_id: word(1),
            user: "operator".to_owned(),
            password: SecretString::from(format!("Sim-{}", &word(2)[..16])),
            access_key: upper(3),
            secret_key: SecretString::from(format!("{}{}", word(4), &word(5)[..8])),
            temporary: Temporary {
                access_key: upper(6),
                secret_key: SecretString::from(format!("{}{}", word(7), &word(8)[..8])),
                security_token: SecretString::from((9..15).map(word).collect::<String>()),
            },
            instance_id: (edition == Edition::Platinum)
                .then(|| seed.id(Stream::Account, 15).to_string()),
            ca_pem: None,
            ca_file: None,
        }
    }

    /// The account as one line of JSON, secrets included: what the binary prints for whoever started it,
    /// and the only place where they leave their wrappers for the outside.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        serde_json::json!({
            "endpoint": self.endpoint,
            "iam_endpoint": self.iam_endpoint,
            "project_id": self.project_id,
            "project_name": self.project_name,
            "domain": self.domain,
            "domain_id": self.domain_id,
            "user": self.user,
            "password": self.password.expose_secret(),
            "access_key": self.access_key,
            "secret_key": self.secret_key.expose_secret(),
            "instance_id": self.instance_id,
            "temporary": {
                "access_key": self.temporary.access_key,
                "secret_key": self.temporary.secret_key.expose_secret(),
                "security_token": self.temporary.security_token.expose_secret(),
            },
            "ca_file": self.ca_file,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Account;
    use crate::options::Edition;
    use crate::seed::Seed;
    use secrecy::ExposeSecret;

    #[test]
    fn debug_shows_no_secret() {
        let account = Account::new(Seed::new(1, 0, 0), Edition::Platinum);
        let debug = format!("{account:?}");
        for secret in [
            &account.password,
            &account.secret_key,
            &account.temporary.secret_key,
            &account.temporary.security_token,
        ] {
            assert!(!debug.contains(secret.expose_secret()));
            assert!(account.to_json_line().contains(secret.expose_secret()));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_account() {
        let line = |seed| Account::new(Seed::new(seed, 1, 1), Edition::Professional).to_json_line();
        assert_eq!(line(4), line(4));
        assert_ne!(line(4), line(5));
    }
}
