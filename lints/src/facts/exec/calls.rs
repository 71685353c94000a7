//! Calls: into the user's functions, past the catalogue's, and the methods of `Option`, `Result` and collections.

use super::channels::is_run_over;
use super::value::Value;
use super::{Call, Exec, ExitKind, SignKind, StepKind};
use crate::facts::context::{Analysis, Context};
use crate::facts::effects::word;
use crate::facts::entry::Entry;
use crate::facts::place::Place;
use crate::model::{BodyId, DefId, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, ItemKind, Pat};

/// How deep closures and calls may nest.
const MAX_CALLS: usize = 12;
/// How many expressions a function has that only hands a call on: it is not counted among those that are followed.
const FORWARDS: usize = 16;

/// A call to a function that is known, with what its operands are.
struct KnownCall<'n> {
    expr: ExprId,
    def: DefId,
    receiver: Option<ExprId>,
    receiver_value: Value,
    args: &'n [ExprId],
    values: Vec<Value>,
}

impl<'a> Exec<'_, 'a> {
    pub(super) fn call(&mut self, analysis: &Analysis<'a>, expr: ExprId, callee: ExprId, args: &[ExprId]) -> Value {
        let body = analysis.body.id;
        if self.is_spawn(analysis, expr) {
            return self.spawn(analysis, expr, args);
        }
        let mut values: Vec<Value> = args.iter().map(|arg| self.eval(body, *arg)).collect();
        if let Some(ValueRef::Constructor(def, variant)) = analysis.value(callee) {
            let payload = values.first().cloned().unwrap_or(Value::Any);
            return self.constructed(def, variant, &payload);
        }
        let Some(def) = analysis.callee(expr) else {
            // A local closure is run; anything else is not known, and comes back.
            return match Entry::of(self.cx, analysis, callee) {
                Entry::Closure(inner, closure) => self.run_closure(inner, closure),
                Entry::Param(owner, index) if self.idle.is_some() => self.run_given(analysis, expr, owner, index),
                _ => {
                    self.sign(SignKind::Unknown, analysis, expr, None);
                    self.run_callbacks(analysis, args);
                    self.forget_lent(analysis, args.iter().copied());
                    self.after(analysis, expr)
                }
            };
        };
        let has_self = self.cx.program.function(def).is_some_and(|function| function.self_param.is_some());
        let (receiver, rest) = match (has_self, args.split_first()) {
            (true, Some((first, rest))) => (Some(*first), rest),
            _ => (None, args),
        };
        let receiver_value = if has_self && !values.is_empty() { values.remove(0) } else { Value::Any };
        self.known_call(analysis, KnownCall { expr, def, receiver, receiver_value, args: rest, values })
    }

    pub(super) fn method(&mut self, analysis: &Analysis<'a>, expr: ExprId, receiver: ExprId, args: &[ExprId]) -> Value {
        let body = analysis.body.id;
        let receiver_value = self.eval(body, receiver);
        if self.is_spawn(analysis, expr) {
            return self.spawn(analysis, expr, args);
        }
        let values: Vec<Value> = args.iter().map(|arg| self.eval(body, *arg)).collect();
        match analysis.callee(expr) {
            Some(def) => {
                let receiver = Some(receiver);
                self.known_call(analysis, KnownCall { expr, def, receiver, receiver_value, args, values })
            }
            None => {
                self.sign(SignKind::Unknown, analysis, expr, Some(receiver));
                self.run_callbacks(analysis, args);
                self.forget_lent(analysis, args.iter().copied().chain([receiver]));
                self.after(analysis, expr)
            }
        }
    }

    fn is_spawn(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        self.cx.spawns().at(analysis.body.id, expr).is_some()
    }

    /// What is started runs elsewhere: its ways out are not those of this thread's loops.
    fn spawn(&mut self, analysis: &Analysis<'a>, expr: ExprId, args: &[ExprId]) -> Value {
        for arg in args {
            let runs = !matches!(Entry::of(self.cx, analysis, *arg), Entry::Unknown);
            match (runs, analysis.expr(*arg)) {
                (true, Expr::Call { args, .. }) => self.eval_all(analysis.body.id, args),
                (true, _) => {}
                (false, _) => {
                    self.eval(analysis.body.id, *arg);
                }
            }
        }
        if self.idle.is_some() {
            return self.progresses();
        }
        self.after(analysis, expr)
    }

    /// What a call that nothing is known of gives; one of type `!` does not come back.
    pub(super) fn after(&mut self, analysis: &Analysis<'a>, expr: ExprId) -> Value {
        if *analysis.types.ty(expr) == Ty::Never {
            self.diverge(ExitKind::Diverge, analysis.call_loc(expr));
        }
        if self.idle.is_some() && self.reached() {
            return self.pauses();
        }
        Value::Any
    }

    fn known_call(&mut self, analysis: &Analysis<'a>, call: KnownCall<'_>) -> Value {
        if !self.reached() {
            return Value::Any;
        }
        if self.cx.program.is_user(call.def) {
            return self.inline(analysis, &call);
        }
        let KnownCall { expr, def, receiver, .. } = call;
        let body = analysis.body.id;
        if self.idle.is_some()
            && let Some(value) = self.idle_call(analysis, expr, def, receiver, &call.receiver_value, call.args)
        {
            return value;
        }
        let effects = self.cx.effects(def);
        let loc = analysis.call_loc(expr);
        if effects.has(word::SENDS)
            && let Some(place) = receiver.and_then(|receiver| self.place(analysis, receiver))
            && self.world.heard.contains(&place)
            && self.fails_one_way(analysis.types.ty(expr))
        {
            return Value::Good(Box::new(Value::Any));
        }
        // A selected operation is told which receiver it takes from.
        let index = effects.get(word::RECEIVES).and_then(|_| effects.index(word::RECEIVES));
        let receiving = index.and_then(|index| call.args.get(index).copied()).or(receiver);
        if effects.has(word::RECEIVES)
            && let Some(receiver) = receiving
        {
            return self.receive(analysis, expr, def, receiver);
        }
        if (effects.has(word::FLAG_LOAD) || effects.has(word::FLAG_UPDATE))
            && let Some(receiver) = receiver
        {
            let place = self.flag_place(analysis, receiver);
            let frozen = self.load(place, analysis, expr, receiver);
            if let Some(value) = frozen
                && effects.has(word::FLAG_LOAD)
                && *analysis.types.ty(expr) == Ty::BOOL
            {
                return Value::Bool(value);
            }
        }
        if effects.has(word::SELECTS) && receiver.is_some_and(|receiver| self.selects_disconnected(analysis, receiver))
        {
            return if self.is_result(analysis, expr) { Value::good() } else { Value::Any };
        }
        // A `for` over it waits itself.
        let each_step = effects.has(word::EACH_STEP) && is_run_over(analysis, expr);
        if (effects.has(word::BLOCKS) || effects.has(word::WAITS)) && !each_step {
            let timed = effects.with(word::BLOCKS, "sleep")
                || effects.with(word::WAITS, "timed")
                || self.cx.is_timed(analysis, expr, effects);
            // pthread's condition variables are arguments.
            let index = effects.get(word::WAITS).and_then(|_| effects.index(word::WAITS));
            let on = index.and_then(|index| call.args.get(index).copied()).or(receiver);
            self.wait(if timed { StepKind::Pause } else { StepKind::Block }, analysis, expr, on);
        }
        self.library_signs(analysis, expr, def, receiver, call.args);
        if self.idle.is_none() || self.idle_callbacks(def, &call.receiver_value) {
            self.run_callbacks(analysis, call.args);
        }
        if effects.has(word::SCOPE) {
            self.sign(SignKind::Join, analysis, expr, None);
        }
        if effects.has(word::UNWRAPS) {
            return self.unwrap(analysis, receiver, &call.receiver_value, loc);
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
        if self.world.io_fails && self.cx.is_fallible_io(body, expr) {
            return Value::error();
        }
        if self.world.io_works && self.cx.is_fallible_io(body, expr) && !self.cx.fills(def) {
            return Value::good();
        }
        self.forget_lent(analysis, call.args.iter().copied().chain(receiver));
        self.combinator(analysis, &call)
    }

    fn unwrap(
        &mut self,
        analysis: &Analysis<'a>,
        receiver: Option<ExprId>,
        value: &Value,
        loc: crate::source::Loc,
    ) -> Value {
        match value.is_good() {
            Some(true) => {}
            Some(false) => self.diverge(ExitKind::Panic, loc),
            None => {
                if receiver.is_none_or(|receiver| !self.is_lock_result(analysis, receiver)) {
                    self.may_panic(analysis, receiver, loc);
                }
            }
        }
        value.only(|value| matches!(value, Value::Good(_))).payload()
    }

    /// Whether an expression is the `Result` of taking a lock: its `unwrap` only hands a poison on.
    fn is_lock_result(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        analysis.callee(expr).is_some_and(|callee| {
            let effects = self.cx.effects(callee);
            effects.has(word::ACQUIRES) || effects.has(word::WAITS)
        })
    }

    /// What the methods of `Option`, `Result` and collections make of a known receiver.
    fn combinator(&mut self, analysis: &Analysis<'a>, call: &KnownCall<'_>) -> Value {
        let program = self.cx.program;
        let name = program.item(call.def).name;
        let ty = analysis.types.ty(call.expr);
        if self.cx.roles().says(ty, word::COLLECTION)
            && call.receiver.is_none()
            && (name == names::NEW || name == names::WITH_CAPACITY || name == names::DEFAULT)
        {
            return Value::Empty;
        }
        if call.receiver_value == Value::Empty {
            if name == names::IS_EMPTY {
                return Value::Bool(true);
            }
            if ty.adt().is_some() && ty.adt() == program.lang.iter {
                return Value::Empty;
            }
            let mutates = program
                .signature(call.def)
                .and_then(|signature| signature.self_ty.clone())
                .is_some_and(|ty| matches!(ty, Ty::Ref(true, _)));
            if mutates && let Some(receiver) = call.receiver {
                self.forget(analysis, receiver);
            }
            return Value::Any;
        }
        if let Value::Variant(kind, index) = call.receiver_value
            && self.is_method_of(call.def, Some(kind))
        {
            return self.of_variant(call.def, kind, index, ty);
        }
        let on_option = self.is_method_of(call.def, program.lang.option);
        let on_result = self.is_method_of(call.def, program.lang.result);
        if !on_option && !on_result {
            return Value::Any;
        }
        let receiver_value = call.receiver_value.clone();
        receiver_value.each(|value| self.of_option_or_result(analysis, call, name, value))
    }

    /// What the methods of an enum of a library make of a known variant: `is_empty()`, `success()`.
    fn of_variant(&self, method: DefId, kind: DefId, index: u32, ty: &Ty) -> Value {
        let program = self.cx.program;
        let ItemKind::Enum(data) = &program.item(kind).kind else { return Value::Any };
        let name = program.name(method);
        let asked = data.variants.iter().position(|variant| {
            let asks = name.strip_prefix("is_").unwrap_or_default();
            asks.eq_ignore_ascii_case(program.name_text(kind, variant.name))
        });
        match asked {
            Some(asked) if *ty == Ty::BOOL => Value::Bool(asked as u32 == index),
            // A value that another variant would have.
            _ if data.variants.get(index as usize).is_some_and(|own| own.fields.is_empty())
                && ty.adt().is_some()
                && ty.adt() == program.lang.option =>
            {
                Value::None
            }
            _ => Value::Any,
        }
    }

    fn of_option_or_result(
        &mut self,
        analysis: &Analysis<'a>,
        call: &KnownCall<'_>,
        name: crate::source::Name,
        value: &Value,
    ) -> Value {
        let Some(good) = value.is_good() else { return Value::Any };
        let first = || call.values.first().cloned().unwrap_or(Value::Any);
        match name {
            names::IS_OK | names::IS_SOME => Value::Bool(good),
            names::IS_ERR | names::IS_NONE => Value::Bool(!good),
            names::IS_OK_AND | names::IS_SOME_AND if !good => Value::Bool(false),
            names::IS_NONE_OR if !good => Value::Bool(true),
            names::OK | names::ERR_METHOD if good == (name == names::OK) => Value::good_of(value.payload()),
            names::OK | names::ERR_METHOD => Value::None,
            names::MAP | names::AND_THEN | names::FILTER if !good => value.clone(),
            names::AS_REF | names::AS_MUT | names::CLONED | names::COPIED => value.clone(),
            names::MAP => Value::good(),
            names::MAP_ERR | names::OK_OR | names::OK_OR_ELSE if good => value.clone(),
            names::MAP_ERR | names::OK_OR_ELSE => Value::error(),
            names::OK_OR => Value::error_of(first()),
            names::UNWRAP_OR | names::MAP_OR if !good => first(),
            names::UNWRAP_OR | names::UNWRAP_OR_ELSE | names::UNWRAP_OR_DEFAULT if good => value.payload(),
            names::UNWRAP_OR_DEFAULT if *analysis.types.ty(call.expr) == Ty::BOOL => Value::Bool(false),
            names::UNWRAP_OR_ELSE | names::MAP_OR_ELSE if !good => match call.args.first() {
                Some(arg) => match Entry::of(self.cx, analysis, analysis.peel(*arg)) {
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
    pub(super) fn run_callbacks(&mut self, analysis: &Analysis<'a>, args: &[ExprId]) {
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
            self.state = super::value::join(before, self.state.take());
        }
    }

    pub(super) fn run_closure(&mut self, body: BodyId, closure: ExprId) -> Value {
        let analysis = self.cx.analysis(body);
        let root = match analysis.expr(closure) {
            Expr::Closure(data) => data.body,
            Expr::Async { body, .. } => *body,
            _ => return Value::Any,
        };
        if self.calls.len() > MAX_CALLS {
            return Value::Any;
        }
        self.calls.push(Call { returns: None, value: None });
        let value = self.eval(body, root);
        self.finish_call(value)
    }

    fn finish_call(&mut self, value: Value) -> Value {
        let fell_through = self.reached();
        let Some(call) = self.calls.pop() else { return Value::Any };
        self.state = super::value::join(self.state.take(), call.returns);
        match (fell_through, call.value) {
            (true, None) => value,
            (true, Some(returned)) => returned.or(value),
            (false, Some(returned)) => returned,
            (false, None) => Value::Any,
        }
    }

    /// Executes a function of the user's in place.
    fn inline(&mut self, analysis: &Analysis<'a>, call: &KnownCall<'_>) -> Value {
        self.run_callbacks(analysis, call.args);
        let Some(body) = self.followed(analysis, call) else {
            self.sign(SignKind::Unknown, analysis, call.expr, call.receiver);
            self.forget_lent(analysis, call.args.iter().copied().chain(call.receiver));
            return self.after(analysis, call.expr);
        };
        let inner = self.cx.analysis(body);
        let (depth, temporaries) = (self.depth, self.temporaries.len());
        self.depth += u32::from(inner.body.ir.exprs.len() > FORWARDS);
        if let (Some(local), Some(receiver)) = (inner.body.ir.self_local, call.receiver) {
            let own = Place::Local(body, local);
            let route = self.route(analysis, receiver);
            self.origins.insert(own, route);
            match self.place(analysis, receiver) {
                Some(place) => {
                    self.bindings.insert(own, place);
                }
                // `Worker { .. }.run()`, `Worker::new(..).run()`
                None if matches!(analysis.expr(receiver), Expr::Struct(_) | Expr::Call { .. }) => {
                    self.temporaries.push(own);
                }
                None => {}
            }
        }
        for (index, pat) in inner.body.ir.params.iter().enumerate() {
            let value = call.values.get(index).cloned().unwrap_or(Value::Any);
            self.bind(inner, *pat, &value);
            if let Pat::Bind { local, .. } = &inner.body.pat(*pat).kind
                && let Some(arg) = call.args.get(index)
            {
                let route = self.route(analysis, *arg);
                self.origins.insert(Place::Local(body, *local), route);
                if let Some(place) = self.place(analysis, *arg) {
                    self.bindings.insert(Place::Local(body, *local), place);
                }
            }
        }
        let asked = self.asked();
        self.stack.push(body);
        self.chain.push(analysis.call_loc(call.expr));
        self.calls.push(Call { returns: None, value: None });
        let value = self.eval(body, inner.body.ir.root);
        let value = self.finish_call(value);
        if self.is_work(analysis, call.expr, asked) {
            self.progresses();
        }
        self.chain.pop();
        self.stack.pop();
        self.depth = depth;
        // A function is never executed inside itself, so these were not there before.
        let is_own = |place: &Place| matches!(place, Place::Local(own, _) if *own == body);
        self.bindings.retain(|place, _| !is_own(place));
        self.origins.retain(|place, _| !is_own(place));
        self.temporaries.truncate(temporaries);
        value
    }

    /// The body that a call runs, where that is known and not too deep.
    fn followed(&self, analysis: &Analysis<'a>, call: &KnownCall<'_>) -> Option<BodyId> {
        let program = self.cx.program;
        let target = match (program.body_of(call.def), &program.implementors(call.def)[..]) {
            (Some(_), []) => call.def,
            // A default method, unless the receiver's type has its own.
            (Some(_), _) => {
                let receiver = call.receiver.map(|receiver| analysis.types.ty(receiver).peel_refs());
                receiver.and_then(Ty::adt).filter(|adt| program.is_user(*adt)).map(|_| call.def)?
            }
            // A trait's method: followed where one type implements it.
            (None, [only]) => *only,
            (None, _) => return None,
        };
        let body = program.body_of(target)?;
        let forwards = program.body(body).ir.exprs.len() <= FORWARDS;
        let is_deep = (self.depth > self.cx.settings.max_call_depth && !forwards) || self.stack.len() > MAX_CALLS;
        let is_open = !is_deep && !self.stack.contains(&body);
        is_open.then_some(body)
    }
}

impl Context<'_> {
    /// Whether a call reads, writes or connects, and says in a `Result` whether it could.
    pub fn is_fallible_io(&self, body: BodyId, call: ExprId) -> bool {
        let analysis = self.analysis(body);
        let Some(callee) = analysis.callee(call) else { return false };
        let effects = self.effects(callee);
        let is_io = ["io", "net"].iter().any(|kind| effects.with(word::BLOCKS, kind));
        let result = self.program.lang.result;
        is_io && result.is_some() && analysis.types.ty(call).adt() == result
    }

    /// Whether a function writes into what it is lent.
    fn fills(&self, function: DefId) -> bool {
        let signature = self.program.signature(function);
        signature.is_some_and(|signature| signature.params.iter().any(|ty| matches!(ty, Ty::Ref(true, _))))
    }
}

/// Names of methods of `Option`, `Result` and collections of the catalogue, read only where the callee resolved to one.
pub(super) mod names {
    use crate::source::Name;

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
    pub(super) const IS_NONE_OR: Name = Name::of("is_none_or");
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
    pub(super) const CLONED: Name = Name::of("cloned");
    pub(super) const COPIED: Name = Name::of("copied");
    pub(super) const OK_OR: Name = Name::of("ok_or");
    pub(super) const OK_OR_ELSE: Name = Name::of("ok_or_else");
    pub(super) const UNWRAP_OR: Name = Name::of("unwrap_or");
    pub(super) const UNWRAP_OR_DEFAULT: Name = Name::of("unwrap_or_default");
    pub(super) const UNWRAP_OR_ELSE: Name = Name::of("unwrap_or_else");
    /// The variants by which libraries say that there is nothing yet.
    pub(in super::super) const NOT_YET: [Name; 3] = [Name::of("Empty"), Name::of("Full"), Name::of("WouldBlock")];
    /// Methods of `Option` and `Result` that run their closure where there is no value.
    pub(in super::super) const ON_BAD: [Name; 6] = [
        Name::of("or_else"),
        Name::of("unwrap_or_else"),
        Name::of("ok_or_else"),
        Name::of("map_err"),
        Name::of("map_or_else"),
        Name::of("inspect_err"),
    ];
    /// Adaptors of iterators that end only when what they adapt does.
    pub(in super::super) const KEEPS_GOING: [Name; 15] = [
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
}
