//! A package the service hands out once: saved now, or never again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console_ipc::IpcError;
use console_ipc::call::{DropWithheld, SaveWithheld, Saved, Withheld};
use leptos::prelude::*;

use super::inspected::Inspected;
use crate::kit::{Button, ErrorNotice, Glyph, Look, Notice, Sign, Tone, sign};
use crate::router::Router;
use crate::words::Word;
use crate::words::sheet::package as texts;
use crate::{format, ipc};

/// What was handed out, and what became of each.
#[derive(Clone, Copy)]
pub(super) struct PackageState {
    items: RwSignal<Vec<Item>>,
    /// Whether the user is asked before the rest is dropped.
    asking: RwSignal<bool>,
    /// File name to offer.
    name: StoredValue<String>,
}

#[derive(Clone, PartialEq)]
struct Item {
    withheld: Withheld,
    /// Where it was saved.
    path: Option<String>,
}

impl PackageState {
    pub(super) fn new(withheld: Vec<Withheld>, name: String) -> Self {
        // The package first: it is what the node needs.
        let mut withheld = withheld;
        withheld.sort_by_key(|it| Part::of(&it.path));
        let items = withheld
            .into_iter()
            .map(|withheld| Item {
                withheld,
                path: None,
            })
            .collect();
        let state = Self {
            items: RwSignal::new(items),
            asking: RwSignal::new(false),
            name: StoredValue::new(name),
        };
        state.hold();
        state
    }

    /// Counts as something unsaved as long as something has to be saved.
    fn hold(self) {
        let held = Arc::new(AtomicBool::new(false));
        let hold = move |hold: bool| {
            if held.swap(hold, Ordering::Relaxed) != hold {
                Router::the().unsaved.update(|count| {
                    *count = match hold {
                        true => *count + 1,
                        false => count.saturating_sub(1),
                    };
                });
            }
        };
        Effect::new({
            let hold = hold.clone();
            move |_| {
                let items = self.items;
                hold(items.with(|items| items.iter().any(|item| needs_saving(item, items))));
            }
        });
        on_cleanup(move || hold(false));
    }

    /// Whether nothing is lost by closing. Asks when something is.
    pub(super) fn may_close(self) -> bool {
        let unsaved = self
            .items
            .try_with_untracked(|items| items.iter().any(|item| needs_saving(item, items)));
        if unsaved == Some(true) {
            self.asking.set(true);
            return false;
        }
        self.drop_rest();
        true
    }

    /// Has the host forget what is left.
    fn drop_rest(self) {
        let items = self.items.try_update(std::mem::take).unwrap_or_default();
        for item in items {
            ipc::send(DropWithheld {
                handle: item.withheld.handle,
            });
        }
    }

    /// The file name to offer for a part of the answer: the package by its own name, a key as PEM.
    fn file_name(self, path: &str) -> String {
        let name = self.name.get_value();
        let stem = name.strip_suffix(".tar.gz").unwrap_or(&name);
        match Part::of(path) {
            Part::Package => name,
            Part::Key => format!("{stem}.key"),
            Part::Token => format!("{stem}.token"),
        }
    }
}

/// A part of the answer, in the order in which they are offered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Certificates and key in one file.
    Package,
    /// The key alone.
    Key,
    /// What machines register with that have no certificate (table 4-475).
    Token,
}

impl Part {
    fn of(path: &str) -> Self {
        match path {
            _ if path.ends_with("private_key") => Self::Key,
            _ if path.ends_with("identifier") => Self::Token,
            _ => Self::Package,
        }
    }

    /// What it is, and the verb that saves it.
    fn words(self) -> (Word, Word) {
        match self {
            Self::Package => (texts::file, texts::save_package),
            Self::Key => (texts::key, texts::save_key),
            Self::Token => (texts::token, texts::save_token),
        }
    }
}

/// A key that stands in the package too needs no file of its own, and whoever has the package needs no token.
fn needs_saving(item: &Item, all: &[Item]) -> bool {
    let part = |item: &Item| Part::of(&item.withheld.path);
    let package = |other: &Item| part(other) == Part::Package && other.path.is_some();
    item.path.is_none() && (part(item) == Part::Package || !all.iter().any(package))
}

/// A token is nothing that could be judged, and a key is judged with the package that has it.
fn is_worth_inspecting(part: Part, beside_package: bool) -> bool {
    match part {
        Part::Package => true,
        Part::Key => !beside_package,
        Part::Token => false,
    }
}

/// The packages with their buttons.
#[component]
pub(super) fn Packages(
    /// What was handed out.
    state: PackageState,
    /// Closes the sheet after the rest was dropped.
    on_drop: Callback<()>,
) -> AnyView {
    let error = RwSignal::new(None::<IpcError>);
    let inspected = Inspected::new();
    let save = move |handle: String, path: String| {
        let request = SaveWithheld {
            handle: handle.clone(),
            suggested_name: state.file_name(&path),
        };
        error.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            match ipc::call(request).await {
                Ok(Saved::Written { path, .. }) => {
                    state.items.try_update(|items| {
                        if let Some(item) =
                            items.iter_mut().find(|item| item.withheld.handle == handle)
                        {
                            item.path = Some(path);
                        }
                    });
                    state.asking.try_set(false);
                }
                Ok(Saved::Cancelled) => {}
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let line = move |item: Item, whole: bool| {
        let Withheld {
            handle,
            path,
            bytes,
        } = item.withheld;
        let part = Part::of(&path);
        let (what, save_it) = part.words();
        let saved = item.path.clone().map(|path| {
            view! { <p class="after" role="status">{sign(Sign::Good)} <span class="selectable">{texts::saved(path)}</span></p> }
        });
        let again = item.path.is_some();
        let inspect = is_worth_inspecting(part, whole).then(|| {
            let name = state.file_name(&path);
            (inspected.button(&handle, name), inspected.line(&handle))
        });
        let (inspect, verdict) = inspect.unzip();
        view! {
            <li class="package">
                <div class="row">
                    <span><strong>{what}</strong> " " <span class="second number">{format::bytes(bytes)}</span></span>
                    <span class="spacer"></span>
                    {inspect}
                    <Button
                        label=if again { texts::save_again } else { save_it }
                        glyph=Glyph::Save
                        look=if part == Part::Package && !again { Look::Primary } else { Look::Plain }
                        on_press=move || save(handle.clone(), path.clone())
                    />
                </div>
                {saved}
                {verdict}
            </li>
        }
    };
    let unsaved = Memo::new(move |_| {
        state
            .items
            .with(|items| items.iter().any(|item| needs_saving(item, items)))
    });
    view! {
        {move || unsaved.get().then(|| view! { <Notice tone=Tone::Attention text=texts::only_now /> })}
        <ul class="packages">
            {move || {
                let items = state.items.get();
                let whole = items.iter().any(|item| Part::of(&item.withheld.path) == Part::Package);
                items.into_iter().map(|item| line(item, whole)).collect_view()
            }}
        </ul>
        {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
        {move || state.asking.get().then(|| view! {
            <div class="notice notice-bad" role="alert">
                <p class="notice-text">{texts::lost}</p>
                <Button
                    label=texts::drop
                    look=Look::Danger
                    on_press=move || {
                        state.drop_rest();
                        on_drop.run(());
                    }
                />
            </div>
        })}
    }
    .into_any()
}
