//! Deployments from other formats: manifests of Kubernetes and files of Docker Compose. Each is read as far as it goes,
//! and a report tells line by line what was carried over, what was changed and what was left out.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::Document;
use crate::path::Path;
use crate::source::{self, Format, Parsed, SyntaxError};

mod compose;
mod fields;
mod kubernetes;
mod report;
mod units;

pub use report::{Level, Line, Why};

use report::Report;

/// What a text was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The body of a deployment, or an answer of the service.
    Ief,
    /// Manifests of Kubernetes.
    Kubernetes,
    /// A file of Docker Compose.
    Compose,
}

/// A ConfigMap or secret that a deployment needs and the text has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needed {
    /// Its name.
    pub name: String,
    /// Its keys. Values are taken from the text when it is created.
    pub keys: Vec<String>,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// What came of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What the text was taken for.
    pub kind: Kind,
    /// The deployments, each with the name it had.
    pub deployments: Vec<Document>,
    /// The ConfigMaps in the text.
    pub config_maps: Vec<Needed>,
    /// The secrets in the text.
    pub secrets: Vec<Needed>,
    /// What became of each part, in the order of the text.
    pub report: Vec<Line>,
}

/// A document of a text, with its places.
pub(crate) struct Part<'a> {
    parsed: &'a Parsed,
    /// What it says, if that isn't what is written.
    instead: Option<Value>,
    /// Which document of the text it is.
    pub(crate) number: usize,
}

impl Part<'_> {
    pub(crate) fn value(&self) -> &Value {
        self.instead.as_ref().unwrap_or_else(|| self.parsed.value())
    }

    /// The same text, taken to say something else.
    pub(crate) fn saying(&self, value: Value) -> Self {
        let (parsed, number) = (self.parsed, self.number);
        Self {
            parsed,
            instead: Some(value),
            number,
        }
    }

    pub(crate) fn range(&self, path: &Path) -> Range<usize> {
        self.parsed.mark_of(path)
    }
}

/// Reads a text of any known kind.
///
/// # Errors
/// When it is neither JSON nor YAML.
pub fn import(text: &str) -> Result<Import, SyntaxError> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let parsed = match is_json {
        true => match source::parse_as(text, Format::Json, None) {
            Ok(parsed) => vec![parsed],
            // What begins with a brace can be YAML all the same; the first error tells more.
            Err(error) => source::parse_all(text).map_err(|_| error)?,
        },
        false => source::parse_all(text)?,
    };
    let parts: Vec<Part<'_>> = parsed
        .iter()
        .enumerate()
        .map(|(number, parsed)| Part {
            parsed,
            instead: None,
            number,
        })
        .collect();
    let is = |test: fn(&Value) -> bool| parts.iter().any(|it| test(it.value()));
    let mut report = Report::default();
    let kind = match () {
        () if is(|it| it.get("apiVersion").is_some() && it.get("kind").is_some()) => {
            Kind::Kubernetes
        }
        () if is(|it| it.get("services").is_some_and(Value::is_object)) => Kind::Compose,
        () => Kind::Ief,
    };
    let mut found = Import {
        kind,
        deployments: Vec::new(),
        config_maps: Vec::new(),
        secrets: Vec::new(),
        report: Vec::new(),
    };
    match kind {
        Kind::Kubernetes => kubernetes::import(&parts, &mut found, &mut report),
        Kind::Compose => {
            for part in &parts {
                compose::import(part, &mut found, &mut report);
            }
        }
        Kind::Ief => {
            for part in &parts {
                ief(text, part, is_json, &mut found, &mut report);
            }
        }
    }
    found.report = report.finish();
    Ok(found)
}

/// A body or an answer, in which plain scalars are what the model says.
fn ief(text: &str, part: &Part<'_>, is_json: bool, found: &mut Import, report: &mut Report) {
    if !part.value().is_object() {
        report.left_out(part, &Path::root(), Why::NoDeployment);
        return;
    }
    let format = if is_json { Format::Json } else { Format::Yaml };
    // Read again as what it is; of several documents each is taken as it was read.
    let exact = source::parse(text, format).ok();
    let value = exact.map_or_else(|| part.value().clone(), |it| it.value().clone());
    report.carried(part, &Path::root());
    found.deployments.push(Document::from_either(value));
}
