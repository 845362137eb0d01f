//! Forms: fields that check themselves, all at submit, and a window that doesn't forget what was typed.
//!
//! A field inside a [`FormFrame`] finds its [`Form`] by itself. Its problem is shown after the first blur,
//! and all are when the form is sent; then the first one gets the focus. Violations the host found are
//! shown at the fields of the same path.

use std::sync::Arc;

use ief_api::rules::{Problem, Rule, Violation};
use leptos::context::Provider;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use crate::router::Router;
use crate::words;

/// A check of a text beyond a documented rule. Says what is wrong and how to right it.
pub type Check = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// A field as its form knows it.
#[derive(Clone)]
struct Entry {
    id: String,
    /// What it stands for in the body; empty when nothing names it there.
    path: String,
    problem: Signal<Option<String>>,
}

/// What is typed in one form. Copy it where it is needed.
#[derive(Clone, Copy)]
pub struct Form {
    entries: RwSignal<Vec<Entry>>,
    /// How often all problems were to be shown. A field that came later waits for the next time.
    shown: RwSignal<u32>,
    violations: RwSignal<Vec<Violation>>,
    /// What the host found wrong beyond documented rules: path and sentence.
    remarks: RwSignal<Vec<(String, String)>>,
    dirty: RwSignal<bool>,
    /// Whether nothing is lost with what is typed.
    asks: bool,
    unplaced_id: StoredValue<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

impl Form {
    /// An untouched form. Leaving the page while it holds something unsaved asks first.
    pub fn new() -> Self {
        let form = Self {
            entries: RwSignal::new(Vec::new()),
            shown: RwSignal::new(0),
            violations: RwSignal::new(Vec::new()),
            remarks: RwSignal::new(Vec::new()),
            dirty: RwSignal::new(false),
            asks: false,
            unplaced_id: StoredValue::new(super::unique("unplaced")),
        };
        on_cleanup(move || form.saved());
        form
    }

    /// A form that only asks for something: nobody minds leaving what is typed in it.
    pub fn question() -> Self {
        Self {
            asks: true,
            ..Self::new()
        }
    }

    /// The form around the component, if there is one.
    pub fn around() -> Option<Self> {
        use_context()
    }

    /// Says that something was typed.
    pub fn touch(self) {
        if !self.asks && !self.dirty.get_untracked() {
            self.dirty.set(true);
            Router::the().unsaved.update(|count| *count += 1);
        }
    }

    /// Says that nothing typed would be lost any more.
    pub fn saved(self) {
        if self.dirty.try_get_untracked() == Some(true) {
            self.dirty.set(false);
            Router::the()
                .unsaved
                .update(|count| *count = count.saturating_sub(1));
        }
    }

    /// Shows what the host or the service found wrong.
    pub fn show_violations(self, violations: Vec<Violation>) {
        self.violations.set(violations);
        self.shown.update(|times| *times += 1);
        if !self.focus_first() {
            self.focus_unplaced();
        }
    }

    /// Shows a sentence at the field of a path.
    pub fn remark(self, path: &str, sentence: String) {
        self.remarks
            .update(|remarks| remarks.push((path.to_owned(), sentence)));
        self.shown.update(|times| *times += 1);
        self.focus_first();
    }

    /// Shows all problems and focuses the first. Returns whether there is none.
    pub fn check(self) -> bool {
        self.violations.set(Vec::new());
        self.remarks.set(Vec::new());
        self.shown.update(|times| *times += 1);
        !self.focus_first()
    }

    /// Violations that no field of the form shows. Tracked.
    fn unplaced(self) -> Vec<Violation> {
        let mut all = self.violations.get();
        self.entries.with(|entries| {
            all.retain(|violation| entries.iter().all(|entry| entry.path != violation.path));
        });
        all
    }

    /// Brings what no field shows into view, once it is drawn.
    fn focus_unplaced(self) {
        let id = self.unplaced_id();
        request_animation_frame(move || {
            let found = document().get_element_by_id(&id);
            if let Some(notice) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                // It has a tab index, so it takes the focus.
                let _ = notice.focus();
            }
        });
    }

    /// Identifier of the element that shows what no field does.
    fn unplaced_id(self) -> String {
        self.unplaced_id.get_value()
    }

    fn focus_first(self) -> bool {
        let bad: Vec<String> = self.entries.with_untracked(|entries| {
            entries
                .iter()
                .filter(|entry| entry.problem.try_get_untracked().flatten().is_some())
                .map(|entry| entry.id.clone())
                .collect()
        });
        // In the order in which they stand, not in which they came to be.
        let first = bad
            .iter()
            .filter_map(|id| document().get_element_by_id(id))
            .reduce(|a, b| {
                match a.compare_document_position(&b) & Node::DOCUMENT_POSITION_PRECEDING {
                    0 => a,
                    _ => b,
                }
            });
        if let Some(element) = first.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // Something folded away is opened, or it couldn't be focused.
            if let Ok(Some(fold)) = element.closest("details") {
                let _ = fold.set_attribute("open", "");
            }
            let _ = element.focus();
        }
        !bad.is_empty()
    }
}

/// What a field asks its form for.
#[derive(Clone, Copy)]
pub struct Checked {
    /// Its problem as shown.
    pub shown: Signal<Option<String>>,
    /// Set at the first blur.
    pub blurred: RwSignal<bool>,
    form: Option<Form>,
}

impl Checked {
    /// Says that something was typed in the field.
    pub fn touch(self, path: &str) {
        if let Some(form) = self.form {
            form.touch();
            if form
                .violations
                .with_untracked(|all| all.iter().any(|it| it.path == path))
            {
                form.violations
                    .update(|all| all.retain(|it| it.path != path));
            }
            if form
                .remarks
                .with_untracked(|all| all.iter().any(|(known, _)| known == path))
            {
                form.remarks
                    .update(|all| all.retain(|(known, _)| known != path));
            }
        }
    }
}

/// Registers a field with the form around it. `id` is the element that gets the focus.
pub fn register(
    id: String,
    path: String,
    own: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> Checked {
    let form = Form::around();
    let blurred = RwSignal::new(false);
    let before = form.map_or(0, |form| form.shown.get_untracked());
    let entry_path = path.clone();
    let problem = Memo::new(move |_| {
        own().or_else(|| {
            let form = form?;
            if path.is_empty() {
                return None;
            }
            let broken = form.violations.with(|all| {
                all.iter()
                    .find(|it| it.path == path)
                    .map(|it| problem_words(&it.problem))
            });
            broken.or_else(|| {
                form.remarks.with(|all| {
                    all.iter()
                        .find(|(known, _)| *known == path)
                        .map(|(_, sentence)| sentence.clone())
                })
            })
        })
    });
    let shown = Memo::new(move |_| {
        let visible = blurred.get() || form.is_some_and(|form| form.shown.get() > before);
        problem.get().filter(|_| visible)
    });
    if let Some(form) = form {
        let entry = Entry {
            id: id.clone(),
            path: entry_path,
            problem: problem.into(),
        };
        form.entries.update(|entries| entries.push(entry));
        on_cleanup(move || {
            form.entries
                .try_update(|entries| entries.retain(|entry| entry.id != id));
        });
    }
    Checked {
        shown: shown.into(),
        blurred,
        form,
    }
}

/// What a documented rule says about a text: nothing when it holds.
pub fn check_rule(rule: &'static Rule, text: &str, required: bool) -> Option<String> {
    if text.is_empty() && !required {
        return None;
    }
    rule.text(text).err().map(|problem| problem_words(&problem))
}

/// A problem in words that say how to right it.
pub fn problem_words(problem: &Problem) -> String {
    let value = serde_json::to_value(problem).unwrap_or_default();
    let mut values = std::collections::BTreeMap::new();
    // A problem is its name, or an object of its name with its values.
    let Some((name, fields)) = value.as_object().and_then(|it| it.iter().next()) else {
        let name = value.as_str().unwrap_or_default();
        return words::find_or(&format!("problems.{name}"), name);
    };
    for (key, value) in fields.as_object().into_iter().flatten() {
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(items) => items
                .iter()
                .filter_map(|item| item.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            other => other.to_string(),
        };
        values.insert(key.clone(), text);
    }
    words::find_with(&format!("problems.{name}"), &values).unwrap_or_else(|| name.clone())
}

/// A form with its fields. Sending checks all of them first.
#[component]
pub fn FormFrame(
    /// The form, made by whoever sends it.
    form: Form,
    /// Sends it. Called when no field has a problem.
    #[prop(into)]
    on_submit: Callback<()>,
    /// The fields and the buttons; one of these is made with `submit=true`.
    children: Children,
) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // The form of a dialog may lie within that of the page, which isn't sent with it.
        event.stop_propagation();
        if form.check() {
            on_submit.run(());
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            if form.check() {
                on_submit.run(());
            }
        }
    };
    view! {
        // It takes the focus of a click beside its fields, so that its keys work from there too.
        <form class="form" novalidate=true tabindex="-1" on:submit=submit on:keydown=keys>
            <Unplaced form=form />
            // For these fields only: a page that comes after this one must not find it.
            <Provider value=form>{children()}</Provider>
        </form>
    }
    .into_any()
}

/// What the host found wrong and no field shows: rows of a list, a part that has no field.
#[component]
fn Unplaced(form: Form) -> AnyView {
    let id = form.unplaced_id();
    let found = Memo::new(move |_| form.unplaced());
    let notice = move || {
        let lines = found.with(|found| {
            found
                .iter()
                .map(|violation| {
                    let (path, problem) = (violation.path.clone(), violation.problem.clone());
                    view! { <li><code>{path}</code> " " {move || problem_words(&problem)}</li> }
                })
                .collect::<Vec<_>>()
        });
        (!lines.is_empty()).then(|| {
            view! {
                <div class="notice notice-bad" role="alert" tabindex="-1" id=id.clone()>
                    <ul class="notice-text notice-violations">{lines}</ul>
                </div>
            }
        })
    };
    view! { {notice} }.into_any()
}

/// Fields that belong together, below a heading.
#[component]
pub fn Section(
    /// What they are.
    #[prop(into)]
    title: super::Text,
    /// The fields.
    children: Children,
) -> AnyView {
    let id = super::unique("section");
    let labelled = id.clone();
    // No fieldset: WebKit leaves room for its legend twice until it is laid out again.
    view! {
        <div class="section" role="group" aria-labelledby=labelled>
            <h2 class="section-title" id=id>{title.view()}</h2>
            {children()}
        </div>
    }
    .into_any()
}

/// Fields that are rarely needed, folded. What is set in them shows on the fold.
#[component]
pub fn Fold(
    /// What they are.
    #[prop(into)]
    title: super::Text,
    /// What is set in them: "port 8883, TLS".
    #[prop(into, optional)]
    set: super::Text,
    /// Whether it is open: at first, and again whenever this changes.
    #[prop(into, optional)]
    open: Signal<bool>,
    /// The fields.
    children: Children,
) -> AnyView {
    view! {
        <details class="fold" open=move || open.get()>
            <summary>
                {super::icon(super::Glyph::ChevronRight)} <span>{title.view()}</span>
                <span class="second cut">{set.view()}</span>
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// The frame of every field: label above, help and problem below.
pub fn frame(
    id: &str,
    label: super::Text,
    help: super::Text,
    required: bool,
    checked: Checked,
    counter: Option<Signal<Option<String>>>,
    control: AnyView,
) -> AnyView {
    let (help_id, problem_id, for_id) =
        (format!("{id}-help"), format!("{id}-problem"), id.to_owned());
    let optional =
        (!required).then(|| view! { <span class="field-optional">{words::kit::optional}</span> });
    let has_help = !help.is_empty();
    view! {
        <div class="field" class=("field-bad", move || checked.shown.with(Option::is_some))>
            <div class="field-head">
                <label for=for_id>{label.view()}</label>
                {optional}
                <span class="spacer"></span>
                {counter.map(|counter| view! { <span class="field-counter number">{move || counter.get()}</span> })}
            </div>
            {control}
            {has_help.then(|| view! { <p class="field-help" id=help_id>{help.view()}</p> })}
            <p class="field-problem" id=problem_id role="alert">{move || checked.shown.get()}</p>
        </div>
    }
    .into_any()
}

/// The form around the component, where there must be one.
pub fn expect_form() -> Form {
    expect_context()
}
