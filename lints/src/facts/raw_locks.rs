//! What is taken without a guard and given back by hand: raw locks, forgotten guards, file locks, flags that say "busy",
//! counts that are raised and lowered; and the ways out between the two.
//!
//! Taking and giving back must stand on one flow graph: a lock that one function takes and another gives back is held on
//! purpose. Nothing is reported where a value with a `Drop` that gives it back is alive.

use super::context::{Analysis, Context};
use super::effects::word;
use super::own_locks::OwnLocks;
use super::panics::{PanicCause, PanicSite};
use super::place::Place;
use super::takings::{End, HoldKind};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, BodyRef, DefId, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal, LocalId, Stmt};
use rayon::prelude::*;

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
    /// The call that takes it, or the flag that is set.
    pub acquire: ExprId,
    /// Where its guard is forgotten.
    pub forgotten: Option<ExprId>,
    /// The call that gives it back.
    pub release: ExprId,
    /// What it is.
    pub kind: HoldKind,
    /// The lock, flag or count.
    pub place: Place,
    /// The way out.
    pub exit: SkippedExit,
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
        let mut bodies: Vec<BodyId> = self.heads_with(&names, false).map(|body| body.id).collect();
        bodies.extend(self.guards().bodies().iter().filter(|body| sets_and_clears(self.program.body(**body))));
        bodies.sort_unstable();
        bodies.dedup();
        let found: Vec<Vec<Hold>> = bodies.par_iter().map(|body| self.skipped_in(*body, &own)).collect();
        found.into_iter().flatten().collect()
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
            let ends = self.ends_of(analysis, root, own);
            for taking in &ends.takes {
                let gives: Vec<&End> = ends.gives.iter().filter(|giving| taking.fits(giving)).collect();
                if gives.is_empty() || !self.is_held_for_others(analysis, taking) {
                    continue;
                }
                let search = Search { cx: self, analysis, flow: self.flow(body, root), root, taking, gives: &gives };
                found.extend(search.skipped(own));
            }
        }
        found
    }

    /// Whether a `Drop` gives a place back, itself or through one more function.
    fn drop_touches(&self, function: DefId, place: Place, depth: u32) -> bool {
        let Some(body) = self.program.body_of(function) else { return false };
        let analysis = self.analysis(body);
        let gives = || self.ends_of(analysis, FlowRoot::Body, &OwnLocks::default()).gives;
        let calls_on = || {
            (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                let callee = analysis.callee(expr).filter(|callee| self.program.is_user(*callee));
                callee.is_some_and(|callee| self.drop_touches(callee, place, depth - 1))
            })
        };
        gives().iter().any(|end| end.place == place) || (depth > 0 && calls_on())
    }
}

/// Whether a body may set something under a guard and clear it again.
fn sets_and_clears(body: BodyRef<'_>) -> bool {
    let mut set = 0;
    for data in &body.ir.exprs {
        set += match &data.kind {
            Expr::Assign { value, .. } => {
                u32::from(matches!(body.expr(*value).kind, Expr::Literal(Literal::Bool(_) | Literal::Int(1))))
            }
            Expr::MethodCall(call) => u32::from(ENTRIES.contains(&call.method)),
            _ => 0,
        };
    }
    set > 1
}

/// A quick look before the types are asked.
const ENTRIES: [Name; 2] = [Name::of("insert"), Name::of("remove")];

struct Search<'s, 'a> {
    cx: &'s Context<'a>,
    analysis: &'s Analysis<'a>,
    flow: &'s Flow,
    root: FlowRoot,
    taking: &'s End,
    gives: &'s [&'s End],
}

impl Search<'_, '_> {
    fn skipped(&self, own: &OwnLocks) -> Option<Hold> {
        let start = self.flow.node(self.taking.expr)?;
        let releases: Vec<NodeId> = self.gives.iter().filter_map(|giving| self.flow.node(giving.expr)).collect();
        let first = self.gives.iter().find(|giving| self.is_same_round(start, giving))?;
        let held = self.held(start, &releases);
        if self.is_kept(start, &releases) {
            return None;
        }
        let tidy = self.tidy_locals();
        let exit = self.jump_out(start, &held, &releases, &tidy).or_else(|| self.panic_out(&held, &tidy))?;
        if self.released_elsewhere(own) {
            return None;
        }
        Some(Hold {
            body: self.analysis.body.id,
            acquire: self.taking.site,
            forgotten: Some(self.taking.expr)
                .filter(|_| matches!(self.taking.kind, HoldKind::Forgotten | HoldKind::Permit)),
            release: first.expr,
            kind: self.taking.kind,
            place: self.named_place(),
            exit,
        })
    }

    /// Whether it is given back in the round of the loops around that takes it: gitui's `input_loop` sets a mark in one round
    /// and clears it in another.
    fn is_same_round(&self, start: NodeId, giving: &End) -> bool {
        let Some(node) = self.flow.node(giving.expr) else { return false };
        let tree = &self.analysis.tree;
        let common: Vec<NodeId> = tree
            .ancestors(self.taking.expr)
            .filter(|around| {
                matches!(self.analysis.expr(*around), Expr::Loop(_)) && tree.is_inside(giving.expr, *around)
            })
            .filter_map(|around| self.flow.loop_of(around).map(|data| data.head))
            .collect();
        let round = self.flow.reach(start, |_, kind, next| kind != EdgeKind::Back || !common.contains(&next));
        round.contains(node.index())
    }

    /// Whether the function can come to its end with it still taken, without leaving early: then it is handed on, and the
    /// ways that give it back are the exceptions. mysql's `_get_conn` counts a connection, and the connection uncounts
    /// itself.
    fn is_kept(&self, start: NodeId, releases: &[NodeId]) -> bool {
        let refused = self.refusals();
        let jumps = |node: NodeId| match self.flow.action(node) {
            Action::Eval(expr) => match self.analysis.expr(expr) {
                Expr::Return(_) | Expr::Continue { .. } => true,
                // A `break` leaves early only where it skips a release in the same loop.
                Expr::Break { target, .. } => target.is_none_or(|target| {
                    self.gives.iter().any(|giving| self.analysis.tree.is_inside(giving.expr, target))
                }),
                _ => false,
            },
            _ => false,
        };
        let fails = |kind: EdgeKind| matches!(kind, EdgeKind::TryError | EdgeKind::MacroExit);
        let onward = self.flow.reach(start, |from, kind, next| {
            let goes_on = !fails(kind) && !jumps(from) && !jumps(next);
            goes_on && !releases.contains(&from) && next != start && !self.is_refused(from, kind, &refused)
        });
        self.flow.exit().is_some_and(|exit| onward.contains(exit.index()))
    }

    /// What a report calls it: a lock of the crate's own goes by the name of the object, the rest by that of the lock.
    fn named_place(&self) -> Place {
        let is_named = |place: &Place| match place {
            Place::Local(body, local) => self.cx.program.body(*body).ir.self_local != Some(*local),
            _ => true,
        };
        let object = self.taking.on.filter(|place| self.taking.kind == HoldKind::Own && is_named(place));
        object.unwrap_or(self.taking.place)
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
                // Without being taken anew: in a later round of a loop it may be got.
                let start = self.flow.node(self.taking.expr);
                !next.iter().any(|next| {
                    let onward = self.flow.reach(*next, |_, _, next| Some(next) != start);
                    releases.iter().any(|release| next == release || onward.contains(release.index()))
                })
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
        // The nodes that come when it was given back, before it is taken again.
        let mut after = BitSet::new(self.flow.len());
        for release in releases {
            let onward = self.flow.reach(*release, |_, _, next| next != start);
            onward.iter().for_each(|index| after.insert(index));
        }
        let refused = self.refusals();
        for index in std::iter::once(start.index()).chain(held.iter()) {
            let node = NodeId(index as u32);
            // While the guard lives nobody sees the flag: that is a torn update.
            if releases.contains(&node) || (!good.contains(index) && node != start) || self.is_unseen(node) {
                continue;
            }
            for (kind, next) in self.flow.successors(node) {
                if good.contains(next.index()) || *next == start || self.is_refused(node, *kind, &refused) {
                    continue;
                }
                // Where the ways that gave it back leave too, the others keep it on purpose: redb counts the bytes of what it
                // puts into a cache, and lowers the count where they do not fit.
                if let Some(exit) = self.jump_from(node, *kind, *next)
                    && !self.node_of(exit).is_some_and(|node| after.contains(node.index()))
                    && !self.is_tidied(*next, tidy)
                    && self.returns(*next)
                {
                    return Some(exit);
                }
            }
        }
        None
    }

    fn node_of(&self, exit: SkippedExit) -> Option<NodeId> {
        match exit {
            SkippedExit::Try(expr) | SkippedExit::Jump(expr) | SkippedExit::Macro(expr) => self.flow.node(expr),
            SkippedExit::Panic(_) => None,
        }
    }

    fn is_unseen(&self, node: NodeId) -> bool {
        let guards = self.cx.guards().of(self.analysis.body.id);
        self.taking.under.and_then(|index| guards.get(index)).is_some_and(|guard| guard.is_live(node))
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
    fn released_elsewhere(&self, own: &OwnLocks) -> bool {
        let exprs = self.analysis.body.ir.exprs.iter().enumerate();
        let closures = exprs.filter(|(_, data)| matches!(data.kind, Expr::Closure(_) | Expr::Async { .. }));
        let others = closures.map(|(index, _)| FlowRoot::Closure(ExprId(index as u32))).chain([FlowRoot::Body]);
        let by_call = |root: FlowRoot| {
            (0..self.analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                let callee = self.analysis.callee(expr).filter(|callee| self.cx.program.is_user(*callee));
                callee.is_some_and(|callee| {
                    self.cx.flow_root(self.analysis.body.id, expr) == root
                        && self.cx.drop_touches(callee, self.taking.place, 1)
                })
            })
        };
        others.filter(|root| *root != self.root).any(|root| {
            let ends = self.cx.ends_of(self.analysis, root, own);
            // `work().map_err(|error| self.failed(error))?`
            ends.gives.iter().any(|giving| self.taking.fits(giving)) || (root != FlowRoot::Body && by_call(root))
        })
    }
}
