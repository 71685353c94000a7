//! Who owns which end of a channel: both ends are followed from the `let` that makes them, through bindings, clones,
//! wrappers, parameters and struct fields.
//!
//! The walk follows the tree: it answers where an end can be at all. Where a local still holds one is the flow graph's to
//! say, where a field does, [`Context::is_cut`]'s. What goes out of sight is noted as an escape.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::place::Place;
use crate::model::{BodyId, BodyRef, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, LoopKind, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

/// How many functions deep an end is handed on.
const CALL_DEPTH: u32 = 4;

/// A channel whose ends are bound to two names where it is made.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The body.
    pub body: BodyId,
    /// The call that makes it.
    pub call: ExprId,
    /// The sender.
    pub sender: LocalId,
    /// The receiver.
    pub receiver: LocalId,
}

/// Where an end of a channel, and what was cloned from it, can be.
#[derive(Clone, Debug, Default)]
pub struct ChannelEnd {
    /// The locals, in the order they were found.
    pub locals: Vec<(BodyId, LocalId)>,
    /// The fields, with where they were filled.
    pub fields: Vec<(FieldRef, BodyId, ExprId)>,
    /// It goes where it cannot be followed.
    pub escapes: bool,
}

impl ChannelEnd {
    /// The places that stand for it.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let locals = self.locals.iter().map(|(body, local)| Place::Local(*body, *local));
        locals.chain(self.fields.iter().map(|(field, _, _)| Place::Field(*field)))
    }
}

impl<'a> Context<'a> {
    /// The channels that the user's code makes and takes apart in a `let`, in order. Clocks and dead ends are none.
    pub fn channels_made(&self) -> Vec<Channel> {
        let makes = |effects: Effects<'_>| {
            effects.has(word::CHANNEL) && !effects.with(word::CHANNEL, "never") && !effects.with(word::CHANNEL, "timer")
        };
        let names = self.library_names(makes);
        let mut found = Vec::new();
        for body in self.bodies_calling(&names) {
            let analysis = self.analysis(body.id);
            for call in (0..body.ir.exprs.len() as u32).map(ExprId) {
                if !analysis.callee(call).is_some_and(|callee| makes(self.effects(callee))) {
                    continue;
                }
                let Some((block, index)) = analysis.let_around(call) else { continue };
                let Expr::Block(block) = analysis.expr(block) else { continue };
                let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) else { continue };
                let Pat::Tuple(pats) = &body.pat(*pat).kind else { continue };
                let [sender, receiver] = &**pats else { continue };
                if let (Some(sender), Some(receiver)) = (bound(body, *sender), bound(body, *receiver)) {
                    found.push(Channel { body: body.id, call, sender, receiver });
                }
            }
        }
        found
    }

    /// Where the sender of a channel can be.
    pub fn sending_end(&self, channel: &Channel) -> ChannelEnd {
        self.end_of(word::SENDER, channel.body, channel.sender)
    }

    /// Where the receiver of a channel can be.
    pub fn receiving_end(&self, channel: &Channel) -> ChannelEnd {
        self.end_of(word::RECEIVER, channel.body, channel.receiver)
    }

    fn end_of(&self, role: Name, body: BodyId, local: LocalId) -> ChannelEnd {
        let mut walk = Walk { cx: self, role, end: ChannelEnd::default(), seen: FxHashSet::default() };
        walk.local(self.analysis(body), local, CALL_DEPTH);
        walk.end
    }

    /// Whether a value of a type owns a sender, alone or among others: dropping it drops the sender.
    pub fn owns_sender_itself(&self, ty: &Ty) -> bool {
        self.roles().owns(ty, &mut |ty| self.roles().says(ty, word::SENDER), true, 6)
    }
}

pub(super) fn bound(body: BodyRef<'_>, pat: PatId) -> Option<LocalId> {
    match &body.pat(pat).kind {
        Pat::Bind { local, sub: None } => Some(*local),
        _ => None,
    }
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    role: Name,
    end: ChannelEnd,
    seen: FxHashSet<(BodyId, ExprId)>,
}

impl<'a> Walk<'_, 'a> {
    /// Whether a value of a type is the end, or leads to it.
    fn carries(&self, ty: &Ty) -> bool {
        let roles = self.cx.roles();
        let ty = roles.pointee(ty);
        ty.any(&mut |part| roles.says(part, self.role))
            || roles.owns(&ty, &mut |part| roles.says(part, self.role), true, 5)
    }

    fn local(&mut self, analysis: &Analysis<'a>, local: LocalId, depth: u32) {
        if self.end.locals.contains(&(analysis.body.id, local)) {
            return;
        }
        self.end.locals.push((analysis.body.id, local));
        for used in analysis.tree.uses(local) {
            self.value(analysis, *used, depth);
        }
        let hidden = analysis.body.ir.exprs.iter().any(|data| match &data.kind {
            Expr::Macro(call) => call.locals.contains(&local),
            _ => false,
        });
        self.end.escapes |= hidden;
    }

    /// Follows the value of an expression into its parent.
    fn value(&mut self, analysis: &Analysis<'a>, expr: ExprId, depth: u32) {
        if !self.carries(analysis.types.ty(expr)) || !self.seen.insert((analysis.body.id, expr)) {
            return;
        }
        match analysis.tree.parent(expr) {
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return };
                if let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) {
                    self.pattern(analysis, *pat, depth);
                }
            }
            Parent::LetOperand(up) => {
                if let Expr::Let { pat, .. } = analysis.expr(up) {
                    self.pattern(analysis, *pat, depth);
                }
            }
            Parent::Scrutinee(up) => {
                if let Expr::Match { arms, .. } = analysis.expr(up) {
                    arms.iter().for_each(|arm| self.pattern(analysis, arm.pat, depth));
                }
            }
            Parent::ForIter(up) => {
                if let Expr::Loop(data) = analysis.expr(up)
                    && let LoopKind::For { pat, .. } = data.kind
                {
                    self.pattern(analysis, pat, depth);
                }
            }
            Parent::RefOperand(up)
            | Parent::DerefOperand(up)
            | Parent::BlockTail(up)
            | Parent::Branch(up, _)
            | Parent::ArmBody(up, _)
            | Parent::TryOperand(up)
            | Parent::FieldBase(up)
            | Parent::IndexBase(up)
            | Parent::MacroArg(up, _)
            | Parent::Operand(up) => self.value(analysis, up, depth),
            Parent::Element(up, index) => match self.element_of_let(analysis, up, index) {
                Some(pat) => self.pattern(analysis, pat, depth),
                None => self.value(analysis, up, depth),
            },
            Parent::Receiver(call) => self.receiver(analysis, call, depth),
            Parent::Arg(call, index) => self.arg(analysis, expr, call, index, depth),
            Parent::StructField(literal, index) => self.field(analysis, expr, literal, index, depth),
            Parent::AssignValue(assign) => {
                if let Expr::Assign { target, .. } = analysis.expr(assign) {
                    self.put(analysis, *target, expr, depth);
                }
            }
            Parent::ClosureBody(closure) => self.closure_value(analysis, closure, depth),
            Parent::Root | Parent::ReturnValue(_) => match analysis.tree.enclosing_closure(analysis.body, expr) {
                Some(closure) => self.closure_value(analysis, closure, depth),
                None => self.returned(analysis, depth),
            },
            Parent::Stmt(..)
            | Parent::AssignTarget(_)
            | Parent::SelectOperand(..)
            | Parent::Logic(..)
            | Parent::Cond(_)
            | Parent::ArmGuard(..)
            | Parent::IndexValue(_)
            | Parent::LoopBody(_)
            | Parent::LetElse(..) => {}
            Parent::Callee(_)
            | Parent::BreakValue(_)
            | Parent::AsyncBody(_)
            | Parent::AwaitOperand(_)
            | Parent::StructSpread(_)
            | Parent::Opaque(_) => self.end.escapes = true,
        }
    }

    /// The names that a pattern gives to what carries the end.
    fn pattern(&mut self, analysis: &Analysis<'a>, pat: PatId, depth: u32) {
        let carries = |pat: PatId| analysis.types.pats.get(pat.index()).is_none_or(|ty| self.carries(ty));
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, sub } => {
                if carries(pat) {
                    self.local(analysis, *local, depth);
                }
                if let Some(sub) = sub {
                    self.pattern(analysis, *sub, depth);
                }
            }
            Pat::Tuple(pats) | Pat::TupleStruct { pats, .. } | Pat::Slice(pats) | Pat::Or(pats) => {
                pats.iter().for_each(|pat| self.pattern(analysis, *pat, depth));
            }
            Pat::Struct { fields, .. } => fields.iter().for_each(|(_, pat)| self.pattern(analysis, *pat, depth)),
            Pat::Ref(inner) => self.pattern(analysis, *inner, depth),
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
        }
    }

    /// The pattern that takes an element of a tuple literal apart again.
    fn element_of_let(&self, analysis: &Analysis<'a>, tuple: ExprId, index: u32) -> Option<PatId> {
        let Expr::Tuple(_) = analysis.expr(tuple) else { return None };
        let Parent::LetInit(block, stmt) = analysis.tree.parent(tuple) else { return None };
        let Expr::Block(block) = analysis.expr(block) else { return None };
        let Some(Stmt::Let { pat, .. }) = block.stmts.get(stmt as usize) else { return None };
        match &analysis.body.pat(*pat).kind {
            Pat::Tuple(pats) => pats.get(index as usize).copied(),
            _ => None,
        }
    }

    /// A method is called on it: a clone, an access, or a use that leaves it where it is.
    fn receiver(&mut self, analysis: &Analysis<'a>, call: ExprId, depth: u32) {
        let Some(callee) = analysis.callee(call) else {
            self.end.escapes = true;
            return;
        };
        if self.cx.program.is_user(callee) {
            return self.parameter(callee, None, depth);
        }
        let effects = self.cx.effects(callee);
        if !effects.has(word::SENDS) && !effects.has(word::RECEIVES) {
            self.value(analysis, call, depth);
        }
    }

    fn arg(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: ExprId, index: u32, depth: u32) {
        if let Expr::Call { callee, .. } = analysis.expr(call)
            && let Some(ValueRef::Constructor(adt, variant)) = analysis.value(*callee)
        {
            return self.constructed(analysis, expr, call, (adt, variant), index, depth);
        }
        let Some(callee) = analysis.callee(call) else {
            self.end.escapes = true;
            return;
        };
        let receiver = analysis.receiver(self.cx.program, call);
        let by_path = receiver.is_some() && matches!(analysis.expr(call), Expr::Call { .. });
        let param = match (by_path, index) {
            (true, 0) => None,
            (true, index) => Some(index - 1),
            (false, index) => Some(index),
        };
        if self.cx.program.is_user(callee) {
            return self.parameter(callee, param, depth);
        }
        let effects = self.cx.effects(callee);
        if effects.has(word::DROPS) {
            return;
        }
        if effects.has(word::PUTS)
            && param.is_some()
            && let Some(receiver) = receiver
        {
            self.put(analysis, receiver, expr, depth);
        }
        match self.carries(analysis.types.ty(call)) {
            true => self.value(analysis, call, depth),
            false => self.end.escapes |= !effects.has(word::PUTS) && !effects.has(word::SWAPS),
        }
    }

    fn constructed(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        call: ExprId,
        (adt, variant): (DefId, u32),
        index: u32,
        depth: u32,
    ) {
        if self.cx.program.is_user(adt) {
            self.end.fields.push((FieldRef { adt, variant, index }, analysis.body.id, expr));
        }
        self.value(analysis, call, depth);
    }

    fn field(&mut self, analysis: &Analysis<'a>, expr: ExprId, literal: ExprId, index: u32, depth: u32) {
        let Expr::Struct(data) = analysis.expr(literal) else { return };
        let target = analysis.types.literals.get(&literal).copied();
        let named = data.fields.get(index as usize).map(|(name, _, _)| *name);
        let field = target.zip(named).and_then(|((adt, variant), name)| self.cx.field_named(adt, variant, name));
        match field {
            Some(field) if self.cx.program.is_user(field.adt) => {
                self.end.fields.push((field, analysis.body.id, expr));
                self.value(analysis, literal, depth);
            }
            _ => self.end.escapes = true,
        }
    }

    /// It is put into a place: a local, a field, a collection in either.
    fn put(&mut self, analysis: &Analysis<'a>, place: ExprId, from: ExprId, depth: u32) {
        let mut at = place;
        for _ in 0..12 {
            at = match analysis.expr(at) {
                Expr::Local(local) => return self.local(analysis, *local, depth),
                Expr::Field { base, .. } => match analysis.types.fields.get(&at) {
                    Some((field, _)) => {
                        self.end.fields.push((*field, analysis.body.id, from));
                        return;
                    }
                    None => *base,
                },
                Expr::Deref(inner) | Expr::Ref { expr: inner, .. } | Expr::Index { base: inner, .. } => *inner,
                Expr::Try(inner) | Expr::Await(inner) => *inner,
                Expr::MethodCall(call) => call.receiver,
                Expr::Missing => return,
                _ => break,
            };
        }
        self.end.escapes = true;
    }

    /// It is given to a function of the user's.
    fn parameter(&mut self, callee: DefId, param: Option<u32>, depth: u32) {
        let body = self.cx.program.body_of(callee).filter(|_| depth > 0);
        let Some(inner) = body.map(|body| self.cx.analysis(body)) else {
            self.end.escapes = true;
            return;
        };
        match param {
            None => match inner.body.ir.self_local {
                Some(local) => self.local(inner, local, depth - 1),
                None => self.end.escapes = true,
            },
            Some(index) => match inner.body.ir.params.get(index as usize) {
                Some(pat) => match bound(inner.body, *pat) {
                    // A generic parameter: the type says nothing, the uses do.
                    Some(local) => self.local(inner, local, depth - 1),
                    None => self.pattern(inner, *pat, depth - 1),
                },
                None => self.end.escapes = true,
            },
        }
    }

    /// It leaves a function as its value, or in it.
    fn returned(&mut self, analysis: &Analysis<'a>, depth: u32) {
        let owner = analysis.body.owner;
        if matches!(self.cx.program.item(owner).kind, ItemKind::Static(_) | ItemKind::Const(_)) || depth == 0 {
            self.end.escapes = true;
            return;
        }
        for (body, call) in self.cx.calls_of(owner) {
            self.value(self.cx.analysis(body), call, depth - 1);
        }
    }

    /// What a closure gives goes where the call that runs it puts it: `(0..n).map(|_| tx.clone()).collect()`.
    fn closure_value(&mut self, analysis: &Analysis<'a>, closure: ExprId, depth: u32) {
        match analysis.tree.parent(closure) {
            Parent::Arg(call, _) if analysis.callee(call).is_some_and(|callee| !self.cx.program.is_user(callee)) => {
                self.value(analysis, call, depth);
            }
            _ => self.end.escapes = true,
        }
    }
}

/// The outermost pattern that a local is bound in.
pub(super) fn root_pattern(analysis: &Analysis<'_>, local: LocalId) -> Option<PatId> {
    let mut root = analysis.tree.binding(local)?;
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
        root = outer;
    }
    Some(root)
}
