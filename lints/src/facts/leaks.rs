//! Values that are never dropped although their `Drop` would stop or join a thread: `mem::forget`, `Box::leak`,
//! `ManuallyDrop::new`.
//!
//! Silent where the type's own code takes the value apart (`fn into_parts(self)`), where the thread was stopped by hand
//! before, where the value is given back to `ManuallyDrop::drop` or `Box::from_raw`, and where it lives in a static on
//! purpose.

use super::context::{Analysis, Context};
use super::drop_signals::{Drops, Signal};
use super::effects::word;
use super::objects::core;
use super::place::Place;
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, Parent, Ty};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, Stmt};

/// How far up from an expression is looked.
const WAY: usize = 6;
const FROM_RAW: Name = Name::of("from_raw");

/// A value that is never dropped.
#[derive(Clone, Debug)]
pub struct Leak {
    /// The body and the call that leaks it.
    pub at: (BodyId, ExprId),
    /// What is leaked, where it is a local.
    pub variable: Option<LocalId>,
    /// Its type.
    pub owner: DefId,
    /// The type whose `Drop` is skipped: its own, or one that it holds by value. The same, where it is a library's.
    pub dropper: DefId,
    /// The field with the thread's handle.
    pub handle: Option<FieldRef>,
    /// How the `Drop` would tell the thread to end, and where.
    pub signal: Option<(Signal, Loc)>,
    /// Where it would join.
    pub joins: Option<Loc>,
}

impl Context<'_> {
    /// The values that are leaked with a thread, in order.
    pub fn leaks(&self) -> Vec<Leak> {
        let mut names = self.library_names(|effects| effects.has(word::FORGETS));
        names.extend([Name::of("ManuallyDrop"), Name::of("Box")]);
        names.sort_unstable();
        names.dedup();
        let mut found = Vec::new();
        for body in self.bodies_mentioning(&names) {
            let analysis = self.analysis(body.id);
            for index in 0..body.ir.exprs.len() as u32 {
                found.extend(self.leak(analysis, ExprId(index)));
            }
        }
        found
    }

    fn leak(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<Leak> {
        let callee = analysis.callee(call).filter(|callee| !self.program.is_user(*callee))?;
        let effects = self.effects(callee);
        effects.get(word::FORGETS)?;
        let value = match effects.index(word::FORGETS) {
            Some(index) => *analysis.args(call).get(index)?,
            None => analysis.receiver(self.program, call)?,
        };
        // `into_raw` is half of a pair.
        let ty = analysis.types.ty(value);
        if matches!(ty, Ty::Ref(..)) || matches!(analysis.types.ty(call), Ty::Ptr(..)) {
            return None;
        }
        let owner = core(self, ty).adt()?;
        let variable = self.leaked_local(analysis, value);
        let own = variable.is_some() && variable == analysis.body.ir.self_local;
        let deliberate = (own && self.owner_of(analysis.body.owner) == Some(owner))
            || self.goes_into_static(analysis, call)
            || self.comes_back(analysis, call, owner)
            || self.owned_up(analysis, call).is_some();
        if deliberate {
            return None;
        }
        let at = (analysis.body.id, call);
        if !self.program.is_user(owner) {
            let stops = self.effects(owner).has(word::STOP_GUARD);
            return stops.then_some(Leak {
                at,
                variable,
                owner,
                dropper: owner,
                handle: None,
                signal: None,
                joins: None,
            });
        }
        self.droppers(owner).into_iter().find_map(|dropper| {
            let acts = self.drop_acts(dropper);
            if variable.is_some_and(|local| self.is_stopped_by_hand(analysis, local, call, &acts)) {
                return None;
            }
            let handle = self.handle_in(dropper).or_else(|| self.handle_in(owner));
            let mut signals = acts.signals.into_iter();
            let signal = match acts.joins.is_some() && handle.is_some() {
                true => signals.next(),
                false => signals.find(|(signal, _)| self.ends_a_loop(*signal)),
            };
            // A guard that is made and given up in one function is disarmed: all went well.
            let keeps = handle.is_some() || variable.is_none_or(|local| analysis.initializer(local).is_none());
            let joins = acts.joins.filter(|_| handle.is_some());
            let matters = joins.is_some() || (signal.is_some() && keeps);
            matters.then_some(Leak { at, variable, owner, dropper, handle, signal, joins })
        })
    }

    /// The local behind `x`, `Box::new(x)`.
    fn leaked_local(&self, analysis: &Analysis<'_>, value: ExprId) -> Option<LocalId> {
        match analysis.expr(value) {
            Expr::Local(local) => Some(*local),
            Expr::Call { args, .. } => match &**args {
                [only] => match analysis.expr(*only) {
                    Expr::Local(local) => Some(*local),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a field with a thread's handle is part of a type.
    fn handle_in(&self, adt: DefId) -> Option<FieldRef> {
        let types = self.program.field_types(adt, 0);
        let index = types.iter().position(|ty| self.roles().carries_handle(ty))?;
        Some(FieldRef { adt, variant: 0, index: index as u32 })
    }

    /// Whether a loop on a thread looks at a flag.
    fn ends_a_loop(&self, signal: Signal) -> bool {
        let Signal::Flag(place, _) = signal else { return false };
        let looks = |thread: &Thread| {
            thread.execution.loops.iter().any(|(_, facts)| facts.steps.iter().any(|step| step.place == Some(place)))
        };
        self.threads().iter().any(looks)
    }

    /// `CELL.set(Box::leak(..))`, `static X: .. = LazyLock::new(|| Box::leak(..))`
    fn goes_into_static(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let in_static = self.program.function(analysis.body.owner).is_none();
        let mut at = call;
        in_static
            || std::iter::from_fn(|| {
                at = analysis.tree.parent(at).expr()?;
                Some(at)
            })
            .take(WAY)
            .any(|up| match analysis.expr(up) {
                Expr::MethodCall(data) => {
                    matches!(self.place(analysis, data.receiver), Some(Place::Static(_)))
                }
                Expr::Assign { target, .. } => {
                    matches!(self.place(analysis, *target), Some(Place::Static(_)))
                }
                _ => false,
            })
    }

    /// Whether what the call gives can be dropped after all: a `ManuallyDrop` that goes anywhere but into calls on it, a
    /// leaked box where the program takes boxes of the type back.
    fn comes_back(&self, analysis: &Analysis<'_>, call: ExprId, owner: DefId) -> bool {
        let result = analysis.types.ty(call);
        if self.roles().says(result, word::NO_DROP) {
            let Parent::LetInit(block, index) = analysis.tree.parent(call) else { return true };
            let Expr::Block(block) = analysis.expr(block) else { return true };
            let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) else { return true };
            let Pat::Bind { local, .. } = &analysis.body.pat(*pat).kind else { return true };
            let stays = |used: &ExprId| {
                matches!(analysis.tree.parent(*used), Parent::Receiver(_) | Parent::FieldBase(_) | Parent::MacroArg(..))
            };
            return !analysis.tree.uses(*local).iter().all(stays);
        }
        matches!(result, Ty::Ref(..))
            && self.bodies_mentioning(&[FROM_RAW]).any(|body| {
                let inner = self.analysis(body.id);
                (0..body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                    let named = inner.callee(expr).is_some_and(|callee| self.program.item(callee).name == FROM_RAW);
                    let ty = inner.types.ty(expr);
                    named && (ty.is_unknown() || core(self, ty).adt() == Some(owner))
                })
            })
    }

    /// Whether the value is told to stop, joined or taken apart before.
    fn is_stopped_by_hand(&self, analysis: &Analysis<'_>, local: LocalId, call: ExprId, acts: &Drops) -> bool {
        let ends = |callee: DefId| {
            let other = self.acts_of(callee);
            other.joins.is_some()
                || other.signals.iter().any(|(signal, _)| acts.signals.iter().any(|(own, _)| own == signal))
        };
        let before = analysis.body.expr(call).span.start;
        analysis.tree.uses(local).iter().filter(|used| analysis.body.expr(**used).span.start < before).any(|used| {
            let mut at = *used;
            for _ in 0..WAY {
                match analysis.tree.parent(at) {
                    Parent::FieldBase(up) | Parent::RefOperand(up) | Parent::DerefOperand(up) => at = up,
                    Parent::Receiver(up) => match analysis.callee(up) {
                        Some(callee) if self.program.is_user(callee) => return ends(callee),
                        Some(callee) => {
                            let effects = self.effects(callee);
                            if [word::TAKES, word::CLEARS, word::JOINS].iter().any(|word| effects.has(*word)) {
                                return true;
                            }
                            at = up;
                        }
                        None => return true,
                    },
                    _ => return false,
                }
            }
            false
        })
    }
}
