//! Parent links and uses of locals in one body.

use super::program::BodyRef;
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, SelectOp, Stmt};

/// What an expression is to its parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parent {
    /// The body's root.
    Root,
    /// A statement of a block, by index.
    Stmt(ExprId, u32),
    /// The initialiser of a `let` of a block, by index of the statement.
    LetInit(ExprId, u32),
    /// The `else` block of a `let … else`.
    LetElse(ExprId, u32),
    /// A block's value.
    BlockTail(ExprId),
    /// The receiver of a method call.
    Receiver(ExprId),
    /// An argument of a call (method calls: without the receiver).
    Arg(ExprId, u32),
    /// What is called.
    Callee(ExprId),
    /// The base of a field expression.
    FieldBase(ExprId),
    /// The base of an index expression.
    IndexBase(ExprId),
    /// The index of an index expression.
    IndexValue(ExprId),
    /// The operand of `*`.
    DerefOperand(ExprId),
    /// The operand of `&`.
    RefOperand(ExprId),
    /// The operand of `!`, `-`, `as`, a comparison or arithmetic, a range.
    Operand(ExprId),
    /// The left (0) or right (1) operand of `&&` or `||`.
    Logic(ExprId, u32),
    /// The target of an assignment.
    AssignTarget(ExprId),
    /// The value of an assignment.
    AssignValue(ExprId),
    /// The condition of an `if` or `while`.
    Cond(ExprId),
    /// The then (0) or else (1) branch.
    Branch(ExprId, u32),
    /// The operand of `let` in a condition.
    LetOperand(ExprId),
    /// The scrutinee of a `match`.
    Scrutinee(ExprId),
    /// The guard of an arm.
    ArmGuard(ExprId, u32),
    /// The body of an arm of a `match` or `select!`.
    ArmBody(ExprId, u32),
    /// The body of a loop.
    LoopBody(ExprId),
    /// What a `for` runs over.
    ForIter(ExprId),
    /// The value of a `break`.
    BreakValue(ExprId),
    /// The value of a `return`.
    ReturnValue(ExprId),
    /// The value of a closure.
    ClosureBody(ExprId),
    /// The block of an `async` block.
    AsyncBody(ExprId),
    /// The operand of `.await`.
    AwaitOperand(ExprId),
    /// The operand of `?`.
    TryOperand(ExprId),
    /// A field of a struct literal, by index among those written.
    StructField(ExprId, u32),
    /// The `..base` of a struct literal.
    StructSpread(ExprId),
    /// An element of a tuple or array.
    Element(ExprId, u32),
    /// An argument of a macro.
    MacroArg(ExprId, u32),
    /// A channel or future of a `select!` arm.
    SelectOperand(ExprId, u32),
    /// A part of something that is not understood.
    Opaque(ExprId),
}

impl Parent {
    /// The parent expression; for statements the block.
    pub fn expr(self) -> Option<ExprId> {
        match self {
            Parent::Root => None,
            Parent::Stmt(expr, _)
            | Parent::LetInit(expr, _)
            | Parent::LetElse(expr, _)
            | Parent::BlockTail(expr)
            | Parent::Receiver(expr)
            | Parent::Arg(expr, _)
            | Parent::Callee(expr)
            | Parent::FieldBase(expr)
            | Parent::IndexBase(expr)
            | Parent::IndexValue(expr)
            | Parent::DerefOperand(expr)
            | Parent::RefOperand(expr)
            | Parent::Operand(expr)
            | Parent::Logic(expr, _)
            | Parent::AssignTarget(expr)
            | Parent::AssignValue(expr)
            | Parent::Cond(expr)
            | Parent::Branch(expr, _)
            | Parent::LetOperand(expr)
            | Parent::Scrutinee(expr)
            | Parent::ArmGuard(expr, _)
            | Parent::ArmBody(expr, _)
            | Parent::LoopBody(expr)
            | Parent::ForIter(expr)
            | Parent::BreakValue(expr)
            | Parent::ReturnValue(expr)
            | Parent::ClosureBody(expr)
            | Parent::AsyncBody(expr)
            | Parent::AwaitOperand(expr)
            | Parent::TryOperand(expr)
            | Parent::StructField(expr, _)
            | Parent::StructSpread(expr)
            | Parent::Element(expr, _)
            | Parent::MacroArg(expr, _)
            | Parent::SelectOperand(expr, _)
            | Parent::Opaque(expr) => Some(expr),
        }
    }
}

/// Where a pattern stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PatParent {
    /// A parameter of the body, by index.
    Param(u32),
    /// A parameter of a closure, by index.
    ClosureParam(ExprId, u32),
    /// A `let` statement of a block, by index.
    Let(ExprId, u32),
    /// `let p = e` in a condition.
    LetExpr(ExprId),
    /// An arm of a `match` or `select!`.
    Arm(ExprId, u32),
    /// `for p in ..`
    For(ExprId),
    /// Inside another pattern.
    Pat(PatId),
}

/// Parent links and uses of locals.
#[derive(Clone, Debug)]
pub struct BodyTree {
    parents: Vec<Parent>,
    pat_parents: Vec<PatParent>,
    use_starts: Vec<u32>,
    uses: Vec<ExprId>,
    bindings: Vec<Option<PatId>>,
}

impl BodyTree {
    /// Reads the tree of a body.
    pub fn build(body: BodyRef<'_>) -> BodyTree {
        let ir = body.ir;
        let mut tree = BodyTree {
            parents: vec![Parent::Root; ir.exprs.len()],
            pat_parents: vec![PatParent::Param(0); ir.pats.len()],
            use_starts: vec![0; ir.locals.len() + 1],
            uses: Vec::new(),
            bindings: vec![None; ir.locals.len()],
        };
        for (index, pat) in ir.params.iter().enumerate() {
            tree.set_pat(*pat, PatParent::Param(index as u32));
        }
        for index in 0..ir.exprs.len() {
            tree.visit(body, ExprId(index as u32));
        }
        for (index, data) in ir.pats.iter().enumerate() {
            tree.visit_pat(PatId(index as u32), &data.kind);
        }
        tree.index_uses(body);
        tree
    }

    /// What an expression is to its parent.
    pub fn parent(&self, expr: ExprId) -> Parent {
        self.parents.get(expr.index()).copied().unwrap_or(Parent::Root)
    }

    /// Where a pattern stands.
    pub fn pat_parent(&self, pat: PatId) -> PatParent {
        self.pat_parents.get(pat.index()).copied().unwrap_or(PatParent::Param(0))
    }

    /// The expressions that mention a local, in order; captures by closures are those inside the closure.
    pub fn uses(&self, local: LocalId) -> &[ExprId] {
        let start = self.use_starts.get(local.index()).copied().unwrap_or(0) as usize;
        let end = self.use_starts.get(local.index() + 1).copied().unwrap_or(0) as usize;
        self.uses.get(start..end).unwrap_or(&[])
    }

    /// The pattern that binds a local first; `None` for `self`.
    pub fn binding(&self, local: LocalId) -> Option<PatId> {
        self.bindings.get(local.index()).copied().flatten()
    }

    /// The expressions around one, innermost first.
    pub fn ancestors(&self, expr: ExprId) -> impl Iterator<Item = ExprId> + '_ {
        std::iter::successors(self.parent(expr).expr(), |expr| self.parent(*expr).expr())
    }

    /// The closure or async block that an expression stands in, if any.
    pub fn enclosing_closure(&self, body: BodyRef<'_>, expr: ExprId) -> Option<ExprId> {
        self.ancestors(expr).find(|expr| matches!(body.expr(*expr).kind, Expr::Closure(_) | Expr::Async { .. }))
    }

    /// Whether `inner` is `outer` or stands inside it.
    pub fn is_inside(&self, inner: ExprId, outer: ExprId) -> bool {
        inner == outer || self.ancestors(inner).any(|expr| expr == outer)
    }

    fn set(&mut self, child: ExprId, parent: Parent) {
        if let Some(slot) = self.parents.get_mut(child.index()) {
            *slot = parent;
        }
    }

    fn set_pat(&mut self, pat: PatId, parent: PatParent) {
        if let Some(slot) = self.pat_parents.get_mut(pat.index()) {
            *slot = parent;
        }
    }

    fn set_all(&mut self, children: &[ExprId], make: impl Fn(u32) -> Parent) {
        for (index, child) in children.iter().enumerate() {
            self.set(*child, make(index as u32));
        }
    }

    fn visit(&mut self, body: BodyRef<'_>, id: ExprId) {
        match &body.expr(id).kind {
            Expr::Missing | Expr::Local(_) | Expr::Path(_) | Expr::Literal(_) | Expr::Continue { .. } => {}
            Expr::Call { callee, args } => {
                self.set(*callee, Parent::Callee(id));
                self.set_all(args, |index| Parent::Arg(id, index));
            }
            Expr::MethodCall(call) => {
                self.set(call.receiver, Parent::Receiver(id));
                self.set_all(&call.args, |index| Parent::Arg(id, index));
            }
            Expr::Field { base, .. } => self.set(*base, Parent::FieldBase(id)),
            Expr::Index { base, index } => {
                self.set(*base, Parent::IndexBase(id));
                self.set(*index, Parent::IndexValue(id));
            }
            Expr::Deref(inner) => self.set(*inner, Parent::DerefOperand(id)),
            Expr::Ref { expr, .. } => self.set(*expr, Parent::RefOperand(id)),
            Expr::Not(inner) | Expr::Neg(inner) | Expr::Cast { expr: inner, .. } => {
                self.set(*inner, Parent::Operand(id));
            }
            Expr::Binary { op, lhs, rhs } => {
                let logic = matches!(op, crate::syntax::ir::BinaryOp::And | crate::syntax::ir::BinaryOp::Or);
                let role = |index| if logic { Parent::Logic(id, index) } else { Parent::Operand(id) };
                self.set(*lhs, role(0));
                self.set(*rhs, role(1));
            }
            Expr::Assign { target, value, .. } => {
                self.set(*target, Parent::AssignTarget(id));
                self.set(*value, Parent::AssignValue(id));
            }
            Expr::Block(block) => {
                for (index, stmt) in block.stmts.iter().enumerate() {
                    let index = index as u32;
                    match stmt {
                        Stmt::Let { pat, init, els, .. } => {
                            self.set_pat(*pat, PatParent::Let(id, index));
                            if let Some(init) = init {
                                self.set(*init, Parent::LetInit(id, index));
                            }
                            if let Some(els) = els {
                                self.set(*els, Parent::LetElse(id, index));
                            }
                        }
                        Stmt::Expr { expr, .. } => self.set(*expr, Parent::Stmt(id, index)),
                    }
                }
                if let Some(tail) = block.tail {
                    self.set(tail, Parent::BlockTail(id));
                }
            }
            Expr::If { cond, then, els } => {
                self.set(*cond, Parent::Cond(id));
                self.set(*then, Parent::Branch(id, 0));
                if let Some(els) = els {
                    self.set(*els, Parent::Branch(id, 1));
                }
            }
            Expr::Let { pat, expr } => {
                self.set_pat(*pat, PatParent::LetExpr(id));
                self.set(*expr, Parent::LetOperand(id));
            }
            Expr::Match { scrutinee, arms } => {
                self.set(*scrutinee, Parent::Scrutinee(id));
                for (index, arm) in arms.iter().enumerate() {
                    let index = index as u32;
                    self.set_pat(arm.pat, PatParent::Arm(id, index));
                    if let Some(guard) = arm.guard {
                        self.set(guard, Parent::ArmGuard(id, index));
                    }
                    self.set(arm.body, Parent::ArmBody(id, index));
                }
            }
            Expr::Loop(data) => {
                match data.kind {
                    LoopKind::Loop => {}
                    LoopKind::While(cond) => self.set(cond, Parent::Cond(id)),
                    LoopKind::For { pat, iter } => {
                        self.set_pat(pat, PatParent::For(id));
                        self.set(iter, Parent::ForIter(id));
                    }
                }
                self.set(data.body, Parent::LoopBody(id));
            }
            Expr::Break { value, .. } => {
                if let Some(value) = value {
                    self.set(*value, Parent::BreakValue(id));
                }
            }
            Expr::Return(value) => {
                if let Some(value) = value {
                    self.set(*value, Parent::ReturnValue(id));
                }
            }
            Expr::Opaque(parts) => self.set_all(parts, |_| Parent::Opaque(id)),
            Expr::Closure(closure) => {
                for (index, (pat, _)) in closure.params.iter().enumerate() {
                    self.set_pat(*pat, PatParent::ClosureParam(id, index as u32));
                }
                self.set(closure.body, Parent::ClosureBody(id));
            }
            Expr::Async { body, .. } => self.set(*body, Parent::AsyncBody(id)),
            Expr::Await(inner) => self.set(*inner, Parent::AwaitOperand(id)),
            Expr::Try(inner) => self.set(*inner, Parent::TryOperand(id)),
            Expr::Struct(literal) => {
                for (index, (_, _, value)) in literal.fields.iter().enumerate() {
                    self.set(*value, Parent::StructField(id, index as u32));
                }
                if let Some(spread) = literal.spread {
                    self.set(spread, Parent::StructSpread(id));
                }
            }
            Expr::Tuple(parts) | Expr::Array(parts) => self.set_all(parts, |index| Parent::Element(id, index)),
            Expr::Repeat { value, count } => {
                self.set(*value, Parent::Element(id, 0));
                self.set(*count, Parent::Operand(id));
            }
            Expr::Range { start, end } => {
                for bound in [start, end].into_iter().flatten() {
                    self.set(*bound, Parent::Operand(id));
                }
            }
            Expr::Macro(call) => self.set_all(&call.args, |index| Parent::MacroArg(id, index)),
            Expr::Select(arms) => {
                for (index, arm) in arms.iter().enumerate() {
                    let index = index as u32;
                    match arm.op {
                        SelectOp::Recv(operand) | SelectOp::Future(operand) | SelectOp::Default(Some(operand)) => {
                            self.set(operand, Parent::SelectOperand(id, index));
                        }
                        SelectOp::Send(channel, message) => {
                            self.set(channel, Parent::SelectOperand(id, index));
                            self.set(message, Parent::Opaque(id));
                        }
                        SelectOp::Default(None) | SelectOp::Else => {}
                    }
                    if let Some(pat) = arm.pat {
                        self.set_pat(pat, PatParent::Arm(id, index));
                    }
                    if let Some(guard) = arm.guard {
                        self.set(guard, Parent::ArmGuard(id, index));
                    }
                    self.set(arm.body, Parent::ArmBody(id, index));
                }
            }
        }
    }

    fn visit_pat(&mut self, id: PatId, pat: &Pat) {
        match pat {
            Pat::Bind { local, sub } => {
                if let Some(slot) = self.bindings.get_mut(local.index())
                    && slot.is_none()
                {
                    *slot = Some(id);
                }
                if let Some(sub) = sub {
                    self.set_pat(*sub, PatParent::Pat(id));
                }
            }
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                for pat in pats {
                    self.set_pat(*pat, PatParent::Pat(id));
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.set_pat(*pat, PatParent::Pat(id));
                }
            }
            Pat::Ref(inner) => self.set_pat(*inner, PatParent::Pat(id)),
            Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
        }
    }

    fn index_uses(&mut self, body: BodyRef<'_>) {
        let mentions: Vec<(LocalId, ExprId)> = body
            .ir
            .exprs
            .iter()
            .enumerate()
            .filter_map(|(index, data)| match data.kind {
                Expr::Local(local) => Some((local, ExprId(index as u32))),
                _ => None,
            })
            .collect();
        for (local, _) in &mentions {
            if let Some(count) = self.use_starts.get_mut(local.index() + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut self.use_starts {
            total += *start;
            *start = total;
        }
        let mut next = self.use_starts.clone();
        self.uses = vec![ExprId(0); mentions.len()];
        for (local, expr) in mentions {
            if let Some(at) = next.get_mut(local.index()) {
                if let Some(slot) = self.uses.get_mut(*at as usize) {
                    *slot = expr;
                }
                *at += 1;
            }
        }
    }
}
