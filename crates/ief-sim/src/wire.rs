//! What goes over the wire besides well-formed answers: bodies that break off, stall or are cut, and
//! connections that are reset.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct Payload {
    parts: Vec<Part>,
    size: u64,
}

#[derive(Debug)]
enum Part {
    Data(Bytes),
    Pause(Pin<Box<Sleep>>),
    Break,
}

/// The connection ends before the body does, on request.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut, as a fault asked for")]
pub(crate) struct Cut;

impl Payload {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self {
            size: bytes.len() as u64,
            parts: vec![Part::Data(bytes.into())],
        }
    }

    /// Half of the body, then the end of the connection.
    pub(crate) fn truncated(bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        let half = Bytes::from(bytes).slice(..size as usize / 2);
        // In reverse: the parts are taken from the end.
        Self {
            size,
            parts: vec![Part::Break, Part::Data(half)],
        }
    }

    /// Half of the body, a pause, the other half.
    pub(crate) fn stalled(bytes: Vec<u8>, pause: Duration) -> Self {
        let size = bytes.len() as u64;
        let mut first = Bytes::from(bytes);
        let second = first.split_off(size as usize / 2);
        let pause = Part::Pause(Box::pin(tokio::time::sleep(pause)));
        Self {
            size,
            parts: vec![Part::Data(second), pause, Part::Data(first)],
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        loop {
            if let Some(Part::Pause(sleep)) = self.parts.last_mut() {
                ready!(sleep.as_mut().poll(context));
            }
            match self.parts.pop() {
                None => return Poll::Ready(None),
                Some(Part::Break) => return Poll::Ready(Some(Err(Cut))),
                Some(Part::Data(data)) if data.is_empty() => {}
                Some(Part::Data(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Part::Pause(_)) => {}
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty()
    }

    // Also for a body that will break off: its length is announced, as a real server would have.
    fn size_hint(&self) -> SizeHint {
        match self.parts.as_slice() {
            [] => SizeHint::with_exact(0),
            _ => SizeHint::with_exact(self.size),
        }
    }
}

/// A connection that can be reset instead of closed.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, reset: Arc<AtomicBool>) -> Self {
        Self { stream, reset }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            // With no time to linger the kernel sends a reset. Where it can't, the peer sees a close,
            // which is as good for the purpose.
            let socket = socket2::SockRef::from(&self.stream);
            drop(socket.set_linger(Some(Duration::ZERO)));
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // An orderly end would come before the reset, and make it look like one.
        if self.reset.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
