//! Blocks, loops, branches, closures and what they give.

use super::{ITEM, Infer, RECV};
use crate::model::program::{DefId, ModuleId};
use crate::model::signature::OUTPUT;
use crate::model::ty::{FnTy, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{
    Block, BlockKind, Closure, Expr, ExprId, LocalItemId, Loop, LoopKind, SelectArm, SelectOp, Stmt,
};
use std::sync::Arc;

impl<'p> Infer<'p, '_> {
    pub(super) fn block(&mut self, id: ExprId, block: &'p Block, expected: &Ty) -> Ty {
        let outer = block.module.map(|module| self.enter(module));
        if block.labelled {
            self.breaks.insert(id, None);
        }
        let is_try = block.kind == BlockKind::Try;
        let mut diverges = false;
        for stmt in &block.stmts {
            match stmt {
                Stmt::Let { pat, ty, init, els, .. } => {
                    let declared = ty.as_ref().map(|ty| self.lower(ty));
                    let expected = declared.clone().unwrap_or(Ty::Unknown);
                    let found = init.map(|init| self.expr(init, &expected));
                    if let (Some(declared), Some(found)) = (&declared, &found) {
                        self.unify(declared, found);
                    }
                    diverges |= found == Some(Ty::Never);
                    if let Some(els) = els {
                        self.expr(*els, &Ty::Never);
                    }
                    let ty = declared.or(found).unwrap_or_else(|| self.fresh());
                    let ty = if ty == Ty::Never { Ty::Unknown } else { ty };
                    self.pat(*pat, &ty, None);
                }
                Stmt::Expr { expr, .. } => {
                    let ty = self.expr(*expr, &Ty::Unknown);
                    diverges |= self.shallow(&ty) == Ty::Never;
                }
            }
        }
        let mut ty = match block.tail {
            Some(tail) if is_try => {
                self.expr(tail, &Ty::Unknown);
                Ty::Unknown
            }
            Some(tail) => self.expr(tail, expected),
            None if diverges => Ty::Never,
            None => Ty::unit(),
        };
        if block.labelled
            && let Some(Some(broken)) = self.breaks.remove(&id)
        {
            ty = self.join(broken, ty);
        }
        if let Some(outer) = outer {
            self.scope.module = outer;
        }
        ty
    }

    pub(super) fn enter(&mut self, module: LocalItemId) -> ModuleId {
        let def = self.program.def_of(self.unit, module);
        std::mem::replace(&mut self.scope.module, self.program.def(def).module)
    }

    pub(super) fn loop_expr(&mut self, id: ExprId, data: &'p Loop, expected: &Ty) -> Ty {
        self.breaks.insert(id, None);
        match data.kind {
            LoopKind::Loop => {
                self.expr(data.body, &Ty::unit());
                match self.breaks.remove(&id) {
                    Some(Some(ty)) => {
                        self.unify(expected, &ty);
                        ty
                    }
                    _ => Ty::Never,
                }
            }
            LoopKind::While(cond) => {
                self.expr(cond, &Ty::BOOL);
                self.expr(data.body, &Ty::unit());
                Ty::unit()
            }
            LoopKind::For { pat, iter } => {
                let ty = self.expr_known(iter);
                let item = self.item_of(&ty);
                self.pat(pat, &item, None);
                self.expr(data.body, &Ty::unit());
                Ty::unit()
            }
        }
    }

    pub(super) fn closure(&mut self, id: ExprId, closure: &'p Closure, expected: &Ty) -> Ty {
        let hint = self.expected_closure(expected);
        let mut params = Vec::with_capacity(closure.params.len());
        for (index, (pat, written)) in closure.params.iter().enumerate() {
            let ty = match written {
                Some(ty) => self.lower(ty),
                None => self.fresh(),
            };
            if let Some(hint) = hint.as_ref().and_then(|hint| hint.params.get(index)) {
                self.unify(&ty, hint);
            }
            self.pat(*pat, &ty, None);
            params.push(ty);
        }
        let ret = match &closure.ret {
            Some(ty) => self.lower(ty),
            None => self.fresh(),
        };
        self.returns.push(ret.clone());
        let hinted = match (&closure.ret, &hint) {
            (None, Some(hint)) if !closure.is_async => hint.ret.clone(),
            _ => ret.clone(),
        };
        let ty = self.expr(closure.body, &hinted);
        // A block that never ends by its tail may still return.
        if self.shallow(&ty) == Ty::Never {
            if let Ty::Infer(var) = self.shallow(&ret)
                && !self.body_returns(closure.body)
                && let Some(slot) = self.vars.get_mut(var as usize)
            {
                *slot = Some(Ty::Never);
            }
        } else {
            self.unify(&ret, &ty);
        }
        self.returns.pop();
        let ret = if closure.is_async { self.program.future_of(ret) } else { ret };
        if let Some(hint) = &hint {
            self.unify(&hint.ret, &ret);
        }
        Ty::Closure(self.body.id, id, Arc::new(FnTy { params: Tys::new(params), ret }))
    }

    pub(super) fn body_returns(&self, body: ExprId) -> bool {
        let span = self.body.expr(body).span;
        self.body.ir.exprs.iter().any(|data| matches!(data.kind, Expr::Return(_)) && span.contains(data.span))
    }

    pub(super) fn expected_closure(&mut self, expected: &Ty) -> Option<FnTy> {
        let expected = self.shallow(expected);
        if let Ty::Infer(_) = expected {
            let bound = self.pending.iter().find_map(|(subject, bound, _)| {
                (self.shallow(subject) == expected && self.program.lang.is_fn_trait(bound.trait_def))
                    .then(|| bound.clone())
            })?;
            return self.bound_signature(&[bound]);
        }
        self.call_signature(&expected)
    }

    pub(super) fn select(&mut self, arms: &'p [SelectArm], expected: &Ty) -> Ty {
        let mut result = Ty::Never;
        for arm in arms {
            let got = match arm.op {
                SelectOp::Recv(channel) => {
                    let ty = self.expr_known(channel);
                    self.call_without_args(&ty, RECV)
                }
                SelectOp::Send(channel, message) => {
                    self.expr(channel, &Ty::Unknown);
                    self.expr(message, &Ty::Unknown);
                    Ty::Unknown
                }
                SelectOp::Future(future) => {
                    let ty = self.expr_known(future);
                    self.output_of(&ty)
                }
                SelectOp::Default(timeout) => {
                    if let Some(timeout) = timeout {
                        self.expr(timeout, &Ty::Unknown);
                    }
                    Ty::unit()
                }
                SelectOp::Else => Ty::unit(),
            };
            if let Some(pat) = arm.pat {
                self.pat(pat, &got, None);
            }
            if let Some(guard) = arm.guard {
                self.expr(guard, &Ty::BOOL);
            }
            let body = self.expr(arm.body, expected);
            result = self.join(result, body);
        }
        result
    }

    /// The common type of two branches.
    pub(super) fn join(&mut self, left: Ty, right: Ty) -> Ty {
        match (self.shallow(&left), self.shallow(&right)) {
            (Ty::Never, other) | (other, Ty::Never) => other,
            (Ty::Unknown, other) | (other, Ty::Unknown) => other,
            (left, right) => {
                self.unify(&left, &right);
                left
            }
        }
    }

    pub(super) fn item_of(&mut self, ty: &Ty) -> Ty {
        self.assoc(ty, self.program.lang.into_iterator, ITEM)
    }

    pub(super) fn output_of(&mut self, ty: &Ty) -> Ty {
        match self.assoc(ty, self.program.lang.future, OUTPUT) {
            Ty::Unknown => self.assoc(ty, self.program.lang.into_future, OUTPUT),
            output => output,
        }
    }

    pub(super) fn assoc(&mut self, ty: &Ty, trait_def: Option<DefId>, name: Name) -> Ty {
        let found = trait_def.and_then(|trait_def| self.program.project(ty, Some(trait_def), name));
        found.map_or(Ty::Unknown, |found| self.normalize(&found))
    }

    pub(super) fn try_output(&mut self, ty: &Ty) -> Ty {
        match ty {
            Ty::Adt(def, args) if Some(*def) == self.program.lang.result || Some(*def) == self.program.lang.option => {
                args.first().cloned().unwrap_or(Ty::Unknown)
            }
            _ => Ty::Unknown,
        }
    }
}
