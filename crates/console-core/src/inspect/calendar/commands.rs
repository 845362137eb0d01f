//! Commands about the calendar.

use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::calendar::{
    Calendar, CalendarFormat, CertificateCalendar, ExportCalendar, ForgetPackage,
};
use console_ipc::call::Saved;
use console_ipc::event::Event;

use super::{Sources, window};
use crate::calls::save_bytes;
use crate::console::{Console, Handle, blocking};
use crate::inspect::commands::too_many;
use crate::inspect::spoken;
use crate::inspect::surface::calendar;
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
            let calendar = window(&sources, "", 0, MOST_SAVED);
            if calendar.total > MOST_SAVED as u64 {
                return Err(too_many(MOST_SAVED));
            }
            let _ = (spoken(request.language), &calendar);
            Ok(match request.format {
                CalendarFormat::Ics => calendar::ics(),
                CalendarFormat::Csv => calendar::csv(),
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
