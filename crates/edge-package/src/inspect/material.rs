//! What opening found and checking looks at. Secret halves live here only as long as opening runs.

use zeroize::Zeroizing;

/// A certificate as it was found, not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateFound {
    /// Path in the archive, field of the answer, or name of the input.
    pub(crate) source: String,
    /// DER.
    pub(crate) der: Vec<u8>,
}

/// A key as it was found, not read yet. Wiped when dropped.
pub(crate) struct KeyFound {
    /// Path in the archive, field of the answer, or name of the input.
    pub(crate) source: String,
    /// How it is written.
    pub(crate) form: KeyForm,
    /// DER.
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// PKCS#8, in the clear.
    Pkcs8,
    /// PKCS#1: an RSA key.
    Pkcs1,
    /// SEC1: an EC key.
    Sec1,
    /// A public key (SPKI).
    Spki,
}

impl std::fmt::Debug for KeyFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFound")
            .field("source", &self.source)
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}
