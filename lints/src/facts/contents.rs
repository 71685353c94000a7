//! Which lock a local stands for that was taken out of an `Option`, a collection or a tuple: `if let Some(lock) = &self.lock`,
//! `for lock in &self.locks`, `self.locks.get(&key)?`.
//!
//! What is in an `Option` is one lock, by another name. An element of a collection is *some* lock of it: which one is not
//! known, so that only those may ask for elements to whom any of them will do.

use super::context::{Analysis, Context};
use super::effects::word;
use super::lock_path::is_assigned;
use super::origins::source_of;
use super::place::Place;
use crate::model::{DefId, Parent, PatParent};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat};

/// How many patterns and calls deep what holds a lock is looked for.
const BUDGET: u32 = 16;

impl Context<'_> {
    /// What a local was taken out of, where that holds a lock; out of a collection too, if `elements` count.
    pub(super) fn taken_from(&self, analysis: &Analysis<'_>, local: LocalId, elements: bool) -> Option<Place> {
        let mut pat = analysis.tree.binding(local).filter(|_| !is_assigned(analysis, local))?;
        let mut part = None;
        for _ in 0..BUDGET {
            if let Some(field) = analysis.types.pat_fields.get(&pat) {
                if self.program.is_user(field.adt) {
                    return Some(Place::Field(*field));
                }
                if !self.is_transparent(Some(field.adt)) {
                    return None;
                }
            }
            let outer = match analysis.tree.pat_parent(pat) {
                PatParent::Pat(outer) => outer,
                PatParent::Let(..) | PatParent::LetExpr(_) | PatParent::Arm(..) => {
                    let source = source_of(analysis, pat)?;
                    // A part of a tuple that is made here is what was put there.
                    let source = match (part, analysis.expr(source)) {
                        (Some(index), Expr::Tuple(parts)) => *parts.get(index)?,
                        _ => source,
                    };
                    return self.holder(analysis, source, elements, BUDGET);
                }
                PatParent::For(looping) if elements => {
                    let Expr::Loop(data) = analysis.expr(looping) else { return None };
                    let LoopKind::For { iter, .. } = data.kind else { return None };
                    return self.holder(analysis, iter, elements, BUDGET);
                }
                PatParent::ClosureParam(closure, _) => return self.given_to(analysis, closure, elements),
                PatParent::For(_) | PatParent::Param(_) => return None,
            };
            part = match &analysis.body.pat(outer).kind {
                Pat::Tuple(pats) => pats
                    .iter()
                    .position(|own| *own == pat)
                    .filter(|_| !pats.iter().any(|own| matches!(analysis.body.pat(*own).kind, Pat::Rest))),
                Pat::Slice(_) if !elements => return None,
                Pat::Ref(_) | Pat::Bind { .. } | Pat::Or(_) => part,
                _ => None,
            };
            pat = outer;
        }
        None
    }

    /// What the receiver of a library's adaptor holds: `self.locks.iter().for_each(|lock| ..)`.
    fn given_to(&self, analysis: &Analysis<'_>, closure: ExprId, elements: bool) -> Option<Place> {
        let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
        analysis.callee(call).filter(|callee| !self.program.is_user(*callee))?;
        let receiver = analysis.receiver(self.program, call)?;
        let is_one = self.is_transparent(analysis.types.ty(receiver).peel_refs().adt());
        let alone = analysis.args(call).iter().all(|arg| *arg == closure || !self.has_lock(analysis, *arg));
        (elements || is_one).then_some(())?;
        alone.then(|| self.holder(analysis, receiver, elements, BUDGET))?
    }

    /// The place that holds the lock which an expression gives.
    fn holder(&self, analysis: &Analysis<'_>, expr: ExprId, elements: bool, budget: u32) -> Option<Place> {
        let budget = budget.checked_sub(1)?;
        match analysis.expr(expr) {
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) => {
                self.holder(analysis, *inner, elements, budget)
            }
            Expr::Index { base, .. } if elements => self.holder(analysis, *base, elements, budget),
            Expr::MethodCall(call) => {
                let callee = analysis.callee(expr)?;
                let effects = self.effects(callee);
                if self.program.is_user(callee) || effects.has(word::ACQUIRES) {
                    return self.lock_place(analysis, expr);
                }
                // What is taken out for good is found there by nobody else.
                if effects.has(word::TAKES) || effects.has(word::RECEIVES) {
                    return None;
                }
                let in_one = self.is_transparent(analysis.types.ty(call.receiver).peel_refs().adt());
                let is_one =
                    in_one || !(effects.has(word::ELEMENTS) || self.gives_elements(analysis.types.ty(call.receiver)));
                let alone = || !analysis.args(expr).iter().any(|arg| self.has_lock(analysis, *arg));
                let leads = [word::ALIASES, word::UNWRAPS, word::ELEMENTS].iter().any(|word| effects.has(*word));
                let keeps =
                    leads || (self.has_lock(analysis, expr) && self.has_lock(analysis, call.receiver) && alone());
                ((elements || is_one) && keeps).then(|| self.holder(analysis, call.receiver, elements, budget))?
            }
            _ => self.lock_place(analysis, expr),
        }
    }

    fn is_transparent(&self, adt: Option<DefId>) -> bool {
        let lang = &self.program.lang;
        adt.is_some() && [lang.option, lang.result].contains(&adt)
    }

    /// Whether the value of an expression, or what a closure gives, holds a lock.
    fn has_lock(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let expr = match analysis.expr(expr) {
            Expr::Closure(closure) => closure.body,
            _ => expr,
        };
        analysis.types.ty(expr).any(&mut |part| {
            part.adt().is_some_and(|adt| {
                self.effects(adt).has(word::LOCK) || (self.program.is_user(adt) && super::guards::is_wrapper(self, adt))
            })
        })
    }
}
