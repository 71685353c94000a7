//! What is taken and given back by hand through guards: guards that are forgotten, flags, counts and entries that say that
//! something is in progress, set under one guard and cleared under another.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::Guard;
use super::origins::{conditions, mentions};
use super::place::Place;
use super::takings::{End, Ends, HoldKind};
use super::writes::{State, WriteKind};
use crate::model::Parent;
use crate::model::flow::{EndKind, FlowRoot};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId};

impl Context<'_> {
    /// What a flow takes and gives back through its guards.
    pub(super) fn ends_by_guards(&self, analysis: &Analysis<'_>, root: FlowRoot, ends: &mut Ends) {
        let guards = self.guards().of(analysis.body.id);
        for (index, guard) in guards.iter().enumerate().filter(|(_, guard)| guard.root == root) {
            let forgotten = guard.track.ends.iter().find_map(|end| match end.kind {
                EndKind::Forgotten(expr) => Some(expr),
                _ => None,
            });
            if let (Some(expr), Some(place)) = (forgotten, guard.place) {
                ends.add(true, End { site: guard.call, ..End::new(expr, HoldKind::Forgotten, place) });
            }
            let state = State::of_guard(guard);
            for expr in (0..analysis.body.ir.exprs.len() as u32).map(ExprId) {
                let end = match analysis.expr(expr) {
                    Expr::Assign { target, value, compound } if self.flow_root(analysis.body.id, expr) == root => {
                        let known = match (analysis.expr(*value), compound) {
                            (Expr::Literal(Literal::Bool(value)), false) => Some((*value, HoldKind::Flag)),
                            (Expr::Literal(Literal::Int(1)), true) => {
                                self.counts_up(analysis, &state, expr).map(|up| (up, HoldKind::Count))
                            }
                            _ => None,
                        };
                        let place = || self.guarded_place(analysis, &state, guard, *target);
                        known.and_then(|(up, kind)| Some((up, End { site: *target, ..End::new(expr, kind, place()?) })))
                    }
                    Expr::MethodCall(_) if self.flow_root(analysis.body.id, expr) == root => {
                        self.entry_end(analysis, &state, guard, expr)
                    }
                    _ => None,
                };
                if let Some((is_taking, end)) = end {
                    ends.add(is_taking, End { under: Some(index), ..end });
                }
            }
        }
    }

    fn counts_up(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> Option<bool> {
        let writes = self.writes(analysis, state);
        let write = writes.iter().find(|write| write.expr == expr && write.kind == WriteKind::Count)?;
        self.count_step(analysis, write).map(|(up, _)| up)
    }

    /// The field of the state that is meant, or the lock itself: `*busy = true` of a `Mutex<bool>`.
    fn guarded_place(&self, analysis: &Analysis<'_>, state: &State, guard: &Guard, target: ExprId) -> Option<Place> {
        self.leads_into(analysis, state, target)?;
        match analysis.expr(target) {
            Expr::Field { .. } => analysis.types.fields.get(&target).map(|(field, _)| Place::Field(*field)),
            Expr::Deref(_) => guard.place,
            _ => None,
        }
    }

    /// A key that is put into a set or map, where the body leaves if it is there already, or taken out of it.
    fn entry_end(&self, analysis: &Analysis<'_>, state: &State, guard: &Guard, call: ExprId) -> Option<(bool, End)> {
        let Expr::MethodCall(method) = analysis.expr(call) else { return None };
        let effects = self.effects(analysis.callee(call).filter(|callee| !self.program.is_user(*callee))?);
        let is_taking = effects.has(word::PUTS);
        let is_giving = effects.has(word::TAKES) || effects.has(word::CLEARS);
        if !is_taking && !is_giving {
            return None;
        }
        let set = analysis.peel(method.receiver);
        let place = match analysis.expr(set) {
            Expr::Field { .. } => self.guarded_place(analysis, state, guard, set)?,
            // The lock protects the set itself.
            _ => guard.place.filter(|_| self.leads_into(analysis, state, set) == Some(None))?,
        };
        let key = key_of(analysis, *method.args.first()?)?;
        if is_taking && !self.turns_away_for(analysis, call, set, key) {
            return None;
        }
        let value = Some(Name::of(&key.0.to_string()));
        Some((is_taking, End { value, ..End::new(call, HoldKind::Entry, place) }))
    }

    /// Whether the body leaves where a set has a key already: what is put in then says that it is in progress.
    fn turns_away_for(&self, analysis: &Analysis<'_>, put: ExprId, set: ExprId, key: LocalId) -> bool {
        let text = |expr: ExprId| self.program.text(analysis.body.expr_loc(expr));
        let asks = |part: ExprId| match analysis.expr(part) {
            Expr::MethodCall(call) => {
                let same_key = call.args.first().and_then(|arg| key_of(analysis, *arg)) == Some(key);
                let is_test = part == put || analysis.types.ty(part) == &crate::model::Ty::BOOL;
                same_key && is_test && text(analysis.peel(call.receiver)) == text(set)
            }
            // `let is_new = set.insert(key);`
            Expr::Local(local) => analysis.initializer(*local) == Some(put),
            _ => false,
        };
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            matches!(analysis.expr(expr), Expr::Return(_) | Expr::Continue { .. })
                && conditions(analysis, expr)
                    .first()
                    .is_some_and(|tested| mentions(analysis, *tested, &mut |part| asks(part)))
        })
    }
}

/// The local that a key is made of: `url` in `url.to_owned()`, `&url`.
fn key_of(analysis: &Analysis<'_>, arg: ExprId) -> Option<LocalId> {
    let mut at = analysis.peel(arg);
    for _ in 0..4 {
        at = match analysis.expr(at) {
            Expr::Local(local) => return Some(*local),
            Expr::Deref(inner) => analysis.peel(*inner),
            Expr::MethodCall(call) if call.args.is_empty() => analysis.peel(call.receiver),
            Expr::Call { args, .. } => match &**args {
                [only] => analysis.peel(*only),
                _ => return None,
            },
            _ => return None,
        };
    }
    None
}

/// Whether an expression is the target of an assignment.
pub(super) fn is_assigned(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    matches!(analysis.tree.parent(expr), Parent::AssignTarget(_))
}
