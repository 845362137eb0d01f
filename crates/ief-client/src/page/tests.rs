//! Lists that change while they are read.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use ief_api::node::EdgeNode;
use ief_api::resource::Resource;
use serde_json::{Value, json};

use crate::testing::{Received, Service, never, ok, status};
use crate::{Error, ErrorKind, ListEvent, ListOptions, ListSummary};

/// What a test makes of a fleet before it answers the request with this number.
type Change = dyn Fn(&mut Vec<String>, usize) + Send + Sync;

fn fleet(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("n{number}")).collect()
}

fn node(id: &String) -> Value {
    json!({"id": id, "name": id})
}

fn number(request: &Received, name: &str) -> usize {
    request
        .query(name)
        .and_then(|text| text.parse().ok())
        .expect(name)
}

/// A service with a fleet that changes between requests.
async fn service(
    fleet: Vec<String>,
    change: impl Fn(&mut Vec<String>, usize) + Send + Sync + 'static,
) -> Service {
    let fleet = Mutex::new(fleet);
    let change: Arc<Change> = Arc::new(change);
    Service::start(move |request, count| {
        let mut fleet = fleet.lock().expect("not poisoned");
        change(&mut fleet, count);
        let (offset, limit) = (number(request, "offset"), number(request, "limit"));
        let rows: Vec<_> = fleet.iter().skip(offset).take(limit).map(node).collect();
        ok(&json!({"count": fleet.len(), "nodes": rows}))
    })
    .await
}

struct Read {
    ids: Vec<String>,
    summary: ListSummary,
}

async fn read(service: &Service, page_size: u32, in_flight: usize) -> Result<Read, Error> {
    read_within(service, page_size, in_flight, super::MAX_ROWS).await
}

async fn read_within(
    service: &Service,
    page_size: u32,
    in_flight: usize,
    max_rows: u64,
) -> Result<Read, Error> {
    let options = ListOptions {
        page_size: Some(page_size),
        in_flight,
    };
    let client = service.signing();
    let events = super::list_within::<EdgeNode>(client, Vec::new(), options, never(), max_rows);
    let mut events = std::pin::pin!(events);
    let mut ids = Vec::new();
    while let Some(event) = events.next().await {
        match event? {
            ListEvent::Page { rows, received, .. } => {
                ids.extend(rows.iter().map(|row| row.id().to_owned()));
                assert_eq!(received, ids.len() as u64);
            }
            ListEvent::Done(summary) => {
                assert!(events.next().await.is_none());
                let unique: BTreeSet<_> = ids.iter().collect();
                assert_eq!(unique.len(), ids.len(), "no row comes twice");
                return Ok(Read { ids, summary });
            }
        }
    }
    panic!("a list ends with its summary");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_holds_still_is_read_once() {
    for count in [0, 1, 9, 10, 11, 19, 20, 100] {
        for in_flight in [1, 4] {
            let service = service(fleet(count), |_, _| ()).await;
            let read = read(&service, 10, in_flight).await.expect("read");
            assert_eq!(read.ids, fleet(count));
            assert_eq!(read.summary.sweeps, 1, "{count}");
            assert!(read.summary.agreed);
            assert_eq!(read.summary.total, Some(count as u64));
            assert_eq!(read.summary.unique, count as u64);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_request_is_enough_for_one_page() {
    let service = service(fleet(200), |_, _| ()).await;
    read(&service, 1000, 4).await.expect("read");
    assert_eq!(service.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_removed_meanwhile_loses_no_other_row() {
    let service = service(fleet(100), |fleet, count| {
        if count == 3 {
            fleet.drain(0..5);
        }
    })
    .await;
    let read = read(&service, 10, 2).await.expect("read");
    assert_eq!(read.summary.sweeps, 2);
    assert!(read.summary.agreed);
    assert_eq!(read.summary.unique, 95);
    assert_eq!(read.summary.gone.len(), 5);
    assert!(read.summary.gone.contains("n0"));
    assert!(!read.summary.gone.contains("n5"));
    let ids: BTreeSet<_> = read.ids.into_iter().collect();
    assert_eq!(ids, fleet(100).into_iter().collect());
}

#[tokio::test(start_paused = true)]
async fn what_is_added_meanwhile_is_found() {
    let service = service(fleet(100), |fleet, count| {
        if count == 5 {
            fleet.insert(0, "new".to_owned());
        }
    })
    .await;
    let read = read(&service, 10, 1).await.expect("read");
    assert!(read.summary.agreed);
    assert!(read.ids.contains(&"new".to_owned()));
    assert_eq!(read.summary.total, Some(101));
}

#[tokio::test(start_paused = true)]
async fn a_row_that_moves_behind_the_reader_is_found() {
    let service = service(fleet(100), |fleet, count| {
        if count == 5 {
            let moved = fleet.remove(90);
            fleet.insert(0, moved);
        }
    })
    .await;
    let read = read(&service, 10, 1).await.expect("read");
    assert!(read.summary.agreed);
    assert_eq!(
        read.summary.sweeps, 2,
        "the count held still, the rows did not"
    );
    assert_eq!(read.ids.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_never_holds_still_says_so() {
    let service = service(fleet(100), |fleet, count| {
        fleet.insert(0, format!("new{count}"));
    })
    .await;
    let read = read(&service, 10, 1).await.expect("read");
    assert!(!read.summary.agreed);
    assert!(
        read.summary.gone.is_empty(),
        "nothing is dropped on a guess"
    );
    assert!(fleet(100).iter().all(|id| read.ids.contains(id)));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_gives_less_than_asked_for_is_read_whole() {
    let service = Service::start(|request, _| {
        let fleet = fleet(100);
        let rows = fleet.iter().skip(number(request, "offset")).take(7);
        ok(&json!({"count": 100, "nodes": rows.map(node).collect::<Vec<_>>()}))
    })
    .await;
    let read = read(&service, 50, 4).await.expect("read");
    assert_eq!(read.ids, fleet(100));
    assert!(read.summary.agreed);
}

#[tokio::test(start_paused = true)]
async fn a_count_of_the_page_or_none_does_not_end_the_list_early() {
    for with_count in [true, false] {
        let service = Service::start(move |request, _| {
            let fleet = fleet(35);
            let (offset, limit) = (number(request, "offset"), number(request, "limit"));
            let rows = fleet.iter().skip(offset).take(limit).map(node);
            let rows: Vec<_> = rows.collect();
            match with_count {
                true => ok(&json!({"count": rows.len(), "nodes": rows})),
                false => ok(&json!({"nodes": rows})),
            }
        })
        .await;
        let read = read(&service, 10, 4).await.expect("read");
        assert_eq!(read.ids, fleet(35));
        assert_eq!(
            read.summary.agreed, !with_count,
            "such a count never adds up"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_offset_that_is_ignored_ends_and_is_told() {
    for count in [None, Some(1000)] {
        let service = Service::start(move |_, _| {
            let rows: Vec<_> = fleet(10).iter().map(node).collect();
            ok(&json!({"count": count, "nodes": rows}))
        })
        .await;
        let read = read(&service, 10, 4).await.expect("read");
        assert_eq!(read.ids, fleet(10));
        assert!(!read.summary.agreed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_without_end_ends() {
    // What the service counts, and how many rows it gives, each of them another one.
    let (all, ten) = (usize::MAX, 10);
    for (count, rows) in [
        (None, all),
        (Some(10), all),
        (Some(i64::MAX), all),
        (Some(i64::MAX), ten),
    ] {
        let service = Service::start(move |request, _| {
            let offset = number(request, "offset");
            let end = rows.min(offset + number(request, "limit"));
            let page = (offset..end).map(|number| node(&format!("n{number}")));
            ok(&json!({"count": count, "nodes": page.collect::<Vec<_>>()}))
        })
        .await;
        let error = read_within(&service, 10, 4, 100).await.err();
        let error = error.expect("more rows than there may be");
        assert_eq!(error.kind(), ErrorKind::MalformedAnswer, "{count:?} {rows}");
        assert_eq!(
            (error.status(), error.outcome_unknown()),
            (Some(200), false)
        );
        // Eleven and those that were under way.
        let calls = service.calls();
        assert!(calls <= 16, "{calls}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_may_have_as_many_rows_as_it_may() {
    let service = service(fleet(100), |_, _| ()).await;
    let whole = read_within(&service, 10, 4, 100).await.expect("read");
    assert_eq!(whole.ids, fleet(100));
    assert!(read_within(&service, 10, 4, 99).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn bad_rows_are_counted() {
    let service = Service::start(|_, _| {
        ok(&json!({"count": 4, "nodes": [{"id": "a"}, null, {"name": "nameless"}, {"id": "b"}]}))
    })
    .await;
    let read = read(&service, 10, 4).await.expect("read");
    assert_eq!(read.ids, ["a", "b"]);
    assert_eq!(read.summary.bad_rows, 2);
    assert!(read.summary.agreed);
}

#[tokio::test(start_paused = true)]
async fn an_error_ends_the_list() {
    let service = Service::start(|request, _| match number(request, "offset") {
        0 => ok(&json!({"count": 30, "nodes": fleet(10).iter().map(node).collect::<Vec<_>>()})),
        _ => status(403, &json!({})),
    })
    .await;
    let error = read(&service, 10, 4).await.err().expect("forbidden");
    assert_eq!(error.kind(), ErrorKind::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn filters_are_those_of_the_operation() {
    let service = service(fleet(3), |_, _| ()).await;
    let client = service.signing();
    let list = |filters: &[(&str, &str)]| {
        let filters = filters
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let events = client.list::<EdgeNode>(filters.collect(), ListOptions::default(), &never());
        async move { std::pin::pin!(events).next().await.expect("an event") }
    };
    assert!(list(&[("state", "RUNNING")]).await.is_ok());
    assert_eq!(
        service.received()[0].target,
        "/v2/p1/edgemgr/nodes?state=RUNNING&limit=1000&offset=0"
    );
    for filter in ["colour", "limit", "offset"] {
        let error = list(&[(filter, "1")]).await.expect_err(filter);
        assert_eq!(error.kind(), ErrorKind::InvalidCall);
    }
}
