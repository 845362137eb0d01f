//! The journal: a line in a file for every change before it is sent, and another for its outcome.
//!
//! Lines are only ever added, and each is on the disk before anything else happens. What a crash leaves
//! half written is counted and told; what was on its way then is shown as unknown.
//!
//! The lines stand in segments of some megabytes. A start reads the last one only; earlier ones are read
//! when somebody pages or searches that far. Nothing is ever deleted. See
//! `docs/decisions/0004-journal-segments.md`.

mod index;
mod segment;

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use console_ipc::call::CallTarget;
use console_ipc::error::NextStep;
use console_ipc::journal::{JournalEntry, JournalOutcome, JournalPage, ListJournal};
use console_ipc::notice::{Notice, NoticeKind};
use console_ipc::{ErrorKind, IpcError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::console::blocking;
use crate::files::file_error;
use index::{Index, Place, Window};
use segment::{Segment, Size};

/// The longest line that is read, in bytes. A longer one is damaged.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The longest image of a target that is kept, in bytes.
const LONGEST_IMAGE: usize = 4 * 1024 * 1024;

/// A segment of so many bytes gets no further entry: what a start has to read.
const SEGMENT_BYTES: u64 = 8 * 1024 * 1024;

/// Of so many earlier segments the index stays in memory once it was needed, some thousand entries each.
const INDEXES_KEPT: usize = 8;

/// The image of a target as it is kept: one that is too large is left out, and its size told instead.
pub(crate) fn kept_image(image: Value) -> Value {
    let bytes = image.to_string().len();
    if bytes <= LONGEST_IMAGE {
        return image;
    }
    json!({ "left_out": { "bytes": bytes, "most": LONGEST_IMAGE } })
}

/// One line of a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    /// A segment begins, while these entries of earlier ones have no outcome yet.
    Continued {
        /// Their identifiers.
        open: Vec<String>,
    },
    /// A change is about to be sent.
    Begun {
        /// Everything that is known before.
        entry: Box<JournalEntry>,
    },
    /// What became of it. Stands in a later segment when that began meanwhile.
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
    folder: Arc<Path>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    folder: Arc<Path>,
    /// A segment of so many bytes gets no further entry.
    segment_bytes: u64,
    /// The segment that is written to.
    file: File,
    number: u64,
    last: Segment,
    /// Earlier segments, oldest first.
    earlier: Arc<Vec<u64>>,
    /// How much they hold, as far as somebody has asked.
    sizes: HashMap<u64, Size>,
    /// Indexes of some of them, the latest used last.
    indexes: VecDeque<(u64, Arc<Index>)>,
    /// Outcomes written behind the segment of their entry: an index read before one is old.
    late: u64,
}

impl Journal {
    /// Opens the journal, reads its last segment, and closes what an earlier run left open.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        Self::open_with(folder, SEGMENT_BYTES, now_ms, notices)
    }

    fn open_with(
        folder: &Path,
        segment_bytes: u64,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        let failed = |path: &Path, error: &io::Error| file_error(path, error, NextStep::Report);
        let mut numbers = segment::numbers(folder).map_err(|error| failed(folder, &error))?;
        let number = numbers.pop().unwrap_or(1);
        let path = segment::path(folder, number);
        let (file, last) = open_last(&path).map_err(|error| failed(&path, &error))?;
        if last.damaged_lines > 0 {
            notices.push(
                Notice::new(NoticeKind::JournalDamaged)
                    .with("path", path.display())
                    .with("count", last.damaged_lines),
            );
        }
        let open = last.index.open();
        if !open.is_empty() {
            notices.push(Notice::new(NoticeKind::JournalUnfinished).with("count", open.len()));
        }
        let folder: Arc<Path> = folder.into();
        let mut inner = Inner {
            folder: Arc::clone(&folder),
            segment_bytes,
            file,
            number,
            last,
            earlier: Arc::new(numbers),
            sizes: HashMap::new(),
            indexes: VecDeque::new(),
            late: 0,
        };
        for id in open {
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
                .map_err(|error| failed(&path, &error))?;
        }
        Ok(Self {
            folder,
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

    /// Entries that match, newest first. Reads earlier segments as far as they are asked for: a search asks
    /// for all.
    pub(crate) fn list(&self, request: &ListJournal, most: u32) -> Result<JournalPage, IpcError> {
        let mut window = Window::new(request, most);
        let inner = self.inner();
        let mut damaged_lines = inner.last.damaged_lines;
        inner.last.index.look(&mut window);
        let earlier = Arc::clone(&inner.earlier);
        drop(inner);
        for number in earlier.iter().rev() {
            let size = self.size(*number)?;
            damaged_lines += size.damaged_lines;
            if window.only_counts(size.entries) {
                window.count(size.entries);
            } else {
                self.index(*number)?.look(&mut window);
            }
        }
        Ok(JournalPage {
            matched: window.matched,
            entries: window.entries,
            damaged_lines,
        })
    }

    /// One entry with everything that was kept. Reads earlier segments until it is found.
    pub(crate) fn show(&self, id: &str) -> Result<JournalEntry, IpcError> {
        let inner = self.inner();
        if let Some(indexed) = inner.last.index.find(id) {
            let path = segment::path(&self.folder, inner.number);
            let entry = File::open(&path).and_then(|mut file| segment::entry(&mut file, indexed));
            return entry.map_err(|error| file_error(&path, &error, NextStep::TryAgain));
        }
        let earlier = Arc::clone(&inner.earlier);
        drop(inner);
        for number in earlier.iter().rev() {
            let index = self.index(*number)?;
            if let Some(indexed) = index.find(id) {
                let entry = self
                    .file(*number)
                    .and_then(|mut file| segment::entry(&mut file, indexed));
                return entry.map_err(|error| self.unreadable(*number, &error));
            }
        }
        Err(IpcError::new(ErrorKind::Gone, NextStep::Reload).with("entry", id))
    }

    /// Hands over every entry with everything that was kept, newest first. One that is written meanwhile
    /// is not among them.
    pub(crate) fn each(
        &self,
        mut take: impl FnMut(JournalEntry) -> io::Result<()>,
    ) -> io::Result<()> {
        let inner = self.inner();
        let (last, earlier) = (inner.number, Arc::clone(&inner.earlier));
        drop(inner);
        for number in std::iter::once(last).chain(earlier.iter().rev().copied()) {
            let mut file = self.file(number)?;
            let index = match number == last {
                // Its own copy, so that nobody who sends a change waits meanwhile.
                true => Arc::new(segment::read(&file)?.index),
                false => self.index(number).map_err(io::Error::other)?,
            };
            for indexed in index.entries().iter().rev() {
                take(segment::entry(&mut file, indexed)?)?;
            }
        }
        Ok(())
    }

    /// How much an earlier segment holds.
    fn size(&self, number: u64) -> Result<Size, IpcError> {
        if let Some(size) = self.inner().sizes.get(&number) {
            return Ok(*size);
        }
        if let Some(size) = segment::stored_size(&self.folder, number) {
            self.inner().sizes.insert(number, size);
            return Ok(size);
        }
        Ok(self.read_again(number)?.1)
    }

    /// The index of an earlier segment.
    fn index(&self, number: u64) -> Result<Arc<Index>, IpcError> {
        let mut inner = self.inner();
        let kept = inner.indexes.iter().position(|(kept, _)| *kept == number);
        if let Some(kept) = kept.and_then(|at| inner.indexes.remove(at)) {
            let index = Arc::clone(&kept.1);
            inner.indexes.push_back(kept);
            return Ok(index);
        }
        let late = inner.late;
        drop(inner);
        match segment::stored_index(&self.folder, number) {
            Some((index, size)) => {
                let index = Arc::new(index);
                self.inner().keep(number, size, &index, late);
                Ok(index)
            }
            None => Ok(self.read_again(number)?.0),
        }
    }

    /// Makes the index of an earlier segment from the segment itself.
    fn read_again(&self, number: u64) -> Result<(Arc<Index>, Size), IpcError> {
        let inner = self.inner();
        let (late, last) = (inner.late, inner.number);
        let earlier = Arc::clone(&inner.earlier);
        drop(inner);
        let read = |number| {
            self.file(number)
                .and_then(|file| segment::read(&file))
                .map_err(|error| self.unreadable(number, &error))
        };
        let mut read_segment = read(number)?;
        // What ended after the next segment began is told there, or further on.
        let behind = earlier.iter().copied().filter(|other| *other > number);
        for other in behind.chain([last]) {
            if !read_segment.index.has_pending() {
                break;
            }
            for ending in read(other)?.index.late() {
                read_segment.index.end(ending);
            }
        }
        if !read_segment.index.has_pending() {
            // Without it the next search takes longer, and nothing else.
            let _tried = segment::store_index(&self.folder, number, &read_segment);
        }
        let size = Size {
            entries: read_segment.index.entries().len() as u64,
            damaged_lines: read_segment.damaged_lines,
        };
        let index = Arc::new(read_segment.index);
        self.inner().keep(number, size, &index, late);
        Ok((index, size))
    }

    fn file(&self, number: u64) -> io::Result<File> {
        File::open(segment::path(&self.folder, number))
    }

    fn unreadable(&self, number: u64, error: &io::Error) -> IpcError {
        let path = segment::path(&self.folder, number);
        file_error(&path, error, NextStep::TryAgain)
    }

    async fn write(&self, record: Record) -> Result<(), IpcError> {
        let journal = self.clone();
        // Forcing a line to the disk may take long.
        blocking(move || {
            let mut inner = journal.inner();
            let result = inner.append(&record);
            result.map_err(|error| {
                let next = match error.kind() {
                    // It would be as long the next time.
                    io::ErrorKind::FileTooLarge => NextStep::Correct,
                    _ => NextStep::TryAgain,
                };
                file_error(&inner.path(), &error, next)
            })
        })
        .await
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
        if matches!(record, Record::Begun { .. }) && self.last.end >= self.segment_bytes {
            // A segment that can't be begun is no reason to refuse a change: the last one grows, and the
            // next entry tries again.
            let _tried = self.next_segment();
        }
        let begin = self.last.end;
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
        self.last.end += length;
        if let Record::Ended(ending) = record
            && !self.last.index.has(&ending.id)
        {
            self.late += 1;
            self.indexes.retain(|(_, index)| !index.has(&ending.id));
        }
        self.last.index.add(record, Place { begin, length });
        Ok(())
    }

    /// Begins another segment.
    fn next_segment(&mut self) -> io::Result<()> {
        let number = self.number + 1;
        let path = segment::path(&self.folder, number);
        segment::begin(&path, self.last.index.open())?;
        let (file, next) = open_last(&path)?;
        self.file = file;
        let full = std::mem::replace(&mut self.last, next);
        let size = Size {
            entries: full.index.entries().len() as u64,
            damaged_lines: full.damaged_lines,
        };
        Arc::make_mut(&mut self.earlier).push(self.number);
        self.keep(self.number, size, &Arc::new(full.index), self.late);
        self.number = number;
        Ok(())
    }

    /// Keeps the index of an earlier segment in memory, instead of that which was used least lately.
    fn keep(&mut self, number: u64, size: Size, index: &Arc<Index>, late: u64) {
        self.sizes.insert(number, size);
        let known = self.indexes.iter().any(|(kept, _)| *kept == number);
        // Something may have ended while it was read.
        if known || late != self.late {
            return;
        }
        self.indexes.push_back((number, Arc::clone(index)));
        if self.indexes.len() > INDEXES_KEPT {
            self.indexes.pop_front();
        }
    }

    /// The file that is written to.
    fn path(&self) -> PathBuf {
        segment::path(&self.folder, self.number)
    }
}

/// Opens the segment that is written to, and reads it whole.
fn open_last(path: &Path) -> io::Result<(File, Segment)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let mut segment = segment::read(&file)?;
    if segment.ends_open {
        // What a crash left half written stays, on a line of its own.
        file.seek(SeekFrom::Start(segment.end))?;
        file.write_all(b"\n")?;
        segment.end += 1;
        segment.ends_open = false;
    }
    Ok((file, segment))
}

#[cfg(test)]
mod tests;
