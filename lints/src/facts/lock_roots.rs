//! Under how many names a lock goes: a parameter is what the callers pass, a field what the struct was made with.
//!
//! Places are followed from the name that code uses to where the object comes from. Two places speak of one lock, as far
//! as can be seen, where they have a root in common. A helper that is called with several locks has them all: what it
//! does to one it may do to each.

use super::context::{Analysis, Context};
use super::guards::param_index;
use super::place::Place;
use crate::model::{BodyId, FieldRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, LocalId};
use rustc_hash::FxHashMap;

/// How many places are followed from one.
const MAX_PLACES: usize = 16;
const SELF_TYPE: Name = Name::of("Self");

/// The roots of the places that were asked for.
#[derive(Debug)]
pub(super) struct LockRoots<'c, 'a> {
    cx: &'c Context<'a>,
    /// An element of a collection stands for all of it.
    elements: bool,
    sources: FxHashMap<Place, Vec<Place>>,
}

impl<'c, 'a> LockRoots<'c, 'a> {
    /// Roots that are looked for on demand.
    pub(super) fn new(cx: &'c Context<'a>) -> LockRoots<'c, 'a> {
        LockRoots { cx, elements: false, sources: FxHashMap::default() }
    }

    /// Where an element of a collection stands for the collection: some lock of it, whichever.
    pub(super) fn with_elements(cx: &'c Context<'a>) -> LockRoots<'c, 'a> {
        LockRoots { elements: true, ..LockRoots::new(cx) }
    }

    /// A place, and every place that it may stand for.
    pub(super) fn of(&mut self, place: Place) -> Vec<Place> {
        let mut found = vec![place];
        let mut at = 0;
        while let Some(next) = found.get(at).copied() {
            at += 1;
            for source in self.sources(next) {
                if !found.contains(&source) && found.len() < MAX_PLACES {
                    found.push(source);
                }
            }
        }
        found
    }

    /// Where the object of a place comes from, if all ways lead to one; else the place itself.
    pub(super) fn only_root(&mut self, place: Place) -> Place {
        let all = self.of(place);
        let mut ends = all.into_iter().filter(|own| self.sources(*own).is_empty());
        match (ends.next(), ends.next()) {
            (Some(only), None) => only,
            _ => place,
        }
    }

    fn sources(&mut self, place: Place) -> Vec<Place> {
        if let Some(known) = self.sources.get(&place) {
            return known.clone();
        }
        let found = match place {
            Place::Static(_) => Vec::new(),
            Place::Field(field) => self.made_with(field),
            Place::Local(body, local) => self.passed(body, local),
        };
        self.sources.insert(place, found.clone());
        found
    }

    /// What the literals of a struct put into a field.
    fn made_with(&self, field: FieldRef) -> Vec<Place> {
        let cx = self.cx;
        let Some(declared) = cx.field(field) else { return Vec::new() };
        let adt = cx.program.item(field.adt).name;
        let mut found = Vec::new();
        for body in cx.bodies_mentioning(&[declared.name]).filter(|body| body.mentions(adt) || body.mentions(SELF_TYPE))
        {
            let analysis = cx.analysis(body.id);
            let mut literals: Vec<ExprId> = analysis
                .types
                .literals
                .iter()
                .filter(|(_, (adt, variant))| *adt == field.adt && *variant == field.variant)
                .map(|(expr, _)| *expr)
                .collect();
            literals.sort_unstable();
            for literal in literals {
                let Expr::Struct(data) = analysis.expr(literal) else { continue };
                let value = data.fields.iter().find(|(name, _, _)| *name == declared.name);
                found.extend(value.and_then(|(_, _, value)| cx.lock_place(analysis, *value)));
            }
        }
        found
    }

    /// What a local stands for: the arguments of a parameter, the pair, `Option` or collection that it was taken out of.
    fn passed(&self, body: BodyId, local: LocalId) -> Vec<Place> {
        let analysis = self.cx.analysis(body);
        if let Some(index) = param_index(analysis, local) {
            return self.arguments(analysis, index);
        }
        self.cx.taken_from(analysis, local, self.elements).into_iter().collect()
    }

    fn arguments(&self, callee: &Analysis<'_>, index: u32) -> Vec<Place> {
        let cx = self.cx;
        let function = callee.body.owner;
        let has_self = callee.body.ir.self_local.is_some();
        let mut found = Vec::new();
        for (body, call) in cx.calls_of(function) {
            let analysis = cx.analysis(body);
            let by_path = matches!(analysis.expr(call), Expr::Call { .. });
            let shift = usize::from(by_path && has_self);
            let arg = analysis.args(call).get(index as usize + shift);
            found.extend(arg.and_then(|arg| cx.lock_place(analysis, *arg)));
        }
        found
    }
}
