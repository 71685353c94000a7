//! Expressions without control flow of their own.

use super::{FieldRef, Infer};
use crate::model::program::DefId;
use crate::model::signature::{OUTPUT, substitute};
use crate::model::ty::{Prim, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{BinaryOp, Expr, ExprId, ItemKind, Literal, Operator, StructLit};
use std::sync::Arc;

impl<'p> Infer<'p, '_> {
    pub(super) fn expr(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body = self.body;
        let ty = self.expr_kind(id, &body.expr(id).kind, expected);
        if let Some(slot) = self.out.exprs.get_mut(id.index()) {
            *slot = ty.clone();
        }
        ty
    }

    pub(super) fn expr_known(&mut self, id: ExprId) -> Ty {
        let ty = self.expr(id, &Ty::Unknown);
        let ty = self.known(&ty);
        if let Ty::Infer(_) = ty.peel_refs() {
            self.open_subjects.push(ty.clone());
        }
        ty
    }

    pub(super) fn checked(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let ty = self.expr(id, expected);
        self.unify(expected, &ty);
        ty
    }

    pub(super) fn expr_kind(&mut self, id: ExprId, kind: &'p Expr, expected: &Ty) -> Ty {
        match kind {
            Expr::Missing => Ty::Unknown,
            Expr::Local(local) => self.out.locals.get(local.index()).cloned().unwrap_or(Ty::Unknown),
            Expr::Path(path) => self.path_value(id, path, expected),
            Expr::Literal(literal) => self.literal(*literal),
            Expr::Call { callee, args } => self.call(*callee, args, expected),
            Expr::MethodCall(call) => self.method_call(id, call, expected),
            Expr::Field { base, name, .. } => self.field(id, *base, *name),
            Expr::Index { base, index } => self.index(*base, *index),
            Expr::Deref(inner) => {
                let ty = self.expr_known(*inner);
                self.program.deref(&ty).map_or(Ty::Unknown, |ty| self.normalize(&ty))
            }
            Expr::Not(inner) => self.negated(self.program.lang.not, *inner),
            Expr::Neg(inner) => self.negated(self.program.lang.neg, *inner),
            Expr::Ref { mutable, expr } => {
                let inner = match self.shallow(expected) {
                    Ty::Ref(_, inner) => (*inner).clone(),
                    _ => Ty::Unknown,
                };
                self.expr(*expr, &inner).reference(*mutable)
            }
            Expr::Binary { op, lhs, rhs } => self.binary(*op, *lhs, *rhs),
            Expr::Assign { target, value, compound } => {
                let ty = self.expr(*target, &Ty::Unknown);
                if *compound {
                    // The operands of `+=` need not be of one type.
                    self.expr(*value, &Ty::Unknown);
                } else {
                    self.checked(*value, &ty);
                }
                Ty::unit()
            }
            Expr::Block(block) => self.block(id, block, expected),
            Expr::If { cond, then, els } => {
                self.expr(*cond, &Ty::BOOL);
                let then = self.expr(*then, expected);
                match els {
                    Some(els) => {
                        let els = self.expr(*els, &then);
                        self.join(then, els)
                    }
                    None => Ty::unit(),
                }
            }
            Expr::Let { pat, expr } => {
                let ty = self.expr(*expr, &Ty::Unknown);
                self.pat(*pat, &ty, None);
                Ty::BOOL
            }
            Expr::Match { scrutinee, arms } => {
                let ty = self.expr(*scrutinee, &Ty::Unknown);
                let mut result = Ty::Never;
                for arm in arms {
                    self.pat(arm.pat, &ty, None);
                    if let Some(guard) = arm.guard {
                        self.expr(guard, &Ty::BOOL);
                    }
                    let hint = if result == Ty::Never { expected.clone() } else { result.clone() };
                    let body = self.expr(arm.body, &hint);
                    result = self.join(result, body);
                }
                result
            }
            Expr::Loop(data) => self.loop_expr(id, data, expected),
            Expr::Break { target, value } => {
                let ty = value.map(|value| {
                    let expected = target.and_then(|target| self.breaks.get(&target).cloned().flatten());
                    self.expr(value, &expected.unwrap_or(Ty::Unknown))
                });
                if let Some(target) = target {
                    let ty = ty.unwrap_or_else(Ty::unit);
                    let joined = match self.breaks.get(target).cloned().flatten() {
                        Some(known) => self.join(known, ty),
                        None => ty,
                    };
                    self.breaks.insert(*target, Some(joined));
                }
                Ty::Never
            }
            Expr::Continue { .. } => Ty::Never,
            Expr::Return(value) => {
                let expected = self.returns.last().cloned().unwrap_or(Ty::Unknown);
                if let Some(value) = value {
                    self.checked(*value, &expected);
                } else {
                    self.unify(&expected, &Ty::unit());
                }
                Ty::Never
            }
            Expr::Opaque(parts) => {
                for part in parts {
                    self.expr(*part, &Ty::Unknown);
                }
                Ty::Unknown
            }
            Expr::Closure(closure) => self.closure(id, closure, expected),
            Expr::Async { body, .. } => {
                let output = self.fresh();
                self.returns.push(output.clone());
                let ty = self.expr(*body, &output);
                self.unify(&output, &ty);
                self.returns.pop();
                self.program.future_of(output)
            }
            Expr::Await(inner) => {
                let ty = self.expr_known(*inner);
                self.output_of(&ty)
            }
            Expr::Try(inner) => {
                let ty = self.expr_known(*inner);
                self.try_output(&ty)
            }
            Expr::Struct(literal) => self.struct_literal(id, literal, expected),
            Expr::Tuple(parts) => {
                let hints = match self.shallow(expected) {
                    Ty::Tuple(hints) => hints,
                    _ => Tys::default(),
                };
                let parts = parts
                    .iter()
                    .enumerate()
                    .map(|(index, part)| self.expr(*part, hints.get(index).unwrap_or(&Ty::Unknown)))
                    .collect();
                Ty::Tuple(parts)
            }
            Expr::Array(parts) => {
                let elem = match self.shallow(expected) {
                    Ty::Array(inner) | Ty::Slice(inner) => (*inner).clone(),
                    _ => self.fresh(),
                };
                for part in parts {
                    self.checked(*part, &elem);
                }
                Ty::Array(Arc::new(elem))
            }
            Expr::Repeat { value, count } => {
                self.expr(*count, &Ty::Prim(Prim::Int));
                Ty::Array(Arc::new(self.expr(*value, &Ty::Unknown)))
            }
            Expr::Range { start, end } => {
                let elem = self.fresh();
                for bound in [start, end].into_iter().flatten() {
                    self.checked(*bound, &elem);
                }
                self.program.lang.range.map_or(Ty::Unknown, |range| Ty::Adt(range, Tys::new(vec![elem])))
            }
            Expr::Cast { expr, ty } => {
                let ty = self.lower(ty);
                self.expr(*expr, &Ty::Unknown);
                ty
            }
            Expr::Macro(call) => self.macro_call(id, call, expected),
            Expr::Select(arms) => self.select(arms, expected),
        }
    }

    pub(super) fn literal(&self, literal: Literal) -> Ty {
        match literal {
            Literal::Bool(_) => Ty::BOOL,
            Literal::Int(_) => Ty::Prim(Prim::Int),
            Literal::Float => Ty::Prim(Prim::Float),
            Literal::Char => Ty::Prim(Prim::Char),
            Literal::Str => self.program.str_ref(),
            Literal::Bytes => Ty::Slice(Arc::new(Ty::Prim(Prim::Int))).reference(false),
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Ty {
        let left = self.expr(lhs, &Ty::Unknown);
        let right = self.expr(rhs, &Ty::Unknown);
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Compare => Ty::BOOL,
            BinaryOp::Arithmetic(operator) => {
                let (left, right) = (self.known(&left), self.known(&right));
                self.arithmetic(operator, &left, &right)
            }
        }
    }

    fn arithmetic(&mut self, operator: Operator, left: &Ty, right: &Ty) -> Ty {
        let (own, other) = (left.peel_refs(), right.peel_refs());
        match (own, other) {
            (Ty::Prim(_), Ty::Prim(_) | Ty::Infer(_) | Ty::Unknown) => return own.clone(),
            (Ty::Infer(_), Ty::Prim(_)) => return other.clone(),
            (Ty::Unknown | Ty::Infer(_), _) => return Ty::Unknown,
            _ => {}
        }
        let Some(trait_def) = self.program.lang.operator(operator) else { return Ty::Unknown };
        for (left, right) in [(left, right), (own, other), (left, other), (own, right)] {
            if let Some(output) = self.program.operator_output(trait_def, left, right) {
                return self.normalize(&output);
            }
        }
        // A generic parameter that is bound by the operator's trait.
        self.assoc(own, Some(trait_def), OUTPUT)
    }

    fn negated(&mut self, trait_def: Option<DefId>, operand: ExprId) -> Ty {
        let ty = self.expr_known(operand);
        match ty.peel_refs() {
            prim @ Ty::Prim(_) => prim.clone(),
            own => match self.assoc(&ty, trait_def, OUTPUT) {
                Ty::Unknown => self.assoc(own, trait_def, OUTPUT),
                output => output,
            },
        }
    }

    pub(super) fn field(&mut self, id: ExprId, base: ExprId, name: Name) -> Ty {
        let ty = self.expr_known(base);
        for (depth, step) in self.program.autoderef(&ty).into_iter().enumerate() {
            match &step {
                Ty::Adt(def, args) => {
                    if !matches!(self.program.item(*def).kind, ItemKind::Struct(_)) {
                        continue;
                    }
                    let Some(index) = self.field_index(*def, 0, name) else { continue };
                    // A library's private fields stand for its type parameters only.
                    if !self.program.is_user(*def) && !self.program.is_public_field(*def, index) {
                        continue;
                    }
                    let field = FieldRef { adt: *def, variant: 0, index };
                    self.out.fields.insert(id, (field, depth as u32));
                    let ty = self.program.field_types(*def, 0).get(index as usize).cloned();
                    return ty.map_or(Ty::Unknown, |ty| self.normalize(&substitute(&ty, *def, args)));
                }
                Ty::Tuple(parts) => {
                    let found = (0..parts.len() as u32).find(|index| Name::of_index(*index) == name);
                    if let Some(part) = found.and_then(|index| parts.get(index as usize)) {
                        return part.clone();
                    }
                }
                _ => {}
            }
        }
        Ty::Unknown
    }

    pub(super) fn index(&mut self, base: ExprId, index: ExprId) -> Ty {
        let ty = self.expr_known(base);
        let index = self.expr_known(index);
        let is_range = index.adt().is_some_and(|def| Some(def) == self.program.lang.range);
        for step in self.program.autoderef(&ty) {
            match &step {
                Ty::Array(inner) | Ty::Slice(inner) if is_range => return Ty::Slice(inner.clone()),
                Ty::Prim(Prim::Str) if is_range => return step.clone(),
                Ty::Array(inner) | Ty::Slice(inner) => return (**inner).clone(),
                Ty::Adt(..) => {
                    let Some(trait_def) = self.program.lang.index else { continue };
                    let output = self.program.operator_output(trait_def, &step, &index);
                    if let Some(target) = output.or_else(|| self.program.project(&step, Some(trait_def), OUTPUT)) {
                        return self.normalize(&target);
                    }
                }
                _ => {}
            }
        }
        Ty::Unknown
    }

    pub(super) fn struct_literal(&mut self, id: ExprId, literal: &'p StructLit, expected: &Ty) -> Ty {
        let target = self.struct_target(&literal.path);
        let Some((def, variant, args)) = target else {
            for (_, _, value) in &literal.fields {
                self.expr(*value, &Ty::Unknown);
            }
            if let Some(spread) = literal.spread {
                self.expr(spread, &Ty::Unknown);
            }
            return Ty::Unknown;
        };
        self.out.literals.insert(id, (def, variant));
        let shape = self.constructor_shape(def, variant, &args);
        self.hint_result(&shape.ret, expected, 4);
        for (name, _, value) in &literal.fields {
            let index = self.field_index(def, variant, *name);
            let ty = index.and_then(|index| shape.params.get(index as usize)).cloned().unwrap_or(Ty::Unknown);
            self.checked(*value, &ty);
        }
        if let Some(spread) = literal.spread {
            self.checked(spread, &shape.ret);
        }
        shape.ret
    }
}
