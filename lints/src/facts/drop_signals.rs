//! What a type's `Drop` does to end a thread, and what nothing but that `Drop` does.
//!
//! A flag is set, a sender is let go of, a message of a kind that is sent nowhere else, or the only message of a channel. What
//! anything else in the program may do as well, an explicit stop above all, is left out.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use crate::model::{BodyId, DefId, FieldRef, Ty, ValueRef};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, ItemKind, Literal, Visibility};

const HELPER_DEPTH: u32 = 2;
const CALLER_DEPTH: u32 = 3;

/// How a `Drop` tells a thread to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    /// It gives a flag another value than this.
    Flag(Place, bool),
    /// It lets go of the sender in a field.
    Sender(FieldRef),
    /// It sends the only message that ever goes through the sender in a field.
    First(FieldRef),
    /// It sends a message, or leaves a state, that nothing else makes: a variant of an enum.
    Variant(DefId, u32),
}

/// What a `Drop` does.
#[derive(Debug, Default)]
pub(super) struct Drops {
    /// The signals, and where it gives them.
    pub(super) signals: Vec<(Signal, Loc)>,
    /// Where it joins, if it does.
    pub(super) joins: Option<Loc>,
    /// What it runs: itself first, then its helpers.
    bodies: Vec<BodyId>,
}

impl Context<'_> {
    /// What the `Drop` of a type does that nothing else does.
    pub(super) fn drop_signals(&self, adt: DefId) -> Drops {
        let mut drops = self.drop_acts(adt);
        let Drops { signals, bodies, .. } = &mut drops;
        signals.retain(|(signal, _)| self.is_given_only_by(*signal, bodies));
        drops
    }

    /// What the `Drop` of a type does to end a thread.
    pub(super) fn drop_acts(&self, adt: DefId) -> Drops {
        self.program.drop_function(adt).map_or_else(Drops::default, |function| self.acts_of(function))
    }

    /// What a function does to end a thread.
    pub(super) fn acts_of(&self, function: DefId) -> Drops {
        let mut drops = Drops::default();
        if let Some(body) = self.program.body_of(function) {
            self.read_drop(body, HELPER_DEPTH, &mut drops);
        }
        drops
    }

    /// What a body does, with the functions of the user's that it calls.
    fn read_drop(&self, body: BodyId, depth: u32, drops: &mut Drops) {
        if drops.bodies.contains(&body) {
            return;
        }
        drops.bodies.push(body);
        let analysis = self.analysis(body);
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let expr = ExprId(index);
            if let Expr::Assign { target, value, compound: false } = analysis.expr(expr) {
                let signal = self.assigned_signal(analysis, *target, *value);
                drops.signals.extend(signal.map(|signal| (signal, analysis.body.expr_loc(*target))));
                continue;
            }
            let Some(callee) = analysis.callee(expr) else { continue };
            if self.program.is_user(callee) {
                if let Some(inner) = self.program.body_of(callee).filter(|_| depth > 0) {
                    self.read_drop(inner, depth - 1, drops);
                }
                continue;
            }
            let loc = analysis.call_loc(expr);
            if self.effects(callee).has(word::JOINS) {
                drops.joins = drops.joins.or(Some(loc));
            }
            drops.signals.extend(self.called_signal(analysis, expr, callee).map(|signal| (signal, loc)));
        }
    }

    /// `*self.stop.lock() = true`, `self.sender = None`, `state.phase = Phase::Stopped`
    fn assigned_signal(&self, analysis: &Analysis<'_>, target: ExprId, value: ExprId) -> Option<Signal> {
        match analysis.expr(value) {
            Expr::Literal(Literal::Bool(value)) => match self.place(analysis, target)? {
                place @ Place::Field(_) => Some(Signal::Flag(place, !*value)),
                _ => None,
            },
            Expr::Path(_) | Expr::Call { .. } | Expr::Struct(_) => match self.built(analysis, value)? {
                (adt, _) if Some(adt) == self.program.lang.option => {
                    self.sender_field(analysis, target).map(Signal::Sender)
                }
                (adt, variant) => self.is_plain_enum(adt).then_some(Signal::Variant(adt, variant)),
            },
            _ => None,
        }
    }

    fn called_signal(&self, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Option<Signal> {
        let effects = self.effects(callee);
        let receiver = analysis.receiver(self.program, call).or_else(|| analysis.args(call).first().copied())?;
        if effects.has(word::SENDS) {
            let shift = usize::from(matches!(analysis.expr(call), Expr::Call { .. }));
            let message = *analysis.args(call).get(shift)?;
            return match self.built(analysis, message) {
                Some((adt, variant)) if self.is_plain_enum(adt) => Some(Signal::Variant(adt, variant)),
                _ => self.sender_field(analysis, receiver).map(Signal::First),
            };
        }
        if let Some(value) = self.stored_flag(analysis, call, callee) {
            let place = self.place(analysis, receiver)?;
            return Some(Signal::Flag(place, !value));
        }
        match effects.has(word::TAKES) {
            true => self.sender_field(analysis, receiver).map(Signal::Sender),
            false => None,
        }
    }

    /// The variant that an expression makes.
    fn built(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<(DefId, u32)> {
        let constructor = match analysis.expr(expr) {
            Expr::Path(_) => expr,
            Expr::Call { callee, .. } => *callee,
            Expr::Struct(_) => return analysis.types.literals.get(&expr).copied(),
            _ => return None,
        };
        match analysis.value(constructor)? {
            ValueRef::Constructor(adt, variant) => Some((adt, variant)),
            _ => None,
        }
    }

    /// Whether an enum's values are made by the user's crates alone.
    fn is_plain_enum(&self, adt: DefId) -> bool {
        let item = self.program.item(adt);
        let is_enum = self.program.is_user(adt) && matches!(item.kind, ItemKind::Enum(_));
        let is_open = item.vis == Visibility::Public && self.program.krate(adt).is_none_or(|krate| krate.is_public_api);
        is_enum && !is_open
    }

    /// The value that a flag has after a call, where the call says so.
    fn stored_flag(&self, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Option<bool> {
        let effects = self.effects(callee);
        if effects.has(word::FLAG_CANCEL) {
            return Some(true);
        }
        if !effects.has(word::FLAG_STORE) && !effects.has(word::FLAG_UPDATE) {
            return None;
        }
        match analysis.expr(*analysis.args(call).first()?) {
            Expr::Literal(Literal::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The field with a sender that an expression reads.
    fn sender_field(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<FieldRef> {
        let Place::Field(field) = self.place(analysis, expr)? else { return None };
        self.message_of(field).map(|_| field)
    }

    /// The message type of the sender in a field.
    pub(super) fn message_of(&self, field: FieldRef) -> Option<Ty> {
        let ty = self.program.field_types(field.adt, field.variant).get(field.index as usize)?;
        let mut message = None;
        let roles = self.roles();
        let mut sends = |ty: &Ty| {
            if roles.says(ty, word::SENDER) {
                message = ty.args().first().cloned();
            }
            message.is_some()
        };
        roles.owns(ty, &mut sends, false, 6);
        message
    }

    // What others do.

    fn is_given_only_by(&self, signal: Signal, bodies: &[BodyId]) -> bool {
        match signal {
            Signal::Flag(place, until) => !self.is_set_elsewhere(place, until, bodies),
            Signal::Sender(field) => {
                let own: Vec<BodyId> =
                    bodies.iter().copied().filter(|body| self.only_drop_runs(*body, bodies, CALLER_DEPTH)).collect();
                !self.is_public_field(field) && !self.is_cut_outside(field, &own)
            }
            Signal::First(field) => self.is_used_only_by(field, bodies),
            Signal::Variant(adt, variant) => !self.is_built_elsewhere(adt, variant, bodies),
        }
    }

    /// Whether anything but `Drop` gives a flag the value that ends the thread, or may.
    fn is_set_elsewhere(&self, place: Place, until: bool, by_drop: &[BodyId]) -> bool {
        let Place::Field(field) = place else { return true };
        if let Some(flag) = self.plain_flag(field) {
            let resets = |value: Option<bool>| value == Some(until);
            let by_others = |(body, _, value): &(BodyId, ExprId, Option<bool>)| {
                !resets(*value) && !self.only_drop_runs(*body, by_drop, CALLER_DEPTH)
            };
            return flag.escapes || flag.initial.contains(&!until) || flag.stores.iter().any(by_others);
        }
        let life = self.flag_life(place);
        if life.escapes || life.initial_unknown {
            return true;
        }
        let Some(name) = self.field(field).map(|field| field.name) else { return true };
        let mut seen = 0;
        for body in self.bodies_mentioning(&[name]) {
            let analysis = self.analysis(body.id);
            for (call, callee) in analysis.calls() {
                let effects = self.effects(callee);
                let sets =
                    [word::FLAG_STORE, word::FLAG_UPDATE, word::FLAG_CANCEL].iter().any(|word| effects.has(*word));
                let receiver = analysis.receiver(self.program, call);
                if !sets || receiver.and_then(|receiver| self.place(analysis, receiver)) != Some(place) {
                    continue;
                }
                seen += 1;
                let resets = self.stored_flag(analysis, call, callee) == Some(until);
                if !resets && !self.only_drop_runs(body.id, by_drop, CALLER_DEPTH) {
                    return true;
                }
            }
        }
        // A store that was found through an alias somewhere else.
        life.stores.len() > seen
    }

    /// Whether a field is read by nothing but `Drop`, and the sender in it goes nowhere else.
    fn is_used_only_by(&self, field: FieldRef, by_drop: &[BodyId]) -> bool {
        if self.is_open_field(field) {
            return false;
        }
        self.bodies_touching(&[field]).into_iter().all(|body| {
            let analysis = self.analysis(body.id);
            let is_read = analysis.types.fields.values().any(|(found, _)| *found == field)
                || analysis.types.pat_fields.values().any(|found| *found == field);
            (!is_read || self.only_drop_runs(body.id, by_drop, CALLER_DEPTH)) && self.only_goes_into(analysis, field)
        })
    }

    /// Whether what a body fills a field with is a local that it uses for nothing else.
    fn only_goes_into(&self, analysis: &Analysis<'_>, field: FieldRef) -> bool {
        let name = self.field(field).map(|field| field.name);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).all(|expr| {
            let Expr::Struct(literal) = analysis.expr(expr) else { return true };
            if analysis.types.literals.get(&expr) != Some(&(field.adt, field.variant)) {
                return true;
            }
            literal.fields.iter().filter(|(own, _, _)| Some(*own) == name).all(|(_, _, value)| {
                let mut value = *value;
                // `Some(sender)`, `Mutex::new(sender)`
                while let Expr::Call { args, .. } = analysis.expr(value)
                    && let [only] = &**args
                {
                    value = *only;
                }
                matches!(analysis.expr(value), Expr::Local(local) if analysis.tree.uses(*local).len() == 1)
            })
        })
    }

    fn is_built_elsewhere(&self, adt: DefId, variant: u32, by_drop: &[BodyId]) -> bool {
        let ItemKind::Enum(data) = &self.program.item(adt).kind else { return true };
        let Some(variant_data) = data.variants.get(variant as usize) else { return true };
        let name = self.program.name_text(adt, variant_data.name);
        if self.is_mentioned_unread(name) {
            return true;
        }
        self.bodies_mentioning(&[variant_data.name]).any(|body| {
            let analysis = self.analysis(body.id);
            let builds = analysis.types.values.values().any(|value| *value == ValueRef::Constructor(adt, variant))
                || analysis.types.literals.values().any(|literal| *literal == (adt, variant));
            let hidden = |expr: &crate::syntax::ir::ExprData| match &expr.kind {
                Expr::Macro(call) => !call.parsed && call.tokens.names.binary_search(&variant_data.name).is_ok(),
                _ => false,
            };
            (builds && !self.only_drop_runs(body.id, by_drop, CALLER_DEPTH)) || body.ir.exprs.iter().any(hidden)
        })
    }

    /// Whether a body is `Drop` itself, the first of `by_drop`, or runs only when `Drop` does.
    pub(super) fn only_drop_runs(&self, body: BodyId, by_drop: &[BodyId], depth: u32) -> bool {
        if by_drop.first() == Some(&body) {
            return true;
        }
        if depth == 0 || !by_drop.contains(&body) {
            return false;
        }
        let calls = self.known_calls(self.program.body(body).owner);
        calls.is_some_and(|calls| calls.iter().all(|(caller, _)| self.only_drop_runs(*caller, by_drop, depth - 1)))
    }
}
