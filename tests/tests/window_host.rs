//! The host behind the window, asked as a page that was taken over would ask it.

use anyhow::Context;
use serde_json::json;
use tests::window::check;

#[tokio::test]
async fn the_host_answers_commands_and_no_others() {
    check("the_host_answers_commands_and_no_others", async |window| {
        let state = window.dispatch("get_state", json!({})).await?;
        let state = state.ok().context("the host refused to tell its state")?;
        assert_eq!(state["first_run"], true);
        assert_eq!(state["profiles"][0]["target"]["target"], "simulator");

        let refusal = window.dispatch("run_program", json!({})).await?;
        let refusal = refusal.err().context("the host took an unknown command")?;
        assert_eq!(refusal["kind"], "protocol");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_page_reaches_nothing_but_commands() {
    check("the_page_reaches_nothing_but_commands", async |window| {
        for command in [
            "plugin:dialog|save",
            "plugin:window|close",
            "plugin:event|listen",
            "plugin:path|resolve_directory",
            "plugin:webview|create_webview_window",
        ] {
            let outcome = window
                .run_async(
                    "const done = arguments[arguments.length - 1];
                     window.__TAURI_INTERNALS__.invoke(arguments[0], {})
                         .then(() => done('done'), refusal => done(String(refusal)));",
                    vec![json!(command)],
                )
                .await?;
            let outcome = outcome.as_str().unwrap_or_default();
            assert!(outcome.contains("not allowed"), "{command}: {outcome}");
        }
        let global = window.run("return typeof window.__TAURI__", vec![]).await?;
        assert_eq!(global, "undefined");
        let frozen = window
            .run("return Object.isFrozen(Object.prototype)", vec![])
            .await?;
        assert_eq!(frozen, true);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    check("the_page_loads_nothing_from_elsewhere", async |window| {
        // Nobody listens there, and nobody is asked: the policy refuses before.
        let outcome = window
            .run_async(
                "const done = arguments[arguments.length - 1];
                 document.addEventListener('securitypolicyviolation', it => done(it.effectiveDirective));
                 fetch('http://127.0.0.1:9/').then(() => done('loaded'), () => {});",
                vec![],
            )
            .await?;
        assert_eq!(outcome, "connect-src");
        Ok(())
    })
    .await;
}
