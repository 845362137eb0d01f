//! Reading a whole list into an inventory, for any resource.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use console_ipc::error::NextStep;
use console_ipc::inventory::Progress;
use console_ipc::{ErrorKind, IpcError};
use fleet::{Inventory, Reload, RowChange};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, pin_mut};
use ief_api::resource::{Resource, ResourceSpec};
use ief_client::{IdSet, ListEvent, ListOptions, ListSummary};
use serde_json::Value;
use tokio::time::Instant;

use super::Shelf;
use crate::console::blocking;
use crate::error::{from_client, internal};
use crate::session::Session;

/// What has come is shown at most this often while a list is read for the first time.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

/// What a reading came to.
pub(super) struct Loaded {
    /// Whether two sweeps of the list disagree.
    pub(super) uncertain: bool,
    /// Rows that could not be used.
    pub(super) bad_rows: u64,
}

/// Reads rows of one kind of resource.
pub(super) trait Loader: Send + Sync {
    fn spec(&self) -> &'static ResourceSpec;

    /// Reads the whole list.
    fn load<'a>(
        &'a self,
        session: &'a Arc<Session>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Loaded, IpcError>>;

    /// Takes over one row from the answer to a call. Says whether there was one.
    fn upsert(&self, rows: &Inventory, body: &Value) -> bool;
}

/// The loader of a resource.
pub(super) struct Typed<R>(PhantomData<fn() -> R>);

impl<R> Typed<R> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R: Resource> Loader for Typed<R> {
    fn spec(&self) -> &'static ResourceSpec {
        R::SPEC
    }

    fn load<'a>(
        &'a self,
        session: &'a Arc<Session>,
        shelf: &'a Shelf,
    ) -> BoxFuture<'a, Result<Loaded, IpcError>> {
        Box::pin(load::<R>(session, shelf))
    }

    fn upsert(&self, rows: &Inventory, body: &Value) -> bool {
        let subject = R::SPEC.thing(body);
        let Ok(row) = serde_json::from_value::<R>(subject.clone()) else {
            return false;
        };
        if row.id().is_empty() {
            return false;
        }
        let mut cells = Vec::with_capacity(R::SPEC.columns.len());
        row.cells(&mut cells);
        rows.upsert(row.id(), row.name(), &cells).is_ok()
    }
}

async fn load<R: Resource>(session: &Arc<Session>, shelf: &Shelf) -> Result<Loaded, IpcError> {
    let pages = session
        .client
        .list::<R>(Vec::new(), ListOptions::default(), &session.ended);
    pin_mut!(pages);
    let mut reload = shelf.rows().reload();
    let mut bad_rows = 0;
    let began = Instant::now();
    let mut shown: Option<Instant> = None;
    while let Some(event) = pages.next().await {
        match event {
            Ok(ListEvent::Page {
                rows,
                received,
                total,
                ..
            }) => {
                if shown.is_none() {
                    session.succeeded(began.elapsed());
                }
                let show = shown.is_none_or(|shown| shown.elapsed() >= SHOWN_EVERY);
                let bad;
                (reload, bad) = blocking(move || Ok(push(reload, &rows, show))).await?;
                bad_rows += bad;
                if show {
                    shown = Some(Instant::now());
                    shelf.progress(session, Progress { received, total });
                }
            }
            Ok(ListEvent::Done(summary)) => return finish(shelf, reload, summary, bad_rows).await,
            Err(error) => {
                let error = from_client(&error);
                session.failed(&error);
                return Err(error);
            }
        }
    }
    // A list ends with its summary or an error, so this is a fault of ours.
    Err(internal("the list ended without a summary"))
}

/// Adds a page, and shows what there is when nothing complete can be shown yet.
fn push<R: Resource>(mut reload: Reload, rows: &[R], show: bool) -> (Reload, u64) {
    let mut bad = 0;
    for row in rows {
        let mut cells = Vec::with_capacity(R::SPEC.columns.len());
        row.cells(&mut cells);
        if reload.push(row.id(), row.name(), &cells).is_err() {
            bad += 1;
        }
    }
    if show {
        reload.publish_partial();
    }
    (reload, bad)
}

async fn finish(
    shelf: &Shelf,
    reload: Reload,
    summary: ListSummary,
    bad_rows: u64,
) -> Result<Loaded, IpcError> {
    let rows = shelf.rows().clone();
    let ListSummary {
        agreed,
        bad_rows: unreadable,
        gone,
        ..
    } = summary;
    blocking(move || {
        // One task keeps an inventory, so no other reload can have begun.
        let finished = reload.finish();
        remove(&rows, &gone);
        finished.map_err(internal)
    })
    .await?;
    Ok(Loaded {
        uncertain: !agreed,
        bad_rows: bad_rows + unreadable,
    })
}

/// Removes rows that an earlier sweep had seen and the last one no longer.
fn remove(rows: &Inventory, gone: &IdSet) {
    if gone.is_empty() {
        return;
    }
    let snapshot = rows.snapshot();
    let Ok(view) = snapshot.query(&fleet::Query::default(), 0) else {
        return;
    };
    let changes: Vec<_> = view
        .ids()
        .filter(|id| gone.contains(id))
        .map(|id| RowChange::Remove { id })
        .collect();
    let removed = rows.apply(&changes);
    debug_assert!(removed.is_ok(), "only rows to be written can be refused");
}

/// The session ended while somebody waited.
pub(super) fn session_ended() -> IpcError {
    IpcError::new(ErrorKind::Cancelled, NextStep::Nothing)
}
