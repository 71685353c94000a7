//! Control-flow graphs, with the drops of locals and temporaries where the edition puts them.
//!
//! A body has a graph, and each closure and `async` block in it has one of its own: in the graph around it, it is one
//! evaluation, whose captures are its uses.
//!
//! Invariants: every node can be reached from the entry; an expression has at most one node, and none where the code is
//! dead; a drop node means "if it is still initialised", so a moved value has its drop node all the same ([`Track`]
//! tells); every edge into a loop's head from inside the loop is [`EdgeKind::Back`]. Panics inside calls have no edges.
//!
//! A place (`x`, `x.f`, `*x`) has a node only where it is read or moved by value; where it is borrowed or matched, the
//! node is that of the borrowing expression.

mod build;
mod track;
mod uses;

#[cfg(test)]
mod tests;

pub use track::{CallRole, Carrier, End, EndKind, Follow, Holder, Track, TrackStart};
pub use uses::{BodyView, Use};

use super::tree::BodyTree;
use crate::syntax::ir::{ExprId, LocalId, PatId};

/// A node of a [`Flow`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The place in the arena.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a flow is the flow of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FlowRoot {
    /// The whole body.
    Body,
    /// A closure or `async` block in it.
    Closure(ExprId),
}

/// What happens at a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// The start.
    Entry,
    /// The expression was evaluated, after its operands. That of an `if`, `match`, loop, labelled block or `select!` is
    /// where its ways out come together.
    Eval(ExprId),
    /// The way on depends on the value of this: a condition or one operand of it (`True`, `False`), a `let` in a
    /// condition, the initialiser of a `let … else`, a `match` or `select!` (`Arm`), a `for` that asks for the next
    /// element (`Normal`, `LoopExit`).
    Branch(ExprId),
    /// The bindings of the pattern receive their parts. In an arm with a guard this is after the guard.
    Bind(PatId),
    /// The assignment happens; the old value of the target is dropped here.
    Assign(ExprId),
    /// The scope of the local ends.
    DropLocal(LocalId),
    /// The life of the temporary that holds the value of the expression ends.
    DropTemp(ExprId),
    /// Ways come together.
    Join,
    /// The function or closure returns.
    Return,
    /// The path ends without a return: a panic, the end of the process.
    Diverge,
}

/// Why control goes along an edge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EdgeKind {
    /// One after the other.
    Normal,
    /// The condition holds, or the pattern matches.
    True,
    /// It does not.
    False,
    /// To this arm of a `match` or `select!`.
    Arm(u32),
    /// `?` goes on.
    TryOk,
    /// `?` leaves.
    TryError,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// To the head of a loop, from inside it.
    Back,
    /// `return`
    Return,
    /// The iterator of a `for` is at its end.
    LoopExit,
    /// A macro may leave by a `return`, `?`, `break` or `continue` of its own.
    MacroExit,
}

/// A loop of a flow.
#[derive(Clone, Debug)]
pub struct LoopFlow {
    /// The loop.
    pub expr: ExprId,
    /// Where each round starts.
    pub head: NodeId,
    /// The ways out, in order of the text. Empty: the loop never ends.
    pub exits: Vec<LoopExit>,
}

/// A way out of a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LoopExit {
    /// The node inside the loop that it starts from.
    pub node: NodeId,
    /// Why.
    pub cause: ExitCause,
}

/// Why a loop ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExitCause {
    /// The condition of the `while` fails in this operand.
    Condition(ExprId),
    /// The iterator of the `for` is at its end.
    Exhausted,
    /// This `break`, of this loop or one around it.
    Break(ExprId),
    /// This `continue` of a loop around it.
    Continue(ExprId),
    /// This `return`.
    Return(ExprId),
    /// This `?`.
    Try(ExprId),
    /// This macro call, perhaps.
    Macro(ExprId),
    /// This call or macro never returns.
    Diverge(ExprId),
}

/// The control-flow graph of a body, closure or `async` block.
#[derive(Clone, Debug)]
pub struct Flow {
    root: FlowRoot,
    actions: Vec<Action>,
    successors: Adjacency,
    predecessors: Adjacency,
    exprs: ExprNodes,
    exit: Option<NodeId>,
    loops: Vec<LoopFlow>,
}

impl Flow {
    /// Builds the graph of a body, or of a closure or `async` block in it.
    pub fn build(view: BodyView<'_>, root: FlowRoot) -> Flow {
        build::build(view, root)
    }

    /// What it is the flow of.
    pub fn root(&self) -> FlowRoot {
        self.root
    }

    /// The start.
    pub fn entry(&self) -> NodeId {
        NodeId(0)
    }

    /// The [`Action::Return`] node, if there is a way to it.
    pub fn exit(&self) -> Option<NodeId> {
        self.exit
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Never: there is an entry.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// The nodes with what they do, in the order they were made: nearly that of the text.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Action)> + '_ {
        self.actions.iter().enumerate().map(|(index, action)| (NodeId(index as u32), *action))
    }

    /// What happens at a node.
    pub fn action(&self, node: NodeId) -> Action {
        self.actions[node.index()]
    }

    /// Where control goes from a node.
    pub fn successors(&self, node: NodeId) -> &[(EdgeKind, NodeId)] {
        self.successors.of(node)
    }

    /// Where control comes from.
    pub fn predecessors(&self, node: NodeId) -> &[(EdgeKind, NodeId)] {
        self.predecessors.of(node)
    }

    /// The node of an expression: its [`Action::Eval`] or [`Action::Assign`], or its [`Action::Branch`] where it has
    /// neither (a `let` in a condition, a `match` that never comes to an end). `None` for dead code, for what another flow evaluates, and for places that are not read here.
    pub fn node(&self, expr: ExprId) -> Option<NodeId> {
        self.exprs.get(expr)
    }

    /// The node of an expression or, where it has none, of the innermost one around it that has.
    pub fn node_around(&self, tree: &BodyTree, expr: ExprId) -> Option<NodeId> {
        self.node(expr).or_else(|| tree.ancestors(expr).find_map(|around| self.node(around)))
    }

    /// The loops that can be reached, those around before those inside.
    pub fn loops(&self) -> &[LoopFlow] {
        &self.loops
    }

    /// A loop.
    pub fn loop_of(&self, expr: ExprId) -> Option<&LoopFlow> {
        self.loops.iter().find(|data| data.expr == expr)
    }

    /// The nodes that can be reached from `from` (not itself counted unless there is a way back to it) along edges that
    /// `allowed` lets through: it is given the node, the kind of the edge, and where it goes.
    pub fn reach(&self, from: NodeId, mut allowed: impl FnMut(NodeId, EdgeKind, NodeId) -> bool) -> BitSet {
        let mut seen = BitSet::new(self.len());
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for (kind, next) in self.successors(node) {
                if !seen.contains(next.index()) && allowed(node, *kind, *next) {
                    seen.insert(next.index());
                    open.push(*next);
                }
            }
        }
        seen
    }

    /// Whether there is a way from `from` to `to` of at least one edge.
    pub fn reaches(&self, from: NodeId, to: NodeId) -> bool {
        self.reach(from, |_, _, _| true).contains(to.index())
    }
}

/// A set of small numbers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// An empty set with room for numbers below `size`.
    pub fn new(size: usize) -> BitSet {
        BitSet { words: vec![0; size.div_ceil(64)] }
    }

    /// Adds a number that is below the size.
    pub fn insert(&mut self, index: usize) {
        if let Some(word) = self.words.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    /// Whether a number is in it.
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

/// Edges by node, in one vector.
#[derive(Clone, Debug, Default)]
struct Adjacency {
    starts: Vec<u32>,
    edges: Vec<(EdgeKind, NodeId)>,
}

impl Adjacency {
    /// `edges` are (at, kind, other).
    fn new(nodes: usize, edges: impl Iterator<Item = (NodeId, EdgeKind, NodeId)> + Clone) -> Adjacency {
        let mut starts = vec![0; nodes + 1];
        for (at, _, _) in edges.clone() {
            starts[at.index() + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut sorted = vec![(EdgeKind::Normal, NodeId(0)); sum as usize];
        for (at, kind, other) in edges {
            let slot = &mut next[at.index()];
            sorted[*slot as usize] = (kind, other);
            *slot += 1;
        }
        Adjacency { starts, edges: sorted }
    }

    fn of(&self, node: NodeId) -> &[(EdgeKind, NodeId)] {
        let start = self.starts[node.index()] as usize;
        let end = self.starts[node.index() + 1] as usize;
        &self.edges[start..end]
    }
}

/// Nodes by expression; a closure's expressions have neighbouring ids.
#[derive(Clone, Debug, Default)]
struct ExprNodes {
    base: u32,
    nodes: Vec<u32>,
}

impl ExprNodes {
    const NONE: u32 = u32::MAX;

    fn new(actions: &[Action]) -> ExprNodes {
        let own = |action: &Action| match action {
            Action::Eval(expr) | Action::Assign(expr) | Action::Branch(expr) => Some(*expr),
            _ => None,
        };
        let exprs = || actions.iter().filter_map(own);
        let (Some(first), Some(last)) = (exprs().min(), exprs().max()) else { return ExprNodes::default() };
        let mut nodes = vec![ExprNodes::NONE; (last.0 - first.0) as usize + 1];
        for (index, action) in actions.iter().enumerate() {
            if let Some(expr) = own(action) {
                let slot = &mut nodes[(expr.0 - first.0) as usize];
                // The branch on a value gives way to its evaluation.
                if *slot == ExprNodes::NONE || !matches!(action, Action::Branch(_)) {
                    *slot = index as u32;
                }
            }
        }
        ExprNodes { base: first.0, nodes }
    }

    fn get(&self, expr: ExprId) -> Option<NodeId> {
        let at = expr.0.checked_sub(self.base)?;
        self.nodes.get(at as usize).copied().filter(|node| *node != ExprNodes::NONE).map(NodeId)
    }
}
