//! What runs on a thread: the closure, function or future that a spawner is given.

use super::context::{Analysis, Context};
use crate::model::{BodyId, DefId, FieldRef, PatParent, ValueRef};
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
        Entry::at(cx, analysis, expr, 8)
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
                Some(def) if !cx.program.is_user(def) => match &**args {
                    [only] => Entry::at(cx, analysis, *only, budget - 1),
                    _ => Entry::Unknown,
                },
                Some(def) => Entry::made_by(cx, def, budget - 1),
                None => Entry::Unknown,
            },
            Expr::MethodCall(_) => match analysis.callee(expr) {
                Some(def) if cx.program.function(def).is_some_and(|function| function.is_async) => Entry::Function(def),
                Some(def) if cx.program.is_user(def) => Entry::made_by(cx, def, budget - 1),
                _ => Entry::Unknown,
            },
            Expr::Field { .. } => match analysis.types.fields.get(&expr) {
                Some((field, _)) if cx.program.is_user(field.adt) => Entry::kept_in(cx, *field, budget),
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

    /// The closure that a field holds, where only one is ever put there: `Task { run: Box::new(move || ..) }`.
    fn kept_in(cx: &Context<'_>, field: FieldRef, budget: u32) -> Entry {
        let Some(name) = cx.field(field).map(|data| data.name) else { return Entry::Unknown };
        let mut found = Entry::Unknown;
        for body in cx.bodies_mentioning(&[name]) {
            let analysis = cx.analysis(body.id);
            for (literal, target) in &analysis.types.literals {
                let Expr::Struct(data) = analysis.expr(*literal) else { continue };
                let value = data.fields.iter().find(|(own, _, _)| *own == name).map(|(_, _, value)| *value);
                let (true, Some(value)) = (*target == (field.adt, field.variant), value) else { continue };
                match (found, Entry::at(cx, analysis, value, budget - 1)) {
                    (Entry::Unknown, entry @ Entry::Closure(..)) => found = entry,
                    _ => return Entry::Unknown,
                }
            }
        }
        found
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
