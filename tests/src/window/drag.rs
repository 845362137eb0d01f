//! Files dragged over a window by another program, and dropped: the protocol of X11 desktops, XDND, as a file manager
//! speaks it. The toolkit, the web view and the host hear what they hear from any desktop; only the hand on the mouse
//! is missing.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};
use url::Url;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, MapState,
    PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME};

use super::DEADLINE;

/// The version of the protocol that is spoken.
const VERSION: u32 = 5;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndAware,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndLeave,
        XdndDrop,
        XdndFinished,
        XdndActionCopy,
        TARGETS,
        URIS: b"text/uri-list",
        PROCESS: b"_NET_WM_PID",
    }
}

/// Files that are held over a window.
#[derive(Debug)]
pub struct Drag {
    desktop: Arc<Desktop>,
    /// The window they are held over.
    target: Window,
    /// Hands the files out when they are asked for, until they are dropped or gone.
    giver: JoinHandle<Result<()>>,
    /// Whether they may be dropped, as often as the target says so.
    accepted: Receiver<bool>,
}

#[derive(Debug)]
struct Desktop {
    connection: RustConnection,
    atoms: Atoms,
    /// The window of the program that the files come from. Nobody sees it.
    source: Window,
    root: Window,
}

impl Drag {
    /// Holds files over the window of a process, until it would take them.
    ///
    /// # Errors
    /// When there is no such window, or it doesn't take them in time.
    pub fn over(process: u32, files: &[&Path]) -> Result<Self> {
        let desktop = Arc::new(Desktop::open()?);
        let end = Instant::now() + DEADLINE;
        let target = loop {
            // It may not be on the screen yet.
            match desktop.window_of(process)? {
                Some(window) => break window,
                None if Instant::now() > end => {
                    bail!("the application has no window that files can be dropped on")
                }
                None => std::thread::sleep(super::GLANCE),
            }
        };
        let uris = files
            .iter()
            .map(|file| Url::from_file_path(file).map(|url| format!("{url}\r\n")))
            .collect::<Result<String, ()>>()
            .map_err(|()| anyhow!("a file has no whole path"))?;
        let (tell, accepted) = mpsc::channel();
        let giver = std::thread::spawn({
            let desktop = Arc::clone(&desktop);
            move || desktop.give(uris.as_bytes(), &tell)
        });
        let drag = Self {
            desktop,
            target,
            giver,
            accepted,
        };
        drag.enter()?;
        Ok(drag)
    }

    fn enter(&self) -> Result<()> {
        let Desktop { atoms, .. } = &*self.desktop;
        self.say(atoms.XdndEnter, [VERSION << 24, atoms.URIS, 0, 0])?;
        let (x, y) = self.desktop.middle_of(self.target)?;
        let place = u32::from(x) << 16 | u32::from(y);
        // A target looks at what is held before it says whether it takes it, so it is asked again.
        let end = Instant::now() + DEADLINE;
        while Instant::now() < end {
            self.say(
                atoms.XdndPosition,
                [0, place, CURRENT_TIME, atoms.XdndActionCopy],
            )?;
            if self.accepted.recv_timeout(DEADLINE)? {
                return Ok(());
            }
        }
        bail!("the window does not take files")
    }

    /// Drops them, and waits until they are taken.
    ///
    /// # Errors
    /// When they are not.
    pub fn drop(self) -> Result<()> {
        self.say(self.desktop.atoms.XdndDrop, [0, CURRENT_TIME, 0, 0])?;
        self.end()
    }

    /// Takes them away again.
    ///
    /// # Errors
    /// When the desktop has ended.
    pub fn leave(self) -> Result<()> {
        let Desktop { atoms, source, .. } = &*self.desktop;
        self.say(atoms.XdndLeave, [0; 4])?;
        // Nobody answers that, so whoever hands the files out is told here.
        self.desktop.send(*source, atoms.XdndFinished, [0; 5])?;
        self.end()
    }

    fn end(self) -> Result<()> {
        let given = self.giver.join();
        given.map_err(|_| anyhow!("whoever hands the files out has panicked"))?
    }

    /// Sends a message of the protocol: each begins with the window that the files come from.
    fn say(&self, what: Atom, data: [u32; 4]) -> Result<()> {
        let [a, b, c, d] = data;
        self.desktop
            .send(self.target, what, [self.desktop.source, a, b, c, d])
    }
}

impl Desktop {
    fn open() -> Result<Self> {
        let (connection, screen) = x11rb::connect(None).context("there is no X display")?;
        let atoms = Atoms::new(&connection)?.reply()?;
        let root = connection.setup().roots[screen].root;
        let source = connection.generate_id()?;
        connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            source,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            0,
            &CreateWindowAux::new(),
        )?;
        connection.set_selection_owner(source, atoms.XdndSelection, CURRENT_TIME)?;
        let owner = connection
            .get_selection_owner(atoms.XdndSelection)?
            .reply()?;
        ensure!(owner.owner == source, "something else is being dragged");
        Ok(Self {
            connection,
            atoms,
            source,
            root,
        })
    }

    /// The visible window of a process that files can be dropped on. A window manager may have put it into another.
    fn window_of(&self, process: u32) -> Result<Option<Window>> {
        let mut waiting = vec![self.root];
        while let Some(window) = waiting.pop() {
            let is_its = self.number(window, self.atoms.PROCESS)? == Some(process);
            if is_its && self.number(window, self.atoms.XdndAware)?.is_some() {
                let attributes = self.connection.get_window_attributes(window)?.reply()?;
                let is_seen = attributes.map_state == MapState::VIEWABLE;
                // The toolkit has windows beside the screen that nobody sees.
                if is_seen && self.middle_of(window).is_ok() {
                    return Ok(Some(window));
                }
            }
            // A window may go while its neighbours are looked at.
            if let Ok(tree) = self.connection.query_tree(window)?.reply() {
                waiting.extend(tree.children);
            }
        }
        Ok(None)
    }

    /// A property that is a number.
    fn number(&self, window: Window, name: Atom) -> Result<Option<u32>> {
        let property = self
            .connection
            .get_property(false, window, name, AtomEnum::ANY, 0, 1)?;
        let property = property.reply().ok();
        Ok(property.and_then(|property| property.value32()?.next()))
    }

    fn middle_of(&self, window: Window) -> Result<(u16, u16)> {
        let size = self.connection.get_geometry(window)?.reply()?;
        let x = i16::try_from(size.width / 2)?;
        let y = i16::try_from(size.height / 2)?;
        let place = self
            .connection
            .translate_coordinates(window, self.root, x, y)?
            .reply()?;
        Ok((u16::try_from(place.dst_x)?, u16::try_from(place.dst_y)?))
    }

    fn send(&self, to: Window, what: Atom, data: [u32; 5]) -> Result<()> {
        let message = ClientMessageEvent::new(32, to, what, data);
        self.connection
            .send_event(false, to, EventMask::NO_EVENT, message)?;
        Ok(self.connection.flush()?)
    }

    /// Hands the files out to whoever asks, and tells whether they may be dropped, until that is over.
    fn give(&self, uris: &[u8], tell: &Sender<bool>) -> Result<()> {
        loop {
            match self.connection.wait_for_event()? {
                Event::SelectionRequest(request) => self.answer(&request, uris)?,
                Event::ClientMessage(message) if message.type_ == self.atoms.XdndStatus => {
                    // Nobody listens any more once they were dropped.
                    let _ = tell.send(message.data.as_data32()[1] & 1 == 1);
                }
                Event::ClientMessage(message) if message.type_ == self.atoms.XdndFinished => {
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn answer(&self, request: &SelectionRequestEvent, uris: &[u8]) -> Result<()> {
        let (to, property) = (request.requestor, request.property);
        let known = if request.target == self.atoms.URIS {
            self.connection.change_property8(
                PropMode::REPLACE,
                to,
                property,
                self.atoms.URIS,
                uris,
            )?;
            true
        } else if request.target == self.atoms.TARGETS {
            let targets = [self.atoms.TARGETS, self.atoms.URIS];
            self.connection.change_property32(
                PropMode::REPLACE,
                to,
                property,
                AtomEnum::ATOM,
                &targets,
            )?;
            true
        } else {
            false
        };
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: to,
            selection: request.selection,
            target: request.target,
            property: if known {
                property
            } else {
                AtomEnum::NONE.into()
            },
        };
        self.connection
            .send_event(false, to, EventMask::NO_EVENT, answer)?;
        Ok(self.connection.flush()?)
    }
}
