//! Commands about inspections, and what the desktop tells by itself: files that are dropped.

use std::path::PathBuf;
use std::sync::Arc;

use console_ipc::call::Saved;
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::inspect::report::{Comparison, Report};
use console_ipc::inspect::{
    ChooseAndInspect, CompareInspections, ForgetInspection, InspectClipboard, InspectWithheld,
    Inspected, InspectionSummary, ListInspections, LookUpInspection, MOST_COMPARED,
    MOST_INSPECTIONS, RememberInspection, ReportFormat, ReportLanguage, SaveInspectionReport,
    ShowInspection, ShownInspection, UnlockInspection, Unlocked,
};
use console_ipc::{ErrorKind, IpcError};
use edge_package::inspect::{OpenOptions, compare, open, write};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::reading::{self, Input};
use super::{Inspection, lookup, spoken};
use crate::calls::save_bytes;
use crate::console::{Console, Handle, blocking};
use crate::error::invalid_call;
use crate::files::{plain_name, watched};
use crate::host::Copied;

impl Handle<ChooseAndInspect> for Console {
    async fn handle(&self, _: ChooseAndInspect) -> Result<Inspected, IpcError> {
        let paths = self.core.host.choose_open_paths().await;
        Ok(self.inspect_files(paths).await)
    }
}

impl Handle<InspectClipboard> for Console {
    async fn handle(&self, request: InspectClipboard) -> Result<Inspected, IpcError> {
        let text = match self.core.host.read_clipboard().await {
            Copied::Nothing => return Ok(Inspected::default()),
            Copied::Files(paths) => return Ok(self.inspect_files(paths).await),
            Copied::Text(text) => text,
        };
        if text.trim().is_empty() {
            return Ok(Inspected::default());
        }
        if text.len() as u64 > reading::LARGEST {
            return Err(reading::too_large());
        }
        let input = Input {
            name: plain_name(&request.name),
            bytes: Zeroizing::new(text.as_bytes().to_vec()),
        };
        Ok(Inspected {
            opened: vec![self.inspect(move || Ok(input)).await?],
            refused: Vec::new(),
        })
    }
}

impl Handle<InspectWithheld> for Console {
    async fn handle(&self, request: InspectWithheld) -> Result<InspectionSummary, IpcError> {
        let bytes = self.core.session()?.vault.get(&request.handle)?;
        let name = plain_name(&request.name);
        self.inspect(move || Ok(Input { name, bytes })).await
    }
}

impl Handle<ListInspections> for Console {
    async fn handle(&self, request: ListInspections) -> Result<Vec<InspectionSummary>, IpcError> {
        let core = Arc::clone(&self.core);
        blocking(move || {
            let all = core.inspector.newest_first();
            Ok(all
                .iter()
                .map(|inspection| inspection.summary_at(&core, request.at))
                .collect())
        })
        .await
    }
}

impl Handle<ShowInspection> for Console {
    async fn handle(&self, request: ShowInspection) -> Result<ShownInspection, IpcError> {
        let inspection = self.core.inspector.find(&request.id)?;
        lookup::begin(&self.core, &inspection, lookup::Again::No);
        let core = Arc::clone(&self.core);
        blocking(move || {
            Ok(ShownInspection {
                summary: inspection.summary_at(&core, request.at),
                report: inspection.report(&core, request.at, request.language),
            })
        })
        .await
    }
}

impl Handle<LookUpInspection> for Console {
    async fn handle(&self, request: LookUpInspection) -> Result<InspectionSummary, IpcError> {
        let inspection = self.core.inspector.find(&request.id)?;
        lookup::begin(&self.core, &inspection, lookup::Again::Yes);
        self.summary_of(inspection).await
    }
}

impl Handle<UnlockInspection> for Console {
    async fn handle(&self, request: UnlockInspection) -> Result<Unlocked, IpcError> {
        let inspection = self.core.inspector.find(&request.id)?;
        let tried = Arc::clone(&inspection);
        let core = Arc::clone(&self.core);
        let passphrase = request.passphrase.into_secret();
        // Deriving a key from a passphrase is meant to take long.
        let (before, after) = blocking(move || {
            let mut opened = (*tried.state().opened).clone();
            let locked =
                |inspection: &Inspection| inspection.report(&core, None, ReportLanguage::En).locked;
            let before = locked(&tried);
            // The passphrase leaves its wrapper for the one who tries it, and is wiped with its copy.
            let passphrase = Zeroizing::new(passphrase.expose_secret().to_owned());
            opened.unlock(&passphrase);
            tried.replace(opened);
            Ok((before, locked(&tried)))
        })
        .await?;
        lookup::begin(&self.core, &inspection, lookup::Again::No);
        Ok(Unlocked {
            opened: before
                .into_iter()
                .filter(|place| !after.contains(place))
                .collect(),
            locked: after,
            summary: self.summary_of(inspection).await?,
        })
    }
}

impl Handle<CompareInspections> for Console {
    async fn handle(&self, request: CompareInspections) -> Result<Vec<Comparison>, IpcError> {
        let CompareInspections { ids, at, language } = request;
        if !(2..=MOST_COMPARED).contains(&ids.len()) {
            let reason = format!("{} inspections can't be compared", ids.len());
            return Err(invalid_call("compare_inspections", reason));
        }
        let found = ids.iter().map(|id| self.core.inspector.find(id));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        let core = Arc::clone(&self.core);
        blocking(move || {
            let reports: Vec<Report> = found
                .iter()
                .map(|inspection| inspection.report(&core, at, language))
                .collect();
            let (first, others) = reports
                .split_first()
                .ok_or_else(|| crate::error::internal("nothing to compare"))?;
            let compared = others
                .iter()
                .map(|other| compare(first, other, spoken(language)));
            Ok(compared.collect())
        })
        .await
    }
}

impl Handle<SaveInspectionReport> for Console {
    async fn handle(&self, request: SaveInspectionReport) -> Result<Saved, IpcError> {
        let inspection = self.core.inspector.find(&request.id)?;
        // Judged before the dialog: what is saved is what was seen when it was asked for.
        let core = Arc::clone(&self.core);
        let judged = Arc::clone(&inspection);
        let text = blocking(move || {
            let report = judged.report(&core, request.at, request.language);
            let language = spoken(request.language);
            Ok(match request.format {
                ReportFormat::Html => write::html(&report, language),
                ReportFormat::Json => write::json(&report),
                ReportFormat::Text => write::text(&report, language),
            })
        })
        .await?;
        let extension = match request.format {
            ReportFormat::Html => "html",
            ReportFormat::Json => "json",
            ReportFormat::Text => "txt",
        };
        let name = format!("{}.report.{extension}", inspection.name);
        save_bytes(&self.core, &name, text.into_bytes()).await
    }
}

impl Handle<ForgetInspection> for Console {
    async fn handle(&self, request: ForgetInspection) -> Result<(), IpcError> {
        self.core.inspector.forget(&request.id);
        self.core.events.push(Event::Inspection { id: request.id });
        Ok(())
    }
}

impl Handle<RememberInspection> for Console {
    async fn handle(&self, request: RememberInspection) -> Result<InspectionSummary, IpcError> {
        let inspection = self.core.inspector.find(&request.id)?;
        let core = Arc::clone(&self.core);
        let remembered = Arc::clone(&inspection);
        blocking(move || {
            let report = remembered.report(&core, None, ReportLanguage::En);
            match request.remembered {
                true => core
                    .inspector
                    .remembered
                    .add(&report, core.clock.now_ms())?,
                false => core
                    .inspector
                    .remembered
                    .remove(&edge_package::inspect::id(&report))?,
            }
            core.events.push(Event::Calendar);
            Ok(())
        })
        .await?;
        self.summary_of(inspection).await
    }
}

impl Console {
    /// Takes note that files are held over the window, and how many; 0 when they are gone.
    pub fn files_over(&self, files: u32) {
        self.core.events.push(Event::Hover { files });
    }

    /// Inspects files that were dropped on the window, and tells it.
    pub async fn inspect_dropped(&self, paths: Vec<PathBuf>) {
        self.files_over(0);
        let inspected = watched(self.inspect_files(paths)).await;
        self.core.events.push(Event::Dropped { inspected });
    }

    /// Inspects files one after the other: a heap of them takes no more memory than the largest.
    async fn inspect_files(&self, mut paths: Vec<PathBuf>) -> Inspected {
        let mut inspected = Inspected::default();
        let beyond = paths.split_off(paths.len().min(MOST_INSPECTIONS));
        for path in paths {
            match self.inspect(move || reading::file(&path)).await {
                Ok(summary) => inspected.opened.push(summary),
                Err(error) => inspected.refused.push(error),
            }
        }
        if !beyond.is_empty() {
            inspected.refused.push(too_many(MOST_INSPECTIONS));
        }
        inspected
    }

    /// Reads, opens and holds one input, and has the service asked about it. Nothing waits for its answer.
    async fn inspect(
        &self,
        read: impl FnOnce() -> Result<Input, IpcError> + Send + 'static,
    ) -> Result<InspectionSummary, IpcError> {
        let core = Arc::clone(&self.core);
        let inspection = blocking(move || {
            let Input { name, bytes } = read()?;
            let input = edge_package::inspect::Input {
                name: &name,
                bytes: &bytes,
            };
            let opened = open(&input, &OpenOptions::default());
            let id = core.random.uuid().to_string();
            let inspection = Inspection::new(id, core.clock.now_ms(), name, opened);
            let inspection = Arc::new(inspection);
            if let Some(id) = core.inspector.hold(Arc::clone(&inspection)) {
                core.events.push(Event::Inspection { id });
            }
            Ok(inspection)
        })
        .await?;
        lookup::begin(&self.core, &inspection, lookup::Again::No);
        self.summary_of(inspection).await
    }

    async fn summary_of(&self, inspection: Arc<Inspection>) -> Result<InspectionSummary, IpcError> {
        let core = Arc::clone(&self.core);
        blocking(move || Ok(inspection.summary(&core))).await
    }
}

/// More than there can be.
pub(super) fn too_many(most: usize) -> IpcError {
    IpcError::new(ErrorKind::TooMany, NextStep::Nothing).with("most", most)
}
