//! The window from its first start on: the simulator or a cloud profile, both ways to sign in, the write
//! lock, failures of the service, and that secrets stay where they belong.

#[path = "window_start/cloud.rs"]
mod cloud;
#[path = "window_start/failures.rs"]
mod failures;
#[path = "window_start/first_run.rs"]
mod first_run;
#[path = "window_start/guard.rs"]
mod guard;
#[cfg(target_os = "linux")]
#[path = "window_start/inspector.rs"]
mod inspector;
#[path = "window_start/leaks.rs"]
mod leaks;
#[path = "window_start/sight.rs"]
mod sight;
#[path = "window_start/sign_in.rs"]
mod sign_in;
