//! What a container is made of: shared by versions of application templates (section 4.4) and by deployments
//! and their instances (section 4.5).

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::wire::{Item, Shape, Shaped};
use crate::{open_enum, wire};

mod check;

pub(crate) use check::{AsAmounts, CommandForm, check_amounts, check_lines, check_ports};

open_enum! {
    /// Where a volume comes from (table 4-157).
    pub enum VolumeKind {
        /// The entries of a ConfigMap, as files.
        ConfigMap = "configMap",
        /// The values of a secret, as files.
        Secret = "secret",
        /// An empty folder that lives as long as the instance.
        EmptyDir = "emptyDir",
        /// A folder or file of the node.
        HostPath = "hostPath",
    }
}

open_enum! {
    /// When a container is started again after it has ended (tables 4-166 and 5-14).
    pub enum RestartPolicy {
        /// However it ended.
        Always = "Always",
        /// When it ended with an error.
        OnFailure = "OnFailure",
        /// Never.
        Never = "Never",
    }
}

/// A number with decimals, such as a share of a CPU core.
#[derive(Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl Decimal {
    /// The number. `None` when it is none, or infinite.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// Its value.
    #[must_use]
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Shaped for Decimal {
    const SHAPE: Shape = Shape::Number;
}

impl Item for Decimal {
    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::new)
    }
    fn from_float(number: f64) -> Option<Self> {
        Self::new(number)
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A whole number is written as the examples write it: 1024, not 1024.0.
        match i64::from_float(self.0) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.0),
        }
    }
}

wire! {
    /// An environment variable: a value, or where one is taken from (tables 4-163 and 5-10).
    pub struct Env {
        /// Name.
        pub name: Option<String>,
        /// Value.
        pub value: Option<String>,
        /// An entry of a ConfigMap or a value of a secret.
        pub value_from: Option<ValueFrom>,
        /// A fact about the instance: `status.hostIP` only.
        pub field_path: Option<String>,
    }

    /// Where the value of an environment variable is taken from: one of the two (tables 4-168 and 5-35).
    pub struct ValueFrom {
        /// From a secret.
        pub secret: Option<KeyOf>,
        /// From a ConfigMap.
        pub configmap: Option<KeyOf>,
    }

    /// A key of a ConfigMap or secret (tables 4-169, 4-170, 5-36 and 5-37).
    pub struct KeyOf {
        /// Name of the ConfigMap or secret.
        pub name: Option<String>,
        /// Key.
        pub key: Option<String>,
    }

    /// A volume (tables 4-157 and 5-11).
    pub struct Volume {
        /// Name.
        pub name: Option<String>,
        /// Where it comes from.
        #[name("type")]
        pub kind: Option<VolumeKind>,
        /// A path of the node, the name of a ConfigMap or secret, `disk` or `memory`.
        pub source: Option<String>,
        /// Where it is mounted.
        pub destination: Option<String>,
        /// Whether the container may only read it.
        pub read_only: Option<bool>,
        /// Permissions of the files of a ConfigMap or secret, as a decimal number; 420 is 0644.
        pub default_mode: Option<i64>,
    }

    /// What a container may use and what is set aside for it, as texts (table 4-164).
    pub struct Resources {
        /// Most it may use.
        pub limits: Option<Amounts>,
        /// What is set aside for it.
        pub requests: Option<Amounts>,
    }

    /// Amounts as texts (table 4-165).
    pub struct Amounts {
        /// CPU cores.
        pub cpu: Option<String>,
        /// Memory in MB.
        pub memory: Option<String>,
        /// GPU memory in MB.
        pub gpu: Option<String>,
        /// NPUs.
        pub npu: Option<String>,
    }

    /// The same as numbers, as versions of application templates have it (table 5-12).
    pub struct NumericResources {
        /// Most it may use.
        pub limits: Option<NumericAmounts>,
        /// What is set aside for it.
        pub requests: Option<NumericAmounts>,
    }

    /// Amounts as numbers (table 5-13).
    pub struct NumericAmounts {
        /// CPU cores.
        pub cpu: Option<Decimal>,
        /// Memory in MB.
        pub memory: Option<Decimal>,
        /// GPU memory in MB.
        pub gpu: Option<Decimal>,
        /// NPUs.
        pub npu: Option<i64>,
    }

    /// How the health of a container is found out: by a request or by a command (tables 4-158 and 5-15).
    pub struct Probe {
        /// By a command, as deployments have it.
        pub exec: Option<Exec>,
        /// By a command, as versions of application templates have it.
        pub exec_command: Option<String>,
        /// By a request.
        pub http_get: Option<HttpGet>,
        /// Seconds from the start to the first probe. The service's default is 10.
        pub initial_delay_seconds: Option<i64>,
        /// Seconds after which a probe has failed. The service's default is 1.
        pub timeout_seconds: Option<i64>,
    }

    /// The command of a probe (table 4-159).
    pub struct Exec from command {
        /// Command.
        pub command: Option<String>,
    }

    /// The request of a probe (tables 4-160 and 5-16).
    pub struct HttpGet {
        /// Path, from `/`.
        pub path: Option<String>,
        /// Port.
        pub port: Option<i64>,
        /// Host; the container itself when left out.
        pub host: Option<String>,
        /// `HTTP` or `HTTPS`. The service's default is `HTTP`.
        pub scheme: Option<String>,
    }

    /// A port of a container that can be reached at the node (tables 4-161 and 5-33).
    pub struct PortMapping {
        /// Port of the container.
        pub container_port: Option<i64>,
        /// Port of the node.
        pub host_port: Option<i64>,
        /// Address of the node.
        pub host_ip: Option<String>,
        /// Ports of the node from which the service takes one for each instance. Platinum only.
        pub host_port_range: Option<PortRange>,
    }

    /// Ports from the smaller to the larger one (table 4-162).
    pub struct PortRange {
        /// First.
        pub min_port: Option<i64>,
        /// Last.
        pub max_port: Option<i64>,
    }
}

impl Probe {
    /// The command, in whichever form it came.
    #[must_use]
    pub fn command(&self) -> Option<&str> {
        let nested = self.exec.as_ref().and_then(|exec| exec.command.as_deref());
        nested.or(self.exec_command.as_deref())
    }
}

/// Volumes and variables of a container.
pub(crate) type Parts<'a> = (&'a [Volume], &'a [Env]);

/// Names of the ConfigMaps that containers take something from.
pub(crate) fn config_maps<'a>(
    parts: impl Iterator<Item = Parts<'a>>,
) -> impl Iterator<Item = &'a str> {
    taken(parts, &VolumeKind::ConfigMap, Env::config_map)
}

/// Names of the secrets that containers take something from.
pub(crate) fn secrets<'a>(parts: impl Iterator<Item = Parts<'a>>) -> impl Iterator<Item = &'a str> {
    taken(parts, &VolumeKind::Secret, Env::secret)
}

/// Each name once, however many volumes and variables have it.
fn taken<'a>(
    parts: impl Iterator<Item = Parts<'a>>,
    kind: &VolumeKind,
    key_of: fn(&Env) -> Option<&KeyOf>,
) -> impl Iterator<Item = &'a str> {
    let mut names = BTreeSet::new();
    for (volumes, envs) in parts {
        let volumes = volumes.iter().filter(|it| it.kind.as_ref() == Some(kind));
        names.extend(volumes.filter_map(|it| it.source.as_deref()));
        let keys = envs.iter().filter_map(key_of);
        names.extend(keys.filter_map(|it| it.name.as_deref()));
    }
    names.into_iter().filter(|name| !name.is_empty())
}

impl Env {
    /// The secret whose value it takes.
    #[must_use]
    pub fn secret(&self) -> Option<&KeyOf> {
        self.value_from.as_ref()?.secret.as_ref()
    }

    /// The ConfigMap whose entry it takes.
    #[must_use]
    pub fn config_map(&self) -> Option<&KeyOf> {
        self.value_from.as_ref()?.configmap.as_ref()
    }
}
