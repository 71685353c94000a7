//! `guards_across_early_exit`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, Guard, Mode, State, Write};
use crate::lint::Sink;
use crate::model::flow::{Action, NodeId};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Lists every `?`, error `return` and panicking call that leaves while an exclusive guard lives through which something
    /// has been written already. This is the full list; `torn_updates` and `poison_cascades` report those that the code
    /// shows to be wrong.
    ///
    /// ### Why is this bad
    /// It need not be. Each such exit is a place where the guarded value is seen by others as it is at that moment, and where
    /// a later change to the function may make that wrong.
    ///
    /// ### Example
    /// ```rust
    /// use std::fs::File;
    /// use std::io::{self, Write};
    /// use std::sync::Mutex;
    ///
    /// struct Log {
    ///     lines: u64,
    ///     file: File,
    /// }
    ///
    /// fn append(log: &Mutex<Log>, line: &str) -> io::Result<()> {
    ///     let mut log = log.lock().unwrap();
    ///     log.lines += 1;
    ///     log.file.write_all(line.as_bytes())?; // leaves with `lines` counted up
    ///     Ok(())
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::fs::File;
    /// use std::io::{self, Write};
    /// use std::sync::Mutex;
    ///
    /// struct Log {
    ///     lines: u64,
    ///     file: File,
    /// }
    ///
    /// fn append(log: &Mutex<Log>, line: &str) -> io::Result<()> {
    ///     let mut log = log.lock().unwrap();
    ///     log.file.write_all(line.as_bytes())?;
    ///     log.lines += 1;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Allowed by default: most of what it lists is right. Panics inside called functions, arithmetic and indexing are not
    /// listed.
    pub static GUARDS_ACROSS_EARLY_EXIT = {
        name: "guards_across_early_exit", family: Lock, level: Allow, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<Loc> = FxHashSet::default();
    for guard in cx.guards().all().filter(|guard| guard.mode == Mode::Exclusive) {
        let analysis = cx.analysis(guard.body);
        let flow = cx.guard_flow(guard);
        let state = State::of_guard(guard);
        let writes: Vec<(NodeId, Write)> = cx
            .writes(analysis, &state)
            .into_iter()
            .filter_map(|write| Some((flow.node(write.expr).filter(|node| guard.is_live(*node))?, write)))
            .collect();
        if writes.is_empty() {
            continue;
        }
        for (exit, node) in exits(cx, guard) {
            let before = writes.iter().find(|(from, write)| {
                let way = flow.reach(*from, |_, _, next| guard.is_live(next));
                way.contains(node.index()) && !analysis.tree.is_inside(write.expr, exit)
            });
            if let Some((_, write)) = before
                && reported.insert(cx.leaving_loc(analysis, exit))
            {
                report(cx, guard, exit, write, sink);
            }
        }
    }
}

/// The exits while the guard lives, in order.
fn exits(cx: &Context<'_>, guard: &Guard) -> Vec<(ExprId, NodeId)> {
    let analysis = cx.analysis(guard.body);
    let flow = cx.guard_flow(guard);
    let errors = cx.error_exits(guard.body, guard.root);
    let mut exits: Vec<(ExprId, NodeId)> = errors.into_iter().map(|exit| (exit.expr, exit.node)).collect();
    for (node, action) in flow.nodes() {
        if let Action::Eval(expr) = action
            && cx.panic_at(analysis, expr, None).is_some()
        {
            exits.push((expr, node));
        }
    }
    exits.retain(|(_, node)| guard.is_live(*node));
    exits.sort_by_key(|(_, node)| *node);
    exits
}

fn report(cx: &Context<'_>, guard: &Guard, exit: ExprId, write: &Write, sink: &mut Sink) {
    let analysis = cx.analysis(guard.body);
    let lock = cx.lock_text(guard);
    let how = match analysis.expr(exit) {
        Expr::Try(_) => "`?` may leave",
        Expr::Return(_) => "an error is returned",
        _ => "a panic may leave",
    };
    let (taken, text) = describe::taken(cx, guard);
    sink.emit(
        Diagnostic::new(
            &GUARDS_ACROSS_EARLY_EXIT,
            cx.leaving_loc(analysis, exit),
            format!("{how} while `{lock}` is locked and written"),
            "leaves with the guard alive",
        )
        .label(taken, text)
        .label(analysis.call_loc(write.expr), "what it protects is written here")
        .note("whoever locks it next sees the value as it is at that moment")
        .help("do what can fail before the lock is taken, or before the first write", ""),
    );
}
