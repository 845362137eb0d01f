//! What can be done with application templates and their versions, and where their pages are.

use super::version_form::FROM;
use crate::pages::parts::call_of;
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::words::apps as texts;

/// So many versions are named before the rest is only counted.
const NAMED: usize = 5;

/// The page of a version.
pub(super) fn version_address(app: &str, version: &str) -> Address {
    Address::new(["apps", app, "versions", version])
}

/// Goes to the form of a template.
pub(super) fn edit(id: &str) {
    router::go(&Address::new(["apps", id, "edit"]).to_string());
}

/// Goes to the form of a new version, empty or like another one.
pub(super) fn add_version(app: &str, from: Option<&str>) {
    let address = Address::new(["apps", app, "versions", "new"]);
    let address = match from {
        Some(from) => address.with(FROM, from),
        None => address,
    };
    router::go(&address.to_string());
}

/// Goes to the form of a version.
pub(super) fn edit_version(app: &str, id: &str) {
    router::go(&Address::new(["apps", app, "versions", id, "edit"]).to_string());
}

/// Deletes a template with its versions, which are named as far as they are known.
pub(super) fn delete(id: &str, name: &str, versions: Option<Vec<String>>) {
    let own = Address::new(["apps", id]).path;
    let call = call_of("delete_app", &[("app_id", id)], &[]);
    let change = Change::new(
        texts::delete_title(name),
        texts::delete_sentence(name),
        call,
    )
    .target("app", id, name)
    .button(texts::delete)
    .done(texts::deleted(name))
    .on_done(move |_| {
        if router::Router::the().address_now().path.starts_with(&own) {
            router::go("#/apps");
        }
    });
    sheet::send(match versions {
        None => change.breaks(texts::delete_breaks),
        Some(versions) if versions.is_empty() => change,
        Some(versions) => {
            change.breaks(texts::delete_breaks_named(versions.len(), named(&versions)))
        }
    });
}

/// The first names, and a sign that there are more.
fn named(versions: &[String]) -> String {
    let first = versions.iter().take(NAMED).map(String::as_str);
    let more = (versions.len() > NAMED).then_some("…");
    first.chain(more).collect::<Vec<_>>().join(", ")
}

/// Deletes a version.
pub(super) fn delete_version(app: &str, id: &str, name: &str) {
    let own = version_address(app, id).path;
    let list = Address::new(["apps", app]).to_string();
    let call = call_of(
        "delete_app_version",
        &[("app_id", app), ("version_id", id)],
        &[],
    );
    let change = Change::new(
        texts::delete_title(name),
        texts::version::delete_sentence(name),
        call,
    )
    .target("app_version", id, name)
    .button(texts::version::delete)
    .done(texts::deleted(name))
    .on_done(move |_| {
        if router::Router::the().address_now().path.starts_with(&own) {
            router::go(&list);
        }
    });
    sheet::send(change);
}
