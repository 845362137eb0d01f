//! Twins: what a device should be, and when it reports that it is (sections 4.2.7 and 4.2.8).

use std::time::Duration;

use ief_api::device::{
    DeviceTwin, ShowDeviceTwin, TwinProperty, TwinState, UpdateDeviceTwin, ValueType,
};

use crate::answer::{Refusal, Reply};
use crate::devices::expected_only;
use crate::lifecycle::Event;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_devices::side;
use crate::world::{World, invalid};

/// Most properties of a twin (table 4-82).
const MOST_PROPERTIES: usize = 64;
/// How long a device that could not report yet waits until it tries again.
const AGAIN: Duration = Duration::from_secs(20);

impl Handle<ShowDeviceTwin> for World {
    fn handle(
        &mut self,
        operation: ShowDeviceTwin,
        _: &Context,
    ) -> Result<Reply<DeviceTwin>, Refusal> {
        let index = self.find_device(&operation.device_id)?;
        let device = self.device_view(index);
        Ok(Reply::new(DeviceTwin {
            access_protocol: device.access_protocol,
            twin: device.twin,
            property_visitors: device.property_visitors,
            ..DeviceTwin::default()
        }))
    }
}

impl Handle<UpdateDeviceTwin> for World {
    fn handle(
        &mut self,
        operation: UpdateDeviceTwin,
        _: &Context,
    ) -> Result<Reply<DeviceTwin>, Refusal> {
        let index = self.find_device(&operation.device_id)?;
        Self::told_to_fail(&self.device_name(index), "update")?;
        let update = operation.body;
        let (stamp, now) = (self.stamp(), self.millis());
        let present = self.device_view(index);
        let new = update
            .twin
            .keys()
            .filter(|key| !present.twin.contains_key(*key))
            .count();
        if present.twin.len() + new > MOST_PROPERTIES {
            let message = format!("A device has at most {MOST_PROPERTIES} twin properties.");
            return Err(invalid(message));
        }
        for (key, property) in &update.twin {
            check_type(key, property, present.twin.get(key))?;
        }
        let unknown = update
            .property_visitors
            .keys()
            .find(|key| !present.twin.contains_key(*key) && !update.twin.contains_key(*key));
        if let Some(key) = unknown {
            return Err(invalid(format!(
                "There is no twin property {key} to visit."
            )));
        }
        let device = &mut self.device_record_mut(index).device;
        for (key, property) in update.twin {
            let told = expected_only(property.clone(), now);
            match device.twin.get_mut(&key) {
                Some(old) => {
                    old.expected = told.expected;
                    old.optional = property.optional.or(old.optional);
                    if property.metadata.is_some() {
                        old.metadata = told.metadata;
                    }
                }
                None => {
                    device.twin.insert(key, told);
                }
            }
        }
        device.property_visitors.extend(update.property_visitors);
        device.updated_at = Some(stamp);
        self.expect_report(index);
        let device = self.device_view(index);
        Ok(Reply::new(DeviceTwin {
            twin: device.twin,
            property_visitors: device.property_visitors,
            ..DeviceTwin::default()
        }))
    }
}

impl World {
    /// Lets a changed device report after a while, if it doesn't already.
    pub(crate) fn expect_report(&mut self, device: u64) {
        let after = 3000 + self.seed.number(Stream::DeviceTwin, device ^ (1 << 47)) % 4000;
        let record = self.device_record_mut(device);
        if !record.reporting {
            record.reporting = true;
            self.schedule(Duration::from_millis(after), Event::Report(device));
        }
    }

    /// A device reports, when its node runs: what is expected of it becomes what it is.
    pub(crate) fn report(&mut self, device: u64) {
        if !self.devices.contains(device) {
            return;
        }
        let online = self.is_online(device) == Some(true);
        let now = self.millis();
        let silent = self.device_name(device).contains("never-reports");
        let record = self.device_record_mut(device);
        let waits = |key: &str, property: &TwinProperty| {
            !key.contains("stuck")
                && property.expected.is_some()
                && matches!(
                    property.state(),
                    TwinState::Waiting | TwinState::NeverReported
                )
        };
        let mut due = record
            .device
            .twin
            .iter_mut()
            .filter(|(k, p)| waits(k, p))
            .peekable();
        if silent || due.peek().is_none() {
            record.reporting = false;
            return;
        }
        if !online {
            self.schedule(AGAIN, Event::Report(device));
            return;
        }
        for (_, property) in due {
            let value = property
                .expected
                .as_ref()
                .and_then(|expected| expected.value.clone());
            property.actual = Some(side(value.unwrap_or_default(), now));
        }
        record.reporting = false;
    }
}

/// A value has to be of the type the property has, unless the update gives it another.
fn check_type(
    key: &str,
    property: &TwinProperty,
    present: Option<&TwinProperty>,
) -> Result<(), Refusal> {
    let kind = |p: &TwinProperty| {
        p.metadata
            .as_ref()
            .and_then(|metadata| metadata.kind.clone())
    };
    let kind = kind(property).or_else(|| present.and_then(kind));
    let value = property
        .expected
        .as_ref()
        .and_then(|expected| expected.value.as_deref());
    let value = value.unwrap_or_default();
    let fits = match kind {
        Some(ValueType::Int) => value.parse::<i64>().is_ok(),
        Some(ValueType::Float) => value.parse::<f64>().is_ok_and(f64::is_finite),
        Some(ValueType::Boolean) => matches!(value, "true" | "false"),
        Some(ValueType::String | ValueType::Other(_)) | None => true,
    };
    if fits || value.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "The value of the property {key} is not of its type."
    )))
}
