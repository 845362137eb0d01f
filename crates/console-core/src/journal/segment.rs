//! The files of the journal: what they are called, and how they are read.
//!
//! Segments are numbered, and the one with the highest number is written to. Of a segment that no longer
//! grows a second file keeps the index. It can be made again at any time, so that nothing depends on it but
//! the time that a search takes.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use console_ipc::journal::JournalEntry;
use serde::{Deserialize, Serialize};

use super::index::{Index, Indexed, Place};
use super::{LONGEST_LINE, Record};
use crate::files::write_whole;

/// What the only file was called before there were segments.
const BEFORE_SEGMENTS: &str = "journal.jsonl";

/// The form of the index's file. One of another form is made again.
const INDEX_FORM: u32 = 1;

/// Where a segment is.
pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("journal-{number:06}.jsonl"))
}

fn index_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("journal-{number:06}.index"))
}

/// The segments that are there, oldest first.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name
            .to_str()
            .and_then(|name| name.strip_prefix("journal-")?.strip_suffix(".jsonl"))
            .and_then(|number| number.parse::<u64>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    let old = folder.join(BEFORE_SEGMENTS);
    if old.try_exists()? {
        let next = numbers.last().map_or(1, |last| last + 1);
        fs::rename(old, path(folder, next))?;
        numbers.push(next);
    }
    Ok(numbers)
}

/// Begins a segment with a line that says what the earlier ones have left open. It is there whole or not
/// at all, so that nothing that is open is forgotten.
pub(super) fn begin(path: &Path, open: Vec<String>) -> io::Result<()> {
    write_whole(path, |file| {
        serde_json::to_writer(&mut *file, &Record::Continued { open })?;
        file.write_all(b"\n")
    })
    .map(drop)
}

/// A segment that was read.
#[derive(Debug, Default)]
pub(super) struct Segment {
    pub(super) index: Index,
    pub(super) damaged_lines: u64,
    /// Its length in bytes.
    pub(super) end: u64,
    /// Whether the last line has no end, as after a crash.
    pub(super) ends_open: bool,
}

/// Reads a segment, one line at a time.
pub(super) fn read(file: &File) -> io::Result<Segment> {
    let mut segment = Segment::default();
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut length = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)? as u64;
        if length == 0 {
            return Ok(segment);
        }
        segment.ends_open = !line.ends_with(b"\n");
        if segment.ends_open && length == LONGEST_LINE {
            length += skip_line(&mut reader, &mut segment.ends_open)?;
            segment.damaged_lines += 1;
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            let begin = segment.end;
            match serde_json::from_slice::<Record>(&line) {
                Ok(record) => segment.index.add(&record, Place { begin, length }),
                Err(_) => segment.damaged_lines += 1,
            }
        }
        segment.end += length;
    }
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

/// Reads one entry with everything that was kept.
pub(super) fn entry(file: &mut File, indexed: &Indexed) -> io::Result<JournalEntry> {
    let Place { begin, length } = indexed.place;
    file.seek(SeekFrom::Start(begin))?;
    let mut line = Vec::new();
    file.take(length).read_to_end(&mut line)?;
    match serde_json::from_slice(&line) {
        Ok(Record::Begun { mut entry }) => {
            indexed.complete(&mut entry);
            Ok(*entry)
        }
        Ok(_) | Err(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file was changed from outside",
        )),
    }
}

/// What a segment holds, in numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) entries: u64,
    pub(super) damaged_lines: u64,
}

/// The first line of an index's file.
#[derive(Serialize, Deserialize)]
struct Header {
    form: u32,
    /// Length of the segment when the index was made: it holds for no other.
    bytes: u64,
    entries: u64,
    damaged_lines: u64,
}

/// How much a segment holds, as its index's file says. `None` when there is none that fits.
pub(super) fn stored_size(folder: &Path, number: u64) -> Option<Size> {
    Some(open_index(folder, number)?.0)
}

/// The index of a segment from its file. `None` when there is none that fits: it is made again then.
pub(super) fn stored_index(folder: &Path, number: u64) -> Option<(Index, Size)> {
    let (size, reader) = open_index(folder, number)?;
    let mut entries = Vec::new();
    for line in reader.lines() {
        entries.push(serde_json::from_str::<Indexed>(&line.ok()?).ok()?);
    }
    (entries.len() as u64 == size.entries).then(|| (Index::of(entries), size))
}

fn open_index(folder: &Path, number: u64) -> Option<(Size, BufReader<File>)> {
    let bytes = fs::metadata(path(folder, number)).ok()?.len();
    let mut reader = BufReader::new(File::open(index_path(folder, number)).ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let header = serde_json::from_str::<Header>(&line).ok()?;
    let size = Size {
        entries: header.entries,
        damaged_lines: header.damaged_lines,
    };
    (header.form == INDEX_FORM && header.bytes == bytes).then_some((size, reader))
}

/// Keeps the index of a segment that no longer grows and of which nothing is open.
pub(super) fn store_index(folder: &Path, number: u64, segment: &Segment) -> io::Result<()> {
    let entries = segment.index.entries();
    let header = Header {
        form: INDEX_FORM,
        bytes: segment.end,
        entries: entries.len() as u64,
        damaged_lines: segment.damaged_lines,
    };
    write_whole(&index_path(folder, number), |file| {
        serde_json::to_writer(&mut *file, &header)?;
        for entry in entries {
            file.write_all(b"\n")?;
            serde_json::to_writer(&mut *file, entry)?;
        }
        file.write_all(b"\n")
    })
    .map(drop)
}
