//! Application templates (section 4.4.1 to 4.4.5). Their versions are a module of their own.

use std::borrow::Cow;

use crate::app_version::AppVersion;
use crate::container;
use crate::node::KeyValue;
use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, app as rules, common};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// POST /v2/{project_id}/edgemgr/apps
    ///
    /// Creates an application template, still without a version. Section 4.4.1.
    CreateApp = "create_app", Post "/v2/{project_id}/edgemgr/apps" {
        path: {},
        query: {},
        body: CreateAppBody,
        response: AppEnvelope,
        spec: {
            section: Some("4.4.1"),
            action: Some("ief:application:create"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["app"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/apps/{app_id}
    ///
    /// Changes alias and description of an application template. Section 4.4.2.
    UpdateApp = "update_app", Put "/v2/{project_id}/edgemgr/apps/{app_id}" {
        path: { app_id },
        query: {},
        body: UpdateAppBody,
        response: AppEnvelope,
        spec: {
            section: Some("4.4.2"),
            action: Some("ief:application:update"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["app"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/apps/{app_id}
    ///
    /// Reads one application template with its versions. Section 4.4.3.
    ShowAppDetail = "show_app_detail", Get "/v2/{project_id}/edgemgr/apps/{app_id}" {
        path: { app_id },
        query: {},
        response: AppEnvelope,
        spec: {
            section: Some("4.4.3"),
            action: Some("ief:application:get"),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/apps
    ///
    /// Lists application templates. `name` and `alias` match anywhere; without `visibility` those of the
    /// account are listed. Section 4.4.4.
    ListApps = "list_apps", Get "/v2/{project_id}/edgemgr/apps" {
        path: {},
        query: { name: String, limit: String, offset: String, alias: String, visibility: String },
        response: AppList,
        spec: {
            section: Some("4.4.4"),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "apps" }),
            action: Some("ief:application:list"),
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/apps/{app_id}
    ///
    /// Deletes an application template with its versions. Section 4.4.5.
    DeleteApp = "delete_app", Delete "/v2/{project_id}/edgemgr/apps/{app_id}" {
        path: { app_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.4.5"),
            action: Some("ief:application:delete"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["app", "app_version"],
        }
    }
}

open_enum! {
    /// Who sees an application template (table 4-127).
    pub enum Visibility {
        /// Everybody.
        Public = "public",
        /// The account that created it.
        Private = "private",
        /// Reserved by the service.
        Shared = "shared",
    }
}

wire! {
    /// Body of [`CreateApp`].
    pub struct CreateAppBody {
        /// The application template.
        pub app: Option<NewApp>,
    }

    /// An application template to create (table 4-114).
    pub struct NewApp {
        /// Name.
        pub name: Option<String>,
        /// A second name.
        pub alias: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Address of its icon.
        pub icon_url: Option<String>,
        /// Tags.
        pub tags: Vec<KeyValue>,
    }

    /// Body of [`UpdateApp`].
    pub struct UpdateAppBody {
        /// What changes.
        pub app: Option<AppUpdate>,
    }

    /// What changes on an application template (table 4-119). What is left out stays.
    pub struct AppUpdate {
        /// A second name.
        pub alias: Option<String>,
        /// What it is.
        pub description: Option<String>,
    }

    /// Answer of the operations that return one application template.
    pub struct AppEnvelope {
        /// The application template.
        pub app: Option<App>,
    }

    /// Answer of [`ListApps`].
    pub struct AppList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The application templates of this page. The example has them under `app`.
        #[alias("app")]
        pub apps: Vec<App>,
    }

    /// An application template (tables 4-116, 4-121, 4-125 and 4-130).
    pub struct App {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// A second name.
        pub alias: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Address of its icon.
        pub icon_url: Option<String>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// Who sees it.
        pub visibility: Option<Visibility>,
        /// Its versions.
        #[always(true)]
        pub app_versions: Vec<AppVersion>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl App {
    /// The version that was created last, as far as the answer tells.
    #[must_use]
    pub fn newest(&self) -> Option<&AppVersion> {
        let created = |version: &&AppVersion| {
            let created = version.created_at.as_deref();
            created.and_then(crate::time::parse)
        };
        self.app_versions.iter().max_by_key(created)
    }
}

impl Resource for App {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "app",
        list: ListApps::SPEC,
        show: Some(ShowAppDetail::SPEC),
        id_parameter: "app_id",
        envelope: "app",
        quota: Some("application"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("alias", ColumnKind::Text),
            Column::new("versions", ColumnKind::Integer),
            Column::new("newest", ColumnKind::Text),
            Column::new("image", ColumnKind::Text),
            Column::new("visibility", ColumnKind::Enum),
            Column::new("tag", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
            Column::new("config_maps", ColumnKind::Set),
            Column::new("secrets", ColumnKind::Set),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let newest = self.newest();
        let versions = || self.app_versions.iter();
        let parts = || versions().map(|it| (it.volumes.as_slice(), it.envs.as_slice()));
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(self.alias.as_deref()),
            Cell::length(self.app_versions.len()),
            Cell::text(newest.and_then(|it| it.version.as_deref())),
            Cell::text(newest.and_then(|it| it.image_url.as_deref())),
            Cell::text(self.visibility.as_ref().map(Visibility::as_str)),
            Cell::set(self.tags.iter().map(|tag| Cow::Owned(tag.joined()))),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
            Cell::set(container::config_maps(parts()).map(Cow::Borrowed)),
            Cell::set(container::secrets(parts()).map(Cow::Borrowed)),
        ]);
    }
}

impl Check for CreateAppBody {
    fn check(&self, violations: &mut Violations) {
        let Some(app) = &self.app else {
            violations.add("app", &rules::APP_NAME, Problem::Missing);
            return;
        };
        violations.at("app", |violations| {
            violations.required("name", &rules::APP_NAME, app.name.as_deref());
            check_texts(app.alias.as_deref(), app.description.as_deref(), violations);
            violations.optional("icon_url", &rules::APP_ICON, app.icon_url.as_deref());
            violations.count("tags", &rules::APP_TAGS, app.tags.len());
            let keys = app.tags.iter().filter_map(|tag| tag.key.as_deref());
            violations.unique("tags", &common::TAG_KEY, keys);
            violations.at("tags", |violations| {
                for (place, tag) in app.tags.iter().enumerate() {
                    violations.at(place, |violations| {
                        violations.required("key", &common::TAG_KEY, tag.key.as_deref());
                        violations.optional("value", &common::TAG_VALUE, tag.value.as_deref());
                    });
                }
            });
        });
    }
}

impl Check for UpdateAppBody {
    fn check(&self, violations: &mut Violations) {
        let Some(app) = &self.app else {
            violations.add("app", &rules::APP_ALIAS, Problem::Missing);
            return;
        };
        violations.at("app", |violations| {
            check_texts(app.alias.as_deref(), app.description.as_deref(), violations);
        });
    }
}

fn check_texts(alias: Option<&str>, description: Option<&str>, violations: &mut Violations) {
    violations.optional("alias", &rules::APP_ALIAS, alias);
    violations.optional("description", &rules::APP_DESCRIPTION, description);
}

/// The query of the list of application templates.
fn check_list(call: &Call, violations: &mut Violations) {
    let visibility = call.query_value("visibility");
    violations.optional("visibility", &rules::APP_VISIBILITY, visibility);
}
