//! The real window, driven through WebDriver: the binary as it was built, its web view, and what
//! assistive technology is told about it.
//!
//! WebKit's driver starts the binary itself and attaches to its web view. Elements are found by the
//! role and the name that the engine computes for accessibility, so that a test that finds a thing
//! also says that everyone can. Nothing waits for a time: everything waits for a state, until a
//! deadline.

mod command;
#[cfg(target_os = "linux")]
mod drag;
mod driver;
mod element;
pub mod process;
mod role;

use std::env;
use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

#[cfg(target_os = "linux")]
pub use drag::Drag;
pub use element::Element;
pub use role::{Name, Role};

use driver::Driver;

/// How long a state may take to come about before the test fails.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// How often a state is looked at while waiting for it.
const GLANCE: Duration = Duration::from_millis(40);

/// How long all steps of a test may take: far longer than any needs.
const PATIENCE: Duration = Duration::from_secs(150);

/// Runs the steps of a test against a window that knows nothing yet, and fails with a picture.
///
/// The driver of the web view at times leaves a request without an answer for good, once in some hundred windows.
/// That is no failure of the application: when nothing else is answered either, the test is begun anew with another
/// window, once.
///
/// # Panics
/// When a step fails or panics. Picture, page and log of the window are then found in
/// `window-failures` in cargo's target folder.
#[expect(
    clippy::print_stderr,
    reason = "whoever reads the output of a test sees that it took two windows"
)]
pub async fn check<Steps>(test: &str, steps: Steps)
where
    Steps: AsyncFn(&mut Window) -> Result<()>,
{
    let open = async || match Window::open(test).await {
        Ok(window) => window,
        Err(error) => panic!("{test}: the window did not open: {error:#}"),
    };
    let mut window = open().await;
    let mut outcome = window.go_through(&steps).await;
    if !matches!(outcome, Ok(Ok(()))) && !window.answers().await {
        eprintln!("{test}: the driver doesn't answer, begun anew");
        window = open().await;
        outcome = window.go_through(&steps).await;
    }
    let failure = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{error:#}")),
        Err(panic) => Some(
            panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap_or_else(|| "a step panicked".to_owned()),
        ),
    };
    match failure {
        None => {
            if let Err(error) = window.close().await {
                panic!("{test}: the window did not close: {error:#}");
            }
        }
        Some(failure) => {
            let evidence = window.evidence().await;
            panic!("{test}: {failure}\n{evidence}");
        }
    }
}

/// Variables of an application's environment, beside those of the test.
pub type Environment = &'static [(&'static str, &'static str)];

/// An open window.
pub struct Window {
    test: String,
    binary: PathBuf,
    environment: Environment,
    client: Client,
    driver: Driver,
    data: TempDir,
}

impl Window {
    /// Starts the application with empty folders of its own.
    ///
    /// # Errors
    /// When there is no display, no binary or no driver, each with what to do; when the page does
    /// not load.
    pub async fn open(test: &str) -> Result<Self> {
        Self::open_binary(test, &binary()?, &[]).await
    }

    /// Starts a binary of one's choice with empty folders of its own, and these variables in its environment.
    ///
    /// # Errors
    /// As for [`Window::open`].
    pub async fn open_binary(test: &str, binary: &Path, environment: Environment) -> Result<Self> {
        let data = tempfile::tempdir().context("no temporary folder could be made")?;
        let (driver, client) = start(binary, data.path(), environment).await?;
        Ok(Self {
            test: test.to_owned(),
            binary: binary.to_owned(),
            environment,
            client,
            driver,
            data,
        })
    }

    /// Ends the application and starts it again on the same folders.
    ///
    /// # Errors
    /// As for [`Window::open`].
    pub async fn restart(&mut self) -> Result<()> {
        let process = self.process()?;
        within("the window to close", self.client.clone().close()).await??;
        wait_for("the application to end", async || {
            Ok(process::has_ended(process).then_some(()))
        })
        .await?;
        let (driver, client) = start(&self.binary, self.data.path(), self.environment).await?;
        self.driver = driver;
        self.client = client;
        Ok(())
    }

    /// The folder below which this window's application keeps everything.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The folder into which this window's application saves files without asking.
    #[must_use]
    pub fn saved(&self) -> PathBuf {
        driver::save_folder(self.data.path())
    }

    /// The folder whose files this window's application opens without asking, where it is asked to choose some.
    #[must_use]
    pub fn offered(&self) -> PathBuf {
        driver::open_folder(self.data.path())
    }

    /// The application's process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> Result<u32> {
        process::child(self.driver.process())
    }

    /// When the page first painted something that says something, in milliseconds since 1970: rows or
    /// a choice where the page marks that as `ready`, its first content otherwise.
    ///
    /// # Errors
    /// When the window does not answer, or has not painted in time.
    pub async fn painted_ms(&self) -> Result<f64> {
        wait_for("the first paint", async || {
            let painted = self
                .run(
                    "const named = name => performance.getEntriesByName(name)[0];
                     const entry = named('ready') ?? named('first-contentful-paint');
                     return entry ? performance.timeOrigin + entry.startTime : null",
                    vec![],
                )
                .await?;
            Ok(painted.as_f64())
        })
        .await
    }

    /// What the application has written to its standard streams so far.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn log(&self) -> Result<String> {
        self.driver.log()
    }

    /// The one visible element with this role and name, as soon as there is one.
    ///
    /// # Errors
    /// When there is none in time, or more than one.
    pub async fn find(&self, role: Role, name: impl Into<Name>) -> Result<Element> {
        element::wait(&self.client, None, role, &name.into()).await
    }

    /// All visible elements with this role and name, none included.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn all(&self, role: Role, name: impl Into<Name>) -> Result<Vec<Element>> {
        element::all(&self.client, None, role, &name.into()).await
    }

    /// Waits until no visible element has this role and name.
    ///
    /// # Errors
    /// When one is still there at the deadline.
    pub async fn gone(&self, role: Role, name: impl Into<Name>) -> Result<()> {
        let name = name.into();
        let what = format!("no {role} {name}");
        wait_for(&what, async || {
            let found = element::all(&self.client, None, role, &name).await?;
            Ok(found.is_empty().then_some(()))
        })
        .await
    }

    /// Clicks the element with this role and name.
    ///
    /// # Errors
    /// As for [`Window::find`], or when it can't be clicked.
    pub async fn click(&self, role: Role, name: impl Into<Name>) -> Result<()> {
        let name = name.into();
        wait_for(format!("a click on the {role} {name}"), async || {
            self.find(role, name.clone()).await?.click().await.map(Some)
        })
        .await
    }

    /// Replaces what stands in the text field with this label.
    ///
    /// # Errors
    /// As for [`Window::find`], or when it can't be typed into.
    pub async fn fill(&self, label: impl Into<Name>, text: &str) -> Result<()> {
        self.find(Role::Textbox, label).await?.fill(text).await
    }

    /// Waits until the page shows this text anywhere.
    ///
    /// # Errors
    /// When it does not at the deadline.
    pub async fn shows(&self, text: &str) -> Result<()> {
        let what = format!("the text “{text}”");
        wait_for(&what, async || {
            let shown = self.run("return document.body.innerText", vec![]).await?;
            Ok(shown
                .as_str()
                .is_some_and(|it| it.contains(text))
                .then_some(()))
        })
        .await
    }

    /// Waits until nothing on the page says that it is busy or stands for what is not there yet, and
    /// the rest is painted.
    ///
    /// # Errors
    /// When something is still busy at the deadline.
    pub async fn settled(&self) -> Result<()> {
        wait_for("the page to settle", async || {
            let settled = self
                .client
                .execute_async(
                    "const done = arguments[arguments.length - 1];
                     requestAnimationFrame(() => requestAnimationFrame(() => done(
                         document.body.childElementCount > 0
                         && document.querySelector('[aria-busy=true], .skeleton') === null)));",
                    vec![],
                )
                .await?;
            Ok((settled == json!(true)).then_some(()))
        })
        .await
    }

    /// Presses keys where the focus is. Special keys are those of WebDriver, as
    /// [`fantoccini::key::Key`] has them.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let focus = self.client.active_element().await?;
        Ok(focus.send_keys(keys).await?)
    }

    /// Opens an address of the interface, such as `#/nodes`.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn go(&self, address: &str) -> Result<()> {
        ensure!(
            address.starts_with('#'),
            "{address} is no address of the interface"
        );
        self.run("location.hash = arguments[0]", vec![json!(address)])
            .await?;
        Ok(())
    }

    /// The address of the page that is open.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn address(&self) -> Result<String> {
        let hash = self.run("return location.hash", vec![]).await?;
        Ok(hash.as_str().unwrap_or_default().to_owned())
    }

    /// Asks the host directly, past the interface: what a page that was taken over could do.
    ///
    /// # Errors
    /// When the window does not answer. What the host refuses is the inner error.
    pub async fn dispatch(&self, name: &str, request: Value) -> Result<Result<Value, Value>> {
        let answer = self
            .client
            .execute_async(
                "const done = arguments[arguments.length - 1];
                 window.__TAURI_INTERNALS__.invoke('dispatch', { name: arguments[0], request: arguments[1] })
                     .then(answer => done({ answer }), refusal => done({ refusal }));",
                vec![json!(name), request],
            )
            .await?;
        match (answer.get("answer"), answer.get("refusal")) {
            (_, Some(refusal)) => Ok(Err(refusal.clone())),
            (answer, None) => Ok(Ok(answer.cloned().unwrap_or(Value::Null))),
        }
    }

    /// Runs JavaScript in the page and answers what it returns.
    ///
    /// # Errors
    /// When it throws, or the window does not answer.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs JavaScript in the page and answers what it hands to its last argument, a function.
    ///
    /// # Errors
    /// When it throws, never calls that function, or the window does not answer.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Sets the size of the page, in pixels.
    ///
    /// # Errors
    /// When the window does not take that size in time.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        let what = format!("a window of {width} × {height}");
        wait_for(&what, async || {
            let size = self.run("return [innerWidth, innerHeight]", vec![]).await?;
            Ok((size == json!([width, height])).then_some(()))
        })
        .await
    }

    /// Writes a picture of the page, as PNG.
    ///
    /// # Errors
    /// When it can't be taken or written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let picture = self.client.screenshot().await?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, picture)
            .with_context(|| format!("{} could not be written", file.display()))
    }

    /// Ends the application.
    ///
    /// # Errors
    /// When it does not end as asked. It is ended all the same.
    pub async fn close(self) -> Result<()> {
        Ok(within("the window to close", self.client.close()).await??)
    }

    /// Runs steps, for as long as all of them may take. What they panic with is the outer error.
    async fn go_through<Steps>(&mut self, steps: &Steps) -> std::thread::Result<Result<()>>
    where
        Steps: AsyncFn(&mut Self) -> Result<()>,
    {
        let run = AssertUnwindSafe(steps(self)).catch_unwind();
        match tokio::time::timeout(PATIENCE, run).await {
            Ok(outcome) => outcome,
            Err(_) => Ok(Err(anyhow!("not done in {} s", PATIENCE.as_secs()))),
        }
    }

    /// Whether the driver answers at all.
    async fn answers(&self) -> bool {
        let asked = within("the driver to answer", self.client.current_url());
        matches!(asked.await, Ok(Ok(_)))
    }

    /// Leaves picture, page and log where they can be looked at, and says where.
    async fn evidence(self) -> String {
        let stem = failures().join(&self.test);
        let mut said = Vec::new();
        let picture = stem.with_extension("png");
        match within("a picture", self.picture(&picture)).await.flatten() {
            Ok(()) => said.push(format!("picture: {}", picture.display())),
            Err(error) => said.push(format!("no picture: {error:#}")),
        }
        let page = stem.with_extension("html");
        let source = within("the page", self.client.source()).await;
        match source.and_then(|source| Ok(source?)) {
            Ok(source) if std::fs::write(&page, &source).is_ok() => {
                said.push(format!("page: {}", page.display()));
            }
            Ok(_) => said.push("the page could not be written".to_owned()),
            Err(error) => said.push(format!("no page: {error:#}")),
        }
        if let Ok(log) = self.driver.log() {
            said.push(format!("log:\n{}", log.trim()));
        }
        if let Err(error) = self.close().await {
            said.push(format!("it did not close either: {error:#}"));
        }
        said.join("\n")
    }
}

/// Looks again and again until the answer is there. An element that leaves the page while it is looked at is
/// no failure: pages are drawn anew at any moment, and the next look finds what has taken its place.
///
/// # Errors
/// When it is not there at the deadline, or when looking fails.
pub async fn wait_for<Answer>(
    what: impl Display,
    mut look: impl AsyncFnMut() -> Result<Option<Answer>>,
) -> Result<Answer> {
    let end = Instant::now() + DEADLINE;
    loop {
        let gone = match look().await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => None,
            Err(error) if element::is_stale(&error) => Some(error),
            Err(error) => return Err(error),
        };
        if Instant::now() > end {
            let why = gone.map_or_else(String::new, |error| format!(": {error:#}"));
            bail!("waited {} s in vain for {what}{why}", DEADLINE.as_secs());
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Starts driver and application, and waits for the page.
async fn start(binary: &Path, data: &Path, environment: Environment) -> Result<(Driver, Client)> {
    if env::var_os("DISPLAY").is_none() && env::var_os("WAYLAND_DISPLAY").is_none() {
        bail!("there is no display to open a window on: `cargo xtask test` brings its own");
    }
    let driver = Driver::start(data, environment).await?;
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
    let Value::Object(capabilities) = capabilities else {
        return Err(anyhow!("capabilities are an object"));
    };
    let client = within(
        "the application to be ready for its driver",
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address()),
    )
    .await?
    .with_context(|| {
        format!(
            "the driver could not start the application\n{}",
            driver.log().unwrap_or_default()
        )
    })?;
    Ok((driver, client))
}

/// A future's output, unless it takes longer than anything may.
async fn within<Output>(what: &str, future: impl Future<Output = Output>) -> Result<Output> {
    tokio::time::timeout(DEADLINE, future)
        .await
        .map_err(|_| anyhow!("waited {} s in vain for {what}", DEADLINE.as_secs()))
}

/// The application's binary: the one built beside this test.
fn binary() -> Result<PathBuf> {
    if let Some(binary) = env::var_os("EDGE_CONSOLE_BIN") {
        return Ok(binary.into());
    }
    let own = env::current_exe().context("this program's own place is unknown")?;
    let name = format!("edge-console{}", env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file())
        .with_context(|| {
            format!(
                "the application is not built beside {}: `cargo xtask test` builds it",
                own.display()
            )
        })
}

/// Where evidence of failures is left.
fn failures() -> PathBuf {
    env::current_exe()
        .ok()
        .and_then(|own| own.ancestors().nth(3).map(Path::to_owned))
        .unwrap_or_else(env::temp_dir)
        .join("window-failures")
}
