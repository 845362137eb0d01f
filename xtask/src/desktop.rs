//! A desktop of its own for one program: virtual screen, message bus, keyring, and empty folders in
//! place of the user's, so that nothing of theirs is seen or changed.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Keeps the bus's account of its doings out of the program's own output, unlocks the keyring, and
/// becomes the program. The keyring is as good as new, so its password protects nothing.
const START: &str = r#"
exec 3>&1 4>&2 >"$EDGE_CONSOLE_DESKTOP/bus.log" 2>&1
exec dbus-run-session -- sh -c '
    printf "%s" "edge console" |
        gnome-keyring-daemon --unlock --components=secrets --daemonize &&
    exec "$@" >&3 2>&4 3>&- 4>&-
' sh "$@"
"#;

/// The empty folders. They go with this value.
pub(crate) struct Desktop {
    folder: PathBuf,
}

impl Desktop {
    pub(crate) fn new() -> Result<Self> {
        // Sockets lie in it, and their paths have to be short.
        let folder = env::temp_dir().join(format!("edge-console-{}", process::id()));
        for name in ["runtime", "data", "config", "cache", "state"] {
            fs::create_dir_all(folder.join(name))
                .with_context(|| format!("{} could not be made", folder.display()))?;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join("runtime"), fs::Permissions::from_mode(0o700))?;
        }
        Ok(Self { folder })
    }

    /// A command that runs a program on this desktop.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("xvfb-run");
        command
            .args(["--auto-servernum", "--server-args=-screen 0 1920x1200x24"])
            .args(["sh", "-c", START, "sh"])
            .arg(program)
            .env("EDGE_CONSOLE_DESKTOP", &self.folder)
            .env("XDG_RUNTIME_DIR", self.folder.join("runtime"))
            .env("XDG_DATA_HOME", self.folder.join("data"))
            .env("XDG_CONFIG_HOME", self.folder.join("config"))
            .env("XDG_CACHE_HOME", self.folder.join("cache"))
            .env("XDG_STATE_HOME", self.folder.join("state"))
            .env("GDK_BACKEND", "x11")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("GNOME_KEYRING_CONTROL");
        command
    }

    /// Moves a command to this desktop, its folder and environment included.
    pub(crate) fn host(&self, command: &Command) -> Command {
        let mut hosted = self.command(command.get_program());
        hosted.args(command.get_args());
        hosted.current_dir(command.get_current_dir().unwrap_or(Path::new(".")));
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => hosted.env(name, value),
                None => hosted.env_remove(name),
            };
        }
        hosted
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // The bus's services end a moment after it, and hold on to the folder until then. What is left
        // behind all the same harms nobody.
        for _ in 0..20 {
            if fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Whether there is a screen to open a window on.
pub(crate) fn has_screen() -> bool {
    cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
