//! Variables in a Compose file, which are taken from whoever starts it: where there is a default it is used, anything
//! else stays as it is written and is told.

use serde_json::Value;

use crate::import::Part;
use crate::import::report::{Report, Why};
use crate::path::Path;

/// A value in which variables have their defaults.
pub(super) fn replaced(part: &Part<'_>, report: &mut Report) -> Value {
    walk(part.value(), &Path::root(), part, report)
}

fn walk(value: &Value, path: &Path, part: &Part<'_>, report: &mut Report) -> Value {
    match value {
        Value::String(text) if text.contains('$') => {
            let mut missing = Vec::new();
            let to = with_defaults(text, &mut missing);
            if let Some(name) = missing.into_iter().next() {
                report.left_out(part, path, Why::NotFound { name });
            } else if to != *text {
                let (from, to) = (text.clone(), to.clone());
                report.changed(part, path, Why::Name { from, to });
            }
            to.into()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, it)| {
                (
                    key.clone(),
                    walk(it, &path.then(key.as_str()), part, report),
                )
            });
            Value::Object(fields.collect())
        }
        Value::Array(entries) => {
            let entries = entries.iter().enumerate();
            entries
                .map(|(at, it)| walk(it, &path.then(at), part, report))
                .collect()
        }
        other => other.clone(),
    }
}

/// A text with `${NAME:-default}` and `${NAME-default}` replaced, and `$$` as a plain sign.
fn with_defaults(text: &str, missing: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(more) = after.strip_prefix('$') {
            out.push('$');
            rest = more;
            continue;
        }
        let (name, default, length) = match after
            .strip_prefix('{')
            .and_then(|it| Some((it, it.find('}')?)))
        {
            Some((inner, end)) => {
                let inner = &inner[..end];
                let parts = inner.split_once(":-").or_else(|| inner.split_once('-'));
                let (name, default) = parts.map_or((inner, None), |(name, it)| (name, Some(it)));
                (name, default, end + 2)
            }
            None => {
                let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
                let end = after.find(|it| !is_name(it)).unwrap_or(after.len());
                (&after[..end], None, end)
            }
        };
        match default {
            Some(default) => out.push_str(default),
            None => {
                out.push_str(&rest[at..at + 1 + length]);
                if !name.is_empty() {
                    missing.push(name.to_owned());
                }
            }
        }
        rest = &after[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::with_defaults;

    #[track_caller]
    fn check(text: &str, expected: &str, missing: &[&str]) {
        let mut found = Vec::new();
        assert_eq!(with_defaults(text, &mut found), expected);
        assert_eq!(found, missing);
    }

    #[test]
    fn defaults_are_used_and_signs_are_plain() {
        check("nginx:${TAG:-1.27}", "nginx:1.27", &[]);
        check("${A-b}${C:-}", "b", &[]);
        check("cost: $$5", "cost: $5", &[]);
        check("$HOME/x:${B}", "$HOME/x:${B}", &["HOME", "B"]);
        check("${open", "${open", &[]);
        check("a$", "a$", &[]);
        check("$ä", "$ä", &[]);
    }
}
