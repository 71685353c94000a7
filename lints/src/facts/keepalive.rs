//! Threads that keep alive what would stop them: the thread owns a strong pointer to an object, and only that object's
//! `Drop` tells the thread to end.
//!
//! The thread is executed in the world where `Drop` never runs: the flags that only `Drop` sets keep their value, the
//! senders that only `Drop` lets go of stay. A loop that has a way out as the code stands and none in that world is the
//! finding. Whatever else can set such a flag or drop such a sender (an explicit stop, a public field) silences.

use super::context::{Analysis, Context};
use super::drop_signals::Signal;
use super::effects::word;
use super::entry::Entry;
use super::objects::{core, is_strong};
use super::place::Place;
use super::senders::Channel;
use super::spawns::{Spawn, SpawnKind};
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, Parent, Ty, ValueRef};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat};

/// How many structs deep the object holds another by value.
const HELD_DEPTH: u32 = 2;
/// How many pointers, locks and `Option`s a channel's end is put into.
const WRAPPERS: u32 = 6;

/// A thread that keeps the object alive whose `Drop` would end it.
#[derive(Clone, Debug)]
pub struct Keepalive {
    /// Where the thread starts.
    pub spawn: Spawn,
    /// The captured pointer, by the body it is in.
    pub pointer: (BodyId, LocalId),
    /// The object's type.
    pub owner: DefId,
    /// The type whose `Drop` would end the thread: the object's, or one that it holds by value.
    pub dropper: DefId,
    /// What only that `Drop` does, and where it does.
    pub signal: (Signal, Loc),
    /// Where `Drop` joins, if it does.
    pub joins: Option<Loc>,
    /// The loop that does not end.
    pub endless: (BodyId, ExprId),
    /// Where the thread looks at the signal.
    pub test: Loc,
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
            if self.program.is_user(def) && !self.droppers(def).is_empty() && !owners.contains(&def) {
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
        let lasting = || self.lasting_senders(owner).into_iter().flat_map(|field| self.fed_by(thread, field));
        self.droppers(owner).into_iter().find_map(|dropper| {
            let drops = self.drop_signals(dropper);
            let mut world = thread.world.clone();
            let mut fed: Vec<(Place, (Signal, Loc))> = Vec::new();
            for (signal, loc) in &drops.signals {
                match *signal {
                    Signal::Flag(place, value) => world.frozen.push((place, value)),
                    Signal::Variant(adt, variant) => world.unbuilt.push((adt, variant)),
                    Signal::Sender(field) => {
                        let places = self.fed_by(thread, field);
                        world.connected.extend(places.iter().copied());
                        fed.extend(places.into_iter().map(|place| (place, (*signal, *loc))));
                    }
                    Signal::First(field) => {
                        let places = self.fed_by(thread, field);
                        world.silent.extend(places.iter().copied());
                        fed.extend(places.into_iter().map(|place| (place, (*signal, *loc))));
                    }
                }
            }
            if world.frozen.is_empty() && world.unbuilt.is_empty() && fed.is_empty() {
                return None;
            }
            world.connected.extend(lasting());
            let execution = Some(self.execute(thread.spawn.entry, &world)).filter(|run| !run.gave_up)?;
            let (endless, facts) = execution.loops.iter().find(|(key, facts)| {
                facts.exits.is_empty()
                    && !facts.inner_endless
                    && thread.execution.get(*key).is_some_and(|before| !before.exits.is_empty())
            })?;
            let looked_at = |place: Place| {
                let step = facts.steps.iter().find(|step| step.place == Some(place))?;
                Some(self.analysis(step.body).call_loc(step.call))
            };
            let by_flag = drops.signals.iter().find_map(|(signal, loc)| match signal {
                Signal::Flag(place, _) => Some(((*signal, *loc), looked_at(*place)?)),
                Signal::Variant(adt, variant) => {
                    let refused = execution.refused.iter().find(|(own, _)| own == &(*adt, *variant))?;
                    Some(((*signal, *loc), refused.1))
                }
                _ => None,
            });
            let by_channel = || fed.iter().find_map(|(place, signal)| Some((*signal, looked_at(*place)?)));
            let (signal, test) = by_flag.or_else(by_channel)?;
            let joins = drops.joins;
            Some(Keepalive { spawn: thread.spawn, pointer, owner, dropper, signal, joins, endless: *endless, test })
        })
    }

    /// The types whose `Drop` runs when the last pointer to a type goes: its own, and that of what it holds by value.
    pub(super) fn droppers(&self, owner: DefId) -> Vec<DefId> {
        let mut inside = vec![owner];
        let mut from = 0;
        for _ in 0..HELD_DEPTH {
            let fresh: Vec<DefId> = inside.iter().skip(from).flat_map(|adt| self.held_by_value(*adt)).collect();
            from = inside.len();
            for adt in fresh {
                if !inside.contains(&adt) {
                    inside.push(adt);
                }
            }
        }
        inside.retain(|adt| self.program.drop_function(*adt).is_some());
        inside
    }

    fn held_by_value(&self, adt: DefId) -> Vec<DefId> {
        self.plain_fields(adt)
            .into_iter()
            .flat_map(|field| self.ownership().of_field(field))
            .filter(|owns| owns.strong.is_none() && !owns.through_dyn)
            .map(|owns| owns.target)
            .collect()
    }

    /// The senders that live as long as an object does, since nothing takes them out: in it, or in what it owns.
    pub(super) fn lasting_senders(&self, owner: DefId) -> Vec<FieldRef> {
        let mut kept = vec![owner];
        let mut from = 0;
        for _ in 0..HELD_DEPTH {
            let fields: Vec<FieldRef> = kept.iter().skip(from).flat_map(|adt| self.plain_fields(*adt)).collect();
            from = kept.len();
            for owns in fields.iter().flat_map(|field| self.ownership().of_field(*field)) {
                if !owns.many && !owns.through_dyn && !kept.contains(&owns.target) {
                    kept.push(owns.target);
                }
            }
        }
        let fields = kept.into_iter().flat_map(|adt| self.plain_fields(adt));
        fields
            .filter(|field| self.message_of(*field).is_some())
            .filter(|field| !self.is_public_field(*field) && !self.is_cut(*field, &[]))
            .collect()
    }

    /// The receivers of a thread that the sender in a field feeds: made with it, and captured or kept in a field.
    fn fed_by(&self, thread: &Thread, sender: FieldRef) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for body in self.bodies_touching(&[sender]) {
            let analysis = self.analysis(body.id);
            for Channel { sender: own, receiver, .. } in self.channels(analysis) {
                if !self.fields_filled_with(analysis, own).contains(&sender) {
                    continue;
                }
                if let Entry::Closure(spawned, closure) = thread.spawn.entry
                    && spawned == body.id
                    && analysis.tree.uses(receiver).iter().any(|used| analysis.tree.is_inside(*used, closure))
                {
                    places.push(Place::Local(body.id, receiver));
                }
                places.extend(self.fields_filled_with(analysis, receiver).into_iter().map(Place::Field));
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The fields that a local goes into, alone or in a pointer, lock or `Option`.
    pub(super) fn fields_filled_with(&self, analysis: &Analysis<'_>, local: LocalId) -> Vec<FieldRef> {
        analysis.tree.uses(local).iter().filter_map(|used| self.field_filled_at(analysis, *used)).collect()
    }

    fn field_filled_at(&self, analysis: &Analysis<'_>, used: ExprId) -> Option<FieldRef> {
        let mut at = used;
        for _ in 0..WRAPPERS {
            match analysis.tree.parent(at) {
                Parent::StructField(literal, index) => {
                    let Expr::Struct(data) = analysis.expr(literal) else { return None };
                    let (adt, variant) = *analysis.types.literals.get(&literal)?;
                    let (name, _, _) = data.fields.get(index as usize)?;
                    return self.field_named(adt, variant, *name);
                }
                // A clone.
                Parent::Receiver(call)
                    if analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::ALIASES)) =>
                {
                    at = call;
                }
                Parent::Arg(call, index) => {
                    let Expr::Call { callee, args } = analysis.expr(call) else { return None };
                    match analysis.value(*callee)? {
                        ValueRef::Constructor(adt, variant) if self.program.is_user(adt) => {
                            return Some(FieldRef { adt, variant, index });
                        }
                        ValueRef::Function(function) if self.program.is_user(function) => return None,
                        _ if args.len() == 1 => at = call,
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        None
    }

    fn plain_fields(&self, adt: DefId) -> Vec<FieldRef> {
        match self.roles().variant_count(adt) {
            1 => (0..self.program.field_types(adt, 0).len() as u32)
                .map(|index| FieldRef { adt, variant: 0, index })
                .collect(),
            _ => Vec::new(),
        }
    }
}
