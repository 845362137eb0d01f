//! Makes calls valid but for what is looked at in them.

use ief_api::operation::Call;
use ief_api::rules::{self, Problem};
use serde_json::Value;

use super::places::put_at;
use super::{values, violations};

/// Rounds after which a call is left as it is: what is added may lack something itself.
const ROUNDS: usize = 6;

/// Adds what is missing, replaces what breaks a rule and takes away what contradicts, but not where the value
/// stands that is looked at.
pub(super) fn mend(call: &mut Call, looked_at: &str) {
    for _ in 0..ROUNDS {
        let mut mended = false;
        for violation in violations(call) {
            let path = &violation.path;
            if let Problem::Contradicts { other } = &violation.problem {
                mended |= take_away(call, path, other, looked_at);
            } else if is_looked_at(path, &violation.problem, looked_at) {
                // It stays as it is.
            } else if let Some(value) = rules::find(&violation.rule).and_then(values::valid) {
                mended |= match &mut call.body {
                    Some(body) => put_at(body, path, value),
                    None => {
                        let value = value.as_str().unwrap_or_default().to_owned();
                        call.query.push((path.clone(), value));
                        true
                    }
                };
            }
        }
        if !mended {
            return;
        }
    }
}

/// Whether a violation is about the value that is looked at, about something around it, or about what is wrong in
/// it: a key of a dictionary.
fn is_looked_at(path: &str, problem: &Problem, looked_at: &str) -> bool {
    path == looked_at
        || looked_at.starts_with(&format!("{path}."))
        || (*problem != Problem::Missing && path.starts_with(&format!("{looked_at}.")))
}

/// Takes away what a value contradicts, which stands beside it or beside what it stands in; or the value itself,
/// where the other is looked at.
fn take_away(call: &mut Call, path: &str, other: &str, looked_at: &str) -> bool {
    let Some(body) = &mut call.body else {
        return false;
    };
    let mut outer = Some(path);
    while let Some(here) = outer {
        outer = here.rsplit_once('.').map(|(outer, _)| outer);
        let other = outer.map_or_else(|| other.to_owned(), |outer| format!("{outer}.{other}"));
        let pointer = format!("/{}", other.replace('.', "/"));
        if other == looked_at {
            return put_at(body, path, Value::Null);
        }
        if let Some(found) = body.pointer_mut(&pointer).filter(|it| !it.is_null()) {
            *found = Value::Null;
            return true;
        }
    }
    false
}
