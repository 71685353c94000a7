//! `skipped_unlocks`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, Context, Hold, HoldKind, Place, SkippedExit, word};
use crate::lint::Sink;
use crate::source::Loc;
use crate::syntax::ir::{BlockKind, Expr, ExprId, TypeRef};

declare_lint! {
    /// ### What it does
    /// Finds what is taken without a guard and given back by hand, where a `?`, a `return`, a `break` or a panicking
    /// callback between the two skips giving it back. That may be a raw lock of `lock_api`, a guard or permit that was
    /// forgotten and is to be given back by hand, a pthread mutex, a lock on a file, a pair of methods of the crate's own, a
    /// flag that is set while something is in progress, atomic or behind a lock, an entry in a set that says the same, or a
    /// count that is raised and lowered again.
    ///
    /// ### Why is this bad
    /// The lock stays taken, the flag stays set, the count stays up, and no owner is left who could put it right: everybody
    /// who waits for it waits for ever.
    ///
    /// ### Example
    /// ```rust
    /// use std::io;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// struct Saver {
    ///     saving: AtomicBool,
    /// }
    ///
    /// impl Saver {
    ///     fn save(&self) -> io::Result<()> {
    ///         if self.saving.swap(true, Ordering::Acquire) {
    ///             return Ok(()); // somebody else is at it
    ///         }
    ///         write()?; // after an error nobody ever saves again
    ///         self.saving.store(false, Ordering::Release);
    ///         Ok(())
    ///     }
    /// }
    /// # fn write() -> io::Result<()> { Ok(()) }
    /// ```
    ///
    /// ### Use instead
    /// Give it back in a `Drop`, which runs on every way out.
    /// ```rust
    /// use std::io;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// struct Saver {
    ///     saving: AtomicBool,
    /// }
    ///
    /// struct Saving<'a>(&'a AtomicBool);
    ///
    /// impl Drop for Saving<'_> {
    ///     fn drop(&mut self) {
    ///         self.0.store(false, Ordering::Release);
    ///     }
    /// }
    ///
    /// impl Saver {
    ///     fn save(&self) -> io::Result<()> {
    ///         if self.saving.swap(true, Ordering::Acquire) {
    ///             return Ok(());
    ///         }
    ///         let _saving = Saving(&self.saving);
    ///         write()
    ///     }
    /// }
    /// # fn write() -> io::Result<()> { Ok(()) }
    /// ```
    ///
    /// ### Known limits
    /// Taking and giving back must stand in one function (or one closure): what one function takes and another gives back is
    /// held on purpose. Flags count only where some code tests them, and counts where some code reads them; a flag that tells
    /// a loop to end is meant to stay. A value with a `Drop` that gives it back is enough, unless a method that uses the
    /// value up is called on the way out. A file that is closed on the way out is unlocked with it. Of panics, only those of
    /// callbacks are looked at. A flag that is set and cleared under one guard is left to `torn_updates`.
    pub static SKIPPED_UNLOCKS = {
        name: "skipped_unlocks", family: Lock, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for hold in cx.skipped_releases() {
        report(cx, &hold, sink);
    }
}

fn report(cx: &Context<'_>, hold: &Hold, sink: &mut Sink) {
    let analysis = cx.analysis(hold.body);
    let name = cx.place_text(hold.place);
    let (exit, how) = exit_of(cx, hold);
    let (message, taken, given, consequence) = match hold.kind {
        HoldKind::Flag => (
            format!("`{name}` stays set when {how}"),
            "set here".to_owned(),
            "cleared here, which that way skips".to_owned(),
            format!("whoever tests `{name}` finds the work in progress for ever"),
        ),
        HoldKind::Count => (
            format!("`{name}` stays raised when {how}"),
            "raised here".to_owned(),
            "lowered here, which that way skips".to_owned(),
            format!("`{name}` counts something that is over: it is too high from then on, and never falls to nothing"),
        ),
        HoldKind::Entry => (
            format!("`{name}` keeps its entry when {how}"),
            "entered here".to_owned(),
            "removed here, which that way skips".to_owned(),
            "whoever finds the entry takes the work for one in progress, for ever".to_owned(),
        ),
        HoldKind::Permit => (
            format!("a permit of `{name}` stays taken when {how}"),
            "taken here".to_owned(),
            "given back here, which that way skips".to_owned(),
            format!("`{name}` has one permit less from then on, and in the end none"),
        ),
        HoldKind::Raw | HoldKind::Forgotten | HoldKind::Own => (
            format!("`{name}` stays locked when {how}"),
            match hold.forgotten {
                Some(_) => "locked here".to_owned(),
                None => "locked here, without a guard".to_owned(),
            },
            "unlocked here, which that way skips".to_owned(),
            format!("nobody is left who could unlock `{name}`: the next to lock it waits for ever"),
        ),
    };
    let mut diagnostic = Diagnostic::new(&SKIPPED_UNLOCKS, analysis.call_loc(hold.acquire), message, taken);
    if let Some(forgotten) = hold.forgotten {
        diagnostic = diagnostic.label(analysis.call_loc(forgotten), "forgotten here");
    }
    sink.emit(
        diagnostic
            .label(exit, exit_text(hold.exit))
            .label(release_loc(analysis, hold.release), given)
            .note(consequence)
            .help("give it back in a `Drop`, which runs on every way out", guard_type(cx, hold)),
    );
}

fn release_loc(analysis: &Analysis<'_>, release: ExprId) -> Loc {
    match analysis.expr(release) {
        Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
        _ => analysis.call_loc(release),
    }
}

/// A type whose `Drop` makes the call that gives it back: on the object alone where the call needs nothing else, otherwise a
/// closure of what is written there.
fn guard_type(cx: &Context<'_>, hold: &Hold) -> String {
    let on_object = guard_of_object(cx, hold);
    if !on_object.is_empty() {
        return on_object;
    }
    let analysis = cx.analysis(hold.body);
    let Some(release) = describe::statement(cx, analysis, hold.release).filter(|text| text.ends_with(';')) else {
        return String::new();
    };
    format!(
        "struct OnDrop<F: FnMut()>(F);\nimpl<F: FnMut()> Drop for OnDrop<F> {{\n    fn drop(&mut self) {{\n        (self.0)();\n    }}\n}}\n\
         // right after it is taken\nlet _release = OnDrop(|| {{\n    {release}\n}});"
    )
}

/// A type whose `Drop` makes the call that gives it back, where the call needs nothing but the object.
fn guard_of_object(cx: &Context<'_>, hold: &Hold) -> String {
    let analysis = cx.analysis(hold.body);
    let Expr::MethodCall(call) = analysis.expr(hold.release) else { return String::new() };
    let is_plain = |arg: &ExprId| matches!(analysis.expr(*arg), Expr::Literal(_) | Expr::Path(_));
    if hold.kind == HoldKind::Entry || !call.args.iter().all(is_plain) {
        return String::new();
    }
    let receiver = cx.program.text(analysis.body.expr_loc(call.receiver));
    let Some(release) = describe::code(cx, analysis, hold.release).and_then(|text| text.strip_prefix(receiver)) else {
        return String::new();
    };
    let in_unsafe = analysis.tree.ancestors(hold.release).any(|around| match analysis.expr(around) {
        Expr::Block(block) => block.kind == BlockKind::Unsafe,
        _ => false,
    });
    let release = if in_unsafe { format!("unsafe {{ self.0{release} }}") } else { format!("self.0{release}") };
    let by_method = analysis.callee(hold.release).is_some_and(|callee| cx.program.is_user(callee));
    let held = if by_method { None } else { held_type(cx, hold) };
    let named = || {
        let ty = cx.roles().pointee(analysis.types.ty(call.receiver));
        // `AtomicUsize` is another name for a type of the catalogue.
        let adt = ty.adt().filter(|_| !cx.roles().says(&ty, word::FLAG))?;
        Some(cx.program.name(adt))
    };
    let Some(held) = held.or_else(named) else { return String::new() };
    let borrowed = if receiver == "self" { receiver.to_owned() } else { format!("&{receiver}") };
    format!(
        "struct Release<'a>(&'a {held});\nimpl Drop for Release<'_> {{\n    fn drop(&mut self) {{\n        {release};\n    }}\n}}\n\
         // right after it is taken\nlet _release = Release({borrowed});"
    )
}

/// The type of what is held, as its declaration names it: inside `Arc` and `Box`.
fn held_type<'c>(cx: &'c Context<'_>, hold: &Hold) -> Option<&'c str> {
    let Place::Field(field) = hold.place else { return None };
    let mut written = &cx.field(field)?.ty;
    let mut ty = cx.program.field_types(field.adt, field.variant).get(field.index as usize)?.clone();
    let held = cx.roles().pointee(&ty);
    loop {
        let TypeRef::Path(path) = written else { return None };
        if ty == held {
            return Some(cx.program.text(Loc::new(cx.program.file(field.adt), path.span)));
        }
        ty = cx.program.deref(&ty)?;
        written = path.segments.last()?.args.as_deref()?.types.first()?;
    }
}

/// Where the way out is, and how a headline names it.
fn exit_of(cx: &Context<'_>, hold: &Hold) -> (Loc, &'static str) {
    let analysis = cx.analysis(hold.body);
    match hold.exit {
        SkippedExit::Try(expr) => (cx.leaving_loc(analysis, expr), "`?` leaves"),
        SkippedExit::Macro(expr) => (cx.leaving_loc(analysis, expr), "this macro leaves"),
        SkippedExit::Jump(expr) => (
            cx.leaving_loc(analysis, expr),
            match analysis.expr(expr) {
                Expr::Return(_) => "this `return` leaves",
                Expr::Break { .. } => "this `break` leaves",
                _ => "this `continue` skips the rest",
            },
        ),
        SkippedExit::Panic(site) => (cx.analysis(site.body).call_loc(site.expr), "a callback panics"),
    }
}

fn exit_text(exit: SkippedExit) -> &'static str {
    match exit {
        SkippedExit::Try(_) => "an error leaves here",
        SkippedExit::Macro(_) => "the macro may leave here",
        SkippedExit::Jump(_) => "this way out skips it",
        SkippedExit::Panic(_) => "the callback may panic here",
    }
}
