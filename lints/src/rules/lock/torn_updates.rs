//! `torn_updates`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Bond, Context, Guard, Mode, ParamIndex, State, Torn, Write, WriteKind};
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
    /// out or fills what it emptied, where one value goes into two places, where one adds what the other takes away (under
    /// two guards too) or counts what is in the other, where the first sets a mark that turns others away, and where both set
    /// fields of one struct that other code reads together, or the first of which is tested only in between. The second has
    /// to be made on every way on. Left alone are counters, collections that only grow, scratch buffers that every user
    /// clears, a removal before something new is put in, marks and times that are noted beside the value, states that other
    /// code knows, a first write that is made on some ways only or made anew, a write whose own result decides the exit, what
    /// is done to make good after another error, steps of functions that merely work with the same things, and exits on whose
    /// way the value is written again or handed to a function that may repair it. Writes through `&self` of the guarded value
    /// (atomics, cells, inner locks) and I/O through it are not counted.
    pub static TORN_UPDATES = {
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
        let own = cx.torn_update(guard.body, guard.root, &state, guard.place, &|node| guard.is_live(node));
        let own = own.map(|torn| Found { guard, body: guard.body, torn, call: None });
        for found in own.into_iter().chain(in_callees(cx, guard, &state)).chain(between_two(cx, guard)) {
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

/// A transfer from what one guard protects to what a second, which is taken later, does.
fn between_two<'g>(cx: &Context<'_>, guard: &'g Guard) -> Option<Found<'g>> {
    let others = cx.guards().of(guard.body).iter().filter(|other| {
        other.call != guard.call && other.root == guard.root && other.mode == Mode::Exclusive && guard.call < other.call
    });
    others.into_iter().find_map(|other| {
        let state = State::of_both(guard, other);
        let torn = cx.torn_update(guard.body, guard.root, &state, None, &|node| guard.is_live(node))?;
        (torn.bond == Bond::Transfer).then_some(Found { guard, body: guard.body, torn, call: None })
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
            if let Some(torn) = cx.torn_update(body, FlowRoot::Body, &inner, None, &|_| true) {
                found.push(Found { guard, body, torn, call: Some((call, callee)) });
            }
        }
    }
    found
}

fn report(cx: &Context<'_>, found: &Found<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(found.body);
    let lock = cx.lock_text(found.guard);
    let Torn { first, exit, last, bond, commutes } = found.torn;
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
    diagnostic =
        diagnostic.label(write_loc(cx, found.body, &first), format!("{} here", done(cx, found.body, &first))).label(
            write_loc(cx, found.body, &last),
            format!("{} here only if nothing failed", done(cx, found.body, &last)),
        );
    if let Bond::ReadTogether(body, expr) = bond {
        let reader = cx.analysis(body);
        let text = format!("`{}` reads the two together", cx.program.path_text(reader.body.owner));
        diagnostic = diagnostic.label(reader.call_loc(expr), text);
    }
    if let Bond::Counted(body, expr) = bond {
        let other = cx.analysis(body);
        let text = format!("`{}` takes from both", cx.program.path_text(other.body.owner));
        diagnostic = diagnostic.label(other.call_loc(expr), text);
    }
    sink.emit(diagnostic.note(consequence(cx, found, &lock)).help(cure(bond, &first, commutes), reordered(cx, found)));
}

fn consequence(cx: &Context<'_>, found: &Found<'_>, lock: &str) -> String {
    let what = found.torn.first.field.map_or_else(|| "it".to_owned(), |field| format!("`{}`", cx.field_text(field)));
    match found.torn.bond {
        Bond::Taken => format!(
            "the error drops what was taken out: the next to lock `{lock}` finds it neither where it was nor where it was to go"
        ),
        Bond::Transfer => "the error does not undo the first write: what was moved is missing from then on".to_owned(),
        Bond::Refilled => format!(
            "the error does not bring the old contents back: the next to lock `{lock}` finds {what} empty, or filled in part"
        ),
        _ => format!(
            "the error does not undo the first write: the next to lock `{lock}` finds {what} changed and the rest not"
        ),
    }
}

fn cure(bond: Bond, first: &Write, commutes: bool) -> &'static str {
    match bond {
        Bond::Refilled => "fill a new collection first, and assign it when nothing can fail any more",
        Bond::SamePlace => {
            "make what is to be there in the end first, and assign it once; or set it right before the error leaves"
        }
        Bond::Taken => {
            "use it where it is, and take it out when nothing can fail any more; or put it back before the error leaves"
        }
        _ if first.kind == WriteKind::Take => {
            "make the new value first, and take the old one out when nothing can fail any more"
        }
        _ if commutes => "do what can fail first, then make all the writes",
        _ => "make all the writes when nothing can fail any more, or undo the first before the error leaves",
    }
}

/// The failing statement, then the two writes, where each is a short statement of its own, and what fails does not need
/// the first.
fn reordered(cx: &Context<'_>, found: &Found<'_>) -> String {
    let analysis = cx.analysis(found.body);
    let Torn { first, exit, last, commutes, .. } = found.torn;
    let spans = [exit.expr, first.expr, last.expr].map(|expr| analysis.statement(expr));
    let nested = spans
        .iter()
        .enumerate()
        .any(|(at, span)| spans.iter().enumerate().any(|(other, inner)| at != other && span.contains(*inner)));
    // What fails may be done with what the first write gave, or between two that cannot stand together.
    let needs_first = matches!(found.torn.bond, Bond::Taken | Bond::Placeholder | Bond::Refilled | Bond::SamePlace);
    if nested || needs_first || !commutes || !matches!(analysis.expr(exit.expr), Expr::Try(_)) {
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

fn done(cx: &Context<'_>, body: BodyId, write: &Write) -> String {
    let what = write.field.map_or_else(|| "the value".to_owned(), |field| format!("`{}`", cx.field_text(field)));
    match write.kind {
        WriteKind::Assign | WriteKind::Count => format!("{what} is changed"),
        WriteKind::Put => format!("{what} is added to"),
        WriteKind::Take => format!("something is taken out of {what}"),
        // `retain(..)`, `truncate(..)`
        WriteKind::Clear if !cx.analysis(body).args(write.expr).is_empty() => {
            format!("something is taken out of {what}")
        }
        WriteKind::Clear => format!("{what} is emptied"),
        WriteKind::Call(def) => format!("`{}` changes {what}", cx.program.name(def)),
    }
}
