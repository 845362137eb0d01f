//! Which entries of two lists are the same: by what they are called, then by what they are, then by where they
//! stand. Identifiers, differences, merges and rewritten texts all go by this.

use std::collections::BTreeMap;

use serde_json::Value;

/// Fields that tell entries of a list from each other.
const NAMES: &[&str] = &["name", "key", "container_port"];

/// What an entry is called, if it is: containers, volumes and variables have names, tags have keys, and ports are
/// known by the one of the container.
pub(crate) fn name_of(entry: &Value) -> Option<String> {
    let fields = entry.as_object()?;
    let (_, value) = NAMES.iter().find_map(|name| fields.get_key_value(*name))?;
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// For each entry of `after` the one of `before` that it was, each used once at most.
pub(crate) fn align(before: &[Value], after: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; after.len()];
    let mut used = vec![false; before.len()];
    // What is untouched is by far the most: the same at the same place, from either end.
    let same = |(left, right): (&Value, &Value)| left == right;
    let head = before.iter().zip(after).take_while(|it| same(*it)).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev());
    let tail = tail.take_while(|it| same(*it)).count();
    let aligned = (0..head).map(|at| (at, at));
    let aligned = aligned.chain((1..=tail).map(|at| (before.len() - at, after.len() - at)));
    for (from, to) in aligned {
        pairs[to] = Some(from);
        used[from] = true;
    }
    by_key(before, after, &mut pairs, &mut used, name_of);
    by_key(before, after, &mut pairs, &mut used, |entry| {
        Some(entry.to_string())
    });
    by_place(before, &mut pairs, &mut used);
    pairs
}

/// Pairs what has the same key, first with first.
fn by_key(
    before: &[Value],
    after: &[Value],
    pairs: &mut [Option<usize>],
    used: &mut [bool],
    key: impl Fn(&Value) -> Option<String>,
) {
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (from, entry) in before.iter().enumerate().rev() {
        if !used[from]
            && let Some(key) = key(entry)
        {
            known.entry(key).or_default().push(from);
        }
    }
    for (to, entry) in after.iter().enumerate() {
        if pairs[to].is_none()
            && let Some(key) = key(entry)
            && let Some(from) = known.get_mut(&key).and_then(Vec::pop)
        {
            pairs[to] = Some(from);
            used[from] = true;
        }
    }
}

/// Pairs what is left over between the same neighbours, if it is as many on both sides: it was renamed.
fn by_place(before: &[Value], pairs: &mut [Option<usize>], used: &mut [bool]) {
    let mut to = 0;
    while to < pairs.len() {
        if pairs[to].is_some() {
            to += 1;
            continue;
        }
        let end = (to..pairs.len())
            .find(|at| pairs[*at].is_some())
            .unwrap_or(pairs.len());
        let from = match to.checked_sub(1).and_then(|at| pairs[at]) {
            Some(previous) => previous + 1,
            None => 0,
        };
        let next = pairs.get(end).copied().flatten().unwrap_or(before.len());
        let free = (from..next.max(from)).filter(|at| !used[*at]).count();
        if free == end - to && next == from + free {
            for (offset, place) in (to..end).enumerate() {
                pairs[place] = Some(from + offset);
                used[from + offset] = true;
            }
        }
        to = end;
    }
}

/// Of what was found again, the most that stands in the old order: the rest has moved.
pub(crate) fn staying(pairs: &[Option<usize>]) -> Vec<Option<usize>> {
    // Ends of the best run of each length, and what comes before each place in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; pairs.len()];
    for (place, from) in pairs.iter().enumerate() {
        let Some(from) = from else { continue };
        let length = ends.partition_point(|end| pairs[*end] < Some(*from));
        before[place] = length.checked_sub(1).map(|it| ends[it]);
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut stays = vec![None; pairs.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        stays[place] = pairs[place];
        at = before[place];
    }
    stays
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::align;

    #[track_caller]
    fn check(before: &Value, after: &Value, expected: &[Option<usize>]) {
        let list = |value: &Value| value.as_array().cloned().unwrap();
        assert_eq!(align(&list(before), &list(after)), expected);
    }

    #[test]
    fn entries_are_found_by_name_by_value_and_by_place() {
        check(&json!(["a", "b"]), &json!(["a", "b"]), &[Some(0), Some(1)]);
        check(
            &json!(["a", "b", "c"]),
            &json!(["c", "a"]),
            &[Some(2), Some(0)],
        );
        check(
            &json!([{ "name": "x", "v": 1 }, { "name": "y" }]),
            &json!([{ "name": "y" }, { "name": "x", "v": 2 }, { "name": "z" }]),
            &[Some(1), Some(0), None],
        );
        // What stands alone between two that stayed was renamed.
        check(
            &json!([{ "name": "a" }, { "name": "b", "v": 1 }, { "name": "c" }]),
            &json!([{ "name": "a" }, { "name": "n", "v": 1 }, { "name": "c" }]),
            &[Some(0), Some(1), Some(2)],
        );
        check(&json!(["a"]), &json!(["b", "c"]), &[None, None]);
        check(&json!([]), &json!([1]), &[None]);
        check(&json!([1, 1]), &json!([1, 1, 1]), &[Some(0), Some(1), None]);
    }
}
