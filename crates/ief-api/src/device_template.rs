//! End device templates (section 4.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::device::check::{check_attributes, check_twin, check_visitor_keys, check_visitors};
use crate::device::{AccessConfig, AccessProtocol, Attribute, PropertyVisitor, TwinProperty};
use crate::operation::{Effect, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, common, device as rules};
use crate::tags::Tags;
use crate::wire::Nothing;
use crate::{operation, wire};

/// Where the secrets of one template stand below `prefix`. Requests have none: they carry no access
/// settings.
macro_rules! access_secrets {
    ($prefix:literal) => {
        &[
            concat!($prefix, "access_config.password.*"),
            concat!($prefix, "access_config.private_key.*"),
        ]
    };
}

operation! {
    /// POST /v2/{project_id}/edgemgr/device-templates
    ///
    /// Creates a device template. Section 4.3.1.
    CreateDeviceTemplate = "create_device_template", Post "/v2/{project_id}/edgemgr/device-templates" {
        path: {},
        query: {},
        body: CreateDeviceTemplateBody,
        response: DeviceTemplateEnvelope,
        spec: {
            section: Some("4.3.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["device_template"],
            secret_in_request: access_secrets!("device_template."),
            secret_in_response: access_secrets!("device_template."),
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/device-templates/{device_template_id}
    ///
    /// Changes a device template. Devices made from it stay as they are. Section 4.3.2.
    UpdateDeviceTemplateById = "update_device_template_by_id", Put "/v2/{project_id}/edgemgr/device-templates/{device_template_id}" {
        path: { device_template_id },
        query: {},
        body: UpdateDeviceTemplateBody,
        response: DeviceTemplateEnvelope,
        spec: {
            section: Some("4.3.2"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["device_template"],
            secret_in_request: access_secrets!("device_template."),
            secret_in_response: access_secrets!("device_template."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/device-templates/{device_template_id}
    ///
    /// Reads one device template. Section 4.3.3.
    ShowDeviceTemplate = "show_device_template", Get "/v2/{project_id}/edgemgr/device-templates/{device_template_id}" {
        path: { device_template_id },
        query: {},
        response: DeviceTemplateEnvelope,
        spec: {
            section: Some("4.3.3"),
            secret_in_response: access_secrets!("device_template."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/device-templates
    ///
    /// Lists device templates. `name` matches anywhere in the name. Section 4.3.4.
    ListDeviceTemplates = "list_device_templates", Get "/v2/{project_id}/edgemgr/device-templates" {
        path: {},
        query: {
            name: String,
            offset: String,
            limit: String,
        },
        response: DeviceTemplateList,
        spec: {
            section: Some("4.3.4"),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "device_templates" }),
            secret_in_response: access_secrets!("device_templates.*."),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/device-templates/{device_template_id}
    ///
    /// Deletes a device template. Devices made from it stay as they are. Section 4.3.5.
    DeleteDeviceTemplate = "delete_device_template", Delete "/v2/{project_id}/edgemgr/device-templates/{device_template_id}" {
        path: { device_template_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.3.5"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["device_template"],
        }
    }
}

wire! {
    /// Body of [`CreateDeviceTemplate`].
    pub struct CreateDeviceTemplateBody {
        /// The template.
        pub device_template: Option<NewDeviceTemplate>,
    }

    /// A template to create (table 4-87).
    pub struct NewDeviceTemplate {
        /// Name.
        pub name: Option<String>,
        /// Protocol. The service's default is `userdefine`.
        pub access_protocol: Option<AccessProtocol>,
        /// What it is.
        pub description: Option<String>,
        /// Static properties by name, 64 at most.
        pub attributes: BTreeMap<String, Attribute>,
        /// Twin properties by name, 64 at most.
        pub twin: BTreeMap<String, TwinProperty>,
        /// Tags.
        pub tags: Tags,
        /// How twin properties are read from a device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
    }

    /// Body of [`UpdateDeviceTemplateById`].
    pub struct UpdateDeviceTemplateBody {
        /// What changes.
        pub device_template: Option<DeviceTemplateUpdate>,
    }

    /// What changes on a template (table 4-95). What is left out stays; what is there but empty is
    /// emptied. The table leaves `twin` out, which tables 4-96 to 4-99 and the example have.
    pub struct DeviceTemplateUpdate {
        /// What it is.
        pub description: Option<String>,
        /// Static properties by name, 64 at most.
        pub attributes: Option<BTreeMap<String, Attribute>>,
        /// Twin properties by name, 64 at most.
        pub twin: Option<BTreeMap<String, TwinProperty>>,
        /// Tags.
        pub tags: Option<Tags>,
        /// Protocol.
        pub access_protocol: Option<AccessProtocol>,
        /// How twin properties are read from a device, by the name of the property.
        pub property_visitors: Option<BTreeMap<String, PropertyVisitor>>,
    }

    /// Answer of the operations that return one template.
    pub struct DeviceTemplateEnvelope {
        /// The template.
        pub device_template: Option<DeviceTemplate>,
    }

    /// Answer of [`ListDeviceTemplates`].
    pub struct DeviceTemplateList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The templates of this page.
        pub device_templates: Vec<DeviceTemplate>,
    }

    /// A device template (table 4-90).
    pub struct DeviceTemplate {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Protocol. Absent means the default; see [`DeviceTemplate::protocol`].
        pub access_protocol: Option<AccessProtocol>,
        /// What it is.
        pub description: Option<String>,
        /// Static properties by name.
        pub attributes: BTreeMap<String, Attribute>,
        /// Twin properties by name.
        pub twin: BTreeMap<String, TwinProperty>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed. Missing in the table, there in the examples.
        pub updated_at: Option<String>,
        /// How a device is reached.
        pub access_config: Option<AccessConfig>,
        /// How twin properties are read from a device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
        /// Tags.
        pub tags: Tags,
    }
}

impl DeviceTemplate {
    /// The protocol, with the service's default where it says nothing.
    #[must_use]
    pub fn protocol(&self) -> &AccessProtocol {
        self.access_protocol
            .as_ref()
            .unwrap_or(&AccessProtocol::Userdefine)
    }
}

impl Resource for DeviceTemplate {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "device_template",
        list: <ListDeviceTemplates as crate::operation::Operation>::SPEC,
        show: Some(<ShowDeviceTemplate as crate::operation::Operation>::SPEC),
        id_parameter: "device_template_id",
        envelope: "device_template",
        quota: Some("device_template"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("protocol", ColumnKind::Enum),
            Column::new("properties", ColumnKind::Integer),
            Column::new("attributes", ColumnKind::Integer),
            Column::new("tag", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(Some(self.protocol().as_str())),
            Cell::length(self.twin.len()),
            Cell::length(self.attributes.len()),
            Cell::set(self.tags.joined().map(Cow::Owned)),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for CreateDeviceTemplateBody {
    fn check(&self, violations: &mut Violations) {
        let Some(template) = &self.device_template else {
            violations.add(
                "device_template",
                &rules::DEVICE_TEMPLATE_NAME,
                Problem::Missing,
            );
            return;
        };
        violations.at("device_template", |violations| {
            violations.required(
                "name",
                &rules::DEVICE_TEMPLATE_NAME,
                template.name.as_deref(),
            );
            check_head(
                template.description.as_deref(),
                template.access_protocol.as_ref(),
                &template.tags,
                violations,
            );
            check_attributes(&template.attributes, violations);
            check_twin(&template.twin, violations);
            check_visitors(&template.property_visitors, violations);
            check_visitor_keys(&template.property_visitors, &template.twin, violations);
        });
    }
}

impl Check for UpdateDeviceTemplateBody {
    fn check(&self, violations: &mut Violations) {
        let Some(template) = &self.device_template else {
            violations.add(
                "device_template",
                &rules::DEVICE_TEMPLATE_NAME,
                Problem::Missing,
            );
            return;
        };
        violations.at("device_template", |violations| {
            check_head(
                template.description.as_deref(),
                template.access_protocol.as_ref(),
                template.tags.as_ref().unwrap_or(&Tags::default()),
                violations,
            );
            if let Some(attributes) = &template.attributes {
                check_attributes(attributes, violations);
            }
            if let Some(twin) = &template.twin {
                check_twin(twin, violations);
            }
            // A visitor may belong to a property that is not part of the update.
            if let Some(visitors) = &template.property_visitors {
                check_visitors(visitors, violations);
            }
        });
    }
}

fn check_head(
    description: Option<&str>,
    protocol: Option<&AccessProtocol>,
    tags: &Tags,
    violations: &mut Violations,
) {
    violations.optional(
        "description",
        &rules::DEVICE_TEMPLATE_DESCRIPTION,
        description,
    );
    violations.optional(
        "access_protocol",
        &rules::ACCESS_PROTOCOL,
        protocol.map(AccessProtocol::as_str),
    );
    violations.at("tags", |violations| {
        for (key, value) in &tags.0 {
            violations.result(key, &common::TAG_KEY, common::TAG_KEY.text(key));
            violations.optional(key, &common::TAG_VALUE, Some(value));
        }
    });
}
