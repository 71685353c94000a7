//! Whether anything in the user's crates ever lets go of what a field holds.
//!
//! Every read of the field is followed forward as long as the value still holds what the field holds: a taking or clearing
//! access, an assignment of nothing, a `&mut` or guard that leaves for a function that is not looked into, all count. The
//! answer is used to keep silent, so whatever is not understood is a cut.

use super::context::{Analysis, Context};
use super::effects::word;
use super::objects::{core, is_strong};
use crate::model::{BodyHead, BodyId, BodyRef, DefId, FieldRef, Parent, Program, Ty, ValueRef};
use crate::source::Name;
use crate::syntax::Shape;
use crate::syntax::ir::{Expr, ExprId, FieldsKind, ItemKind, LocalId, LoopKind, Pat, PatId, Stmt};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

const BUDGET: u32 = 24;
/// How many functions up a guard or `&mut` that is handed out is followed.
const CALLER_DEPTH: u32 = 2;
/// The expressions in the body of a function that hands out a field: `&self.shared`, `self.shared.clone()`.
const GETTER_SIZE: usize = 6;
const CLONE: Name = Name::of("clone");
const SELF_TYPE: Name = Name::of("Self");

impl<'a> Context<'a> {
    /// The bodies that may build, read or change one of the fields, in order.
    pub(super) fn bodies_touching(&self, fields: &[FieldRef]) -> Vec<BodyRef<'a>> {
        let mut names: Vec<Name> = Vec::new();
        // The fields of a tuple are named by numbers, which are not among the names of a body.
        let mut numbers: Vec<Name> = Vec::new();
        let mut owners: Vec<DefId> = Vec::new();
        for field in fields {
            let Some(declared) = self.field(*field) else { continue };
            let (kind, name) = match &self.program.item(field.adt).kind {
                ItemKind::Struct(data) => (data.kind, self.program.item(field.adt).name),
                ItemKind::Enum(data) => match data.variants.get(field.variant as usize) {
                    Some(variant) => (variant.kind, variant.name),
                    None => continue,
                },
                _ => continue,
            };
            match kind {
                FieldsKind::Tuple => {
                    names.push(name);
                    numbers.push(declared.name);
                    owners.push(field.adt);
                }
                _ => names.push(declared.name),
            }
        }
        let program: &'a Program<'a> = self.program;
        let heads: Vec<BodyHead<'a>> = program.user_bodies().collect();
        heads
            .into_par_iter()
            .filter(|body| {
                names.iter().any(|name| body.mentions(*name))
                    || (body.mentions(SELF_TYPE) && self.is_method_of(*body, &owners))
                    || (!numbers.is_empty() && body.may_have(Shape::TUPLE_FIELD) && names_number(body.read(), &numbers))
            })
            .map(BodyHead::read)
            .collect()
    }

    /// The bodies that may put something into one of the fields, or do no more than hand one out.
    pub(super) fn bodies_filling(&self, fields: &[FieldRef]) -> Vec<BodyRef<'a>> {
        let (rigid, others): (Vec<FieldRef>, Vec<FieldRef>) = fields.iter().partition(|field| self.is_rigid(**field));
        let rigid: Vec<Name> = rigid.iter().filter_map(|field| Some(self.field(*field)?.name)).collect();
        let mut bodies = self.bodies_touching(&others);
        let known: FxHashSet<BodyId> = bodies.iter().map(|body| body.id).collect();
        let fills = |body: &BodyRef<'a>| body.ir.exprs.len() <= GETTER_SIZE || fills_named(*body, &rigid);
        bodies.extend(self.bodies_mentioning(&rigid).filter(|body| !known.contains(&body.id)).filter(fills));
        bodies.sort_by_key(|body| body.id);
        bodies
    }

    /// Whether a field is filled in a struct literal or by an assignment only: a pointer or a struct, named.
    fn is_rigid(&self, field: FieldRef) -> bool {
        let ty = self.program.field_types(field.adt, field.variant).get(field.index as usize);
        let head = ty.is_some_and(|ty| {
            self.roles().says(ty, word::STRONG)
                || ty.adt().is_some_and(|def| self.program.is_user(def) && ty.args().is_empty())
        });
        let named = match &self.program.item(field.adt).kind {
            ItemKind::Struct(data) => data.kind == FieldsKind::Named,
            _ => false,
        };
        head && named
    }

    fn is_method_of(&self, body: BodyHead<'_>, adts: &[DefId]) -> bool {
        let header = self.program.def(body.owner).parent.and_then(|parent| self.program.impl_header(parent));
        header.and_then(|header| header.self_ty.adt()).is_some_and(|adt| adts.contains(&adt))
    }

    /// Whether what a field holds is ever let go of before its struct is dropped. `types` are those whose methods are looked
    /// into on their own: the ring's.
    pub(super) fn is_cut(&self, field: FieldRef, types: &[DefId]) -> bool {
        self.is_cut_by(field, types, &[])
    }

    /// The same, leaving out what some bodies do.
    pub(super) fn is_cut_outside(&self, field: FieldRef, bodies: &[BodyId]) -> bool {
        self.is_cut_by(field, &[], bodies)
    }

    /// Whether something takes out what a local leads to, at one of the places that name it.
    pub(super) fn is_taken_at(&self, analysis: &Analysis<'a>, uses: &[ExprId]) -> bool {
        let mut walk = Walk::new(self, analysis, &[]);
        uses.iter().any(|expr| walk.value(*expr, BUDGET))
    }

    fn is_cut_by(&self, field: FieldRef, types: &[DefId], except: &[BodyId]) -> bool {
        self.bodies_touching(&[field]).into_iter().filter(|body| !except.contains(&body.id)).any(|body| {
            let analysis = self.analysis(body.id);
            let mut walk = Walk::new(self, analysis, types);
            let mut reads: Vec<ExprId> =
                analysis.types.fields.iter().filter(|(_, (found, _))| *found == field).map(|(expr, _)| *expr).collect();
            reads.sort_unstable();
            let mut pats: Vec<PatId> =
                analysis.types.pat_fields.iter().filter(|(_, found)| **found == field).map(|(pat, _)| *pat).collect();
            pats.sort_unstable();
            reads.into_iter().any(|expr| walk.value(expr, BUDGET))
                || pats.into_iter().any(|pat| walk.taken_out(pat, BUDGET))
        })
    }
}

/// Whether a body has a struct literal with one of the fields, or assigns to one.
fn fills_named(body: BodyRef<'_>, names: &[Name]) -> bool {
    body.ir.exprs.iter().any(|data| match &data.kind {
        Expr::Struct(literal) => literal.fields.iter().any(|(name, _, _)| names.contains(name)),
        Expr::Assign { target, .. } => {
            matches!(&body.expr(*target).kind, Expr::Field { name, .. } if names.contains(name))
        }
        _ => false,
    })
}

fn names_number(body: BodyRef<'_>, numbers: &[Name]) -> bool {
    body.ir.exprs.iter().any(|data| matches!(&data.kind, Expr::Field { name, .. } if numbers.contains(name)))
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    analysis: &'c Analysis<'a>,
    types: &'c [DefId],
    seen: FxHashSet<ExprId>,
    callers: u32,
}

impl<'c, 'a> Walk<'c, 'a> {
    fn new(cx: &'c Context<'a>, analysis: &'c Analysis<'a>, types: &'c [DefId]) -> Walk<'c, 'a> {
        Walk { cx, analysis, types, seen: FxHashSet::default(), callers: CALLER_DEPTH }
    }

    /// Whether a value can still change what the field holds: it is the field, a reference to it, a guard of it.
    fn holds(&self, ty: &Ty) -> bool {
        if ty.is_unknown() {
            return true;
        }
        let core = core(self.cx, ty);
        match core {
            // Behind the strong pointer lies the other object.
            Ty::Adt(def, _) if self.cx.program.is_user(*def) => {
                is_strong(self.cx, ty) || !matches!(ty, Ty::Ref(false, _))
            }
            Ty::Adt(..) | Ty::Tuple(_) | Ty::Slice(_) | Ty::Array(_) | Ty::Dyn(_) => true,
            _ => false,
        }
    }

    fn value(&mut self, expr: ExprId, budget: u32) -> bool {
        if budget == 0 {
            return true;
        }
        if !self.seen.insert(expr) || !self.holds(self.analysis.types.ty(expr)) {
            return false;
        }
        let next = budget - 1;
        match self.analysis.tree.parent(expr) {
            Parent::Receiver(call) => self.receiver(expr, call, next),
            Parent::Arg(call, index) => self.arg(expr, call, index, next),
            Parent::RefOperand(up)
            | Parent::DerefOperand(up)
            | Parent::TryOperand(up)
            | Parent::AwaitOperand(up)
            | Parent::BlockTail(up)
            | Parent::Branch(up, _)
            | Parent::ArmBody(up, _)
            | Parent::IndexBase(up) => self.value(up, next),
            Parent::FieldBase(up) => {
                // An element of a tuple; a field of the user's has an answer of its own.
                !self.analysis.types.fields.contains_key(&up) && self.value(up, next)
            }
            Parent::AssignTarget(assign) => self.assigned(assign),
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = self.analysis.expr(block) else { return false };
                match block.stmts.get(index as usize) {
                    Some(Stmt::Let { pat, .. }) => self.bound(*pat, next),
                    _ => false,
                }
            }
            Parent::LetOperand(up) => match self.analysis.expr(up) {
                Expr::Let { pat, .. } => self.bound(*pat, next),
                _ => false,
            },
            Parent::Scrutinee(up) => match self.analysis.expr(up) {
                Expr::Match { arms, .. } => arms.iter().any(|arm| self.bound(arm.pat, next)),
                _ => false,
            },
            Parent::ForIter(up) => match self.analysis.expr(up) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { pat, .. } => self.is_moved(expr) || self.bound(pat, next),
                    _ => false,
                },
                _ => false,
            },
            // A way in is handed out.
            Parent::Root => self.is_way_in(self.analysis.types.ty(expr)) && self.leaves(),
            Parent::ReturnValue(_) => {
                self.is_way_in(self.analysis.types.ty(expr)) && (self.is_in_closure(expr) || self.leaves())
            }
            Parent::StructField(..)
            | Parent::Element(..)
            | Parent::AssignValue(_)
            | Parent::BreakValue(_)
            | Parent::ClosureBody(_)
            | Parent::SelectOperand(..)
            | Parent::Opaque(_) => self.is_way_in(self.analysis.types.ty(expr)),
            Parent::MacroArg(call, _) => match self.analysis.expr(call) {
                Expr::Macro(data) => !data.parsed,
                _ => false,
            },
            _ => false,
        }
    }

    fn is_in_closure(&self, expr: ExprId) -> bool {
        let is_closure = |up: ExprId| matches!(self.analysis.expr(up), Expr::Closure(_) | Expr::Async { .. });
        self.analysis.tree.ancestors(expr).any(is_closure)
    }

    /// Whether one of the callers, to whom a way in is handed out, lets go of what it leads to, or may.
    fn leaves(&self) -> bool {
        if self.callers == 0 {
            return true;
        }
        let Some(calls) = self.cx.known_calls(self.analysis.body.owner) else { return true };
        calls.into_iter().any(|(body, call)| {
            let analysis = self.cx.analysis(body);
            let mut walk = Walk { callers: self.callers - 1, ..Walk::new(self.cx, analysis, self.types) };
            walk.value(call, BUDGET)
        })
    }

    /// Whether something of the type lets others change what it leads to.
    fn is_way_in(&self, ty: &Ty) -> bool {
        let says = |ty: &Ty, word| self.cx.roles().says(ty, word);
        match ty {
            Ty::Ref(true, _) => true,
            Ty::Ref(false, inner) => says(inner, word::INTERIOR),
            Ty::Adt(..) => says(ty, word::GUARD) || (!ty.args().is_empty() && self.is_mutable_borrow(ty)),
            _ => false,
        }
    }

    /// `RefMut<Vec<T>>`, `Option<&mut T>`
    fn is_mutable_borrow(&self, ty: &Ty) -> bool {
        ty.any(&mut |ty| matches!(ty, Ty::Ref(true, _)) || self.cx.roles().says(ty, word::GUARD))
    }

    /// Whether the field itself is moved out of its struct, which is taken apart here.
    fn is_moved(&self, expr: ExprId) -> bool {
        let is_field = matches!(self.analysis.expr(expr), Expr::Field { .. });
        is_field && !matches!(self.analysis.types.ty(expr), Ty::Ref(..))
    }

    fn receiver(&mut self, expr: ExprId, call: ExprId, budget: u32) -> bool {
        let Some(callee) = self.analysis.callee(call) else { return false };
        if self.cx.program.is_user(callee) {
            // A method on what lies behind the pointer; an extension trait on the container may do anything.
            let signature = self.cx.program.signature(callee);
            let subject = signature.and_then(|signature| signature.self_ty.as_ref()).map(|ty| core(self.cx, ty));
            return match subject {
                // A lock of the user's own around something of the ring gives a guard of the user's own.
                Some(Ty::Adt(def, args)) => {
                    !self.cx.program.is_user(*def) || (!args.is_empty() && !self.types.contains(def))
                }
                Some(Ty::Param(..) | Ty::Dyn(_)) | None => false,
                Some(_) => true,
            };
        }
        if self.cx.program.item(callee).name == CLONE {
            return false;
        }
        let effects = self.cx.effects(callee);
        // A message goes through a channel; the sender stays.
        if effects.has(word::SENDS) {
            return false;
        }
        if let Some(index) = effects.index(word::PUTS) {
            let empties = self.analysis.args(call).get(index).is_some_and(|value| self.is_nothing(*value));
            return empties || (effects.has(word::ALIASES) && self.value(call, budget));
        }
        if effects.has(word::TAKES) || effects.has(word::CLEARS) || effects.has(word::SWAPS) {
            return true;
        }
        let by_value = self
            .cx
            .program
            .signature(callee)
            .and_then(|signature| signature.self_ty.as_ref())
            .is_some_and(|ty| !matches!(ty, Ty::Ref(..)));
        if by_value && self.is_moved(expr) {
            return true;
        }
        self.value(call, budget) || self.closures(call, budget)
    }

    /// What a library's method hands to its closures.
    fn closures(&mut self, call: ExprId, budget: u32) -> bool {
        self.analysis.args(call).iter().any(|arg| match self.analysis.expr(*arg) {
            Expr::Closure(closure) => closure.params.iter().any(|(pat, _)| self.bound(*pat, budget)),
            _ => false,
        })
    }

    fn arg(&mut self, expr: ExprId, call: ExprId, index: u32, budget: u32) -> bool {
        let analysis = self.analysis;
        if let Expr::Call { callee, .. } = analysis.expr(call)
            && let Some(ValueRef::Constructor(..)) = analysis.value(*callee)
        {
            return self.is_way_in(analysis.types.ty(expr));
        }
        let Some(callee) = analysis.callee(call) else { return self.is_way_in(analysis.types.ty(expr)) };
        if self.cx.program.is_user(callee) {
            return self.is_way_in(analysis.types.ty(expr)) || self.is_moved(expr);
        }
        let effects = self.cx.effects(callee);
        let here = Some(index as usize);
        if effects.has(word::SWAPS) || effects.index(word::DROPS) == here {
            return true;
        }
        if effects.index(word::TAKES) == here {
            let put = effects.index(word::PUTS).and_then(|index| analysis.args(call).get(index));
            return put.is_none_or(|value| self.is_nothing(*value));
        }
        let receiver = analysis.receiver(self.cx.program, call);
        if receiver == Some(expr) {
            return self.receiver(expr, call, budget);
        }
        self.is_moved(expr) || self.value(call, budget)
    }

    /// `field = value`: whether that lets go of what was there without keeping something of the kind.
    fn assigned(&self, assign: ExprId) -> bool {
        match self.analysis.expr(assign) {
            Expr::Assign { value, .. } => !self.keeps(*value),
            _ => false,
        }
    }

    /// Whether a value is certainly a pointer to something: `Some(parent)`, a strong pointer itself.
    fn keeps(&self, value: ExprId) -> bool {
        if let Expr::Call { callee, args } = self.analysis.expr(value)
            && let Some(ValueRef::Constructor(adt, _)) = self.analysis.value(*callee)
        {
            return !self.cx.program.is_user(adt) && !args.is_empty();
        }
        self.cx.roles().says(self.analysis.types.ty(value), word::STRONG)
    }

    /// `None`, `Vec::new()`, `Default::default()`
    fn is_nothing(&self, value: ExprId) -> bool {
        match self.analysis.expr(value) {
            Expr::Path(_) => matches!(self.analysis.value(value), Some(ValueRef::Constructor(..))),
            Expr::Call { args, .. } => args.is_empty(),
            Expr::Macro(call) => call.args.is_empty(),
            // A parameter or variable that may be `None`.
            Expr::Local(local) => {
                let ty = self.analysis.types.local(*local);
                ty.adt().is_some() && ty.adt() == self.cx.program.lang.option
            }
            _ => false,
        }
    }

    /// A pattern takes the field out of its struct.
    fn taken_out(&mut self, pat: PatId, budget: u32) -> bool {
        let Pat::Bind { local, .. } = &self.analysis.body.pat(pat).kind else { return self.bound(pat, budget) };
        self.uses(*local, budget)
    }

    fn bound(&mut self, pat: PatId, budget: u32) -> bool {
        if budget == 0 {
            return true;
        }
        match &self.analysis.body.pat(pat).kind {
            Pat::Bind { local, sub } => {
                let sub = *sub;
                self.uses(*local, budget) || sub.is_some_and(|sub| self.bound(sub, budget - 1))
            }
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                pats.iter().any(|pat| self.bound(*pat, budget - 1))
            }
            Pat::Ref(inner) => self.bound(*inner, budget - 1),
            // The fields of a struct of the user's have an answer of their own.
            _ => false,
        }
    }

    fn uses(&mut self, local: LocalId, budget: u32) -> bool {
        if budget == 0 || !self.holds(self.analysis.types.local(local)) {
            return false;
        }
        self.analysis.tree.uses(local).iter().any(|used| self.value(*used, budget - 1))
    }
}
