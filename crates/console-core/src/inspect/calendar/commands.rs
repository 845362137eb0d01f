//! Commands about the calendar.

use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::calendar::{
    Calendar, CalendarEntry, CalendarFormat, Carried, CertificateCalendar, ExportCalendar,
    ForgetPackage, Precision,
};
use console_ipc::call::Saved;
use console_ipc::event::Event;
use edge_package::inspect::Language;
use edge_package::inspect::calendar::{self, CalendarItem, CalendarOptions, Use};

use super::{SYSTEM, Sources, window};
use crate::calls::save_bytes;
use crate::console::{Console, Handle, blocking};
use crate::inspect::commands::too_many;
use crate::inspect::spoken;
use crate::inventory::commands::MOST_ROWS;

/// The most certificates of a file: no calendar takes more.
const MOST_SAVED: usize = 100_000;

impl Handle<CertificateCalendar> for Console {
    async fn handle(&self, request: CertificateCalendar) -> Result<Calendar, IpcError> {
        let sources = Sources::gather(&self.core, request.load);
        blocking(move || {
            let limit = request.limit.min(MOST_ROWS) as usize;
            Ok(window(&sources, &request.search, request.offset, limit))
        })
        .await
    }
}

impl Handle<ExportCalendar> for Console {
    async fn handle(&self, request: ExportCalendar) -> Result<Saved, IpcError> {
        let sources = Sources::gather(&self.core, false);
        let text = blocking(move || {
            let found = window(&sources, &request.search, 0, MOST_SAVED);
            if found.matched > MOST_SAVED as u64 {
                return Err(too_many(MOST_SAVED));
            }
            let language = spoken(request.language);
            let items = found.entries.into_iter();
            let items: Vec<CalendarItem> = items
                .map(|entry| item(entry, &sources.profile, language))
                .collect();
            Ok(match request.format {
                CalendarFormat::Ics => {
                    let options = CalendarOptions {
                        lead_days: request.lead_days,
                        written_at: found.at,
                        language,
                    };
                    calendar::ics(&items, &options)
                }
                CalendarFormat::Csv => calendar::csv(&items, language),
            })
        })
        .await?;
        let name = match request.format {
            CalendarFormat::Ics => "certificates.ics",
            CalendarFormat::Csv => "certificates.csv",
        };
        save_bytes(&self.core, name, text.into_bytes()).await
    }
}

/// An entry as other calendars have it.
fn item(entry: CalendarEntry, profile: &str, language: Language) -> CalendarItem {
    let used = match (entry.is_ca, entry.kind.as_str()) {
        (true, _) => Some(Use::Authority),
        (false, SYSTEM) => Some(Use::Node),
        (false, "application") => Some(Use::Application),
        (false, "device") => Some(Use::Device),
        (false, _) => None,
    };
    let sources: Vec<String> = match entry.packages.is_empty() {
        true => vec![profile.to_owned()],
        false => names(Carried {
            count: entry.packages.len() as u64,
            first: entry.packages,
        }),
    };
    let holders = [entry.nodes, entry.groups, entry.registrations];
    CalendarItem {
        name: entry.name,
        // A type the console doesn't know is told as the service has it.
        kind: used.map_or(entry.kind, |used| used.word(language)),
        holders: holders.into_iter().flat_map(names).collect(),
        not_after: entry.not_after,
        day_only: entry.precision == Precision::Day,
        serial: entry.serial,
        source: sources.join(", "),
        applications: names(entry.applications),
    }
}

/// The names of the first, and a sign that there are more.
fn names(things: Carried) -> Vec<String> {
    let more = things.count > things.first.len() as u64;
    let names = things.first.into_iter().map(|thing| thing.name);
    names.chain(more.then(|| "…".to_owned())).collect()
}

impl Handle<ForgetPackage> for Console {
    async fn handle(&self, request: ForgetPackage) -> Result<(), IpcError> {
        let core = Arc::clone(&self.core);
        blocking(move || {
            core.inspector.remembered.remove(&request.id)?;
            core.events.push(Event::Calendar);
            Ok(())
        })
        .await
    }
}
