//! Where a value comes from in one body: the locals, parameters and conditions behind an expression.

use super::context::{Analysis, Context};
use super::effects::word;
use crate::model::{Parent, PatParent};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, PatId, Stmt};

const DERIVED_DEPTH: u32 = 8;

/// Whether a local is a parameter of the function, or a part of one; `self` is none.
pub(super) fn is_param(analysis: &Analysis<'_>, local: LocalId) -> bool {
    let Some(mut root) = analysis.tree.binding(local) else { return false };
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
        root = outer;
    }
    matches!(analysis.tree.pat_parent(root), PatParent::Param(_))
}

/// The conditions and scrutinees that decide whether an expression is reached, innermost first.
pub(super) fn conditions(analysis: &Analysis<'_>, expr: ExprId) -> Vec<ExprId> {
    std::iter::successors(condition(analysis, expr), |tested| {
        analysis.tree.parent(*tested).expr().and_then(|around| condition(analysis, around))
    })
    .collect()
}

/// The innermost condition or scrutinee that decides whether an expression is reached.
pub(super) fn condition(analysis: &Analysis<'_>, expr: ExprId) -> Option<ExprId> {
    let mut at = expr;
    loop {
        let parent = analysis.tree.parent(at);
        match (parent, analysis.expr(parent.expr()?)) {
            (Parent::Branch(..), Expr::If { cond, .. }) => return Some(*cond),
            (Parent::ArmBody(..), Expr::Match { scrutinee, .. }) => return Some(*scrutinee),
            (Parent::LetElse(_, index), Expr::Block(block)) => {
                let Stmt::Let { init, .. } = block.stmts.get(index as usize)? else { return None };
                return *init;
            }
            (_, Expr::Closure(_) | Expr::Async { .. }) => return None,
            (_, _) => at = parent.expr()?,
        }
    }
}

/// Whether any part of an expression answers to `wanted`.
pub(super) fn mentions(analysis: &Analysis<'_>, expr: ExprId, wanted: &mut dyn FnMut(ExprId) -> bool) -> bool {
    let span = analysis.body.expr(expr).span;
    (0..=expr.0)
        .rev()
        .map(ExprId)
        .any(|part| span.contains(analysis.body.expr(part).span) && analysis.tree.is_inside(part, expr) && wanted(part))
}

/// The locals that an expression is made of, directly or through other locals, and through what is put into a collection.
/// `stop` says of which locals the origin does not matter.
pub(super) fn sources(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    exprs: &[ExprId],
    stop: &dyn Fn(LocalId) -> bool,
) -> Vec<LocalId> {
    let mut found: Vec<LocalId> = Vec::new();
    let mut open: Vec<(ExprId, u32)> = exprs.iter().map(|expr| (*expr, 0)).collect();
    while let Some((expr, depth)) = open.pop() {
        mentions(analysis, expr, &mut |part| {
            if let Expr::Local(local) = analysis.expr(part)
                && !found.contains(local)
                && !stop(*local)
            {
                found.push(*local);
                if depth < DERIVED_DEPTH {
                    open.extend(origin(analysis, *local).map(|source| (source, depth + 1)));
                    open.extend(put_into(cx, analysis, *local).into_iter().map(|arg| (arg, depth + 1)));
                }
            }
            false
        });
    }
    found
}

/// What is put into a local: `kept.push(image)`, `file.read_to_string(&mut text)`.
pub(super) fn put_into(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId) -> Vec<ExprId> {
    let mut put = Vec::new();
    for used in analysis.tree.uses(local) {
        if let Parent::Receiver(call) = analysis.tree.parent(*used)
            && analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::PUTS))
        {
            put.extend(analysis.args(call).iter().copied());
        }
        if let Parent::RefOperand(by_ref) = analysis.tree.parent(*used)
            && matches!(analysis.expr(by_ref), Expr::Ref { mutable: true, .. })
            && let Parent::Arg(call, _) = analysis.tree.parent(by_ref)
        {
            put.extend(analysis.receiver(cx.program, call));
            put.extend(analysis.args(call).iter().copied().filter(|arg| *arg != by_ref));
        }
    }
    put
}

/// The expression that a local's pattern is matched against; a `for`'s iterator, and what an adaptor gives its closure, too.
pub(super) fn origin(analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
    let mut root = analysis.tree.binding(local)?;
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
        root = outer;
    }
    match analysis.tree.pat_parent(root) {
        PatParent::For(id) => match analysis.expr(id) {
            Expr::Loop(data) => match data.kind {
                LoopKind::For { iter, .. } => Some(iter),
                _ => None,
            },
            _ => None,
        },
        // `lines.map(|line| ..)`
        PatParent::ClosureParam(closure, _) => match analysis.tree.parent(closure) {
            Parent::Arg(call, _) => match analysis.expr(call) {
                Expr::MethodCall(call) => Some(call.receiver),
                _ => None,
            },
            _ => None,
        },
        _ => source_of(analysis, root),
    }
}

/// What a pattern is matched against.
pub(super) fn source_of(analysis: &Analysis<'_>, pat: PatId) -> Option<ExprId> {
    match analysis.tree.pat_parent(pat) {
        PatParent::Let(block, index) => match analysis.expr(block) {
            Expr::Block(block) => match block.stmts.get(index as usize)? {
                Stmt::Let { init, .. } => *init,
                Stmt::Expr { .. } => None,
            },
            _ => None,
        },
        PatParent::LetExpr(id) => match analysis.expr(id) {
            Expr::Let { expr, .. } => Some(*expr),
            _ => None,
        },
        PatParent::Arm(id, _) => match analysis.expr(id) {
            Expr::Match { scrutinee, .. } => Some(*scrutinee),
            _ => None,
        },
        _ => None,
    }
}
