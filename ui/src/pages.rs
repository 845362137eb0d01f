//! The pages of the console, one line each.
//!
//! To add a page for `things`:
//! 1. Words: `locales/en/things.json` and `locales/zh/things.json` become `words::things::…()`. Words for
//!    columns and values of enum columns go to `columns.thing.json` and `values.thing.json` (dots in a file's
//!    name nest), in both languages.
//! 2. View: `src/pages/things.rs` with `pub fn page(path: Vec<String>) -> AnyView`. `path` is what follows
//!    the page's own address, decoded: empty for the list, `[ID]` for `#/things/ID`. The view is made anew
//!    when the path changes (but for those in [`STEADY`]), not when the query does: read `router::use_query("tab")` as a signal, change
//!    it with `router::set_query`. Go elsewhere with `router::go`, link with `<a href="#/things/ID">`.
//! 3. Registry: `pub mod things;`, a line in `chunks.rs` that says with which other pages it is loaded, and one in
//!    [`PAGES`] below, with `view: chunks::things`. `resources` are the kinds of the inventory it
//!    shows: the top bar tells their age, and refreshing reads them again. What a page reads with
//!    `ReadCall` it reads again when `App::expect().refresh` grows, and tells its time in `read_at`.
//! 4. Style: `src/pages/things/things.css`, with tokens only. It is found by itself.

use leptos::prelude::AnyView;

use crate::kit::Glyph;
use crate::words::Word;
use crate::{chunks, words};

pub mod apps;
pub mod batch_jobs;
pub mod certificates;
pub mod config_maps;
pub mod deployments;
pub mod devices;
pub mod encrypted_data;
pub mod endpoints;
mod entry_things;
pub mod explorer;
pub mod groups;
pub mod inspector;
pub mod journal;
mod messages;
pub mod nodes;
mod overview;
mod parts;
pub mod profiles;
pub mod quotas;
pub mod registrations;
pub mod rules;
pub mod secrets;
pub mod services;
pub mod settings;
pub mod system_events;
pub mod tags;
pub mod tasks;
pub mod templates;
mod things;

/// A page: where it is, how the rail shows it, and what it draws.
pub struct Page {
    /// First part of its address: `nodes`.
    pub address: &'static str,
    /// Where it stands in the rail.
    pub group: Group,
    /// Its icon.
    pub glyph: Glyph,
    /// Its name.
    pub title: Word,
    /// Kinds of the inventory it shows.
    pub resources: &'static [&'static str],
    /// The kind the palette searches by name; `#/ADDRESS/ID` opens a row of it.
    pub search: Option<&'static str>,
    /// A verb for what makes a new one, where `#/ADDRESS/new` is its form: "Register node".
    pub create: Option<Word>,
    /// Draws it. Gets the parts of the path after its own.
    pub view: fn(Vec<String>) -> AnyView,
}

/// Groups of the rail, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Above all groups.
    Top,
    /// What runs at the edge: nodes, groups of them, devices, templates.
    Fleet,
    /// What is given to it: ConfigMaps, secrets.
    Workloads,
    /// What is said between edge and cloud: endpoints, rules, subscriptions.
    Messages,
    /// What is done to many at once: registrations, jobs.
    Batch,
    /// What keeps order: certificates, tags, quotas, journal, tasks.
    Govern,
    /// What works on anything: the package inspector, the API explorer.
    Tools,
    /// Below all groups.
    Bottom,
}

impl Group {
    /// All groups.
    pub const ALL: [Self; 8] = [
        Self::Top,
        Self::Fleet,
        Self::Workloads,
        Self::Messages,
        Self::Batch,
        Self::Govern,
        Self::Tools,
        Self::Bottom,
    ];

    /// Its heading in the rail.
    pub fn title(self) -> Option<Word> {
        match self {
            Self::Top | Self::Bottom => None,
            Self::Fleet => Some(words::frame::group::fleet),
            Self::Workloads => Some(words::frame::group::workloads),
            Self::Messages => Some(words::frame::group::messages),
            Self::Batch => Some(words::frame::group::batch),
            Self::Govern => Some(words::frame::group::govern),
            Self::Tools => Some(words::frame::group::tools),
        }
    }
}

/// Address of the page that inspects packages. It is shown without a session too.
pub const INSPECTOR: &str = "inspector";

/// Pages that follow what comes after their own address by themselves, so that the list beside what is shown keeps its
/// place, its marks and the focus.
const STEADY: [&str; 1] = [INSPECTOR];

/// What of a path makes a page another one.
pub fn identity(path: &[String]) -> &[String] {
    match path.first() {
        Some(address) if STEADY.contains(&address.as_str()) => &path[..1],
        _ => path,
    }
}

/// Every page, in the order of the rail.
pub static PAGES: &[Page] = &[
    Page {
        address: "overview",
        group: Group::Top,
        glyph: Glyph::Overview,
        title: words::overview::title,
        resources: &["node"],
        search: None,
        create: None,
        view: overview::page,
    },
    Page {
        address: "nodes",
        group: Group::Fleet,
        glyph: Glyph::Node,
        title: words::nodes::title,
        resources: &["node"],
        search: Some("node"),
        create: Some(words::nodes::register::verb),
        view: chunks::nodes,
    },
    Page {
        address: "groups",
        group: Group::Fleet,
        glyph: Glyph::Group,
        title: words::groups::title,
        resources: &["node_group"],
        search: Some("node_group"),
        create: Some(words::groups::create::verb),
        view: chunks::groups,
    },
    Page {
        address: "devices",
        group: Group::Fleet,
        glyph: Glyph::Device,
        title: words::devices::title,
        resources: &["device"],
        search: Some("device"),
        create: Some(words::devices::register),
        view: chunks::devices,
    },
    Page {
        address: "templates",
        group: Group::Fleet,
        glyph: Glyph::Template,
        title: words::templates::title,
        resources: &["device_template"],
        search: Some("device_template"),
        create: Some(words::templates::create),
        view: chunks::templates,
    },
    Page {
        address: "deployments",
        group: Group::Workloads,
        glyph: Glyph::Deployment,
        title: words::deployments::title,
        resources: &["deployment"],
        search: Some("deployment"),
        create: Some(words::deployments::create::verb),
        view: chunks::deployments,
    },
    Page {
        address: "apps",
        group: Group::Workloads,
        glyph: Glyph::App,
        title: words::apps::title,
        resources: &["app"],
        search: Some("app"),
        create: Some(words::apps::create),
        view: chunks::apps,
    },
    Page {
        address: "config_maps",
        group: Group::Workloads,
        glyph: Glyph::Config,
        title: words::config_maps::title,
        resources: &["config_map"],
        search: Some("config_map"),
        create: Some(words::config_maps::create),
        view: chunks::config_maps,
    },
    Page {
        address: "secrets",
        group: Group::Workloads,
        glyph: Glyph::Secret,
        title: words::secrets::title,
        resources: &["secret"],
        search: Some("secret"),
        create: Some(words::secrets::create),
        view: chunks::secrets,
    },
    Page {
        address: "encrypted_data",
        group: Group::Workloads,
        glyph: Glyph::Encrypted,
        title: words::encrypted_data::title,
        resources: &["encrypted_data"],
        search: Some("encrypted_data"),
        create: Some(words::encrypted_data::create),
        view: chunks::encrypted_data,
    },
    Page {
        address: "services",
        group: Group::Workloads,
        glyph: Glyph::Service,
        title: words::services::title,
        resources: &["service"],
        search: Some("service"),
        create: Some(words::services::create),
        view: chunks::services,
    },
    Page {
        address: "endpoints",
        group: Group::Messages,
        glyph: Glyph::Endpoint,
        title: words::endpoints::title,
        resources: &["endpoint"],
        search: Some("endpoint"),
        create: Some(words::endpoints::create),
        view: chunks::endpoints,
    },
    Page {
        address: "rules",
        group: Group::Messages,
        glyph: Glyph::Route,
        title: words::message_rules::title,
        resources: &["rule"],
        search: Some("rule"),
        create: Some(words::message_rules::create),
        view: chunks::rules,
    },
    Page {
        address: "system_events",
        group: Group::Messages,
        glyph: Glyph::Bell,
        title: words::system_events::title,
        resources: &["system_event"],
        search: Some("system_event"),
        create: Some(words::system_events::create),
        view: chunks::system_events,
    },
    Page {
        address: "registrations",
        group: Group::Batch,
        glyph: Glyph::Enrol,
        title: words::registrations::title,
        resources: &["product", "node"],
        search: Some("product"),
        create: Some(words::registrations::create),
        view: chunks::registrations,
    },
    Page {
        address: "batch_jobs",
        group: Group::Batch,
        glyph: Glyph::Batch,
        title: words::batch_jobs::title,
        resources: &["batch_job"],
        search: Some("batch_job"),
        create: Some(words::batch_jobs::create),
        view: chunks::batch_jobs,
    },
    Page {
        address: "certificates",
        group: Group::Govern,
        glyph: Glyph::Certificate,
        title: words::fleet_certificates::title,
        resources: &["node"],
        search: None,
        create: None,
        view: chunks::certificates,
    },
    Page {
        address: "tags",
        group: Group::Govern,
        glyph: Glyph::Tag,
        title: words::tags::title,
        resources: &["node", "device", "deployment", "app"],
        search: None,
        create: None,
        view: chunks::tags,
    },
    Page {
        address: "quotas",
        group: Group::Govern,
        glyph: Glyph::Quota,
        title: words::quotas::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::quotas,
    },
    Page {
        address: "journal",
        group: Group::Govern,
        glyph: Glyph::Journal,
        title: words::journal::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::journal,
    },
    Page {
        address: "tasks",
        group: Group::Govern,
        glyph: Glyph::Task,
        title: words::tasks::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::tasks,
    },
    Page {
        address: INSPECTOR,
        group: Group::Tools,
        glyph: Glyph::Package,
        title: words::inspector::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::inspector,
    },
    Page {
        address: "explorer",
        group: Group::Tools,
        glyph: Glyph::Explorer,
        title: words::explorer::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::explorer,
    },
    Page {
        address: "profiles",
        group: Group::Bottom,
        glyph: Glyph::Profile,
        title: words::profiles::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::profiles,
    },
    Page {
        address: "settings",
        group: Group::Bottom,
        glyph: Glyph::Settings,
        title: words::settings::title,
        resources: &[],
        search: None,
        create: None,
        view: chunks::settings,
    },
];

/// The page that lists things of a kind.
pub fn of_kind(kind: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.search == Some(kind))
}

/// The page of an address; the first one for the empty address.
pub fn find(path: &[String]) -> Option<&'static Page> {
    match path.first() {
        None => PAGES.first(),
        Some(address) => PAGES.iter().find(|page| page.address == address),
    }
}
