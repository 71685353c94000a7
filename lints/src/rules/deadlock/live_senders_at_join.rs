//! `live_senders_at_join`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, BlockedJoin, Context, JoinedBy, LiveSender, word};
use crate::lint::{Level, Sink};
use crate::model::{DefId, FieldRef, Parent, Ty};
use crate::rules::edits::{is_shadowed, starts_line};
use crate::rules::text::indentation;
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId, LocalId, Stmt, TypeRef};

declare_lint! {
    /// ### What it does
    /// Finds a join of a thread that receives until its channel is disconnected, while a sender of that channel still lives
    /// on the joining side: a local that is dropped later, a sender outside of the scope at whose end the thread is joined, a
    /// field of the object whose `Drop` joins. Deny by default for a local.
    ///
    /// ### Why is this bad
    /// The thread waits for the last sender to go, and the sender waits for the thread: the join never returns. The fields of
    /// an object are dropped after the body of its `drop`, so a sender in a field is always alive there.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let printer = thread::spawn(move || {
    ///     for number in rx {
    ///         println!("{number}");
    ///     }
    /// });
    /// tx.send(1).unwrap();
    /// printer.join().unwrap(); // `tx` is still there
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let printer = thread::spawn(move || {
    ///     for number in rx {
    ///         println!("{number}");
    ///     }
    /// });
    /// tx.send(1).unwrap();
    /// drop(tx);
    /// printer.join().unwrap();
    /// ```
    /// In an object, keep an `Option<Sender<_>>`, and take the sender out before the join.
    /// ```rust
    /// use std::sync::mpsc::Sender;
    /// use std::thread::JoinHandle;
    ///
    /// struct Printer {
    ///     numbers: Option<Sender<u32>>,
    ///     thread: Option<JoinHandle<()>>,
    /// }
    ///
    /// impl Drop for Printer {
    ///     fn drop(&mut self) {
    ///         drop(self.numbers.take());
    ///         if let Some(thread) = self.thread.take() {
    ///             let _ = thread.join();
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// The thread's loop must have no other way out: one that ends by a message, a flag or an error is left alone, whether or not
    /// that ever comes. A sender in a field counts where nothing in the crate takes it out, and the join is of a handle in
    /// the same object. Senders behind an `Arc` are not looked at.
    pub static LIVE_SENDERS_AT_JOIN = {
        name: "live_senders_at_join", family: Deadlock, level: Warn, applicability: MachineApplicable, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for blocked in cx.blocked_joins() {
        report(cx, &blocked, sink);
    }
}

fn report(cx: &Context<'_>, blocked: &BlockedJoin<'_>, sink: &mut Sink) {
    let analysis = cx.analysis(blocked.body);
    let spawner = cx.analysis(blocked.thread.spawn.body);
    let (name, declared, label) = match blocked.sender {
        LiveSender::Local { body, local, .. } => {
            let analysis = cx.analysis(body);
            let name = cx.program.name_text(analysis.body.owner, analysis.body.local(local).name).to_owned();
            let declared = analysis.body.loc(analysis.body.local(local).span);
            (name.clone(), Some(declared), format!("`{name}` lives until after the join"))
        }
        LiveSender::Field(field) => {
            let label = match cx.is_drop(analysis.body.owner) {
                _ if matches!(blocked.by, JoinedBy::DropOfField(_)) => "dropped after it",
                true => "fields are dropped after the body of `drop`",
                false => "the field keeps its sender",
            };
            (cx.field_text(field), cx.field_loc(field), label.to_owned())
        }
    };
    let (primary, message, waits) = match blocked.by {
        JoinedBy::Scope => (
            analysis.call_loc(blocked.join),
            format!("this scope never ends: its thread receives until `{name}` is dropped"),
            "joins its threads at its end",
        ),
        JoinedBy::Call => (
            analysis.call_loc(blocked.join),
            format!("this join never returns: the thread receives until `{name}` is dropped"),
            "waits for the thread here",
        ),
        JoinedBy::DropOf(body, keeper) => {
            let owner = cx.program.body(body);
            let kept = cx.program.name_text(owner.owner, owner.local(keeper).name);
            (
                owner.loc(owner.local(keeper).span),
                format!(
                    "`{kept}` is dropped before `{name}`, and joins a thread that receives until `{name}` is dropped"
                ),
                "declared last, so dropped first",
            )
        }
        JoinedBy::DroppedBy(body, keeper, call) => {
            let owner = cx.analysis(body);
            let kept = cx.program.name_text(owner.body.owner, owner.body.local(keeper).name);
            (
                owner.call_loc(call),
                format!("this drop never returns: `{kept}` joins a thread that receives until `{name}` is dropped"),
                "the `Drop` of what is dropped here joins the thread",
            )
        }
        JoinedBy::DropOfField(keeper) => (
            cx.field_loc(keeper).unwrap_or(analysis.call_loc(blocked.join)),
            format!(
                "`{}` is dropped before `{name}`, and joins a thread that receives until `{name}` is dropped",
                cx.field_text(keeper)
            ),
            "declared first, so dropped first",
        ),
    };
    let mut diagnostic =
        Diagnostic::new(&LIVE_SENDERS_AT_JOIN, primary, message, waits).site(analysis.call_loc(blocked.join));
    diagnostic = diagnostic
        .label(spawner.call_loc(blocked.thread.spawn.call), "the thread starts here")
        .label(cx.receive_loc(blocked.receive), "it receives here until every sender is gone");
    if let Some(declared) = declared {
        diagnostic = diagnostic.label(declared, label);
    }
    diagnostic =
        diagnostic.note("a receive ends only when the last sender is dropped, and this one is dropped after the join");
    diagnostic = match blocked.sender {
        LiveSender::Local { local, surely, .. } => {
            if surely {
                diagnostic.level = Level::Deny;
            }
            drop_local(cx, (local, &name, surely), blocked, diagnostic)
        }
        LiveSender::Field(_) if matches!(blocked.by, JoinedBy::DropOfField(_)) => {
            diagnostic.help("declare the field with the sender first", String::new())
        }
        LiveSender::Field(field) => take_field(cx, field, blocked, diagnostic),
    };
    sink.emit(diagnostic);
}

const HELP: &str = "drop the sender before the join";

/// `drop(tx);` before the statement of the join.
fn drop_local(
    cx: &Context<'_>,
    (local, name, surely): (LocalId, &str, bool),
    blocked: &BlockedJoin<'_>,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let analysis = cx.analysis(blocked.body);
    let code = format!("drop({name});");
    let help = match blocked.by {
        JoinedBy::Call => HELP,
        JoinedBy::DroppedBy(..) => HELP,
        JoinedBy::Scope => "drop the sender at the end of the scope's closure, or move it into the closure",
        _ => "drop the sender before the end of the block",
    };
    let is_here = matches!(blocked.sender, LiveSender::Local { body, .. } if body == blocked.body);
    let before = match blocked.by {
        JoinedBy::Call => blocked.join,
        JoinedBy::DroppedBy(body, _, call) if body == blocked.body && is_here => call,
        JoinedBy::Scope if is_here => {
            let edit = at_end_of_scope(cx, analysis, local, blocked.join).map(|at| written(cx, analysis, at, &code));
            return match edit {
                Some(edit) => diagnostic.suggest(help, Applicability::MaybeIncorrect, vec![edit]),
                None => diagnostic.help(help, code),
            };
        }
        _ => return diagnostic.help(help, code),
    };
    let repeated = cx.is_repeated(blocked.body, before);
    let at = insertion(cx, analysis, local, before, repeated);
    let Some(at) = at.filter(|at| !is_used_after(analysis, local, *at) || !repeated) else {
        return diagnostic.help(help, code);
    };
    if !starts_line(cx, analysis.body.file, at) || is_shadowed(analysis, local, at) {
        return diagnostic.help(help, code);
    }
    let crosses = analysis.tree.enclosing_closure(analysis.body, before) != analysis.body.local(local).closure;
    let is_certain = surely && blocked.by == JoinedBy::Call && !crosses && !is_used_after(analysis, local, at);
    let applicability = if is_certain { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect };
    let indent = indentation(cx, Loc::new(analysis.body.file, Span::new(at, at)));
    let edit = Edit::insert(analysis.body.file, at, format!("{code}\n{indent}"));
    diagnostic.suggest(help, applicability, vec![edit])
}

/// Where a statement can be added.
enum Added {
    /// Before what starts here.
    Before(u32),
    /// After what ends here.
    After(Span),
}

fn written(cx: &Context<'_>, analysis: &Analysis<'_>, at: Added, code: &str) -> Edit {
    let file = analysis.body.file;
    let indent = |offset: u32| indentation(cx, Loc::new(file, Span::new(offset, offset)));
    match at {
        Added::Before(offset) => Edit::insert(file, offset, format!("{code}\n{}", indent(offset))),
        Added::After(span) => Edit::insert(file, span.end, format!("\n{}{code}", indent(span.start))),
    }
}

/// The end of the closure that is given to a scope, where the sender is not needed any more, and no thread borrows it.
fn at_end_of_scope(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId, scope: ExprId) -> Option<Added> {
    let mut args = analysis.args(scope).iter().copied();
    let closure = args.find(|arg| matches!(analysis.expr(*arg), Expr::Closure(_)))?;
    let Expr::Closure(data) = analysis.expr(closure) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let declared_outside = !analysis.body.expr(closure).span.contains(analysis.body.local(local).span);
    let is_free = !is_borrowed_inside(analysis, local, closure)
        && !is_used_after(analysis, local, analysis.body.expr(closure).span.end);
    let is_shadowed = is_shadowed(analysis, local, analysis.body.expr(closure).span.end);
    if !declared_outside || !is_free || is_shadowed || analysis.body.expr(scope).in_macro {
        return None;
    }
    match (block.tail, block.stmts.last()) {
        (Some(tail), _) => {
            let loc = analysis.body.expr_loc(tail);
            let is_plain = matches!(analysis.expr(tail), Expr::Local(_) | Expr::Path(_) | Expr::Literal(_));
            let ends = matches!(analysis.expr(tail), Expr::Loop(_) | Expr::If { .. } | Expr::Match { .. })
                && analysis.types.ty(tail).is_unit();
            match (is_plain && starts_line(cx, loc.file, loc.span.start), ends) {
                (true, _) => Some(Added::Before(loc.span.start)),
                (false, true) => Some(Added::After(loc.span)),
                (false, false) => None,
            }
        }
        (None, Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. })) => Some(Added::After(*span)),
        (None, None) => None,
    }
}

/// Whether a closure inside another one has the local, other than a clone that is made for it.
fn is_borrowed_inside(analysis: &Analysis<'_>, local: LocalId, closure: ExprId) -> bool {
    analysis.tree.uses(local).iter().any(|used| {
        let own = analysis.tree.enclosing_closure(analysis.body, *used);
        own != Some(closure) && analysis.tree.is_inside(*used, closure)
    })
}

/// Where the statement of the join starts; where the join is made again and again, that of the outermost loop around it that
/// the sender is declared outside of. None where the join stands in a closure, or the sender is declared after that.
fn insertion(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId, join: ExprId, repeated: bool) -> Option<u32> {
    let declared = analysis.body.local(local).span;
    let mut at = join;
    let mut statement = None;
    loop {
        let parent = analysis.tree.parent(at);
        match parent {
            Parent::Stmt(block, _) | Parent::LetInit(block, _) | Parent::BlockTail(block) => {
                let span = match parent {
                    Parent::BlockTail(_) => analysis.body.expr(at).span,
                    _ => analysis.statement(at),
                };
                statement = statement.or(Some(span.start));
                if analysis.body.expr(block).span.contains(declared) {
                    return statement;
                }
                if repeated && matches!(analysis.tree.parent(block), Parent::LoopBody(_)) {
                    statement = None;
                }
                at = block;
            }
            // The closure of a scope runs once, here.
            Parent::ClosureBody(closure) => {
                let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
                let is_scope = analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::SCOPE));
                let is_free = !is_borrowed_inside(analysis, local, closure)
                    && !is_used_after(analysis, local, analysis.body.expr(closure).span.end);
                return statement.filter(|_| is_scope && is_free);
            }
            Parent::AsyncBody(_) => return None,
            parent => at = parent.expr()?,
        }
    }
}

fn is_used_after(analysis: &Analysis<'_>, local: LocalId, at: u32) -> bool {
    analysis.tree.uses(local).iter().any(|used| analysis.body.expr(*used).span.start > at)
}

/// The sender in a field is dropped before the join: taken out of an `Option`, cleared out of a `Vec`, or replaced by one of a
/// channel that nobody uses.
fn take_field(cx: &Context<'_>, field: FieldRef, blocked: &BlockedJoin<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let Some(declared) = cx.field(field) else { return diagnostic };
    let name = cx.program.name_text(field.adt, declared.name);
    let ty = cx.field_type(field);
    let is_of = |adt: Option<DefId>| ty.is_some_and(|ty| ty.adt().is_some() && ty.adt() == adt);
    let (help, code) = if is_of(cx.program.lang.option) {
        (HELP, format!("drop(self.{name}.take());"))
    } else if is_of(cx.program.lang.vec) {
        ("drop the senders before the join", format!("self.{name}.clear();"))
    } else if let Some(idle) = idle_sender(cx, field, blocked).filter(|_| before_join(cx, field, blocked).is_some()) {
        (
            "put another sender in the place of this one, and drop it before the join; or keep it in an `Option`",
            format!("drop(std::mem::replace(&mut self.{name}, {idle}));"),
        )
    } else {
        let written = match &declared.ty {
            TypeRef::Path(path) => cx.program.text(Loc::new(cx.program.file(field.adt), path.span)),
            _ => "…",
        };
        return diagnostic.help(
            "keep the sender in an `Option`, and take it out before the join",
            format!("drop(self.{name}.take()); // {name}: Option<{written}>"),
        );
    };
    match before_join(cx, field, blocked) {
        Some(at) => {
            let edit = written(cx, cx.analysis(blocked.body), Added::Before(at), &code);
            diagnostic.suggest(help, Applicability::MaybeIncorrect, vec![edit])
        }
        None => diagnostic.help(help, code),
    }
}

/// Where the statement of the method's own block starts in which a thread of `self` is joined, if the sender is not used later.
fn before_join(cx: &Context<'_>, field: FieldRef, blocked: &BlockedJoin<'_>) -> Option<u32> {
    let analysis = cx.analysis(blocked.body);
    let function = analysis.body.owner;
    let borrows = matches!(cx.program.signature(function)?.self_ty, Some(Ty::Ref(true, _)));
    if blocked.by != JoinedBy::Call || cx.owner_of(function) != Some(field.adt) || !borrows {
        return None;
    }
    let root = analysis.body.ir.root;
    let mut at = blocked.join;
    let start = loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(block, _) | Parent::LetInit(block, _) if block == root => break analysis.statement(at).start,
            Parent::BlockTail(block) if block == root => break analysis.body.expr(at).span.start,
            Parent::AsyncBody(_) => return None,
            parent => at = parent.expr()?,
        }
    };
    let is_needed = analysis.types.fields.iter().any(|(expr, (own, _))| {
        let span = analysis.body.expr(*expr).span;
        *own == field && span.end > start
    });
    let is_free = starts_line(cx, analysis.body.file, start) && !analysis.body.expr(blocked.join).in_macro;
    (is_free && !is_needed).then_some(start)
}

/// The call that makes a channel of the sender's kind, with its sender: `std::sync::mpsc::channel().0`.
fn idle_sender(cx: &Context<'_>, field: FieldRef, blocked: &BlockedJoin<'_>) -> Option<String> {
    let sender = cx.field_type(field)?.adt()?;
    let home = cx.program.def(sender).module;
    let makes = |def: &DefId| {
        let is_sender = |ret: &Ty| matches!(ret, Ty::Tuple(parts) if parts.first().and_then(Ty::adt) == Some(sender));
        cx.program.def(*def).module == home
            && cx.effects(*def).has(word::CHANNEL)
            && cx.program.signature(*def).is_some_and(|signature| is_sender(&signature.ret))
    };
    let maker = cx.program.defs().find(makes)?;
    let args = match &*cx.program.signature(maker)?.params {
        [] => "",
        [bound] if bound.is_scalar() => "1",
        _ => return None,
    };
    let path = cx.program.path_from(maker, cx.program.body(blocked.body).owner)?;
    Some(format!("{path}({args}).0"))
}
