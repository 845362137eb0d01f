//! The package inspector: what was dropped, chosen, pasted or just created, judged by the host.
//!
//! It works without a profile and before there is one. Only reports come here: files are read by the host, and keys
//! are never in the window.

use console_ipc::inspect::{InspectionSummary, ListInspections};
use leptos::prelude::*;

use super::INSPECTOR;
use super::parts::Asked;
use crate::kit::{ErrorNotice, shortcut};
use crate::router::{self, Address};
use crate::state::App;
use crate::words::inspector as texts;

mod certificates;
mod checks;
mod compare;
mod contents;
mod desk;
mod intake;
mod judged;
mod list;
mod lookup;
mod report;
mod unfold;
mod unlock;
pub mod verdict;

pub use self::desk::spoken;

use self::compare::Comparing;
use self::desk::Desk;
use self::intake::{Intake, Refused};
use self::judged::When;
use self::list::Inspections;
use self::report::OneReport;

/// The value of the query that names what is compared.
const COMPARE: &str = "compare";

/// What is shown beside the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shown {
    /// How to open something.
    Intake,
    /// An inspection.
    One(String),
    /// Several of them.
    Compared(Vec<String>),
}

impl Shown {
    fn of(address: &Address) -> Self {
        if let Some(id) = address.path.get(1) {
            return Self::One(id.clone());
        }
        let compared = address.get(COMPARE).unwrap_or_default();
        let ids: Vec<String> = compared
            .split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect();
        match ids.len() {
            0 | 1 => Self::Intake,
            _ => Self::Compared(ids),
        }
    }
}

/// Address of an inspection.
fn address_of(id: &str) -> Address {
    Address::new([INSPECTOR, id])
}

/// The page. It is one for all inspections: the list stays while another is shown.
pub fn page(_: Vec<String>) -> AnyView {
    let app = App::expect();
    let when = RwSignal::new(When::Now);
    let all = Asked::new(
        move || {
            app.inspections.track();
            app.refresh.track();
            ListInspections {
                at: when.with(When::at),
            }
        },
        |all| all,
    );
    let desk = Desk::new(all, when);
    shortcut::register("Ctrl+O", texts::keys::choose, move || desk.choose());
    desk.paste_by_keys();
    let address = router::use_address();
    let shown = Memo::new(move |_| address.with(Shown::of));
    let any = Memo::new(move |_| {
        let holds = |all: &Option<Vec<InspectionSummary>>| all.as_ref().map(|it| !it.is_empty());
        all.value.with(holds)
    });
    let beside = move || match shown.get() {
        Shown::Intake => view! { <Intake desk=desk /> }.into_any(),
        Shown::One(id) => view! { <OneReport id=id desk=desk /> }.into_any(),
        Shown::Compared(ids) => view! { <Comparing ids=ids desk=desk /> }.into_any(),
    };
    let list =
        move || (any.get() == Some(true)).then(|| view! { <Inspections desk=desk shown=shown /> });
    view! {
        <div class="inspector" class=("inspector-alone", move || any.get() != Some(true))>
            {list}
            <div class="inspector-one" tabindex="-1">
                <Refused />
                {move || desk.error.get().map(|error| view! { <ErrorNotice error=error /> })}
                {move || all.error.get().map(|error| view! {
                    <ErrorNotice error=error on_retry=move || all.reload() />
                })}
                {beside}
            </div>
        </div>
    }
    .into_any()
}
