//! The rows of a table as they arrive: which query, which window, how fresh.
//!
//! At most one request for a query is under way. A new query does not wait for the answer to the old
//! one, whose rows stay in view until its own arrive.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use console_ipc::IpcError;
use console_ipc::inventory::{Freshness, QueryRows, RowView, RowsAnswer};
use console_ipc::query::Query;
use leptos::prelude::{LocalStorage, RwSignal, Set, StoredValue, Update, UpdateValue, WithValue};

use super::cache::Cache;
use super::geometry::{Span, WINDOW};
use super::known;
use crate::ipc;

/// An answer on its way.
pub type Answer = Pin<Box<dyn Future<Output = Result<RowsAnswer, IpcError>>>>;

/// Where rows come from: a query, the first row and how many at most.
pub type Source = Rc<dyn Fn(Query, u64, u32) -> Answer>;

/// How long a changed row stays marked, in milliseconds.
const MARKED_MS: f64 = 5000.0;

/// What is known of the rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// Whether any answer came yet.
    pub answered: bool,
    /// Whether the rows in view belong to an older query than the one asked.
    pub behind: bool,
    /// Rows there are.
    pub total: u64,
    /// Rows that match.
    pub matched: u64,
    /// How fresh they are.
    pub freshness: Freshness,
    /// Why the last question was not answered.
    pub error: Option<IpcError>,
}

/// The rows of a table.
#[derive(Clone, Copy)]
pub struct Feed {
    inner: StoredValue<Inner, LocalStorage>,
    /// What is known of the rows.
    pub status: RwSignal<Status>,
    /// Grows whenever rows are to be painted again.
    pub arrivals: RwSignal<u64>,
}

struct Inner {
    source: Source,
    query: Query,
    cache: Cache,
    window: Span,
    /// Grows with each new query; answers to older ones are dropped.
    epoch: u64,
    /// The epoch of the question under way.
    asking: Option<u64>,
    /// Whether to ask once more when the answer is there.
    again: bool,
    /// The generation in view and when it was seen first, in milliseconds since the epoch.
    seen: Option<(u64, f64)>,
}

impl Feed {
    /// The rows of a resource in the inventory.
    pub fn inventory(resource: &'static str, query: Query) -> Self {
        let source: Source = Rc::new(move |query, offset, limit| {
            Box::pin(ipc::call(QueryRows {
                resource: resource.to_owned(),
                query,
                offset,
                limit,
            }))
        });
        Self::new(source, query)
    }

    /// Rows from anywhere. Asks at once.
    pub fn new(source: Source, query: Query) -> Self {
        let feed = Self {
            inner: StoredValue::new_local(Inner {
                source,
                query,
                cache: Cache::default(),
                window: Span {
                    first: 0,
                    end: u64::from(WINDOW),
                },
                epoch: 0,
                asking: None,
                again: false,
                seen: None,
            }),
            status: RwSignal::new(Status::default()),
            arrivals: RwSignal::new(0),
        };
        feed.ask();
        feed
    }

    /// Asks another question, unless it is the same.
    pub fn set_query(self, query: Query) {
        let changed = self.inner.try_update_value(|inner| {
            let changed = inner.query != query;
            if changed {
                inner.query = query;
                inner.epoch += 1;
                inner.window = Span {
                    first: 0,
                    end: u64::from(WINDOW),
                };
            }
            changed
        });
        if changed == Some(true) {
            self.status.update(|status| status.behind = true);
            self.ask();
        }
    }

    /// The question asked last.
    pub fn query(self) -> Query {
        self.inner
            .try_with_value(|inner| inner.query.clone())
            .unwrap_or_default()
    }

    /// Asks again for the same rows: something may have changed.
    pub fn refresh(self) {
        self.ask();
    }

    /// Makes sure that these rows come, with others around them.
    pub(super) fn want(self, needed: Span, window: Span) {
        let missing = self.inner.try_update_value(|inner| {
            let missing = inner.asking.is_none() && !inner.cache.span().covers(needed);
            let moved = !inner.window.covers(needed);
            if missing || moved {
                inner.window = window;
            }
            missing || moved
        });
        if missing == Some(true) {
            self.ask();
        }
    }

    /// Runs with the rows at hand.
    pub(super) fn with_rows<T>(self, body: impl FnOnce(&Cache) -> T) -> Option<T> {
        self.inner.try_with_value(|inner| body(&inner.cache))
    }

    /// A row at hand.
    pub(super) fn row(self, at: u64) -> Option<Rc<RowView>> {
        self.with_rows(|cache| cache.get(at).cloned()).flatten()
    }

    /// Since when changes are marked, while they are.
    pub(super) fn marks(self, now_ms: f64) -> bool {
        let seen = self.inner.try_with_value(|inner| inner.seen).flatten();
        seen.is_some_and(|(_, since)| now_ms - since < MARKED_MS)
    }

    /// Asks for some rows beside the window, for what spans more than the view.
    pub(super) fn fetch(self, offset: u64, limit: u32) -> Option<Answer> {
        self.inner
            .try_with_value(|inner| (inner.source)(inner.query.clone(), offset, limit))
    }

    fn ask(self) {
        let question = self.inner.try_update_value(|inner| {
            if inner.asking == Some(inner.epoch) {
                inner.again = true;
                return None;
            }
            inner.asking = Some(inner.epoch);
            inner.again = false;
            let limit = u32::try_from(inner.window.len())
                .unwrap_or(WINDOW)
                .clamp(1, WINDOW);
            let answer = (inner.source)(inner.query.clone(), inner.window.first, limit);
            Some((inner.epoch, answer))
        });
        if let Some((epoch, answer)) = question.flatten() {
            wasm_bindgen_futures::spawn_local(async move {
                let answer = answer.await;
                self.arrive(epoch, answer);
            });
        }
    }

    fn arrive(self, epoch: u64, answer: Result<RowsAnswer, IpcError>) {
        let now = js_sys::Date::now();
        let mut status = None;
        let again = self.inner.try_update_value(|inner| {
            if inner.epoch != epoch {
                return None;
            }
            inner.asking = None;
            status = Some(match answer {
                Ok(answer) => {
                    inner.take(&answer.freshness, now);
                    if known::note(answer.names) {
                        // Rows are painted anew, also those that are the same but for the names in them.
                        inner.cache = Cache::default();
                    }
                    inner.cache.replace(answer.offset, answer.rows);
                    Ok(Status {
                        answered: true,
                        behind: false,
                        total: answer.total,
                        matched: answer.matched,
                        freshness: answer.freshness,
                        error: None,
                    })
                }
                Err(error) => Err(error),
            });
            Some(std::mem::take(&mut inner.again))
        });
        // The page was left, or the answer is to an older question.
        let Some(Some(again)) = again else { return };
        match status {
            Some(Ok(status)) => self.status.set(status),
            Some(Err(error)) => self.status.update(|status| {
                status.error = Some(error);
                status.behind = false;
            }),
            None => {}
        }
        self.arrivals.update(|arrivals| *arrivals += 1);
        if self.marks(now) {
            self.unmark_later();
        }
        if again {
            self.ask();
        }
    }

    fn unmark_later(self) {
        let wait = std::time::Duration::from_millis(MARKED_MS as u64 + 50);
        leptos::prelude::set_timeout(
            move || {
                // The page may have been left by then.
                self.arrivals.try_update(|arrivals| *arrivals += 1);
            },
            wait,
        );
    }
}

impl Inner {
    fn take(&mut self, freshness: &Freshness, now: f64) {
        match self.seen {
            // What is there at first is not a change.
            None => self.seen = Some((freshness.generation, f64::NEG_INFINITY)),
            Some((generation, _)) if generation != freshness.generation => {
                self.seen = Some((freshness.generation, now));
            }
            Some(_) => {}
        }
    }
}
