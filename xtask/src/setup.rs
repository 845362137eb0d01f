//! Looks for what building and testing need, and installs what is missing where that is possible.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::tools;

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// To build and start the application.
    Build,
    /// To open its window on a virtual screen as well, and to drive it.
    Screen,
    /// To check the code as well.
    Test,
}

/// Something of the system, with its package in Debian and a way to see it elsewhere.
struct Need {
    package: &'static str,
    sign: Sign,
}

/// By what one sees that something is there.
enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// A library that `pkg-config` knows.
    Library(&'static str),
    /// Nothing that could be relied on everywhere.
    None,
}

const BUILD: [Need; 4] = [
    Need {
        package: "build-essential",
        sign: Sign::Program("cc"),
    },
    Need {
        package: "pkg-config",
        sign: Sign::Program("pkg-config"),
    },
    Need {
        package: "libwebkit2gtk-4.1-dev",
        sign: Sign::Library("webkit2gtk-4.1"),
    },
    Need {
        package: "libdbus-1-dev",
        sign: Sign::Library("dbus-1"),
    },
];

const SCREEN: [Need; 9] = [
    Need {
        package: "webkit2gtk-driver",
        sign: Sign::Program("WebKitWebDriver"),
    },
    Need {
        package: "xvfb",
        sign: Sign::Program("xvfb-run"),
    },
    Need {
        package: "xauth",
        sign: Sign::Program("xauth"),
    },
    Need {
        package: "dbus",
        sign: Sign::Program("dbus-run-session"),
    },
    Need {
        package: "gnome-keyring",
        sign: Sign::Program("gnome-keyring-daemon"),
    },
    // Without these two the window stays black.
    Need {
        package: "libgl1-mesa-dri",
        sign: Sign::None,
    },
    Need {
        package: "libegl1",
        sign: Sign::None,
    },
    Need {
        package: "fonts-dejavu-core",
        sign: Sign::None,
    },
    Need {
        package: "fonts-noto-cjk",
        sign: Sign::None,
    },
];

const WASM: &str = "wasm32-unknown-unknown";

/// Makes the machine ready.
///
/// # Errors
/// When something is missing that can't be installed from here. The error names it.
pub(crate) fn run(purpose: Purpose) -> Result<()> {
    let needs = || {
        let screen = (purpose >= Purpose::Screen).then_some(&SCREEN[..]);
        BUILD.iter().chain(screen.unwrap_or_default())
    };
    if is_debian() {
        packages(&needs().map(|need| need.package).collect::<Vec<_>>())?;
    } else if cfg!(target_os = "linux") {
        look(needs())?;
    } else if purpose >= Purpose::Screen {
        bail!(
            "the window is driven through WebKitGTK's WebDriver, which only Linux has; here, \
             `cargo xtask run` opens it and `cargo test` runs the tests without a window"
        );
    } else if cfg!(target_os = "macos") {
        look([&BUILD[0]].into_iter())?;
    }
    rust(purpose)
}

fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| {
        line.strip_prefix("ID=")
            .or_else(|| line.strip_prefix("ID_LIKE="))
            .is_some_and(|names| {
                names
                    .trim_matches('"')
                    .split(' ')
                    .any(|name| name == "debian" || name == "ubuntu")
            })
    })
}

/// Installs Debian's packages that are missing.
fn packages(wanted: &[&str]) -> Result<()> {
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|it| !is_installed(it))
        .collect();
    if missing.is_empty() {
        println!("set-up: all system packages are there");
        return Ok(());
    }
    let names = missing.join(" ");
    let Some(prefix) = privilege() else {
        bail!(
            "these system packages are missing, and neither root nor sudo is at hand to install \
             them: {names}\nAs root: apt-get install {names}"
        );
    };
    println!("set-up: installs the system packages {names}");
    let apt = |arguments: &[&str]| {
        let mut words = prefix.iter().copied().chain([
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "--yes",
        ]);
        let mut command = Command::new(words.next().unwrap_or("env"));
        command.args(words).args(arguments);
        // apt-get's own account of its doings is only of interest when it fails.
        command.stdin(Stdio::inherit());
        command
    };
    tools::quietly(&mut apt(&["update"]))?;
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(&missing);
    tools::quietly(&mut apt(&install))
}

fn is_installed(package: &str) -> bool {
    tools::output(Command::new("dpkg-query").args([
        "--show",
        "--showformat=${db:Status-Status}",
        package,
    ]))
    .is_ok_and(|status| status == "installed")
}

/// What to put before a command that only root may run. `None` when there is nothing that helps.
fn privilege() -> Option<&'static [&'static str]> {
    let user = tools::output(Command::new("id").arg("-u")).unwrap_or_default();
    if user.trim() == "0" {
        return Some(&[]);
    }
    // Without a terminal nobody can answer its question for a password.
    let asks_nothing =
        || tools::output(Command::new("sudo").args(["--non-interactive", "true"])).is_ok();
    let usable = tools::find("sudo").is_some() && (io::stdin().is_terminal() || asks_nothing());
    usable.then_some(&["sudo"])
}

/// Names what is missing, on a system whose packages have other names.
fn look<'a>(needs: impl Iterator<Item = &'a Need>) -> Result<()> {
    let missing: Vec<String> = needs
        .filter_map(|need| match need.sign {
            Sign::Program(name) if tools::find(name).is_none() => Some(format!("program {name}")),
            Sign::Library(name) if !is_known(name) => {
                Some(format!("library {name} with its headers"))
            }
            _ => None,
        })
        .collect();
    if !missing.is_empty() {
        bail!(
            "set-up knows only the packages of Debian and Ubuntu. Missing here: {}",
            missing.join(", ")
        );
    }
    println!("set-up: all that the system has to bring is there");
    Ok(())
}

fn is_known(library: &str) -> bool {
    tools::output(Command::new("pkg-config").args(["--exists", library])).is_ok()
}

/// Adds the parts of the toolchain that are missing.
fn rust(purpose: Purpose) -> Result<()> {
    if !has_target()? {
        rustup(&["target", "add", WASM])?;
    }
    if purpose >= Purpose::Test {
        for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
            if tools::output(tools::cargo().args([subcommand, "--version"])).is_err() {
                rustup(&["component", "add", component])?;
            }
        }
    }
    Ok(())
}

fn has_target() -> Result<bool> {
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = tools::output(Command::new(compiler).current_dir(tools::root()).args([
        "--print",
        "target-libdir",
        "--target",
        WASM,
    ]))?;
    Ok(PathBuf::from(folder.trim()).is_dir())
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let line = arguments.join(" ");
    if tools::find("rustup").is_none() {
        bail!("Rust is installed without rustup; what `rustup {line}` would bring is missing");
    }
    println!("set-up: rustup {line}");
    tools::run(
        Command::new("rustup")
            .current_dir(tools::root())
            .args(arguments),
    )
}
