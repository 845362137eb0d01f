//! From the bytes of a page straight to its rows.

use std::fmt;
use std::marker::PhantomData;

use ief_api::operation::PageRule;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use crate::client::json_reason;

/// A page of rows.
pub(crate) struct Page<R> {
    /// Rows on all pages, when the service says.
    pub(crate) count: Option<u64>,
    /// The rows that can be read.
    pub(crate) rows: Vec<R>,
    /// How many can't.
    pub(crate) bad: u64,
    /// How many there are on this page, readable or not.
    pub(crate) length: u64,
}

/// The fields in which services say how many rows there are.
const COUNTS: [&str; 4] = ["count", "total_count", "total", "job_count"];

/// Reads a page.
///
/// # Errors
/// What is wrong, without the page's contents: not JSON, or no list of rows in it.
pub(crate) fn page<R: DeserializeOwned>(body: &[u8], rule: &PageRule) -> Result<Page<R>, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = PageSeed::<R> {
        rows: rule.rows,
        row: PhantomData,
    }
    .deserialize(&mut deserializer)
    .and_then(|page| deserializer.end().map(|()| page));
    let found = match read {
        Ok(found) => found,
        // A row with a type that insists on something: take the page apart, keep the others.
        Err(error) if error.is_data() => slowly(body, rule)?,
        Err(error) => return Err(json_reason(&error)),
    };
    let count = found.count.and_then(|count| u64::try_from(count).ok());
    match found.rows {
        Some((rows, bad)) => Ok(Page {
            count,
            length: rows.len() as u64 + bad,
            rows,
            bad,
        }),
        None if count == Some(0) => Ok(Page {
            count,
            rows: Vec::new(),
            bad: 0,
            length: 0,
        }),
        None => Err(format!("it has no list named {:?}", rule.rows)),
    }
}

/// What was found in a page: the count, and the rows with the number of unreadable ones.
struct Found<R> {
    count: Option<i64>,
    rows: Option<(Vec<R>, u64)>,
}

fn slowly<R: DeserializeOwned>(body: &[u8], rule: &PageRule) -> Result<Found<R>, String> {
    let found: Found<Value> = {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let seed = PageSeed {
            rows: rule.rows,
            row: PhantomData,
        };
        seed.deserialize(&mut deserializer)
            .map_err(|error| json_reason(&error))?
    };
    let rows = found.rows.map(|(values, mut bad)| {
        let mut rows = Vec::with_capacity(values.len());
        for value in values {
            match R::deserialize(value) {
                Ok(row) => rows.push(row),
                Err(_) => bad += 1,
            }
        }
        (rows, bad)
    });
    Ok(Found {
        count: found.count,
        rows,
    })
}

/// A count in any form.
#[derive(serde::Deserialize)]
struct Count(#[serde(deserialize_with = "ief_api::wire::lenient")] Option<i64>);

struct PageSeed<R> {
    rows: &'static str,
    row: PhantomData<R>,
}

impl<'de, R: DeserializeOwned> DeserializeSeed<'de> for PageSeed<R> {
    type Value = Found<R>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, R: DeserializeOwned> Visitor<'de> for PageSeed<R> {
    type Value = Found<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list named {:?}", self.rows)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Found {
            count: None,
            rows: None,
        };
        while let Some(key) = map.next_key::<String>()? {
            if is_rows(&key, self.rows) && found.rows.is_none() {
                found.rows = map.next_value_seed(RowsSeed(PhantomData))?;
            } else if COUNTS.contains(&key.as_str()) {
                found.count = map.next_value::<Count>()?.0.or(found.count);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The reference names some lists in the singular and some in the plural, and not always as its examples.
fn is_rows(key: &str, rows: &str) -> bool {
    key == rows || key.strip_suffix('s') == Some(rows) || rows.strip_suffix('s') == Some(key)
}

struct RowsSeed<R>(PhantomData<R>);

impl<'de, R: DeserializeOwned> DeserializeSeed<'de> for RowsSeed<R> {
    type Value = Option<(Vec<R>, u64)>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: DeserializeOwned> Visitor<'de> for RowsSeed<R> {
    type Value = Option<(Vec<R>, u64)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        let mut bad = 0;
        while let Some(row) = seq.next_element_seed(RowSeed(PhantomData))? {
            match row {
                Some(row) => rows.push(row),
                None => bad += 1,
            }
        }
        Ok(Some((rows, bad)))
    }
    // Services write null for a list without entries.
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some((Vec::new(), 0)))
    }
    // One object where a list is documented.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let row = R::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Some((vec![row], 0)))
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
}

struct RowSeed<R>(PhantomData<R>);

impl<'de, R: DeserializeOwned> DeserializeSeed<'de> for RowSeed<R> {
    type Value = Option<R>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// A row is an object; anything else in its place is a bad row, which must not lose the page.
impl<'de, R: DeserializeOwned> Visitor<'de> for RowSeed<R> {
    type Value = Option<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        R::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use ief_api::node::EdgeNode;
    use ief_api::operation::PageRule;
    use serde::Deserialize;

    use super::page;

    const RULE: PageRule = PageRule {
        default: 500,
        maximum: 1000,
        rows: "nodes",
    };

    #[test]
    fn one_bad_row_never_loses_a_page() {
        let body = br#"{"more": [1, {}], "nodes": [
            {"id": "a", "cpu": "4"}, null, 7, "x", [1, 2], true, 1.5,
            {"id": "b", "tags": "none", "unknown": {"deep": [1]}}
        ], "count": "8"}"#;
        let page = page::<EdgeNode>(body, &RULE).expect("a page");
        let ids: Vec<_> = page.rows.iter().map(|row| row.id.as_deref()).collect();
        assert_eq!(ids, [Some("a"), Some("b")]);
        assert_eq!(page.rows[0].cpu, Some(4));
        assert_eq!((page.bad, page.length, page.count), (6, 8, Some(8)));
    }

    #[test]
    fn a_type_that_insists_costs_its_row_only() {
        #[derive(Debug, Deserialize)]
        struct Strict {
            id: u8,
        }
        let body = br#"{"nodes": [{"id": 1}, {"id": "one"}, {"id": 2}, 3]}"#;
        let page = page::<Strict>(body, &RULE).expect("a page");
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, [1, 2]);
        assert_eq!((page.bad, page.length, page.count), (2, 4, None));
    }

    #[test]
    fn an_empty_list_has_several_forms() {
        for body in [
            r#"{"count": 0, "nodes": []}"#,
            r#"{"count": 0, "nodes": null}"#,
            r#"{"count": 0}"#,
            r#"{"count": 0, "node": []}"#,
            r#"{"job_count": 0, "nodes": []}"#,
        ] {
            let page = page::<EdgeNode>(body.as_bytes(), &RULE).expect(body);
            assert_eq!((page.length, page.count), (0, Some(0)), "{body}");
        }
    }

    #[test]
    fn what_is_no_page_is_refused_without_an_excerpt() {
        for body in [
            "",
            "[]",
            "null",
            "{}",
            r#"{"count": 3}"#,
            r#"{"nodes": [{"id": "canary""#,
            r#"{"nodes": "canary"}"#,
            "<html>canary</html>",
            r#"{"nodes": []} canary"#,
        ] {
            let reason = page::<EdgeNode>(body.as_bytes(), &RULE).err().expect(body);
            assert!(!reason.contains("canary"), "{reason}");
        }
    }
}
