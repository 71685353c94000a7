//! Which object an expression speaks of: the lock, flag or channel end behind references, clones and captures.
//!
//! A field is identified by its declaration, not by the instance it is read from: good enough to ask whether anything in
//! the crate sets a flag, too weak to say that two locks are one. A local is identified by its binding; a clone
//! (`aliases` in the catalogue) is the object it was cloned from.

use super::context::{Analysis, Context};
use super::effects::word;
use crate::model::{BodyId, DefId, FieldRef, Parent, PatParent, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, Stmt};

const BUDGET: u32 = 12;
/// How many steps a trail is followed.
const TRAIL: u32 = 32;

/// An object that can be named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// A field, of whatever instance.
    Field(FieldRef),
    /// A local or parameter.
    Local(BodyId, LocalId),
    /// A static.
    Static(DefId),
}

impl Context<'_> {
    /// The object that an expression speaks of.
    pub fn place(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Place> {
        self.place_at(analysis, expr, BUDGET)
    }

    fn place_at(&self, analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> Option<Place> {
        if budget == 0 {
            return None;
        }
        match analysis.expr(expr) {
            Expr::Local(local) => Some(self.place_of_local(analysis, *local, budget - 1)),
            Expr::Field { base, .. } => match analysis.types.fields.get(&expr) {
                Some((field, _)) => Some(Place::Field(*field)),
                // An element of a tuple stands for the tuple.
                None => self.place_at(analysis, *base, budget - 1),
            },
            Expr::Path(_) => match analysis.value(expr)? {
                ValueRef::Static(def) => Some(Place::Static(def)),
                _ => None,
            },
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) => self.place_at(analysis, *inner, budget - 1),
            Expr::Block(block) if block.stmts.is_empty() => self.place_at(analysis, block.tail?, budget - 1),
            // What a lock guards is named by the lock: `receiver.lock().unwrap()`.
            Expr::MethodCall(call) => {
                let effects = self.effects(analysis.callee(expr)?);
                let through = [word::ALIASES, word::ACQUIRES, word::UNWRAPS].iter().any(|word| effects.has(*word));
                through.then(|| self.place_at(analysis, call.receiver, budget - 1))?
            }
            Expr::Call { args, .. } => {
                let effects = self.effects(analysis.callee(expr)?);
                let index = effects.get(word::ALIASES).map(|_| effects.index(word::ALIASES).unwrap_or(0))?;
                self.place_at(analysis, *args.get(index)?, budget - 1)
            }
            _ => None,
        }
    }

    /// The object behind a local: what it was cloned or borrowed from, else itself.
    fn place_of_local(&self, analysis: &Analysis<'_>, local: LocalId, budget: u32) -> Place {
        let own = Place::Local(analysis.body.id, local);
        let Some(pat) = analysis.tree.binding(local) else { return own };
        if let Some(field) = analysis.types.pat_fields.get(&pat) {
            if self.program.is_user(field.adt) {
                return Place::Field(*field);
            }
            return own;
        }
        if let PatParent::Let(block, index) = analysis.tree.pat_parent(pat)
            && let Expr::Block(block) = analysis.expr(block)
            && let Some(Stmt::Let { init: Some(init), .. }) = block.stmts.get(index as usize)
            && matches!(analysis.body.pat(pat).kind, Pat::Bind { .. })
            && (self.is_alias(analysis, *init) || self.roles().is_guard(analysis.types.local(local)))
            && let Some(place) = self.place_at(analysis, *init, budget.saturating_sub(1))
        {
            return place;
        }
        // `let (a, b) = (x.clone(), y.clone());`
        if let Some(element) = analysis.tuple_element(pat)
            && self.is_alias(analysis, element)
            && let Some(place) = self.place_at(analysis, element, budget.saturating_sub(1))
        {
            return place;
        }
        own
    }

    /// As [`Context::place`], where a local that takes the only flag out of a pair, `let (lock, condvar) = &*pair`, stands
    /// for the pair.
    pub fn flag_place(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Place> {
        let place = self.place(analysis, expr)?;
        let Place::Local(body, local) = place else { return Some(place) };
        let analysis = self.analysis(body);
        let pair = || {
            let PatParent::Pat(tuple) = analysis.tree.pat_parent(analysis.tree.binding(local)?) else { return None };
            let PatParent::Let(block, index) = analysis.tree.pat_parent(tuple) else { return None };
            let Expr::Block(block) = analysis.expr(block) else { return None };
            let Some(Stmt::Let { init: Some(init), .. }) = block.stmts.get(index as usize) else { return None };
            let Ty::Tuple(parts) = self.roles().pointee(analysis.types.ty(*init)) else { return None };
            let flags = parts.iter().filter(|part| self.is_flag_type(part)).count();
            let is_pair = flags == 1 && self.is_alias(analysis, *init);
            is_pair.then(|| self.place(analysis, *init))?
        };
        Some(pair().unwrap_or(place))
    }

    /// Whether an expression gives the object it names, rather than a new one.
    fn is_alias(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        match analysis.expr(expr) {
            Expr::Ref { .. } | Expr::Field { .. } | Expr::Local(_) | Expr::Path(_) | Expr::Deref(_) => true,
            Expr::MethodCall(_) | Expr::Call { .. } => {
                analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::ALIASES))
            }
            _ => false,
        }
    }

    /// The places that an expression is reached through, the object itself first: `self.shared.queue.lock()` speaks of
    /// `Shared::queue`, in `Pool::shared`. It goes through patterns, and through what a library's methods give.
    pub(super) fn trail(&self, analysis: &Analysis<'_>, expr: ExprId) -> Vec<Place> {
        let mut trail = Vec::new();
        let mut next = Some(expr);
        for _ in 0..TRAIL {
            let Some(at) = next else { break };
            next = match analysis.expr(at) {
                Expr::Local(local) => self.behind_local(analysis, *local, &mut trail),
                Expr::Field { base, .. } => {
                    trail.extend(analysis.types.fields.get(&at).map(|(field, _)| Place::Field(*field)));
                    Some(*base)
                }
                Expr::Path(_) => {
                    if let Some(ValueRef::Static(def)) = analysis.value(at) {
                        trail.push(Place::Static(def));
                    }
                    None
                }
                Expr::Ref { expr: inner, .. }
                | Expr::Deref(inner)
                | Expr::Try(inner)
                | Expr::Await(inner)
                | Expr::Index { base: inner, .. } => Some(*inner),
                Expr::Block(block) if block.stmts.is_empty() => block.tail,
                Expr::MethodCall(call) => {
                    analysis.callee(at).filter(|callee| !self.program.is_user(*callee)).map(|_| call.receiver)
                }
                Expr::Call { args, .. } => analysis.callee(at).and_then(|callee| {
                    let effects = self.effects(callee);
                    let index = [word::ALIASES, word::TAKES]
                        .into_iter()
                        .find_map(|word| effects.get(word).map(|_| effects.index(word).unwrap_or(0)))?;
                    args.get(index).copied()
                }),
                _ => None,
            };
        }
        trail
    }

    /// One step of a trail: the local, and the expression that it was bound from.
    fn behind_local(&self, analysis: &Analysis<'_>, local: LocalId, trail: &mut Vec<Place>) -> Option<ExprId> {
        let place = self.place_of_local(analysis, local, BUDGET);
        let pat = analysis.tree.binding(local);
        let source = analysis.bound_from(local).or_else(|| {
            // `self.senders.iter().for_each(|sender| sender.send(..))`
            let PatParent::ClosureParam(closure, _) = analysis.tree.pat_parent(pat?) else { return None };
            let Parent::Arg(call, _) = analysis.tree.parent(closure) else { return None };
            analysis.callee(call).filter(|callee| !self.program.is_user(*callee))?;
            analysis.receiver(self.program, call)
        });
        // A part of a tuple stands for the tuple; what a call makes stands for itself.
        let is_part = pat.is_some_and(|pat| matches!(analysis.tree.pat_parent(pat), PatParent::Pat(_)));
        let borrowed = source.is_some_and(|source| {
            matches!(
                analysis.expr(source),
                Expr::Ref { .. } | Expr::Deref(_) | Expr::Field { .. } | Expr::Local(_) | Expr::MethodCall(_)
            )
        });
        let stands_alone = matches!(place, Place::Local(_, own) if own == local) && is_part && borrowed;
        if !stands_alone {
            trail.push(place);
        }
        source
    }

    /// The object that an expression speaks of, through patterns and what a library's methods give.
    pub(super) fn object(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Place> {
        self.trail(analysis, expr).first().copied()
    }

    /// A place for messages.
    pub fn place_text(&self, place: Place) -> String {
        match place {
            Place::Field(field) => self.field_text(field),
            Place::Static(def) => self.program.name(def).to_owned(),
            Place::Local(body, local) => {
                let body = self.program.body(body);
                self.program.name_text(body.owner, body.local(local).name).to_owned()
            }
        }
    }

    /// Where a place is declared.
    pub fn place_loc(&self, place: Place) -> Option<crate::source::Loc> {
        match place {
            Place::Field(field) => self.field_loc(field),
            Place::Static(def) => Some(self.program.name_loc(def)),
            Place::Local(body, local) => {
                let body = self.program.body(body);
                Some(body.loc(body.local(local).span))
            }
        }
    }
}
