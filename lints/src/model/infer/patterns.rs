//! Patterns, with the default binding modes.

use super::{FieldRef, Infer};
use crate::model::ty::{Ty, Tys};
use crate::syntax::ir::{Pat, PatId};

impl Infer<'_, '_> {
    /// Matches a pattern against a type; `by_ref` is the default binding mode (`Some(true)`: by mutable reference).
    pub(super) fn pat(&mut self, id: PatId, ty: &Ty, by_ref: Option<bool>) {
        let body = self.body;
        let kind = &body.pat(id).kind;
        let mut ty = self.known(ty);
        let mut by_ref = by_ref;
        if matches!(kind, Pat::Path(_) | Pat::TupleStruct { .. } | Pat::Struct { .. } | Pat::Tuple(_) | Pat::Slice(_)) {
            while let Ty::Ref(mutable, inner) = &ty {
                by_ref = Some(by_ref.unwrap_or(true) && *mutable);
                let inner = (**inner).clone();
                ty = self.known(&inner);
            }
        }
        if let Some(slot) = self.out.pats.get_mut(id.index()) {
            // Behind a reference `_` takes nothing, as a name there would only borrow.
            *slot = match (kind, by_ref) {
                (Pat::Wild, Some(mutable)) => ty.clone().reference(mutable),
                _ => ty.clone(),
            };
        }
        match kind {
            Pat::Bind { local, sub } => {
                let declared = body.local(*local).ty.as_ref().map(|ty| self.lower(ty));
                if let Some(declared) = &declared {
                    self.unify(declared, &ty);
                }
                let explicit = body.local(*local).by_ref;
                let bound = match (by_ref, explicit) {
                    (Some(mutable), _) => ty.clone().reference(mutable),
                    (None, true) => ty.clone().reference(body.local(*local).mutable),
                    (None, false) => ty.clone(),
                };
                self.set_local(*local, &bound);
                if let Some(sub) = sub {
                    self.pat(*sub, &ty, by_ref);
                }
            }
            Pat::Path(path) => {
                if let Some((def, variant, args)) = self.literal_target(path) {
                    self.out.pat_variants.insert(id, (def, variant));
                    let shape = self.constructor_shape(def, variant, &args);
                    self.unify(&shape.ret, &ty);
                }
            }
            Pat::TupleStruct { path, pats } => {
                let target = self.literal_target(path);
                let Some((def, variant, args)) = target else {
                    for pat in pats {
                        self.pat(*pat, &Ty::Unknown, by_ref);
                    }
                    return;
                };
                self.out.pat_variants.insert(id, (def, variant));
                let shape = self.constructor_shape(def, variant, &args);
                self.unify(&shape.ret, &ty);
                let rest = pats.iter().position(|pat| matches!(body.pat(*pat).kind, Pat::Rest));
                for (position, pat) in pats.iter().enumerate() {
                    let index = match rest {
                        Some(rest) if position > rest => (shape.params.len() + position).checked_sub(pats.len()),
                        _ => Some(position),
                    };
                    let field = index.and_then(|index| shape.params.get(index)).cloned();
                    if let Some(index) = index
                        && rest != Some(position)
                    {
                        self.out.pat_fields.insert(*pat, FieldRef { adt: def, variant, index: index as u32 });
                    }
                    self.pat(*pat, &field.unwrap_or(Ty::Unknown), by_ref);
                }
            }
            Pat::Struct { path, fields } => {
                let target = self.struct_target(path);
                let Some((def, variant, args)) = target else {
                    for (_, pat) in fields {
                        self.pat(*pat, &Ty::Unknown, by_ref);
                    }
                    return;
                };
                self.out.pat_variants.insert(id, (def, variant));
                let shape = self.constructor_shape(def, variant, &args);
                self.unify(&shape.ret, &ty);
                for (name, pat) in fields {
                    let index = self.field_index(def, variant, *name);
                    if let Some(index) = index {
                        self.out.pat_fields.insert(*pat, FieldRef { adt: def, variant, index });
                    }
                    let field = index.and_then(|index| shape.params.get(index as usize)).cloned();
                    self.pat(*pat, &field.unwrap_or(Ty::Unknown), by_ref);
                }
            }
            Pat::Tuple(pats) => {
                let rest = pats.iter().position(|pat| matches!(body.pat(*pat).kind, Pat::Rest));
                let parts = match &ty {
                    Ty::Tuple(parts) => parts.clone(),
                    Ty::Infer(_) if rest.is_none() => {
                        let parts: Tys = (0..pats.len()).map(|_| self.fresh()).collect();
                        self.unify(&ty, &Ty::Tuple(parts.clone()));
                        parts
                    }
                    _ => Tys::default(),
                };
                for (position, pat) in pats.iter().enumerate() {
                    let index = match rest {
                        Some(rest) if position > rest => (parts.len() + position).checked_sub(pats.len()),
                        _ => Some(position),
                    };
                    let part = index.and_then(|index| parts.get(index)).cloned().unwrap_or(Ty::Unknown);
                    self.pat(*pat, &part, by_ref);
                }
            }
            Pat::Slice(pats) => {
                let (elem, rest) = match &ty {
                    Ty::Array(inner) | Ty::Slice(inner) => ((**inner).clone(), ty.clone()),
                    _ => (Ty::Unknown, Ty::Unknown),
                };
                for pat in pats {
                    let is_rest = |sub: &PatId| matches!(body.pat(*sub).kind, Pat::Rest);
                    match &body.pat(*pat).kind {
                        // `rest @ ..`
                        Pat::Bind { sub: Some(sub), .. } if is_rest(sub) => self.pat(*pat, &rest, by_ref),
                        _ => self.pat(*pat, &elem, by_ref),
                    }
                }
            }
            Pat::Ref(inner) => {
                let target = match &ty {
                    Ty::Ref(_, inner) => (**inner).clone(),
                    _ => Ty::Unknown,
                };
                self.pat(*inner, &target, None);
            }
            Pat::Or(pats) => {
                for pat in pats {
                    self.pat(*pat, &ty, by_ref);
                }
            }
            Pat::Wild | Pat::Rest | Pat::Literal(_) | Pat::Opaque => {}
        }
    }
}
