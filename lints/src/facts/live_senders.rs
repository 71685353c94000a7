//! Threads that end only when their channel is disconnected, and joins of them while a sender of it is still alive on the
//! joining side.
//!
//! Three things must hold. The thread, executed where its channel always has a sender, never leaves the loop that receives.
//! Its handle is joined, or its scope ends. And there a sender lives on: a local that is dropped later, or a field of the
//! object whose thread is joined, which nothing takes out before.

use super::channels::{Channel, ChannelEnd, bound};
use super::context::{Analysis, Context};
use super::effects::word;
use super::exec::{ExitKind, Step, StepKind, World};
use super::place::Place;
use super::spawns::{Spawn, SpawnKind};
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, Parent, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Stmt, Visibility};

/// What keeps a channel open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LiveSender {
    /// A local, on every way to the join or only on some.
    Local {
        /// The body.
        body: BodyId,
        /// The local.
        local: LocalId,
        /// On every way.
        surely: bool,
    },
    /// A field of the object whose thread is joined.
    Field(FieldRef),
}

/// How a thread is waited for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum JoinedBy {
    /// By this join.
    Call,
    /// By this call of a scope, at its end.
    Scope,
    /// By the join in the `Drop` of what a local holds, at the end of its scope.
    DropOf(BodyId, LocalId),
    /// By the join in the `Drop` of what a local holds, where this call drops it.
    DroppedBy(BodyId, LocalId, ExprId),
    /// By the join in the `Drop` of what a field holds.
    DropOfField(FieldRef),
}

/// A join that waits for a thread which waits for a sender to go.
#[derive(Clone, Debug)]
pub struct BlockedJoin<'c> {
    /// The thread.
    pub thread: &'c Thread,
    /// Where it receives.
    pub receive: (BodyId, ExprId),
    /// The body of the join.
    pub body: BodyId,
    /// The join, or the call of the scope at whose end the thread is joined.
    pub join: ExprId,
    /// How it comes to that.
    pub by: JoinedBy,
    /// What keeps the channel open.
    pub sender: LiveSender,
}

/// How a thread receives.
#[derive(Clone, Copy)]
enum Receives {
    /// Until the channel is disconnected, and no other way.
    Only((BodyId, ExprId)),
    /// A message, or what becomes of what it sends, may end it too.
    WithOtherEnds,
}

/// A place that waits for a thread.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Join {
    pub(super) body: BodyId,
    pub(super) call: ExprId,
    pub(super) by: JoinedBy,
}

impl Context<'_> {
    /// Every join of a thread that cannot end before a sender on the joining side is dropped, in order.
    pub fn blocked_joins(&self) -> Vec<BlockedJoin<'_>> {
        let mut found: Vec<BlockedJoin<'_>> = Vec::new();
        let channels = self.channels_made();
        if channels.is_empty() {
            return found;
        }
        let drains: Vec<Vec<(Place, (BodyId, ExprId))>> =
            self.threads().iter().map(|thread| self.drained(thread)).collect();
        for channel in &channels {
            let places: Vec<Place> = self.receiving_end(channel).places().collect();
            let mut senders = None;
            for (thread, drains) in self.threads().iter().zip(&drains) {
                let Some(receives) = self.receives_until_the_end(thread, drains, &places) else { continue };
                let senders = senders.get_or_insert_with(|| self.sending_end(channel));
                for join in self.waited_for_at(&thread.spawn) {
                    // A join that is never passed leaves nothing to the scope around it.
                    let is_known = found.iter().any(|own| {
                        let same_thread =
                            (own.thread.spawn.body, own.thread.spawn.call) == (thread.spawn.body, thread.spawn.call);
                        // The join in a `Drop` is of as many threads as there are objects.
                        let by_drop = matches!(own.by, JoinedBy::DropOf(..) | JoinedBy::DroppedBy(..));
                        own.body == join.body
                            && ((own.join == join.call && !by_drop) || (same_thread && join.by == JoinedBy::Scope))
                    });
                    let ends = (channel, &*senders, &places[..]);
                    let blocked = if is_known { None } else { self.live_sender(ends, &thread.spawn, join) };
                    let Some((mut sender, by)) = blocked else { continue };
                    if found.iter().any(|own| own.join == join.call && own.body == join.body && own.by == by) {
                        continue;
                    }
                    let receive = match receives {
                        Receives::Only(receive) => Some(receive),
                        Receives::WithOtherEnds => {
                            let only_here = self.receives_only(thread, &places);
                            let sent = only_here.then(|| self.variants_sent(channel, senders)).flatten();
                            let world = self.world_at(&channels, channel, join, sent.as_deref());
                            self.waits_for_disconnect(thread, &places, world.clone()).or_else(|| {
                                // Only an error of what it writes to would end it.
                                if let LiveSender::Local { surely, .. } = &mut sender {
                                    *surely = false;
                                }
                                self.waits_for_disconnect(thread, &places, World { io_works: true, ..world })
                            })
                        }
                    };
                    let Some(receive) = receive else { continue };
                    found.push(BlockedJoin { thread, receive, body: join.body, join: join.call, by, sender });
                }
            }
        }
        found.sort_by_key(|blocked| (blocked.body, blocked.join));
        found
    }

    /// How a thread receives from the channel with those places as its receiver, where it does until something ends it.
    fn receives_until_the_end(
        &self,
        thread: &Thread,
        drains: &[(Place, (BodyId, ExprId))],
        places: &[Place],
    ) -> Option<Receives> {
        if thread.execution.gave_up {
            return None;
        }
        let receives =
            |step: &Step| step.kind == StepKind::Receive && step.place.is_some_and(|place| places.contains(&place));
        let in_loop = thread.execution.loops.iter().any(|(_, facts)| facts.steps.iter().any(receives));
        if !in_loop {
            let drain = drains.iter().find(|(place, _)| places.contains(place));
            return drain.map(|(_, receive)| Receives::Only(*receive));
        }
        match self.waits_for_disconnect(thread, places, World::default()) {
            Some(receive) => Some(Receives::Only(receive)),
            None => Some(Receives::WithOtherEnds),
        }
    }

    /// The receive of a loop that is never left while the channel has a sender, whatever else is assumed.
    fn waits_for_disconnect(&self, thread: &Thread, places: &[Place], assumed: World) -> Option<(BodyId, ExprId)> {
        let mut connected = thread.world.connected.clone();
        connected.extend(places.iter().copied());
        let execution = self.execute(thread.spawn.entry, &World { connected, ..assumed });
        if execution.gave_up {
            return None;
        }
        execution.loops.iter().find_map(|(key, facts)| {
            // A panic is no way to end.
            let is_end = |(kind, _): &(ExitKind, Loc)| *kind != ExitKind::Panic;
            let ends = facts.exits.iter().any(is_end) || facts.inner_endless;
            let could_end = thread.execution.get(*key)?.exits.iter().any(is_end);
            let asks_flag = facts.steps.iter().any(|step| step.kind == StepKind::Load);
            let receive = facts.steps.iter().find(|step| {
                step.kind == StepKind::Receive && step.place.is_some_and(|place| places.contains(&place))
            })?;
            (!ends && could_end && !asks_flag).then_some((receive.body, receive.call))
        })
    }

    /// What can be assumed of a thread that is joined there: receivers that live on beside it hear what it sends, and
    /// messages that nothing makes before the join do not come.
    fn world_at(&self, channels: &[Channel], channel: &Channel, join: Join, sent: Option<&[u32]>) -> World {
        let analysis = self.analysis(join.body);
        let root = self.flow_root(join.body, join.call);
        let flow = self.flow(join.body, root);
        let mut world = World::default();
        let beside = channels.iter().filter(|other| other.body == join.body && other.call != channel.call);
        for other in beside.filter(|other| self.flow_root(join.body, other.call) == root) {
            let track = self.track_end(analysis, flow, other.receiver, word::RECEIVER);
            if flow.node(join.call).is_some_and(|node| track.is_live(node)) {
                world.heard.extend(self.sending_end(other).places());
            }
        }
        let message = self.message(&self.analysis(channel.body).types.local(channel.receiver).clone());
        if let Some(message) = message.and_then(|message| message.adt()).filter(|adt| self.program.is_user(*adt)) {
            let variants = 0..self.roles().variant_count(message);
            let never = variants.filter(|variant| {
                sent.is_some_and(|sent| !sent.contains(variant)) || !self.may_be_built_before(message, *variant, join)
            });
            world.unbuilt.extend(never.map(|variant| (message, variant)));
        }
        world
    }

    /// Whether all that a thread receives comes by one channel.
    fn receives_only(&self, thread: &Thread, places: &[Place]) -> bool {
        let mut steps = thread.execution.loops.iter().flat_map(|(_, facts)| &facts.steps);
        steps.all(|step| step.kind != StepKind::Receive || step.place.is_some_and(|place| places.contains(&place)))
    }

    /// The variants of the user's enum that are ever sent by a channel, where all sends can be seen.
    fn variants_sent(&self, channel: &Channel, senders: &ChannelEnd) -> Option<Vec<u32>> {
        let message = self.message(&self.analysis(channel.body).types.local(channel.receiver).clone())?.adt()?;
        let is_enum = self.program.is_user(message) && self.roles().variant_count(message) > 1;
        if !is_enum || senders.escapes || !senders.fields.is_empty() {
            return None;
        }
        let mut sent = Vec::new();
        for (body, local) in &senders.locals {
            let analysis = self.analysis(*body);
            for used in analysis.tree.uses(*local) {
                let mut at = *used;
                while let Parent::RefOperand(up) | Parent::DerefOperand(up) = analysis.tree.parent(at) {
                    at = up;
                }
                match analysis.tree.parent(at) {
                    Parent::Receiver(call) => {
                        let effects = self.effects(analysis.callee(call)?);
                        if effects.has(word::SENDS) {
                            sent.push(self.variant_of(analysis, *analysis.args(call).first()?, message)?);
                        } else if !effects.has(word::ALIASES) {
                            return None;
                        }
                    }
                    // Handed on, to what is among the others.
                    Parent::Arg(call, _) => {
                        let callee = analysis.callee(call)?;
                        let is_followed = self.program.is_user(callee)
                            || [word::DROPS, word::ALIASES].iter().any(|word| self.effects(callee).has(*word));
                        if !is_followed {
                            return None;
                        }
                    }
                    Parent::LetInit(..) | Parent::Element(..) | Parent::Stmt(..) => {}
                    _ => return None,
                }
            }
        }
        Some(sent)
    }

    /// The variant of an enum that an expression makes.
    fn variant_of(&self, analysis: &Analysis<'_>, expr: ExprId, adt: DefId) -> Option<u32> {
        let made = match analysis.expr(analysis.peel(expr)) {
            Expr::Path(_) => analysis.value(analysis.peel(expr)),
            Expr::Call { callee, .. } => analysis.value(*callee),
            Expr::Struct(_) => {
                let (own, variant) = analysis.types.literals.get(&analysis.peel(expr))?;
                return (*own == adt).then_some(*variant);
            }
            _ => None,
        };
        match made? {
            ValueRef::Constructor(own, variant) if own == adt => Some(variant),
            _ => None,
        }
    }

    /// Whether a variant of an enum may be made before a join: anywhere but behind it in its own function.
    fn may_be_built_before(&self, adt: DefId, variant: u32, join: Join) -> bool {
        let ItemKind::Enum(data) = &self.program.item(adt).kind else { return true };
        let Some(declared) = data.variants.get(variant as usize) else { return true };
        let exported = self.program.item(adt).vis == Visibility::Public
            && self.program.krate(adt).is_none_or(|krate| krate.is_public_api);
        if exported || self.is_mentioned_unread(self.program.name_text(adt, declared.name)) {
            return true;
        }
        let flow = self.flow(join.body, self.flow_root(join.body, join.call));
        let Some(node) = flow.node(join.call) else { return true };
        self.bodies_mentioning(&[declared.name]).any(|body| {
            let analysis = self.analysis(body.id);
            let hidden = body.ir.exprs.iter().any(|data| match &data.kind {
                Expr::Macro(call) => !call.parsed && call.tokens.names.binary_search(&declared.name).is_ok(),
                _ => false,
            });
            let values = analysis.types.values.iter().filter(|(_, own)| **own == ValueRef::Constructor(adt, variant));
            let literals = analysis.types.literals.iter().filter(|(_, own)| **own == (adt, variant));
            let mut built = values.map(|(expr, _)| *expr).chain(literals.map(|(expr, _)| *expr));
            let is_behind = |expr: ExprId| {
                body.id == join.body && flow.node_around(&analysis.tree, expr).is_some_and(|at| !flow.reaches(at, node))
            };
            hidden || built.any(|expr| !is_behind(expr))
        })
    }

    /// The receivers that a thread's own code runs to their end by an adaptor, with the call: `rx.iter().sum()`.
    fn drained(&self, thread: &Thread) -> Vec<(Place, (BodyId, ExprId))> {
        let Some((body, root)) = thread.spawn.entry.code(self) else { return Vec::new() };
        let analysis = self.analysis(body);
        let drained = analysis.parts(root).filter_map(|expr| {
            let callee = analysis.callee(expr).filter(|callee| !self.program.is_user(*callee))?;
            let in_trait = self.program.def(callee).parent == self.program.lang.iterator;
            if !in_trait || !DRAINS.contains(&self.program.item(callee).name) {
                return None;
            }
            let mut at = analysis.receiver(self.program, expr)?;
            for _ in 0..8 {
                let callee = analysis.callee(at)?;
                let receiver = analysis.receiver(self.program, at)?;
                let effects = self.effects(callee);
                if effects.with(word::RECEIVES, "blocking") && effects.has(word::EACH_STEP) {
                    return Some((self.place(analysis, receiver)?, (body, at)));
                }
                if !KEEPS_GOING.contains(&self.program.item(callee).name) {
                    return None;
                }
                at = receiver;
            }
            None
        });
        drained.collect()
    }

    /// Where the end of a thread is waited for.
    fn waited_for_at(&self, spawn: &Spawn) -> Vec<Join> {
        let spawns = self.spawns();
        let mut joins: Vec<Join> = Vec::new();
        for site in &spawns.handles {
            let is_it = spawns.behind(*site).is_some_and(|own| (own.body, own.call) == (spawn.body, spawn.call));
            if !is_it {
                continue;
            }
            let fate = self.full_fate(&self.fate(site.body, site.call));
            joins.extend(fate.joins().filter_map(|loc| {
                let (body, call) = self.call_at(loc)?;
                Some(Join { body, call, by: JoinedBy::Call })
            }));
        }
        if spawn.kind == SpawnKind::Scoped {
            joins.extend(self.scoped_joins(spawn));
        }
        joins.sort_unstable();
        joins.dedup();
        joins
    }

    /// The joins of a scoped thread's handle in the function that starts it, and the end of the scope.
    fn scoped_joins(&self, spawn: &Spawn) -> Vec<Join> {
        let analysis = self.analysis(spawn.body);
        let mut joins = Vec::new();
        let handle = analysis.let_around(spawn.call).and_then(|(block, index)| {
            let Expr::Block(block) = analysis.expr(block) else { return None };
            match block.stmts.get(index as usize)? {
                Stmt::Let { pat, .. } => bound(analysis.body, *pat),
                Stmt::Expr { .. } => None,
            }
        });
        for used in handle.map_or(&[][..], |handle| analysis.tree.uses(handle)) {
            if let Parent::Receiver(call) = analysis.tree.parent(*used)
                && analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::JOINS))
            {
                joins.push(Join { body: spawn.body, call, by: JoinedBy::Call });
            }
        }
        let scope = analysis
            .tree
            .ancestors(spawn.call)
            .find(|around| analysis.callee(*around).is_some_and(|callee| self.effects(callee).has(word::SCOPE)));
        joins.extend(scope.map(|call| Join { body: spawn.body, call, by: JoinedBy::Scope }));
        joins
    }

    /// Where the loop or receive of a thread is, for the story.
    pub fn receive_loc(&self, (body, call): (BodyId, ExprId)) -> Loc {
        self.analysis(body).call_loc(call)
    }
}

/// What runs an iterator to its end.
const DRAINS: [Name; 9] = [
    Name::of("sum"),
    Name::of("product"),
    Name::of("count"),
    Name::of("last"),
    Name::of("for_each"),
    Name::of("fold"),
    Name::of("collect"),
    Name::of("max"),
    Name::of("min"),
];

/// Adaptors that end only when what they adapt does.
const KEEPS_GOING: [Name; 10] = [
    Name::of("map"),
    Name::of("filter"),
    Name::of("filter_map"),
    Name::of("enumerate"),
    Name::of("inspect"),
    Name::of("skip"),
    Name::of("cloned"),
    Name::of("copied"),
    Name::of("flatten"),
    Name::of("flat_map"),
];
