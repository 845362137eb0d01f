//! The address of the browser as a signal.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::Address;

/// The value of the query that says which tab of a page is shown.
pub const TAB: &str = "tab";

/// The value of the query that says which operation the explorer shows. It is no part of the path, so that choosing
/// another one leaves the list of them as it is.
pub const OPERATION: &str = "operation";

/// Values of the query that exchange what is shown, with whatever was typed in it.
const EXCHANGING: [&str; 2] = [TAB, OPERATION];

/// The address in use, and what keeps the window from leaving it.
#[derive(Clone, Copy)]
pub struct Router {
    address: RwSignal<Address>,
    /// Where the user wants to go while something unsaved holds them.
    pub held: RwSignal<Option<Address>>,
    /// How many forms hold unsaved input.
    pub unsaved: RwSignal<u32>,
}

thread_local! {
    /// The one of the window: handlers of events have no context to find it in.
    static ROUTER: Cell<Option<Router>> = const { Cell::new(None) };
}

impl Router {
    /// The router of the window.
    pub fn the() -> Self {
        ROUTER
            .get()
            .expect("the application starts it before anything is drawn")
    }

    /// Follows the browser's address from now on. Called once, by the application.
    pub fn start() -> Self {
        let router = Self {
            address: RwSignal::new(current()),
            held: RwSignal::new(None),
            unsaved: RwSignal::new(0),
        };
        let handle = window_event_listener_untyped("hashchange", move |_| {
            router.arrive(current());
        });
        on_cleanup(move || handle.remove());
        ROUTER.set(Some(router));
        router
    }

    fn arrive(self, address: Address) {
        let here = self.address.get_untracked();
        if address == here {
            return;
        }
        if self.holds(&address) {
            write(&here, true);
        } else {
            self.address.set(address);
        }
    }

    /// Whether something unsaved would be lost by going to an address: by another page, or what this one shows
    /// instead. The user is asked then.
    fn holds(self, address: &Address) -> bool {
        let here = self.address.get_untracked();
        let differs = |name: &&str| address.get(name) != here.get(name);
        let leaves = address.path != here.path || EXCHANGING.iter().any(differs);
        let holds = leaves && self.unsaved.get_untracked() > 0;
        if holds {
            self.held.set(Some(address.clone()));
        }
        holds
    }

    /// Leaves although something is unsaved.
    pub fn leave(self) {
        if let Some(address) = self.held.get_untracked() {
            self.held.set(None);
            self.unsaved.set(0);
            write(&address, false);
            self.address.set(address);
        }
    }

    /// The address, tracked.
    pub fn address(self) -> Address {
        self.address.get()
    }

    /// The address, untracked.
    pub fn address_now(self) -> Address {
        self.address.get_untracked()
    }
}

/// Goes to an address: `nodes`, `#/nodes/ID?tab=certs` or an [`Address`] as text.
pub fn go(to: &str) {
    let router = Router::the();
    let address = Address::parse(to);
    if address != router.address_now() && !router.holds(&address) {
        write(&address, false);
        router.address.set(address);
    }
}

/// Changes the address without a step back to the old one.
pub fn replace(address: Address) {
    let router = Router::the();
    if address != router.address_now() && !router.holds(&address) {
        write(&address, true);
        router.address.set(address);
    }
}

/// Sets one value of the query, without a step back.
pub fn set_query(name: &str, value: &str) {
    replace(Router::the().address_now().with(name, value));
}

/// The address as a signal.
pub fn use_address() -> Memo<Address> {
    let router = Router::the();
    Memo::new(move |_| router.address())
}

/// One value of the query as a signal; empty when it isn't there.
pub fn use_query(name: &'static str) -> Memo<String> {
    let router = Router::the();
    Memo::new(move |_| router.address().get(name).unwrap_or_default().to_owned())
}

/// The tab in use, and what chooses another. It is part of the address, and stays while a selection moves.
pub fn use_tab() -> (Signal<String>, Callback<String>) {
    (
        use_query(TAB).into(),
        Callback::new(|name: String| set_query(TAB, &name)),
    )
}

fn current() -> Address {
    Address::parse(&window().location().hash().unwrap_or_default())
}

fn write(address: &Address, replace: bool) {
    let Ok(history) = window().history() else {
        return;
    };
    let text = address.to_string();
    // A browser refuses only addresses of other origins, which a hash can't be.
    let _ = match replace {
        true => history.replace_state_with_url(&JsValue::NULL, "", Some(&text)),
        false => history.push_state_with_url(&JsValue::NULL, "", Some(&text)),
    };
}
