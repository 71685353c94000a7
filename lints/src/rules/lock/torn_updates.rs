//! `torn_updates`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Guard, Mode, ParamIndex, State, Torn, Write, WriteKind};
use crate::lint::Sink;
use crate::model::flow::{Action, FlowRoot};
use crate::model::{BodyId, DefId};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds an update that an error cuts in two: a value behind a lock is written, then a `?` or an error `return` can
    /// leave, and only the way that goes on makes the write that would have completed the first. The two writes are looked
    /// for under one exclusive guard, and in functions that are given the guarded value by `&mut`.
    ///
    /// ### Why is this bad
    /// The guard is dropped on the way out, and the lock is free again as if nothing had happened: an error does not even
    /// poison a std lock. The next thread that takes it finds half an update: a value taken out and never put back, an index
    /// without its entry, a name that is registered for something that was refused.
    ///
    /// ### Example
    /// ```rust
    /// use std::collections::HashMap;
    /// use std::sync::Mutex;
    ///
    /// struct State {
    ///     ids: HashMap<String, usize>,
    ///     names: Vec<String>,
    /// }
    ///
    /// fn register(state: &Mutex<State>, name: &str) -> Result<(), String> {
    ///     let mut state = state.lock().unwrap();
    ///     let id = state.names.len();
    ///     state.ids.insert(name.to_owned(), id);
    ///     check(name)?; // `ids` has the name already, `names` will never have it
    ///     state.names.push(name.to_owned());
    ///     Ok(())
    /// }
    /// # fn check(name: &str) -> Result<(), String> { if name.is_empty() { Err(String::new()) } else { Ok(()) } }
    /// ```
    ///
    /// ### Use instead
    /// Do what can fail first and commit last.
    /// ```rust
    /// use std::collections::HashMap;
    /// use std::sync::Mutex;
    ///
    /// struct State {
    ///     ids: HashMap<String, usize>,
    ///     names: Vec<String>,
    /// }
    ///
    /// fn register(state: &Mutex<State>, name: &str) -> Result<(), String> {
    ///     check(name)?;
    ///     let mut state = state.lock().unwrap();
    ///     let id = state.names.len();
    ///     state.ids.insert(name.to_owned(), id);
    ///     state.names.push(name.to_owned());
    ///     Ok(())
    /// }
    /// # fn check(name: &str) -> Result<(), String> { if name.is_empty() { Err(String::new()) } else { Ok(()) } }
    /// ```
    /// Where the order cannot be changed, build the new value beside the old one and assign it at the end, or put the old
    /// value back on the error path.
    ///
    /// ### Known limits
    /// What two writes mean to each other is guessed: they are one update where the second is made of what the first took
    /// out, where both assign one place, and where both are made of the same value. Left alone are counters, collections
    /// that only grow, buffers that are cleared, a removal before something new is put in, a first write that is made on
    /// some ways only, a write whose own result decides the exit, and exits on whose way the value is written again or handed
    /// to a function that may repair it. Writes through `&self` of the guarded value (atomics, cells, inner locks) and I/O
    /// through it are not counted.
    pub(crate) static TORN_UPDATES = {
        name: "torn_updates", family: Lock, level: Warn, applicability: HelpOnly, check: check,
    };
}

/// A torn update with the guard it happens under.
struct Found<'g> {
    guard: &'g Guard,
    body: BodyId,
    torn: Torn,
    /// The call that gives the guarded value to the function with the update.
    call: Option<(ExprId, DefId)>,
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<Loc> = FxHashSet::default();
    for guard in cx.guards().all() {
        if guard.mode != Mode::Exclusive || mends_itself(cx, guard) || cx.is_unshared(guard) {
            continue;
        }
        let state = State::of_guard(guard);
        let own = cx.torn_update(guard.body, guard.root, &state, &|node| guard.is_live(node));
        let own = own.map(|torn| Found { guard, body: guard.body, torn, call: None });
        for found in own.into_iter().chain(in_callees(cx, guard, &state)) {
            if reported.insert(cx.analysis(found.body).body.expr_loc(found.torn.exit.expr)) {
                report(cx, &found, sink);
            }
        }
    }
}

/// A holder with a `Drop` of its own may put the value right.
fn mends_itself(cx: &Context<'_>, guard: &Guard) -> bool {
    let types = &cx.analysis(guard.body).types;
    guard.track.holders.iter().any(|local| {
        types.local(*local).adt().is_some_and(|adt| cx.program.is_user(adt) && cx.program.drop_function(adt).is_some())
    })
}

/// Torn updates in the functions that are given the guarded value while the guard lives.
fn in_callees<'g>(cx: &Context<'_>, guard: &'g Guard, state: &State) -> Vec<Found<'g>> {
    let analysis = cx.analysis(guard.body);
    let flow = cx.guard_flow(guard);
    let mut found = Vec::new();
    for (node, action) in flow.nodes() {
        let Action::Eval(call) = action else { continue };
        if !guard.is_live(node) || !matches!(analysis.expr(call), Expr::Call { .. } | Expr::MethodCall(_)) {
            continue;
        }
        let Some(callee) = analysis.callee(call).filter(|callee| cx.program.is_user(*callee)) else { continue };
        let Some(body) = cx.program.body_of(callee) else { continue };
        if !cx.is_error_passed_on(analysis, call) {
            continue;
        }
        let given: Vec<ParamIndex> = cx.given_state(analysis, state, call, callee).map(|(param, _)| param).collect();
        for param in given {
            let Some(inner) = State::of_param(cx.analysis(body), param) else { continue };
            if let Some(torn) = cx.torn_update(body, FlowRoot::Body, &inner, &|_| true) {
                found.push(Found { guard, body, torn, call: Some((call, callee)) });
            }
        }
    }
    found
}

fn report(cx: &Context<'_>, found: &Found<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(found.body);
    let lock = cx.lock_text(found.guard);
    let Torn { first, exit, last } = found.torn;
    let how = match analysis.expr(exit.expr) {
        Expr::Try(_) => "`?` leaves",
        Expr::Return(_) => "the function returns an error",
        _ => "the macro may leave with an error",
    };
    let mut diagnostic = Diagnostic::new(
        &TORN_UPDATES,
        cx.leaving_loc(analysis, exit.expr),
        format!("an error here leaves `{lock}` half updated"),
        format!("{how} between two writes to what the lock protects"),
    );
    let (taken, text) = describe::taken(cx, found.guard);
    diagnostic = diagnostic.label(taken, text);
    if let Some((call, callee)) = found.call {
        let given = format!("`{}` is given what it protects", cx.program.path_text(callee));
        diagnostic = diagnostic.label(cx.analysis(found.guard.body).call_loc(call), given);
    }
    diagnostic = diagnostic
        .label(write_loc(cx, found.body, &first), format!("{} here", done(cx, &first)))
        .label(write_loc(cx, found.body, &last), format!("{} here only if nothing failed", done(cx, &last)));
    let what = first.field.map_or_else(|| "it".to_owned(), |field| format!("`{}`", cx.field_text(field)));
    let note = format!(
        "the error does not undo the first write: the next to lock `{lock}` finds {what} changed and the rest not"
    );
    let help = match first.kind {
        WriteKind::Take => "make the new value first, and take the old one out when nothing can fail any more",
        _ => "do what can fail first, then make all the writes",
    };
    sink.emit(diagnostic.note(note).help(help, reordered(cx, found)));
}

/// The failing statement, then the two writes, where each is a short statement of its own.
fn reordered(cx: &Context<'_>, found: &Found<'_>) -> String {
    let analysis = cx.analysis(found.body);
    let Torn { first, exit, last } = found.torn;
    let spans = [exit.expr, first.expr, last.expr].map(|expr| analysis.statement(expr));
    let nested = spans
        .iter()
        .enumerate()
        .any(|(at, span)| spans.iter().enumerate().any(|(other, inner)| at != other && span.contains(*inner)));
    if nested || !matches!(analysis.expr(exit.expr), Expr::Try(_)) {
        return String::new();
    }
    let statements: Option<Vec<&str>> =
        [exit.expr, first.expr, last.expr].iter().map(|expr| describe::statement(cx, analysis, *expr)).collect();
    statements.map_or_else(String::new, |statements| statements.join("\n"))
}

fn write_loc(cx: &Context<'_>, body: BodyId, write: &Write) -> Loc {
    let analysis = cx.analysis(body);
    match analysis.expr(write.expr) {
        Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
        _ => analysis.call_loc(write.expr),
    }
}

fn done(cx: &Context<'_>, write: &Write) -> String {
    let what = write.field.map_or_else(|| "the value".to_owned(), |field| format!("`{}`", cx.field_text(field)));
    match write.kind {
        WriteKind::Assign | WriteKind::Count => format!("{what} is changed"),
        WriteKind::Put => format!("{what} is added to"),
        WriteKind::Take => format!("something is taken out of {what}"),
        WriteKind::Clear => format!("{what} is emptied"),
        WriteKind::Call(def) => format!("`{}` changes {what}", cx.program.name(def)),
    }
}
