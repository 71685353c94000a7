//! Threads that keep alive what would stop them: the thread owns a strong pointer to an object, and only that object's
//! `Drop` tells the thread to end.
//!
//! The thread is executed in the world where `Drop` never runs: the flags that only `Drop` sets keep their value, the
//! senders that only `Drop` lets go of stay. A loop that has a way out as the code stands and none in that world is the
//! finding. Whatever else can set such a flag or drop such a sender (an explicit stop, a public field) silences.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::objects::{core, is_strong};
use super::place::Place;
use super::spawns::{Spawn, SpawnKind};
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId, Pat, Stmt, Visibility};

const HELPER_DEPTH: u32 = 2;
/// A thread that keeps the object alive whose `Drop` would end it.
#[derive(Clone, Debug)]
pub struct Keepalive {
    /// Where the thread starts.
    pub spawn: Spawn,
    /// The captured pointer, by the body it is in.
    pub pointer: (BodyId, LocalId),
    /// The object's type.
    pub owner: DefId,
    /// Its `Drop::drop`.
    pub drop: DefId,
    /// What only `Drop` changes, and where it does.
    pub signal: (Place, Loc),
    /// Where `Drop` joins, if it does.
    pub joins: Option<Loc>,
    /// The loop that does not end.
    pub endless: (BodyId, ExprId),
    /// Where the loop looks at the signal.
    pub test: Option<Loc>,
}

/// What a `Drop` does to end a thread.
#[derive(Default)]
struct Stops {
    /// Flags, with the value that they have until then.
    flags: Vec<(Place, bool, Loc)>,
    /// Fields with a sender that is let go of.
    senders: Vec<(FieldRef, Loc)>,
    joins: Option<Loc>,
    /// The bodies that `Drop` runs.
    bodies: Vec<BodyId>,
}

impl Context<'_> {
    /// The threads that keep themselves running, in the order of their spawns.
    pub fn keepalives(&self) -> Vec<Keepalive> {
        let drops = self.program.lang.drop;
        let any = self.program.user_defs().any(|def| {
            self.program
                .impl_header(def)
                .is_some_and(|header| header.trait_ref.as_ref().is_some_and(|bound| Some(bound.trait_def) == drops))
        });
        if !any {
            return Vec::new();
        }
        self.threads().iter().filter_map(|thread| self.keepalive(thread)).collect()
    }

    fn keepalive(&self, thread: &Thread) -> Option<Keepalive> {
        if thread.spawn.kind != SpawnKind::Thread || thread.execution.gave_up {
            return None;
        }
        let Entry::Closure(body, closure) = thread.spawn.entry else { return None };
        let analysis = self.analysis(body);
        let Expr::Closure(data) = analysis.expr(closure) else { return None };
        data.captures.iter().find_map(|local| {
            let owners = self.owned_through(analysis, closure, *local);
            if owners.is_empty() || self.lets_go_inside(analysis, closure, *local) {
                return None;
            }
            owners.into_iter().find_map(|owner| self.keeps_running(thread, (body, *local), owner))
        })
    }

    /// The types with a `Drop` that a captured local keeps alive by a strong pointer.
    fn owned_through(&self, analysis: &Analysis<'_>, closure: ExprId, local: LocalId) -> Vec<DefId> {
        let mut owners: Vec<DefId> = Vec::new();
        let mut add = |def: DefId| {
            if self.program.is_user(def) && self.program.drop_function(def).is_some() && !owners.contains(&def) {
                owners.push(def);
            }
        };
        let ty = analysis.types.local(local);
        if matches!(ty, Ty::Ref(..)) {
            return owners;
        }
        if is_strong(self, ty) {
            core(self, ty).adt().into_iter().for_each(&mut add);
            return owners;
        }
        // Of a struct held by value, the closure captures only the fields that it uses.
        for used in analysis.tree.uses(local).iter().filter(|used| analysis.tree.is_inside(**used, closure)) {
            let mut place = *used;
            while let Parent::FieldBase(up) = analysis.tree.parent(place)
                && analysis.types.fields.get(&up).is_some_and(|(_, derefs)| *derefs == 0)
            {
                place = up;
            }
            let ty = analysis.types.ty(place);
            match core(self, ty) {
                Ty::Adt(def, _) if is_strong(self, ty) => add(*def),
                Ty::Adt(def, _) if self.program.is_user(*def) => {
                    self.strong_targets(*def).into_iter().for_each(&mut add)
                }
                _ => {}
            }
        }
        owners
    }

    /// What a struct has strong pointers to.
    fn strong_targets(&self, adt: DefId) -> Vec<DefId> {
        if self.roles().variant_count(adt) != 1 {
            return Vec::new();
        }
        self.program
            .field_types(adt, 0)
            .iter()
            .filter(|ty| !matches!(ty, Ty::Ref(..)) && is_strong(self, ty))
            .filter_map(|ty| core(self, ty).adt())
            .collect()
    }

    /// Whether the closure gives its pointer up before it ends, or hands it on to code that may.
    fn lets_go_inside(&self, analysis: &Analysis<'_>, closure: ExprId, local: LocalId) -> bool {
        let inside = |used: &&ExprId| analysis.tree.is_inside(**used, closure);
        analysis.tree.uses(local).iter().filter(inside).any(|used| match analysis.tree.parent(*used) {
            Parent::Arg(call, index) => match analysis.callee(call) {
                Some(callee) if self.program.is_user(callee) => self.drops_param(callee, index),
                Some(callee) => self.effects(callee).has(word::DROPS) || self.effects(callee).has(word::SENDS),
                None => true,
            },
            Parent::AssignValue(_) | Parent::StructField(..) | Parent::ReturnValue(_) => true,
            Parent::AssignTarget(_) => true,
            _ => false,
        })
    }

    /// Whether a function may let go of a parameter that it owns before it returns.
    fn drops_param(&self, callee: DefId, index: u32) -> bool {
        let Some(body) = self.program.body_of(callee) else { return true };
        let inner = self.analysis(body);
        let has_self = inner.body.ir.self_local.is_some();
        let pat = match has_self {
            true => index.checked_sub(1).and_then(|index| inner.body.ir.params.get(index as usize)),
            false => inner.body.ir.params.get(index as usize),
        };
        let local = match pat.map(|pat| &inner.body.pat(*pat).kind) {
            Some(Pat::Bind { local, .. }) => *local,
            None if has_self => match inner.body.ir.self_local {
                Some(local) => local,
                None => return true,
            },
            _ => return true,
        };
        inner.tree.uses(local).iter().any(|used| match inner.tree.parent(*used) {
            Parent::Arg(call, _) => match inner.callee(call) {
                Some(callee) => self.effects(callee).has(word::DROPS) || self.effects(callee).has(word::SENDS),
                None => false,
            },
            Parent::AssignTarget(_) | Parent::AssignValue(_) | Parent::StructField(..) => true,
            _ => false,
        })
    }

    fn keeps_running(&self, thread: &Thread, pointer: (BodyId, LocalId), owner: DefId) -> Option<Keepalive> {
        let drop = self.program.drop_function(owner)?;
        let mut stops = Stops::default();
        self.read_drop(self.program.body_of(drop)?, owner, HELPER_DEPTH, &mut stops);
        stops.flags.retain(|(place, value, _)| !self.is_set_elsewhere(*place, *value, &stops.bodies));
        stops.senders.retain(|(field, _)| !self.is_let_go_elsewhere(*field, &stops.bodies));
        let connected: Vec<Place> = self.fed_by(thread, owner, &stops.senders);
        if stops.flags.is_empty() && connected.is_empty() {
            return None;
        }
        let mut world = thread.world.clone();
        world.frozen.extend(stops.flags.iter().map(|(place, value, _)| (*place, *value)));
        world.connected.extend(connected.iter().copied());
        let execution = self.execute(thread.spawn.entry, &world);
        if execution.gave_up {
            return None;
        }
        let endless = execution.loops.iter().find(|(key, facts)| {
            facts.exits.is_empty()
                && !facts.inner_endless
                && thread.execution.get(*key).is_some_and(|before| !before.exits.is_empty())
        })?;
        let (endless, facts) = endless;
        let looked_at = |place: Place| {
            let step = facts.steps.iter().find(|step| step.place == Some(place))?;
            Some(self.analysis(step.body).call_loc(step.call))
        };
        let by_flag = stops.flags.iter().find_map(|(place, _, loc)| Some(((*place, *loc), Some(looked_at(*place)?))));
        let by_sender = || {
            let test = connected.first().and_then(|place| looked_at(*place));
            stops.senders.first().map(|(field, loc)| ((Place::Field(*field), *loc), test))
        };
        let (signal, test) = by_flag.or_else(by_sender)?;
        let joins = stops.joins;
        Some(Keepalive { spawn: thread.spawn, pointer, owner, drop, signal, joins, endless: *endless, test })
    }

    /// What a `Drop` does, with the helpers that it calls on the object.
    fn read_drop(&self, body: BodyId, owner: DefId, depth: u32, stops: &mut Stops) {
        if stops.bodies.contains(&body) {
            return;
        }
        stops.bodies.push(body);
        let analysis = self.analysis(body);
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let call = ExprId(index);
            let Some(callee) = analysis.callee(call) else { continue };
            if self.program.is_user(callee) {
                let receiver = analysis.receiver(self.program, call);
                let on_owner =
                    receiver.is_some_and(|receiver| analysis.types.ty(receiver).peel_refs().adt() == Some(owner));
                if let Some(inner) = self.program.body_of(callee).filter(|_| on_owner && depth > 0) {
                    self.read_drop(inner, owner, depth - 1, stops);
                }
                continue;
            }
            let effects = self.effects(callee);
            let Some(receiver) = analysis.receiver(self.program, call).or_else(|| analysis.args(call).first().copied())
            else {
                continue;
            };
            let loc = analysis.call_loc(call);
            if effects.has(word::JOINS) {
                stops.joins = stops.joins.or(Some(loc));
            } else if let Some(place) = self.place(analysis, receiver)
                && let Some(value) = stored_flag(self, analysis, call, callee)
            {
                stops.flags.push((place, !value, loc));
            } else if effects.has(word::TAKES)
                && let Some(field) = self.sender_field(analysis, receiver)
            {
                stops.senders.push((field, loc));
            }
        }
    }

    /// The field with a sender that an expression reads.
    fn sender_field(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<FieldRef> {
        let Place::Field(field) = self.place(analysis, expr)? else { return None };
        self.message_of(field).map(|_| field)
    }

    /// The message type of the sender in a field.
    fn message_of(&self, field: FieldRef) -> Option<Ty> {
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

    /// The receivers of the thread that such a sender may feed: captured, or in a field of the object.
    fn fed_by(&self, thread: &Thread, owner: DefId, senders: &[(FieldRef, Loc)]) -> Vec<Place> {
        let messages: Vec<Ty> = senders.iter().filter_map(|(field, _)| self.message_of(*field)).collect();
        let mut places: Vec<Place> = Vec::new();
        let mut add = |ty: &Ty, place: Place| {
            let receiver = core(self, ty);
            let fits =
                receiver.args().first().is_some_and(|message| !message.is_unknown() && messages.contains(message));
            if self.roles().says(receiver, word::RECEIVER) && fits && !places.contains(&place) {
                places.push(place);
            }
        };
        if let Entry::Closure(body, closure) = thread.spawn.entry {
            let analysis = self.analysis(body);
            if let Expr::Closure(data) = analysis.expr(closure) {
                for local in data.captures.iter().filter(|local| self.other_end_is_kept(analysis, **local, owner)) {
                    add(analysis.types.local(*local), Place::Local(body, *local));
                }
            }
        }
        for (index, ty) in self.program.field_types(owner, 0).iter().enumerate() {
            add(ty, Place::Field(FieldRef { adt: owner, variant: 0, index: index as u32 }));
        }
        places
    }

    /// Whether the sender that was made with a receiver goes into an object of a type.
    fn other_end_is_kept(&self, analysis: &Analysis<'_>, receiver: LocalId, owner: DefId) -> bool {
        let Some(pat) = analysis.tree.binding(receiver) else { return false };
        let PatParent::Pat(pair) = analysis.tree.pat_parent(pat) else { return false };
        let PatParent::Let(block, index) = analysis.tree.pat_parent(pair) else { return false };
        let (Expr::Block(block), Pat::Tuple(ends)) = (analysis.expr(block), &analysis.body.pat(pair).kind) else {
            return false;
        };
        let made = match block.stmts.get(index as usize) {
            Some(Stmt::Let { init: Some(init), .. }) => analysis.callee(*init),
            _ => None,
        };
        if !made.is_some_and(|made| self.effects(made).has(word::CHANNEL)) {
            return false;
        }
        let is_owner = |expr: ExprId| match analysis.expr(expr) {
            Expr::Struct(_) => analysis.types.literals.get(&expr).is_some_and(|(adt, _)| *adt == owner),
            Expr::Call { callee, .. } => {
                matches!(analysis.value(*callee), Some(ValueRef::Constructor(adt, _)) if adt == owner)
            }
            _ => false,
        };
        ends.iter().filter(|end| **end != pat).any(|end| match &analysis.body.pat(*end).kind {
            Pat::Bind { local, .. } => {
                analysis.tree.uses(*local).iter().any(|used| analysis.tree.ancestors(*used).any(is_owner))
            }
            _ => false,
        })
    }

    /// Whether anything but `Drop` gives a flag the value that ends the thread, or may.
    fn is_set_elsewhere(&self, place: Place, until: bool, by_drop: &[BodyId]) -> bool {
        let Place::Field(field) = place else { return true };
        let life = self.flag_life(place);
        if life.escapes || life.initial_unknown {
            return true;
        }
        let Some(name) = self.field(field).map(|field| field.name) else { return true };
        let mut seen = 0;
        for body in self.bodies_mentioning(&[name]) {
            let analysis = self.analysis(body.id);
            for index in 0..body.ir.exprs.len() as u32 {
                let call = ExprId(index);
                let Some(callee) = analysis.callee(call).filter(|callee| !self.program.is_user(*callee)) else {
                    continue;
                };
                let effects = self.effects(callee);
                let sets =
                    [word::FLAG_STORE, word::FLAG_UPDATE, word::FLAG_CANCEL].iter().any(|word| effects.has(*word));
                let receiver = analysis.receiver(self.program, call);
                if !sets || receiver.and_then(|receiver| self.place(analysis, receiver)) != Some(place) {
                    continue;
                }
                seen += 1;
                let resets = stored_flag(self, analysis, call, callee) == Some(until);
                if !resets && !self.only_drop_runs(body.id, by_drop) {
                    return true;
                }
            }
        }
        // A store that was found through an alias somewhere else.
        life.stores.len() > seen
    }

    /// Whether a body is `Drop` itself, or a private helper that nothing else calls.
    fn only_drop_runs(&self, body: BodyId, by_drop: &[BodyId]) -> bool {
        if !by_drop.contains(&body) {
            return false;
        }
        let owner = self.program.body(body).owner;
        if by_drop.first() == Some(&body) {
            return true;
        }
        let item = self.program.item(owner);
        if item.vis == Visibility::Public {
            return false;
        }
        self.bodies_mentioning(&[item.name]).all(|caller| {
            by_drop.contains(&caller.id) || {
                let analysis = self.analysis(caller.id);
                (0..caller.ir.exprs.len() as u32).all(|index| analysis.callee(ExprId(index)) != Some(owner))
            }
        })
    }

    fn is_let_go_elsewhere(&self, field: FieldRef, by_drop: &[BodyId]) -> bool {
        self.is_public_field(field) || self.is_cut_outside(field, by_drop)
    }
}

/// The value that a flag has after a call, where the call says so.
fn stored_flag(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Option<bool> {
    let effects = cx.effects(callee);
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
