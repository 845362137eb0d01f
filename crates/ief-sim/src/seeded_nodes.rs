//! The nodes of the seed: each is a pure function of its index.

use chrono::{DateTime, SecondsFormat};
use ief_api::node::{
    Accelerator, EdgeNode, KeyValue, LogConfig, Nic, NodeState, NtpConfig, UpgradeRecord,
};

use crate::products::product_of_kind;
use crate::seed::{Seed, Stream};

/// When the first node of the seed was registered: 2024-01-08T00:00:00Z.
pub(crate) const FIRST: i64 = 1_704_672_000_000;
/// By when all of them were: 2025-12-20T00:00:00Z, early enough for their later history to be past too.
pub(crate) const LAST: i64 = 1_766_188_800_000;
/// The newest version of the node's software.
pub(crate) const NEWEST_VERSION: &str = "2.52.1";
/// How long a node's certificate holds, in milliseconds: five years.
pub(crate) const CERTIFICATE_LIFE: i64 = 5 * 365 * DAY;
/// A day in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;

/// Where nodes stand.
pub(crate) const SITES: [&str; 16] = [
    "bj", "sh", "gz", "sz", "cd", "wh", "xa", "nj", "hz", "cq", "tj", "su", "qd", "zz", "cs", "dl",
];
const KINDS: [&str; 8] = ["gw", "gw", "gw", "gw", "srv", "cam", "agv", "plc"];
const VERSIONS: [&str; 10] = [
    "2.52.1", "2.52.1", "2.52.1", "2.52.1", "2.52.1", "2.52.1", "2.43.0", "2.43.0", "2.36.0",
    "2.25.2",
];
/// A version from which no upgrade is possible, and whose nodes can't be changed.
const ANCIENT_VERSION: &str = "2.1.0";
const REASONS: [&str; 5] = [
    "EdgeCore has not reported for 10 minutes.",
    "The disk of /var/IEF is 96% full.",
    "The container runtime does not answer.",
    "The MQTT broker does not answer on port 8883.",
    "The certificate of the node has expired.",
];

/// Milliseconds as the service writes a point in time.
pub(crate) fn stamp(milliseconds: i64) -> String {
    DateTime::from_timestamp_millis(milliseconds)
        .unwrap_or(DateTime::UNIX_EPOCH)
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Seed {
    /// The name of a node: unique, because place and number follow from the index.
    pub(crate) fn node_name_into(self, index: u64, name: &mut String) {
        name.clear();
        name.push_str(self.choose(Stream::Node, index, &KINDS));
        name.push('-');
        name.push_str(SITES[(index % 16) as usize]);
        name.push('-');
        let number = index / 16 + 1;
        for pad in [1000, 100, 10] {
            if number < pad {
                name.push('0');
            }
        }
        name.push_str(&number.to_string());
    }

    pub(crate) fn node_name(self, index: u64) -> String {
        let mut name = String::new();
        self.node_name_into(index, &mut name);
        name
    }

    /// The node of the seed with this name.
    pub(crate) fn node_named(self, name: &str) -> Option<u64> {
        let (rest, number) = name.rsplit_once('-')?;
        let (_, site) = rest.rsplit_once('-')?;
        let site = SITES.iter().position(|s| *s == site)? as u64;
        let number: u64 = number.parse().ok()?;
        let index = number.checked_sub(1)?.checked_mul(16)?.checked_add(site)?;
        (index < self.nodes && self.node_name(index) == name).then_some(index)
    }

    pub(crate) fn node_state(self, index: u64) -> NodeState {
        match self.number(Stream::NodeState, index) % 1000 {
            0..40 => NodeState::Unconnected,
            40..75 => NodeState::Fail,
            75..95 => NodeState::Stopped,
            95..101 => NodeState::Upgrading,
            101..105 => NodeState::Freeze,
            _ => NodeState::Running,
        }
    }

    /// Tags as key and value.
    pub(crate) fn node_tags(self, index: u64) -> impl Iterator<Item = (&'static str, String)> {
        let number = self.number(Stream::NodeTags, index);
        let stage = if number % 10 < 7 { "prod" } else { "test" };
        let all = [
            ("site", SITES[(index % 16) as usize].to_owned()),
            ("line", format!("l{}", (number >> 8) % 6 + 1)),
            ("stage", stage.to_owned()),
        ];
        let count = if number % 100 < 4 { 0 } else { 3 };
        all.into_iter().take(count)
    }

    /// The batch registration a node came from: that of its kind. Some were registered by hand.
    fn node_product(self, index: u64) -> Option<String> {
        let kind = self.choose(Stream::Node, index, &KINDS);
        let product = product_of_kind(kind)?;
        self.per_mille(Stream::Product, index, 700)
            .then(|| self.id(Stream::Product, product).to_string())
    }

    /// When the thing was registered, in milliseconds: later for a higher index.
    pub(crate) fn registered(self, stream: Stream, index: u64, of: u64) -> i64 {
        let step = (LAST - FIRST) / i64::try_from(of.max(1)).unwrap_or(i64::MAX);
        let jitter = self.number(stream, index ^ (1 << 54)) % (step.max(1) as u64);
        let part = i128::from(LAST - FIRST) * i128::from(index) / i128::from(of.max(1));
        FIRST + part as i64 + jitter as i64
    }

    /// When the node's certificate was issued: some were renewed, and some soon end.
    pub(crate) fn certificate_issued(self, index: u64, created: i64) -> i64 {
        created - (self.number(Stream::NodeCertificate, index) % 1200) as i64 * DAY
    }

    /// When the node was last changed, in milliseconds.
    pub(crate) fn node_updated(self, index: u64) -> i64 {
        let number = self.number(Stream::NodeFacts, index);
        self.registered(Stream::Node, index, self.nodes) + (number % (20 * DAY as u64)) as i64
    }

    /// A node as the seed made it, without its devices.
    pub(crate) fn node(self, index: u64) -> EdgeNode {
        let created = self.registered(Stream::Node, index, self.nodes);
        let state = self.node_state(index);
        let number = self.number(Stream::NodeFacts, index);
        let mut node = EdgeNode {
            id: Some(self.id(Stream::Node, index).to_string()),
            name: Some(self.node_name(index)),
            description: Some(if number.is_multiple_of(5) {
                format!("Gateway of line {}", (number >> 8) % 6 + 1)
            } else {
                String::new()
            }),
            created_at: Some(stamp(created)),
            updated_at: Some(stamp(self.node_updated(index))),
            tags: self
                .node_tags(index)
                .map(|(key, value)| KeyValue::new(key, value))
                .collect(),
            group_ids: self.node_group(index).into_iter().collect(),
            product_id: self.node_product(index),
            enable_gpu: Some(number >> 16 & 15 == 0),
            enable_npu: Some(number >> 20 & 15 == 0),
            ..self.blank_node(index)
        };
        if state == NodeState::Unconnected {
            return node;
        }
        self.connect(index, created + 600_000, &mut node);
        node.state = Some(state.clone());
        if state == NodeState::Fail {
            node.error_reason = Some(self.node_failure(index).to_owned());
        }
        node
    }

    /// Why a node fails.
    pub(crate) fn node_failure(self, index: u64) -> &'static str {
        self.choose(Stream::Lifecycle, index, &REASONS)
    }

    /// A node that was just registered and knows nothing of its hardware yet.
    pub(crate) fn blank_node(self, index: u64) -> EdgeNode {
        EdgeNode {
            state: Some(NodeState::Unconnected),
            master_addr: Some("https://ief2-placement.cn-north-4.myhuaweicloud.com:443".to_owned()),
            pause_docker_image: Some(
                "swr.cn-north-4.myhuaweicloud.com/huawei-ief-internal-app/pause".to_owned(),
            ),
            arch: Some(String::new()),
            cpu: Some(0),
            memory: Some(0),
            deployment_num: Some(0),
            enable_gpu: Some(false),
            gpu_num: Some(0),
            enable_npu: Some(false),
            npu_num: Some(0),
            log_configs: self.log_configs(index),
            docker_enable: Some(true),
            mqtt_mode: Some("internal".to_owned()),
            mqtt_internal: Some("tls://docker0:8883,tls://127.0.0.1:8883".to_owned()),
            mqtt_external: Some(String::new()),
            node_type: Some(String::new()),
            error_reason: Some(String::new()),
            ..EdgeNode::default()
        }
    }

    /// The node connects for the first time at `at` and reports what it is made of.
    pub(crate) fn connect(self, index: u64, at: i64, node: &mut EdgeNode) {
        let number = self.number(Stream::NodeFacts, index);
        let small = number >> 24 & 3 != 0;
        let (os_name, os_version) = self.choose(
            Stream::NodeFacts,
            index ^ (1 << 53),
            &[
                ("Ubuntu 22.04.4 LTS", "5.15.0-112-generic"),
                ("Ubuntu 20.04.6 LTS", "5.4.0-189-generic"),
                ("EulerOS 2.0 (SP9)", "4.19.90-vhulk2103.1.0"),
                ("CentOS Linux 7 (Core)", "3.10.0-1160.119.1.el7"),
                ("openEuler 22.03 (LTS-SP3)", "5.10.0-182.0.0.95"),
            ],
        );
        let site = index % 16;
        let ip = format!(
            "10.{}.{}.{}",
            20 + site,
            index / 16 / 250 % 250,
            index / 16 % 250 + 2
        );
        let version = if self.per_mille(Stream::NodeHistory, index, 12) {
            ANCIENT_VERSION
        } else {
            self.choose(Stream::NodeHistory, index, &VERSIONS)
        };
        // What is created now gets the software that is downloaded now, unless it is to show a failing upgrade.
        let telling = node.name.as_deref().unwrap_or_default();
        let version = match index < self.nodes {
            true => version,
            false if telling.contains("upgrade-fails") => "2.43.0",
            false => NEWEST_VERSION,
        };
        node.state = Some(NodeState::Running);
        node.arch = Some(if small { "aarch64" } else { "x86_64" }.to_owned());
        node.cpu = Some(if small { 4 } else { 16 });
        node.memory = Some(if small { 7_821 } else { 32_018 });
        node.os_name = Some(os_name.to_owned());
        node.os_version = Some(os_version.to_owned());
        node.os_type = Some("linux".to_owned());
        node.host_name = node.name.as_deref().map(|name| format!("{name}.edge"));
        node.nics = vec![Nic {
            interface: Some("eth0".to_owned()),
            ip: Some(ip.clone()),
            ..Nic::default()
        }];
        node.host_ips = vec![ip];
        node.edged_version = Some(version.to_owned());
        node.ief_node_version = Some(version.to_owned());
        if node.docker_enable == Some(true) {
            let runtime = self.choose(
                Stream::NodeFacts,
                index ^ (1 << 52),
                &[
                    "docker://24.0.9",
                    "docker://20.10.24",
                    "containerd://1.7.18",
                ],
            );
            node.container_runtime_version = Some(runtime.to_owned());
        }
        if node.enable_gpu == Some(true) {
            node.gpu_num = Some(1);
            node.gpu_info = vec![Accelerator {
                name: Some("Tesla T4".to_owned()),
                kind: Some("nvidia".to_owned()),
                capacity: Some(15_360),
                ..Accelerator::default()
            }];
        }
        if node.enable_npu == Some(true) {
            node.npu_type = Some("D310".to_owned());
            node.npu_num = Some(1);
            node.npu_info = vec![Accelerator {
                name: Some("Ascend 310".to_owned()),
                kind: Some("D310".to_owned()),
                capacity: Some(8_192),
                driver_version: Some("23.0.rc3".to_owned()),
                ..Accelerator::default()
            }];
        }
        if index.is_multiple_of(7) && index < self.nodes {
            node.ntp_configs = Some(NtpConfig {
                ntp_enabled: Some(true),
                ntp_servers: vec!["ntp.myhuaweicloud.com".to_owned()],
                ..NtpConfig::default()
            });
        }
        node.upgrade_history = history(number, version, at);
    }

    fn log_configs(self, index: u64) -> Vec<LogConfig> {
        [
            ("app", "local", "on", 100),
            ("app", "LTS", "off", 50),
            ("system", "local", "info", 50),
            ("system", "LTS", "off", 50),
        ]
        .into_iter()
        .zip(0..)
        .map(|((component, kind, level, size), place)| LogConfig {
            id: Some(self.id(Stream::Log, index * 4 + place).to_string()),
            component: Some(component.to_owned()),
            kind: Some(kind.to_owned()),
            level: Some(level.to_owned()),
            size: Some(size),
            rotate_num: Some(5),
            rotate_period: Some("daily".to_owned()),
            ..LogConfig::default()
        })
        .collect()
    }
}

/// Installed with some version, upgraded from there to `version`, with one failure now and then.
fn history(number: u64, version: &str, installed: i64) -> Vec<UpgradeRecord> {
    const PATH: [&str; 4] = ["2.25.2", "2.36.0", "2.43.0", "2.52.1"];
    let reached = PATH.iter().position(|v| *v == version).unwrap_or(0);
    let from = reached - reached.min((number >> 32) as usize % 3);
    let record = |id: usize, from: Option<&str>, to: &str, at: i64, result: &str| UpgradeRecord {
        id: Some(id as i64),
        from_version: from.map(str::to_owned),
        to_version: Some(to.to_owned()),
        upgrade_time: Some(at / 1000),
        result: Some(result.to_owned()),
        dur_time: from.map(|_| 60_000 + (number >> (id & 31)) as i64 % 1_500_000),
        ..UpgradeRecord::default()
    };
    if !PATH.contains(&version) {
        return vec![record(0, None, version, installed, "install_success")];
    }
    let mut records = vec![record(0, None, PATH[from], installed, "install_success")];
    for step in from..reached {
        let at = installed + (step - from + 1) as i64 * 40 * DAY;
        let (old, new) = (Some(PATH[step]), PATH[step + 1]);
        if number >> (40 + step) & 7 == 0 {
            let result = "upgrade_failed_rollback_success";
            records.push(record(records.len(), old, new, at, result));
        }
        records.push(record(records.len(), old, new, at + DAY, "upgrade_success"));
    }
    records
}

/// Whether a version lies below another, part by part.
pub(crate) fn is_older(version: &str, than: &str) -> bool {
    let parts =
        |text: &str| -> Vec<u64> { text.split('.').map(|p| p.parse().unwrap_or(0)).collect() };
    parts(version) < parts(than)
}

#[cfg(test)]
mod tests {
    use super::{FIRST, LAST, is_older};
    use crate::seed::{Seed, Stream};
    use ief_api::node::NodeState;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn names_are_unique_and_lead_back() {
        let seed = Seed::new(1, 20_000, 0);
        let mut names = BTreeSet::new();
        for index in 0..20_000 {
            let name = seed.node_name(index);
            assert_eq!(seed.node_named(&name), Some(index));
            assert!(names.insert(name));
        }
        for name in [
            "",
            "gw",
            "gw-bj",
            "gw-bj-",
            "gw-bj-0",
            "gw-xx-0001",
            "gw-bj-99999999999999999999",
        ] {
            assert_eq!(seed.node_named(name), None, "{name}");
        }
    }

    #[test]
    fn most_nodes_run_and_every_state_occurs() {
        let seed = Seed::new(1, 10_000, 0);
        let mut states = BTreeMap::new();
        for index in 0..10_000 {
            *states
                .entry(seed.node_state(index).to_string())
                .or_insert(0) += 1;
        }
        assert_eq!(states.len(), NodeState::DOCUMENTED.len(), "{states:?}");
        assert!(states["RUNNING"] > 8_500, "{states:?}");
    }

    #[test]
    fn registration_times_rise_with_the_index() {
        let seed = Seed::new(1, 1000, 0);
        let times: Vec<i64> = (0..1000)
            .map(|i| seed.registered(Stream::Node, i, 1000))
            .collect();
        assert!(times.is_sorted());
        assert!(times[0] >= FIRST && times[999] < LAST);
    }

    #[test]
    fn versions_compare_by_their_numbers() {
        assert!(is_older("2.9.0", "2.10.0"));
        assert!(!is_older("2.52.1", "2.52.1"));
    }
}
