//! Rules of what containers are made of: versions of application templates (section 4.4) and deployments
//! (section 4.5) share them.

use super::{Characters, Limit};
use crate::codes;

/// Lower-case letters, digits and hyphens, with none of the last at either end.
pub(super) const fn label(max: usize) -> Limit {
    Limit::Text {
        min: 1,
        max,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseAnd(""),
        last: Characters::LowercaseAnd(""),
    }
}

/// A path from the root. The reference sets no limit on its length; that of Linux is used.
const fn path(characters: Characters) -> Limit {
    Limit::Text {
        min: 1,
        max: 4096,
        characters,
        first: Characters::Only("/"),
        last: Characters::Any,
    }
}

rules! {
    /// Address of an image (table 4-136; table 4-156 sets no limit).
    IMAGE_URL = "image_url", &codes::IMAGE, Limit::text(1, 2083, Characters::AnyBut(" \t\r\n"));
    /// Startup commands, and arguments, all characters together (table 4-156).
    COMMAND = "container_command", &codes::PARAMETER, Limit::text(0, 65_536, Characters::Any);
    /// Name of an environment variable (tables 4-163 and 5-10).
    ENV_NAME = "env_name", &codes::APP_ENV, Limit::Text {
        min: 1,
        max: 2048,
        characters: Characters::AlphanumericAnd("_"),
        first: Characters::LettersAnd("_"),
        last: Characters::Any,
    };
    /// Value of an environment variable (tables 4-163 and 5-10).
    ENV_VALUE = "env_value", &codes::APP_ENV, Limit::text(0, 20_480, Characters::Any);
    /// Where a variable takes its value from: one place (tables 4-163 and 4-168).
    ENV_SOURCE = "env_source", &codes::APP_ENV, Limit::Integer { min: 1, max: 1 };
    /// Name and key of a ConfigMap or secret. Their own rules stand in sections 4.7 and 4.8.
    ENV_REFERENCE = "env_reference", &codes::APP_ENV,
        Limit::text(1, 64, Characters::AlphanumericAnd("-._"));
    /// A fact about the instance (tables 4-163 and 5-10).
    ENV_FIELD = "env_field", &codes::APP_ENV, Limit::OneOf(&["status.hostIP"]);
    /// Name of a volume (table 4-157). The examples write `log-volume`, so hyphens are allowed too.
    VOLUME_NAME = "volume_name", &codes::APP_VOLUME,
        Limit::text(1, 63, Characters::LowercaseAnd("-"));
    /// Where a volume comes from (table 4-157).
    VOLUME_TYPE = "volume_type", &codes::APP_VOLUME,
        Limit::OneOf(&["configMap", "secret", "emptyDir", "hostPath"]);
    /// Path of a node (table 4-157).
    VOLUME_HOST_PATH = "volume_host_path", &codes::APP_VOLUME,
        path(Characters::AlphanumericAnd("-/_."));
    /// What an empty folder is kept in (table 4-157).
    VOLUME_MEDIUM = "volume_medium", &codes::APP_VOLUME, Limit::OneOf(&["disk", "memory"]);
    /// Name of the ConfigMap or secret. Their own rules stand in sections 4.7 and 4.8.
    VOLUME_REFERENCE = "volume_reference", &codes::VOLUME_SOURCE, label(64);
    /// Where a volume is mounted (table 4-157).
    VOLUME_DESTINATION = "volume_destination", &codes::APP_VOLUME,
        path(Characters::AnyBut(":\n\r\t"));
    /// Whether a volume may only be read; those of ConfigMaps and secrets may (table 4-157).
    VOLUME_ACCESS = "volume_access", &codes::APP_VOLUME, Limit::OneOf(&["true", "false"]);
    /// Permissions of files, 0777 at most, as a decimal number. Only the service's model has it.
    VOLUME_MODE = "volume_mode", &codes::APP_VOLUME, Limit::Integer { min: 0, max: 511 };
    /// CPU cores (table 4-165).
    CPU = "cpu", &codes::APP_RESOURCES, Limit::Decimal { min: "0.01", max: "1000" };
    /// Memory in MB that is set aside (table 4-165).
    MEMORY = "memory", &codes::APP_RESOURCES, Limit::Decimal { min: "0.01", max: "1024000" };
    /// Memory in MB at most (table 4-165).
    MEMORY_LIMIT = "memory_limit", &codes::APP_RESOURCES, Limit::Decimal { min: "4", max: "1024000" };
    /// GPU memory in MB (table 4-165).
    GPU = "gpu", &codes::APP_RESOURCES, Limit::Decimal { min: "0.01", max: "1024000" };
    /// NPUs (table 4-165).
    NPU = "npu", &codes::APP_RESOURCES, Limit::Integer { min: 1, max: 1000 };
    /// NPU type (table 4-136; the service's model has D310B too).
    CONTAINER_NPU = "container_npu_type", &codes::APP_RESOURCES, Limit::OneOf(&["D310", "D310B"]);
    /// A probe asks in one way (table 4-158).
    PROBE_WAY = "probe_way", &codes::PROBE, Limit::Integer { min: 1, max: 1 };
    /// Command of a probe (tables 4-159 and 5-15).
    PROBE_COMMAND = "probe_command", &codes::PROBE, Limit::text(1, 10_240, Characters::Any);
    /// Path of a probe (table 4-160).
    PROBE_PATH = "probe_path", &codes::PROBE, path(Characters::AnyBut(" \t\r\n"));
    /// Port of a probe (table 4-160).
    PROBE_PORT = "probe_port", &codes::PROBE, Limit::Integer { min: 1, max: 65535 };
    /// Host of a probe (table 4-160 sets no limit; that of names in DNS is used).
    PROBE_HOST = "probe_host", &codes::PROBE, Limit::text(1, 253, Characters::AlphanumericAnd("-.:[]"));
    /// Scheme of a probe (table 4-160; answers have it in lower case).
    PROBE_SCHEME = "probe_scheme", &codes::PROBE, Limit::OneOf(&["HTTP", "HTTPS", "http", "https"]);
    /// Seconds of a probe (table 4-158).
    PROBE_SECONDS = "probe_seconds", &codes::PROBE, Limit::Integer { min: 1, max: 3600 };
    /// Address of a node's network interface (table 4-161 sets no limit).
    HOST_ADDRESS = "host_address", &codes::PARAMETER,
        Limit::text(1, 64, Characters::AlphanumericAnd("-._:"));
    /// Ports of a node, the last after the first (table 4-162).
    HOST_PORT_RANGE = "host_port_range", &codes::PARAMETER, Limit::Integer { min: 1, max: 65535 };
    /// When containers are started again (tables 4-166 and 5-14).
    RESTART_POLICY = "restart_policy", &codes::APP_CONFIGS,
        Limit::OneOf(&["Always", "OnFailure", "Never"]);
    /// User that a container runs as. Only the service's model has it.
    RUN_AS_USER = "run_as_user", &codes::APP_CONFIGS, Limit::Integer { min: 0, max: 65534 };
    /// Whom an instance asks for names. Only the service's model has it.
    DNS_POLICY = "dns_policy", &codes::APP_CONFIGS,
        Limit::OneOf(&["Default", "ClusterFirst", "ClusterFirstWithHostNet"]);
}
