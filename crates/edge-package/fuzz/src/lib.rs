//! What the targets share: how to open, and what must hold whatever goes in.

use edge_package::inspect::{
    Context, Input, Language, Limits, OpenOptions, Opened, compare, judge, open, write,
};
use edge_package::report::Report;
use zeroize::Zeroizing;

/// Opens with limits that keep each run short, and says what must hold of every input.
pub fn check(bytes: &[u8], passphrases: &[Zeroizing<String>]) -> Opened {
    let limits = Limits {
        total_bytes: 1 << 20,
        entry_bytes: 1 << 18,
        private_keys: 3,
        rounds: 20_000,
        derivation_bytes: 1 << 20,
        ..Limits::default()
    };
    let options = OpenOptions {
        limits,
        passphrases,
    };
    let input = Input {
        name: "input",
        bytes,
    };
    let opened = open(&input, &options);
    assert!(
        opened.troubles().len() <= 200 && opened.private_keys() <= 256,
        "what is found ends somewhere"
    );
    assert!(
        opened.locked().len() <= 256 * (1 + passphrases.len()),
        "what is locked ends somewhere"
    );
    let context = context(Language::En);
    let report = judge(&opened, &context);
    // Each is as good as any other to write; all of them would take most of the time.
    if bytes.len() % 16 == 0 {
        write_down(&opened, &report);
    }
    opened
}

fn context(language: Language) -> Context<'static> {
    Context {
        at: 1_800_000_000,
        lead_days: 30,
        language,
        known: None,
    }
}

/// Writes the report in every form, as an inspection goes on.
fn write_down(opened: &Opened, english: &Report) {
    let chinese = judge(opened, &context(Language::Zh));
    assert_eq!(english.verdict, chinese.verdict, "words change nothing");
    assert_eq!(
        *english,
        judge(opened, &context(Language::En)),
        "the same input gives the same report"
    );
    let same = compare(english, english, Language::En);
    assert!(
        same.rows.iter().all(|row| row.same),
        "nothing differs from itself"
    );
    let html = write::html(english, Language::En);
    assert!(
        !html.contains("<script"),
        "what is inspected never becomes a part of the page"
    );
    write::json(english);
    write::text(&chinese, Language::Zh);
}
