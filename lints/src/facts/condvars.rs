//! Condition variables: every wait and every notify, and which locks go with which.
//!
//! A wait is a call of a function of the catalogue that `waits`, or of one of the user's that waits with a guard which it
//! was given. A condition variable goes with the locks whose guards its waits are given. Both are known by their place;
//! one that stands in a tuple (`Arc<(Mutex<T>, Condvar)>`) by its place there too.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::{Guard, param_index};
use super::lock_path::{LockPath, PathRoot, PathStep};
use super::place::Place;
use super::writes::ParamIndex;
use crate::model::flow::{FlowRoot, Holder};
use crate::model::{BodyId, BodyRef, DefId, FieldRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, LocalId};
use rustc_hash::FxHashMap;

/// How many functions deep a guard is handed to a wait.
const WRAPPER_ROUNDS: usize = 3;
const BUDGET: u32 = 12;

/// An object, an element of a tuple of objects, or a part of one that stands in a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Shared {
    /// The object.
    pub place: Place,
    /// The element of it.
    pub element: Option<u32>,
    /// The field that holds the object whose field it is: `log_queue` in `self.log_queue.condvar`. None where it is reached
    /// from `self` or through something else.
    pub holder: Option<FieldRef>,
}

impl Shared {
    /// Whether two can be one: what holds them is not known to differ.
    pub fn may_be(self, other: Shared) -> bool {
        let same_holder = match (self.holder, other.holder) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        self.place == other.place && self.element == other.element && same_holder
    }
}

/// A wait on a condition variable.
#[derive(Clone, Debug)]
pub struct CondvarWait {
    /// The body it stands in.
    pub body: BodyId,
    /// The graph it stands on.
    pub root: FlowRoot,
    /// The call.
    pub call: ExprId,
    /// The condition variable.
    pub condvar: Option<Shared>,
    /// The lock that it lets go of.
    pub lock: Option<Shared>,
    /// The guard that it is given, by its number among those of the body.
    pub guard: Option<usize>,
    /// The guard is that of a caller: what this parameter leads to.
    pub param: Option<ParamIndex>,
    /// It ends after a time.
    pub timed: bool,
    /// It goes on waiting until a condition holds.
    pub predicate: bool,
    /// It may wake without a notify.
    pub spurious: bool,
    /// The call of a function of the catalogue behind a function of the user's.
    pub via: Option<(BodyId, ExprId)>,
}

/// A call that wakes waiters.
#[derive(Clone, Copy, Debug)]
pub struct Notify {
    /// The body it stands in.
    pub body: BodyId,
    /// The graph it stands on.
    pub root: FlowRoot,
    /// The call.
    pub call: ExprId,
    /// The condition variable.
    pub condvar: Option<Shared>,
    /// The function of the user's that makes the notify.
    pub via: Option<DefId>,
}

/// The condition variables of a program.
#[derive(Debug, Default)]
pub struct Condvars {
    /// The waits, in order.
    pub waits: Vec<CondvarWait>,
    /// The notifies, in order.
    pub notifies: Vec<Notify>,
}

impl Condvars {
    fn collect(cx: &Context<'_>) -> Condvars {
        let mut condvars = Condvars::default();
        condvars.find_waits(cx);
        if !condvars.waits.is_empty() {
            condvars.find_notifies(cx);
        }
        condvars
    }

    /// The waits on a condition variable.
    pub fn waits_on(&self, condvar: Shared) -> impl Iterator<Item = &CondvarWait> + '_ {
        self.waits.iter().filter(move |wait| wait.condvar.is_some_and(|own| own.may_be(condvar)))
    }

    /// The locks that a condition variable is used with, in order; none where one of them is not known.
    pub fn locks_of(&self, condvar: Shared) -> Vec<Shared> {
        let mut locks = Vec::new();
        for wait in self.waits_on(condvar).filter(|wait| wait.param.is_none()) {
            let Some(lock) = wait.lock else { return Vec::new() };
            locks.push(lock);
        }
        locks.sort_unstable();
        locks.dedup();
        locks
    }

    fn find_waits(&mut self, cx: &Context<'_>) {
        let mut names = names_with(cx, word::WAITS);
        let mut wrappers: FxHashMap<DefId, CondvarWait> = FxHashMap::default();
        for _ in 0..WRAPPER_ROUNDS {
            cx.warm(&names);
            let mut fresh: Vec<(DefId, CondvarWait)> = Vec::new();
            for body in cx.bodies_calling(&names) {
                let analysis = cx.analysis(body.id);
                for (call, _) in analysis.calls() {
                    let Some(wait) = wait_at(cx, analysis, call, &wrappers) else { continue };
                    if self.waits.iter().any(|own| (own.body, own.call) == (wait.body, wait.call)) {
                        continue;
                    }
                    if wait.param.is_some() && !wrappers.contains_key(&body.owner) && cx.always_waits(&wait) {
                        let looped = wait.predicate || cx.goes_round(&wait);
                        fresh.push((body.owner, CondvarWait { predicate: looped, ..wait.clone() }));
                    }
                    self.waits.push(wait);
                }
            }
            if fresh.is_empty() {
                break;
            }
            names = fresh.iter().map(|(def, _)| cx.program.item(*def).name).collect();
            names.sort_unstable();
            names.dedup();
            wrappers.extend(fresh);
        }
        self.waits.sort_by_key(|wait| (wait.body, wait.call));
    }

    fn find_notifies(&mut self, cx: &Context<'_>) {
        let mut bodies: Vec<BodyRef<'_>> = cx.bodies_calling(&names_with(cx, word::NOTIFIES)).collect();
        let mut helpers: FxHashMap<DefId, Option<Shared>> = FxHashMap::default();
        // What notifies itself, then what calls it.
        for _ in 0..2 {
            for body in bodies {
                let analysis = cx.analysis(body.id);
                for (call, callee) in analysis.calls() {
                    let (condvar, via) = match helpers.get(&callee) {
                        Some(condvar) => (held_by(cx, analysis, call, *condvar), Some(callee)),
                        None if cx.effects(callee).has(word::NOTIFIES) => {
                            let on = operand(cx, analysis, call, callee, word::NOTIFIES, 0);
                            (on.and_then(|on| cx.shared(analysis, on)), None)
                        }
                        None => continue,
                    };
                    let root = cx.flow_root(body.id, call);
                    if !self.notifies.iter().any(|own| (own.body, own.call) == (body.id, call)) {
                        self.notifies.push(Notify { body: body.id, root, call, condvar, via });
                    }
                }
            }
            let direct = self.notifies.iter().filter(|notify| notify.via.is_none() && notify.root == FlowRoot::Body);
            helpers = direct.map(|notify| (cx.program.body(notify.body).owner, notify.condvar)).collect();
            let functions: Vec<DefId> = helpers.keys().copied().collect();
            bodies = cx.bodies_calling_any(&functions).collect();
        }
        self.notifies.sort_by_key(|notify| (notify.body, notify.call));
    }
}

/// The names of the catalogue's functions that say a word.
fn names_with(cx: &Context<'_>, word: Name) -> Vec<Name> {
    cx.library_names(|effects| effects.has(word))
}

/// The condition variable (0) or lock (1) of a call that says `word`: the receiver and the first argument, unless the word
/// counts the arguments.
fn operand(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    call: ExprId,
    callee: DefId,
    word: Name,
    which: usize,
) -> Option<ExprId> {
    let args = analysis.args(call);
    if cx.effects(callee).index(word).is_some() || cx.effects(callee).with(word, "arg0") {
        return args.get(which).copied();
    }
    if which == 0 {
        return analysis.receiver(cx.program, call);
    }
    let shift = usize::from(matches!(analysis.expr(call), Expr::Call { .. }));
    args.get(shift).copied()
}

fn wait_at(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    call: ExprId,
    wrappers: &FxHashMap<DefId, CondvarWait>,
) -> Option<CondvarWait> {
    let callee = analysis.callee(call)?;
    let body = analysis.body.id;
    let mut wait = match wrappers.get(&callee) {
        Some(inner) => {
            let via = inner.via.or(Some((inner.body, inner.call)));
            CondvarWait { body, call, condvar: held_by(cx, analysis, call, inner.condvar), via, ..inner.clone() }
        }
        None => {
            let effects = cx.effects(callee);
            effects.get(word::WAITS)?;
            let on = operand(cx, analysis, call, callee, word::WAITS, 0)?;
            CondvarWait {
                body,
                root: FlowRoot::Body,
                call,
                condvar: cx.shared(analysis, on),
                lock: None,
                guard: None,
                param: None,
                timed: effects.with(word::WAITS, "timed"),
                predicate: effects.has(word::PREDICATE),
                spurious: !effects.has(word::NO_SPURIOUS),
                via: None,
            }
        }
    };
    wait.root = cx.flow_root(body, call);
    let given = match wrappers.get(&callee) {
        Some(inner) => given_to(cx, analysis, call, inner.param?)?,
        None => operand(cx, analysis, call, callee, word::WAITS, 1)?,
    };
    let found = guard_given(cx, &wait, given);
    wait.guard = found.map(|(index, _)| index);
    wait.lock = match found {
        Some((_, guard)) => cx.lock_of_guard(guard),
        // `pthread_cond_wait(cond, mutex)`
        None => cx.shared(analysis, given).filter(|_| !cx.roles().carries_guard(analysis.types.ty(given).peel_refs())),
    };
    wait.param = match (wait.guard, wait.root) {
        (None, FlowRoot::Body) => root_local(cx, analysis, given).and_then(|local| param_of(analysis, local)),
        _ => None,
    };
    Some(wait)
}

/// What a method speaks of as its own, with the field that holds the object that it is called on.
fn held_by(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, own: Option<Shared>) -> Option<Shared> {
    let own = own?;
    let holder = || match cx.lock_path(analysis, analysis.receiver(cx.program, call)?)?.steps.last() {
        Some(PathStep::Field(field)) => Some(*field),
        _ => None,
    };
    Some(Shared { holder: own.holder.or_else(holder), ..own })
}

/// What a function's parameter is given by a call.
fn given_to(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, param: ParamIndex) -> Option<ExprId> {
    let receiver = analysis.receiver(cx.program, call);
    let Some(index) = param else { return receiver };
    let shift = usize::from(receiver.is_some() && matches!(analysis.expr(call), Expr::Call { .. }));
    analysis.args(call).get(index as usize + shift).copied()
}

/// The guard that a wait is given.
fn guard_given<'c>(cx: &'c Context<'_>, wait: &CondvarWait, given: ExprId) -> Option<(usize, &'c Guard)> {
    let analysis = cx.analysis(wait.body);
    let node = cx.flow(wait.body, wait.root).node(wait.call)?;
    let root = root_local(cx, analysis, given);
    cx.guards().of(wait.body).iter().enumerate().find(|(_, guard)| {
        guard.root == wait.root
            && guard.track.carriers_at(node).any(|carrier| match carrier.holder {
                Holder::Temp(temp) => analysis.tree.is_inside(temp, given),
                Holder::Local(local) => root == Some(local),
            })
    })
}

/// The local that an expression is a part of, borrows from, or was taken out of.
pub(super) fn root_local(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<LocalId> {
    let mut at = expr;
    for _ in 0..BUDGET {
        at = match analysis.expr(at) {
            Expr::Local(local) => return Some(*local),
            Expr::Field { base, .. } | Expr::Index { base, .. } => *base,
            Expr::Deref(inner) | Expr::Ref { expr: inner, .. } | Expr::Try(inner) => *inner,
            Expr::Block(block) if block.stmts.is_empty() => block.tail?,
            Expr::MethodCall(call) => match analysis.callee(at) {
                Some(callee) if !cx.program.is_user(callee) => call.receiver,
                _ => return None,
            },
            _ => return None,
        };
    }
    None
}

fn param_of(analysis: &Analysis<'_>, local: LocalId) -> Option<ParamIndex> {
    if analysis.body.ir.self_local == Some(local) {
        return Some(None);
    }
    param_index(analysis, local).map(Some)
}

impl Context<'_> {
    /// The condition variables of the program.
    pub fn condvars(&self) -> &Condvars {
        self.condvars.get_or_init(|| Condvars::collect(self))
    }

    /// The object that an expression speaks of, elements of tuples told apart; a local that is put in a field goes by the field.
    pub fn shared(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Shared> {
        Some(self.shared_at(analysis, &self.lock_path(analysis, expr)?))
    }

    fn shared_at(&self, analysis: &Analysis<'_>, path: &LockPath) -> Shared {
        let mut steps = path.steps.iter().rev().copied().peekable();
        let element = match steps.peek() {
            Some(PathStep::Element(index)) => Some(*index),
            _ => None,
        };
        let mut fields = steps.filter_map(|step| match step {
            PathStep::Field(field) => Some(field),
            PathStep::Element(_) => None,
        });
        let place = match (fields.next(), path.root) {
            (Some(field), _) => Place::Field(field),
            (None, PathRoot::Static(def)) => Place::Static(def),
            (None, PathRoot::Local(body, local)) => {
                let own = Place::Local(body, local);
                let field = self.kept_in(analysis, own).filter(|_| body == analysis.body.id);
                field.map_or(own, Place::Field)
            }
        };
        Shared { place, element, holder: fields.next() }
    }

    /// The field of a struct literal that a local, or a clone of it, is put in.
    fn kept_in(&self, analysis: &Analysis<'_>, place: Place) -> Option<FieldRef> {
        let mut literals: Vec<ExprId> = analysis.types.literals.keys().copied().collect();
        literals.sort_unstable();
        literals.into_iter().find_map(|literal| {
            let Expr::Struct(data) = analysis.expr(literal) else { return None };
            let (adt, variant) =
                *analysis.types.literals.get(&literal).filter(|(adt, _)| self.program.is_user(*adt))?;
            let (name, _, _) = data.fields.iter().find(|(_, _, value)| self.place(analysis, *value) == Some(place))?;
            self.field_named(adt, variant, *name)
        })
    }

    /// The lock of a guard, elements of tuples told apart.
    pub fn lock_of_guard(&self, guard: &Guard) -> Option<Shared> {
        Some(self.shared_at(self.analysis(guard.body), guard.path.as_ref()?))
    }

    /// A shared object for messages.
    pub fn shared_text(&self, shared: Shared) -> String {
        // The field of a tuple struct has no name of its own.
        let is_index = |field: FieldRef| {
            self.field(field).is_some_and(|own| (0..16).any(|index| Name::of_index(index) == own.name))
        };
        let text = match (shared.place, shared.holder) {
            (Place::Field(field), Some(holder)) if is_index(field) => self.field_text(holder),
            (place, _) => self.place_text(place),
        };
        match shared.element {
            Some(element) => format!("{text}.{element}"),
            None => text,
        }
    }

    /// The guard that a wait is given.
    pub fn guard_of_wait(&self, wait: &CondvarWait) -> Option<&Guard> {
        self.guards().of(wait.body).get(wait.guard?)
    }

    /// Whether a way leads from a wait back to it under the same guard: it is waited again if it woke for nothing.
    pub fn goes_round(&self, wait: &CondvarWait) -> bool {
        let flow = self.flow(wait.body, wait.root);
        let Some(node) = flow.node(wait.call) else { return true };
        let taken = self.guard_of_wait(wait).and_then(|guard| flow.node(guard.call));
        flow.reach(node, |_, _, next| Some(next) != taken).contains(node.index())
    }

    /// Whether every way through a function leads to a wait.
    // x11rb's `read_packet_and_enqueue` waits only where its caller says that it may.
    fn always_waits(&self, wait: &CondvarWait) -> bool {
        let flow = self.flow(wait.body, wait.root);
        let (Some(node), Some(exit)) = (flow.node(wait.call), flow.exit()) else { return false };
        !flow.reach(flow.entry(), |_, _, next| next != node).contains(exit.index())
    }

    /// Whether a call stands in a loop.
    pub fn is_repeated(&self, body: BodyId, call: ExprId) -> bool {
        let flow = self.flow(body, self.flow_root(body, call));
        flow.node(call).is_none_or(|node| flow.reaches(node, node))
    }
}
