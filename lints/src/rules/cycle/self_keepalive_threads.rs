//! `self_keepalive_threads`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Keepalive};
use crate::lint::Sink;
use crate::syntax::ir::Expr;

declare_lint! {
    /// ### What it does
    /// Finds a thread that owns a strong `Arc` of the object whose `Drop` is the only thing that would end the thread.
    ///
    /// ### Why is this bad
    /// `Drop` runs when the last pointer is gone, and one of the pointers is the thread's. The thread waits for `Drop`, and
    /// `Drop` waits for the thread: neither ever happens. Each such object leaks itself and a running thread.
    ///
    /// ### Example
    /// ```rust
    /// # use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
    /// # use std::thread;
    /// struct Poller {
    ///     stop: AtomicBool,
    /// }
    ///
    /// impl Poller {
    ///     fn start(self: &Arc<Self>) {
    ///         let me = Arc::clone(self);
    ///         thread::spawn(move || {
    ///             while !me.stop.load(Ordering::Relaxed) {
    ///                 me.poll();
    ///             }
    ///         });
    ///     }
    /// #   fn poll(&self) {}
    /// }
    ///
    /// impl Drop for Poller {
    ///     fn drop(&mut self) {
    ///         self.stop.store(true, Ordering::Relaxed); // never runs
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
    /// # use std::thread::{self, JoinHandle};
    /// struct Poller {
    ///     inner: Arc<Inner>,
    ///     worker: Option<JoinHandle<()>>,
    /// }
    ///
    /// struct Inner {
    ///     stop: AtomicBool,
    /// }
    ///
    /// impl Poller {
    ///     fn start() -> Poller {
    ///         let inner = Arc::new(Inner { stop: AtomicBool::new(false) });
    ///         let worker = thread::spawn({
    ///             let inner = Arc::clone(&inner);
    ///             move || {
    ///                 while !inner.stop.load(Ordering::Relaxed) {
    ///                     inner.poll();
    ///                 }
    ///             }
    ///         });
    ///         Poller { inner, worker: Some(worker) }
    ///     }
    /// }
    /// # impl Inner { fn poll(&self) {} }
    ///
    /// impl Drop for Poller {
    ///     fn drop(&mut self) {
    ///         self.inner.stop.store(true, Ordering::Relaxed);
    ///         if let Some(worker) = self.worker.take() {
    ///             let _ = worker.join();
    ///         }
    ///     }
    /// }
    /// ```
    /// The handle that users hold has the `Drop`; the thread shares only what it works on.
    ///
    /// ### Known limits
    /// The thread's code has to be a closure, and `Drop` has to end it by an atomic flag or by dropping a sender. A flag that
    /// anything else sets, or a sender that anything else drops, counts as an explicit stop, whether or not it is ever
    /// called. A stop by message, by a flag in a `Mutex`, or through a condition variable is not seen.
    pub(crate) static SELF_KEEPALIVE_THREADS = {
        name: "self_keepalive_threads", family: Cycle, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for found in cx.keepalives() {
        sink.emit(report(cx, &found));
    }
}

fn report(cx: &Context<'_>, found: &Keepalive) -> Diagnostic {
    let owner = cx.program.name(found.owner);
    let (body, pointer) = found.pointer;
    let body = cx.program.body(body);
    let variable = cx.program.name_text(body.owner, body.local(pointer).name);
    let signal = cx.place_text(found.signal.0);
    let spawn = cx.analysis(found.spawn.body).call_loc(found.spawn.call);
    let headline = format!("thread keeps the `{owner}` alive whose `Drop` is to end it");
    let mut report =
        Diagnostic::new(&SELF_KEEPALIVE_THREADS, spawn, headline, format!("this thread owns `{variable}`"));
    report = report.label(body.loc(body.local(pointer).span), format!("a strong pointer to the `{owner}`"));
    let (loop_body, endless) = found.endless;
    let analysis = cx.analysis(loop_body);
    if let Expr::Loop(data) = analysis.expr(endless) {
        report = report.label(analysis.body.loc(data.keyword), "the thread stays in this loop");
    }
    if let Some(test) = found.test {
        report = report.label(test, format!("until `{signal}` says to stop"));
    }
    report = report.label(found.signal.1, format!("only `{owner}::drop` does that, and it waits for the last pointer"));
    if let Some(join) = found.joins {
        report = report.label(join, "the join waits for the thread in turn");
    }
    report = report.note(format!("`{owner}::drop` never runs: each `{owner}` leaks itself and a running thread"));
    help(cx, found, owner, report)
}

fn help(cx: &Context<'_>, found: &Keepalive, owner: &str, report: Diagnostic) -> Diagnostic {
    let inner = format!("{owner}Inner");
    let split = format!(
        "struct {owner} {{\n    inner: Arc<{inner}>, // what the thread shares: the fields of today's `{owner}`\n    worker: Option<JoinHandle<()>>,\n}}\n\
         // the thread gets `Arc::clone(&inner)`\n\
         impl Drop for {owner} {{ .. }} // stays here: signals through `inner`, then joins `worker`"
    );
    let report =
        report.help(format!("keep `Drop` on a handle that the thread does not own: split `{owner}` in two"), split);
    if found.joins.is_some() {
        return report;
    }
    // Without a join in `Drop`, the thread may be the one that drops the last pointer.
    let (body, pointer) = found.pointer;
    let body = cx.program.body(body);
    let variable = cx.program.name_text(body.owner, body.local(pointer).name);
    let weak = format!(
        "let weak = Arc::downgrade(&{variable});\n// in the thread, each round\nlet Some({variable}) = weak.upgrade() else {{ break }};"
    );
    report.help("or give the thread a `Weak` that it upgrades for each round", weak)
}
