//! The applications of the seed: what they are made of.

use ief_api::app_version::{AppVersion, VersionConfigs};
use ief_api::container::{
    Decimal, Env, HttpGet, KeyOf, NumericAmounts, NumericResources, Probe, RestartPolicy,
    ValueFrom, Volume, VolumeKind,
};

/// Where the images of the seed are kept.
const REGISTRY: &str = "swr.cn-north-4.myhuaweicloud.com/plant";

/// What an application of the seed is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    pub(crate) name: &'static str,
    pub(crate) alias: &'static str,
    pub(crate) description: &'static str,
    /// The oldest first.
    pub(crate) versions: &'static [&'static str],
    /// CPU cores and memory in MB at most; half of each is set aside.
    pub(crate) limits: (f64, f64),
    /// The ConfigMap that is mounted.
    pub(crate) config_map: Option<&'static str>,
    /// The secret and its key that stand in the environment.
    pub(crate) secret: Option<(&'static str, &'static str)>,
    /// The port that it serves at.
    pub(crate) port: Option<i64>,
    /// A path of the node that it uses.
    pub(crate) host_path: Option<&'static str>,
}

/// Every application of the seed.
pub(crate) const RECIPES: [Recipe; 12] = [
    Recipe {
        name: "vision-inspect",
        alias: "Visual inspection",
        description: "Finds scratches on parts",
        versions: &["1.6.0", "1.7.0", "1.7.2"],
        limits: (1.5, 1024.0),
        config_map: Some("vision-line-a"),
        secret: Some(("vision-license", "license.key")),
        port: Some(8090),
        host_path: Some("/dev/video0"),
    },
    Recipe {
        name: "opc-bridge",
        alias: "OPC UA bridge",
        description: "Brings values of controllers to the broker",
        versions: &["2.3.1", "2.4.0"],
        limits: (0.5, 256.0),
        config_map: Some("opcua-bridge"),
        secret: Some(("opcua-client", "client.key")),
        port: None,
        host_path: None,
    },
    Recipe {
        name: "line-metrics",
        alias: "Line metrics",
        description: "Counts parts and standstills of a line",
        versions: &["0.9.4", "1.0.0", "1.0.1"],
        limits: (0.25, 128.0),
        config_map: Some("mqtt-broker"),
        secret: Some(("telemetry-token", "token")),
        port: Some(9100),
        host_path: None,
    },
    Recipe {
        name: "video-relay",
        alias: "Video relay",
        description: "Hands pictures of cameras on",
        versions: &["3.1.0"],
        limits: (1.0, 512.0),
        config_map: None,
        secret: None,
        port: Some(8554),
        host_path: Some("/var/lib/video"),
    },
    Recipe {
        name: "model-serve",
        alias: "Model server",
        description: "Answers questions to trained models",
        versions: &["1.11.8", "1.12.0"],
        limits: (2.0, 2048.0),
        config_map: None,
        secret: Some(("object-store", "access-key")),
        port: Some(8501),
        host_path: Some("/var/lib/models"),
    },
    Recipe {
        name: "log-shipper",
        alias: "Log shipper",
        description: "Collects logs and hands them on",
        versions: &["2.2.2", "2.2.3"],
        limits: (0.2, 96.0),
        config_map: Some("fluent-bit"),
        secret: None,
        port: None,
        host_path: Some("/var/log"),
    },
    Recipe {
        name: "modbus-poller",
        alias: "Modbus poller",
        description: "Reads registers of older controllers",
        versions: &["1.2.0"],
        limits: (0.2, 64.0),
        config_map: Some("modbus-poller"),
        secret: None,
        port: None,
        host_path: Some("/dev/ttyUSB0"),
    },
    Recipe {
        name: "local-dashboard",
        alias: "Local dashboard",
        description: "Shows a line without the cloud",
        versions: &["10.4.2", "11.1.0"],
        limits: (0.5, 384.0),
        config_map: None,
        secret: Some(("grafana-admin", "admin-password")),
        port: Some(3000),
        host_path: Some("/var/lib/dashboard"),
    },
    Recipe {
        name: "edge-proxy",
        alias: "Reverse proxy",
        description: "Stands in front of what a node serves",
        versions: &["1.25.5"],
        limits: (0.25, 64.0),
        config_map: Some("nginx-edge"),
        secret: None,
        port: Some(8080),
        host_path: None,
    },
    Recipe {
        name: "alarm-notifier",
        alias: "Alarm notifier",
        description: "Tells people about alarms",
        versions: &["0.4.0", "0.5.0"],
        limits: (0.1, 64.0),
        config_map: Some("alarm-limits"),
        secret: Some(("alarm-webhook", "url")),
        port: None,
        host_path: None,
    },
    Recipe {
        name: "ota-agent",
        alias: "Firmware agent",
        description: "Brings firmware to controllers",
        versions: &["1.0.0-rc.2"],
        limits: (0.2, 128.0),
        config_map: None,
        secret: Some(("ota-signing", "public.pem")),
        port: None,
        host_path: Some("/var/lib/ota"),
    },
    Recipe {
        name: "shift-report",
        alias: "Shift report",
        description: "Writes the report at the end of a shift",
        versions: &["0.1.0"],
        limits: (0.2, 128.0),
        config_map: Some("shift-calendar"),
        secret: Some(("smtp-relay", "password")),
        port: None,
        host_path: None,
    },
];

impl Recipe {
    /// The address of an image.
    pub(crate) fn image(&self, version: &str) -> String {
        format!("{REGISTRY}/{}:{version}", self.name)
    }

    pub(crate) fn envs(&self) -> Vec<Env> {
        let mut envs = vec![
            Env {
                name: Some("LOG_LEVEL".to_owned()),
                value: Some("info".to_owned()),
                ..Env::default()
            },
            Env {
                name: Some("NODE_IP".to_owned()),
                field_path: Some("status.hostIP".to_owned()),
                ..Env::default()
            },
        ];
        if let Some((name, key)) = self.secret {
            let key = KeyOf {
                name: Some(name.to_owned()),
                key: Some(key.to_owned()),
                ..KeyOf::default()
            };
            envs.push(Env {
                name: Some("CREDENTIAL".to_owned()),
                value_from: Some(ValueFrom {
                    secret: Some(key),
                    ..ValueFrom::default()
                }),
                ..Env::default()
            });
        }
        envs
    }

    pub(crate) fn volumes(&self) -> Vec<Volume> {
        let volume = |name: &str, kind: VolumeKind, source: &str, destination: &str| Volume {
            name: Some(name.to_owned()),
            read_only: Some(kind == VolumeKind::ConfigMap),
            kind: Some(kind),
            source: Some(source.to_owned()),
            destination: Some(destination.to_owned()),
            ..Volume::default()
        };
        let settings = self
            .config_map
            .map(|name| volume("settings", VolumeKind::ConfigMap, name, "/etc/settings"));
        let data = self
            .host_path
            .map(|path| volume("data", VolumeKind::HostPath, path, path));
        settings.into_iter().chain(data).collect()
    }

    /// Asks for the health of whatever serves.
    pub(crate) fn probe(&self) -> Option<Probe> {
        let port = self.port?;
        Some(Probe {
            http_get: Some(HttpGet {
                path: Some("/healthz".to_owned()),
                port: Some(port),
                scheme: Some("HTTP".to_owned()),
                ..HttpGet::default()
            }),
            initial_delay_seconds: Some(10),
            timeout_seconds: Some(3),
            ..Probe::default()
        })
    }

    /// A version of its template.
    pub(crate) fn version(&self, version: &str) -> AppVersion {
        let (cpu, memory) = self.limits;
        let amounts = |part: f64| NumericAmounts {
            cpu: Decimal::new(cpu * part),
            memory: Decimal::new(memory * part),
            ..NumericAmounts::default()
        };
        AppVersion {
            version: Some(version.to_owned()),
            image_url: Some(self.image(version)),
            envs: self.envs(),
            volumes: self.volumes(),
            configs: Some(VersionConfigs {
                privileged: Some(false),
                host_network: Some(true),
                restart_policy: Some(RestartPolicy::Always),
                ..VersionConfigs::default()
            }),
            resources: Some(NumericResources {
                limits: Some(amounts(1.0)),
                requests: Some(amounts(0.5)),
                ..NumericResources::default()
            }),
            // Most nodes of the seed have it.
            arch: Some("arm64".to_owned()),
            liveness_probe: self.probe(),
            npu_type: Some(String::new()),
            ..AppVersion::default()
        }
    }
}
