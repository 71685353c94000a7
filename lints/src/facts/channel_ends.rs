//! Whether a sender and a receiver certainly belong to different channels, though the messages are of one type: a stage of a
//! pipeline receives from one and sends into the next.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use crate::model::{BodyId, FieldRef, PatParent};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// How many functions an end is followed back through.
const CALL_DEPTH: u32 = 2;

/// The channels that an end may be of: the body and the sender that they were made with.
type Origins = Vec<(BodyId, LocalId)>;

impl Context<'_> {
    /// Whether a local that a closure captures is the sender of a channel that is not the receiver's.
    pub(super) fn is_of_other_channel(&self, analysis: &Analysis<'_>, sender: LocalId, receiver: Place) -> bool {
        let Place::Local(body, receiver) = receiver else { return false };
        if !self.roles().says(&self.roles().pointee(analysis.types.local(sender)), word::SENDER) {
            return false;
        }
        let of_sender = self.channels_of(analysis, sender, CALL_DEPTH);
        are_apart(of_sender, || self.channels_of(self.analysis(body), receiver, CALL_DEPTH))
    }

    /// Whether every struct literal puts ends of different channels into two fields.
    pub(super) fn are_of_other_channels(&self, sender: FieldRef, receiver: FieldRef) -> bool {
        let (Some(sending), Some(receiving)) = (self.field(sender), self.field(receiver)) else { return false };
        if self.is_mentioned_unread(self.program.name(sender.adt)) {
            return false;
        }
        let mut made = false;
        for body in self.bodies_mentioning(&[sending.name]) {
            let analysis = self.analysis(body.id);
            let assigned = analysis.body.ir.exprs.iter().any(|data| match &data.kind {
                Expr::Assign { target, .. } => {
                    analysis.types.fields.get(target).is_some_and(|(own, _)| *own == sender || *own == receiver)
                }
                _ => false,
            });
            if assigned {
                return false;
            }
            for (literal, target) in &analysis.types.literals {
                if *target != (sender.adt, sender.variant) {
                    continue;
                }
                let Expr::Struct(data) = analysis.expr(*literal) else { return false };
                let of = |name| {
                    let (_, _, value) = data.fields.iter().find(|(own, _, _)| *own == name)?;
                    self.channels_of_value(analysis, *value, CALL_DEPTH)
                };
                if !are_apart(of(sending.name), || of(receiving.name)) {
                    return false;
                }
                made = true;
            }
        }
        made
    }

    fn channels_of_value(&self, analysis: &Analysis<'_>, value: ExprId, depth: u32) -> Option<Origins> {
        match self.place(analysis, value)? {
            Place::Local(body, local) if body == analysis.body.id => self.channels_of(analysis, local, depth),
            _ => None,
        }
    }

    /// The channels that an end in a local may be of, where all are known.
    fn channels_of(&self, analysis: &Analysis<'_>, local: LocalId, depth: u32) -> Option<Origins> {
        let body = analysis.body.id;
        let used = analysis.tree.uses(local).first();
        let local = match used.and_then(|used| self.place(analysis, *used)) {
            Some(Place::Local(own, origin)) if own == body => origin,
            Some(_) => return None,
            None => local,
        };
        if let Some(channel) = self.channels(analysis).find(|own| own.sender == local || own.receiver == local) {
            return Some(vec![(body, channel.sender)]);
        }
        let PatParent::Param(index) = analysis.tree.pat_parent(analysis.tree.binding(local)?) else { return None };
        let depth = depth.checked_sub(1)?;
        let mut origins = Origins::new();
        for (caller, call) in self.known_calls(analysis.body.owner)? {
            let caller = self.analysis(caller);
            let shift = usize::from(
                matches!(caller.expr(call), Expr::Call { .. }) && caller.receiver(self.program, call).is_some(),
            );
            let arg = caller.args(call).get(index as usize + shift)?;
            origins.extend(self.channels_of_value(caller, *arg, depth)?);
        }
        (!origins.is_empty()).then_some(origins)
    }
}

fn are_apart(one: Option<Origins>, other: impl FnOnce() -> Option<Origins>) -> bool {
    one.is_some_and(|one| other().is_some_and(|other| one.iter().all(|origin| !other.contains(origin))))
}
