//! What the two sides of a twin property tell.

use super::{TwinProperty, TwinValue, ValueType};

impl TwinValue {
    /// When it was set or reported, in milliseconds since the epoch.
    #[must_use]
    pub fn time(&self) -> Option<i64> {
        self.metadata.as_ref()?.timestamp?.millis()
    }
}

/// How the two sides of a twin property stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwinState {
    /// Both sides have the same value, or nothing is expected and something is reported.
    InLine,
    /// The expected value is newer than what the device last reported.
    Waiting,
    /// The device reported another value after it was told what to be, or nobody knows which came first.
    Differs,
    /// The device has never reported a value.
    NeverReported,
}

impl TwinProperty {
    /// A property that is expected to have this value.
    #[must_use]
    pub fn expect(value: impl Into<String>) -> Self {
        Self {
            expected: Some(TwinValue {
                value: Some(value.into()),
                ..TwinValue::default()
            }),
            ..Self::default()
        }
    }

    /// How the two sides stand to each other.
    #[must_use]
    pub fn state(&self) -> TwinState {
        let value = |side: &Option<TwinValue>| side.as_ref()?.value.clone();
        let time = |side: &Option<TwinValue>| side.as_ref()?.time();
        match (value(&self.expected), value(&self.actual)) {
            (_, None) => TwinState::NeverReported,
            (None, Some(_)) => TwinState::InLine,
            (Some(expected), Some(actual)) if self.same(&expected, &actual) => TwinState::InLine,
            _ => match (time(&self.expected), time(&self.actual)) {
                (Some(expected), Some(actual)) if expected > actual => TwinState::Waiting,
                _ => TwinState::Differs,
            },
        }
    }

    /// Whether two values are the same for the property's type: `20.5` and `20.50` are one number.
    fn same(&self, left: &str, right: &str) -> bool {
        let kind = self.metadata.as_ref().and_then(|m| m.kind.as_ref());
        let number = |text: &str| text.trim().parse::<f64>().ok();
        left == right
            || matches!(kind, Some(ValueType::Int | ValueType::Float))
                && number(left).is_some()
                && number(left) == number(right)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::TwinState;
    use crate::device::TwinProperty;

    #[track_caller]
    fn check(property: &Value, expected: TwinState) {
        let read: TwinProperty = TwinProperty::deserialize(property).expect("an object");
        assert_eq!(read.state(), expected, "{property}");
    }

    #[test]
    fn a_twin_tells_how_its_sides_stand() {
        let side =
            |value: &str, seconds: i64| json!({"value": value, "metadata": {"timestamp": seconds}});
        let both = |expected: Value, actual: Value| json!({"expected": expected, "actual": actual});
        check(&json!({}), TwinState::NeverReported);
        check(&json!({"expected": "on"}), TwinState::NeverReported);
        check(&json!({"actual": "on"}), TwinState::InLine);
        check(&both(json!("on"), json!("on")), TwinState::InLine);
        check(&both(json!("on"), json!("off")), TwinState::Differs);
        check(
            &both(side("on", 1_600_000_001), side("off", 1_600_000_000)),
            TwinState::Waiting,
        );
        check(
            &both(side("on", 1_600_000_000), side("off", 1_600_000_001)),
            TwinState::Differs,
        );
        // One side in seconds, the other in milliseconds.
        check(
            &both(side("on", 1_600_000_001), side("off", 1_600_000_000_000)),
            TwinState::Waiting,
        );
    }

    #[test]
    fn numbers_are_compared_as_numbers_where_they_are_numbers() {
        let typed =
            |kind: &str| json!({"expected": "20.5", "actual": "20.50", "metadata": {"type": kind}});
        check(&typed("float"), TwinState::InLine);
        check(&typed("string"), TwinState::Differs);
    }
}
