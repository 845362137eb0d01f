//! A window that offers files to be dragged, for tests of dropping: `drag FILE…`. It is 200 pixels wide and high, and
//! each drag that begins in it carries all of the files. It says `dropped` when somebody took them, `given up` when
//! nobody did. What comes on its standard input has been copied, for tests of pasting.

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::io::{Read, Write};
    use std::path::PathBuf;
    use std::rc::Rc;

    use gtk::prelude::*;
    use gtk::{Clipboard, EventBox, TargetEntry, TargetFlags, Window, WindowType, gdk, glib};

    pub(super) fn main() {
        gtk::init().expect("there is a display");
        let files = std::env::args_os().skip(1).map(PathBuf::from);
        let uris: Vec<String> = files
            .map(|file| {
                let uri = glib::filename_to_uri(file, None).expect("the path is absolute");
                uri.to_string()
            })
            .collect();
        let window = Window::new(WindowType::Toplevel);
        window.set_title("Files to drag");
        window.set_default_size(200, 200);
        let area = EventBox::new();
        let files = TargetEntry::new("text/uri-list", TargetFlags::OTHER_APP, 0);
        area.drag_source_set(
            gdk::ModifierType::BUTTON1_MASK,
            &[files],
            gdk::DragAction::COPY,
        );
        area.connect_drag_data_get(move |_, _, data, _, _| {
            let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
            data.set_uris(&uris);
        });
        let failed = Rc::new(Cell::new(false));
        let fails = Rc::clone(&failed);
        area.connect_drag_failed(move |_, _, _| {
            fails.set(true);
            glib::Propagation::Proceed
        });
        area.connect_drag_end(move |_, _| {
            say(match failed.replace(false) {
                true => "given up",
                false => "dropped",
            });
        });
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .expect("what is copied is text");
        if !text.is_empty() {
            Clipboard::get(&gdk::SELECTION_CLIPBOARD).set_text(&text);
        }
        window.add(&area);
        window.connect_destroy(|_| gtk::main_quit());
        window.show_all();
        gtk::main();
    }

    fn say(word: &str) {
        // Whoever started it may not listen.
        drop(writeln!(std::io::stdout(), "{word}"));
    }
}
