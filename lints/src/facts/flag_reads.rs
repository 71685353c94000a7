//! Who reads a flag or a count, under whatever name, and what a test of it does.

use super::context::{Analysis, Context};
use super::guarded_takings::is_assigned;
use super::lock_roots::LockRoots;
use super::place::Place;
use super::writes::State;
use crate::model::{BodyId, FieldRef, Parent, Prim, Ty};
use crate::syntax::ir::{Expr, ExprId, LoopKind};

/// The places where a flag or a count is read.
pub(super) struct FlagReads<'c, 'a> {
    cx: &'c Context<'a>,
    sites: Vec<(BodyId, ExprId)>,
}

impl<'c, 'a> FlagReads<'c, 'a> {
    /// Looks for the reads of a place: loads of an atomic, mentions of a plain field, tests of what a lock guards.
    pub(super) fn of(cx: &'c Context<'a>, place: Place) -> FlagReads<'c, 'a> {
        let mut sites = Vec::new();
        for place in LockRoots::new(cx).of(place) {
            sites.extend(cx.flag_life(place).load_sites);
            if let Place::Field(field) = place {
                plain_reads(cx, field, &mut sites);
            }
            guarded_reads(cx, place, &mut sites);
        }
        sites.sort_unstable();
        sites.dedup();
        FlagReads { cx, sites }
    }

    /// Whether anything reads it.
    pub(super) fn is_any(&self) -> bool {
        !self.sites.is_empty()
    }

    /// Whether a loop ends when it is set: `while !stop.load(..)`, `loop { if stopped { break } }`.
    pub(super) fn end_loops(&self) -> bool {
        self.sites.iter().any(|(body, expr)| ends_loop(self.cx.analysis(*body), *expr))
    }
}

/// The reads of a field that is a plain `bool` or number.
fn plain_reads(cx: &Context<'_>, field: FieldRef, sites: &mut Vec<(BodyId, ExprId)>) {
    let types = cx.program.field_types(field.adt, field.variant);
    let is_plain = types.get(field.index as usize).is_some_and(|ty| *ty == Ty::BOOL || *ty == Ty::Prim(Prim::Int));
    let Some(name) = cx.field(field).map(|field| field.name).filter(|_| is_plain) else { return };
    for body in cx.bodies_mentioning(&[name]) {
        let analysis = cx.analysis(body.id);
        let mut found: Vec<ExprId> = analysis
            .types
            .fields
            .iter()
            .filter(|(_, (own, _))| *own == field)
            .map(|(expr, _)| *expr)
            .filter(|expr| !is_assigned(analysis, *expr))
            .collect();
        found.sort_unstable();
        sites.extend(found.into_iter().map(|expr| (body.id, expr)));
    }
}

/// The tests of a `bool` that a lock guards: `while *busy { .. }`.
fn guarded_reads(cx: &Context<'_>, lock: Place, sites: &mut Vec<(BodyId, ExprId)>) {
    for guard in cx.guards().all().filter(|guard| guard.place == Some(lock)) {
        let analysis = cx.analysis(guard.body);
        let state = State::of_guard(guard);
        let reads = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).filter(|expr| {
            matches!(analysis.expr(*expr), Expr::Deref(_))
                && !matches!(analysis.tree.parent(*expr), Parent::AssignTarget(_) | Parent::RefOperand(_))
                && cx.leads_into(analysis, &state, *expr) == Some(None)
        });
        sites.extend(reads.map(|expr| (guard.body, expr)));
    }
}

/// Whether a loop ends where this is true.
fn ends_loop(analysis: &Analysis<'_>, read: ExprId) -> bool {
    let mut at = read;
    let mut is_negated = false;
    loop {
        match analysis.tree.parent(at) {
            Parent::Operand(up) => {
                is_negated ^= matches!(analysis.expr(up), Expr::Not(_));
                at = up;
            }
            Parent::Logic(up, _) | Parent::DerefOperand(up) => at = up,
            Parent::Cond(up) => {
                return match analysis.expr(up) {
                    Expr::Loop(data) => is_negated && matches!(data.kind, LoopKind::While(_)),
                    Expr::If { then, .. } => !is_negated && is_in_loop(analysis, up) && leaves(analysis, *then),
                    _ => false,
                };
            }
            _ => return false,
        }
    }
}

fn is_in_loop(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    analysis
        .tree
        .ancestors(expr)
        .take_while(|around| !matches!(analysis.expr(*around), Expr::Closure(_) | Expr::Async { .. }))
        .any(|around| matches!(analysis.expr(around), Expr::Loop(_)))
}

/// Whether a branch leaves the loop around it.
fn leaves(analysis: &Analysis<'_>, branch: ExprId) -> bool {
    (0..=branch.0).rev().map(ExprId).any(|expr| {
        matches!(analysis.expr(expr), Expr::Break { .. } | Expr::Return(_)) && analysis.tree.is_inside(expr, branch)
    })
}
