//! The forms of a file.

use std::io::{self, Write};

use console_ipc::export::ExportFormat;
use serde_json::{Map, Value};

/// Writes records of the same fields, one after the other.
pub(super) struct Records<W: Write> {
    form: Form<W>,
    fields: Vec<String>,
    written: u64,
}

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
    Yaml(W),
}

impl<W: Write> Records<W> {
    /// Begins a file of records with these fields.
    pub(super) fn begin(
        format: ExportFormat,
        mut file: W,
        fields: Vec<String>,
    ) -> io::Result<Self> {
        let form = match format {
            ExportFormat::Csv => {
                // RFC 4180 ends lines with both characters.
                let mut builder = csv::WriterBuilder::new();
                let mut writer = builder.terminator(csv::Terminator::CRLF).from_writer(file);
                writer.write_record(&fields)?;
                Form::Csv(Box::new(writer))
            }
            ExportFormat::Json => {
                file.write_all(b"[")?;
                Form::Json(file)
            }
            ExportFormat::Yaml => Form::Yaml(file),
        };
        Ok(Self {
            form,
            fields,
            written: 0,
        })
    }

    /// Adds a record: one value for each field.
    pub(super) fn add(&mut self, values: Vec<Value>) -> io::Result<()> {
        debug_assert_eq!(values.len(), self.fields.len());
        match &mut self.form {
            Form::Csv(writer) => writer.write_record(values.iter().map(cell))?,
            Form::Json(file) => {
                file.write_all(if self.written == 0 { b"\n  " } else { b",\n  " })?;
                serde_json::to_writer(file, &object(&self.fields, values))?;
            }
            Form::Yaml(file) => {
                // A list of one record at a time makes the same text as one list of all.
                serde_yaml_ng::to_writer(file, &[object(&self.fields, values)])
                    .map_err(io::Error::other)?;
            }
        }
        self.written += 1;
        Ok(())
    }

    /// Ends the file.
    pub(super) fn end(self) -> io::Result<()> {
        match self.form {
            Form::Csv(mut writer) => writer.flush(),
            Form::Json(mut file) => {
                file.write_all(if self.written == 0 { b"]\n" } else { b"\n]\n" })
            }
            Form::Yaml(mut file) if self.written == 0 => file.write_all(b"[]\n"),
            Form::Yaml(_) => Ok(()),
        }
    }
}

fn object(fields: &[String], values: Vec<Value>) -> Map<String, Value> {
    fields.iter().cloned().zip(values).collect()
}

/// A value as one cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => harmless(text),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            harmless(&items.join(BETWEEN))
        }
        Value::Array(_) | Value::Object(_) => harmless(&value.to_string()),
    }
}

/// Stands between the entries of a list. A semicolon would begin a new cell where spreadsheets use the comma
/// in numbers.
const BETWEEN: &str = " | ";

/// A spreadsheet takes a text that begins like this for a formula, and would run it. The apostrophe tells it
/// that it is text. The same goes for what follows a semicolon or a tab: depending on the system's language,
/// these end a cell even within quotation marks.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    for part in text.split_inclusive([';', '\t']) {
        let begin = part.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
        if begin.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use console_ipc::export::ExportFormat;
    use serde_json::{Value, json};

    use super::{Records, cell, harmless};

    fn written(format: ExportFormat, rows: &[[Value; 3]]) -> String {
        let mut file = Vec::new();
        let fields = ["name", "tag", "devices"].map(str::to_owned).to_vec();
        let mut records = Records::begin(format, &mut file, fields).unwrap();
        for row in rows {
            records.add(row.to_vec()).unwrap();
        }
        records.end().unwrap();
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn csv_is_quoted_where_needed_and_runs_nothing() {
        let rows = [
            [json!("gw, \"1\"\n"), json!(["site=bj", "a=b"]), json!(-3)],
            [
                json!("=HYPERLINK(\"http://x\")"),
                json!(["@x"]),
                json!(null),
            ],
            [json!(" -1+1"), json!([]), json!(true)],
        ];
        let expected = "name,tag,devices\r\n\
            \"gw, \"\"1\"\"\n\",site=bj | a=b,-3\r\n\
            \"'=HYPERLINK(\"\"http://x\"\")\",'@x,\r\n\
            ' -1+1,,true\r\n";
        assert_eq!(written(ExportFormat::Csv, &rows), expected);
    }

    #[test]
    fn no_part_of_a_cell_is_a_formula() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("a;=1+1", "a;'=1+1"),
            ("a; \u{a0}@x;+1", "a;' \u{a0}@x;'+1"),
            ("a\t-1", "a\t'-1"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r=1"),
            ("a;b-c=d@e", "a;b-c=d@e"),
        ] {
            assert_eq!(harmless(text), expected, "{text:?}");
        }
        assert_eq!(cell(&json!(["a", "=1", "b;c"])), "a | =1 | b;c");
        assert_eq!(cell(&json!(["=1", "a;=1"])), "'=1 | a;'=1");
    }

    #[test]
    fn json_and_yaml_are_read_back() {
        for count in [0, 1, 3] {
            let rows: Vec<_> = (0..count)
                .map(|number| {
                    [
                        json!(format!("a: {number}")),
                        json!(["x", "no"]),
                        json!(number),
                    ]
                })
                .collect();
            let expected: Vec<_> = rows
                .iter()
                .map(|[name, tag, devices]| json!({"name": name, "tag": tag, "devices": devices}))
                .collect();
            let text = written(ExportFormat::Json, &rows);
            assert_eq!(serde_json::from_str::<Vec<Value>>(&text).unwrap(), expected);
            let text = written(ExportFormat::Yaml, &rows);
            assert_eq!(
                serde_yaml_ng::from_str::<Vec<Value>>(&text).unwrap(),
                expected
            );
        }
    }
}
