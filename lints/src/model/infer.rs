//! Light type inference over one body.
//!
//! One pass in the order of evaluation with expectations, unification of variables, and obligations (`C: FromIterator<T>`,
//! `F: FnOnce(A) -> B`) that wait until their subject is known. A mismatch is no error: coercions are not modelled, and a
//! body that compiles has none. What stays open is `Unknown`. Inference of one body never asks for another's.

mod calls;
mod control;
mod exprs;
mod macros;
mod paths;
mod patterns;
mod vars;

use super::lookup::Subst;
use super::program::{BodyRef, DefId, Program, UnitId};
use super::signature::TyScope;
use super::ty::{Bound, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, PatId, StaticWrapper};
use rustc_hash::FxHashMap;

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
        let mut infer = Infer::new(self, body);
        infer.run(&[]);
        if infer.learned_late() {
            // A channel's receiver is often read, in a closure, before the first message is sent.
            let locals = infer.locals_so_far();
            infer = Infer::new(self, body);
            infer.run(&locals);
        }
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
    /// How far behind the code what is settled now is.
    settling: u32,
    /// What waits for its subject, with how far behind the code it is.
    pending: Vec<(Ty, Bound, u32)>,
    /// Associated types that wait for their base, with the variables that stand for them.
    projections: Vec<(Ty, Ty)>,
    /// Counts what could let an obligation be settled.
    changes: u32,
    /// The count when all was settled that could be.
    solved_at: u32,
    /// The types of receivers, bases and callees that were not known when they were needed.
    open_subjects: Vec<Ty>,
}

/// A path in a value's place, with its generics.
enum Value {
    Function(DefId, Subst),
    Const(DefId, Subst),
    Static(DefId),
    Constructor(DefId, u32, Tys),
    Unknown,
}

struct CallShape {
    params: Vec<Ty>,
    ret: Ty,
}

impl<'p, 'w> Infer<'p, 'w> {
    fn new(program: &'p Program<'w>, body: BodyRef<'p>) -> Infer<'p, 'w> {
        Infer {
            program,
            body,
            unit: program.def(body.owner).unit,
            scope: program.scope_of(body.owner),
            vars: Vec::new(),
            out: Inference {
                exprs: vec![Ty::Unknown; body.ir.exprs.len()],
                pats: vec![Ty::Unknown; body.ir.pats.len()],
                ..Inference::default()
            },
            returns: Vec::new(),
            breaks: FxHashMap::default(),
            settling: 0,
            pending: Vec::new(),
            projections: Vec::new(),
            changes: 0,
            solved_at: 0,
            open_subjects: Vec::new(),
        }
    }

    /// Infers the whole body; `locals` is what an earlier run found out about the locals.
    fn run(&mut self, locals: &[Ty]) {
        for index in 0..self.body.ir.locals.len() {
            let var = self.fresh();
            if let Some(ty) = locals.get(index).filter(|ty| !ty.is_unknown()) {
                let ty = self.reopened(ty);
                self.unify(&var, &ty);
            }
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
                expected = self.output_of(&expected);
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

    /// Whether something is known by now that a method or field was asked of before.
    fn learned_late(&self) -> bool {
        self.open_subjects.iter().any(|ty| !self.resolve(ty).peel_refs().is_unknown())
    }

    fn locals_so_far(&self) -> Vec<Ty> {
        self.out.locals.iter().map(|ty| self.resolve(ty)).collect()
    }

    /// A type of an earlier run, with new variables for those that were still open.
    fn reopened(&mut self, ty: &Ty) -> Ty {
        ty.map(&mut |ty| match ty {
            Ty::Infer(_) => Some(self.fresh()),
            _ => None,
        })
    }

    /// The type of a static's initialiser: inside its wrapper, if a macro put one around it.
    fn initializer_type(&mut self, owner: DefId) -> Ty {
        let ty = self.program.value_type(owner);
        let head = ty.adt();
        let wrapped = head.is_some() && (head == self.program.lang.local_key || head == self.program.lang.lazy_lock);
        let by_macro = match &self.program.item(owner).kind {
            ItemKind::Static(constant) => constant.wrapper != StaticWrapper::None,
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
}
