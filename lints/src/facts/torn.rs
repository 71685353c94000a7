//! Updates that an error cuts in two: a write to a state, a way out with an error, and, on the way that goes on, the
//! write that would have completed the first.

use super::context::{Analysis, Context};
use super::guards::is_error_value;
use super::origins::sources;
use super::writes::{State, Write, WriteKind};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, PatId, Stmt};

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

    /// The first update of a state that an error cuts in two, where the state is held at the nodes that are `live`.
    pub fn torn_update(
        &self,
        body: BodyId,
        root: FlowRoot,
        state: &State,
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
        let search = Search { cx: self, analysis, flow, state, live, writes: &writes };
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
            if !self.can_be_first(first, exit) {
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
                if after && (same_round || outside) && self.belong_together(first, last) {
                    return Some(Torn { first: *first, exit: *exit, last: *last });
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

    /// Whether a write may be the first half: not a counter or a scratch buffer, and not what the exit is the test of.
    fn can_be_first(&self, write: &Write, exit: &ErrorExit) -> bool {
        if matches!(write.kind, WriteKind::Count | WriteKind::Clear) {
            return false;
        }
        // A reference to what was there or was just made: `get_or_insert_with`.
        if super::writes::holds_reference(self.analysis.types.ty(write.expr)) {
            return false;
        }
        let tree = &self.analysis.tree;
        let outcome_is_known = matches!(write.kind, WriteKind::Call(_)) && self.is_tested_around(write.expr, exit.expr);
        !tree.is_inside(write.expr, exit.expr) && !self.decides(write.expr, exit) && !outcome_is_known
    }

    /// Whether an exit stands where a test of what a call gave has led: `match device.set(mode) { Err(_) => .. }`.
    fn is_tested_around(&self, call: ExprId, exit: ExprId) -> bool {
        let tree = &self.analysis.tree;
        tree.ancestors(exit).any(|around| {
            let tested = match self.analysis.expr(around) {
                Expr::Match { scrutinee, .. } => *scrutinee,
                Expr::If { cond, .. } => *cond,
                _ => return false,
            };
            tree.is_inside(call, tested) && !tree.is_inside(exit, tested)
        })
    }

    /// Whether the result of a write decides whether the exit is taken: `if map.remove(key).is_none() { return Err(..) }`.
    fn decides(&self, write: ExprId, exit: &ErrorExit) -> bool {
        let tree = &self.analysis.tree;
        let Action::Branch(fork) = self.flow.action(exit.fork) else {
            return self.feeds(write, exit.expr);
        };
        let tested = match self.analysis.expr(fork) {
            Expr::Match { scrutinee, .. } => *scrutinee,
            _ => fork,
        };
        tree.is_inside(write, tested) || self.feeds(write, tested)
    }

    /// Whether a local that the result of `write` went into is mentioned in `inside`.
    fn feeds(&self, write: ExprId, inside: ExprId) -> bool {
        let tree = &self.analysis.tree;
        self.locals_of_result(write)
            .into_iter()
            .any(|local| tree.uses(local).iter().any(|used| tree.is_inside(*used, inside)))
    }

    /// The locals that the result of a write is bound to: `let old = map.insert(..)`, `if let Some(job) = jobs.pop()`.
    fn locals_of_result(&self, write: ExprId) -> Vec<LocalId> {
        let tree = &self.analysis.tree;
        let mut at = write;
        let pats: Vec<PatId> = loop {
            match tree.parent(at) {
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = self.analysis.expr(block) else { return Vec::new() };
                    match block.stmts.get(index as usize) {
                        Some(Stmt::Let { pat, .. }) => break vec![*pat],
                        _ => return Vec::new(),
                    }
                }
                Parent::LetOperand(id) => match self.analysis.expr(id) {
                    Expr::Let { pat, .. } => break vec![*pat],
                    _ => return Vec::new(),
                },
                Parent::Scrutinee(id) => match self.analysis.expr(id) {
                    Expr::Match { arms, .. } => break arms.iter().map(|arm| arm.pat).collect(),
                    _ => return Vec::new(),
                },
                Parent::ForIter(id) => match self.analysis.expr(id) {
                    Expr::Loop(data) => match data.kind {
                        LoopKind::For { pat, .. } => break vec![pat],
                        _ => return Vec::new(),
                    },
                    _ => return Vec::new(),
                },
                Parent::Stmt(..) | Parent::Root => return Vec::new(),
                parent => match parent.expr() {
                    Some(up) => at = up,
                    None => return Vec::new(),
                },
            }
        };
        let locals = (0..self.analysis.body.ir.locals.len() as u32).map(LocalId);
        locals
            .filter(|local| tree.binding(*local).is_some_and(|own| pats.iter().any(|pat| self.is_part_of(own, *pat))))
            .collect()
    }

    fn is_part_of(&self, pat: PatId, of: PatId) -> bool {
        let mut at = pat;
        loop {
            if at == of {
                return true;
            }
            match self.analysis.tree.pat_parent(at) {
                crate::model::PatParent::Pat(outer) => at = outer,
                _ => return false,
            }
        }
    }

    /// Whether two writes are parts of one update: the second is made of what the first took out, both assign one place, or
    /// both are made of the same thing. Not so where a collection grows, and where something is removed before something new
    /// is put in: without the new one the state is whole.
    fn belong_together(&self, first: &Write, last: &Write) -> bool {
        if last.kind == WriteKind::Clear {
            return false;
        }
        let last_sources = self.made_of(last);
        let taken = self.locals_of_result(first.expr);
        if taken.iter().any(|local| last_sources.contains(local)) {
            return true;
        }
        let grows = first.kind == WriteKind::Put && last.kind == WriteKind::Put && first.field == last.field;
        if grows || (first.removes && !last.removes) {
            return false;
        }
        if first.kind == WriteKind::Assign && last.kind == WriteKind::Assign && self.same_target(first, last) {
            return true;
        }
        let is_tool = |local: LocalId| matches!(self.analysis.types.local(local), Ty::Ref(true, _));
        self.made_of(first).into_iter().any(|local| last_sources.contains(&local) && !is_tool(local))
    }

    /// The locals that a write makes its value of; not those that say where it writes.
    fn made_of(&self, write: &Write) -> Vec<LocalId> {
        let values: Vec<ExprId> = match self.analysis.expr(write.expr) {
            Expr::Assign { value, .. } => vec![*value],
            _ => self.analysis.args(write.expr).to_vec(),
        };
        sources(self.cx, self.analysis, &values, &|local| self.is_state(local))
    }

    fn same_target(&self, first: &Write, last: &Write) -> bool {
        let target = |write: &Write| match self.analysis.expr(write.expr) {
            Expr::Assign { target, .. } => self.cx.program.text(self.analysis.body.expr_loc(*target)),
            _ => "",
        };
        first.field == last.field && target(first) == target(last)
    }

    /// Whether a local is the state, a part of it, or `self`.
    fn is_state(&self, local: LocalId) -> bool {
        let used = self.analysis.tree.uses(local).first();
        Some(local) == self.analysis.body.ir.self_local
            || used.is_some_and(|used| self.cx.leads_into(self.analysis, self.state, *used).is_some())
    }
}
