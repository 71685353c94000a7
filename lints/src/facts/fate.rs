//! What becomes of a thread's handle: followed from the expression that makes it, through bindings, patterns, containers,
//! calls, closures and fields, to the places that join it, let it go, or lead out of sight.
//!
//! The walk follows the tree, not the flow graph: it answers what can happen to the value at all. Which path skips the
//! join is the flow graph's to say. Anything not understood is an escape, and an escape silences.

use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::field_uses::{FieldUse, unresolved};
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;
use std::sync::Arc;

const CALL_BUDGET: u32 = 4;

/// One end of a handle.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FateEnd {
    /// It is joined here.
    Joined(Loc),
    /// It is dropped here without a word.
    Dropped(Loc, DropKind),
    /// It is let go of explicitly: `drop(handle)`, `mem::forget`, a `detach` method.
    Detached(Loc),
    /// It is kept in a field.
    Stored(FieldRef, Loc),
    /// It is kept in a static.
    StoredStatic(DefId, Loc),
    /// It leaves this function as its value.
    Returned(DefId, Loc),
    /// It goes where it cannot be followed.
    Escapes(Loc),
    /// It is looked at.
    Observed(Loc),
    /// The field that keeps it is assigned something else here; whether that is `None`.
    Overwritten(Loc, bool),
}

/// How a handle is dropped without a word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DropKind {
    /// `spawn(..);`
    Statement,
    /// `let _ = spawn(..);`
    Underscore,
    /// `let handle = spawn(..);` and the name is not used again.
    Unused,
    /// A pattern that takes nothing: `if let Ok(_) = spawn(..)`.
    Pattern,
    /// `self.handle.take();`, `let _ = self.handles.pop();`: out of where it is kept, and gone.
    Taken,
}

/// Everything that can become of a handle.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// The ends in the order they were found.
    pub ends: Vec<FateEnd>,
}

impl Fate {
    /// Whether somebody joins it, or may: it is joined, returned, or out of sight.
    pub fn may_be_joined(&self) -> bool {
        self.ends.iter().any(|end| {
            matches!(end, FateEnd::Joined(_) | FateEnd::Returned(..) | FateEnd::Escapes(_) | FateEnd::StoredStatic(..))
        })
    }

    /// The joins.
    pub fn joins(&self) -> impl Iterator<Item = Loc> + '_ {
        self.ends.iter().filter_map(|end| match end {
            FateEnd::Joined(loc) => Some(*loc),
            _ => None,
        })
    }

    /// Whether it leaves that function as its value.
    pub fn is_returned_by(&self, function: DefId) -> bool {
        self.ends.iter().any(|end| matches!(end, FateEnd::Returned(own, _) if *own == function))
    }

    /// The explicit detaches.
    pub fn detaches(&self) -> impl Iterator<Item = Loc> + '_ {
        self.ends.iter().filter_map(|end| match end {
            FateEnd::Detached(loc) => Some(*loc),
            _ => None,
        })
    }

    /// The fields that keep it, with where.
    pub fn fields(&self) -> impl Iterator<Item = (FieldRef, Loc)> + '_ {
        self.ends.iter().filter_map(|end| match end {
            FateEnd::Stored(field, loc) => Some((*field, *loc)),
            _ => None,
        })
    }

    fn add(&mut self, end: FateEnd) {
        if !self.ends.contains(&end) {
            self.ends.push(end);
        }
    }
}

impl Context<'_> {
    /// What becomes of the handle that an expression gives.
    pub fn fate(&self, body: BodyId, expr: ExprId) -> Fate {
        let mut walk = Walk::new(self);
        walk.expr(self.analysis(body), expr, CALL_BUDGET);
        walk.fate
    }

    /// What becomes of the handles kept in a field, over all the user's crates.
    pub fn field_fate(&self, field: FieldRef) -> Arc<Fate> {
        if let Ok(known) = self.field_fates.lock()
            && let Some(fate) = known.get(&field)
        {
            return fate.clone();
        }
        let mut walk = Walk::new(self);
        walk.field(field);
        let fate = Arc::new(walk.fate);
        if let Ok(mut known) = self.field_fates.lock() {
            known.insert(field, fate.clone());
        }
        fate
    }

    /// What becomes of a handle, the fields that keep it included, and those that it is moved to from there.
    pub fn full_fate(&self, fate: &Fate) -> Fate {
        let mut full = fate.clone();
        let mut open = fate.ends.clone();
        let mut seen: FxHashSet<FieldRef> = FxHashSet::default();
        let mut givers: FxHashSet<DefId> = FxHashSet::default();
        while let Some(end) = open.pop() {
            let mut go_on = |fate: &Fate| {
                open.extend(&fate.ends);
                fate.ends.iter().for_each(|end| full.add(*end));
            };
            match end {
                FateEnd::Stored(field, _) if seen.insert(field) => go_on(&self.field_fate(field)),
                FateEnd::Returned(giver, _) if givers.insert(giver) => {
                    let taken = self.spawns().handles.iter().filter(|site| site.wrapper == Some(giver));
                    taken.for_each(|site| go_on(&self.fate(site.body, site.call)));
                }
                _ => {}
            }
        }
        full
    }

    /// What becomes of the handles kept in a static.
    pub fn static_fate(&self, def: DefId) -> Fate {
        let mut walk = Walk::new(self);
        walk.in_field = true;
        let name = self.program.item(def).name;
        for body in self.bodies_mentioning(&[name]) {
            let analysis = self.analysis(body.id);
            for (expr, value) in sorted(&analysis.types.values) {
                if value == ValueRef::Static(def) {
                    walk.expr(analysis, expr, CALL_BUDGET);
                }
            }
        }
        walk.fate
    }
}

fn sorted<V: Copy>(map: &rustc_hash::FxHashMap<ExprId, V>) -> Vec<(ExprId, V)> {
    let mut entries: Vec<(ExprId, V)> = map.iter().map(|(key, value)| (*key, *value)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

struct Walk<'c, 'a> {
    cx: &'c Context<'a>,
    fate: Fate,
    seen: FxHashSet<(BodyId, Seen)>,
    /// The walk started from a field or static: what is followed was kept before.
    in_field: bool,
}

#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Expr(ExprId),
    Local(LocalId),
}

impl<'c, 'a> Walk<'c, 'a> {
    fn new(cx: &'c Context<'a>) -> Walk<'c, 'a> {
        Walk { cx, fate: Fate::default(), seen: FxHashSet::default(), in_field: false }
    }

    fn carries(&self, ty: &Ty) -> bool {
        let roles = self.cx.roles();
        // `Iter<&mut Option<JoinHandle<T>>>` leads to the handles as well as the map that it runs over.
        let through_refs = ty.map(&mut |ty| match ty {
            Ty::Ref(..) => Some(ty.peel_refs().clone()),
            _ => None,
        });
        roles.carries_handle(&roles.pointee(&through_refs)) || roles.carries_handle(&through_refs)
    }

    fn end(&mut self, analysis: &Analysis<'_>, expr: ExprId, end: impl Fn(Loc) -> FateEnd) {
        self.fate.add(end(analysis.call_loc(expr)));
    }

    /// Follows the value of an expression into its parent.
    fn expr(&mut self, analysis: &Analysis<'a>, expr: ExprId, budget: u32) {
        if !self.seen.insert((analysis.body.id, Seen::Expr(expr))) {
            return;
        }
        match analysis.tree.parent(expr) {
            Parent::Root => self.returned(analysis, expr),
            Parent::Stmt(block, index) => self.statement(analysis, expr, block, index),
            Parent::LetInit(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return };
                if let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) {
                    self.bound(analysis, expr, *pat, budget);
                }
            }
            Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) | Parent::RefOperand(up) => {
                self.expr(analysis, up, budget)
            }
            Parent::Element(up, index) => match self.element_pattern(analysis, up, index) {
                Some(pat) => self.bound(analysis, expr, pat, budget),
                None => self.expr(analysis, up, budget),
            },
            Parent::ClosureBody(closure) => self.closure_value(analysis, closure, budget),
            Parent::AsyncBody(_) => self.end(analysis, expr, FateEnd::Escapes),
            Parent::LoopBody(_) | Parent::LetElse(..) => {}
            Parent::Receiver(call) => self.receiver(analysis, call, budget),
            Parent::Arg(call, index) => self.arg(analysis, expr, call, index, budget),
            Parent::MacroArg(call, _) => self.macro_arg(analysis, expr, call, budget),
            Parent::TryOperand(up) | Parent::AwaitOperand(up) => {
                if self.carries(analysis.types.ty(up)) {
                    self.expr(analysis, up, budget);
                } else {
                    self.end(analysis, expr, FateEnd::Escapes);
                }
            }
            Parent::FieldBase(up) | Parent::IndexBase(up) | Parent::DerefOperand(up) => {
                let ty = analysis.types.ty(up);
                if self.carries(ty) {
                    self.expr(analysis, up, budget);
                } else if ty.is_unknown() {
                    self.end(analysis, expr, FateEnd::Escapes);
                } else {
                    self.end(analysis, expr, FateEnd::Observed);
                }
            }
            Parent::LetOperand(up) => {
                if let Expr::Let { pat, .. } = analysis.expr(up) {
                    self.matched(analysis, *pat, !is_place(analysis, expr), budget);
                }
            }
            Parent::Scrutinee(up) => {
                if let Expr::Match { arms, .. } = analysis.expr(up) {
                    for arm in arms {
                        self.matched(analysis, arm.pat, !is_place(analysis, expr), budget);
                    }
                }
            }
            Parent::ForIter(up) => {
                if let Expr::Loop(data) = analysis.expr(up)
                    && let crate::syntax::ir::LoopKind::For { pat, .. } = data.kind
                {
                    self.matched(analysis, pat, true, budget);
                }
            }
            Parent::BreakValue(jump) => match analysis.expr(jump) {
                Expr::Break { target: Some(target), .. } => self.expr(analysis, *target, budget),
                _ => self.end(analysis, expr, FateEnd::Escapes),
            },
            Parent::ReturnValue(_) => match analysis.tree.enclosing_closure(analysis.body, expr) {
                Some(closure) => self.closure_value(analysis, closure, budget),
                None => self.returned(analysis, expr),
            },
            Parent::StructField(literal, index) => self.struct_field(analysis, expr, literal, index),
            Parent::AssignValue(assign) => self.assigned(analysis, expr, assign, budget),
            Parent::AssignTarget(assign) if self.in_field => self.overwritten(analysis, expr, assign),
            Parent::AssignTarget(_)
            | Parent::Operand(_)
            | Parent::Logic(..)
            | Parent::Cond(_)
            | Parent::ArmGuard(..)
            | Parent::IndexValue(_) => self.end(analysis, expr, FateEnd::Observed),
            Parent::Callee(_) | Parent::StructSpread(_) | Parent::SelectOperand(..) | Parent::Opaque(_) => {
                self.end(analysis, expr, FateEnd::Escapes);
            }
        }
    }

    fn returned(&mut self, analysis: &Analysis<'a>, expr: ExprId) {
        match &self.cx.program.item(analysis.body.owner).kind {
            ItemKind::Static(_) | ItemKind::Const(_) => {
                let owner = analysis.body.owner;
                self.fate.add(FateEnd::StoredStatic(owner, self.cx.program.name_loc(owner)));
            }
            _ => {
                let loc = analysis.call_loc(expr);
                self.fate.add(FateEnd::Returned(analysis.body.owner, loc));
            }
        }
    }

    /// `self.handle = None;`
    fn overwritten(&mut self, analysis: &Analysis<'_>, place: ExprId, assign: ExprId) {
        let Expr::Assign { value, .. } = analysis.expr(assign) else { return };
        let is_none = match analysis.value(*value) {
            Some(ValueRef::Constructor(adt, _)) => {
                Some(adt) == self.cx.program.lang.option && matches!(analysis.expr(*value), Expr::Path(_))
            }
            _ => false,
        };
        self.fate.add(FateEnd::Overwritten(analysis.body.expr_loc(place), is_none));
    }

    /// What is taken out of a field and not used is gone from there.
    fn drop_kind(&self, analysis: &Analysis<'_>, expr: ExprId, other: DropKind) -> DropKind {
        let takes = analysis.callee(expr).is_some_and(|callee| {
            let effects = self.cx.effects(callee);
            effects.has(word::TAKES) && !effects.has(word::PUTS)
        });
        match takes && self.in_field {
            true => DropKind::Taken,
            false => other,
        }
    }

    fn statement(&mut self, analysis: &Analysis<'a>, expr: ExprId, block: ExprId, index: u32) {
        let Expr::Block(data) = analysis.expr(block) else { return };
        let by_value = !matches!(analysis.types.ty(expr), Ty::Ref(..));
        if let Some(Stmt::Expr { semi: false, .. }) = data.stmts.get(index as usize)
            && analysis.types.ty(expr).is_unit()
        {
            return;
        }
        // `place;` moves out of nothing that was not there already.
        let owned = by_value && self.cx.roles().owns_handle(analysis.types.ty(expr));
        match owned && !is_place(analysis, expr) {
            true => {
                let kind = self.drop_kind(analysis, expr, DropKind::Statement);
                self.end(analysis, expr, |loc| FateEnd::Dropped(loc, kind));
            }
            false => self.end(analysis, expr, FateEnd::Observed),
        }
    }

    /// `let pat = value;`
    fn bound(&mut self, analysis: &Analysis<'a>, expr: ExprId, pat: PatId, budget: u32) {
        match &analysis.body.pat(pat).kind {
            Pat::Wild => {
                if is_place(analysis, expr) || !self.cx.roles().owns_handle(analysis.types.ty(expr)) {
                    self.end(analysis, expr, FateEnd::Observed);
                } else {
                    let kind = self.drop_kind(analysis, expr, DropKind::Underscore);
                    self.end(analysis, expr, |loc| FateEnd::Dropped(loc, kind));
                }
            }
            _ => self.matched(analysis, pat, !is_place(analysis, expr), budget),
        }
    }

    /// The pattern that takes an element of a tuple literal apart again: `let (a, b) = (spawn(..), spawn(..));`
    fn element_pattern(&self, analysis: &Analysis<'a>, tuple: ExprId, index: u32) -> Option<PatId> {
        let Expr::Tuple(_) = analysis.expr(tuple) else { return None };
        let Parent::LetInit(block, stmt) = analysis.tree.parent(tuple) else { return None };
        let Expr::Block(block) = analysis.expr(block) else { return None };
        let Stmt::Let { pat, .. } = block.stmts.get(stmt as usize)? else { return None };
        let Pat::Tuple(pats) = &analysis.body.pat(*pat).kind else { return None };
        let plain = pats.iter().all(|pat| !matches!(analysis.body.pat(*pat).kind, Pat::Rest));
        pats.get(index as usize).copied().filter(|_| plain)
    }

    /// Follows the bindings of a pattern that carry a handle. What a pattern leaves out is dropped if the value is `owned`
    /// by nobody else: not matched in its place.
    fn matched(&mut self, analysis: &Analysis<'a>, pat: PatId, owned: bool, budget: u32) {
        let ty = analysis.types.pats.get(pat.index()).unwrap_or(&Ty::Unknown);
        let kind = &analysis.body.pat(pat).kind;
        if let Pat::Bind { local, sub } = kind {
            if let Some(sub) = sub {
                self.matched(analysis, *sub, owned, budget);
            }
            let ty = analysis.types.local(*local);
            // Of a generic parameter the type says nothing, the uses do: `impl<H: Join> Join for Option<H>`.
            if self.carries(ty) || matches!(ty.peel_refs(), Ty::Param(..)) {
                self.local(analysis, *local, budget);
            } else if ty.is_unknown() {
                self.fate.add(FateEnd::Escapes(analysis.body.loc(analysis.body.pat(pat).span)));
            }
            return;
        }
        match kind {
            Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                for pat in pats {
                    self.matched(analysis, *pat, owned, budget);
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.matched(analysis, *pat, owned, budget);
                }
            }
            Pat::Ref(inner) => self.matched(analysis, *inner, false, budget),
            Pat::Wild if owned && self.cx.roles().owns_handle(ty) => {
                let kind = if self.in_field { DropKind::Taken } else { DropKind::Pattern };
                self.fate.add(FateEnd::Dropped(analysis.body.loc(analysis.body.pat(pat).span), kind));
            }
            _ => {}
        }
    }

    /// Follows every use of a local.
    fn local(&mut self, analysis: &Analysis<'a>, local: LocalId, budget: u32) {
        if !self.seen.insert((analysis.body.id, Seen::Local(local))) {
            return;
        }
        let uses = analysis.tree.uses(local);
        if uses.is_empty() && !self.mentioned_by_macro(analysis, local) {
            let loc = analysis.body.loc(analysis.body.local(local).span);
            let ty = analysis.types.local(local);
            let borrowed = analysis.body.local(local).by_ref || !self.cx.roles().owns_handle(ty);
            self.fate.add(match borrowed && !ty.is_unknown() {
                true => FateEnd::Observed(loc),
                false => FateEnd::Dropped(loc, DropKind::Unused),
            });
        }
        for used in uses {
            self.expr(analysis, *used, budget);
        }
        if self.mentioned_by_macro(analysis, local) {
            self.fate.add(FateEnd::Escapes(analysis.body.loc(analysis.body.local(local).span)));
        }
    }

    fn mentioned_by_macro(&self, analysis: &Analysis<'a>, local: LocalId) -> bool {
        analysis.body.ir.exprs.iter().any(|data| match &data.kind {
            Expr::Macro(call) => call.locals.contains(&local),
            _ => false,
        })
    }

    fn receiver(&mut self, analysis: &Analysis<'a>, call: ExprId, budget: u32) {
        let Some(callee) = analysis.callee(call) else {
            return self.end(analysis, call, FateEnd::Escapes);
        };
        let effects = self.cx.effects(callee);
        if effects.has(word::JOINS) {
            return self.end(analysis, call, FateEnd::Joined);
        }
        if effects.has(word::OBSERVES) {
            return self.end(analysis, call, FateEnd::Observed);
        }
        if effects.has(word::DETACHES) {
            return self.end(analysis, call, FateEnd::Detached);
        }
        if self.cx.program.is_user(callee) {
            return self.param(analysis, call, callee, None, budget);
        }
        // `retain` asks each of them first.
        let asks = analysis.args(call).iter().any(|arg| matches!(analysis.expr(*arg), Expr::Closure(_)));
        if effects.has(word::CLEARS) && self.in_field && !asks {
            return self.end(analysis, call, |loc| FateEnd::Dropped(loc, DropKind::Taken));
        }
        let inside = self.callbacks(analysis, call, budget);
        if self.carries(analysis.types.ty(call)) {
            return self.expr(analysis, call, budget);
        }
        if inside {
            return;
        }
        let by_ref = matches!(
            self.cx.program.signature(callee).and_then(|signature| signature.self_ty.clone()),
            Some(Ty::Ref(..))
        );
        // `handles.iter().filter(..).count()` uses up an iterator over references, not the handles.
        let borrows = analysis.receiver(self.cx.program, call).is_some_and(|receiver| {
            analysis.args(call).is_empty() && !self.cx.roles().owns_handle(analysis.types.ty(receiver))
        });
        match (by_ref || borrows) && !analysis.types.ty(call).is_unknown() {
            true => self.end(analysis, call, FateEnd::Observed),
            false => self.end(analysis, call, FateEnd::Escapes),
        }
    }

    /// Follows what a library's method hands to its closures and function arguments; whether it handed anything on.
    fn callbacks(&mut self, analysis: &Analysis<'a>, call: ExprId, budget: u32) -> bool {
        let mut handed = false;
        for arg in analysis.args(call) {
            let arg = analysis.peel(*arg);
            match analysis.expr(arg) {
                Expr::Closure(closure) => {
                    for (pat, _) in &closure.params {
                        let ty = analysis.types.pats.get(pat.index()).unwrap_or(&Ty::Unknown);
                        let whole = match &analysis.body.pat(*pat).kind {
                            Pat::Bind { local, .. } => analysis.types.local(*local),
                            _ => ty,
                        };
                        if self.carries(whole) {
                            handed = true;
                            self.matched(analysis, *pat, true, budget);
                        } else if whole.is_unknown() {
                            handed = true;
                            self.end(analysis, call, FateEnd::Escapes);
                        }
                    }
                }
                Expr::Path(_) => {
                    let Some(ValueRef::Function(def)) = analysis.value(arg) else { continue };
                    let effects = self.cx.effects(def);
                    if effects.has(word::JOINS) {
                        handed = true;
                        self.end(analysis, arg, FateEnd::Joined);
                    } else if effects.has(word::DROPS) || effects.has(word::FORGETS) {
                        handed = true;
                        self.end(analysis, arg, FateEnd::Detached);
                    } else if self.cx.program.is_user(def) {
                        handed = true;
                        self.param_of(def, 0, arg, analysis, budget);
                    }
                }
                Expr::Local(_) => {
                    if let Entry::Closure(body, closure) = Entry::of(self.cx, analysis, arg) {
                        let inner = self.cx.analysis(body);
                        if let Expr::Closure(data) = inner.expr(closure) {
                            for (pat, _) in &data.params {
                                handed = true;
                                self.matched(inner, *pat, true, budget);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        handed
    }

    fn arg(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: ExprId, index: u32, budget: u32) {
        if let Expr::Call { callee, .. } = analysis.expr(call)
            && let Some(ValueRef::Constructor(adt, variant)) = analysis.value(*callee)
        {
            return self.constructed(analysis, expr, call, FieldRef { adt, variant, index }, budget);
        }
        let Some(callee) = analysis.callee(call) else {
            return self.called_local(analysis, call, index, budget);
        };
        let effects = self.cx.effects(callee);
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let has_self = self.cx.program.function(callee).is_some_and(|function| function.self_param.is_some());
        if by_path && has_self && index == 0 {
            if effects.has(word::JOINS) {
                return self.end(analysis, call, FateEnd::Joined);
            }
            if effects.has(word::OBSERVES) {
                return self.end(analysis, call, FateEnd::Observed);
            }
            if self.cx.program.is_user(callee) {
                return self.param(analysis, call, callee, None, budget);
            }
        }
        let position = if by_path && has_self { index.saturating_sub(1) } else { index };
        let lets_go = effects.index(word::DROPS) == Some(position as usize)
            || effects.index(word::FORGETS) == Some(position as usize);
        // `ManuallyDrop::new(handle)` keeps it.
        if lets_go && !self.carries(analysis.types.ty(call)) {
            // `drop(handles.pop())` lets go as `drop(handle)` does.
            return self.end(analysis, call, FateEnd::Detached);
        }
        if self.cx.program.is_user(callee) {
            return self.param(analysis, call, callee, Some(position), budget);
        }
        if effects.has(word::SENDS) || effects.has(word::STORES) {
            return self.end(analysis, call, FateEnd::Escapes);
        }
        if !by_path && (effects.has(word::PUTS) || matches!(analysis.types.ty(call), Ty::Ref(..))) {
            // What gives a reference back, `entry(..).or_insert(handle)`, keeps it.
            if let Some(receiver) = analysis.receiver(self.cx.program, call) {
                self.put(analysis, receiver, call, budget);
            }
            return;
        }
        if self.carries(analysis.types.ty(call)) {
            return self.expr(analysis, call, budget);
        }
        if by_path && index == 0 && self.callbacks(analysis, call, budget) {
            return;
        }
        let by_ref = matches!(analysis.types.ty(expr), Ty::Ref(false, _));
        match by_ref {
            true => self.end(analysis, call, FateEnd::Observed),
            false => self.end(analysis, call, FateEnd::Escapes),
        }
    }

    /// `stop(handle)` where `stop` is a local closure.
    fn called_local(&mut self, analysis: &Analysis<'a>, call: ExprId, index: u32, budget: u32) {
        if let Expr::Call { callee, .. } = analysis.expr(call)
            && let Entry::Closure(body, closure) = Entry::of(self.cx, analysis, *callee)
        {
            let inner = self.cx.analysis(body);
            if let Expr::Closure(data) = inner.expr(closure)
                && let Some((pat, _)) = data.params.get(index as usize)
            {
                return self.matched(inner, *pat, true, budget);
            }
        }
        self.end(analysis, call, FateEnd::Escapes);
    }

    /// `Some(handle)`, `Worker(handle)`
    fn constructed(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: ExprId, field: FieldRef, budget: u32) {
        if self.cx.program.is_user(field.adt) {
            let loc = analysis.body.expr_loc(expr);
            self.fate.add(FateEnd::Stored(field, loc));
        } else if self.carries(analysis.types.ty(call)) {
            self.expr(analysis, call, budget);
        } else {
            self.end(analysis, call, FateEnd::Escapes);
        }
    }

    /// Follows a handle into a parameter of a function of the user's; `None` is `self`.
    fn param(&mut self, analysis: &Analysis<'a>, call: ExprId, callee: DefId, index: Option<u32>, budget: u32) {
        match index {
            Some(index) => self.param_of(callee, index, call, analysis, budget),
            None => {
                let body = self.cx.program.body_of(callee);
                match body.map(|body| self.cx.analysis(body)) {
                    Some(inner) if budget > 0 => match inner.body.ir.self_local {
                        Some(local) => self.local(inner, local, budget - 1),
                        None => self.end(analysis, call, FateEnd::Escapes),
                    },
                    _ => self.end(analysis, call, FateEnd::Escapes),
                }
            }
        }
    }

    fn param_of(&mut self, callee: DefId, index: u32, at: ExprId, analysis: &Analysis<'a>, budget: u32) {
        let body = self.cx.program.body_of(callee);
        let Some(inner) = body.filter(|_| budget > 0).map(|body| self.cx.analysis(body)) else {
            return self.end(analysis, at, FateEnd::Escapes);
        };
        let Some(pat) = inner.body.ir.params.get(index as usize) else {
            return self.end(analysis, at, FateEnd::Escapes);
        };
        let before = self.fate.ends.len();
        match &inner.body.pat(*pat).kind {
            // A generic parameter: the type says nothing, the uses do.
            Pat::Bind { local, .. } => self.local(inner, *local, budget - 1),
            _ => self.matched(inner, *pat, true, budget - 1),
        }
        // The value comes back to the caller.
        let comes_back = self.fate.ends[before..]
            .iter()
            .any(|end| matches!(end, FateEnd::Returned(owner, _) if *owner == inner.body.owner));
        if comes_back
            && matches!(analysis.expr(at), Expr::Call { .. } | Expr::MethodCall(_))
            && self.carries(analysis.types.ty(at))
        {
            let kept: Vec<FateEnd> = self.fate.ends.drain(before..).collect();
            let kept = kept
                .into_iter()
                .filter(|end| !matches!(end, FateEnd::Returned(owner, _) if *owner == inner.body.owner));
            self.fate.ends.extend(kept);
            self.expr(analysis, at, budget - 1);
        }
    }

    fn macro_arg(&mut self, analysis: &Analysis<'a>, expr: ExprId, call: ExprId, budget: u32) {
        if self.carries(analysis.types.ty(call)) {
            return self.expr(analysis, call, budget);
        }
        // Formatting looks; any other macro may do anything.
        let formats = analysis.types.ty(call).is_unit() || analysis.types.ty(call) == &Ty::Never;
        match formats {
            true => self.end(analysis, expr, FateEnd::Observed),
            false => self.end(analysis, expr, FateEnd::Escapes),
        }
    }

    /// The value of a closure: of the calls of a local closure, or of what a library's method makes of it.
    fn closure_value(&mut self, analysis: &Analysis<'a>, closure: ExprId, budget: u32) {
        match analysis.tree.parent(closure) {
            Parent::LetInit(..) => {
                let Some(local) = self.local_of_init(analysis, closure) else {
                    return self.end(analysis, closure, FateEnd::Escapes);
                };
                for used in analysis.tree.uses(local) {
                    match analysis.tree.parent(*used) {
                        Parent::Callee(call) => self.expr(analysis, call, budget),
                        Parent::Arg(call, _) => self.closure_result(analysis, *used, call, budget),
                        _ => self.end(analysis, *used, FateEnd::Escapes),
                    }
                }
            }
            Parent::Arg(call, _) => self.closure_result(analysis, closure, call, budget),
            Parent::Callee(call) => self.expr(analysis, call, budget),
            _ => self.end(analysis, closure, FateEnd::Escapes),
        }
    }

    fn closure_result(&mut self, analysis: &Analysis<'a>, closure: ExprId, call: ExprId, budget: u32) {
        let callee = analysis.callee(call).filter(|callee| !self.cx.program.is_user(*callee));
        let known = callee.is_some();
        // `HANDLE.get_or_init(|| spawn(..))`, `entry(..).or_insert_with(|| spawn(..))`
        let keeps = callee.is_some_and(|callee| self.cx.effects(callee).has(word::PUTS_RESULT))
            || matches!(analysis.types.ty(call), Ty::Ref(..));
        if known
            && keeps
            && let Expr::MethodCall(data) = analysis.expr(call)
        {
            self.put(analysis, data.receiver, call, budget);
        }
        match known && self.carries(analysis.types.ty(call)) {
            true => self.expr(analysis, call, budget),
            false => self.end(analysis, closure, FateEnd::Escapes),
        }
    }

    fn local_of_init(&self, analysis: &Analysis<'a>, init: ExprId) -> Option<LocalId> {
        let Parent::LetInit(block, index) = analysis.tree.parent(init) else { return None };
        let Expr::Block(block) = analysis.expr(block) else { return None };
        let Stmt::Let { pat, .. } = block.stmts.get(index as usize)? else { return None };
        match &analysis.body.pat(*pat).kind {
            Pat::Bind { local, .. } => Some(*local),
            _ => None,
        }
    }

    fn struct_field(&mut self, analysis: &Analysis<'a>, expr: ExprId, literal: ExprId, index: u32) {
        let Expr::Struct(data) = analysis.expr(literal) else { return };
        let target = analysis.types.literals.get(&literal).copied();
        let Some((name, span, _)) = data.fields.get(index as usize) else { return };
        match target.and_then(|(adt, variant)| self.cx.field_named(adt, variant, *name)) {
            Some(field) if self.cx.program.is_user(field.adt) => {
                self.fate.add(FateEnd::Stored(field, analysis.body.loc(*span)));
            }
            _ => self.end(analysis, expr, FateEnd::Escapes),
        }
    }

    fn assigned(&mut self, analysis: &Analysis<'a>, expr: ExprId, assign: ExprId, budget: u32) {
        let Expr::Assign { target, .. } = analysis.expr(assign) else { return };
        if matches!(analysis.expr(*target), Expr::Missing) {
            return self.end(analysis, expr, |loc| FateEnd::Dropped(loc, DropKind::Underscore));
        }
        self.put(analysis, *target, expr, budget);
    }

    /// A handle is put into a place: follow the place.
    fn put(&mut self, analysis: &Analysis<'a>, place: ExprId, at: ExprId, budget: u32) {
        let mut place = place;
        loop {
            match analysis.expr(place) {
                Expr::Local(local) => match self.referred(analysis, *local) {
                    Some(Some(origin)) => place = origin,
                    Some(None) => return self.end(analysis, at, FateEnd::Escapes),
                    None => return self.local(analysis, *local, budget),
                },
                Expr::Field { base, .. } => match analysis.types.fields.get(&place) {
                    Some((field, _)) => {
                        let loc = analysis.body.expr_loc(place);
                        return self.fate.add(FateEnd::Stored(*field, loc));
                    }
                    // An element of a tuple.
                    None if !analysis.types.ty(*base).is_unknown() => place = *base,
                    None => return self.end(analysis, at, FateEnd::Escapes),
                },
                Expr::Path(_) => match analysis.value(place) {
                    Some(ValueRef::Static(def)) => {
                        let loc = analysis.body.expr_loc(place);
                        return self.fate.add(FateEnd::StoredStatic(def, loc));
                    }
                    _ => return self.end(analysis, at, FateEnd::Escapes),
                },
                Expr::Deref(inner)
                | Expr::Ref { expr: inner, .. }
                | Expr::Index { base: inner, .. }
                | Expr::Try(inner)
                | Expr::Await(inner) => place = *inner,
                // `self.handles.lock().unwrap().push(..)`: a guard of, or a reference into, what it was called on.
                Expr::MethodCall(call) => match analysis.callee(place) {
                    Some(callee) if !self.cx.program.is_user(callee) => place = call.receiver,
                    _ => return self.end(analysis, at, FateEnd::Escapes),
                },
                _ => return self.end(analysis, at, FateEnd::Escapes),
            }
        }
    }

    /// What a local that is a reference or a guard leads to: the expression it came from, `None` where that is out of
    /// sight. Nothing for a local that is itself the place.
    fn referred(&self, analysis: &Analysis<'a>, local: LocalId) -> Option<Option<ExprId>> {
        let ty = analysis.types.local(local);
        let leads = analysis.body.local(local).by_ref
            || matches!(ty, Ty::Ref(..))
            || (self.carries(ty) && !self.cx.roles().owns_handle(ty));
        if !leads {
            return None;
        }
        let mut pat = analysis.tree.binding(local);
        while let Some(inner) = pat
            && let PatParent::Pat(outer) = analysis.tree.pat_parent(inner)
        {
            pat = Some(outer);
        }
        Some(pat.and_then(|pat| match analysis.tree.pat_parent(pat) {
            PatParent::Let(block, index) => match analysis.expr(block) {
                Expr::Block(block) => match block.stmts.get(index as usize)? {
                    Stmt::Let { init, .. } => *init,
                    Stmt::Expr { .. } => None,
                },
                _ => None,
            },
            PatParent::LetExpr(up) => match analysis.expr(up) {
                Expr::Let { expr, .. } => Some(*expr),
                _ => None,
            },
            PatParent::Arm(up, _) => match analysis.expr(up) {
                Expr::Match { scrutinee, .. } => Some(*scrutinee),
                _ => None,
            },
            PatParent::For(up) => match analysis.expr(up) {
                Expr::Loop(data) => match data.kind {
                    crate::syntax::ir::LoopKind::For { iter, .. } => Some(iter),
                    _ => None,
                },
                _ => None,
            },
            // `KEY.with(|slot| slot.borrow_mut().push(handle))`
            PatParent::ClosureParam(closure, _) => match analysis.tree.parent(closure) {
                Parent::Arg(call, _) => match (analysis.expr(call), analysis.callee(call)) {
                    (Expr::MethodCall(data), Some(callee)) if !self.cx.program.is_user(callee) => Some(data.receiver),
                    _ => None,
                },
                _ => None,
            },
            PatParent::Param(_) | PatParent::Pat(_) => None,
        }))
    }

    /// Follows every read of a field, over all bodies. Where it may be read unseen it escapes: in a file that could not be
    /// parsed, in a macro's tokens, through a type that is not known.
    fn field(&mut self, field: FieldRef) {
        let Some(declared) = self.cx.field(field) else { return };
        self.in_field = true;
        let program = self.cx.program;
        let declared_at = Loc::new(program.file(field.adt), declared.span);
        let is_index = (0..16).any(|index| Name::of_index(index) == declared.name);
        if self.read_unseen(field, declared.name, is_index) {
            return self.fate.add(FateEnd::Escapes(declared_at));
        }
        if !is_index {
            let uses = self.cx.field_uses(declared.name);
            for (body, used) in uses.of(field) {
                self.field_use(self.cx.analysis(*body), *used);
            }
            for (_, loc) in &uses.unresolved {
                self.fate.add(FateEnd::Escapes(*loc));
            }
            return;
        }
        // Patterns do not mention the index.
        let adt = program.item(field.adt).name;
        for body in self.cx.bodies_mentioning(&[declared.name, adt, Name::of("Self"), Name::of("self")]) {
            let analysis = self.cx.analysis(body.id);
            let exprs = analysis.types.fields.iter().filter(|(_, (found, _))| *found == field);
            let mut uses: Vec<FieldUse> = exprs.map(|(expr, _)| FieldUse::Expr(*expr)).collect();
            let pats = analysis.types.pat_fields.iter().filter(|(_, found)| **found == field);
            uses.extend(pats.map(|(pat, _)| FieldUse::Pat(*pat)));
            uses.sort_unstable();
            for used in uses {
                self.field_use(analysis, used);
            }
            if body.mentions(adt) {
                for loc in unresolved(analysis, declared.name, false) {
                    self.fate.add(FateEnd::Escapes(loc));
                }
            }
        }
    }

    fn field_use(&mut self, analysis: &Analysis<'a>, used: FieldUse) {
        match used {
            FieldUse::Expr(expr) => self.expr(analysis, expr, CALL_BUDGET),
            FieldUse::Pat(pat) => {
                let owned = self.takes_apart(analysis, pat);
                self.matched(analysis, pat, owned, CALL_BUDGET);
            }
        }
    }

    /// Whether a pattern takes apart a value that goes with it: what `mem::replace(self, State::Idle)` gives, not a place; and
    /// the code goes on from there.
    fn takes_apart(&self, analysis: &Analysis<'a>, pat: PatId) -> bool {
        let mut outer = pat;
        let source = loop {
            match analysis.tree.pat_parent(outer) {
                PatParent::Pat(up) => outer = up,
                PatParent::Arm(up, index) => match analysis.expr(up) {
                    Expr::Match { scrutinee, arms } => {
                        let arm = arms.get(index as usize);
                        if arm.is_none_or(|arm| *analysis.types.ty(arm.body) == Ty::Never) {
                            return false;
                        }
                        break *scrutinee;
                    }
                    _ => return false,
                },
                PatParent::LetExpr(up) => match analysis.expr(up) {
                    Expr::Let { expr, .. } => break *expr,
                    _ => return false,
                },
                _ => return false,
            }
        };
        let takes = analysis.callee(source).is_some_and(|callee| self.cx.effects(callee).has(word::TAKES));
        takes && !matches!(analysis.types.ty(source), Ty::Ref(..))
    }

    /// Whether a file of the crate that could not be read, or a macro of the crate's own, mentions the field.
    fn read_unseen(&self, field: FieldRef, name: Name, is_index: bool) -> bool {
        let program = self.cx.program;
        if is_index {
            return false;
        }
        let text = program.name_text(field.adt, name);
        self.cx.is_mentioned_unread(text)
            || program.user_defs().any(|def| match &program.item(def).kind {
                ItemKind::MacroRules(data) => data.tokens.names.binary_search(&name).is_ok(),
                ItemKind::MacroCall(tokens) => tokens.names.binary_search(&name).is_ok(),
                _ => false,
            })
    }
}

/// Whether an expression names a place, or borrows one: what it is bound to or matched against stays where it is.
fn is_place(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    matches!(
        analysis.expr(expr),
        Expr::Local(_) | Expr::Field { .. } | Expr::Path(_) | Expr::Ref { .. } | Expr::Deref(_) | Expr::Index { .. }
    )
}
