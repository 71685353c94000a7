//! Updates that an error cuts in two: a write to a state, a way out with an error, and, on the way that goes on, the
//! write that would have completed the first.

use super::context::{Analysis, Context};
use super::guards::is_error_value;
use super::halves::{Bond, Halves};
use super::place::Place;
use super::writes::{State, Write};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, Parent};
use crate::syntax::ir::{Expr, ExprId, LoopKind};

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
                // An error in a later round: what would complete the first write must stand after the loop.
                if after
                    && (same_round || outside)
                    && let Some(bond) = self.halves.bond(first, last, exit)
                {
                    return Some(Torn { first: *first, exit: *exit, last: *last, bond });
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
