//! The interface of Edge Console: a Leptos application in the one window.

use leptos::prelude::{ClassAttribute, ElementChild, IntoView, component, mount_to_body, view};

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}

/// The whole window.
#[component]
fn App() -> impl IntoView {
    view! {
        <main class="app">
            <h1>"Edge Console"</h1>
        </main>
    }
}
