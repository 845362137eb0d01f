//! Something read whole by a call: what a side panel or a page shows beyond the cells of a row.

use std::collections::BTreeMap;
use std::time::Duration;

use console_ipc::IpcError;
use console_ipc::call::ReadCall;
use ief_api::operation::Call;
use ief_api::resource::ResourceSpec;
use leptos::prelude::*;
use serde_json::Value;

use crate::ipc;
use crate::state::{App, now_ms, set_if_changed};

/// Rest of the selection before a thing is read, so that passing rows by arrow keys asks for none.
const REST: Duration = Duration::from_millis(120);

/// What a call answered, read again whenever it may have changed.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The answer. The last one stays while it is read again.
    pub value: RwSignal<Option<Value>>,
    /// Why it could not be read.
    pub error: RwSignal<Option<IpcError>>,
    /// Whether it is being read.
    pub loading: RwSignal<bool>,
    /// Grows with each wish to read again.
    wishes: RwSignal<u64>,
}

impl Reading {
    /// Follows a thing of the inventory by its identifier, by its resource's `show` operation. Nothing is
    /// read while the identifier is empty.
    pub fn detail(spec: &'static ResourceSpec, id: Signal<String>) -> Self {
        let call = Signal::derive(move || {
            let (id, show) = (id.get(), spec.show?);
            (!id.is_empty()).then(|| Call {
                operation: show.name.to_owned(),
                path: BTreeMap::from([(spec.id_parameter.to_owned(), id)]),
                ..Call::default()
            })
        });
        Self::of(call, spec.envelope)
    }

    /// Follows a call. `field` of the answer's body is taken out of it, unless that is empty. Read again when
    /// the page is refreshed, by hand, by the timer or after a change, and on [`Reading::reload`]; not when the
    /// inventory changes, which a reading does itself.
    pub fn of(call: Signal<Option<Call>>, field: &'static str) -> Self {
        let reading = Self {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            wishes: RwSignal::new(0),
        };
        let app = App::expect();
        let call = Memo::new(move |_| call.get());
        // Counts readings, so that late answers to older ones are dropped.
        let count = StoredValue::new(0_u64);
        Effect::new(move |before: Option<Option<Call>>| {
            app.refresh.track();
            reading.wishes.track();
            let call = call.get();
            let other = before.as_ref() != Some(&call);
            if other && before.is_some() {
                reading.value.set(None);
                reading.error.set(None);
            }
            let number = count.try_update_value(|count| {
                *count += 1;
                *count
            });
            reading.loading.set(call.is_some());
            if let (Some(asked), Some(number)) = (call.clone(), number) {
                let wait = if before.is_some() && other {
                    REST
                } else {
                    Duration::ZERO
                };
                set_timeout(move || reading.read(asked, field, count, number), wait);
            }
            call
        });
        reading
    }

    /// Reads it again.
    pub fn reload(self) {
        self.wishes.update(|wishes| *wishes += 1);
    }

    fn read(self, call: Call, field: &'static str, count: StoredValue<u64>, number: u64) {
        if count.try_get_value() != Some(number) {
            return;
        }
        wasm_bindgen_futures::spawn_local(async move {
            let answer = ipc::call(ReadCall { call }).await;
            if count.try_get_value() != Some(number) {
                return;
            }
            self.loading.set(false);
            match answer {
                Ok(answer) => {
                    let mut body = answer.body;
                    let value = match body.get_mut(field) {
                        Some(inner) => inner.take(),
                        None => body,
                    };
                    set_if_changed(self.error, None);
                    App::expect().read_at.set(Some(now_ms()));
                    set_if_changed(self.value, Some(value));
                }
                Err(error) => set_if_changed(self.error, Some(error)),
            }
        });
    }
}

/// A text of an object, whichever way the service writes it. `None` when it is missing or empty.
pub fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A whole number of an object, also one written as text.
pub fn integer(object: &Value, name: &str) -> Option<i64> {
    match object.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A yes or no of an object, also one written as text.
pub fn flag(object: &Value, name: &str) -> Option<bool> {
    match object.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The entries of a list in an object; none when it is missing or null.
pub fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
