//! `locks_across_io`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Act, Context, Stall, Wait};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds exclusive guards that live over reads and writes of files, streams and sockets, where the file or socket is not
    /// what the lock guards.
    ///
    /// ### Why is this bad
    /// A disk or a peer that is slow, or that never answers, keeps everybody out who wants the lock.
    ///
    /// ### Example
    /// ```rust
    /// use std::fs;
    /// use std::sync::Mutex;
    ///
    /// struct Notes {
    ///     lines: Mutex<Vec<String>>,
    /// }
    ///
    /// impl Notes {
    ///     fn save(&self) -> std::io::Result<()> {
    ///         let lines = self.lines.lock().unwrap();
    ///         fs::write("notes.txt", lines.join("\n")) // `add` waits for the disk
    ///     }
    ///
    ///     fn add(&self, line: String) {
    ///         self.lines.lock().unwrap().push(line);
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::fs;
    /// use std::sync::Mutex;
    ///
    /// struct Notes {
    ///     lines: Mutex<Vec<String>>,
    /// }
    ///
    /// impl Notes {
    ///     fn save(&self) -> std::io::Result<()> {
    ///         let text = self.lines.lock().unwrap().join("\n");
    ///         fs::write("notes.txt", text)
    ///     }
    ///
    ///     fn add(&self, line: String) {
    ///         self.lines.lock().unwrap().push(line);
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Allowed by default: files are mostly fast, and the lock is often held to keep file and value together. As
    /// `locks_across_blocking` in the rest.
    pub static LOCKS_ACROSS_IO = {
        name: "locks_across_io", family: Deadlock, level: Allow, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for stall in cx.stalls(|wait, timed| matches!(wait, Wait::Io | Wait::Net) && !timed) {
        report(cx, &stall, sink);
    }
}

fn report(cx: &Context<'_>, stall: &Stall<'_>, sink: &mut Sink) {
    let held = stall.held;
    let Act::Wait(_, _, wait, _) = held.reached.act else { return };
    let lock = describe::held_lock(cx, held, stall.guard);
    let what = describe::waiting(wait);
    let (headline, label) = match describe::called(cx, held) {
        Some(callee) => (
            format!("`{callee}` {what} while its caller holds `{lock}`"),
            format!("`{callee}` is called under the guard"),
        ),
        None => (format!("this {what} while `{lock}` is locked"), format!("{what} under the guard")),
    };
    let mut diagnostic = Diagnostic::new(&LOCKS_ACROSS_IO, describe::at(cx, held), headline, label);
    diagnostic = describe::taken(cx, held, stall.guard, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, &format!("{what} here"));
    let other = describe::locker(cx, stall.other, &lock);
    sink.emit(
        diagnostic
            .label(cx.guard_loc(stall.other), format!("`{other}` takes the lock too"))
            .note(format!("whoever wants `{lock}` waits for the disk or the peer"))
            .help("take what is needed out of the lock, and read or write without it", ""),
    );
}
