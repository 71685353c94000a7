//! Abstract execution of what runs on a thread: which loops it reaches, and by which ways each can be left.
//!
//! The code is executed once over a small domain (known booleans, `Ok`/`Err`, `Some`/`None`, unit variants, empty
//! collections, anything), following calls into the user's functions a few deep. A branch whose condition is known is not
//! taken the other way; everything else is. The [`World`] says what is assumed of channels and flags, so that "no exit once
//! all senders are gone" and "no exit since nobody sets the flag" are the same question as "no exit at all".
//!
//! Whatever is not understood may end the loop: an unknown macro with a `break`, a call through an unknown pointer that
//! never returns, a budget that runs out.
//!
//! The same machinery asks whether a loop can go round doing nothing but ask: see [`idle`].

mod idle;

pub use idle::{Poll, PollKind};

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::place::Place;
use crate::model::{BodyId, DefId, Ty, ValueRef};
use crate::source::Loc;
use crate::syntax::ir::{
    BinaryOp, BlockKind, Expr, ExprId, ItemKind, Literal, LocalId, Loop, LoopKind, MacroCall, Pat, PatId, SelectOp,
    Stmt,
};
use rustc_hash::FxHashMap;

const STEP_BUDGET: u32 = 60_000;
const LOOP_ROUNDS: usize = 4;

/// What is assumed while executing.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Receivers whose senders are all gone and whose messages are all taken.
    pub disconnected: Vec<Place>,
    /// Receivers that have a sender as long as the thread runs.
    pub connected: Vec<Place>,
    /// Flags that keep a value: atomics, and `bool`s in a field or behind a lock.
    pub frozen: Vec<(Place, bool)>,
    /// Receivers that never get a message, while a sender is there as long as the thread runs.
    pub silent: Vec<Place>,
    /// Variants of enums of the user's that no value ever has: messages that are never sent, states that never come.
    pub unbuilt: Vec<(DefId, u32)>,
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

/// What is known of one loop.
#[derive(Clone, Debug, Default)]
pub struct LoopFacts {
    /// The ways out.
    pub exits: Vec<(ExitKind, Loc)>,
    /// What it does that matters.
    pub steps: Vec<Step>,
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
}

impl Execution {
    /// A loop's facts.
    pub fn get(&self, key: (BodyId, ExprId)) -> Option<&LoopFacts> {
        self.loops.iter().find(|(own, _)| *own == key).map(|(_, facts)| facts)
    }
}

/// A value, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Value {
    Any,
    Bool(bool),
    /// `Ok`, `Some`
    Good,
    /// `Err(..)`
    Err(Box<Value>),
    /// `Ok`, or `Err` of this.
    GoodOr(Box<Value>),
    /// `None`
    None,
    /// A unit variant.
    Variant(DefId, u32),
    /// A collection or iterator without elements.
    Empty,
}

type Env = FxHashMap<(BodyId, LocalId), Value>;

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
        let Some((body, root)) = entry.code(self) else { return Execution::default() };
        let mut exec = Exec::new(self, world, body);
        exec.enter_captures(entry);
        exec.eval(body, root);
        let gave_up = exec.steps == 0;
        let mut loops: Vec<((BodyId, ExprId), LoopFacts)> = exec.facts.into_iter().collect();
        loops.sort_by_key(|(key, _)| *key);
        Execution { loops, gave_up, refused: exec.refused }
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
    facts: FxHashMap<(BodyId, ExprId), LoopFacts>,
    refused: Vec<((DefId, u32), Loc)>,
    steps: u32,
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
            facts: FxHashMap::default(),
            refused: Vec::new(),
            steps: STEP_BUDGET,
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
            if *analysis.types.local(*local) == Ty::BOOL
                && let Some(init) = declared_bool(analysis, *local)
                && !assigned_inside(analysis, *local, expr)
                && !assigned_before(analysis, *local, expr)
                && let Some(env) = &mut self.state
            {
                env.insert((body, *local), Value::Bool(init));
            }
        }
    }

    fn place(&self, analysis: &Analysis<'a>, expr: ExprId) -> Option<Place> {
        let mut place = self.cx.place(analysis, expr)?;
        for _ in 0..8 {
            match self.bindings.get(&place) {
                Some(next) if *next != place => place = *next,
                _ => break,
            }
        }
        Some(place)
    }

    fn reached(&self) -> bool {
        self.state.is_some()
    }

    fn step(&mut self, kind: StepKind, place: Option<Place>, body: BodyId, call: ExprId) {
        let step = Step { kind, place, body, call };
        let keys: Vec<(BodyId, ExprId)> =
            self.frames.iter().filter(|frame| frame.is_loop).map(|frame| (frame.body, frame.target)).collect();
        for key in keys {
            if let Some(facts) = self.facts.get_mut(&key)
                && !facts.steps.contains(&step)
            {
                facts.steps.push(step);
            }
        }
    }

    /// Notes that the loops from `from` inwards can be left here.
    fn exit(&mut self, kind: ExitKind, loc: Loc, from: usize) {
        if !self.reached() {
            return;
        }
        let keys: Vec<(BodyId, ExprId)> = self
            .frames
            .iter()
            .skip(from)
            .filter(|frame| frame.is_loop)
            .map(|frame| (frame.body, frame.target))
            .collect();
        for key in keys {
            if let Some(facts) = self.facts.get_mut(&key)
                && !facts.exits.contains(&(kind, loc))
            {
                facts.exits.push((kind, loc));
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

    fn eval_all(&mut self, body: BodyId, exprs: &[ExprId]) {
        for expr in exprs {
            self.eval(body, *expr);
        }
    }

    fn eval(&mut self, body: BodyId, expr: ExprId) -> Value {
        if !self.reached() {
            return Value::Any;
        }
        if self.steps == 0 {
            return Value::Any;
        }
        self.steps -= 1;
        let analysis = self.cx.analysis(body);
        match analysis.expr(expr) {
            Expr::Missing | Expr::Closure(_) | Expr::Async { .. } => Value::Any,
            Expr::Local(local) => self.read(body, *local),
            Expr::Path(_) => self.path(analysis, expr),
            Expr::Literal(Literal::Bool(value)) => Value::Bool(*value),
            Expr::Literal(_) => Value::Any,
            Expr::Call { callee, args } => self.call(analysis, expr, *callee, args),
            Expr::MethodCall(call) => self.method(analysis, expr, call.receiver, &call.args),
            Expr::Field { base, .. } => {
                self.eval(body, *base);
                self.frozen_bool(analysis, expr).unwrap_or(Value::Any)
            }
            Expr::Neg(base) | Expr::Cast { expr: base, .. } => {
                self.eval(body, *base);
                Value::Any
            }
            Expr::Await(inner) => {
                self.eval(body, *inner);
                if self.idle.is_some() {
                    return self.pauses();
                }
                // `async {..}.await` runs here; a called async function was executed at its call.
                match Entry::of(self.cx, analysis, *inner) {
                    Entry::Closure(inner_body, inner) => self.run_closure(inner_body, inner),
                    _ => Value::Any,
                }
            }
            Expr::Deref(inner) => {
                let value = self.eval(body, *inner);
                self.frozen_bool(analysis, expr).unwrap_or(value)
            }
            Expr::Ref { mutable, expr: inner } => {
                let value = self.eval(body, *inner);
                if *mutable {
                    self.forget(analysis, *inner);
                    return Value::Any;
                }
                value
            }
            Expr::Index { base, index } => {
                self.eval(body, *base);
                self.eval(body, *index);
                Value::Any
            }
            Expr::Not(inner) => match self.eval(body, *inner) {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Any,
            },
            Expr::Binary { op: BinaryOp::And | BinaryOp::Or, .. } | Expr::Let { .. } => {
                let (yes, no) = self.condition(body, expr);
                let value = match (&yes, &no) {
                    (Some(_), None) => Value::Bool(true),
                    (None, Some(_)) => Value::Bool(false),
                    _ => Value::Any,
                };
                self.state = join(yes, no);
                value
            }
            Expr::Binary { op, lhs, rhs } => {
                let left = self.eval(body, *lhs);
                let right = self.eval(body, *rhs);
                if self.idle.is_some() && self.compares_snapshots(analysis, *lhs, *rhs) {
                    return self.progresses();
                }
                match (op, left, right) {
                    (BinaryOp::Compare, Value::Variant(a, x), Value::Variant(b, y)) if a == b => {
                        self.comparison(analysis, expr, x == y)
                    }
                    (BinaryOp::Compare, Value::Variant(a, x), Value::Any)
                    | (BinaryOp::Compare, Value::Any, Value::Variant(a, x))
                        if self.refuse((a, x), analysis.body.expr_loc(expr)) =>
                    {
                        self.comparison(analysis, expr, false)
                    }
                    _ => Value::Any,
                }
            }
            Expr::Assign { target, value: source, compound } => {
                let asked = self.asked();
                let value = self.eval(body, *source);
                self.eval_target(body, *target);
                if self.idle.is_some() && !self.assigns_nothing_new(analysis, expr, asked) {
                    return self.progresses();
                }
                self.assign(analysis, *target, if *compound { Value::Any } else { value });
                Value::Any
            }
            Expr::Block(block) => self.block(analysis, expr, block),
            Expr::If { cond, then, els } => {
                let asked = self.asked();
                let (yes, no) = self.condition(body, *cond);
                let mut fork = self.fork(asked, yes.is_some() && no.is_some());
                self.state = yes;
                let then_value = self.eval(body, *then);
                self.came_back(&mut fork, analysis, *then);
                let after_then = std::mem::replace(&mut self.state, no);
                let mut else_value = Value::Any;
                if let Some(els) = els {
                    else_value = self.eval(body, *els);
                    self.came_back(&mut fork, analysis, *els);
                }
                let value = merge_values(after_then.is_some(), then_value, self.reached(), else_value);
                self.state = join(after_then, self.state.take()).filter(|_| !fork.is_stuck);
                value
            }
            Expr::Match { scrutinee, arms } => {
                let asked = self.asked();
                let value = self.eval(body, *scrutinee);
                let arms: Vec<(PatId, Option<ExprId>, ExprId)> =
                    arms.iter().map(|arm| (arm.pat, arm.guard, arm.body)).collect();
                self.arms(analysis, &value, &arms, asked)
            }
            Expr::Loop(data) => self.run_loop(analysis, expr, data),
            Expr::Break { target, value } => {
                if let Some(value) = value {
                    self.eval(body, *value);
                }
                self.jump(analysis, expr, *target, false);
                Value::Any
            }
            Expr::Continue { target } => {
                self.jump(analysis, expr, *target, true);
                Value::Any
            }
            Expr::Return(value) => {
                let value = value.map_or(Value::Any, |value| self.eval(body, value));
                self.return_with(value, ExitKind::Return, analysis.body.expr_loc(expr));
                Value::Any
            }
            Expr::Opaque(parts) => {
                self.eval_all(body, parts);
                self.exit(ExitKind::Unknown, analysis.body.expr_loc(expr), 0);
                if self.idle.is_some() {
                    return self.pauses();
                }
                Value::Any
            }
            Expr::Try(inner) => {
                let value = self.eval(body, *inner);
                if !self.reached() {
                    return Value::Any;
                }
                let loc = analysis.body.expr_loc(expr);
                match value {
                    Value::Good => Value::Any,
                    bad @ (Value::Err(_) | Value::None) => {
                        self.try_exit(analysis, expr, bad, loc);
                        self.state = None;
                        Value::Any
                    }
                    _ => {
                        let kept = self.state.clone();
                        self.try_exit(analysis, expr, Value::Any, loc);
                        self.state = kept;
                        Value::Any
                    }
                }
            }
            Expr::Struct(literal) => {
                for (_, _, value) in &literal.fields {
                    self.eval(body, *value);
                }
                if let Some(spread) = literal.spread {
                    self.eval(body, spread);
                }
                Value::Any
            }
            Expr::Tuple(parts) | Expr::Array(parts) => {
                self.eval_all(body, parts);
                Value::Any
            }
            Expr::Repeat { value, count } => {
                self.eval(body, *value);
                self.eval(body, *count);
                Value::Any
            }
            Expr::Range { start, end } => {
                for bound in [start, end].into_iter().flatten() {
                    self.eval(body, *bound);
                }
                Value::Any
            }
            Expr::Macro(call) => self.macro_call(analysis, expr, call),
            Expr::Select(arms) if self.idle.is_some() => self.idle_select(analysis, arms),
            Expr::Select(arms) => {
                let before = self.state.clone();
                let mut after = None;
                for arm in arms {
                    self.state = before.clone();
                    let value = self.select_value(analysis, arm.op);
                    if !self.reached() {
                        continue;
                    }
                    if let Some(guard) = arm.guard {
                        let (yes, _) = self.condition(body, guard);
                        self.state = yes;
                    }
                    if let Some(pat) = arm.pat {
                        self.bind(analysis, pat, &value);
                    }
                    self.eval(body, arm.body);
                    after = join(after, self.state.take());
                }
                self.state = after;
                Value::Any
            }
        }
    }

    /// What a plain flag holds that keeps its value: a field, or what a lock's guard leads to.
    fn frozen_bool(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Option<Value> {
        if self.world.frozen.is_empty() || *analysis.types.ty(expr) != Ty::BOOL {
            return None;
        }
        let place = self.place(analysis, expr)?;
        let (_, value) = *self.world.frozen.iter().find(|(own, _)| *own == place)?;
        self.step(StepKind::Load, Some(place), analysis.body.id, expr);
        Some(Value::Bool(value))
    }

    /// Whether no value ever has a variant that is asked for here.
    fn refuse(&mut self, variant: (DefId, u32), at: Loc) -> bool {
        let never = self.world.unbuilt.contains(&variant);
        if never && !self.refused.contains(&(variant, at)) {
            self.refused.push((variant, at));
        }
        never
    }

    fn comparison(&self, analysis: &Analysis<'a>, expr: ExprId, equal: bool) -> Value {
        // The operator's own text tells `==` from `!=`; other comparisons of variants are not decided.
        let Expr::Binary { lhs, rhs, .. } = analysis.expr(expr) else { return Value::Any };
        let between = crate::source::Span::new(analysis.body.expr(*lhs).span.end, analysis.body.expr(*rhs).span.start);
        match self.cx.program.text(analysis.body.loc(between)).trim() {
            "==" => Value::Bool(equal),
            "!=" => Value::Bool(!equal),
            _ => Value::Any,
        }
    }

    fn read(&mut self, body: BodyId, local: LocalId) -> Value {
        self.reads(body, local);
        self.state.as_ref().and_then(|env| env.get(&(body, local)).cloned()).unwrap_or(Value::Any)
    }

    fn write(&mut self, body: BodyId, local: LocalId, value: Value) {
        if let Some(env) = &mut self.state {
            match value {
                Value::Any => env.remove(&(body, local)),
                known => env.insert((body, local), known),
            };
        }
    }

    /// A mutable borrow may change what is known.
    fn forget(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        if let Expr::Local(local) = analysis.expr(analysis.peel(expr)) {
            self.write(analysis.body.id, *local, Value::Any);
        }
    }

    fn eval_target(&mut self, body: BodyId, target: ExprId) {
        let analysis = self.cx.analysis(body);
        match analysis.expr(target) {
            Expr::Local(_) | Expr::Missing => {}
            _ => {
                self.eval(body, target);
            }
        }
    }

    fn assign(&mut self, analysis: &Analysis<'a>, target: ExprId, value: Value) {
        if let Expr::Local(local) = analysis.expr(target) {
            self.write(analysis.body.id, *local, value);
        }
    }

    fn path(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        match analysis.value(expr) {
            Some(ValueRef::Constructor(def, variant)) => self.constructed(def, variant, &Value::Any),
            _ => Value::Any,
        }
    }

    fn constructed(&self, def: DefId, variant: u32, payload: &Value) -> Value {
        let lang = &self.cx.program.lang;
        let name = match &self.cx.program.item(def).kind {
            ItemKind::Enum(data) => data.variants.get(variant as usize).map(|variant| variant.name),
            _ => None,
        };
        if Some(def) == lang.option {
            return if name == Some(names::NONE) { Value::None } else { Value::Good };
        }
        if Some(def) == lang.result {
            return if name == Some(names::ERR) { Value::Err(Box::new(payload.clone())) } else { Value::Good };
        }
        match name {
            Some(_) => Value::Variant(def, variant),
            None => Value::Any,
        }
    }

    fn block(&mut self, analysis: &Analysis<'a>, expr: ExprId, block: &crate::syntax::ir::Block) -> Value {
        let body = analysis.body.id;
        let framed = block.labelled || block.kind == BlockKind::Try;
        if framed {
            self.push_frame(body, expr, false);
        }
        for stmt in &block.stmts {
            if !self.reached() {
                break;
            }
            match stmt {
                Stmt::Let { pat, init, els, .. } => {
                    let asked = self.asked();
                    let value = init.map_or(Value::Any, |init| self.eval(body, init));
                    self.gives_answer(analysis, *pat, asked);
                    if let Some(els) = els {
                        let fits = self.fits(analysis, *pat, &value);
                        let kept = self.state.clone();
                        if fits != Some(true) {
                            self.eval(body, *els);
                        }
                        self.state = if fits == Some(false) { None } else { kept };
                    }
                    self.bind(analysis, *pat, &value);
                }
                Stmt::Expr { expr, .. } => {
                    self.eval(body, *expr);
                }
            }
        }
        let mut value = match block.tail {
            Some(tail) => self.eval(body, tail),
            None => Value::Any,
        };
        if framed && let Some(frame) = self.frames.pop() {
            if frame.breaks.is_some() {
                value = Value::Any;
            }
            self.state = join(self.state.take(), frame.breaks);
        }
        value
    }

    fn push_frame(&mut self, body: BodyId, target: ExprId, is_loop: bool) {
        let depth = self.calls.len() as u32;
        self.frames.push(Frame { body, target, is_loop, depth, breaks: None, continues: None });
    }

    /// The states in which a condition holds and fails.
    fn condition(&mut self, body: BodyId, expr: ExprId) -> (Option<Env>, Option<Env>) {
        let analysis = self.cx.analysis(body);
        match analysis.expr(expr) {
            Expr::Binary { op: BinaryOp::And, lhs, rhs } => {
                let (yes, no) = self.condition(body, *lhs);
                self.state = yes;
                let (both, second) = self.condition(body, *rhs);
                (both, join(no, second))
            }
            Expr::Binary { op: BinaryOp::Or, lhs, rhs } => {
                let (yes, no) = self.condition(body, *lhs);
                self.state = no;
                let (second, neither) = self.condition(body, *rhs);
                (join(yes, second), neither)
            }
            Expr::Not(inner) => {
                let (yes, no) = self.condition(body, *inner);
                (no, yes)
            }
            Expr::Let { pat, expr } => {
                let asked = self.asked();
                let value = self.eval(body, *expr);
                self.gives_answer(analysis, *pat, asked);
                let fits = self.fits(analysis, *pat, &value);
                let no = (fits != Some(true)).then(|| self.state.clone()).flatten();
                if fits == Some(false) {
                    self.state = None;
                }
                self.bind(analysis, *pat, &value);
                (self.state.take(), no)
            }
            _ => {
                let value = self.eval(body, expr);
                let state = self.state.take();
                match value {
                    Value::Bool(true) => (state, None),
                    Value::Bool(false) => (None, state),
                    _ => (state.clone(), state),
                }
            }
        }
    }

    fn arms(
        &mut self,
        analysis: &Analysis<'a>,
        value: &Value,
        arms: &[(PatId, Option<ExprId>, ExprId)],
        asked: idle::Asked,
    ) -> Value {
        let body = analysis.body.id;
        let mut fork = self.fork(asked, *value == Value::Any);
        let mut waiting = self.state.take();
        let mut after: Option<Env> = None;
        let mut result: Option<Value> = None;
        for (pat, guard, arm) in arms {
            if waiting.is_none() {
                break;
            }
            let fits = self.fits(analysis, *pat, value);
            if fits == Some(false) {
                continue;
            }
            self.state = waiting.clone();
            self.gives_answer(analysis, *pat, asked);
            self.bind(analysis, *pat, value);
            let mut falls = fits != Some(true);
            let mut refused = None;
            if let Some(guard) = guard {
                let (yes, no) = self.condition(body, *guard);
                self.state = yes;
                refused = no;
                falls |= refused.is_some();
            }
            let arm_value = self.eval(body, *arm);
            self.came_back(&mut fork, analysis, *arm);
            if self.reached() {
                result = Some(match result {
                    Some(known) if known == arm_value => known,
                    Some(_) => Value::Any,
                    None => arm_value,
                });
            }
            after = join(after, self.state.take());
            waiting = match (falls, fits == Some(true)) {
                (true, true) => refused,
                (true, false) => waiting,
                (false, _) => None,
            };
        }
        self.state = after.filter(|_| !fork.is_stuck);
        result.unwrap_or(Value::Any)
    }

    /// Whether a value fits a pattern, if that is known.
    fn fits(&mut self, analysis: &Analysis<'a>, pat: PatId, value: &Value) -> Option<bool> {
        match &analysis.body.pat(pat).kind {
            Pat::Wild | Pat::Rest => Some(true),
            Pat::Bind { sub: None, .. } => Some(true),
            Pat::Bind { sub: Some(sub), .. } => self.fits(analysis, *sub, value),
            Pat::Ref(inner) => self.fits(analysis, *inner, value),
            Pat::Or(pats) => {
                let each: Vec<Option<bool>> = pats.iter().map(|pat| self.fits(analysis, *pat, value)).collect();
                if each.contains(&Some(true)) {
                    return Some(true);
                }
                each.iter().all(|fits| *fits == Some(false)).then_some(false)
            }
            Pat::Literal(Literal::Bool(wanted)) => match value {
                Value::Bool(value) => Some(value == wanted),
                _ => None,
            },
            Pat::Path(_) | Pat::TupleStruct { .. } | Pat::Struct { .. } => {
                if self.has_refused_part(analysis, pat) {
                    return Some(false);
                }
                let (def, variant) = *analysis.types.pat_variants.get(&pat)?;
                if self.refuse((def, variant), analysis.body.loc(analysis.body.pat(pat).span)) {
                    return Some(false);
                }
                if let Value::Variant(own, index) = value {
                    return (*own == def).then_some(*index == variant);
                }
                let wanted = self.constructed(def, variant, &Value::Any);
                match (value, wanted) {
                    (Value::Good, Value::Good) => self.takes_anything(analysis, pat).then_some(true),
                    (Value::Good, Value::Err(_) | Value::None) => Some(false),
                    (Value::Err(_) | Value::None, Value::Good) => Some(false),
                    (Value::None, Value::None) => Some(true),
                    (Value::Err(payload), Value::Err(_)) => self.fits_payload(analysis, pat, payload),
                    (Value::GoodOr(payload), Value::Err(_)) => {
                        self.fits_payload(analysis, pat, payload).filter(|fits| !fits)
                    }
                    _ => None,
                }
            }
            Pat::Tuple(_) | Pat::Slice(_) => self.has_refused_part(analysis, pat).then_some(false),
            Pat::Literal(_) | Pat::Opaque => None,
        }
    }

    /// Whether a pattern inside asks for a variant that no value ever has: `Ok(Message::Stop)`.
    fn has_refused_part(&mut self, analysis: &Analysis<'a>, pat: PatId) -> bool {
        if self.world.unbuilt.is_empty() {
            return false;
        }
        let parts: Vec<PatId> = match &analysis.body.pat(pat).kind {
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) => pats.to_vec(),
            Pat::Struct { fields, .. } => fields.iter().map(|(_, pat)| *pat).collect(),
            _ => return false,
        };
        // Of a value of which nothing is known, only a refusal is certain.
        parts.into_iter().any(|part| self.fits(analysis, part, &Value::Any) == Some(false))
    }

    /// Whether the payload of an `Err` fits the pattern inside `Err(..)`.
    fn fits_payload(&mut self, analysis: &Analysis<'a>, pat: PatId, payload: &Value) -> Option<bool> {
        match &analysis.body.pat(pat).kind {
            Pat::TupleStruct { pats, .. } => match &**pats {
                [only] => self.fits(analysis, *only, payload),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether the patterns inside `Ok(..)` or `Some(..)` fit every payload.
    fn takes_anything(&mut self, analysis: &Analysis<'a>, pat: PatId) -> bool {
        match &analysis.body.pat(pat).kind {
            Pat::TupleStruct { pats, .. } => {
                pats.iter().all(|pat| self.fits(analysis, *pat, &Value::Any) == Some(true))
            }
            _ => false,
        }
    }

    fn bind(&mut self, analysis: &Analysis<'a>, pat: PatId, value: &Value) {
        let body = analysis.body.id;
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, sub } => {
                self.write(body, *local, value.clone());
                if let Some(sub) = sub {
                    self.bind(analysis, *sub, value);
                }
            }
            Pat::TupleStruct { pats, .. } => {
                let payload = match value {
                    Value::Err(payload) => (**payload).clone(),
                    _ => Value::Any,
                };
                for pat in pats {
                    self.bind(analysis, *pat, &payload);
                }
            }
            Pat::Tuple(pats) | Pat::Slice(pats) => {
                for pat in pats {
                    self.bind(analysis, *pat, &Value::Any);
                }
            }
            Pat::Or(pats) => {
                for pat in pats {
                    self.bind(analysis, *pat, &Value::Any);
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.bind(analysis, *pat, &Value::Any);
                }
            }
            Pat::Ref(inner) => self.bind(analysis, *inner, value),
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
        }
    }

    // Loops and jumps.

    fn run_loop(&mut self, analysis: &Analysis<'a>, expr: ExprId, data: &Loop) -> Value {
        let body = analysis.body.id;
        let key = (body, expr);
        let chain = self.chain.clone();
        self.facts.entry(key).or_insert_with(|| LoopFacts { chain, ..LoopFacts::default() });
        let mut endless_iter = false;
        let mut iter = Value::Any;
        let mut received = None;
        if let LoopKind::For { iter: over, .. } = data.kind {
            iter = self.eval(body, over);
            let channel;
            (endless_iter, iter, channel) = self.iteration(analysis, over, iter);
            received = channel.map(|place| (place, over));
            if self.idle.is_some() && received.is_some() && self.reached() {
                return self.pauses();
            }
        }
        self.push_frame(body, expr, true);
        if let Some((place, over)) = received {
            self.step(StepKind::Receive, place, body, over);
        }
        let mut head = self.state.take();
        let mut leaves: Option<Env> = None;
        for round in 0..LOOP_ROUNDS {
            if round + 1 == LOOP_ROUNDS
                && let Some(env) = &mut head
            {
                env.clear();
            }
            self.state = head.clone();
            let mut done: Option<Env> = None;
            match data.kind {
                LoopKind::Loop => {}
                LoopKind::While(cond) => {
                    let asked = self.asked();
                    let (yes, no) = self.condition(body, cond);
                    let runs_once = self.idle.is_some() && round == 0 && self.asked() == asked && yes.is_some();
                    done = no.filter(|_| !runs_once);
                    self.state = yes;
                }
                LoopKind::For { pat, .. } => {
                    let runs_once = self.idle.is_some() && round == 0 && iter != Value::Empty;
                    done = (!endless_iter && !runs_once).then(|| self.state.clone()).flatten();
                    if iter == Value::Empty {
                        self.state = None;
                    }
                    self.bind(analysis, pat, &Value::Any);
                }
            }
            if done.is_some() {
                let own = self.frames.len() - 1;
                let loc = analysis.body.loc(data.keyword);
                let kept = std::mem::replace(&mut self.state, done.clone());
                self.exit(ExitKind::Condition, loc, own);
                self.state = kept;
            }
            leaves = join(leaves, done);
            self.eval(body, data.body);
            let continues = self.frames.last_mut().and_then(|frame| frame.continues.take());
            let back = join(self.state.take(), continues);
            let next = join(head.clone(), back);
            if next == head && (self.idle.is_none() || round > 0) {
                break;
            }
            head = next;
        }
        let breaks = self.frames.pop().and_then(|frame| frame.breaks);
        self.state = join(leaves, breaks);
        let is_endless = self.facts.get(&key).is_some_and(|facts| facts.exits.is_empty());
        if is_endless {
            let outer: Vec<(BodyId, ExprId)> =
                self.frames.iter().filter(|frame| frame.is_loop).map(|frame| (frame.body, frame.target)).collect();
            for outer in outer {
                if let Some(facts) = self.facts.get_mut(&outer) {
                    facts.inner_endless = true;
                }
            }
        }
        Value::Any
    }

    /// Whether what a `for` runs over never ends, what is known of it, and the channel that it receives from.
    fn iteration(&self, analysis: &Analysis<'a>, over: ExprId, value: Value) -> (bool, Value, Option<Option<Place>>) {
        let mut endless = false;
        let mut at = over;
        // Through the adaptors that give an element for every element, or wait for one that they like.
        for _ in 0..8 {
            let callee = analysis.callee(at);
            endless |= callee.is_some_and(|callee| self.cx.effects(callee).has(word::ENDLESS));
            endless |= self.cx.roles().says(analysis.types.ty(at), word::ENDLESS);
            match analysis.expr(at) {
                Expr::MethodCall(call) if callee.is_some_and(|callee| self.keeps_going(callee)) => at = call.receiver,
                Expr::Ref { expr, .. } => at = *expr,
                Expr::MethodCall(_) => return (endless, value, None),
                _ => break,
            }
        }
        if let Expr::Range { start: Some(_), end: None } = analysis.expr(at) {
            return (true, value, None);
        }
        // `for x in rx`, `for x in rx.iter()`
        let receiver = self.cx.roles().pointee(analysis.types.ty(at));
        if !self.cx.roles().says(&receiver, word::RECEIVER) {
            return (endless, value, None);
        }
        let place = self.place(analysis, at);
        endless |= place.is_some_and(|place| self.world.connected.contains(&place));
        let silent = place.is_some_and(|place| self.world.silent.contains(&place));
        match silent || place.is_some_and(|place| self.world.disconnected.contains(&place)) {
            true => (endless || silent, Value::Empty, Some(place)),
            false => (endless, value, Some(place)),
        }
    }

    /// Whether a library's method gives an iterator that ends only when its receiver does.
    fn keeps_going(&self, callee: DefId) -> bool {
        !self.cx.program.is_user(callee) && names::KEEPS_GOING.contains(&self.cx.program.item(callee).name)
    }

    fn jump(&mut self, analysis: &Analysis<'a>, expr: ExprId, target: Option<ExprId>, again: bool) {
        let body = analysis.body.id;
        let depth = self.calls.len() as u32;
        let found = target.and_then(|target| {
            self.frames.iter().rposition(|frame| frame.body == body && frame.target == target && frame.depth == depth)
        });
        let Some(index) = found else {
            self.exit(ExitKind::Unknown, analysis.body.expr_loc(expr), 0);
            self.state = None;
            return;
        };
        // `continue 'outer` leaves the inner loops, `break 'outer` the outer too.
        self.exit(ExitKind::Break, analysis.body.expr_loc(expr), index + usize::from(again));
        let state = self.state.take();
        if let Some(frame) = self.frames.get_mut(index) {
            let slot = if again { &mut frame.continues } else { &mut frame.breaks };
            *slot = join(slot.take(), state);
        }
    }

    fn return_with(&mut self, value: Value, kind: ExitKind, loc: Loc) {
        self.exit(kind, loc, self.own_frames());
        let state = self.state.take();
        if state.is_none() {
            return;
        }
        if let Some(call) = self.calls.last_mut() {
            call.returns = join(call.returns.take(), state);
            call.value = Some(match call.value.take() {
                Some(known) if known == value => known,
                Some(_) => Value::Any,
                None => value,
            });
        }
    }

    fn try_exit(&mut self, analysis: &Analysis<'a>, expr: ExprId, value: Value, loc: Loc) {
        let depth = self.calls.len() as u32;
        // A `try` block catches it.
        let caught = analysis.tree.ancestors(expr).find_map(|up| match analysis.expr(up) {
            Expr::Block(block) if block.kind == BlockKind::Try => Some(Some(up)),
            Expr::Closure(_) | Expr::Async { .. } => Some(None),
            _ => None,
        });
        if let Some(Some(block)) = caught
            && let Some(index) = self.frames.iter().rposition(|frame| frame.target == block && frame.depth == depth)
        {
            self.exit(ExitKind::Try, loc, index + 1);
            let state = self.state.take();
            if let Some(frame) = self.frames.get_mut(index) {
                frame.breaks = join(frame.breaks.take(), state);
            }
            return;
        }
        self.return_with(value, ExitKind::Try, loc);
    }

    fn diverge(&mut self, kind: ExitKind, loc: Loc) {
        self.exit(kind, loc, 0);
        self.state = None;
    }

    // Calls.

    fn call(&mut self, analysis: &Analysis<'a>, expr: ExprId, callee: ExprId, args: &[ExprId]) -> Value {
        let body = analysis.body.id;
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.eval(body, *arg));
        }
        if let Some(ValueRef::Constructor(def, variant)) = analysis.value(callee) {
            let payload = values.first().cloned().unwrap_or(Value::Any);
            return self.constructed(def, variant, &payload);
        }
        let Some(def) = analysis.callee(expr) else {
            // A local closure is run; anything else is not known, and comes back.
            return match Entry::of(self.cx, analysis, callee) {
                Entry::Closure(inner, closure) => self.run_closure(inner, closure),
                Entry::Param(owner, index) if self.idle.is_some() => self.run_given(analysis, expr, owner, index),
                _ => self.after(analysis, expr),
            };
        };
        let has_self = self.cx.program.function(def).is_some_and(|function| function.self_param.is_some());
        let (receiver, rest) = match (has_self, args.split_first()) {
            (true, Some((first, rest))) => (Some(*first), rest),
            _ => (None, args),
        };
        let receiver_value = if has_self && !values.is_empty() { values.remove(0) } else { Value::Any };
        self.known_call(analysis, expr, def, receiver, receiver_value, rest, &values)
    }

    fn method(&mut self, analysis: &Analysis<'a>, expr: ExprId, receiver: ExprId, args: &[ExprId]) -> Value {
        let body = analysis.body.id;
        let receiver_value = self.eval(body, receiver);
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.eval(body, *arg));
        }
        match analysis.callee(expr) {
            Some(def) => self.known_call(analysis, expr, def, Some(receiver), receiver_value, args, &values),
            None => {
                self.run_callbacks(analysis, args);
                self.after(analysis, expr)
            }
        }
    }

    /// What a call that nothing is known of gives; one of type `!` does not come back.
    fn after(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        if *analysis.types.ty(expr) == Ty::Never {
            self.diverge(ExitKind::Diverge, analysis.call_loc(expr));
        }
        if self.idle.is_some() && self.reached() {
            return self.pauses();
        }
        Value::Any
    }

    #[expect(clippy::too_many_arguments, reason = "a call has this many parts")]
    fn known_call(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        def: DefId,
        receiver: Option<ExprId>,
        receiver_value: Value,
        args: &[ExprId],
        values: &[Value],
    ) -> Value {
        if !self.reached() {
            return Value::Any;
        }
        if self.cx.program.is_user(def) {
            return self.inline(analysis, expr, def, receiver, args, values);
        }
        let body = analysis.body.id;
        if self.idle.is_some()
            && let Some(value) = self.idle_call(analysis, expr, def, receiver, &receiver_value, args)
        {
            return value;
        }
        let effects = self.cx.effects(def);
        let loc = analysis.call_loc(expr);
        if effects.has(word::RECEIVES)
            && !effects.has(word::EACH_STEP)
            && let Some(receiver) = receiver
        {
            return self.receive(analysis, expr, def, receiver);
        }
        if (effects.has(word::FLAG_LOAD) || effects.has(word::FLAG_UPDATE))
            && let Some(receiver) = receiver
        {
            let place = self.place(analysis, receiver);
            self.step(StepKind::Load, place, body, expr);
            let frozen = self.world.frozen.iter().find(|(own, _)| Some(*own) == place);
            if let Some((_, value)) = frozen
                && effects.has(word::FLAG_LOAD)
                && *analysis.types.ty(expr) == Ty::BOOL
            {
                return Value::Bool(*value);
            }
        }
        if effects.has(word::BLOCKS) || effects.has(word::WAITS) {
            let timed =
                effects.with(word::BLOCKS, "sleep") || effects.with(word::WAITS, "timed") || effects.has(word::TIMED);
            let place = receiver.and_then(|receiver| self.place(analysis, receiver));
            self.step(if timed { StepKind::Pause } else { StepKind::Block }, place, body, expr);
        }
        if self.idle.is_none() || self.idle_callbacks(def, &receiver_value) {
            self.run_callbacks(analysis, args);
        }
        if effects.has(word::UNWRAPS) {
            return match receiver_value {
                Value::Good => Value::Any,
                Value::Err(_) | Value::None => {
                    self.diverge(ExitKind::Panic, loc);
                    Value::Any
                }
                _ => {
                    if receiver.is_none_or(|receiver| !self.is_lock_result(analysis, receiver)) {
                        self.may_panic(analysis, receiver, loc);
                    }
                    Value::Any
                }
            };
        }
        if effects.has(word::JOINS) {
            self.step(StepKind::Block, None, body, expr);
        }
        if effects.has(word::PUTS)
            && let Some(receiver) = receiver
        {
            self.forget(analysis, receiver);
        }
        if *analysis.types.ty(expr) == Ty::Never {
            self.diverge(ExitKind::Diverge, loc);
            return Value::Any;
        }
        self.combinator(analysis, expr, def, receiver, receiver_value, args, values)
    }

    /// Whether an expression is the `Result` of taking a lock: its `unwrap` only hands a poison on.
    fn is_lock_result(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        analysis.callee(expr).is_some_and(|callee| {
            let effects = self.cx.effects(callee);
            effects.has(word::ACQUIRES) || effects.has(word::WAITS)
        })
    }

    fn receive(&mut self, analysis: &Analysis<'a>, expr: ExprId, def: DefId, receiver: ExprId) -> Value {
        let effects = self.cx.effects(def);
        let place = self.place(analysis, receiver);
        let kind = if effects.with(word::RECEIVES, "try") {
            StepKind::ReceiveTry
        } else if effects.with(word::RECEIVES, "timed") {
            StepKind::ReceiveTimed
        } else {
            StepKind::Receive
        };
        self.step(kind, place, analysis.body.id, expr);
        let Some(place) = place else { return Value::Any };
        let ty = analysis.types.ty(expr);
        if self.world.disconnected.contains(&place) {
            return self.disconnect_value(ty);
        }
        if self.world.silent.contains(&place) {
            return match kind {
                StepKind::Receive => {
                    self.state = None;
                    Value::Any
                }
                _ => self.nothing_yet(ty),
            };
        }
        if self.world.connected.contains(&place) {
            return match kind {
                StepKind::Receive => Value::Good,
                _ => self.not_disconnected(ty),
            };
        }
        Value::Any
    }

    /// What a receive that does not wait for ever gives where nothing comes.
    fn nothing_yet(&self, ty: &Ty) -> Value {
        match (ty, self.not_disconnected(ty)) {
            (Ty::Adt(def, _), _) if Some(*def) == self.cx.program.lang.option => Value::None,
            (_, Value::GoodOr(error)) => Value::Err(error),
            _ => Value::Any,
        }
    }

    /// What a receive gives once all senders are gone.
    fn disconnect_value(&self, ty: &Ty) -> Value {
        let lang = &self.cx.program.lang;
        match ty {
            Ty::Adt(def, _) if Some(*def) == lang.option => Value::None,
            Ty::Adt(def, args) if Some(*def) == lang.result => {
                let error = args.get(1).and_then(Ty::adt);
                let variant = error.and_then(|error| self.disconnect_variant(error).map(|index| (error, index)));
                Value::Err(Box::new(variant.map_or(Value::Any, |(error, index)| Value::Variant(error, index))))
            }
            _ => Value::Any,
        }
    }

    /// The variant of a library's error that says that the other side is gone.
    fn disconnect_variant(&self, error: DefId) -> Option<u32> {
        let ItemKind::Enum(data) = &self.cx.program.item(error).kind else { return None };
        data.variants.iter().position(|variant| names::DISCONNECTED.contains(&variant.name)).map(|index| index as u32)
    }

    /// What a receive that does not wait for ever gives while a sender is there: a message, or the one other error.
    fn not_disconnected(&self, ty: &Ty) -> Value {
        let Ty::Adt(_, args) = ty else { return Value::Any };
        let Some(error) = args.get(1).and_then(Ty::adt) else { return Value::Any };
        let ItemKind::Enum(data) = &self.cx.program.item(error).kind else { return Value::Any };
        let others: Vec<u32> =
            (0..data.variants.len() as u32).filter(|index| Some(*index) != self.disconnect_variant(error)).collect();
        match &others[..] {
            [only] => Value::GoodOr(Box::new(Value::Variant(error, *only))),
            _ => Value::Any,
        }
    }

    /// What the methods of `Option`, `Result` and collections make of a known receiver.
    #[expect(clippy::too_many_arguments, reason = "a call has this many parts")]
    fn combinator(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        def: DefId,
        receiver: Option<ExprId>,
        value: Value,
        args: &[ExprId],
        values: &[Value],
    ) -> Value {
        let program = self.cx.program;
        let name = program.item(def).name;
        let ty = analysis.types.ty(expr);
        if self.cx.roles().says(ty, word::COLLECTION)
            && receiver.is_none()
            && (name == names::NEW || name == names::WITH_CAPACITY || name == names::DEFAULT)
        {
            return Value::Empty;
        }
        if value == Value::Empty {
            if name == names::IS_EMPTY {
                return Value::Bool(true);
            }
            if ty.adt().is_some() && ty.adt() == program.lang.iter {
                return Value::Empty;
            }
            let mutates = program
                .signature(def)
                .and_then(|signature| signature.self_ty.clone())
                .is_some_and(|ty| matches!(ty, Ty::Ref(true, _)));
            if mutates && let Some(receiver) = receiver {
                self.forget(analysis, receiver);
            }
            return Value::Any;
        }
        let on_option = self.is_method_of(def, program.lang.option);
        let on_result = self.is_method_of(def, program.lang.result);
        if !on_option && !on_result {
            return Value::Any;
        }
        let good = match &value {
            Value::Good => Some(true),
            Value::Err(_) | Value::None => Some(false),
            _ => None,
        };
        let Some(good) = good else { return Value::Any };
        match name {
            names::IS_OK | names::IS_SOME => Value::Bool(good),
            names::IS_ERR | names::IS_NONE => Value::Bool(!good),
            names::IS_OK_AND | names::IS_SOME_AND if !good => Value::Bool(false),
            names::OK if good => Value::Good,
            names::OK => Value::None,
            names::ERR_METHOD if good => Value::None,
            names::ERR_METHOD => Value::Good,
            names::MAP | names::AS_REF | names::AS_MUT | names::AND_THEN | names::FILTER if !good => value,
            names::MAP | names::AS_REF | names::AS_MUT => value,
            names::MAP_ERR | names::OK_OR | names::OK_OR_ELSE if good => Value::Good,
            names::MAP_ERR | names::OK_OR | names::OK_OR_ELSE => Value::Err(Box::new(Value::Any)),
            names::UNWRAP_OR | names::MAP_OR if !good => values.first().cloned().unwrap_or(Value::Any),
            names::UNWRAP_OR_DEFAULT if !good && *ty == Ty::BOOL => Value::Bool(false),
            names::UNWRAP_OR_ELSE | names::MAP_OR_ELSE if !good => match args.first().map(|arg| analysis.peel(*arg)) {
                Some(arg) => match Entry::of(self.cx, analysis, arg) {
                    Entry::Closure(body, closure) => self.run_closure(body, closure),
                    _ => Value::Any,
                },
                None => Value::Any,
            },
            _ => Value::Any,
        }
    }

    fn is_method_of(&self, def: DefId, adt: Option<DefId>) -> bool {
        let parent = self.cx.program.def(def).parent;
        let header = parent.and_then(|parent| self.cx.program.impl_header(parent));
        adt.is_some() && header.is_some_and(|header| header.self_ty.adt() == adt)
    }

    /// Runs the closures that a library's function is given: now, perhaps, and any number of times.
    fn run_callbacks(&mut self, analysis: &Analysis<'a>, args: &[ExprId]) {
        for arg in args {
            let arg = analysis.peel(*arg);
            if !matches!(analysis.expr(arg), Expr::Closure(_) | Expr::Async { .. }) {
                continue;
            }
            let before = self.state.clone();
            self.run_closure(analysis.body.id, arg);
            if self.idle.is_some() && !self.reached() {
                return;
            }
            self.state = join(before, self.state.take());
        }
    }

    fn run_closure(&mut self, body: BodyId, closure: ExprId) -> Value {
        let analysis = self.cx.analysis(body);
        let root = match analysis.expr(closure) {
            Expr::Closure(data) => data.body,
            Expr::Async { body, .. } => *body,
            _ => return Value::Any,
        };
        if self.calls.len() > 12 {
            return Value::Any;
        }
        self.calls.push(Call { returns: None, value: None });
        let value = self.eval(body, root);
        self.finish_call(value)
    }

    fn finish_call(&mut self, value: Value) -> Value {
        let fell_through = self.reached();
        let Some(call) = self.calls.pop() else { return Value::Any };
        self.state = join(self.state.take(), call.returns);
        match (fell_through, call.value) {
            (true, None) => value,
            (true, Some(returned)) if returned == value => value,
            (false, Some(returned)) => returned,
            _ => Value::Any,
        }
    }

    /// Executes a function of the user's in place.
    fn inline(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        def: DefId,
        receiver: Option<ExprId>,
        args: &[ExprId],
        values: &[Value],
    ) -> Value {
        self.run_callbacks(analysis, args);
        let mut target = def;
        if self.cx.program.body_of(target).is_none() {
            // A trait's method: followed where one type implements it.
            match &self.cx.program.implementors(target)[..] {
                [only] => target = *only,
                _ => return self.after(analysis, expr),
            }
        }
        let Some(body) = self.cx.program.body_of(target) else { return self.after(analysis, expr) };
        let depth = self.stack.len() as u32;
        if depth > self.cx.settings.max_call_depth || self.stack.contains(&body) {
            return self.after(analysis, expr);
        }
        let inner = self.cx.analysis(body);
        let saved = self.bindings.clone();
        if let (Some(local), Some(receiver)) = (inner.body.ir.self_local, receiver)
            && let Some(place) = self.place(analysis, receiver)
        {
            self.bindings.insert(Place::Local(body, local), place);
        }
        for (index, pat) in inner.body.ir.params.iter().enumerate() {
            let value = values.get(index).cloned().unwrap_or(Value::Any);
            self.bind(inner, *pat, &value);
            if let Pat::Bind { local, .. } = &inner.body.pat(*pat).kind
                && let Some(arg) = args.get(index)
                && let Some(place) = self.place(analysis, *arg)
            {
                self.bindings.insert(Place::Local(body, *local), place);
            }
        }
        let asked = self.asked();
        self.stack.push(body);
        self.chain.push(analysis.call_loc(expr));
        self.calls.push(Call { returns: None, value: None });
        let value = self.eval(body, inner.body.ir.root);
        let value = self.finish_call(value);
        if self.is_work(analysis, expr, asked) {
            self.progresses();
        }
        self.chain.pop();
        self.stack.pop();
        self.bindings = saved;
        value
    }

    fn select_value(&mut self, analysis: &Analysis<'a>, op: SelectOp) -> Value {
        let body = analysis.body.id;
        match op {
            SelectOp::Recv(channel) => {
                self.eval(body, channel);
                let place = self.place(analysis, channel);
                self.step(StepKind::ReceiveTimed, place, body, channel);
                match place {
                    Some(place) if self.world.silent.contains(&place) => {
                        self.state = None;
                        Value::Any
                    }
                    Some(place) if self.world.disconnected.contains(&place) => Value::Err(Box::new(Value::Any)),
                    Some(place) if self.world.connected.contains(&place) => Value::Good,
                    _ => Value::Any,
                }
            }
            SelectOp::Send(channel, message) => {
                self.eval(body, channel);
                self.eval(body, message);
                Value::Any
            }
            SelectOp::Future(future) => {
                self.eval(body, future);
                Value::Any
            }
            SelectOp::Default(timeout) => {
                if let Some(timeout) = timeout {
                    self.eval(body, timeout);
                }
                Value::Any
            }
            SelectOp::Else => Value::Any,
        }
    }

    fn macro_call(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: &MacroCall) -> Value {
        let body = analysis.body.id;
        self.eval_all(body, &call.args);
        let loc = analysis.body.loc(call.path.span);
        let user = analysis.types.macros.get(&expr);
        let defined = user.and_then(|def| match &self.cx.program.item(*def).kind {
            ItemKind::MacroRules(rules) => Some(rules.tokens.exits),
            _ => None,
        });
        let exits = defined.unwrap_or_default();
        let own = call.tokens.exits;
        if self.idle.is_some() && self.reached() && !idle::is_inert_macro(user.is_some(), call) {
            return self.pauses();
        }
        if exits.returns || exits.breaks || exits.tries || own.returns || own.breaks || own.tries {
            self.exit(ExitKind::Unknown, loc, 0);
        }
        if exits.panics || own.panics || names::MAY_PANIC.contains(&call.path.last()) {
            self.may_panic(analysis, None, loc);
        }
        // A macro of another crate that could not be read may do anything.
        if user.is_none() && !call.parsed {
            self.exit(ExitKind::Unknown, loc, 0);
        }
        if *analysis.types.ty(expr) == Ty::Never {
            self.diverge(ExitKind::Panic, loc);
        }
        if call.path.last() == names::VEC && call.args.is_empty() && call.parsed {
            return Value::Empty;
        }
        Value::Any
    }
}

fn join(left: Option<Env>, right: Option<Env>) -> Option<Env> {
    match (left, right) {
        (None, other) | (other, None) => other,
        (Some(mut left), Some(right)) => {
            left.retain(|key, value| right.get(key) == Some(value));
            Some(left)
        }
    }
}

fn merge_values(left_reached: bool, left: Value, right_reached: bool, right: Value) -> Value {
    match (left_reached, right_reached) {
        (true, false) => left,
        (false, true) => right,
        _ if left == right => left,
        _ => Value::Any,
    }
}

/// The value that a `let` gives a local, where it is a literal.
fn declared_bool(analysis: &Analysis<'_>, local: LocalId) -> Option<bool> {
    let pat = analysis.tree.binding(local)?;
    let crate::model::PatParent::Let(block, index) = analysis.tree.pat_parent(pat) else { return None };
    let Expr::Block(block) = analysis.expr(block) else { return None };
    let Stmt::Let { init: Some(init), .. } = block.stmts.get(index as usize)? else { return None };
    match analysis.expr(*init) {
        Expr::Literal(Literal::Bool(value)) => Some(*value),
        _ => None,
    }
}

fn assigned_inside(analysis: &Analysis<'_>, local: LocalId, closure: ExprId) -> bool {
    analysis.tree.uses(local).iter().any(|used| {
        analysis.tree.is_inside(*used, closure)
            && !matches!(
                analysis.tree.parent(*used),
                crate::model::Parent::Cond(_)
                    | crate::model::Parent::Operand(_)
                    | crate::model::Parent::Logic(..)
                    | crate::model::Parent::Scrutinee(_)
                    | crate::model::Parent::MacroArg(..)
            )
    })
}

fn assigned_before(analysis: &Analysis<'_>, local: LocalId, closure: ExprId) -> bool {
    let start = analysis.body.expr(closure).span.start;
    analysis.tree.uses(local).iter().any(|used| {
        matches!(analysis.tree.parent(*used), crate::model::Parent::AssignTarget(_))
            && analysis.body.expr(*used).span.start < start
    })
}

/// Names of methods of `Option`, `Result` and collections of the catalogue, read only where the callee resolved to one.
mod names {
    use crate::source::Name;

    pub(super) const NONE: Name = Name::of("None");
    pub(super) const ERR: Name = Name::of("Err");
    pub(super) const NEW: Name = Name::of("new");
    pub(super) const WITH_CAPACITY: Name = Name::of("with_capacity");
    pub(super) const DEFAULT: Name = Name::of("default");
    pub(super) const IS_EMPTY: Name = Name::of("is_empty");
    pub(super) const IS_OK: Name = Name::of("is_ok");
    pub(super) const IS_ERR: Name = Name::of("is_err");
    pub(super) const IS_SOME: Name = Name::of("is_some");
    pub(super) const IS_NONE: Name = Name::of("is_none");
    pub(super) const IS_OK_AND: Name = Name::of("is_ok_and");
    pub(super) const IS_SOME_AND: Name = Name::of("is_some_and");
    pub(super) const OK: Name = Name::of("ok");
    pub(super) const ERR_METHOD: Name = Name::of("err");
    pub(super) const MAP: Name = Name::of("map");
    pub(super) const MAP_ERR: Name = Name::of("map_err");
    pub(super) const MAP_OR: Name = Name::of("map_or");
    pub(super) const MAP_OR_ELSE: Name = Name::of("map_or_else");
    pub(super) const AND_THEN: Name = Name::of("and_then");
    pub(super) const FILTER: Name = Name::of("filter");
    pub(super) const AS_REF: Name = Name::of("as_ref");
    pub(super) const AS_MUT: Name = Name::of("as_mut");
    pub(super) const OK_OR: Name = Name::of("ok_or");
    pub(super) const OK_OR_ELSE: Name = Name::of("ok_or_else");
    pub(super) const UNWRAP_OR: Name = Name::of("unwrap_or");
    pub(super) const UNWRAP_OR_DEFAULT: Name = Name::of("unwrap_or_default");
    pub(super) const UNWRAP_OR_ELSE: Name = Name::of("unwrap_or_else");
    /// Adaptors of iterators that end only when what they adapt does.
    pub(super) const KEEPS_GOING: [Name; 15] = [
        Name::of("map"),
        Name::of("filter"),
        Name::of("filter_map"),
        Name::of("enumerate"),
        Name::of("inspect"),
        Name::of("skip"),
        Name::of("skip_while"),
        Name::of("step_by"),
        Name::of("peekable"),
        Name::of("cloned"),
        Name::of("copied"),
        Name::of("by_ref"),
        Name::of("iter"),
        Name::of("into_iter"),
        Name::of("flatten"),
    ];
    pub(super) const VEC: Name = Name::of("vec");
    /// The variants by which the libraries of the catalogue say that the other side is gone.
    pub(super) const DISCONNECTED: [Name; 2] = [Name::of("Disconnected"), Name::of("Closed")];
    /// The variants by which they say that there is nothing yet.
    pub(super) const NOT_YET: [Name; 3] = [Name::of("Empty"), Name::of("Full"), Name::of("WouldBlock")];
    /// Methods of `Option` and `Result` that run their closure where there is no value.
    pub(super) const ON_BAD: [Name; 6] = [
        Name::of("or_else"),
        Name::of("unwrap_or_else"),
        Name::of("ok_or_else"),
        Name::of("map_err"),
        Name::of("map_or_else"),
        Name::of("inspect_err"),
    ];
    /// Standard macros that only look.
    pub(super) const INERT_MACROS: [Name; 8] = [
        Name::of("matches"),
        Name::of("format"),
        Name::of("format_args"),
        Name::of("vec"),
        Name::of("cfg"),
        Name::of("debug_assert"),
        Name::of("debug_assert_eq"),
        Name::of("debug_assert_ne"),
    ];
    /// Standard macros that panic on a condition.
    pub(super) const MAY_PANIC: [Name; 4] =
        [Name::of("assert"), Name::of("assert_eq"), Name::of("assert_ne"), Name::of("unreachable")];
}
