//! The form of a command, and the list of all of them.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A command: its request type. The name is what crosses the border.
pub trait Command: DeserializeOwned + Send + 'static {
    /// Name on the border.
    const NAME: &'static str;
    /// What the host answers.
    type Response: Serialize + DeserializeOwned + Send + 'static;
}

/// Declares a command beside its request type.
#[macro_export]
macro_rules! command {
    ($name:ident = $wire:literal -> $response:ty) => {
        impl $crate::Command for $name {
            const NAME: &'static str = $wire;
            type Response = $response;
        }
    };
}

/// Calls a macro with the type of every command.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            $crate::profile::GetState,
            $crate::profile::SaveProfile,
            $crate::profile::DuplicateProfile,
            $crate::profile::DeleteProfile,
            $crate::profile::SwitchProfile,
            $crate::profile::TestConnection,
            $crate::profile::ChooseSecretStore,
            $crate::profile::StartSecretFile,
            $crate::profile::UnlockWrites,
            $crate::profile::LockWrites,
            $crate::profile::TrySignInAgain,
            $crate::settings::SaveSettings,
            $crate::inventory::QueryRows,
            $crate::inventory::CountValues,
            $crate::inventory::LocateRow,
            $crate::inventory::CompleteFilter,
            $crate::inventory::RefreshResource,
            $crate::call::ReadCall,
            $crate::call::PreviewCall,
            $crate::call::SendCall,
            $crate::call::SaveWithheld,
            $crate::call::DropWithheld,
            $crate::explorer::ListOperations,
            $crate::explorer::DescribeOperation,
            $crate::bulk::PlanBulk,
            $crate::bulk::StartBulk,
            $crate::bulk::ListTasks,
            $crate::bulk::ShowTask,
            $crate::bulk::ControlTask,
            $crate::export::ExportRows,
            $crate::export::ExportTask,
            $crate::export::ExportJournal,
            $crate::journal::ListJournal,
            $crate::journal::ShowJournalEntry,
            $crate::inspect::ChooseAndInspect,
            $crate::inspect::InspectClipboard,
            $crate::inspect::InspectWithheld,
            $crate::inspect::ListInspections,
            $crate::inspect::ShowInspection,
            $crate::inspect::LookUpInspection,
            $crate::inspect::UnlockInspection,
            $crate::inspect::CompareInspections,
            $crate::inspect::SaveInspectionReport,
            $crate::inspect::ForgetInspection,
            $crate::inspect::RememberInspection,
            $crate::calendar::CertificateCalendar,
            $crate::calendar::ExportCalendar,
            $crate::calendar::ForgetPackage,
            $crate::event::NextEvents,
            $crate::window::HoldWindow,
        }
    };
}

macro_rules! names {
    ($($command:path,)+) => {
        /// The name of every command.
        pub static NAMES: &[&str] = &[$(<$command as Command>::NAME),+];
    };
}
for_each_command!(names);

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_unique() {
        let mut names = super::NAMES.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), super::NAMES.len());
    }
}
