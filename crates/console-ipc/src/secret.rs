//! Secrets on their way from the window to the host.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// A secret typed by the user. Readable by the host, writable by the window only: on any other target
/// than wasm it can't be serialised, so the host can't send one back by accident.
#[derive(Clone, Default)]
pub struct InwardSecret(SecretString);

impl InwardSecret {
    /// Wraps what the user typed.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// Hands the secret over.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

impl fmt::Debug for InwardSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InwardSecret(…)")
    }
}

impl<'de> Deserialize<'de> for InwardSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecretString::deserialize(deserializer).map(Self)
    }
}

#[cfg(target_arch = "wasm32")]
impl serde::Serialize for InwardSecret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use secrecy::ExposeSecret;
        // The only way in: the window hands what was typed to the host.
        serializer.serialize_str(self.0.expose_secret())
    }
}

#[cfg(test)]
mod tests {
    use super::InwardSecret;

    #[test]
    fn debug_shows_nothing() {
        let secret: InwardSecret = serde_json::from_str("\"canary-7f3a\"").unwrap();
        assert!(!format!("{secret:?}").contains("canary"));
    }
}
