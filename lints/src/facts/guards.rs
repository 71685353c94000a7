//! Every acquisition of a lock that gives a guard: which lock, how it is held, what becomes of its poison, and where on
//! the flow graph the guard lives.
//!
//! A guard comes from a function of the catalogue that `acquires`, or from a function of the user's that returns such a
//! guard. What is not known of a lock is `None`; a guard that moves where it cannot be followed ends there.

use super::context::{Analysis, Context};
use super::effects::{type_effects, word};
use super::lock_path::LockPath;
use super::place::Place;
use crate::model::flow::{CallRole, Flow, FlowRoot, Follow, Holder, NodeId, Track, TrackStart};
use crate::model::{BodyId, DefId, Parent, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, PatId, Stmt};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

const MAKER_ROUNDS: usize = 3;
/// How many functions deep a reference to a lock is returned.
const ACCESSOR_DEPTH: u32 = 3;

/// How a lock is held, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// Alone.
    Exclusive,
    /// As the one reader that may become a writer.
    Upgradable,
    /// With other readers.
    Shared,
}

/// How an acquisition waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Patience {
    /// As long as it takes.
    Blocking,
    /// Not at all, or for a while: it gives up.
    Bounded,
    /// As long as it takes, but not for writers that queue: `read_recursive`.
    Recursive,
}

/// What kind of lock it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LockKind {
    /// One owner at a time, readers aside: taken again by its owner, it hangs.
    Plain,
    /// Its owner may take it again.
    Reentrant,
    /// Counted permits.
    Semaphore,
    /// Many locks behind one name.
    Sharded,
    /// Anything else.
    Unknown,
}

/// What is done with the error of a poisoned lock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Poison {
    /// The lock has none.
    Never,
    /// This panics on it.
    Unwrapped(ExprId),
    /// The guard is taken out of it.
    Recovered,
    /// It is taken for a lock that is busy: the `Err` of a `try_lock` whose cause nobody looks at.
    Mistaken,
    /// Something else: it is returned, matched, logged.
    Handled,
}

/// A guard from its acquisition on.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The body it stands in.
    pub body: BodyId,
    /// The graph it lives on.
    pub root: FlowRoot,
    /// The call that takes the lock.
    pub call: ExprId,
    /// The expression whose value first holds the guard: the call, or its `.await`.
    pub start: ExprId,
    /// The lock.
    pub place: Option<Place>,
    /// The lock of this very object, where that is known.
    pub path: Option<LockPath>,
    /// What kind of lock it is.
    pub kind: LockKind,
    /// It is a lock of an async runtime: who waits for it is a task.
    pub is_async: bool,
    /// How it is held.
    pub mode: Mode,
    /// How the acquisition waits.
    pub patience: Patience,
    /// A panic under it poisons the lock.
    pub poisons: bool,
    /// What is done if the lock is poisoned already.
    pub poison: Poison,
    /// The function of the user's that gave the guard.
    pub maker: Option<DefId>,
    /// Where it lives.
    pub track: Track,
    /// The types that it may protect, one for each guard in the value.
    protected: Box<[Option<Ty>]>,
}

impl Guard {
    /// The type of what it protects, where that is one and known.
    pub fn protected(&self) -> Option<&Ty> {
        match &*self.protected {
            [only] => only.as_ref(),
            _ => None,
        }
    }

    /// Whether the guard is held when a node starts.
    pub fn is_live(&self, node: NodeId) -> bool {
        self.track.is_live(node)
    }
}

/// What a function is called with.
#[derive(Clone, Copy, Debug)]
enum Given {
    /// What it is called on.
    Receiver,
    /// An argument.
    Param(u32),
}

/// What a function that returns a guard has locked.
#[derive(Clone, Debug)]
struct Maker {
    place: Option<Place>,
    /// The lock is what this parameter, or `self`, leads to.
    given: Option<Given>,
    path: Option<LockPath>,
    kind: LockKind,
    is_async: bool,
    mode: Mode,
    patience: Patience,
    poisons: bool,
    poison: Poison,
}

/// The guards of a program, by body.
#[derive(Debug, Default)]
pub struct Guards {
    by_body: FxHashMap<BodyId, Vec<Guard>>,
    bodies: Vec<BodyId>,
}

impl Guards {
    /// The guards that a body takes, in order.
    pub fn of(&self, body: BodyId) -> &[Guard] {
        self.by_body.get(&body).map_or(&[], |guards| guards)
    }

    /// Every guard, in order of body and expression.
    pub fn all(&self) -> impl Iterator<Item = &Guard> + '_ {
        self.bodies.iter().flat_map(|body| self.of(*body))
    }

    /// The bodies that take a guard, in order.
    pub fn bodies(&self) -> &[BodyId] {
        &self.bodies
    }

    fn collect(cx: &Context<'_>) -> Guards {
        let mut names = acquiring_names(cx);
        let mut makers: FxHashMap<DefId, Maker> = FxHashMap::default();
        let mut guards = Guards::default();
        let may_return = std::cell::OnceCell::new();
        for _ in 0..MAKER_ROUNDS {
            let bodies: Vec<BodyId> = cx.heads_with(&names, true).map(|body| body.id).collect();
            let known = &makers;
            let found: Vec<(BodyId, Vec<Guard>)> = bodies
                .par_iter()
                .map(|body| (*body, guards_of(cx, *body, known)))
                .filter(|(_, found)| !found.is_empty())
                .collect();
            let mut fresh: Vec<(DefId, Maker)> = Vec::new();
            for (body, found) in found {
                let owner = cx.program.body(body).owner;
                let may_return = may_return.get_or_init(|| cx.functions_returning(|ret| cx.roles().carries_guard(ret)));
                if may_return.contains(&owner) && !makers.contains_key(&owner) {
                    let returned = found.iter().find(|guard| is_returned(guard));
                    fresh.extend(returned.map(|guard| (owner, maker(cx, guard))));
                }
                guards.by_body.insert(body, found);
            }
            if fresh.is_empty() {
                break;
            }
            // Only what calls the new ones is looked at again.
            names = fresh.iter().map(|(def, _)| cx.program.item(*def).name).collect();
            names.sort_unstable();
            names.dedup();
            makers.extend(fresh);
        }
        guards.bodies = guards.by_body.keys().copied().collect();
        guards.bodies.sort_unstable();
        guards
    }
}

impl Context<'_> {
    /// The guards of the program.
    pub fn guards(&self) -> &Guards {
        self.guards.get_or_init(|| Guards::collect(self))
    }

    /// The graph that a guard lives on.
    pub fn guard_flow(&self, guard: &Guard) -> &Flow {
        self.flow(guard.body, guard.root)
    }

    /// Where a lock is taken.
    pub fn guard_loc(&self, guard: &Guard) -> Loc {
        self.analysis(guard.body).call_loc(guard.call)
    }

    /// A guard's lock for messages: `Type::field`, or what is written before `.lock()`.
    pub fn lock_text(&self, guard: &Guard) -> String {
        if let Some(place) = guard.place {
            // `if let Some(limit) = &self.limit` is `Limits::limit`, where all agree on it.
            let behind = guard.path.as_ref().filter(|path| matches!(place, Place::Local(..)) && !path.steps.is_empty());
            return behind.map_or_else(|| self.place_text(place), |path| self.path_text(path));
        }
        let analysis = self.analysis(guard.body);
        match analysis.receiver(self.program, guard.call).map(|receiver| analysis.body.expr_loc(receiver)) {
            Some(loc) => {
                let text = self.program.text(loc);
                if text.len() <= 40 && !text.contains('\n') { text.to_owned() } else { "the lock".to_owned() }
            }
            None => "the lock".to_owned(),
        }
    }

    /// The lock that an expression speaks of, also through a function of the user's that returns a reference to it.
    pub fn lock_place(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Place> {
        self.lock_place_at(analysis, expr, ACCESSOR_DEPTH)
    }

    fn lock_place_at(&self, analysis: &Analysis<'_>, expr: ExprId, depth: u32) -> Option<Place> {
        let expr = analysis.peel(expr);
        if let Some(place) = self.place(analysis, expr) {
            return Some(place);
        }
        // Not of what another lock guards, which would go by that lock's name.
        if let Expr::Index { base, .. } = analysis.expr(expr) {
            let is_own = matches!(analysis.expr(analysis.peel(*base)), Expr::Field { .. } | Expr::Path(_));
            return is_own.then(|| self.lock_place_at(analysis, *base, depth))?;
        }
        let callee = analysis.callee(expr)?;
        if !self.program.is_user(callee) {
            // `CELL.get_or_init(|| Mutex::new(..))` is what the cell holds.
            let effects = self.effects(callee);
            let receiver = analysis.receiver(self.program, expr)?;
            let gives_inside = effects.has(word::ALIASES) || effects.has(word::ELEMENTS);
            return gives_inside.then(|| self.lock_place_at(analysis, receiver, depth))?;
        }
        let body = self.program.body_of(callee).filter(|_| depth > 0)?;
        if !matches!(self.program.signature(callee)?.ret, Ty::Ref(..)) {
            return None;
        }
        let inner = self.analysis(body);
        let Expr::Block(block) = inner.expr(inner.body.ir.root) else { return None };
        match self.lock_place_at(inner, block.tail?, depth - 1)? {
            Place::Local(..) => None,
            place => Some(place),
        }
    }

    /// Whether what is held when a node starts is a guard, rather than an `Option` or `Result` that may hold none.
    pub(super) fn is_surely_guard(&self, guard: &Guard, node: NodeId) -> bool {
        let analysis = self.analysis(guard.body);
        guard.track.carriers_at(node).all(|carrier| match carrier.holder {
            Holder::Local(local) => self.roles().is_guard(analysis.types.local(local)),
            Holder::Temp(temp) => self.roles().is_guard(analysis.types.ty(temp)),
        })
    }

    /// Whether two guards may be of one lock, by what they protect: the lock of a map is none of those in the map, though
    /// they go by the same field.
    pub fn may_protect_same(&self, one: &Guard, other: &Guard) -> bool {
        let (own, others) = (&one.protected, &other.protected);
        let may_be_one = |one: &Option<Ty>, other: &Option<Ty>| match (one, other) {
            (Some(one), Some(other)) => super::roles::may_be_one(one, other),
            _ => true,
        };
        own.is_empty() || others.is_empty() || own.iter().any(|one| others.iter().any(|other| may_be_one(one, other)))
    }

    /// What becomes of a guard that is given to a call.
    pub(super) fn guard_role(&self, analysis: &Analysis<'_>, parent: Parent) -> CallRole {
        let (call, index) = match parent {
            Parent::Receiver(call) => (call, None),
            Parent::Arg(call, index) => (call, Some(index as usize)),
            _ => return CallRole::Takes,
        };
        if let Some(callee) = analysis.callee(call) {
            let effects = self.effects(callee);
            let speaks = |word: Name| {
                effects.has(word) && (index.is_none() || effects.index(word).unwrap_or(0) == index.unwrap_or(0))
            };
            if speaks(word::DROPS) {
                return CallRole::Drops;
            }
            if speaks(word::FORGETS) {
                return CallRole::Forgets;
            }
            if speaks(word::TAKES) {
                return CallRole::Extracts;
            }
        }
        if self.roles().keeps_guard(analysis.types.ty(call)) { CallRole::Passes } else { CallRole::Takes }
    }

    /// Whether a function of the user's gives a guard that is none of these.
    fn gives_another(&self, analysis: &Analysis<'_>, parent: Parent, own: &[Ty]) -> bool {
        let Some(call) = parent.expr() else { return false };
        let is_user = analysis.callee(call).is_some_and(|callee| self.program.is_user(callee));
        is_user && !self.roles().may_keep(analysis.types.ty(call), own)
    }

    /// How the lock of a guard is held when a node starts: the guard may have been made a weaker or a stronger one since.
    pub fn mode_at(&self, guard: &Guard, node: NodeId) -> Mode {
        let types = &self.analysis(guard.body).types;
        let modes = guard.track.carriers_at(node).map(|carrier| {
            let held_as = match carrier.holder {
                Holder::Local(local) => self.mode_of(types.local(local)),
                Holder::Temp(temp) => self.mode_of(types.ty(temp)),
            };
            held_as.unwrap_or(guard.mode)
        });
        // Where it is one on one way and another on the next, what is certain is the weaker.
        modes.max().unwrap_or(guard.mode)
    }

    /// How a value of a type holds a lock: by the only guard in it.
    fn mode_of(&self, ty: &Ty) -> Option<Mode> {
        let guards = self.roles().guards_in(ty);
        let [guard] = guards.as_slice() else { return None };
        let effects = type_effects(self.program, guard);
        match () {
            () if effects.with(word::GUARD, "exclusive") => Some(Mode::Exclusive),
            () if effects.with(word::GUARD, "upgradable") => Some(Mode::Upgradable),
            () if effects.with(word::GUARD, "shared") => Some(Mode::Shared),
            () => None,
        }
    }

    /// Follows a guard from the expression that makes it.
    pub(super) fn track_guard(&self, body: BodyId, flow: &Flow, start: ExprId) -> Track {
        let analysis = self.analysis(body);
        let own = self.roles().guards_in(analysis.types.ty(start));
        let role = |parent: Parent| match self.guard_role(analysis, parent) {
            // wgpu-core's `Submission::submit(self, ..)` gives another guard than the one it lets go of.
            CallRole::Passes if !own.is_empty() && self.gives_another(analysis, parent, &own) => CallRole::Takes,
            role => role,
        };
        let holds = |ty: &Ty| self.roles().keeps_guard(ty);
        flow.track(self.view(body), TrackStart::Expr(start), &Follow { role: &role, holds: &holds, into_structs: true })
    }
}

/// The names of the catalogue's functions that give a guard.
fn acquiring_names(cx: &Context<'_>) -> Vec<Name> {
    cx.library_names(|effects| effects.has(word::ACQUIRES) && !effects.with(word::ACQUIRES, "raw"))
}

fn guards_of(cx: &Context<'_>, body: BodyId, makers: &FxHashMap<DefId, Maker>) -> Vec<Guard> {
    let analysis = cx.analysis(body);
    let mut guards = Vec::new();
    for (call, callee) in analysis.calls() {
        let made = match makers.get(&callee) {
            Some(made) => {
                let path = made.path.as_ref().and_then(|path| cx.path_of_callee(analysis, call, callee, path));
                Maker { place: place_of_made(cx, analysis, call, made), path, ..made.clone() }
            }
            None => match acquired(cx, analysis, call, callee) {
                Some(made) => made,
                None => continue,
            },
        };
        let Some(start) = start_of(cx, analysis, call, callee) else { continue };
        let root = cx.flow_root(body, call);
        let flow = cx.flow(body, root);
        // What a function of the user's gives may still have to be opened.
        let is_open = made.poison == Poison::Never || cx.roles().is_guard(analysis.types.ty(call));
        let poison = match made.poison {
            _ if !is_open => opened(cx, analysis, call),
            // The helper unwraps it, so the call of the helper panics.
            Poison::Unwrapped(_) if makers.contains_key(&callee) => Poison::Unwrapped(call),
            poison => poison,
        };
        let track = cx.track_guard(body, flow, start);
        let maker = makers.contains_key(&callee).then_some(callee);
        let guarded = cx.roles().guards_in(analysis.types.ty(start));
        guards.push(Guard {
            body,
            root,
            call,
            start,
            place: made.place,
            path: made.path,
            kind: made.kind,
            is_async: made.is_async,
            mode: maker.and_then(|_| cx.mode_of(analysis.types.ty(start))).unwrap_or(made.mode),
            patience: made.patience,
            poisons: made.poisons,
            poison,
            maker,
            track,
            protected: guarded.iter().map(|guard| guard.args().last().cloned()).collect(),
        });
    }
    guards
}

/// What a function of the catalogue locks.
fn acquired(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Option<Maker> {
    let effects = cx.effects(callee);
    let effect = effects.get(word::ACQUIRES)?;
    let says = |arg: &str| effect.args.iter().any(|own| &**own == arg);
    if says("raw") {
        return None;
    }
    let mode = match () {
        () if says("shared") => Mode::Shared,
        () if says("upgradable") => Mode::Upgradable,
        () => Mode::Exclusive,
    };
    let receiver = analysis.receiver(cx.program, call);
    let place = receiver.and_then(|receiver| cx.lock_place(analysis, receiver));
    let path = receiver.and_then(|receiver| cx.lock_path(analysis, receiver));
    let patience = match () {
        () if says("try") || says("timed") => Patience::Bounded,
        () if effects.has(word::RECURSIVE) => Patience::Recursive,
        () => Patience::Blocking,
    };
    let block = cx.program.def(callee).parent;
    let lock = block.and_then(|block| cx.program.impl_header(block)).and_then(|header| match &header.self_ty {
        // A collection's `into_iter` is that of a reference to it.
        Ty::Ref(_, inner) => inner.adt(),
        ty => ty.adt(),
    });
    let kind = lock.map_or(LockKind::Unknown, |lock| lock_kind(cx, lock));
    let is_async = lock.is_some_and(|lock| cx.effects(lock).has(word::IS_ASYNC));
    // A poisoned lock refuses readers too, but they do not poison it.
    let refuses = lock.is_some_and(|lock| cx.effects(lock).has(word::POISONS));
    let poison = if refuses { opened(cx, analysis, call) } else { Poison::Never };
    Some(Maker {
        place,
        given: None,
        path,
        kind,
        is_async,
        mode,
        patience,
        poisons: refuses && mode == Mode::Exclusive,
        poison,
    })
}

/// What the catalogue says of a lock.
fn lock_kind(cx: &Context<'_>, lock: DefId) -> LockKind {
    let effects = cx.effects(lock);
    let says = |arg: &str| effects.with(word::LOCK, arg);
    match () {
        () if says("mutex") || says("rwlock") => LockKind::Plain,
        () if says("reentrant") => LockKind::Reentrant,
        () if says("semaphore") => LockKind::Semaphore,
        () if says("sharded") => LockKind::Sharded,
        () => LockKind::Unknown,
    }
}

/// The lock of a guard that a function of the user's gave.
fn place_of_made(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, made: &Maker) -> Option<Place> {
    let receiver = analysis.receiver(cx.program, call);
    match made.given {
        // `impl LockExt for Mutex<T> { fn lock_expect(&self) -> .. }`
        Some(Given::Receiver) => cx.lock_place(analysis, receiver?),
        Some(Given::Param(param)) => {
            let shift = usize::from(matches!(analysis.expr(call), Expr::Call { .. }) && receiver.is_some());
            let arg = analysis.args(call).get(param as usize + shift)?;
            cx.lock_place(analysis, *arg)
        }
        None => {
            // parity-db's own `Mutex<T>(std::sync::Mutex<T>)`: the field that holds the wrapper is the lock.
            // A locked table of locks is none.
            let is_wrapped = |receiver: &ExprId| {
                matches!(made.place, Some(Place::Field(field)) if is_wrapper(cx, field.adt))
                    && !cx.roles().is_guard(analysis.types.ty(*receiver))
            };
            receiver.filter(is_wrapped).and_then(|receiver| cx.lock_place(analysis, receiver)).or(made.place)
        }
    }
}

/// Whether a type is a lock by another name: generic in what it protects.
pub(super) fn is_wrapper(cx: &Context<'_>, adt: DefId) -> bool {
    cx.program.generics(adt).is_some_and(|generics| generics.params.iter().any(|param| !param.is_const))
}

/// The expression whose value holds the guard; `None` for a future that is not awaited at once.
fn start_of(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Option<ExprId> {
    let is_async =
        cx.program.function(callee).is_some_and(|function| function.is_async) || cx.effects(callee).has(word::IS_ASYNC);
    if !is_async {
        return Some(call);
    }
    match analysis.tree.parent(call) {
        Parent::AwaitOperand(awaited) => Some(awaited),
        _ => None,
    }
}

/// What is done with the `Result` of an acquisition.
fn opened(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> Poison {
    let tries = analysis.callee(call).is_some_and(|callee| {
        cx.effects(callee).with(word::ACQUIRES, "try") || cx.effects(callee).with(word::ACQUIRES, "timed")
    });
    let mut at = call;
    loop {
        match analysis.tree.parent(at) {
            Parent::Receiver(method) => {
                let Some(callee) = analysis.callee(method) else { return Poison::Handled };
                if cx.effects(callee).has(word::UNWRAPS) {
                    return Poison::Unwrapped(method);
                }
                if cx.roles().is_guard(analysis.types.ty(method)) {
                    let never = analysis.args(method).iter().any(|arg| match analysis.expr(*arg) {
                        Expr::Closure(closure) => *analysis.types.ty(closure.body) == Ty::Never,
                        _ => false,
                    });
                    return if never { Poison::Unwrapped(method) } else { Poison::Recovered };
                }
                if !cx.roles().carries_guard(analysis.types.ty(method)) {
                    return Poison::Handled;
                }
                at = method;
            }
            Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) => at = up,
            Parent::Scrutinee(parent) if tries => {
                let Expr::Match { arms, .. } = analysis.expr(parent) else { return Poison::Handled };
                let blind = arms.iter().any(|arm| is_blind_error(cx, analysis, arm.pat));
                return if blind { Poison::Mistaken } else { Poison::Handled };
            }
            Parent::LetOperand(_) if tries => return Poison::Mistaken,
            Parent::LetInit(block, index) if tries => {
                let Expr::Block(block) = analysis.expr(block) else { return Poison::Handled };
                let has_else = matches!(block.stmts.get(index as usize), Some(Stmt::Let { els: Some(_), .. }));
                return if has_else { Poison::Mistaken } else { Poison::Handled };
            }
            _ => return Poison::Handled,
        }
    }
}

/// `_`, or `Err(_)`: the cause is not looked at.
fn is_blind_error(cx: &Context<'_>, analysis: &Analysis<'_>, pat: PatId) -> bool {
    match &analysis.body.pat(pat).kind {
        Pat::Wild => true,
        Pat::TupleStruct { pats, .. } => {
            let is_err = analysis
                .types
                .pat_variants
                .get(&pat)
                .is_some_and(|(def, variant)| Some(*def) == cx.program.lang.result && *variant == 1);
            is_err && pats.iter().all(|pat| matches!(analysis.body.pat(*pat).kind, Pat::Wild))
        }
        _ => false,
    }
}

fn is_returned(guard: &Guard) -> bool {
    guard.root == FlowRoot::Body && guard.track.ends.iter().any(|end| end.kind == crate::model::flow::EndKind::Returned)
}

/// What the function that returns a guard has locked.
fn maker(cx: &Context<'_>, guard: &Guard) -> Maker {
    let (place, given) = match guard.place {
        Some(Place::Local(body, local)) if cx.analysis(body).body.ir.self_local == Some(local) => {
            (None, Some(Given::Receiver))
        }
        Some(Place::Local(body, local)) => (None, param_index(cx.analysis(body), local).map(Given::Param)),
        place => (place, None),
    };
    let Guard { kind, is_async, mode, patience, .. } = *guard;
    Maker {
        place,
        given,
        path: guard.path.clone(),
        kind,
        is_async,
        mode,
        patience,
        poisons: guard.poisons,
        poison: guard.poison,
    }
}

/// Which parameter a local is.
pub(super) fn param_index(analysis: &Analysis<'_>, local: LocalId) -> Option<u32> {
    match analysis.tree.pat_parent(analysis.tree.binding(local)?) {
        PatParent::Param(index) => Some(index),
        _ => None,
    }
}

/// Whether a call makes a `Result::Err`.
pub(super) fn is_error_value(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> bool {
    let expr = analysis.peel(expr);
    match analysis.expr(expr) {
        Expr::Call { callee, .. } => match analysis.value(*callee) {
            Some(ValueRef::Constructor(def, variant)) => Some(def) == cx.program.lang.result && variant == 1,
            _ => false,
        },
        Expr::MethodCall(call) => is_error_value(cx, analysis, call.receiver),
        _ => false,
    }
}

impl Context<'_> {
    /// The short place of a way out: the `?` alone, the keyword, the name of the macro or call.
    pub fn leaving_loc(&self, analysis: &Analysis<'_>, expr: ExprId) -> Loc {
        match analysis.expr(expr) {
            Expr::Macro(call) => analysis.body.loc(call.path.span),
            Expr::Call { .. } | Expr::MethodCall(_) => analysis.call_loc(expr),
            _ => self.exit_loc(analysis, expr),
        }
    }

    /// Whether an error that a call gives is passed on to the caller.
    pub fn is_error_passed_on(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        super::writes::is_propagated(analysis, call)
    }

    /// The closures among the arguments of a call that a function of the catalogue runs before it returns.
    pub fn closures_run_by(&self, analysis: &Analysis<'_>, call: ExprId, callee: DefId) -> Vec<ExprId> {
        let effects = self.effects(callee);
        let keeps =
            [word::SPAWNS, word::STORES, word::RUNS_ASYNC, word::CATCHES_PANIC].iter().any(|word| effects.has(*word));
        let Some(signature) = self.program.signature(callee).filter(|_| !keeps) else { return Vec::new() };
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && signature.self_ty.is_some());
        let bounds = self.program.own_bounds(callee);
        let is_run = |ty: &Ty| {
            bounds.iter().any(|(subject, bound)| subject == ty && self.program.lang.is_fn_trait(bound.trait_def))
        };
        analysis
            .args(call)
            .iter()
            .skip(shift)
            .zip(signature.params.iter())
            .filter(|(arg, ty)| matches!(analysis.expr(**arg), Expr::Closure(_)) && is_run(ty))
            .map(|(arg, _)| *arg)
            .collect()
    }

    /// Whether a lock is a field of a value that the function owns alone, or that a `drop` is the last to see: nobody else
    /// can see its poison.
    pub fn is_unshared(&self, guard: &Guard) -> bool {
        let Some(Place::Field(_)) = guard.place else { return false };
        let analysis = self.analysis(guard.body);
        let Some(mut at) = analysis.receiver(self.program, guard.call) else { return false };
        let mut is_part = self.roles().says(analysis.types.ty(analysis.peel(at)), word::LOCK);
        while let Expr::Field { base, .. } = analysis.expr(analysis.peel(at)) {
            let ty = analysis.types.ty(analysis.peel(at));
            is_part &= ty.adt().is_some() && self.program.deref(ty).is_none();
            at = *base;
        }
        match analysis.expr(analysis.peel(at)) {
            // What is behind an `Arc` outlives the object.
            Expr::Local(local) if analysis.body.ir.self_local == Some(*local) => {
                is_part && self.is_drop(analysis.body.owner)
            }
            Expr::Local(local) => {
                let ty = analysis.types.local(*local);
                let owned = ty.adt().is_some_and(|adt| self.program.is_user(adt));
                owned && self.program.deref(ty).is_none()
            }
            _ => false,
        }
    }

    /// What is written from the receiver to the end of the call that takes the lock: `self.state.lock()`.
    pub fn receiver_text(&self, guard: &Guard) -> Option<&str> {
        let text = self.program.text(self.analysis(guard.body).body.expr_loc(guard.call));
        (text.len() <= 60 && !text.contains('\n') && guard.maker.is_none()).then_some(text)
    }
}
