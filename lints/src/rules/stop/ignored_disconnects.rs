//! `ignored_disconnects`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Context, LoopFacts, Place, Step, StepKind, Thread, World, word};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, Parent};
use crate::rules::edits::{has_comment, laid_out, may_use, starts_line};
use crate::rules::text::indentation;
use crate::source::{Name, Span};
use crate::syntax::ir::{Arm, Expr, ExprId, LoopKind, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop on a spawned thread that receives from a channel and cannot end once all senders of that channel are
    /// gone: the error is swallowed by `if let Ok`, `continue`, `_ => {}`, an empty `Err` arm, `is_err()`,
    /// `unwrap_or(false)`, and every other way out needs a message. So does a loop that reports the error of an I/O
    /// call in place of the disconnect, and goes on at errors. Deny by default where the loop has no other way out at all.
    ///
    /// ### Why is this bad
    /// A receive on a disconnected channel returns at once, every time. The thread spins at full load, or polls for ever,
    /// and nobody can tell it to stop any more: the sender is gone.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let worker = thread::spawn(move || loop {
    ///     if let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// drop(tx); // the worker spins from now on
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let worker = thread::spawn(move || {
    ///     while let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// drop(tx);
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// The loop is executed in a world where the channel gives nothing but its disconnect; whatever is not understood
    /// there counts as a way out. A receiver whose struct or closure also holds a sender of the same message type is left
    /// alone, since its disconnect may never come, unless the two are seen to be of different channels; so is a receiver in a static, a channel whose sender is kept in one, and one
    /// whose sender belongs to an object whose `Drop` sends a message first.
    pub(crate) static IGNORED_DISCONNECTS = {
        name: "ignored_disconnects", family: Stop, level: Warn, applicability: MachineApplicable, check: check,
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
            for place in channels(facts) {
                if cx.may_be_self_connected(thread, place) {
                    continue;
                }
                let found = spins(cx, thread, *key, facts, place);
                if let Some(spin) = found
                    && reported.insert(*key)
                {
                    report(cx, thread, *key, facts, place, spin, sink);
                }
            }
        }
    }
}

/// The channels that a loop receives from, each once.
fn channels(facts: &LoopFacts) -> Vec<Place> {
    let mut places = Vec::new();
    for step in &facts.steps {
        let receives = matches!(step.kind, StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry);
        if let (true, Some(place)) = (receives, step.place)
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    places
}

/// A loop that goes on for ever without its channel.
#[derive(Clone, Copy)]
struct Spin {
    /// The receive whose disconnect does not end it.
    receive: Step,
    /// The I/O whose error comes before the disconnect is heeded, where it takes one.
    failing: Option<Step>,
    /// It pauses in each round.
    pauses: bool,
}

/// Whether a loop has no way out once the senders of a channel are gone.
fn spins(cx: &Context<'_>, thread: &Thread, key: (BodyId, ExprId), facts: &LoopFacts, place: Place) -> Option<Spin> {
    let world = World { disconnected: vec![place], ..thread.world.clone() };
    let is_io = |step: &&Step| step.kind == StepKind::Block && cx.is_fallible_io(step.body, step.call);
    let spin = match cx.stuck(thread.spawn.entry, &world, key) {
        Some(stuck) => Spin { receive: receive_in(&stuck, place)?, failing: None, pauses: pauses(&stuck) },
        // tracing-appender's worker returns the error of a flush instead of the disconnect, and goes on at an error.
        None => {
            facts.steps.iter().find(is_io)?;
            let stuck = cx.stuck(thread.spawn.entry, &World { io_fails: true, ..world }, key)?;
            let receive = receive_in(&stuck, place)?;
            Spin { receive, failing: Some(*stuck.steps.iter().rfind(is_io)?), pauses: pauses(&stuck) }
        }
    };
    // The object's own `Drop` sends the message that ends the loop.
    let gets_through = match spin.failing {
        None => !facts.exits.is_empty(),
        Some(_) => {
            let world = World { io_fails: true, ..thread.world.clone() };
            cx.stuck(thread.spawn.entry, &world, key).is_none()
        }
    };
    let is_told = gets_through && cx.says_goodbye(place);
    (!is_told).then_some(spin)
}

fn pauses(facts: &LoopFacts) -> bool {
    facts.steps.iter().any(|step| step.kind == StepKind::Pause)
}

fn receive_in(facts: &LoopFacts, place: Place) -> Option<Step> {
    facts.steps.iter().copied().find(|step| step.place == Some(place) && step.kind != StepKind::Load)
}

fn report(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    facts: &LoopFacts,
    place: Place,
    spin: Spin,
    sink: &mut Sink,
) {
    let step = spin.receive;
    let analysis = cx.analysis(body);
    let receive = cx.analysis(step.body);
    let spawner = cx.analysis(thread.spawn.body);
    let loop_loc = analysis.call_loc(expr);
    let channel = cx.place_text(place);
    let exitless = facts.exits.is_empty();
    let (message, label) = match spin.failing {
        None => (
            format!("this thread goes on for ever once the senders of `{channel}` are gone"),
            "the disconnect is swallowed here",
        ),
        Some(_) => (
            format!("this thread spins once the senders of `{channel}` are gone, as long as its I/O fails"),
            "the disconnect is seen here",
        ),
    };
    let mut diagnostic = Diagnostic::new(&IGNORED_DISCONNECTS, receive.call_loc(step.call), message, label)
        .site(loop_loc)
        .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    for call in &facts.chain {
        diagnostic = diagnostic.label(*call, "and gets to the loop through this call");
    }
    if let Some(failing) = spin.failing {
        let loc = cx.analysis(failing.body).call_loc(failing.call);
        diagnostic = diagnostic.label(loc, "an error here takes its place, and the loop goes on at an error");
    }
    diagnostic = diagnostic.label(loop_loc, "this loop is never left then");
    if let Some((_, exit)) = facts.exits.first() {
        let needs = if spin.failing.is_some() { "this way out is not reached" } else { "this way out needs a message" };
        diagnostic = diagnostic.label(*exit, needs);
    }
    let cost = match (step.kind, spin.pauses) {
        (StepKind::ReceiveTry, true) => "the loop polls for ever, and nobody is left who could stop it",
        (_, true) => {
            "a receive on a disconnected channel returns at once: only the pauses of the loop are left, and nobody who \
             could stop it"
        }
        _ => "a receive on a disconnected channel returns at once, so the loop spins at full load",
    };
    diagnostic = match spin.failing {
        None => mend(cx, (body, expr), step, diagnostic.note(cost)),
        Some(_) => diagnostic.note(cost).help(
            "leave the loop at a disconnect even where the I/O after it fails",
            "let result = out.flush();\nif is_disconnected {\n    break;\n}\nresult?;",
        ),
    };
    if exitless {
        diagnostic.level = Level::Deny;
    }
    sink.emit(diagnostic);
}

const ERR: Name = Name::of("Err");
const MEND: &str = "leave the loop when the channel is disconnected";

/// The edit where the shape allows one, else the code to write.
fn mend(cx: &Context<'_>, (body, expr): (BodyId, ExprId), step: Step, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(body);
    let receive = cx.program.text(cx.analysis(step.body).body.expr_loc(step.call));
    if step.body == body && may_end(cx, analysis, expr) {
        if step.kind == StepKind::Receive
            && let Some(edit) = while_let(cx, analysis, expr, step.call)
        {
            let applicability = match analysis.tree.parent(expr) {
                Parent::Stmt(..) | Parent::ClosureBody(_) => Applicability::MachineApplicable,
                _ => Applicability::MaybeIncorrect,
            };
            return diagnostic.suggest(MEND, applicability, vec![edit]);
        }
        if let Some(edits) = leaving_edits(cx, analysis, expr, step) {
            return diagnostic.suggest(MEND, Applicability::MaybeIncorrect, edits);
        }
    }
    let is_inner = step.body == body && loop_around(analysis, step.call) != Some(expr);
    let leave = match is_inner {
        true => format!("break {}", label_of(cx, analysis, expr).0),
        false => "break".to_owned(),
    };
    let code = match step.kind {
        // An iterator does not say why it is at its end.
        StepKind::ReceiveTry if is_iterator(cx, step) => {
            let channel = step.place.map_or_else(String::new, |place| cx.place_text(place));
            let channel = channel.rsplit("::").next().unwrap_or_default();
            format!("match {channel}.try_recv() {{\n    // ...\n    Err(TryRecvError::Disconnected) => {leave},\n}}")
        }
        _ if is_selected(cx, step) => {
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => {leave},\n}}")
        }
        StepKind::Receive if is_inner => {
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => {leave},\n}}")
        }
        StepKind::Receive => format!("while let Ok(message) = {receive} {{\n    /* the work */\n}}"),
        StepKind::ReceiveTimed => {
            format!("match {receive} {{\n    // ...\n    Err(RecvTimeoutError::Disconnected) => {leave},\n}}")
        }
        _ => format!("match {receive} {{\n    // ...\n    Err(TryRecvError::Disconnected) => {leave},\n}}"),
    };
    match is_inner && label_of(cx, analysis, expr).1.is_some() {
        true => diagnostic
            .help(format!("{MEND}: with `{}:` before the outer loop's keyword", label_of(cx, analysis, expr).0), code),
        false => diagnostic.help(MEND, code),
    }
}

/// Whether a loop that has no end may get one, as far as types go: what stands behind it gives the function's value, or there is
/// none.
fn may_end(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> bool {
    // `while` and `for` end as it is.
    if !matches!(analysis.expr(expr), Expr::Loop(data) if data.kind == LoopKind::Loop) {
        return true;
    }
    let mut at = expr;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(block, index) => {
                let Expr::Block(data) = analysis.expr(block) else { return false };
                if data.tail.is_some() || (index as usize) + 1 < data.stmts.len() {
                    return true;
                }
                at = block;
            }
            Parent::BlockTail(block) => at = block,
            Parent::LoopBody(_) => return true,
            Parent::ClosureBody(closure) => {
                let Expr::Closure(data) = analysis.expr(closure) else { return false };
                let gives_value = analysis.parts(data.body).any(|part| {
                    let own = analysis.tree.enclosing_closure(analysis.body, part) == Some(closure);
                    own && matches!(analysis.expr(part), Expr::Return(Some(_)) | Expr::Try(_))
                });
                return data.ret.is_none() && !gives_value;
            }
            Parent::Root => {
                let signature = cx.program.signature(analysis.body.owner);
                return signature.is_some_and(|signature| signature.ret.is_unit());
            }
            _ => return false,
        }
    }
}

/// The innermost loop around an expression, in the same closure.
fn loop_around(analysis: &Analysis<'_>, expr: ExprId) -> Option<ExprId> {
    let mut around = analysis.tree.ancestors(expr);
    around.find(|up| matches!(analysis.expr(*up), Expr::Loop(_) | Expr::Closure(_) | Expr::Async { .. }))
}

/// The label of a loop, and the edit that gives it one.
fn label_of(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> (String, Option<Edit>) {
    let Expr::Loop(data) = analysis.expr(expr) else { return (String::new(), None) };
    if let Some((_, span)) = data.label {
        let written = cx.program.text(analysis.body.loc(span));
        return (format!("'{}", written.trim_start_matches('\'').trim_end_matches(':')), None);
    }
    let text = cx.program.text(analysis.body.expr_loc(analysis.body.ir.root));
    let names = ["'receive", "'messages", "'worker"];
    let label = names.into_iter().find(|name| !text.contains(name)).unwrap_or("'receive_loop");
    (label.to_owned(), Some(Edit::insert(analysis.body.file, data.keyword.start, format!("{label}: "))))
}

/// The edits by which a disconnect leaves the loop: an arm of the `match`, an `else`, or a `match` in the place of a `while let`.
fn leaving_edits(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, step: Step) -> Option<Vec<Edit>> {
    if let Some(edit) = told_apart(cx, analysis, expr, step) {
        return Some(vec![edit]);
    }
    let inner = loop_around(analysis, step.call)?;
    if analysis.body.expr(step.call).in_macro || !matches!(analysis.expr(inner), Expr::Loop(_)) {
        return None;
    }
    // The receive may be the condition of an inner loop: what leaves that is not in its body.
    let in_condition = matches!(analysis.tree.parent(step.call), Parent::LetOperand(test)
        if matches!(analysis.tree.parent(test), Parent::Cond(up) if up == inner));
    if inner == expr && !in_condition {
        return leaving_arm(cx, analysis, step, "break").map(|edit| vec![edit]);
    }
    let is_nested = analysis
        .tree
        .ancestors(inner)
        .find(|up| matches!(analysis.expr(*up), Expr::Loop(_) | Expr::Closure(_) | Expr::Async { .. }))
        == Some(expr);
    if !is_nested {
        return None;
    }
    let (label, labelled) = label_of(cx, analysis, expr);
    let leave = format!("break {label}");
    let mut edits: Vec<Edit> = labelled.into_iter().collect();
    match in_condition {
        true => edits.extend(match_in_loop(cx, analysis, inner, step, &leave)?),
        false => edits.push(leaving_arm(cx, analysis, step, &leave)?),
    }
    Some(edits)
}

/// `while rx.try_recv().is_err()` and `if rx.try_recv().unwrap_or(false)` take a disconnect for an empty channel: the error is
/// looked at.
fn told_apart(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, step: Step) -> Option<Edit> {
    let Parent::Receiver(asked) = analysis.tree.parent(step.call) else { return None };
    let Expr::MethodCall(call) = analysis.expr(asked) else { return None };
    let result = analysis.types.ty(step.call);
    let error = result.args().get(1).filter(|_| result.adt() == cx.program.lang.result)?.adt()?;
    let empty = ["Empty", "Timeout"].into_iter().find(|name| cx.variant_named(error, Name::of(name)).is_some())?;
    let path = cx.program.path_from(error, analysis.body.owner)?;
    let asks = analysis.callee(asked).filter(|callee| !cx.program.is_user(*callee))?;
    let (loc, receive) = (analysis.body.expr_loc(asked), cx.program.text(analysis.body.expr_loc(step.call)));
    if analysis.body.expr(asked).in_macro || receive.contains('\n') {
        return None;
    }
    match (cx.program.name(asks), &*call.args, analysis.tree.parent(asked)) {
        ("is_err", [], Parent::Cond(up)) if up == expr && may_use(cx, analysis.body.owner, (1, 42)) => {
            Some(Edit::replace(loc, format!("matches!({receive}, Err({path}::{empty}))")))
        }
        ("unwrap_or", [other], Parent::Cond(up)) if analysis.literal_bool(*other) == Some(false) => {
            let Expr::If { then, .. } = analysis.expr(up) else { return None };
            let leaves =
                analysis.parts(*then).any(|part| matches!(analysis.expr(part), Expr::Break { .. } | Expr::Return(_)));
            let code = format!("{receive}.unwrap_or_else(|error| error != {path}::{empty})");
            leaves.then(|| Edit::replace(loc, code))
        }
        _ => None,
    }
}

/// The pattern of the error that says that a channel is disconnected; all errors where there is no other.
fn disconnected(cx: &Context<'_>, analysis: &Analysis<'_>, step: Step) -> Option<String> {
    if step.kind == StepKind::Receive || is_selected(cx, step) {
        return Some("Err(_)".to_owned());
    }
    let result = analysis.types.ty(step.call);
    let error = result.args().get(1).filter(|_| result.adt() == cx.program.lang.result)?;
    let path = cx.program.path_from(error.adt()?, analysis.body.owner)?;
    cx.variant_named(error.adt()?, Name::of("Disconnected"))?;
    Some(format!("Err({path}::Disconnected)"))
}

/// An arm that leaves, or an `else`.
fn leaving_arm(cx: &Context<'_>, analysis: &Analysis<'_>, step: Step, leave: &str) -> Option<Edit> {
    let pattern = disconnected(cx, analysis, step)?;
    let is_only_error = pattern == "Err(_)";
    match analysis.tree.parent(step.call) {
        Parent::Scrutinee(found) => {
            let Expr::Match { arms, .. } = analysis.expr(found) else { return None };
            let swallowing = arms.iter().find(|arm| takes_errors(analysis, arm))?;
            if analysis.body.expr(swallowing.body).in_macro {
                return None;
            }
            let is_error =
                matches!(&analysis.body.pat(swallowing.pat).kind, Pat::TupleStruct { path, .. } if path.last() == ERR);
            let body = analysis.body.expr(swallowing.body).span;
            let is_silent = match analysis.expr(swallowing.body) {
                Expr::Block(block) => block.stmts.is_empty() && block.tail.is_none(),
                Expr::Tuple(parts) => parts.is_empty(),
                Expr::Continue { .. } => true,
                _ => false,
            };
            if is_only_error && is_error && is_silent && !has_comment(cx, analysis.body.loc(body)) {
                // A block needs no comma after it, `break` does.
                let next = cx.program.text(analysis.body.loc(Span::new(body.end, body.end + 1)));
                let comma = if next == "," { "" } else { "," };
                return Some(Edit::replace(analysis.body.loc(body), format!("{leave}{comma}")));
            }
            if is_only_error && is_error {
                return leave_after(cx, analysis, swallowing.body, leave);
            }
            let at = analysis.body.loc(analysis.body.pat(swallowing.pat).span);
            // An arm before it, on a line of its own.
            starts_line(cx, at.file, at.span.start).then(|| {
                let indent = indentation(cx, at);
                Edit::insert(at.file, at.span.start, format!("{pattern} => {leave},\n{indent}"))
            })
        }
        Parent::LetOperand(test) if is_only_error => {
            let Parent::Cond(up) = analysis.tree.parent(test) else { return None };
            let Expr::If { then, els: None, .. } = analysis.expr(up) else { return None };
            let is_statement = matches!(analysis.tree.parent(up), Parent::Stmt(..) | Parent::BlockTail(_));
            let Expr::Let { pat, .. } = analysis.expr(test) else { return None };
            // `Ok(Message::Stop)` leaves messages over.
            let Pat::TupleStruct { pats, .. } = &analysis.body.pat(*pat).kind else { return None };
            let takes_all =
                pats.iter().all(|pat| matches!(analysis.body.pat(*pat).kind, Pat::Bind { sub: None, .. } | Pat::Wild));
            let at = analysis.body.expr_loc(up);
            let end = analysis.body.expr(*then).span.end;
            (is_statement && takes_all && !analysis.body.expr(up).in_macro)
                .then(|| Edit::insert(at.file, end, laid_out(cx, at, &format!(" else {{\n    {leave};\n}}"))))
        }
        _ => None,
    }
}

/// The arm that reports the error leaves after that.
fn leave_after(cx: &Context<'_>, analysis: &Analysis<'_>, body: ExprId, leave: &str) -> Option<Edit> {
    let loc = analysis.body.expr_loc(body);
    if !analysis.types.ty(body).is_unit() {
        return None;
    }
    let Expr::Block(block) = analysis.expr(body) else {
        let text = cx.program.text(loc);
        let code = format!("{{\n    {text};\n    {leave};\n}}");
        return (!text.contains('\n')).then(|| Edit::replace(loc, laid_out(cx, loc, &code)));
    };
    let (end, semi) = match (block.tail, block.stmts.last()) {
        (Some(tail), _) if analysis.body.expr(tail).in_macro => return None,
        (Some(tail), _) => {
            let is_block =
                matches!(analysis.expr(tail), Expr::If { .. } | Expr::Match { .. } | Expr::Loop(_) | Expr::Block(_));
            (analysis.body.expr(tail).span, if is_block { "" } else { ";" })
        }
        (None, Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. })) => (*span, ""),
        (None, None) => return None,
    };
    let indent = indentation(cx, analysis.body.loc(end));
    let in_lines = cx.program.text(loc).contains('\n');
    let gap = if in_lines { format!("\n{indent}") } else { " ".to_owned() };
    Some(Edit::insert(loc.file, end.end, format!("{semi}{gap}{leave};")))
}

/// Whether an arm takes the error of a disconnect, whatever the error says, and goes on.
fn takes_errors(analysis: &Analysis<'_>, arm: &Arm) -> bool {
    let takes = match &analysis.body.pat(arm.pat).kind {
        Pat::Wild => true,
        Pat::TupleStruct { path, pats } => {
            let all = |pat: &PatId| {
                matches!(analysis.body.pat(*pat).kind, Pat::Wild | Pat::Bind { sub: None, .. } | Pat::Rest)
            };
            path.last() == ERR && pats.iter().all(all)
        }
        _ => false,
    };
    takes && arm.guard.is_none()
}

/// `while let Ok(event) = rx.try_recv() {` with a `match` that tells an empty channel from one that is gone.
fn match_in_loop(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    inner: ExprId,
    step: Step,
    leave: &str,
) -> Option<Vec<Edit>> {
    let Expr::Loop(data) = analysis.expr(inner) else { return None };
    let LoopKind::While(cond) = data.kind else { return None };
    let Expr::Let { pat, expr } = analysis.expr(cond) else { return None };
    let Pat::TupleStruct { pats, .. } = &analysis.body.pat(*pat).kind else { return None };
    let [bound] = &**pats else { return None };
    let pattern = disconnected(cx, analysis, step).filter(|pattern| pattern != "Err(_)")?;
    let Pat::Bind { sub: None, .. } = analysis.body.pat(*bound).kind else { return None };
    let body = analysis.body.expr(data.body).span;
    let head = analysis.body.loc(Span::new(data.keyword.start, body.start + 1));
    if *expr != step.call || has_comment(cx, head) || analysis.body.expr(inner).in_macro {
        return None;
    }
    let text = |span: Span| cx.program.text(analysis.body.loc(span));
    let (name, receive) = (text(analysis.body.pat(*bound).span), text(analysis.body.expr(*expr).span));
    let plain = name.trim_start_matches("mut ");
    let code = format!(
        "loop {{\n    let {name} = match {receive} {{\n        Ok({plain}) => {plain},\n        {pattern} => {leave},\n        \
         Err(_) => break,\n    }};"
    );
    Some(vec![Edit::replace(head, laid_out(cx, head, &code))])
}

/// Whether a receive is that of an operation which a selection has chosen: its one error is the disconnect.
fn is_selected(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).index(word::RECEIVES).is_some())
}

fn is_iterator(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).has(word::EACH_STEP))
}

/// `loop { if let Ok(x) = rx.recv() { .. } }` is `while let Ok(x) = rx.recv() { .. }`.
fn while_let(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, receive: ExprId) -> Option<Edit> {
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let (LoopKind::Loop, None) = (data.kind, data.label) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let only = match (&*block.stmts, block.tail) {
        ([Stmt::Expr { expr, .. }], None) => *expr,
        ([], Some(tail)) => tail,
        _ => return None,
    };
    let Expr::If { cond, then, els: None } = analysis.expr(only) else { return None };
    let Expr::Let { expr: operand, .. } = analysis.expr(*cond) else { return None };
    let in_macro = analysis.body.expr(expr).in_macro || analysis.body.expr(only).in_macro;
    if *operand != receive || in_macro {
        return None;
    }
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    let body = outdent(text(*then), has_long_literal(cx, analysis, *then));
    // What stands between the loop and the `if` would be lost: a comment, an attribute.
    let between = |from: u32, to: u32| cx.program.text(analysis.body.loc(Span::new(from, to))).trim();
    let start = analysis.body.expr(data.body).span.start + 1;
    let end = analysis.body.expr(data.body).span.end - 1;
    let inner = analysis.body.expr(only).span;
    if !between(start, inner.start).is_empty() || !matches!(between(inner.end, end), "" | ";") {
        return None;
    }
    Some(Edit::replace(analysis.body.expr_loc(expr), format!("while {} {body}", text(*cond))))
}

/// A string literal over several lines: its inside is not indentation.
fn has_long_literal(cx: &Context<'_>, analysis: &Analysis<'_>, inside: ExprId) -> bool {
    let area = analysis.body.expr(inside).span;
    analysis.body.ir.exprs.iter().any(|data| {
        matches!(data.kind, Expr::Literal(_) | Expr::Macro(_))
            && area.contains(data.span)
            && cx.program.text(analysis.body.loc(data.span)).contains('\n')
    })
}

/// The text with four columns less on every line but the first.
fn outdent(text: &str, keep: bool) -> String {
    if keep {
        return text.to_owned();
    }
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.strip_prefix("    ").unwrap_or(line))
}
