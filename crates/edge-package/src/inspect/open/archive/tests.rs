use super::{EntryForm, Head, Visitor, is_archive, read};
use crate::inspect::open::budget::{Budget, Limits};
use crate::inspect::open::trouble::{Refusal, Trouble};
use tar::{Builder, EntryType, Header};

struct Found {
    budget: Budget,
    entries: Vec<(Head, Result<Vec<u8>, Refusal>)>,
    troubles: Vec<Trouble>,
}

impl Visitor for Found {
    fn entry(&mut self, head: Head, content: Result<&[u8], Refusal>) {
        self.entries.push((head, content.map(<[u8]>::to_vec)));
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.troubles.push(trouble);
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.budget
    }
}

fn found(archive: &[u8]) -> Found {
    let mut found = Found {
        budget: Budget::new(&Limits::default()),
        entries: Vec::new(),
        troubles: Vec::new(),
    };
    read(archive, &mut found);
    found
}

/// One entry, its name written as it is.
fn raw(name: &[u8], form: u8, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(EntryType::new(form));
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    block(header, content)
}

fn block(mut header: Header, content: &[u8]) -> Vec<u8> {
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    raw(name.as_bytes(), b'0', content)
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut content = String::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length != rest + length.to_string().len() {
            length += 1;
        }
        content += &format!("{length} {key}={value}\n");
    }
    raw(b"PaxHeaders/x", b'x', content.as_bytes())
}

fn archive(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = parts.concat();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// Each entry as `path: content` or `path! refusal`.
#[track_caller]
fn check(parts: &[Vec<u8>], entries: &[(&str, Result<&str, Refusal>)], troubles: &[Trouble]) {
    let archive = archive(parts);
    assert!(is_archive(&archive));
    let found = found(&archive);
    let own: Vec<_> = found
        .entries
        .iter()
        .map(|(head, content)| {
            let content = content.as_ref();
            let text = content.map(|bytes| std::str::from_utf8(bytes).unwrap());
            (head.path.as_str(), text.map_err(Clone::clone))
        })
        .collect();
    assert_eq!(own, entries);
    assert_eq!(found.troubles, troubles);
}

#[test]
fn entries_are_read_with_their_facts() {
    let mut builder = Builder::new(Vec::new());
    let mut header = Header::new_ustar();
    header.set_size(5);
    header.set_mode(0o100_640);
    header.set_mtime(1_700_000_000);
    header.set_uid(1000);
    header.set_gid(7);
    header.set_username("edge").unwrap();
    builder
        .append_data(&mut header, "./a/key", &b"hello"[..])
        .unwrap();
    let long = format!("{}/{}", "d".repeat(90), "n".repeat(90));
    let mut header = Header::new_gnu();
    header.set_size(3);
    header.set_mode(0o600);
    builder
        .append_data(&mut header, &long, &b"bye"[..])
        .unwrap();
    let found = found(&builder.into_inner().unwrap());
    assert_eq!(found.troubles, []);
    let (head, content) = &found.entries[0];
    assert_eq!(content.as_deref(), Ok(&b"hello"[..]));
    assert_eq!(
        (
            head.path.as_str(),
            head.form,
            head.size,
            head.mode,
            head.owner.as_str(),
            head.modified
        ),
        ("a/key", EntryForm::File, 5, 0o640, "edge:7", 1_700_000_000)
    );
    let (head, content) = &found.entries[1];
    assert_eq!(
        (head.path.as_str(), content.as_deref()),
        (long.as_str(), Ok(&b"bye"[..]))
    );
}

#[test]
fn what_could_do_harm_is_refused_and_the_rest_read() {
    let link = |form: u8, to: &str| {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..4].copy_from_slice(b"link");
        header.as_old_mut().linkname[..to.len()].copy_from_slice(to.as_bytes());
        header.set_entry_type(EntryType::new(form));
        header.set_size(0);
        block(header, b"")
    };
    let target = "/etc/shadow".to_owned();
    let last = ("good", Ok("good"));
    let good = || file("good", b"good");
    for (bad, path, refusal) in [
        (
            link(b'2', "/etc/shadow"),
            "link",
            Refusal::SymbolicLink {
                target: target.clone(),
            },
        ),
        (
            link(b'1', "/etc/shadow"),
            "link",
            Refusal::HardLink { target },
        ),
        (raw(b"tty", b'3', b""), "tty", Refusal::Device),
        (raw(b"sda", b'4', b""), "sda", Refusal::Device),
        (raw(b"pipe", b'6', b""), "pipe", Refusal::Fifo),
        (raw(b"tape", b'V', b""), "tape", Refusal::Form('V')),
        (
            raw(b"folder/", b'5', b"content"),
            "folder",
            Refusal::ContentWhereNone,
        ),
        (
            file("/etc/passwd", b"x"),
            "/etc/passwd",
            Refusal::AbsolutePath,
        ),
        (file("C:\\x", b"x"), "C:\\x", Refusal::AbsolutePath),
        (file("a/../../x", b"x"), "a/../../x", Refusal::ParentPath),
        (file("..\\x", b"x"), "..\\x", Refusal::ParentPath),
        (file("", b"x"), "", Refusal::NoName),
        (
            file("a\u{202e}trc.x", b"x"),
            "a\u{fffd}trc.x",
            Refusal::HiddenCharacters,
        ),
        (
            file("a\u{1b}[31m", b"x"),
            "a\u{fffd}[31m",
            Refusal::HiddenCharacters,
        ),
        (raw(b"a\xff", b'0', b"x"), "a\u{fffd}", Refusal::NotUtf8),
        (
            file("good/below", b"x"),
            "good/below",
            Refusal::BelowOther {
                path: "good".to_owned(),
            },
        ),
        (file("./good", b"other"), "good", Refusal::Duplicate),
    ] {
        check(
            &[good(), bad.clone()],
            &[last.clone(), (path, Err(refusal.clone()))],
            &[],
        );
        if !matches!(refusal, Refusal::BelowOther { .. } | Refusal::Duplicate) {
            check(&[bad, good()], &[(path, Err(refusal)), last.clone()], &[]);
        }
    }
}

#[test]
fn files_with_holes_are_refused_with_all_their_heads() {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..4].copy_from_slice(b"hole");
    header.set_entry_type(EntryType::GNUSparse);
    header.set_size(512);
    header.as_gnu_mut().unwrap().set_is_extended(true);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    let mut map = [0_u8; 512];
    map[504] = 1;
    bytes.extend(map);
    map[504] = 0;
    bytes.extend(map);
    bytes.extend([b'x'; 512]);
    let entries = [("hole", Err(Refusal::Sparse)), ("good", Ok("good"))];
    check(&[bytes, file("good", b"good")], &entries, &[]);
    let holes = pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.name", "hole")]);
    let entries = [("hole", Err(Refusal::Sparse)), ("good", Ok("good"))];
    check(
        &[holes, file("0", b"x"), file("good", b"good")],
        &entries,
        &[],
    );
}

#[test]
fn heads_that_contradict_each_other_are_refused() {
    let name = |name: &str| raw(b"././@LongLink", b'L', format!("{name}\0").as_bytes());
    let disagree = || {
        Err(Refusal::NamesDisagree {
            header: "safe".to_owned(),
        })
    };
    check(
        &[name("evil"), file("safe", b"x")],
        &[("evil", disagree())],
        &[],
    );
    check(
        &[pax(&[("path", "evil")]), file("safe", b"x")],
        &[("evil", disagree())],
        &[],
    );
    check(
        &[pax(&[("path", "safe")]), file("safe", b"x")],
        &[("safe", Ok("x"))],
        &[],
    );
    check(
        &[pax(&[("path", "证书")]), file("", b"x")],
        &[("证书", Ok("x"))],
        &[],
    );
    check(
        &[name("safe"), name("safe"), file("safe", b"x")],
        &[("safe", Err(Refusal::Extension))],
        &[],
    );
    // A program that follows the head reads the content of the first as another head.
    let hidden = file("hidden", b"");
    check(
        &[
            pax(&[("size", "512")]),
            [file("safe", b""), hidden].concat(),
            file("good", b"good"),
        ],
        &[
            (
                "safe",
                Err(Refusal::SizesDisagree {
                    header: 0,
                    extension: 512,
                }),
            ),
            ("good", Ok("good")),
        ],
        &[],
    );
    let broken = raw(b"x", b'x', b"99999 path=a\n");
    check(
        &[broken, file("safe", b"x")],
        &[("safe", Err(Refusal::Extension))],
        &[],
    );
    let global = raw(b"x", b'g', b"13 path=evil\n");
    check(
        &[global, file("safe", b"x")],
        &[("safe", Ok("x"))],
        &[Trouble::TarGlobalOverride],
    );
    let comment = raw(b"x", b'g', b"14 comment=abc\n");
    check(
        &[comment, file("safe", b"x")],
        &[("safe", Ok("x"))],
        &[Trouble::TarGlobalOverride],
    );
    let comment = raw(b"x", b'g', b"15 comment=abc\n");
    check(&[comment, file("safe", b"x")], &[("safe", Ok("x"))], &[]);
}

#[test]
fn ends_that_are_none_are_told() {
    let whole = archive(&[file("a", b"a"), file("b", &[b'b'; 600])]);
    let trouble = |bytes: &[u8]| found(bytes).troubles;
    assert_eq!(trouble(&whole), []);
    assert_eq!(trouble(&whole[..1024]), [Trouble::TarWithoutEnd]);
    assert_eq!(trouble(&whole[..1100]), [Trouble::TarTruncated]);
    assert_eq!(trouble(&whole[..2000]), [Trouble::TarTruncated]);
    assert_eq!(found(&whole[..2000]).entries[1].1, Err(Refusal::Truncated));
    let hidden = [whole.clone(), file("c", b"c")].concat();
    assert_eq!(trouble(&hidden), [Trouble::TrailingBytes { count: 1024 }]);
    let mut damaged = whole;
    damaged[1024 + 20] ^= 1;
    assert_eq!(trouble(&damaged), [Trouble::TarDamaged { offset: 1024 }]);
    assert_eq!(trouble(&[0; 1024]), [Trouble::TarEmpty]);
    assert!(!is_archive(&[0; 512]));
    assert!(!is_archive(&[b'x'; 2048]));
}

#[test]
fn limits_hold() {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..4].copy_from_slice(b"huge");
    header.set_size(10 << 30);
    let huge = block(header, b"");
    let limit = Limits::default().entry_bytes;
    check(
        &[file("a", b"a"), huge],
        &[("a", Ok("a")), ("huge", Err(Refusal::TooLarge { limit }))],
        &[Trouble::TarTruncated],
    );
    let many: Vec<_> = (0..600).map(|at| file(&format!("f{at}"), b"")).collect();
    let found = found(&archive(&many));
    assert_eq!(found.entries.len(), 512);
    assert_eq!(found.troubles, [Trouble::TooManyEntries { limit: 512 }]);
}
