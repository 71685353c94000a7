//! When two writes to a state are the halves of one update.
//!
//! What writes mean to each other is guessed from what they are made of: the second puts back what the first took out, both
//! are made of one value, one adds what the other took away, one fills what the other emptied, both set fields that are
//! read together. Not so where a collection grows or something is counted: each step is whole in itself.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entered::field_of;
use super::guards::param_index;
use super::origins::{conditions, mentions, sources};
use super::place::Place;
use super::torn::ErrorExit;
use super::variants::{Variant, unit_variant};
use super::writes::{State, Write, WriteKind};
use crate::model::flow::{Action, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, FieldRef, Parent, PatParent, Ty};
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId, LoopKind, PatId, Stmt};

/// Why two writes are one update.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bond {
    /// The second is made of what the first took out.
    Taken,
    /// The first leaves a placeholder, which the second replaces.
    Placeholder,
    /// Both assign one place.
    SamePlace,
    /// Both are made of one value.
    SameValue,
    /// One adds what the other takes away.
    Transfer,
    /// The second fills what the first emptied, and others read it.
    Refilled,
    /// What the first writes is tested only then.
    TestedLate,
    /// Other code, here, reads the two fields together.
    ReadTogether(BodyId, ExprId),
    /// One counts what is in the other: other code, here, takes from both.
    Counted(BodyId, ExprId),
}

pub(super) struct Halves<'s, 'a> {
    pub(super) cx: &'s Context<'a>,
    pub(super) analysis: &'s Analysis<'a>,
    pub(super) flow: &'s Flow,
    pub(super) state: &'s State,
    pub(super) lock: Option<Place>,
}

impl Halves<'_, '_> {
    /// Whether a write may be the first half: not what the exit is the test of.
    pub(super) fn can_be_first(&self, write: &Write, exit: &ErrorExit) -> bool {
        // A reference to what was there or was just made: `get_or_insert_with`.
        if super::writes::holds_reference(self.analysis.types.ty(write.expr)) {
            return false;
        }
        let tree = &self.analysis.tree;
        let outcome_is_known = matches!(write.kind, WriteKind::Call(_)) && self.is_tested_around(write.expr, exit.expr);
        !tree.is_inside(write.expr, exit.expr) && !self.decides(write.expr, exit) && !outcome_is_known
    }

    /// Whether an exit stands where a test of what a call gave has led: `match device.set(mode) { Err(_) => .. }`.
    fn is_tested_around(&self, call: ExprId, exit: ExprId) -> bool {
        let tree = &self.analysis.tree;
        tree.ancestors(exit).any(|around| {
            let tested = match self.analysis.expr(around) {
                Expr::Match { scrutinee, .. } => *scrutinee,
                Expr::If { cond, .. } => *cond,
                _ => return false,
            };
            tree.is_inside(call, tested) && !tree.is_inside(exit, tested)
        })
    }

    /// Whether the result of a write decides whether the exit is taken: `if map.remove(key).is_none() { return Err(..) }`.
    fn decides(&self, write: ExprId, exit: &ErrorExit) -> bool {
        let tree = &self.analysis.tree;
        let Action::Branch(fork) = self.flow.action(exit.fork) else {
            return self.feeds(write, exit.expr);
        };
        let tested = match self.analysis.expr(fork) {
            Expr::Match { scrutinee, .. } => *scrutinee,
            _ => fork,
        };
        tree.is_inside(write, tested) || self.feeds(write, tested)
    }

    /// Whether a local that the result of `write` went into is mentioned in `inside`.
    fn feeds(&self, write: ExprId, inside: ExprId) -> bool {
        let tree = &self.analysis.tree;
        let uses = |local: LocalId| tree.uses(local).iter().filter(|used| tree.is_inside(**used, inside));
        self.locals_of_result(write).into_iter().any(|local| uses(local).any(|used| !self.is_lent(*used)))
    }

    /// Whether a value is only shown to a call: what the call says of it is no word on the write that gave it.
    fn is_lent(&self, used: ExprId) -> bool {
        let ty = self.analysis.types.ty(used);
        let is_answer = ty
            .adt()
            .is_some_and(|adt| Some(adt) == self.cx.program.lang.option || Some(adt) == self.cx.program.lang.result);
        let is_shown = match self.analysis.tree.parent(used) {
            Parent::RefOperand(by_ref) => matches!(self.analysis.tree.parent(by_ref), Parent::Arg(..)),
            // `job.run(&context)?`; but `rest.pop_front()` gives a part of what was taken.
            Parent::Receiver(call) => {
                let callee = self.analysis.callee(call);
                let signature = callee.and_then(|callee| self.cx.program.signature(callee));
                let is_part = callee.is_some_and(|callee| {
                    let effects = self.cx.effects(callee);
                    [word::TAKES, word::ELEMENTS, word::ALIASES].iter().any(|word| effects.has(*word))
                });
                !is_part && signature.is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(..))))
            }
            _ => false,
        };
        is_shown && !is_answer
    }

    /// The locals that the result of a write is bound to: `let old = map.insert(..)`, `if let Some(job) = jobs.pop()`.
    fn locals_of_result(&self, write: ExprId) -> Vec<LocalId> {
        let tree = &self.analysis.tree;
        let mut at = write;
        let pats: Vec<PatId> = loop {
            match tree.parent(at) {
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = self.analysis.expr(block) else { return Vec::new() };
                    match block.stmts.get(index as usize) {
                        Some(Stmt::Let { pat, .. }) => break vec![*pat],
                        _ => return Vec::new(),
                    }
                }
                Parent::LetOperand(id) => match self.analysis.expr(id) {
                    Expr::Let { pat, .. } => break vec![*pat],
                    _ => return Vec::new(),
                },
                Parent::Scrutinee(id) => match self.analysis.expr(id) {
                    Expr::Match { arms, .. } => break arms.iter().map(|arm| arm.pat).collect(),
                    _ => return Vec::new(),
                },
                Parent::ForIter(id) => match self.analysis.expr(id) {
                    Expr::Loop(data) => match data.kind {
                        LoopKind::For { pat, .. } => break vec![pat],
                        _ => return Vec::new(),
                    },
                    _ => return Vec::new(),
                },
                Parent::Stmt(..) | Parent::Root => return Vec::new(),
                parent => match parent.expr() {
                    Some(up) => at = up,
                    None => return Vec::new(),
                },
            }
        };
        let locals = (0..self.analysis.body.ir.locals.len() as u32).map(LocalId);
        locals
            .filter(|local| tree.binding(*local).is_some_and(|own| pats.iter().any(|pat| self.is_part_of(own, *pat))))
            .collect()
    }

    fn is_part_of(&self, pat: PatId, of: PatId) -> bool {
        let mut at = pat;
        loop {
            if at == of {
                return true;
            }
            match self.analysis.tree.pat_parent(at) {
                PatParent::Pat(outer) => at = outer,
                _ => return false,
            }
        }
    }

    /// Why two writes are halves of one update, the second of which an exit skips.
    pub(super) fn bond(&self, first: &Write, last: &Write, exit: &ErrorExit) -> Option<Bond> {
        // What is done after another failure makes good, it does not go on.
        let makes_good = self.is_in_error_arm(last.expr, exit.expr) || self.is_in_error_arm(exit.expr, first.expr);
        if last.kind == WriteKind::Clear || makes_good {
            return None;
        }
        if first.kind == WriteKind::Count {
            return self.of_counts(first, last).or_else(|| self.counted(first, last));
        }
        if last.kind == WriteKind::Count {
            let is_measured = self.is_entered(last, first).then_some(Bond::SameValue);
            return is_measured.or_else(|| self.counted(last, first));
        }
        if self.empties(first) {
            return self.is_refilled(first, last).then_some(Bond::Refilled);
        }
        if first.kind == WriteKind::Clear {
            return self.is_moved(first, last).then_some(Bond::Taken);
        }
        let last_sources = self.made_of(last);
        let taken = self.locals_of_result(first.expr);
        if taken.iter().any(|local| last_sources.contains(local)) {
            return (!self.is_left_at_rest(first)).then_some(Bond::Taken);
        }
        let grows = first.kind == WriteKind::Put && last.kind == WriteKind::Put && first.field == last.field;
        if self.is_moved(first, last) {
            return Some(Bond::Taken);
        }
        // Without the new one the state is whole.
        if grows || (first.removes && !last.removes) {
            return None;
        }
        if self.placeholder(first).is_some() && last.kind == WriteKind::Assign && first.field == last.field {
            return (!self.is_left_at_rest(first)).then_some(Bond::Placeholder);
        }
        let both_assign = first.kind == WriteKind::Assign && last.kind == WriteKind::Assign;
        if both_assign && self.same_target(first, last) {
            return self.turns_others_away(first).then_some(Bond::SamePlace);
        }
        if self.cx.are_of_one_value(self.analysis, self.state, first, last) {
            return Some(Bond::SameValue);
        }
        if both_assign {
            return self.fields_of_one(first, last, &self.made_of(first), exit);
        }
        None
    }

    /// Whether what one write removes is what the other puts in, and nothing else: `here.retain(|id| *id != member)` and
    /// `there.push(member)`.
    fn is_moved(&self, first: &Write, last: &Write) -> bool {
        let [put] = self.analysis.args(last.expr) else { return false };
        let Expr::Local(item) = self.analysis.expr(*put) else { return false };
        first.removes
            && last.kind == WriteKind::Put
            && matches!(first.kind, WriteKind::Take | WriteKind::Clear)
            && self.made_of(first).contains(item)
    }

    /// Whether an expression stands in an arm for an `Err` that another, which came before, is not in.
    fn is_in_error_arm(&self, expr: ExprId, before: ExprId) -> bool {
        let tree = &self.analysis.tree;
        let is_err = |pat: PatId| {
            self.analysis
                .types
                .pat_variants
                .get(&pat)
                .is_some_and(|(def, variant)| Some(*def) == self.cx.program.lang.result && *variant == 1)
        };
        let mut at = expr;
        while let Some(up) = tree.parent(at).expr() {
            if tree.is_inside(before, at) {
                return false;
            }
            let after_error = match (tree.parent(at), self.analysis.expr(up)) {
                (Parent::ArmBody(_, index), Expr::Match { arms, .. }) => {
                    arms.get(index as usize).is_some_and(|arm| is_err(arm.pat))
                }
                (Parent::Branch(_, 0), Expr::If { cond, .. }) => match self.analysis.expr(*cond) {
                    Expr::Let { pat, .. } => is_err(*pat),
                    _ => false,
                },
                _ => false,
            };
            if after_error {
                return true;
            }
            at = up;
        }
        false
    }

    /// `*from -= n` and `*to += n`; or a position that moves with a length.
    fn of_counts(&self, first: &Write, last: &Write) -> Option<Bond> {
        // vulkano's `alloc` counts what it tries to get from each pool, and makes a new pool after the loop.
        let is_tried = self.analysis.tree.ancestors(first.expr).any(|around| {
            matches!(self.analysis.expr(around), Expr::Loop(_)) && !self.analysis.tree.is_inside(last.expr, around)
        });
        if is_tried {
            return None;
        }
        if self.is_entered(first, last) {
            return Some(Bond::Transfer);
        }
        let ((adds, amount), (also_adds, same_amount)) = (self.step(first)?, self.step(last)?);
        let is_number = self.cx.is_constant(self.analysis, amount) || self.cx.is_constant(self.analysis, same_amount);
        let text = |expr: ExprId| self.cx.program.text(self.analysis.body.expr_loc(expr));
        match text(amount) == text(same_amount) && !is_number {
            true if adds != also_adds => Some(Bond::Transfer),
            true if self.is_position(first, last) => Some(Bond::SameValue),
            _ => None,
        }
    }

    /// Whether a count goes up, and by what: here, or in a function that does nothing else.
    fn step(&self, write: &Write) -> Option<(bool, ExprId)> {
        let callee = match self.analysis.expr(write.expr) {
            Expr::MethodCall(_) | Expr::Call { .. } if write.kind == WriteKind::Count => {
                self.analysis.callee(write.expr)?
            }
            _ => return self.cx.count_step(self.analysis, write),
        };
        let (param, _) = self.cx.given_state(self.analysis, self.state, write.expr, callee).next()?;
        let inner = self.cx.analysis(self.cx.program.body_of(callee)?);
        let writes = self.cx.writes(inner, &State::of_param(inner, param)?);
        let [only] = &*writes else { return None };
        let (is_up, amount) = self.cx.count_step(inner, only)?;
        let Expr::Local(local) = inner.expr(inner.peel(amount)) else { return None };
        let by_path = matches!(self.analysis.expr(write.expr), Expr::Call { .. });
        let shift = usize::from(by_path && inner.body.ir.self_local.is_some());
        let index = param_index(inner, *local)? as usize;
        self.analysis.args(write.expr).get(index + shift).map(|arg| (is_up, *arg))
    }

    /// Whether a call that counts may fail before it has done so: `accounts.credit(to, amount)?`
    pub(super) fn fails_itself(&self, write: &Write, exit: &ErrorExit) -> bool {
        let operand = match self.analysis.expr(exit.expr) {
            Expr::Try(operand) => self.analysis.peel(*operand),
            _ => return false,
        };
        let callee = self.analysis.callee(write.expr).filter(|_| operand == write.expr);
        let Some(body) = callee.and_then(|callee| self.cx.program.body_of(callee)) else { return false };
        let inner = self.cx.analysis(body);
        let flow = self.cx.flow(body, FlowRoot::Body);
        let is_assignment = |node: NodeId| match flow.action(node) {
            Action::Assign(expr) => {
                matches!(inner.expr(expr), Expr::Assign { target, .. } if !matches!(inner.expr(*target), Expr::Local(_)))
            }
            _ => false,
        };
        let unwritten = flow.reach(flow.entry(), |from, _, _| !is_assignment(from));
        self.cx.error_exits(body, FlowRoot::Body).iter().any(|exit| unwritten.contains(exit.node.index()))
    }

    /// Whether a count says how much is in a collection: some other code takes from both.
    fn counted(&self, count: &Write, put: &Write) -> Option<Bond> {
        let target = |write: &Write| match self.analysis.expr(write.expr) {
            Expr::Assign { target, .. } => Some(*target),
            Expr::MethodCall(call) => Some(call.receiver),
            _ => None,
        };
        let (is_up, _) = self.cx.count_step(self.analysis, count).filter(|_| put.kind == WriteKind::Put)?;
        let (counter, collection) = (field_of(self.analysis, target(count)?)?, field_of(self.analysis, target(put)?)?);
        let names = [self.cx.field(counter)?.name, self.cx.field(collection)?.name];
        let others = self.cx.bodies_mentioning(&names[..1]).filter(|body| is_up && body.mentions(names[1]));
        others.filter(|body| body.id != self.analysis.body.id).find_map(|body| {
            let analysis = self.cx.analysis(body.id);
            let exprs = || (0..body.ir.exprs.len() as u32).map(ExprId);
            let lowers = |expr: ExprId| match analysis.expr(expr) {
                Expr::Assign { target, .. } => {
                    let step = Write { expr, kind: WriteKind::Count, field: None, removes: false };
                    field_of(analysis, *target) == Some(counter)
                        && self.cx.count_step(analysis, &step).is_some_and(|(is_up, _)| !is_up)
                }
                _ => false,
            };
            let takes = |expr: &ExprId| match analysis.expr(*expr) {
                Expr::MethodCall(call) => {
                    field_of(analysis, call.receiver) == Some(collection)
                        && analysis.callee(*expr).is_some_and(|callee| self.cx.effects(callee).has(word::TAKES))
                }
                _ => false,
            };
            exprs().any(lowers).then(|| exprs().find(takes))?.map(|expr| Bond::Counted(body.id, expr))
        })
    }

    /// `*stock -= quantity` and `orders.push(Order { quantity, .. })`
    fn is_entered(&self, first: &Write, last: &Write) -> bool {
        let Some((_, amount)) = self.step(first) else { return false };
        let amounts = sources(self.cx, self.analysis, &[amount], &|local| self.is_state(local));
        let entered = self.made_of(last);
        last.kind == WriteKind::Put && amounts.iter().any(|local| entered.contains(local))
    }

    /// Whether one of two fields says where in the state something stands: it is what the body indexes with.
    fn is_position(&self, first: &Write, last: &Write) -> bool {
        let fields = [first.field, last.field];
        let is_one = |expr: ExprId| {
            self.analysis.types.fields.get(&expr).is_some_and(|(field, _)| fields.contains(&Some(*field)))
        };
        (0..self.analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let Expr::Index { index, .. } = self.analysis.expr(expr) else { return false };
            let locals = sources(self.cx, self.analysis, &[*index], &|_| false);
            let inits = locals.into_iter().filter_map(|local| self.analysis.initializer(local));
            inits.chain([*index]).any(|part| mentions(self.analysis, part, &mut |part| is_one(part)))
        })
    }

    /// Whether a write leaves a collection without anything: `items.clear()`, `items = Vec::new()`.
    fn empties(&self, write: &Write) -> bool {
        match self.analysis.expr(write.expr) {
            Expr::MethodCall(call) => write.kind == WriteKind::Clear && call.args.is_empty(),
            Expr::Assign { target, value, .. } if write.kind == WriteKind::Assign => {
                let is_collection = self.cx.roles().says(self.analysis.types.ty(*target), word::COLLECTION);
                is_collection && self.is_made_of_nothing(*value)
            }
            _ => false,
        }
    }

    /// `Vec::new()`, `vec![]`, `Default::default()`
    fn is_made_of_nothing(&self, value: ExprId) -> bool {
        match self.analysis.expr(value) {
            Expr::Call { args, .. } => {
                args.is_empty() && self.analysis.callee(value).is_some_and(|callee| !self.cx.program.is_user(callee))
            }
            Expr::Macro(call) => call.args.is_empty(),
            _ => false,
        }
    }

    /// Whether a second write fills what the first emptied, and other code reads it without emptying it first: then it is
    /// no scratch buffer.
    fn is_refilled(&self, first: &Write, last: &Write) -> bool {
        last.kind == WriteKind::Put
            && first.field == last.field
            && match first.field {
                Some(field) => self.is_read_elsewhere(field),
                None => self.lock.is_some_and(|lock| self.is_locked_to_read(lock)),
            }
    }

    fn is_read_elsewhere(&self, field: FieldRef) -> bool {
        let Some(name) = self.cx.field(field).map(|field| field.name) else { return false };
        self.cx.bodies_mentioning(&[name]).filter(|body| body.id != self.analysis.body.id).any(|body| {
            let analysis = self.cx.analysis(body.id);
            let mut exprs = (0..body.ir.exprs.len() as u32).map(ExprId);
            let is_here = |expr: &ExprId| analysis.types.fields.get(expr).is_some_and(|(own, _)| *own == field);
            let first = exprs.find(is_here);
            first.is_some_and(|first| !is_emptied(self.cx, analysis, first))
        })
    }

    fn is_locked_to_read(&self, lock: Place) -> bool {
        let cx = self.cx;
        let others = cx.guards().all().filter(|guard| guard.place == Some(lock));
        others.filter(|guard| guard.body != self.analysis.body.id).any(|guard| {
            let writes = cx.writes(cx.analysis(guard.body), &State::of_guard(guard));
            !writes.iter().any(|write| matches!(write.kind, WriteKind::Clear | WriteKind::Assign))
        })
    }

    /// The variant without fields that a write leaves in place of what it takes: `mem::replace(&mut *state, State::Opening)`.
    fn placeholder(&self, write: &Write) -> Option<Variant> {
        let is_swap = self.analysis.callee(write.expr).is_some_and(|callee| self.cx.effects(callee).has(word::PUTS));
        if write.kind != WriteKind::Take || !is_swap {
            return None;
        }
        self.variant(*self.analysis.args(write.expr).get(1)?)
    }

    /// The variant that an expression is, if it is one without fields, `None` aside.
    fn variant(&self, value: ExprId) -> Option<Variant> {
        unit_variant(self.analysis, value).filter(|(def, _)| Some(*def) != self.cx.program.lang.option)
    }

    /// Whether what a write leaves is a state like any other: vulkano's futures stay `Poisoned` so that a failure shows. A
    /// stand-in that nobody is to see panics where it is found.
    fn is_left_at_rest(&self, first: &Write) -> bool {
        self.placeholder(first).is_some_and(|variant| self.cx.is_state_of_its_own(variant))
    }

    /// Whether some code leaves where it finds what a write sets: a mark that says that somebody is at it. Any other value is
    /// whole: shared_child's `NotWaiting` before `Exited`, and a mark that says that there is still something to do is
    /// meant to stay after a failure.
    fn turns_others_away(&self, first: &Write) -> bool {
        let Expr::Assign { value, .. } = self.analysis.expr(first.expr) else { return false };
        let Some(field) = self.target_field(first) else { return false };
        match self.analysis.expr(*value) {
            Expr::Literal(Literal::Bool(true)) => self.leaves_if_set(field),
            _ => self.variant(*value).is_some_and(|variant| self.cx.is_turned_away(field, variant)),
        }
    }

    /// Whether the body leaves where a field is set already.
    fn leaves_if_set(&self, field: FieldRef) -> bool {
        (0..self.analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            matches!(self.analysis.expr(expr), Expr::Return(_) | Expr::Break { .. } | Expr::Continue { .. })
                && conditions(self.analysis, expr)
                    .first()
                    .is_some_and(|tested| self.analysis.types.fields.get(tested).is_some_and(|(own, _)| *own == field))
        })
    }

    /// Whether two fields of one struct are set together: what goes into the first is tested only by the exit, or other code
    /// reads both.
    fn fields_of_one(&self, first: &Write, last: &Write, first_sources: &[LocalId], exit: &ErrorExit) -> Option<Bond> {
        let (one, other) = (self.target_field(first)?, self.target_field(last)?);
        if one == other || one.adt != other.adt || !self.in_one_block(first.expr, last.expr) {
            return None;
        }
        if self.is_note(first) || self.is_note(last) {
            return None;
        }
        let tested = match self.flow.action(exit.fork) {
            Action::Branch(tested) => tested,
            _ => exit.expr,
        };
        let tested_sources = sources(self.cx, self.analysis, &[tested], &|local| self.is_state(local));
        if first_sources.iter().any(|local| tested_sources.contains(local)) {
            return Some(Bond::TestedLate);
        }
        self.read_together(one, other).map(|(body, expr)| Bond::ReadTogether(body, expr))
    }

    fn target_field(&self, write: &Write) -> Option<FieldRef> {
        match self.analysis.expr(write.expr) {
            Expr::Assign { target, .. } => self.analysis.types.fields.get(target).map(|(field, _)| *field),
            _ => None,
        }
    }

    fn in_one_block(&self, first: ExprId, last: ExprId) -> bool {
        let block = |expr: ExprId| match self.analysis.tree.parent(expr) {
            Parent::Stmt(block, _) | Parent::BlockTail(block) => Some(block),
            _ => None,
        };
        block(first).is_some() && block(first) == block(last)
    }

    /// Whether a write only notes something beside the value: a mark, a state, a time, or what is not known.
    fn is_note(&self, write: &Write) -> bool {
        let Expr::Assign { value, .. } = self.analysis.expr(write.expr) else { return true };
        let ty = self.analysis.types.ty(*value);
        let is_moment = ty.any(&mut |part| self.cx.roles().says(part, word::MOMENT));
        ty.is_unknown()
            || *ty == Ty::BOOL
            || is_moment
            || matches!(self.analysis.expr(*value), Expr::Literal(_) | Expr::Path(_))
            || self.is_made_of_nothing(*value)
    }

    /// Where other code reads two fields.
    fn read_together(&self, one: FieldRef, other: FieldRef) -> Option<(BodyId, ExprId)> {
        let names = [self.cx.field(one)?.name, self.cx.field(other)?.name];
        let bodies = self.cx.bodies_mentioning(&names[..1]).filter(|body| body.mentions(names[1]));
        let both = bodies.filter(|body| body.id != self.analysis.body.id).find_map(|body| {
            let analysis = self.cx.analysis(body.id);
            let read = |field: FieldRef| {
                (0..body.ir.exprs.len() as u32).map(ExprId).find(|expr| {
                    analysis.types.fields.get(expr).is_some_and(|(own, _)| *own == field)
                        && !matches!(analysis.tree.parent(*expr), Parent::AssignTarget(_))
                })
            };
            read(one)?;
            read(other).map(|expr| (body.id, expr))
        });
        both.or_else(|| self.read_whole())
    }

    /// Where other code that takes the lock copies all that it protects, or hands it on: `state.clone()`.
    fn read_whole(&self) -> Option<(BodyId, ExprId)> {
        let cx = self.cx;
        let others = cx.guards().all().filter(|guard| guard.place.is_some() && guard.place == self.lock);
        others.filter(|guard| guard.body != self.analysis.body.id).find_map(|guard| {
            let analysis = cx.analysis(guard.body);
            let state = State::of_guard(guard);
            let is_whole = |expr: ExprId| cx.leads_into(analysis, &state, expr) == Some(None);
            let reads = |call: &ExprId| match (analysis.expr(*call), analysis.callee(*call)) {
                (Expr::MethodCall(method), Some(callee)) => {
                    let by_ref = cx
                        .program
                        .signature(callee)
                        .is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(false, _))));
                    let counts = cx.program.is_user(callee) || cx.effects(callee).is_empty();
                    by_ref && counts && is_whole(method.receiver)
                }
                // A derived `clone` has no function to be found: the type that it gives tells.
                (Expr::MethodCall(method), None) => {
                    let is_users = analysis.types.ty(*call).adt().is_some_and(|adt| cx.program.is_user(adt));
                    is_users && method.args.is_empty() && is_whole(method.receiver)
                }
                _ => false,
            };
            (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find(reads).map(|call| (guard.body, call))
        })
    }

    /// The locals that a write makes its value of; not those that say where it writes.
    fn made_of(&self, write: &Write) -> Vec<LocalId> {
        let values: Vec<ExprId> = match self.analysis.expr(write.expr) {
            Expr::Assign { value, .. } => vec![*value],
            _ => self.analysis.args(write.expr).to_vec(),
        };
        sources(self.cx, self.analysis, &values, &|local| self.is_state(local))
    }

    /// Whether two writes assign one place.
    pub(super) fn same_target(&self, first: &Write, last: &Write) -> bool {
        let target = |write: &Write| match self.analysis.expr(write.expr) {
            Expr::Assign { target, .. } => self.cx.program.text(self.analysis.body.expr_loc(*target)),
            _ => "",
        };
        first.field == last.field && target(first) == target(last)
    }

    /// Whether a local is the state, a part of it, or `self`.
    fn is_state(&self, local: LocalId) -> bool {
        let used = self.analysis.tree.uses(local).first();
        Some(local) == self.analysis.body.ir.self_local
            || used.is_some_and(|used| self.cx.leads_into(self.analysis, self.state, *used).is_some())
    }
}

/// Whether a place is emptied or assigned anew where it is mentioned.
fn is_emptied(cx: &Context<'_>, analysis: &Analysis<'_>, place: ExprId) -> bool {
    match analysis.tree.parent(place) {
        Parent::AssignTarget(_) => true,
        Parent::Receiver(call) => analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::CLEARS)),
        _ => false,
    }
}
