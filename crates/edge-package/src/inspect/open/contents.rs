//! What an archive holds, and what it lacks.

use super::Opened;
use super::archive::{EntryForm, Head};
use super::trouble::Refusal;
use crate::report::Kind;

/// An entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryFound {
    /// Its path, fit to be shown. That of an archive within another begins with the path of the inner one.
    pub(crate) path: String,
    pub(crate) form: EntryForm,
    /// Bytes.
    pub(crate) size: u64,
    /// Permission bits.
    pub(crate) mode: u32,
    /// `name:group`, or numbers.
    pub(crate) owner: String,
    /// In seconds since 1970.
    pub(crate) modified: i64,
    /// SHA-256 in hexadecimal. `None` for what was refused or is secret.
    pub(crate) sha256: Option<String>,
    pub(crate) content: Content,
    pub(crate) refused: Option<Refusal>,
}

/// What an entry was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Content {
    Folder,
    Certificate,
    Certificates,
    PrivateKey,
    EncryptedKey,
    PublicKey,
    Configuration,
    Text,
    Unknown,
    Refused,
}

impl Content {
    /// As a report names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Certificate => "certificate",
            Self::Certificates => "certificates",
            Self::PrivateKey => "private_key",
            Self::EncryptedKey => "encrypted_key",
            Self::PublicKey => "public_key",
            Self::Configuration => "configuration",
            Self::Text => "text",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }
}

impl EntryFound {
    pub(super) fn new(prefix: &str, head: Head) -> Self {
        Self {
            path: format!("{prefix}{}", head.path),
            form: head.form,
            size: head.size,
            mode: head.mode,
            owner: head.owner,
            modified: head.modified,
            sha256: None,
            content: Content::Unknown,
            refused: None,
        }
    }

    /// Its name without the folders.
    pub(crate) fn file_name(&self) -> &str {
        file_name(&self.path)
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a file of a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// The root, with the CAs below it.
    Root,
    /// The certificate that the package is for.
    Own,
    /// The private key of that certificate.
    Key,
    /// The configuration. Only packages of a node and of a batch registration have it.
    Configuration,
}

/// The files of a package, and what the software of a node reads from each.
const FILES: [(&str, Holds); 4] = [
    ("rootCA.crt", Holds::Root),
    ("private_cert.crt", Holds::Own),
    ("private_cert.key", Holds::Key),
    ("user_config", Holds::Configuration),
];

/// What a file of such a name holds in a package.
pub(crate) fn holds(path: &str) -> Option<Holds> {
    let mut files = FILES.iter();
    let name = file_name(path);
    files
        .find(|(known, _)| *known == name)
        .map(|(_, holds)| *holds)
}

impl Opened {
    /// Whether nothing was found, and nothing said of it.
    pub(super) fn is_empty(&self) -> bool {
        self.troubles.is_empty()
            && self.entries.is_empty()
            && self.certificates.is_empty()
            && self.keys.is_empty()
            && self.locked.is_empty()
            && self.configurations.is_empty()
    }

    /// Whether the archive is a package by the names in it.
    pub(crate) fn has_package_files(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| holds(&entry.path).is_some_and(|it| it != Holds::Configuration))
    }

    /// Files that a package of its kind has and this one doesn't. Empty for what is no package.
    pub(crate) fn missing_files(&self, kind: Kind) -> Vec<&'static str> {
        let is_needed = |holds: Holds| match kind {
            Kind::Node | Kind::Registration => true,
            Kind::NodeCertificate | Kind::GroupCertificate => holds != Holds::Configuration,
            Kind::Archive | Kind::Certificates | Kind::Keys | Kind::Bundle | Kind::Unknown => false,
        };
        if self.entries.is_empty() {
            return Vec::new();
        }
        let usable = |name: &str| {
            let mut entries = self.entries.iter();
            entries.any(|entry| entry.refused.is_none() && entry.file_name() == name)
        };
        let needed = FILES.iter().filter(|(_, holds)| is_needed(*holds));
        needed
            .map(|(name, _)| *name)
            .filter(|name| !usable(name))
            .collect()
    }

    /// Marks the troubles of files that no package needs.
    pub(super) fn tell_what_is_beside(&mut self) {
        if !self.has_package_files() {
            return;
        }
        for found in &mut self.troubles {
            let is_entry = self.entries.iter().any(|entry| entry.path == found.place);
            found.is_beside = is_entry && holds(&found.place).is_none();
        }
    }

    /// Paths of what no package holds. Empty for what is no package.
    pub(crate) fn unexpected_files(&self) -> Vec<&str> {
        if !self.has_package_files() {
            return Vec::new();
        }
        let known =
            |entry: &EntryFound| entry.content == Content::Folder || holds(&entry.path).is_some();
        let unknown = self.entries.iter().filter(|entry| !known(entry));
        unknown.map(|entry| entry.path.as_str()).collect()
    }
}
