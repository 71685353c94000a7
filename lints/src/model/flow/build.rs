//! From a body to its graph.
//!
//! The builder walks the body in the order of evaluation with a stack of scopes. A scope knows what is to be dropped at
//! its end; a *terminating* one also takes the temporaries made inside. Every way out of a scope, by its end or by a
//! jump, gets the drops of all scopes it leaves; jumps to one target share them.

use super::uses::{self, BodyView, MacroShape};
use super::{Action, Adjacency, EdgeKind, ExitCause, ExprNodes, Flow, FlowRoot, LoopExit, LoopFlow, NodeId, Use};
use crate::model::ty::Ty;
use crate::syntax::ir::{
    Arm, BinaryOp, Block, BlockKind, Expr, ExprId, ItemKind, Literal, LocalId, Loop, LoopKind, MacroCall, MacroExits,
    Pat, PatId, SelectArm, SelectOp, Stmt,
};
use crate::workspace::Edition;
use smallvec::{SmallVec, smallvec};

/// Deeper expressions become one node; the reader's own limit is below this.
const MAX_DEPTH: u32 = 4_000;

pub(super) fn build(view: BodyView<'_>, root: FlowRoot) -> Flow {
    let body = view.body;
    let mut builder = Builder {
        view,
        is_2024: view.program.edition(body.owner) >= Edition::E2024,
        actions: Vec::with_capacity(body.ir.exprs.len()),
        edges: Vec::with_capacity(body.ir.exprs.len()),
        loops: Vec::new(),
        exit: None,
        at: None,
        scopes: Vec::new(),
        drops: Vec::new(),
        targets: Vec::new(),
        extended: Vec::new(),
        depth: 0,
    };
    let entry = builder.add(Action::Entry);
    builder.at = Some(Point { node: entry, kind: EdgeKind::Normal });
    builder.root(root);
    let Builder { actions, edges, loops, exit, .. } = builder;
    let count = actions.len();
    Flow {
        root,
        successors: Adjacency::new(count, edges.iter().copied()),
        predecessors: Adjacency::new(count, edges.iter().map(|(from, kind, to)| (*to, *kind, *from))),
        exprs: ExprNodes::new(&actions),
        actions,
        exit,
        loops,
    }
}

/// The end of a path that goes on along an edge of this kind.
#[derive(Clone, Copy)]
struct Point {
    node: NodeId,
    kind: EdgeKind,
}

type Points = SmallVec<[Point; 4]>;

/// The way on where an operand of a condition fails.
struct Failure {
    point: Point,
    branch: NodeId,
    operand: ExprId,
}

struct Scope {
    /// Where its drops start.
    start: usize,
    /// Temporaries end with it.
    terminating: bool,
}

struct Scheduled {
    action: Action,
    /// The drop on the way to a target of jumps, by target.
    exits: SmallVec<[(NodeId, NodeId); 1]>,
}

/// What a jump can go to.
struct Target {
    expr: ExprId,
    kind: TargetKind,
    /// How many scopes a jump to it leaves standing.
    keep: usize,
    exit: Option<NodeId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TargetKind {
    /// A loop, with its head and its place in the list.
    Loop(NodeId, usize),
    /// A labelled block.
    Block,
    /// A `try` block.
    Try,
}

struct Builder<'a> {
    view: BodyView<'a>,
    is_2024: bool,
    actions: Vec<Action>,
    edges: Vec<(NodeId, EdgeKind, NodeId)>,
    loops: Vec<LoopFlow>,
    exit: Option<NodeId>,
    /// Where control is; `None` in dead code.
    at: Option<Point>,
    scopes: Vec<Scope>,
    drops: Vec<Scheduled>,
    targets: Vec<Target>,
    /// Temporaries that live as long as the scope with this index.
    extended: Vec<(ExprId, usize)>,
    depth: u32,
}

impl<'a> Builder<'a> {
    fn root(&mut self, root: FlowRoot) {
        let body = self.view.body;
        self.push_scope(true);
        let value = match root {
            FlowRoot::Body => {
                if let Some(local) = body.ir.self_local {
                    self.schedule_local(local);
                }
                for pat in &body.ir.params {
                    self.bind(*pat);
                }
                body.ir.root
            }
            FlowRoot::Closure(id) => match self.view.kind(id) {
                Expr::Closure(closure) => {
                    for (pat, _) in &closure.params {
                        self.bind(*pat);
                    }
                    closure.body
                }
                Expr::Async { body, .. } => *body,
                _ => id,
            },
        };
        self.terminating(value);
        self.pop_scope();
        if let Some(point) = self.at.take() {
            let exit = self.return_node();
            self.link(point, exit);
        }
    }

    // Nodes and edges.

    fn add(&mut self, action: Action) -> NodeId {
        let id = NodeId(self.actions.len() as u32);
        self.actions.push(action);
        id
    }

    fn link(&mut self, from: Point, to: NodeId) {
        self.edges.push((from.node, from.kind, to));
    }

    /// Adds a node here, unless here is dead.
    fn push(&mut self, action: Action) -> Option<NodeId> {
        let point = self.at?;
        let node = self.add(action);
        self.link(point, node);
        self.at = Some(Point { node, kind: EdgeKind::Normal });
        Some(node)
    }

    fn eval(&mut self, id: ExprId) {
        self.push(Action::Eval(id));
    }

    /// Brings points together and goes on there.
    fn join(&mut self, points: &[Point]) {
        self.at = match points {
            [] => None,
            [only] => Some(*only),
            _ => self.join_at(points, Action::Join),
        };
    }

    /// Brings points together where a value is complete.
    fn join_value(&mut self, id: ExprId, points: &[Point]) {
        if points.len() == 1 && self.view.types.ty(id).is_unit() {
            self.at = points.first().copied();
            return;
        }
        self.at = self.join_at(points, Action::Eval(id));
    }

    fn join_at(&mut self, points: &[Point], action: Action) -> Option<Point> {
        if points.is_empty() {
            return None;
        }
        let node = self.add(action);
        for point in points {
            self.link(*point, node);
        }
        Some(Point { node, kind: EdgeKind::Normal })
    }

    fn link_back(&mut self, from: Point, head: NodeId) {
        let from = match from.kind {
            EdgeKind::Normal => from.node,
            _ => {
                let between = self.add(Action::Join);
                self.link(from, between);
                between
            }
        };
        self.link(Point { node: from, kind: EdgeKind::Back }, head);
    }

    fn return_node(&mut self) -> NodeId {
        match self.exit {
            Some(exit) => exit,
            None => {
                let exit = self.add(Action::Return);
                self.exit = Some(exit);
                exit
            }
        }
    }

    fn diverge(&mut self, cause: ExitCause) {
        let Some(point) = self.at.take() else { return };
        self.note_exit(0, point.node, cause);
        let node = self.add(Action::Diverge);
        self.link(point, node);
    }

    // Scopes.

    fn push_scope(&mut self, terminating: bool) {
        self.scopes.push(Scope { start: self.drops.len(), terminating });
    }

    fn pop_scope(&mut self) {
        let Some(scope) = self.scopes.pop() else { return };
        while self.drops.len() > scope.start
            && let Some(scheduled) = self.drops.pop()
        {
            self.push(scheduled.action);
        }
    }

    fn terminating(&mut self, id: ExprId) {
        self.push_scope(true);
        self.expr(id);
        self.pop_scope();
    }

    fn schedule(&mut self, scope: usize, action: Action) {
        let place = self.scopes.get(scope + 1).map_or(self.drops.len(), |next| next.start);
        for later in self.scopes.iter_mut().skip(scope + 1) {
            later.start += 1;
        }
        for later in self.drops.iter_mut().skip(place) {
            later.exits.clear();
        }
        self.drops.insert(place, Scheduled { action, exits: SmallVec::new() });
    }

    fn schedule_local(&mut self, local: LocalId) {
        if self.at.is_some() && self.view.local_needs_drop(local) {
            self.schedule(self.scopes.len().saturating_sub(1), Action::DropLocal(local));
        }
    }

    /// Schedules the end of the temporary of a value that was just made, if it stays one.
    fn schedule_temp(&mut self, id: ExprId) {
        if self.at.is_none() || !self.view.needs_drop(id) || self.view.use_of(id).is_by_value() {
            return;
        }
        let extended = self.extended.iter().rev().find(|(own, _)| *own == id).map(|(_, scope)| *scope);
        let scope = extended.or_else(|| self.scopes.iter().rposition(|scope| scope.terminating));
        self.schedule(scope.unwrap_or(0), Action::DropTemp(id));
    }

    /// Where the drops start that leaving all but `keep` scopes runs.
    fn drops_above(&self, keep: usize) -> usize {
        self.scopes.get(keep).map_or(self.drops.len(), |scope| scope.start)
    }

    /// The drops on the way out of all but `keep` scopes, for one path alone.
    fn unwind(&mut self, from: Point, keep: usize) -> Point {
        let mut at = from;
        for index in (self.drops_above(keep)..self.drops.len()).rev() {
            let node = self.add(self.drops[index].action);
            self.link(at, node);
            at = Point { node, kind: EdgeKind::Normal };
        }
        at
    }

    /// A jump to `target`, with the drops on its way out of all but `keep` scopes.
    fn jump(&mut self, from: Point, keep: usize, target: NodeId, is_head: bool) {
        let mut at = from;
        for index in (self.drops_above(keep)..self.drops.len()).rev() {
            let known = self.drops[index].exits.iter().find(|(own, _)| *own == target).map(|(_, node)| *node);
            if let Some(node) = known {
                self.link(at, node);
                return;
            }
            let node = self.add(self.drops[index].action);
            self.drops[index].exits.push((target, node));
            self.link(at, node);
            at = Point { node, kind: EdgeKind::Normal };
        }
        if is_head {
            self.link_back(at, target);
        } else {
            self.link(at, target);
        }
    }

    // Jumps.

    fn push_target(&mut self, expr: ExprId, kind: TargetKind) {
        self.targets.push(Target { expr, kind, keep: self.scopes.len(), exit: None });
    }

    /// Starts a loop here.
    fn enter_loop(&mut self, id: ExprId) -> Option<NodeId> {
        let head = self.push(Action::Join)?;
        self.loops.push(LoopFlow { expr: id, head, exits: Vec::new() });
        self.push_target(id, TargetKind::Loop(head, self.loops.len() - 1));
        Some(head)
    }

    /// Ends a loop: goes on where its ways out come together.
    fn leave_loop(&mut self) {
        let exit = self.targets.pop().and_then(|target| target.exit);
        self.at = exit.map(|node| Point { node, kind: EdgeKind::Normal });
    }

    fn exit_of(&mut self, target: usize) -> NodeId {
        if let Some(exit) = self.targets[target].exit {
            return exit;
        }
        let exit = self.add(Action::Eval(self.targets[target].expr));
        self.targets[target].exit = Some(exit);
        exit
    }

    /// Remembers a way out of the loops among the targets from `first` on.
    fn note_exit(&mut self, first: usize, node: NodeId, cause: ExitCause) {
        for target in self.targets.iter().skip(first) {
            if let TargetKind::Loop(_, index) = target.kind {
                self.loops[index].exits.push(LoopExit { node, cause });
            }
        }
    }

    /// To the end of the function.
    fn jump_to_return(&mut self, from: Point, cause: ExitCause) {
        self.note_exit(0, from.node, cause);
        let exit = self.return_node();
        self.jump(from, 0, exit, false);
    }

    /// To the end of the innermost `try` block, or of the function.
    fn jump_on_error(&mut self, from: Point, cause: ExitCause) {
        match self.targets.iter().rposition(|target| target.kind == TargetKind::Try) {
            Some(target) => {
                self.note_exit(target, from.node, cause);
                self.jump_out(from, target);
            }
            None => self.jump_to_return(from, cause),
        }
    }

    fn jump_out(&mut self, from: Point, target: usize) {
        let exit = self.exit_of(target);
        self.jump(from, self.targets[target].keep, exit, false);
    }

    fn break_to(&mut self, from: Point, target: Option<usize>, cause: ExitCause) {
        let Some(target) = target else { return };
        self.note_exit(target, from.node, cause);
        self.jump_out(from, target);
    }

    fn continue_to(&mut self, from: Point, target: Option<usize>, cause: ExitCause) {
        let Some(target) = target else { return };
        if let Target { kind: TargetKind::Loop(head, _), keep, .. } = self.targets[target] {
            self.note_exit(target + 1, from.node, cause);
            self.jump(from, keep, head, true);
        }
    }

    /// A jump to a label that is not known ends the path.
    fn end_unknown_jump(&mut self, from: Point, target: Option<usize>, cause: ExitCause) {
        if target.is_none() {
            self.at = Some(from);
            self.diverge(cause);
        }
    }

    fn target(&self, expr: Option<ExprId>) -> Option<usize> {
        let expr = expr?;
        self.targets.iter().rposition(|target| target.expr == expr)
    }

    fn innermost_loop(&self) -> Option<usize> {
        self.targets.iter().rposition(|target| matches!(target.kind, TargetKind::Loop(..)))
    }

    // Expressions.

    fn expr(&mut self, id: ExprId) {
        if self.at.is_none() {
            return;
        }
        if self.depth >= MAX_DEPTH {
            self.eval(id);
            return;
        }
        self.depth += 1;
        self.expr_kind(id, self.view.kind(id));
        self.depth -= 1;
    }

    fn all(&mut self, exprs: &[ExprId]) {
        for expr in exprs {
            self.expr(*expr);
        }
    }

    /// The node of a place, where it is read.
    fn read(&mut self, id: ExprId) {
        if matches!(self.view.use_of(id), Use::Move | Use::Copy | Use::Unknown) {
            self.eval(id);
        }
    }

    /// The node of a value, which may stay a temporary.
    fn value(&mut self, id: ExprId) {
        self.eval(id);
        self.schedule_temp(id);
    }

    fn call(&mut self, id: ExprId) {
        self.eval(id);
        if *self.view.types.ty(id) == Ty::Never {
            self.diverge(ExitCause::Diverge(id));
        } else {
            self.schedule_temp(id);
        }
    }

    fn expr_kind(&mut self, id: ExprId, kind: &'a Expr) {
        match kind {
            Expr::Missing | Expr::Literal(_) => {}
            Expr::Local(_) => self.read(id),
            // The name of a function is no value of interest.
            Expr::Path(_) if matches!(self.view.types.ty(id), Ty::FnDef(_)) => {}
            Expr::Path(_) => self.read(id),
            Expr::Call { callee, args } => {
                if !matches!(self.view.kind(*callee), Expr::Path(_)) {
                    self.expr(*callee);
                }
                self.all(args);
                self.call(id);
            }
            Expr::MethodCall(call) => {
                self.expr(call.receiver);
                self.all(&call.args);
                self.call(id);
            }
            Expr::Field { base, .. } => {
                self.expr(*base);
                self.read(id);
            }
            Expr::Index { base, index } => {
                self.expr(*base);
                self.expr(*index);
                self.read(id);
            }
            Expr::Deref(inner) => {
                self.expr(*inner);
                self.read(id);
            }
            Expr::Not(inner) | Expr::Neg(inner) | Expr::Cast { expr: inner, .. } => {
                self.expr(*inner);
                self.value(id);
            }
            Expr::Ref { expr, .. } => {
                self.expr(*expr);
                self.value(id);
            }
            Expr::Binary { op: BinaryOp::And | BinaryOp::Or, .. } | Expr::Let { .. } => {
                let keep = self.scopes.len();
                self.push_scope(true);
                let failures = self.condition(id, keep);
                self.pop_scope();
                let mut points: Points = failures.iter().map(|failure| failure.point).collect();
                points.extend(self.at.take());
                self.at = self.join_at(&points, Action::Eval(id));
            }
            Expr::Binary { lhs, rhs, .. } => {
                self.expr(*lhs);
                self.expr(*rhs);
                self.value(id);
            }
            Expr::Assign { target, value, .. } => {
                self.expr(*value);
                self.expr(*target);
                self.push(Action::Assign(id));
            }
            Expr::Block(block) => self.block(id, block),
            Expr::If { cond, then, els } => self.if_expr(id, *cond, *then, *els),
            Expr::Match { scrutinee, arms } => self.match_expr(id, *scrutinee, arms),
            Expr::Loop(data) => self.loop_expr(id, data),
            Expr::Break { target, value } => {
                if let Some(value) = value {
                    self.expr(*value);
                }
                if let Some(point) = self.jump_from(id, EdgeKind::Break) {
                    let target = self.target(*target);
                    self.break_to(point, target, ExitCause::Break(id));
                    self.end_unknown_jump(point, target, ExitCause::Break(id));
                }
            }
            Expr::Continue { target } => {
                if let Some(point) = self.jump_from(id, EdgeKind::Continue) {
                    let target = self.target(*target);
                    self.continue_to(point, target, ExitCause::Continue(id));
                    self.end_unknown_jump(point, target, ExitCause::Continue(id));
                }
            }
            Expr::Return(value) => {
                if let Some(value) = value {
                    self.expr(*value);
                }
                if let Some(point) = self.jump_from(id, EdgeKind::Return) {
                    self.jump_to_return(point, ExitCause::Return(id));
                }
            }
            Expr::Opaque(parts) | Expr::Tuple(parts) | Expr::Array(parts) => {
                self.all(parts);
                self.value(id);
            }
            Expr::Closure(_) | Expr::Async { .. } => self.value(id),
            Expr::Await(inner) => {
                self.expr(*inner);
                self.call(id);
            }
            Expr::Try(inner) => {
                self.expr(*inner);
                if let Some(node) = self.push(Action::Eval(id)) {
                    self.jump_on_error(Point { node, kind: EdgeKind::TryError }, ExitCause::Try(id));
                    self.at = Some(Point { node, kind: EdgeKind::TryOk });
                    self.schedule_temp(id);
                }
            }
            Expr::Struct(literal) => {
                for (_, _, value) in &literal.fields {
                    self.expr(*value);
                }
                if let Some(spread) = literal.spread {
                    self.expr(spread);
                }
                self.value(id);
            }
            Expr::Repeat { value, .. } => {
                self.expr(*value);
                self.value(id);
            }
            Expr::Range { start, end } => {
                for end in [start, end].into_iter().flatten() {
                    self.expr(*end);
                }
                self.value(id);
            }
            Expr::Macro(call) => self.macro_call(id, call),
            Expr::Select(arms) => self.select(id, arms),
        }
    }

    /// The point that a jump starts from; what follows is dead.
    fn jump_from(&mut self, id: ExprId, kind: EdgeKind) -> Option<Point> {
        let node = self.push(Action::Eval(id))?;
        self.at = None;
        Some(Point { node, kind })
    }

    /// A condition: goes on where it holds, and gives the paths where it fails, out of all but `keep` scopes. Bindings
    /// and, in a scope that takes them, the temporaries of a `let` stay.
    fn condition(&mut self, id: ExprId, keep: usize) -> Vec<Failure> {
        match self.view.kind(id) {
            Expr::Binary { op: BinaryOp::And, lhs, rhs } if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let mut failures = self.condition(*lhs, keep);
                failures.extend(self.condition(*rhs, keep));
                self.depth -= 1;
                failures
            }
            Expr::Binary { op: BinaryOp::Or, lhs, rhs } if self.depth < MAX_DEPTH => {
                self.depth += 1;
                let here = self.scopes.len();
                self.push_scope(true);
                let failures = self.condition(*lhs, here);
                self.pop_scope();
                let mut holds: Points = self.at.take().into_iter().collect();
                let fails: Points = failures.iter().map(|failure| failure.point).collect();
                self.join(&fails);
                let failures = self.condition(*rhs, keep);
                holds.extend(self.at.take());
                self.join(&holds);
                self.depth -= 1;
                failures
            }
            Expr::Let { pat, expr } => {
                self.expr(*expr);
                let failures = self.branch(id, keep, !self.view.is_irrefutable(*pat));
                self.bind(*pat);
                failures
            }
            Expr::Literal(Literal::Bool(true)) => Vec::new(),
            Expr::Literal(Literal::Bool(false)) => {
                let Some(point) = self.at.take() else { return Vec::new() };
                let point = self.unwind(point, keep);
                vec![Failure { point, branch: point.node, operand: id }]
            }
            _ => {
                self.terminating(id);
                self.branch(id, keep, true)
            }
        }
    }

    /// A branch on a value: goes on where it holds.
    fn branch(&mut self, id: ExprId, keep: usize, may_fail: bool) -> Vec<Failure> {
        let Some(node) = self.push(Action::Branch(id)) else { return Vec::new() };
        self.at = Some(Point { node, kind: EdgeKind::True });
        if !may_fail {
            return Vec::new();
        }
        let point = self.unwind(Point { node, kind: EdgeKind::False }, keep);
        vec![Failure { point, branch: node, operand: id }]
    }

    fn if_expr(&mut self, id: ExprId, cond: ExprId, then: ExprId, els: Option<ExprId>) {
        let keep = self.scopes.len();
        self.push_scope(self.is_2024);
        let failures = self.condition(cond, keep);
        self.terminating(then);
        self.pop_scope();
        let mut ends: Points = self.at.take().into_iter().collect();
        let fails: Points = failures.iter().map(|failure| failure.point).collect();
        match els {
            Some(els) => {
                self.join(&fails);
                self.terminating(els);
                ends.extend(self.at.take());
            }
            None => ends.extend(fails),
        }
        self.join_value(id, &ends);
        self.schedule_temp(id);
    }

    fn match_expr(&mut self, id: ExprId, scrutinee: ExprId, arms: &'a [Arm]) {
        self.expr(scrutinee);
        let Some(branch) = self.push(Action::Branch(id)) else { return };
        if arms.is_empty() {
            self.diverge(ExitCause::Diverge(id));
            return;
        }
        let mut ends = Points::new();
        // Where a guard fails, the arms below are tried.
        let mut rest = Points::new();
        for (index, arm) in arms.iter().enumerate() {
            let kind = EdgeKind::Arm(index as u32);
            let mut starts: Points = smallvec![Point { node: branch, kind }];
            if !rest.is_empty() {
                self.join(&rest);
                if rest.len() == 1 {
                    self.push(Action::Join);
                }
                rest.clear();
                if let Some(point) = self.at {
                    starts.push(Point { node: point.node, kind });
                    rest.push(point);
                }
            }
            self.join(&starts);
            let keep = self.scopes.len();
            self.push_scope(true);
            match arm.guard {
                Some(guard) => {
                    // A failed guard has moved nothing.
                    let failures = self.condition(guard, keep);
                    rest.extend(failures.iter().map(|failure| failure.point));
                }
                None if self.view.is_irrefutable(arm.pat) => rest.clear(),
                None => {}
            }
            self.bind(arm.pat);
            self.expr(arm.body);
            self.pop_scope();
            ends.extend(self.at.take());
        }
        if arms.last().is_some_and(|last| last.guard.is_some()) {
            // Arms that the reader did not see follow.
            self.join(&rest);
            self.diverge(ExitCause::Diverge(id));
        }
        self.join_value(id, &ends);
        self.schedule_temp(id);
    }

    fn loop_expr(&mut self, id: ExprId, data: &'a Loop) {
        match data.kind {
            LoopKind::Loop => {
                let Some(head) = self.enter_loop(id) else { return };
                self.terminating(data.body);
                self.go_back(head);
                self.leave_loop();
            }
            LoopKind::While(cond) => {
                let Some(head) = self.enter_loop(id) else { return };
                let target = self.targets.len() - 1;
                let keep = self.scopes.len();
                self.push_scope(true);
                for Failure { point, branch, operand } in self.condition(cond, keep) {
                    self.note_exit(target, branch, ExitCause::Condition(operand));
                    let exit = self.exit_of(target);
                    self.link(point, exit);
                }
                self.terminating(data.body);
                self.pop_scope();
                self.go_back(head);
                self.leave_loop();
            }
            LoopKind::For { pat, iter } => {
                self.push_scope(true);
                self.expr(iter);
                let is_endless = matches!(self.view.kind(iter), Expr::Range { start: Some(_), end: None });
                if let Some(head) = self.enter_loop(id) {
                    let target = self.targets.len() - 1;
                    if let Some(node) = self.push(Action::Branch(id))
                        && !is_endless
                    {
                        self.note_exit(target, node, ExitCause::Exhausted);
                        let exit = self.exit_of(target);
                        self.link(Point { node, kind: EdgeKind::LoopExit }, exit);
                    }
                    self.push_scope(true);
                    self.bind(pat);
                    self.terminating(data.body);
                    self.pop_scope();
                    self.go_back(head);
                    self.leave_loop();
                }
                self.pop_scope();
            }
        }
        self.schedule_temp(id);
    }

    fn go_back(&mut self, head: NodeId) {
        if let Some(point) = self.at.take() {
            self.link_back(point, head);
        }
    }

    fn block(&mut self, id: ExprId, block: &'a Block) {
        let is_target = block.labelled || block.kind == BlockKind::Try;
        if is_target {
            let kind = if block.kind == BlockKind::Try { TargetKind::Try } else { TargetKind::Block };
            self.push_target(id, kind);
        }
        self.push_scope(false);
        for stmt in &block.stmts {
            match stmt {
                Stmt::Let { pat, init, els, .. } => self.let_stmt(*pat, *init, *els),
                Stmt::Expr { expr, .. } => self.terminating(*expr),
            }
        }
        if let Some(tail) = block.tail {
            if self.is_2024 {
                self.terminating(tail);
            } else {
                self.expr(tail);
            }
        }
        self.pop_scope();
        if is_target && let Some(exit) = self.targets.pop().and_then(|target| target.exit) {
            if let Some(point) = self.at {
                self.link(point, exit);
            }
            self.at = Some(Point { node: exit, kind: EdgeKind::Normal });
        }
        self.schedule_temp(id);
    }

    fn let_stmt(&mut self, pat: PatId, init: Option<ExprId>, els: Option<ExprId>) {
        let Some(init) = init else {
            self.schedule_locals(pat);
            return;
        };
        let block_scope = self.scopes.len().saturating_sub(1);
        let drops_before = self.drops.len();
        let extended_before = self.extended.len();
        self.extend_init(pat, init, block_scope);
        self.push_scope(true);
        self.expr(init);
        self.extended.truncate(extended_before);
        if let Some(els) = els {
            let branch = self.push(Action::Branch(init));
            if let Some(node) = branch {
                // Even extended temporaries end before the `else` block.
                let mut point = Point { node, kind: EdgeKind::False };
                for index in (drops_before..self.drops.len()).rev() {
                    let node = self.add(self.drops[index].action);
                    self.link(point, node);
                    point = Point { node, kind: EdgeKind::Normal };
                }
                let drops = self.drops.split_off(drops_before);
                let scope = self.scopes.pop();
                self.at = Some(point);
                self.terminating(els);
                // It cannot fall through: a macro that is not known has left.
                self.diverge(ExitCause::Diverge(els));
                self.scopes.extend(scope);
                self.drops.extend(drops);
                self.at = Some(Point { node, kind: EdgeKind::True });
            }
        }
        self.push_bind(pat);
        self.pop_scope();
        self.schedule_locals(pat);
    }

    /// Finds the temporaries of an initialiser that live as long as the block.
    fn extend_init(&mut self, pat: PatId, init: ExprId, scope: usize) {
        if self.binds_by_ref(pat) {
            self.extend_operand(init, scope);
        }
        let mut open: SmallVec<[ExprId; 4]> = smallvec![init];
        while let Some(id) = open.pop() {
            match self.view.kind(id) {
                Expr::Ref { expr, .. } => {
                    self.extend_operand(*expr, scope);
                    open.push(*expr);
                }
                Expr::Struct(literal) => open.extend(literal.fields.iter().map(|(_, _, value)| *value)),
                Expr::Tuple(parts) | Expr::Array(parts) => open.extend(parts.iter().copied()),
                Expr::Cast { expr, .. } => open.push(*expr),
                Expr::Call { args, .. } if uses::is_constructor(self.view, id) => {
                    open.extend(args.iter().copied());
                }
                Expr::Block(block) => open.extend(block.tail),
                Expr::If { then, els, .. } => {
                    open.push(*then);
                    open.extend(*els);
                }
                Expr::Match { arms, .. } => open.extend(arms.iter().map(|arm| arm.body)),
                _ => {}
            }
        }
    }

    /// The operand of an extended `&`, with what it is a part of.
    fn extend_operand(&mut self, operand: ExprId, scope: usize) {
        let mut at = operand;
        loop {
            self.extended.push((at, scope));
            at = match self.view.kind(at) {
                Expr::Ref { expr, .. } => *expr,
                Expr::Deref(inner) => *inner,
                Expr::Field { base, .. } | Expr::Index { base, .. } => *base,
                _ => return,
            };
        }
    }

    fn macro_call(&mut self, id: ExprId, call: &'a MacroCall) {
        let shape = MacroShape::of(self.view.types, id, call);
        if shape.closes_temporaries() {
            self.push_scope(true);
        }
        if shape == MacroShape::Unknown {
            // solana's `datapoint_info!` and maplit's `hashmap!` make a statement of each argument.
            call.args.iter().for_each(|arg| self.terminating(*arg));
        } else {
            self.all(&call.args);
        }
        let node = self.push(Action::Eval(id));
        if let Some(node) = node {
            self.macro_exits(id, Point { node, kind: EdgeKind::MacroExit }, shape, call);
            if shape == MacroShape::Bail {
                self.at = None;
            } else if *self.view.types.ty(id) == Ty::Never {
                self.diverge(ExitCause::Diverge(id));
            }
        }
        if shape.closes_temporaries() {
            self.pop_scope();
        }
        self.schedule_temp(id);
    }

    fn macro_exits(&mut self, id: ExprId, from: Point, shape: MacroShape, call: &MacroCall) {
        let mut exits = call.tokens.exits;
        let definition = self.view.types.macros.get(&id).map(|def| &self.view.program.item(*def).kind);
        if let Some(ItemKind::MacroRules(rules)) = definition {
            exits = union(exits, rules.tokens.exits);
        }
        let cause = ExitCause::Macro(id);
        if exits.returns || shape == MacroShape::Bail || shape == MacroShape::Ensure {
            self.jump_to_return(from, cause);
        }
        let has_try_block = self.targets.iter().any(|target| target.kind == TargetKind::Try);
        if (exits.tries || shape == MacroShape::Try) && (has_try_block || !exits.returns) {
            self.jump_on_error(from, cause);
        }
        if exits.breaks {
            self.break_to(from, self.innermost_loop(), cause);
        }
        if exits.continues {
            self.continue_to(from, self.innermost_loop(), cause);
        }
    }

    fn select(&mut self, id: ExprId, arms: &'a [SelectArm]) {
        self.push_scope(true);
        for arm in arms {
            if let Some(guard) = arm.guard {
                self.terminating(guard);
            }
            match arm.op {
                SelectOp::Recv(operand) | SelectOp::Future(operand) => self.expr(operand),
                SelectOp::Send(channel, message) => {
                    self.expr(channel);
                    self.expr(message);
                }
                SelectOp::Default(timeout) => {
                    if let Some(timeout) = timeout {
                        self.expr(timeout);
                    }
                }
                SelectOp::Else => {}
            }
        }
        let mut ends = Points::new();
        if let Some(node) = self.push(Action::Branch(id)) {
            if arms.is_empty() {
                self.diverge(ExitCause::Diverge(id));
            }
            for (index, arm) in arms.iter().enumerate() {
                self.at = Some(Point { node, kind: EdgeKind::Arm(index as u32) });
                self.push_scope(true);
                if let Some(pat) = arm.pat {
                    self.bind(pat);
                }
                self.expr(arm.body);
                self.pop_scope();
                ends.extend(self.at.take());
            }
        }
        self.join_value(id, &ends);
        self.pop_scope();
        self.schedule_temp(id);
    }

    // Patterns.

    /// Binds a pattern and schedules the drops of its locals.
    fn bind(&mut self, pat: PatId) {
        self.push_bind(pat);
        self.schedule_locals(pat);
    }

    fn push_bind(&mut self, pat: PatId) {
        if !matches!(self.view.body.pat(pat).kind, Pat::Wild | Pat::Rest) {
            self.push(Action::Bind(pat));
        }
    }

    fn schedule_locals(&mut self, pat: PatId) {
        match &self.view.body.pat(pat).kind {
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
            Pat::Bind { local, sub } => {
                self.schedule_local(*local);
                if let Some(sub) = sub {
                    self.schedule_locals(*sub);
                }
            }
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) => {
                for pat in pats {
                    self.schedule_locals(*pat);
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.schedule_locals(*pat);
                }
            }
            // What a pattern behind a reference binds, it copies.
            Pat::Ref(_) => {}
            // The alternatives share their locals.
            Pat::Or(pats) => {
                if let Some(first) = pats.first() {
                    self.schedule_locals(*first);
                }
            }
        }
    }

    /// A pattern with a `ref` binding extends what it is matched against.
    fn binds_by_ref(&self, pat: PatId) -> bool {
        match &self.view.body.pat(pat).kind {
            Pat::Bind { local, .. } => self.view.body.local(*local).by_ref,
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                pats.iter().any(|pat| self.binds_by_ref(*pat))
            }
            Pat::Struct { fields, .. } => fields.iter().any(|(_, pat)| self.binds_by_ref(*pat)),
            _ => false,
        }
    }
}

fn union(left: MacroExits, right: MacroExits) -> MacroExits {
    MacroExits {
        returns: left.returns || right.returns,
        breaks: left.breaks || right.breaks,
        continues: left.continues || right.continues,
        tries: left.tries || right.tries,
        panics: left.panics || right.panics,
    }
}
