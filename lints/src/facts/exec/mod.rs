//! Abstract execution of what runs on a thread: which loops it reaches, and by which ways each can be left.
//!
//! The code is executed once over a small domain (known booleans, `Ok`/`Err`, `Some`/`None`, unit variants, empty
//! collections, a few alternatives of these, anything), following calls into the user's functions a few deep. A branch whose
//! condition is known is not taken the other way; everything else is. The [`World`] says what is assumed of channels, flags
//! and I/O, so that "no exit once all senders are gone" and "no exit since nobody sets the flag" are the same question as "no
//! exit at all".
//!
//! Whatever is not understood may end the loop: an unknown macro with a `break`, a call through an unknown pointer that
//! never returns, a budget that runs out. What a called function does not understand ends that function, with any value.
//!
//! The same machinery asks whether a loop can go round doing nothing but ask: see [`idle`].

mod calls;
mod channels;
mod eval;
mod fields;
mod idle;
mod loops;
mod macros;
mod patterns;
mod signs;
mod value;

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::place::Place;
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, LocalId};
pub use idle::{Poll, PollKind};
use rustc_hash::{FxHashMap, FxHashSet};
pub use signs::{Sign, SignKind};
use std::cell::RefCell;
use value::{Env, Value, Var};

const STEP_BUDGET: u32 = 60_000;

/// What is assumed while executing.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Receivers whose senders are all gone and whose messages are all taken.
    pub disconnected: Vec<Place>,
    /// Receivers that have a sender as long as the thread runs.
    pub connected: Vec<Place>,
    /// Receivers that never get a message, while a sender is there as long as the thread runs.
    pub silent: Vec<Place>,
    /// Receivers that get this message and nothing else, as often as they are asked.
    pub delivered: Vec<(Place, Message)>,
    /// Senders whose receiver is there as long as the thread runs.
    pub heard: Vec<Place>,
    /// What is written to files and streams arrives.
    pub io_works: bool,
    /// Flags that keep a value: atomics, and `bool`s in a field or behind a lock.
    pub frozen: Vec<(Place, bool)>,
    /// Variants of enums of the user's that no value ever has: messages that are never sent, states that never come.
    pub unbuilt: Vec<(DefId, u32)>,
    /// Reading, writing and connecting give errors.
    pub io_fails: bool,
}

/// A message, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message(Value);

impl Default for Message {
    fn default() -> Message {
        Message(Value::Any)
    }
}

/// How a loop can be left.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ExitKind {
    /// `break`
    Break,
    /// The condition of a `while`, the end of what a `for` runs over.
    Condition,
    /// `return`
    Return,
    /// `?`
    Try,
    /// A panic that is written down: `panic!`, `unwrap` on what may fail.
    Panic,
    /// A call that does not come back: `process::exit`.
    Diverge,
    /// Something that is not understood.
    Unknown,
}

/// A receive, a load of a flag, a blocking call inside a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// On what.
    pub place: Option<Place>,
    /// The body.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
}

/// What a step of a loop does that matters for stopping it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepKind {
    /// Waits for a message as long as it takes.
    Receive,
    /// Waits for a message for a while.
    ReceiveTimed,
    /// Looks for a message.
    ReceiveTry,
    /// Reads a flag.
    Load,
    /// Blocks without a time-out: accept, park, I/O, a condition variable.
    Block,
    /// Sleeps, or blocks with a time-out.
    Pause,
}

/// A step of a loop with how it is come by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TracedStep {
    /// The step.
    pub step: Step,
    /// What it is done to, and through what that is reached: the object itself first.
    pub route: Vec<Place>,
    /// The calls that lead from the thread's start to it.
    pub chain: Vec<Loc>,
}

/// What is known of one loop.
#[derive(Clone, Debug, Default)]
pub struct LoopFacts {
    /// The ways out.
    pub exits: Vec<(ExitKind, Loc)>,
    /// What it does that matters.
    pub steps: Vec<Step>,
    /// The steps again, by every way that leads to them. Nothing in a `select!` is among them.
    pub traced: Vec<TracedStep>,
    /// The calls that lead from the thread's start to the function that the loop stands in.
    pub chain: Vec<Loc>,
    /// A loop inside it is never left.
    pub inner_endless: bool,
}

/// The loops that a thread reaches, in order of body and expression.
#[derive(Clone, Debug, Default)]
pub struct Execution {
    /// The loops.
    pub loops: Vec<((BodyId, ExprId), LoopFacts)>,
    /// The budget ran out: nothing may be concluded.
    pub gave_up: bool,
    /// Where a value was looked at for a variant that it never has.
    pub refused: Vec<((DefId, u32), Loc)>,
    /// What others may notice, in the order in which it is done first.
    pub signs: Vec<Sign>,
}

impl Execution {
    /// A loop's facts.
    pub fn get(&self, key: (BodyId, ExprId)) -> Option<&LoopFacts> {
        self.loops.iter().find(|(own, _)| *own == key).map(|(_, facts)| facts)
    }
}

struct Frame {
    body: BodyId,
    target: ExprId,
    is_loop: bool,
    depth: u32,
    breaks: Option<Env>,
    continues: Option<Env>,
}

struct Call {
    returns: Option<Env>,
    value: Option<Value>,
}

impl Context<'_> {
    /// Executes what runs on a thread in a world.
    pub fn execute(&self, entry: Entry, world: &World) -> Execution {
        self.execute_for(entry, world, None)
    }

    /// What an expression gives that is sent as a message.
    pub fn value_sent(&self, analysis: &Analysis<'_>, sent: ExprId) -> Message {
        let body = analysis.body.id;
        let world = World::default();
        Message(Exec::new(self, &world, body).eval(body, sent))
    }

    /// A loop's facts in a world, if there it is never left, and no loop inside it is what keeps it.
    pub fn stuck(&self, entry: Entry, world: &World, key: (BodyId, ExprId)) -> Option<LoopFacts> {
        let execution = self.execute_for(entry, world, Some(key));
        let facts = execution.get(key).filter(|_| !execution.gave_up)?;
        (facts.exits.is_empty() && !facts.inner_endless).then(|| facts.clone())
    }

    /// `wanted`: a loop whose first exit ends the execution, as if the budget had run out.
    fn execute_for(&self, entry: Entry, world: &World, wanted: Option<(BodyId, ExprId)>) -> Execution {
        let Some((body, root)) = entry.code(self) else { return Execution::default() };
        let mut exec = Exec { wanted, ..Exec::new(self, world, body) };
        exec.enter_captures(entry);
        exec.eval(body, root);
        let gave_up = exec.steps == 0;
        let mut loops: Vec<((BodyId, ExprId), LoopFacts)> = exec.facts.into_iter().collect();
        loops.sort_by_key(|(key, _)| *key);
        Execution { loops, gave_up, refused: exec.refused.into_inner(), signs: exec.signs }
    }
}

struct Exec<'c, 'a> {
    cx: &'c Context<'a>,
    world: &'c World,
    /// `None`: not reached.
    state: Option<Env>,
    frames: Vec<Frame>,
    calls: Vec<Call>,
    stack: Vec<BodyId>,
    chain: Vec<Loc>,
    /// What the parameters of inlined functions stand for.
    bindings: FxHashMap<Place, Place>,
    /// How many functions deep it is, those that only hand a call on aside.
    depth: u32,
    /// What the parameters of inlined functions are reached through.
    origins: FxHashMap<Place, Vec<Place>>,
    signs: Vec<Sign>,
    signs_seen: FxHashSet<Sign>,
    /// Receivers of inlined functions that are nobody else's.
    temporaries: Vec<Place>,
    facts: FxHashMap<(BodyId, ExprId), LoopFacts>,
    /// Where a value was looked at for a variant that it never has.
    refused: RefCell<Vec<((DefId, u32), Loc)>>,
    /// What is evaluated is waited for together with other things.
    in_select: bool,
    steps: u32,
    /// The loop that is asked about: nothing more is to be learned once it can be left.
    wanted: Option<(BodyId, ExprId)>,
    /// The loop whose idle rounds are looked for.
    idle: Option<idle::Idle>,
}

impl<'c, 'a> Exec<'c, 'a> {
    fn new(cx: &'c Context<'a>, world: &'c World, body: BodyId) -> Exec<'c, 'a> {
        Exec {
            cx,
            world,
            state: Some(Env::default()),
            frames: Vec::new(),
            calls: vec![Call { returns: None, value: None }],
            stack: vec![body],
            chain: Vec::new(),
            bindings: FxHashMap::default(),
            depth: 1,
            origins: FxHashMap::default(),
            signs: Vec::new(),
            signs_seen: FxHashSet::default(),
            temporaries: Vec::new(),
            facts: FxHashMap::default(),
            refused: RefCell::default(),
            in_select: false,
            steps: STEP_BUDGET,
            wanted: None,
            idle: None,
        }
    }
}

impl<'a> Exec<'_, 'a> {
    /// A `bool` that a closure copies keeps the value it had.
    fn enter_captures(&mut self, entry: Entry) {
        let Entry::Closure(body, expr) = entry else { return };
        let analysis = self.cx.analysis(body);
        let Expr::Closure(closure) = analysis.expr(expr) else { return };
        if !closure.is_move {
            return;
        }
        for local in &closure.captures {
            if *analysis.types.local(*local) != Ty::BOOL
                || assigned_inside(analysis, *local, expr)
                || assigned_before(analysis, *local, expr)
            {
                continue;
            }
            let init = declared_bool(analysis, *local).or_else(|| self.copied_bool(analysis, *local, expr));
            if let (Some(init), Some(env)) = (init, &mut self.state) {
                env.insert(Var::Local(body, *local), Value::Bool(init));
            }
        }
    }

    /// The value for which the closure's loops go on, of a local that is a copy of a field which somebody assigns: whoever
    /// assigns it means to reach the loop.
    fn copied_bool(&self, analysis: &Analysis<'a>, local: LocalId, closure: ExprId) -> Option<bool> {
        let init = analysis.initializer(local)?;
        let (field, _) = *analysis.types.fields.get(&init)?;
        let name = self.cx.field(field)?.name;
        let is_assigned = self.cx.bodies_mentioning(&[name]).any(|body| {
            let other = self.cx.analysis(body.id);
            let is_field = |expr: &ExprId| other.types.fields.get(expr).is_some_and(|(own, _)| *own == field);
            body.ir.exprs.iter().any(|data| matches!(&data.kind, Expr::Assign { target, .. } if is_field(target)))
        });
        let mut uses = analysis.tree.uses(local).iter().filter(|used| analysis.tree.is_inside(**used, closure));
        let tested = uses.find_map(|used| match analysis.tree.parent(*used) {
            Parent::Cond(up) if matches!(analysis.expr(up), Expr::Loop(_)) => Some(true),
            Parent::Operand(not) => match analysis.tree.parent(not) {
                Parent::Cond(up) if matches!(analysis.expr(up), Expr::Loop(_)) => Some(false),
                _ => None,
            },
            _ => None,
        });
        tested.filter(|_| is_assigned)
    }

    fn place(&self, analysis: &Analysis<'a>, expr: ExprId) -> Option<Place> {
        let place = self.cx.place(analysis, expr)?;
        Some(self.bound_place(place))
    }

    /// The place of a flag: as [`Exec::place`], also out of a pair.
    fn flag_place(&self, analysis: &Analysis<'a>, expr: ExprId) -> Option<Place> {
        let place = self.cx.flag_place(analysis, expr)?;
        Some(self.bound_place(place))
    }

    /// A flag is read: what it gives, where the world says so.
    fn load(&mut self, place: Option<Place>, analysis: &Analysis<'a>, expr: ExprId, on: ExprId) -> Option<bool> {
        self.step(StepKind::Load, place, analysis.body.id, expr);
        self.trace(StepKind::Load, place, analysis, expr, Some(on));
        self.world.frozen.iter().find(|(own, _)| Some(*own) == place).map(|(_, value)| *value)
    }

    /// Whether no value ever has a variant that is asked for here.
    fn refuse(&self, variant: (DefId, u32), at: Loc) -> bool {
        let never = self.world.unbuilt.contains(&variant);
        let mut refused = self.refused.borrow_mut();
        if never && !refused.contains(&(variant, at)) {
            refused.push((variant, at));
        }
        never
    }

    /// What a parameter's place stands for.
    fn bound_place(&self, place: Place) -> Place {
        let mut place = place;
        for _ in 0..8 {
            match self.bindings.get(&place) {
                Some(next) if *next != place => place = *next,
                _ => break,
            }
        }
        place
    }

    fn reached(&self) -> bool {
        self.state.is_some()
    }

    fn step(&mut self, kind: StepKind, place: Option<Place>, body: BodyId, call: ExprId) {
        let kind = match (self.in_select, kind) {
            (true, StepKind::Receive) => StepKind::ReceiveTimed,
            (true, StepKind::Block) => StepKind::Pause,
            _ => kind,
        };
        let step = Step { kind, place, body, call };
        for frame in self.frames.iter().filter(|frame| frame.is_loop) {
            if let Some(facts) = self.facts.get_mut(&(frame.body, frame.target))
                && !facts.steps.contains(&step)
            {
                facts.steps.push(step);
            }
        }
    }

    /// A step that waits for something that is reached through a place.
    fn wait(&mut self, kind: StepKind, analysis: &Analysis<'a>, call: ExprId, on: Option<ExprId>) {
        let place = on.and_then(|on| self.place(analysis, on));
        self.step(kind, place, analysis.body.id, call);
        self.trace(kind, place, analysis, call, on);
    }

    fn trace(
        &mut self,
        kind: StepKind,
        place: Option<Place>,
        analysis: &Analysis<'a>,
        call: ExprId,
        on: Option<ExprId>,
    ) {
        if self.in_select || self.idle.is_some() || self.frames.iter().all(|frame| !frame.is_loop) {
            return;
        }
        let step = Step { kind, place, body: analysis.body.id, call };
        let route = on.map_or_else(Vec::new, |on| self.route(analysis, on));
        let traced = TracedStep { step, route, chain: self.chain.clone() };
        for frame in self.frames.iter().filter(|frame| frame.is_loop) {
            if let Some(facts) = self.facts.get_mut(&(frame.body, frame.target))
                && !facts.traced.contains(&traced)
            {
                facts.traced.push(traced.clone());
            }
        }
    }

    /// Notes that the loops from `from` inwards can be left here.
    fn exit(&mut self, kind: ExitKind, loc: Loc, from: usize) {
        if !self.reached() {
            return;
        }
        for frame in self.frames.iter().skip(from).filter(|frame| frame.is_loop) {
            let key = (frame.body, frame.target);
            if let Some(facts) = self.facts.get_mut(&key)
                && !facts.exits.contains(&(kind, loc))
            {
                facts.exits.push((kind, loc));
                if self.wanted == Some(key) {
                    self.steps = 0;
                }
            }
        }
    }

    /// A panic that may happen: a way out of the loops of the body it is written in. It ends the loops of callers only where
    /// it is about a message or I/O; nearly every function can panic somewhere, and nobody stops a thread that way.
    fn may_panic(&mut self, analysis: &Analysis<'a>, operand: Option<ExprId>, loc: Loc) {
        let outward = operand.and_then(|operand| analysis.callee(operand)).is_some_and(|callee| {
            let effects = self.cx.effects(callee);
            effects.has(word::RECEIVES) || effects.has(word::SENDS) || effects.has(word::BLOCKS)
        });
        let body = analysis.body.id;
        let from = match outward {
            true => 0,
            false => self.frames.iter().position(|frame| frame.body == body).unwrap_or(self.frames.len()),
        };
        self.exit(ExitKind::Panic, loc, from);
    }

    /// The first frame of the function that is executing.
    fn own_frames(&self) -> usize {
        let depth = self.calls.len() as u32;
        self.frames.iter().position(|frame| frame.depth == depth).unwrap_or(self.frames.len())
    }

    fn read(&self, var: Var) -> Value {
        self.state.as_ref().and_then(|env| env.get(&var).cloned()).unwrap_or(Value::Any)
    }

    fn write(&mut self, body: BodyId, local: LocalId, value: Value) {
        if let Some(env) = &mut self.state {
            match value {
                Value::Any => env.remove(&Var::Local(body, local)),
                known => env.insert(Var::Local(body, local), known),
            };
        }
    }

    /// A mutable borrow may change what is known.
    fn forget(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        let expr = analysis.peel(expr);
        match analysis.expr(expr) {
            Expr::Local(local) => self.write(analysis.body.id, *local, Value::Any),
            Expr::Field { .. } => self.assign_field(analysis, expr, Value::Any),
            _ => {}
        }
    }
}

/// The value that a `let` gives a local, where it is a literal.
fn declared_bool(analysis: &Analysis<'_>, local: LocalId) -> Option<bool> {
    analysis.literal_bool(analysis.declared_as(local)?)
}

fn assigned_inside(analysis: &Analysis<'_>, local: LocalId, closure: ExprId) -> bool {
    analysis.tree.uses(local).iter().any(|used| {
        analysis.tree.is_inside(*used, closure)
            && !matches!(
                analysis.tree.parent(*used),
                Parent::Cond(_) | Parent::Operand(_) | Parent::Logic(..) | Parent::Scrutinee(_) | Parent::MacroArg(..)
            )
    })
}

fn assigned_before(analysis: &Analysis<'_>, local: LocalId, closure: ExprId) -> bool {
    let start = analysis.body.expr(closure).span.start;
    analysis.tree.uses(local).iter().any(|used| {
        matches!(analysis.tree.parent(*used), Parent::AssignTarget(_)) && analysis.body.expr(*used).span.start < start
    })
}
