//! Threads that are started without a limit: one for each element of something that the input or nobody bounds.
//!
//! From a spawn the search goes outwards, through loops and the closures of iterators, and on to the callers. Where it meets
//! rounds that nobody has chosen the number of, the element of the round is followed inwards again: the thread has to be
//! started for it, and nothing but it may decide whether. A wait on the way, a join, a test of a state of the program's own (a count,
//! a free worker, a permit) is taken for a gate.

use super::bounds::Bound;
use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::exec::StepKind;
use super::place::Place;
use super::spawns::{Spawn, SpawnKind};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, NodeId};
use crate::model::{BodyId, DefId, Parent, PatParent, Ty, ValueRef};
use crate::syntax::ir::{BinaryOp, Expr, ExprId, Literal, LocalId, Loop, LoopKind, Pat, PatId, SelectOp, Stmt};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// How many callers of one function are looked at.
const MAX_CALLERS: usize = 12;
/// How deep in called functions a wait or a source of elements is looked for.
const CALLEE_DEPTH: u32 = 3;

/// A spawn that is repeated without a limit.
#[derive(Clone, Debug)]
pub struct Flood {
    /// The spawn.
    pub spawn: Spawn,
    /// The calls that lead from the rounds to the spawn, the outermost first.
    pub calls: Vec<(BodyId, ExprId)>,
    /// What is repeated.
    pub rounds: Rounds,
}

/// Rounds that nobody has chosen the number of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rounds {
    /// The body that they stand in.
    pub body: BodyId,
    /// The loop, or the call of the iterator's adaptor; the root of a `poll`.
    pub at: ExprId,
    /// What they are over.
    pub over: Over,
}

/// What the rounds of a flood are over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    /// Connections that come in.
    Connections,
    /// Messages of a channel.
    Messages,
    /// What is read from a socket, packet by packet.
    Packets,
    /// The elements of this expression.
    Elements(ExprId),
    /// The polls of a future.
    Polls,
}

/// One step outwards.
enum Around {
    /// Rounds, with the closure that is their body where they are an iterator's.
    Rounds(ExprId, Over, Option<ExprId>),
    /// A closure that these calls of a local run.
    Calls(Vec<ExprId>),
    /// The function's own code.
    Root,
    /// Nothing is known of how often it runs.
    Unknown,
}

impl Context<'_> {
    /// The spawns of OS threads that nothing limits, in order.
    pub fn floods(&self) -> Vec<Flood> {
        let spawns: Vec<&Spawn> = self
            .spawns()
            .all
            .iter()
            .filter(|spawn| matches!(spawn.kind, SpawnKind::Thread | SpawnKind::Scoped))
            .filter(|spawn| !matches!(spawn.entry, Entry::Param(owner, _) if self.is_wrapper(owner)))
            .collect();
        let found: Vec<Option<Flood>> = spawns.par_iter().map(|spawn| self.flood(spawn)).collect();
        found.into_iter().flatten().collect()
    }

    /// Whether the calls of a function are spawns themselves.
    fn is_wrapper(&self, function: DefId) -> bool {
        let calls = |spawn: &Spawn| self.analysis(spawn.body).callee(spawn.call) == Some(function);
        self.spawns().all.iter().any(|spawn| !spawn.direct && calls(spawn))
    }

    fn flood(&self, spawn: &Spawn) -> Option<Flood> {
        let search = Search { cx: self, spawn: *spawn };
        search.outwards(spawn.body, spawn.call, &mut vec![(spawn.body, spawn.call)])
    }
}

struct Search<'c, 'a> {
    cx: &'c Context<'a>,
    spawn: Spawn,
}

impl<'c, 'a> Search<'c, 'a> {
    /// `way` leads from what is looked at inwards to the spawn; it ends with what is looked at.
    fn outwards(&self, body: BodyId, expr: ExprId, way: &mut Vec<(BodyId, ExprId)>) -> Option<Flood> {
        let analysis = self.cx.analysis(body);
        let mut at = expr;
        loop {
            match self.around(analysis, at) {
                Around::Rounds(rounds, over, closure) => {
                    if self.is_unlimited(analysis, rounds, over, closure, way) {
                        let calls =
                            way.iter().rev().copied().filter(|step| *step != (self.spawn.body, self.spawn.call));
                        return Some(Flood {
                            spawn: self.spawn,
                            calls: calls.collect(),
                            rounds: Rounds { body, at: rounds, over },
                        });
                    }
                    at = rounds;
                }
                Around::Calls(calls) => {
                    return calls.into_iter().find_map(|call| {
                        way.push((body, call));
                        let found = self.outwards(body, call, way);
                        way.pop();
                        found
                    });
                }
                Around::Root => return self.through_callers(analysis, way),
                Around::Unknown => return None,
            }
        }
    }

    fn through_callers(&self, analysis: &Analysis<'a>, way: &mut Vec<(BodyId, ExprId)>) -> Option<Flood> {
        let owner = analysis.body.owner;
        if let Some(flood) = self.polled(analysis, way) {
            return Some(flood);
        }
        if way.len() as u32 > self.cx.settings.max_call_depth {
            return None;
        }
        for (body, call) in self.callers(owner) {
            if way.iter().any(|(known, _)| *known == body) {
                continue;
            }
            way.push((body, call));
            let found = self.outwards(body, call, way);
            way.pop();
            if found.is_some() {
                return found;
            }
        }
        self.through_iterators(owner, way)
    }

    /// `listener.incoming().flatten().for_each(serve)`: the function by name is what runs for each element.
    fn through_iterators(&self, owner: DefId, way: &mut Vec<(BodyId, ExprId)>) -> Option<Flood> {
        for body in self.cx.bodies_naming(owner) {
            let analysis = self.cx.analysis(body.id);
            let values = analysis.types.values.iter().filter(|(_, value)| **value == ValueRef::Function(owner));
            let mut values: Vec<ExprId> = values.map(|(expr, _)| *expr).collect();
            values.sort_unstable();
            for value in values {
                let Some(Some((rounds, over))) = self.closure_rounds(analysis, value) else { continue };
                let is_own = matches!(over, Over::Elements(_)) && self.is_service();
                if is_own || way.iter().any(|(body, call)| self.is_kept_in_one_place(*body, *call)) {
                    continue;
                }
                way.push((body.id, value));
                let goes_on = self.goes_on(way, FxHashSet::from_iter([1]));
                let calls: Vec<(BodyId, ExprId)> = way.iter().rev().copied().take(way.len() - 1).collect();
                way.pop();
                if goes_on {
                    let rounds = Rounds { body: body.id, at: rounds, over };
                    return Some(Flood { spawn: self.spawn, calls, rounds });
                }
            }
        }
        None
    }

    /// The calls of a function; of a trait's method too, where it is the only implementation.
    fn callers(&self, owner: DefId) -> Vec<(BodyId, ExprId)> {
        if self.cx.program.declared_by_trait(owner).is_none() {
            let mut calls = self.cx.calls_of(owner);
            calls.truncate(MAX_CALLERS);
            return calls;
        }
        let by_name = self.cx.calls_by_name(self.cx.program.item(owner).name);
        let is_owner = |callee: DefId| {
            callee == owner
                || (self.cx.program.body_of(callee).is_none() && self.cx.program.implementors(callee)[..] == [owner])
        };
        let mut calls: Vec<(BodyId, ExprId)> =
            by_name.iter().filter(|(callee, _)| is_owner(**callee)).flat_map(|(_, calls)| calls).copied().collect();
        calls.sort_unstable();
        calls.truncate(MAX_CALLERS);
        calls
    }

    /// `Future::poll` runs as often as somebody wakes its task. It starts one thread only if it notes that it did.
    fn polled(&self, analysis: &Analysis<'a>, way: &[(BodyId, ExprId)]) -> Option<Flood> {
        let owner = analysis.body.owner;
        let parent = self.cx.program.def(owner).parent?;
        let of = self.cx.program.impl_header(parent)?.trait_ref.as_ref().map(|bound| bound.trait_def)?;
        let is_poll = Some(of) == self.cx.program.lang.future;
        let root = analysis.body.ir.root;
        if !is_poll || way.len() != 1 || self.changes_state(analysis, root, 2) {
            return None;
        }
        Some(Flood {
            spawn: self.spawn,
            calls: Vec::new(),
            rounds: Rounds { body: analysis.body.id, at: root, over: Over::Polls },
        })
    }

    /// Whether the code around the spawn keeps anything: assigns to something, or calls what changes its object.
    fn changes_state(&self, analysis: &Analysis<'a>, root: ExprId, depth: u32) -> bool {
        let home = analysis.tree.enclosing_closure(analysis.body, root);
        self.inside(analysis, root).filter(|expr| analysis.tree.enclosing_closure(analysis.body, *expr) == home).any(
            |expr| match analysis.expr(expr) {
                Expr::Assign { .. } => true,
                Expr::MethodCall(call) => {
                    let Some(callee) = analysis.callee(expr) else { return false };
                    if let Some(body) = self.cx.program.body_of(callee).filter(|_| depth > 0) {
                        let inner = self.cx.analysis(body);
                        return self.changes_state(inner, inner.body.ir.root, depth - 1);
                    }
                    let effects = self.cx.effects(callee);
                    let by_mut = self
                        .cx
                        .program
                        .signature(callee)
                        .is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(true, _))));
                    let made_here = matches!(analysis.expr(call.receiver), Expr::MethodCall(_) | Expr::Call { .. });
                    let writes = [word::PUTS, word::TAKES, word::FLAG_STORE, word::FLAG_UPDATE, word::SWAPS];
                    writes.iter().any(|word| effects.has(*word)) || (by_mut && !made_here)
                }
                _ => false,
            },
        )
    }

    /// The next thing around an expression that runs it more than once, or not in place.
    fn around(&self, analysis: &Analysis<'a>, expr: ExprId) -> Around {
        let mut at = expr;
        while let Some(up) = analysis.tree.parent(at).expr() {
            match analysis.expr(up) {
                Expr::Loop(data) if matches!(analysis.tree.parent(at), Parent::LoopBody(_) | Parent::Cond(_)) => {
                    if let Some(over) = self.rounds_of_loop(analysis, up, data) {
                        return Around::Rounds(up, over, None);
                    }
                }
                // What goes round outside waits for the threads of each round.
                Expr::Closure(_) if self.is_joined_by(analysis, up) => return Around::Unknown,
                Expr::Closure(_) => match self.closure_rounds(analysis, up) {
                    Some(Some((call, over))) => return Around::Rounds(call, over, Some(up)),
                    Some(None) => {}
                    None => {
                        let calls = self.calls_of_closure(analysis, up);
                        return if calls.is_empty() { Around::Unknown } else { Around::Calls(calls) };
                    }
                },
                // A future runs where it is awaited; nothing is known of others.
                Expr::Async { .. } => return Around::Unknown,
                _ => {}
            }
            at = up;
        }
        Around::Root
    }

    /// Whether a closure is the scope that joins the threads of the spawn.
    fn is_joined_by(&self, analysis: &Analysis<'a>, closure: ExprId) -> bool {
        let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return false };
        let is_scope = analysis.callee(call).is_some_and(|callee| self.cx.effects(callee).has(word::SCOPE));
        if !is_scope || self.spawn.kind != SpawnKind::Scoped {
            return false;
        }
        // A scope around this one may be the one that joins.
        let spawning = self.cx.analysis(self.spawn.body);
        let scope =
            spawning.receiver(self.cx.program, self.spawn.call).map(|scope| spawning.expr(spawning.peel(scope)));
        match scope {
            Some(Expr::Local(local)) if self.spawn.body == analysis.body.id => {
                let bound = analysis.tree.binding(*local).map(|pat| analysis.tree.pat_parent(pat));
                matches!(bound, Some(PatParent::ClosureParam(own, _)) if own == closure)
            }
            _ => true,
        }
    }

    /// The calls of the local that a closure is bound to: `let serve = |stream| ..; serve(stream)`.
    fn calls_of_closure(&self, analysis: &Analysis<'a>, closure: ExprId) -> Vec<ExprId> {
        let is_called = |call: &ExprId| match analysis.expr(*call) {
            Expr::Call { callee, .. } => matches!(analysis.expr(*callee), Expr::Local(_)),
            _ => false,
        };
        let runs = self.cx.runs_of(analysis, closure, 1);
        runs.into_iter().filter(is_called).take(MAX_CALLERS).collect()
    }

    /// What a loop runs over, if nobody chose how much that is.
    fn rounds_of_loop(&self, analysis: &Analysis<'a>, expr: ExprId, data: &Loop) -> Option<Over> {
        match data.kind {
            LoopKind::For { iter, .. } => self.rounds_over(analysis, iter),
            LoopKind::Loop | LoopKind::While(_) => {
                self.sources(analysis, expr).first().and_then(|source| self.source(analysis, *source, CALLEE_DEPTH))
            }
        }
    }

    fn rounds_over(&self, analysis: &Analysis<'a>, iter: ExprId) -> Option<Over> {
        match self.cx.bound_of(analysis, iter) {
            Bound::Chosen | Bound::Unknown => None,
            Bound::Input => (!self.is_resource(analysis, iter)).then_some(Over::Elements(iter)),
            Bound::Endless => {
                let mut at = iter;
                loop {
                    let receives =
                        self.cx.roles().says(&self.cx.roles().pointee(analysis.types.ty(at)), word::RECEIVER);
                    let callee = analysis.callee(at);
                    let effects = callee.map(|callee| self.cx.effects(callee));
                    let accepts = effects.is_some_and(|effects| effects.with(word::BLOCKS, "accept"))
                        || self.cx.roles().says(analysis.types.ty(at), word::ENDLESS);
                    if receives || effects.is_some_and(|effects| effects.has(word::RECEIVES)) {
                        return Some(Over::Messages);
                    }
                    if accepts {
                        return Some(Over::Connections);
                    }
                    match analysis.expr(at) {
                        Expr::MethodCall(call) => at = call.receiver,
                        Expr::Ref { expr, .. } => at = *expr,
                        // `for i in 0..`
                        _ => return None,
                    }
                }
            }
        }
    }

    /// Whether the elements are ends of channels, handles and the like: something that was made for each thread before.
    fn is_resource(&self, analysis: &Analysis<'a>, iter: ExprId) -> bool {
        let roles = self.cx.roles();
        let ty = analysis.types.ty(iter);
        let mut wanted = |ty: &Ty| {
            let ty = roles.pointee(ty);
            [word::RECEIVER, word::SENDER, word::HANDLE, word::BARRIER].iter().any(|word| roles.says(&ty, *word))
        };
        let elements = ty.peel_refs().map(&mut |part| match part {
            Ty::Ref(..) => Some(part.peel_refs().clone()),
            _ => None,
        });
        roles.owns(&elements, &mut wanted, true, 5)
    }

    /// What a closure is handed to: `Some(Some(..))` where it runs for every element of something, `Some(None)` where it runs
    /// at most once in place.
    fn closure_rounds(&self, analysis: &Analysis<'a>, closure: ExprId) -> Option<Option<(ExprId, Over)>> {
        let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
        let callee = analysis.callee(call).filter(|callee| !self.cx.program.is_user(*callee))?;
        let effects = self.cx.effects(callee);
        if [word::SPAWNS, word::STORES].iter().any(|word| effects.has(*word)) {
            return None;
        }
        let once = effects.has(word::SCOPE) || effects.has(word::RUNS);
        let Some(receiver) = analysis.receiver(self.cx.program, call) else { return once.then_some(None) };
        let ty = analysis.types.ty(receiver);
        let lang = &self.cx.program.lang;
        if once || (ty.adt().is_some() && (ty.adt() == lang.option || ty.adt() == lang.result)) {
            return Some(None);
        }
        if ty.adt().is_none() || ty.adt() != lang.iter {
            let endless = self.cx.roles().says(ty, word::ENDLESS);
            if !endless && self.cx.bound_of(analysis, receiver) == Bound::Unknown {
                return None;
            }
        }
        // `paths.iter().map(spawn).take(4)`, `paths.iter().map(spawn).map(join)`
        let is_lazy = |expr: ExprId| analysis.types.ty(expr).adt().is_some_and(|adt| Some(adt) == lang.iter);
        let mut last = call;
        while let (true, Parent::Receiver(up)) = (is_lazy(last), analysis.tree.parent(last)) {
            if analysis
                .args(up)
                .iter()
                .any(|arg| self.inside(analysis, *arg).any(|expr| self.is_wait(analysis, expr, 1)))
            {
                return None;
            }
            if is_lazy(up) && self.cx.bound_of(analysis, up) == Bound::Chosen {
                return Some(None);
            }
            last = up;
        }
        if is_lazy(last) {
            // Somebody asks for one after the other, and may join between.
            return None;
        }
        Some(self.rounds_over(analysis, receiver).map(|over| (call, over)))
    }

    /// The calls in a loop that give it its elements: they wait for a connection, a message, input.
    fn sources(&self, analysis: &Analysis<'a>, rounds: ExprId) -> Vec<ExprId> {
        let home = analysis.tree.enclosing_closure(analysis.body, rounds);
        self.inside(analysis, rounds)
            .filter(|expr| {
                matches!(analysis.expr(*expr), Expr::Call { .. } | Expr::MethodCall(_))
                    || matches!(analysis.tree.parent(*expr), Parent::SelectOperand(..))
            })
            .filter(|expr| analysis.tree.enclosing_closure(analysis.body, *expr) == home)
            .filter(|expr| self.source(analysis, *expr, CALLEE_DEPTH).is_some())
            .collect()
    }

    /// What a call waits for, if it gives what comes.
    fn source(&self, analysis: &Analysis<'a>, call: ExprId, depth: u32) -> Option<Over> {
        // `recv(jobs) -> job`
        if let Parent::SelectOperand(..) = analysis.tree.parent(call)
            && self.cx.roles().says(&self.cx.roles().pointee(analysis.types.ty(call)), word::RECEIVER)
        {
            return Some(Over::Messages);
        }
        let callee = analysis.callee(call)?;
        if !self.cx.program.is_user(callee) {
            let effects = self.cx.effects(callee);
            if effects.with(word::BLOCKS, "accept") {
                return Some(Over::Connections);
            }
            if effects.has(word::RECEIVES) && !effects.has(word::EACH_STEP) {
                return Some(Over::Messages);
            }
            let reads = effects.with(word::BLOCKS, "net") && !effects.has(word::CONNECTS);
            let fills = self
                .cx
                .program
                .signature(callee)
                .is_some_and(|signature| signature.params.iter().any(|ty| matches!(ty, Ty::Ref(true, _))));
            return (reads && fills).then_some(Over::Packets);
        }
        if depth == 0 || analysis.types.ty(call).is_unit() {
            return None;
        }
        let body = self.cx.program.body_of(callee)?;
        let inner = self.cx.analysis(body);
        let root = inner.body.ir.root;
        self.inside(inner, root)
            .filter(|expr| inner.tree.enclosing_closure(inner.body, *expr).is_none())
            .find_map(|expr| self.source(inner, expr, depth - 1))
    }

    /// The expressions inside one, itself included.
    fn inside<'n>(&self, analysis: &'n Analysis<'a>, outer: ExprId) -> impl Iterator<Item = ExprId> + 'n {
        let area = analysis.body.expr(outer).span;
        (0..=outer.0).map(ExprId).filter(move |expr| area.contains(analysis.body.expr(*expr).span))
    }

    // Whether the rounds start a thread each.

    fn is_unlimited(
        &self,
        analysis: &Analysis<'a>,
        rounds: ExprId,
        over: Over,
        closure: Option<ExprId>,
        way: &[(BodyId, ExprId)],
    ) -> bool {
        let Some((_, call)) = way.last().copied() else { return false };
        if matches!(over, Over::Elements(_)) && self.is_service() {
            return false;
        }
        if way.iter().any(|(body, call)| self.is_kept_in_one_place(*body, *call)) {
            return false;
        }
        let mut items = Items { search: self, analysis, locals: FxHashSet::default(), sources: Vec::new() };
        match analysis.expr(closure.unwrap_or(rounds)) {
            Expr::Closure(data) => data.params.iter().for_each(|(pat, _)| items.bind(*pat)),
            Expr::Loop(data) => match data.kind {
                LoopKind::For { pat, .. } => items.bind(pat),
                _ => items.come_from(self.sources(analysis, rounds)),
            },
            _ => {}
        }
        let area = closure.unwrap_or(rounds);
        items.spread(area);
        let is_service_loop = matches!(over, Over::Connections | Over::Messages);
        let is_for_it = items.reach(call) || (over == Over::Connections && way.len() == 1 && self.takes_nothing());
        if !is_for_it || self.waits(analysis, area, call, &items.sources, is_service_loop.then_some(rounds)) {
            return false;
        }
        let is_loop = closure.is_none();
        if self.is_gated(analysis, call, is_loop.then_some(rounds), &items) {
            return false;
        }
        self.goes_on(way, items.given(call))
    }

    /// Whether the thread runs a function that is given nothing: `thread::spawn(serve)` for each connection finds what to work
    /// on by itself.
    fn takes_nothing(&self) -> bool {
        match self.spawn.entry {
            Entry::Function(def) => {
                self.cx.program.signature(def).is_some_and(|signature| signature.params.is_empty())
                    && self.cx.program.function(def).is_some_and(|function| function.self_param.is_none())
            }
            _ => false,
        }
    }

    /// Follows the element through the calls that lead to the spawn. `given` says which parameters of the function that the
    /// outermost call runs carry it (0 is `self`).
    fn goes_on(&self, way: &[(BodyId, ExprId)], given: FxHashSet<u32>) -> bool {
        let mut given = given;
        let steps = way.iter().rev();
        for ((outer_body, outer), (body, call)) in steps.clone().zip(steps.skip(1)) {
            let analysis = self.cx.analysis(*body);
            let mut items = Items { search: self, analysis, locals: FxHashSet::default(), sources: Vec::new() };
            let runs_here = |closure: &ExprId| {
                outer_body == body
                    && matches!(analysis.expr(*closure), Expr::Closure(_))
                    && self.calls_of_closure(analysis, *closure).contains(outer)
            };
            let closure = analysis.tree.ancestors(*call).find(runs_here);
            let mut bind = |index: usize, pat: PatId| {
                if given.contains(&(index as u32 + 1)) {
                    items.bind(pat);
                }
            };
            let root = match closure.map(|closure| (closure, analysis.expr(closure))) {
                Some((root, Expr::Closure(data))) => {
                    data.params.iter().enumerate().for_each(|(index, (pat, _))| bind(index, *pat));
                    root
                }
                _ => {
                    analysis.body.ir.params.iter().enumerate().for_each(|(index, pat)| bind(index, *pat));
                    if given.contains(&0) {
                        items.locals.extend(analysis.body.ir.self_local);
                    }
                    analysis.body.ir.root
                }
            };
            items.spread(root);
            let area = analysis.tree.enclosing_closure(analysis.body, *call).unwrap_or(analysis.body.ir.root);
            if !items.reach(*call) || self.waits(analysis, root, *call, &[], None) || area != root {
                return false;
            }
            if self.is_gated(analysis, *call, None, &items) {
                return false;
            }
            given = items.given(*call);
        }
        true
    }

    /// Whether the thread works until it is told to stop: it was not started for the element's sake.
    fn is_service(&self) -> bool {
        let threads = self.cx.threads();
        let here = (self.spawn.body, self.spawn.call);
        let Some(thread) = threads.iter().find(|thread| (thread.spawn.body, thread.spawn.call) == here) else {
            return true;
        };
        thread.execution.gave_up
            || thread.execution.loops.iter().any(|(_, facts)| {
                facts.exits.is_empty()
                    || facts.steps.iter().any(|step| {
                        matches!(
                            step.kind,
                            StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry | StepKind::Load
                        )
                    })
            })
    }

    /// Whether the handle, or the object that a call on the way gives, is put where only one has room:
    /// `self.worker = Some(spawn(..))`. The next one takes its place.
    // serenity's voice `runner` has one `Connection`, which ends its threads when it is dropped.
    fn is_kept_in_one_place(&self, body: BodyId, call: ExprId) -> bool {
        let analysis = self.cx.analysis(body);
        let is_spawn = (body, call) == (self.spawn.body, self.spawn.call);
        if !is_spawn && !self.gives_object(analysis.types.ty(call)) {
            return false;
        }
        let mut open = vec![call];
        for _ in 0..16 {
            let Some(at) = open.pop() else { break };
            match analysis.tree.parent(at) {
                Parent::AssignValue(_) => return true,
                Parent::TryOperand(up) | Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) => {
                    open.push(up);
                }
                Parent::Scrutinee(up) if !is_spawn => open.push(up),
                Parent::Receiver(up) if self.cx.roles().carries_handle(analysis.types.ty(up)) => open.push(up),
                Parent::Arg(up, _) => {
                    let by_constructor = matches!(analysis.expr(up), Expr::Call { callee, .. }
                        if matches!(analysis.value(*callee), Some(ValueRef::Constructor(..))));
                    let on_option = analysis.receiver(self.cx.program, up).is_some_and(|receiver| {
                        let ty = analysis.types.ty(receiver).peel_refs();
                        ty.adt().is_some() && ty.adt() == self.cx.program.lang.option
                    });
                    if on_option {
                        return true;
                    }
                    if by_constructor {
                        open.push(up);
                    }
                }
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { continue };
                    if let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize)
                        && let Pat::Bind { local, .. } = analysis.body.pat(*pat).kind
                    {
                        open.extend(analysis.tree.uses(local).iter().copied());
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether a value is an object of the user's, or a `Result` or `Option` of one.
    fn gives_object(&self, ty: &Ty) -> bool {
        let lang = &self.cx.program.lang;
        match ty {
            Ty::Adt(def, args) if Some(*def) == lang.result || Some(*def) == lang.option => {
                args.first().is_some_and(|inner| self.gives_object(inner))
            }
            Ty::Adt(def, _) => self.cx.program.is_user(*def),
            _ => false,
        }
    }

    /// Whether something in the code waits for others before the next round: joins, a permit, a condition variable.
    fn waits(
        &self,
        analysis: &Analysis<'a>,
        area: ExprId,
        call: ExprId,
        sources: &[ExprId],
        rounds: Option<ExprId>,
    ) -> bool {
        let flow = self.cx.flow(analysis.body.id, self.cx.flow_root(analysis.body.id, area));
        let head = rounds.and_then(|rounds| flow.loop_of(rounds)).map(|data| data.head);
        // `Stop => { workers.into_iter().for_each(join); break; }` is for the last round alone.
        let is_last = |expr: ExprId| match (head, flow.node_around(&analysis.tree, expr)) {
            (Some(head), Some(node)) => !flow.reaches(node, head),
            _ => false,
        };
        let home = self.home_of(analysis, area);
        let over = match analysis.expr(area) {
            Expr::Loop(data) => match data.kind {
                LoopKind::For { iter, .. } => Some(iter),
                _ => None,
            },
            _ => None,
        };
        self.inside(analysis, area)
            .filter(|expr| !over.is_some_and(|over| analysis.tree.is_inside(*expr, over)))
            .filter(|expr| matches!(analysis.expr(*expr), Expr::Call { .. } | Expr::MethodCall(_)))
            .filter(|expr| *expr != call && !sources.contains(expr))
            .filter(|expr| !analysis.tree.is_inside(*expr, call))
            .filter(|expr| analysis.tree.enclosing_closure(analysis.body, *expr) == home)
            .any(|expr| self.is_wait(analysis, expr, CALLEE_DEPTH) && !is_last(expr))
    }

    fn home_of(&self, analysis: &Analysis<'a>, area: ExprId) -> Option<ExprId> {
        match analysis.expr(area) {
            Expr::Closure(_) => Some(area),
            _ => analysis.tree.enclosing_closure(analysis.body, area),
        }
    }

    fn is_wait(&self, analysis: &Analysis<'a>, call: ExprId, depth: u32) -> bool {
        let Some(callee) = analysis.callee(call) else { return false };
        if !self.cx.program.is_user(callee) {
            let effects = self.cx.effects(callee);
            let waits =
                [word::WAITS, word::JOINS, word::COMPLETES, word::RECEIVES].iter().any(|word| effects.has(*word));
            let parks = effects.with(word::BLOCKS, "park") || effects.with(word::BLOCKS, "barrier");
            let finished = effects.has(word::OBSERVES) && *analysis.types.ty(call) == Ty::BOOL;
            let permit = effects.has(word::ACQUIRES)
                && analysis.receiver(self.cx.program, call).is_some_and(|receiver| {
                    let lock = self.cx.roles().pointee(analysis.types.ty(receiver));
                    super::effects::type_effects(self.cx.program, &lock).with(word::LOCK, "semaphore")
                });
            return waits || parks || finished || permit;
        }
        if depth == 0 {
            return false;
        }
        let Some(body) = self.cx.program.body_of(callee) else { return false };
        let inner = self.cx.analysis(body);
        self.inside(inner, inner.body.ir.root)
            .filter(|expr| inner.tree.enclosing_closure(inner.body, *expr).is_none())
            .any(|expr| self.is_wait(inner, expr, depth - 1))
    }

    /// Whether something that is not the element decides that a round goes by without the call.
    fn is_gated(
        &self,
        analysis: &Analysis<'a>,
        call: ExprId,
        rounds: Option<ExprId>,
        items: &Items<'_, 'c, 'a>,
    ) -> bool {
        let root = self.cx.flow_root(analysis.body.id, call);
        let flow = self.cx.flow(analysis.body.id, root);
        let Some(node) = flow.node_around(&analysis.tree, call) else { return true };
        let (begin, end) = match rounds.and_then(|rounds| flow.loop_of(rounds)) {
            Some(data) => (data.head, Some(data.head)),
            None => (flow.entry(), flow.exit()),
        };
        let Some(end) = end else { return false };
        // `thread::spawn(..); break;`
        if rounds.is_some() && !flow.reaches(node, end) {
            return true;
        }
        let before = leading_to(flow, node, begin);
        flow.nodes().filter(|(at, _)| before.contains(at.index())).any(|(at, action)| {
            let Action::Branch(tested) = action else { return false };
            let asks_next = matches!(analysis.expr(tested), Expr::Loop(_));
            if asks_next || items.reach(tested) || self.is_idle_test(analysis, tested) {
                return false;
            }
            flow.successors(at).iter().any(|(kind, next)| {
                let past = !before.contains(next.index()) && *next != node;
                past && *kind != EdgeKind::TryError && (*next == end || reaches_past(flow, *next, end, node))
            })
        })
    }

    /// `waiting.load(..) == 0`, where only the workers count themselves, and only while they have nothing to do: a new
    /// thread for every job that finds them all at work is no limit.
    fn is_idle_test(&self, analysis: &Analysis<'a>, tested: ExprId) -> bool {
        let Expr::Binary { op: BinaryOp::Compare, lhs, rhs } = analysis.expr(tested) else { return false };
        let zero = |expr: ExprId| matches!(analysis.expr(expr), Expr::Literal(Literal::Int(0)));
        let count = match (zero(*lhs), zero(*rhs)) {
            (false, true) => *lhs,
            (true, false) => *rhs,
            _ => return false,
        };
        let load = analysis.peel(count);
        let loads = analysis.callee(load).is_some_and(|callee| self.cx.effects(callee).has(word::FLAG_LOAD));
        let receiver = analysis.receiver(self.cx.program, load).filter(|_| loads);
        let Some(Place::Field(field)) = receiver.and_then(|receiver| self.cx.place(analysis, receiver)) else {
            return false;
        };
        let Some((body, code)) = self.spawn.entry.code(self.cx) else { return false };
        let working = self.cx.analysis(body);
        let mut mentions = self
            .inside(working, code)
            .filter(|expr| working.types.fields.get(expr).is_some_and(|(own, _)| *own == field))
            .peekable();
        mentions.peek().is_some()
            && mentions.all(|expr| {
                working
                    .tree
                    .ancestors(expr)
                    .take_while(|up| *up != code)
                    .any(|up| matches!(working.expr(up), Expr::Loop(_)))
            })
    }
}

/// The nodes from which a node can be reached, up to where the round begins.
fn leading_to(flow: &Flow, node: NodeId, begin: NodeId) -> BitSet {
    let mut seen = BitSet::new(flow.len());
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if at == begin && at != node {
            continue;
        }
        for (_, before) in flow.predecessors(at) {
            if !seen.contains(before.index()) {
                seen.insert(before.index());
                open.push(*before);
            }
        }
    }
    seen
}

/// Whether there is a way to the end of the round that goes past a node.
fn reaches_past(flow: &Flow, from: NodeId, end: NodeId, past: NodeId) -> bool {
    flow.reach(from, |_, _, next| next != past).contains(end.index())
}

/// What carries the element of a round.
struct Items<'s, 'c, 'a> {
    search: &'s Search<'c, 'a>,
    analysis: &'s Analysis<'a>,
    locals: FxHashSet<LocalId>,
    sources: Vec<ExprId>,
}

impl Items<'_, '_, '_> {
    fn bind(&mut self, pat: PatId) {
        let mut open = vec![pat];
        while let Some(pat) = open.pop() {
            match &self.analysis.body.pat(pat).kind {
                Pat::Bind { local, sub } => {
                    self.locals.insert(*local);
                    open.extend(*sub);
                }
                Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                    open.extend(pats.iter().copied());
                }
                Pat::Struct { fields, .. } => open.extend(fields.iter().map(|(_, pat)| *pat)),
                Pat::Ref(inner) => open.push(*inner),
                Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
            }
        }
    }

    /// The elements are what these calls give, and what they write.
    fn come_from(&mut self, sources: Vec<ExprId>) {
        for source in &sources {
            for arg in self.analysis.args(*source) {
                if let Expr::Ref { mutable: true, expr } = self.analysis.expr(*arg)
                    && let Expr::Local(local) = self.analysis.expr(*expr)
                {
                    self.locals.insert(*local);
                }
            }
        }
        self.sources = sources;
    }

    /// Follows the element through the bindings of a piece of code.
    fn spread(&mut self, area: ExprId) {
        for _ in 0..4 {
            let before = self.locals.len();
            let inside: Vec<ExprId> = self.search.inside(self.analysis, area).collect();
            for expr in inside {
                self.spread_at(expr);
            }
            if self.locals.len() == before {
                break;
            }
        }
    }

    fn spread_at(&mut self, expr: ExprId) {
        let analysis = self.analysis;
        match analysis.expr(expr) {
            Expr::Block(block) => {
                for stmt in &block.stmts {
                    if let Stmt::Let { pat, init: Some(init), .. } = stmt
                        && self.reach(*init)
                    {
                        self.bind(*pat);
                    }
                }
            }
            Expr::Let { pat, expr } if self.reach(*expr) => self.bind(*pat),
            Expr::Select(arms) => {
                for arm in arms {
                    let operand = match arm.op {
                        SelectOp::Recv(operand) | SelectOp::Future(operand) => Some(operand),
                        _ => None,
                    };
                    if let Some(pat) = arm.pat
                        && operand.is_some_and(|operand| self.reach(operand))
                    {
                        self.bind(pat);
                    }
                }
            }
            Expr::Match { scrutinee, arms } if self.reach(*scrutinee) => {
                arms.iter().for_each(|arm| self.bind(arm.pat));
            }
            Expr::Loop(data) => {
                if let LoopKind::For { pat, iter } = data.kind
                    && self.reach(iter)
                {
                    self.bind(pat);
                }
            }
            Expr::MethodCall(call) if self.reach(call.receiver) => {
                for arg in &call.args {
                    if let Expr::Closure(closure) = analysis.expr(*arg) {
                        closure.params.iter().for_each(|(pat, _)| self.bind(*pat));
                    }
                }
            }
            Expr::Assign { target, value, .. } => {
                if let Expr::Local(local) = analysis.expr(*target)
                    && self.reach(*value)
                {
                    self.locals.insert(*local);
                }
            }
            _ => {}
        }
    }

    /// Whether an expression mentions the element, or is where it comes from.
    fn reach(&self, expr: ExprId) -> bool {
        self.search.inside(self.analysis, expr).any(|inner| {
            self.sources.contains(&inner)
                || matches!(self.analysis.expr(inner), Expr::Local(local) if self.locals.contains(local))
        })
    }

    /// Which parameters of the function that a call runs are given the element; 0 is `self`.
    fn given(&self, call: ExprId) -> FxHashSet<u32> {
        let analysis = self.analysis;
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let has_self = analysis.receiver(self.search.cx.program, call).is_some();
        let mut given = FxHashSet::default();
        if let Some(receiver) = analysis.receiver(self.search.cx.program, call)
            && self.reach(receiver)
        {
            given.insert(0);
        }
        let shift = usize::from(by_path && has_self);
        for (index, arg) in analysis.args(call).iter().enumerate().skip(shift) {
            if self.reach(*arg) {
                given.insert((index - shift) as u32 + 1);
            }
        }
        given
    }
}
