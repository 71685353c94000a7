//! What a path in a value's place means.

use super::calls::HINT_DEPTH;
use super::{Infer, Value, ValueRef};
use crate::model::lookup::Subst;
use crate::model::program::{Def, DefId};
use crate::model::resolve::Namespace;
use crate::model::signature::SELF_TYPE;
use crate::model::ty::{Bound, FnTy, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{ExprId, ItemKind, PathRef, Segment, TypeRef};
use std::sync::Arc;

const DEFAULT: Name = Name::of("default");

impl<'p> Infer<'p, '_> {
    pub(super) fn path_value(&mut self, id: ExprId, path: &'p PathRef, expected: &Ty) -> Ty {
        let value = self.resolve_value(path);
        self.note_value(id, &value);
        match value {
            Value::Function(def, _) => Ty::FnDef(def),
            Value::Const(def, subst) => {
                let ty = subst.apply(&self.program.value_type(def));
                self.normalize(&ty)
            }
            Value::Static(def) => {
                let ty = self.program.value_type(def);
                self.normalize(&ty)
            }
            Value::Constructor(def, variant, given) => {
                let shape = self.constructor_shape(def, variant, &given);
                if shape.params.is_empty() {
                    self.hint_result(&shape.ret, expected, HINT_DEPTH);
                    return shape.ret;
                }
                Ty::Fn(Arc::new(FnTy { params: Tys::new(shape.params), ret: shape.ret }))
            }
            Value::Unknown => Ty::Unknown,
        }
    }

    pub(super) fn note_value(&mut self, id: ExprId, value: &Value) {
        let value = match value {
            Value::Function(def, _) => ValueRef::Function(*def),
            Value::Const(def, _) => ValueRef::Const(*def),
            Value::Static(def) => ValueRef::Static(*def),
            Value::Constructor(def, variant, _) => ValueRef::Constructor(*def, *variant),
            Value::Unknown => return,
        };
        self.out.values.insert(id, value);
    }

    pub(super) fn resolve_value(&mut self, path: &'p PathRef) -> Value {
        let Some(last) = path.segments.last() else { return Value::Unknown };
        if let Some(qself) = &path.qself {
            let ty = self.lower(&qself.0);
            if let Some(trait_path) = &qself.1
                && let Some(bound) = self.lower_bound(trait_path)
                && !matches!(self.shallow(&ty), Ty::Adt(..))
                && let Some(function) = self.program.trait_function(bound.trait_def, last.name)
            {
                let mut subst = Subst::default();
                subst.bind(bound.trait_def, Ty::SELF_INDEX, ty);
                return Value::Function(function, subst);
            }
            return self.associated(&ty, &path.segments);
        }
        let Some(first) = path.segments.first() else { return Value::Unknown };
        if !path.global {
            let base = if first.name == SELF_TYPE {
                self.scope.self_ty.clone()
            } else if path.segments.len() > 1 {
                self.program.generic_param(self.scope.owner, first.name)
            } else {
                None
            };
            if let Some(base) = base {
                if path.segments.len() == 1 {
                    return match base {
                        Ty::Adt(def, args) => Value::Constructor(def, 0, args),
                        _ => Value::Unknown,
                    };
                }
                return self.associated(&base, &path.segments[1..]);
            }
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let (def, taken) = self.program.resolve_path(self.scope.module, &names, path.global, Namespace::Values);
        match def {
            Def::Item(def) if taken == names.len() => self.item_value(def, path),
            Def::Variant(def, variant) if taken == names.len() => {
                let on_type = path.segments.len().checked_sub(2).and_then(|index| path.segments.get(index));
                let args = on_type.and_then(|segment| segment.args.as_deref()).or(last.args.as_deref());
                let given = args.map_or_else(Tys::default, |args| args.types.iter().map(|ty| self.lower(ty)).collect());
                Value::Constructor(def, variant, given)
            }
            Def::Item(_) | Def::Prim(_) => {
                let Some((prefix, rest)) = path.segments.split_at_checked(taken) else { return Value::Unknown };
                let head = PathRef { qself: None, global: path.global, segments: prefix.into(), span: path.span };
                if let Def::Item(item) = def
                    && let ItemKind::Trait(_) = &self.program.item(item).kind
                {
                    return self.trait_value(item, rest);
                }
                let ty = self.lower_head(&head);
                self.associated(&ty, rest)
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn item_value(&mut self, def: DefId, path: &'p PathRef) -> Value {
        match &self.program.item(def).kind {
            ItemKind::Function(_) => {
                let mut subst = Subst::default();
                let args = path.segments.last().and_then(|segment| segment.args.as_deref());
                self.turbofish(def, args, &mut subst);
                Value::Function(def, subst)
            }
            ItemKind::Const(_) => Value::Const(def, Subst::default()),
            ItemKind::Static(_) => Value::Static(def),
            ItemKind::Struct(_) => {
                let args = path.segments.last().and_then(|segment| segment.args.as_deref());
                let given = args.map_or_else(Tys::default, |args| args.types.iter().map(|ty| self.lower(ty)).collect());
                Value::Constructor(def, 0, given)
            }
            ItemKind::TypeAlias(_) => match self.lower(&TypeRef::Path(path.clone())) {
                Ty::Adt(def, args) => Value::Constructor(def, 0, args),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// `Trait::function`
    pub(super) fn trait_value(&mut self, trait_def: DefId, rest: &'p [Segment]) -> Value {
        let [only] = rest else { return Value::Unknown };
        match self.program.trait_function(trait_def, only.name) {
            Some(function) => {
                let mut subst = Subst::default();
                self.turbofish(function, only.args.as_deref(), &mut subst);
                Value::Function(function, subst)
            }
            None => Value::Unknown,
        }
    }

    /// `Type::name`: a variant, function or constant of a type.
    pub(super) fn associated(&mut self, ty: &Ty, rest: &'p [Segment]) -> Value {
        let [only] = rest else { return Value::Unknown };
        let ty = self.known(ty);
        if let Ty::Adt(def, args) = &ty
            && let Def::Variant(def, variant) = self.program.variant(*def, only.name)
        {
            return Value::Constructor(def, variant, args.clone());
        }
        if ty.is_unknown() {
            return Value::Unknown;
        }
        if let Some(pick) = self.program.pick_at(&ty, only.name, false) {
            let mut subst = self.opened(&pick);
            self.turbofish(pick.function, only.args.as_deref(), &mut subst);
            return Value::Function(pick.function, subst);
        }
        if let Some((found, subst)) = self.program.assoc_const(&ty, only.name) {
            return Value::Const(found, subst);
        }
        match (only.name, &ty) {
            (DEFAULT, Ty::Adt(..)) => self.default_of(ty),
            _ => Value::Unknown,
        }
    }

    /// `Type::default`, whether or not the catalogue says that the type has it: else the code would not compile.
    fn default_of(&self, ty: Ty) -> Value {
        let function = self.program.lang.default.and_then(|trait_def| self.program.trait_function(trait_def, DEFAULT));
        match (function, self.program.lang.default) {
            (Some(function), Some(trait_def)) => {
                let mut subst = Subst::default();
                subst.bind(trait_def, Ty::SELF_INDEX, ty);
                Value::Function(function, subst)
            }
            _ => Value::Unknown,
        }
    }

    /// The struct or variant that a path names before braces: a struct is named by its type, whatever value has its name.
    pub(super) fn struct_target(&mut self, path: &'p PathRef) -> Option<(DefId, u32, Tys)> {
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let by_type = match self.program.resolve_path(self.scope.module, &names, path.global, Namespace::Types) {
            (Def::Item(def), taken) if taken == names.len() => {
                matches!(self.program.item(def).kind, ItemKind::Struct(_))
            }
            _ => false,
        };
        if by_type && let Ty::Adt(def, args) = self.lower_head(path) {
            return Some((def, 0, args));
        }
        self.literal_target(path)
    }

    /// The struct or variant that a path names in a literal or pattern.
    pub(super) fn literal_target(&mut self, path: &'p PathRef) -> Option<(DefId, u32, Tys)> {
        match self.resolve_value(path) {
            Value::Constructor(def, variant, args) => return Some((def, variant, args)),
            Value::Unknown => {}
            _ => return None,
        }
        match self.lower_head(path) {
            Ty::Adt(def, args) if matches!(self.program.item(def).kind, ItemKind::Struct(_)) => Some((def, 0, args)),
            _ => None,
        }
    }

    pub(super) fn field_index(&self, def: DefId, variant: u32, name: Name) -> Option<u32> {
        let fields = match &self.program.item(def).kind {
            ItemKind::Struct(data) => &data.fields,
            ItemKind::Enum(data) => &data.variants.get(variant as usize)?.fields,
            _ => return None,
        };
        fields.iter().position(|field| field.name == name).map(|index| index as u32)
    }

    /// The type in front of `::new` or of braces: where no arguments are written, none are taken from defaults.
    fn lower_head(&mut self, path: &PathRef) -> Ty {
        let ty = self.lower(&TypeRef::Path(path.clone()));
        let is_bare = path.segments.iter().all(|segment| segment.args.is_none());
        match ty {
            Ty::Adt(def, args) if is_bare && self.program.item(def).name == path.last() => {
                let params = self.program.generics(def).map_or(&[][..], |generics| &generics.params);
                let elided = args.iter().zip(params);
                let args = elided.map(|(arg, param)| if param.default.is_some() { self.fresh() } else { arg.clone() });
                Ty::Adt(def, args.collect())
            }
            ty => ty,
        }
    }

    pub(super) fn lower(&mut self, ty: &TypeRef) -> Ty {
        let vars = &mut self.vars;
        let mut holes = || {
            vars.push(None);
            Ty::Infer(vars.len() as u32 - 1)
        };
        let ty = self.program.lower_type(&self.scope, ty, &mut holes);
        self.normalize(&ty)
    }

    pub(super) fn lower_bound(&mut self, path: &PathRef) -> Option<Bound> {
        let vars = &mut self.vars;
        let mut holes = || {
            vars.push(None);
            Ty::Infer(vars.len() as u32 - 1)
        };
        self.program.lower_bound(&self.scope, path, &mut holes)
    }
}
