//! Where the window may go: nowhere but to the application's own pages.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Manager, Url, Wry};

/// The origin from which the platform's web view loads what is inside the binary.
const OWN: &str = if cfg!(any(windows, target_os = "android")) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// Keeps every window where it is. A link to elsewhere, should one ever get into a page, leads nowhere.
pub(crate) fn fence() -> TauriPlugin<Wry> {
    Builder::new("fence")
        .on_navigation(|webview, url| {
            let served = webview.config().build.dev_url.as_ref();
            is_own(url) || (tauri::is_dev() && served.is_some_and(|served| is_of(served, url)))
        })
        .build()
}

/// Whether a page comes from where the command-line tool of Tauri serves the interface to a build of `dev`.
fn is_of(served: &Url, url: &Url) -> bool {
    served.origin().is_tuple() && served.origin() == url.origin()
}

fn is_own(url: &Url) -> bool {
    let rest = url.as_str().strip_prefix(OWN);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use tauri::Url;

    use super::{OWN, is_of, is_own};

    #[test]
    fn a_page_of_the_development_server_is_of_its_origin() {
        let url = |text: &str| Url::parse(text).unwrap();
        let served = url("http://127.0.0.1:1430/");
        assert!(is_of(
            &served,
            &url("http://127.0.0.1:1430/index.html#/nodes")
        ));
        for foreign in [
            "http://127.0.0.1/",
            "http://localhost:1430/",
            "data:text/html,a",
        ] {
            assert!(!is_of(&served, &url(foreign)), "{foreign}");
        }
        assert!(!is_of(&url("data:text/html,a"), &url("data:text/html,a")));
    }

    #[test]
    fn the_window_stays_at_home() {
        for own in ["", "/", "/index.html", "/nodes?state=running", "/#/nodes"] {
            let url = Url::parse(&format!("{OWN}{own}")).unwrap();
            assert!(is_own(&url), "{url}");
        }
        for foreign in [
            "https://example.com/",
            "http://localhost/",
            "http://127.0.0.1:80/",
            "tauri://localhost.example.com/",
            "tauri://localhost:8/",
            "tauri://localhost@example.com/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost@example.com/",
            "http://ipc.localhost/",
            "file:///etc/passwd",
            "data:text/html,a",
            "blob:tauri://localhost/1",
            "javascript:1",
            "about:blank",
        ] {
            let url = Url::parse(foreign).unwrap();
            assert!(!is_own(&url), "{url}");
        }
    }
}
