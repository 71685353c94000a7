//! Expressions, blocks and conditions.

use super::value::{Env, Value, Var, join, merge};
use super::{Exec, ExitKind, StepKind};
use crate::facts::context::Analysis;
use crate::facts::effects::word;
use crate::facts::entry::Entry;
use crate::facts::place::Place;
use crate::model::{BodyId, DefId, Ty, ValueRef};
use crate::source::{Name, Span};
use crate::syntax::ir::{BinaryOp, Block, BlockKind, Expr, ExprId, ItemKind, Literal, SelectArm, SelectOp, Stmt};

pub(super) const NONE: Name = Name::of("None");
pub(super) const ERR: Name = Name::of("Err");

impl<'a> Exec<'_, 'a> {
    pub(super) fn eval_all(&mut self, body: BodyId, exprs: &[ExprId]) {
        for expr in exprs {
            self.eval(body, *expr);
        }
    }

    pub(super) fn eval(&mut self, body: BodyId, expr: ExprId) -> Value {
        if !self.reached() || self.steps == 0 {
            return Value::Any;
        }
        self.steps -= 1;
        let analysis = self.cx.analysis(body);
        match analysis.expr(expr) {
            Expr::Missing | Expr::Closure(_) | Expr::Async { .. } => Value::Any,
            Expr::Local(local) => {
                self.reads(body, *local);
                self.read(Var::Local(body, *local))
            }
            Expr::Path(_) => self.path(analysis, expr),
            Expr::Literal(Literal::Bool(value)) => Value::Bool(*value),
            Expr::Literal(_) => Value::Any,
            Expr::Call { callee, args } => self.call(analysis, expr, *callee, args),
            Expr::MethodCall(call) => self.method(analysis, expr, call.receiver, &call.args),
            Expr::Field { base, .. } => {
                self.eval(body, *base);
                self.read_field(analysis, expr)
            }
            Expr::Neg(base) | Expr::Cast { expr: base, .. } => {
                self.eval(body, *base);
                Value::Any
            }
            Expr::Await(inner) => {
                let value = self.eval(body, *inner);
                if self.idle.is_some() {
                    return self.pauses();
                }
                // `async {..}.await` runs here; a called async function was executed at its call.
                match Entry::of(self.cx, analysis, *inner) {
                    Entry::Closure(inner_body, inner) => self.run_closure(inner_body, inner),
                    _ => value,
                }
            }
            Expr::Deref(inner) => {
                let value = self.eval(body, *inner);
                self.guarded_flag(analysis, expr, *inner).or_else(|| self.frozen_bool(analysis, expr)).unwrap_or(value)
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
            Expr::Not(inner) => self.eval(body, *inner).each(|value| match value {
                Value::Bool(value) => Value::Bool(!value),
                _ => Value::Any,
            }),
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
                let equal = match (op, &left, &right) {
                    (BinaryOp::Compare, Value::Variant(def, variant), Value::Any)
                    | (BinaryOp::Compare, Value::Any, Value::Variant(def, variant)) => {
                        self.refuse((*def, *variant), analysis.body.expr_loc(expr)).then_some(false)
                    }
                    (BinaryOp::Compare, ..) => left.equals(&right, &|def, variant| self.is_unit(def, variant)),
                    _ => None,
                };
                equal.map_or(Value::Any, |equal| self.comparison(analysis, *lhs, *rhs, equal))
            }
            Expr::Assign { target, value: source, compound } => {
                let asked = self.asked();
                let value = self.eval(body, *source);
                self.eval_target(body, *target);
                if self.idle.is_some() && !self.assigns_nothing_new(analysis, expr, asked) {
                    return self.progresses();
                }
                self.assignment_sign(analysis, expr, *target, *source);
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
                let value = merge(after_then.is_some(), then_value, self.reached(), else_value);
                self.state = join(after_then, self.state.take()).filter(|_| !fork.is_stuck);
                value
            }
            Expr::Match { scrutinee, arms } => {
                let asked = self.asked();
                let value = self.eval(body, *scrutinee);
                self.arms(analysis, *scrutinee, value, arms, asked)
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
                self.question_mark(analysis, expr, &value)
            }
            Expr::Struct(literal) => {
                for (_, _, value) in &literal.fields {
                    self.eval(body, *value);
                }
                if let Some(spread) = literal.spread {
                    self.eval(body, spread);
                }
                match analysis.types.literals.get(&expr) {
                    Some((def, variant)) => self.constructed(*def, *variant, &Value::Any),
                    None => Value::Any,
                }
            }
            Expr::Tuple(parts) => {
                let values = parts.iter().map(|part| self.eval(body, *part)).collect();
                Value::tuple(values)
            }
            Expr::Array(parts) => {
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
            Expr::Select(arms) => self.select(analysis, expr, arms),
        }
    }

    /// `?`: what is bad leaves the function, what is good goes on.
    fn question_mark(&mut self, analysis: &Analysis<'a>, expr: ExprId, value: &Value) -> Value {
        if !self.reached() {
            return Value::Any;
        }
        let loc = analysis.body.expr_loc(expr);
        let bad = |value: &Value| matches!(value, Value::Err(_) | Value::None);
        let (may_leave, may_go_on) = match value.is_good() {
            Some(good) => (!good, good),
            None => (true, true),
        };
        let kept = self.state.clone();
        if may_leave {
            self.try_exit(analysis, expr, value.only(bad), loc);
        }
        self.state = if may_go_on { kept } else { None };
        value.only(|value| matches!(value, Value::Good(_))).payload()
    }

    /// Whether two things that are equal, or not, compare as the operator wants.
    fn comparison(&self, analysis: &Analysis<'a>, lhs: ExprId, rhs: ExprId, equal: bool) -> Value {
        // The operator's own text tells `==` from `!=`; other comparisons are not decided.
        let between = Span::new(analysis.body.expr(lhs).span.end, analysis.body.expr(rhs).span.start);
        match self.cx.program.text(analysis.body.loc(between)).trim() {
            "==" => Value::Bool(equal),
            "!=" => Value::Bool(!equal),
            _ => Value::Any,
        }
    }

    fn is_unit(&self, def: DefId, variant: u32) -> bool {
        match &self.cx.program.item(def).kind {
            ItemKind::Enum(data) => {
                data.variants.get(variant as usize).is_some_and(|variant| variant.fields.is_empty())
            }
            _ => false,
        }
    }

    /// `*guard` of a `Mutex<bool>`: a flag that is read under its lock.
    fn guarded_flag(&mut self, analysis: &Analysis<'a>, deref: ExprId, guard: ExprId) -> Option<Value> {
        if *analysis.types.ty(deref) != Ty::BOOL || !self.cx.roles().is_guard(analysis.types.ty(guard).peel_refs()) {
            return None;
        }
        let place = self.lock_of(analysis, guard)?;
        self.load(Some(place), analysis, deref, deref).map(Value::Bool)
    }

    /// What a plain flag holds that keeps its value: a field, or what a lock's guard leads to.
    pub(super) fn frozen_bool(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Option<Value> {
        if self.world.frozen.is_empty() || *analysis.types.ty(expr) != Ty::BOOL {
            return None;
        }
        let place = self.place(analysis, expr)?;
        self.world
            .frozen
            .iter()
            .any(|(own, _)| *own == place)
            .then(|| self.load(Some(place), analysis, expr, expr))?
            .map(Value::Bool)
    }

    /// The lock that a guard was taken from.
    fn lock_of(&self, analysis: &Analysis<'a>, guard: ExprId) -> Option<Place> {
        let mut at = guard;
        for _ in 0..4 {
            let Expr::Local(local) = analysis.expr(analysis.peel(at)) else { return self.flag_place(analysis, at) };
            at = analysis.declared_as(*local)?;
        }
        None
    }

    fn eval_target(&mut self, body: BodyId, target: ExprId) {
        let analysis = self.cx.analysis(body);
        match analysis.expr(target) {
            Expr::Local(_) | Expr::Missing => {}
            Expr::Field { base, .. } => {
                self.eval(body, *base);
            }
            // What is written to is not read.
            Expr::Deref(inner) => {
                self.eval(body, *inner);
            }
            _ => {
                self.eval(body, target);
            }
        }
    }

    fn assign(&mut self, analysis: &Analysis<'a>, target: ExprId, value: Value) {
        match analysis.expr(target) {
            Expr::Local(local) => self.write(analysis.body.id, *local, value),
            Expr::Field { .. } => self.assign_field(analysis, target, value),
            _ => {}
        }
    }

    fn path(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        match analysis.value(expr) {
            Some(ValueRef::Constructor(def, variant)) => self.constructed(def, variant, &Value::Any),
            _ => Value::Any,
        }
    }

    pub(super) fn constructed(&self, def: DefId, variant: u32, payload: &Value) -> Value {
        let lang = &self.cx.program.lang;
        let name = match &self.cx.program.item(def).kind {
            ItemKind::Enum(data) => data.variants.get(variant as usize).map(|variant| variant.name),
            _ => None,
        };
        if Some(def) == lang.option {
            return if name == Some(NONE) { Value::None } else { Value::good_of(payload.clone()) };
        }
        if Some(def) == lang.result {
            let payload = payload.clone();
            return if name == Some(ERR) { Value::error_of(payload) } else { Value::good_of(payload) };
        }
        match name {
            Some(_) => Value::Variant(def, variant),
            None => Value::Any,
        }
    }

    fn block(&mut self, analysis: &Analysis<'a>, expr: ExprId, block: &Block) -> Value {
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
                    let mut fitting = value.clone();
                    if let Some(els) = els {
                        let fits = self.fits(analysis, *pat, &value);
                        let kept = self.state.clone();
                        if fits != Some(true) {
                            self.eval(body, *els);
                        }
                        self.state = if fits == Some(false) { None } else { kept };
                        fitting = self.narrowed(analysis, *pat, &value);
                    }
                    self.bind(analysis, *pat, &fitting);
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

    /// The states in which a condition holds and fails.
    pub(super) fn condition(&mut self, body: BodyId, expr: ExprId) -> (Option<Env>, Option<Env>) {
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
            Expr::Let { pat, expr: operand } => {
                let asked = self.asked();
                let value = self.eval(body, *operand);
                self.gives_answer(analysis, *pat, asked);
                self.pattern_condition(analysis, *operand, *pat, &value)
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

    /// `select!`: any arm whose pattern can fit.
    fn select(&mut self, analysis: &Analysis<'a>, expr: ExprId, arms: &[SelectArm]) -> Value {
        let body = analysis.body.id;
        let before = self.state.clone();
        let mut after = None;
        let mut result: Option<Value> = None;
        let mut refused = 0;
        for arm in arms {
            self.state = before.clone();
            let value = self.select_value(analysis, arm.op);
            // The arm of a message that never comes, or of tokio's `Some(x) = rx.recv()` on a closed channel, is not taken.
            let Some(value) = value else { continue };
            if arm.pat.is_some_and(|pat| self.fits(analysis, pat, &value) == Some(false)) {
                refused += 1;
                continue;
            }
            if let Some(guard) = arm.guard {
                let (yes, _) = self.condition(body, guard);
                self.state = yes;
            }
            if let Some(pat) = arm.pat {
                self.bind(analysis, pat, &self.narrowed(analysis, pat, &value));
            }
            let value = self.eval(body, arm.body);
            if self.reached() {
                result = Some(match result {
                    Some(known) => known.or(value),
                    None => value,
                });
            }
            after = join(after, self.state.take());
        }
        // tokio's `select!` panics where no arm is left.
        if refused > 0 && refused == arms.len() {
            self.state = before;
            self.diverge(ExitKind::Panic, analysis.body.expr_loc(expr));
            return Value::Any;
        }
        self.state = after;
        result.unwrap_or(Value::Any)
    }

    /// What an arm of `select!` gets; `None` where it never gets anything.
    fn select_value(&mut self, analysis: &Analysis<'a>, op: SelectOp) -> Option<Value> {
        let body = analysis.body.id;
        match op {
            SelectOp::Recv(channel) => {
                self.eval(body, channel);
                let place = self.place(analysis, channel);
                self.step(StepKind::ReceiveTimed, place, body, channel);
                if let Some(message) = place.and_then(|place| self.delivery(place)) {
                    return Some(Value::good_of(message));
                }
                return match place {
                    Some(place) if self.world.disconnected.contains(&place) => Some(Value::error()),
                    Some(place) if self.world.silent.contains(&place) => None,
                    Some(place) if self.world.connected.contains(&place) => Some(Value::good()),
                    _ => Some(Value::Any),
                };
            }
            SelectOp::Send(channel, message) => {
                self.eval(body, channel);
                self.eval(body, message);
            }
            SelectOp::Future(future) => {
                let outer = std::mem::replace(&mut self.in_select, true);
                let value = self.eval(body, future);
                self.in_select = outer;
                let receives =
                    analysis.callee(future).is_some_and(|callee| self.cx.effects(callee).has(word::RECEIVES));
                return match receives {
                    // It waits for ever, and the other arms do not.
                    true if !self.reached() => None,
                    true => Some(value),
                    false => Some(Value::Any),
                };
            }
            SelectOp::Default(timeout) => {
                if let Some(timeout) = timeout {
                    self.eval(body, timeout);
                }
            }
            SelectOp::Else => {}
        }
        Some(Value::Any)
    }
}
