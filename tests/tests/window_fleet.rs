//! Nodes, devices and twins in the real window: each test ends in what somebody in front of it sees.

mod window_fleet {
    mod apps;
    mod batches;
    mod binding;
    mod browse;
    mod bulk;
    mod calendar;
    mod certificates;
    mod delete;
    mod deployment;
    mod encrypted_data;
    mod explorer;
    mod groups;
    #[cfg(target_os = "linux")]
    mod inspector;
    mod leave;
    mod messages;
    mod register;
    mod services;
    mod stage;
    mod tags;
    mod twin;
    mod typing;
}
