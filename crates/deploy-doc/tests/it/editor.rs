//! All views of a document at once: commands and typing, taken back and done again, and drafts of it.

use deploy_doc::draft::{Draft, DraftError};
use deploy_doc::edit::Edit;
use deploy_doc::editor::Editor;
use deploy_doc::source::{Format, apply_edits, parse};
use deploy_doc::{Document, Origin, Path};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;
use serde_json::json;

use crate::edit::wishes;
use crate::samples;

const TEXT: &str = "# mine\nname: shop # a name\nnode_ids: [n1]\ndeployment:\n  replicas: 1\n";

fn path(pointer: &str) -> Path {
    pointer.parse().unwrap()
}

fn editor() -> Editor {
    Editor::from_text(TEXT.to_owned(), Format::Yaml, None)
}

fn set(pointer: &str, value: &str) -> Edit {
    let path = path(pointer);
    let value = json!(value);
    Edit::Set { path, value }
}

#[test]
fn a_command_shows_in_the_text_and_typing_in_the_document() {
    let mut editor = editor();
    let changed = editor.edit(set("/name", "store"), 0).unwrap();
    assert_eq!(editor.text(), TEXT.replace("shop", "store"));
    assert_eq!(apply_edits(TEXT, &changed.edits), editor.text());
    editor.type_text(editor.text().replace("replicas: 1", "replicas: 2"), 5000);
    assert_eq!(
        editor.document().get(&path("/deployment/replicas")),
        Some(&json!(2))
    );
    assert_eq!(editor.document().get(&path("/name")), Some(&json!("store")));
    editor.undo().unwrap();
    editor.undo().unwrap();
    assert_eq!(editor.text(), TEXT);
    assert!(editor.undo().is_none());
    editor.redo(0).unwrap();
    editor.redo(0).unwrap();
    assert!(editor.redo(0).is_none());
    assert_eq!(
        editor.text(),
        TEXT.replace("shop", "store")
            .replace("replicas: 1", "replicas: 2")
    );
}

#[test]
fn keystrokes_that_belong_together_are_one_step() {
    let mut editor = editor();
    for (number, name) in ["s", "st", "sto"].into_iter().enumerate() {
        editor
            .edit(set("/name", name), 100 * number as u64)
            .unwrap();
    }
    editor.edit(set("/description", "x"), 300).unwrap();
    editor.edit(set("/description", "xy"), 9000).unwrap();
    let name = |editor: &Editor| editor.document().text(&path("/name")).unwrap();
    editor.undo().unwrap();
    assert_eq!(
        editor.document().text(&path("/description")).as_deref(),
        Some("x")
    );
    editor.undo().unwrap();
    assert_eq!(name(&editor), "sto");
    editor.undo().unwrap();
    assert_eq!(name(&editor), "shop");
    assert!(!editor.can_undo());
    // What was left is left: the same field begins a step of its own.
    editor.edit(set("/name", "a"), 10_000).unwrap();
    editor.close_step();
    editor.edit(set("/name", "ab"), 10_001).unwrap();
    editor.undo().unwrap();
    assert_eq!(name(&editor), "a");
    for (number, text) in ["ab: 1\n", "abc: 1\n"].into_iter().enumerate() {
        editor.type_text(text.to_owned(), 20_000 + number as u64);
    }
    editor.undo().unwrap();
    assert_eq!(name(&editor), "a");
}

#[test]
fn while_the_text_is_in_error_the_other_views_wait() {
    let mut editor = editor();
    let before = editor.document().clone();
    editor.type_text(TEXT.replace("shop #", "[shop #"), 0);
    assert!(editor.parsed().is_err());
    assert_eq!(editor.document(), &before);
    assert!(editor.edit(set("/name", "x"), 1).is_err());
    assert!(editor.set_format(Format::Json).is_err());
    // It is kept with its error.
    let draft = Draft::read(&editor.draft(1).write()).unwrap();
    let again = Editor::from_draft(&draft);
    assert_eq!(again.text(), editor.text());
    assert_eq!(again.document(), &before);
    editor.undo().unwrap();
    assert_eq!(editor.text(), TEXT);
    editor.redo(2).unwrap();
    assert!(editor.parsed().is_err());
    editor.type_text(TEXT.replace("shop", "mended"), 9000);
    assert_eq!(
        editor.document().text(&path("/name")).as_deref(),
        Some("mended")
    );
}

#[test]
fn comments_are_there_again_after_a_look_at_json() {
    let mut editor = editor();
    editor.set_format(Format::Json).unwrap();
    assert!(editor.text().starts_with("{\n  \"name\": \"shop\""));
    editor.edit(set("/name", "store"), 0).unwrap();
    editor.set_format(Format::Yaml).unwrap();
    assert_eq!(editor.text(), TEXT.replace("shop", "store"));
    // Taken back in the other format than the one it was done in.
    editor.undo().unwrap();
    assert_eq!(editor.text(), TEXT);
}

#[test]
fn what_was_selected_is_selected_again() {
    let mut editor = Editor::new(Document::new(samples::full()), Format::Yaml);
    let web = path("/deployment/template/containers/0");
    let anchor = editor.document().anchor(&web.then("name"));
    editor.select(Some(anchor.clone()));
    editor.edit(Edit::Remove { path: web.clone() }, 0).unwrap();
    editor.select(None);
    let changed = editor.undo().unwrap();
    assert_eq!(changed.selection, Some(anchor.clone()));
    assert_eq!(editor.document().resolve(&anchor), Some(web.then("name")));
    assert_eq!(editor.redo(0).unwrap().selection, None);
}

#[test]
fn drafts_are_read_with_tolerance() {
    let origin = Origin {
        id: "1".to_owned(),
        updated_at: Some("then".to_owned()),
    };
    let mut document = Document::new(samples::full());
    document.set_origin(Some(origin));
    let draft = Draft::new(&document, Some((Format::Yaml, "a: [".to_owned())), 12)
        .with_base(Some(json!({ "b": 1 })));
    let read = Draft::read(&draft.write()).unwrap();
    assert_eq!(read, draft);
    assert_eq!(read.document(), document);
    assert!(!read.is_newer());
    // Fields of another kind are as if they weren't there; those of a later version are kept.
    let odd = r#"{"version":"7","document":{"name":5},"origin":[],"source":{"format":"toml","text":1},"saved_at":-1,"more":[1]}"#;
    let read = Draft::read(odd).unwrap();
    assert!(read.is_newer());
    assert_eq!(read.document().value(), &json!({ "name": "5" }));
    assert_eq!((read.source(), read.saved_at()), (None, 0));
    assert!(read.write().contains("\"more\":[1]"));
    assert_eq!(Draft::read("{}"), Err(DraftError::NoDraft));
    assert_eq!(Draft::read("[]"), Err(DraftError::NoDraft));
    assert!(matches!(
        Draft::read("{\"document\": {"),
        Err(DraftError::NoJson(_))
    ));
}

#[test]
fn history_has_an_end() {
    let mut editor = editor();
    for number in 0..600u64 {
        editor
            .edit(set("/name", &format!("n{number}")), number * 10_000)
            .unwrap();
    }
    let mut steps = 0;
    while editor.undo().is_some() {
        steps += 1;
    }
    assert_eq!(steps, deploy_doc::history::MAX_STEPS);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_done_can_be_taken_back_and_done_again(
        value in samples::deployment(),
        wishes in wishes(),
        typed in proptest::collection::vec((any::<Index>(), any::<Index>(), "[ -~\n]{0,3}"), 0..6),
    ) {
        for format in [Format::Yaml, Format::Json] {
            let mut editor = Editor::new(Document::new(value.clone()), format);
            let before = editor.clone();
            let mut typed = typed.iter();
            for (number, wish) in wishes.iter().enumerate() {
                let now = 300 * number as u64;
                let text = editor.text().to_owned();
                let edit = wish.about(editor.document());
                if let Ok(changed) = editor.edit(edit, now) {
                    prop_assert_eq!(apply_edits(&text, &changed.edits), editor.text());
                    let parsed = parse(editor.text(), format).unwrap();
                    prop_assert_eq!(parsed.value(), editor.document().value());
                }
                if let Some((from, to, inserted)) = typed.next() {
                    let mut bytes: Vec<usize> = editor.text().char_indices().map(|it| it.0).collect();
                    bytes.push(editor.text().len());
                    let from = from.index(bytes.len());
                    let to = (from + to.index(4)).min(bytes.len() - 1);
                    let mut text = editor.text().to_owned();
                    text.replace_range(bytes[from]..bytes[to], inserted);
                    editor.type_text(text, now + 1);
                }
            }
            let after = editor.clone();
            let mut steps = 0;
            while let Some(changed) = editor.undo() {
                steps += 1;
                prop_assert!(changed.edits.len() <= 1);
            }
            prop_assert_eq!(editor.text(), before.text());
            prop_assert_eq!(editor.document().value().to_string(), before.document().value().to_string());
            for _ in 0..steps {
                prop_assert!(editor.redo(0).is_some());
            }
            prop_assert_eq!(editor.text(), after.text());
            prop_assert_eq!(editor.document().value().to_string(), after.document().value().to_string());
            // A draft is the same document.
            let draft = Draft::read(&after.draft(0).write()).unwrap();
            let again = Editor::from_draft(&draft);
            prop_assert_eq!(again.text(), after.text());
            prop_assert_eq!(again.document(), after.document());
        }
    }

    #[test]
    fn no_draft_is_too_strange(value in samples::anything(), text in "[ -~]{0,40}") {
        let _ = Draft::read(&text);
        let text = json!({ "document": value, "source": value, "origin": value, "version": value, "base": value });
        if let Ok(draft) = Draft::read(&text.to_string()) {
            prop_assert_eq!(Draft::read(&draft.write()).unwrap(), draft);
        }
    }
}
