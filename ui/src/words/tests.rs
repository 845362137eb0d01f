use std::collections::BTreeMap;

use console_ipc::error::{ErrorKind, NextStep};
use console_ipc::inspect::report::{Kind, Role, Status, Verdict};
use console_ipc::notice::NoticeKind;
use ief_api::catalogue::{OPERATIONS, RESOURCES};
use ief_api::rules::{self, Problem};

use super::{Lang, Words, fill, wire_name};

#[track_caller]
fn check(template: &str, values: &[(&str, &str)], expected: &str) {
    let values: BTreeMap<_, _> = values.iter().copied().collect();
    let filled = fill(template, &|name| {
        values.get(name).map(|it| (*it).to_owned())
    });
    assert_eq!(filled, expected, "{template}");
}

#[test]
fn values_stand_where_they_belong() {
    check("{a} of {b}", &[("a", "1"), ("b", "2")], "1 of 2");
    check("{n} {n:node|nodes}", &[("n", "1")], "1 node");
    check("{n} {n:node|nodes}", &[("n", "1,204")], "1,204 nodes");
    check("no answer[ within {s} s].", &[], "no answer.");
    check(
        "no answer[ within {s} s].",
        &[("s", "30")],
        "no answer within 30 s.",
    );
    check("{{a} [[b]]", &[], "{a} [b]");
}

fn english() -> Words {
    let file = include_str!(concat!(env!("OUT_DIR"), "/words.en.txt"));
    Words::read(Lang::En, file.to_owned()).expect("the file is of this build")
}

#[test]
fn a_file_of_another_build_is_not_read() {
    let english = english();
    assert!((0..english.count).is_sorted_by_key(|at| english.key(at).unwrap()));
    for at in 0..english.count {
        assert_eq!(english.position(english.key(at).unwrap()), Some(at));
        assert!(!english.text(at).unwrap().contains('\n'));
    }
    assert_eq!(english.text(english.count), None);
    assert!(Words::read(Lang::En, "0123456789abcdef 0\n\n".to_owned()).is_none());
}

fn missing(keys: impl Iterator<Item = String>) -> Vec<String> {
    let known = english();
    keys.filter(|key| known.position(key).is_none()).collect()
}

/// Every variant of an enum without fields. A new one does not compile until it stands here.
macro_rules! variants {
    ($type:ident: $($variant:ident)+) => {{
        let _ = |value: $type| match value { $($type::$variant => (),)+ };
        [$($type::$variant),+]
    }};
}

#[test]
fn every_error_kind_has_a_sentence() {
    let kinds = variants!(ErrorKind:
        Protocol InvalidProfile Gone NotConnected InvalidCall Violations ReadOnly NotConfirmed Changed
        UnknownHost Unreachable Refused UntrustedCertificate Tls Proxy SignIn Unauthorized Forbidden
        NotFound Conflict Throttled Rejected ServiceFailure Interrupted OutcomeUnknown MalformedAnswer
        Cancelled SecretStore SecretMissing File TooLarge NotAFile TooMany
        Internal
    );
    let keys = kinds.iter().flat_map(|kind| {
        let name = wire_name(kind);
        [
            format!("error_kinds.{name}.what"),
            format!("error_kinds.{name}.why"),
        ]
    });
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn every_next_step_has_words() {
    let steps = variants!(NextStep:
        TryAgain Wait CheckNetwork CheckCertificate CheckCredential CheckClock AskForRight Unlock Correct
        Reload Verify ChooseAnotherFile ChooseSecretStore Nothing Report
    );
    let keys = steps
        .iter()
        .map(|step| format!("next_steps.{}", wire_name(step)));
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn every_notice_has_a_sentence() {
    let kinds = variants!(NoticeKind:
        ProfilesUnreadable SettingsUnreadable PackagesUnreadable JournalDamaged JournalUnfinished
        JournalIncomplete
    );
    let keys = kinds
        .iter()
        .map(|kind| format!("notices.{}", wire_name(kind)));
    assert_eq!(missing(keys), [""; 0]);
}

/// The names of an enum with fields. A new variant does not compile until it stands here.
macro_rules! names {
    ($type:ident: $($variant:ident $name:literal)+) => {{
        let _ = |value: &$type| match value { $($type::$variant { .. } => (),)+ };
        [$($name),+]
    }};
}

#[test]
fn every_problem_of_a_rule_has_a_sentence() {
    let problems = names!(Problem:
        Missing "missing" TooLong "too_long" TooShort "too_short" Character "character" First "first"
        Last "last" NotANumber "not_a_number" NotADecimal "not_a_decimal" NotAnAddress "not_an_address"
        NotBase64 "not_base64" OutOfRange "out_of_range" OutOfDecimals "out_of_decimals"
        NotOneOf "not_one_of" TooMany "too_many" Duplicate "duplicate" Contradicts "contradicts"
    );
    let keys = problems.iter().map(|name| format!("problems.{name}"));
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn every_change_has_a_name() {
    let changes = OPERATIONS.iter().filter(|spec| spec.mutates());
    assert_eq!(
        missing(changes.map(|spec| format!("operations.{}", spec.name))),
        [""; 0]
    );
}

#[test]
fn every_rule_has_a_hint() {
    assert_eq!(
        missing(rules::all().map(|rule| format!("rules.{}", rule.name))),
        [""; 0]
    );
}

#[test]
fn every_column_has_a_word() {
    let keys = RESOURCES.iter().flat_map(|resource| {
        let columns = resource.columns.iter();
        columns.map(|column| format!("columns.{}.{}", resource.kind, column.name))
    });
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn every_error_code_has_words() {
    let keys = ief_api::codes::ALL
        .iter()
        .flat_map(|code| ["what", "next"].map(|part| format!("errors.{}.{part}", code.code)));
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn every_relation_has_its_words() {
    let keys = ief_api::relation::RELATIONS.iter().flat_map(|relation| {
        let ends = ["uses", "used_by"];
        ends.map(|end| format!("relations.{}.{end}", relation.name))
    });
    assert_eq!(missing(keys), [""; 0]);
}

#[test]
fn what_an_inspection_tells_by_name_has_words() {
    let kinds = variants!(Kind:
        Node NodeCertificate GroupCertificate Registration Archive Certificates Keys Bundle Unknown
    );
    let verdicts = variants!(Verdict: Good Warning Bad);
    let statuses = variants!(Status: Failed Warned Passed NotApplicable);
    let roles = variants!(Role: Own Intermediate Root Other);
    let key = |group: &str, name: &str| format!("inspector.{group}.{name}");
    let mut keys: Vec<String> = Vec::new();
    keys.extend(kinds.iter().map(|it| key("kinds", &wire_name(it))));
    keys.extend(verdicts.iter().map(|it| key("verdicts", &wire_name(it))));
    keys.extend(statuses.iter().map(|it| key("statuses", &wire_name(it))));
    keys.extend(roles.iter().map(|it| key("roles", &wire_name(it))));
    let forms = [
        "file", "folder", "symlink", "hardlink", "device", "fifo", "sparse", "other",
    ];
    keys.extend(forms.map(|form| key("forms", form)));
    let contents = [
        "certificate",
        "certificates",
        "private_key",
        "encrypted_key",
        "public_key",
        "configuration",
        "text",
        "unknown",
        "refused",
    ];
    keys.extend(contents.map(|content| key("content", content)));
    let layers = [
        "gzip", "tar", "base64", "json", "pem", "der", "pkcs7", "pkcs12",
    ];
    keys.extend(layers.map(|layer| key("layer", layer)));
    assert_eq!(missing(keys.into_iter()), [""; 0]);
}
