//! Which names and values of a configuration are shown. Everything else is not: a secret can look like anything.

/// What a value under a known name looks like.
#[derive(Clone, Copy)]
enum Form {
    Identifier,
    Name,
    /// A mode, a version, a region.
    Word,
    /// Without user, query and fragment.
    Address,
}

/// Names without separators, in lower case.
const KNOWN: [(&str, Form); 29] = [
    ("nodeid", Form::Identifier),
    ("groupid", Form::Identifier),
    ("productid", Form::Identifier),
    ("projectid", Form::Identifier),
    ("instanceid", Form::Identifier),
    ("iefinstanceid", Form::Identifier),
    ("certid", Form::Identifier),
    ("nodename", Form::Name),
    ("groupname", Form::Name),
    ("productname", Form::Name),
    ("projectname", Form::Name),
    ("hostname", Form::Name),
    ("region", Form::Word),
    ("regionname", Form::Word),
    ("version", Form::Word),
    ("arch", Form::Word),
    ("architecture", Form::Word),
    ("ostype", Form::Word),
    ("nodetype", Form::Word),
    ("loglevel", Form::Word),
    ("enablegpu", Form::Word),
    ("enablenpu", Form::Word),
    ("dockerenable", Form::Word),
    ("mqttmode", Form::Word),
    ("mqttinternal", Form::Word),
    ("mqttexternal", Form::Word),
    ("masterurl", Form::Address),
    ("masteraddr", Form::Address),
    ("masteraddress", Form::Address),
];

/// A part of a name that says that what stands there may be secret, be it only a number.
const TELLING: [&str; 32] = [
    "pass",
    "pwd",
    "pw",
    "pin",
    "secret",
    "token",
    "cred",
    "key",
    "auth",
    "login",
    "code",
    "otp",
    "psk",
    "priv",
    "cipher",
    "sign",
    "salt",
    "seed",
    "nonce",
    "hash",
    "cookie",
    "session",
    "license",
    "exponent",
    "prime",
    "modulus",
    "coefficient",
    "value",
    "val",
    "data",
    "content",
    "wort",
];

const LONGEST_NAME: usize = 64;
const LONGEST_WORD: usize = 24;
const MOST_DIGITS: usize = 4;

/// Whether this looks like the name of a field. Keys may stand where names do.
pub(in crate::inspect::open) fn is_name(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && text.len() <= LONGEST_NAME
        && text.chars().all(is_part)
        && text.bytes().filter(u8::is_ascii_digit).count() <= MOST_DIGITS
        && text
            .split(['_', '-', '.'])
            .all(|word| word.len() <= LONGEST_WORD)
}

/// Whether the name at the end of a path is one that packages have.
pub(super) fn is_known(path: &str) -> bool {
    form(path).is_some()
}

fn form(path: &str) -> Option<Form> {
    let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
    let name = plain(name.split('[').next().unwrap_or(name));
    let mut known = KNOWN.iter().filter(|_| !is_telling(parents));
    known.find_map(|(other, form)| (*other == name).then_some(*form))
}

/// A name without its separators. One with letters that look like others stays what it is.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-'));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_telling(path: &str) -> bool {
    let path = plain(path);
    !path.is_ascii() || TELLING.iter().any(|part| path.contains(part))
}

/// Whether a text is shown under its name.
pub(super) fn is_shown(path: &str, value: &str) -> bool {
    let fits = |longest: usize, fine: fn(char) -> bool| {
        value.chars().count() <= longest && value.chars().all(fine)
    };
    match form(path) {
        None => false,
        Some(Form::Identifier) => fits(40, |letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
        }),
        Some(Form::Name) => {
            fits(64, |letter| {
                letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.')
            }) && value
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .all(|word| word.len() <= 40)
        }
        Some(Form::Word) => fits(32, |letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '+')
        }),
        Some(Form::Address) => is_address(value),
    }
}

fn is_address(value: &str) -> bool {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let fine = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | ':' | '/' | '[' | ']')
    };
    let host = rest.split('/').next().unwrap_or(rest);
    // A path may hold a key.
    let path = &rest[host.len()..];
    value.len() <= 128
        && rest.chars().all(fine)
        && (host.contains(['.', ':']) || rest.len() < value.len())
        && path.split('/').all(|part| part.len() <= 16)
        && matches!(
            value
                .split_once("://")
                .map_or("https", |(scheme, _)| scheme),
            "http" | "https" | "tls" | "ssl" | "tcp" | "mqtt" | "mqtts" | "ws" | "wss"
        )
}

/// Whether a number, or yes or no, may be shown under a name. One of a list is part of something longer.
pub(super) fn may_have_number(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.len() > 2 && !path.contains('[') && !is_telling(path) && !path.contains('•')
}

/// Whether this is yes or no, or a number too small to be a secret.
pub(super) fn is_small(value: &str) -> bool {
    const MOST_DIGITS: usize = 5;
    let digits = value.strip_prefix('-').unwrap_or(value);
    matches!(value, "true" | "false" | "yes" | "no" | "on" | "off")
        || (matches!(digits.len(), 1..=MOST_DIGITS)
            && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
