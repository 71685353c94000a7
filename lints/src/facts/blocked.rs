//! Threads that are told to stop and then joined, while they may be waiting for something that never comes.
//!
//! The thread's loop tests a signal (a flag, a channel of its own) and also waits without a time-out: for a connection, a
//! message, an unpark. The function that gives the signal and joins is executed, and the signs that others may notice are
//! read in order: whatever may end the wait before the join, or is not known, silences. So does what other threads do to the
//! thing waited for, as long as they run.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::exec::{Execution, LoopFacts, Sign, SignKind, Step, StepKind, TracedStep, World};
use super::place::Place;
use super::spawns::{HandleSite, Spawn, SpawnKind};
use super::threads::Thread;
use crate::model::{BodyId, DefId, FieldRef, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{BinaryOp, Expr, ExprId, Literal, Operator};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A sleep of so many seconds keeps whoever joins the thread.
const LONG_SLEEP: u64 = 60;
/// How many functions up the one that joins is looked for.
const CALLER_DEPTH: u32 = 2;
/// How many functions are tried for one thread.
const MAX_STOPPERS: usize = 12;

/// What functions that stop threads do, by function.
pub(super) type KnownExecutions = std::sync::Mutex<FxHashMap<DefId, Arc<Execution>>>;

/// A thread that may be waiting when it is told to stop and joined.
#[derive(Clone, Debug)]
pub struct BlockedStop {
    /// Where it starts.
    pub spawn: Spawn,
    /// The loop that tests the signal.
    pub home: (BodyId, ExprId),
    /// The wait.
    pub wait: Step,
    /// The call in the loop's own function that leads to it, where it is in another.
    pub through: Option<Loc>,
    /// The object that is waited on, as the loop's function knows it.
    pub object: Option<Place>,
    /// What it waits for.
    pub cause: WaitCause,
    /// Where the loop tests the signal.
    pub test: (BodyId, ExprId),
    /// What it tests.
    pub signal: Place,
    /// Where the signal is given.
    pub told: Loc,
    /// Where the thread is joined after that.
    pub join: Loc,
    /// The function that does both.
    pub stopper: DefId,
}

/// What a blocked thread waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitCause {
    /// A connection.
    Accept,
    /// A message, while whoever joins still has this sender.
    Receive(Place),
    /// The other side of a socket.
    Read,
    /// An unpark.
    Park,
    /// A condition variable that is not notified; another thread would have done so, here, but for an error before that.
    Condvar(Option<Loc>),
    /// The end of a child process.
    Child,
    /// The clock, for so many seconds.
    Sleep(u64),
}

/// A function that gives a signal and joins, with the signs that others may notice up to the join.
struct Stopper {
    function: DefId,
    signs: Vec<Sign>,
    join: Loc,
}

impl Context<'_> {
    /// The threads that may be waiting when they are stopped, in the order of their spawns, at most one wait each.
    pub fn blocked_stops(&self) -> Vec<BlockedStop> {
        self.threads().iter().filter_map(|thread| self.blocked_stop(thread)).collect()
    }

    fn blocked_stop(&self, thread: &Thread) -> Option<BlockedStop> {
        let mut loops: Vec<&((BodyId, ExprId), LoopFacts)> = thread.execution.loops.iter().collect();
        loops.retain(|(_, facts)| !facts.exits.is_empty() && !facts.inner_endless);
        loops.retain(|(_, facts)| facts.traced.iter().any(|traced| is_test(&traced.step)));
        loops.retain(|(_, facts)| facts.traced.iter().any(|traced| self.may_keep(&traced.step)));
        let is_thread = matches!(thread.spawn.kind, SpawnKind::Thread | SpawnKind::Scoped);
        if thread.execution.gave_up || !is_thread || loops.is_empty() {
            return None;
        }
        let stoppers = self.stoppers(thread.spawn);
        // The innermost loop that looks at the signal says most.
        loops.sort_by_key(|(_, facts)| facts.steps.len());
        loops.into_iter().find_map(|(home, facts)| {
            stoppers.iter().find_map(|stopper| self.blocked_by(thread, *home, facts, stopper, &stoppers))
        })
    }

    fn blocked_by(
        &self,
        thread: &Thread,
        home: (BodyId, ExprId),
        facts: &LoopFacts,
        stopper: &Stopper,
        all: &[Stopper],
    ) -> Option<BlockedStop> {
        let mut tested: Vec<&[Place]> = Vec::new();
        for test in facts.traced.iter().filter(|traced| is_test(&traced.step)) {
            let Some(signal) = test.step.place.filter(|_| !tested.contains(&&*test.route)) else { continue };
            tested.push(&test.route);
            let Some(told) = self.told(stopper, test, signal) else { continue };
            // One loop of a helper goes round for each object that it is called on.
            let context = self.context_of(home, test);
            let found = facts.traced.iter().filter(|wait| self.context_of(home, wait) == context).find_map(|wait| {
                let cause = self.cause(thread, wait, stopper)?;
                let ends = all.iter().filter(|other| other.join == stopper.join).any(|other| {
                    self.told(other, test, signal).is_some_and(|at| self.may_end(other, at, cause, &wait.route))
                });
                (!ends).then_some((wait, cause))
            });
            let Some((wait, cause)) = found else { continue };
            let sign = stopper.signs.get(told)?;
            if !self.is_ended_by(thread, home, sign, &test.step, signal) {
                continue;
            }
            let (home, test) = innermost(thread, wait, test).unwrap_or((home, &test.step));
            return Some(BlockedStop {
                spawn: thread.spawn,
                home,
                wait: wait.step,
                through: self.call_in_loop(home, wait),
                object: match self.call_in_loop(home, wait) {
                    Some(_) => wait.route.iter().rfind(|place| matches!(place, Place::Field(_))).copied(),
                    None => wait.step.place,
                },
                cause,
                test: (test.body, test.call),
                signal,
                told: self.sign_loc(sign),
                join: stopper.join,
                stopper: stopper.function,
            });
        }
        None
    }

    /// The functions that join a thread, and those that call them, with what they do before.
    fn stoppers(&self, spawn: Spawn) -> Vec<Stopper> {
        let mut joins: Vec<Loc> = Vec::new();
        for site in self.sites_of(spawn) {
            joins.extend(self.full_fate(&self.fate(site.body, site.call)).joins());
        }
        joins.extend(self.scope_of(spawn).filter(|_| joins.is_empty()));
        joins.sort_unstable();
        joins.dedup();
        let mut functions: Vec<DefId> = joins.iter().filter_map(|join| Some(self.body_at(*join)?.owner)).collect();
        let mut from = 0;
        for _ in 0..CALLER_DEPTH {
            let fresh: Vec<DefId> = functions.iter().skip(from).flat_map(|function| self.calling(*function)).collect();
            from = functions.len();
            for function in fresh {
                if !functions.contains(&function) && functions.len() < MAX_STOPPERS {
                    functions.push(function);
                }
            }
        }
        functions.into_iter().filter_map(|function| self.stopper(function, &joins)).collect()
    }

    /// The call of the scope that a scoped thread starts in: it waits for the thread at its end.
    fn scope_of(&self, spawn: Spawn) -> Option<Loc> {
        let analysis = self.analysis(spawn.body);
        let is_scope =
            |call: &ExprId| analysis.callee(*call).is_some_and(|callee| self.effects(callee).has(word::SCOPE));
        let scope = analysis.tree.ancestors(spawn.call).find(is_scope);
        scope.filter(|_| spawn.kind == SpawnKind::Scoped).map(|call| analysis.call_loc(call))
    }

    fn stopper(&self, function: DefId, joins: &[Loc]) -> Option<Stopper> {
        let execution = self.execution_of(function);
        let is_join =
            |sign: &Sign| sign.kind == SignKind::Join && joins.contains(&self.analysis(sign.body).call_loc(sign.at));
        let at = execution.signs.iter().position(is_join).filter(|_| !execution.gave_up)?;
        let join = self.analysis(execution.signs.get(at)?.body).call_loc(execution.signs.get(at)?.at);
        let signs = execution.signs.iter().take(at).cloned().collect();
        Some(Stopper { function, signs, join })
    }

    /// What a function does in the world as it is: asked for each thread that it may stop.
    fn execution_of(&self, function: DefId) -> Arc<Execution> {
        if let Ok(known) = self.known_executions.lock()
            && let Some(execution) = known.get(&function)
        {
            return execution.clone();
        }
        let execution = Arc::new(self.execute(Entry::Function(function), &World::default()));
        if let Ok(mut known) = self.known_executions.lock() {
            known.insert(function, execution.clone());
        }
        execution
    }

    /// The places that get the handle of a thread.
    pub(super) fn sites_of(&self, spawn: Spawn) -> Vec<HandleSite> {
        let is_it = |site: &HandleSite| {
            self.spawns().behind(*site).is_some_and(|own| (own.body, own.call) == (spawn.body, spawn.call))
        };
        self.spawns().handles.iter().copied().filter(is_it).collect()
    }

    /// The functions that call a function.
    fn calling(&self, function: DefId) -> Vec<DefId> {
        self.calls_of(function).into_iter().map(|(body, _)| self.program.body(body).owner).collect()
    }

    fn sign_loc(&self, sign: &Sign) -> Loc {
        let analysis = self.analysis(sign.body);
        match analysis.expr(sign.at) {
            Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
            _ => analysis.call_loc(sign.at),
        }
    }

    /// The sign among a stopper's that gives the signal.
    fn told(&self, stopper: &Stopper, test: &TracedStep, signal: Place) -> Option<usize> {
        match test.step.kind {
            StepKind::Load => {
                let stores = self.stores_of(signal);
                stopper.signs.iter().position(|sign| {
                    matches!(sign.kind, SignKind::Store(Some(_)))
                        && stores.contains(&self.sign_loc(sign))
                        && self.is_same(&sign.route, &test.route)
                })
            }
            _ => {
                let fields = self.sender_fields(signal);
                stopper.signs.iter().position(|sign| {
                    let to = |place: &Place| matches!(place, Place::Field(field) if fields.contains(field));
                    sign.kind == SignKind::Send && sign.route.first().is_some_and(to)
                })
            }
        }
    }

    /// Where a flag is set, also by those who hand it to the function that it is a parameter of.
    fn stores_of(&self, signal: Place) -> Vec<Loc> {
        let mut stores = self.flag_life(signal).stores;
        let Place::Local(body, local) = signal else { return stores };
        let analysis = self.analysis(body);
        let owner = analysis.body.owner;
        let has_self = self.program.function(owner).is_some_and(|function| function.self_param.is_some());
        let parent = analysis.tree.binding(local).map(|pat| analysis.tree.pat_parent(pat));
        let Some(PatParent::Param(index)) = parent else { return stores };
        for (caller, call) in self.calls_of(owner) {
            let caller = self.analysis(caller);
            let by_path = matches!(caller.expr(call), Expr::Call { .. });
            let arg = caller.args(call).get(index as usize + usize::from(by_path && has_self));
            if let Some(flag) = arg.and_then(|arg| self.flag_place(caller, *arg)) {
                stores.extend(self.flag_life(flag).stores);
            }
        }
        stores
    }

    /// Whether the signal is what ends the loop: there is a way out with it that is none without.
    fn is_ended_by(&self, thread: &Thread, home: (BodyId, ExprId), sign: &Sign, step: &Step, signal: Place) -> bool {
        let with = |change: &dyn Fn(&mut World)| {
            let mut world = thread.world.clone();
            change(&mut world);
            let execution = self.execute(thread.spawn.entry, &world);
            execution.get(home).filter(|_| !execution.gave_up).map(|facts| facts.exits.clone())
        };
        let (told, untold) = match (step.kind, sign.kind) {
            (StepKind::Load, SignKind::Store(Some(value))) => {
                (with(&|world| world.frozen.push((signal, value))), with(&|world| world.frozen.push((signal, !value))))
            }
            (StepKind::ReceiveTry, _) => (with(&|_| {}), with(&|world| world.silent.push(signal))),
            _ => return false,
        };
        match (told, untold) {
            (Some(told), Some(untold)) => told.iter().any(|exit| !untold.contains(exit)),
            // Where the loop is not even entered the flag says nothing about its end.
            _ => false,
        }
    }

    /// The calls that lead to the loop around a step.
    fn context_of<'s>(&self, (body, home): (BodyId, ExprId), step: &'s TracedStep) -> &'s [Loc] {
        let analysis = self.analysis(body);
        let area = analysis.body.expr_loc(home);
        let is_own = step.step.body == body && analysis.tree.is_inside(step.step.call, home);
        let inside = |call: &Loc| call.file == area.file && area.span.contains(call.span);
        let entered = step.chain.iter().position(inside).filter(|_| !is_own);
        entered.map_or(&step.chain, |entered| step.chain.get(..entered).unwrap_or_default())
    }

    /// The call in a loop through which a wait is reached.
    fn call_in_loop(&self, (body, home): (BodyId, ExprId), wait: &TracedStep) -> Option<Loc> {
        let analysis = self.analysis(body);
        let area = analysis.body.expr_loc(home);
        let is_own = wait.step.body == body && analysis.tree.is_inside(wait.step.call, home);
        wait.chain.iter().copied().find(|call| !is_own && call.file == area.file && area.span.contains(call.span))
    }

    /// Whether two routes may lead to one object. They do not where they part at two fields of one type, or at two fields that
    /// hold it without a pointer.
    fn is_same(&self, left: &[Place], right: &[Place]) -> bool {
        let holds = |place: &Place| {
            self.place_type(*place).is_some_and(|ty| !ty.is_unknown() && self.roles().pointee(&ty) == ty)
        };
        match left.iter().zip(right).find(|(left, right)| left != right) {
            Some((left @ Place::Field(one), right @ Place::Field(other))) => {
                one.adt != other.adt && !(holds(left) && holds(right))
            }
            _ => true,
        }
    }

    /// Why a step keeps the thread, if nobody is seen to end it.
    fn cause(&self, thread: &Thread, wait: &TracedStep, stopper: &Stopper) -> Option<WaitCause> {
        let TracedStep { step: wait, route, .. } = wait;
        let analysis = self.analysis(wait.body);
        if wait.kind == StepKind::Receive {
            return self.kept_sender(thread, wait.place?, stopper.function).map(WaitCause::Receive);
        }
        let callee = analysis.callee(wait.call).or_else(|| Some(self.waits_each_step(analysis, wait.call)?.1))?;
        let effects = self.effects(callee);
        let blocks = |kind: &str| effects.with(word::BLOCKS, kind);
        if wait.kind == StepKind::Pause {
            return self.long_sleep(wait).map(WaitCause::Sleep);
        }
        if effects.has(word::WAITS) {
            return self.missing_notify(thread, route, stopper).map(WaitCause::Condvar);
        }
        if blocks("accept") {
            return (!self.is_impatient(analysis, wait)).then_some(WaitCause::Accept);
        }
        if (blocks("net") || blocks("io")) && self.reads_socket(analysis, wait.call) {
            return (!self.is_impatient(analysis, wait)).then_some(WaitCause::Read);
        }
        if blocks("park") && wait.place.is_none() {
            let unparks = |sign: &Sign| sign.kind == SignKind::Wake;
            return (!self.on_other_threads(thread, unparks)).then_some(WaitCause::Park);
        }
        blocks("child").then_some(WaitCause::Child)
    }

    /// Whether a step may keep the thread for long.
    fn may_keep(&self, step: &Step) -> bool {
        match step.kind {
            StepKind::Receive | StepKind::Block => true,
            StepKind::Pause => self.long_sleep(step).is_some(),
            StepKind::ReceiveTimed | StepKind::ReceiveTry | StepKind::Load => false,
        }
    }

    /// How many seconds a step sleeps, where that is long.
    fn long_sleep(&self, step: &Step) -> Option<u64> {
        let analysis = self.analysis(step.body);
        let sleeps = self.effects(analysis.callee(step.call)?).with(word::BLOCKS, "sleep");
        let time = analysis.args(step.call).first().filter(|_| sleeps)?;
        self.seconds(analysis, *time, 4).filter(|slept| *slept >= LONG_SLEEP)
    }

    /// The sender that whoever joins still has, where no thread sends such messages.
    fn kept_sender(&self, thread: &Thread, receiver: Place, stopper: DefId) -> Option<Place> {
        let ty = self.place_type(receiver)?;
        let message = self.message(&ty)?;
        let sends = |sign: &Sign| {
            let analysis = self.analysis(sign.body);
            sign.kind == SignKind::Send
                && analysis
                    .receiver(self.program, sign.at)
                    .is_none_or(|sender| self.message(analysis.types.ty(sender)).is_none_or(|own| own == message))
        };
        if self.on_other_threads(thread, sends) {
            return None;
        }
        let fields: Vec<FieldRef> = self.sender_fields(receiver);
        let kept = fields.into_iter().find(|field| self.is_about(stopper, field.adt));
        let near = kept.map(Place::Field).or_else(|| self.local_sender(receiver, stopper));
        near.or_else(|| self.far_sender(receiver, stopper))
    }

    /// As [`Context::kept_sender`], where the receiver went through parameters and wrappers.
    fn far_sender(&self, receiver: Place, stopper: DefId) -> Option<Place> {
        let channels = self.channels_made();
        let mut own = channels.iter().filter(|channel| self.receiving_end(channel).places().any(|end| end == receiver));
        let channel = own.next().filter(|_| own.next().is_none())?;
        let senders = self.sending_end(channel);
        let mut fields = senders.fields.iter().map(|(field, _, _)| *field);
        fields.find(|field| self.is_about(stopper, field.adt)).map(Place::Field)
    }

    /// Whether another thread does something.
    fn on_other_threads(&self, thread: &Thread, wanted: impl Fn(&Sign) -> bool) -> bool {
        self.other_threads(thread).flat_map(|other| &other.execution.signs).any(wanted)
    }

    /// The other threads of the crate, of those that it uses and of those that use it.
    fn other_threads<'t>(&'t self, thread: &'t Thread) -> impl Iterator<Item = &'t Thread> {
        let own = (thread.spawn.body, thread.spawn.call);
        let others = self.threads().iter().filter(move |other| (other.spawn.body, other.spawn.call) != own);
        others.filter(move |other| self.may_meet(own.0, other.spawn.body))
    }

    /// Whether two bodies' crates know each other.
    fn may_meet(&self, left: BodyId, right: BodyId) -> bool {
        let krate = |body: BodyId| self.program.krate_id(self.program.body(body).owner);
        self.program.uses_crate(krate(left), krate(right)) || self.program.uses_crate(krate(right), krate(left))
    }

    /// `None` where a condition variable may be notified after the signal. Else, where another thread would do so but for an
    /// error before that, the place of its notify.
    // parity-db's `shutdown` wakes all workers but the one that waits for the log to be cleaned.
    fn missing_notify(&self, thread: &Thread, route: &[Place], stopper: &Stopper) -> Option<Option<Loc>> {
        if route.is_empty() {
            return None;
        }
        let wakes_others = stopper.signs.iter().any(|sign| sign.kind == SignKind::Notify);
        let mut skipped = None;
        for other in self.other_threads(thread) {
            for sign in &other.execution.signs {
                if sign.kind != SignKind::Notify || !self.is_same(&sign.route, route) {
                    continue;
                }
                let call = sign.chain.iter().copied().find(|call| self.fails_before(*call));
                if call.is_none() || !wakes_others {
                    return None;
                }
                skipped = skipped.or(call);
            }
        }
        Some(skipped)
    }

    /// Whether a function can return an error before it comes to a place.
    fn fails_before(&self, at: Loc) -> bool {
        self.body_at(at).is_some_and(|body| {
            body.ir.exprs.iter().any(|data| matches!(data.kind, Expr::Try(_)) && data.span.end <= at.span.start)
        })
    }

    /// Whether something that a stopper does before the join may end a wait.
    fn may_end(&self, stopper: &Stopper, told: usize, cause: WaitCause, route: &[Place]) -> bool {
        stopper.signs.iter().enumerate().any(|(index, sign)| match sign.kind {
            SignKind::Unknown => index > told,
            SignKind::Wake | SignKind::LetGo => !matches!(cause, WaitCause::Sleep(_)),
            SignKind::Notify => {
                matches!(cause, WaitCause::Condvar(_)) && (sign.route.is_empty() || self.is_same(&sign.route, route))
            }
            SignKind::Send => matches!(cause, WaitCause::Receive(_)),
            SignKind::Store(_) | SignKind::Join => false,
        })
    }

    /// Whether a socket may have been told to give up after a while: it was, or one like it; or the code is ready for it.
    fn is_impatient(&self, analysis: &Analysis<'_>, wait: &Step) -> bool {
        const GIVES_UP: [Name; 2] = [Name::of("WouldBlock"), Name::of("TimedOut")];
        if GIVES_UP.iter().any(|name| analysis.body.mentions(*name)) {
            return true;
        }
        let socket = analysis.receiver(self.program, wait.call).unwrap_or(wait.call);
        let ty = self.socket(analysis.types.ty(socket));
        let setters: Vec<DefId> =
            self.library_defs().iter().copied().filter(|def| self.effects(*def).has(word::SETS_TIMEOUT)).collect();
        let mut names: Vec<Name> = setters.iter().map(|def| self.program.item(*def).name).collect();
        names.sort_unstable();
        names.dedup();
        self.bodies_mentioning(&names).filter(|body| self.may_meet(body.id, analysis.body.id)).any(|body| {
            let other = self.analysis(body.id);
            other.calls().any(|(call, callee)| {
                let sets = setters.contains(&callee);
                let on = other.receiver(self.program, call).map(|on| self.socket(other.types.ty(on)));
                sets && (on == Some(ty) || on.is_none_or(|on| on.is_none()))
            })
        })
    }

    /// Whether a call reads from a socket, rather than write to it.
    fn reads_socket(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let fills = analysis
            .callee(call)
            .and_then(|callee| self.program.signature(callee))
            .is_some_and(|signature| signature.params.iter().any(|ty| matches!(ty, Ty::Ref(true, _))));
        let each_step = self.waits_each_step(analysis, call).is_some();
        let on = analysis.receiver(self.program, call);
        (fills || each_step) && on.is_some_and(|on| self.socket(analysis.types.ty(on)).is_some())
    }

    /// The type in a value that can be told to give up after a while: a socket, perhaps in a reader.
    fn socket(&self, ty: &Ty) -> Option<DefId> {
        let mut found = None;
        self.roles().owns(
            &self.roles().pointee(ty),
            &mut |part| {
                let adt = part.adt().filter(|adt| !self.program.is_user(*adt));
                let can = adt.is_some_and(|adt| {
                    let blocks = self.program.impls_of(adt);
                    blocks
                        .iter()
                        .flat_map(|block| self.functions_of(*block))
                        .any(|def| self.effects(def).has(word::SETS_TIMEOUT))
                });
                found = adt.filter(|_| can).or(found);
                can
            },
            true,
            5,
        );
        found
    }

    /// How long a duration is that is written down.
    fn seconds(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Option<u64> {
        const UNITS: [(Name, u64); 4] = [
            (Name::of("from_secs"), 1),
            (Name::of("from_mins"), 60),
            (Name::of("from_hours"), 3600),
            (Name::of("from_days"), 86_400),
        ];
        let expr = analysis.peel(expr);
        if budget == 0 {
            return None;
        }
        match analysis.expr(expr) {
            Expr::Literal(Literal::Int(value)) => Some(*value),
            Expr::Path(_) => match analysis.value(expr)? {
                ValueRef::Const(def) if self.program.is_user(def) => {
                    let constant = self.analysis(self.program.body_of(def)?);
                    self.seconds(constant, constant.body.ir.root, budget - 1)
                }
                _ => None,
            },
            Expr::Binary { op: BinaryOp::Arithmetic(Operator::Mul), lhs, rhs } => {
                let both = (self.seconds(analysis, *lhs, budget - 1)?, self.seconds(analysis, *rhs, budget - 1)?);
                both.0.checked_mul(both.1)
            }
            Expr::Call { args, .. } => {
                let callee = analysis.callee(expr).filter(|callee| !self.program.is_user(*callee))?;
                let (_, unit) = UNITS.iter().find(|(name, _)| *name == self.program.item(callee).name)?;
                self.seconds(analysis, *args.first()?, budget - 1)?.checked_mul(*unit)
            }
            _ => None,
        }
    }
}

/// The innermost loop of a thread that looks at a signal, of the same object as a test of it, and comes to a wait; with the look.
fn innermost<'t>(thread: &'t Thread, wait: &TracedStep, test: &TracedStep) -> Option<((BodyId, ExprId), &'t Step)> {
    let is_same = |own: &&TracedStep| own.step.place == test.step.place && own.route == test.route;
    let around = thread.execution.loops.iter().filter(|(_, facts)| facts.traced.contains(wait));
    let tested = around.filter_map(|(home, facts)| {
        let found = facts.traced.iter().filter(|own| is_test(&own.step)).find(is_same)?;
        Some((facts.steps.len(), (*home, &found.step)))
    });
    tested.min_by_key(|(steps, _)| *steps).map(|(_, found)| found)
}

/// Whether a step looks at a signal: a flag, or a channel without waiting.
pub(super) fn is_test(step: &Step) -> bool {
    matches!(step.kind, StepKind::Load | StepKind::ReceiveTry) && step.place.is_some()
}
