//! Rows as they leave the inventory, and values for completion.

use super::model::{COLUMNS, Row, text};
use crate::{CellValue, Inventory, Query, RowView};

#[test]
fn cells_are_compact_json() {
    let row = RowView {
        id: "1".to_owned(),
        name: "n".to_owned(),
        cells: vec![
            CellValue::Missing,
            CellValue::Text("a".to_owned()),
            CellValue::Integer(-7),
            CellValue::Flag(true),
            CellValue::Set(vec!["x".to_owned(), "y".to_owned()]),
        ],
        change: None,
    };
    let json = serde_json::to_string(&row).expect("serializes");
    assert_eq!(
        json,
        r#"{"id":"1","name":"n","cells":[null,"a",-7,true,["x","y"]]}"#
    );
    assert_eq!(
        serde_json::from_str::<RowView>(&json).expect("deserializes"),
        row
    );
    serde_json::from_str::<CellValue>("1.5").expect_err("no cell is a fraction");
    serde_json::from_str::<CellValue>("{}").expect_err("no cell is an object");
}

#[test]
fn queries_say_only_what_they_ask() {
    let json = serde_json::to_string(&Query::default()).expect("serializes");
    assert_eq!(json, "{}");
    let query: Query = serde_json::from_str(
        r#"{"filter":[{"op":"contains","values":["gw"]}],"sort":[{"column":"name"}]}"#,
    )
    .expect("deserializes");
    assert_eq!(query.filter.to_string(), "gw");
    assert!(!query.sort[0].descending);
}

#[test]
fn values_for_completion_begin_like_what_is_typed() {
    let inventory = Inventory::new(COLUMNS);
    for (id, state) in ["running", "failed", "Unregistered", "running", "upgrading"]
        .iter()
        .enumerate()
    {
        let mut cells = vec![CellValue::Missing; COLUMNS.len()];
        cells[1] = text(state);
        inventory
            .upsert(&id.to_string(), "", &Row { cells }.pushed())
            .expect("valid");
    }
    let values = |column: &str, typed: &str, limit| -> Vec<String> {
        inventory
            .snapshot()
            .values(column, typed, limit)
            .into_iter()
            .map(|value| value.value)
            .collect()
    };
    assert_eq!(
        values("state", "", 10),
        ["running", "Unregistered", "failed", "upgrading"]
    );
    assert_eq!(
        values("state", "U", 10),
        ["Unregistered", "upgrading", "running"]
    );
    assert_eq!(values("state", "ing", 1), ["running"]);
    assert_eq!(values("name", "", 10), Vec::<String>::new());
}

#[test]
fn an_empty_inventory_answers() {
    let inventory = Inventory::new(COLUMNS);
    let view = inventory
        .snapshot()
        .query(&Query::default(), 0)
        .expect("valid");
    assert_eq!((view.answer().total, view.answer().matched), (0, 0));
    assert_eq!(view.window(5, 10, None), Vec::new());
    assert!(inventory.snapshot().is_empty());
    assert!(!inventory.remove("nothing"));
}
