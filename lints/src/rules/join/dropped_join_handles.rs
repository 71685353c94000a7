//! `dropped_join_handles`

use super::describe;
use super::edits::{ends, join_at_end, join_before_assignment, join_what_is_taken};
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{
    Analysis, Context, DropKind, DroppedOwner, Fate, FateEnd, HandleShape, HandleSite, IgnoredHandle, Loss, LostHandle,
    Place,
};
use crate::lint::Sink;
use crate::model::Parent;
use crate::source::Loc;
use crate::syntax::ir::ExprId;
use std::sync::Arc;

declare_lint! {
    /// ### What it does
    /// Finds thread handles that are dropped without a word: the result of a spawn as a statement, `let _ =`, a binding that
    /// is never joined, the handle behind `?`, `.unwrap()` or `.ok()` of a builder, `self.handle.take();`. The handle may
    /// also come from a function of the crate, alone or in a tuple, `Option`, `Result`, `Vec` or struct.
    ///
    /// ### Why is this bad
    /// Dropping a `JoinHandle` detaches the thread. Nobody can wait for it any more: the process may end in the middle of
    /// its work, it may go on using what its owner has shut down, and its panic or its returned error is never seen.
    /// Neither rustc nor Clippy says so, as `JoinHandle` is not `#[must_use]`.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     thread::spawn(|| {
    ///         println!("this line may never be printed");
    ///     });
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     let worker = thread::spawn(|| {
    ///         println!("this line is printed");
    ///     });
    ///     worker.join().expect("the worker panicked");
    /// }
    /// ```
    /// Where a value owns the thread, keep the handle in it and join in its `Drop`. Where threads end with the function, use
    /// `std::thread::scope`. Where nobody has to wait, write that down: `drop(handle)` with a comment.
    ///
    /// ### Known limits
    /// A thread is left alone where the code shows that somebody waits for it, or that nobody has to:
    /// - `drop(handle)` and `mem::forget(handle)` are explicit; see `detached_threads`.
    /// - A comment beside the spawn owns up to it: above the statement or the `let`s that prepare what the thread takes
    ///   along, at the end of its lines, or first thing in the closure. Words such as `detached`, `fire and forget`, `daemon
    ///   thread`, `in the background`, `never joined`, `don't wait for`, `leak the thread`, `until the program ends` count; so
    ///   do such a comment in the method that tells the thread to stop, a binding like `_detached`, and a thread name that
    ///   the settings list as living as long as the process.
    /// - It belongs to the process: it starts while a static is set up, or runs a worker of a library's pool.
    /// - Its end is awaited by other means: a value whose `Drop` counts down, notifies or sends is moved into it; a wait group
    ///   or barrier; a channel that the same function reads without a time-out, if sending is the last thing that the thread
    ///   does or the channel is read to its end, or whose receiver goes to the caller; a function that stops the thread by a
    ///   message and then receives its answer, or returns what receives it;
    ///   a condition variable that the thread notifies, a flag or count that it changes, a message that it sends as the last
    ///   thing it does, and for which somebody else waits.
    ///
    /// A comment that says `TODO`, `FIXME` or `BUG` is no consent. A handle that goes where it cannot be followed (an unknown
    /// macro, a function pointer, another crate) is taken to be joined there. A wait with a time-out is none.
    pub static DROPPED_JOIN_HANDLES = {
        name: "dropped_join_handles", family: Join, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut stored: Vec<(Place, HandleSite, Loc)> = Vec::new();
    for site in &cx.spawns().handles {
        let fate = cx.fate(site.body, site.call);
        stored.extend(fate.ends.iter().filter_map(|end| match end {
            FateEnd::Stored(field, at) => Some((Place::Field(*field), *site, *at)),
            FateEnd::StoredStatic(def, at) if cx.is_plain_static(*def) => Some((Place::Static(*def), *site, *at)),
            _ => None,
        }));
        if is_lost(cx, *site, &fate) && !is_intended(cx, *site) {
            sink.emit(lost_handle(cx, *site, &fate));
        }
    }
    stored.sort_by_key(|(kept, site, _)| (*kept, site.body, site.call));
    stored.dedup_by_key(|(kept, _, _)| *kept);
    for (kept, site, kept_at) in stored {
        lost_from(cx, kept, site, kept_at, sink);
    }
    for site in cx.dropped_owners() {
        dropped_owner(cx, site, sink);
    }
    for ignored in cx.ignored_handles() {
        ignored_handle(cx, ignored, sink);
    }
}

fn is_lost(cx: &Context<'_>, site: HandleSite, fate: &Fate) -> bool {
    let nobody = !fate.may_be_joined() && fate.detaches().next().is_none() && fate.fields().next().is_none();
    nobody || cx.always_overwritten(site).is_some()
}

/// Whether the author says so, or the thread's end is awaited otherwise.
fn is_intended(cx: &Context<'_>, site: HandleSite) -> bool {
    let analysis = cx.analysis(site.body);
    let says_detached =
        |local| cx.program.name_text(analysis.body.owner, analysis.body.local(local).name).contains("detached");
    if cx.owned_up(analysis, site.call).is_some()
        || cx.stop_owned_up(site).is_some()
        || cx.handle_local(site).is_some_and(says_detached)
    {
        return true;
    }
    if cx.completion(site.body, site.call).is_some() {
        return true;
    }
    let Some(spawn) = cx.spawns().behind(site) else { return false };
    let named = cx.thread_name(spawn).is_some_and(|name| cx.settings.process_lifetime_threads.contains(&name));
    let behind = (spawn.body, spawn.call) != (site.body, site.call);
    named
        || cx.belongs_to_process(spawn)
        || behind
            && (cx.owned_up(cx.analysis(spawn.body), spawn.call).is_some()
                || cx.completion(spawn.body, spawn.call).is_some())
}

fn lost_handle(cx: &Context<'_>, site: HandleSite, fate: &Fate) -> Diagnostic {
    let analysis = cx.analysis(site.body);
    let thread = describe::thread(cx, site);
    let call = analysis.call_loc(site.call);
    let dropped = fate.ends.iter().find_map(|end| match end {
        FateEnd::Dropped(loc, kind) => Some((*loc, *kind)),
        _ => None,
    });
    let observed = fate.ends.iter().find_map(|end| match end {
        FateEnd::Observed(loc) => Some(*loc),
        _ => None,
    });
    let new = |headline: &str, label: &str| {
        Diagnostic::new(&DROPPED_JOIN_HANDLES, call, format!("{thread} is detached: {headline}"), label)
    };
    let mut finding = match (dropped, cx.always_overwritten(site), observed) {
        (Some((_, DropKind::Underscore)), ..) if discards_error(cx, analysis, site.call) => new(
            "`let _` drops its handle, and the error if it does not start",
            "both the handle and the error of this call are thrown away",
        )
        .note("if the operating system refuses the thread, nobody notices that it does not run"),
        (Some((_, DropKind::Underscore)), ..) => {
            new("`let _` drops its handle at once", "this handle is dropped at once")
        }
        (Some((loc, DropKind::Unused)), ..) => new("its handle is never used", "the thread starts here")
            .label(loc, "this handle is dropped without being joined"),
        (Some((loc, DropKind::Pattern)), ..) if loc != call => {
            new("its handle is not kept", "the thread starts here").label(loc, "this pattern drops the handle")
        }
        (_, Some(loc), _) if in_next_round(analysis, loc, site.call) => {
            new("its handle is overwritten in the next round of the loop", "the thread starts here")
                .label(loc, "this assignment drops the handle of the round before")
        }
        (None, Some(loc), _) => new("its handle is overwritten before anyone joins it", "the thread starts here")
            .label(loc, "this assignment drops its handle"),
        (None, None, Some(loc)) => new("its handle is used, but never joined", "the thread starts here")
            .label(loc, "the handle is only looked at, and dropped afterwards"),
        _ => new("its handle is dropped", "this handle is dropped at the end of the statement"),
    };
    finding = describe::label_start(cx, site, finding);
    finding = describe::note_loss(cx, site, finding);
    suggest(cx, site, fate, finding)
}

/// Whether the assignment that drops a handle is the one that puts it there.
fn in_next_round(analysis: &Analysis<'_>, target: Loc, call: ExprId) -> bool {
    target.file == analysis.body.file && analysis.statement(call).contains(target.span)
}

/// Whether a spawn that can fail stands under `let _ =` as it is.
fn discards_error(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> bool {
    let ty = analysis.types.ty(call);
    ty.adt().is_some()
        && ty.adt() == cx.program.lang.result
        && matches!(analysis.tree.parent(call), Parent::LetInit(..))
}

fn suggest(cx: &Context<'_>, site: HandleSite, fate: &Fate, finding: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(site.body);
    let adt = describe::starting_type(cx, analysis.body.owner);
    let overwritten = cx.always_overwritten(site).filter(|at| in_next_round(analysis, *at, site.call));
    let mut finding = if let Some(target) = overwritten {
        let name = cx.program.text(target);
        let value = describe::in_one_line(cx, analysis, site.call, site.call);
        let join = describe::join(&cx.joining_at(site), HandleShape::Many, "handles");
        finding.help(
            format!("keep the handles of all rounds instead of `{name}`, and join them after the loop"),
            format!("let mut handles = Vec::new();\n// in the loop\nhandles.push({value});\n// after it\n{join}"),
        )
    } else if let Some(edits) = join_at_end(cx, analysis, site) {
        let message = match describe::is_main(cx, analysis.body.owner) {
            true => "join the thread before `main` returns".to_owned(),
            false => format!("join the thread before `{}` returns", cx.program.name(analysis.body.owner)),
        };
        finding.suggest(message, Applicability::MaybeIncorrect, edits)
    } else if cx.stop_signal(site).is_some_and(|signal| is_here(analysis, signal)) {
        finding.help("keep the handle, and wait for the thread after the signal", join_code(cx, site, fate))
    } else if let Some(adt) = adt {
        let name = cx.program.name(adt);
        let code = describe::keep_and_join(cx, site, adt);
        finding.help(format!("keep the handle in `{name}`, and join it when the value goes"), code)
    } else {
        let help = "join the thread, or return its handle to whoever has to wait for it";
        finding.help(help, join_code(cx, site, fate))
    };
    finding.suggestions.extend(describe::suggest_detach(cx, analysis, site.call));
    finding
}

fn is_here(analysis: &Analysis<'_>, loc: Loc) -> bool {
    loc.file == analysis.body.file && analysis.body.expr(analysis.body.ir.root).span.contains(loc.span)
}

/// The join, with the names at hand.
fn join_code(cx: &Context<'_>, site: HandleSite, fate: &Fate) -> String {
    let analysis = cx.analysis(site.body);
    let unused = fate.ends.iter().find_map(|end| match end {
        FateEnd::Dropped(loc, DropKind::Unused) => Some(*loc),
        _ => None,
    });
    let local = cx.handle_local(site);
    let bound = match (local, unused) {
        (Some(local), _) => cx.program.name_text(analysis.body.owner, analysis.body.local(local).name),
        (None, Some(loc)) => cx.program.text(loc),
        (None, None) => "",
    };
    let value = describe::discarding_statement(analysis, site.call).map(|(_, value)| value);
    let mut code = String::new();
    let (name, shape) = match bound.trim_start_matches('_') {
        "" => {
            let value = value.unwrap_or(site.call);
            code.push_str(&format!("let handle = {};\n", describe::in_one_line(cx, analysis, value, site.call)));
            ("handle", cx.handle_shape(analysis.types.ty(value)))
        }
        bound => (bound, local.map_or(HandleShape::Plain, |local| cx.handle_shape(analysis.types.local(local)))),
    };
    code.push_str("// ..\n");
    let signal = cx.stop_signal(site).filter(|signal| is_here(analysis, *signal));
    if let Some(signal) = signal.and_then(|signal| describe::signal_text(cx, signal)) {
        code.push_str(&format!("{signal}\n"));
    }
    code.push_str(&describe::join(&cx.joining_at(site), shape, name));
    code
}

/// A field or static whose handle is taken out, or replaced by `None`, and dropped: whatever else is done with it elsewhere.
fn lost_from(cx: &Context<'_>, kept: Place, site: HandleSite, kept_at: Loc, sink: &mut Sink) {
    let fate = match kept {
        Place::Field(field) => cx.field_fate(field),
        _ => Arc::new(cx.kept_fate(kept)),
    };
    let lost: Vec<LostHandle> =
        cx.handles_lost_from(&fate).into_iter().filter(|lost| lost.how != Loss::Replaced).collect();
    let Some(first) = lost.first().copied() else { return };
    if is_intended(cx, site) {
        return;
    }
    let thread = describe::thread(cx, site);
    let text = cx.place_text(kept);
    let headline = match first.how {
        Loss::Taken => format!("{thread} is detached: its handle is taken out of `{text}` and dropped"),
        Loss::Emptied | Loss::Replaced => format!("{thread} is detached: its handle in `{text}` is overwritten"),
    };
    let call = cx.analysis(site.body).call_loc(site.call);
    let mut finding = Diagnostic::new(&DROPPED_JOIN_HANDLES, call, headline, "the thread starts here");
    finding = describe::label_start(cx, site, finding).label(kept_at, format!("its handle is kept in `{text}`"));
    for lost in &lost {
        finding = finding.label(lost.loc, "the handle is dropped here, without being joined");
    }
    finding = finding.note("dropping the handle detaches the thread: it runs on, and a panic in it goes unseen");
    const HELP: &str = "join the thread when its handle goes";
    finding = match join_where_lost(cx, &lost).filter(|_| ends(cx, site, None)) {
        Some(edits) => finding.suggest(HELP, Applicability::MaybeIncorrect, edits),
        None => finding.help(HELP, join_what_is_lost(cx, kept, first)),
    };
    sink.emit(finding);
}

/// The joins in the places of the statements that drop handles, where all of them can be written.
fn join_where_lost(cx: &Context<'_>, lost: &[LostHandle]) -> Option<Vec<Edit>> {
    let edit = |lost: &LostHandle| {
        let analysis = cx.analysis(cx.body_at(lost.loc)?.id);
        // Under a guard that the function holds the thread may wait for it.
        if analysis.binds_guard(cx) {
            return None;
        }
        match lost.how {
            Loss::Taken => join_what_is_taken(cx, analysis, lost.loc),
            Loss::Emptied => join_before_assignment(cx, analysis, lost.loc),
            Loss::Replaced => None,
        }
    };
    lost.iter().map(edit).collect()
}

/// The join of what is taken out, or would be overwritten.
fn join_what_is_lost(cx: &Context<'_>, kept: Place, lost: LostHandle) -> String {
    let joining = cx.joining_in(kept);
    let join = |shape: HandleShape, value: &str| describe::join(&joining, shape, value);
    if let Some((body, call)) = cx.call_at(lost.loc) {
        let analysis = cx.analysis(body);
        let text = cx.program.text(analysis.body.expr_loc(call));
        let holds_guard = analysis.parts(call).any(|part| cx.roles().carries_guard(analysis.types.ty(part)));
        let is_optional = cx.handle_shape(analysis.types.ty(call)) == HandleShape::Optional;
        match (is_optional && !text.contains('\n'), holds_guard) {
            (true, false) => return join(HandleShape::Optional, text),
            (true, true) => return format!("let taken = {text};\n{}", join(HandleShape::Optional, "taken")),
            (false, _) => {}
        }
    }
    match (lost.how, kept) {
        (Loss::Taken, Place::Field(field)) if !describe::is_struct(cx, field.adt) => {
            describe::drop_that_joins(cx, field, None)
        }
        (Loss::Taken, Place::Field(field)) => {
            let name = cx.field(field).map_or("handle", |data| cx.program.name_text(field.adt, data.name));
            match cx.field_type(field).map(|ty| cx.handle_shape(ty)) {
                Some(HandleShape::Many) => join(HandleShape::Many, &format!("self.{name}.drain(..)")),
                _ => join(HandleShape::Optional, &format!("self.{name}.take()")),
            }
        }
        (Loss::Taken, _) => {
            let taken = format!("{}.lock().unwrap().take()", cx.place_text(kept));
            format!("let taken = {taken};\n{}", join(HandleShape::Optional, "taken"))
        }
        (Loss::Emptied | Loss::Replaced, _) => {
            join(HandleShape::Optional, &format!("{}.take()", cx.program.text(lost.loc)))
        }
    }
}

/// A handle that a function hands out, and that its caller drops.
fn ignored_handle(cx: &Context<'_>, ignored: IgnoredHandle, sink: &mut Sink) {
    let IgnoredHandle { body, call, giver, field, site } = ignored;
    let analysis = cx.analysis(body);
    if cx.owned_up(analysis, call).is_some() || cx.kept_on_purpose(site) {
        return;
    }
    let (thread, function) = (describe::thread(cx, site), cx.program.path_text(giver));
    let headline = format!("{thread} is detached: the handle that `{function}` hands out is dropped");
    let label = "this call gives the thread's handle, and nobody takes it";
    let mut finding = Diagnostic::new(&DROPPED_JOIN_HANDLES, analysis.call_loc(call), headline, label);
    finding = describe::label_spawn(cx, site, finding);
    if let Some(loc) = cx.field_loc(field) {
        finding = finding.label(loc, "its handle is kept here");
    }
    finding = finding.label(cx.program.name_loc(giver), "this takes it out, and leaves the join to its caller");
    finding = finding.note("dropping the handle detaches the thread: it runs on, and a panic in it goes unseen");
    // Where the thread goes on without being told, the join would hang.
    let may_wait = !analysis.binds_guard(cx) && (cx.stops_things(giver) || ends(cx, site, None));
    let edit = join_what_is_taken(cx, analysis, analysis.call_loc(call)).filter(|_| may_wait);
    finding = match edit {
        Some(edit) => finding.suggest("join the thread here", Applicability::MaybeIncorrect, vec![edit]),
        None => {
            let value = cx.program.text(analysis.body.expr_loc(call));
            let shape = cx.handle_shape(analysis.types.ty(call));
            let joining = cx.joining(analysis.types.ty(call));
            let code = describe::join(&joining, shape, if value.contains('\n') { "handle" } else { value });
            finding.help("join the thread here", code)
        }
    };
    sink.emit(finding);
}

/// A value that owns a handle and is dropped as soon as it is made.
fn dropped_owner(cx: &Context<'_>, site: DroppedOwner, sink: &mut Sink) {
    let analysis = cx.analysis(site.body);
    if cx.owned_up(analysis, site.call).is_some() {
        return;
    }
    let name = cx.program.name(site.field.adt);
    let text = cx.field_text(site.field);
    let (headline, label) = match site.unused {
        None => (
            format!("a `{name}` is dropped as soon as it is made, and its thread is detached"),
            format!("this `{name}` is dropped at the end of the statement"),
        ),
        Some(_) => (
            format!("a `{name}` is never used, and its thread is detached when it goes"),
            format!("this `{name}` starts the thread"),
        ),
    };
    let mut finding = Diagnostic::new(&DROPPED_JOIN_HANDLES, analysis.call_loc(site.call), headline, label);
    if let Some(unused) = site.unused {
        finding = finding.label(unused, "nobody joins the thread through this");
    }
    if let Some(loc) = cx.field_loc(site.field) {
        finding = finding.label(loc, "it holds the thread's handle");
    }
    let value = cx.program.text(analysis.body.expr_loc(site.call));
    let method = cx.joining_method(site.field).filter(|method| cx.owner_of(*method) == Some(site.field.adt));
    let (help, code) = match method {
        Some(method) if !value.contains('\n') => (
            format!("keep the value, and call `{}`", cx.program.path_text(method)),
            format!("let value = {value};\n// ..\nvalue.{}();", cx.program.name(method)),
        ),
        _ => ("keep the value, and join the thread through it".to_owned(), String::new()),
    };
    finding = finding
        .note(format!("`{name}` has no `Drop` that joins: the handle in `{text}` is dropped with it"))
        .help(help, code);
    sink.emit(finding);
}
