//! Showing how far a long command is, on a terminal only, and ending it when told to.

use std::io::{self, Read};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio_util::sync::CancellationToken;

/// How far a long command is.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    stop: CancellationToken,
}

impl Progress {
    /// Shown on standard error, if that is a terminal; ends when `stop` is cancelled.
    #[must_use]
    pub fn shown(stop: CancellationToken) -> Self {
        let style = ProgressStyle::with_template("{msg} {bar:30} {binary_bytes} of {binary_total_bytes}, {eta} left");
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        Self { bar: bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())), stop }
    }

    /// Shown nowhere.
    #[must_use]
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), stop: CancellationToken::new() }
    }

    /// What is done now, with how many bytes.
    pub fn begin(&self, what: &'static str, bytes: u64) {
        self.bar.set_message(what);
        self.bar.set_length(bytes);
        self.bar.set_position(0);
    }

    /// Bytes that are done. Fails when the command is to end.
    pub fn advance(&self, bytes: u64) -> io::Result<()> {
        self.bar.inc(bytes);
        if self.stop.is_cancelled() { Err(io::Error::other("stopped")) } else { Ok(()) }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Counts what is read.
    pub fn reading<R: Read>(&self, inner: R) -> impl Read {
        Counted { inner, progress: self.clone() }
    }
}

struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.advance(read as u64)?;
        Ok(read)
    }
}
