//! What a sheet is about.

use std::sync::Arc;

use console_ipc::bulk::BulkAction;
use console_ipc::call::{CallTarget, SentAnswer};
use ief_api::operation::Call;
use serde_json::Value;

use crate::kit::Text;

/// A change of one thing, with the words for it.
#[derive(Clone)]
pub struct Change {
    /// Title of the sheet: "Stop gw-bj-0042".
    pub title: Text,
    /// What will happen, in a plain sentence.
    pub sentence: Text,
    /// What is sent.
    pub call: Call,
    /// The thing it acts on. Whoever deletes or upgrades types its name.
    pub target: Option<CallTarget>,
    /// What is there now, in the shape of the body, so that an update shows its differences.
    pub before: Option<Value>,
    /// `updated_at` of the target as shown; when the service has another by now, nothing is sent.
    pub seen_version: Option<String>,
    /// What else breaks.
    pub breaks: Vec<Text>,
    /// What stands in its way. With any it can't be sent, and the sheet says so in its place.
    pub obstacles: Vec<Obstacle>,
    /// A verb: "Stop node".
    pub send: Text,
    /// What is true after it: "gw-bj-0042 is stopped."
    pub done: Text,
    /// File name to offer for the package in the answer, where there is one.
    pub package: Option<String>,
    /// The change that takes it back, where there is one.
    pub undo: Option<Arc<dyn Fn() -> Self + Send + Sync>>,
    /// Called once the service has done it.
    pub on_done: Option<Arc<dyn Fn(SentAnswer) + Send + Sync>>,
}

/// Something that stands in the way of a change: it has to go first.
#[derive(Clone)]
pub struct Obstacle {
    /// What it is, in a sentence.
    pub what: Text,
    /// Address of its page, as a link has it.
    pub page: String,
}

impl Change {
    /// A change with the words that every one has.
    pub fn new(title: impl Into<Text>, sentence: impl Into<Text>, call: Call) -> Self {
        let title = title.into();
        Self {
            send: title.clone(),
            done: Text::from(crate::words::sheet::done),
            title,
            sentence: sentence.into(),
            call,
            target: None,
            before: None,
            seen_version: None,
            breaks: Vec::new(),
            obstacles: Vec::new(),
            package: None,
            undo: None,
            on_done: None,
        }
    }

    /// Names what it acts on.
    #[must_use]
    pub fn target(mut self, resource: &str, id: &str, name: &str) -> Self {
        self.target = Some(CallTarget {
            resource: resource.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
        });
        self
    }

    /// Tells what is there now, in the shape of the body.
    #[must_use]
    pub fn before(mut self, before: Value) -> Self {
        self.before = Some(before);
        self
    }

    /// Sends nothing when somebody changed the target since.
    #[must_use]
    pub fn seen(mut self, version: Option<String>) -> Self {
        self.seen_version = version.filter(|version| !version.is_empty());
        self
    }

    /// Tells something else that breaks.
    #[must_use]
    pub fn breaks(mut self, what: impl Into<Text>) -> Self {
        self.breaks.push(what.into());
        self
    }

    /// Tells something that stands in its way. It can't be sent then.
    #[must_use]
    pub fn obstacle(mut self, what: impl Into<Text>, page: String) -> Self {
        let what = what.into();
        self.obstacles.push(Obstacle { what, page });
        self
    }

    /// Names the button that sends.
    #[must_use]
    pub fn button(mut self, label: impl Into<Text>) -> Self {
        self.send = label.into();
        self
    }

    /// Tells what is true after it.
    #[must_use]
    pub fn done(mut self, done: impl Into<Text>) -> Self {
        self.done = done.into();
        self
    }

    /// The answer holds a package, which can be saved once: under this file name.
    #[must_use]
    pub fn package(mut self, file: impl Into<String>) -> Self {
        self.package = Some(file.into());
        self
    }

    /// Tells how it is taken back.
    #[must_use]
    pub fn undo(mut self, undo: impl Fn() -> Self + Send + Sync + 'static) -> Self {
        self.undo = Some(Arc::new(undo));
        self
    }

    /// Calls back once the service has done it.
    #[must_use]
    pub fn on_done(mut self, done: impl Fn(SentAnswer) + Send + Sync + 'static) -> Self {
        self.on_done = Some(Arc::new(done));
        self
    }
}

/// The same change of many rows.
#[derive(Clone)]
pub struct Bulk {
    /// Title of the sheet: "Stop nodes".
    pub title: Text,
    /// What happens to each, in a plain sentence.
    pub sentence: Text,
    /// What is done with which rows.
    pub action: BulkAction,
    /// A verb: "Stop nodes".
    pub send: Text,
    /// Whether it destroys something.
    pub danger: bool,
    /// Called once it has begun.
    pub on_start: Option<Arc<dyn Fn() + Send + Sync>>,
}
