//! As text, for a terminal.

use super::{about, content, lines, role, status};
use crate::inspect::moment;
use crate::inspect::words::{Language, Phrase, Title, Words};
use crate::report::{Report, Section};

/// As text: the verdict first, the checks in order of weight, then everything else.
#[must_use]
pub fn text(report: &Report, language: Language) -> String {
    let words = Words::of(language);
    let mut out = Out {
        text: String::new(),
        words,
    };
    out.line(0, &report.headline);
    out.title(Title::Checks);
    for check in &report.checks {
        let status = status(check.status, words);
        out.line(1, &format!("[{status}] {}: {}", check.title, check.reason));
        if !check.next.is_empty() {
            out.line(2, &format!("→ {}", check.next));
        }
    }
    out.title(Title::Input);
    for (label, value) in about(report, words) {
        out.line(1, &format!("{label}: {value}"));
    }
    if !report.entries.is_empty() {
        out.title(Title::Content);
        for entry in &report.entries {
            let what = content(&entry.content, words);
            let (mode, size) = (entry.mode, entry.size);
            let changed = moment::time(entry.modified);
            let (owner, path) = (&entry.owner, &entry.path);
            out.line(
                1,
                &format!("{mode:04o} {owner} {size:>8} {changed} {path} ({what})"),
            );
            for more in [&entry.sha256, &entry.refused] {
                if !more.is_empty() {
                    out.line(2, more);
                }
            }
        }
    }
    if !report.certificates.is_empty() {
        out.title(Title::Certificates);
    }
    for certificate in &report.certificates {
        let role = role(certificate.role, words);
        out.line(
            1,
            &format!("{} ({role}, {})", certificate.name, certificate.source),
        );
        out.sections(&certificate.sections);
    }
    if !report.keys.is_empty() {
        out.title(Title::Keys);
    }
    for key in &report.keys {
        let locked = if key.locked {
            words.phrase(Phrase::ContentEncryptedKey)
        } else {
            key.algorithm.clone()
        };
        out.line(1, &format!("{} ({locked})", key.source));
        out.sections(&key.sections);
    }
    if !report.configurations.is_empty() {
        out.title(Title::Configurations);
    }
    for configuration in &report.configurations {
        out.line(1, &configuration.source);
        for line in configuration.text.lines() {
            out.line(2, line);
        }
    }
    out.text.push('\n');
    out.line(0, &words.phrase(Phrase::NoSecrets));
    out.text
}

struct Out {
    text: String,
    words: Words,
}

impl Out {
    fn title(&mut self, title: Title) {
        self.text.push('\n');
        let title = self.words.title(title);
        self.line(0, &title);
    }

    /// Whatever a file says can't move the cursor or colour the terminal.
    fn line(&mut self, depth: usize, text: &str) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
        self.text.push_str(&crate::inspect::name::clean(text));
        self.text.push('\n');
    }

    fn sections(&mut self, sections: &[Section]) {
        // The text view of a certificate says the same once more.
        for section in sections.iter().filter(|section| section.id != "text") {
            self.line(2, &section.title);
            for field in &section.fields {
                let lines = lines(&field.value, self.words);
                match &lines[..] {
                    [one] => self.line(3, &format!("{}: {one}", field.label)),
                    several => {
                        self.line(3, &format!("{}:", field.label));
                        for line in several {
                            self.line(4, line);
                        }
                    }
                }
            }
        }
    }
}
