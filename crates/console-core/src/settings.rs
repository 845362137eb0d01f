//! The window's settings, kept in a file.

use std::io::Write;
use std::path::{Path, PathBuf};

use console_ipc::error::NextStep;
use console_ipc::notice::{Notice, NoticeKind};
use console_ipc::settings::Settings;
use console_ipc::{ErrorKind, IpcError};

use crate::files::{file_error, read_if_there, set_aside, write_whole};
use crate::kept::Kept;

/// The longest settings file, in bytes. What the window keeps for itself is small.
const LONGEST: usize = 1024 * 1024;

/// The most seconds between two refreshes: a day.
const SLOWEST_REFRESH: u32 = 24 * 60 * 60;

/// The most days before its end at which a certificate is reminded of: ten years, for which few are made.
const LONGEST_LEAD: u32 = 3_652;

/// The settings and where they are kept.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    path: PathBuf,
    current: Kept<Settings>,
}

impl SettingsFile {
    /// Reads the settings. A file that can't be understood is set aside and told; the defaults hold then.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        let path = folder.join("settings.json");
        let bytes =
            read_if_there(&path).map_err(|error| file_error(&path, &error, NextStep::Report))?;
        let current = match bytes.as_deref().map(serde_json::from_slice::<Settings>) {
            None => Settings::default(),
            Some(Ok(settings)) => settings,
            Some(Err(error)) => {
                let aside = set_aside(&path, now_ms)
                    .map_err(|error| file_error(&path, &error, NextStep::Report))?;
                notices.push(
                    Notice::new(NoticeKind::SettingsUnreadable)
                        .with("path", aside.display())
                        .with("detail", error),
                );
                Settings::default()
            }
        };
        Ok(Self {
            path,
            current: Kept::new(current),
        })
    }

    pub(crate) fn current(&self) -> Settings {
        Settings::clone(&self.current.get())
    }

    /// Writes the settings whole.
    pub(crate) fn save(&self, mut settings: Settings) -> Result<(), IpcError> {
        settings.refresh_seconds = settings.refresh_seconds.min(SLOWEST_REFRESH);
        settings.certificate_lead_days = settings.certificate_lead_days.min(LONGEST_LEAD);
        let text = serde_json::to_vec_pretty(&settings)
            .map_err(|_| IpcError::new(ErrorKind::Internal, NextStep::Report))?;
        if text.len() > LONGEST {
            return Err(
                IpcError::new(ErrorKind::Protocol, NextStep::Report).with("bytes", text.len())
            );
        }
        self.current.change(
            |current| {
                *current = settings;
                Ok(())
            },
            |_| {
                write_whole(&self.path, |file| file.write_all(&text))
                    .map(drop)
                    .map_err(|error| file_error(&self.path, &error, NextStep::TryAgain))
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use console_ipc::notice::NoticeKind;
    use console_ipc::settings::{Settings, Theme};

    use super::SettingsFile;

    #[test]
    fn settings_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut notices = Vec::new();
        let file = SettingsFile::open(folder.path(), 0, &mut notices).unwrap();
        assert_eq!(file.current(), Settings::default());
        let dark = Settings {
            theme: Theme::Dark,
            ..Settings::default()
        };
        file.save(dark.clone()).unwrap();
        let again = SettingsFile::open(folder.path(), 0, &mut notices).unwrap();
        assert_eq!(again.current(), dark);
        assert!(notices.is_empty());
    }

    #[test]
    fn an_unreadable_file_is_kept_and_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.json"), "{\"theme\":").unwrap();
        let mut notices = Vec::new();
        let file = SettingsFile::open(folder.path(), 5, &mut notices).unwrap();
        assert_eq!(file.current(), Settings::default());
        assert_eq!(notices[0].kind, NoticeKind::SettingsUnreadable);
        let kept = std::fs::read_to_string(&notices[0].values["path"]).unwrap();
        assert_eq!(kept, "{\"theme\":");
    }
}
