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
    /// ```
    /// # use std::{collections::HashMap, sync::Mutex};
    /// # struct State { ids: HashMap<String, u32>, names: Vec<String> }
    /// # fn check(name: &str) -> Result<(), String> { if name.is_empty() { Err(String::new()) } else { Ok(()) } }
    /// fn register(state: &Mutex<State>, name: &str) -> Result<(), String> {
    ///     let mut state = state.lock().unwrap();
    ///     let id = state.names.len() as u32;
    ///     state.ids.insert(name.to_owned(), id);
    ///     check(name)?; // `ids` has the name already, `names` will never have it
    ///     state.names.push(name.to_owned());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Do what can fail first and commit last.
    /// ```
    /// # use std::{collections::HashMap, sync::Mutex};
    /// # struct State { ids: HashMap<String, u32>, names: Vec<String> }
    /// # fn check(name: &str) -> Result<(), String> { if name.is_empty() { Err(String::new()) } else { Ok(()) } }
    /// fn register(state: &Mutex<State>, name: &str) -> Result<(), String> {
    ///     check(name)?;
    ///     let mut state = state.lock().unwrap();
    ///     let id = state.names.len() as u32;
    ///     state.ids.insert(name.to_owned(), id);
    ///     state.names.push(name.to_owned());
    ///     Ok(())
    /// }
    /// ```
    /// Where the order cannot be changed, build the new value beside the old one and assign it at the end, or put the old
    /// value back on the error path.
    ///
    /// ### Known limits
    /// What two writes mean to each other is not known: two writes to the guarded value on one path are taken for one
    /// update. Left alone are counters, collections that only grow, buffers that are cleared first, a write whose own result
    /// decides the exit, and exits on whose way the value is written again or handed to a function that may repair it.
    /// Writes through `&self` of the guarded value (atomics, cells, inner locks) and I/O through it are not counted.
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
    let outer = cx.analysis(found.guard.body);
    let lock = cx.lock_text(found.guard);
    let (exit, how) = exit_of(cx, found);
    let mut diagnostic = Diagnostic::new(
        &TORN_UPDATES,
        exit,
        format!("an error here leaves `{lock}` half updated"),
        format!("{how} between two writes to what the lock protects"),
    );
    let (taken, text) = describe::taken(cx, found.guard);
    diagnostic = diagnostic.label(taken, text);
    if let Some((call, callee)) = found.call {
        diagnostic = diagnostic.label(
            outer.call_loc(call),
            format!("and `{}` is given what it protects", cx.program.path_text(callee)),
        );
    }
    let (first, last) = (found.torn.first, found.torn.last);
    diagnostic = diagnostic
        .label(write_loc(cx, found.body, &first), format!("{} here", done(cx, &first)))
        .label(write_loc(cx, found.body, &last), format!("{} here only if nothing failed", done(cx, &last)));
    let what = first.field.map_or_else(|| lock.clone(), |field| cx.field_text(field));
    let first_text = statement(cx, found.body, first.expr);
    let last_text = statement(cx, found.body, last.expr);
    let failing = cx.program.text(analysis.body.loc(analysis.statement(found.torn.exit.expr)));
    let code = match (first_text, last_text, one_line(failing)) {
        (Some(first), Some(last), Some(failing)) => format!("{failing}\n{first}\n{last}"),
        (Some(first), Some(last), None) => format!("// what can fail\n{first}\n{last}"),
        _ => String::new(),
    };
    sink.emit(
        diagnostic
            .note(format!("the error does not undo the write: the next to lock `{lock}` finds `{what}` changed and the rest not"))
            .help("do what can fail first, then make all the writes", code),
    );
}

/// The short place of the exit, and what it does.
fn exit_of(cx: &Context<'_>, found: &Found<'_>) -> (Loc, &'static str) {
    let analysis = cx.analysis(found.body);
    let expr = found.torn.exit.expr;
    let loc = analysis.body.expr_loc(expr);
    match analysis.expr(expr) {
        Expr::Try(_) => (cx.leaving_loc(analysis, expr), "`?` leaves"),
        Expr::Return(_) => (loc, "the function returns an error"),
        _ => (analysis.call_loc(expr), "the macro may leave with an error"),
    }
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
        WriteKind::Assign | WriteKind::Count => format!("{what} is assigned"),
        WriteKind::Put => format!("{what} is added to"),
        WriteKind::Take => format!("something is taken out of {what}"),
        WriteKind::Clear => format!("{what} is emptied"),
        WriteKind::Call(def) => format!("`{}` writes {what}", cx.program.name(def)),
    }
}

fn statement(cx: &Context<'_>, body: BodyId, expr: ExprId) -> Option<String> {
    let analysis = cx.analysis(body);
    one_line(cx.program.text(analysis.body.loc(analysis.statement(expr))))
}

fn one_line(text: &str) -> Option<String> {
    (text.len() <= 100 && !text.contains('\n')).then(|| text.to_owned())
}
