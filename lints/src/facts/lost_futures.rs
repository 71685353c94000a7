//! Threads that only make a future: nothing in it runs before somebody polls it, and nobody does.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::spawns::{Spawn, SpawnKind};
use crate::model::{Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

const BUDGET: u32 = 24;

/// A thread whose value is a future that nobody polls.
#[derive(Clone, Debug)]
pub struct LostFuture {
    /// The spawn.
    pub spawn: Spawn,
    /// Where the future is made: the `async` block, the call of the `async fn`, or its name.
    pub made: Loc,
    /// Where it is dropped: what is left of the handle, or of what joining it gives.
    pub lost: Loc,
}

impl Context<'_> {
    /// The threads that make a future and do nothing with it, in order.
    pub fn lost_futures(&self) -> Vec<LostFuture> {
        self.spawns().all.iter().filter_map(|spawn| self.lost_future(spawn)).collect()
    }

    fn lost_future(&self, spawn: &Spawn) -> Option<LostFuture> {
        if !matches!(spawn.kind, SpawnKind::Thread | SpawnKind::Scoped) {
            return None;
        }
        let analysis = self.analysis(spawn.body);
        let made = self.future_of(spawn)?;
        let mut walk = Walk { cx: self, analysis, seen: FxHashSet::default(), lost: None };
        if !walk.is_lost(spawn.call, BUDGET) {
            return None;
        }
        let lost = walk.lost.unwrap_or_else(|| analysis.call_loc(spawn.call));
        Some(LostFuture { spawn: *spawn, made, lost })
    }

    /// Where the future is made that a thread's code ends with.
    fn future_of(&self, spawn: &Spawn) -> Option<Loc> {
        let made_by = self.analysis(spawn.body);
        match spawn.entry {
            Entry::Function(def) => {
                let is_async = self.program.function(def).is_some_and(|function| function.is_async);
                // `thread::spawn(refresh)`: the function's name.
                let named = made_by.args(spawn.call).iter().find(|arg| matches!(made_by.expr(**arg), Expr::Path(_)));
                let named = named.map_or(made_by.call_loc(spawn.call), |arg| made_by.body.expr_loc(*arg));
                is_async.then_some(named)
            }
            Entry::Closure(body, closure) => {
                // `async || ..`
                if let Expr::Closure(data) = self.analysis(body).expr(closure)
                    && data.is_async
                {
                    return Some(self.analysis(body).body.loc(data.head));
                }
                let (body, code) = spawn.entry.code(self)?;
                let analysis = self.analysis(body);
                let mut at = code;
                for _ in 0..8 {
                    match analysis.expr(at) {
                        Expr::Block(block) => at = block.tail?,
                        Expr::Async { .. } => return Some(Loc::new(analysis.body.file, self.head(analysis, at))),
                        Expr::Call { .. } | Expr::MethodCall(_) => {
                            let callee = analysis.callee(at);
                            let is_async = callee
                                .and_then(|callee| self.program.function(callee))
                                .is_some_and(|function| function.is_async);
                            if is_async || self.is_future(analysis.types.ty(at)) {
                                return Some(analysis.call_loc(at));
                            }
                            return None;
                        }
                        _ => return None,
                    }
                }
                None
            }
            Entry::Param(..) | Entry::Unknown => None,
        }
    }

    /// `async move`, without the block.
    fn head(&self, analysis: &Analysis<'_>, block: ExprId) -> crate::source::Span {
        let span = analysis.body.expr(block).span;
        let Expr::Async { body, .. } = analysis.expr(block) else { return span };
        let text = self.program.text(
            analysis
                .body
                .loc(crate::source::Span::new(span.start, analysis.body.expr(*body).span.start.max(span.start))),
        );
        let length = text.trim_end().len() as u32;
        match length {
            0 => span,
            _ => crate::source::Span::new(span.start, span.start + length),
        }
    }

    /// Whether a type is a future that does nothing by itself: of an `async` block or function, perhaps in a `Box`.
    fn is_future(&self, ty: &Ty) -> bool {
        let future = self.program.lang.future;
        let says = |bounds: &[crate::model::Bound]| bounds.iter().any(|bound| Some(bound.trait_def) == future);
        match ty {
            Ty::Opaque(bounds) | Ty::Dyn(bounds) => future.is_some() && says(bounds),
            Ty::Adt(def, args) => {
                let wraps = Some(*def) == self.program.lang.boxed || Some(*def) == self.program.lang.pin;
                wraps && args.first().is_some_and(|inner| self.is_future(inner))
            }
            _ => false,
        }
    }
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    analysis: &'c Analysis<'a>,
    seen: FxHashSet<LocalId>,
    lost: Option<Loc>,
}

impl Walk<'_, '_> {
    /// Whether a handle, or what joining it gives, is dropped, or looked at without taking the value out.
    fn is_lost(&mut self, expr: ExprId, budget: u32) -> bool {
        if budget == 0 {
            return false;
        }
        let analysis = self.analysis;
        match analysis.tree.parent(expr) {
            Parent::Stmt(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return false };
                let ends = matches!(block.stmts.get(index as usize), Some(Stmt::Expr { semi: true, .. }));
                self.note(expr);
                ends
            }
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return false };
                match block.stmts.get(index as usize) {
                    Some(Stmt::Let { pat, .. }) => self.is_binding_lost(*pat, expr, budget),
                    _ => false,
                }
            }
            // `scope(|s| { s.spawn(..) })` gives it on, a `for` does not.
            Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) => match analysis.tree.parent(up) {
                Parent::LoopBody(_) => {
                    self.note(expr);
                    true
                }
                _ => self.is_lost(up, budget - 1),
            },
            Parent::TryOperand(up) => self.is_lost(up, budget - 1),
            Parent::Receiver(call) => self.is_lost_by_method(call, budget),
            Parent::Arg(call, _) => self.is_lost_in_call(expr, call),
            Parent::ClosureBody(closure) => match analysis.tree.parent(closure) {
                Parent::Arg(call, _) if self.is_iterator(call) => self.is_lost(call, budget - 1),
                _ => false,
            },
            Parent::ForIter(up) => match analysis.expr(up) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { pat, .. } => self.is_binding_lost(pat, expr, budget),
                    _ => false,
                },
                _ => false,
            },
            // `if handle.join().is_err()`
            Parent::Cond(_) | Parent::Operand(_) | Parent::Logic(..) => *analysis.types.ty(expr) == Ty::BOOL,
            Parent::LetOperand(up) => match analysis.expr(up) {
                // `if let Err(panic) = handle.join()`
                Expr::Let { pat, .. } => self.takes_no_value(*pat),
                _ => false,
            },
            _ => false,
        }
    }

    fn note(&mut self, expr: ExprId) {
        self.lost = self.lost.or(Some(self.analysis.call_loc(expr)));
    }

    fn is_binding_lost(&mut self, pat: PatId, value: ExprId, budget: u32) -> bool {
        let analysis = self.analysis;
        match &analysis.body.pat(pat).kind {
            Pat::Wild => {
                self.note(value);
                true
            }
            Pat::Bind { local, sub: None } => {
                if !self.seen.insert(*local) {
                    return true;
                }
                let uses = analysis.tree.uses(*local);
                if uses.is_empty() {
                    self.note(value);
                }
                uses.iter().all(|used| self.is_lost(*used, budget - 1))
            }
            _ => false,
        }
    }

    /// Whether a pattern looks at an error only.
    fn takes_no_value(&self, pat: PatId) -> bool {
        let lang = &self.cx.program.lang;
        match (&self.analysis.body.pat(pat).kind, self.analysis.types.pat_variants.get(&pat)) {
            (Pat::TupleStruct { pats, .. }, Some((adt, variant))) if Some(*adt) == lang.result => {
                *variant == 1 || pats.iter().all(|pat| matches!(self.analysis.body.pat(*pat).kind, Pat::Wild))
            }
            _ => false,
        }
    }

    fn is_lost_by_method(&mut self, call: ExprId, budget: u32) -> bool {
        let analysis = self.analysis;
        let Some(callee) = analysis.callee(call).filter(|callee| !self.cx.program.is_user(*callee)) else {
            return false;
        };
        let effects = self.cx.effects(callee);
        let ty = analysis.types.ty(call);
        if effects.has(word::DETACHES) {
            self.note(call);
            return true;
        }
        if effects.has(word::OBSERVES) || *ty == Ty::BOOL {
            return true;
        }
        // The value goes on: out of a `Result`, into a list.
        let lang = &self.cx.program.lang;
        let wrapper = |ty: &Ty| ty.adt().is_some_and(|adt| Some(adt) == lang.option || Some(adt) == lang.result);
        let goes_on = effects.has(word::JOINS)
            || effects.has(word::UNWRAPS)
            || wrapper(ty)
            || self.cx.is_future(ty)
            || self.is_iterator(call)
            || self.cx.roles().says(ty, word::COLLECTION);
        let plain = analysis.args(call).iter().all(|arg| !matches!(analysis.expr(*arg), Expr::Closure(_)));
        goes_on && plain && self.is_lost(call, budget - 1)
    }

    fn is_iterator(&self, call: ExprId) -> bool {
        let analysis = self.analysis;
        let Expr::MethodCall(data) = analysis.expr(call) else { return false };
        let lang = self.cx.program.lang.iter;
        let adt = |expr| analysis.types.ty(expr).adt();
        lang.is_some() && (adt(data.receiver) == lang || adt(call) == lang)
    }

    /// `drop(handle)`
    fn is_lost_in_call(&mut self, expr: ExprId, call: ExprId) -> bool {
        let Some(callee) = self.analysis.callee(call) else { return false };
        let effects = self.cx.effects(callee);
        let gone = [word::DROPS, word::FORGETS, word::DETACHES].iter().any(|word| effects.has(*word));
        if gone {
            self.note(expr);
        }
        gone
    }
}
