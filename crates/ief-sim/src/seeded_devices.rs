//! The devices of the seed: each is a pure function of its index, and what it measures one of the time.

use std::collections::BTreeMap;

use ief_api::device::{
    AccessConfig, AccessProtocol, Attribute, Device, Metadata, PropertyVisitor, TwinProperty,
    TwinValue, ValueType,
};
use ief_api::time::Timestamp;

use crate::seed::{Seed, Stream};
use crate::seeded_nodes::{DAY, stamp};

/// A kind of device.
pub(crate) struct Kind {
    /// Beginning of the names.
    pub(crate) name: &'static str,
    pub(crate) protocol: &'static str,
    /// Name of its template.
    pub(crate) template: &'static str,
    pub(crate) description: &'static str,
    pub(crate) properties: &'static [Property],
}

/// A twin property of a kind of device.
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) shape: Shape,
}

/// Where the value of a property comes from.
pub(crate) enum Shape {
    /// The device measures it: between two whole numbers, changing with time. Nothing is expected.
    Measured(i64, i64),
    /// Somebody sets it, to one of these.
    Set(&'static [&'static str]),
}

const fn set(name: &'static str, kind: &'static str, values: &'static [&'static str]) -> Property {
    Property {
        name,
        kind,
        shape: Shape::Set(values),
    }
}

const fn measured(name: &'static str, kind: &'static str, low: i64, high: i64) -> Property {
    Property {
        name,
        kind,
        shape: Shape::Measured(low, high),
    }
}

/// Every kind of device, each as frequent as the others.
pub(crate) static KINDS: [Kind; 6] = [
    Kind {
        name: "sensor",
        protocol: "userdefine",
        template: "TemperatureSensor",
        description: "Temperature and humidity of a hall",
        properties: &[
            measured("temperature", "float", 17, 31),
            measured("humidity", "int", 28, 71),
            set("interval", "int", &["5", "10", "30"]),
        ],
    },
    Kind {
        name: "meter",
        protocol: "modbus",
        template: "PowerMeter",
        description: "Power meter of a line",
        properties: &[
            measured("voltage", "float", 221, 239),
            set("power_limit", "int", &["4000", "6000", "11000"]),
            set("relay", "boolean", &["true", "true", "false"]),
        ],
    },
    Kind {
        name: "valve",
        protocol: "modbus",
        template: "ControlValve",
        description: "Control valve behind a serial line",
        properties: &[
            set("opening", "int", &["0", "25", "50", "75", "100"]),
            measured("pressure", "float", 2, 9),
        ],
    },
    Kind {
        name: "robot",
        protocol: "opc-ua",
        template: "WeldingRobot",
        description: "Welding robot with an OPC UA server",
        properties: &[
            set("speed", "float", &["0.5", "1.0", "1.5"]),
            set("mode", "string", &["auto", "auto", "manual"]),
            measured("cycles", "int", 1000, 90_000),
        ],
    },
    Kind {
        name: "camera",
        protocol: "userdefine",
        template: "InspectionCamera",
        description: "Camera for optical inspection",
        properties: &[
            set("resolution", "string", &["1080p", "2160p"]),
            set("fps", "int", &["15", "25", "30"]),
            set("recording", "boolean", &["true", "false"]),
        ],
    },
    Kind {
        name: "conveyor",
        protocol: "modbus",
        template: "Conveyor",
        description: "Frequency converter of a conveyor",
        properties: &[
            set("frequency", "int", &["30", "40", "50"]),
            set("direction", "string", &["forward", "forward", "reverse"]),
            measured("current", "float", 1, 8),
        ],
    },
];

impl Seed {
    fn kind(self, device: u64) -> &'static Kind {
        &KINDS[(self.number(Stream::Device, device) % KINDS.len() as u64) as usize]
    }

    /// The name of a device: unique, because it carries the index.
    pub(crate) fn device_name_into(self, index: u64, name: &mut String) {
        name.clear();
        name.push_str(self.kind(index).name);
        let number = (index + 1).to_string();
        name.push_str(&"-000000"[..7 - number.len().min(6)]);
        name.push_str(&number);
    }

    pub(crate) fn device_name(self, index: u64) -> String {
        let mut name = String::new();
        self.device_name_into(index, &mut name);
        name
    }

    /// The device of the seed with this name.
    pub(crate) fn device_named(self, name: &str) -> Option<u64> {
        let (_, number) = name.rsplit_once('-')?;
        let index = number.parse::<u64>().ok()?.checked_sub(1)?;
        (index < self.devices && self.device_name(index) == name).then_some(index)
    }

    /// Tags as key and value.
    pub(crate) fn device_tags(self, index: u64) -> [(&'static str, &'static str); 2] {
        let number = self.number(Stream::DeviceFacts, index);
        let floor = ["hall-a", "hall-b", "yard"][(number % 3) as usize];
        [("kind", self.kind(index).name), ("area", floor)]
    }

    /// How a device is bound: relation and comment.
    pub(crate) fn relation(self, device: u64) -> (&'static str, &'static str) {
        match self.number(Stream::DeviceBinding, device) >> 40 & 3 {
            0 => ("controls", ""),
            1 => ("monitors", "Read only"),
            _ => ("attached", ""),
        }
    }

    /// A device as the seed made it, without its state.
    pub(crate) fn device(self, index: u64) -> Device {
        let kind = self.kind(index);
        let created = self.registered(Stream::Device, index, self.devices);
        let number = self.number(Stream::DeviceFacts, index);
        let maker = ["Hanwei", "Siasun", "Delta", "Inovance"][(number >> 8) as usize & 3];
        let attributes = [
            ("manufacturer", maker.to_owned()),
            ("serial", format!("SN{:08}", number >> 16 & 0x3FF_FFFF)),
        ];
        let tags = self.device_tags(index);
        Device {
            id: Some(self.id(Stream::Device, index).to_string()),
            name: Some(self.device_name(index)),
            access_protocol: Some(kind.protocol.into()),
            description: Some(kind.description.to_owned()),
            created_at: Some(stamp(created)),
            updated_at: Some(stamp(created + (number % (9 * DAY as u64)) as i64)),
            attributes: attributes
                .map(|(key, value)| (key.to_owned(), plain(value)))
                .into(),
            connection_type: Some("edge".to_owned()),
            access_config: self.access(index, kind),
            property_visitors: visitors(kind),
            tags: ief_api::tags::Tags(
                tags.map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .into(),
            ),
            ..Device::default()
        }
    }

    /// The twin of a device as the seed made it. `online` is whether its node runs, `bound` whether it has
    /// one.
    pub(crate) fn twin(
        self,
        index: u64,
        now: i64,
        bound: bool,
        online: bool,
    ) -> BTreeMap<String, TwinProperty> {
        let created = self.registered(Stream::Device, index, self.devices);
        let kind = self.kind(index);
        kind.properties
            .iter()
            .enumerate()
            .map(|(place, property)| {
                let number = self.number(Stream::DeviceTwin, index * 8 + place as u64);
                let expected = property.expected(number);
                // A few devices do something else than they are told; those that are not reachable have
                // not heard of it yet.
                let differs = number >> 20 & 31 == 0;
                let asked = created + DAY + (number >> 40) as i64 % DAY;
                let reported = if online {
                    now - 1000 - (number >> 12) as i64 % 59_000
                } else if differs {
                    asked - DAY
                } else {
                    asked + DAY
                };
                let actual = match (&property.shape, expected) {
                    (Shape::Measured(..), _) => Some(self.measure(index, place, now, property)),
                    (Shape::Set(values), Some(value)) if differs => values
                        .iter()
                        .find(|other| **other != value)
                        .map(|v| (*v).to_owned()),
                    (Shape::Set(_), value) => value.map(str::to_owned),
                };
                let twin = TwinProperty {
                    expected: expected.map(|value| side(value.to_owned(), asked)),
                    actual: actual
                        .filter(|_| bound && (online || number >> 50 & 7 != 0))
                        .map(|value| side(value, reported)),
                    optional: Some(true),
                    metadata: Some(typed(property.kind)),
                    ..TwinProperty::default()
                };
                (property.name.to_owned(), twin)
            })
            .collect()
    }

    /// Puts what a device measures now into its twin, where it measures.
    pub(crate) fn refresh(self, index: u64, now: i64, twin: &mut BTreeMap<String, TwinProperty>) {
        for (place, property) in self.kind(index).properties.iter().enumerate() {
            if !matches!(property.shape, Shape::Measured(..)) {
                continue;
            }
            if let Some(measured) = twin.get_mut(property.name) {
                let value = self.measure(index, place, now, property);
                measured.actual = Some(side(value, now - 1000));
            }
        }
    }

    /// A value that wanders slowly between its bounds.
    fn measure(self, index: u64, place: usize, now: i64, property: &Property) -> String {
        let Shape::Measured(low, high) = property.shape else {
            return String::new();
        };
        let phase = self.number(Stream::DeviceTwin, index * 8 + place as u64) % 3600;
        // A triangle over an hour and a half, in steps of ten seconds.
        let step = (now / 10_000 + phase as i64).rem_euclid(540);
        let height = if step < 270 { step } else { 540 - step };
        let tenths = low * 10 + (high - low) * 10 * height / 270;
        match property.kind {
            "float" => format!("{}.{}", tenths / 10, tenths % 10),
            _ => (tenths / 10).to_string(),
        }
    }

    fn access(self, index: u64, kind: &Kind) -> Option<AccessConfig> {
        let number = self.number(Stream::DeviceFacts, index ^ (1 << 50));
        let ip = format!("192.168.{}.{}", number % 200, number >> 8 & 127 | 1);
        match kind.name {
            "meter" | "conveyor" => Some(AccessConfig {
                protocol_type: Some(plain("TCP")),
                slave_id: Some(plain((number >> 20 & 127).to_string())),
                ip: Some(plain(ip)),
                port: Some(plain("502")),
                ..AccessConfig::default()
            }),
            "valve" => Some(AccessConfig {
                protocol_type: Some(plain("RTU")),
                slave_id: Some(plain((number >> 20 & 127).to_string())),
                serial_port: Some(plain("/dev/ttyS0")),
                baud_rate: Some(plain("9600")),
                data_bits: Some(plain("8")),
                stop_bits: Some(plain("1")),
                parity_bits: Some(plain("none")),
                ..AccessConfig::default()
            }),
            "robot" => Some(AccessConfig {
                protocol_type: Some(plain("opc-ua")),
                url: Some(plain(format!("opc.tcp://{ip}:4840"))),
                sec_mode: Some(plain("None")),
                sec_policy: Some(plain("None")),
                auth_type: Some(plain("0")),
                timeout: Some(plain("5")),
                ..AccessConfig::default()
            }),
            _ => None,
        }
    }
}

impl Property {
    /// The value that is expected, for a property that somebody sets.
    pub(crate) fn expected(&self, number: u64) -> Option<&'static str> {
        match self.shape {
            Shape::Set(values) => Some(values[(number % values.len() as u64) as usize]),
            Shape::Measured(..) => None,
        }
    }
}

/// How the properties of a kind are read from the device.
pub(crate) fn visitors(kind: &Kind) -> BTreeMap<String, PropertyVisitor> {
    let visitor = |place: usize, property: &Property| match kind.protocol {
        "modbus" => Some(PropertyVisitor {
            register_type: Some(plain("HoldingRegisters")),
            access_mode: Some(plain(match property.shape {
                Shape::Measured(..) => "r",
                Shape::Set(_) => "r/w",
            })),
            register_index: Some(plain((place * 2).to_string())),
            register_num: Some(plain("2")),
            scale_index: Some(plain("1")),
            original_datatype: Some(plain(property.kind)),
            expected_datatype: Some(plain(property.kind)),
            is_registerswap: Some(plain("false")),
            is_swap: Some(plain("false")),
            sample_interval: Some(plain("10")),
            ..PropertyVisitor::default()
        }),
        "opc-ua" => Some(PropertyVisitor {
            node_id: Some(plain(format!("ns=2;i={}", 1001 + place))),
            browse_name: Some(plain(property.name)),
            ..PropertyVisitor::default()
        }),
        _ => None,
    };
    kind.properties
        .iter()
        .enumerate()
        .filter_map(|(place, property)| Some((property.name.to_owned(), visitor(place, property)?)))
        .collect()
}

/// A static property of type text.
pub(crate) fn plain(value: impl Into<String>) -> Attribute {
    Attribute {
        optional: Some(true),
        metadata: Some(typed("string")),
        ..Attribute::new(value)
    }
}

/// One side of a twin property, at a time in milliseconds.
pub(crate) fn side(value: String, at: i64) -> TwinValue {
    TwinValue {
        value: Some(value),
        metadata: Some(Metadata {
            timestamp: Some(Timestamp(at)),
            ..Metadata::default()
        }),
        ..TwinValue::default()
    }
}

/// The type of a property.
pub(crate) fn typed(kind: &str) -> Metadata {
    Metadata {
        kind: Some(ValueType::from(kind)),
        ..Metadata::default()
    }
}

impl Kind {
    pub(crate) fn protocol(&self) -> AccessProtocol {
        self.protocol.into()
    }
}

#[cfg(test)]
mod tests {
    use crate::seed::Seed;
    use ief_api::device::TwinState;
    use std::collections::BTreeMap;

    #[test]
    fn names_are_unique_and_lead_back() {
        let seed = Seed::new(1, 0, 2_000_000);
        for index in (0..2_000_000).step_by(4999) {
            assert_eq!(seed.device_named(&seed.device_name(index)), Some(index));
        }
        for name in [
            "",
            "meter",
            "meter-",
            "meter-0",
            "meter-000000",
            "nothing-000001",
        ] {
            assert_eq!(seed.device_named(name), None, "{name}");
        }
    }

    #[test]
    fn every_state_of_a_twin_occurs() {
        let seed = Seed::new(1, 100, 1000);
        let mut states = BTreeMap::new();
        for index in 0..1000 {
            let bound = seed.home(index).is_some();
            for property in seed
                .twin(index, 1_790_000_000_000, bound, bound)
                .into_values()
            {
                *states.entry(format!("{:?}", property.state())).or_insert(0) += 1;
            }
        }
        assert!(
            states[&format!("{:?}", TwinState::InLine)] > 1500,
            "{states:?}"
        );
        assert!(
            states[&format!("{:?}", TwinState::Differs)] > 10,
            "{states:?}"
        );
        assert!(
            states[&format!("{:?}", TwinState::NeverReported)] > 100,
            "{states:?}"
        );
    }

    #[test]
    fn measured_values_wander_within_their_bounds() {
        let seed = Seed::new(1, 1, 60);
        let mut values = std::collections::BTreeSet::new();
        let device = (0..60)
            .find(|d| seed.device_name(*d).starts_with("sensor"))
            .unwrap();
        for minute in 0..90 {
            let twin = seed.twin(device, minute * 60_000, true, true);
            let actual = twin["temperature"].actual.as_ref().unwrap();
            let value: f64 = actual.value.as_deref().unwrap().parse().unwrap();
            assert!((17.0..=31.0).contains(&value));
            values.insert(actual.value.clone());
        }
        assert!(values.len() > 40);
    }
}
