//! The edits that join a thread: where its handle is dropped, at the end of its function, after the signal.

use super::describe;
use crate::diagnostic::Edit;
use crate::facts::{Analysis, Bound, Context, HandleKind, HandleShape, HandleSite, Joining, StepKind, word};
use crate::model::{Parent, PatParent, Ty};
use crate::rules::edits::{free_name, has_comment, is_free, is_shadowed, laid_out};
use crate::source::{Loc, Name, Span};
use crate::syntax::ir::{BlockKind, Expr, ExprId, LocalId, LoopKind, Pat, Stmt};

/// What is written where a thread may have panicked.
const PANICKED: &str = "eprintln!(\"a thread panicked\");";

/// How the handle of a spawn is got hold of.
enum Held {
    /// By a `let` in place of the statement that drops it, or by the `let` that is there, under this name.
    Named(String, Vec<Edit>),
    /// By a `Vec` of this name, in the rounds of a loop.
    Collected(String, Vec<Edit>),
    /// In a local that holds many.
    Many(String),
}

/// `let handle = ..;` where the thread is started, and `handle.join()` at the end of the function. `None` where the function
/// may end before, or the thread may not.
pub(super) fn join_at_end(cx: &Context<'_>, analysis: &Analysis<'_>, site: HandleSite) -> Option<Vec<Edit>> {
    let owner = cx.program.function(analysis.body.owner)?;
    let closure = analysis.tree.enclosing_closure(analysis.body, site.call);
    let in_chain = let_of_many(analysis, site.call).is_some();
    let nested =
        closure.is_some_and(|closure| !in_chain || analysis.tree.enclosing_closure(analysis.body, closure).is_some());
    // Under a guard the thread may wait for it.
    if nested || owner.is_async || analysis.binds_guard(cx) || !ends(cx, site, Some(analysis)) {
        return None;
    }
    // A function other than `main` that starts a thread may well be called for that, and return at once. It is meant to wait
    // where it tells the thread to stop, or gives its handle a name.
    let waits =
        describe::is_main(cx, analysis.body.owner) || is_told_in(cx, analysis, site) || has_name(cx, analysis, site);
    if !waits {
        return None;
    }
    let start = analysis.statement(site.call);
    if leaves_after(analysis, start) {
        return None;
    }
    let (held, ty) = held(cx, analysis, site.call)?;
    let joining = cx.joining(&ty);
    let silent = cx.roles().thread_value(&ty).is_some_and(|value| value.is_unit());
    let join = |name: &str| match joining.gives_result && silent {
        true => format!("{name}.{}().expect(\"the thread panicked\");", joining.method),
        false => joining.checked(name, PANICKED),
    };
    let (mut edits, code) = match held {
        Held::Named(name, edits) => {
            let code = join(&name);
            (edits, code)
        }
        Held::Collected(names, edits) => {
            let each = free_name(analysis, &["handle", "worker", "thread_handle"]);
            let code = format!("for {each} in {names} {{\n    {}\n}}", join(&each).replace('\n', "\n    "));
            (edits, code)
        }
        Held::Many(names) => {
            let each = free_name(analysis, &["handle", "worker", "thread_handle"]);
            let code = format!("for {each} in {names} {{\n    {}\n}}", join(&each).replace('\n', "\n    "));
            (Vec::new(), code)
        }
    };
    edits.push(at_end(cx, analysis, start, &code)?);
    Some(edits)
}

/// Whether a thread is told to stop in the body that starts it.
fn is_told_in(cx: &Context<'_>, analysis: &Analysis<'_>, site: HandleSite) -> bool {
    cx.stop_signal(site).is_some_and(|signal| {
        signal.file == analysis.body.file && analysis.body.expr(analysis.body.ir.root).span.contains(signal.span)
    })
}

/// Whether the handle has a name that does not say that nobody will use it.
fn has_name(cx: &Context<'_>, analysis: &Analysis<'_>, site: HandleSite) -> bool {
    let Some((block, index)) = analysis.let_around(site.call).or_else(|| let_of_many(analysis, site.call)) else {
        return false;
    };
    let Expr::Block(data) = analysis.expr(block) else { return false };
    let Some(Stmt::Let { pat, .. }) = data.stmts.get(index as usize) else { return false };
    let Pat::Bind { local, sub: None } = analysis.body.pat(*pat).kind else { return false };
    !cx.program.name_text(analysis.body.owner, analysis.body.local(local).name).starts_with('_')
}

/// Whether a thread certainly comes to its end, as far as the function goes that waits for it: nothing that it does waits for
/// what others may never do, but for the signals and senders of that function.
pub(super) fn ends(cx: &Context<'_>, site: HandleSite, waiter: Option<&Analysis<'_>>) -> bool {
    let Some(spawn) = cx.spawns().behind(site) else { return false };
    let mut threads = cx.threads().iter();
    let Some(thread) = threads.find(|thread| (thread.spawn.body, thread.spawn.call) == (spawn.body, spawn.call)) else {
        return false;
    };
    let told = waiter.is_some_and(|waiter| is_told_in(cx, waiter, site));
    let disconnects = || waiter.is_some_and(|waiter| lets_go_of_senders(cx, waiter));
    let is_clear = |step: StepKind| match step {
        StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry => disconnects(),
        StepKind::Load => told,
        StepKind::Block => false,
        StepKind::Pause => true,
    };
    let loops = thread.execution.loops.iter().all(|(_, facts)| {
        !facts.exits.is_empty() && !facts.inner_endless && facts.steps.iter().all(|step| is_clear(step.kind))
    });
    let Some((body, root)) = spawn.entry.code(cx) else { return false };
    let inner = cx.analysis(body);
    let waits = inner.calls().filter(|(call, _)| inner.tree.is_inside(*call, root)).any(|(_, callee)| {
        let effects = cx.effects(callee);
        let short = effects.with(word::BLOCKS, "io") || effects.with(word::BLOCKS, "sleep");
        let receives = effects.has(word::RECEIVES) && !disconnects();
        effects.has(word::BLOCKS) && !short && !effects.has(word::RECEIVES) || receives || effects.has(word::WAITS)
    });
    !thread.execution.gave_up && loops && !waits
}

/// Whether every sender that the function has a name for is given away: `drop(tx)`, into a thread, into a call.
fn lets_go_of_senders(cx: &Context<'_>, analysis: &Analysis<'_>) -> bool {
    let count = analysis.body.ir.locals.len() as u32;
    let mut senders = (0..count).map(LocalId).filter(|local| {
        let own = analysis.body.local(*local).closure.is_none();
        own && analysis.types.local(*local).any(&mut |part| cx.roles().says(part, word::SENDER))
    });
    senders.all(|local| {
        analysis.tree.uses(local).iter().any(|used| match analysis.tree.parent(*used) {
            Parent::Arg(..) => true,
            _ => analysis.tree.enclosing_closure(analysis.body, *used).is_some_and(|closure| {
                match analysis.expr(closure) {
                    Expr::Closure(data) => data.is_move,
                    _ => false,
                }
            }),
        })
    })
}

/// Whether something in a loop's body leaves the function.
fn leaves(analysis: &Analysis<'_>, body: ExprId) -> bool {
    analysis.parts(body).any(|part| {
        matches!(analysis.expr(part), Expr::Try(_) | Expr::Return(_))
            && analysis.tree.enclosing_closure(analysis.body, part).is_none()
    })
}

/// Whether something after a statement leaves the function: then the join would be skipped.
fn leaves_after(analysis: &Analysis<'_>, statement: Span) -> bool {
    let root = analysis.body.ir.root;
    (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
        let data = analysis.body.expr(expr);
        let leaves = match &data.kind {
            Expr::Try(_) | Expr::Return(_) => true,
            Expr::Macro(call) => call.tokens.exits.returns || call.tokens.exits.tries,
            // `process::exit`, a loop without an end
            Expr::Call { .. } | Expr::Loop(_) => {
                *analysis.types.ty(expr) == Ty::Never && analysis.tree.ancestors(expr).take(2).any(|up| up == root)
            }
            _ => false,
        };
        leaves && data.span.end > statement.end && analysis.tree.enclosing_closure(analysis.body, expr).is_none()
    })
}

/// The edits by which the handle of a spawn is kept to the end of the function, and the type that holds it.
fn held(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> Option<(Held, Ty)> {
    let file = analysis.body.file;
    let root = analysis.body.ir.root;
    if let Some((statement, value)) = describe::discarding_statement(analysis, call) {
        let ty = analysis.types.ty(value).clone();
        let value_start = analysis.body.expr(value).span.start;
        let head = Loc::new(file, Span::new(statement.start, value_start));
        if !matches!(cx.handle_kind(&ty), Some(HandleKind::Thread))
            || matches!(ty, Ty::Ref(..))
            || has_comment(cx, head)
        {
            return None;
        }
        let (Parent::Stmt(block, _) | Parent::LetInit(block, _)) = analysis.tree.parent(value) else { return None };
        if block == root {
            let name = describe::free_name(cx, analysis, call);
            return Some((Held::Named(name.clone(), vec![Edit::replace(head, format!("let {name} = "))]), ty));
        }
        let Parent::LoopBody(round) = analysis.tree.parent(block) else { return None };
        let Expr::Loop(data) = analysis.expr(round) else { return None };
        let LoopKind::For { iter, .. } = data.kind else { return None };
        let has_end = cx.bound_of(analysis, iter) != Bound::Endless && data.label.is_none();
        let in_root = matches!(analysis.tree.parent(round), Parent::Stmt(up, _) if up == root);
        if !has_end || !in_root || analysis.body.expr(round).in_macro || leaves(analysis, data.body) {
            return None;
        }
        let names = free_name(analysis, &["handles", "workers", "thread_handles"]);
        let at = analysis.body.expr_loc(round);
        let made = laid_out(cx, at, &format!("let mut {names} = Vec::new();\n"));
        let indent = crate::rules::text::indentation(cx, at);
        let end = analysis.body.expr(value).span.end;
        let edits = vec![
            Edit::insert(file, at.span.start, format!("{made}{indent}")),
            Edit::replace(head, format!("{names}.push(")),
            Edit::insert(file, end, ")"),
        ];
        return Some((Held::Collected(names, edits), ty));
    }
    let (block, index) = analysis.let_around(call).or_else(|| let_of_many(analysis, call))?;
    let Expr::Block(data) = analysis.expr(block) else { return None };
    let Stmt::Let { pat, .. } = data.stmts.get(index as usize)? else { return None };
    let Pat::Bind { local, sub: None } = analysis.body.pat(*pat).kind else { return None };
    let declared = analysis.body.local(local);
    let moved = |used: &ExprId| matches!(analysis.tree.parent(*used), Parent::AssignTarget(_));
    let end = analysis.body.expr(root).span.end;
    if block != root
        || declared.by_ref
        || is_shadowed(analysis, local, end)
        || analysis.tree.uses(local).iter().any(moved)
    {
        return None;
    }
    let ty = analysis.types.local(local).clone();
    let written = cx.program.name_text(analysis.body.owner, declared.name);
    let plain = written.trim_start_matches('_');
    let is_unused = analysis.tree.uses(local).is_empty();
    let renamed = is_unused && plain != written && !plain.is_empty() && !analysis.body.mentions(Name::of(plain));
    let name = if renamed { plain.to_owned() } else { written.to_owned() };
    match cx.handle_shape(&ty) {
        HandleShape::Plain if cx.handle_kind(&ty) == Some(HandleKind::Thread) => {
            let edit = Edit::replace(analysis.body.loc(declared.span), name.clone());
            Some((Held::Named(name, if renamed { vec![edit] } else { Vec::new() }), ty))
        }
        HandleShape::Many if !renamed => Some((Held::Many(name), ty)),
        _ => None,
    }
}

/// The `let` of a collection that a closure's spawns go into: `let workers: Vec<_> = jobs.map(|job| spawn(..)).collect();`
fn let_of_many(analysis: &Analysis<'_>, call: ExprId) -> Option<(ExprId, u32)> {
    let closure = analysis.tree.enclosing_closure(analysis.body, call)?;
    let Parent::Arg(map, _) = analysis.tree.parent(closure) else { return None };
    analysis.let_around(map)
}

/// Code at the end of a function, before its value. `None` where the value may be what the function does last.
fn at_end(cx: &Context<'_>, analysis: &Analysis<'_>, after: Span, code: &str) -> Option<Edit> {
    let root = analysis.body.ir.root;
    let Expr::Block(block) = analysis.expr(root) else { return None };
    let file = analysis.body.file;
    let indent = |loc: Loc| crate::rules::text::indentation(cx, loc);
    if let Some(tail) = block.tail {
        let loc = analysis.body.expr_loc(tail);
        if analysis.body.expr(tail).in_macro || loc.span.start < after.end {
            return None;
        }
        if is_plain_value(analysis, tail) {
            let code = laid_out(cx, loc, code);
            return Some(Edit::insert(file, loc.span.start, format!("{code}\n{}", indent(loc))));
        }
        if !analysis.types.ty(tail).is_unit() {
            return None;
        }
        let semi = if ends_like_block(analysis.expr(tail)) { "" } else { ";" };
        let code = laid_out(cx, loc, code);
        return Some(Edit::insert(file, loc.span.end, format!("{semi}\n{}{code}", indent(loc))));
    }
    let last = block.stmts.last()?;
    let (Stmt::Let { span, .. } | Stmt::Expr { span, .. }) = last;
    let at = analysis.body.loc(*span);
    let code = laid_out(cx, at, code);
    Some(Edit::insert(file, span.end, format!("\n{}{code}", indent(at))))
}

fn ends_like_block(expr: &Expr) -> bool {
    match expr {
        Expr::If { .. } | Expr::Match { .. } | Expr::Loop(_) => true,
        Expr::Block(block) => block.kind == BlockKind::Plain || block.kind == BlockKind::Unsafe,
        _ => false,
    }
}

/// Whether a value is only named or wrapped: it does nothing, and is the same after a join.
fn is_plain_value(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    match analysis.expr(expr) {
        Expr::Local(_) | Expr::Path(_) | Expr::Literal(_) => true,
        Expr::Tuple(parts) => parts.iter().all(|part| is_plain_value(analysis, *part)),
        Expr::Call { callee, args } => {
            let wraps = matches!(analysis.value(*callee), Some(crate::model::ValueRef::Constructor(..)));
            wraps && args.iter().all(|arg| is_plain_value(analysis, *arg))
        }
        Expr::Struct(data) => {
            data.spread.is_none() && data.fields.iter().all(|(_, _, value)| is_plain_value(analysis, *value))
        }
        _ => false,
    }
}

/// `self.worker.take();` becomes `if let Some(handle) = self.worker.take() { .. }`, `self.workers.clear();` a loop that joins.
pub(super) fn join_what_is_taken(cx: &Context<'_>, analysis: &Analysis<'_>, dropped: Loc) -> Option<Edit> {
    let (_, call) = cx.call_at(dropped)?;
    let (statement, value) = describe::discarding_statement(analysis, call)?;
    if !is_free(cx, analysis, value, statement) {
        return None;
    }
    if let Expr::MethodCall(data) = analysis.expr(call)
        && analysis.types.ty(value).is_unit()
    {
        return drain_what_is_cleared(cx, analysis, statement, call, data.receiver);
    }
    let shape = cx.handle_shape(analysis.types.ty(value));
    if !matches!(shape, HandleShape::Optional | HandleShape::Plain) {
        return None;
    }
    // A guard in the condition would live while the thread is joined.
    let holds_guard = analysis.parts(value).any(|part| cx.roles().carries_guard(analysis.types.ty(part)));
    let text = cx.program.text(analysis.body.expr_loc(value));
    let joining = &cx.joining(analysis.types.ty(value));
    let name = free_name(analysis, &["handle", "worker", "thread_handle"]);
    let join = |value: &str| join_here(cx, (analysis, joining), shape, value, &name);
    let code = match holds_guard {
        true => {
            let taken = free_name(analysis, &["taken", "worker", "thread_taken"]);
            format!("let {taken} = {text};\n{}", join(&taken))
        }
        false => join(text),
    };
    let loc = analysis.body.loc(statement);
    let written = if text.contains('\n') { as_is(cx, loc, &code, text) } else { laid_out(cx, loc, &code) };
    Some(Edit::replace(loc, written))
}

/// As [`laid_out`], where part of the code stands in the file already and keeps its lines.
fn as_is(cx: &Context<'_>, at: Loc, code: &str, kept: &str) -> String {
    const HERE: &str = "\u{0}";
    laid_out(cx, at, &code.replacen(kept, HERE, 1)).replacen(HERE, kept, 1)
}

/// The statement that joins what an expression gives, under that name. In a `Drop` a panic of the thread has nowhere to go.
pub(super) fn join_here(
    cx: &Context<'_>,
    (analysis, joining): (&Analysis<'_>, &Joining),
    shape: HandleShape,
    value: &str,
    name: &str,
) -> String {
    let join = |handle: &str| match cx.is_drop(analysis.body.owner) {
        true => joining.statement(handle),
        false => joining.checked(handle, PANICKED),
    };
    let inner = join(name).replace('\n', "\n    ");
    match shape {
        HandleShape::Optional => format!("if let Some({name}) = {value} {{\n    {inner}\n}}"),
        HandleShape::Many => format!("for {name} in {value} {{\n    {inner}\n}}"),
        HandleShape::Plain | HandleShape::Other => join(value),
    }
}

/// `self.worker = None;` and `self.worker = Some(..);`: the join of what was there.
pub(super) fn join_before_assignment(cx: &Context<'_>, analysis: &Analysis<'_>, place: Loc) -> Option<Edit> {
    let assign = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find(
        |expr| matches!(analysis.expr(*expr), Expr::Assign { target, .. } if analysis.body.expr_loc(*target) == place),
    )?;
    let Expr::Assign { target, .. } = analysis.expr(assign) else { return None };
    let is_statement = matches!(analysis.tree.parent(assign), Parent::Stmt(..));
    let is_optional = cx.handle_shape(analysis.types.ty(*target)) == HandleShape::Optional;
    if !is_statement || !is_optional || analysis.body.expr(assign).in_macro {
        return None;
    }
    let loc = analysis.body.loc(analysis.statement(assign));
    let name = free_name(analysis, &["handle", "worker", "thread_handle"]);
    let taken = format!("{}.take()", cx.program.text(place));
    let joining = cx.joining(analysis.types.ty(*target));
    let code = join_here(cx, (analysis, &joining), HandleShape::Optional, &taken, &name);
    let indent = crate::rules::text::indentation(cx, loc);
    Some(Edit::insert(loc.file, loc.span.start, format!("{}\n{indent}", laid_out(cx, loc, &code))))
}

/// `self.workers.clear();` becomes `for handle in self.workers.drain(..) { .. }`.
fn drain_what_is_cleared(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    statement: Span,
    call: ExprId,
    cleared: ExprId,
) -> Option<Edit> {
    let clears = analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::CLEARS));
    // `truncate(count)` and `retain(..)` leave some.
    if !clears || !analysis.args(call).is_empty() {
        return None;
    }
    let is_vec = cx.handle_shape(analysis.types.ty(cleared).peel_refs()) == HandleShape::Many;
    let is_place = matches!(analysis.expr(cleared), Expr::Field { .. } | Expr::Local(_));
    let text = cx.program.text(analysis.body.expr_loc(cleared));
    let loc = analysis.body.loc(statement);
    let joining = cx.joining(analysis.types.ty(cleared));
    let name = free_name(analysis, &["handle", "worker", "thread_handle"]);
    let code = join_here(cx, (analysis, &joining), HandleShape::Many, &format!("{text}.drain(..)"), &name);
    (is_vec && is_place).then(|| Edit::replace(loc, laid_out(cx, loc, &code)))
}

/// The join of handles behind a lock: `let worker = self.worker.lock().unwrap().take();` and what follows. The lock is free
/// again when the thread is joined.
pub(super) fn join_out_of_lock(
    cx: &Context<'_>,
    (analysis, joining): (&Analysis<'_>, &Joining),
    ty: &Ty,
    place: &str,
    name: &str,
) -> Option<String> {
    let many = free_name(analysis, &["handles", "workers", "thread_handles"]);
    let (taken, shape) = taken_out_of_lock(cx, ty, place, (name, &many), cx.is_drop(analysis.body.owner))?;
    let (value, each) = if shape == HandleShape::Many { (many.as_str(), "handle") } else { (name, name) };
    Some(format!("{taken}\n{}", join_here(cx, (analysis, joining), shape, value, each)))
}

/// The statement that takes handles out of a lock, for one or for many, and which it is. In a `Drop` it does not panic.
pub(super) fn taken_out_of_lock(
    cx: &Context<'_>,
    ty: &Ty,
    place: &str,
    (one, many): (&str, &str),
    in_drop: bool,
) -> Option<(String, HandleShape)> {
    let lock = cx.roles().pointee(ty);
    let shape = cx.handle_shape(lock.args().last()?);
    let (method, poisons) = cx.locking(&lock)?;
    let locked = format!("{place}.{method}()");
    let taken = match (shape, poisons, in_drop) {
        (HandleShape::Optional, true, true) => {
            format!("let {one} = {locked}.ok().and_then(|mut {one}| {one}.take());")
        }
        (HandleShape::Optional, true, false) => format!("let {one} = {locked}.unwrap().take();"),
        (HandleShape::Optional, false, _) => format!("let {one} = {locked}.take();"),
        (HandleShape::Many, true, true) => {
            format!("let {many} = {locked}.map(|mut {many}| std::mem::take(&mut *{many})).unwrap_or_default();")
        }
        (HandleShape::Many, true, false) => format!("let {many} = std::mem::take(&mut *{locked}.unwrap());"),
        (HandleShape::Many, false, _) => format!("let {many} = std::mem::take(&mut *{locked});"),
        (HandleShape::Plain | HandleShape::Other, ..) => return None,
    };
    Some((taken, shape))
}

/// The statement of the function's own block that an expression stands in, or the first one after it at whose end no guard
/// lives that has a name; and the `;` that it lacks. Under a guard the thread may wait for it.
pub(super) fn guard_free_statement(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    expr: ExprId,
) -> Option<(Span, &'static str)> {
    let root = analysis.body.ir.root;
    let Expr::Block(block) = analysis.expr(root) else { return None };
    let mut at = expr;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(up, index) | Parent::LetInit(up, index) if up == root => {
                let spans = block.stmts.get(index as usize..)?.iter().map(|stmt| match stmt {
                    Stmt::Let { span, .. } | Stmt::Expr { span, .. } => *span,
                });
                let mut free = spans.filter(|span| !is_guarded_at(cx, analysis, span.end));
                return free.next().map(|span| (span, ""));
            }
            Parent::BlockTail(up) if up == root => {
                let span = analysis.body.expr(at).span;
                let lacks = if ends_like_block(analysis.expr(at)) { "" } else { ";" };
                let is_free = analysis.types.ty(at).is_unit() && !is_guarded_at(cx, analysis, span.end);
                return is_free.then_some((span, lacks));
            }
            parent => at = parent.expr()?,
        }
    }
}

/// Whether a local may keep a guard at a place between two statements of the function's own block.
fn is_guarded_at(cx: &Context<'_>, analysis: &Analysis<'_>, offset: u32) -> bool {
    let root = analysis.body.ir.root;
    let count = analysis.body.ir.locals.len() as u32;
    (0..count).map(LocalId).any(|local| {
        let declared = analysis.body.local(local);
        if !cx.roles().carries_guard(analysis.types.local(local)) || declared.span.start >= offset {
            return false;
        }
        let Some(mut pat) = analysis.tree.binding(local) else { return true };
        while let PatParent::Pat(outer) = analysis.tree.pat_parent(pat) {
            pat = outer;
        }
        let scope = match analysis.tree.pat_parent(pat) {
            PatParent::Let(block, _) => block,
            PatParent::LetExpr(test) => match analysis.tree.ancestors(test).find(|up| is_condition_of(analysis, *up)) {
                Some(around) => around,
                None => return true,
            },
            PatParent::Arm(around, _) | PatParent::For(around) | PatParent::ClosureParam(around, _) => around,
            PatParent::Pat(_) | PatParent::Param(_) => return true,
        };
        let is_over = scope != root && analysis.body.expr(scope).span.end <= offset;
        let is_dropped = analysis.tree.uses(local).iter().any(|used| match analysis.tree.parent(*used) {
            Parent::Arg(call, _) => {
                let drops = analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::DROPS));
                let in_scope = matches!(analysis.tree.parent(call), Parent::Stmt(block, _) if block == scope);
                drops && in_scope && analysis.body.expr(call).span.end <= offset
            }
            _ => false,
        });
        !is_over && !is_dropped
    })
}

fn is_condition_of(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    matches!(analysis.expr(expr), Expr::If { .. } | Expr::Loop(_))
}
