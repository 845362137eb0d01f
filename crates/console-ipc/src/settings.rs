//! What the user chose for the window as a whole.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::command;

/// Settings of the window. Written whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Language.
    pub language: Language,
    /// Whether the rail shows icons only.
    pub rail_collapsed: bool,
    /// Seconds between refreshes; 0 for by hand only.
    pub refresh_seconds: u32,
    /// Days before its end from which on the window reminds of a certificate; 0 for never.
    pub certificate_lead_days: u32,
    /// What the window keeps for itself: columns, widths, saved views, by profile and page.
    pub window: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            language: Language::System,
            rail_collapsed: false,
            refresh_seconds: 30,
            certificate_lead_days: 30,
            window: Map::new(),
        }
    }
}

/// Which colours the window uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast, light or dark as the system says.
    Contrast,
}

/// Which language the window speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system says.
    System,
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Replaces the settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveSettings {
    /// The new settings.
    pub settings: Settings,
}
command!(SaveSettings = "save_settings" -> ());
