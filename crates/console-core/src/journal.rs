//! The journal: a line in a file for every change before it is sent, and another for its outcome.
//!
//! Lines are only ever added, and each is on the disk before anything else happens. What a crash leaves
//! half written is counted and told; what was on its way then is shown as unknown.

mod index;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::call::CallTarget;
use console_ipc::error::NextStep;
use console_ipc::journal::{JournalEntry, JournalOutcome, JournalPage, ListJournal};
use console_ipc::notice::{Notice, NoticeKind};
use console_ipc::{ErrorKind, IpcError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::files::file_error;
use index::Index;

/// The longest line that is read, in bytes. A longer one is damaged.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The longest image of a target that is kept, in bytes.
const LONGEST_IMAGE: usize = 4 * 1024 * 1024;

/// The image of a target as it is kept: one that is too large is left out, and its size told instead.
pub(crate) fn kept_image(image: Value) -> Value {
    let bytes = image.to_string().len();
    if bytes <= LONGEST_IMAGE {
        return image;
    }
    json!({ "left_out": { "bytes": bytes, "most": LONGEST_IMAGE } })
}

/// One line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    /// A change is about to be sent.
    Begun {
        /// Everything that is known before.
        entry: Box<JournalEntry>,
    },
    /// What became of it.
    Ended(Box<Ending>),
}

/// What became of a change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ending {
    /// The entry.
    pub(crate) id: String,
    /// When that was known, in milliseconds since the epoch.
    pub(crate) at_ms: i64,
    /// The outcome.
    pub(crate) outcome: JournalOutcome,
    /// The service's request id.
    #[serde(default)]
    pub(crate) request_id: Option<String>,
    /// Milliseconds from sending to the answer.
    #[serde(default)]
    pub(crate) elapsed_ms: Option<u32>,
    /// What was acted on, when only the answer has told: the identifier of something new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<CallTarget>,
}

/// The journal. Cloning gives another handle on the same one.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    path: Arc<Path>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Where the next line begins.
    end: u64,
    index: Index,
    damaged_lines: u64,
}

impl Journal {
    /// Opens the journal, reads what is there, and closes what an earlier run left open.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        let path = folder.join("journal.jsonl");
        let failed = |error: io::Error| file_error(&path, &error, NextStep::Report);
        let mut inner = read(&path).map_err(failed)?;
        if inner.damaged_lines > 0 {
            notices.push(
                Notice::new(NoticeKind::JournalDamaged)
                    .with("path", path.display())
                    .with("count", inner.damaged_lines),
            );
        }
        let pending = inner.index.pending();
        if !pending.is_empty() {
            notices.push(Notice::new(NoticeKind::JournalUnfinished).with("count", pending.len()));
        }
        for id in pending {
            let error = IpcError::new(ErrorKind::OutcomeUnknown, NextStep::Verify)
                .with("problem", "ended_early");
            let ending = Ending {
                id,
                at_ms: now_ms,
                outcome: JournalOutcome::Unknown { error },
                request_id: None,
                elapsed_ms: None,
                target: None,
            };
            inner
                .append(&Record::Ended(Box::new(ending)))
                .map_err(failed)?;
        }
        Ok(Self {
            path: path.into(),
            inner: Arc::new(Mutex::new(inner)),
        })
    }

    /// Writes down a change that is about to be sent. It is on the disk when this returns.
    pub(crate) async fn begin(&self, entry: JournalEntry) -> Result<(), IpcError> {
        self.write(Record::Begun {
            entry: Box::new(entry),
        })
        .await
    }

    /// Writes down what became of a change.
    pub(crate) async fn end(&self, ending: Ending) -> Result<(), IpcError> {
        self.write(Record::Ended(Box::new(ending))).await
    }

    /// Entries that match, newest first.
    pub(crate) fn list(&self, request: &ListJournal, most: u32) -> JournalPage {
        let inner = self.inner();
        let (matched, entries) = inner.index.list(request, most);
        JournalPage {
            matched,
            entries,
            damaged_lines: inner.damaged_lines,
        }
    }

    /// One entry with everything that was kept. Reads the file.
    pub(crate) fn show(&self, id: &str) -> Result<JournalEntry, IpcError> {
        let mut inner = self.inner();
        let Some(place) = inner.index.place(id) else {
            return Err(IpcError::new(ErrorKind::Gone, NextStep::Reload).with("entry", id));
        };
        let failed = |error: io::Error| file_error(&self.path, &error, NextStep::TryAgain);
        let line = inner.read_line(place).map_err(failed)?;
        match serde_json::from_slice(&line) {
            Ok(Record::Begun { mut entry }) => {
                inner.index.complete(&mut entry);
                Ok(*entry)
            }
            Ok(Record::Ended(_)) | Err(_) => {
                let changed = io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the file was changed from outside",
                );
                Err(failed(changed))
            }
        }
    }

    /// Identifiers of all entries, newest first.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.inner().index.ids()
    }

    async fn write(&self, record: Record) -> Result<(), IpcError> {
        let journal = self.clone();
        // Forcing a line to the disk may take long.
        let written = tokio::task::spawn_blocking(move || journal.inner().append(&record)).await;
        match written {
            Ok(result) => result.map_err(|error| {
                let next = match error.kind() {
                    // It would be as long the next time.
                    io::ErrorKind::FileTooLarge => NextStep::Correct,
                    _ => NextStep::TryAgain,
                };
                file_error(&self.path, &error, next)
            }),
            Err(error) => Err(crate::error::internal(error)),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Adds a line and forces it to the disk.
    fn append(&mut self, record: &Record) -> io::Result<()> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        if line.len() as u64 > LONGEST_LINE {
            // It would be damaged when it is read.
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("an entry of {} bytes is too long", line.len()),
            ));
        }
        let begin = self.end;
        self.file.seek(SeekFrom::Start(begin))?;
        let written = self
            .file
            .write_all(&line)
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line would spoil the next one. When even that fails, reading tells half lines apart.
            let _tried = self.file.set_len(begin);
            return Err(error);
        }
        let length = line.len() as u64;
        self.end += length;
        self.index.add(record, Place { begin, length });
        Ok(())
    }

    fn read_line(&mut self, place: Place) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(place.begin))?;
        let mut line = Vec::new();
        (&self.file).take(place.length).read_to_end(&mut line)?;
        Ok(line)
    }
}

/// Where a line stands in the file.
#[derive(Debug, Clone, Copy)]
struct Place {
    begin: u64,
    length: u64,
}

/// Reads the whole file, one line at a time.
fn read(path: &Path) -> io::Result<Inner> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let mut index = Index::default();
    let mut damaged_lines = 0;
    let mut begin = 0;
    let mut ends_open = false;
    let mut reader = BufReader::new(&file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut length = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)? as u64;
        if length == 0 {
            break;
        }
        ends_open = !line.ends_with(b"\n");
        if ends_open && length == LONGEST_LINE {
            length += skip_line(&mut reader, &mut ends_open)?;
            damaged_lines += 1;
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            match serde_json::from_slice::<Record>(&line) {
                Ok(record) => index.add(&record, Place { begin, length }),
                Err(_) => damaged_lines += 1,
            }
        }
        begin += length;
    }
    if ends_open {
        // What a crash left half written stays, on a line of its own.
        file.seek(SeekFrom::Start(begin))?;
        file.write_all(b"\n")?;
        begin += 1;
    }
    Ok(Inner {
        file,
        end: begin,
        index,
        damaged_lines,
    })
}

/// Skips the rest of a line without keeping it.
fn skip_line(reader: &mut impl BufRead, ends_open: &mut bool) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let (count, found) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(position) => (position + 1, true),
            None => (buffer.len(), false),
        };
        reader.consume(count);
        skipped += count as u64;
        if found {
            *ends_open = false;
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests;
