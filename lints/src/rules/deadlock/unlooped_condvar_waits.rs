//! `unlooped_condvar_waits`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, CondvarWait, Context, LostNotify, Place, UnloopedWait, WaitFault};
use crate::lint::Sink;
use crate::model::Parent;
use crate::rules::edits::{free_name, is_free, starts_line};
use crate::rules::text::indentation;
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId, Stmt};

declare_lint! {
    /// ### What it does
    /// Finds a wait on a condition variable that does not look again when it wakes: it stands under an `if` or under nothing,
    /// or all that is asked after it is whether the time is over. Finds too where a flag that waiters look at is set, and they
    /// are notified, without the waiters' lock.
    ///
    /// ### Why is this bad
    /// A condition variable wakes without a notify now and then, and another thread may have taken what was announced before
    /// the woken one has the lock again. Whoever goes on without a look works on something that is not there. And a flag
    /// that changes without the lock can change between a waiter's look and its wait: the notify finds nobody, and the
    /// waiter sleeps for ever.
    ///
    /// ### Example
    /// ```rust
    /// use std::collections::VecDeque;
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Jobs {
    ///     queue: Mutex<VecDeque<u32>>,
    ///     added: Condvar,
    /// }
    ///
    /// impl Jobs {
    ///     fn next(&self) -> u32 {
    ///         let mut queue = self.queue.lock().unwrap();
    ///         if queue.is_empty() {
    ///             queue = self.added.wait(queue).unwrap();
    ///         }
    ///         queue.pop_front().unwrap() // panics when it woke for nothing
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::collections::VecDeque;
    /// use std::sync::{Condvar, Mutex};
    ///
    /// struct Jobs {
    ///     queue: Mutex<VecDeque<u32>>,
    ///     added: Condvar,
    /// }
    ///
    /// impl Jobs {
    ///     fn next(&self) -> u32 {
    ///         let mut queue = self.queue.lock().unwrap();
    ///         while queue.is_empty() {
    ///             queue = self.added.wait(queue).unwrap();
    ///         }
    ///         queue.pop_front().unwrap()
    ///     }
    /// }
    /// ```
    /// Set a flag under the waiters' lock, even where the flag is an atomic:
    /// ```rust
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::sync::{Condvar, Mutex};
    ///
    /// fn stop(lock: &Mutex<()>, stopped: &AtomicBool, changed: &Condvar) {
    ///     let guard = lock.lock().unwrap();
    ///     stopped.store(true, Ordering::Release);
    ///     drop(guard);
    ///     changed.notify_all();
    /// }
    /// ```
    ///
    /// ### Known limits
    /// A function that waits once and does nothing after it is left alone where all its callers call it in loops; one that is
    /// given its caller's guard is judged where it is called. A wait that cannot wake for nothing (parking_lot) is reported
    /// under an `if` whose condition can be undone again. A timed wait whose result is not used is taken for a sleep. A
    /// flag is followed where it is a field, static or local that both sides name.
    pub static UNLOOPED_CONDVAR_WAITS = {
        name: "unlooped_condvar_waits", family: Deadlock, level: Warn, applicability: MachineApplicable, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for unlooped in cx.unlooped_waits() {
        report_wait(cx, &unlooped, sink);
    }
    for lost in cx.lost_notifies() {
        report_notify(cx, &lost, sink);
    }
}

fn report_wait(cx: &Context<'_>, unlooped: &UnloopedWait<'_>, sink: &mut Sink) {
    let wait = unlooped.wait;
    let analysis = cx.analysis(wait.body);
    let condvar = condvar_text(cx, wait);
    let (message, label, note) = match unlooped.fault {
        WaitFault::Once => (
            format!("this wait on {condvar} does not look again when it wakes"),
            "may come back without a notify",
            "a condition variable may wake without a notify, and another thread may be faster to what was announced",
        ),
        WaitFault::Stolen => (
            format!("this wait on {condvar} does not look again when it wakes"),
            "another thread may get the lock first and undo it",
            "between the notify and the moment this thread has the lock again, the condition can change back",
        ),
        WaitFault::OnlyTime => (
            format!("after this wait on {condvar} only the time is asked"),
            "may come back early, with nothing done",
            "a condition variable may wake without a notify: that the time is not over says nothing about the condition",
        ),
        WaitFault::Blind => (
            format!("this loop waits on {condvar} before it looks"),
            "a notify that came before is lost here",
            "what was put in while nobody waited stays there until the next notify",
        ),
    };
    let mut diagnostic = Diagnostic::new(&UNLOOPED_CONDVAR_WAITS, analysis.call_loc(wait.call), message, label);
    if let Some(guard) = cx.guard_of_wait(wait) {
        diagnostic = diagnostic.label(cx.guard_loc(guard), "the lock is taken here");
    }
    if let Some(test) = unlooped.tested_by {
        diagnostic = diagnostic.label(if_keyword(analysis, test), "asked once, before the wait");
    }
    if let Some((body, call)) = wait.via {
        diagnostic = diagnostic.label(cx.analysis(body).call_loc(call), "waits once in there");
    }
    let waker = wait.condvar.and_then(|condvar| {
        cx.condvars().notifies.iter().find(|notify| notify.condvar.is_some_and(|own| own.may_be(condvar)))
    });
    if let Some(waker) = waker {
        diagnostic = diagnostic.label(cx.analysis(waker.body).call_loc(waker.call), "the notify comes from here");
    }
    sink.emit(mend(cx, unlooped, diagnostic.note(note)));
}

fn condvar_text(cx: &Context<'_>, wait: &CondvarWait) -> String {
    wait.condvar.map_or_else(|| "a condition variable".to_owned(), |condvar| format!("`{}`", cx.shared_text(condvar)))
}

fn if_keyword(analysis: &Analysis<'_>, test: ExprId) -> Loc {
    let start = analysis.body.expr(test).span.start;
    analysis.body.loc(Span::new(start, start + 2))
}

/// `if` becomes `while` where that is all; else the code to write.
fn mend(cx: &Context<'_>, unlooped: &UnloopedWait<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let wait = unlooped.wait;
    let analysis = cx.analysis(wait.body);
    if let Some(test) = unlooped.tested_by
        && !wait.timed
        && let Some(applicability) = as_while(analysis, wait, test)
    {
        let edit = Edit::replace(if_keyword(analysis, test), "while");
        return diagnostic.suggest("look again each time it wakes", applicability, vec![edit]);
    }
    let on = match analysis.expr(wait.call) {
        Expr::MethodCall(call) => cx.program.text(analysis.body.expr_loc(call.receiver)),
        _ => "condvar",
    };
    let guard = cx.guard_of_wait(wait).and_then(|guard| guard.track.holders.first().copied());
    let guard =
        guard.map_or("guard", |local| cx.program.name_text(analysis.body.owner, analysis.body.local(local).name));
    match unlooped.fault {
        WaitFault::OnlyTime => diagnostic.help(
            "wait until the condition holds or the time is over, and ask the condition",
            format!("{on}.wait_timeout_while({guard}, timeout, |state| /* not yet */)"),
        ),
        WaitFault::Stolen => diagnostic
            .help("look again each time it wakes", format!("while /* not yet */ {{\n    {on}.wait(&mut {guard});\n}}")),
        WaitFault::Once | WaitFault::Blind => diagnostic.help(
            "keep what is waited for under the lock, and look before and after each wait",
            format!("{on}.wait_while({guard}, |state| /* not yet */)"),
        ),
    }
}

/// How far `while` in the place of `if` may be trusted: it must be a statement without an `else`, and give the guard back
/// to the name that the condition asks.
fn as_while(analysis: &Analysis<'_>, wait: &CondvarWait, test: ExprId) -> Option<Applicability> {
    let Expr::If { then, els: None, .. } = analysis.expr(test) else { return None };
    let is_statement = matches!(analysis.tree.parent(test), Parent::Stmt(..))
        || (matches!(analysis.tree.parent(test), Parent::BlockTail(_)) && analysis.types.ty(test).is_unit());
    if !is_statement || analysis.body.expr(test).in_macro {
        return None;
    }
    let Expr::Block(block) = analysis.expr(*then) else { return None };
    let given = analysis.args(wait.call).first().map(|arg| analysis.peel(*arg));
    let by_value = given.filter(|given| analysis.args(wait.call).first() == Some(given));
    if let Some(given) = by_value {
        let Expr::Local(local) = analysis.expr(given) else { return None };
        let comes_back = block.stmts.iter().any(|stmt| match stmt {
            Stmt::Expr { expr, .. } => match analysis.expr(*expr) {
                Expr::Assign { target, value, compound: false } => {
                    matches!(analysis.expr(*target), Expr::Local(own) if own == local)
                        && analysis.tree.is_inside(wait.call, *value)
                }
                _ => false,
            },
            Stmt::Let { .. } => false,
        });
        if !comes_back {
            return None;
        }
    }
    let alone = block.stmts.len() + usize::from(block.tail.is_some()) == 1;
    Some(if alone { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect })
}

fn report_notify(cx: &Context<'_>, lost: &LostNotify<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(lost.notify.body);
    let waiter = cx.analysis(lost.wait.body);
    let (flag, lock) = (cx.shared_text(lost.flag), cx.shared_text(lost.lock));
    let condvar = condvar_text(cx, lost.wait);
    let mut diagnostic = Diagnostic::new(
        &UNLOOPED_CONDVAR_WAITS,
        analysis.call_loc(lost.notify.call),
        format!("this notify may be lost: `{flag}` changes without the lock of those who wait on {condvar}"),
        format!("`{lock}` is neither held here nor taken since the change"),
    )
    .label(analysis.call_loc(lost.store), format!("`{flag}` changes here"))
    .label(cx.analysis(lost.load.0).call_loc(lost.load.1), "a waiter looks at it here")
    .label(waiter.call_loc(lost.wait.call), "and may not be waiting here yet when the notify comes");
    if let Some(via) = lost.notify.via {
        diagnostic = diagnostic.label(cx.program.name_loc(via), "notifies in here");
    }
    diagnostic = diagnostic.note(
        "a waiter that has looked and does not wait yet misses both the change and the notify, and then waits for ever",
    );
    const HELP: &str = "change it while the waiters' lock is held";
    let locked = lock_beside_flag(cx, analysis, lost);
    let span = analysis.statement(lost.store);
    let is_statement = matches!(analysis.tree.parent(lost.store), Parent::Stmt(..));
    let is_free = is_free(cx, analysis, lost.store, span) && starts_line(cx, analysis.body.file, span.start);
    sink.emit(match locked {
        Some(locked) if is_statement && is_free => {
            let at = analysis.body.loc(span);
            let indent = indentation(cx, at);
            let guard = free_name(analysis, &["guard", "locked", "lock_guard"]);
            let edits = vec![
                Edit::insert(at.file, span.start, format!("let {guard} = {locked};\n{indent}")),
                Edit::insert(at.file, span.end, format!("\n{indent}drop({guard});")),
            ];
            diagnostic.suggest(HELP, Applicability::MaybeIncorrect, edits)
        }
        locked => {
            let store = cx.program.text(analysis.body.expr_loc(lost.store));
            let locked = locked.unwrap_or_else(|| format!("/* lock `{lock}` */"));
            let code = match is_statement && !store.contains('\n') {
                true => format!("let guard = {locked};\n{store};\ndrop(guard);"),
                false => String::new(),
            };
            diagnostic.help(HELP, code)
        }
    });
}

/// The call that takes the waiters' lock, where it is a field of the object whose field the flag is: `self.queue.lock()`.
fn lock_beside_flag(cx: &Context<'_>, analysis: &Analysis<'_>, lost: &LostNotify<'_>) -> Option<String> {
    let (Place::Field(flag), Place::Field(lock)) = (lost.flag.place, lost.lock.place) else { return None };
    let flag_expr = analysis.receiver(cx.program, lost.store)?;
    let (own, _) = analysis.types.fields.get(&flag_expr)?;
    let Expr::Field { base, .. } = analysis.expr(flag_expr) else { return None };
    let is_beside = flag.adt == lock.adt && *own == flag && lost.lock.element.is_none();
    let owner = cx.roles().pointee(analysis.types.ty(*base)).adt();
    if !is_beside || owner != Some(lock.adt) {
        return None;
    }
    let name = cx.program.name_text(lock.adt, cx.field(lock)?.name);
    let base = cx.program.text(analysis.body.expr_loc(*base));
    let (method, poisons) = cx.locking(&cx.roles().pointee(cx.field_type(lock)?))?;
    // Where there is nobody to panic for, the guard may stay in its `Result`.
    let unwrapped = if poisons && !cx.is_drop(analysis.body.owner) { ".unwrap()" } else { "" };
    Some(format!("{base}.{name}.{method}(){unwrapped}"))
}
