//! What code makes of the variants of an enum: which it goes on from, and which make it leave.

use super::context::{Analysis, Context};
use super::origins::conditions;
use crate::model::{DefId, FieldRef, Ty, ValueRef};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, Pat, PatId, Stmt};

/// A variant of an enum.
pub(super) type Variant = (DefId, u32);

impl Context<'_> {
    /// Whether some code matches a variant and goes on, rather than panicking.
    pub(super) fn is_state_of_its_own(&self, variant: Variant) -> bool {
        let names: Vec<Name> = self.variant_name(variant.0, variant.1).into_iter().collect();
        self.bodies_mentioning(&names).any(|body| {
            let analysis = self.analysis(body.id);
            body.ir.exprs.iter().any(|data| match &data.kind {
                Expr::Match { arms, .. } => {
                    arms.iter().any(|arm| is_variant_pat(analysis, arm.pat, variant) && !panics(analysis, arm.body))
                }
                Expr::Let { pat, .. } => is_variant_pat(analysis, *pat, variant),
                _ => false,
            })
        })
    }

    /// Whether some code returns where a field holds a variant.
    pub(super) fn is_turned_away(&self, field: FieldRef, variant: Variant) -> bool {
        // Whoever tests for another one does not name it.
        let names: Vec<Name> = self.field(field).map(|field| field.name).into_iter().collect();
        self.bodies_mentioning(&names).any(|body| returns_in_state(self, self.analysis(body.id), field, variant))
    }
}

/// Whether a body returns where a field holds a variant: `if link.phase == Phase::Connecting { return .. }`.
fn returns_in_state(cx: &Context<'_>, analysis: &Analysis<'_>, field: FieldRef, variant: Variant) -> bool {
    let is_field = |part: ExprId| analysis.types.fields.get(&analysis.peel(part)).is_some_and(|(own, _)| *own == field);
    let is_pat = |pat: PatId| is_variant_pat(analysis, pat, variant);
    let is_other = |value: Option<Variant>| value.is_some_and(|own| own.0 == variant.0 && own != variant);
    let is_compared = |lhs: ExprId, rhs: ExprId| {
        let value = [lhs, rhs].into_iter().find_map(|side| unit_variant(analysis, analysis.peel(side)));
        let between = Span::new(analysis.body.expr(lhs).span.end, analysis.body.expr(rhs).span.start);
        let is_unlike = || cx.program.text(analysis.body.loc(between)).trim() == "!=";
        [lhs, rhs].into_iter().any(is_field) && (value == Some(variant) || (is_other(value) && is_unlike()))
    };
    let holds = |tested: ExprId, leaving: ExprId| match analysis.expr(tested) {
        Expr::Binary { lhs, rhs, .. } => is_compared(*lhs, *rhs),
        Expr::Let { pat, expr } => is_field(*expr) && is_pat(*pat),
        Expr::Macro(call) => call.args.first().copied().is_some_and(is_field) && call.pat.is_some_and(is_pat),
        Expr::Not(inner) => match analysis.expr(*inner) {
            Expr::Macro(call) => {
                let is_unlike = |pat: PatId| is_other(analysis.types.pat_variants.get(&pat).copied());
                call.args.first().copied().is_some_and(is_field) && call.pat.is_some_and(is_unlike)
            }
            _ => false,
        },
        _ if is_field(tested) => {
            let matched = analysis.tree.ancestors(leaving).find_map(|around| match analysis.expr(around) {
                Expr::Match { scrutinee, arms } if *scrutinee == tested => Some(arms),
                _ => None,
            });
            matched.into_iter().flatten().any(|arm| is_pat(arm.pat) && analysis.tree.is_inside(leaving, arm.body))
        }
        _ => false,
    };
    (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
        matches!(analysis.expr(expr), Expr::Return(_))
            && conditions(analysis, expr).first().is_some_and(|tested| holds(*tested, expr))
    })
}

/// The variant that an expression is, if it is one without fields.
pub(super) fn unit_variant(analysis: &Analysis<'_>, value: ExprId) -> Option<Variant> {
    match (analysis.expr(value), analysis.value(value)) {
        (Expr::Path(_), Some(ValueRef::Constructor(def, index))) => Some((def, index)),
        _ => None,
    }
}

/// Whether a pattern is a variant, or has it among its alternatives.
fn is_variant_pat(analysis: &Analysis<'_>, pat: PatId, variant: Variant) -> bool {
    let is_it = |pat: PatId| analysis.types.pat_variants.get(&pat) == Some(&variant);
    match &analysis.body.pat(pat).kind {
        Pat::Or(pats) => pats.iter().any(|pat| is_it(*pat)),
        Pat::Ref(inner) => is_it(*inner),
        _ => is_it(pat),
    }
}

/// Whether an arm ends in a panic, rather than with a value or a jump.
fn panics(analysis: &Analysis<'_>, arm: ExprId) -> bool {
    let mut at = analysis.peel(arm);
    while let Expr::Block(block) = analysis.expr(at) {
        let last = block.tail.or_else(|| match block.stmts.last() {
            Some(Stmt::Expr { expr, .. }) => Some(*expr),
            _ => None,
        });
        match last {
            Some(last) => at = analysis.peel(last),
            None => return false,
        }
    }
    let jumps = matches!(analysis.expr(at), Expr::Return(_) | Expr::Break { .. } | Expr::Continue { .. });
    *analysis.types.ty(at) == Ty::Never && !jumps
}
