//! What WebKit's processes are told on Linux: through the environment, as they know no other way before they run.

use crate::drawing;

/// Has WebKit draw without OpenGL. See `docs/decisions/0043-drawing-without-a-graphics-device.md`.
const WITHOUT_OPENGL: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// How often a function of the interface is run, counted as the engine counts, before machine code is made of it.
/// See `docs/decisions/0044-compiling-after-the-start.md`.
const COMPILE_AFTER: (&str, &str) = ("JSC_thresholdForBBQOptimizeAfterWarmUp", "20000");

/// Tells WebKit how the console is best shown on this machine. What the environment says already is left as it
/// is. To be called before anything else runs.
pub(crate) fn prepare() {
    if !drawing::has_device() {
        prefer(WITHOUT_OPENGL, "1");
    }
    let (name, value) = COMPILE_AFTER;
    prefer(name, value);
}

fn prefer(name: &str, value: &str) {
    if std::env::var_os(name).is_none() {
        #[allow(
            unsafe_code,
            reason = "WebKit reads variables in its processes; there is no other thread yet that could read one"
        )]
        // SAFETY: this is the only thread, as `prepare` is called first.
        unsafe {
            std::env::set_var(name, value);
        }
    }
}
