//! WebKit's WebDriver server, one for each window.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// The program that drives WebKitGTK.
const PROGRAM: &str = "WebKitWebDriver";

/// A running driver. It starts the application, and both end with this value.
pub(super) struct Driver {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Driver {
    /// Starts a driver whose application keeps everything below the folder, with these variables in its
    /// environment.
    pub(super) async fn start(data: &Path, environment: &[(&str, &str)]) -> Result<Self> {
        let port = free_port()?;
        std::fs::create_dir_all(save_folder(data))?;
        std::fs::create_dir_all(open_folder(data))?;
        let log = data.join("streams.log");
        let streams = File::options().create(true).append(true).open(&log)?;
        let process = Command::new(PROGRAM)
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("EDGE_CONSOLE_DATA_DIR", data)
            .env("EDGE_CONSOLE_SAVE_DIR", save_folder(data))
            .env("EDGE_CONSOLE_OPEN_DIR", open_folder(data))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(streams.try_clone()?)
            .stderr(streams)
            // The application belongs to the driver's group, so that both can be ended as one.
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!("{PROGRAM} could not be started (Debian: webkit2gtk-driver)")
            })?;
        let mut driver = Self { process, port, log };
        super::wait_for(PROGRAM, async || {
            if let Some(status) = driver.process.try_wait()? {
                bail!("{PROGRAM} ended with {status}: {}", driver.log()?);
            }
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok())
        })
        .await?;
        Ok(driver)
    }

    /// The driver's process.
    pub(super) fn process(&self) -> u32 {
        self.process.id()
    }

    /// Where the driver answers.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What driver and application have written to their standard streams.
    pub(super) fn log(&self) -> Result<String> {
        let bytes = std::fs::read(&self.log)
            .with_context(|| format!("{} could not be read", self.log.display()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing can be done about a failure here: the group may have ended by itself.
        let _ = Command::new("kill")
            .args(["-TERM", "--", &format!("-{}", self.process.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.process.wait();
    }
}

/// Where the application of a driver saves files without asking.
pub(super) fn save_folder(data: &Path) -> PathBuf {
    data.join("saved")
}

/// What the application of a driver opens without asking.
pub(super) fn open_folder(data: &Path) -> PathBuf {
    data.join("offered")
}

/// A port nobody listens on. It could be taken before the driver does, and then the driver says so.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
