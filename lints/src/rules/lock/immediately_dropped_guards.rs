//! `immediately_dropped_guards`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Context, Discarded, DiscardedGuard};
use crate::lint::Sink;
use crate::source::Loc;

declare_lint! {
    /// ### What it does
    /// Finds a `_` that drops a guard, a permit or another value that does its work until it is dropped: the guard of an
    /// async or spin lock, a semaphore's permit, an entered span or runtime, the worker guard of a logger, a guard type of
    /// the crate's own. The guards of std and parking_lot are left to rustc's and Clippy's `let_underscore_lock`.
    ///
    /// ### Why is this bad
    /// `_` is no name: what it is given is dropped at the end of the statement. The lock is free again before the next
    /// line, the permit is back, the span is left, the logger's thread is stopped, and what the guard was meant to cover
    /// runs without it.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// static BUSY: AtomicUsize = AtomicUsize::new(0);
    ///
    /// struct Busy(&'static AtomicUsize);
    ///
    /// impl Busy {
    ///     fn start() -> Busy {
    ///         BUSY.fetch_add(1, Ordering::SeqCst);
    ///         Busy(&BUSY)
    ///     }
    /// }
    ///
    /// impl Drop for Busy {
    ///     fn drop(&mut self) {
    ///         BUSY.fetch_sub(1, Ordering::SeqCst);
    ///     }
    /// }
    ///
    /// let _ = Busy::start(); // over again at the semicolon
    /// println!("{} at work", BUSY.load(Ordering::SeqCst));
    /// ```
    ///
    /// ### Use instead
    /// Give it a name; one that starts with an underscore is enough.
    /// ```rust
    /// # struct Busy;
    /// # impl Busy {
    /// #     fn start() -> Busy {
    /// #         Busy
    /// #     }
    /// # }
    /// let _busy = Busy::start(); // lives to the end of the block
    /// println!("at work");
    /// ```
    /// Where only the wait is wanted, `drop(lock.lock().await)` says so.
    ///
    /// ### Known limits
    /// Where nothing is done after it in its block, there is nothing that the guard could cover, and nothing is said; nor of
    /// a semaphore that other code closes or adds permits to, nor where a comment at the statement says that it waits. A
    /// type of the crate's own is taken for a guard where a guard of a lock is in it, or where its `Drop` gives back the
    /// flag, count, raw lock or thread-local that the call took.
    pub static IMMEDIATELY_DROPPED_GUARDS = {
        name: "immediately_dropped_guards", family: Lock, level: Deny, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for discarded in cx.discarded_guards() {
        report(cx, &discarded, sink);
    }
}

fn report(cx: &Context<'_>, discarded: &DiscardedGuard, sink: &mut Sink) {
    let analysis = cx.analysis(discarded.body);
    let ty = cx.program.name(discarded.ty);
    let (message, name, note) = match discarded.kind {
        Discarded::Guard => {
            let lock =
                discarded.place.map_or_else(|| "the lock".to_owned(), |place| format!("`{}`", cx.place_text(place)));
            let note = format!("{lock} is free again before the next statement, which runs without it");
            (format!("this `_` unlocks {lock} at once"), "_guard", note)
        }
        Discarded::Permit => {
            let note = "the permit is back before the next statement, so nothing is limited".to_owned();
            ("this `_` gives the permit back at once".to_owned(), "_permit", note)
        }
        Discarded::Scope | Discarded::Own(_) => {
            let note = format!("`{ty}` does its work until it is dropped, and what follows runs without it");
            (format!("this `_` drops the `{ty}` at once"), "_guard", note)
        }
    };
    let head = Loc::new(analysis.body.file, discarded.head);
    let mut diagnostic =
        Diagnostic::new(&IMMEDIATELY_DROPPED_GUARDS, head, message, "dropped at the end of this statement")
            .label(cx.discard_loc(discarded), "made here")
            .note(note);
    if let Discarded::Own(own) = discarded.kind
        && let Some(drop) = cx.program.drop_function(own)
    {
        diagnostic = diagnostic.label(cx.program.name_loc(drop), format!("what `{ty}` does runs to its end here"));
    }
    const HELP: &str = "give it a name, and it lives to the end of the block";
    let name = free_name(cx, analysis, name);
    sink.emit(match discarded.wild {
        Some(wild) => {
            let edit = Edit::replace(Loc::new(analysis.body.file, wild), name);
            diagnostic.suggest(HELP, Applicability::MaybeIncorrect, vec![edit])
        }
        None => diagnostic.help(HELP, format!("let {name} = /* … */;")),
    });
}

/// A name that no other local of the body has.
fn free_name(cx: &Context<'_>, analysis: &Analysis<'_>, wanted: &str) -> String {
    let taken: Vec<&str> =
        analysis.body.ir.locals.iter().map(|local| cx.program.name_text(analysis.body.owner, local.name)).collect();
    let mut name = wanted.to_owned();
    let mut count = 2;
    while taken.contains(&name.as_str()) {
        name = format!("{wanted}{count}");
        count += 1;
    }
    name
}
