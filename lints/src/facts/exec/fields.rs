//! `bool` fields of an object that the thread owns: `while self.running { .. }`.
//!
//! Nobody else can write to them, so they keep the value of the object's literals until the thread's own code assigns
//! another. A field that is not in the [`Env`](super::value::Env) still has that value; [`Var::Fields`] in it means that
//! something unknown may have written to all of them.

use super::Exec;
use super::value::{Value, Var};
use crate::facts::context::{Analysis, Context};
use crate::facts::place::Place;
use crate::model::{DefId, FieldRef, Ty};
use crate::syntax::ir::{Expr, ExprId, Pat, Visibility};

const MAX_BASES: u32 = 4;

impl<'a> Exec<'_, 'a> {
    pub(super) fn read_field(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        let Some(field) = self.owned_flag(analysis, expr) else { return self.read_shared(analysis, expr) };
        let place = Place::Field(field);
        if let Some(value) = self.load(Some(place), analysis, expr, expr) {
            return Value::Bool(value);
        }
        let Some(env) = &self.state else { return Value::Any };
        if let Some(known) = env.get(&Var::Field(field)) {
            return known.clone();
        }
        if env.contains_key(&Var::Fields) {
            return Value::Any;
        }
        self.cx.initial_flag(field).map_or(Value::Any, Value::Bool)
    }

    /// `state.lock().unwrap().stop`: a flag that others can set under the lock.
    fn read_shared(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        let Expr::Field { base, .. } = analysis.expr(expr) else { return Value::Any };
        let Some((field, _)) = analysis.types.fields.get(&expr) else {
            return self.frozen_bool(analysis, expr).unwrap_or(Value::Any);
        };
        let is_shared = self.cx.roles().is_guard(analysis.types.ty(*base).peel_refs());
        if *analysis.types.ty(expr) != Ty::BOOL || !is_shared {
            return self.frozen_bool(analysis, expr).unwrap_or(Value::Any);
        }
        let place = Place::Field(*field);
        self.load(Some(place), analysis, expr, expr).map_or(Value::Any, Value::Bool)
    }

    pub(super) fn assign_field(&mut self, analysis: &Analysis<'a>, target: ExprId, value: Value) {
        let field = self.owned_flag(analysis, target);
        if let (Some(field), Some(env)) = (field, &mut self.state) {
            env.insert(Var::Field(field), value);
        }
    }

    /// Something unknown may write to what it is lent.
    pub(super) fn forget_fields(&mut self) {
        if let Some(env) = &mut self.state {
            env.retain(|var, _| matches!(var, Var::Local(..)));
            env.insert(Var::Fields, Value::Any);
        }
    }

    /// As [`Exec::forget_fields`], where one of the operands of a call is lent for writing and may hold such fields.
    pub(super) fn forget_lent(&mut self, analysis: &Analysis<'a>, operands: impl IntoIterator<Item = ExprId>) {
        let may_write = |ty: &Ty| match ty {
            Ty::Ref(true, inner) => match inner.peel_refs() {
                Ty::Adt(def, _) => self.cx.program.is_user(*def),
                Ty::Prim(_) => false,
                _ => true,
            },
            _ => false,
        };
        if operands.into_iter().any(|operand| may_write(analysis.types.ty(operand))) {
            self.forget_fields();
        }
    }

    /// The `bool` field that an expression names, where the object belongs to the thread alone.
    fn owned_flag(&self, analysis: &Analysis<'a>, expr: ExprId) -> Option<FieldRef> {
        if *analysis.types.ty(expr) != Ty::BOOL {
            return None;
        }
        let (field, _) = *analysis.types.fields.get(&expr)?;
        let mut at = expr;
        for _ in 0..MAX_BASES {
            let Expr::Field { base, .. } = analysis.expr(at) else { break };
            let (own, _) = *analysis.types.fields.get(&at)?;
            // Through a guard or a shared pointer, others can write too.
            if analysis.types.ty(*base).peel_refs().adt() != Some(own.adt) {
                return None;
            }
            at = *base;
        }
        let Expr::Local(local) = analysis.expr(at) else { return None };
        let root = self.bound_place(Place::Local(analysis.body.id, *local));
        if self.temporaries.contains(&root) {
            return Some(field);
        }
        let Place::Local(body, local) = root else { return None };
        let is_entry = self.stack.first() == Some(&body);
        let ty = self.cx.analysis(body).types.local(local);
        (is_entry && ty.adt().is_some_and(|adt| self.cx.program.is_user(adt))).then_some(field)
    }
}

impl Context<'_> {
    /// The value that a `bool` field has when a thread begins, where the crate's literals agree on one and no assignment
    /// could have given it that value anew.
    fn initial_flag(&self, field: FieldRef) -> Option<bool> {
        let declared = self.field(field)?;
        let is_exported = |def: DefId| self.program.krate(def).is_none_or(|krate| krate.is_public_api);
        let is_public = declared.vis == Visibility::Public
            && self.program.item(field.adt).vis == Visibility::Public
            && is_exported(field.adt);
        if is_public || self.is_mentioned_unread(self.program.name_text(field.adt, declared.name)) {
            return None;
        }
        let mut initial = None;
        let mut assigned = Vec::new();
        for body in self.bodies_mentioning(&[declared.name]) {
            let analysis = self.analysis(body.id);
            for (literal, target) in &analysis.types.literals {
                if *target != (field.adt, field.variant) {
                    continue;
                }
                let Expr::Struct(data) = analysis.expr(*literal) else { return None };
                let (_, _, value) = data.fields.iter().find(|(name, _, _)| *name == declared.name)?;
                let value = analysis.literal_bool(*value)?;
                if initial.is_some_and(|known| known != value) {
                    return None;
                }
                initial = Some(value);
            }
            for index in 0..body.ir.exprs.len() as u32 {
                let expr = ExprId(index);
                match analysis.expr(expr) {
                    Expr::Assign { target, value, .. } if is_field(analysis, *target, field) => {
                        assigned.push(analysis.literal_bool(*value)?);
                    }
                    Expr::Ref { mutable: true, expr: inner } if is_field(analysis, *inner, field) => return None,
                    _ => {}
                }
            }
            let lent = |pat: &crate::syntax::ir::PatId| match &analysis.body.pat(*pat).kind {
                Pat::Bind { local, .. } => matches!(analysis.types.local(*local), Ty::Ref(true, _)),
                _ => false,
            };
            if analysis.types.pat_fields.iter().any(|(pat, own)| *own == field && lent(pat)) {
                return None;
            }
        }
        initial.filter(|initial| assigned.iter().all(|value| value != initial))
    }
}

fn is_field(analysis: &Analysis<'_>, expr: ExprId, field: FieldRef) -> bool {
    analysis.types.fields.get(&expr).is_some_and(|(own, _)| *own == field)
}
