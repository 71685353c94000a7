//! Who calls a function of the user's, where all of them can be known.

use super::context::{Analysis, Context};
use crate::model::{BodyHead, BodyId, BodyRef, DefId, Parent, Program, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, TypeRef, Visibility};
use rustc_hash::FxHashMap;
use std::sync::Arc;

type Calls = FxHashMap<DefId, Vec<(BodyId, ExprId)>>;

/// What is known of [`Context::calls_of`], by the name of the function, and that of its type where callers must say it.
pub(super) type KnownCalls = std::sync::Mutex<FxHashMap<(Name, Option<Name>), Arc<Calls>>>;

/// The other names of the user's types: of aliases and renamed imports, by the name of the type.
pub(super) type OtherNames = std::sync::OnceLock<FxHashMap<Name, Vec<Name>>>;

const SELF_TYPE: Name = Name::of("Self");

impl<'a> Context<'a> {
    /// The calls of a function that can be seen, in order; there may be others.
    pub fn calls_of(&self, function: DefId) -> Vec<(BodyId, ExprId)> {
        let key = (self.program.item(function).name, self.named_type(function));
        self.calls_known_by(key).get(&function).cloned().unwrap_or_default()
    }

    /// The calls of all functions of a name: looked up once for each, as many types have a `new`.
    pub(super) fn calls_by_name(&self, name: Name) -> Arc<Calls> {
        self.calls_known_by((name, None))
    }

    fn calls_known_by(&self, key: (Name, Option<Name>)) -> Arc<Calls> {
        if let Ok(known) = self.known_calls.lock()
            && let Some(calls) = known.get(&key)
        {
            return calls.clone();
        }
        let (name, of_type) = key;
        let mut calls = Calls::default();
        for body in self.heads_calling_named(name, of_type) {
            for (call, callee) in self.analysis(body.id).calls() {
                if self.program.item(callee).name == name {
                    calls.entry(callee).or_default().push((body.id, call));
                }
            }
        }
        let calls = Arc::new(calls);
        if let Ok(mut known) = self.known_calls.lock() {
            known.insert(key, calls.clone());
        }
        calls
    }

    /// The bodies that may call a function, or name it as a value, in order.
    pub(super) fn bodies_naming(&self, function: DefId) -> impl Iterator<Item = BodyRef<'a>> + '_ {
        let program: &'a Program<'a> = self.program;
        // A function of an impl is named by a path of several segments.
        let is_member = program.def(function).parent.is_some_and(|parent| program.impl_header(parent).is_some());
        let of_type = self.named_type(function);
        self.heads_with(&[program.item(function).name], is_member)
            .filter(move |body| of_type.is_none_or(|of_type| self.may_name_type(*body, of_type)))
            .map(BodyHead::read)
    }

    /// The heads of the bodies that may call a function, in order.
    pub(super) fn heads_calling(&self, function: DefId) -> impl Iterator<Item = BodyHead<'a>> + '_ {
        self.heads_calling_named(self.program.item(function).name, self.named_type(function))
    }

    fn heads_calling_named(&self, name: Name, of_type: Option<Name>) -> impl Iterator<Item = BodyHead<'a>> + '_ {
        let heads = self.heads_with(&[name], true);
        heads.filter(move |body| of_type.is_none_or(|of_type| self.may_name_type(*body, of_type)))
    }

    /// The name of the type that whoever calls an associated function must say: `Worker::new`.
    fn named_type(&self, function: DefId) -> Option<Name> {
        let has_self = self.program.function(function).is_none_or(|function| function.self_param.is_some());
        let header = self.program.def(function).parent.and_then(|parent| self.program.impl_header(parent))?;
        // A trait's function can be called on a type that is not written: `let own: Own = Default::default();`.
        let adt = header.self_ty.adt().filter(|_| !has_self && header.trait_ref.is_none())?;
        Some(self.program.item(adt).name)
    }

    /// Whether a body may name a type by a path: by its name, as `Self`, through an alias or a renamed import.
    fn may_name_type(&self, body: BodyHead<'_>, of_type: Name) -> bool {
        let others = self.other_names.get_or_init(|| other_names(self.program));
        let aliases = |name: &Name| others.get(name).into_iter().flatten().copied();
        body.mentions(of_type)
            || body.mentions(SELF_TYPE)
            || aliases(&of_type).any(|other| body.mentions(other) || aliases(&other).any(|other| body.mentions(other)))
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

/// What aliases (associated ones too) and imports call other types.
fn other_names(program: &Program<'_>) -> FxHashMap<Name, Vec<Name>> {
    let mut others: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
    for def in program.user_defs() {
        let item = program.item(def);
        match &item.kind {
            ItemKind::TypeAlias(alias) => {
                if let Some(TypeRef::Path(path)) = &alias.ty {
                    others.entry(path.last()).or_default().push(item.name);
                }
            }
            ItemKind::Use(entries) => {
                for entry in entries {
                    if let Some((last, _)) = entry.path.last()
                        && entry.alias != *last
                        && entry.alias != Name::NONE
                    {
                        others.entry(*last).or_default().push(entry.alias);
                    }
                }
            }
            _ => {}
        }
    }
    others.values_mut().for_each(|names| {
        names.sort_unstable();
        names.dedup();
    });
    others
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
