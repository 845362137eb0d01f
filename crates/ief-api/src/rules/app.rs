//! Rules of application templates and their versions (section 4.4).

use super::common::DESCRIPTION;
use super::container::label;
use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name of an application template (table 4-114).
    APP_NAME = "app_name", &codes::APP_TEMPLATE_NAME, label(32);
    /// Alias of an application template (tables 4-114 and 4-119). The examples have blanks in it.
    APP_ALIAS = "app_alias", &codes::PARAMETER,
        Limit::text(0, 64, Characters::AlphanumericAnd("-_ "));
    /// Description of an application template (tables 4-114 and 4-119).
    APP_DESCRIPTION = "app_description", &codes::PARAMETER, Limit::text(0, 255, DESCRIPTION);
    /// Address of an icon (table 4-114).
    APP_ICON = "app_icon", &codes::APP_ICON, Limit::text(0, 2083, Characters::AnyBut(" \t\r\n"));
    /// Tags of an application template. The reference sets no limit on their number; that of nodes is used.
    APP_TAGS = "app_tags", &codes::PARAMETER, Limit::Count { max: 20 };
    /// Which application templates are listed (table 4-127).
    APP_VISIBILITY = "app_visibility", &codes::APP_VISIBILITY,
        Limit::OneOf(&["public", "private", "shared"]);
    /// What a version is called (table 4-136).
    APP_VERSION = "app_version", &codes::APP_VERSION, Limit::Text {
        min: 1,
        max: 64,
        characters: Characters::LowercaseAnd("-."),
        first: Characters::LowercaseAnd(""),
        last: Characters::Any,
    };
    /// Architecture (table 4-136).
    APP_ARCH = "app_arch", &codes::APP_ARCH, Limit::OneOf(&["x86_64", "arm32", "arm64"]);
    /// Port mappings, which are asked for without the node's network (table 5-14).
    APP_PORTS = "app_ports", &codes::APP_CONFIGS, Limit::Integer { min: 1, max: i64::MAX };
}
