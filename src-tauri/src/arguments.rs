//! What the application is started for.

use std::ffi::OsString;

const HELP: &str = "\
Edge Console: a desktop console for Huawei Cloud Intelligent EdgeFabric, with a simulator built in.

Usage: edge-console [--help | --version]
       edge-console inspect [OPTION]… FILE…

Without arguments it opens its window. With inspect it says of node packages, certificates and keys whether they are
good, and until when; that needs no display, no profile and no network: see edge-console inspect --help.

Environment:
  EDGE_CONSOLE_DATA_DIR  keeps profiles, settings and journal below this folder
  EDGE_CONSOLE_SAVE_DIR  saves files into this folder without asking
  EDGE_CONSOLE_OPEN_DIR  opens the files in this folder without asking
";

/// What the application is started for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To open its window.
    Window,
    /// To inspect packages, with what stands behind the word.
    Inspect(Vec<OsString>),
    /// To say something and end.
    Say(String),
    /// Something it can't do: why.
    Refuse(String),
}

/// Reads the arguments. `is_set` tells whether a variable of the environment has a value.
pub(crate) fn wish(
    mut arguments: impl Iterator<Item = OsString>,
    is_set: impl Fn(&str) -> bool,
) -> Wish {
    match arguments.next() {
        None if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") => {
            Wish::Refuse(
                "there is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set"
                    .to_owned(),
            )
        }
        None => Wish::Window,
        Some(argument) => match argument.to_str() {
            Some("--help" | "-h") => Wish::Say(HELP.to_owned()),
            Some("--version" | "-V") => {
                Wish::Say(format!("edge-console {}\n", env!("CARGO_PKG_VERSION")))
            }
            Some("inspect") => Wish::Inspect(arguments.collect()),
            _ => Wish::Refuse(format!(
                "{} means nothing to it; see edge-console --help",
                argument.display()
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Wish, wish};

    fn of(arguments: &[&str], set: &[&str]) -> Wish {
        wish(arguments.iter().map(Into::into), |name| set.contains(&name))
    }

    #[test]
    fn a_window_is_opened_where_there_is_a_display() {
        assert_eq!(of(&[], &["DISPLAY"]), Wish::Window);
        assert_eq!(of(&[], &["WAYLAND_DISPLAY"]), Wish::Window);
        let without = of(&[], &["HOME"]);
        assert_eq!(
            matches!(&without, Wish::Refuse(reason) if reason.contains("DISPLAY")),
            cfg!(target_os = "linux"),
            "{without:?}"
        );
    }

    #[test]
    fn what_can_be_said_needs_no_display() {
        let said = |argument| match of(&[argument], &[]) {
            Wish::Say(text) => text,
            other => panic!("{other:?}"),
        };
        assert!(said("--version").contains(env!("CARGO_PKG_VERSION")));
        assert!(said("--help").contains("EDGE_CONSOLE_DATA_DIR"));
    }

    #[test]
    fn packages_are_inspected_without_a_display() {
        let wish = of(&["inspect", "--json", "gw.tar.gz"], &[]);
        assert_eq!(
            wish,
            Wish::Inspect(vec!["--json".into(), "gw.tar.gz".into()])
        );
    }

    #[test]
    fn an_unknown_argument_is_named() {
        let refused = of(&["--inspekt"], &["DISPLAY"]);
        assert!(matches!(refused, Wish::Refuse(reason) if reason.contains("--inspekt")));
    }
}
