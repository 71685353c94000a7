//! Updates that an error cuts in two: a write to a state, a way out with an error, and, on the way that goes on, the
//! write that would have completed the first.

use super::context::{Analysis, Context};
use super::guards::is_error_value;
use super::halves::{Bond, Halves};
use super::place::Place;
use super::writes::{State, Write, WriteKind};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, Parent, Ty};
use crate::source::Span;
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind};

/// A way out of a function with an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErrorExit {
    /// The `?`, `return` or macro.
    pub expr: ExprId,
    /// Its node.
    pub node: NodeId,
    /// Where the way that goes on parts from it.
    pub fork: NodeId,
}

/// An update that an error cuts in two.
#[derive(Clone, Copy, Debug)]
pub struct Torn {
    /// The write that stays.
    pub first: Write,
    /// The way out.
    pub exit: ErrorExit,
    /// The write that is skipped.
    pub last: Write,
    /// Why the two are one update.
    pub bond: Bond,
    /// The first write can be made after the exit as well: nothing up to there reads what it wrote or uses up what it is
    /// made of.
    pub commutes: bool,
}

impl Context<'_> {
    /// The ways out of a flow with an error, in order.
    pub fn error_exits(&self, body: BodyId, root: FlowRoot) -> Vec<ErrorExit> {
        let analysis = self.analysis(body);
        let flow = self.flow(body, root);
        let mut exits = Vec::new();
        for (node, action) in flow.nodes() {
            let Action::Eval(expr) = action else { continue };
            let leaves = |kind: EdgeKind| flow.successors(node).iter().any(|(own, _)| *own == kind);
            let fork = match analysis.expr(expr) {
                Expr::Try(_) if leaves(EdgeKind::TryError) => Some(node),
                Expr::Macro(_) if leaves(EdgeKind::MacroExit) => Some(node).filter(|_| flow.successors(node).len() > 1),
                Expr::Return(Some(value)) if is_error_value(self, analysis, *value) => fork_before(flow, node),
                _ => None,
            };
            exits.extend(fork.map(|fork| ErrorExit { expr, node, fork }));
        }
        exits
    }

    /// The first update of a state that an error cuts in two, where the state is held at the nodes that are `live`; `lock`
    /// is what protects it, where that is known.
    pub fn torn_update(
        &self,
        body: BodyId,
        root: FlowRoot,
        state: &State,
        lock: Option<Place>,
        live: &dyn Fn(NodeId) -> bool,
    ) -> Option<Torn> {
        let analysis = self.analysis(body);
        let exits = self.error_exits(body, root);
        if exits.is_empty() {
            return None;
        }
        let flow = self.flow(body, root);
        let writes: Vec<(NodeId, Write)> = self
            .writes(analysis, state)
            .into_iter()
            .filter(|write| self.flow_root(body, write.expr) == root)
            .filter_map(|write| Some((flow.node(write.expr).filter(|node| live(*node))?, write)))
            .collect();
        if writes.len() < 2 {
            return None;
        }
        let halves = Halves { cx: self, analysis, flow, state, lock };
        let search = Search { halves, cx: self, analysis, flow, state, live, writes: &writes };
        exits.iter().filter(|exit| live(exit.node)).find_map(|exit| search.around(exit))
    }
}

/// The node from which a way goes on that does not lead to `exit`: the last branch before it.
fn fork_before(flow: &Flow, exit: NodeId) -> Option<NodeId> {
    let mut at = exit;
    for _ in 0..flow.len() {
        let (_, before) = flow.predecessors(at).first()?;
        if flow.successors(*before).len() > 1 {
            return Some(*before);
        }
        at = *before;
    }
    None
}

struct Search<'s, 'a> {
    halves: Halves<'s, 'a>,
    cx: &'s Context<'a>,
    analysis: &'s Analysis<'a>,
    flow: &'s Flow,
    state: &'s State,
    live: &'s dyn Fn(NodeId) -> bool,
    writes: &'s [(NodeId, Write)],
}

impl Search<'_, '_> {
    fn around(&self, exit: &ErrorExit) -> Option<Torn> {
        if self.is_mended(exit) {
            return None;
        }
        let loops = self.loops_around(exit.expr);
        let same_onward = self.onward(exit, &loops);
        let any_onward = self.onward(exit, &[]);
        for (first_node, first) in self.writes {
            if !self.halves.can_be_first(first, exit) {
                continue;
            }
            let common: Vec<ExprId> =
                loops.iter().copied().filter(|own| self.analysis.tree.is_inside(first.expr, *own)).collect();
            let same_round =
                self.reach(*first_node, |target| !self.is_head_of(target, &common)).contains(exit.node.index());
            let any_round = same_round || self.reach(*first_node, |_| true).contains(exit.node.index());
            if !any_round {
                continue;
            }
            if same_round && !self.always_comes_before(first.expr, exit.expr) {
                continue;
            }
            for (last_node, last) in self.writes {
                let outside = common.iter().all(|own| !self.analysis.tree.is_inside(last.expr, *own));
                let onward = if outside { &any_onward } else { &same_onward };
                let after = onward.contains(last_node.index())
                    && last.expr != first.expr
                    && !self.analysis.tree.is_inside(last.expr, exit.expr);
                let fails_itself = || same_round && last.expr != first.expr && self.halves.fails_itself(last, exit);
                // An error in a later round: what would complete the first write must stand after the loop.
                if ((after && (same_round || outside)) || fails_itself())
                    && let Some(bond) = self.halves.bond(first, last, exit)
                    && match bond {
                        Bond::Refilled => after,
                        Bond::Transfer if !after => true,
                        _ => after && self.always_follows(last, exit),
                    }
                    && !self.is_made_anew(*first_node, first, *last_node)
                {
                    let commutes = self.commutes(first, exit, last);
                    return Some(Torn { first: *first, exit: *exit, last: *last, bond, commutes });
                }
            }
        }
        None
    }

    /// Whether a write stands under no condition that the exit does not stand under too. What is done on some ways only, and
    /// the rest all the same, is whole in itself: a file that is opened where none is open yet.
    fn always_comes_before(&self, write: ExprId, exit: ExprId) -> bool {
        let tree = &self.analysis.tree;
        let mut at = write;
        while let Some(up) = tree.parent(at).expr() {
            let is_while = || match self.analysis.expr(up) {
                Expr::Loop(data) => matches!(data.kind, LoopKind::While(_)),
                _ => false,
            };
            let is_branch = match tree.parent(at) {
                Parent::Branch(..) | Parent::ArmBody(..) | Parent::LetElse(..) => true,
                Parent::LoopBody(_) => is_while(),
                _ => false,
            };
            if is_branch && !tree.is_inside(exit, at) {
                return false;
            }
            at = up;
        }
        true
    }

    /// Whether every way on from an exit that was not taken makes a write, other failures aside. What is done on some ways
    /// only completes nothing: quinn puts a packet back only where it could not be sent.
    fn always_follows(&self, last: &Write, exit: &ErrorExit) -> bool {
        let tree = &self.analysis.tree;
        // A loop that fills something may find nothing to fill it with.
        let outermost = self.loops_around(last.expr).into_iter().rfind(|own| !tree.is_inside(exit.expr, *own));
        let head = outermost.and_then(|own| self.flow.loop_of(own)).map(|data| data.head);
        let Some(target) = head.or_else(|| self.flow.node(last.expr)) else { return false };
        let Some(end) = self.flow.exit() else { return true };
        let fails = |node: NodeId| match self.flow.action(node) {
            Action::Eval(expr) => is_error_value(self.cx, self.analysis, expr),
            _ => false,
        };
        let to_exit = self.ways_to(exit);
        let goes_on = |from: NodeId, kind: EdgeKind, next: NodeId| {
            let leaves = matches!(kind, EdgeKind::TryError | EdgeKind::MacroExit);
            !leaves && next != target && !fails(next) && (from != exit.fork || !to_exit.contains(&next))
        };
        !self.flow.reach(exit.fork, goes_on).contains(end.index())
    }

    /// Whether the field of a first write is assigned again on the way to the last: then it was a start, and not a half.
    fn is_made_anew(&self, start: NodeId, first: &Write, last: NodeId) -> bool {
        first.kind == WriteKind::Assign
            && self.writes.iter().any(|(node, write)| {
                write.kind == WriteKind::Assign
                    && write.expr != first.expr
                    && *node != last
                    && self.halves.same_target(first, write)
                    && self.flow.reaches(start, *node)
                    && self.flow.reaches(*node, last)
            })
    }

    /// Whether a write could be moved behind an exit: nothing between the two, nor the exit, reads the state or uses up what
    /// the write is made of.
    fn commutes(&self, first: &Write, exit: &ErrorExit, last: &Write) -> bool {
        let analysis = self.analysis;
        let own = analysis.statement(first.expr);
        let until = analysis.statement(exit.expr).end;
        // The place that the last write assigns is not read.
        let target = match analysis.expr(last.expr) {
            Expr::Assign { target, compound: false, .. } => Some(*target),
            _ => None,
        };
        let made_of: Vec<LocalId> = self.locals_in(|span| own.contains(span)).map(|(_, local)| local).collect();
        let is_lent = |used: ExprId| {
            let by_ref = matches!(analysis.tree.parent(used), Parent::RefOperand(_) | Parent::MacroArg(..));
            by_ref || matches!(analysis.types.ty(used), Ty::Ref(false, _) | Ty::Prim(_))
        };
        own.end <= until
            && self.locals_in(|span| span.start >= own.end && span.end <= until).all(|(used, local)| {
                let is_assigned = target.is_some_and(|target| analysis.tree.is_inside(used, target));
                let is_free = || self.cx.leads_into(analysis, self.state, used).is_none();
                is_assigned || (is_free() && (!made_of.contains(&local) || is_lent(used)))
            })
    }

    /// The locals that are mentioned in some part of the body.
    fn locals_in(&self, wanted: impl Fn(Span) -> bool) -> impl Iterator<Item = (ExprId, LocalId)> {
        let exprs = self.analysis.body.ir.exprs.iter().enumerate();
        exprs.filter_map(move |(at, data)| match data.kind {
            Expr::Local(local) if wanted(data.span) => Some((ExprId(at as u32), local)),
            _ => None,
        })
    }

    /// The nodes that come after an exit that was not taken, in the same round of the loops around it.
    fn onward(&self, exit: &ErrorExit, loops: &[ExprId]) -> BitSet {
        let mut seen = BitSet::new(self.flow.len());
        let to_exit = self.ways_to(exit);
        let mut open: Vec<NodeId> = Vec::new();
        for (kind, next) in self.flow.successors(exit.fork) {
            let leaves = matches!(kind, EdgeKind::TryError | EdgeKind::MacroExit);
            if !leaves && !to_exit.contains(next) && (self.live)(*next) {
                open.push(*next);
                seen.insert(next.index());
            }
        }
        while let Some(node) = open.pop() {
            for (kind, next) in self.flow.successors(node) {
                let back = *kind == EdgeKind::Back && self.is_head_of(*next, loops);
                if !back && (self.live)(*next) && !seen.contains(next.index()) {
                    seen.insert(next.index());
                    open.push(*next);
                }
            }
        }
        seen
    }

    /// The nodes between the fork and a `return`.
    fn ways_to(&self, exit: &ErrorExit) -> Vec<NodeId> {
        let mut way = vec![exit.node];
        let mut at = exit.node;
        while at != exit.fork {
            let Some((_, before)) = self.flow.predecessors(at).first() else { break };
            at = *before;
            if at != exit.fork {
                way.push(at);
            }
        }
        way
    }

    fn reach(&self, from: NodeId, back: impl Fn(NodeId) -> bool) -> BitSet {
        self.flow.reach(from, |_, kind, next| (self.live)(next) && (kind != EdgeKind::Back || back(next)))
    }

    fn is_head_of(&self, node: NodeId, loops: &[ExprId]) -> bool {
        loops.iter().any(|own| self.flow.loop_of(*own).is_some_and(|data| data.head == node))
    }

    fn loops_around(&self, expr: ExprId) -> Vec<ExprId> {
        let around = self.analysis.tree.ancestors(expr);
        around.filter(|expr| matches!(self.analysis.expr(*expr), Expr::Loop(_))).collect()
    }

    /// Whether the state is put right, or given to something that may do so, on the way out.
    fn is_mended(&self, exit: &ErrorExit) -> bool {
        let on_the_way = self.ways_to(exit).into_iter().any(|node| match self.flow.action(node) {
            Action::Eval(expr) | Action::Assign(expr) if node != exit.node => {
                self.cx.may_mend(self.analysis, self.state, expr)
            }
            _ => false,
        });
        on_the_way || self.is_mended_inside(exit.expr)
    }

    /// `.map_err(|error| { guard.reset(); error })?`
    fn is_mended_inside(&self, exit: ExprId) -> bool {
        (0..exit.0).map(ExprId).any(|expr| {
            self.analysis.tree.is_inside(expr, exit)
                && self
                    .analysis
                    .tree
                    .ancestors(expr)
                    .take_while(|around| *around != exit)
                    .any(|around| matches!(self.analysis.expr(around), Expr::Closure(_)))
                && self.cx.may_mend(self.analysis, self.state, expr)
        })
    }
}
