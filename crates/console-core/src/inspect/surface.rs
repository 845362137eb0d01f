//! Stands in for `edge_package::inspect` until it is there.
#![allow(dead_code, reason = "it goes")]
use console_ipc::inspect::report::{Comparison, Identity, Kind, Report, VERSION, Verdict};
use zeroize::Zeroizing;

pub(crate) struct Input<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}
#[derive(Default)]
pub(crate) struct OpenOptions<'a> {
    pub(crate) passphrases: &'a [Zeroizing<String>],
}
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    name: String,
    size: u64,
}
impl Opened {
    pub(crate) fn unlock(&mut self, _: &Zeroizing<String>) -> bool {
        false
    }
}
#[derive(Clone, Copy)]
pub(crate) enum Language {
    En,
    Zh,
}
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) source: String,
    pub(crate) seen_at: i64,
    pub(crate) subject: KnownSubject,
}
#[derive(Clone, Debug)]
pub(crate) enum KnownSubject {
    Absent,
    Present {
        name: String,
        state: String,
        registered_again_at: Option<i64>,
        current_serials: Vec<String>,
    },
}
pub(crate) struct Context<'a> {
    pub(crate) at: i64,
    pub(crate) lead_days: u32,
    pub(crate) language: Language,
    pub(crate) known: Option<&'a Known>,
}
pub(crate) fn open(input: &Input<'_>, _: &OpenOptions<'_>) -> Opened {
    Opened {
        name: input.name.to_owned(),
        size: input.bytes.len() as u64,
    }
}
pub(crate) fn judge(opened: &Opened, context: &Context<'_>) -> Report {
    Report {
        version: VERSION,
        name: opened.name.clone(),
        size: opened.size,
        sha256: String::new(),
        at: context.at,
        kind: Kind::Unknown,
        layers: Vec::new(),
        verdict: Verdict::Bad,
        headline: String::new(),
        good_until: None,
        identity: Identity::default(),
        checks: Vec::new(),
        entries: Vec::new(),
        certificates: Vec::new(),
        keys: Vec::new(),
        configurations: Vec::new(),
        locked: Vec::new(),
    }
}
pub(crate) fn compare(a: &Report, b: &Report, _: Language) -> Comparison {
    Comparison {
        names: [a.name.clone(), b.name.clone()],
        headline: String::new(),
        rows: Vec::new(),
    }
}
pub(crate) mod write {
    use super::{Language, Report};
    pub(crate) fn text(_: &Report, _: Language) -> String {
        String::new()
    }
    pub(crate) fn json(_: &Report, _: Language) -> String {
        String::new()
    }
    pub(crate) fn html(_: &Report, _: Language) -> String {
        String::new()
    }
}
pub(crate) mod calendar {
    pub(crate) fn ics() -> String {
        String::new()
    }
    pub(crate) fn csv() -> String {
        String::new()
    }
}
