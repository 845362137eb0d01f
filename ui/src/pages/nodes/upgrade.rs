//! Software of a node: what was installed, whether newer is there, and upgrading to it.

use console_ipc::IpcError;
use console_ipc::call::ReadCall;
use leptos::prelude::*;
use serde_json::Value;

use super::actions::{self, on_node};
use super::detail::Node;
use crate::kit::{
    Button, ErrorNotice, Fact, Facts, Glyph, Look, Notice, Sign, StateSign, Time, Tone,
};
use crate::table::reading::{flag, integer, list, text};
use crate::words;
use crate::words::nodes::upgrade as texts;
use crate::{format, ipc};

/// Whether a node can be upgraded, as the service answered.
#[derive(Clone)]
struct Check {
    can: bool,
    reason: Option<String>,
    version: Option<String>,
}

/// Version, check, upgrade and history.
#[component]
pub(super) fn Upgrade(node: Node) -> AnyView {
    let check = RwSignal::new(None::<Result<Check, IpcError>>);
    let busy = RwSignal::new(false);
    let asked = StoredValue::new(String::new());
    // Another node's answer says nothing about this one.
    Effect::new(move |_| {
        let id = node.id.get();
        if asked.with_value(|asked| *asked != id) {
            check.set(None);
        }
    });
    let ask = move || {
        let id = node.id.get_untracked();
        asked.set_value(id.clone());
        busy.set(true);
        wasm_bindgen_futures::spawn_local(async move {
            let answer = ipc::call(ReadCall {
                call: on_node("show_node_upgrade_check", &id),
            })
            .await;
            busy.try_set(false);
            let still = node.id.try_get_untracked().is_some_and(|now| now == id);
            if still {
                check.try_set(Some(answer.map(|answer| Check {
                    can: flag(&answer.body, "upgrade_enable").unwrap_or(false),
                    reason: text(&answer.body, "reason"),
                    version: text(&answer.body, "version"),
                })));
            }
        });
    };
    let upgrade = move |version: Option<String>| {
        actions::upgrade(&node.id.get_untracked(), &node.name_now(), version);
    };
    let verdict = move || {
        check.get().map(|check| match check {
            Err(error) => view! { <ErrorNotice error=error on_retry=ask /> }.into_any(),
            Ok(Check {
                can: true, version, ..
            }) => {
                let said = version.clone();
                view! {
                    <Notice
                        tone=Tone::Good
                        text=move || match &said {
                            Some(version) => texts::can_to(version),
                            None => texts::can.get().to_owned(),
                        }
                    />
                    <div class="row">
                        <Button
                            label=texts::verb
                            glyph=Glyph::Upgrade
                            look=Look::Primary
                            on_press=move || upgrade(version.clone())
                        />
                    </div>
                }
                .into_any()
            }
            Ok(Check { reason, .. }) => view! {
                <Notice
                    tone=Tone::Info
                    text=move || match &reason {
                        Some(reason) => texts::cannot_because(reason),
                        None => texts::cannot.get().to_owned(),
                    }
                />
            }
            .into_any(),
        })
    };
    let version = move || {
        node.with(|node| text(node, "ief_node_version"))
            .unwrap_or_else(|| format::MISSING.to_owned())
    };
    let newer = move || {
        node.with(|node| flag(node, "upgrade_flag"))
            .unwrap_or(false)
    };
    let history = move || node.with(|node| Some(history(list(node, "upgrade_history"))));
    view! {
        <div class="stack">
            <Facts>
                <Fact label=texts::version>
                    <span class="selectable">{version}</span> " "
                    {move || newer().then(|| view! { <StateSign sign=Sign::Waiting word=texts::newer /> })}
                </Fact>
            </Facts>
            <div class="row">
                <Button label=texts::check glyph=Glyph::Refresh busy=busy on_press=ask />
            </div>
            {verdict}
            <h3>{texts::history}</h3>
            {history}
        </div>
    }
    .into_any()
}

fn history(records: &[Value]) -> AnyView {
    if records.is_empty() {
        return view! { <p class="second">{texts::no_history}</p> }.into_any();
    }
    let mut records: Vec<&Value> = records.iter().collect();
    records.sort_by_key(|record| std::cmp::Reverse(integer(record, "upgrade_time")));
    let lines = records.into_iter().map(line).collect_view();
    view! {
        <table class="simple">
            <thead>
                <tr>
                    <th scope="col">{texts::when}</th>
                    <th scope="col">{texts::from}</th>
                    <th scope="col">{texts::to}</th>
                    <th scope="col">{texts::result}</th>
                    <th scope="col" class="number">{texts::took}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn line(record: &Value) -> AnyView {
    // In seconds, as table 5-29 has it.
    let at = integer(record, "upgrade_time")
        .filter(|at| *at > 0)
        .map(|at| at.saturating_mul(1000));
    let result = text(record, "result").unwrap_or_default();
    let mark = match result.as_str() {
        "install_success" | "upgrade_success" => Sign::Good,
        "install_failed" | "upgrade_failed" | "upgrade_failed_rollback_failed" => Sign::Bad,
        "upgrade_failed_rollback_success" => Sign::Differs,
        _ => Sign::Unknown,
    };
    let key = format!("nodes.upgrade.results.{result}");
    // The reference names no unit; the examples look like milliseconds.
    let took = integer(record, "dur_time")
        .filter(|took| *took > 0)
        .map(format::duration);
    let version = |name: &str| text(record, name).unwrap_or_else(|| format::MISSING.to_owned());
    view! {
        <tr>
            <td><Time at_ms=Signal::derive(move || at) /></td>
            <td class="selectable">{version("from_version")}</td>
            <td class="selectable">{version("to_version")}</td>
            <td><StateSign sign=mark word=move || words::find_or(&key, &result) /></td>
            <td class="number">{took.unwrap_or_else(|| format::MISSING.to_owned())}</td>
        </tr>
    }
    .into_any()
}
