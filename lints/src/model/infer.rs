//! Light type inference over one body.
//!
//! One pass in the order of evaluation with expectations, unification of variables, and obligations (`C: FromIterator<T>`,
//! `F: FnOnce(A) -> B`) that wait until their subject is known. A mismatch is no error: coercions are not modelled, and a
//! body that compiles has none. What stays open is `Unknown`. Inference of one body never asks for another's.

use super::lookup::{Pick, Subst};
use super::program::{BodyRef, Def, DefId, ModuleId, Program, UnitId};
use super::resolve::Namespace;
use super::signature::{OUTPUT, SELF_TYPE, TyScope, substitute};
use super::ty::{Bound, FnTy, Prim, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{
    BinaryOp, Block, Closure, Expr, ExprId, GenericArgs, ItemKind, Literal, LocalId, Loop, LoopKind, MacroCall,
    MethodCall, Pat, PatId, PathRef, SelectArm, SelectOp, Stmt, StructLit,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

const ITEM: Name = Name::of("Item");
const CLONE: Name = Name::of("clone");
const RECV: Name = Name::of("recv");

/// A field of a struct, or of a variant of an enum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FieldRef {
    /// The struct or enum.
    pub adt: DefId,
    /// The variant; 0 for a struct.
    pub variant: u32,
    /// The place among its fields.
    pub index: u32,
}

/// What a path in a value's place means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ValueRef {
    /// A function or method.
    Function(DefId),
    /// A constant.
    Const(DefId),
    /// A static.
    Static(DefId),
    /// The constructor of a struct (variant 0) or variant.
    Constructor(DefId, u32),
}

/// What is known of the expressions, patterns and locals of one body.
#[derive(Clone, Debug, Default)]
pub struct Inference {
    /// The types of expressions.
    pub exprs: Vec<Ty>,
    /// The types of patterns: of what they match.
    pub pats: Vec<Ty>,
    /// The types of locals.
    pub locals: Vec<Ty>,
    /// What paths mean.
    pub values: FxHashMap<ExprId, ValueRef>,
    /// The function of a method call, and how many dereferences of the receiver led to it.
    pub methods: FxHashMap<ExprId, (DefId, u32)>,
    /// The field of a field expression, and how many dereferences of the base led to it.
    pub fields: FxHashMap<ExprId, (FieldRef, u32)>,
    /// The field that a pattern inside a struct or variant pattern takes out.
    pub pat_fields: FxHashMap<PatId, FieldRef>,
    /// The variant (or struct) that a path, tuple-struct or struct pattern names.
    pub pat_variants: FxHashMap<PatId, (DefId, u32)>,
    /// The struct or variant of a struct literal.
    pub literals: FxHashMap<ExprId, (DefId, u32)>,
    /// The `macro_rules!` of the user that a macro call means.
    pub macros: FxHashMap<ExprId, DefId>,
}

impl Inference {
    /// The type of an expression.
    pub fn ty(&self, expr: ExprId) -> &Ty {
        self.exprs.get(expr.index()).unwrap_or(&Ty::Unknown)
    }

    /// The type of a local.
    pub fn local(&self, local: LocalId) -> &Ty {
        self.locals.get(local.index()).unwrap_or(&Ty::Unknown)
    }

    /// The function that a call or method call names, if it does.
    pub fn callee(&self, body: BodyRef<'_>, expr: ExprId) -> Option<DefId> {
        match &body.expr(expr).kind {
            Expr::Call { callee, .. } => match self.values.get(callee) {
                Some(ValueRef::Function(def)) => Some(*def),
                _ => None,
            },
            Expr::MethodCall(_) => self.methods.get(&expr).map(|(def, _)| *def),
            _ => None,
        }
    }
}

impl Program<'_> {
    /// Infers the types of a body.
    pub fn infer(&self, body: BodyRef<'_>) -> Inference {
        let scope = self.scope_of(body.owner);
        let mut infer = Infer {
            program: self,
            body,
            unit: self.def(body.owner).unit,
            scope,
            vars: Vec::new(),
            out: Inference {
                exprs: vec![Ty::Unknown; body.ir.exprs.len()],
                pats: vec![Ty::Unknown; body.ir.pats.len()],
                ..Inference::default()
            },
            returns: Vec::new(),
            breaks: FxHashMap::default(),
            pending: Vec::new(),
            projections: Vec::new(),
        };
        infer.run();
        infer.finish()
    }
}

struct Infer<'p, 'w> {
    program: &'p Program<'w>,
    body: BodyRef<'p>,
    unit: UnitId,
    scope: TyScope,
    vars: Vec<Option<Ty>>,
    out: Inference,
    returns: Vec<Ty>,
    breaks: FxHashMap<ExprId, Option<Ty>>,
    pending: Vec<(Ty, Bound)>,
    projections: Vec<(Ty, Name, Ty)>,
}

/// A path in a value's place, with its generics.
enum Value {
    Function(DefId, Subst),
    Const(DefId),
    Static(DefId),
    Constructor(DefId, u32, Tys),
    Unknown,
}

struct CallShape {
    params: Vec<Ty>,
    ret: Ty,
}

impl<'p> Infer<'p, '_> {
    fn run(&mut self) {
        for _ in 0..self.body.ir.locals.len() {
            let var = self.fresh();
            self.out.locals.push(var);
        }
        let owner = self.body.owner;
        let mut expected = Ty::Unknown;
        if let Some(signature) = self.program.signature(owner) {
            let params: Vec<Ty> = signature.params.iter().map(|ty| self.normalize(ty)).collect();
            if let (Some(local), Some(ty)) = (self.body.ir.self_local, &signature.self_ty) {
                self.set_local(local, ty);
            }
            for (pat, ty) in self.body.ir.params.iter().zip(params) {
                self.pat(*pat, &ty, None);
            }
            expected = self.normalize(&signature.ret);
            if self.program.function(owner).is_some_and(|function| function.is_async) {
                expected = self.program.project(&expected, OUTPUT).unwrap_or(Ty::Unknown);
            }
        } else if let ItemKind::Const(_) | ItemKind::Static(_) = &self.program.item(owner).kind {
            expected = self.initializer_type(owner);
        }
        self.returns.push(expected.clone());
        let ty = self.expr(self.body.ir.root, &expected);
        self.unify(&expected, &ty);
        self.solve();
        self.solve();
    }

    /// The type of a static's initialiser: inside its wrapper, if a macro put one around it.
    fn initializer_type(&mut self, owner: DefId) -> Ty {
        let ty = self.program.value_type(owner);
        let head = ty.adt();
        let wrapped = head.is_some() && (head == self.program.lang.local_key || head == self.program.lang.lazy_lock);
        let by_macro = match &self.program.item(owner).kind {
            ItemKind::Static(constant) => constant.wrapper != crate::syntax::ir::StaticWrapper::None,
            _ => false,
        };
        match (wrapped && by_macro, ty.args().first()) {
            (true, Some(inner)) => inner.clone(),
            _ => ty,
        }
    }

    fn finish(mut self) -> Inference {
        let mut out = std::mem::take(&mut self.out);
        for ty in out.exprs.iter_mut().chain(&mut out.pats).chain(&mut out.locals) {
            *ty = self.close(ty);
        }
        out
    }

    /// The type with its variables replaced, those still open by `Unknown`.
    fn close(&self, ty: &Ty) -> Ty {
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

    fn fresh(&mut self) -> Ty {
        self.vars.push(None);
        Ty::Infer(self.vars.len() as u32 - 1)
    }

    fn shallow(&self, ty: &Ty) -> Ty {
        let mut ty = ty;
        while let Ty::Infer(var) = ty {
            match self.vars.get(*var as usize) {
                Some(Some(known)) => ty = known,
                _ => break,
            }
        }
        ty.clone()
    }

    fn resolve(&self, ty: &Ty) -> Ty {
        ty.map(&mut |ty| match ty {
            Ty::Infer(_) => Some(match self.shallow(ty) {
                open @ Ty::Infer(_) => open,
                known => self.resolve(&known),
            }),
            _ => None,
        })
    }

    fn set_local(&mut self, local: LocalId, ty: &Ty) {
        if let Some(own) = self.out.locals.get(local.index()).cloned() {
            self.unify(&own, ty);
        }
    }

    fn unify(&mut self, left: &Ty, right: &Ty) {
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

    fn unify_lists(&mut self, left: &[Ty], right: &[Ty]) {
        for (left, right) in left.iter().zip(right) {
            self.unify(left, right);
        }
    }

    /// The type with its projections replaced by what they stand for, or by variables that wait for it.
    fn normalize(&mut self, ty: &Ty) -> Ty {
        if !ty.any(&mut |ty| matches!(ty, Ty::Projection(_))) {
            return ty.clone();
        }
        let mut found = Vec::new();
        let program = self.program;
        let mut next = self.vars.len() as u32;
        let vars = &self.vars;
        let replaced = ty.map(&mut |ty| match ty {
            Ty::Projection(projection) => {
                let base = close_known(vars, &projection.0);
                if let Some(known) = program.project(&base, projection.1)
                    && !known.any(&mut |ty| matches!(ty, Ty::Projection(_)))
                {
                    return Some(known);
                }
                if base.any(&mut |ty| matches!(ty, Ty::Infer(_) | Ty::Projection(_)))
                    || program.project(&base, projection.1).is_some()
                {
                    found.push((base, projection.1));
                    next += 1;
                    return Some(Ty::Infer(next - 1));
                }
                Some(Ty::Projection(Arc::new((base, projection.1))))
            }
            _ => None,
        });
        for (base, name) in found {
            let var = self.fresh();
            let base = if let Ty::Projection(inner) = &base {
                // A projection of a projection: the inner one first.
                let middle = self.fresh();
                self.projections.push((inner.0.clone(), inner.1, middle.clone()));
                middle
            } else {
                base
            };
            self.projections.push((base, name, var));
        }
        self.solve_projections();
        self.resolve(&replaced)
    }

    fn solve_projections(&mut self) {
        let mut waiting = std::mem::take(&mut self.projections);
        waiting.retain(|(base, name, var)| {
            let base = self.resolve(base);
            if matches!(base, Ty::Infer(_)) {
                return true;
            }
            match self.program.project(&base, *name) {
                Some(Ty::Projection(inner)) if inner.0 != base => {
                    self.projections.push((inner.0.clone(), inner.1, var.clone()));
                }
                Some(known) => self.unify(var, &known),
                None => {}
            }
            false
        });
        self.projections.append(&mut waiting);
    }

    /// Settles the obligations whose subject is known by now.
    fn solve(&mut self) {
        self.solve_projections();
        let waiting = std::mem::take(&mut self.pending);
        for (subject, bound) in waiting {
            let known = self.resolve(&subject);
            if matches!(known, Ty::Infer(_)) {
                self.pending.push((subject, bound));
            } else {
                self.settle(&known, &bound);
            }
        }
        self.solve_projections();
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
            if let Some(known) = self.program.project(subject, *name) {
                let known = self.normalize(&known);
                self.unify(ty, &known);
            }
        }
        if bound.args.is_empty() {
            return;
        }
        let Some((block, mut subst)) = self.program.find_impl(bound.trait_def, subject) else { return };
        let Some(trait_ref) = self.program.impl_header(block).and_then(|header| header.trait_ref.clone()) else {
            return;
        };
        self.open_generics(block, &mut subst);
        for (own, asked) in trait_ref.args.iter().zip(bound.args.iter()) {
            let own = self.normalize(&subst.apply(own));
            self.unify(&own, asked);
        }
        self.oblige(block, &subst);
    }

    /// Gives each parameter of an item that is still free a variable.
    fn open_generics(&mut self, def: DefId, subst: &mut Subst) {
        let count = self.program.generics(def).map_or(0, |generics| generics.params.len());
        for index in 0..count as u32 {
            if subst.get(def, index).is_none() {
                let var = self.fresh();
                subst.bind(def, index, var);
            }
        }
    }

    /// Notes the bounds that an item puts on its parameters.
    fn oblige(&mut self, def: DefId, subst: &Subst) {
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
            self.pending.push((subject, bound));
        }
    }

    /// Parameters and result of something that can be called.
    fn call_signature(&mut self, ty: &Ty) -> Option<FnTy> {
        let mut ty = self.resolve(ty);
        for _ in 0..6 {
            match &ty {
                Ty::Fn(sig) | Ty::Closure(_, _, sig) => return Some((**sig).clone()),
                Ty::FnDef(def) => return self.definition_signature(*def),
                Ty::Dyn(bounds) | Ty::Opaque(bounds) => return self.bound_signature(bounds),
                Ty::Param(..) => return self.bound_signature(&self.program.bounds_of_param(&ty)),
                Ty::Ref(..) | Ty::Adt(..) => ty = self.program.deref(&ty)?,
                _ => return None,
            }
        }
        None
    }

    fn bound_signature(&self, bounds: &[Bound]) -> Option<FnTy> {
        let bound = bounds.iter().find(|bound| self.program.lang.is_fn_trait(bound.trait_def))?;
        let Some(Ty::Tuple(params)) = bound.args.first() else { return None };
        let ret = bound.bindings.first().map_or_else(Ty::unit, |(_, ty)| ty.clone());
        Some(FnTy { params: params.clone(), ret })
    }

    fn definition_signature(&mut self, def: DefId) -> Option<FnTy> {
        if let ItemKind::Struct(_) = &self.program.item(def).kind {
            let shape = self.constructor_shape(def, 0, &Tys::default());
            return Some(FnTy { params: Tys::new(shape.params), ret: shape.ret });
        }
        let mut subst = Subst::default();
        let has_self = self.program.signature(def)?.self_ty.clone();
        let shape = self.function_shape(def, &mut subst);
        let mut params = Vec::new();
        if let Some(ty) = has_self {
            let ty = self.normalize(&subst.apply(&ty));
            params.push(ty);
        }
        params.extend(shape.params);
        Some(FnTy { params: Tys::new(params), ret: shape.ret })
    }

    /// The parameters (without `self`) and result of a function, with its generics open.
    fn function_shape(&mut self, def: DefId, subst: &mut Subst) -> CallShape {
        let Some(signature) = self.program.signature(def) else {
            return CallShape { params: Vec::new(), ret: Ty::Unknown };
        };
        let parent = self.program.def(def).parent;
        let outer =
            parent.filter(|parent| matches!(self.program.item(*parent).kind, ItemKind::Impl(_) | ItemKind::Trait(_)));
        self.open_generics(def, subst);
        if let Some(parent) = outer {
            self.open_generics(parent, subst);
            if matches!(self.program.item(parent).kind, ItemKind::Trait(_)) {
                let var = self.fresh();
                subst.bind(parent, Ty::SELF_INDEX, var);
            }
        }
        let params = signature.params.iter().map(|ty| self.open_param(&subst.apply(ty))).collect();
        let ret = self.normalize(&subst.apply(&signature.ret));
        self.oblige(def, subst);
        if let Some(parent) = outer {
            self.oblige(parent, subst);
        }
        CallShape { params, ret }
    }

    /// A parameter's type; `impl Trait` becomes a variable with its bounds.
    fn open_param(&mut self, ty: &Ty) -> Ty {
        let ty = self.normalize(ty);
        match &ty {
            Ty::Opaque(bounds) => {
                let var = self.fresh();
                for bound in bounds.iter() {
                    self.pending.push((var.clone(), bound.clone()));
                }
                var
            }
            _ => ty,
        }
    }

    fn constructor_shape(&mut self, def: DefId, variant: u32, args: &Tys) -> CallShape {
        let count = self.program.generics(def).map_or(0, |generics| generics.params.len());
        let args: Tys = (0..count)
            .map(|index| match args.get(index) {
                Some(ty) if *ty != Ty::Unknown => ty.clone(),
                _ => self.fresh(),
            })
            .collect();
        let fields = self.program.field_types(def, variant);
        let params = fields.iter().map(|ty| self.normalize(&substitute(ty, def, &args))).collect();
        CallShape { params, ret: Ty::Adt(def, args) }
    }

    fn lower(&mut self, ty: &crate::syntax::ir::TypeRef) -> Ty {
        let vars = &mut self.vars;
        let mut holes = || {
            vars.push(None);
            Ty::Infer(vars.len() as u32 - 1)
        };
        let ty = self.program.lower_type(&self.scope, ty, &mut holes);
        self.normalize(&ty)
    }

    // Expressions.

    fn expr(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body = self.body;
        let ty = self.expr_kind(id, &body.expr(id).kind, expected);
        if let Some(slot) = self.out.exprs.get_mut(id.index()) {
            *slot = ty.clone();
        }
        ty
    }

    fn expr_known(&mut self, id: ExprId) -> Ty {
        let ty = self.expr(id, &Ty::Unknown);
        self.known(&ty)
    }

    /// The type, after settling what is pending if it is still open.
    fn known(&mut self, ty: &Ty) -> Ty {
        let ty = self.resolve(ty);
        if !matches!(ty, Ty::Infer(_)) {
            return ty;
        }
        self.solve();
        self.resolve(&ty)
    }

    fn checked(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let ty = self.expr(id, expected);
        self.unify(expected, &ty);
        ty
    }

    fn expr_kind(&mut self, id: ExprId, kind: &'p Expr, expected: &Ty) -> Ty {
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
            Expr::Not(inner) | Expr::Neg(inner) => {
                let ty = self.expr_known(*inner);
                ty.peel_refs().clone()
            }
            Expr::Ref { mutable, expr } => {
                let inner = match self.shallow(expected) {
                    Ty::Ref(_, inner) => (*inner).clone(),
                    _ => Ty::Unknown,
                };
                self.expr(*expr, &inner).reference(*mutable)
            }
            Expr::Binary { op, lhs, rhs } => self.binary(*op, *lhs, *rhs),
            Expr::Assign { target, value, .. } => {
                let ty = self.expr(*target, &Ty::Unknown);
                self.checked(*value, &ty);
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

    /// The common type of two branches.
    fn join(&mut self, left: Ty, right: Ty) -> Ty {
        match (self.shallow(&left), self.shallow(&right)) {
            (Ty::Never, other) | (other, Ty::Never) => other,
            (Ty::Unknown, other) | (other, Ty::Unknown) => other,
            (left, right) => {
                self.unify(&left, &right);
                left
            }
        }
    }

    fn literal(&self, literal: Literal) -> Ty {
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
            BinaryOp::Arithmetic => match self.resolve(&left).peel_refs() {
                prim @ Ty::Prim(_) => prim.clone(),
                Ty::Adt(def, args) if Some(*def) == self.program.lang.string => Ty::Adt(*def, args.clone()),
                Ty::Infer(_) => match self.resolve(&right).peel_refs() {
                    prim @ Ty::Prim(_) => prim.clone(),
                    _ => Ty::Unknown,
                },
                _ => Ty::Unknown,
            },
        }
    }

    fn block(&mut self, id: ExprId, block: &'p Block, expected: &Ty) -> Ty {
        let outer = block.module.map(|module| self.enter(module));
        if block.labelled {
            self.breaks.insert(id, None);
        }
        let is_try = block.kind == crate::syntax::ir::BlockKind::Try;
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

    fn enter(&mut self, module: crate::syntax::ir::LocalItemId) -> ModuleId {
        let def = self.program.def_of(self.unit, module);
        std::mem::replace(&mut self.scope.module, self.program.def(def).module)
    }

    fn loop_expr(&mut self, id: ExprId, data: &'p Loop, expected: &Ty) -> Ty {
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

    fn item_of(&mut self, ty: &Ty) -> Ty {
        self.program.project(ty, ITEM).map_or(Ty::Unknown, |item| self.normalize(&item))
    }

    fn output_of(&mut self, ty: &Ty) -> Ty {
        self.program.project(ty, OUTPUT).map_or(Ty::Unknown, |output| self.normalize(&output))
    }

    fn try_output(&mut self, ty: &Ty) -> Ty {
        match ty {
            Ty::Adt(def, args) if Some(*def) == self.program.lang.result || Some(*def) == self.program.lang.option => {
                args.first().cloned().unwrap_or(Ty::Unknown)
            }
            _ => Ty::Unknown,
        }
    }

    fn closure(&mut self, id: ExprId, closure: &'p Closure, expected: &Ty) -> Ty {
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

    fn body_returns(&self, body: ExprId) -> bool {
        let span = self.body.expr(body).span;
        self.body.ir.exprs.iter().any(|data| matches!(data.kind, Expr::Return(_)) && span.contains(data.span))
    }

    fn expected_closure(&mut self, expected: &Ty) -> Option<FnTy> {
        let expected = self.shallow(expected);
        if let Ty::Infer(_) = expected {
            let bound = self.pending.iter().find_map(|(subject, bound)| {
                (self.shallow(subject) == expected && self.program.lang.is_fn_trait(bound.trait_def))
                    .then(|| bound.clone())
            })?;
            return self.bound_signature(&[bound]);
        }
        self.call_signature(&expected)
    }

    // Calls.

    fn call(&mut self, callee: ExprId, args: &'p [ExprId], expected: &Ty) -> Ty {
        if let Expr::Path(path) = &self.body.expr(callee).kind {
            let value = self.resolve_value(path);
            self.note_value(callee, &value);
            match value {
                Value::Function(def, mut subst) => {
                    let has_self = self.program.signature(def).and_then(|signature| signature.self_ty.clone());
                    let mut shape = self.function_shape(def, &mut subst);
                    if let Some(ty) = has_self {
                        let ty = self.normalize(&subst.apply(&ty));
                        shape.params.insert(0, ty);
                    }
                    if let Some(slot) = self.out.exprs.get_mut(callee.index()) {
                        *slot = Ty::FnDef(def);
                    }
                    return self.apply(shape, args, expected);
                }
                Value::Constructor(def, variant, given) => {
                    let shape = self.constructor_shape(def, variant, &given);
                    return self.apply(shape, args, expected);
                }
                Value::Const(def) | Value::Static(def) => {
                    let ty = self.program.value_type(def);
                    if let Some(sig) = self.call_signature(&ty) {
                        let shape = CallShape { params: sig.params.to_vec(), ret: sig.ret };
                        return self.apply(shape, args, expected);
                    }
                }
                Value::Unknown => {}
            }
            return self.unknown_call(args);
        }
        let ty = self.expr_known(callee);
        match self.call_signature(&ty) {
            Some(sig) => self.apply(CallShape { params: sig.params.to_vec(), ret: sig.ret }, args, expected),
            None => self.unknown_call(args),
        }
    }

    fn unknown_call(&mut self, args: &'p [ExprId]) -> Ty {
        for arg in args {
            self.expr(*arg, &Ty::Unknown);
        }
        Ty::Unknown
    }

    fn apply(&mut self, shape: CallShape, args: &'p [ExprId], expected: &Ty) -> Ty {
        self.hint_result(&shape.ret, expected, 4);
        let is_closure = |infer: &Self, arg: ExprId| matches!(infer.body.expr(arg).kind, Expr::Closure(_));
        for closures in [false, true] {
            for (index, arg) in args.iter().enumerate() {
                if is_closure(self, *arg) != closures {
                    continue;
                }
                if closures {
                    self.solve();
                }
                match shape.params.get(index) {
                    Some(param) => {
                        let param = param.clone();
                        self.checked(*arg, &param);
                    }
                    None => {
                        self.expr(*arg, &Ty::Unknown);
                    }
                }
            }
        }
        self.solve();
        self.resolve(&shape.ret)
    }

    /// Hands an expectation down into the variables of a result, where no coercion can come between.
    fn hint_result(&mut self, ret: &Ty, expected: &Ty, depth: u32) {
        if depth == 0 {
            return;
        }
        match (self.shallow(ret), self.shallow(expected)) {
            (Ty::Adt(a, left), Ty::Adt(b, right)) if a == b => {
                for (left, right) in left.iter().zip(right.iter()) {
                    self.hint_result(left, right, depth - 1);
                }
            }
            (Ty::Tuple(left), Ty::Tuple(right)) => {
                for (left, right) in left.iter().zip(right.iter()) {
                    self.hint_result(left, right, depth - 1);
                }
            }
            (var @ Ty::Infer(_), Ty::Dyn(bounds)) => {
                // `Box::new(|x| ..)` where a `Box<dyn Fn(X)>` is wanted.
                if let Some(bound) = bounds.iter().find(|bound| self.program.lang.is_fn_trait(bound.trait_def)) {
                    self.pending.push((var, bound.clone()));
                }
            }
            (var @ Ty::Infer(_), known @ (Ty::Adt(..) | Ty::Prim(_))) => self.unify(&var, &known),
            _ => {}
        }
    }

    fn method_call(&mut self, id: ExprId, call: &'p MethodCall, expected: &Ty) -> Ty {
        let receiver = self.expr_known(call.receiver);
        let Some((pick, depth)) = self.program.pick_method(&receiver, call.method) else {
            let ty = self.unknown_call(&call.args);
            if call.method == CLONE && call.args.is_empty() {
                return receiver.peel_refs().clone();
            }
            return ty;
        };
        self.out.methods.insert(id, (pick.function, depth as u32));
        let Pick { function, mut subst, self_ty } = pick;
        self.turbofish(function, call.generics.as_deref(), &mut subst);
        let shape = self.function_shape(function, &mut subst);
        // `self: Arc<Self>` and trait methods learn what they can from the receiver.
        if let Some(own) = self.program.signature(function).and_then(|signature| signature.self_ty.clone()) {
            let own = self.normalize(&subst.apply(&own));
            if let (Ty::Adt(a, _), Ty::Adt(b, _)) = (&own, &self_ty)
                && a == b
            {
                self.unify(&own, &self_ty);
            }
        }
        self.apply(shape, &call.args, expected)
    }

    fn turbofish(&mut self, function: DefId, args: Option<&GenericArgs>, subst: &mut Subst) {
        let Some(args) = args else { return };
        for (index, ty) in args.types.iter().enumerate() {
            let ty = self.lower(ty);
            subst.bind(function, index as u32, ty);
        }
    }

    // Paths.

    fn path_value(&mut self, id: ExprId, path: &'p PathRef, expected: &Ty) -> Ty {
        let value = self.resolve_value(path);
        self.note_value(id, &value);
        match value {
            Value::Function(def, _) => Ty::FnDef(def),
            Value::Const(def) | Value::Static(def) => {
                let ty = self.program.value_type(def);
                self.normalize(&ty)
            }
            Value::Constructor(def, variant, given) => {
                let shape = self.constructor_shape(def, variant, &given);
                if shape.params.is_empty() {
                    self.hint_result(&shape.ret, expected, 4);
                    return shape.ret;
                }
                Ty::Fn(Arc::new(FnTy { params: Tys::new(shape.params), ret: shape.ret }))
            }
            Value::Unknown => Ty::Unknown,
        }
    }

    fn note_value(&mut self, id: ExprId, value: &Value) {
        let value = match value {
            Value::Function(def, _) => ValueRef::Function(*def),
            Value::Const(def) => ValueRef::Const(*def),
            Value::Static(def) => ValueRef::Static(*def),
            Value::Constructor(def, variant, _) => ValueRef::Constructor(*def, *variant),
            Value::Unknown => return,
        };
        self.out.values.insert(id, value);
    }

    fn resolve_value(&mut self, path: &'p PathRef) -> Value {
        let Some(last) = path.segments.last() else { return Value::Unknown };
        if let Some(qself) = &path.qself {
            let ty = self.lower(&qself.0);
            if let Some(trait_path) = &qself.1
                && let Some(bound) = self.lower_bound(trait_path)
                && !matches!(self.shallow(&ty), Ty::Adt(..))
                && let Some(function) = self.program.trait_function(bound.trait_def, last.name)
            {
                let mut subst = Subst::default();
                subst.bind(bound.trait_def, Ty::SELF_INDEX, ty);
                return Value::Function(function, subst);
            }
            return self.associated(&ty, &path.segments);
        }
        let Some(first) = path.segments.first() else { return Value::Unknown };
        if !path.global {
            let base = if first.name == SELF_TYPE {
                self.scope.self_ty.clone()
            } else if path.segments.len() > 1 {
                self.program.generic_param(self.scope.owner, first.name)
            } else {
                None
            };
            if let Some(base) = base {
                if path.segments.len() == 1 {
                    return match base {
                        Ty::Adt(def, args) => Value::Constructor(def, 0, args),
                        _ => Value::Unknown,
                    };
                }
                return self.associated(&base, &path.segments[1..]);
            }
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let (def, taken) = self.program.resolve_path(self.scope.module, &names, path.global, Namespace::Values);
        match def {
            Def::Item(def) if taken == names.len() => self.item_value(def, path),
            Def::Variant(def, variant) if taken == names.len() => {
                let on_type = path.segments.len().checked_sub(2).and_then(|index| path.segments.get(index));
                let args = on_type.and_then(|segment| segment.args.as_deref()).or(last.args.as_deref());
                let given = args.map_or_else(Tys::default, |args| args.types.iter().map(|ty| self.lower(ty)).collect());
                Value::Constructor(def, variant, given)
            }
            Def::Item(_) | Def::Prim(_) => {
                let Some((prefix, rest)) = path.segments.split_at_checked(taken) else { return Value::Unknown };
                let head = PathRef { qself: None, global: path.global, segments: prefix.into(), span: path.span };
                if let Def::Item(item) = def
                    && let ItemKind::Trait(_) = &self.program.item(item).kind
                {
                    return self.trait_value(item, rest);
                }
                let ty = self.lower(&crate::syntax::ir::TypeRef::Path(head));
                self.associated(&ty, rest)
            }
            _ => Value::Unknown,
        }
    }

    fn lower_bound(&mut self, path: &PathRef) -> Option<Bound> {
        let vars = &mut self.vars;
        let mut holes = || {
            vars.push(None);
            Ty::Infer(vars.len() as u32 - 1)
        };
        self.program.lower_bound(&self.scope, path, &mut holes)
    }

    fn item_value(&mut self, def: DefId, path: &'p PathRef) -> Value {
        match &self.program.item(def).kind {
            ItemKind::Function(_) => {
                let mut subst = Subst::default();
                let args = path.segments.last().and_then(|segment| segment.args.as_deref());
                self.turbofish(def, args, &mut subst);
                Value::Function(def, subst)
            }
            ItemKind::Const(_) => Value::Const(def),
            ItemKind::Static(_) => Value::Static(def),
            ItemKind::Struct(_) => {
                let args = path.segments.last().and_then(|segment| segment.args.as_deref());
                let given = args.map_or_else(Tys::default, |args| args.types.iter().map(|ty| self.lower(ty)).collect());
                Value::Constructor(def, 0, given)
            }
            ItemKind::TypeAlias(_) => match self.lower(&crate::syntax::ir::TypeRef::Path(path.clone())) {
                Ty::Adt(def, args) => Value::Constructor(def, 0, args),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// `Trait::function`
    fn trait_value(&mut self, trait_def: DefId, rest: &'p [crate::syntax::ir::Segment]) -> Value {
        let [only] = rest else { return Value::Unknown };
        match self.program.trait_function(trait_def, only.name) {
            Some(function) => {
                let mut subst = Subst::default();
                self.turbofish(function, only.args.as_deref(), &mut subst);
                Value::Function(function, subst)
            }
            None => Value::Unknown,
        }
    }

    /// `Type::name`: a variant, function or constant of a type.
    fn associated(&mut self, ty: &Ty, rest: &'p [crate::syntax::ir::Segment]) -> Value {
        let [only] = rest else { return Value::Unknown };
        let ty = self.known(ty);
        if let Ty::Adt(def, args) = &ty
            && let Def::Variant(def, variant) = self.program.variant(*def, only.name)
        {
            return Value::Constructor(def, variant, args.clone());
        }
        if ty.is_unknown() {
            return Value::Unknown;
        }
        if let Some(pick) = self.program.pick_at(&ty, only.name, false) {
            let mut subst = pick.subst;
            self.turbofish(pick.function, only.args.as_deref(), &mut subst);
            return Value::Function(pick.function, subst);
        }
        self.associated_const(&ty, only.name).map_or(Value::Unknown, Value::Const)
    }

    fn associated_const(&self, ty: &Ty, name: Name) -> Option<DefId> {
        let adt = ty.adt()?;
        for block in self.program.impls_of(adt) {
            let ItemKind::Impl(data) = &self.program.item(*block).kind else { continue };
            let unit = self.program.def(*block).unit;
            for child in &data.items {
                let child = self.program.def_of(unit, *child);
                let item = self.program.item(child);
                if item.name == name && matches!(item.kind, ItemKind::Const(_)) {
                    return Some(child);
                }
            }
        }
        None
    }

    fn struct_literal(&mut self, id: ExprId, literal: &'p StructLit, expected: &Ty) -> Ty {
        let target = self.literal_target(&literal.path);
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

    /// The struct or variant that a path names in a literal or pattern.
    fn literal_target(&mut self, path: &'p PathRef) -> Option<(DefId, u32, Tys)> {
        match self.resolve_value(path) {
            Value::Constructor(def, variant, args) => return Some((def, variant, args)),
            Value::Unknown => {}
            _ => return None,
        }
        match self.lower(&crate::syntax::ir::TypeRef::Path(path.clone())) {
            Ty::Adt(def, args) if matches!(self.program.item(def).kind, ItemKind::Struct(_)) => Some((def, 0, args)),
            _ => None,
        }
    }

    fn field_index(&self, def: DefId, variant: u32, name: Name) -> Option<u32> {
        let fields = match &self.program.item(def).kind {
            ItemKind::Struct(data) => &data.fields,
            ItemKind::Enum(data) => &data.variants.get(variant as usize)?.fields,
            _ => return None,
        };
        fields.iter().position(|field| field.name == name).map(|index| index as u32)
    }

    fn field(&mut self, id: ExprId, base: ExprId, name: Name) -> Ty {
        let ty = self.expr_known(base);
        for (depth, step) in self.program.autoderef(&ty).into_iter().enumerate() {
            match &step {
                Ty::Adt(def, args) => {
                    if !matches!(self.program.item(*def).kind, ItemKind::Struct(_)) {
                        continue;
                    }
                    let Some(index) = self.field_index(*def, 0, name) else { continue };
                    // A library's private fields stand for its type parameters only.
                    if !self.program.is_user(*def) {
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

    fn index(&mut self, base: ExprId, index: ExprId) -> Ty {
        let ty = self.expr_known(base);
        let index = self.expr_known(index);
        let is_range = index.adt().is_some_and(|def| Some(def) == self.program.lang.range);
        for step in self.program.autoderef(&ty) {
            match &step {
                Ty::Array(inner) | Ty::Slice(inner) if is_range => return Ty::Slice(inner.clone()),
                Ty::Array(inner) | Ty::Slice(inner) => return (**inner).clone(),
                Ty::Adt(..) => {
                    let Some(trait_def) = self.program.lang.index else { continue };
                    if self.program.find_impl(trait_def, &step).is_some()
                        && let Some(target) = self.program.project(&step, OUTPUT)
                    {
                        return self.normalize(&target);
                    }
                }
                _ => {}
            }
        }
        Ty::Unknown
    }

    fn macro_call(&mut self, id: ExprId, call: &'p MacroCall, expected: &Ty) -> Ty {
        let names: Vec<Name> = call.path.segments.iter().map(|segment| segment.name).collect();
        let (def, _) = self.program.resolve_path(self.scope.module, &names, call.path.global, Namespace::Macros);
        let user_macro = match def {
            Def::Item(def) if matches!(self.program.item(def).kind, ItemKind::MacroRules(_)) => Some(def),
            _ => None,
        };
        if let Some(def) = user_macro {
            self.out.macros.insert(id, def);
        }
        let is_vec = call.path.last() == macros::VEC && user_macro.is_none();
        if is_vec && let Some(vec) = self.program.lang.vec {
            let elem = match self.shallow(expected) {
                Ty::Adt(def, args) if def == vec => args.first().cloned().unwrap_or(Ty::Unknown),
                _ => Ty::Unknown,
            };
            let elem = if matches!(elem, Ty::Adt(..)) { elem } else { self.fresh() };
            for arg in &call.args {
                self.checked(*arg, &elem);
            }
            return Ty::Adt(vec, Tys::new(vec![elem]));
        }
        let mut first = None;
        for arg in &call.args {
            let ty = self.expr(*arg, &Ty::Unknown);
            first = first.or(Some(ty));
        }
        if user_macro.is_some() {
            return Ty::Unknown;
        }
        match call.path.last() {
            macros::PANIC | macros::TODO | macros::UNREACHABLE | macros::UNIMPLEMENTED => Ty::Never,
            macros::BAIL => Ty::Never,
            macros::FORMAT => self.program.lang.string.map_or(Ty::Unknown, |def| Ty::Adt(def, Tys::default())),
            macros::MATCHES => Ty::BOOL,
            macros::TRY => {
                let ty = first.map_or(Ty::Unknown, |ty| self.known(&ty));
                self.try_output(&ty)
            }
            macros::DBG => first.unwrap_or(Ty::Unknown),
            name if macros::UNIT.contains(&name) => Ty::unit(),
            _ => Ty::Unknown,
        }
    }

    fn select(&mut self, arms: &'p [SelectArm], expected: &Ty) -> Ty {
        let mut result = Ty::Never;
        for arm in arms {
            let got = match arm.op {
                SelectOp::Recv(channel) => {
                    let ty = self.expr_known(channel);
                    match self.program.pick_method(&ty, RECV) {
                        Some((pick, _)) => {
                            let mut subst = pick.subst;
                            self.function_shape(pick.function, &mut subst).ret
                        }
                        None => Ty::Unknown,
                    }
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

    // Patterns.

    /// Matches a pattern against a type; `by_ref` is the default binding mode (`Some(true)`: by mutable reference).
    fn pat(&mut self, id: PatId, ty: &Ty, by_ref: Option<bool>) {
        let body = self.body;
        let kind = &body.pat(id).kind;
        let mut ty = self.known(ty);
        let mut by_ref = by_ref;
        if matches!(kind, Pat::Path(_) | Pat::TupleStruct { .. } | Pat::Struct { .. } | Pat::Tuple(_) | Pat::Slice(_)) {
            while let Ty::Ref(mutable, inner) = &ty {
                by_ref = Some(by_ref.unwrap_or(true) && *mutable);
                let inner = (**inner).clone();
                ty = self.known(&inner);
            }
        }
        if let Some(slot) = self.out.pats.get_mut(id.index()) {
            *slot = ty.clone();
        }
        match kind {
            Pat::Bind { local, sub } => {
                let declared = body.local(*local).ty.as_ref().map(|ty| self.lower(ty));
                if let Some(declared) = &declared {
                    self.unify(declared, &ty);
                }
                let explicit = body.local(*local).by_ref;
                let bound = match (by_ref, explicit) {
                    (Some(mutable), _) => ty.clone().reference(mutable),
                    (None, true) => ty.clone().reference(false),
                    (None, false) => ty.clone(),
                };
                self.set_local(*local, &bound);
                if let Some(sub) = sub {
                    self.pat(*sub, &ty, by_ref);
                }
            }
            Pat::Path(path) => {
                if let Some((def, variant, args)) = self.literal_target(path) {
                    self.out.pat_variants.insert(id, (def, variant));
                    let shape = self.constructor_shape(def, variant, &args);
                    self.unify(&shape.ret, &ty);
                }
            }
            Pat::TupleStruct { path, pats } => {
                let target = self.literal_target(path);
                let Some((def, variant, args)) = target else {
                    for pat in pats {
                        self.pat(*pat, &Ty::Unknown, by_ref);
                    }
                    return;
                };
                self.out.pat_variants.insert(id, (def, variant));
                let shape = self.constructor_shape(def, variant, &args);
                self.unify(&shape.ret, &ty);
                let rest = pats.iter().position(|pat| matches!(body.pat(*pat).kind, Pat::Rest));
                for (position, pat) in pats.iter().enumerate() {
                    let index = match rest {
                        Some(rest) if position > rest => (shape.params.len() + position).checked_sub(pats.len()),
                        _ => Some(position),
                    };
                    let field = index.and_then(|index| shape.params.get(index)).cloned();
                    if let Some(index) = index
                        && rest != Some(position)
                    {
                        self.out.pat_fields.insert(*pat, FieldRef { adt: def, variant, index: index as u32 });
                    }
                    self.pat(*pat, &field.unwrap_or(Ty::Unknown), by_ref);
                }
            }
            Pat::Struct { path, fields } => {
                let target = self.literal_target(path);
                let Some((def, variant, args)) = target else {
                    for (_, pat) in fields {
                        self.pat(*pat, &Ty::Unknown, by_ref);
                    }
                    return;
                };
                self.out.pat_variants.insert(id, (def, variant));
                let shape = self.constructor_shape(def, variant, &args);
                self.unify(&shape.ret, &ty);
                for (name, pat) in fields {
                    let index = self.field_index(def, variant, *name);
                    if let Some(index) = index {
                        self.out.pat_fields.insert(*pat, FieldRef { adt: def, variant, index });
                    }
                    let field = index.and_then(|index| shape.params.get(index as usize)).cloned();
                    self.pat(*pat, &field.unwrap_or(Ty::Unknown), by_ref);
                }
            }
            Pat::Tuple(pats) => {
                let rest = pats.iter().position(|pat| matches!(body.pat(*pat).kind, Pat::Rest));
                let parts = match &ty {
                    Ty::Tuple(parts) => parts.clone(),
                    Ty::Infer(_) if rest.is_none() => {
                        let parts: Tys = (0..pats.len()).map(|_| self.fresh()).collect();
                        self.unify(&ty, &Ty::Tuple(parts.clone()));
                        parts
                    }
                    _ => Tys::default(),
                };
                for (position, pat) in pats.iter().enumerate() {
                    let index = match rest {
                        Some(rest) if position > rest => (parts.len() + position).checked_sub(pats.len()),
                        _ => Some(position),
                    };
                    let part = index.and_then(|index| parts.get(index)).cloned().unwrap_or(Ty::Unknown);
                    self.pat(*pat, &part, by_ref);
                }
            }
            Pat::Slice(pats) => {
                let elem = match &ty {
                    Ty::Array(inner) | Ty::Slice(inner) => (**inner).clone(),
                    _ => Ty::Unknown,
                };
                for pat in pats {
                    self.pat(*pat, &elem, by_ref);
                }
            }
            Pat::Ref(inner) => {
                let target = match &ty {
                    Ty::Ref(_, inner) => (**inner).clone(),
                    _ => Ty::Unknown,
                };
                self.pat(*inner, &target, None);
            }
            Pat::Or(pats) => {
                for pat in pats {
                    self.pat(*pat, &ty, by_ref);
                }
            }
            Pat::Wild | Pat::Rest | Pat::Literal(_) | Pat::Opaque => {}
        }
    }
}

fn close_known(vars: &[Option<Ty>], ty: &Ty) -> Ty {
    ty.map(&mut |ty| match ty {
        Ty::Infer(var) => match vars.get(*var as usize) {
            Some(Some(known)) => Some(close_known(vars, known)),
            _ => Some(ty.clone()),
        },
        _ => None,
    })
}

/// The standard macros whose value the inference knows, by name: a macro of the user's shadows them.
mod macros {
    use crate::source::Name;

    pub(super) const VEC: Name = Name::of("vec");
    pub(super) const PANIC: Name = Name::of("panic");
    pub(super) const TODO: Name = Name::of("todo");
    pub(super) const UNREACHABLE: Name = Name::of("unreachable");
    pub(super) const UNIMPLEMENTED: Name = Name::of("unimplemented");
    pub(super) const BAIL: Name = Name::of("bail");
    pub(super) const FORMAT: Name = Name::of("format");
    pub(super) const MATCHES: Name = Name::of("matches");
    pub(super) const TRY: Name = Name::of("try");
    pub(super) const DBG: Name = Name::of("dbg");
    pub(super) const UNIT: [Name; 16] = [
        Name::of("println"),
        Name::of("eprintln"),
        Name::of("print"),
        Name::of("eprint"),
        Name::of("assert"),
        Name::of("assert_eq"),
        Name::of("assert_ne"),
        Name::of("debug_assert"),
        Name::of("debug_assert_eq"),
        Name::of("debug_assert_ne"),
        Name::of("trace"),
        Name::of("debug"),
        Name::of("info"),
        Name::of("warn"),
        Name::of("error"),
        Name::of("log"),
    ];
}
