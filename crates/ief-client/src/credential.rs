//! Who signs in.

use secrecy::SecretString;

/// One way to prove who is calling (section 3.2).
///
/// `Debug` shows names and redacts secrets; the secrets wipe themselves when dropped.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An IAM user, exchanged for a token.
    Password {
        /// The account the user belongs to.
        domain: String,
        /// The user's name.
        user: String,
        /// The user's password.
        password: SecretString,
    },
    /// An access key, which signs every request.
    AccessKey {
        /// The public half.
        access_key: String,
        /// The secret half.
        secret_key: SecretString,
        /// What temporary keys carry in addition.
        security_token: Option<SecretString>,
    },
}

impl Credential {
    /// Every secret in it, for keeping them out of texts that come from elsewhere.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Password { password, .. } => vec![password.clone()],
            Self::AccessKey {
                secret_key,
                security_token,
                ..
            } => std::iter::once(secret_key.clone())
                .chain(security_token.clone())
                .collect(),
        }
    }
}
