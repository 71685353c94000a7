//! How many elements there can be: what bounds the rounds of a loop.
//!
//! A range up to a number, an array, what `take` lets through: somebody chose how many. The elements of a parameter,
//! of a folder, of what was read: the input decides. What is neither is not known.

use super::context::{Analysis, Context};
use super::effects::word;
use crate::model::{DefId, Parent, PatParent, Ty, ValueRef};
use crate::syntax::ir::{BinaryOp, Expr, ExprId, LocalId, LoopKind, Pat, PatId, Stmt, Visibility};

const BUDGET: u32 = 16;

/// What decides how many there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Bound {
    /// A number that somebody chose: a constant, a setting, the number of processors.
    Chosen,
    /// Not known.
    Unknown,
    /// The input.
    Input,
    /// Nothing: there is no end.
    Endless,
}

impl Context<'_> {
    /// How many elements an expression gives that a `for` or an adaptor runs over.
    pub fn bound_of(&self, analysis: &Analysis<'_>, expr: ExprId) -> Bound {
        self.elements(analysis, expr, BUDGET)
    }

    fn elements(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Bound {
        if budget == 0 {
            return Bound::Unknown;
        }
        if let Some(bound) = self.bound_by_type(analysis.types.ty(expr)) {
            return bound;
        }
        match analysis.expr(expr) {
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) | Expr::Await(inner) => {
                self.elements(analysis, *inner, budget - 1)
            }
            Expr::Range { end: None, .. } => Bound::Endless,
            Expr::Range { end: Some(end), .. } => self.number(analysis, *end, budget - 1),
            Expr::Array(_) | Expr::Tuple(_) | Expr::Literal(_) => Bound::Chosen,
            Expr::Repeat { count, .. } => self.number(analysis, *count, budget - 1),
            Expr::Path(_) => match analysis.value(expr) {
                Some(ValueRef::Const(_) | ValueRef::Constructor(..)) => Bound::Chosen,
                _ => Bound::Unknown,
            },
            Expr::Macro(call) => match (&*call.args, call.parsed) {
                (_, false) => Bound::Unknown,
                // `vec![x; n]` has the same two arguments as `vec![a, b]`: both are chosen here.
                _ if self.program.name_text(analysis.body.owner, call.path.last()) == "vec" => Bound::Chosen,
                _ => Bound::Unknown,
            },
            Expr::Block(block) => block.tail.map_or(Bound::Unknown, |tail| self.elements(analysis, tail, budget - 1)),
            Expr::MethodCall(_) | Expr::Call { .. } => self.elements_of_call(analysis, expr, budget),
            Expr::Local(local) => self.elements_of_local(analysis, *local, budget),
            // What an object was given to keep.
            Expr::Field { base, .. } if self.is_self(analysis, *base) => {
                let ty = self.roles().pointee(analysis.types.ty(expr));
                let is_list = matches!(ty, Ty::Slice(_)) || self.roles().says(&ty, word::COLLECTION);
                if is_list { Bound::Input } else { Bound::Unknown }
            }
            // `&paths[1..]`
            Expr::Index { base, index } => match analysis.expr(*index) {
                Expr::Range { end: Some(end), .. } => {
                    self.number(analysis, *end, budget - 1).min(self.elements(analysis, *base, budget - 1))
                }
                _ => self.elements(analysis, *base, budget - 1),
            },
            _ => Bound::Unknown,
        }
    }

    /// An array has as many as its type says, an `Option` one.
    fn bound_by_type(&self, ty: &Ty) -> Option<Bound> {
        let lang = &self.program.lang;
        match ty.peel_refs() {
            Ty::Array(_) => Some(Bound::Chosen),
            Ty::Adt(def, _) if Some(*def) == lang.option => Some(Bound::Chosen),
            _ if self.roles().says(ty, word::ENDLESS) => Some(Bound::Endless),
            _ if self.roles().says(&self.roles().pointee(ty), word::RECEIVER) => Some(Bound::Endless),
            // Each was opened by the program itself: solana's broadcast stage has a thread for each of its sockets.
            _ if ty.any(&mut |part| self.roles().says(part, word::OWN_ADDRESS)) => Some(Bound::Chosen),
            // easy-parallel: whoever gives code to run has written it down, piece by piece.
            _ if ty.any(&mut |part| self.is_code(part)) => Some(Bound::Unknown),
            _ => None,
        }
    }

    fn is_code(&self, ty: &Ty) -> bool {
        matches!(ty, Ty::Dyn(bounds) if bounds.iter().any(|bound| self.program.lang.is_fn_trait(bound.trait_def)))
    }

    fn elements_of_call(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Bound {
        // `Ok(paths)`
        if let Expr::Call { callee, args } = analysis.expr(expr)
            && let (Some(ValueRef::Constructor(..)), [only]) = (analysis.value(*callee), &**args)
        {
            return self.elements(analysis, *only, budget - 1);
        }
        let Some(callee) = analysis.callee(expr) else { return Bound::Unknown };
        if self.program.is_user(callee) {
            return self.elements_returned(callee, budget);
        }
        let effects = self.effects(callee);
        let accepts = effects.with(word::BLOCKS, "accept");
        if effects.has(word::ENDLESS) || ((effects.has(word::RECEIVES) || accepts) && effects.has(word::EACH_STEP)) {
            return Bound::Endless;
        }
        // What is read from files: `read_dir(..)`, `reader.lines()`.
        if effects.has(word::BLOCKS) || effects.has(word::INPUT) {
            return Bound::Input;
        }
        let argument = |word| effects.index(word).and_then(|index| analysis.args(expr).get(index)).copied();
        let receiver = analysis.receiver(self.program, expr);
        let Some(receiver) = receiver else {
            // `Vec::new()`, `VecDeque::from(paths)`
            return match analysis.args(expr).first() {
                Some(from) if !analysis.types.ty(*from).is_scalar() => self.elements(analysis, *from, budget - 1),
                _ if self.roles().says(analysis.types.ty(expr), word::COLLECTION) => Bound::Chosen,
                _ => Bound::Unknown,
            };
        };
        let own = self.elements(analysis, receiver, budget - 1);
        if let Some(limit) = argument(word::LIMITS) {
            let limit = match analysis.types.ty(limit).is_scalar() {
                true => self.number(analysis, limit, budget - 1),
                false => self.elements(analysis, limit, budget - 1),
            };
            return own.min(limit);
        }
        if let Some(size) = argument(word::GROUPS) {
            // `chunks(len / threads)` gives as many groups as there are threads.
            return if self.is_written_number(analysis, size) { own } else { Bound::Chosen };
        }
        own
    }

    fn is_self(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        matches!(analysis.expr(expr), Expr::Local(local) if Some(*local) == analysis.body.ir.self_local)
    }

    /// How many elements a function of the user's gives at its end.
    fn elements_returned(&self, function: DefId, budget: u32) -> Bound {
        let Some(body) = self.program.body_of(function) else { return Bound::Unknown };
        let inner = self.analysis(body);
        match inner.expr(inner.body.ir.root) {
            Expr::Block(block) => match block.tail {
                Some(tail) => self.elements(inner, tail, budget.saturating_sub(4)),
                None => Bound::Unknown,
            },
            _ => Bound::Unknown,
        }
    }

    /// How often something is put into a local collection.
    fn pushed(&self, analysis: &Analysis<'_>, local: LocalId, budget: u32) -> Bound {
        let mut bound = Bound::Chosen;
        for used in analysis.tree.uses(local) {
            let Parent::Receiver(call) = analysis.tree.parent(*used) else { continue };
            let puts = analysis.callee(call).is_some_and(|callee| {
                let effects = self.effects(callee);
                effects.has(word::PUTS) || effects.has(word::PUTS_RESULT)
            });
            if !puts {
                continue;
            }
            for up in analysis.tree.ancestors(call) {
                if let Expr::Loop(data) = analysis.expr(up)
                    && !analysis
                        .tree
                        .binding(local)
                        .is_some_and(|pat| analysis.body.expr(up).span.contains(analysis.body.pat(pat).span))
                {
                    let round = match data.kind {
                        LoopKind::For { iter, .. } => self.elements(analysis, iter, budget - 1),
                        _ => Bound::Unknown,
                    };
                    bound = bound.max(round);
                }
            }
        }
        bound
    }

    fn elements_of_local(&self, analysis: &Analysis<'_>, local: LocalId, budget: u32) -> Bound {
        if let Some(init) = analysis.initializer(local) {
            return self.elements(analysis, init, budget - 1).max(self.pushed(analysis, local, budget));
        }
        let Some(pat) = analysis.tree.binding(local) else { return Bound::Unknown };
        match analysis.tree.pat_parent(pat) {
            PatParent::Param(index) => self.elements_of_param(analysis, index, budget),
            // One of the groups, of a list of lists.
            PatParent::For(up) => match analysis.expr(up) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { iter, .. } => self.elements_of_group(analysis, iter, budget - 1),
                    _ => Bound::Unknown,
                },
                _ => Bound::Unknown,
            },
            PatParent::ClosureParam(closure, 0) => match analysis.tree.parent(closure) {
                Parent::Arg(call, _) => match analysis.receiver(self.program, call) {
                    Some(receiver) => self.elements_of_group(analysis, receiver, budget - 1),
                    None => Bound::Unknown,
                },
                _ => Bound::Unknown,
            },
            _ => self
                .taken_out_of(analysis, pat)
                .map_or(Bound::Unknown, |from| self.elements(analysis, from, budget - 1)),
        }
    }

    /// What `Ok(..)` or `Some(..)` around a binding takes it out of.
    fn taken_out_of(&self, analysis: &Analysis<'_>, pat: PatId) -> Option<ExprId> {
        let PatParent::Pat(outer) = analysis.tree.pat_parent(pat) else { return None };
        let Pat::TupleStruct { pats, .. } = &analysis.body.pat(outer).kind else { return None };
        if pats.len() != 1 {
            return None;
        }
        match analysis.tree.pat_parent(outer) {
            PatParent::LetExpr(test) => match analysis.expr(test) {
                Expr::Let { expr, .. } => Some(*expr),
                _ => None,
            },
            PatParent::Let(block, index) => match analysis.expr(block) {
                Expr::Block(block) => match block.stmts.get(index as usize)? {
                    Stmt::Let { init, .. } => *init,
                    Stmt::Expr { .. } => None,
                },
                _ => None,
            },
            PatParent::Arm(outer, _) => match analysis.expr(outer) {
                Expr::Match { scrutinee, .. } => Some(*scrutinee),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many elements one of the groups has that an iterator gives.
    fn elements_of_group(&self, analysis: &Analysis<'_>, iter: ExprId, budget: u32) -> Bound {
        let mut at = iter;
        for _ in 0..8 {
            let Some(callee) = analysis.callee(at).filter(|callee| !self.program.is_user(*callee)) else { break };
            let groups = self.effects(callee).index(word::GROUPS);
            if let Some(size) = groups.and_then(|index| analysis.args(at).get(index)) {
                return self.number(analysis, *size, budget);
            }
            match analysis.receiver(self.program, at) {
                Some(receiver) => at = receiver,
                None => break,
            }
        }
        Bound::Unknown
    }

    /// What a function is given is input, unless nobody but the program's own code calls it, and chooses.
    fn elements_of_param(&self, analysis: &Analysis<'_>, index: u32, budget: u32) -> Bound {
        let owner = analysis.body.owner;
        if self.program.item(owner).vis == Visibility::Public {
            return Bound::Input;
        }
        let has_self = self.program.function(owner).is_some_and(|function| function.self_param.is_some());
        let mut callers = 0;
        let mut all_chosen = true;
        for (body, call) in self.calls_of(owner) {
            let calling = self.analysis(body);
            let by_path = matches!(calling.expr(call), Expr::Call { .. });
            let arg = calling.args(call).get(index as usize + usize::from(by_path && has_self));
            callers += 1;
            all_chosen &= arg.is_some_and(|arg| self.elements(calling, *arg, budget.saturating_sub(4)) != Bound::Input);
        }
        if callers > 0 && all_chosen { Bound::Chosen } else { Bound::Input }
    }

    /// What decides a number.
    fn number(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Bound {
        if budget == 0 {
            return Bound::Unknown;
        }
        match analysis.expr(expr) {
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) | Expr::Cast { expr: inner, .. } => {
                self.number(analysis, *inner, budget - 1)
            }
            Expr::Local(local) => match analysis.initializer(*local) {
                Some(init) => self.number(analysis, init, budget - 1),
                None => Bound::Chosen,
            },
            Expr::Binary { op: BinaryOp::Arithmetic(_), lhs, rhs } => {
                // `len / size`: a chosen size of what the input decides, or the other way round.
                let (left, right) = (self.number(analysis, *lhs, budget - 1), self.number(analysis, *rhs, budget - 1));
                if left == right { left } else { Bound::Unknown }
            }
            Expr::MethodCall(call) => {
                let Some(callee) = analysis.callee(expr) else { return Bound::Unknown };
                if self.program.is_user(callee) {
                    return Bound::Chosen;
                }
                let on_number = !self.may_be_list(analysis.types.ty(call.receiver));
                let own = match on_number {
                    true => self.number(analysis, call.receiver, budget - 1),
                    false => self.elements(analysis, call.receiver, budget - 1),
                };
                // `min`, `clamp`
                let args: Vec<Bound> = call.args.iter().map(|arg| self.number(analysis, *arg, budget - 1)).collect();
                if on_number && args.contains(&Bound::Chosen) { Bound::Chosen } else { own }
            }
            Expr::Call { args, .. } => {
                // `min(len, 8)`, `cpus()`
                let args: Vec<Bound> = args.iter().map(|arg| self.number(analysis, *arg, budget - 1)).collect();
                if args.iter().all(|bound| *bound == Bound::Input) && !args.is_empty() {
                    Bound::Input
                } else {
                    Bound::Chosen
                }
            }
            _ => Bound::Chosen,
        }
    }

    /// Whether a value can have elements: it is no number, plain or `NonZero`.
    fn may_be_list(&self, ty: &Ty) -> bool {
        let ty = ty.peel_refs();
        let is_number = ty.adt().is_some_and(|adt| Some(adt) == self.program.lang.non_zero);
        !ty.is_scalar() && !is_number
    }

    /// Whether an expression is a number that is written down.
    fn is_written_number(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        match analysis.expr(analysis.peel(expr)) {
            Expr::Literal(_) => true,
            Expr::Path(_) => matches!(analysis.value(analysis.peel(expr)), Some(ValueRef::Const(_))),
            Expr::Local(local) => analysis.initializer(*local).is_some_and(|init| {
                matches!(analysis.expr(init), Expr::Literal(_))
                    || matches!(analysis.value(init), Some(ValueRef::Const(_)))
            }),
            _ => false,
        }
    }
}
