//! A command asked again whenever what it tells of may have changed.

use console_ipc::{Command, IpcError};
use leptos::prelude::*;
use serde::Serialize;

use crate::ipc;
use crate::state::set_if_changed;

/// The answer to a command that is asked again and again, one question at a time.
pub struct Asked<T: Send + Sync + 'static> {
    /// The answer. The last one stays while another is asked or when that fails.
    pub value: RwSignal<Option<T>>,
    /// Why there was no answer the last time.
    pub error: RwSignal<Option<IpcError>>,
    /// Grows with each wish to ask again.
    wishes: RwSignal<u64>,
}

impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: PartialEq + Send + Sync + 'static> Asked<T> {
    /// Asks now, and again whenever a signal that `request` reads has changed. `keep` takes from the answer
    /// what is shown, so that an answer that changes nothing draws nothing.
    pub fn new<C>(
        request: impl Fn() -> C + Clone + Send + Sync + 'static,
        keep: fn(C::Response) -> T,
    ) -> Self
    where
        C: Command + Serialize,
    {
        Self::when(move || Some(request()), keep)
    }

    /// The same, while there is something to ask.
    pub fn when<C>(
        request: impl Fn() -> Option<C> + Clone + Send + Sync + 'static,
        keep: fn(C::Response) -> T,
    ) -> Self
    where
        C: Command + Serialize,
    {
        let asked = Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            wishes: RwSignal::new(0),
        };
        let asking = StoredValue::new(false);
        let again = StoredValue::new(false);
        Effect::new(move |_| {
            asked.wishes.track();
            let Some(first) = request() else {
                return;
            };
            if asking.get_value() {
                // The answer on its way may be older than what has changed.
                again.set_value(true);
                return;
            }
            asking.set_value(true);
            let request = request.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let mut next = Some(first);
                while let Some(question) = next.take() {
                    asked.take(ipc::call(question).await.map(keep));
                    if again.try_get_value() == Some(true) {
                        again.set_value(false);
                        next = untrack(&request);
                    }
                }
                asking.try_set_value(false);
            });
        });
        asked
    }

    /// Asks again.
    pub fn reload(self) {
        self.wishes.update(|wishes| *wishes += 1);
    }

    fn take(self, answer: Result<T, IpcError>) {
        match answer {
            Ok(value) => {
                set_if_changed(self.error, None);
                set_if_changed(self.value, Some(value));
            }
            Err(error) => set_if_changed(self.error, Some(error)),
        }
    }
}
