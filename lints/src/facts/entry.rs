//! What runs on a thread: the closure, function or future that a spawner is given.

use super::context::{Analysis, Context};
use crate::model::{BodyId, DefId, PatParent, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// Where a thread begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entry {
    /// A closure or `async` block.
    Closure(BodyId, ExprId),
    /// A function by name, or the `async fn` whose future is handed over.
    Function(DefId),
    /// A parameter of the function that spawns (index without `self`): its callers know.
    Param(DefId, u32),
    /// Not known.
    Unknown,
}

impl Entry {
    /// What an expression that is handed to a spawner runs.
    pub fn of(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Entry {
        Entry::at(cx, analysis, expr, 6)
    }

    fn at(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Entry {
        if budget == 0 {
            return Entry::Unknown;
        }
        match analysis.expr(expr) {
            Expr::Closure(_) | Expr::Async { .. } => Entry::Closure(analysis.body.id, expr),
            Expr::Block(block) => block.tail.map_or(Entry::Unknown, |tail| Entry::at(cx, analysis, tail, budget - 1)),
            Expr::Path(_) => match analysis.value(expr) {
                Some(ValueRef::Function(def)) => Entry::Function(def),
                _ => Entry::Unknown,
            },
            Expr::Local(local) => Entry::of_local(cx, analysis, *local, budget),
            Expr::Call { args, .. } => match analysis.callee(expr) {
                Some(def) if cx.program.function(def).is_some_and(|function| function.is_async) => Entry::Function(def),
                // `Box::new(closure)`, `AssertUnwindSafe(closure)`
                Some(def) if !cx.program.is_user(def) && args.len() == 1 => {
                    Entry::at(cx, analysis, args[0], budget - 1)
                }
                Some(def) if cx.program.is_user(def) => Entry::made_by(cx, def, budget - 1),
                _ => Entry::Unknown,
            },
            Expr::MethodCall(_) => match analysis.callee(expr) {
                Some(def) if cx.program.function(def).is_some_and(|function| function.is_async) => Entry::Function(def),
                Some(def) if cx.program.is_user(def) => Entry::made_by(cx, def, budget - 1),
                _ => Entry::Unknown,
            },
            _ => Entry::Unknown,
        }
    }

    /// The closure that a function gives: `fn worker(pool: Arc<Pool>) -> impl FnOnce() { move || .. }`.
    fn made_by(cx: &Context<'_>, function: DefId, budget: u32) -> Entry {
        let Some(body) = cx.program.body_of(function) else { return Entry::Unknown };
        let inner = cx.analysis(body);
        match Entry::at(cx, inner, inner.body.ir.root, budget) {
            Entry::Param(..) => Entry::Unknown,
            entry => entry,
        }
    }

    fn of_local(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId, budget: u32) -> Entry {
        if let Some(init) = analysis.initializer(local) {
            return Entry::at(cx, analysis, init, budget - 1);
        }
        let Some(pat) = analysis.tree.binding(local) else { return Entry::Unknown };
        match analysis.tree.pat_parent(pat) {
            PatParent::Param(index) => Entry::Param(analysis.body.owner, index),
            _ => Entry::Unknown,
        }
    }

    /// The body and the expression in it that runs: a closure's value, a function's block.
    pub fn code(self, cx: &Context<'_>) -> Option<(BodyId, ExprId)> {
        match self {
            Entry::Closure(body, expr) => {
                let analysis = cx.analysis(body);
                match analysis.expr(expr) {
                    Expr::Closure(closure) => Some((body, closure.body)),
                    Expr::Async { body: block, .. } => Some((body, *block)),
                    _ => None,
                }
            }
            Entry::Function(def) => {
                let body = cx.program.body_of(def)?;
                Some((body, cx.program.body(body).ir.root))
            }
            Entry::Param(..) | Entry::Unknown => None,
        }
    }
}
