//! Whole lists, page by page, while they change.
//!
//! Rows move between pages when something is registered or deleted during the reading. Pages therefore
//! overlap by a few rows, rows are told apart by their identifier, and a list that doesn't add up is read
//! a second time. What still doesn't add up is reported, never hidden.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, Stream, StreamExt};
use ief_api::operation::{Call, CallError, OperationSpec, PageRule};
use ief_api::resource::Resource;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::client::{Client, Manner, Reply, malformed};
use crate::error::{Context, Error};

mod decode;
#[cfg(test)]
mod tests;

/// Most times that a list is read before the caller is told that it doesn't hold still.
const MAX_SWEEPS: u32 = 2;

/// Most rows that a list may have: twenty times the largest fleet this console is made for. A service that
/// gives more is answering something else, and maybe without end.
const MAX_ROWS: u64 = 2_000_000;

/// Answers above this many bytes are read on a thread for such work, so that others don't wait.
const DECODE_ASIDE: usize = 64 * 1024;

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListOptions {
    /// Rows in a page. None asks for the most that the operation allows.
    pub page_size: Option<u32>,
    /// Pages asked for at the same time.
    pub in_flight: usize,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            page_size: None,
            in_flight: 4,
        }
    }
}

/// What happens while a list is read.
#[derive(Debug)]
pub enum ListEvent<R> {
    /// A page arrived.
    Page {
        /// Its rows that no earlier page had.
        rows: Vec<R>,
        /// Rows so far, each counted once.
        received: u64,
        /// Rows there are, as far as the service says.
        total: Option<u64>,
        /// The service's identifier of the request.
        request_id: Option<String>,
    },
    /// Nothing more comes.
    Done(ListSummary),
}

/// What reading a whole list came to.
#[derive(Debug)]
pub struct ListSummary {
    /// Rows there are, as the service said last.
    pub total: Option<u64>,
    /// Rows received in the last sweep, each counted once.
    pub unique: u64,
    /// How often the list was read.
    pub sweeps: u32,
    /// Whether the last sweep adds up: the count held still, every row was there, no gap between pages.
    pub agreed: bool,
    /// Rows that could not be read or had no identifier.
    pub bad_rows: u64,
    /// Rows of an earlier sweep that were gone in the last one. Empty unless `agreed`.
    pub gone: IdSet,
}

/// A set of identifiers that keeps hashes only.
pub struct IdSet {
    hasher: RandomState,
    hashes: std::collections::HashSet<u64>,
}

impl IdSet {
    /// Whether the identifier is in the set.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&self.hasher.hash_one(id))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

impl fmt::Debug for IdSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdSet").field(&self.hashes.len()).finish()
    }
}

/// One page as it arrived.
struct Fetched<R> {
    offset: u64,
    page: decode::Page<R>,
    /// What it was read from, without the body.
    reply: Reply,
}

/// The state of one sweep.
#[derive(Default)]
struct Sweep {
    /// Where the next page begins. None when nothing is left to ask for.
    next: Option<u64>,
    total: Option<u64>,
    unique: u64,
    bad: u64,
    /// The count moved, a row is missing at a seam, or a page was short in the middle.
    drifted: bool,
    /// The end of the page before, for the seam with the next.
    tail: Vec<u64>,
    any: bool,
}

/// Reads a list from its first page to its summary.
struct Lister<R> {
    client: Client,
    spec: &'static OperationSpec,
    rule: PageRule,
    call: Call,
    cancel: CancellationToken,
    /// Whether the operation takes `limit` and `offset`.
    paged: bool,
    limit: u64,
    in_flight: usize,
    max_rows: u64,
    hasher: RandomState,
    /// The last sweep that saw each row.
    seen: HashMap<u64, u32>,
    sweeps: u32,
    sweep: Sweep,
    pages: FuturesOrdered<BoxFuture<'static, Result<Fetched<R>, Error>>>,
    finished: bool,
    row: PhantomData<R>,
}

/// Reads all rows of a resource; see [`Client::list`].
pub(crate) fn list<R: Resource>(
    client: Client,
    filters: Vec<(String, String)>,
    options: ListOptions,
    cancel: CancellationToken,
) -> impl Stream<Item = Result<ListEvent<R>, Error>> + Send + 'static {
    list_within(client, filters, options, cancel, MAX_ROWS)
}

/// The same with as many rows at most.
fn list_within<R: Resource>(
    client: Client,
    filters: Vec<(String, String)>,
    options: ListOptions,
    cancel: CancellationToken,
    max_rows: u64,
) -> impl Stream<Item = Result<ListEvent<R>, Error>> + Send + 'static {
    let first = Lister::<R>::new(client, filters, options, cancel, max_rows);
    futures_util::stream::unfold(Some(first), |state| async {
        match state? {
            Err(error) => Some((Err(error), None)),
            Ok(mut lister) => match lister.next().await? {
                Ok(event) => Some((Ok(event), Some(Ok(lister)))),
                Err(error) => Some((Err(error), None)),
            },
        }
    })
}

impl<R: Resource> Lister<R> {
    fn new(
        client: Client,
        filters: Vec<(String, String)>,
        options: ListOptions,
        cancel: CancellationToken,
        max_rows: u64,
    ) -> Result<Self, Error> {
        let spec = R::SPEC.list;
        let invalid = |error| Error::call(spec.name, error);
        let rule = spec
            .page
            .ok_or_else(|| invalid(CallError::MissingParameter("limit".to_owned())))?;
        let mut call = Call {
            operation: spec.name.to_owned(),
            ..Call::default()
        };
        for (name, value) in filters {
            let known = |parameter: &str| spec.query_parameters.iter().any(|q| q.name == parameter);
            if spec.path_parameters.contains(&name.as_str()) {
                call.path.insert(name, value);
            } else if name != "limit" && name != "offset" && known(&name) {
                call.query.push((name, value));
            } else {
                return Err(invalid(CallError::UnknownParameter(name)));
            }
        }
        let takes = |name| spec.query_parameters.iter().any(|q| q.name == name);
        let limit = options
            .page_size
            .unwrap_or(rule.maximum)
            .clamp(1, rule.maximum.max(1));
        Ok(Self {
            client,
            spec,
            rule,
            call,
            cancel,
            paged: takes("limit") && takes("offset"),
            limit: u64::from(limit),
            in_flight: options.in_flight.max(1),
            max_rows,
            hasher: RandomState::new(),
            seen: HashMap::new(),
            sweeps: 1,
            sweep: Sweep::begin(),
            pages: FuturesOrdered::new(),
            finished: false,
            row: PhantomData,
        })
    }

    async fn next(&mut self) -> Option<Result<ListEvent<R>, Error>> {
        if self.finished {
            return None;
        }
        loop {
            self.ask();
            if let Some(fetched) = self.pages.next().await {
                let event = fetched.and_then(|fetched| self.take(fetched));
                self.finished = event.is_err();
                return Some(event);
            }
            let agreed = self.sweep.adds_up();
            if agreed || self.sweeps >= MAX_SWEEPS {
                self.finished = true;
                return Some(Ok(ListEvent::Done(self.summary(agreed))));
            }
            self.sweeps += 1;
            self.sweep = Sweep::begin();
        }
    }

    /// Rows that neighbouring pages share.
    fn overlap(&self) -> u64 {
        if self.limit < 2 {
            0
        } else {
            (self.limit / 50).clamp(1, 16)
        }
    }

    /// Asks for as many pages as may be under way.
    fn ask(&mut self) {
        while let Some(offset) = self.sweep.next {
            // The first page tells how many there are; without a count, each page tells whether there
            // is another one.
            let alone = !self.sweep.any || self.sweep.total.is_none_or(|total| offset >= total);
            let room = if alone { 1 } else { self.in_flight };
            if self.pages.len() >= room {
                return;
            }
            self.pages.push_back(self.fetch(offset));
            let end = offset + self.limit;
            self.sweep.next = match self.sweep.total {
                Some(total) if self.sweep.any && end < total => {
                    Some(offset + self.limit - self.overlap())
                }
                _ => None,
            };
        }
    }

    fn fetch(&self, offset: u64) -> BoxFuture<'static, Result<Fetched<R>, Error>> {
        let mut call = self.call.clone();
        if self.paged {
            call.query
                .push(("limit".to_owned(), self.limit.to_string()));
            call.query.push(("offset".to_owned(), offset.to_string()));
        }
        let (client, spec, rule) = (self.client.clone(), self.spec, self.rule);
        let cancel = self.cancel.clone();
        // A task of its own, so that the page arrives while the caller is busy with the one before.
        let page = AbortOnDropHandle::new(tokio::spawn(async move {
            let mut reply = client
                .exchange(spec, &call, &cancel, Manner::default())
                .await?;
            let page = read::<R>(std::mem::take(&mut reply.body), rule)
                .await
                .map_err(|reason| malformed(spec, &reply, reason))?;
            Ok(Fetched {
                offset,
                page,
                reply,
            })
        }));
        Box::pin(async move {
            match page.await {
                Ok(fetched) => fetched,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // The runtime is shutting down.
                    Err(_) => Err(Error::Cancelled {
                        context: Box::new(Context {
                            operation: spec.name.to_owned(),
                            ..Context::default()
                        }),
                    }),
                },
            }
        })
    }

    /// Takes a page into account and keeps what is new of it.
    ///
    /// # Errors
    /// When there are more rows than a list may have.
    fn take(&mut self, fetched: Fetched<R>) -> Result<ListEvent<R>, Error> {
        let Fetched {
            offset,
            page,
            reply,
        } = fetched;
        let length = page.length;
        let first = !self.sweep.any;
        if !first && page.count != self.sweep.total {
            self.sweep.drifted = true;
        }
        self.sweep.any = true;
        self.sweep.total = page.count;
        self.sweep.bad += page.bad;

        let hashes: Vec<u64> = page
            .rows
            .iter()
            .map(|row| self.hasher.hash_one(row.id()))
            .collect();
        if !first && !self.sweep.tail.is_empty() {
            let joined = hashes.iter().any(|hash| self.sweep.tail.contains(hash));
            self.sweep.drifted |= !joined;
        }
        let overlap = usize::try_from(self.overlap()).unwrap_or(usize::MAX);
        self.sweep.tail = hashes[hashes.len().saturating_sub(overlap)..].to_vec();

        let before = self.sweep.unique;
        let mut rows = Vec::with_capacity(page.rows.len());
        for (row, hash) in page.rows.into_iter().zip(hashes) {
            if row.id().is_empty() {
                self.sweep.bad += 1;
                continue;
            }
            match self.seen.insert(hash, self.sweeps) {
                None => {
                    self.sweep.unique += 1;
                    rows.push(row);
                }
                Some(sweep) if sweep < self.sweeps => self.sweep.unique += 1,
                Some(_) => {}
            }
        }
        // The offset as well, because a page may announce more and have no row, or none that is new.
        if (offset + length).max(self.seen.len() as u64) > self.max_rows {
            let reason = format!("the list goes on after {} rows", self.max_rows);
            return Err(malformed(self.spec, &reply, reason));
        }
        if self.paged {
            let fresh = self.sweep.unique > before;
            self.plan(offset, length, first, fresh);
        }
        Ok(ListEvent::Page {
            rows,
            received: self.seen.len() as u64,
            total: self.sweep.total,
            request_id: reply.request_id,
        })
    }

    /// Decides what to ask for after a page of `length` rows from `offset`.
    fn plan(&mut self, offset: u64, length: u64, first: bool, fresh: bool) {
        let end = offset + length;
        let more = self.sweep.total.is_some_and(|total| end < total);
        if length < self.limit && more {
            if first && length > 0 {
                // The service gives fewer rows than it was asked for: go by what it gives.
                self.limit = length;
            } else {
                self.sweep.drifted = true;
            }
        }
        // The last page asked for decides. A full one may not be the last, whatever the count says: some
        // lists count the rows of the page.
        if self.pages.is_empty() && self.sweep.next.is_none() && length > 0 && length >= self.limit
        {
            if fresh {
                self.sweep.next = Some(end - self.overlap());
            } else {
                // The same rows again: the offset is not respected, and asking on would never end.
                self.sweep.drifted = true;
            }
        }
    }

    fn summary(&mut self, agreed: bool) -> ListSummary {
        let gone = if agreed {
            let last = self.sweeps;
            let old = self.seen.iter().filter(|(_, sweep)| **sweep < last);
            old.map(|(hash, _)| *hash).collect()
        } else {
            std::collections::HashSet::new()
        };
        ListSummary {
            total: self.sweep.total,
            unique: self.sweep.unique,
            sweeps: self.sweeps,
            agreed,
            bad_rows: self.sweep.bad,
            gone: IdSet {
                hasher: self.hasher.clone(),
                hashes: gone,
            },
        }
    }
}

impl Sweep {
    fn begin() -> Self {
        Self {
            next: Some(0),
            ..Self::default()
        }
    }

    fn adds_up(&self) -> bool {
        !self.drifted
            && self
                .total
                .is_none_or(|total| total == self.unique + self.bad)
    }
}

async fn read<R: Resource>(body: Bytes, rule: PageRule) -> Result<decode::Page<R>, String> {
    if body.len() < DECODE_ASIDE {
        return decode::page(&body, &rule);
    }
    match tokio::task::spawn_blocking(move || decode::page(&body, &rule)).await {
        Ok(page) => page,
        Err(error) => Err(format!("reading it failed: {error}")),
    }
}
