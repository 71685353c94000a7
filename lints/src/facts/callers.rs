//! Who calls a function of the user's, where all of them can be known.

use super::context::{Analysis, Context};
use crate::model::{BodyId, DefId, Parent, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, Visibility};
use rustc_hash::FxHashMap;
use std::sync::Arc;

type Calls = FxHashMap<DefId, Vec<(BodyId, ExprId)>>;

/// What is known of [`Context::calls_of`], by the name of the function.
pub(super) type KnownCalls = std::sync::Mutex<FxHashMap<Name, Arc<Calls>>>;

impl Context<'_> {
    /// The calls of a function that can be seen, in order; there may be others.
    pub fn calls_of(&self, function: DefId) -> Vec<(BodyId, ExprId)> {
        self.calls_by_name(self.program.item(function).name).get(&function).cloned().unwrap_or_default()
    }

    /// The calls of all functions of a name: looked up once for each, as many types have a `new`.
    pub(super) fn calls_by_name(&self, name: Name) -> Arc<Calls> {
        if let Ok(known) = self.known_calls.lock()
            && let Some(calls) = known.get(&name)
        {
            return calls.clone();
        }
        let mut calls = Calls::default();
        for body in self.bodies_mentioning(&[name]) {
            for (call, callee) in self.analysis(body.id).calls() {
                if self.program.item(callee).name == name {
                    calls.entry(callee).or_default().push((body.id, call));
                }
            }
        }
        let calls = Arc::new(calls);
        if let Ok(mut known) = self.known_calls.lock() {
            known.insert(name, calls.clone());
        }
        calls
    }

    /// All calls of a function, in order; `None` where others may exist: it is part of a published interface or a trait, is
    /// passed as a value, or is named where nothing can be told.
    pub(super) fn known_calls(&self, function: DefId) -> Option<Vec<(BodyId, ExprId)>> {
        let item = self.program.item(function);
        if self.is_open_to_others(function) || self.is_mentioned_unread(self.program.name(function)) {
            return None;
        }
        let mut calls = Vec::new();
        for body in self.bodies_mentioning(&[item.name]) {
            let analysis = self.analysis(body.id);
            for index in 0..body.ir.exprs.len() as u32 {
                let expr = ExprId(index);
                match analysis.callee(expr) {
                    Some(callee) if callee == function => calls.push((body.id, expr)),
                    Some(_) => {}
                    None if may_name(analysis, expr, item.name, function) => return None,
                    None => {}
                }
            }
        }
        Some(calls)
    }

    /// The calls of a function that can be seen, in order; `None` where other crates may call it, or through a trait.
    pub(super) fn visible_calls(&self, function: DefId) -> Option<Vec<(BodyId, ExprId)>> {
        (!self.is_open_to_others(function)).then(|| self.calls_of(function))
    }

    /// Whether a function can be called by other crates or through a trait.
    fn is_open_to_others(&self, function: DefId) -> bool {
        let is_public = |def: DefId| self.program.item(def).vis == Visibility::Public;
        let mut in_api = is_public(function) && self.program.krate(function).is_none_or(|krate| krate.is_public_api);
        if let Some(parent) = self.program.def(function).parent {
            if matches!(self.program.item(parent).kind, ItemKind::Trait(_)) {
                return true;
            }
            if let Some(header) = self.program.impl_header(parent) {
                if header.trait_ref.is_some() {
                    return true;
                }
                in_api &= header.self_ty.adt().is_none_or(is_public);
            }
        }
        in_api
    }
}

/// Whether an expression that is no known call may be a use of a function: its path as a value, a method on a receiver of
/// which nothing is known, tokens of a macro.
fn may_name(analysis: &Analysis<'_>, expr: ExprId, name: Name, function: DefId) -> bool {
    match analysis.expr(expr) {
        Expr::Path(_) => {
            let is_it = analysis.value(expr) == Some(ValueRef::Function(function));
            is_it && !matches!(analysis.tree.parent(expr), Parent::Callee(_))
        }
        Expr::MethodCall(call) => call.method == name && analysis.types.ty(call.receiver).peel_refs().is_unknown(),
        Expr::Macro(call) => !call.parsed && call.tokens.names.binary_search(&name).is_ok(),
        _ => false,
    }
}
