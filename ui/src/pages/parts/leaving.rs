//! Asking before what is typed is lost where no page is left: in a dialog, in an editor within a page.

use leptos::prelude::*;

use crate::kit::{Button, Dialog, Look};
use crate::router::Router;
use crate::words::kit::leave as texts;

/// A question that is asked only when something typed would be lost.
#[derive(Clone, Copy)]
pub struct Leaving {
    asking: RwSignal<bool>,
}

impl Leaving {
    /// Nothing is asked yet.
    pub fn new() -> Self {
        Self {
            asking: RwSignal::new(false),
        }
    }

    /// Whether nothing is lost. Asks when something is.
    pub fn may_leave(self) -> bool {
        let lost = Router::the().unsaved.get_untracked() > 0;
        if lost {
            self.asking.set(true);
        }
        !lost
    }

    /// The same for a dialog that is closed by Esc or the cross.
    pub fn may_close(self) -> Callback<(), bool> {
        Callback::new(move |()| self.may_leave())
    }

    /// Leaves by `leave`, having asked when something is lost.
    pub fn press(self, leave: impl Fn()) {
        if self.may_leave() {
            leave();
        }
    }

    /// The question. `leave` gives up what is typed.
    pub fn question(self, leave: impl Fn() + Clone + Send + Sync + 'static) -> AnyView {
        let asking = self.asking;
        view! {
            <Dialog open=asking title=texts::title>
                {
                    let leave = leave.clone();
                    view! {
                        <p>{texts::text}</p>
                        <div class="dialog-actions">
                            <Button label=texts::stay look=Look::Primary on_press=move || asking.set(false) />
                            <Button
                                label=texts::leave
                                look=Look::Danger
                                on_press=move || {
                                    asking.set(false);
                                    leave();
                                }
                            />
                        </div>
                    }
                }
            </Dialog>
        }
        .into_any()
    }
}
