//! Which ways through a function a call of it can take, by what it is given: `self.push(Some(&mut guard), n)` never comes to
//! the arm for `None`, which takes the lock.
//!
//! Known are literals, variants and `Some(..)`, where they are written at the call, and only of parameters that nothing
//! changes. What is not known leaves every way open.

use super::context::{Analysis, Context};
use super::effects::word;
use super::lock_path::LockPath;
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, DefId, Parent, ValueRef};
use crate::source::{Name, Span};
use crate::syntax::ir::{BinaryOp, Expr, ExprId, ItemKind, Literal, LocalId, Pat, PatId, Stmt};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// How many locals and methods deep a value is looked for.
const BUDGET: u32 = 6;

const NONE: Name = Name::of("None");
const IS_NONE: Name = Name::of("is_none");
const IS_SOME: Name = Name::of("is_some");
/// Methods of `Option` that run their first closure only for `None`.
const FOR_NONE: [Name; 5] = [
    Name::of("unwrap_or_else"),
    Name::of("or_else"),
    Name::of("ok_or_else"),
    Name::of("map_or_else"),
    Name::of("get_or_insert_with"),
];
/// Methods of `Option` that run their closure only for `Some`.
const FOR_SOME: [Name; 5] =
    [Name::of("map"), Name::of("and_then"), Name::of("is_some_and"), Name::of("inspect"), Name::of("filter")];

/// What is known of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Given {
    /// This truth.
    Bool(bool),
    /// This number.
    Int(u64),
    /// This variant, `Some` and `None` among them.
    Variant(DefId, u32),
}

/// The ways through a function or closure that one call of it can take.
pub(super) struct Ways<'c, 'a> {
    cx: &'c Context<'a>,
    body: BodyId,
    flow: &'c Flow,
    params: SmallVec<[(LocalId, Given); 2]>,
    fields: Answers,
    open: BitSet,
}

/// What is known of fields and statics.
pub(super) type Answers = SmallVec<[(LockPath, Given); 1]>;

impl<'a> Context<'a> {
    /// The ways through a function of the user's; `None` where a call gives it nothing that decides.
    pub(super) fn ways_of_call(&self, analysis: &Analysis<'_>, call: ExprId, function: DefId) -> Option<Ways<'_, 'a>> {
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && analysis.receiver(self.program, call).is_some());
        let args = analysis.args(call).get(shift..)?;
        if !args.iter().any(|arg| self.known_value(analysis, *arg, BUDGET).is_some()) {
            return None;
        }
        let body = self.program.body_of(function)?;
        let inner = self.analysis(body);
        self.ways(analysis, args, inner, inner.body.ir.params.iter().copied(), FlowRoot::Body)
    }

    /// The ways through a closure that the same body calls.
    pub(super) fn ways_of_closure(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        closure: ExprId,
    ) -> Option<Ways<'_, 'a>> {
        let (Expr::Call { callee, args }, Expr::Closure(data)) = (analysis.expr(call), analysis.expr(closure)) else {
            return None;
        };
        let called = analysis.peel(*callee);
        let is_it = match analysis.expr(called) {
            Expr::Local(local) => analysis.initializer(*local) == Some(closure),
            _ => called == closure,
        };
        let inner = self.analysis(analysis.body.id);
        let params = data.params.iter().map(|(pat, _)| *pat);
        is_it.then(|| self.ways(analysis, args, inner, params, FlowRoot::Closure(closure)))?
    }

    fn ways(
        &self,
        analysis: &Analysis<'_>,
        args: &[ExprId],
        inner: &Analysis<'_>,
        pats: impl Iterator<Item = PatId>,
        root: FlowRoot,
    ) -> Option<Ways<'_, 'a>> {
        let params: SmallVec<[(LocalId, Given); 2]> = args
            .iter()
            .zip(pats)
            .filter_map(|(arg, pat)| {
                let Pat::Bind { local, sub: None } = inner.body.pat(pat).kind else { return None };
                let given = self.known_value(analysis, *arg, BUDGET)?;
                (!self.is_changed(inner, local)).then_some((local, given))
            })
            .collect();
        if params.is_empty() {
            return None;
        }
        Some(self.ways_where(inner.body.id, root, params, Answers::new()))
    }

    /// The ways through a function while these answers hold.
    pub(super) fn ways_while(&self, body: BodyId, root: FlowRoot, fields: Answers) -> Ways<'_, 'a> {
        self.ways_where(body, root, SmallVec::new(), fields)
    }

    fn ways_where(
        &self,
        body: BodyId,
        root: FlowRoot,
        params: SmallVec<[(LocalId, Given); 2]>,
        fields: Answers,
    ) -> Ways<'_, 'a> {
        let flow = self.flow(body, root);
        let mut ways = Ways { cx: self, body, flow, params, fields, open: BitSet::default() };
        ways.open = flow.reach(flow.entry(), |node, kind, _| ways.is_open(node, kind));
        ways
    }

    /// What is known of an expression by itself.
    fn known_value(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Option<Given> {
        let budget = budget.checked_sub(1)?;
        let expr = analysis.peel(expr);
        let variant = |value: Option<ValueRef>| match value? {
            ValueRef::Constructor(def, variant) => {
                matches!(self.program.item(def).kind, ItemKind::Enum(_)).then_some(Given::Variant(def, variant))
            }
            _ => None,
        };
        match analysis.expr(expr) {
            Expr::Literal(Literal::Bool(value)) => Some(Given::Bool(*value)),
            Expr::Literal(Literal::Int(value)) => Some(Given::Int(*value)),
            Expr::Path(_) => variant(analysis.value(expr)),
            Expr::Call { callee, .. } => variant(analysis.value(*callee)),
            Expr::Local(local) if !self.is_changed(analysis, *local) => {
                self.known_value(analysis, analysis.initializer(*local)?, budget)
            }
            _ => None,
        }
    }

    /// Whether a local can be something else than it was at first.
    fn is_changed(&self, analysis: &Analysis<'_>, local: LocalId) -> bool {
        let view = self.view(analysis.body.id);
        analysis.tree.uses(local).iter().any(|used| match analysis.tree.parent(*used) {
            Parent::AssignTarget(_) => true,
            Parent::RefOperand(taken) => matches!(analysis.expr(taken), Expr::Ref { mutable: true, .. }),
            Parent::Receiver(call) => {
                let is_mut = view.use_of(*used) == crate::model::flow::Use::Borrow(true);
                let only_lends = |callee: DefId| {
                    let effects = self.effects(callee);
                    effects.has(word::ALIASES) && !effects.has(word::PUTS) && !effects.has(word::PUTS_RESULT)
                };
                is_mut && !analysis.callee(call).is_some_and(only_lends)
            }
            _ => false,
        })
    }
}

impl<'a> Ways<'_, 'a> {
    /// Whether one of the ways leads to an expression, in a closure too.
    pub(super) fn lead_to(&self, body: BodyId, expr: ExprId) -> bool {
        if body != self.body {
            return true;
        }
        let analysis = self.analysis();
        let mut at = expr;
        loop {
            if self.cx.flow_root(body, at) == self.flow.root() {
                return self.flow.node(at).is_none_or(|node| self.open.contains(node.index()));
            }
            let Some(closure) = analysis.tree.enclosing_closure(analysis.body, at) else { return true };
            if self.is_never_run(closure) {
                return false;
            }
            at = closure;
        }
    }

    fn analysis(&self) -> &Analysis<'a> {
        self.cx.analysis(self.body)
    }

    /// Whether a closure is for the other state of an `Option`: `held.unwrap_or_else(|| self.queue.lock())`.
    fn is_never_run(&self, closure: ExprId) -> bool {
        let analysis = self.analysis();
        let Parent::Arg(call, index) = analysis.tree.parent(closure) else { return false };
        let Expr::MethodCall(method) = analysis.expr(call) else { return false };
        let Some(Given::Variant(def, variant)) = self.known(method.receiver, BUDGET) else { return false };
        let is_of_library = analysis.callee(call).is_some_and(|callee| !self.cx.program.is_user(callee));
        if Some(def) != self.cx.program.lang.option || !is_of_library {
            return false;
        }
        let is_none = self.is_none(def, variant);
        let for_none = FOR_NONE.contains(&method.method) && index == 0;
        let for_some = FOR_SOME.contains(&method.method);
        if is_none { for_some } else { for_none }
    }

    fn is_none(&self, def: DefId, variant: u32) -> bool {
        match &self.cx.program.item(def).kind {
            ItemKind::Enum(data) => data.variants.get(variant as usize).is_some_and(|variant| variant.name == NONE),
            _ => false,
        }
    }

    /// Whether an edge can be taken.
    fn is_open(&self, node: NodeId, kind: EdgeKind) -> bool {
        let Action::Branch(branch) = self.flow.action(node) else { return true };
        let analysis = self.analysis();
        let matched = |pat: PatId, value: ExprId| self.known(value, BUDGET).and_then(|value| self.fits(pat, value));
        let holds = match (analysis.expr(branch), kind) {
            (Expr::Match { scrutinee, arms }, EdgeKind::Arm(index)) => {
                let Some(value) = self.known(*scrutinee, BUDGET) else { return true };
                let is_taken =
                    |arm: &crate::syntax::ir::Arm| arm.guard.is_none() && self.fits(arm.pat, value) == Some(true);
                let own = arms.get(index as usize).and_then(|arm| self.fits(arm.pat, value));
                return own != Some(false) && !arms.iter().take(index as usize).any(is_taken);
            }
            (Expr::Let { pat, expr }, _) => matched(*pat, *expr),
            (_, EdgeKind::True | EdgeKind::False) => match analysis.tree.parent(branch) {
                Parent::LetInit(block, index) => match analysis.expr(block) {
                    Expr::Block(block) => match block.stmts.get(index as usize) {
                        Some(Stmt::Let { pat, .. }) => matched(*pat, branch),
                        _ => None,
                    },
                    _ => None,
                },
                _ => self.truth(branch, BUDGET),
            },
            _ => None,
        };
        match kind {
            EdgeKind::True => holds != Some(false),
            EdgeKind::False => holds != Some(true),
            _ => true,
        }
    }

    /// What is known of an expression of the function.
    fn known(&self, expr: ExprId, budget: u32) -> Option<Given> {
        let budget = budget.checked_sub(1)?;
        let analysis = self.analysis();
        let expr = analysis.peel(expr);
        match analysis.expr(expr) {
            Expr::Local(local) => self.params.iter().find(|(own, _)| own == local).map(|(_, given)| *given),
            Expr::Deref(inner) => self.known(*inner, budget),
            Expr::Field { .. } => self.answer_of(expr),
            // `as_ref`, `as_mut`, `as_deref_mut`
            Expr::MethodCall(call) => {
                if !self.fields.is_empty()
                    && analysis.callee(expr).is_some_and(|callee| self.cx.effects(callee).has(word::FLAG_LOAD))
                {
                    return self.answer_of(call.receiver);
                }
                let option = self.cx.program.lang.option;
                let is_option = |expr: ExprId| option.is_some() && analysis.types.ty(expr).peel_refs().adt() == option;
                let is_same = analysis.callee(expr).is_some_and(|callee| {
                    !self.cx.program.is_user(callee) && self.cx.effects(callee).has(word::ALIASES)
                });
                let passes = is_same && is_option(expr) && is_option(call.receiver);
                passes.then(|| self.known(call.receiver, budget))?
            }
            _ => self.cx.known_value(analysis, expr, budget),
        }
    }

    /// What is known of a field or static.
    fn answer_of(&self, expr: ExprId) -> Option<Given> {
        if self.fields.is_empty() {
            return None;
        }
        let path = self.cx.lock_path(self.analysis(), expr)?;
        self.fields.iter().find(|(known, _)| *known == path).map(|(_, given)| *given)
    }

    /// Whether a condition holds.
    fn truth(&self, expr: ExprId, budget: u32) -> Option<bool> {
        let budget = budget.checked_sub(1)?;
        let analysis = self.analysis();
        match analysis.expr(expr) {
            Expr::Not(inner) => self.truth(*inner, budget).map(|holds| !holds),
            Expr::Binary { op: BinaryOp::Compare, lhs, rhs } => self.compared(*lhs, *rhs),
            Expr::Macro(call) => match (call.pat, &*call.args) {
                (Some(pat), [value]) => self.fits(pat, self.known(*value, budget)?),
                _ => None,
            },
            Expr::MethodCall(call) => {
                if let Some(Given::Bool(value)) = self.known(expr, budget) {
                    return Some(value);
                }
                let Given::Variant(def, variant) = self.known(call.receiver, budget)? else { return None };
                let is_of_library = analysis.callee(expr).is_some_and(|callee| !self.cx.program.is_user(callee));
                if Some(def) != self.cx.program.lang.option || !is_of_library {
                    return None;
                }
                match call.method {
                    IS_NONE => Some(self.is_none(def, variant)),
                    IS_SOME => Some(!self.is_none(def, variant)),
                    _ => None,
                }
            }
            _ => match self.known(expr, budget)? {
                Given::Bool(value) => Some(value),
                _ => None,
            },
        }
    }

    fn compared(&self, lhs: ExprId, rhs: ExprId) -> Option<bool> {
        let analysis = self.analysis();
        let order = match (self.known(lhs, BUDGET)?, self.known(rhs, BUDGET)?) {
            (Given::Bool(left), Given::Bool(right)) => left.cmp(&right),
            (Given::Int(left), Given::Int(right)) => left.cmp(&right),
            // What the variants hold, or how `==` is written, may differ.
            _ => return None,
        };
        let between = Span::new(analysis.body.expr(lhs).span.end, analysis.body.expr(rhs).span.start);
        match self.cx.program.text(analysis.body.loc(between)).trim() {
            "==" => Some(order == Ordering::Equal),
            "!=" => Some(order != Ordering::Equal),
            _ => None,
        }
    }

    /// Whether a pattern fits a value.
    fn fits(&self, pat: PatId, value: Given) -> Option<bool> {
        let analysis = self.analysis();
        let view = self.cx.view(self.body);
        let fits_all = |pat: PatId| view.is_irrefutable(pat);
        let is_variant =
            analysis.types.pat_variants.get(&pat).map(|(def, variant)| Given::Variant(*def, *variant) == value);
        match &analysis.body.pat(pat).kind {
            Pat::Wild | Pat::Rest => Some(true),
            Pat::Bind { sub, .. } => sub.map_or(Some(true), |sub| self.fits(sub, value)),
            Pat::Ref(inner) => self.fits(*inner, value),
            Pat::Literal(Literal::Bool(own)) => Some(Given::Bool(*own) == value),
            // The sign is not kept.
            Pat::Literal(Literal::Int(own)) if Given::Int(*own) == value => {
                let text = self.cx.program.text(analysis.body.loc(analysis.body.pat(pat).span));
                (!text.starts_with('-')).then_some(true)
            }
            Pat::Literal(Literal::Int(_)) => Some(false),
            Pat::Or(pats) => {
                let all: SmallVec<[Option<bool>; 4]> = pats.iter().map(|pat| self.fits(*pat, value)).collect();
                match () {
                    () if all.contains(&Some(true)) => Some(true),
                    () if all.iter().all(|fits| *fits == Some(false)) => Some(false),
                    () => None,
                }
            }
            Pat::Path(_) => is_variant,
            Pat::TupleStruct { pats, .. } => match is_variant? {
                true => pats.iter().all(|pat| fits_all(*pat)).then_some(true),
                false => Some(false),
            },
            Pat::Struct { fields, .. } => match is_variant? {
                true => fields.iter().all(|(_, pat)| fits_all(*pat)).then_some(true),
                false => Some(false),
            },
            _ => None,
        }
    }
}
