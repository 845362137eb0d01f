//! The kinds of which there are few, each named once. Where they are kept, what they are at the start and how
//! they count towards their quota follows from that.

use ief_api::app::App;
use ief_api::config_map::ConfigMap;
use ief_api::device_template::DeviceTemplate;
use ief_api::endpoint::Endpoint;
use ief_api::product::Product;
use ief_api::quota::QuotaType;
use ief_api::resource::Resource;
use ief_api::secret::Secret;
use ief_api::service::Service;
use ief_api::system_event::SystemEvent;

use crate::app_versions::VersionRecord;
use crate::batch_jobs::JobRecord;
use crate::encrypted_data::EncryptedRecord;
use crate::node_groups::GroupRecord;
use crate::store::{Named, Store};
use crate::traffic::RuleRecord;
use crate::world::World;

/// A kind of thing of which there are few, as it is kept.
pub(crate) trait Stocked: Named + Clone {
    /// What answers show of it. Itself where nothing is known beyond that.
    type Thing: Resource;

    /// How many there may be when nothing else is asked for.
    const ROOM: i64 = 200;

    /// Those that are there at the start, the oldest first.
    fn seeded(world: &mut World) -> Vec<Self>;
}

macro_rules! stock {
    ($($field:ident: $thing:ty,)+) => {
        /// Everything of which there are few.
        #[derive(Debug, Default)]
        pub(crate) struct Stock {
            $(pub(crate) $field: Store<$thing>,)+
        }

        impl Stock {
            /// How many things count towards a quota, and how many there may usually be. `None` when
            /// nothing here does.
            pub(crate) fn quota(&self, kind: &QuotaType) -> Option<(u64, i64)> {
                let kind = Some(kind.as_str());
                $(if <<$thing as Stocked>::Thing as Resource>::SPEC.quota == kind {
                    return Some((self.$field.len(), <$thing as Stocked>::ROOM));
                })+
                None
            }
        }

        impl World {
            /// Puts everything in its place that is there at the start.
            pub(crate) fn begin_stock(&mut self) {
                $(for thing in <$thing as Stocked>::seeded(self) {
                    self.stock.$field.add(thing);
                })+
            }
        }
    };
}

stock! {
    templates: DeviceTemplate,
    apps: App,
    app_versions: VersionRecord,
    config_maps: ConfigMap,
    secrets: Secret,
    endpoints: Endpoint,
    rules: RuleRecord,
    system_events: SystemEvent,
    services: Service,
    products: Product,
    jobs: JobRecord,
    groups: GroupRecord,
    encrypted_data: EncryptedRecord,
}
