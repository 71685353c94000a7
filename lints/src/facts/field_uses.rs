//! Where the fields of one name are read, over all bodies: looked up once for each name, as many types may have a `stop`.

use super::context::{Analysis, Context};
use crate::model::{BodyId, FieldRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, Pat, PatId};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// One place that uses a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum FieldUse {
    /// A field expression.
    Expr(ExprId),
    /// The pattern that takes it out.
    Pat(PatId),
}

/// The uses of all fields of one name.
#[derive(Debug, Default)]
pub(super) struct FieldUses {
    of: FxHashMap<FieldRef, Vec<(BodyId, FieldUse)>>,
    /// Fields of that name on values whose type is not known, and macros whose tokens hold it.
    pub(super) unresolved: Vec<(BodyId, Loc)>,
}

impl FieldUses {
    /// The uses of one field, in order.
    pub(super) fn of(&self, field: FieldRef) -> &[(BodyId, FieldUse)] {
        self.of.get(&field).map_or(&[], |uses| uses)
    }
}

pub(super) type KnownFieldUses = std::sync::Mutex<FxHashMap<Name, Arc<FieldUses>>>;

impl Context<'_> {
    /// The uses of the fields of a name; not for the index of a tuple struct's field, which patterns do not mention.
    pub(super) fn field_uses(&self, name: Name) -> Arc<FieldUses> {
        if let Ok(known) = self.known_field_uses.lock()
            && let Some(uses) = known.get(&name)
        {
            return uses.clone();
        }
        let mut uses = FieldUses::default();
        for body in self.bodies_mentioning(&[name]) {
            let analysis = self.analysis(body.id);
            for (expr, (field, _)) in &analysis.types.fields {
                if self.field(*field).is_some_and(|data| data.name == name) {
                    uses.of.entry(*field).or_default().push((body.id, FieldUse::Expr(*expr)));
                }
            }
            for (pat, field) in &analysis.types.pat_fields {
                if self.field(*field).is_some_and(|data| data.name == name) {
                    uses.of.entry(*field).or_default().push((body.id, FieldUse::Pat(*pat)));
                }
            }
            uses.unresolved.extend(unresolved(analysis, name, true).into_iter().map(|loc| (body.id, loc)));
        }
        uses.of.values_mut().for_each(|uses| uses.sort_unstable());
        let uses = Arc::new(uses);
        if let Ok(mut known) = self.known_field_uses.lock() {
            known.insert(name, uses.clone());
        }
        uses
    }

    /// The bodies that use one of the fields, in order; tuple structs' fields aside.
    pub(super) fn bodies_using(&self, fields: &[FieldRef]) -> Vec<BodyId> {
        let mut bodies: Vec<BodyId> = fields
            .iter()
            .filter_map(|field| Some((*field, self.field(*field)?.name)))
            .flat_map(|(field, name)| {
                let uses = self.field_uses(name);
                uses.of(field).iter().map(|(body, _)| *body).collect::<Vec<_>>()
            })
            .collect();
        bodies.sort_unstable();
        bodies.dedup();
        bodies
    }
}

/// Fields and patterns of a name on values whose type is not known, and, where `macros` are asked for, calls whose tokens
/// hold it.
pub(super) fn unresolved(analysis: &Analysis<'_>, name: Name, macros: bool) -> Vec<Loc> {
    let mut unseen = Vec::new();
    for (index, data) in analysis.body.ir.exprs.iter().enumerate() {
        let expr = ExprId(index as u32);
        let is_unseen = match &data.kind {
            Expr::Field { base, name: own, .. } => {
                *own == name
                    && !analysis.types.fields.contains_key(&expr)
                    && analysis.types.ty(*base).peel_refs().is_unknown()
            }
            Expr::Macro(call) => macros && !call.parsed && call.tokens.names.contains(&name),
            _ => false,
        };
        if is_unseen {
            unseen.push(analysis.body.expr_loc(expr));
        }
    }
    for (index, data) in analysis.body.ir.pats.iter().enumerate() {
        let Pat::Struct { fields, .. } = &data.kind else { continue };
        let named = fields.iter().any(|(own, _)| *own == name);
        if named && !analysis.types.pat_variants.contains_key(&PatId(index as u32)) {
            unseen.push(analysis.body.loc(data.span));
        }
    }
    unseen
}
