//! A progress bar on a terminal's standard error, for runs of more than a second.
//!
//! A thread of its own draws it, so that the work only counts. It is gone when the bar is dropped.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

const FIRST_SHOWN_AFTER: Duration = Duration::from_secs(1);
const REDRAWN_EVERY: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

/// How far the reading of files is.
#[derive(Debug)]
pub struct Progress {
    counts: Arc<Counts>,
    drawer: Option<Drawer>,
}

#[derive(Debug, Default)]
struct Counts {
    found: AtomicUsize,
    done: AtomicUsize,
}

#[derive(Debug)]
struct Drawer {
    /// Dropping it ends the thread.
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Counts, shows nothing.
    pub fn silent() -> Progress {
        Progress { counts: Arc::default(), drawer: None }
    }

    /// Counts, and draws on standard error.
    pub fn drawn() -> Progress {
        let counts = Arc::<Counts>::default();
        let (stop, stopped) = mpsc::channel();
        let drawn = Arc::clone(&counts);
        let thread = std::thread::Builder::new().name(String::from("progress")).spawn(move || {
            let mut wait = FIRST_SHOWN_AFTER;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                draw(&drawn);
                wait = REDRAWN_EVERY;
            }
            if wait == REDRAWN_EVERY {
                erase();
            }
        });
        // Without a thread there is no bar; the run goes on.
        let drawer = thread.ok().map(|thread| Drawer { stop, thread });
        Progress { counts, drawer }
    }

    /// One more file to read.
    pub fn found(&self) {
        self.counts.found.fetch_add(1, Ordering::Relaxed);
    }

    /// One file was read.
    pub fn done(&self) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(Drawer { stop, thread }) = self.drawer.take() {
            drop(stop);
            // A drawer that panicked leaves nothing to mend.
            let _ = thread.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn draw(counts: &Counts) {
    let found = counts.found.load(Ordering::Relaxed).max(1);
    let done = counts.done.load(Ordering::Relaxed).min(found);
    let task = if done < found { "reading" } else { "checking" };
    let filled = WIDTH * done / found;
    let bar: String = (0..WIDTH).map(|at| if at < filled { '=' } else { ' ' }).collect();
    let line = format!("\r\x1b[K    {task} [{bar}] {done}/{found} files");
    write_to_stderr(&line);
}

fn erase() {
    write_to_stderr("\r\x1b[K");
}

fn write_to_stderr(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
