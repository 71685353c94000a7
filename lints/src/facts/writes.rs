//! Writes to the state behind a guard, or behind a parameter: what changes it, in which part, and by what.
//!
//! An expression *leads into* the state if it is the guard, a field, element or reference of it, or a local that was bound
//! to one. What is copied or moved out of the state is not the state any more. I/O through the state (a file, a socket) is
//! no write to it.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::guards::Guard;
use super::origins::mentions;
use crate::model::flow::BodyView;
use crate::model::{DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind};

const BUDGET: u32 = 24;
/// How a number is counted up and down by name.
const ADDS: [Name; 3] = [Name::of("checked_add"), Name::of("saturating_add"), Name::of("wrapping_add")];
const SUBTRACTS: [Name; 3] = [Name::of("checked_sub"), Name::of("saturating_sub"), Name::of("wrapping_sub")];
/// How many functions deep a `&mut` parameter is followed.
const CALL_DEPTH: u32 = 3;

/// The state whose writes are asked for.
#[derive(Clone, Debug)]
pub struct State {
    locals: Vec<LocalId>,
    starts: Vec<ExprId>,
}

/// What a write does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WriteKind {
    /// `place = value`
    Assign,
    /// `place += value`, or a new value that is made of the old one
    Count,
    /// Something is put in: `push`, `insert`.
    Put,
    /// Something is taken out: `take`, `remove`, `mem::replace`.
    Take,
    /// Emptied.
    Clear,
    /// A function of the user's that writes it.
    Call(DefId),
}

/// A write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Write {
    /// The call or assignment.
    pub expr: ExprId,
    /// What it does.
    pub kind: WriteKind,
    /// The field of the state that it touches; `None` for all of it.
    pub field: Option<FieldRef>,
    /// It only takes something away, and what is left is as good as before.
    pub removes: bool,
}

/// What a function does to a state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Done {
    Counts,
    Removes,
    Writes,
}

/// A parameter of a function: `None` for `self`.
pub type ParamIndex = Option<u32>;

impl State {
    /// What a guard protects.
    pub fn of_guard(guard: &Guard) -> State {
        State { locals: guard.track.holders.clone(), starts: vec![guard.start] }
    }

    /// What two guards of one body protect together.
    pub fn of_both(one: &Guard, other: &Guard) -> State {
        let locals = one.track.holders.iter().chain(&other.track.holders).copied().collect();
        State { locals, starts: vec![one.start, other.start] }
    }

    /// What a parameter refers to.
    pub fn of_param(analysis: &Analysis<'_>, param: ParamIndex) -> Option<State> {
        let local = match param {
            None => analysis.body.ir.self_local?,
            Some(index) => {
                let pat = analysis.body.ir.params.get(index as usize)?;
                match &analysis.body.pat(*pat).kind {
                    crate::syntax::ir::Pat::Bind { local, .. } => *local,
                    _ => return None,
                }
            }
        };
        Some(State { locals: vec![local], starts: Vec::new() })
    }
}

impl Context<'_> {
    /// Whether an expression leads into the state, and by which field of it.
    pub fn leads_into(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> Option<Option<FieldRef>> {
        self.leads(analysis, state, expr, BUDGET)
    }

    fn leads(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId, budget: u32) -> Option<Option<FieldRef>> {
        if budget == 0 {
            return None;
        }
        if state.starts.contains(&expr) {
            return Some(None);
        }
        let go = |expr: ExprId| self.leads(analysis, state, expr, budget - 1);
        match analysis.expr(expr) {
            Expr::Local(local) if state.locals.contains(local) => Some(None),
            Expr::Local(local) => go(self.lent_from(analysis, *local)?),
            Expr::Field { base, .. } => {
                let inner = go(*base)?;
                Some(inner.or_else(|| analysis.types.fields.get(&expr).map(|(field, _)| *field)))
            }
            Expr::Index { base, .. } => go(*base),
            Expr::Deref(inner) | Expr::Ref { expr: inner, .. } | Expr::Try(inner) | Expr::Await(inner) => go(*inner),
            Expr::Block(block) if block.stmts.is_empty() => go(block.tail?),
            Expr::MethodCall(call) if self.lends(analysis, expr) => go(call.receiver),
            Expr::Call { args, .. } if self.lends(analysis, expr) => {
                let index = self.effects(analysis.callee(expr)?).index(word::ALIASES).unwrap_or(0);
                go(*args.get(index)?)
            }
            _ => None,
        }
    }

    /// Whether the result of a call is a part of what it was given, not a value of its own.
    fn lends(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let ty = analysis.types.ty(call);
        let effects = analysis.callee(call).map(|callee| self.effects(callee));
        // What an inner lock protects is its own affair.
        if effects.is_some_and(|effects| effects.has(word::ACQUIRES)) {
            return false;
        }
        let gives_guard = self.roles().carries_guard(ty);
        let receiver = analysis.receiver(self.program, call);
        if gives_guard && receiver.is_some_and(|from| !self.roles().carries_guard(analysis.types.ty(from).peel_refs()))
        {
            return false;
        }
        let says = effects.is_some_and(|effects| effects.has(word::ALIASES) || effects.has(word::ELEMENTS));
        says || gives_guard || holds_reference(ty)
    }

    /// What a local borrows from: the expression that its pattern is matched against.
    fn lent_from(&self, analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
        let pat = analysis.tree.binding(local)?;
        let mut root = pat;
        while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
            root = outer;
        }
        let source = match analysis.tree.pat_parent(root) {
            PatParent::For(id) => match analysis.expr(id) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { iter, .. } => iter,
                    _ => return None,
                },
                _ => return None,
            },
            _ => self.view_of(analysis).matched(root)?,
        };
        let ty = analysis.types.local(local);
        let by_ref = analysis.body.local(local).by_ref;
        if by_ref || holds_reference(ty) || self.roles().carries_guard(ty) {
            return Some(source);
        }
        // `Entry::Vacant(slot)`
        let aliases =
            analysis.callee(analysis.peel(source)).is_some_and(|callee| self.effects(callee).has(word::ALIASES));
        (aliases && ty.adt().is_some_and(|adt| !self.program.is_user(adt))).then_some(source)
    }

    fn view_of<'c>(&'c self, analysis: &'c Analysis<'_>) -> BodyView<'c> {
        self.view(analysis.body.id)
    }

    /// The writes to a state in one body, in order of the expressions; those of closures too.
    pub fn writes(&self, analysis: &Analysis<'_>, state: &State) -> Vec<Write> {
        self.writes_at(analysis, state, CALL_DEPTH)
    }

    fn writes_at(&self, analysis: &Analysis<'_>, state: &State, depth: u32) -> Vec<Write> {
        (0..analysis.body.ir.exprs.len() as u32)
            .filter_map(|index| self.write(analysis, state, ExprId(index), depth))
            .collect()
    }

    /// Whether a count goes up (true) or down, and by what: `n += amount`, `n = n - amount`, `n = n.checked_sub(amount)?`.
    pub(super) fn count_step(&self, analysis: &Analysis<'_>, write: &Write) -> Option<(bool, ExprId)> {
        let Expr::Assign { target, value, compound } = analysis.expr(write.expr) else { return None };
        let (before, amount) = match analysis.expr(*value) {
            _ if *compound => (*target, *value),
            Expr::Binary { lhs, rhs, .. } if self.is_same_text(analysis, *lhs, *target) => (*lhs, *rhs),
            _ => return self.named_step(analysis, *target, *value),
        };
        let between = Span::new(analysis.body.expr(before).span.end, analysis.body.expr(amount).span.start);
        match self.program.text(analysis.body.loc(between)).trim().as_bytes() {
            [b'+', ..] => Some((true, amount)),
            [b'-', ..] => Some((false, amount)),
            _ => None,
        }
    }

    /// `n.checked_sub(amount).ok_or(..)?`, of a number.
    fn named_step(&self, analysis: &Analysis<'_>, target: ExprId, value: ExprId) -> Option<(bool, ExprId)> {
        let mut at = analysis.peel(value);
        for _ in 0..BUDGET {
            at = match analysis.expr(at) {
                Expr::Try(inner) => analysis.peel(*inner),
                Expr::MethodCall(call) if self.is_same_text(analysis, call.receiver, target) => {
                    let is_number = matches!(analysis.types.ty(call.receiver).peel_refs(), Ty::Prim(_));
                    let amount = *call.args.first().filter(|_| is_number)?;
                    let ups = ADDS.contains(&call.method);
                    return (ups || SUBTRACTS.contains(&call.method)).then_some((ups, amount));
                }
                Expr::MethodCall(call) => analysis.peel(call.receiver),
                _ => return None,
            };
        }
        None
    }

    /// The write that an expression is.
    fn write(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId, depth: u32) -> Option<Write> {
        match analysis.expr(expr) {
            Expr::Assign { target, value, compound } => {
                let is_rebound = matches!(analysis.expr(*target), Expr::Local(_));
                if is_rebound || self.roles().carries_guard(analysis.types.ty(*target)) {
                    return None;
                }
                let field = self.leads_into(analysis, state, *target)?;
                // `n = n.wrapping_add(1)`
                let counts =
                    *compound || mentions(analysis, *value, &mut |part| self.is_same_text(analysis, part, *target));
                let kind = if counts { WriteKind::Count } else { WriteKind::Assign };
                let removes = self.is_none(analysis, *value);
                Some(Write { expr, kind, field, removes })
            }
            Expr::MethodCall(_) | Expr::Call { .. } => {
                let callee = analysis.callee(expr)?;
                if self.program.is_user(callee) {
                    return self.written_by_user(analysis, state, expr, callee, depth);
                }
                self.written_by_library(analysis, state, expr, callee)
            }
            _ => None,
        }
    }

    /// `None`
    pub(super) fn is_none(&self, analysis: &Analysis<'_>, value: ExprId) -> bool {
        matches!(analysis.expr(value), Expr::Path(_))
            && matches!(analysis.value(value), Some(ValueRef::Constructor(def, 0)) if Some(def) == self.program.lang.option)
    }

    fn is_same_text(&self, analysis: &Analysis<'_>, part: ExprId, target: ExprId) -> bool {
        let text = |expr: ExprId| self.program.text(analysis.body.expr_loc(expr));
        // `*balance = balance.checked_sub(amount)?`
        if let (Expr::Local(local), Expr::Deref(inner)) = (analysis.expr(part), analysis.expr(target)) {
            return matches!(analysis.expr(*inner), Expr::Local(own) if own == local);
        }
        matches!(analysis.expr(part), Expr::Field { .. } | Expr::Deref(_) | Expr::Index { .. })
            && text(part) == text(target)
    }

    fn written_by_library(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId, callee: DefId) -> Option<Write> {
        let effects = self.effects(callee);
        let kind = library_kind(effects)?;
        let signature = self.program.signature(callee)?;
        let target = match &signature.self_ty {
            // What can be changed through `&self` looks after itself.
            Some(Ty::Ref(false, _)) => return None,
            Some(_) => analysis.receiver(self.program, expr)?,
            None => {
                let mut args = analysis.args(expr).iter().copied();
                args.find(|arg| matches!(analysis.types.ty(*arg), Ty::Ref(true, _)))?
            }
        };
        if self.roles().carries_guard(analysis.types.ty(target).peel_refs()) && self.gives_guard(analysis, expr) {
            return None;
        }
        let field = self.leads_into(analysis, state, target)?;
        let removes =
            matches!(kind, WriteKind::Take | WriteKind::Clear) && !effects.has(word::PUTS) && !effects.has(SWAPS);
        Some(Write { expr, kind, field, removes })
    }

    /// `guard.take()` of an `Option<MutexGuard<..>>`: the guard moves, the state stays.
    fn gives_guard(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        self.roles().carries_guard(analysis.types.ty(call))
    }

    fn written_by_user(
        &self,
        analysis: &Analysis<'_>,
        state: &State,
        expr: ExprId,
        callee: DefId,
        depth: u32,
    ) -> Option<Write> {
        let (param, field) = self.given_state(analysis, state, expr, callee).next()?;
        let done = if depth > 0 { self.writes_param(callee, param, depth - 1)? } else { return None };
        let kind = if done == Done::Counts { WriteKind::Count } else { WriteKind::Call(callee) };
        Some(Write { expr, kind, field, removes: done != Done::Writes })
    }

    /// The parameters through which a call gives the state to be changed.
    pub fn given_state<'c>(
        &'c self,
        analysis: &'c Analysis<'_>,
        state: &'c State,
        call: ExprId,
        callee: DefId,
    ) -> impl Iterator<Item = (ParamIndex, Option<FieldRef>)> + 'c {
        let signature = self.program.signature(callee);
        let has_self = signature.is_some_and(|signature| signature.self_ty.is_some());
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && has_self);
        let receiver = analysis
            .receiver(self.program, call)
            .filter(|_| signature.is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(true, _)))));
        let args = analysis.args(call).iter().skip(shift).enumerate().filter(move |(index, _)| {
            signature
                .and_then(|signature| signature.params.get(*index))
                .is_some_and(|ty| matches!(ty, Ty::Ref(true, _)))
        });
        let receiver = receiver.into_iter().map(|expr| (None, expr));
        receiver
            .chain(args.map(|(index, arg)| (Some(index as u32), *arg)))
            .filter_map(move |(param, arg)| Some((param, self.leads_into(analysis, state, arg)?)))
    }

    /// What a function of the user's does to what its parameter refers to, if it writes it.
    fn writes_param(&self, function: DefId, param: ParamIndex, depth: u32) -> Option<Done> {
        let analysis = self.analysis(self.program.body_of(function)?);
        let state = State::of_param(analysis, param)?;
        let writes = self.writes_at(analysis, &state, depth);
        let is_io =
            || (0..analysis.body.ir.exprs.len() as u32).any(|at| self.is_io_through(analysis, &state, ExprId(at)));
        if writes.is_empty() || is_io() {
            return None;
        }
        let counts = |write: &Write| write.kind == WriteKind::Count;
        Some(match () {
            () if writes.iter().all(counts) => Done::Counts,
            // What is counted beside a removal belongs to it.
            () if writes.iter().all(|write| write.removes || counts(write)) => Done::Removes,
            () => Done::Writes,
        })
    }

    /// Whether an expression reads or writes a file or stream that is part of the state: what such a function changes beside
    /// it is the stream's own bookkeeping.
    fn is_io_through(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> bool {
        let Some(callee) = analysis.callee(expr).filter(|callee| !self.program.is_user(*callee)) else { return false };
        let effects = self.effects(callee);
        let io = effects.with(word::BLOCKS, "io") || effects.with(word::BLOCKS, "net");
        let receiver = analysis.receiver(self.program, expr).filter(|_| io);
        receiver.is_some_and(|receiver| self.leads_into(analysis, state, receiver).is_some())
    }

    /// Whether an expression hands the state to something that may change it and is not known: a closure, a macro, a call
    /// that cannot be resolved, or a function that writes it.
    pub fn may_mend(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> bool {
        match analysis.expr(expr) {
            Expr::Assign { .. } => self.write(analysis, state, expr, CALL_DEPTH).is_some(),
            Expr::MethodCall(call) => match analysis.callee(expr) {
                Some(callee) if self.program.is_user(callee) => {
                    let by_ref = self.leads_into(analysis, state, call.receiver).is_some();
                    by_ref || call.args.iter().any(|arg| self.leads_into(analysis, state, *arg).is_some())
                }
                Some(_) => self.write(analysis, state, expr, CALL_DEPTH).is_some(),
                None => self.leads_into(analysis, state, call.receiver).is_some(),
            },
            Expr::Call { args, .. } => args.iter().any(|arg| self.leads_into(analysis, state, *arg).is_some()),
            _ => false,
        }
    }
}

fn library_kind(effects: Effects<'_>) -> Option<WriteKind> {
    if effects.has(word::BLOCKS) {
        return None;
    }
    // `mem::replace` gives the old value to work on; `HashMap::insert` mostly does not.
    let by_reference = effects.get(word::TAKES).is_some_and(|effect| !effect.args.is_empty());
    if by_reference || effects.has(SWAPS) {
        return Some(WriteKind::Take);
    }
    if effects.has(word::PUTS) || effects.has(word::PUTS_RESULT) {
        return Some(WriteKind::Put);
    }
    if effects.has(word::TAKES) {
        return Some(WriteKind::Take);
    }
    effects.has(word::CLEARS).then_some(WriteKind::Clear)
}

const SWAPS: Name = Name::of("swaps");

/// Whether a value of the type borrows from something.
pub(super) fn holds_reference(ty: &Ty) -> bool {
    ty.any(&mut |part| matches!(part, Ty::Ref(..)))
}

/// Whether an expression is the operand of a `?`, through calls that only change the error.
pub(super) fn is_propagated(analysis: &Analysis<'_>, call: ExprId) -> bool {
    let mut at = call;
    loop {
        match analysis.tree.parent(at) {
            Parent::TryOperand(_) | Parent::ReturnValue(_) | Parent::Root => return true,
            Parent::Receiver(method) => at = method,
            Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) => at = up,
            Parent::Arg(call, _) if matches!(analysis.expr(call), Expr::Call { .. }) => at = call,
            _ => return false,
        }
    }
}
