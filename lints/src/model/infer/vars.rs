//! The variables of one body: unification, projections and obligations that wait until their subject is known.

use super::Infer;
use crate::model::lookup::Subst;
use crate::model::program::DefId;
use crate::model::ty::{Bound, Projection, Ty, Tys};
use crate::syntax::ir::LocalId;

/// How deep an associated type may hide behind others.
const PROJECTION_DEPTH: u32 = 6;
/// How often one obligation may bring on the next before the rest waits for the next question.
const SOLVE_ROUNDS: u32 = 4;
/// How many obligations long the way is from what the code says to one that only follows.
const SETTLE_DEPTH: u32 = 6;
/// How many obligations may wait.
const MAX_PENDING: usize = 4000;

impl Infer<'_, '_> {
    /// The type, after settling what is pending if it is still open.
    pub(super) fn known(&mut self, ty: &Ty) -> Ty {
        let ty = self.resolve(ty);
        if !matches!(ty.peel_refs(), Ty::Infer(_)) {
            return ty;
        }
        self.solve();
        self.resolve(&ty)
    }

    /// The type with its variables replaced, those still open by `Unknown`.
    pub(super) fn close(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Unknown | Ty::Never | Ty::Prim(_) => ty.clone(),
            _ => ty.map(&mut |ty| match ty {
                Ty::Infer(_) => Some(match self.shallow(ty) {
                    Ty::Infer(_) => Ty::Unknown,
                    known => self.close(&known),
                }),
                _ => None,
            }),
        }
    }

    pub(super) fn fresh(&mut self) -> Ty {
        self.vars.push(None);
        Ty::Infer(self.vars.len() as u32 - 1)
    }

    pub(super) fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Infer(var) = ty {
            match self.vars.get(*var as usize) {
                Some(Some(known)) => ty = known,
                _ => break,
            }
        }
        ty.clone()
    }

    pub(super) fn resolve(&self, ty: &Ty) -> Ty {
        ty.map(&mut |ty| match ty {
            Ty::Infer(_) => Some(match self.shallow(ty) {
                open @ Ty::Infer(_) => open,
                known => self.resolve(&known),
            }),
            _ => None,
        })
    }

    pub(super) fn set_local(&mut self, local: LocalId, ty: &Ty) {
        if let Some(own) = self.out.locals.get(local.index()).cloned() {
            self.unify(&own, ty);
        }
    }

    pub(super) fn unify(&mut self, left: &Ty, right: &Ty) {
        let (left, right) = (self.shallow(left), self.shallow(right));
        match (&left, &right) {
            (Ty::Infer(a), Ty::Infer(b)) if a == b => {}
            (Ty::Unknown | Ty::Never, _) | (_, Ty::Unknown | Ty::Never) => {}
            (Ty::Infer(var), other) | (other, Ty::Infer(var)) => {
                let other = self.resolve(other);
                if !other.any(&mut |ty| *ty == Ty::Infer(*var))
                    && let Some(slot) = self.vars.get_mut(*var as usize)
                {
                    *slot = Some(other);
                    self.changes += 1;
                }
            }
            (Ty::Adt(a, left), Ty::Adt(b, right)) if a == b => self.unify_lists(left, right),
            (Ty::Tuple(left), Ty::Tuple(right)) => self.unify_lists(left, right),
            (Ty::Ref(_, left), Ty::Ref(_, right))
            | (Ty::Ptr(_, left), Ty::Ptr(_, right))
            | (Ty::Slice(left), Ty::Slice(right))
            | (Ty::Array(left), Ty::Array(right))
            | (Ty::Slice(left), Ty::Array(right))
            | (Ty::Array(left), Ty::Slice(right)) => self.unify(left, right),
            (Ty::Fn(left) | Ty::Closure(_, _, left), Ty::Fn(right) | Ty::Closure(_, _, right)) => {
                let (left, right) = (left.clone(), right.clone());
                self.unify_lists(&left.params, &right.params);
                self.unify(&left.ret, &right.ret);
            }
            (Ty::Opaque(left), Ty::Opaque(right)) => {
                for (left, right) in left.iter().zip(right.iter()) {
                    for ((_, left), (_, right)) in left.bindings.iter().zip(right.bindings.iter()) {
                        self.unify(left, right);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn unify_lists(&mut self, left: &[Ty], right: &[Ty]) {
        for (left, right) in left.iter().zip(right) {
            self.unify(left, right);
        }
    }

    /// The type with its projections replaced by what they stand for, or by variables that wait for it.
    pub(super) fn normalize(&mut self, ty: &Ty) -> Ty {
        self.normalize_at(ty, PROJECTION_DEPTH)
    }

    fn normalize_at(&mut self, ty: &Ty, depth: u32) -> Ty {
        if !ty.any(&mut |ty| matches!(ty, Ty::Projection(_))) {
            return ty.clone();
        }
        let Some(depth) = depth.checked_sub(1) else { return Ty::Unknown };
        ty.map(&mut |ty| match ty {
            Ty::Projection(projection) => {
                let base = self.normalize_at(&projection.base, depth);
                let base = self.resolve(&base);
                Some(match self.projected(projection, &base, depth) {
                    Some(known) => known,
                    None => {
                        let var = self.fresh();
                        self.wait(projection.on(base), var.clone());
                        var
                    }
                })
            }
            _ => None,
        })
    }

    /// A projection of a base without projections of its own; `None` where that has to wait.
    fn projected(&mut self, projection: &Projection, base: &Ty, depth: u32) -> Option<Ty> {
        if matches!(base, Ty::Infer(_)) {
            return None;
        }
        match self.program.project(base, projection.trait_def, projection.name) {
            Some(known) => Some(self.normalize_at(&known, depth)),
            None if base.any(&mut |ty| matches!(ty, Ty::Infer(_))) => None,
            None => Some(projection.on(base.clone())),
        }
    }

    fn wait(&mut self, projection: Ty, var: Ty) {
        self.changes += 1;
        self.projections.push((projection, var));
    }

    /// Notes that a type has to satisfy a bound.
    pub(super) fn expect_bound(&mut self, subject: Ty, bound: Bound) {
        // An impl may ask for itself, of ever new types: `impl<T> Runtime for T where T: Spawn<Handle<T>> ..`.
        if self.settling > SETTLE_DEPTH || self.pending.len() >= MAX_PENDING {
            return;
        }
        self.changes += 1;
        self.pending.push((subject, bound, self.settling));
    }

    fn solve_projections(&mut self) {
        for (projection, var) in std::mem::take(&mut self.projections) {
            let Ty::Projection(data) = &projection else { continue };
            let base = self.resolve(&data.base);
            match self.projected(data, &base, PROJECTION_DEPTH) {
                Some(known) => self.unify(&var, &known),
                None => self.projections.push((data.on(base), var)),
            }
        }
    }

    /// Settles the obligations whose subject is known by now, as long as one brings another on.
    pub(super) fn solve(&mut self) {
        for _ in 0..SOLVE_ROUNDS {
            if self.solved_at == self.changes {
                return;
            }
            self.solved_at = self.changes;
            self.solve_projections();
            for (subject, bound, depth) in std::mem::take(&mut self.pending) {
                let known = self.resolve(&subject);
                if matches!(known, Ty::Infer(_)) {
                    self.pending.push((subject, bound, depth));
                } else {
                    self.settling = depth + 1;
                    self.settle(&known, &bound);
                    self.settling = 0;
                }
            }
        }
    }

    fn settle(&mut self, subject: &Ty, bound: &Bound) {
        if self.program.lang.is_fn_trait(bound.trait_def) {
            if let Some(sig) = self.call_signature(subject) {
                if let Some(Ty::Tuple(params)) = bound.args.first() {
                    self.unify_lists(&sig.params, params);
                }
                if let Some((_, ret)) = bound.bindings.first() {
                    self.unify(ret, &sig.ret);
                }
            }
            return;
        }
        for (name, ty) in bound.bindings.iter() {
            if let Some(known) = self.program.project(subject, Some(bound.trait_def), *name) {
                let known = self.normalize(&known);
                self.unify(ty, &known);
            }
        }
        if bound.args.is_empty() {
            return;
        }
        let asked: Tys = bound.args.iter().map(|ty| self.resolve(ty)).collect();
        let Some((block, mut subst)) = self.program.only_impl(bound.trait_def, subject, &asked) else { return };
        let Some(trait_ref) = self.program.impl_header(block).and_then(|header| header.trait_ref.clone()) else {
            return;
        };
        self.open_generics(block, &mut subst);
        for (own, asked) in trait_ref.args.iter().zip(asked.iter()) {
            let own = self.normalize(&subst.apply(own));
            self.unify(&own, asked);
        }
        self.oblige(block, &subst);
    }

    /// Gives each parameter of an item that is still free a variable.
    pub(super) fn open_generics(&mut self, def: DefId, subst: &mut Subst) {
        let count = self.program.generics(def).map_or(0, |generics| generics.params.len());
        for index in 0..count as u32 {
            if subst.get(def, index).is_none() {
                let var = self.fresh();
                subst.bind(def, index, var);
            }
        }
    }

    /// Notes the bounds that an item puts on its parameters.
    pub(super) fn oblige(&mut self, def: DefId, subst: &Subst) {
        for (subject, bound) in self.program.own_bounds(def) {
            if bound.args.is_empty() && bound.bindings.is_empty() {
                continue;
            }
            let subject = self.normalize(&subst.apply(subject));
            let bound = bound.map(&mut |ty| match ty {
                Ty::Param(owner, index) => subst.get(*owner, *index).cloned(),
                _ => None,
            });
            let bound = Bound {
                trait_def: bound.trait_def,
                args: bound.args.iter().map(|ty| self.normalize(ty)).collect(),
                bindings: bound.bindings.iter().map(|(name, ty)| (*name, self.normalize(ty))).collect(),
            };
            self.expect_bound(subject, bound);
        }
    }
}
