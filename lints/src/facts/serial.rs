//! Threads that are joined before the next one starts: a loop or chain of iterators that looks parallel and is not.

use super::bounds::Bound;
use super::context::{Analysis, Context};
use super::effects::word;
use super::spawns::{Spawn, SpawnKind};
use crate::model::{BodyId, Parent, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, Stmt};

/// A spawn whose thread is joined before the next round starts another.
#[derive(Clone, Debug)]
pub struct SerialJoin {
    /// The body.
    pub body: BodyId,
    /// The spawn.
    pub spawn: Spawn,
    /// The join.
    pub join: ExprId,
    /// The loop, or the call of the adaptor whose closure starts the threads.
    pub rounds: ExprId,
    /// How the two belong together.
    pub shape: SerialShape,
}

/// How a spawn and a join become serial.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SerialShape {
    /// Both are in one round.
    OneRound,
    /// The spawns are in a lazy iterator, and whoever asks for the next thread joins the one before first.
    Lazy {
        /// The call whose value is that iterator.
        iterator: ExprId,
        /// The joins are in an adaptor behind it; otherwise in a `for`.
        chained: bool,
        /// Somebody chose how many threads there are: all may be started at once.
        few: bool,
    },
}

impl Context<'_> {
    /// The spawns that are joined one by one, in order.
    pub fn serial_joins(&self) -> Vec<SerialJoin> {
        self.spawns().all.iter().filter_map(|spawn| self.serial_join(spawn)).collect()
    }

    fn serial_join(&self, spawn: &Spawn) -> Option<SerialJoin> {
        let analysis = self.analysis(spawn.body);
        let is_thread = matches!(spawn.kind, SpawnKind::Thread | SpawnKind::Scoped);
        if !is_thread || !self.gives_handle(analysis, spawn.call) || self.has_own_stack(analysis, spawn.call) {
            return None;
        }
        self.serial_in_round(analysis, spawn).or_else(|| self.serial_by_laziness(analysis, spawn))
    }

    fn gives_handle(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        analysis.types.ty(expr).any(&mut |ty| self.roles().says(ty, word::HANDLE))
    }

    /// Whether the thread is there for its stack: `Builder::new().stack_size(..)`.
    fn has_own_stack(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let mut at = call;
        for _ in 0..8 {
            if analysis.callee(at).is_some_and(|callee| self.effects(callee).has(word::STACK_SIZE)) {
                return true;
            }
            match analysis.expr(at) {
                Expr::MethodCall(call) => at = call.receiver,
                Expr::Local(local) => match analysis.initializer(*local) {
                    Some(init) => at = init,
                    None => {
                        return analysis.tree.uses(*local).iter().any(|used| {
                            matches!(analysis.tree.parent(*used), Parent::Receiver(up)
                                if analysis.callee(up).is_some_and(|callee| self.effects(callee).has(word::STACK_SIZE)))
                        });
                    }
                },
                _ => return false,
            }
        }
        false
    }

    // Both in one round.

    fn serial_in_round(&self, analysis: &Analysis<'_>, spawn: &Spawn) -> Option<SerialJoin> {
        let rounds = self.rounds_around(analysis, spawn.call)?;
        let (join, is_own_value) = self.join_behind(analysis, spawn.call)?;
        let same = self.rounds_around(analysis, join) == Some(rounds);
        if !same || !self.is_for_element(analysis, spawn.call, rounds) || !self.comes_again(analysis, join, spawn.call)
        {
            return None;
        }
        if self.needs_round_before(analysis, spawn.call, rounds) {
            return None;
        }
        if !is_own_value && self.works_between(analysis, spawn.call, join) || self.starts_another(spawn, rounds) {
            return None;
        }
        let over_elements = match analysis.expr(rounds) {
            Expr::Loop(data) => match data.kind {
                LoopKind::For { .. } => true,
                LoopKind::While(cond) => matches!(analysis.expr(cond), Expr::Let { .. }),
                LoopKind::Loop => false,
            },
            _ => true,
        };
        let wanted = match self.use_of_result(analysis, join) {
            ResultUse::Unwrapped => true,
            ResultUse::Dropped => over_elements,
            ResultUse::LookedAt => false,
        };
        wanted.then_some(SerialJoin { body: spawn.body, spawn: *spawn, join, rounds, shape: SerialShape::OneRound })
    }

    /// Whether the rounds start other threads, too: this one has company.
    // rtrb's test of drops: one thread pushes, another one pops, and both are joined in the round.
    fn starts_another(&self, spawn: &Spawn, rounds: ExprId) -> bool {
        let analysis = self.analysis(spawn.body);
        let mut others = self.spawns().all.iter().filter(|own| own.body == spawn.body && own.call != spawn.call);
        others.any(|own| analysis.tree.is_inside(own.call, rounds))
    }

    /// The loop around an expression, or the adaptor's call whose closure it stands in; not beyond the closure of a thread.
    fn rounds_around(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<ExprId> {
        let mut at = expr;
        while let Some(up) = analysis.tree.parent(at).expr() {
            match (analysis.expr(up), analysis.tree.parent(at)) {
                (Expr::Loop(_), Parent::LoopBody(_) | Parent::Cond(_)) => return Some(up),
                (Expr::Closure(_), _) => {
                    let Parent::Arg(call, _) = analysis.tree.parent(up) else { return None };
                    if self.runs_per_element(analysis, call) {
                        return Some(call);
                    }
                    let callee = analysis.callee(call)?;
                    if !self.effects(callee).has(word::SCOPE) {
                        return None;
                    }
                }
                (Expr::Async { .. }, _) => return None,
                _ => {}
            }
            at = up;
        }
        None
    }

    /// Whether a call is an iterator's method, which runs its closure for each element.
    pub(super) fn runs_per_element(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let home = analysis.callee(call).and_then(|callee| self.program.def(callee).parent);
        home.is_some() && home == self.program.lang.iterator
    }

    /// The join of what a call gives: directly behind it (true), or of the local that it is bound to and that has no other
    /// use.
    fn join_behind(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<(ExprId, bool)> {
        let mut at = call;
        loop {
            match analysis.tree.parent(at) {
                Parent::Receiver(up) if self.is_join(analysis, up) => return Some((up, true)),
                Parent::Receiver(up) | Parent::TryOperand(up) if self.gives_handle(analysis, up) => at = up,
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return None };
                    let Stmt::Let { pat, .. } = block.stmts.get(index as usize)? else { return None };
                    let local = only_binding(analysis, *pat)?;
                    return Some((self.only_join(analysis, local)?, false));
                }
                _ => return None,
            }
        }
    }

    fn is_join(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::JOINS))
    }

    /// The join of a local's handle, where nothing else is done with it.
    fn only_join(&self, analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
        let [used] = analysis.tree.uses(local) else { return None };
        match analysis.tree.parent(*used) {
            Parent::Receiver(call) if self.is_join(analysis, call) => Some(call),
            Parent::Arg(call, 0) if self.is_join(analysis, call) => Some(call),
            _ => None,
        }
    }

    /// Whether the thread is given something that the round made: it works for the round's element.
    fn is_for_element(&self, analysis: &Analysis<'_>, call: ExprId, rounds: ExprId) -> bool {
        let round = analysis.body.expr(rounds).span;
        let area = analysis.body.expr(call).span;
        (0..=call.0).map(ExprId).any(|expr| match analysis.expr(expr) {
            Expr::Local(local) => {
                let binding = analysis.tree.binding(*local).map(|pat| analysis.body.pat(pat).span);
                area.contains(analysis.body.expr(expr).span)
                    && binding.is_some_and(|binding| round.contains(binding) && !area.contains(binding))
            }
            _ => false,
        })
    }

    /// Whether the thread is given what the rounds before have come to: `sum = thread::spawn(move || sum + x).join()?`.
    fn needs_round_before(&self, analysis: &Analysis<'_>, call: ExprId, rounds: ExprId) -> bool {
        let area = analysis.body.expr(call).span;
        let round = analysis.body.expr(rounds).span;
        let is_set = |local: LocalId| {
            analysis.tree.uses(local).iter().any(|used| {
                let span = analysis.body.expr(*used).span;
                let is_target = matches!(analysis.tree.parent(*used), Parent::AssignTarget(_));
                is_target && round.contains(span) && !area.contains(span)
            })
        };
        (0..=call.0).map(ExprId).any(|expr| match analysis.expr(expr) {
            Expr::Local(local) => {
                let binding = analysis.tree.binding(*local).map(|pat| analysis.body.pat(pat).span);
                let is_older = binding.is_some_and(|binding| !round.contains(binding));
                is_older && area.contains(analysis.body.expr(expr).span) && is_set(*local)
            }
            _ => false,
        })
    }

    /// Whether the code goes round again after the join.
    fn comes_again(&self, analysis: &Analysis<'_>, join: ExprId, spawn: ExprId) -> bool {
        let (from, to) = (self.flow_root(analysis.body.id, join), self.flow_root(analysis.body.id, spawn));
        if from != to {
            return true;
        }
        let flow = self.flow(analysis.body.id, from);
        let nodes = (flow.node_around(&analysis.tree, join), flow.node_around(&analysis.tree, spawn));
        let in_closure = matches!(from, crate::model::flow::FlowRoot::Closure(closure)
            if matches!(analysis.tree.parent(closure), Parent::Arg(call, _) if self.runs_per_element(analysis, call)));
        match nodes {
            (Some(join), Some(spawn)) => in_closure || flow.reaches(join, spawn),
            _ => false,
        }
    }

    /// Whether the round does something of its own while the thread runs.
    fn works_between(&self, analysis: &Analysis<'_>, spawn: ExprId, join: ExprId) -> bool {
        let from = analysis.statement(spawn).end;
        let Some(handle) = analysis.receiver(self.program, join) else { return true };
        let to = analysis.body.expr(handle).span.start;
        analysis.body.ir.exprs.iter().any(|data| {
            data.span.start >= from
                && data.span.end <= to
                && matches!(data.kind, Expr::Call { .. } | Expr::MethodCall(_) | Expr::Macro(_) | Expr::Loop(_))
        })
    }

    /// What is done with the result of a join.
    fn use_of_result(&self, analysis: &Analysis<'_>, join: ExprId) -> ResultUse {
        match analysis.tree.parent(join) {
            Parent::TryOperand(_) => ResultUse::Unwrapped,
            Parent::Receiver(up) => {
                let Some(callee) = analysis.callee(up) else { return ResultUse::LookedAt };
                if self.effects(callee).has(word::UNWRAPS) {
                    return ResultUse::Unwrapped;
                }
                // `.ok()`
                let gives_option = analysis.types.ty(up).adt().is_some_and(|adt| Some(adt) == self.program.lang.option);
                match gives_option && analysis.args(up).is_empty() {
                    true => ResultUse::Dropped,
                    false => ResultUse::LookedAt,
                }
            }
            Parent::Stmt(..) => ResultUse::Dropped,
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return ResultUse::LookedAt };
                match block.stmts.get(index as usize) {
                    Some(Stmt::Let { pat, .. }) if matches!(analysis.body.pat(*pat).kind, Pat::Wild) => {
                        ResultUse::Dropped
                    }
                    _ => ResultUse::LookedAt,
                }
            }
            _ => ResultUse::LookedAt,
        }
    }

    // A lazy iterator of threads.

    fn serial_by_laziness(&self, analysis: &Analysis<'_>, spawn: &Spawn) -> Option<SerialJoin> {
        let made = self.iterator_of(analysis, spawn.call)?;
        let few = analysis
            .receiver(self.program, made)
            .is_some_and(|source| self.bound_of(analysis, source) == Bound::Chosen);
        let mut at = made;
        for _ in 0..8 {
            match analysis.tree.parent(at) {
                Parent::Receiver(up) => {
                    if let Some(join) = analysis.args(up).iter().find_map(|arg| self.joins_its_element(analysis, *arg))
                    {
                        let shape = SerialShape::Lazy { iterator: made, chained: true, few };
                        return Some(SerialJoin { body: spawn.body, spawn: *spawn, join, rounds: made, shape });
                    }
                    if !self.is_lazy(analysis, up) {
                        return self.serial_while(analysis, spawn, made, up, few);
                    }
                    at = up;
                }
                Parent::ForIter(rounds) => return self.serial_for(analysis, spawn, made, rounds, few),
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return None };
                    let Stmt::Let { pat, .. } = block.stmts.get(index as usize)? else { return None };
                    let local = only_binding(analysis, *pat)?;
                    let [used] = analysis.tree.uses(local) else { return None };
                    at = *used;
                }
                _ => return None,
            }
        }
        None
    }

    /// The call of the adaptor that makes a lazy iterator of the threads that a spawn in its closure gives.
    fn iterator_of(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<ExprId> {
        let mut at = call;
        loop {
            match analysis.tree.parent(at) {
                Parent::Receiver(up) | Parent::TryOperand(up) if self.gives_handle(analysis, up) => at = up,
                Parent::BlockTail(up) => at = up,
                Parent::ClosureBody(closure) => {
                    let Parent::Arg(made, _) = analysis.tree.parent(closure) else { return None };
                    let lazy = self.runs_per_element(analysis, made) && self.is_lazy(analysis, made);
                    return (lazy && self.gives_handle(analysis, made)).then_some(made);
                }
                _ => return None,
            }
        }
    }

    fn is_lazy(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        analysis.types.ty(expr).adt().is_some_and(|adt| Some(adt) == self.program.lang.iter)
    }

    /// The join in a closure of the handle that it is given, or the function itself: `.map(JoinHandle::join)`.
    fn joins_its_element(&self, analysis: &Analysis<'_>, arg: ExprId) -> Option<ExprId> {
        if let Some(ValueRef::Function(def)) = analysis.value(arg) {
            return self.effects(def).has(word::JOINS).then_some(arg);
        }
        let Expr::Closure(closure) = analysis.expr(arg) else { return None };
        // `fold(0, |sum, thread| ..)` has the element second.
        closure.params.iter().find_map(|(pat, _)| self.joins_binding(analysis, *pat, closure.body))
    }

    /// The join of a handle that a pattern binds, before anything else is done.
    fn joins_binding(&self, analysis: &Analysis<'_>, pat: PatId, area: ExprId) -> Option<ExprId> {
        let locals = bindings(analysis, pat);
        let handle = locals.into_iter().find(|local| {
            analysis.types.local(*local).peel_refs().any(&mut |ty: &Ty| self.roles().says(ty, word::HANDLE))
        })?;
        let join = self.only_join(analysis, handle)?;
        let start = analysis.body.expr(area).span.start;
        let to = analysis.body.expr(analysis.receiver(self.program, join)?).span.start;
        let works_before = analysis.body.ir.exprs.iter().any(|data| {
            data.span.start >= start
                && data.span.end <= to
                && matches!(data.kind, Expr::Call { .. } | Expr::MethodCall(_) | Expr::Macro(_) | Expr::Loop(_))
        });
        (!works_before).then_some(join)
    }

    /// `while let Some(thread) = threads.next()`
    fn serial_while(
        &self,
        analysis: &Analysis<'_>,
        spawn: &Spawn,
        iterator: ExprId,
        next: ExprId,
        few: bool,
    ) -> Option<SerialJoin> {
        let Parent::LetOperand(test) = analysis.tree.parent(next) else { return None };
        let Parent::Cond(rounds) = analysis.tree.parent(test) else { return None };
        let (Expr::Let { pat, .. }, Expr::Loop(data)) = (analysis.expr(test), analysis.expr(rounds)) else {
            return None;
        };
        if !self.runs_per_element(analysis, next) || !analysis.args(next).is_empty() {
            return None;
        }
        let join = self.joins_binding(analysis, *pat, data.body)?;
        let shape = SerialShape::Lazy { iterator, chained: true, few };
        Some(SerialJoin { body: spawn.body, spawn: *spawn, join, rounds, shape })
    }

    fn serial_for(
        &self,
        analysis: &Analysis<'_>,
        spawn: &Spawn,
        iterator: ExprId,
        rounds: ExprId,
        few: bool,
    ) -> Option<SerialJoin> {
        let Expr::Loop(data) = analysis.expr(rounds) else { return None };
        let LoopKind::For { pat, .. } = data.kind else { return None };
        let join = self.joins_binding(analysis, pat, data.body)?;
        let shape = SerialShape::Lazy { iterator, chained: false, few };
        Some(SerialJoin { body: spawn.body, spawn: *spawn, join, rounds, shape })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ResultUse {
    /// A panic of the thread goes on here.
    Unwrapped,
    /// Nobody looks.
    Dropped,
    /// Somebody looks: the thread may be there to catch a panic.
    LookedAt,
}

/// The local of a plain binding, or of one inside `Ok(..)` or `Some(..)`.
fn only_binding(analysis: &Analysis<'_>, pat: PatId) -> Option<LocalId> {
    match &bindings(analysis, pat)[..] {
        [only] => Some(*only),
        _ => None,
    }
}

fn bindings(analysis: &Analysis<'_>, pat: PatId) -> Vec<LocalId> {
    let mut locals = Vec::new();
    let mut open = vec![pat];
    while let Some(pat) = open.pop() {
        match &analysis.body.pat(pat).kind {
            Pat::Bind { local, sub } => {
                locals.push(*local);
                open.extend(*sub);
            }
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) => open.extend(pats.iter().copied()),
            Pat::Ref(inner) => open.push(*inner),
            _ => {}
        }
    }
    locals
}
