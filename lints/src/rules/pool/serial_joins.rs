//! `serial_joins`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Bound, Context, HandleShape, SerialJoin, SerialShape};
use crate::lint::Sink;
use crate::model::Parent;
use crate::rules::edits::{free_name, is_free, starts_line};
use crate::rules::text::indentation;
use crate::syntax::ir::{Expr, LocalId, LoopKind, Stmt};

declare_lint! {
    /// ### What it does
    /// Finds threads that are joined before the next one starts: a spawn and its join in one round of a loop, or in one lazy
    /// chain of iterators (`.map(spawn).map(join)`), which asks for one thread after the other.
    ///
    /// ### Why is this bad
    /// Nothing runs at the same time: the code waits for each thread as if it had called the function, and pays for a
    /// thread on top. It looks parallel, so nobody finds out.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn squares() -> Vec<u32> {
    ///     (0..4u32)
    ///         .map(|n| thread::spawn(move || n * n))
    ///         .map(|thread| thread.join().unwrap())
    ///         .collect()
    /// }
    /// # assert_eq!(squares(), [0, 1, 4, 9]);
    /// ```
    ///
    /// ### Use instead
    /// Start all of them before the first join:
    /// ```rust
    /// use std::thread;
    ///
    /// fn squares() -> Vec<u32> {
    ///     (0..4u32)
    ///         .map(|n| thread::spawn(move || n * n))
    ///         .collect::<Vec<_>>()
    ///         .into_iter()
    ///         .map(|thread| thread.join().unwrap())
    ///         .collect()
    /// }
    /// # assert_eq!(squares(), [0, 1, 4, 9]);
    /// ```
    /// Where the input decides how many there are, let a chosen number of threads share it; or call the function.
    ///
    /// ### Known limits
    /// A thread that is started for its stack, one whose panic is looked at, and one beside which the round does other
    /// work have their reason. So has a loop that does not start its threads for an element of its own. Joins in a called function
    /// are not seen.
    pub static SERIAL_JOINS = {
        name: "serial_joins", family: Pool, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for serial in cx.serial_joins() {
        report(cx, &serial, sink);
    }
}

fn report(cx: &Context<'_>, serial: &SerialJoin, sink: &mut Sink) {
    let analysis = cx.analysis(serial.body);
    let (message, goes_round) = match serial.shape {
        SerialShape::OneRound => ("each of these threads is joined before the next one starts", "one round at a time"),
        SerialShape::Lazy { chained: true, .. } => (
            "this lazy chain joins each thread before it starts the next one",
            "starts a thread only when asked for it",
        ),
        SerialShape::Lazy { chained: false, .. } => {
            ("this lazy iterator starts each thread after the one before is joined", "asks for the next thread here")
        }
    };
    let diagnostic = Diagnostic::new(
        &SERIAL_JOINS,
        analysis.call_loc(serial.join),
        message,
        "waits here for the thread that was just started",
    )
    .label(analysis.call_loc(serial.spawn.call), "the thread starts here")
    .label(analysis.call_loc(serial.rounds), goes_round)
    .note("the threads never run at the same time: each costs a start and a stack, and saves no time");
    sink.emit(mend(cx, serial, diagnostic));
}

fn mend(cx: &Context<'_>, serial: &SerialJoin, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(serial.body);
    let of_loop = || all_before_first(cx, analysis, serial).filter(|_| serial.shape == SerialShape::OneRound);
    if let Some(edits) = of_loop() {
        let message = "start all threads before the first is joined";
        return diagnostic.suggest(message, Applicability::MaybeIncorrect, edits);
    }
    match serial.shape {
        SerialShape::Lazy { iterator, chained, few: true } if !analysis.body.expr(iterator).in_macro => {
            let collect = match chained {
                true => ".collect::<Vec<_>>().into_iter()",
                false => ".collect::<Vec<_>>()",
            };
            let end = analysis.body.expr(iterator).span.end;
            diagnostic.suggest(
                "start all threads before the first is joined",
                Applicability::MaybeIncorrect,
                vec![Edit::insert(analysis.body.file, end, collect)],
            )
        }
        _ => {
            let list = match analysis.expr(serial.rounds) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { iter, .. } => describe::list_text(cx, analysis, iter),
                    _ => None,
                },
                Expr::MethodCall(call) => describe::list_text(cx, analysis, call.receiver),
                _ => None,
            };
            match describe::shared_out(cx, analysis, list, "threads") {
                Some(code) => diagnostic
                    .help("let a chosen number of threads share the work, or call the function without a thread", code),
                None => diagnostic
                    .help("start all threads before the first is joined, or call the function without a thread", ""),
            }
        }
    }
}

/// A `for` whose last statement joins the thread of the round: the handles are kept, and that statement is made for each of them
/// after the loop.
fn all_before_first(cx: &Context<'_>, analysis: &Analysis<'_>, serial: &SerialJoin) -> Option<Vec<Edit>> {
    let Expr::Loop(data) = analysis.expr(serial.rounds) else { return None };
    let LoopKind::For { iter, .. } = data.kind else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let is_statement = matches!(analysis.tree.parent(serial.rounds), Parent::Stmt(..) | Parent::BlockTail(_));
    // As many threads as the input has elements would be another fault.
    let is_few = cx.bound_of(analysis, iter) == Bound::Chosen;
    let whole = analysis.body.expr(serial.rounds);
    let leaves = analysis.parts(data.body).any(|part| match analysis.expr(part) {
        Expr::Try(_) | Expr::Return(_) | Expr::Break { .. } | Expr::Continue { .. } | Expr::Await(_) => {
            analysis.tree.enclosing_closure(analysis.body, part)
                == analysis.tree.enclosing_closure(analysis.body, data.body)
        }
        _ => false,
    });
    if !is_statement || !is_few || leaves || whole.in_macro || data.label.is_some() {
        return None;
    }
    let (last, span) = match (block.tail, block.stmts.last()?) {
        (Some(tail), _) => (tail, analysis.body.expr(tail).span),
        (None, Stmt::Expr { expr, span, .. }) => (*expr, *span),
        (None, Stmt::Let { .. }) => return None,
    };
    let handle = analysis.receiver(cx.program, serial.join)?;
    if !analysis.tree.is_inside(serial.join, last) || !is_free(cx, analysis, serial.join, span) {
        return None;
    }
    let file = analysis.body.file;
    let declared_outside =
        |local: LocalId| !analysis.body.expr(data.body).span.contains(analysis.body.local(local).span);
    let (name, inside) = match analysis.expr(handle) {
        Expr::Local(local) => {
            (cx.program.name_text(analysis.body.owner, analysis.body.local(*local).name).to_owned(), Some(*local))
        }
        _ => (free_name(analysis, &["handle", "worker", "thread_handle"]), None),
    };
    // What else the statement uses is there after the loop, too.
    let pattern = |local: LocalId| declared_outside(local) && analysis.bound_from(local) != Some(iter);
    let is_known = analysis.parts(last).all(|part| match analysis.expr(part) {
        Expr::Local(local) => Some(*local) == inside || analysis.tree.is_inside(part, handle) || pattern(*local),
        Expr::Macro(call) => call.parsed,
        _ => true,
    });
    let is_handle = cx.handle_shape(analysis.types.ty(handle)) == HandleShape::Plain;
    if !is_known
        || !is_handle
        || analysis.tree.enclosing_closure(analysis.body, serial.join)
            != analysis.tree.enclosing_closure(analysis.body, data.body)
    {
        return None;
    }
    let handles = free_name(analysis, &["handles", "workers", "thread_handles"]);
    let value = cx.program.text(analysis.body.expr_loc(handle));
    let statement = cx.program.text(analysis.body.loc(span));
    let after = match inside {
        Some(_) => statement.to_owned(),
        None => statement.replacen(value, &name, 1),
    };
    let at = analysis.body.loc(whole.span);
    let (indent, inner) = (indentation(cx, at), indentation(cx, analysis.body.loc(span)));
    if after.contains('\n') || !starts_line(cx, file, whole.span.start) {
        return None;
    }
    Some(vec![
        Edit::insert(file, whole.span.start, format!("let mut {handles} = Vec::new();\n{indent}")),
        Edit::replace(analysis.body.loc(span), format!("{handles}.push({value});")),
        Edit::insert(file, whole.span.end, format!("\n{indent}for {name} in {handles} {{\n{inner}{after}\n{indent}}}")),
    ])
}
