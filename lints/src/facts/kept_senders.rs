//! Where a sender of a channel is still alive when a thread is joined: in a local that is dropped later, or in a field of
//! the object whose thread it is.
//!
//! Locals are followed on the flow graph, through the closures between them and the join. A field stands for itself in
//! every instance, so that it counts only where nothing in the crate ever takes its sender out before the join.

use super::channels::{Channel, ChannelEnd, bound, root_pattern};
use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::live_senders::{Join, JoinedBy, LiveSender};
use super::origins::{conditions, mentions, sources};
use super::place::Place;
use super::spawns::Spawn;
use crate::model::flow::{Action, CallRole, End, EndKind, Flow, FlowRoot, Follow, NodeId, Track, TrackStart, Use};
use crate::model::{BodyId, DefId, FieldRef, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, PatId, Stmt};

/// How many types deep a field's owner is looked for.
const OWNER_DEPTH: u32 = 3;

impl Context<'_> {
    /// A sender that certainly lives on where a thread is joined, and how that comes about.
    pub(super) fn live_sender(
        &self,
        (channel, senders, receivers): (&Channel, &ChannelEnd, &[Place]),
        spawn: &Spawn,
        join: Join,
    ) -> Option<(LiveSender, JoinedBy)> {
        let analysis = self.analysis(join.body);
        if self.is_asked_first(analysis, join.call) {
            return None;
        }
        let local = senders.locals.iter().find_map(|(body, local)| {
            let is_own = *body == join.body
                && self.owns_sender_itself(analysis.types.local(*local))
                && (channel.body == join.body || self.comes_with_handle(analysis, *local, join.call));
            let surely = if is_own { self.local_lives(analysis, *local, spawn, join)? } else { return None };
            Some(LiveSender::Local { body: *body, local: *local, surely })
        });
        if let Some(local) = local {
            return Some((local, join.by));
        }
        if join.by == JoinedBy::Scope {
            return None;
        }
        let mut fields: Vec<FieldRef> = senders.fields.iter().map(|(field, _, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        if let Some(local) = self.sender_beside(analysis, &fields, join) {
            return Some((LiveSender::Local { body: join.body, local, surely: false }, join.by));
        }
        if let Some(field) = fields.iter().find(|field| self.field_lives(analysis, **field, join)) {
            return Some((LiveSender::Field(*field), join.by));
        }
        let joiner = self.owner_of(analysis.body.owner).filter(|_| self.is_drop(analysis.body.owner))?;
        self.keepers(joiner, channel, receivers, spawn)
            .into_iter()
            .find_map(|(body, keeper, block)| self.dropped_first((body, keeper, block), senders, join))
            .or_else(|| self.declared_first(joiner, &fields, join))
    }

    /// Whether a join is made only if the thread has ended: `if handle.is_finished()`.
    fn is_asked_first(&self, analysis: &Analysis<'_>, join: ExprId) -> bool {
        conditions(analysis, join).into_iter().any(|tested| {
            mentions(analysis, tested, &mut |part| {
                analysis.callee(part).is_some_and(|callee| self.effects(callee).has(word::OBSERVES))
                    && *analysis.types.ty(part) == Ty::BOOL
            })
        })
    }

    /// The locals that hold the joiner of a thread, with their blocks: the `let` starts the thread itself, or gives the receiver
    /// to what does.
    fn keepers(
        &self,
        joiner: DefId,
        channel: &Channel,
        receivers: &[Place],
        spawn: &Spawn,
    ) -> Vec<(BodyId, LocalId, ExprId)> {
        let analysis = self.analysis(channel.body);
        let given = receivers.iter().filter_map(|place| match place {
            Place::Local(body, local) if *body == channel.body => Some(*local),
            _ => None,
        });
        let given = given.flat_map(|local| analysis.tree.uses(local)).map(|used| (channel.body, *used));
        let mut found = Vec::new();
        for (body, start) in [(spawn.body, spawn.call)].into_iter().chain(given) {
            let analysis = self.analysis(body);
            let around = analysis.tree.ancestors(start).chain([start]).find_map(|up| match analysis.tree.parent(up) {
                Parent::LetInit(block, index) => Some((block, index)),
                _ => None,
            });
            let Some((block, index)) = around else { continue };
            let Expr::Block(data) = analysis.expr(block) else { continue };
            let Some(Stmt::Let { pat, .. }) = data.stmts.get(index as usize) else { continue };
            let Some(keeper) = bound(analysis.body, *pat) else { continue };
            let mut is_joiner = |ty: &Ty| ty.adt() == Some(joiner);
            if self.roles().owns(analysis.types.local(keeper), &mut is_joiner, true, 4) {
                found.push((body, keeper, block));
            }
        }
        found
    }

    /// What holds the joiner is dropped before a local that holds a sender: it was declared after it, or is dropped by hand.
    fn dropped_first(
        &self,
        (body, keeper, block): (BodyId, LocalId, ExprId),
        senders: &ChannelEnd,
        join: Join,
    ) -> Option<(LiveSender, JoinedBy)> {
        let analysis = self.analysis(body);
        let flow = self.flow(body, self.flow_root(body, block));
        let role = |role: Parent| self.role_for_sender(analysis, role);
        let follow = Follow { role: &role, holds: &|_| true, into_structs: false };
        let track = flow.track(self.view(body), TrackStart::Local(keeper), &follow);
        let is_end = |end: &&End| end.kind != EndKind::Absent && end.kind != EndKind::Dropped;
        let (node, by) = match &track.ends.iter().filter(is_end).collect::<Vec<_>>()[..] {
            [] => {
                let (node, _) = flow.nodes().find(|(_, action)| *action == Action::DropLocal(keeper))?;
                (node, JoinedBy::DropOf(body, keeper))
            }
            [End { node, kind: EndKind::DroppedExplicitly(call) }] => (*node, JoinedBy::DroppedBy(body, keeper, *call)),
            _ => return None,
        };
        let (body, local) = senders.locals.iter().find(|(own, local)| {
            *own == body
                && analysis.body.local(*local).closure == analysis.body.local(keeper).closure
                && self.owns_sender_itself(analysis.types.local(*local))
                && self.track_end(analysis, flow, *local, word::SENDER).is_live(node)
        })?;
        let sender = LiveSender::Local { body: *body, local: *local, surely: false };
        (join.body != *body).then_some((sender, by))
    }

    /// A field that holds the joiner, and is dropped before the field with the sender: it is declared before it.
    fn declared_first(&self, joiner: DefId, fields: &[FieldRef], join: Join) -> Option<(LiveSender, JoinedBy)> {
        fields.iter().find_map(|field| {
            let keeper = (0..field.index).map(|index| FieldRef { index, ..*field }).find(|own| {
                let owns = self.ownership().of_field(*own).iter();
                owns.into_iter().any(|owns| owns.target == joiner && owns.strong.is_none() && !owns.through_dyn)
            })?;
            let ty = self.field_type(*field)?;
            let shared =
                ty.any(&mut |part| self.roles().says(part, word::STRONG) || self.roles().says(part, word::WEAK));
            let lives = self.owns_sender_itself(ty)
                && !shared
                && !self.is_public_field(*field)
                && !self.may_lose_sender_outside(*field, join.body);
            lives.then_some((LiveSender::Field(*field), JoinedBy::DropOfField(keeper)))
        })
    }

    /// A local that the pattern which gave the joined handle bound to the sender beside it.
    fn sender_beside(&self, analysis: &Analysis<'_>, fields: &[FieldRef], join: Join) -> Option<LocalId> {
        let mut pats: Vec<_> =
            analysis.types.pat_fields.iter().filter(|(_, field)| fields.contains(field)).map(|(pat, _)| *pat).collect();
        pats.sort_unstable();
        let flow = self.flow(join.body, self.flow_root(join.body, join.call));
        let node = flow.node(join.call)?;
        pats.into_iter().filter_map(|pat| bound(analysis.body, pat)).find(|local| {
            self.owns_sender_itself(analysis.types.local(*local))
                && self.comes_with_handle(analysis, *local, join.call)
                && self.held_at_node(analysis, flow, *local, node).is_some()
        })
    }

    /// Whether a local was bound by the same pattern as the handle that is joined.
    fn comes_with_handle(&self, analysis: &Analysis<'_>, local: LocalId, join: ExprId) -> bool {
        let Some(handle) = analysis.receiver(self.program, join) else { return false };
        let pattern = root_pattern(analysis, local);
        let behind = sources(self, analysis, &[handle], &|_| false);
        pattern.is_some() && behind.iter().any(|own| *own != local && root_pattern(analysis, *own) == pattern)
    }

    /// Whether a local still holds its sender at a join: on every way there (true), or on some.
    fn local_lives(&self, analysis: &Analysis<'_>, local: LocalId, spawn: &Spawn, join: Join) -> Option<bool> {
        let home = match analysis.body.local(local).closure {
            Some(closure) => FlowRoot::Closure(closure),
            None => FlowRoot::Body,
        };
        // Each graph between the sender's own and that of the join borrows it, or takes it along.
        let mut root = self.flow_root(join.body, join.call);
        let mut at = join.call;
        loop {
            let flow = self.flow(join.body, root);
            let node = flow.node(at)?;
            let closure = match root {
                _ if root == home && self.hands_over(analysis, local, at) => return None,
                _ if root == home => return self.held_at_node(analysis, flow, local, node),
                FlowRoot::Closure(closure) => closure,
                FlowRoot::Body => return None,
            };
            // The thread's own code, or another's: what it took along is its own affair.
            if self.spawns().all.iter().any(|own| own.entry == Entry::Closure(join.body, closure)) {
                return None;
            }
            if self.view(join.body).is_moved_into(closure, local) {
                let mentioned = analysis.tree.uses(local).iter().any(|used| analysis.tree.is_inside(*used, closure));
                return match mentioned && join.by == JoinedBy::Call {
                    true => self.held_at_node(analysis, flow, local, node),
                    false => None,
                };
            }
            let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
            if (spawn.body, spawn.call) == (join.body, call) {
                return None;
            }
            at = call;
            root = self.flow_root(join.body, call);
        }
    }

    /// Whether a local holds a sender at a node of its own graph: on every way there (true), or on some.
    fn held_at_node(&self, analysis: &Analysis<'_>, flow: &Flow, local: LocalId, node: NodeId) -> Option<bool> {
        let track = self.track_end(analysis, flow, local, word::SENDER);
        let gone_before = |end: &End| end.kind != EndKind::Absent && flow.reaches(end.node, node);
        track.is_live(node).then(|| !track.ends.iter().any(gone_before))
    }

    /// Whether the call itself is given a closure that takes the sender along.
    fn hands_over(&self, analysis: &Analysis<'_>, local: LocalId, call: ExprId) -> bool {
        analysis.args(call).iter().any(|arg| {
            matches!(analysis.expr(*arg), Expr::Closure(_))
                && analysis.tree.uses(local).iter().any(|used| analysis.tree.is_inside(*used, *arg))
                && self.view(analysis.body.id).is_moved_into(*arg, local)
        })
    }

    /// Where a local holds an end of a channel, on one graph.
    pub(super) fn track_end(&self, analysis: &Analysis<'_>, flow: &Flow, local: LocalId, end: Name) -> Track {
        let role = |role: Parent| self.role_for_sender(analysis, role);
        let holds = |ty: &Ty| self.roles().owns(ty, &mut |ty| self.roles().says(ty, end), true, 6);
        flow.track(
            self.view(analysis.body.id),
            TrackStart::Local(local),
            &Follow { role: &role, holds: &holds, into_structs: false },
        )
    }

    /// What a call does with a sender, or with what holds one.
    fn role_for_sender(&self, analysis: &Analysis<'_>, role: Parent) -> CallRole {
        let (call, position) = match role {
            Parent::Receiver(call) => (call, None),
            Parent::Arg(call, index) => (call, Some(index as usize)),
            _ => return CallRole::Takes,
        };
        let Some(callee) = analysis.callee(call) else { return CallRole::Takes };
        let effects = self.effects(callee);
        if position.is_some()
            && effects.index(word::DROPS).unwrap_or(0) == position.unwrap_or(0)
            && effects.has(word::DROPS)
        {
            return CallRole::Drops;
        }
        if effects.has(word::TAKES) || effects.has(word::CLEARS) {
            return CallRole::Extracts;
        }
        CallRole::Takes
    }

    /// Whether a field of the object whose thread is joined still holds its sender there.
    fn field_lives(&self, analysis: &Analysis<'_>, field: FieldRef, join: Join) -> bool {
        let Some(ty) = self.field_type(field).filter(|ty| self.owns_sender_itself(ty)) else { return false };
        // Somebody else's reference count decides when what is shared goes.
        let shared = ty.any(&mut |part| self.roles().says(part, word::STRONG) || self.roles().says(part, word::WEAK));
        if shared || self.is_public_field(field) {
            return false;
        }
        let Some(handle) = analysis.receiver(self.program, join.call) else { return false };
        let behind = sources(self, analysis, &[handle], &|_| false);
        let owner = behind.iter().any(|local| {
            let ty = self.roles().pointee(analysis.types.local(*local));
            ty.adt().is_some_and(|adt| self.has_field(adt, field, OWNER_DEPTH))
        });
        owner && !self.may_lose_sender_outside(field, join.body) && !self.is_cut_before(analysis, field, join)
    }

    /// Whether a type has a field, itself or in what it owns alone.
    fn has_field(&self, adt: DefId, field: FieldRef, depth: u32) -> bool {
        if adt == field.adt {
            return true;
        }
        depth > 0
            && (0..self.roles().variant_count(adt)).any(|variant| {
                (0..self.program.field_types(adt, variant).len() as u32).any(|index| {
                    let own = FieldRef { adt, variant, index };
                    self.ownership().of_field(own).iter().any(|owns| {
                        owns.strong.is_none() && !owns.through_dyn && self.has_field(owns.target, field, depth - 1)
                    })
                })
            })
    }

    /// Whether the joining function takes the sender out of a field on some way to the join.
    fn is_cut_before(&self, analysis: &Analysis<'_>, field: FieldRef, join: Join) -> bool {
        let root = self.flow_root(join.body, join.call);
        let flow = self.flow(join.body, root);
        let Some(node) = flow.node(join.call) else { return true };
        let leads = |at: NodeId| at == node || flow.reaches(at, node);
        let analysis = self.analysis(analysis.body.id);
        let reads = analysis.types.fields.iter().filter(|(_, (own, _))| *own == field).map(|(expr, _)| *expr);
        let mut reads: Vec<ExprId> = reads.collect();
        reads.sort_unstable();
        let taken = reads.into_iter().any(|read| {
            flow.node_around(&analysis.tree, read).is_none_or(leads) && self.may_lose_sender(analysis, read)
        });
        let mut pats = analysis.types.pat_fields.iter().filter(|(_, own)| **own == field);
        let unpacked = pats.any(|(pat, _)| self.takes_by_value(analysis, *pat));
        taken || unpacked
    }

    /// Whether something else may stand in a field after this mention of it: it is taken, cleared, moved out, assigned, or
    /// lent to be changed.
    fn may_lose_sender(&self, analysis: &Analysis<'_>, read: ExprId) -> bool {
        let used = self.view(analysis.body.id).use_of(read);
        match analysis.tree.parent(read) {
            Parent::Receiver(call) => !analysis.callee(call).is_some_and(|callee| self.leaves_senders(callee)),
            Parent::IndexBase(up) | Parent::FieldBase(up) | Parent::DerefOperand(up) => {
                self.may_lose_sender(analysis, up)
            }
            _ => !matches!(used, Use::Borrow(false) | Use::Discard | Use::Match),
        }
    }

    /// Whether a method leaves the senders in its receiver: it only looks at it, or puts more in.
    fn leaves_senders(&self, callee: DefId) -> bool {
        let effects = self.effects(callee);
        let by_ref = self.program.signature(callee).and_then(|signature| signature.self_ty.as_ref());
        let only_looks = matches!(by_ref, Some(Ty::Ref(false, _))) && !effects.has(word::TAKES);
        only_looks || (effects.has(word::PUTS) && !self.program.is_user(callee))
    }

    /// Whether other functions may put something else in a field, or take out what is there.
    pub(super) fn may_lose_sender_outside(&self, field: FieldRef, except: BodyId) -> bool {
        let Some(ty) = self.field_type(field) else { return true };
        // Behind a lock or cell, a shared reference is enough.
        let interior = ty.any(&mut |part| self.roles().says(part, word::INTERIOR));
        if interior && self.is_cut_outside(field, &[except]) {
            return true;
        }
        let declared = self.field(field).map(|declared| self.program.name_text(field.adt, declared.name));
        if declared.is_none_or(|name| self.is_mentioned_unread(name)) {
            return true;
        }
        self.bodies_touching(&[field]).into_iter().filter(|body| body.id != except).any(|body| {
            let analysis = self.analysis(body.id);
            let mut reads = analysis.types.fields.iter().filter(|(_, (own, _))| *own == field);
            let mut pats = analysis.types.pat_fields.iter().filter(|(_, own)| **own == field);
            // What is moved out of a whole takes the whole along: that object is joined nowhere else.
            let moves = |read: ExprId| self.view(body.id).use_of(read) == Use::Move;
            reads.any(|(read, _)| !moves(*read) && self.may_lose_sender(analysis, *read))
                || pats.any(|(pat, _)| self.is_lent_by(analysis, *pat))
        })
    }

    /// Whether a pattern lends a sender to be changed, or looks into what holds it.
    fn is_lent_by(&self, analysis: &Analysis<'_>, pat: PatId) -> bool {
        match bound(analysis.body, pat) {
            Some(local) => matches!(analysis.types.local(local), Ty::Ref(true, _)),
            None => self.takes_by_value(analysis, pat),
        }
    }

    /// Whether a pattern takes a sender out of what it is matched against, or lends it to be changed.
    fn takes_by_value(&self, analysis: &Analysis<'_>, pat: PatId) -> bool {
        bound(analysis.body, pat).is_none_or(|local| !matches!(analysis.types.local(local), Ty::Ref(false, _)))
            && !matches!(analysis.body.pat(pat).kind, Pat::Wild)
    }
}
