//! As one HTML page: nothing remote, no script, everything escaped, fit to be printed.

use super::{about, content, lines, role, status, verdict};
use crate::inspect::moment;
use crate::inspect::name::is_hidden;
use crate::inspect::words::{Label, Language, Phrase, Title, Words};
use crate::report::{Report, Section, Status, Verdict};

/// The look: that of the window, in the colours of the system, and black on white on paper.
const STYLE: &str = include_str!("report.css");

/// As one page in a language.
#[must_use]
pub fn html(report: &Report, language: Language) -> String {
    let words = Words::of(language);
    let mut page = Page {
        text: String::new(),
        words,
    };
    let title = format!("{}: {}", words.phrase(Phrase::ReportTitle), report.name);
    page.raw("<!DOCTYPE html>\n<html lang=\"");
    page.raw(language.code());
    page.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Even a browser that finds something to run or to load in it is told not to.
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.element("title", "", &title);
    page.raw("\n<style>\n");
    page.raw(STYLE);
    page.raw("</style>\n</head>\n<body>\n<main>\n<header class=\"");
    page.raw(match report.verdict {
        Verdict::Good => "good",
        Verdict::Warning => "warning",
        Verdict::Bad => "bad",
    });
    page.raw("\">\n");
    page.element("p", "verdict", &verdict(report.verdict, words));
    page.element("h1", "", &report.headline);
    page.raw("</header>\n");
    page.checks(report);
    page.about(report);
    page.entries(report);
    page.certificates(report);
    page.keys(report);
    page.configurations(report);
    page.raw("<footer>");
    page.element("p", "", &words.phrase(Phrase::NoSecrets));
    page.raw("</footer>\n</main>\n</body>\n</html>\n");
    page.text
}

struct Page {
    text: String,
    words: Words,
}

impl Page {
    /// Markup of our own.
    fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// Text of whomever, as text.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                // Other control characters are not allowed in a page, and what can't be seen deceives.
                it if is_hidden(it) && !matches!(it, '\n' | '\t') => self.text.push('\u{fffd}'),
                it => self.text.push(it),
            }
        }
    }

    fn element(&mut self, name: &str, class: &str, text: &str) {
        self.raw("<");
        self.raw(name);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
        self.escaped(text);
        self.raw("</");
        self.raw(name);
        self.raw(">");
    }

    fn heading(&mut self, title: Title) {
        let title = self.words.title(title);
        self.raw("<section>\n");
        self.element("h2", "", &title);
        self.raw("\n");
    }

    fn head(&mut self, labels: &[Label]) {
        self.raw("<table>\n<thead><tr>");
        for label in labels {
            let label = self.words.label(*label);
            self.element("th", "", &label);
        }
        self.raw("</tr></thead>\n<tbody>\n");
    }

    fn checks(&mut self, report: &Report) {
        self.heading(Title::Checks);
        self.raw("<ul class=\"checks\">\n");
        for check in &report.checks {
            let class = match check.status {
                Status::Failed => "failed",
                Status::Warned => "warned",
                Status::Passed => "passed",
                Status::NotApplicable => "idle",
            };
            self.raw("<li class=\"");
            self.raw(class);
            self.raw("\">");
            let told = status(check.status, self.words);
            self.element("span", "status", &told);
            self.raw("<div>");
            self.element("strong", "", &check.title);
            if !check.subject.is_empty() {
                self.element("code", "subject", &check.subject);
            }
            self.element("p", "", &check.reason);
            if !check.next.is_empty() {
                self.element("p", "next", &check.next);
            }
            self.raw("</div></li>\n");
        }
        self.raw("</ul>\n</section>\n");
    }

    fn about(&mut self, report: &Report) {
        self.heading(Title::Input);
        self.raw("<dl>\n");
        for (label, value) in about(report, self.words) {
            self.pair(&label, &[value], false);
        }
        self.raw("</dl>\n</section>\n");
    }

    fn pair(&mut self, label: &str, values: &[String], is_code: bool) {
        self.element("dt", "", label);
        self.raw("<dd>");
        for value in values {
            let class = if is_code { "code" } else { "" };
            self.element("div", class, value);
        }
        self.raw("</dd>\n");
    }

    fn entries(&mut self, report: &Report) {
        if report.entries.is_empty() {
            return;
        }
        self.heading(Title::Content);
        self.head(&[
            Label::Path,
            Label::Content,
            Label::Size,
            Label::Mode,
            Label::Owner,
            Label::Modified,
            Label::Sha256Hex,
        ]);
        for entry in &report.entries {
            self.raw("<tr>");
            self.element("td", "", &entry.path);
            self.raw("<td>");
            let what = content(&entry.content, self.words);
            self.escaped(&what);
            if !entry.refused.is_empty() {
                self.element("p", "refused", &entry.refused);
            }
            self.raw("</td>");
            self.element("td", "number", &entry.size.to_string());
            self.element("td", "number", &format!("{:04o}", entry.mode));
            self.element("td", "", &entry.owner);
            self.element("td", "", &moment::time(entry.modified));
            self.element("td", "code", &entry.sha256);
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n</section>\n");
    }

    fn certificates(&mut self, report: &Report) {
        if report.certificates.is_empty() {
            return;
        }
        self.heading(Title::Certificates);
        for certificate in &report.certificates {
            let role = role(certificate.role, self.words);
            self.raw("<article>\n");
            self.element("h3", "", &certificate.name);
            self.element("p", "", &format!("{role}, {}", certificate.source));
            self.sections(&certificate.sections);
            self.raw("<details>");
            self.element("summary", "", "PEM");
            self.element("pre", "", &certificate.pem);
            self.raw("</details>\n</article>\n");
        }
        self.raw("</section>\n");
    }

    fn sections(&mut self, sections: &[Section]) {
        for section in sections {
            let is_text = section.id == "text";
            if is_text {
                self.raw("<details>");
                self.element("summary", "", &section.title);
                for field in &section.fields {
                    let text = lines(&field.value, self.words).join("\n");
                    self.element("pre", "", &text);
                }
                self.raw("</details>\n");
                continue;
            }
            self.element("h4", "", &section.title);
            self.raw("\n<dl>\n");
            for field in &section.fields {
                let is_code = matches!(field.value, crate::report::Value::Code(_));
                let lines = lines(&field.value, self.words);
                self.pair(&field.label, &lines, is_code);
            }
            self.raw("</dl>\n");
        }
    }

    fn keys(&mut self, report: &Report) {
        if report.keys.is_empty() {
            return;
        }
        self.heading(Title::Keys);
        for key in &report.keys {
            self.raw("<article>\n");
            self.element("h3", "", &key.source);
            let what = if key.locked {
                self.words.phrase(Phrase::ContentEncryptedKey)
            } else if key.private {
                self.words.phrase(Phrase::ContentPrivateKey)
            } else {
                self.words.phrase(Phrase::ContentPublicKey)
            };
            self.element("p", "", &what);
            self.sections(&key.sections);
            self.raw("</article>\n");
        }
        self.raw("</section>\n");
    }

    fn configurations(&mut self, report: &Report) {
        if report.configurations.is_empty() {
            return;
        }
        self.heading(Title::Configurations);
        for configuration in &report.configurations {
            self.raw("<article>\n");
            self.element("h3", "", &configuration.source);
            self.raw("<dl>\n");
            for (path, value) in &configuration.fields {
                self.pair(path, std::slice::from_ref(value), false);
            }
            self.raw("</dl>\n<details>");
            let text = self.words.title(Title::Text);
            self.element("summary", "", &text);
            self.element("pre", "", &configuration.text);
            self.raw("</details>\n</article>\n");
        }
        self.raw("</section>\n");
    }
}
