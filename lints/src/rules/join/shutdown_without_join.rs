//! `shutdown_without_join`

use super::describe;
use super::edits::{guard_free_statement, join_before_assignment, join_here, join_out_of_lock, join_what_is_taken};
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use crate::facts::{AbandonedThread, Analysis, Context, HandleShape, HandleSite, Place};
use crate::lint::Sink;
use crate::model::{DefId, FieldRef, Ty};
use crate::rules::edits::{free_name, laid_out};

declare_lint! {
    /// ### What it does
    /// Finds a `Drop`, `stop`, `shutdown` or `close` that tells a worker thread to stop and then lets go of its handle: it sets
    /// the thread's flag, sends a message, drops the sender or wakes the thread, and nothing ever joins the handle that is
    /// kept, or the same function takes it out and drops it.
    ///
    /// ### Why is this bad
    /// The signal is only a request. The function returns while the thread is still at work: it may write to what the caller
    /// thinks is closed, what it has not finished when `main` returns is lost, and its panic or its error is never seen. The
    /// handle is at hand, so waiting takes one line.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::mpsc::{Sender, channel};
    /// use std::thread::{self, JoinHandle};
    ///
    /// struct Log {
    ///     lines: Option<Sender<String>>,
    ///     writer: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Log {
    ///     fn open() -> Log {
    ///         let (lines, queued) = channel();
    ///         let writer = thread::spawn(move || queued.into_iter().for_each(|line: String| println!("{line}")));
    ///         Log { lines: Some(lines), writer: Some(writer) }
    ///     }
    ///
    ///     fn is_open(&self) -> bool {
    ///         self.writer.is_some()
    ///     }
    /// }
    ///
    /// impl Drop for Log {
    ///     fn drop(&mut self) {
    ///         drop(self.lines.take());
    ///     }
    /// }
    /// # fn main() { Log::open().is_open(); }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::mpsc::{Sender, channel};
    /// use std::thread::{self, JoinHandle};
    ///
    /// struct Log {
    ///     lines: Option<Sender<String>>,
    ///     writer: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Log {
    ///     fn open() -> Log {
    ///         let (lines, queued) = channel();
    ///         let writer = thread::spawn(move || queued.into_iter().for_each(|line: String| println!("{line}")));
    ///         Log { lines: Some(lines), writer: Some(writer) }
    ///     }
    ///
    ///     fn is_open(&self) -> bool {
    ///         self.writer.is_some()
    ///     }
    /// }
    ///
    /// impl Drop for Log {
    ///     fn drop(&mut self) {
    ///         drop(self.lines.take());
    ///         if let Some(writer) = self.writer.take() {
    ///             let _ = writer.join();
    ///         }
    ///     }
    /// }
    /// # fn main() { Log::open().is_open(); }
    /// ```
    /// Where waiting would take too long, say so in a comment, or wait with a bound: let the thread send a last message, and
    /// receive it with a time-out.
    ///
    /// ### Known limits
    /// The signal must be on something that the function which starts the thread gives to both sides: a flag, shared state, the
    /// two ends of a channel; in a function whose name says that it stops things, or through a helper it calls. Left alone are
    /// threads that anything in the workspace joins, `pub` fields of `pub` types of a library, handles that leave through a
    /// function, ends that are awaited otherwise (see `dropped_join_handles`), and a comment on the field, beside the spawn
    /// or in the function that owns up to not waiting.
    pub static SHUTDOWN_WITHOUT_JOIN = {
        name: "shutdown_without_join", family: Join, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for thread in cx.abandoned_threads() {
        report(cx, &thread, sink);
    }
}

fn report(cx: &Context<'_>, thread: &AbandonedThread, sink: &mut Sink) {
    let AbandonedThread { site, kept, signal, dropped } = *thread;
    let analysis = cx.analysis(signal.body);
    let closer = analysis.body.owner;
    let close = cx.program.path_text(closer);
    let worker = describe::thread(cx, site);
    let keeper = match kept {
        Place::Field(field) => Some(field.adt),
        _ => None,
    };
    let is_drop = keeper.is_some_and(|adt| cx.program.drop_function(adt) == Some(closer));
    let told = match (dropped, signal.through, is_drop) {
        (None, None, true) => "told to stop here, and the handle is dropped with `self`",
        (_, None, _) => "told to stop here, and nobody waits until it has",
        (_, Some(_), _) => "this call tells it to stop, and nobody waits until it has",
    };
    let message = match dropped {
        Some(_) => format!("`{close}` tells {worker} to stop and drops its handle, without joining it"),
        None => format!("`{close}` tells {worker} to stop, but nothing ever joins it"),
    };
    let spawn = cx.analysis(site.body).call_loc(site.call);
    let mut finding = Diagnostic::new(&SHUTDOWN_WITHOUT_JOIN, signal.loc, message, told).site(spawn);
    if let Some(loc) = cx.place_loc(kept) {
        finding = finding.label(loc, "the handle is kept here");
    }
    finding = match (site.wrapper, owned_by(cx, site)) {
        (None, Some(owned)) => finding.label(spawn, format!("the thread starts here and owns {owned}")),
        _ => describe::label_spawn(cx, site, finding),
    };
    if let Some(through) = signal.through {
        finding = finding.label(through, "this is the signal");
    }
    if let Some(dropped) = dropped {
        finding = finding.label(dropped, "the handle is dropped here, without being joined");
    } else if let Some(drop) = keeper.and_then(|adt| cx.program.drop_function(adt)).filter(|drop| *drop != closer)
        && let Some(adt) = keeper.filter(|_| cx.program.is_user(drop))
    {
        let name = cx.program.name(adt);
        finding =
            finding.label(cx.program.name_loc(drop), format!("`{name}` is dropped without waiting for the thread"));
    }
    if let Some(value) = describe::lost_value(cx, site) {
        finding = finding.note(value);
    }
    finding = finding.note(format!(
        "the thread may still be at work when `{}` returns: what it has not finished when the process ends is lost, and a panic in it goes unseen",
        cx.program.name(closer)
    ));
    finding = match suggest(cx, thread, analysis) {
        Some(suggestion) => {
            finding.suggestions.push(suggestion);
            finding
        }
        None => help(cx, thread, finding),
    };
    sink.emit(finding);
}

/// What the thread takes along that has an end of its own: files, receivers, buffers; not flags and shared pointers.
fn owned_by(cx: &Context<'_>, site: HandleSite) -> Option<String> {
    let analysis = cx.analysis(site.body);
    let owned: Vec<String> = cx
        .owned_by_thread(site)
        .into_iter()
        .map(|local| format!("`{}`", cx.program.name_text(analysis.body.owner, analysis.body.local(local).name)))
        .take(2)
        .collect();
    (!owned.is_empty()).then(|| owned.join(" and "))
}

/// The join after the signal, as an edit.
fn suggest(cx: &Context<'_>, thread: &AbandonedThread, analysis: &Analysis<'_>) -> Option<Suggestion> {
    let edit = match thread.dropped {
        // Under a guard that the function holds the thread may wait for it.
        Some(_) if analysis.binds_guard(cx) => return None,
        Some(dropped) => {
            join_what_is_taken(cx, analysis, dropped).or_else(|| join_before_assignment(cx, analysis, dropped))?
        }
        None => join_after(cx, thread, analysis)?,
    };
    Some(Suggestion {
        message: "join the thread after the signal".to_owned(),
        applicability: Applicability::MaybeIncorrect,
        edits: vec![edit],
        code: None,
    })
}

/// The join of what the field holds, after the statement of the signal.
fn join_after(cx: &Context<'_>, thread: &AbandonedThread, analysis: &Analysis<'_>) -> Option<Edit> {
    let Place::Field(field) = thread.kept else { return None };
    let closer = analysis.body.owner;
    if let Some(join) = join_through_owner(cx, thread, analysis, field) {
        return Some(join);
    }
    if cx.owner_of(closer) != Some(field.adt) || field.variant != 0 || !describe::is_struct(cx, field.adt) {
        return None;
    }
    let name = cx.field(field).map(|data| cx.program.name_text(field.adt, data.name))?;
    let ty = cx.field_type(field)?;
    let own = cx.handle_shape(ty);
    let (by_value, mutable) = match cx.program.signature(closer)?.self_ty.as_ref()? {
        Ty::Ref(mutable, _) => (false, *mutable),
        own => (own.adt() == Some(field.adt) && cx.program.drop_function(field.adt).is_none(), false),
    };
    let is_mutable =
        mutable || by_value && analysis.body.ir.self_local.is_some_and(|own| analysis.body.local(own).mutable);
    let joining = &cx.joining_in(thread.kept);
    let at = (analysis, joining);
    let place = format!("self.{name}");
    let worker = describe::free_name_for(cx, analysis, name);
    let join = match own {
        HandleShape::Plain if by_value => join_here(cx, at, own, &place, ""),
        HandleShape::Optional if by_value => join_here(cx, at, own, &place, &worker),
        HandleShape::Many if by_value => join_here(cx, at, own, &place, "handle"),
        HandleShape::Optional if is_mutable => join_here(cx, at, own, &format!("{place}.take()"), &worker),
        HandleShape::Many if is_mutable => join_here(cx, at, own, &format!("{place}.drain(..)"), "handle"),
        HandleShape::Other => join_out_of_lock(cx, at, ty, &place, &worker)?,
        HandleShape::Plain | HandleShape::Optional | HandleShape::Many => return None,
    };
    after_signal(cx, thread, analysis, field, &join)
}

/// Code after the last signal, and the last look at the handle: `self.worker.thread().unpark();`
fn after_signal(
    cx: &Context<'_>,
    thread: &AbandonedThread,
    analysis: &Analysis<'_>,
    looked_at: FieldRef,
    join: &str,
) -> Option<Edit> {
    let looks = analysis.types.fields.iter().filter(|(_, (own, _))| *own == looked_at).map(|(expr, _)| *expr);
    let ends = looks.chain([cx.signals_end(&thread.signal, thread.site)]);
    let last = ends.max_by_key(|expr| analysis.body.expr(*expr).span.end)?;
    let (statement, semicolon) = guard_free_statement(cx, analysis, last)?;
    let loc = analysis.body.loc(statement);
    let code = laid_out(cx, loc, &format!("{semicolon}\n{join}"));
    Some(Edit::insert(loc.file, statement.end, code))
}

/// The handle is a field of what a field of the closer's own type holds, alone or in a `Vec`: `self.threads` of a `Pool`, and
/// the `handle` of each of them.
fn join_through_owner(
    cx: &Context<'_>,
    thread: &AbandonedThread,
    analysis: &Analysis<'_>,
    field: FieldRef,
) -> Option<Edit> {
    let closer = analysis.body.owner;
    let owner = cx.owner_of(closer).filter(|owner| *owner != field.adt && describe::is_struct(cx, *owner))?;
    let is_mutable = matches!(cx.program.signature(closer)?.self_ty.as_ref()?, Ty::Ref(true, _));
    let keeper = owner_field(cx, owner, field.adt)?;
    let ty = cx.field_type(keeper)?;
    let (lang, holder) = (&cx.program.lang, ty.adt());
    let many = holder.is_some() && holder == lang.vec;
    if !is_mutable || !many && (holder.is_none() || holder != lang.option) {
        return None;
    }
    let name = |field: FieldRef| cx.field(field).map(|data| cx.program.name_text(field.adt, data.name));
    let (kept, handle) = (name(keeper)?, name(field)?);
    let joining = cx.joining_in(thread.kept);
    let each = free_name(analysis, &["worker", "thread", "each"]);
    // What has a `Drop` of its own cannot be taken apart.
    let has_drop = cx.program.drop_function(field.adt).is_some();
    let inner = match cx.handle_shape(cx.field_type(field)?) {
        HandleShape::Plain if !has_drop => joining.statement(&format!("{each}.{handle}")),
        HandleShape::Optional => {
            let joined = joining.statement(&handle.replace(|letter: char| letter.is_ascii_digit(), "handle"));
            let bound = handle.replace(|letter: char| letter.is_ascii_digit(), "handle");
            format!("if let Some({bound}) = {each}.{handle}.take() {{\n    {joined}\n}}")
        }
        _ => return None,
    };
    let is_plain = cx.handle_shape(cx.field_type(field)?) == HandleShape::Plain;
    let inner = inner.replace('\n', "\n    ");
    let join = match (many, is_plain) {
        (true, true) => format!("for {each} in self.{kept}.drain(..) {{\n    {inner}\n}}"),
        (true, false) => format!("for {each} in &mut self.{kept} {{\n    {inner}\n}}"),
        (false, true) => format!("if let Some({each}) = self.{kept}.take() {{\n    {inner}\n}}"),
        (false, false) => format!("if let Some({each}) = &mut self.{kept} {{\n    {inner}\n}}"),
    };
    after_signal(cx, thread, analysis, keeper, &join)
}

/// The field of a struct that holds values of a type: the value itself, or through `Option`, `Vec` and the like.
fn owner_field(cx: &Context<'_>, owner: DefId, held: DefId) -> Option<FieldRef> {
    let count = cx.program.field_types(owner, 0).len() as u32;
    let mut fields = (0..count).map(|index| FieldRef { adt: owner, variant: 0, index });
    fields.find(|field| {
        cx.field_type(*field)
            .is_some_and(|ty| ty.adt() == Some(held) || ty.args().first().and_then(Ty::adt) == Some(held))
    })
}

fn help(cx: &Context<'_>, thread: &AbandonedThread, finding: Diagnostic) -> Diagnostic {
    let signal = thread.signal;
    let closer = cx.program.body(signal.body).owner;
    let joining = cx.joining_in(thread.kept);
    let field = match thread.kept {
        Place::Field(field) => field,
        other => {
            let place = cx.place_text(other);
            let join = describe::join(&joining, HandleShape::Optional, "worker");
            return finding.help(
                "join the thread after the signal",
                format!("let worker = {place}.lock().unwrap().take();\n{join}"),
            );
        }
    };
    if cx.owner_of(closer) == Some(field.adt) || !describe::is_struct(cx, field.adt) {
        return finding.help(
            "join the thread after the signal, at the latest when its owner is dropped",
            describe::drop_that_joins(cx, field, Some(signal.loc)),
        );
    }
    let (close, keeper) = (cx.program.path_text(closer), cx.program.name(field.adt));
    let name = cx.field(field).map_or("handle", |data| cx.program.name_text(field.adt, data.name));
    let shape = cx.field_type(field).map_or(HandleShape::Plain, |ty| cx.handle_shape(ty));
    let own = cx.owner_of(closer).and_then(|owner| owner_field(cx, owner, field.adt));
    let kept = own.and_then(|own| Some((own, cx.program.name_text(own.adt, cx.field(own)?.name))));
    let is_itself = |own: FieldRef| cx.field_type(own).and_then(Ty::adt) == Some(field.adt);
    let (each, said) = match kept {
        Some((own, kept)) if is_itself(own) => (format!("self.{kept}"), String::new()),
        Some((_, kept)) => ("each".to_owned(), format!("// for `each` in `self.{kept}`\n")),
        None => ("keeper".to_owned(), format!("// for the `{keeper}`, or each of them\n")),
    };
    let join = match shape {
        HandleShape::Plain if each.starts_with("self.") => format!(
            "// with `{name}: Option<{}>`\n{}",
            joining.type_with("()"),
            describe::join(&joining, HandleShape::Optional, &format!("{each}.{name}.take()"))
        ),
        HandleShape::Plain => joining.statement(&format!("{each}.{name}")),
        HandleShape::Many => describe::join(&joining, shape, &format!("{each}.{name}.drain(..)")),
        HandleShape::Optional | HandleShape::Other => describe::join(&joining, shape, &format!("{each}.{name}.take()")),
    };
    finding.help(format!("join the thread in `{close}`, after the signal"), format!("{said}{join}"))
}
