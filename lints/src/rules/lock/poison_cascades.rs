//! `poison_cascades`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{
    Analysis, Context, Guard, Mode, PanicCause, PanicSearch, PanicSite, PanicStep, Place, Poison, PoisonVictims, State,
};
use crate::lint::Sink;
use crate::model::Parent;
use crate::model::flow::Action;
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a panic that input can cause while a std `Mutex` guard or `RwLock` write guard lives, where other code unwraps
    /// the same lock. Such panics are an explicit `panic!` or `assert!`, an `unwrap` of an I/O or parse error or of an
    /// argument, an index that a caller passes, a callback or plug-in of the user's, and `thread::spawn`, which panics when
    /// the operating system refuses a thread; in the function that holds the guard, or in one that it calls.
    ///
    /// ### Why is this bad
    /// The panic poisons the lock. Every `lock().unwrap()` after it panics too, on other threads and with a message that
    /// names none of the cause; in a `Drop` that runs while unwinding it aborts the process. One bad input takes down
    /// everything that shares the lock.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// struct Hooks {
    ///     hooks: Mutex<Vec<Box<dyn Fn(&str) + Send>>>,
    /// }
    ///
    /// impl Hooks {
    ///     fn fire(&self, event: &str) {
    ///         for hook in self.hooks.lock().unwrap().iter() {
    ///             hook(event); // a panicking hook poisons `hooks`
    ///         }
    ///     }
    ///
    ///     fn add(&self, hook: Box<dyn Fn(&str) + Send>) {
    ///         self.hooks.lock().unwrap().push(hook); // and this panics from then on
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Take what is needed out of the lock, and do what can panic without it.
    /// ```rust
    /// use std::sync::{Arc, Mutex, PoisonError};
    ///
    /// struct Hooks {
    ///     hooks: Mutex<Vec<Arc<dyn Fn(&str) + Send + Sync>>>,
    /// }
    ///
    /// impl Hooks {
    ///     fn fire(&self, event: &str) {
    ///         let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner).clone();
    ///         for hook in hooks {
    ///             hook(event);
    ///         }
    ///     }
    /// }
    /// ```
    /// Where the value behind the lock is whole at every point, `unwrap_or_else(PoisonError::into_inner)` says so.
    ///
    /// ### Known limits
    /// A `panic!` or `assert!` counts where the documentation has a section on panics, or where a public function of a
    /// library tests what it is given: others are taken for checks of the program's own logic, and so is what is tested of the
    /// guarded value alone. Panics whose message says that they cannot happen are believed. Arithmetic, computed indices,
    /// `debug_assert!`, the unwrapping of other locks and of channels, the reading of a constant, of bytes in memory or of a
    /// text that the object itself keeps, and options that the guarded value itself gave are not counted, nor are callbacks
    /// that are given the guarded value. Functions that are called under the guard are followed three calls deep, but checks
    /// of arguments and refused threads only one. A lock that is a local or a parameter is followed through arguments and
    /// struct literals. There is one finding a lock, for the panic that does most harm, and the others are shown with it.
    /// Nothing is reported in a crate that is built with `panic = "abort"`.
    pub static POISON_CASCADES = {
        name: "poison_cascades", family: Lock, level: Warn, applicability: HelpOnly, check: check,
    };
}

/// A panic under a guard, and who suffers.
struct Cascade<'g> {
    guard: &'g Guard,
    /// The call under the guard that panics, or runs the function that does.
    under: ExprId,
    site: PanicSite,
    /// The calls that lead to the panic; none where it stands under the guard itself.
    steps: Vec<PanicStep>,
    victim: &'g Guard,
}

/// How many other panics under one lock are shown.
const MAX_OTHERS: usize = 3;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut victims = PoisonVictims::collect(cx);
    let mut panics = PanicSearch::new(cx);
    // One finding a lock: whoever cures one panic looks at the others too.
    let mut locks: Vec<(Option<Place>, Vec<Cascade<'_>>)> = Vec::new();
    for guard in cx.guards().all() {
        if !guard.poisons || guard.mode != Mode::Exclusive || guard.poison == Poison::Recovered {
            continue;
        }
        let owner = cx.program.body(guard.body).owner;
        if cx.program.krate(owner).is_none_or(|krate| krate.panic_abort) {
            continue;
        }
        if cx.is_unshared(guard) || !victims.may_have(guard) {
            continue;
        }
        let Some(cascade) = cascade(cx, guard, &mut panics, &mut victims) else { continue };
        if cascade.site.cause == PanicCause::Spawn && fails_with_its_threads(&cascade) {
            continue;
        }
        let lock = victims.lock_of(guard);
        // The locks in a locked map go by the map's field, and are others.
        let is_one = |cascades: &[Cascade<'_>]| cascades.iter().all(|other| cx.may_protect_same(other.guard, guard));
        match locks.iter_mut().find(|(own, cascades)| *own == lock && is_one(cascades)) {
            Some((_, cascades)) => cascades.push(cascade),
            None => locks.push((lock, vec![cascade])),
        }
    }
    for (_, mut cascades) in locks {
        cascades.sort_by_key(|cascade| exposure(cx, cascade));
        let mut shown: FxHashSet<Loc> = FxHashSet::default();
        // One panic in a function that is called in many places is one.
        cascades.retain(|cascade| shown.insert(cx.analysis(cascade.site.body).call_loc(cascade.site.expr)));
        if let Some((worst, others)) = cascades.split_first() {
            report(cx, worst, others, sink);
        }
    }
}

/// Whether the lock is a local of the function that starts threads under it, and they are all who suffer: message-io's
/// `for_each_async` lets none of them begin before all are there.
fn fails_with_its_threads(cascade: &Cascade<'_>) -> bool {
    let own = matches!(cascade.guard.place, Some(Place::Local(body, _)) if body == cascade.guard.body);
    own && cascade.victim.body == cascade.guard.body
}

/// The order of the panics under one lock: what aborts in a `drop` first, then by how easily outsiders cause it.
fn exposure(cx: &Context<'_>, cascade: &Cascade<'_>) -> (bool, u8, usize) {
    let in_drop = cx.is_drop(cx.program.body(cascade.victim.body).owner);
    let cause = match cascade.site.cause {
        PanicCause::Callback => 0,
        PanicCause::Explicit | PanicCause::Assert | PanicCause::Argument | PanicCause::Text => 1,
        PanicCause::Failure => 2,
        PanicCause::Spawn => 3,
    };
    (!in_drop, cause, cascade.steps.len())
}

/// The first panic while the guard lives that somebody suffers from: one that stands there before one in a function that is
/// called.
fn cascade<'g, 'a>(
    cx: &'g Context<'a>,
    guard: &'g Guard,
    panics: &mut PanicSearch<'_, 'a>,
    victims: &mut PoisonVictims<'g, 'a>,
) -> Option<Cascade<'g>> {
    let analysis = cx.analysis(guard.body);
    let flow = cx.guard_flow(guard);
    let state = State::of_guard(guard);
    let mut deep = None;
    for (node, action) in flow.nodes() {
        let Action::Eval(expr) = action else { continue };
        if !guard.is_live(node) {
            continue;
        }
        let indexed = match analysis.tree.parent(expr) {
            Parent::IndexValue(element) => Some(element),
            _ => None,
        };
        let here = std::iter::once(expr).chain(indexed).chain(run_inside(cx, analysis, expr));
        for under in here {
            if let Some(site) = cx.panic_at(analysis, under, Some(&state)).filter(|site| cx.is_callers_panic(site))
                && let Some(victim) = victims.of(guard, under)
            {
                return Some(Cascade { guard, under, site, steps: Vec::new(), victim });
            }
            if deep.is_none()
                && let Some(path) = panics.in_callee(analysis, under, Some(&state))
                && let Some(victim) = victims.of(guard, under)
            {
                deep = Some(Cascade { guard, under, site: path.site, steps: path.steps, victim });
            }
        }
    }
    deep
}

/// The expressions of the closures that a call runs before it returns.
fn run_inside(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> Vec<ExprId> {
    let Some(callee) = analysis.callee(call).filter(|callee| !cx.program.is_user(*callee)) else { return Vec::new() };
    let closures = cx.closures_run_by(analysis, call, callee);
    (0..call.0)
        .map(ExprId)
        .filter(|expr| {
            closures.iter().any(|closure| analysis.tree.enclosing_closure(analysis.body, *expr) == Some(*closure))
        })
        .collect()
}

fn report(cx: &Context<'_>, cascade: &Cascade<'_>, others: &[Cascade<'_>], sink: &mut Sink) {
    let analysis = cx.analysis(cascade.guard.body);
    let lock = cx.lock_text(cascade.guard);
    let (what, label) = match (cascade.steps.first(), cascade.site.cause) {
        (Some(step), _) => {
            let name = cx.program.path_text(step.callee);
            (format!("a panic in `{name}`"), format!("`{name}` runs under the guard"))
        }
        (None, PanicCause::Callback) => {
            ("a panicking callback".to_owned(), "foreign code runs under the guard".to_owned())
        }
        (None, PanicCause::Spawn) => {
            ("a thread that cannot be started".to_owned(), "panics if the system refuses a thread".to_owned())
        }
        (None, PanicCause::Failure) => ("an error here".to_owned(), "panics on an error from outside".to_owned()),
        (None, PanicCause::Text) => ("bad input here".to_owned(), "panics if the input is not as expected".to_owned()),
        (None, PanicCause::Explicit | PanicCause::Assert | PanicCause::Argument) => {
            ("this panic".to_owned(), "panics under the guard".to_owned())
        }
    };
    let message = format!("{what} poisons `{lock}` for everybody else");
    let (taken, text) = describe::taken(cx, cascade.guard);
    let mut diagnostic =
        Diagnostic::new(&POISON_CASCADES, cx.leaving_loc(analysis, cascade.under), message, label).label(taken, text);
    for pair in cascade.steps.windows(2) {
        let [outer, inner] = pair else { continue };
        let text = format!("`{}` calls `{}`", cx.program.path_text(outer.callee), cx.program.path_text(inner.callee));
        diagnostic = diagnostic.label(cx.leaving_loc(cx.analysis(inner.body), inner.call), text);
    }
    if !cascade.steps.is_empty() {
        let inner = cx.analysis(cascade.site.body);
        diagnostic = diagnostic.label(cx.leaving_loc(inner, cascade.site.expr), inner_text(cascade.site.cause));
    }
    for other in others.iter().take(MAX_OTHERS) {
        let loc = cx.leaving_loc(cx.analysis(other.guard.body), other.under);
        diagnostic = diagnostic.label(loc, "a panic here poisons it too");
    }
    diagnostic = victim(cx, cascade, diagnostic);
    if let Some(more @ 1..) = others.len().checked_sub(MAX_OTHERS) {
        let places = if more == 1 { "place" } else { "places" };
        diagnostic = diagnostic.note(format!("{more} more {places} under `{lock}` may panic"));
    }
    let (help, code) = cure(cx, cascade);
    diagnostic = diagnostic.help(help, code);
    let (help, code) = recovery(cx, cascade.victim);
    sink.emit(diagnostic.help(help, code));
}

/// Who suffers, and how.
fn victim(cx: &Context<'_>, cascade: &Cascade<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let victim = cascade.victim;
    let lock = cx.lock_text(cascade.guard);
    let analysis = cx.analysis(victim.body);
    let owner = analysis.body.owner;
    let name = cx.program.path_text(owner);
    match victim.poison {
        Poison::Unwrapped(unwrap) => {
            let note = if cx.is_drop(owner) {
                "a `drop` that panics while the stack unwinds aborts the process".to_owned()
            } else {
                format!("one panic under `{lock}` makes every later `unwrap` of it panic, on other threads too")
            };
            diagnostic.label(analysis.call_loc(unwrap), format!("`{name}` unwraps the poisoned lock")).note(note)
        }
        _ => diagnostic.label(cx.guard_loc(victim), format!("`{name}` takes a poisoned lock for a busy one")).note(
            format!("after one panic `{lock}` looks busy for ever, and what is put off until it is free is never done"),
        ),
    }
}

fn inner_text(cause: PanicCause) -> &'static str {
    match cause {
        PanicCause::Explicit => "panics here",
        PanicCause::Assert => "panics here if the argument is not as expected",
        PanicCause::Failure => "panics here on an error from outside",
        PanicCause::Text => "panics here if the input is not as expected",
        PanicCause::Argument => "panics here if the argument is empty",
        PanicCause::Callback => "runs foreign code here, which may panic",
        PanicCause::Spawn => "panics here if the system refuses a thread",
    }
}

/// How to keep the panic away from the lock.
fn cure(cx: &Context<'_>, cascade: &Cascade<'_>) -> (&'static str, String) {
    let site = cascade.site;
    let inner = cx.analysis(site.body);
    let own_guard = describe::guard_name(cx, cascade.guard).filter(|_| cascade.steps.is_empty());
    let text = describe::code(cx, inner, site.expr);
    let is_macro = matches!(inner.expr(site.expr), Expr::Macro(_));
    match site.cause {
        PanicCause::Callback if matches!(inner.expr(site.expr), Expr::MethodCall(_)) => {
            ("keep each object in an `Arc` with a lock of its own, and call it when this guard is gone", String::new())
        }
        PanicCause::Callback => (
            "keep callbacks in `Arc`s, copy them out of the lock, and call them when the guard is gone",
            match (own_guard, cx.receiver_text(cascade.guard)) {
                (Some(guard), _) => format!("let snapshot = {guard}.clone();\ndrop({guard});"),
                (None, Some(lock)) if cascade.steps.is_empty() => {
                    format!("let snapshot = {lock}.unwrap_or_else(PoisonError::into_inner).clone();")
                }
                _ => String::new(),
            },
        ),
        PanicCause::Spawn => (
            "start the thread before the lock is taken, and return the error of a refused one",
            "let worker = thread::Builder::new().spawn(work)?;".to_owned(),
        ),
        PanicCause::Failure | PanicCause::Text => (
            "return the error instead of panicking on it",
            match inner.expr(site.expr) {
                Expr::MethodCall(call) => {
                    describe::code(cx, inner, call.receiver).map_or_else(String::new, |value| format!("{value}?"))
                }
                _ => String::new(),
            },
        ),
        PanicCause::Explicit | PanicCause::Assert | PanicCause::Argument => (
            "let go of the lock before the panic, or check before it is taken",
            match (own_guard.filter(|_| !shows_guarded(cx, cascade)), text.filter(|_| is_macro)) {
                (Some(guard), Some(panic)) => format!("drop({guard});\n{panic};"),
                _ => String::new(),
            },
        ),
    }
}

/// Whether a panic's message is made of what the lock protects.
fn shows_guarded(cx: &Context<'_>, cascade: &Cascade<'_>) -> bool {
    let analysis = cx.analysis(cascade.guard.body);
    let state = State::of_guard(cascade.guard);
    cx.mentions_state(analysis, &state, cascade.site.expr)
}

/// How to live with the poison.
fn recovery(cx: &Context<'_>, victim: &Guard) -> (&'static str, String) {
    let lock = cx.receiver_text(victim);
    match victim.poison {
        Poison::Unwrapped(_) => (
            "where the value is whole at every point, recover from the poison",
            lock.map_or_else(String::new, |lock| format!("{lock}.unwrap_or_else(PoisonError::into_inner)")),
        ),
        _ => (
            "tell a poisoned lock from a busy one",
            lock.map_or_else(String::new, |lock| {
                format!(
                    "match {lock} {{\n    Ok(guard) => Some(guard),\n    Err(TryLockError::Poisoned(poison)) => \
                     Some(poison.into_inner()),\n    Err(TryLockError::WouldBlock) => None,\n}}"
                )
            }),
        ),
    }
}
