//! Events for the window: kept in a ring with numbers, handed out in batches to whoever waits.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use console_ipc::event::{Event, EventBatch};
use tokio::sync::watch;

/// So many events are kept. A window that fell further behind reads everything again.
const KEPT: usize = 1024;

/// So long a question waits for an event.
const PATIENCE: Duration = Duration::from_secs(20);

/// The events of this run.
#[derive(Debug)]
pub(crate) struct Events {
    ring: Mutex<VecDeque<(u64, Event)>>,
    /// The number of the latest event.
    last: watch::Sender<u64>,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self {
            ring: Mutex::default(),
            last: watch::Sender::new(0),
        }
    }

    /// Adds an event and wakes whoever waits.
    pub(crate) fn push(&self, event: Event) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let number = *self.last.borrow() + 1;
        ring.push_back((number, event));
        if ring.len() > KEPT {
            ring.pop_front();
        }
        // Sent while the ring is locked, so that numbers never run ahead of what is in it.
        self.last.send_replace(number);
    }

    /// Waits until there are events after this one, at most some twenty seconds.
    pub(crate) async fn after(&self, after: u64) -> EventBatch {
        let mut last = self.last.subscribe();
        // A number from an earlier run of the host is above all of ours: answer at once.
        let waiting = last.wait_for(|last| *last != after);
        // When the time is up, the answer is an empty batch. What the wait answers locks the number: it must be gone
        // before the ring is locked, as whoever adds an event locks the ring first and then the number.
        drop(tokio::time::timeout(PATIENCE, waiting).await);
        self.batch(after)
    }

    fn batch(&self, after: u64) -> EventBatch {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let last = *self.last.borrow();
        let from_an_earlier_run = after > last;
        let after = if from_an_earlier_run { 0 } else { after };
        let dropped = ring.front().is_some_and(|(oldest, _)| *oldest > after + 1);
        let events = ring
            .iter()
            .filter(|(number, _)| *number > after)
            .map(|(_, event)| event);
        EventBatch {
            last,
            missed: from_an_earlier_run || dropped,
            events: latest(events),
        }
    }
}

/// Leaves out what a later event of the same batch says anew. Keeps the order of the last words.
fn latest<'a>(events: impl DoubleEndedIterator<Item = &'a Event>) -> Vec<Event> {
    let mut seen = Vec::new();
    let mut kept: Vec<Event> = Vec::new();
    for event in events.rev() {
        let about = match event {
            Event::Inventory { resource, .. } => Some(("inventory", resource.as_str())),
            Event::Session { .. } => Some(("session", "")),
            Event::Guard { .. } => Some(("guard", "")),
            Event::State => Some(("state", "")),
            Event::Task { task } => Some(("task", task.id.as_str())),
            Event::Journal { id } => Some(("journal", id.as_str())),
            Event::Hover { .. } => Some(("hover", "")),
            Event::Inspection { id } => Some(("inspection", id.as_str())),
            Event::Calendar => Some(("calendar", "")),
            Event::Traffic { error: None, .. } => Some(("traffic", "")),
            Event::Traffic { error: Some(_), .. } | Event::Dropped { .. } => None,
        };
        match about {
            Some(about) if seen.contains(&about) => {}
            Some(about) => {
                seen.push(about);
                kept.push(event.clone());
            }
            None => kept.push(event.clone()),
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use console_ipc::event::Event;

    use super::{Events, KEPT};

    fn journal(id: usize) -> Event {
        Event::Journal { id: id.to_string() }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn adding_and_waiting_at_once_never_stop_each_other() {
        let events = std::sync::Arc::new(Events::new());
        let adding = (0..2).map(|_| {
            let events = std::sync::Arc::clone(&events);
            tokio::spawn(async move {
                for id in 0..20_000 {
                    events.push(journal(id));
                    tokio::task::yield_now().await;
                }
            })
        });
        let adding: Vec<_> = adding.collect();
        let waiting = (0..2).map(|_| {
            let events = std::sync::Arc::clone(&events);
            tokio::spawn(async move {
                let mut after = 0;
                while after < 40_000 {
                    after = events.after(after).await.last;
                }
            })
        });
        let waiting: Vec<_> = waiting.collect();
        for task in adding.into_iter().chain(waiting) {
            task.await.unwrap();
        }
    }

    #[tokio::test]
    async fn whoever_waits_is_woken() {
        let events = Events::new();
        let (batch, ()) = tokio::join!(events.after(0), async { events.push(journal(1)) });
        assert_eq!(batch.last, 1);
        assert!(!batch.missed);
        assert!(matches!(&batch.events[..], [Event::Journal { id }] if id == "1"));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends() {
        let batch = Events::new().after(0).await;
        assert!(batch.events.is_empty());
        assert_eq!(batch.last, 0);
    }

    #[tokio::test]
    async fn falling_behind_is_told() {
        let events = Events::new();
        for id in 0..=KEPT {
            events.push(journal(id));
        }
        assert!(events.after(0).await.missed);
        assert!(!events.after(1).await.missed);
    }

    #[tokio::test]
    async fn a_number_from_an_earlier_run_is_answered_at_once() {
        let events = Events::new();
        events.push(journal(1));
        let batch = events.after(900).await;
        assert!(batch.missed);
        assert_eq!((batch.last, batch.events.len()), (1, 1));
    }

    #[tokio::test]
    async fn a_batch_says_each_thing_once() {
        let events = Events::new();
        events.push(Event::State);
        events.push(journal(1));
        events.push(Event::State);
        let batch = events.after(0).await;
        assert!(matches!(
            &batch.events[..],
            [Event::Journal { .. }, Event::State]
        ));
    }
}
