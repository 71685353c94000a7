//! What is taken without a guard and given back by hand: raw locks, forgotten guards, file locks, flags that say "busy",
//! counts that are raised and lowered; and the ways out between the two.
//!
//! Taking and giving back must stand on one flow graph: a lock that one function takes and another gives back is held on
//! purpose. Nothing is reported where a value with a `Drop` that gives it back is alive.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::origins::mentions;
use super::panics::{PanicCause, PanicSite};
use super::place::Place;
use crate::model::flow::{Action, BitSet, EdgeKind, EndKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, DefId, Parent, Ty, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId, Stmt};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What is held.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HoldKind {
    /// A raw lock, or the lock of a file.
    Raw,
    /// A lock whose guard was forgotten.
    Forgotten,
    /// A flag that is set while something is in progress.
    Flag,
    /// A count that is raised while something is in progress.
    Count,
    /// A lock of the crate's own, taken and given back by methods.
    Own,
}

/// A way out that skips giving it back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SkippedExit {
    /// `?`
    Try(ExprId),
    /// `return`, `break`, `continue`
    Jump(ExprId),
    /// A macro that may leave.
    Macro(ExprId),
    /// A callback that may panic.
    Panic(PanicSite),
}

/// Something that is taken and given back by hand, with a way out between.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    /// The body.
    pub body: BodyId,
    /// The call that takes it.
    pub acquire: ExprId,
    /// The call that gives it back.
    pub release: ExprId,
    /// What it is.
    pub kind: HoldKind,
    /// The lock, flag or count.
    pub place: Place,
    /// The way out.
    pub exit: SkippedExit,
}

#[derive(Clone, Copy)]
struct Taking {
    expr: ExprId,
    kind: HoldKind,
    place: Place,
}

/// What functions of the crate's own do to a lock of `self`.
#[derive(Default)]
struct OwnLocks {
    takes: FxHashMap<DefId, Place>,
    gives: FxHashMap<DefId, Place>,
}

impl Context<'_> {
    /// Everything that is taken and given back by hand and is not given back on some way out, in order.
    pub fn skipped_releases(&self) -> Vec<Hold> {
        let names = self.release_names();
        let mut names: Vec<Name> = names.into_iter().collect();
        let own = self.own_locks(&names);
        names.extend(own.gives.keys().map(|def| self.program.item(*def).name));
        names.sort_unstable();
        names.dedup();
        let bodies: Vec<BodyId> = self.bodies_mentioning(&names).map(|body| body.id).collect();
        let found: Vec<Vec<Hold>> = bodies.par_iter().map(|body| self.skipped_in(*body, &own)).collect();
        found.into_iter().flatten().collect()
    }

    /// The names of what gives something back.
    fn release_names(&self) -> Vec<Name> {
        let program = self.program;
        let gives = |effects: Effects<'_>| {
            [word::RELEASES, word::FLAG_STORE, word::LOCK_BY_OP].iter().any(|word| effects.has(*word))
                || effects.with(word::COUNTS, "down")
        };
        let defs = program.defs().filter(|def| !program.is_user(*def) && gives(self.effects(*def)));
        let mut names: Vec<Name> = defs.map(|def| program.item(def).name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The crate's own `lock(&self)` and `unlock(&self)`: a function that takes a raw lock or sets a flag by compare and
    /// exchange and does not give it back, and one that gives it back and does not take it.
    fn own_locks(&self, names: &[Name]) -> OwnLocks {
        let mut own = OwnLocks::default();
        let none = OwnLocks::default();
        let wide: Vec<Name> = names.iter().copied().chain(self.taking_names()).collect();
        for body in self.bodies_mentioning(&wide) {
            let is_small = body.ir.exprs.len() < 60;
            let has_self = body.ir.self_local.is_some();
            if !is_small || !has_self || self.is_drop(body.owner) {
                continue;
            }
            let ret = self.program.signature(body.owner).map(|signature| &signature.ret);
            if !ret.is_some_and(|ret| ret.is_unit() || ret.is_scalar()) {
                continue;
            }
            let analysis = self.analysis(body.id);
            let (takes, gives) = self.ends_of(analysis, FlowRoot::Body, &none);
            let exclusive = |taking: &&Taking| {
                taking.kind == HoldKind::Raw
                    || (taking.kind == HoldKind::Flag && self.is_exchange(analysis, taking.expr))
            };
            match (takes.iter().find(exclusive), gives.first()) {
                (Some(taking), None) => drop(own.takes.insert(body.owner, taking.place)),
                (None, Some(giving)) if takes.is_empty() => drop(own.gives.insert(body.owner, giving.place)),
                _ => {}
            }
        }
        let both = own.takes.values().copied().filter(|place| own.gives.values().any(|other| other == place));
        let both: Vec<Place> = both.filter(|place| matches!(place, Place::Field(_) | Place::Static(_))).collect();
        own.takes.retain(|_, place| both.contains(place));
        own.gives.retain(|_, place| both.contains(place));
        own
    }

    fn taking_names(&self) -> Vec<Name> {
        let program = self.program;
        let takes = |effects: Effects<'_>| effects.with(word::ACQUIRES, "raw") || effects.has(word::COMPARE_EXCHANGE);
        let defs = program.defs().filter(|def| !program.is_user(*def) && takes(self.effects(*def)));
        defs.map(|def| program.item(def).name).collect()
    }

    fn is_exchange(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::COMPARE_EXCHANGE))
    }

    fn skipped_in(&self, body: BodyId, own: &OwnLocks) -> Vec<Hold> {
        let analysis = self.analysis(body);
        let mut roots = vec![FlowRoot::Body];
        for (index, data) in analysis.body.ir.exprs.iter().enumerate() {
            if matches!(data.kind, Expr::Closure(_) | Expr::Async { .. }) {
                roots.push(FlowRoot::Closure(ExprId(index as u32)));
            }
        }
        let mut found = Vec::new();
        for root in roots {
            let (takes, gives) = self.ends_of(analysis, root, own);
            for taking in &takes {
                let gives: Vec<&Taking> =
                    gives.iter().filter(|giving| giving.place == taking.place && giving.expr != taking.expr).collect();
                if gives.is_empty() || !self.is_held_for_others(analysis, taking) {
                    continue;
                }
                let search = Search { cx: self, analysis, flow: self.flow(body, root), root, taking, gives: &gives };
                found.extend(search.skipped());
            }
        }
        found
    }

    /// What a flow takes and gives back by hand.
    fn ends_of(&self, analysis: &Analysis<'_>, root: FlowRoot, own: &OwnLocks) -> (Vec<Taking>, Vec<Taking>) {
        let mut takes = Vec::new();
        let mut gives = Vec::new();
        for index in 0..analysis.body.ir.exprs.len() as u32 {
            let expr = ExprId(index);
            let Some(callee) = analysis.callee(expr) else { continue };
            if self.flow_root(analysis.body.id, expr) != root {
                continue;
            }
            if self.program.is_user(callee) {
                let place = own.takes.get(&callee).map(|place| (true, *place));
                let place = place.or_else(|| own.gives.get(&callee).map(|place| (false, *place)));
                if let Some((is_taking, place)) = place {
                    let end = Taking { expr, kind: HoldKind::Own, place };
                    if is_taking { takes.push(end) } else { gives.push(end) }
                }
                continue;
            }
            let effects = self.effects(callee);
            if let Some((is_taking, kind)) = self.direction(analysis, expr, effects)
                && let Some(place) = self.held_place(analysis, expr, effects)
            {
                let end = Taking { expr, kind, place };
                if is_taking { takes.push(end) } else { gives.push(end) }
            }
        }
        for guard in self.guards().of(analysis.body.id).iter().filter(|guard| guard.root == root) {
            let forgotten = guard.track.ends.iter().find_map(|end| match end.kind {
                EndKind::Forgotten(expr) => Some(expr),
                _ => None,
            });
            if let (Some(expr), Some(place)) = (forgotten, guard.place) {
                takes.push(Taking { expr, kind: HoldKind::Forgotten, place });
            }
        }
        (takes, gives)
    }

    /// Whether a call takes (true) or gives back, and what.
    fn direction(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<(bool, HoldKind)> {
        if effects.with(word::ACQUIRES, "raw") {
            return Some((true, HoldKind::Raw));
        }
        if effects.has(word::RELEASES) {
            return Some((false, HoldKind::Raw));
        }
        if effects.has(word::LOCK_BY_OP) {
            return self.by_op(analysis, call, effects).map(|takes| (takes, HoldKind::Raw));
        }
        if effects.has(word::COUNTS) {
            return Some((effects.with(word::COUNTS, "up"), HoldKind::Count));
        }
        let args = analysis.args(call);
        let literal = |index: usize| match analysis.expr(*args.get(index)?) {
            Expr::Literal(Literal::Bool(value)) => Some(*value),
            _ => None,
        };
        if effects.has(word::COMPARE_EXCHANGE) {
            return Some((literal(1)?, HoldKind::Flag));
        }
        if effects.has(word::FLAG_STORE) || effects.has(word::FLAG_UPDATE) {
            return Some((literal(0)?, HoldKind::Flag));
        }
        None
    }

    /// `flock(fd, LOCK_EX)`: whether the constants say to take.
    fn by_op(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<bool> {
        let index: usize = effects.get(word::LOCK_BY_OP)?.args.get(1)?.parse().ok()?;
        let op = *analysis.args(call).get(index)?;
        let says = |arg: &str| {
            mentions(analysis, op, &mut |part| match analysis.value(part) {
                Some(ValueRef::Const(def)) => self.effects(def).with(word::LOCK_OP, arg),
                _ => false,
            })
        };
        if says("release") {
            return Some(false);
        }
        (says("exclusive") || says("shared")).then_some(true)
    }

    /// The lock, flag or count that a call speaks of.
    fn held_place(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<Place> {
        let words = [word::ACQUIRES, word::RELEASES].iter().filter_map(|word| effects.get(*word));
        let by_arg = words.flat_map(|effect| &effect.args).any(|arg| &**arg == "arg0") || effects.has(word::LOCK_BY_OP);
        let target = if by_arg { *analysis.args(call).first()? } else { analysis.receiver(self.program, call)? };
        // `file.as_raw_fd()`, `self.lock.get()`
        let mut at = analysis.peel(target);
        for _ in 0..4 {
            if let Some(place) = self.place(analysis, at) {
                return Some(place);
            }
            at = match analysis.expr(at) {
                Expr::MethodCall(call) if call.args.is_empty() => analysis.peel(call.receiver),
                Expr::Cast { expr, .. } => analysis.peel(*expr),
                _ => return None,
            };
        }
        None
    }

    /// Whether holding it keeps somebody out: a lock always; a flag that is tested, a count that is read.
    fn is_held_for_others(&self, analysis: &Analysis<'_>, taking: &Taking) -> bool {
        match taking.kind {
            HoldKind::Raw | HoldKind::Forgotten | HoldKind::Own => !self.is_own_file(analysis, taking.place),
            HoldKind::Flag => {
                !matches!(taking.place, Place::Local(..))
                    && (self.result_is_used(analysis, taking.expr) || !self.flag_life(taking.place).loads.is_empty())
            }
            HoldKind::Count => {
                !matches!(taking.place, Place::Local(..)) && !self.flag_life(taking.place).loads.is_empty()
            }
        }
    }

    /// Whether the place is a file that is closed when the function ends.
    fn is_own_file(&self, analysis: &Analysis<'_>, place: Place) -> bool {
        let Place::Local(body, local) = place else { return false };
        if body != analysis.body.id {
            return false;
        }
        let ty = analysis.types.local(local);
        !matches!(ty, Ty::Ref(..) | Ty::Ptr(..) | Ty::Prim(_) | Ty::Unknown)
    }

    fn result_is_used(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let unit = analysis.types.ty(call).is_unit();
        !unit && !matches!(analysis.tree.parent(call), Parent::Stmt(..))
    }

    /// Whether a `Drop` gives a place back, itself or through one more function.
    fn drop_touches(&self, function: DefId, place: Place, depth: u32) -> bool {
        let Some(body) = self.program.body_of(function) else { return false };
        let analysis = self.analysis(body);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let Some(callee) = analysis.callee(expr) else { return false };
            if self.program.is_user(callee) {
                return depth > 0 && self.drop_touches(callee, place, depth - 1);
            }
            let effects = self.effects(callee);
            let gives = self.direction(analysis, expr, effects).is_some_and(|(is_taking, _)| !is_taking);
            gives && self.held_place(analysis, expr, effects) == Some(place)
        })
    }
}

struct Search<'s, 'a> {
    cx: &'s Context<'a>,
    analysis: &'s Analysis<'a>,
    flow: &'s Flow,
    root: FlowRoot,
    taking: &'s Taking,
    gives: &'s [&'s Taking],
}

impl Search<'_, '_> {
    fn skipped(&self) -> Option<Hold> {
        let start = self.flow.node(self.taking.expr)?;
        let releases: Vec<NodeId> = self.gives.iter().filter_map(|giving| self.flow.node(giving.expr)).collect();
        let first = self
            .gives
            .iter()
            .find(|giving| self.flow.node(giving.expr).is_some_and(|node| self.flow.reaches(start, node)))?;
        let held = self.held(start, &releases);
        let tidy = self.tidy_locals();
        let exit = self.jump_out(start, &held, &releases, &tidy).or_else(|| self.panic_out(&held, &tidy))?;
        if self.released_elsewhere() {
            return None;
        }
        Some(Hold {
            body: self.analysis.body.id,
            acquire: self.taking.expr,
            release: first.expr,
            kind: self.taking.kind,
            place: self.taking.place,
            exit,
        })
    }

    /// The nodes that start while it is held.
    fn held(&self, start: NodeId, releases: &[NodeId]) -> BitSet {
        let refused = self.refusals();
        self.flow.reach(start, |from, kind, next| {
            let again = from != start && next == start;
            !releases.contains(&from) && !again && !self.is_refused(from, kind, &refused)
        })
    }

    /// The expressions whose value tells whether it was taken at all: the call, what it is wrapped in, a local with it.
    fn refusals(&self) -> Vec<ExprId> {
        let tree = &self.analysis.tree;
        let mut told = vec![self.taking.expr];
        let mut at = self.taking.expr;
        loop {
            match tree.parent(at) {
                Parent::Receiver(up)
                | Parent::Operand(up)
                | Parent::TryOperand(up)
                | Parent::Logic(up, _)
                | Parent::BlockTail(up) => {
                    told.push(up);
                    at = up;
                }
                Parent::LetOperand(up) | Parent::Scrutinee(up) | Parent::AwaitOperand(up) => {
                    told.push(up);
                    at = up;
                }
                Parent::LetInit(block, index) => {
                    if let Expr::Block(block) = self.analysis.expr(block)
                        && let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize)
                        && let crate::syntax::ir::Pat::Bind { local, .. } = &self.analysis.body.pat(*pat).kind
                    {
                        told.extend(tree.uses(*local).iter().copied());
                        for used in tree.uses(*local) {
                            told.extend(tree.ancestors(*used).take(3));
                        }
                    }
                    return told;
                }
                _ => return told,
            }
        }
    }

    /// Whether an edge is the one on which the lock was not got. Which of two branches that is is not known: the one that
    /// leaves without giving it back is taken for it, so both are allowed only where a release can be reached.
    fn is_refused(&self, from: NodeId, kind: EdgeKind, told: &[ExprId]) -> bool {
        match self.flow.action(from) {
            Action::Eval(expr) => kind == EdgeKind::TryError && told.contains(&expr),
            Action::Branch(expr) if told.contains(&expr) => {
                let next: Vec<NodeId> =
                    self.flow.successors(from).iter().filter(|(own, _)| *own == kind).map(|(_, next)| *next).collect();
                let releases: Vec<NodeId> =
                    self.gives.iter().filter_map(|giving| self.flow.node(giving.expr)).collect();
                !next
                    .iter()
                    .any(|next| releases.iter().any(|release| next == release || self.flow.reaches(*next, *release)))
            }
            _ => false,
        }
    }

    /// The first jump after which it is never given back.
    fn jump_out(&self, start: NodeId, held: &BitSet, releases: &[NodeId], tidy: &[LocalId]) -> Option<SkippedExit> {
        // The nodes from which it can still be given back without being taken again.
        let mut good = BitSet::new(self.flow.len());
        let mut open: Vec<NodeId> = releases.to_vec();
        releases.iter().for_each(|node| good.insert(node.index()));
        while let Some(node) = open.pop() {
            for (_, before) in self.flow.predecessors(node) {
                if *before != start && !good.contains(before.index()) {
                    good.insert(before.index());
                    open.push(*before);
                }
            }
        }
        let refused = self.refusals();
        for index in std::iter::once(start.index()).chain(held.iter()) {
            let node = NodeId(index as u32);
            if releases.contains(&node) || (!good.contains(index) && node != start) {
                continue;
            }
            for (kind, next) in self.flow.successors(node) {
                if good.contains(next.index()) || *next == start || self.is_refused(node, *kind, &refused) {
                    continue;
                }
                if let Some(exit) = self.jump_from(node, *kind, *next)
                    && !self.is_tidied(*next, tidy)
                    && self.returns(*next)
                {
                    return Some(exit);
                }
            }
        }
        None
    }

    /// Whether the function goes on to return from here, rather than diverging or taking it again first.
    fn returns(&self, from: NodeId) -> bool {
        self.flow.exit().is_some_and(|exit| exit == from || self.flow.reaches(from, exit))
    }

    /// The jump that a way starts with; `None` where control just goes on: then it is kept on purpose.
    fn jump_from(&self, node: NodeId, kind: EdgeKind, next: NodeId) -> Option<SkippedExit> {
        let own = match self.flow.action(node) {
            Action::Eval(expr) | Action::Assign(expr) | Action::Branch(expr) => Some(expr),
            _ => None,
        };
        match kind {
            EdgeKind::TryError => return own.map(SkippedExit::Try),
            EdgeKind::MacroExit => return own.map(SkippedExit::Macro),
            EdgeKind::Return | EdgeKind::Break | EdgeKind::Continue => return own.map(SkippedExit::Jump),
            _ => {}
        }
        let mut at = next;
        for _ in 0..64 {
            if let Action::Eval(expr) = self.flow.action(at) {
                if matches!(self.analysis.expr(expr), Expr::Return(_) | Expr::Break { .. } | Expr::Continue { .. }) {
                    return Some(SkippedExit::Jump(expr));
                }
                if let Some(callee) = self.analysis.callee(expr)
                    && self.cx.program.is_user(callee)
                    && self.cx.drop_touches(callee, self.taking.place, 2)
                {
                    return None;
                }
            }
            match self.flow.successors(at) {
                [(kind, _)] if *kind == EdgeKind::Break || *kind == EdgeKind::Return => return None,
                [(_, only)] => at = *only,
                _ => return None,
            }
        }
        None
    }

    /// A callback between, whose panic skips the release.
    fn panic_out(&self, held: &BitSet, tidy: &[LocalId]) -> Option<SkippedExit> {
        if !tidy.is_empty() {
            return None;
        }
        held.iter().find_map(|index| {
            let Action::Eval(expr) = self.flow.action(NodeId(index as u32)) else { return None };
            let site = self.cx.panic_at(self.analysis, expr, None)?;
            (site.cause == PanicCause::Callback).then_some(SkippedExit::Panic(site))
        })
    }

    /// Locals with a `Drop` that gives it back.
    fn tidy_locals(&self) -> Vec<LocalId> {
        let program = self.cx.program;
        (0..self.analysis.body.ir.locals.len() as u32)
            .map(LocalId)
            .filter(|local| {
                let Some(adt) = self.analysis.types.local(*local).peel_refs().adt() else { return false };
                if !program.is_user(adt) {
                    return self.cx.roles().says(self.analysis.types.local(*local), word::SCOPE_GUARD);
                }
                program.drop_function(adt).is_some_and(|drop| self.cx.drop_touches(drop, self.taking.place, 3))
            })
            .collect()
    }

    /// Whether one of the locals that give it back is dropped after this node, rather than called off: workerpool's
    /// `sentinel.cancel()`.
    fn is_tidied(&self, from: NodeId, tidy: &[LocalId]) -> bool {
        let after = self.flow.reach(from, |_, _, _| true);
        tidy.iter().any(|local| {
            let called_off = self.analysis.tree.uses(*local).iter().any(|used| {
                let Parent::Receiver(call) = self.analysis.tree.parent(*used) else { return false };
                self.flow.node(call).is_some_and(|node| after.contains(node.index()))
                    && matches!(
                        self.analysis.callee(call).and_then(|callee| self.cx.program.signature(callee)),
                        Some(signature) if matches!(signature.self_ty, Some(Ty::Adt(..)))
                    )
            });
            !called_off
        })
    }

    /// Whether a closure in the body gives it back too: a scope guard, or a thread that ends the work.
    fn released_elsewhere(&self) -> bool {
        (0..self.analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let Some(callee) = self.analysis.callee(expr) else { return false };
            let effects = self.cx.effects(callee);
            let gives = self.cx.direction(self.analysis, expr, effects).is_some_and(|(is_taking, _)| !is_taking);
            gives
                && self.cx.held_place(self.analysis, expr, effects) == Some(self.taking.place)
                && self.cx.flow_root(self.analysis.body.id, expr) != self.root
        })
    }
}
