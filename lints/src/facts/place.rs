//! Which object an expression speaks of: the lock, flag or channel end behind references, clones and captures.
//!
//! A field is identified by its declaration, not by the instance it is read from: good enough to ask whether anything in
//! the crate sets a flag, too weak to say that two locks are one. A local is identified by its binding; a clone
//! (`aliases` in the catalogue) is the object it was cloned from.

use super::context::{Analysis, Context};
use super::effects::word;
use crate::model::{BodyId, DefId, FieldRef, PatParent, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LocalId, Pat, Stmt};

const BUDGET: u32 = 12;

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
        // `let (a, b) = (x.clone(), y.clone())` and the like are objects of their own: nothing is concluded from them.
        own
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
