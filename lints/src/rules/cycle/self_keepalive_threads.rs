//! `self_keepalive_threads`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Keepalive, Signal};
use crate::lint::Sink;
use crate::model::FieldRef;
use crate::rules::edits::may_use;
use crate::source::Loc;
use crate::syntax::ir::{Expr, TypeRef};

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
    /// The thread's code has to be a closure, and `Drop` has to end it by a flag (an atomic, or a `bool` behind a lock), by a
    /// variant of an enum that it alone sends or sets, by the only message of a channel, or by dropping a sender. What other
    /// code can do as well counts as an explicit stop, unless only `Drop` calls that code. A stop by `None` in a channel of
    /// `Option`s is not seen.
    pub static SELF_KEEPALIVE_THREADS = {
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
    let spawn = cx.analysis(found.spawn.body).call_loc(found.spawn.call);
    let dropper = cx.program.name(found.dropper);
    let (ends, waits) = match found.dropper == found.owner {
        true => ("Drop", "it waits for the last pointer".to_owned()),
        false => (dropper, format!("it waits for the last pointer to the `{owner}`")),
    };
    let headline = format!("thread keeps the `{owner}` alive whose `{ends}` is to end it");
    let mut report =
        Diagnostic::new(&SELF_KEEPALIVE_THREADS, spawn, headline, format!("this thread owns `{variable}`"));
    report = report.label(body.loc(body.local(pointer).span), format!("a strong pointer to the `{owner}`"));
    let (loop_body, endless) = found.endless;
    let analysis = cx.analysis(loop_body);
    if let Expr::Loop(data) = analysis.expr(endless) {
        report = report.label(analysis.body.loc(data.keyword), "the thread stays in this loop");
    }
    report = report.label(found.test, awaited(cx, found.signal.0));
    report = report.label(found.signal.1, format!("only `{dropper}::drop` does that, and {waits}"));
    if let Some(join) = found.joins {
        report = report.label(join, "the join waits for the thread in turn");
    }
    report = report.note(format!("`{dropper}::drop` never runs: each `{owner}` leaks itself and a running thread"));
    help(cx, found, owner, report)
}

/// What the thread waits for.
fn awaited(cx: &Context<'_>, signal: Signal) -> String {
    match signal {
        Signal::Flag(place, _) => format!("until `{}` says to stop", cx.place_text(place)),
        Signal::Sender(field) => format!("until the sender in `{}` is gone", cx.field_text(field)),
        Signal::First(field) => format!("until something comes from `{}`", cx.field_text(field)),
        Signal::Variant(adt, variant) => format!("until `{}` comes", cx.variant_text(adt, variant)),
    }
}

fn help(cx: &Context<'_>, found: &Keepalive, owner: &str, report: Diagnostic) -> Diagnostic {
    let shared = if owner == "Shared" { "State" } else { "Shared" };
    let handle = kept_handle(cx, found);
    let split = format!(
        "struct {owner} {{\n    shared: Arc<{shared}>, // what the thread works on: the other fields of today's `{owner}`\n    {handle},\n}}\n\
         // the thread gets `Arc::clone(&shared)`\n\
         impl Drop for {owner} {{ .. }} // stays here: signals through `shared`, then joins the thread"
    );
    let report =
        report.help(format!("keep `Drop` on a handle that the thread does not own: split `{owner}` in two"), split);
    // Where `Drop` joins, the thread must not be the one that drops the last pointer; where the thread waits in a channel, it
    // holds the pointer while it waits.
    if found.joins.is_some() || !matches!(found.signal.0, Signal::Flag(..)) {
        return report;
    }
    let (body, pointer) = found.pointer;
    let body = cx.program.body(body);
    let variable = cx.program.name_text(body.owner, body.local(pointer).name);
    let upgraded = match may_use(cx, body.owner, (1, 65)) {
        true => format!("let Some({variable}) = weak.upgrade() else {{ break }};"),
        false => format!(
            "let {variable} = match weak.upgrade() {{\n    Some({variable}) => {variable},\n    None => break,\n}};"
        ),
    };
    let weak = format!("let weak = Arc::downgrade(&{variable});\n// in the thread, each round\n{upgraded}");
    report.help("or give the thread a `Weak` that it upgrades for each round", weak)
}

/// The field with the thread's handle, as the type that joins declares it; the one to add where there is none.
fn kept_handle(cx: &Context<'_>, found: &Keepalive) -> String {
    let types = [found.owner, found.dropper];
    let kept = types.into_iter().find_map(|adt| {
        (0..cx.program.field_types(adt, 0).len() as u32)
            .map(|index| FieldRef { adt, variant: 0, index })
            .find(|field| cx.field_type(*field).is_some_and(|ty| ty.any(&mut |part| cx.roles().handle(part).is_some())))
    });
    let declared = kept.and_then(|field| {
        let data = cx.field(field)?;
        let TypeRef::Path(path) = &data.ty else { return None };
        let name = cx.program.name_text(field.adt, data.name);
        let written = cx.program.text(Loc::new(cx.program.file(field.adt), path.span));
        let is_named = name.starts_with(|first: char| !first.is_ascii_digit());
        (is_named && !written.contains('\n')).then(|| format!("{name}: {written}"))
    });
    let analysis = cx.analysis(found.spawn.body);
    let joining = || cx.joining(analysis.types.ty(found.spawn.call));
    declared.unwrap_or_else(|| format!("worker: Option<{}>", joining().type_with("()")))
}
