//! Which values of a configuration are not shown.

/// Whether a value is not shown: by its name, or by what it looks like.
pub(super) fn is_secret(path: &str, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || matches!(value, "true" | "false" | "null" | "~" | "none") {
        return false;
    }
    if has_secret_name(path) {
        return true;
    }
    looks_secret(value) || (is_called_key(path) && !is_place(value) && value.len() >= SHORTEST_KEY)
}

/// A shorter value is the name of something.
const SHORTEST_KEY: usize = 12;

/// Whether something on the way to a value says that it is secret.
pub(super) fn has_secret_name(path: &str) -> bool {
    const SECRET: [&str; 14] = [
        "password",
        "passwd",
        "passphrase",
        "passwort",
        "pwd",
        "secret",
        "token",
        "credential",
        "privatekey",
        "apikey",
        "accesskey",
        "authorization",
        "signature",
        "密码",
    ];
    // `token_ttl` tells of a secret, and is none.
    const ABOUT: [&str; 21] = [
        "ttl",
        "expire",
        "expires",
        "expiry",
        "expiration",
        "timeout",
        "type",
        "url",
        "uri",
        "path",
        "file",
        "dir",
        "enabled",
        "enable",
        "name",
        "id",
        "length",
        "size",
        "algorithm",
        "mode",
        "policy",
    ];
    let last = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    let words = words(path.rsplit('.').next().unwrap_or(path));
    if words.len() > 1
        && words
            .last()
            .is_some_and(|word| ABOUT.contains(&word.as_str()))
    {
        return false;
    }
    if matches!(last.as_str(), "sk" | "pass" | "psk" | "pin" | "auth") {
        return true;
    }
    path.split('.').any(|part| {
        let part: String = part
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .collect();
        SECRET.iter().any(|secret| part.contains(secret))
    })
}

/// The words of a name: `accessKeyId`, `ACCESS_KEY_ID` and `access-key-id` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let starts = !letter.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase());
        before = letter;
        if starts {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_called_key(path: &str) -> bool {
    let words = words(path.rsplit('.').next().unwrap_or(path));
    words
        .last()
        .is_some_and(|word| word == "key" || word == "keys")
}

/// A path or an address.
fn is_place(value: &str) -> bool {
    value.starts_with(['/', '.', '~']) || value.contains("://") || value.contains(":\\")
}

/// Where a key begins that stands in a text: in PEM that is damaged, or written out as OpenSSL prints it. What follows
/// it can't be told from it.
pub(super) fn key_in_text(text: &str) -> Option<usize> {
    const BEGINNINGS: [&str; 5] = [
        "PRIVATE KEY-",
        "Private-Key:",
        "privateExponent:",
        "prime1:",
        "priv:\n",
    ];
    let begins = BEGINNINGS.iter().filter_map(|begin| text.find(begin));
    begins.min()
}

fn looks_secret(value: &str) -> bool {
    value.contains("PRIVATE KEY") || is_token(value) || has_login(value) || is_random(value)
}

/// A JSON web token, or the value of a header that logs in.
fn is_token(value: &str) -> bool {
    let login = ["Bearer ", "Basic ", "bearer ", "basic "];
    (value.starts_with("eyJ") && value.matches('.').count() >= 1)
        || login
            .iter()
            .any(|word| value.strip_prefix(word).is_some_and(|rest| rest.len() >= 8))
}

/// An address with a password in it.
fn has_login(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit_once('@')
        .is_some_and(|(login, _)| login.contains(':'))
}

/// Long, and of letters of all kinds without a word among them: a key in base64. Identifiers and digests are written
/// in lower case.
fn is_random(value: &str) -> bool {
    const SHORTEST: usize = 40;
    let text = value.trim_end_matches('=');
    let base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    text.len() >= SHORTEST
        && text.bytes().all(base64)
        && !is_place(value)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}
