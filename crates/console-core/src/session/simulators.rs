//! The simulators of this run: started when a profile asks for one, kept while the application runs.

use std::collections::HashMap;
use std::sync::Arc;

use console_ipc::error::NextStep;
use console_ipc::profile::{Edition, SimulatorTarget};
use console_ipc::{ErrorKind, IpcError};
use ief_sim::{Running, Simulator};
use tokio::sync::Mutex;

/// Simulators by the profile they belong to. What was done to a fleet is still there when the user comes
/// back to it; another size or seed gives another fleet.
#[derive(Default)]
pub(crate) struct Simulators(Mutex<HashMap<String, (SimulatorTarget, Arc<Running>)>>);

impl Simulators {
    /// The simulator of a profile.
    pub(super) async fn of(
        &self,
        profile_id: &str,
        target: &SimulatorTarget,
    ) -> Result<Arc<Running>, IpcError> {
        let mut running = self.0.lock().await;
        if let Some((known, simulator)) = running.get(profile_id)
            && known == target
        {
            return Ok(Arc::clone(simulator));
        }
        let options = ief_sim::Options {
            seed: target.seed,
            nodes: target.nodes,
            edition: match target.edition {
                Edition::Professional => ief_sim::Edition::Professional,
                Edition::Platinum => ief_sim::Edition::Platinum,
            },
            ..ief_sim::Options::default()
        };
        let started = Simulator::start(options).await;
        let simulator = Arc::new(started.map_err(|error| {
            IpcError::new(ErrorKind::Internal, NextStep::Report)
                .with("part", "simulator")
                .with("detail", error)
        })?);
        running.insert(
            profile_id.to_owned(),
            (target.clone(), Arc::clone(&simulator)),
        );
        Ok(simulator)
    }

    /// Stops all of them, each as soon as no session needs it.
    pub(crate) async fn stop_all(&self) {
        self.0.lock().await.clear();
    }

    /// Stops the simulator of a profile that is gone.
    pub(super) async fn forget(&self, profile_id: &str) {
        self.0.lock().await.remove(profile_id);
    }
}
