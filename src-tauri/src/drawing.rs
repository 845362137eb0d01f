//! How the web view draws on Linux.
//!
//! WebKit draws through OpenGL. Without a graphics device that is computed by the processor, which takes 60 MB more
//! and loses a third to half of the frames: see `docs/decisions/0043-drawing-without-a-graphics-device.md`.

use std::fs::{self, File};
use std::path::Path;

use gtk::pango::FontDescription;
use gtk::prelude::*;

/// Where the kernel shows graphics devices.
const DEVICES: &str = "/dev/dri";

/// Whether there is a graphics device that this user may draw with.
pub(crate) fn has_device() -> bool {
    is_device_in(Path::new(DEVICES))
}

/// Fonts that are taken, in this order, where no desktop has set one. A font of all Chinese letters is not among them:
/// opening it takes longer than all that is shown in Latin ones.
const PREFERRED: [&str; 2] = ["Noto Sans", "Cantarell"];

/// Names a font where the desktop's is a generic one: one of the preferred, else what the generic one stands for.
/// WebKit doesn't take "Sans" for a family and looks the font up twice for each size and weight, which is a sixth of
/// the start. To be called when GTK has started, before there is a web view.
pub(crate) fn name_font() {
    let Some(settings) = gtk::Settings::default() else {
        return;
    };
    let Some(set) = settings.gtk_font_name() else {
        return;
    };
    let mut font = FontDescription::from_string(&set);
    if font.family().is_some_and(|family| !is_generic(&family)) {
        return;
    }
    let Some(context) = gtk::gdk::pango_context_get() else {
        return;
    };
    let found = |font: &FontDescription| context.load_font(font)?.describe().family();
    let preferred = PREFERRED.iter().find_map(|family| {
        let mut font = font.clone();
        font.set_family(family);
        found(&font).filter(|found| found == family)
    });
    if let Some(family) = preferred.or_else(|| found(&font)) {
        font.set_family(&family);
        settings.set_gtk_font_name(Some(&font.to_str()));
    }
}

/// Whether a family stands for whichever font the system has.
fn is_generic(family: &str) -> bool {
    ["sans", "sans-serif", "serif", "monospace", "system-ui"]
        .iter()
        .any(|generic| family.eq_ignore_ascii_case(generic))
}

/// Whether a folder has a device that this user may draw with.
fn is_device_in(folder: &Path) -> bool {
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

    use super::{is_device_in, is_generic};

    #[test]
    fn generic_families_are_told_from_fonts() {
        assert!(is_generic("Sans"));
        assert!(!is_generic("Noto Sans"));
    }

    #[test]
    fn only_a_device_to_draw_with_is_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_device_in(&folder.path().join("nothing")));
        assert!(!is_device_in(folder.path()));
        fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!is_device_in(folder.path()));
        fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(is_device_in(folder.path()));
    }
}
