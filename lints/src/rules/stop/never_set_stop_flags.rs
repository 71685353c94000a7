//! `never_set_stop_flags`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, Context, LoopFacts, Place, StepKind, Thread, World, word};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop on a spawned thread that ends only when a flag changes, where nothing in the crate ever changes that
    /// flag. Deny by default for a plain `bool` that a `move` closure captures: the closure has a copy, and no assignment
    /// outside reaches it.
    ///
    /// ### Why is this bad
    /// The loop looks stoppable and is not. Joining the thread hangs; not joining it leaks it.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::thread;
    ///
    /// let mut running = true;
    /// let worker = thread::spawn(move || {
    ///     while running {
    ///         println!("work");
    ///     }
    /// });
    /// running = false; // changes this copy, not the thread's
    /// println!("{running}");
    /// worker.join().unwrap(); // never returns
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::thread;
    ///
    /// let running = Arc::new(AtomicBool::new(true));
    /// let worker = thread::spawn({
    ///     let running = Arc::clone(&running);
    ///     move || {
    ///         while running.load(Ordering::Relaxed) {
    ///             thread::yield_now();
    ///         }
    ///     }
    /// });
    /// running.store(false, Ordering::Relaxed);
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// A flag that is public, returned, passed to a function outside the crate or kept where it cannot be followed is
    /// taken to be set by somebody. Only flags that are made with a literal value are judged.
    pub static NEVER_SET_STOP_FLAGS = {
        name: "never_set_stop_flags", family: Stop, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<(BodyId, ExprId)> = FxHashSet::default();
    for thread in cx.threads() {
        if thread.execution.gave_up {
            continue;
        }
        for (key, facts) in &thread.execution.loops {
            if facts.inner_endless {
                continue;
            }
            if facts.exits.is_empty() {
                if let Some((local, test)) = copied_flag(cx, *key) {
                    if reported.insert(*key) {
                        report_copy(cx, thread, *key, local, test, sink);
                    }
                } else if let Some((place, value, load)) = constant_flag(cx, facts)
                    && reported.insert(*key)
                {
                    report_flag(cx, thread, *key, (place, value), load, sink);
                }
            } else if let Some((place, value, load)) = dead_flag(cx, thread, *key, facts)
                && reported.insert(*key)
            {
                report_flag(cx, thread, *key, (place, value), load, sink);
            }
        }
    }
}

/// The `bool` in the condition of a `while` that the closure has a copy of.
pub(super) fn copied_flag(cx: &Context<'_>, (body, expr): (BodyId, ExprId)) -> Option<(LocalId, ExprId)> {
    let analysis = cx.analysis(body);
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let LoopKind::While(cond) = data.kind else { return None };
    captured_bool(analysis, cond)
}

fn captured_bool(analysis: &Analysis<'_>, cond: ExprId) -> Option<(LocalId, ExprId)> {
    match analysis.expr(cond) {
        Expr::Local(local) if *analysis.types.local(*local) == Ty::BOOL => {
            let inside = analysis.tree.enclosing_closure(analysis.body, cond)?;
            (analysis.body.local(*local).closure != Some(inside)).then_some((*local, cond))
        }
        Expr::Not(inner) => captured_bool(analysis, *inner),
        Expr::Binary { lhs, rhs, .. } => captured_bool(analysis, *lhs).or_else(|| captured_bool(analysis, *rhs)),
        _ => None,
    }
}

/// The plain field that an endless loop tests, where nothing ever gives it another value.
pub(super) fn constant_flag(cx: &Context<'_>, facts: &LoopFacts) -> Option<(Place, bool, (BodyId, ExprId))> {
    facts.steps.iter().filter(|step| step.kind == StepKind::Load).find_map(|step| {
        let place = step.place.filter(|place| matches!(place, Place::Field(_)))?;
        let is_field = matches!(cx.analysis(step.body).expr(step.call), Expr::Field { .. });
        let value = is_field.then(|| cx.flag_life(place).constant())??;
        Some((place, value, (step.body, step.call)))
    })
}

/// The flag without which the loop has no way out, where nothing sets it, and its first load there.
fn dead_flag(
    cx: &Context<'_>,
    thread: &Thread,
    key: (BodyId, ExprId),
    facts: &LoopFacts,
) -> Option<(Place, bool, (BodyId, ExprId))> {
    let mut tried: Vec<Place> = Vec::new();
    for step in facts.steps.iter().filter(|step| step.kind == StepKind::Load) {
        let Some(place) = step.place else { continue };
        if tried.contains(&place) {
            continue;
        }
        tried.push(place);
        let Some(value) = cx.flag_life(place).constant() else { continue };
        let world = World { frozen: vec![(place, value)], ..thread.world.clone() };
        if cx.stuck(thread.spawn.entry, &world, key).is_some() {
            return Some((place, value, (step.body, step.call)));
        }
    }
    None
}

fn report_copy(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    local: LocalId,
    test: ExprId,
    sink: &mut Sink,
) {
    let analysis = cx.analysis(body);
    let spawner = cx.analysis(thread.spawn.body);
    let name = cx.program.name_text(analysis.body.owner, analysis.body.local(local).name);
    let mut diagnostic = Diagnostic::new(
        &NEVER_SET_STOP_FLAGS,
        analysis.body.expr_loc(test),
        format!("the thread tests its own copy of `{name}`, which never changes"),
        "this copy keeps the value it had when the thread was started",
    )
    .site(analysis.call_loc(expr))
    .label(analysis.body.loc(analysis.body.local(local).span), format!("`{name}` is a plain `bool`"))
    .label(spawner.call_loc(thread.spawn.call), "the `move` closure copies it here");
    let assigned =
        analysis.tree.uses(local).iter().find(|used| matches!(analysis.tree.parent(**used), Parent::AssignTarget(_)));
    if let Some(assigned) = assigned {
        diagnostic = diagnostic.label(analysis.body.expr_loc(*assigned), "this changes the other copy");
    }
    diagnostic.level = Level::Deny;
    // The loop runs as long as the condition holds, so a negated flag starts as `false`.
    let negated =
        matches!(analysis.tree.parent(test), Parent::Operand(up) if matches!(analysis.expr(up), Expr::Not(_)));
    let (initial, not) = if negated { ("false", "!") } else { ("true", "") };
    let site = cx.spawns().handles.iter().find(|site| (site.body, site.call) == (thread.spawn.body, thread.spawn.call));
    let handle = site.and_then(|site| cx.handle_local(*site));
    let handle =
        handle.map_or("worker", |local| cx.program.name_text(spawner.body.owner, spawner.body.local(local).name));
    let spawn = match spawner.expr(thread.spawn.call) {
        Expr::Call { .. } => cx.program.text(spawner.call_loc(thread.spawn.call)),
        _ => "thread::spawn",
    };
    sink.emit(diagnostic.note("the loop never ends, and joining the thread hangs").help(
        "share an atomic",
        format!(
            "let {name} = Arc::new(AtomicBool::new({initial}));\nlet {handle} = {spawn}({{\n    let {name} = Arc::clone(&{name});\n    \
             move || while {not}{name}.load(Ordering::Relaxed) {{ /* the work */ }}\n}});"
        ),
    ));
}

fn report_flag(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    (place, value): (Place, bool),
    (load_body, load): (BodyId, ExprId),
    sink: &mut Sink,
) {
    let analysis = cx.analysis(body);
    let spawner = cx.analysis(thread.spawn.body);
    let name = cx.place_text(place);
    let mut diagnostic = Diagnostic::new(
        &NEVER_SET_STOP_FLAGS,
        cx.analysis(load_body).call_loc(load),
        format!("this thread waits for `{name}` to change, and nothing changes it"),
        "the only way out of the loop tests the flag here",
    )
    .site(analysis.call_loc(expr))
    .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    let stores = cx.flag_life(place).stores;
    if let Some(loc) = cx.place_loc(place) {
        let declared = match stores.first() {
            None => "no code in the workspace stores to this flag".to_owned(),
            Some(_) => format!("it starts as `{value}`"),
        };
        diagnostic = diagnostic.label(loc, declared);
    }
    if let Some(store) = stores.first() {
        diagnostic = diagnostic.label(*store, format!("and this sets it to `{value}` again"));
    }
    let field = name.rsplit("::").next().unwrap_or(&name).to_owned();
    sink.emit(
        diagnostic
            .note("the loop looks stoppable and is not: joining the thread hangs")
            .help("set the flag where the thread is to end, then join", setting(cx, (load_body, load), &field, !value)),
    );
}

/// How the flag that a test reads is set.
fn setting(cx: &Context<'_>, (body, test): (BodyId, ExprId), field: &str, value: bool) -> String {
    let analysis = cx.analysis(body);
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    match analysis.expr(test) {
        // A `bool` under a lock: its guard may have a name.
        Expr::Deref(guard) => match analysis.expr(*guard) {
            Expr::Local(local) => format!("*{} = {value};", analysis.declared_as(*local).map_or(field, text)),
            _ => format!("{} = {value};", text(test)),
        },
        Expr::Field { .. } => format!("{} = {value};", text(test)),
        Expr::MethodCall(call) => match cancels(cx, analysis.types.ty(call.receiver)) {
            Some(cancel) => format!("{field}.{}();", cx.program.name(cancel)),
            None => format!("{field}.store({value}, Ordering::Relaxed);"),
        },
        _ => format!("{field}.store({value}, Ordering::Relaxed);"),
    }
}

/// The method that sets a token for good.
fn cancels(cx: &Context<'_>, ty: &Ty) -> Option<DefId> {
    let adt = cx.roles().pointee(ty).adt()?;
    let blocks = cx.program.impls_of(adt);
    cx.program.defs().find(|def| {
        cx.effects(*def).has(word::FLAG_CANCEL) && cx.program.def(*def).parent.is_some_and(|up| blocks.contains(&up))
    })
}
