//! What stands before an entry and changes it: long names of GNU tar, records of PAX.

use tar::EntryType;

/// Longer ones serve no honest purpose here.
const LONGEST: usize = 64 << 10;

/// What the extensions before an entry say of it.
#[derive(Debug, Default)]
pub(super) struct Extensions {
    pub(super) name: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) modified: Option<i64>,
    pub(super) user: Option<Vec<u8>>,
    pub(super) group: Option<Vec<u8>>,
    /// Whether the file has holes.
    pub(super) sparse: bool,
    /// Whether one can't be read, or says something a second time.
    pub(super) broken: bool,
}

/// Whether this is no entry but something said of the next one.
pub(super) fn is_extension(form: EntryType) -> bool {
    form.is_gnu_longname() || form.is_gnu_longlink() || form.is_pax_local_extensions()
}

/// Whether records for all entries change what these are.
pub(super) fn changes_entries(content: &[u8]) -> bool {
    let mut extensions = Extensions::default();
    extensions.add_records(content);
    let harmless = extensions.name.is_none()
        && extensions.link.is_none()
        && extensions.size.is_none()
        && !extensions.sparse
        && !extensions.broken;
    !harmless
}

impl Extensions {
    /// Adds one of them.
    pub(super) fn add(&mut self, form: EntryType, content: &[u8]) {
        if content.len() > LONGEST {
            self.broken = true;
        } else if form.is_gnu_longname() {
            self.broken |= !once(&mut self.name, until_zero(content));
        } else if form.is_gnu_longlink() {
            self.broken |= !once(&mut self.link, until_zero(content));
        } else {
            self.add_records(content);
        }
    }

    /// Records are `LENGTH KEY=VALUE\n`, the length counting all of it. Values may hold anything, line breaks too.
    fn add_records(&mut self, content: &[u8]) {
        let mut rest = content;
        while !rest.is_empty() {
            let Some((key, value, after)) = record(rest) else {
                self.broken = true;
                return;
            };
            self.add_record(key, value);
            rest = after;
        }
    }

    fn add_record(&mut self, key: &[u8], value: &[u8]) {
        let fine = match key {
            b"path" => once(&mut self.name, value),
            b"linkpath" => once(&mut self.link, value),
            b"uname" => once(&mut self.user, value),
            b"gname" => once(&mut self.group, value),
            b"size" => match number(value) {
                Some(size) => self.size.replace(size).is_none(),
                None => false,
            },
            b"mtime" => match number(value.split(|&byte| byte == b'.').next().unwrap_or(value)) {
                Some(seconds) => {
                    self.modified = i64::try_from(seconds).ok();
                    true
                }
                // A time before 1970 is odd, no danger.
                None => true,
            },
            // A file with holes is refused, under its own name.
            b"GNU.sparse.name" => {
                self.sparse = true;
                self.name = Some(value.to_owned());
                true
            }
            _ => {
                self.sparse |= key.starts_with(b"GNU.sparse.");
                true
            }
        };
        self.broken |= !fine;
    }
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().take(8).position(|&byte| byte == b' ')?;
    let length = usize::try_from(number(&bytes[..space])?).ok()?;
    let whole = bytes.get(..length)?;
    let text = whole.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = text.iter().position(|&byte| byte == b'=')?;
    Some((&text[..equals], &text[equals + 1..], &bytes[length..]))
}

/// Digits only: what else a program takes for a number differs.
fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Whether it was not said before.
fn once(field: &mut Option<Vec<u8>>, value: &[u8]) -> bool {
    field.replace(value.to_owned()).is_none()
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or(bytes)
}
