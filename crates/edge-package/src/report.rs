//! What an inspection says. Nothing in it is secret; texts are in the language it was asked in.

use serde::{Deserialize, Serialize};

/// The form of the report. Raised when a reader of an older one would misread it.
pub const VERSION: u32 = 1;

/// What an inspection says of one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The form of the report: [`VERSION`].
    pub version: u32,
    /// The name it was given under: of a file, or how else it came.
    pub name: String,
    /// Bytes of the input.
    pub size: u64,
    /// SHA-256 of the input, in hexadecimal. Empty for what is too large, and for a key or a configuration with
    /// something secret in it: the digest would tell whether a guess is right.
    pub sha256: String,
    /// The time it is judged for, in seconds since 1970.
    pub at: i64,
    /// What it is.
    pub kind: Kind,
    /// How it was unwrapped, from the outside in.
    pub layers: Vec<Layer>,
    /// The verdict: that of its worst check.
    pub verdict: Verdict,
    /// The verdict in one sentence: whether it is good, for what, until when, or why not.
    pub headline: String,
    /// Until when nothing in it ends, in seconds since 1970. `None` where nothing in it ends.
    pub good_until: Option<i64>,
    /// For whom it says it is.
    pub identity: Identity,
    /// The checks, those that weigh most first.
    pub checks: Vec<Check>,
    /// What the archive holds, in its order. Empty when it is no archive.
    pub entries: Vec<Entry>,
    /// The certificates, in the order in which they were found.
    pub certificates: Vec<Certificate>,
    /// The keys, in the order in which they were found.
    pub keys: Vec<Key>,
    /// The configuration files.
    pub configurations: Vec<Configuration>,
    /// Keys and stores that a passphrase would open: where they are.
    pub locked: Vec<String>,
}

/// What an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The package of a registered node.
    Node,
    /// The package of a certificate of a node.
    NodeCertificate,
    /// The package of a certificate of a node group.
    GroupCertificate,
    /// The package of a batch registration.
    Registration,
    /// An archive of which nothing tells whose it is.
    Archive,
    /// One or several certificates.
    Certificates,
    /// One or several keys.
    Keys,
    /// Certificates together with keys, outside of an archive.
    Bundle,
    /// Nothing that is known.
    Unknown,
}

/// A verdict, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It can be used.
    Good,
    /// It can be used, with something to know.
    Warning,
    /// It can't be used.
    Bad,
}

/// One step of unwrapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// What was unwrapped: `gzip`, `tar`, `base64`, `json`, `pem`, `der`, `pkcs7`, `pkcs12`.
    pub form: String,
    /// Where in it the next one was, such as `node.package`. Empty where it is the whole.
    pub place: String,
    /// Bytes of what it held.
    pub size: u64,
}

/// For whom a package says it is. Each is empty where nothing tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Node, group, product or certificate: its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Project identifier.
    pub project: String,
    /// Region.
    pub region: String,
    /// Platinum instance.
    pub instance: String,
    /// Serial number of its own certificate, hexadecimal in lower case without separators.
    pub serial: String,
}

/// How a check ended, the one that weighs most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It can't be used because of it.
    Failed,
    /// Something to know.
    Warned,
    /// As it should be.
    Passed,
    /// There is nothing to check, and why.
    NotApplicable,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which check, such as `key_belongs`. The same in every language.
    pub id: String,
    /// What is checked, in a few words.
    pub title: String,
    /// How it ended.
    pub status: Status,
    /// What it is about: a file in the archive, the common name of a certificate. Empty: the whole.
    pub subject: String,
    /// Why it ended so.
    pub reason: String,
    /// What to do. Empty where nothing is to be done.
    pub next: String,
}

/// One entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path as the archive has it; what can't be shown is replaced.
    pub path: String,
    /// File, folder, link or what else it is: `file`, `folder`, `symlink`, `hardlink`, `device`, `fifo`, `sparse`, `other`.
    pub form: String,
    /// Bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Owner and group as the archive names them, `name:group` or numbers.
    pub owner: String,
    /// Time of the last change, in seconds since 1970.
    pub modified: i64,
    /// SHA-256 in hexadecimal. Empty for what was refused, and for what is secret as a whole: the digest of a
    /// key would tell whether a guess is right.
    pub sha256: String,
    /// What it was recognised as: `certificate`, `certificates`, `private_key`, `encrypted_key`, `public_key`,
    /// `configuration`, `text`, `unknown`, `refused`.
    pub content: String,
    /// Why it was refused, in the language asked for. Empty when it wasn't.
    pub refused: String,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Where it was found: a path in the archive, a field, or the name of the input.
    pub source: String,
    /// What it is for in its package.
    pub role: Role,
    /// The most telling name of its subject.
    pub name: String,
    /// That of its issuer.
    pub issuer: String,
    /// Serial number, hexadecimal in lower case without separators.
    pub serial: String,
    /// From when on it holds, in seconds since 1970.
    pub not_before: i64,
    /// Until when, in seconds since 1970.
    pub not_after: i64,
    /// Whether it is a CA's.
    pub is_ca: bool,
    /// SHA-256 of the certificate, in hexadecimal.
    pub sha256: String,
    /// Everything it says, by group.
    pub sections: Vec<Section>,
    /// The certificate as PEM.
    pub pem: String,
}

/// What a certificate is for in its package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// That of the node, group, registration or whom else the package is for.
    Own,
    /// An authority between the own one and the root.
    Intermediate,
    /// The root.
    Root,
    /// None of these.
    Other,
}

/// One private or public key: only what may be known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Where it was found.
    pub source: String,
    /// Whether it is a private key.
    pub private: bool,
    /// Whether it is locked by a passphrase that was not given.
    pub locked: bool,
    /// Algorithm with its strength, such as `EC P-256`, `RSA 2048`. Empty while locked.
    pub algorithm: String,
    /// SHA-256 of its public half (SPKI), in hexadecimal. Empty while locked.
    pub spki_sha256: String,
    /// Everything that may be said, by group.
    pub sections: Vec<Section>,
}

/// Fields that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Which, such as `validity`. The same in every language.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A fact with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Which, such as `serial_hex`. The same in every language.
    pub id: String,
    /// Its label.
    pub label: String,
    /// What it says.
    pub value: Value,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "form", content = "value")]
pub enum Value {
    /// Words.
    Text(String),
    /// Several of them.
    Lines(Vec<String>),
    /// An identifier, a hash, a number of many digits.
    Code(String),
    /// A moment, in seconds since 1970.
    Time(i64),
    /// Yes or no.
    Flag(bool),
}

/// A configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Where it was found.
    pub source: String,
    /// As text, made from its fields. Of what isn't understood, only its size.
    pub text: String,
    /// Its fields by path, in its order. Values are shown under known names only. Empty when it is no known form.
    pub fields: Vec<(String, String)>,
}

/// Two reports side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Names of the two.
    pub names: [String; 2],
    /// The difference in one sentence.
    pub headline: String,
    /// Fields, in the order of the report.
    pub rows: Vec<Difference>,
}

/// A field of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Title of the part that it belongs to.
    pub part: String,
    /// Its label.
    pub label: String,
    /// What each says. `None` where one doesn't have it.
    pub values: [Option<Value>; 2],
    /// Whether they are the same.
    pub same: bool,
}
