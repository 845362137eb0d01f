//! Where the window may go: nowhere but to the application's own pages.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Url, Wry};

/// The origin from which the platform's web view loads what is inside the binary.
const OWN: &str = if cfg!(any(windows, target_os = "android")) {
    "http://tauri.localhost"
} else {
    "tauri://localhost"
};

/// Keeps every window where it is. A link to elsewhere, should one ever get into a page, leads nowhere.
pub(crate) fn fence() -> TauriPlugin<Wry> {
    Builder::new("fence")
        .on_navigation(|_, url| is_own(url))
        .build()
}

fn is_own(url: &Url) -> bool {
    let rest = url.as_str().strip_prefix(OWN);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use tauri::Url;

    use super::{OWN, is_own};

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
