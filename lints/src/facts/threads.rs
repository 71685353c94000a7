//! Every OS thread that the program starts, executed once in the world as it is.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::exec::{Execution, World};
use super::place::Place;
use super::spawns::{Spawn, SpawnKind};
use crate::model::{BodyId, FieldRef, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, Stmt};
use rayon::prelude::*;

/// A thread with what executing it showed.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Where it starts.
    pub spawn: Spawn,
    /// The assumptions that hold of it: channels whose sender it keeps itself.
    pub world: World,
    /// The sender that keeps each of those channels open.
    pub own_senders: Vec<(Place, BodyId, LocalId)>,
    /// The loops it reaches.
    pub execution: Execution,
}

impl Context<'_> {
    /// The OS threads, scoped ones too, whose code is known, in the order of their spawns.
    pub fn threads(&self) -> &[Thread] {
        self.threads.get_or_init(|| {
            let spawns: Vec<&Spawn> = self
                .spawns()
                .all
                .iter()
                .filter(|spawn| matches!(spawn.kind, SpawnKind::Thread | SpawnKind::Scoped))
                .filter(|spawn| spawn.entry.code(self).is_some())
                .collect();
            spawns.par_iter().map(|spawn| self.thread(**spawn)).collect()
        })
    }

    fn thread(&self, spawn: Spawn) -> Thread {
        let own_senders = self.own_senders(spawn.entry);
        let connected = own_senders.iter().map(|(place, _, _)| *place).collect();
        let world = World { connected, ..World::default() };
        let execution = self.execute(spawn.entry, &world);
        Thread { spawn, world, own_senders, execution }
    }

    /// The receivers whose sender lives in the thread's own code and is never given away.
    fn own_senders(&self, entry: Entry) -> Vec<(Place, BodyId, LocalId)> {
        let Some((body, root)) = entry.code(self) else { return Vec::new() };
        let analysis = self.analysis(body);
        self.channels(analysis)
            .filter(|(block, sender, _)| {
                let inside = analysis.tree.is_inside(*block, root);
                self.keeps(analysis, *sender, root, inside)
            })
            .map(|(_, sender, receiver)| (Place::Local(body, receiver), body, sender))
            .collect()
    }

    /// The channels that a body makes: `let (sender, receiver) = channel();`, with the block that it stands in.
    pub(super) fn channels<'n>(
        &'n self,
        analysis: &'n Analysis<'_>,
    ) -> impl Iterator<Item = (ExprId, LocalId, LocalId)> + 'n {
        let blocks = analysis.body.ir.exprs.iter().enumerate().filter_map(|(index, data)| match &data.kind {
            Expr::Block(block) => Some((ExprId(index as u32), block)),
            _ => None,
        });
        blocks.flat_map(|(id, block)| block.stmts.iter().map(move |stmt| (id, stmt))).filter_map(|(id, stmt)| {
            let Stmt::Let { pat, init: Some(init), .. } = stmt else { return None };
            let made_by = analysis.callee(*init)?;
            let Pat::Tuple(pats) = &analysis.body.pat(*pat).kind else { return None };
            let [sender, receiver] = &**pats else { return None };
            let ends = (bound(analysis, *sender)?, bound(analysis, *receiver)?);
            self.effects(made_by).has(word::CHANNEL).then_some((id, ends.0, ends.1))
        })
    }

    /// Whether a sender stays alive as long as the code at `root` runs: it is declared there or captured, and only borrowed.
    fn keeps(&self, analysis: &Analysis<'_>, sender: LocalId, root: ExprId, declared_inside: bool) -> bool {
        let uses = analysis.tree.uses(sender);
        let used_inside = uses.iter().any(|used| analysis.tree.is_inside(*used, root));
        if !declared_inside && !used_inside {
            return false;
        }
        uses.iter().all(|used| match analysis.tree.parent(*used) {
            Parent::Receiver(call) => analysis.callee(call).is_some_and(|callee| {
                let by_ref = self.program.signature(callee).and_then(|signature| signature.self_ty.clone());
                matches!(by_ref, Some(Ty::Ref(..)))
            }),
            Parent::RefOperand(_) => true,
            _ => false,
        })
    }

    /// Whether something on the receiver's own side may hold a sender of its channel: then a disconnect may never come, and
    /// nothing is concluded from one.
    pub fn may_be_self_connected(&self, thread: &Thread, receiver: Place) -> bool {
        if thread.world.connected.contains(&receiver) {
            return true;
        }
        match receiver {
            Place::Field(field) => self.has_sibling_sender(field),
            Place::Static(_) => true,
            Place::Local(body, local) => {
                let analysis = self.analysis(body);
                let message = self.message(&analysis.types.local(local).clone());
                self.captures_sender(thread.spawn.entry, message.as_ref())
                    || self.is_timer(analysis, local)
                    || self.gives_sender_inside(thread, analysis, local)
            }
        }
    }

    /// Whether a receiver is a clock (`tick`, `after`, `never`): it has no sender to lose.
    fn is_timer(&self, analysis: &Analysis<'_>, receiver: LocalId) -> bool {
        let made_by = analysis.initializer(receiver).and_then(|init| analysis.callee(init));
        made_by.is_some_and(|callee| self.effects(callee).with(word::CHANNEL, "timer"))
    }

    /// Whether the thread's own code gives the sender of a receiver to something: a watcher that lives as long as the loop.
    fn gives_sender_inside(&self, thread: &Thread, analysis: &Analysis<'_>, receiver: LocalId) -> bool {
        let Some((body, root)) = thread.spawn.entry.code(self) else { return true };
        let sender = self.channels(analysis).find(|(_, _, own)| *own == receiver).map(|(_, sender, _)| sender);
        let inside = |used: &ExprId| analysis.body.id == body && analysis.tree.is_inside(*used, root);
        sender.is_some_and(|sender| analysis.tree.uses(sender).iter().any(inside))
    }

    /// The message type of a channel's end, behind pointers and locks.
    pub(super) fn message(&self, ty: &Ty) -> Option<Ty> {
        let roles = self.roles();
        let mut message = None;
        let mut find = |ty: &Ty| {
            let is_end = roles.says(ty, word::SENDER) || roles.says(ty, word::RECEIVER);
            if is_end {
                message = ty.args().first().cloned();
            }
            is_end
        };
        roles.owns(&roles.pointee(ty), &mut find, false, 6);
        message
    }

    fn has_sibling_sender(&self, field: FieldRef) -> bool {
        let ItemKind::Struct(_) = &self.program.item(field.adt).kind else { return true };
        let types = self.program.field_types(field.adt, 0);
        let message = types.get(field.index as usize).and_then(|ty| self.message(ty));
        types.iter().any(|ty| self.owns_sender(ty, message.as_ref()))
    }

    fn captures_sender(&self, entry: Entry, message: Option<&Ty>) -> bool {
        match entry {
            Entry::Closure(body, expr) => {
                let analysis = self.analysis(body);
                let captures = match analysis.expr(expr) {
                    Expr::Closure(closure) => &closure.captures,
                    Expr::Async { captures, .. } => captures,
                    _ => return true,
                };
                captures.iter().any(|local| self.owns_sender(analysis.types.local(*local), message))
            }
            Entry::Function(def) => self
                .program
                .signature(def)
                .is_none_or(|signature| signature.params.iter().any(|ty| self.owns_sender(ty, message))),
            Entry::Param(..) | Entry::Unknown => true,
        }
    }

    fn owns_sender(&self, ty: &Ty, message: Option<&Ty>) -> bool {
        let roles = self.roles();
        let same =
            |ty: &Ty| roles.says(ty, word::SENDER) && (message.is_none() || self.message(ty).as_ref() == message);
        roles.owns(&roles.pointee(ty), &mut { same }, true, 4)
    }
}

fn bound(analysis: &Analysis<'_>, pat: crate::syntax::ir::PatId) -> Option<LocalId> {
    match &analysis.body.pat(pat).kind {
        Pat::Bind { local, .. } => Some(*local),
        _ => None,
    }
}
