//! `unjoined_handle_fields`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Fate, FateEnd, HandleSite};
use crate::lint::Sink;
use crate::model::{DefId, FieldRef};
use crate::source::Loc;

declare_lint! {
    /// ### What it does
    /// Finds fields that keep thread handles which nothing in the workspace ever joins, returns or hands out: a field of a
    /// struct or variant, alone or in an `Option`, `Mutex`, `Vec`, map or tuple. It also finds handles that only a method
    /// which consumes the value joins, where dropping the value leaves the thread running with no way to stop it.
    ///
    /// ### Why is this bad
    /// A handle that is kept looks as if somebody waited for the thread. If nobody does, it is detached when its owner is
    /// dropped: the thread may go on working on what the owner has given up, its last work may be cut off when the process
    /// ends, and its panic goes unseen.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread::{self, JoinHandle};
    ///
    /// struct Flusher {
    ///     worker: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Flusher {
    ///     fn start() -> Flusher {
    ///         Flusher { worker: Some(thread::spawn(|| println!("flush"))) }
    ///     }
    ///
    ///     fn is_busy(&self) -> bool {
    ///         self.worker.as_ref().is_some_and(|worker| !worker.is_finished())
    ///     }
    /// }
    /// # fn main() { Flusher::start().is_busy(); }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::thread::{self, JoinHandle};
    ///
    /// struct Flusher {
    ///     worker: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Flusher {
    ///     fn start() -> Flusher {
    ///         Flusher { worker: Some(thread::spawn(|| println!("flush"))) }
    ///     }
    ///
    ///     fn is_busy(&self) -> bool {
    ///         self.worker.as_ref().is_some_and(|worker| !worker.is_finished())
    ///     }
    /// }
    ///
    /// impl Drop for Flusher {
    ///     fn drop(&mut self) {
    ///         if let Some(worker) = self.worker.take() {
    ///             let _ = worker.join();
    ///         }
    ///     }
    /// }
    /// # fn main() { Flusher::start().is_busy(); }
    /// ```
    /// If nobody has to wait, do not keep the handle: `drop(handle)` with a comment that says why.
    ///
    /// ### Known limits
    /// A field is known by its declaration: if one instance is joined, all are taken to be. Left alone are `pub` fields of
    /// `pub` types of a library, fields of a generic type, statics, fields whose name occurs in a macro's tokens, in a file
    /// that could not be parsed, or on a value whose type is not known, and handles that leave through a function or a
    /// getter. A comment on the field, or beside the spawn, that owns up to it counts as in `dropped_join_handles`.
    pub static UNJOINED_HANDLE_FIELDS = {
        name: "unjoined_handle_fields", family: Join, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let stored = cx.stored_handles();
    for group in stored.chunk_by(|(left, _), (right, _)| left == right) {
        let Some((field, _)) = group.first().copied() else { continue };
        let sites: Vec<HandleSite> = group.iter().map(|(_, site)| *site).collect();
        if !cx.has_to_join(field) {
            continue;
        }
        let fate = cx.full_fate(&cx.field_fate(field));
        if !fate.may_be_joined() && fate.detaches().next().is_none() && !cx.polled_to_the_end(&fate) {
            if let Some(site) = unintended(cx, &sites) {
                unjoined(cx, field, site, &fate, sink);
            }
        } else if let Some((closer, signal)) = cx.stopped_only_by(field)
            && let Some(site) = unintended(cx, &sites)
        {
            left_running(cx, field, site, closer, signal, sink);
        }
    }
}

/// The first thread kept in a field whose end nobody awaits otherwise, and that no comment owns up to.
fn unintended(cx: &Context<'_>, sites: &[HandleSite]) -> Option<HandleSite> {
    sites.iter().copied().find(|site| !cx.kept_on_purpose(*site))
}

fn unjoined(cx: &Context<'_>, field: FieldRef, site: HandleSite, fate: &Fate, sink: &mut Sink) {
    let Some(loc) = cx.field_loc(field) else { return };
    let text = cx.field_text(field);
    let thread = describe::thread(cx, site);
    let spawn = cx.analysis(site.body).call_loc(site.call);
    let message = format!("`{text}` keeps the handle of {thread}, but nothing ever joins it");
    let mut finding =
        Diagnostic::new(&UNJOINED_HANDLE_FIELDS, loc, message, "the handle is kept here, and never joined").site(spawn);
    finding = describe::label_spawn(cx, site, finding);
    for end in &fate.ends {
        finding = match end {
            FateEnd::Dropped(at, _) => finding.label(*at, "the handle is dropped here, without being joined"),
            FateEnd::Overwritten(at, _) => finding.label(*at, "the handle is overwritten here, without being joined"),
            FateEnd::Observed(at) => finding.label(*at, "the handle is only looked at here"),
            _ => finding,
        };
    }
    let owner = cx.program.name(field.adt).to_owned();
    if let Some(drop) = cx.program.drop_function(field.adt).filter(|drop| cx.program.is_user(*drop)) {
        finding =
            finding.label(cx.program.name_loc(drop), format!("`{owner}` is dropped without waiting for the thread"));
    }
    let signal = cx.stop_signal(site);
    if let Some(signal) = signal {
        finding = finding.label(signal, "it is told to stop here, and nobody waits until it has");
    }
    finding = finding
        .note(format!("when the `{owner}` goes the thread is detached: it runs on, and a panic in it goes unseen"))
        .help("join the thread when its owner is dropped", describe::drop_that_joins(cx, field, signal));
    sink.emit(finding);
}

fn left_running(cx: &Context<'_>, field: FieldRef, site: HandleSite, closer: DefId, signal: Loc, sink: &mut Sink) {
    let Some(loc) = cx.field_loc(field) else { return };
    let owner = cx.program.name(field.adt).to_owned();
    let text = cx.field_text(field);
    let close = cx.program.path_text(closer);
    let spawn = cx.analysis(site.body).call_loc(site.call);
    let message = format!(
        "only `{close}` stops and joins the thread whose handle is in `{text}`: dropping the `{owner}` leaves it running"
    );
    let mut finding = Diagnostic::new(&UNJOINED_HANDLE_FIELDS, loc, message, "the handle is kept here").site(spawn);
    finding = describe::label_spawn(cx, site, finding);
    finding = finding
        .label(signal, format!("it is told to stop only here, in `{close}`"))
        .note(format!(
            "`{owner}` has no `Drop`: a value that is dropped without `{close}` leaves a thread that nothing can stop"
        ))
        .help("stop and join the thread when its owner is dropped", describe::drop_that_joins(cx, field, Some(signal)));
    sink.emit(finding);
}
