//! What the window may do is written down in files that nothing else would notice a change of.

use serde_json::{Value, json};

fn configuration() -> Value {
    serde_json::from_str(include_str!("../tauri.conf.json")).expect("tauri.conf.json is JSON")
}

fn capability() -> Value {
    serde_json::from_str(include_str!("../capabilities/main.json")).expect("main.json is JSON")
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let policy = &configuration()["app"]["security"]["csp"];
    assert_eq!(policy["default-src"], "'self'");
    assert_eq!(policy["script-src"], "'self' 'wasm-unsafe-eval'");
    assert_eq!(policy["connect-src"], "'self' ipc: http://ipc.localhost");
    let allowed = [
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "'wasm-unsafe-eval'",
        "data:",
        "ipc:",
        "http://ipc.localhost",
    ];
    for (directive, sources) in policy.as_object().unwrap() {
        for source in sources.as_str().unwrap().split(' ') {
            assert!(allowed.contains(&source), "{directive} allows {source}");
        }
        if sources.as_str().unwrap().contains("'unsafe-inline'") {
            assert_eq!(
                directive, "style-src",
                "only the widths of columns are set in line"
            );
        }
    }
}

#[test]
fn the_page_has_no_more_of_the_host_than_it_needs() {
    let configuration = configuration();
    assert_eq!(configuration["app"]["withGlobalTauri"], false);
    assert_eq!(configuration["app"]["security"]["freezePrototype"], true);
    assert_eq!(
        configuration["app"]["security"]["capabilities"],
        json!(["main"])
    );
    assert_eq!(capability()["permissions"], json!(["allow-dispatch"]));
    assert_eq!(capability()["windows"], json!(["main"]));
    assert!(capability().get("remote").is_none());
}

#[test]
fn there_is_one_window_of_the_size_that_was_designed_for() {
    let windows = &configuration()["app"]["windows"];
    assert_eq!(windows.as_array().unwrap().len(), 1);
    let window = &windows[0];
    assert_eq!(
        (&window["width"], &window["height"]),
        (&json!(1280), &json!(800))
    );
    assert_eq!(
        (&window["minWidth"], &window["minHeight"]),
        (&json!(960), &json!(600))
    );
    assert_eq!(
        window["dragDropEnabled"], true,
        "files that are dropped come to the host, and not to the page"
    );
}

#[test]
fn inspection_is_for_debug_builds() {
    // Tauri turns the inspector on in release builds only with this feature.
    let manifest = include_str!("../Cargo.toml");
    assert!(!manifest.contains("devtools"));
}
