//! What a message does to the thread that gets it: whether the loops that take it end, or go on as with any other.
//!
//! A `send` in a function that is called `close` may close one stream of many, or only make the thread write out what it has.
//! The loops are executed in a world where that message is all that ever comes.

use super::context::{Analysis, Context};
use super::exec::{LoopFacts, Message, StepKind};
use super::place::Place;
use super::shares::Shares;
use super::threads::Thread;
use crate::model::{BodyId, FieldRef};
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashMap;

/// What is known of [`Context::goes_on_after`]: by the start of the thread and the call that sends.
pub(super) type KnownDeliveries = std::sync::Mutex<FxHashMap<(BodyId, ExprId, BodyId, ExprId), bool>>;

impl Context<'_> {
    /// Whether a thread certainly goes on after it got the message that a call sends into a channel of its own.
    pub(super) fn goes_on_after(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        sender: FieldRef,
        shares: &Shares,
    ) -> bool {
        let Some((body, start)) = shares.thread else { return false };
        let key = (body, start, analysis.body.id, call);
        if let Ok(known) = self.known_deliveries.lock()
            && let Some(goes_on) = known.get(&key)
        {
            return *goes_on;
        }
        let thread = self.threads().iter().find(|thread| (thread.spawn.body, thread.spawn.call) == (body, start));
        let goes_on = thread.is_some_and(|thread| self.takes_no_notice(thread, sender, &self.sent_by(analysis, call)));
        if let Ok(mut known) = self.known_deliveries.lock() {
            known.insert(key, goes_on);
        }
        goes_on
    }

    fn takes_no_notice(&self, thread: &Thread, sender: FieldRef, message: &Message) -> bool {
        let before = &thread.execution;
        let receivers = self.receivers_in(thread);
        let (own, others): (Vec<Place>, Vec<Place>) =
            receivers.into_iter().partition(|place| self.sender_fields(*place).contains(&sender));
        if before.gave_up || own.is_empty() {
            return false;
        }
        let mut world = thread.world.clone();
        world.io_works = true;
        world.silent.extend(others);
        world.delivered = own.iter().map(|place| (*place, message.clone())).collect();
        let after = self.execute(thread.spawn.entry, &world);
        let takes = |facts: &LoopFacts| {
            facts.steps.iter().any(|step| receives(step.kind) && step.place.is_some_and(|place| own.contains(&place)))
        };
        let mut stays = false;
        for (key, _) in before.loops.iter().filter(|(_, facts)| takes(facts)) {
            // A loop that is not reached any more may be the one that the message is meant for.
            let Some(with) = after.get(*key).filter(|with| takes(with)) else { return false };
            stays |= with.exits.is_empty();
        }
        stays && !after.gave_up
    }

    /// The receivers that the loops of a thread take messages from.
    fn receivers_in(&self, thread: &Thread) -> Vec<Place> {
        let steps = thread.execution.loops.iter().flat_map(|(_, facts)| &facts.steps);
        let mut places: Vec<Place> = steps.filter(|step| receives(step.kind)).filter_map(|step| step.place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// What a call sends.
    fn sent_by(&self, analysis: &Analysis<'_>, call: ExprId) -> Message {
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let Some(mut sent) = analysis.args(call).get(usize::from(by_path)).copied() else { return Message::default() };
        if let Expr::Local(local) = analysis.expr(analysis.peel(sent))
            && let Some(init) = analysis.initializer(*local)
        {
            sent = init;
        }
        self.value_sent(analysis, sent)
    }
}

fn receives(kind: StepKind) -> bool {
    matches!(kind, StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry)
}
