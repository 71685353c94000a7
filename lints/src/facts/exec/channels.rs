//! What a receive gives in a world.

use super::value::Value;
use super::{Exec, StepKind};
use crate::facts::context::Analysis;
use crate::facts::effects::word;
use crate::facts::place::Place;
use crate::model::{DefId, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind};

/// The variants by which the libraries of the catalogue say that the other side is gone.
const DISCONNECTED: [Name; 2] = [Name::of("Disconnected"), Name::of("Closed")];

impl<'a> Exec<'_, 'a> {
    pub(super) fn receive(&mut self, analysis: &Analysis<'a>, expr: ExprId, def: DefId, receiver: ExprId) -> Value {
        let effects = self.cx.effects(def);
        let place = self.place(analysis, receiver);
        let kind = if effects.with(word::RECEIVES, "try") {
            StepKind::ReceiveTry
        } else if effects.with(word::RECEIVES, "timed") {
            StepKind::ReceiveTimed
        } else {
            StepKind::Receive
        };
        let at_each_step = effects.has(word::EACH_STEP);
        // A `for` over it takes the messages itself.
        let is_ticker = self.never_disconnects(analysis, receiver);
        if !at_each_step || !is_run_over(analysis, expr) {
            let paused = is_ticker && kind == StepKind::Receive;
            self.wait(if paused { StepKind::Pause } else { kind }, analysis, expr, Some(receiver));
        }
        let ty = analysis.types.ty(expr);
        if !at_each_step && is_ticker {
            return self.while_connected(kind, ty);
        }
        let Some(place) = place else { return Value::Any };
        if let Some(message) = self.delivery(place) {
            return if at_each_step { Value::Any } else { Value::good_of(message) };
        }
        if at_each_step {
            let is_empty = self.world.disconnected.contains(&place)
                || (kind == StepKind::ReceiveTry && self.world.silent.contains(&place));
            return if is_empty { Value::Empty } else { Value::Any };
        }
        if self.world.disconnected.contains(&place) {
            return self.disconnect_value(ty);
        }
        if self.world.silent.contains(&place) {
            return self.silence(kind, ty);
        }
        if self.world.connected.contains(&place) {
            return self.while_connected(kind, ty);
        }
        Value::Any
    }

    /// The message that a receiver gets, where the world says so.
    pub(super) fn delivery(&self, receiver: Place) -> Option<Value> {
        self.world.delivered.iter().find(|(own, _)| *own == receiver).map(|(_, message)| message.0.clone())
    }

    /// What a receive gives as long as there is a sender.
    fn while_connected(&self, kind: StepKind, ty: &Ty) -> Value {
        match kind {
            StepKind::Receive => Value::good(),
            _ => self.other_error(ty).map_or(Value::Any, |error| Value::good().or(error)),
        }
    }

    /// Whether one of the receivers that a selection waits for has lost its senders: then it is ready, always.
    // ntex-rt's `worker`: `while let Ok(op) = sel.select_timeout(timeout)`
    pub(super) fn selects_disconnected(&self, analysis: &Analysis<'a>, selection: ExprId) -> bool {
        if self.world.disconnected.is_empty() {
            return false;
        }
        let Some(selection) = self.place(analysis, selection) else { return false };
        let mut any = false;
        for (call, callee) in analysis.calls() {
            let on = analysis.receiver(self.cx.program, call).and_then(|on| self.place(analysis, on));
            if on != Some(selection) {
                continue;
            }
            let effects = self.cx.effects(callee);
            let Some(index) = effects.get(word::WATCHES).and_then(|_| effects.index(word::WATCHES)) else {
                match effects.has(word::SELECTS) {
                    true => continue,
                    // What was added may be removed again.
                    false => return false,
                }
            };
            let watched = analysis.args(call).get(index).and_then(|watched| self.place(analysis, *watched));
            any |= watched.is_some_and(|watched| self.world.disconnected.contains(&watched));
        }
        any
    }

    pub(super) fn is_result(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        let adt = analysis.types.ty(expr).adt();
        adt.is_some() && adt == self.cx.program.lang.result
    }

    /// Whether a receiver is one that a library keeps open for ever: a ticker.
    pub(super) fn never_disconnects(&self, analysis: &Analysis<'a>, receiver: ExprId) -> bool {
        let receiver = analysis.peel(receiver);
        let made = match analysis.expr(receiver) {
            Expr::Local(local) => analysis.initializer(*local),
            _ => Some(receiver),
        };
        made.and_then(|made| analysis.callee(made)).is_some_and(|callee| self.cx.effects(callee).has(word::ENDLESS))
    }

    /// What a receive gives once all senders are gone.
    fn disconnect_value(&self, ty: &Ty) -> Value {
        let lang = &self.cx.program.lang;
        match ty {
            Ty::Adt(def, _) if Some(*def) == lang.option => Value::None,
            Ty::Adt(def, args) if Some(*def) == lang.result => {
                let error = args.get(1).and_then(Ty::adt);
                let variant = error.and_then(|error| self.disconnect_variant(error).map(|index| (error, index)));
                Value::error_of(variant.map_or(Value::Any, |(error, index)| Value::Variant(error, index)))
            }
            _ => Value::Any,
        }
    }

    /// What a receive gives on a channel that has a sender but never a message.
    fn silence(&mut self, kind: StepKind, ty: &Ty) -> Value {
        if kind == StepKind::Receive {
            // It waits for ever, which is no way out.
            self.state = None;
            return Value::Any;
        }
        let is_option = ty.adt().is_some() && ty.adt() == self.cx.program.lang.option;
        self.other_error(ty).unwrap_or(if is_option { Value::None } else { Value::Any })
    }

    /// The variant of a library's error that says that the other side is gone.
    fn disconnect_variant(&self, error: DefId) -> Option<u32> {
        let ItemKind::Enum(data) = &self.cx.program.item(error).kind else { return None };
        data.variants.iter().position(|variant| DISCONNECTED.contains(&variant.name)).map(|index| index as u32)
    }

    /// Whether the error of a send says one thing only: that the other side is gone.
    pub(super) fn fails_one_way(&self, ty: &Ty) -> bool {
        let Ty::Adt(def, args) = ty else { return false };
        let error = args.get(1).and_then(Ty::adt).filter(|_| Some(*def) == self.cx.program.lang.result);
        error.is_some_and(
            |error| !matches!(&self.cx.program.item(error).kind, ItemKind::Enum(data) if data.variants.len() > 1),
        )
    }

    /// The one error that a receive can give while a sender is there.
    fn other_error(&self, ty: &Ty) -> Option<Value> {
        let Ty::Adt(_, args) = ty else { return None };
        let error = args.get(1).and_then(Ty::adt)?;
        let ItemKind::Enum(data) = &self.cx.program.item(error).kind else { return None };
        let gone = self.disconnect_variant(error);
        let mut others = (0..data.variants.len() as u32).filter(|index| Some(*index) != gone);
        let only = others.next().filter(|_| others.next().is_none())?;
        Some(Value::error_of(Value::Variant(error, only)))
    }
}

/// Whether a `for` runs over an iterator, perhaps through adaptors.
pub(super) fn is_run_over(analysis: &Analysis<'_>, iter: ExprId) -> bool {
    let mut at = iter;
    loop {
        at = match analysis.tree.parent(at) {
            Parent::ForIter(_) => return true,
            Parent::Receiver(up) | Parent::RefOperand(up) => up,
            _ => return false,
        };
    }
}
