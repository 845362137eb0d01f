//! Configuration files: as text and as fields, what is secret in them masked.

mod secret;

use serde_yaml_ng::Value;

use super::json;

/// Stands for what is secret.
pub(super) const MASK: &str = "••••••";

/// Larger ones are no configuration of a node.
const LARGEST: usize = 64 << 10;
const MOST_FIELDS: usize = 1000;
/// A shorter value may stand elsewhere and mean something else.
const TELLING: usize = 4;

/// A configuration file, fit to be shown.
pub(super) struct Shown {
    /// As text.
    pub(super) text: String,
    /// Its fields by path. Empty when it is of no known form.
    pub(super) fields: Vec<(String, String)>,
    /// Whether something in it was masked.
    pub(super) masked: bool,
}

/// Reads a configuration file. `None` where it is no text.
pub(super) fn read(bytes: &[u8]) -> Option<Shown> {
    let text = std::str::from_utf8(bytes).ok()?;
    let fine = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    if text.len() > LARGEST || text.trim().is_empty() || !text.chars().all(fine) {
        return None;
    }
    Some(from_json(text).unwrap_or_else(|| from_lines(text)))
}

/// Masks the very places where secret values stand.
fn from_json(text: &str) -> Option<Shown> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let leaves = json::leaves(text).ok()?;
    let mut shown = String::with_capacity(text.len());
    let mut fields = Vec::new();
    let mut done = 0;
    let mut masked = false;
    for leaf in leaves.iter().take(MOST_FIELDS) {
        let value = leaf.text();
        let value = String::from_utf8_lossy(&value);
        if secret::is_secret(&leaf.path, &value) {
            // Values are slices of the text itself.
            let begin = leaf.raw.as_ptr() as usize - text.as_ptr() as usize;
            shown.push_str(&text[done..begin]);
            shown.push('"');
            shown.push_str(MASK);
            shown.push('"');
            done = begin + leaf.raw.len();
            masked = true;
            fields.push((leaf.path.clone(), MASK.to_owned()));
        } else {
            fields.push((leaf.path.clone(), value.into_owned()));
        }
    }
    if leaves.len() > MOST_FIELDS {
        // What wasn't looked at isn't shown either.
        shown.push('…');
    } else {
        shown.push_str(&text[done..]);
    }
    Some(Shown {
        text: shown,
        fields,
        masked,
    })
}

/// Lines of `NAME=value` or `name: value`, and what YAML makes of them.
fn from_lines(text: &str) -> Shown {
    if let Some(begin) = secret::key_in_text(text) {
        return Shown {
            text: format!("{}{MASK}\n", &text[..begin]),
            fields: Vec::new(),
            masked: true,
        };
    }
    let mut fields = assignments(text);
    if fields.is_empty() {
        fields = yaml(text).unwrap_or_default();
    }
    let secrets: Vec<String> = fields
        .iter()
        .filter(|(path, value)| secret::is_secret(path, value))
        .map(|(_, value)| value.clone())
        .collect();
    for (path, value) in &mut fields {
        if secret::is_secret(path, value) {
            MASK.clone_into(value);
        }
    }
    let (mut shown, mut masked) = mask_lines(text);
    masked |= !secrets.is_empty();
    for secret in &secrets {
        for line in secret
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            if line.len() >= TELLING {
                shown = shown.replace(line, MASK);
            }
        }
    }
    Shown {
        text: shown,
        fields,
        masked,
    }
}

/// Sections and assignments, where all lines are such or comments.
fn assignments(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = json::below("", name.trim());
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            return Vec::new();
        };
        let name = name.trim();
        if name.is_empty() || name.contains([' ', ':', '{']) || found.len() == MOST_FIELDS {
            return Vec::new();
        }
        found.push((json::below(&section, name), unquoted(value).to_owned()));
    }
    found
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        let inside = value.strip_prefix(quote);
        if let Some(inside) = inside.and_then(|value| value.strip_suffix(quote)) {
            return inside;
        }
    }
    value
}

fn yaml(text: &str) -> Option<Vec<(String, String)>> {
    // A value that stands for others, which stand for others, fills all memory.
    if text.contains('&') && text.contains('*') {
        return None;
    }
    let value: Value = serde_yaml_ng::from_str(text).ok()?;
    if !value.is_mapping() {
        return None;
    }
    let mut found = Vec::new();
    flatten(&value, String::new(), &mut found);
    Some(found)
}

fn flatten(value: &Value, path: String, found: &mut Vec<(String, String)>) {
    if found.len() >= MOST_FIELDS {
        return;
    }
    match value {
        Value::Mapping(members) => {
            for (name, value) in members {
                flatten(value, json::below(&path, &scalar(name)), found);
            }
        }
        Value::Sequence(items) => {
            for (at, value) in items.iter().enumerate() {
                flatten(value, format!("{path}[{at}]"), found);
            }
        }
        Value::Tagged(tagged) => flatten(&tagged.value, path, found),
        other => found.push((path, scalar(other))),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => value.clone(),
        _ => "?".to_owned(),
    }
}

/// Masks what stands behind a telling name, and what looks secret by itself. Lines below a telling name that are
/// indented further belong to it.
fn mask_lines(text: &str) -> (String, bool) {
    let mut shown = String::with_capacity(text.len());
    let mut masked = false;
    let mut below = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let content = line.trim_end();
        let end = &line[content.len()..];
        if below.is_some_and(|name| indent > name && !content.is_empty()) {
            shown.push_str(&line[..indent]);
            shown.push_str(MASK);
            shown.push_str(end);
            masked = true;
            continue;
        }
        if !content.is_empty() {
            below = None;
        }
        match mask_line(content) {
            Some(line) => {
                masked = true;
                if line.opens_block {
                    below = Some(indent);
                }
                shown.push_str(&line.text);
            }
            None => {
                let name = content.trim_end_matches([':', '=']);
                if name.len() < content.len() && secret::has_secret_name(last_word(name)) {
                    below = Some(indent);
                }
                shown.push_str(content);
            }
        }
        shown.push_str(end);
    }
    (shown, masked)
}

/// A line of which something is masked.
struct Masked {
    text: String,
    /// Whether what follows, further indented, belongs to what is masked.
    opens_block: bool,
}

/// Masks a line from behind the first name that says that its value is secret, or else each word that looks so. A line
/// may hold several names: text that is cut is no longer JSON or YAML.
fn mask_line(line: &str) -> Option<Masked> {
    for (at, _) in line.match_indices(['=', ':']) {
        let (name, rest) = (last_word(&line[..at]), &line[at + 1..]);
        let value = unquoted(rest.trim_end_matches(','));
        if secret::is_secret(name, value) {
            let space = if rest.starts_with(' ') { " " } else { "" };
            return Some(Masked {
                text: format!("{}{space}{MASK}", &line[..=at]),
                opens_block: value.starts_with(['|', '>']),
            });
        }
    }
    let mut text = String::with_capacity(line.len());
    let mut masked = false;
    for word in line.split_inclusive([' ', '\t', '"', '\'', ',', ';']) {
        let bare = word.trim_end_matches([' ', '\t', '"', '\'', ',', ';']);
        if secret::is_secret("", bare) {
            masked = true;
            text.push_str(MASK);
            text.push_str(&word[bare.len()..]);
        } else {
            text.push_str(word);
        }
    }
    let opens_block = false;
    masked.then_some(Masked { text, opens_block })
}

/// The name before a separator, without quotes.
fn last_word(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'']);
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    text.rsplit(|letter| !is_part(letter))
        .next()
        .unwrap_or(text)
}

#[cfg(test)]
mod tests;
