//! Joins whose result nobody looks at: a panic of the thread ends there without a trace.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::is_error_value;
use super::roles::HandleKind;
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, Pat, PatId, Stmt};

/// How many functions lie between a `Drop` and a join in it.
const DROP_DEPTH: u32 = 3;

/// A join whose result is dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SwallowedPanic {
    /// The body.
    pub body: BodyId,
    /// The join.
    pub join: ExprId,
    /// What drops its result: the `_`, the method, the pattern.
    pub by: Loc,
    /// The statement that is only the join: `let _ = handle.join();`
    pub statement: Option<Loc>,
    /// A `Drop` may come here too, where a panic that goes on may abort the process.
    pub may_be_in_drop: bool,
}

impl Context<'_> {
    /// The joins of OS threads whose result is dropped, but for those in a `Drop` or on the way of a panic, in order.
    pub fn swallowed_panics(&self) -> Vec<SwallowedPanic> {
        let names = self.library_names(|effects| effects.has(word::JOINS));
        let mut found = Vec::new();
        for body in self.bodies_calling(&names) {
            // Another panic there may abort the process.
            if self.runs_only_in_drop(body.owner, DROP_DEPTH) {
                continue;
            }
            let analysis = self.analysis(body.id);
            for join in (0..body.ir.exprs.len() as u32).map(ExprId) {
                if self.joins_thread(analysis, join)
                    && !self.is_on_panic_path(analysis, join)
                    && !self.is_told_by_channel(analysis, join)
                    && let Some((by, statement)) = self.swallower(analysis, join)
                {
                    let may_be_in_drop = self.may_run_in_drop(body.owner, DROP_DEPTH);
                    found.push(SwallowedPanic { body: body.id, join, by, statement, may_be_in_drop });
                }
            }
        }
        found
    }

    /// Whether a function is a `Drop`, or only such functions call it.
    fn runs_only_in_drop(&self, function: DefId, depth: u32) -> bool {
        if depth == 0 || self.is_drop(function) {
            return depth > 0;
        }
        let calls = self.known_calls(function).unwrap_or_default();
        !calls.is_empty()
            && calls.iter().all(|(body, _)| self.runs_only_in_drop(self.program.body(*body).owner, depth - 1))
    }

    /// Whether a function is a `Drop`, or one calls it.
    fn may_run_in_drop(&self, function: DefId, depth: u32) -> bool {
        if depth == 0 || self.is_drop(function) {
            return depth > 0;
        }
        self.calls_of(function).iter().any(|(body, _)| self.may_run_in_drop(self.program.body(*body).owner, depth - 1))
    }

    /// Whether a join stands where a receive has failed, and the failure is passed on: the thread is known to have ended
    /// before its time. actix-rt's `Err(_) => { let _ = handle.join(); Err(io::Error::other("panicked")) }`.
    fn is_told_by_channel(&self, analysis: &Analysis<'_>, join: ExprId) -> bool {
        let mut at = join;
        while let Some(up) = analysis.tree.parent(at).expr() {
            if let (Expr::Match { scrutinee, arms }, Parent::ArmBody(_, index)) =
                (analysis.expr(up), analysis.tree.parent(at))
            {
                let receives = analysis
                    .callee(analysis.peel(*scrutinee))
                    .is_some_and(|callee| self.effects(callee).has(word::RECEIVES));
                let Some(arm) = arms.get(index as usize) else { return false };
                let is_failure = analysis
                    .types
                    .pat_variants
                    .get(&arm.pat)
                    .is_some_and(|(adt, variant)| Some(*adt) == self.program.lang.result && *variant == 1);
                let value = match analysis.expr(arm.body) {
                    Expr::Block(block) => block.tail,
                    _ => Some(arm.body),
                };
                let is_told = value.is_some_and(|value| {
                    *analysis.types.ty(value) == Ty::Never || is_error_value(self, analysis, value)
                });
                return receives && is_failure && is_told;
            }
            at = up;
        }
        false
    }

    fn joins_thread(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let joins = analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::JOINS));
        let receiver = analysis.receiver(self.program, call).filter(|_| joins);
        let kind = receiver.and_then(|receiver| self.handle_kind(analysis.types.ty(receiver)));
        let gives_result = analysis.types.ty(call).adt().is_some_and(|adt| Some(adt) == self.program.lang.result);
        matches!(kind, Some(HandleKind::Thread | HandleKind::Scoped)) && gives_result
    }

    /// Whether an expression is evaluated only while something panics, or after a panic was caught.
    fn is_on_panic_path(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let mut at = expr;
        while let Some(up) = analysis.tree.parent(at).expr() {
            let tested = match (analysis.expr(up), analysis.tree.parent(at)) {
                (Expr::If { cond, .. }, Parent::Branch(..)) => Some(*cond),
                (Expr::Match { scrutinee, .. }, Parent::ArmBody(..)) => Some(*scrutinee),
                _ => None,
            };
            if tested.is_some_and(|tested| self.is_about_panic(analysis, tested, 4)) {
                return true;
            }
            at = up;
        }
        false
    }

    fn is_about_panic(&self, analysis: &Analysis<'_>, tested: ExprId, budget: u32) -> bool {
        let area = analysis.body.expr(tested).span;
        (0..=tested.0).map(ExprId).filter(|expr| area.contains(analysis.body.expr(*expr).span)).any(|expr| {
            match analysis.expr(expr) {
                Expr::Call { .. } | Expr::MethodCall(_) => analysis.callee(expr).is_some_and(|callee| {
                    let effects = self.effects(callee);
                    effects.has(word::CATCHES_PANIC) || effects.has(word::PANICKING)
                }),
                Expr::Local(local) if budget > 0 => analysis
                    .initializer(*local)
                    .is_some_and(|init| init != tested && self.is_about_panic(analysis, init, budget - 1)),
                _ => false,
            }
        })
    }

    /// What drops the result of a join.
    fn swallower(&self, analysis: &Analysis<'_>, join: ExprId) -> Option<(Loc, Option<Loc>)> {
        let mut at = join;
        let mut by: Option<Loc> = None;
        // The value is that of a closure: the statement around it is not the join's.
        let mut crossed = false;
        let is_option =
            |expr: ExprId| analysis.types.ty(expr).adt().is_some_and(|adt| Some(adt) == self.program.lang.option);
        for _ in 0..6 {
            let here = |by: Option<Loc>| by.unwrap_or_else(|| analysis.call_loc(at));
            match analysis.tree.parent(at) {
                Parent::Stmt(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return None };
                    let Stmt::Expr { semi: true, span, .. } = block.stmts.get(index as usize)? else { return None };
                    return Some((here(by), (!crossed).then(|| analysis.body.loc(*span))));
                }
                // `_ = handle.join();`
                Parent::AssignValue(assign) => {
                    let Expr::Assign { target, .. } = analysis.expr(assign) else { return None };
                    let Parent::Stmt(..) = analysis.tree.parent(assign) else { return None };
                    let wild = matches!(analysis.expr(*target), Expr::Missing);
                    let by = by.or(wild.then(|| analysis.body.expr_loc(*target)))?;
                    return Some((by, (wild && !crossed).then(|| analysis.body.loc(analysis.statement(assign)))));
                }
                Parent::LetInit(block, index) => {
                    let Expr::Block(block) = analysis.expr(block) else { return None };
                    let Stmt::Let { pat, span, els: None, .. } = block.stmts.get(index as usize)? else { return None };
                    let loc = analysis.body.loc(analysis.body.pat(*pat).span);
                    return match analysis.body.pat(*pat).kind {
                        Pat::Wild => Some((by.unwrap_or(loc), (!crossed).then(|| analysis.body.loc(*span)))),
                        Pat::Bind { local, sub: None } if analysis.tree.uses(local).is_empty() => {
                            Some((by.unwrap_or(loc), None))
                        }
                        _ => by.filter(|_| !is_option(at)).map(|by| (by, None)),
                    };
                }
                Parent::Receiver(up) => {
                    // `.ok().context(..)?` sees that there is nothing.
                    if !self.drops_error(analysis, up) {
                        return None;
                    }
                    by = by.or(Some(analysis.call_loc(up)));
                    at = up;
                }
                Parent::LetOperand(test) => {
                    let Expr::Let { pat, .. } = analysis.expr(test) else { return None };
                    let no_else = matches!(analysis.tree.parent(test), Parent::Cond(up)
                        if matches!(analysis.expr(up), Expr::If { els: None, .. }));
                    let only_value = self.is_ok_pattern(analysis, *pat);
                    let loc = analysis.body.loc(analysis.body.pat(*pat).span);
                    return by.or((no_else && only_value).then_some(loc)).map(|by| (by, None));
                }
                Parent::Scrutinee(found) => {
                    let Expr::Match { arms, .. } = analysis.expr(found) else { return None };
                    let silent = arms.iter().find(|arm| {
                        let nothing = match analysis.expr(arm.body) {
                            Expr::Block(block) => block.stmts.is_empty() && block.tail.is_none(),
                            Expr::Tuple(parts) => parts.is_empty(),
                            _ => false,
                        };
                        nothing && !self.is_ok_pattern(analysis, arm.pat)
                    });
                    let loc = silent.map(|arm| analysis.body.loc(analysis.body.pat(arm.pat).span));
                    return by.or(loc).map(|by| (by, None));
                }
                // `handle.take().map(|handle| handle.join());`
                Parent::ClosureBody(closure) => {
                    let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return by.map(|by| (by, None)) };
                    let on = analysis.receiver(self.program, call).map(|on| analysis.types.ty(on).adt());
                    let optional = on.flatten().is_some_and(|adt| Some(adt) == self.program.lang.option);
                    if !optional {
                        return by.map(|by| (by, None));
                    }
                    at = call;
                    crossed = true;
                }
                Parent::BlockTail(up) if matches!(analysis.tree.parent(up), Parent::ClosureBody(_)) => at = up,
                _ => return by.filter(|_| !is_option(at)).map(|by| (by, None)),
            }
        }
        None
    }

    /// Whether a method of `Result` gives no sign of the error: `ok`, `unwrap_or`, `unwrap_or_default`.
    fn drops_error(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let Some(callee) = analysis.callee(call).filter(|callee| !self.program.is_user(*callee)) else { return false };
        let on = analysis.receiver(self.program, call).map(|on| analysis.types.ty(on).adt());
        let on_result = on.flatten().is_some_and(|adt| Some(adt) == self.program.lang.result);
        let name = self.program.name(callee);
        on_result && matches!(name, "ok" | "unwrap_or" | "unwrap_or_default")
    }

    fn is_ok_pattern(&self, analysis: &Analysis<'_>, pat: PatId) -> bool {
        analysis
            .types
            .pat_variants
            .get(&pat)
            .is_some_and(|(adt, variant)| Some(*adt) == self.program.lang.result && *variant == 0)
    }
}
