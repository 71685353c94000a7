//! `self_joins_in_drop`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Context, OwnedBy, Place, SelfJoin};
use crate::lint::Sink;
use crate::rules::edits::step;
use crate::rules::text::indentation;
use crate::syntax::ir::{Expr, ExprId};

declare_lint! {
    /// ### What it does
    /// Finds a `Drop` that joins a thread which can itself drop the last pointer to the object: it upgrades a `Weak` of it,
    /// owns an `Arc` of it until it is told to end, or runs a callback of the caller's, where a type beside it guards against
    /// that.
    ///
    /// ### Why is this bad
    /// When the thread's pointer is the last one, `Drop` runs on the thread, and the thread waits for itself. The standard
    /// library panics there, in a destructor; other platforms hang. It depends on who is faster, so tests rarely see it.
    ///
    /// ### Example
    /// ```rust
    /// # use std::sync::{Arc, Mutex};
    /// # use std::thread::{self, JoinHandle};
    /// struct Watcher { worker: Mutex<Option<JoinHandle<()>>> }
    ///
    /// impl Watcher {
    ///     fn start() -> Arc<Watcher> {
    ///         let watcher = Arc::new(Watcher { worker: Mutex::new(None) });
    ///         let weak = Arc::downgrade(&watcher);
    ///         *watcher.worker.lock().unwrap() = Some(thread::spawn(move || {
    ///             while let Some(watcher) = weak.upgrade() {
    ///                 watcher.look(); // the last pointer, perhaps
    ///             }
    ///         }));
    ///         watcher
    ///     }
    /// #   fn look(&self) {}
    /// }
    ///
    /// impl Drop for Watcher {
    ///     fn drop(&mut self) {
    ///         if let Some(worker) = self.worker.get_mut().unwrap().take() {
    ///             let _ = worker.join();
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// # use std::sync::Mutex;
    /// # use std::thread::{self, JoinHandle};
    /// # struct Watcher { worker: Mutex<Option<JoinHandle<()>>> }
    /// impl Drop for Watcher {
    ///     fn drop(&mut self) {
    ///         if let Some(worker) = self.worker.get_mut().unwrap().take() {
    ///             if worker.thread().id() != thread::current().id() {
    ///                 let _ = worker.join();
    ///             }
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// The thread's code has to be a closure that captures the pointer or callback itself, or calls a closure with the pointer
    /// that the crate gives to the function which starts the thread. That a callback may own the object
    /// is reported only where another implementor of one of its traits compares thread ids. Any comparison of a library's values in `Drop` is taken for one of thread ids.
    pub static SELF_JOINS_IN_DROP = {
        name: "self_joins_in_drop", family: Cycle, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for found in cx.self_joins() {
        sink.emit(report(cx, &found));
    }
}

fn report(cx: &Context<'_>, found: &SelfJoin) -> Diagnostic {
    let owner = cx.program.name(found.owner);
    let (join_body, join) = found.join;
    let drop = cx.analysis(join_body);
    let spawn = cx.analysis(found.spawn.body).call_loc(found.spawn.call);
    let (body, pointer) = found.pointer;
    let body = cx.program.body(body);
    let variable = cx.program.name_text(body.owner, body.local(pointer).name);
    let joiner = cx.program.name(found.joiner);
    let headline = match found.by {
        OwnedBy::Callback(..) => {
            format!("`{joiner}::drop` joins a thread whose callback may drop the `{owner}` itself")
        }
        OwnedBy::Upgrade(_) | OwnedBy::Strong => {
            let itself = if joiner == owner { " itself" } else { "" };
            format!("`{joiner}::drop` joins a thread that can drop the last `{owner}`{itself}")
        }
    };
    let label = "the thread may be joining itself here";
    let mut report = Diagnostic::new(&SELF_JOINS_IN_DROP, drop.call_loc(join), headline, label).site(spawn);
    if let Some(field) = cx.field_loc(found.field) {
        report = report.label(field, "the handle is kept here");
    }
    if found.joiner != found.owner {
        let held = format!("it drops its `{joiner}` with it");
        report = report.label(cx.program.name_loc(found.owner), held);
    }
    report = match found.given {
        Some(given) => report
            .label(spawn, "the thread starts here, and runs what its function was given")
            .label(given, format!("this closure runs on it, and owns `{variable}`")),
        None => report.label(spawn, format!("the thread starts here and owns `{variable}`")),
    };
    let captured = body.loc(body.local(pointer).span);
    report = match found.by {
        OwnedBy::Upgrade(upgrade) => {
            report.label(upgrade, format!("for a while it owns the `{owner}`, perhaps as the last one"))
        }
        OwnedBy::Strong => {
            report.label(captured, format!("it owns the `{owner}` until it ends, perhaps as the last one"))
        }
        OwnedBy::Callback(sibling, compared) => report
            .label(captured, format!("the caller's `{variable}` may own the `{owner}`"))
            .label(compared, format!("another implementor, `{}`, compares thread ids first", cx.program.name(sibling))),
    };
    report = report.note("joining the current thread panics or hangs, depending on the platform");
    suggest(cx, found, report)
}

/// Compares ids around the join, where the join is a statement on a plain local.
fn suggest(cx: &Context<'_>, found: &SelfJoin, report: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(found.join.0);
    let statement = analysis.body.loc(analysis.statement(found.join.1));
    let written = cx.program.text(statement);
    let handle = analysis.receiver(cx.program, found.join.1);
    let name = handle.and_then(|handle| match analysis.expr(handle) {
        Expr::Local(local) => Some(cx.program.name_text(analysis.body.owner, analysis.body.local(*local).name)),
        _ => None,
    });
    let message = "join only from another thread";
    // What a `let` binds would be gone at the end of the block.
    let binds = written.starts_with("let ") && !written.starts_with("let _ =");
    let in_macro = analysis.body.expr(found.join.1).in_macro;
    match name {
        // With the name of the handle goes its type: whether that has a `thread()`, the join says.
        Some(name) if written.ends_with(';') && !in_macro && !binds && names_thread(cx, analysis, found.join.1) => {
            let step = step(cx, statement.file);
            let indent = indentation(cx, statement);
            let lines = written.replace('\n', &format!("\n{step}"));
            let guarded =
                format!("if {name}.thread().id() != std::thread::current().id() {{\n{indent}{step}{lines}\n{indent}}}");
            report.suggest(message, Applicability::MaybeIncorrect, vec![Edit::replace(statement, guarded)])
        }
        _ => {
            let name = name.unwrap_or("worker");
            let joined = cx.joining_in(Place::Field(found.field)).statement(name);
            let code = format!("if {name}.thread().id() != std::thread::current().id() {{\n    {joined}\n}}");
            report.help(message, code)
        }
    }
}

/// Whether a handle that is joined can say which thread it is of.
fn names_thread(cx: &Context<'_>, analysis: &Analysis<'_>, join: ExprId) -> bool {
    let handle = analysis.receiver(cx.program, join).and_then(|handle| analysis.types.ty(handle).peel_refs().adt());
    let blocks = handle.map_or(&[][..], |adt| cx.program.impls_of(adt));
    blocks.iter().flat_map(|block| cx.functions_of(*block)).any(|method| cx.program.name(method) == "thread")
}
