//! Each single command on a text with a comment at every line touches the lines that it is about, and no others.

use deploy_doc::edit::Edit;
use deploy_doc::editor::Editor;
use deploy_doc::source::{Format, emit};
use deploy_doc::{Path, Step};
use serde_json::{Value, json};

use crate::samples;

/// The sample with a comment behind every line, and one above every entry of a list.
fn text() -> String {
    let mut out = String::from("# The sample.\n");
    for (number, line) in emit(&samples::full(), Format::Yaml).lines().enumerate() {
        let blanks = &line[..line.len() - line.trim_start().len()];
        if line.trim_start().starts_with("- ") {
            out.push_str(&format!("{blanks}# above {number}\n"));
        }
        out.push_str(&format!("{line} # behind {number}\n"));
    }
    out
}

fn editor() -> Editor {
    Editor::from_text(text(), Format::Yaml, None)
}

fn all(value: &Value, path: &Path, found: &mut Vec<(Path, Value)>) {
    found.push((path.clone(), value.clone()));
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, it)| all(it, &path.then(key.as_str()), found)),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .for_each(|(at, it)| all(it, &path.then(at), found)),
        _ => {}
    }
}

fn places() -> Vec<(Path, Value)> {
    let mut found = Vec::new();
    all(editor().document().value(), &Path::root(), &mut found);
    found
}

/// Whether all lines of a text are in another, in their order.
fn is_within(few: &str, many: &str) -> bool {
    let mut many = many.lines();
    few.lines().all(|line| many.any(|it| it == line))
}

#[test]
fn setting_a_value_changes_its_line() {
    for (path, value) in places() {
        let new = match value {
            Value::String(_) => json!("another value"),
            Value::Number(_) => json!(7),
            Value::Bool(flag) => json!(!flag),
            Value::Null => json!("something"),
            _ => continue,
        };
        let mut editor = editor();
        let before = editor.text().to_owned();
        let done = editor
            .edit(
                Edit::Set {
                    path: path.clone(),
                    value: new,
                },
                0,
            )
            .unwrap();
        assert_eq!(done.edits.len(), 1, "{path}");
        let lines = before.lines().zip(editor.text().lines());
        let changed: Vec<_> = lines.filter(|(old, new)| old != new).collect();
        assert_eq!(changed.len(), 1, "{path}\n{}", editor.text());
        let (old, new) = changed[0];
        assert_eq!(
            old.split_once(" # ").unwrap().1,
            new.split_once(" # ").unwrap().1,
            "{path}"
        );
        editor.undo().unwrap();
        assert_eq!(editor.text(), before);
    }
}

#[test]
fn taking_a_part_away_takes_its_lines_and_no_others() {
    for (path, value) in places().into_iter().skip(1) {
        let mut editor = editor();
        let before = editor.text().to_owned();
        editor.edit(Edit::Remove { path: path.clone() }, 0).unwrap();
        let after = editor.text();
        let is_first = matches!(path.last(), Some(Step::Key(_)))
            && before.lines().filter(|it| it.contains("- ")).any(|line| {
                // The line of a dash goes over to the next field.
                path.last_key()
                    .is_some_and(|key| line.trim_start().starts_with(&format!("- {key}:")))
            });
        let list = path
            .parent()
            .and_then(|it| editor.document().get(&it).cloned());
        let is_empty = list == Some(json!([])) || list == Some(json!({}));
        if !is_first && !is_empty {
            assert!(is_within(after, &before), "{path}\n{after}");
        }
        // An object of one line has one comment; a scalar takes one line with it.
        let gone = before.lines().count() - after.lines().count();
        if !value.is_object() && !value.is_array() && path.last_key().is_some() && !is_empty {
            assert!(gone <= 2 || is_alone(&path), "{path}: {gone}\n{after}");
        }
    }
}

/// Whether a field is the only one of its object, so that the object goes with it.
fn is_alone(path: &Path) -> bool {
    let value = samples::full();
    let parent = path.parent().and_then(|it| it.find(&value).cloned());
    parent.and_then(|it| it.as_object().map(serde_json::Map::len)) == Some(1)
}

#[test]
fn adding_a_part_leaves_all_lines_as_they_are() {
    let count = |text: &str| text.matches('#').count();
    // What is put inside nothing takes its place.
    for (path, _) in places().into_iter().filter(|it| !it.1.is_null()) {
        let edits = [
            Edit::Duplicate { path: path.clone() },
            Edit::Set {
                path: path.then("added"),
                value: json!({ "a": [1, { "b": "c" }] }),
            },
        ];
        for edit in edits {
            let mut editor = editor();
            let before = editor.text().to_owned();
            if editor.edit(edit.clone(), 0).is_ok() {
                assert!(
                    is_within(&before, editor.text()),
                    "{edit:?}\n{}",
                    editor.text()
                );
                assert!(count(editor.text()) >= count(&before));
            }
        }
    }
}

#[test]
fn moving_an_entry_moves_its_lines_with_their_comments() {
    for (path, _) in places() {
        let Some(Step::Index(place)) = path.last() else {
            continue;
        };
        let list = path.parent().unwrap();
        let length = editor().document().list(&list).len();
        for to in (0..length).filter(|it| it != place) {
            let mut editor = editor();
            let before = editor.text().to_owned();
            editor
                .edit(
                    Edit::Move {
                        path: path.clone(),
                        to,
                    },
                    0,
                )
                .unwrap();
            let sorted = |text: &str| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort_unstable();
                lines
            };
            assert_eq!(
                sorted(editor.text()),
                sorted(&before),
                "{path} to {to}\n{}",
                editor.text()
            );
        }
    }
}
