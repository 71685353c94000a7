//! `recursive_read_locks`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Relock};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds a read lock of an `RwLock` that a thread takes while it already holds one: in one function, or through functions
    /// that it calls under the guard.
    ///
    /// ### Why is this bad
    /// A writer that waits between the two keeps new readers out, the second read among them. It waits for the writer,
    /// which waits for the first read guard, which only the waiting thread can drop. Whether that happens depends on the
    /// platform and on the moment, so tests seldom show it.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::RwLock;
    ///
    /// struct Table {
    ///     rows: RwLock<Vec<u32>>,
    /// }
    ///
    /// impl Table {
    ///     fn sum(&self) -> u32 {
    ///         let rows = self.rows.read().unwrap();
    ///         (0..rows.len()).map(|row| self.get(row)).sum()
    ///     }
    ///
    ///     fn get(&self, row: usize) -> u32 {
    ///         self.rows.read().unwrap()[row]
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Lock once, and work on what the guard gives.
    /// ```rust
    /// use std::sync::RwLock;
    ///
    /// struct Table {
    ///     rows: RwLock<Vec<u32>>,
    /// }
    ///
    /// impl Table {
    ///     fn sum(&self) -> u32 {
    ///         self.rows.read().unwrap().iter().sum()
    ///     }
    /// }
    /// ```
    /// parking_lot's `read_recursive` does not wait for queued writers.
    ///
    /// ### Known limits
    /// As those of `double_locks`. That some thread writes is taken for granted.
    pub static RECURSIVE_READ_LOCKS = {
        name: "recursive_read_locks", family: Deadlock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for relock in cx.relocks() {
        if relock.among_readers {
            report(cx, &relock, sink);
        }
    }
}

fn report(cx: &Context<'_>, relock: &Relock<'_>, sink: &mut Sink) {
    let held = relock.held;
    let lock = describe::held_lock(cx, held, relock.first);
    let called = describe::called(cx, held);
    let headline = match &called {
        Some(callee) => format!("`{callee}` locks `{lock}` for reading, and so does its caller"),
        None => {
            let owner = if relock.first.is_async { "task" } else { "thread" };
            format!("`{lock}` is locked for reading twice by one {owner}")
        }
    };
    let label = match &called {
        Some(callee) => format!("`{callee}` is called under the read guard"),
        None => "waits for a writer that waits for the first guard".to_owned(),
    };
    // The guard that lives too long is what it is about.
    let mut diagnostic = Diagnostic::new(&RECURSIVE_READ_LOCKS, describe::at(cx, held), headline, label)
        .site(cx.guard_loc(relock.first));
    diagnostic = describe::taken(cx, held, relock.first, diagnostic);
    diagnostic = describe::chain(cx, held, diagnostic, &format!("`{lock}` is locked for reading again here"));
    let help = match called {
        Some(callee) => format!("let `{callee}` work on what the guard gives, or drop the guard before the call"),
        None => "lock once, and use the guard twice".to_owned(),
    };
    sink.emit(
        diagnostic
            .note("a writer that waits between the two reads keeps the second one out, and waits for the first")
            .help(help, ""),
    );
}
