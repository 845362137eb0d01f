//! What became of each part of a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Part;
use crate::path::Path;

/// How a part got over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it is.
    Carried,
    /// In another form, or as something near to it.
    Changed,
    /// Not at all.
    LeftOut,
}

/// Why a part was changed or left out. The words are the window's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Why {
    /// It was carried over.
    AsItIs,
    /// A quantity is written in the service's unit.
    Unit {
        /// As it was.
        from: String,
        /// As it is.
        to: String,
    },
    /// A name or text was made one that the service takes.
    Name {
        /// As it was.
        from: String,
        /// As it is.
        to: String,
    },
    /// It is written in another way that means the same.
    Form,
    /// Several parts are joined into one text.
    Joined,
    /// The service has nothing like it.
    Unsupported,
    /// The value is none that can be understood.
    NotUnderstood,
    /// It names something that isn't there.
    NotFound {
        /// What.
        name: String,
    },
    /// It only has a meaning for the other system.
    NotNeeded,
    /// All keys of something become single variables, as the service has no other way.
    EachKey,
    /// All of a ConfigMap or secret is mounted; single keys or other file names aren't possible.
    WholeVolume,
    /// What the other system keeps stands in an empty folder, which is lost with the instance.
    NotKept,
    /// It is created beside the deployment.
    Beside,
    /// There is no deployment in it.
    NoDeployment,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// How it got over.
    pub level: Level,
    /// Why not as it is.
    pub why: Why,
    /// Which document of the text it stands in, from 0.
    pub document: usize,
    /// Where it stands in that document.
    pub path: Path,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

/// Lines as they are gathered.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<Line>);

impl Report {
    fn add(&mut self, part: &Part<'_>, path: &Path, level: Level, why: Why) {
        let (document, range) = (part.number, part.range(path));
        let path = path.clone();
        self.0.push(Line {
            level,
            why,
            document,
            path,
            range,
        });
    }

    pub(super) fn carried(&mut self, part: &Part<'_>, path: &Path) {
        self.add(part, path, Level::Carried, Why::AsItIs);
    }

    pub(super) fn changed(&mut self, part: &Part<'_>, path: &Path, why: Why) {
        self.add(part, path, Level::Changed, why);
    }

    pub(super) fn left_out(&mut self, part: &Part<'_>, path: &Path, why: Why) {
        self.add(part, path, Level::LeftOut, why);
    }

    /// The lines in the order of the text, one for each place and reason.
    pub(super) fn finish(mut self) -> Vec<Line> {
        self.0
            .sort_by_key(|it| (it.document, it.range.start, it.level));
        self.0.dedup();
        self.0
    }
}
