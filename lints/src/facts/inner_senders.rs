//! Senders that a thread keeps inside something else: in the struct, the pointer or the lock that its closure takes along.
//!
//! What the closure takes along was made here, from the very sender whose receiver the thread reads, and nothing in the crate
//! takes that sender out again: then the disconnect that the thread waits for never comes.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::exec::{Execution, StepKind};
use super::objects::core;
use super::place::Place;
use super::senders::{Channel, OwnSender};
use crate::model::{DefId, FieldRef, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// How many values a sender is put into, one in another.
const STEPS: u32 = 4;

impl Context<'_> {
    /// The channels of the execution's loops whose sender is inside what the thread's closure takes along for good.
    pub(super) fn kept_inside(&self, entry: Entry, execution: &Execution) -> Vec<OwnSender> {
        let Entry::Closure(body, closure) = entry else { return Vec::new() };
        let analysis = self.analysis(body);
        let Expr::Closure(data) = analysis.expr(closure) else { return Vec::new() };
        if !data.is_move {
            return Vec::new();
        }
        let steps = execution.loops.iter().flat_map(|(_, facts)| &facts.steps);
        let received = steps.filter_map(|step| match (step.kind, step.place) {
            (StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry, Some(Place::Local(own, local))) => {
                (own == body).then_some(local)
            }
            _ => None,
        });
        let mut received: Vec<LocalId> = received.collect();
        received.sort_unstable();
        received.dedup();
        let channels = received.into_iter().filter_map(|receiver| {
            self.channels(analysis).find(|own| own.receiver == receiver && !analysis.tree.is_inside(own.block, closure))
        });
        let kept = channels.filter_map(|channel| {
            let local = data.captures.iter().copied().find(|local| self.holds(analysis, closure, channel, *local))?;
            Some(OwnSender {
                receiver: Place::Local(body, channel.receiver),
                name: self.program.name_text(analysis.body.owner, analysis.body.local(local).name).to_owned(),
                loc: analysis.body.loc(analysis.body.local(local).span),
                is_inside: true,
                is_silent: false,
            })
        });
        kept.collect()
    }

    /// Whether a captured local holds the sender of a channel as long as the closure runs.
    fn holds(&self, analysis: &Analysis<'_>, closure: ExprId, channel: Channel, local: LocalId) -> bool {
        let ty = analysis.types.local(local);
        let is_own = local == channel.sender || local == channel.receiver || matches!(ty, Ty::Ref(..));
        if is_own || !self.owns_sender_itself(ty) || !self.is_kept_whole(analysis, closure, local) {
            return false;
        }
        let uses = analysis.tree.uses(local).iter().find(|used| analysis.tree.is_inside(**used, closure));
        let origin = match uses.and_then(|used| self.place(analysis, *used)) {
            Some(Place::Local(body, origin)) if body == analysis.body.id => origin,
            _ => local,
        };
        let made = self.made_from(analysis, origin, STEPS);
        if !made.contains(&channel.sender) {
            return false;
        }
        let fields = self.fields_filled_with(analysis, channel.sender);
        match &fields[..] {
            // `Arc<Sender<_>>`: nothing of it can be empty, or get another.
            [] => self.roles().says(core(self, ty), word::SENDER) && !ty.any(&mut |part| self.can_lose(part)),
            fields => {
                let places = self.places_inside(analysis, closure, local);
                let is_sender = |place: &ExprId| {
                    let field = analysis.types.fields.get(place).map(|(field, _)| field);
                    field.is_some_and(|field| fields.contains(field))
                        && self.roles().says(analysis.types.ty(*place), word::SENDER)
                };
                let lasts = |place: &ExprId| {
                    let adt = core(self, analysis.types.ty(*place)).adt().filter(|adt| self.program.is_user(*adt));
                    adt.is_some_and(|adt| {
                        let lasting = self.lasting_senders(adt);
                        let stays = |field: &FieldRef| {
                            fields.contains(field) && !self.may_lose_sender_outside(*field, analysis.body.id)
                        };
                        lasting.iter().any(stays)
                    })
                };
                places.iter().any(|place| is_sender(place) || lasts(place))
            }
        }
    }

    /// Whether what a type holds may be taken out, or changed for something else.
    fn can_lose(&self, ty: &Ty) -> bool {
        let roles = self.roles();
        roles.says(ty, word::COLLECTION)
            || roles.says(ty, word::INTERIOR)
            || ty.adt().is_some_and(|adt| Some(adt) == self.program.lang.option || self.program.is_user(adt))
    }

    /// The places that the closure takes along of a local: of a struct, only the fields that it uses.
    fn places_inside(&self, analysis: &Analysis<'_>, closure: ExprId, local: LocalId) -> Vec<ExprId> {
        let uses = analysis.tree.uses(local).iter().filter(|used| analysis.tree.is_inside(**used, closure));
        let taken = uses.map(|used| {
            let mut place = *used;
            while let Parent::FieldBase(up) = analysis.tree.parent(place)
                && analysis.types.fields.get(&up).is_some_and(|(_, derefs)| *derefs == 0)
            {
                place = up;
            }
            place
        });
        taken.collect()
    }

    /// Whether the closure only looks at a local: it is not moved on, put elsewhere or lent to be changed.
    fn is_kept_whole(&self, analysis: &Analysis<'_>, closure: ExprId, local: LocalId) -> bool {
        let home = Some(closure);
        analysis.tree.uses(local).iter().filter(|used| analysis.tree.is_inside(**used, closure)).all(|used| {
            let mut place = *used;
            while let Parent::FieldBase(up) = analysis.tree.parent(place) {
                place = up;
            }
            let is_bound = |place: ExprId| match analysis.tree.parent(place) {
                // `let _client = client;`
                Parent::LetInit(block, _) => analysis.tree.parent(block) == Parent::ClosureBody(closure),
                _ => false,
            };
            analysis.tree.enclosing_closure(analysis.body, *used) == home
                && (self.is_borrowed(analysis, place) || is_bound(place))
        })
    }

    /// The locals that the value of a local was made from, through struct literals, constructors and clones.
    fn made_from(&self, analysis: &Analysis<'_>, local: LocalId, steps: u32) -> Vec<LocalId> {
        let mut found = Vec::new();
        let mut open = vec![(local, steps)];
        while let Some((local, steps)) = open.pop() {
            let Some(init) = analysis.initializer(local).filter(|_| steps > 0) else { continue };
            let mut values = vec![init];
            while let Some(value) = values.pop() {
                match analysis.expr(value) {
                    Expr::Local(part) if !found.contains(part) => {
                        found.push(*part);
                        open.push((*part, steps - 1));
                    }
                    Expr::Struct(literal) => values.extend(literal.fields.iter().map(|(_, _, value)| *value)),
                    Expr::Tuple(parts) => values.extend(parts.iter().copied()),
                    Expr::Call { args, .. } => {
                        let is_users = analysis.callee(value).is_some_and(|callee| self.program.is_user(callee));
                        let aliases = analysis.callee(value).is_some_and(|callee| self.is_weakened(callee));
                        if !is_users && !aliases {
                            // `Arc::clone(&client)`
                            values.extend(args.iter().map(|arg| analysis.peel(*arg)));
                        }
                    }
                    Expr::MethodCall(call) => {
                        let clones = analysis
                            .callee(value)
                            .is_none_or(|callee| !self.program.is_user(callee) && !self.is_weakened(callee));
                        if clones
                            && call.args.is_empty()
                            && analysis.types.ty(value) == analysis.types.ty(call.receiver).peel_refs()
                        {
                            values.push(analysis.peel(call.receiver));
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn is_weakened(&self, function: DefId) -> bool {
        self.effects(function).has(word::DOWNGRADES)
    }
}
