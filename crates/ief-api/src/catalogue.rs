//! Every operation and every resource, each listed once.

use crate::operation::{Operation, OperationSpec};
use crate::resource::{Resource, ResourceSpec};

/// Calls a macro with the type of every operation.
///
/// Whoever has to do something for each operation expands this list, so that forgetting one does not
/// compile: the simulator's routes, the catalogue itself.
#[macro_export]
macro_rules! for_each_operation {
    ($callback:ident) => {
        $callback! {
            $crate::iam::CreateToken,
            $crate::iam::ListProjects,
            $crate::node::CreateEdgeNode,
            $crate::node::UpdateEdgeNode,
            $crate::node::ShowEdgeNodeDetail,
            $crate::node::ListEdgeNodes,
            $crate::node::DeleteEdgeNode,
            $crate::node::EnableDisableEdgeNodes,
            $crate::node::UpdateEdgeNodeDevice,
            $crate::node::ListEdgeNodeCerts,
            $crate::node::CreateEdgeNodeCerts,
            $crate::node::DeleteEdgeNodeCerts,
            $crate::node::ShowNodeUpgradeCheck,
            $crate::node::UpgradeEdgeNode,
            $crate::device::CreateDevice,
            $crate::device::UpdateDevice,
            $crate::device::ShowDevice,
            $crate::device::ListDevices,
            $crate::device::DeleteDevice,
            $crate::device::UpdateNodeByDeviceId,
            $crate::device::ShowDeviceTwin,
            $crate::device::UpdateDeviceTwin,
            $crate::device_template::CreateDeviceTemplate,
            $crate::device_template::UpdateDeviceTemplateById,
            $crate::device_template::ShowDeviceTemplate,
            $crate::device_template::ListDeviceTemplates,
            $crate::device_template::DeleteDeviceTemplate,
            $crate::app::CreateApp,
            $crate::app::UpdateApp,
            $crate::app::ShowAppDetail,
            $crate::app::ListApps,
            $crate::app::DeleteApp,
            $crate::app_version::CreateAppVersions,
            $crate::app_version::UpdateAppVersion,
            $crate::app_version::ShowAppVersionDetail,
            $crate::app_version::ListAppVersions,
            $crate::app_version::DeleteAppVersion,
            $crate::deployment::CreateDeployments,
            $crate::deployment::ListDeployments,
            $crate::deployment::UpdateDeployment,
            $crate::deployment::DeleteDeployment,
            $crate::deployment::ShowDeployment,
            $crate::pod::ListPods,
            $crate::pod::DeletePod,
            $crate::pod::RestartDeploymentsPod,
            $crate::resource_tag::ListResourceByTags,
            $crate::resource_tag::BatchAddDeleteTags,
            $crate::resource_tag::CreateTag,
            $crate::resource_tag::DeleteResourceTag,
            $crate::resource_tag::ListTags,
            $crate::resource_tag::ListTagsByResourceType,
            $crate::config_map::CreateConfigMap,
            $crate::config_map::UpdateConfigMap,
            $crate::config_map::ShowConfigMap,
            $crate::config_map::ListConfigMaps,
            $crate::config_map::DeleteConfigMap,
            $crate::secret::CreateSecret,
            $crate::secret::UpdateSecret,
            $crate::secret::ShowSecret,
            $crate::secret::ListSecrets,
            $crate::secret::DeleteSecret,
            $crate::endpoint::ListEndpoints,
            $crate::endpoint::CreateEndpoint,
            $crate::endpoint::ShowEndPointDetail,
            $crate::endpoint::DeleteEndPoint,
            $crate::message_rule::ListRules,
            $crate::message_rule::CreateRule,
            $crate::message_rule::ShowRuleDetail,
            $crate::message_rule::DeleteRule,
            $crate::message_rule::ListRuleErrors,
            $crate::message_rule::StartRule,
            $crate::message_rule::StopRule,
            $crate::system_event::ListSystemEvents,
            $crate::system_event::CreateSystemEvent,
            $crate::system_event::ShowSystemEventDetail,
            $crate::system_event::DeleteSystemEvent,
            $crate::system_event::StartSystemEvent,
            $crate::system_event::StopSystemEvent,
            $crate::product::CreateProduct,
            $crate::product::ListProducts,
            $crate::product::DeleteProduct,
            $crate::product::ShowProductDetail,
            $crate::batch_job::CreateBatchJob,
            $crate::batch_job::ListBatchJob,
            $crate::batch_job::ShowBatchJob,
            $crate::batch_job::DeleteBatchJob,
            $crate::batch_job::StopBatchJob,
            $crate::batch_job::RestoreBatchJob,
            $crate::batch_job::RetryBatchJob,
            $crate::quota::ShowQuota,
            $crate::service::ListServices,
            $crate::service::CreateService,
            $crate::service::ShowServiceDetail,
            $crate::service::UpdateService,
            $crate::service::DeleteService,
            $crate::node_group::CreateEdgeGroup,
            $crate::node_group::UpdateEdgeGroup,
            $crate::node_group::ShowEdgeGroupDetail,
            $crate::node_group::ListEdgeGroups,
            $crate::node_group::DeleteEdgeGroup,
            $crate::node_group::UpdateEdgeGroupNodeBinding,
            $crate::node_group::ListEdgeGroupCerts,
            $crate::node_group::CreateEdgeGroupCert,
            $crate::node_group::ShowEdgeGroupCertDetail,
            $crate::node_group::DeleteEdgeGroupCert,
            $crate::encrypted_data::CreateEncryptdatas,
            $crate::encrypted_data::UpdateEncryptdatas,
            $crate::encrypted_data::ShowEncryptdatas,
            $crate::encrypted_data::ListEncryptdatas,
            $crate::encrypted_data::DeleteEncryptdatas,
            $crate::encrypted_data::ListEncryptdataNodes,
            $crate::encrypted_data::CreateNodeEncryptdatas,
            $crate::encrypted_data::ListNodeEncryptdatas,
            $crate::encrypted_data::DeleteNodeEncryptdatas,
        }
    };
}

/// Calls a macro with the type of every resource.
#[macro_export]
macro_rules! for_each_resource {
    ($callback:ident) => {
        $callback! {
            $crate::node::EdgeNode,
            $crate::node_group::NodeGroup,
            $crate::device::Device,
            $crate::device_template::DeviceTemplate,
            $crate::app::App,
            $crate::app_version::AppVersion,
            $crate::deployment::Deployment,
            $crate::pod::Pod,
            $crate::config_map::ConfigMap,
            $crate::secret::Secret,
            $crate::encrypted_data::EncryptedData,
            $crate::endpoint::Endpoint,
            $crate::message_rule::MessageRule,
            $crate::system_event::SystemEvent,
            $crate::service::Service,
            $crate::product::Product,
            $crate::batch_job::BatchJob,
        }
    };
}

macro_rules! operations {
    ($($operation:path,)+) => {
        /// Every operation, in the order of the reference.
        pub static OPERATIONS: &[&OperationSpec] = &[$(<$operation as Operation>::SPEC),+];
    };
}
for_each_operation!(operations);

macro_rules! resources {
    ($($resource:path,)+) => {
        /// Every resource, in the order in which the console shows them.
        pub static RESOURCES: &[&ResourceSpec] = &[$(<$resource as Resource>::SPEC),+];
    };
}
for_each_resource!(resources);

/// An operation by its name.
#[must_use]
pub fn operation(name: &str) -> Option<&'static OperationSpec> {
    OPERATIONS.iter().copied().find(|spec| spec.name == name)
}

/// A resource by its kind.
#[must_use]
pub fn resource(kind: &str) -> Option<&'static ResourceSpec> {
    RESOURCES.iter().copied().find(|spec| spec.kind == kind)
}
