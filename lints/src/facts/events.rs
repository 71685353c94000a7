//! What a body does on its own thread that matters to locks: it takes them, waits, calls functions of the user's, calls
//! what it does not know.
//!
//! A closure's events happen where it is run. [`Event::anchors`] says where that is on each flow graph around it: the event
//! itself on its own graph, the call that runs the closure on the graph outside. A closure that is stored, spawned or
//! returned is anchored nowhere outside.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::field_uses::FieldUse;
use crate::model::flow::FlowRoot;
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal, Pat, SelectOp, Stmt};
use smallvec::SmallVec;

/// How many functions deep a closure is handed on until it is run.
const HAND_DEPTH: u32 = 3;
/// A closure that is called in more places is not looked at in all of them.
const MAX_ANCHORS: usize = 8;
/// How deep inside a value its parts are looked at.
const DROP_DEPTH: u32 = 4;

/// The macros of tokio and futures that wait for the futures they are given: who gives the future of an `async fn` to one of
/// these names means them.
const POLLING: [Name; 2] = [Name::of("join"), Name::of("try_join")];

/// Why a thread stands still.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wait {
    /// For a thread to end.
    Join,
    /// For the threads of a scope to end.
    Scope,
    /// For a message.
    Receive,
    /// For room in a channel.
    Send,
    /// For a condition variable.
    Condvar,
    /// For the clock.
    Sleep,
    /// For an unpark.
    Park,
    /// For a child process.
    Child,
    /// For other threads to get as far.
    Barrier,
    /// For a connection.
    Accept,
    /// For a socket.
    Net,
    /// For the answer of a server.
    Request,
    /// For a file or stream.
    Io,
    /// For any of several events.
    Poll,
}

/// What an expression does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Deed {
    /// Takes the lock of this guard of the body's, by its place among [`Guards::of`](super::Guards::of).
    Take(u32),
    /// Runs a function of the user's.
    Call(DefId),
    /// Runs a function that it was given, or that is stored somewhere.
    Callback,
    /// Stands still; `true` where it gives up after a while.
    Wait(Wait, bool),
}

/// Something that a body does.
#[derive(Clone, Debug)]
pub struct Event {
    /// The call; of one that is not written, the value that it is of.
    pub expr: ExprId,
    /// What it does.
    pub deed: Deed,
    /// Where it happens, on its own flow graph and on those around it, innermost first; a closure that is called several
    /// times has it in several places.
    pub anchors: SmallVec<[(FlowRoot, ExprId); 2]>,
}

impl Event {
    /// Where it happens first on a flow graph.
    pub fn anchor(&self, root: FlowRoot) -> Option<ExprId> {
        self.anchors_on(root).next()
    }

    /// Where it happens on a flow graph.
    pub fn anchors_on(&self, root: FlowRoot) -> impl Iterator<Item = ExprId> + '_ {
        self.anchors.iter().filter(move |(own, _)| *own == root).map(|(_, expr)| *expr)
    }
}

impl Context<'_> {
    /// What a body does, in order of the expressions.
    pub fn events(&self, body: BodyId) -> &[Event] {
        match self.lock_facts.events.get(body.index()) {
            Some(slot) => slot.get_or_init(|| self.find_events(body)),
            // Every `BodyId` comes from this program.
            None => unreachable!("a body of another program"),
        }
    }

    fn find_events(&self, body: BodyId) -> Box<[Event]> {
        let analysis = self.analysis(body);
        let guards = self.guards().of(body);
        let mut events = Vec::new();
        let mut taken = guards.iter().enumerate().peekable();
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let expr = ExprId(index);
            let mut push = |at: ExprId, deed: Deed| {
                let anchors = self.anchors(analysis, at);
                events.push(Event { expr, deed, anchors });
            };
            while let Some((index, guard)) = taken.next_if(|(_, guard)| guard.call <= expr) {
                push(guard.start, Deed::Take(index as u32));
            }
            if let Some((at, deed)) = self.deed(analysis, expr) {
                push(at, deed);
            }
            if self.is_open_dispatch(analysis, expr) {
                push(expr, Deed::Callback);
            }
            for function in self.drops_at(analysis, expr) {
                push(expr, Deed::Call(function));
            }
            for (value, function) in self.implicit_calls(analysis, expr) {
                let anchors = self.anchors(analysis, expr);
                events.push(Event { expr: value, deed: Deed::Call(function), anchors });
            }
        }
        events.into_boxed_slice()
    }

    /// What an expression does apart from taking locks, and where that happens: for a future at its `.await`.
    fn deed(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<(ExprId, Deed)> {
        let callee = match analysis.expr(expr) {
            Expr::Call { callee, .. } => *callee,
            Expr::MethodCall(_) => expr,
            Expr::Select(arms) => {
                let waits = arms.iter().any(|arm| matches!(arm.op, SelectOp::Recv(_) | SelectOp::Send(..)));
                let gives_up = arms.iter().any(|arm| matches!(arm.op, SelectOp::Default(_)));
                return (waits && !gives_up).then_some((expr, Deed::Wait(Wait::Poll, false)));
            }
            _ => return None,
        };
        let Some(function) = analysis.callee(expr) else {
            // A closure that stands here runs with its own events.
            let is_foreign = callee != expr && self.is_callback(analysis, callee) && !self.is_visible(analysis, callee);
            return is_foreign.then_some((expr, Deed::Callback));
        };
        let at = self.happens_at(analysis, expr, function)?;
        // `entry.or_insert_with(make)`: what a caller passes runs here.
        if !self.program.is_user(function) && self.is_given_callback(analysis, expr, function) {
            return Some((at, Deed::Callback));
        }
        if self.program.is_user(function) {
            return Some((at, Deed::Call(function)));
        }
        let (wait, timed) = self.wait_of(analysis, expr, function)?;
        // What waits at an `.await` does not hold the thread.
        (at == expr).then_some((at, Deed::Wait(wait, timed)))
    }

    /// The `Drop::drop`s of the user's that an expression runs: an assignment those of the value that was there, `drop(value)`,
    /// and a statement whose value nobody takes.
    fn drops_at(&self, analysis: &Analysis<'_>, expr: ExprId) -> SmallVec<[DefId; 1]> {
        let mut functions = SmallVec::new();
        let ty = match analysis.expr(expr) {
            Expr::Assign { target, compound: false, .. } => {
                self.drop_functions(analysis.types.ty(*target), DROP_DEPTH, &mut functions);
                if !functions.is_empty() && !self.replaces(analysis, *target) {
                    functions.clear();
                }
                return functions;
            }
            Expr::Call { .. } | Expr::MethodCall(_) => {
                let effects = analysis.callee(expr).map(|callee| self.effects(callee));
                let given = effects
                    .filter(|effects| effects.has(word::DROPS))
                    .and_then(|effects| analysis.args(expr).get(effects.index(word::DROPS).unwrap_or(0)));
                match (given, analysis.tree.parent(expr)) {
                    (Some(given), _) => analysis.types.ty(*given),
                    (None, Parent::Stmt(..)) => analysis.types.ty(expr),
                    _ => return functions,
                }
            }
            _ => return functions,
        };
        self.drop_functions(ty, DROP_DEPTH, &mut functions);
        functions
    }

    /// Whether an assignment may find a value there: nothing has looked at the field before, or taken it out, and it is not
    /// the only assignment to a field that starts empty.
    fn replaces(&self, analysis: &Analysis<'_>, target: ExprId) -> bool {
        let target = analysis.peel(target);
        let Some((field, _)) = analysis.types.fields.get(&target) else { return true };
        let ty = analysis.types.ty(target);
        if ty.adt().is_none() || ty.adt() != self.program.lang.option {
            return true;
        }
        let Some(data) = self.field(*field) else { return false };
        let uses = self.field_uses(data.name);
        let is_assigned =
            |body: BodyId, expr: ExprId| matches!(self.analysis(body).tree.parent(expr), Parent::AssignTarget(_));
        let mut others = uses.of(*field).iter().filter_map(|(body, used)| match used {
            FieldUse::Expr(expr) if (*body, *expr) != (analysis.body.id, target) => Some((*body, *expr)),
            _ => None,
        });
        let mut is_set_elsewhere = false;
        let is_known = others.any(|(body, expr)| {
            is_set_elsewhere |= is_assigned(body, expr);
            body == analysis.body.id && expr < target
        });
        is_set_elsewhere && !is_known
    }

    /// The `Drop::drop`s of the user's that run when a value of a type is dropped.
    fn drop_functions(&self, ty: &Ty, depth: u32, functions: &mut SmallVec<[DefId; 1]>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match ty {
            Ty::Adt(def, args) if self.program.is_user(*def) => {
                let own = self.program.drop_function(*def).filter(|own| !functions.contains(own));
                functions.extend(own);
                for variant in 0..self.roles().variant_count(*def) {
                    for field in self.program.field_types(*def, variant) {
                        let field = field.map(&mut |ty| match ty {
                            Ty::Param(owner, index) if owner == def => args.get(*index as usize).cloned(),
                            _ => None,
                        });
                        self.drop_functions(&field, depth, functions);
                    }
                }
            }
            Ty::Adt(def, args) => {
                // One of several owners mostly drops nothing.
                let keeps = [word::STRONG, word::WEAK, word::NO_OWN, word::NO_DROP, word::GUARD];
                let effects = self.effects(*def);
                if !keeps.iter().any(|word| effects.has(*word)) {
                    args.iter().for_each(|arg| self.drop_functions(arg, depth, functions));
                }
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.drop_functions(part, depth, functions)),
            Ty::Array(inner) => self.drop_functions(inner, depth, functions),
            _ => {}
        }
    }

    /// The expression at which a call's work is done: where it gives a future, its `.await`, or the macro that waits for it.
    pub(super) fn happens_at(&self, analysis: &Analysis<'_>, call: ExprId, function: DefId) -> Option<ExprId> {
        let is_async = self.program.function(function).is_some_and(|data| data.is_async)
            || self.effects(function).has(word::IS_ASYNC);
        if !is_async {
            return Some(call);
        }
        match analysis.tree.parent(call) {
            Parent::AwaitOperand(awaited) => Some(awaited),
            Parent::MacroArg(joined, _) => {
                let Expr::Macro(data) = analysis.expr(joined) else { return None };
                (data.parsed && POLLING.contains(&data.path.last())).then_some(joined)
            }
            _ => None,
        }
    }

    /// Whether a task may be put aside at an expression: an `.await`, or a macro that waits for the futures it is given.
    pub fn is_await(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let is_waited_for = |arg: &ExprId| {
            analysis.callee(*arg).is_some_and(|function| {
                matches!(analysis.expr(expr), Expr::Macro(_)) && self.happens_at(analysis, *arg, function) == Some(expr)
            })
        };
        match analysis.expr(expr) {
            Expr::Await(_) => true,
            Expr::Macro(call) => call.args.iter().any(is_waited_for),
            Expr::Select(arms) => arms.iter().any(|arm| matches!(arm.op, SelectOp::Future(_))),
            _ => false,
        }
    }

    /// How a function of the catalogue stands still.
    fn wait_of(&self, analysis: &Analysis<'_>, call: ExprId, function: DefId) -> Option<(Wait, bool)> {
        let effects = self.effects(function);
        // `Future::poll`, called by hand: its words are those of the `.await`, and it never waits itself.
        let is_poll = self.program.lang.poll.is_some() && analysis.types.ty(call).adt() == self.program.lang.poll;
        if effects.has(word::EACH_STEP) || is_poll {
            return None;
        }
        if effects.has(word::JOINS) {
            return Some((Wait::Join, false));
        }
        if effects.has(word::SCOPE) {
            return Some((Wait::Scope, false));
        }
        if effects.has(word::WAITS) {
            return Some((Wait::Condvar, effects.with(word::WAITS, "timed")));
        }
        if effects.has(word::RECEIVES) {
            let is_try = effects.with(word::RECEIVES, "try");
            return (!is_try).then(|| (Wait::Receive, effects.with(word::RECEIVES, "timed")));
        }
        if effects.with(word::SENDS, "blocking") {
            let receiver = analysis.receiver(self.program, call)?;
            return self.is_bounded_sender(analysis, receiver).then_some((Wait::Send, false));
        }
        let blocks = effects.get(word::BLOCKS)?;
        let wait = match blocks.args.first().map(|arg| &**arg)? {
            "sleep" => Wait::Sleep,
            "park" => Wait::Park,
            "child" => Wait::Child,
            "barrier" => Wait::Barrier,
            "accept" => Wait::Accept,
            // A time-out of half a minute is no pause that anybody thinks of.
            "net" if effects.has(word::REQUEST) => return Some((Wait::Request, false)),
            "net" => Wait::Net,
            "io" => Wait::Io,
            "poll" => Wait::Poll,
            _ => return None,
        };
        Some((wait, self.is_timed(analysis, call, effects)))
    }

    /// Whether a wait has an end of its own.
    pub(super) fn is_timed(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> bool {
        let Some(index) = effects.index(word::TIMED_BY) else { return effects.has(word::TIMED) };
        // What is not known may be a time-out.
        let Some(arg) = analysis.args(call).get(index) else { return true };
        let is_zero = matches!(analysis.expr(*arg), Expr::Literal(Literal::Int(0)));
        match analysis.expr(*arg) {
            Expr::Neg(_) => false,
            Expr::Path(_) => !self.is_none(analysis, *arg),
            _ => !(is_zero && effects.with(word::TIMED_BY, "flags")),
        }
    }

    /// Whether sending waits for room: the channel's type says so, or it was made so in this body.
    fn is_bounded_sender(&self, analysis: &Analysis<'_>, sender: ExprId) -> bool {
        let Some(super::Place::Local(body, local)) = self.place(analysis, sender) else { return false };
        if body != analysis.body.id {
            return false;
        }
        let made = analysis.tree.binding(local).and_then(|pat| {
            let crate::model::PatParent::Pat(outer) = analysis.tree.pat_parent(pat) else { return None };
            super::origins::source_of(analysis, outer)
        });
        let made_by = made.and_then(|made| Some((made, analysis.callee(made)?)));
        made_by.is_some_and(|(made, callee)| {
            let is_empty = analysis
                .args(made)
                .first()
                .is_some_and(|size| matches!(analysis.expr(*size), Expr::Literal(Literal::Int(0))));
            self.effects(callee).with(word::CHANNEL, "rendezvous")
                || (self.effects(callee).with(word::CHANNEL, "bounded") && is_empty)
        })
    }

    /// Where an expression happens, on its own flow graph and those around it.
    pub(super) fn anchors(&self, analysis: &Analysis<'_>, expr: ExprId) -> SmallVec<[(FlowRoot, ExprId); 2]> {
        let mut anchors: SmallVec<[(FlowRoot, ExprId); 2]> = SmallVec::new();
        let mut open: SmallVec<[ExprId; 2]> = SmallVec::new();
        open.push(expr);
        while let Some(at) = open.pop() {
            let closure = analysis.tree.enclosing_closure(analysis.body, at);
            let anchor = (closure.map_or(FlowRoot::Body, FlowRoot::Closure), at);
            if anchors.contains(&anchor) || anchors.len() == MAX_ANCHORS {
                continue;
            }
            anchors.push(anchor);
            if let Some(closure) = closure {
                let runs = self.runs_of(analysis, closure, HAND_DEPTH);
                let is_open = |call: &ExprId| {
                    let ways = self.ways_of_closure(analysis, *call, closure);
                    ways.is_none_or(|ways| ways.lead_to(analysis.body.id, at))
                };
                open.extend(runs.into_iter().rev().filter(is_open));
            }
        }
        anchors
    }

    /// Where a closure or `async` block is run before its surroundings go on, if that is in one place.
    pub(super) fn run_at(&self, analysis: &Analysis<'_>, closure: ExprId, depth: u32) -> Option<ExprId> {
        match self.runs_of(analysis, closure, depth).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Where a closure or `async` block is run before its surroundings go on: the call it is given to, the `.await`, or the
    /// calls of the local that it is bound to.
    pub(super) fn runs_of(&self, analysis: &Analysis<'_>, closure: ExprId, depth: u32) -> SmallVec<[ExprId; 2]> {
        let mut top = closure;
        // `let push = { let list = list.clone(); move |item| .. };`
        while let Parent::BlockTail(block) = analysis.tree.parent(top) {
            top = block;
        }
        match analysis.tree.parent(top) {
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return SmallVec::new() };
                let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) else { return SmallVec::new() };
                let Pat::Bind { local, .. } = &analysis.body.pat(*pat).kind else { return SmallVec::new() };
                let uses = analysis.tree.uses(*local).iter();
                uses.filter_map(|used| self.runs_use(analysis, *used, depth)).collect()
            }
            _ => self.runs_use(analysis, top, depth).into_iter().collect(),
        }
    }

    /// Where a call that is given a closure runs it.
    fn run_by_call(&self, analysis: &Analysis<'_>, call: ExprId, index: u32, depth: u32) -> Option<ExprId> {
        let callee = analysis.callee(call)?;
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = u32::from(by_path && analysis.receiver(self.program, call).is_some());
        let index = index.checked_sub(shift)?;
        if self.program.is_user(callee) {
            return self.calls_param(callee, index, depth).then(|| self.happens_at(analysis, call, callee))?;
        }
        let effects = self.effects(callee);
        if effects.has(word::RUNS_ASYNC) && effects.index(word::RUNS_ASYNC).unwrap_or(0) == index as usize {
            return Some(call);
        }
        self.runs_param(callee, index).then(|| self.consumed_at(analysis, call))?
    }

    /// Whether a function of the catalogue runs a closure that it is given before it returns, under the locks of its caller.
    fn runs_param(&self, function: DefId, index: u32) -> bool {
        let effects = self.effects(function);
        let keeps = [word::SPAWNS, word::STORES, word::RUNS_ASYNC, word::CATCHES_PANIC, word::UNLOCKS_WHILE];
        let keeps = keeps.iter().any(|word| effects.has(*word) && *word != word::CATCHES_PANIC);
        let Some(signature) = self.program.signature(function).filter(|_| !keeps) else { return false };
        let Some(ty) = signature.params.get(index as usize) else { return false };
        let bounds = self.program.own_bounds(function);
        bounds.iter().any(|(subject, bound)| subject == ty && self.program.lang.is_fn_trait(bound.trait_def))
    }

    /// Where the closure of an adaptor runs: at the call that consumes the iterator in the same expression. `None` for an
    /// iterator that is kept.
    fn consumed_at(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<ExprId> {
        let mut at = call;
        loop {
            let ty = analysis.types.ty(at);
            if ty.adt().is_none() || ty.adt() != self.program.lang.iter {
                return Some(at);
            }
            at = match analysis.tree.parent(at) {
                Parent::Receiver(up) => up,
                Parent::Arg(up, _) if analysis.callee(up).is_some_and(|callee| !self.program.is_user(callee)) => up,
                Parent::ForIter(_) => return Some(at),
                Parent::BlockTail(up) => up,
                _ => return None,
            };
        }
    }

    /// Whether a function of the user's calls a parameter of its own before it returns.
    pub(super) fn calls_param(&self, function: DefId, index: u32, depth: u32) -> bool {
        !self.param_calls(function, index, depth).is_empty()
    }

    /// The calls in a function's body that run a parameter of its own: it itself is called, or handed to something that does.
    pub(super) fn param_calls(&self, function: DefId, index: u32, depth: u32) -> SmallVec<[ExprId; 1]> {
        let none = SmallVec::new();
        let Some(depth) = depth.checked_sub(1) else { return none };
        let Some(body) = self.program.body_of(function).filter(|_| !self.is_overridden(function)) else { return none };
        let is_fn = self.program.signature(function).and_then(|signature| signature.params.get(index as usize));
        if !is_fn.is_some_and(|ty| self.is_fn_type(function, ty)) {
            return none;
        }
        let analysis = self.analysis(body);
        let Some(pat) = analysis.body.ir.params.get(index as usize) else { return none };
        let Pat::Bind { local, .. } = &analysis.body.pat(*pat).kind else { return none };
        let runs = analysis.tree.uses(*local).iter().filter_map(|used| self.runs_use(analysis, *used, depth));
        runs.filter(|call| analysis.tree.enclosing_closure(analysis.body, *call).is_none()).collect()
    }

    /// The call that runs the function which is used here.
    fn runs_use(&self, analysis: &Analysis<'_>, used: ExprId, depth: u32) -> Option<ExprId> {
        match analysis.tree.parent(used) {
            Parent::AwaitOperand(awaited) if matches!(analysis.expr(used), Expr::Async { .. }) => Some(awaited),
            Parent::Callee(call) => Some(call),
            Parent::Arg(call, index) => self.run_by_call(analysis, call, index, depth),
            Parent::RefOperand(taken) => self.runs_use(analysis, taken, depth.checked_sub(1)?),
            _ => None,
        }
    }

    /// Whether a type is a function's: a bounded parameter, `impl Fn`, `dyn Fn`, a pointer.
    fn is_fn_type(&self, function: DefId, ty: &Ty) -> bool {
        let is_fn =
            |bounds: &[crate::model::Bound]| bounds.iter().any(|bound| self.program.lang.is_fn_trait(bound.trait_def));
        match self.roles().pointee(ty) {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => is_fn(&bounds),
            Ty::Fn(_) => true,
            ty @ Ty::Param(..) => {
                let own = self.program.own_bounds(function).iter();
                let outer = self.program.def(function).parent.map(|parent| self.program.own_bounds(parent));
                own.chain(outer.into_iter().flatten())
                    .any(|(subject, bound)| *subject == ty && self.program.lang.is_fn_trait(bound.trait_def))
            }
            _ => false,
        }
    }

    /// Whether a function of the catalogue runs a parameter of this function, without giving it anything.
    fn is_given_callback(&self, analysis: &Analysis<'_>, call: ExprId, function: DefId) -> bool {
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && analysis.receiver(self.program, call).is_some());
        analysis.args(call).iter().skip(shift).enumerate().any(|(index, arg)| {
            let Expr::Local(local) = analysis.expr(*arg) else { return false };
            let is_param = super::guards::param_index(analysis, *local).is_some();
            is_param && self.runs_param(function, index as u32) && self.is_without_params(analysis, *arg)
        })
    }

    /// Whether a callback has no parameters.
    fn is_without_params(&self, analysis: &Analysis<'_>, callback: ExprId) -> bool {
        let ty = self.roles().pointee(analysis.types.ty(callback));
        let is_empty = |bound: &crate::model::Bound| {
            self.program.lang.is_fn_trait(bound.trait_def)
                && matches!(bound.args.first(), Some(Ty::Tuple(params)) if params.is_empty())
        };
        match &ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => bounds.iter().any(is_empty),
            Ty::Param(owner, _) => {
                self.program.own_bounds(*owner).iter().any(|(subject, bound)| *subject == ty && is_empty(bound))
            }
            _ => false,
        }
    }

    /// Whether what is called is a closure that stands in this body.
    fn is_visible(&self, analysis: &Analysis<'_>, callee: ExprId) -> bool {
        match analysis.expr(analysis.peel(callee)) {
            Expr::Closure(_) => true,
            Expr::Local(local) => {
                analysis.initializer(*local).is_some_and(|init| matches!(analysis.expr(init), Expr::Closure(_)))
            }
            _ => false,
        }
    }
}
