//! A profile while it is edited: one signal for each field.

use console_ipc::profile::{
    CloudTarget, CredentialKind, Edition, Profile, ProfileColour, ProxyChoice, SimulatorTarget,
    Target,
};
use console_ipc::secret::InwardSecret;
use leptos::prelude::*;

/// Regions whose addresses are known.
pub const REGIONS: [&str; 5] = [
    "cn-north-4",
    "cn-north-1",
    "cn-east-3",
    "cn-east-2",
    "cn-south-1",
];

/// Colours in the order in which they are offered.
pub const COLOURS: [(ProfileColour, &str); 9] = [
    (ProfileColour::Teal, "teal"),
    (ProfileColour::Blue, "blue"),
    (ProfileColour::Violet, "violet"),
    (ProfileColour::Magenta, "magenta"),
    (ProfileColour::Red, "red"),
    (ProfileColour::Orange, "orange"),
    (ProfileColour::Yellow, "yellow"),
    (ProfileColour::Green, "green"),
    (ProfileColour::Grey, "grey"),
];

/// Nodes of a new simulated cloud.
const SIMULATED_NODES: i64 = 200;

/// The fields.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Whether it connects to the simulator.
    pub simulator: bool,
    pub name: RwSignal<String>,
    pub colour: RwSignal<ProfileColour>,
    pub production: RwSignal<bool>,
    pub nodes: RwSignal<Option<i64>>,
    pub seed: RwSignal<Option<i64>>,
    pub edition: RwSignal<String>,
    /// Empty when the addresses are typed.
    pub region: RwSignal<String>,
    pub endpoint: RwSignal<String>,
    pub iam_endpoint: RwSignal<String>,
    pub project_name: RwSignal<String>,
    pub project_id: RwSignal<String>,
    pub instance_id: RwSignal<String>,
    /// `password` or `access_key`.
    pub credential: RwSignal<String>,
    pub domain: RwSignal<String>,
    pub user: RwSignal<String>,
    pub access_key: RwSignal<String>,
    /// Password or secret key; empty to keep the stored one.
    pub secret: RwSignal<String>,
    pub security_token: RwSignal<String>,
    /// `system`, `direct` or `url`.
    pub proxy: RwSignal<String>,
    pub proxy_url: RwSignal<String>,
    pub extra_ca: RwSignal<String>,
}

impl Draft {
    /// The fields of a profile, or of a new one.
    pub fn new(profile: Option<&Profile>) -> Self {
        let simulator = match profile.map(|profile| &profile.target) {
            Some(Target::Simulator(simulator)) => Some(simulator),
            _ => None,
        };
        let cloud = match profile.map(|profile| &profile.target) {
            Some(Target::Cloud(cloud)) => cloud.clone(),
            _ => new_cloud(),
        };
        let (domain, user, access_key, credential) = match cloud.credential {
            CredentialKind::Password { domain, user } => (domain, user, String::new(), "password"),
            CredentialKind::AccessKey { access_key } => {
                (String::new(), String::new(), access_key, "access_key")
            }
        };
        let (proxy, proxy_url) = match cloud.proxy {
            ProxyChoice::System => ("system", String::new()),
            ProxyChoice::Direct => ("direct", String::new()),
            ProxyChoice::Url { url } => ("url", url),
        };
        let whole = |number: u64| i64::try_from(number).ok();
        Self {
            simulator: simulator.is_some(),
            name: RwSignal::new(profile.map(|it| it.name.clone()).unwrap_or_default()),
            colour: RwSignal::new(profile.map_or(ProfileColour::Blue, |it| it.colour)),
            production: RwSignal::new(profile.is_some_and(|it| it.production)),
            nodes: RwSignal::new(simulator.map_or(Some(SIMULATED_NODES), |it| whole(it.nodes))),
            seed: RwSignal::new(simulator.map_or(Some(1), |it| whole(it.seed))),
            edition: RwSignal::new(
                match simulator.map(|it| it.edition) {
                    Some(Edition::Professional) => "professional",
                    _ => "platinum",
                }
                .to_owned(),
            ),
            region: RwSignal::new(cloud.region),
            endpoint: RwSignal::new(cloud.endpoint),
            iam_endpoint: RwSignal::new(cloud.iam_endpoint),
            project_name: RwSignal::new(cloud.project_name),
            project_id: RwSignal::new(cloud.project_id),
            instance_id: RwSignal::new(cloud.instance_id),
            credential: RwSignal::new(credential.to_owned()),
            domain: RwSignal::new(domain),
            user: RwSignal::new(user),
            access_key: RwSignal::new(access_key),
            secret: RwSignal::new(String::new()),
            security_token: RwSignal::new(String::new()),
            proxy: RwSignal::new(proxy.to_owned()),
            proxy_url: RwSignal::new(proxy_url),
            extra_ca: RwSignal::new(cloud.extra_ca),
        }
    }

    /// Takes over a region's addresses.
    pub fn use_region(self, region: &str) {
        if region.is_empty() {
            return;
        }
        self.endpoint.set(endpoint(region));
        self.iam_endpoint.set(iam_endpoint(region));
        // The project of a region bears its name, unless somebody made another.
        let project = self.project_name.get_untracked();
        if project.is_empty() || REGIONS.contains(&project.as_str()) {
            self.project_name.set(region.to_owned());
        }
    }

    /// The profile as typed.
    pub fn profile(self, id: String) -> Profile {
        let text = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_owned());
        let unsigned = |field: RwSignal<Option<i64>>| {
            field
                .get_untracked()
                .and_then(|number| u64::try_from(number).ok())
                .unwrap_or_default()
        };
        let target = if self.simulator {
            Target::Simulator(SimulatorTarget {
                nodes: unsigned(self.nodes),
                seed: unsigned(self.seed),
                edition: match text(self.edition).as_str() {
                    "professional" => Edition::Professional,
                    _ => Edition::Platinum,
                },
            })
        } else {
            Target::Cloud(CloudTarget {
                region: text(self.region),
                endpoint: text(self.endpoint),
                iam_endpoint: text(self.iam_endpoint),
                project_name: text(self.project_name),
                project_id: text(self.project_id),
                instance_id: text(self.instance_id),
                credential: match text(self.credential).as_str() {
                    "password" => CredentialKind::Password {
                        domain: text(self.domain),
                        user: text(self.user),
                    },
                    _ => CredentialKind::AccessKey {
                        access_key: text(self.access_key),
                    },
                },
                proxy: match text(self.proxy).as_str() {
                    "direct" => ProxyChoice::Direct,
                    "url" => ProxyChoice::Url {
                        url: text(self.proxy_url),
                    },
                    _ => ProxyChoice::System,
                },
                extra_ca: text(self.extra_ca),
            })
        };
        Profile {
            id,
            name: text(self.name),
            colour: self.colour.get_untracked(),
            production: self.production.get_untracked(),
            target,
            has_secret: false,
        }
    }

    /// Password or secret key, when one was typed.
    pub fn typed_secret(self) -> Option<InwardSecret> {
        typed(self.secret)
    }

    /// Security token, when one was typed and keys are used.
    pub fn typed_token(self) -> Option<InwardSecret> {
        let keys = self.credential.with_untracked(|kind| kind == "access_key");
        typed(self.security_token).filter(|_| keys)
    }

    /// Forgets the secrets that were typed.
    pub fn forget_secrets(self) {
        self.secret.set(String::new());
        self.security_token.set(String::new());
    }
}

fn typed(field: RwSignal<String>) -> Option<InwardSecret> {
    field.with_untracked(|text| (!text.is_empty()).then(|| InwardSecret::new(text.clone())))
}

fn new_cloud() -> CloudTarget {
    let region = REGIONS[0];
    CloudTarget {
        region: region.to_owned(),
        endpoint: endpoint(region),
        iam_endpoint: iam_endpoint(region),
        project_name: region.to_owned(),
        project_id: String::new(),
        instance_id: String::new(),
        credential: CredentialKind::Password {
            domain: String::new(),
            user: String::new(),
        },
        proxy: ProxyChoice::System,
        extra_ca: String::new(),
    }
}

fn endpoint(region: &str) -> String {
    format!("https://ief.{region}.myhuaweicloud.com")
}

fn iam_endpoint(region: &str) -> String {
    format!("https://iam.{region}.myhuaweicloud.com")
}

/// What is wrong with an address, if anything: TLS everywhere but on this computer.
pub fn check_address(text: &str) -> Result<(), String> {
    let text = text.trim();
    let host = |rest: &str| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    if let Some(rest) = text.strip_prefix("https://") {
        if host(rest).is_empty() || text.contains(char::is_whitespace) {
            return Err(crate::words::profiles::problem::address.get().to_owned());
        }
        return Ok(());
    }
    if let Some(rest) = text.strip_prefix("http://") {
        let host = host(rest);
        let name = host
            .rsplit_once(':')
            .map_or(host.as_str(), |(name, _)| name);
        let loopback = name == "localhost" || name == "[::1]" || name.starts_with("127.");
        return match loopback {
            true => Ok(()),
            false => Err(crate::words::profiles::problem::not_https.get().to_owned()),
        };
    }
    Err(crate::words::profiles::problem::address.get().to_owned())
}
