//! Answers of the service, and what they and configuration files claim about whose a package is.

use super::json::Leaf;
use crate::report::Kind;

/// Something claimed of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Where it is claimed: a field of the answer, or a file and its field.
    pub(crate) source: String,
    /// What it tells.
    pub(crate) subject: Subject,
    /// What it says.
    pub(crate) value: String,
}

/// What a claim tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    NodeId,
    NodeName,
    GroupId,
    ProductId,
    ProductName,
    CertificateId,
    CertificateName,
    /// What a certificate is for: `system`, `application`, `device`.
    CertificateType,
    Serial,
    Project,
    Region,
    Instance,
}

/// Fields that hold a package, a key or certificates. The first of an answer is its main one.
const FIELDS: [&str; 9] = [
    "package",
    "private_key",
    "certificate",
    "ca",
    "root_ca",
    "ca_certificate",
    "root_certificate",
    "cert",
    "root_cert",
];

/// The value of a field that was copied without quotes: `package: H4sI…`, `private_key=MII…`.
pub(super) fn bare_field(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| matches!(byte, b':' | b'='))?;
    let name = std::str::from_utf8(text[..end].trim_ascii()).ok()?;
    let value = text[end + 1..].trim_ascii();
    let plain = value.strip_prefix(b"'").unwrap_or(value);
    let is_field = FIELDS.contains(&name)
        && super::base64_text::is_likely(plain.strip_suffix(b"'").unwrap_or(plain));
    is_field.then_some(value)
}

/// What an answer is.
pub(super) struct Answer<'a> {
    /// What it is the answer to, where that can be told.
    pub(super) kind: Option<Kind>,
    pub(super) claims: Vec<Claim>,
    /// What there is to open, the package first.
    pub(super) fields: Vec<Leaf<'a>>,
}

/// What JSON is.
pub(super) enum Meaning<'a> {
    /// The answer to a call that makes something.
    Answer(Answer<'a>),
    /// That of one which failed: its code.
    Error(String),
    /// Something else.
    Other,
}

/// What JSON is.
pub(super) fn read<'a>(leaves: &[Leaf<'a>]) -> Meaning<'a> {
    let rank = |leaf: &Leaf<'_>| FIELDS.iter().position(|field| *field == leaf.name());
    let mut fields: Vec<(usize, &Leaf<'a>)> = leaves
        .iter()
        .filter(|leaf| leaf.is_string() || leaf.is_empty())
        .filter_map(|leaf| Some((rank(leaf)?, leaf)))
        .collect();
    // A configuration may name files in fields of these names.
    let telling = |(rank, leaf): &(usize, &Leaf<'_>)| *rank < 2 || leaf.raw.contains("-----BEGIN ");
    if !fields.iter().any(telling) {
        return error_code(leaves).map_or(Meaning::Other, Meaning::Error);
    }
    fields.sort_by_key(|(rank, _)| *rank);
    let parent = fields.first().map_or("", |(_, leaf)| leaf.parent());
    let beside: Vec<&Leaf<'_>> = leaves
        .iter()
        .filter(|leaf| leaf.parent() == parent)
        .collect();
    let kind = kind(parent, &beside);
    let claims = beside
        .iter()
        .filter(|leaf| !leaf.is_empty())
        .filter_map(|leaf| claim(kind, leaf))
        .collect();
    let fields = fields.into_iter().map(|(_, leaf)| leaf.clone());
    Meaning::Answer(Answer {
        kind,
        claims,
        fields: fields.filter(|leaf| !leaf.is_empty()).collect(),
    })
}

fn kind(parent: &str, beside: &[&Leaf<'_>]) -> Option<Kind> {
    let has = |name: &str| beside.iter().any(|leaf| leaf.name() == name);
    match parent.rsplit('.').next() {
        Some("node") => Some(Kind::Node),
        Some("product") => Some(Kind::Registration),
        _ if has("node_id") => Some(Kind::NodeCertificate),
        _ if has("group_id") => Some(Kind::GroupCertificate),
        _ => None,
    }
}

fn claim(kind: Option<Kind>, leaf: &Leaf<'_>) -> Option<Claim> {
    let subject = match (leaf.name(), kind) {
        ("id", Some(Kind::Node)) | ("node_id", _) => Subject::NodeId,
        ("name", Some(Kind::Node)) | ("node_name", _) => Subject::NodeName,
        ("id", Some(Kind::Registration)) | ("product_id", _) => Subject::ProductId,
        ("name", Some(Kind::Registration)) | ("product_name", _) => Subject::ProductName,
        ("id", Some(_)) => Subject::CertificateId,
        ("name", Some(_)) => Subject::CertificateName,
        ("type", Some(Kind::NodeCertificate | Kind::GroupCertificate)) => Subject::CertificateType,
        ("serial_num", _) => Subject::Serial,
        ("group_id", _) => Subject::GroupId,
        ("project_id", _) => Subject::Project,
        ("region", _) => Subject::Region,
        ("instance_id" | "ief_instance_id", _) => Subject::Instance,
        _ => return None,
    };
    Some(Claim {
        source: leaf.path.clone(),
        subject,
        value: leaf.public_text(),
    })
}

/// What a field of a configuration file claims.
pub(super) fn claim_of_configuration(file: &str, path: &str, value: &str) -> Option<Claim> {
    let name = path.rsplit('.').next().unwrap_or(path).to_ascii_uppercase();
    let subject = match name.as_str() {
        "NODE_ID" => Subject::NodeId,
        "NODE_NAME" => Subject::NodeName,
        "GROUP_ID" => Subject::GroupId,
        "PRODUCT_ID" => Subject::ProductId,
        "PRODUCT_NAME" => Subject::ProductName,
        "CERT_ID" => Subject::CertificateId,
        "PROJECT_ID" => Subject::Project,
        "REGION" => Subject::Region,
        "IEF_INSTANCE_ID" | "INSTANCE_ID" => Subject::Instance,
        _ => return None,
    };
    (!value.is_empty()).then(|| Claim {
        source: format!("{file}: {path}"),
        subject,
        value: value.to_owned(),
    })
}

fn error_code(leaves: &[Leaf<'_>]) -> Option<String> {
    let find = |path: &str| leaves.iter().find(|leaf| leaf.path == path);
    let code = find("error_code")
        .or_else(|| find("error.code"))
        .or_else(|| find("code").filter(|_| find("message").is_some()))
        .or_else(|| find("errorCode"))?;
    let text = code.public_text();
    is_code(&text).then_some(text)
}

/// Such as `IEF.104004`, or a number of few digits. What stands there otherwise isn't repeated.
fn is_code(text: &str) -> bool {
    let (service, number) = text.split_once('.').unwrap_or(("", text));
    let is_short = |text: &str, longest: usize, fine: fn(&u8) -> bool| {
        text.len() <= longest && text.as_bytes().iter().all(fine)
    };
    is_short(service, 8, u8::is_ascii_uppercase)
        && is_short(number, 8, u8::is_ascii_digit)
        && !number.is_empty()
}

/// Whose configuration it is, by the identifier in it.
pub(super) fn kind_of_configuration(has: impl Fn(&str) -> bool) -> Option<Kind> {
    if has("NODE_ID") {
        Some(Kind::Node)
    } else if has("PRODUCT_ID") {
        Some(Kind::Registration)
    } else {
        None
    }
}
