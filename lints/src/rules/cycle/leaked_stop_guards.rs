//! `leaked_stop_guards`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Leak};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds `mem::forget`, `Box::leak` and `ManuallyDrop::new` of a value whose `Drop` would stop a thread, or join it.
    ///
    /// ### Why is this bad
    /// The `Drop` is there because the thread has to be told to end, or waited for. Where it never runs, the thread goes on
    /// until the process ends, and is then killed in the middle of its work: what it had queued is not written.
    ///
    /// ### Example
    /// ```rust
    /// # use std::thread::JoinHandle;
    /// struct Writer {
    ///     worker: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Drop for Writer {
    ///     fn drop(&mut self) {
    ///         if let Some(worker) = self.worker.take() {
    ///             let _ = worker.join();
    ///         }
    ///     }
    /// }
    ///
    /// fn install(writer: Writer) {
    ///     std::mem::forget(writer); // to keep it running
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::thread::JoinHandle;
    /// # struct Writer { worker: Option<JoinHandle<()>> }
    /// // kept by `main`, and dropped at its end
    /// fn install(writer: Writer) -> Writer {
    ///     writer
    /// }
    /// ```
    ///
    /// ### Known limits
    /// The lint is off by default: a thread that is meant to run as long as the process is often leaked on purpose. A comment
    /// that says so silences, as does a leak into a `static`, one by the type's own methods, and one after the thread was
    /// stopped or joined by hand. Raw pointers (`into_raw`) are not followed.
    pub static LEAKED_STOP_GUARDS = {
        name: "leaked_stop_guards", family: Cycle, level: Allow, nursery: true, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for leak in cx.leaks() {
        sink.emit(report(cx, &leak));
    }
}

fn report(cx: &Context<'_>, leak: &Leak) -> Diagnostic {
    let (body, call) = leak.at;
    let analysis = cx.analysis(body);
    let owner = cx.program.name(leak.owner);
    let dropper = cx.program.name(leak.dropper);
    let skipped = match (leak.signal, leak.joins) {
        (Some(_), Some(_)) => "stops and joins a thread",
        (None, Some(_)) => "joins a thread",
        (Some(_), None) => "stops a thread",
        (None, None) => "ends its threads",
    };
    let headline = match leak.owner == leak.dropper {
        true => format!("a `{owner}` is never dropped, though its `Drop` {skipped}"),
        false => format!("a `{owner}` is never dropped, though the `Drop` of its `{dropper}` {skipped}"),
    };
    let mut report = Diagnostic::new(
        &LEAKED_STOP_GUARDS,
        analysis.call_loc(call),
        headline,
        format!("`{dropper}::drop` never runs for this one"),
    );
    if let Some(loc) = leak.handle.and_then(|field| cx.field_loc(field)) {
        report = report.label(loc, "the thread's handle is kept here");
    }
    if let Some((_, loc)) = leak.signal {
        report = report.label(loc, "this would tell the thread to end");
    }
    if let Some(loc) = leak.joins {
        report = report.label(loc, "this would wait for it");
    }
    let variable =
        leak.variable.map(|local| cx.program.name_text(analysis.body.owner, analysis.body.local(local).name));
    let kept = variable.map_or_else(|| format!("the `{owner}`"), |name| format!("`{name}`"));
    report.note("the thread goes on until the process ends, and is killed then in the middle of its work").help(
        format!(
            "keep {kept} with an owner that is dropped at the end, or say in a comment why the thread outlives all"
        ),
        "",
    )
}
