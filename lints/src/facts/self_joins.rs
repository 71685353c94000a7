//! Objects whose `Drop` joins a thread that can itself be the one to drop the last of them.
//!
//! The thread's handle is kept in the object and joined in its `Drop`; the thread has a way to own the object for a while:
//! a `Weak` of it that it can upgrade, or an `Arc` of it while something else can end the thread. Comparing thread ids before
//! the join is the cure, and silences. A callback of the caller's that runs on the thread may own the object too; that most
//! callers would not do so is why it counts only where another implementor of one of the object's traits guards against it,
//! as cpal's streams do but for one.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::objects::{core, is_strong};
use super::spawns::{Spawn, SpawnKind};
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{BinaryOp, Expr, ExprId, LocalId, Visibility};

const HELPER_DEPTH: u32 = 2;

/// A thread that may join itself.
#[derive(Clone, Debug)]
pub struct SelfJoin {
    /// Where the thread starts.
    pub spawn: Spawn,
    /// The object's type.
    pub owner: DefId,
    /// The type whose `Drop` joins: the object's, or one that it holds by value.
    pub joiner: DefId,
    /// The field with the handle.
    pub field: FieldRef,
    /// The join in `Drop`.
    pub join: (BodyId, ExprId),
    /// What the thread has of the object: the captured pointer or callback.
    pub pointer: (BodyId, LocalId),
    /// How that can own the object.
    pub by: OwnedBy,
    /// The closure that has the pointer, where the function that starts the thread was given it.
    pub given: Option<Loc>,
}

/// How a thread can own an object for a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnedBy {
    /// It upgrades a weak pointer here.
    Upgrade(Loc),
    /// It has a strong pointer until it ends.
    Strong,
    /// The caller's callback may have it; another implementor of the same trait compares thread ids here.
    Callback(DefId, Loc),
}

impl Context<'_> {
    /// The threads that may join themselves, in the order of their spawns.
    pub fn self_joins(&self) -> Vec<SelfJoin> {
        let spawns = self.spawns().all.iter().filter(|spawn| spawn.kind == SpawnKind::Thread);
        spawns.filter_map(|spawn| self.self_join(*spawn)).collect()
    }

    fn self_join(&self, spawn: Spawn) -> Option<SelfJoin> {
        let Entry::Closure(body, closure) = spawn.entry else { return None };
        let analysis = self.analysis(body);
        let Expr::Closure(data) = analysis.expr(closure) else { return None };
        data.captures
            .iter()
            .filter_map(|local| self.pointer_to_joiner(analysis, *local))
            .find_map(|pointer| self.self_join_of(spawn, (spawn.body, spawn.call), spawn.entry, pointer))
            .or_else(|| self.self_join_by_given(spawn, analysis, &data.captures))
            .or_else(|| {
                let callback =
                    data.captures.iter().copied().find(|local| self.is_callers_callback(analysis, *local))?;
                self.self_join_by_callback(spawn, (body, callback))
            })
    }

    /// The thread runs a closure that its function was given: by a caller in the crate, whose closure has the pointer.
    // spdlog's `PeriodicWorker::new` runs the flush of the `Logger` that keeps the worker.
    fn self_join_by_given(&self, spawn: Spawn, analysis: &Analysis<'_>, captures: &[LocalId]) -> Option<SelfJoin> {
        captures.iter().filter(|local| is_called(analysis, **local)).find_map(|local| {
            let PatParent::Param(index) = analysis.tree.pat_parent(analysis.tree.binding(*local)?) else { return None };
            self.calls_of(analysis.body.owner).into_iter().find_map(|(body, call)| {
                let caller = self.analysis(body);
                let by_path = matches!(caller.expr(call), Expr::Call { .. });
                let shift = usize::from(by_path && caller.receiver(self.program, call).is_some());
                let arg = *caller.args(call).get(index as usize + shift)?;
                let entry @ Entry::Closure(own, closure) = Entry::of(self, caller, arg) else { return None };
                let Expr::Closure(data) = self.analysis(own).expr(closure) else { return None };
                let given = self.analysis(own).body.loc(self.analysis(own).body.expr(closure).span.at_start());
                let pointers =
                    data.captures.iter().filter_map(|local| self.pointer_to_joiner(self.analysis(own), *local));
                pointers.into_iter().find_map(|pointer| {
                    let starts = [(body, call), (spawn.body, spawn.call)];
                    let found = starts.into_iter().find_map(|start| self.self_join_of(spawn, start, entry, pointer));
                    found.map(|found| SelfJoin { given: Some(given), ..found })
                })
            })
        })
    }

    fn self_join_by_callback(&self, spawn: Spawn, pointer: (BodyId, LocalId)) -> Option<SelfJoin> {
        let fate = self.fate(spawn.body, spawn.call);
        let mut fields = fate.fields().map(|(field, _)| field);
        fields.find_map(|field| {
            let owner = field.adt;
            if self.program.item(owner).vis != Visibility::Public {
                return None;
            }
            let bodies = self.drop_bodies(owner)?;
            if bodies.iter().any(|body| self.compared_ids(*body).is_some()) {
                return None;
            }
            let join = self.joins_of(field, &bodies)?;
            let (sibling, compared) = self.careful_sibling(owner)?;
            let by = OwnedBy::Callback(sibling, compared);
            Some(SelfJoin { spawn, owner, joiner: owner, field, join, pointer, by, given: None })
        })
    }

    /// Whether a local is a closure that the function was given.
    fn is_callers_callback(&self, analysis: &Analysis<'_>, local: LocalId) -> bool {
        let ty = analysis.types.local(local);
        let is_param = analysis
            .tree
            .binding(local)
            .is_some_and(|pat| matches!(analysis.tree.pat_parent(pat), PatParent::Param(_)));
        let bounds = self.program.own_bounds(analysis.body.owner);
        is_param
            && matches!(ty, Ty::Param(..))
            && bounds.iter().any(|(subject, bound)| subject == ty && self.program.lang.is_fn_trait(bound.trait_def))
    }

    /// Another implementor of one of the type's own traits whose `Drop` compares thread ids before it joins.
    fn careful_sibling(&self, owner: DefId) -> Option<(DefId, Loc)> {
        let traits = self.program.impls_of(owner).iter().filter_map(|block| {
            let bound = self.program.impl_header(*block)?.trait_ref.as_ref()?;
            self.program.is_user(bound.trait_def).then_some(bound.trait_def)
        });
        traits.flat_map(|of| self.program.implementing_types(of)).filter(|other| *other != owner).find_map(|other| {
            let bodies = self.drop_bodies(other)?;
            let compared = bodies.iter().find_map(|body| self.compared_ids(*body))?;
            let guards = bodies.iter().any(|body| self.compares_known_ids(*body));
            (guards && bodies.iter().any(|body| self.has_join(*body))).then_some((other, compared))
        })
    }

    fn has_join(&self, body: BodyId) -> bool {
        let analysis = self.analysis(body);
        analysis.calls().any(|(_, callee)| self.effects(callee).has(word::JOINS))
    }

    /// `start`: where the handle is got. `code`: what has the pointer, all that the thread runs or a part of it.
    fn self_join_of(
        &self,
        spawn: Spawn,
        start: (BodyId, ExprId),
        code: Entry,
        (pointer, owner, is_weak): (LocalId, DefId, bool),
    ) -> Option<SelfJoin> {
        let Entry::Closure(body, _) = code else { return None };
        let fate = self.fate(start.0, start.1);
        let droppers = self.droppers(owner);
        let (field, _) = fate.fields().find(|(field, _)| droppers.contains(&field.adt))?;
        let joiner = field.adt;
        let bodies = self.drop_bodies(joiner)?;
        if bodies.iter().any(|body| self.compared_ids(*body).is_some()) {
            return None;
        }
        let join = self.joins_of(field, &bodies)?;
        let by = match is_weak {
            true => OwnedBy::Upgrade(self.upgrade_in(code, owner)?),
            // Where nothing else ends the thread, `Drop` never runs at all.
            false if self.is_joined_elsewhere(field, &bodies) || self.keeps_itself(spawn) => return None,
            false => OwnedBy::Strong,
        };
        Some(SelfJoin { spawn, owner, joiner, field, join, pointer: (body, pointer), by, given: None })
    }

    /// A captured pointer to a type with a `Drop`, and whether it is a weak one.
    fn pointer_to_joiner(&self, analysis: &Analysis<'_>, local: LocalId) -> Option<(LocalId, DefId, bool)> {
        let ty = analysis.types.local(local);
        let is_weak = self.roles().says(ty, word::WEAK);
        let target = match is_weak {
            true => core(self, ty.args().first()?),
            false if is_strong(self, ty) && !matches!(ty, Ty::Ref(..)) => core(self, ty),
            false => return None,
        };
        let owner = target.adt()?;
        let joins = self.program.is_user(owner) && !self.droppers(owner).is_empty();
        joins.then_some((local, owner, is_weak))
    }

    /// The bodies that a `Drop` runs on the object.
    fn drop_bodies(&self, owner: DefId) -> Option<Vec<BodyId>> {
        let mut bodies = vec![self.program.body_of(self.program.drop_function(owner)?)?];
        let mut from = 0;
        for _ in 0..HELPER_DEPTH {
            let fresh: Vec<BodyId> = bodies.iter().skip(from).flat_map(|body| self.helpers(*body, owner)).collect();
            from = bodies.len();
            for body in fresh {
                if !bodies.contains(&body) {
                    bodies.push(body);
                }
            }
        }
        Some(bodies)
    }

    /// The methods that a body calls on an object of a type.
    fn helpers(&self, body: BodyId, owner: DefId) -> Vec<BodyId> {
        let analysis = self.analysis(body);
        (0..analysis.body.ir.exprs.len() as u32)
            .map(ExprId)
            .filter_map(|call| {
                let callee = analysis.callee(call).filter(|callee| self.program.is_user(*callee))?;
                let receiver = analysis.receiver(self.program, call)?;
                let on_owner = analysis.types.ty(receiver).peel_refs().adt() == Some(owner);
                on_owner.then(|| self.program.body_of(callee))?
            })
            .collect()
    }

    /// Where a body compares two values of one of a library's plain types, as thread ids are.
    fn compared_ids(&self, body: BodyId) -> Option<Loc> {
        let analysis = self.analysis(body);
        let found = analysis.body.ir.exprs.iter().find(|data| match &data.kind {
            Expr::Binary { op: BinaryOp::Compare, lhs, rhs } => [lhs, rhs].into_iter().any(|side| {
                let ty = analysis.types.ty(*side).peel_refs();
                ty.is_unknown() || ty.adt().is_some_and(|def| !self.program.is_user(def))
            }),
            _ => false,
        })?;
        Some(analysis.body.loc(found.span))
    }

    /// Whether a body certainly compares what two calls give, values of a library's type without parameters.
    fn compares_known_ids(&self, body: BodyId) -> bool {
        let analysis = self.analysis(body);
        analysis.body.ir.exprs.iter().any(|data| match &data.kind {
            Expr::Binary { op: BinaryOp::Compare, lhs, rhs } => [lhs, rhs].into_iter().all(|side| {
                let ty = analysis.types.ty(*side);
                let is_call = analysis.callee(*side).is_some_and(|callee| !self.program.is_user(callee));
                is_call && ty.args().is_empty() && ty.adt().is_some_and(|def| !self.program.is_user(def))
            }),
            _ => false,
        })
    }

    fn joins_of(&self, field: FieldRef, bodies: &[BodyId]) -> Option<(BodyId, ExprId)> {
        let joins: Vec<Loc> = self.field_fate(field).joins().collect();
        let calls = || {
            bodies.iter().flat_map(|body| {
                let calls = (0..self.program.body(*body).ir.exprs.len() as u32).map(ExprId);
                calls.filter_map(|call| Some((*body, call, self.analysis(*body).callee(call)?)))
            })
        };
        let of_field = calls().find(|(body, call, _)| joins.contains(&self.analysis(*body).call_loc(*call)));
        // Whatever way the handle takes from the field, what a `Drop` joins is its own.
        let any = || calls().find(|(_, _, callee)| self.effects(*callee).has(word::JOINS));
        of_field.or_else(any).map(|(body, call, _)| (body, call))
    }

    /// Whether anything but `Drop`, or a helper of `Drop` that others call too, joins the thread.
    fn is_joined_elsewhere(&self, field: FieldRef, bodies: &[BodyId]) -> bool {
        let own: Vec<BodyId> =
            bodies.iter().copied().filter(|body| self.only_drop_runs(*body, bodies, HELPER_DEPTH + 1)).collect();
        let within = |loc: Loc| {
            own.iter().any(|body| {
                let body = self.program.body(*body);
                body.file == loc.file && body.expr(body.ir.root).span.contains(loc.span)
            })
        };
        self.field_fate(field).joins().any(|loc| !within(loc))
    }

    fn keeps_itself(&self, spawn: Spawn) -> bool {
        let is_same =
            |thread: &&super::threads::Thread| thread.spawn.body == spawn.body && thread.spawn.call == spawn.call;
        let thread = self.threads().iter().find(is_same);
        // A loop without any way out does not end the thread either.
        thread.is_none_or(|thread| {
            thread.execution.gave_up || thread.execution.loops.iter().any(|(_, facts)| facts.exits.is_empty())
        }) || self.keepalives().iter().any(|found| found.spawn.body == spawn.body && found.spawn.call == spawn.call)
    }

    /// Where the thread's own code, or a function of the user's that it calls, makes a strong pointer to the type.
    fn upgrade_in(&self, entry: Entry, owner: DefId) -> Option<Loc> {
        let (body, root) = entry.code(self)?;
        self.upgrade_at(body, root, owner, HELPER_DEPTH)
    }

    fn upgrade_at(&self, body: BodyId, root: ExprId, owner: DefId, depth: u32) -> Option<Loc> {
        let analysis = self.analysis(body);
        let span = analysis.body.expr(root).span;
        let calls: Vec<(ExprId, DefId)> = (0..analysis.body.ir.exprs.len() as u32)
            .map(ExprId)
            .filter(|expr| span.contains(analysis.body.expr(*expr).span))
            .filter_map(|expr| Some((expr, analysis.callee(expr)?)))
            .collect();
        let upgrades = |(expr, callee): &&(ExprId, DefId)| {
            self.effects(*callee).has(word::UPGRADES) && core(self, analysis.types.ty(*expr)).adt() == Some(owner)
        };
        if let Some((expr, _)) = calls.iter().find(upgrades) {
            return Some(analysis.call_loc(*expr));
        }
        let inner = calls.iter().filter(|(_, callee)| depth > 0 && self.program.is_user(*callee));
        inner.filter_map(|(_, callee)| self.program.body_of(*callee)).find_map(|inner| {
            let root = self.program.body(inner).ir.root;
            self.upgrade_at(inner, root, owner, depth - 1)
        })
    }
}

/// Whether a body calls a local.
fn is_called(analysis: &Analysis<'_>, local: LocalId) -> bool {
    analysis.tree.uses(local).iter().any(|used| matches!(analysis.tree.parent(*used), Parent::Callee(_)))
}
