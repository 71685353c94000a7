//! `live_senders_at_join`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, BlockedJoin, Context, JoinedBy, LiveSender};
use crate::lint::{Level, Sink};
use crate::model::{FieldRef, Parent};
use crate::source::Loc;
use crate::syntax::ir::{ExprId, LocalId, TypeRef};

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
    pub(crate) static LIVE_SENDERS_AT_JOIN = {
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
        LiveSender::Field(field) => take_field(cx, field, diagnostic),
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
    if blocked.by != JoinedBy::Call {
        return diagnostic.help(help, code);
    }
    let repeated = cx.is_repeated(blocked.body, blocked.join);
    let at = insertion(analysis, local, blocked.join, repeated);
    let Some(at) = at.filter(|at| !is_used_after(analysis, local, *at) || !repeated) else {
        return diagnostic.help(help, code);
    };
    let text = cx.program.source(analysis.body.file).map_or("", |source| source.text.as_ref());
    let line = text.get(..at as usize).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    if !line.trim().is_empty() {
        return diagnostic.help(help, code);
    }
    let applicability = match surely && !is_used_after(analysis, local, at) {
        true => Applicability::MachineApplicable,
        false => Applicability::MaybeIncorrect,
    };
    let edit = Edit::insert(analysis.body.file, at, format!("{code}\n{line}"));
    diagnostic.suggest(help, applicability, vec![edit])
}

/// Where the statement of the join starts; where the join is made again and again, that of the outermost loop around it that
/// the sender is declared outside of. None where the join stands in a closure, or the sender is declared after that.
fn insertion(analysis: &Analysis<'_>, local: LocalId, join: ExprId, repeated: bool) -> Option<u32> {
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
            Parent::ClosureBody(_) | Parent::AsyncBody(_) => return None,
            parent => at = parent.expr()?,
        }
    }
}

fn is_used_after(analysis: &Analysis<'_>, local: LocalId, at: u32) -> bool {
    analysis.tree.uses(local).iter().any(|used| analysis.body.expr(*used).span.start > at)
}

/// `drop(self.sender.take());` where the field is optional; else a sketch.
fn take_field(cx: &Context<'_>, field: FieldRef, diagnostic: Diagnostic) -> Diagnostic {
    let Some(declared) = cx.field(field) else { return diagnostic };
    let name = cx.program.name_text(field.adt, declared.name);
    let is_optional = cx.field_type(field).is_some_and(|ty| ty.adt().is_some() && ty.adt() == cx.program.lang.option);
    let is_vec = cx.field_type(field).is_some_and(|ty| ty.adt().is_some() && ty.adt() == cx.program.lang.vec);
    match (is_optional, is_vec) {
        (true, _) => diagnostic.help(HELP, format!("drop(self.{name}.take());")),
        (_, true) => diagnostic.help("drop the senders before the join", format!("self.{name}.clear();")),
        _ => {
            let written = match &declared.ty {
                TypeRef::Path(path) => cx.program.text(Loc::new(cx.program.file(field.adt), path.span)),
                _ => "…",
            };
            diagnostic.help(
                "keep the sender in an `Option`, and take it out before the join",
                format!("drop(self.{name}.take()); // {name}: Option<{written}>"),
            )
        }
    }
}
