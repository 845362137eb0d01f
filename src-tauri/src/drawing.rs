//! How the web view draws on Linux.
//!
//! WebKit draws through OpenGL. Without a graphics device that is computed by the processor, which takes 80 MB more
//! and half of the frames of drawing without OpenGL: see `docs/decisions/0043-drawing-without-a-graphics-device.md`.

use std::fs::{self, File};
use std::path::Path;

/// Where the kernel shows graphics devices.
const DEVICES: &str = "/dev/dri";

/// What WebKit is told by: it leaves OpenGL when this is set.
const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Has the web view draw without OpenGL where no graphics device can be used. What the environment says already
/// is left as it is. To be called before anything else runs.
pub(crate) fn choose() {
    if std::env::var_os(VARIABLE).is_none() && !has_device(Path::new(DEVICES)) {
        #[allow(
            unsafe_code,
            reason = "WebKit reads the variable in its processes; there is no other thread yet that could read one"
        )]
        // SAFETY: this is the only thread.
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}

/// Whether a folder has a device that this user may draw with.
fn has_device(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        entry.file_name().to_string_lossy().starts_with("renderD")
            && File::options()
                .read(true)
                .write(true)
                .open(entry.path())
                .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::has_device;

    #[test]
    fn only_a_device_to_draw_with_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_device(&folder.path().join("nothing")));
        assert!(!has_device(folder.path()));
        fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_device(folder.path()));
        fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_device(folder.path()));
    }
}
