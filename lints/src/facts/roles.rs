//! What values of a type carry: handles, guards, strong references.

use super::effects::{Effects, type_effects, word};
use crate::model::{DefId, Program, Ty};
use crate::source::Name;

/// How a handle's thread is awaited if nobody joins it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandleKind {
    /// Not at all: dropping the handle detaches.
    Thread,
    /// By its scope.
    Scoped,
    /// A task of an async runtime.
    Task,
}

/// Questions about types.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'p, 'w> {
    program: &'p Program<'w>,
}

impl<'p, 'w> Roles<'p, 'w> {
    pub(super) fn new(program: &'p Program<'w>) -> Roles<'p, 'w> {
        Roles { program }
    }

    /// Whether the type itself is a handle, and of what.
    pub fn handle(self, ty: &Ty) -> Option<HandleKind> {
        let effects = type_effects(self.program, ty);
        let effect = effects.get(word::HANDLE)?;
        Some(match effect.args.first().map(|arg| &**arg) {
            Some("thread") => HandleKind::Thread,
            Some("scoped") => HandleKind::Scoped,
            _ => HandleKind::Task,
        })
    }

    /// Whether a value of this type owns an OS thread's handle, through containers of the catalogue only: `Option`,
    /// `Result`, `Vec`, tuples, `Mutex`; not through a struct of the user's, whose fields have a fate of their own.
    pub fn carries_handle(self, ty: &Ty) -> bool {
        self.owns(ty, &mut |ty| self.handle(ty) == Some(HandleKind::Thread), false, 8)
    }

    /// As [`Roles::carries_handle`], through the user's structs too.
    pub fn holds_handle(self, ty: &Ty) -> bool {
        self.owns(ty, &mut |ty| self.handle(ty) == Some(HandleKind::Thread), true, 8)
    }

    /// Whether a value of this type is the owner of an OS thread's handle: dropping it drops the handle. Not so for a
    /// reference, a guard, or one of several owners.
    pub fn owns_handle(self, ty: &Ty) -> bool {
        self.owns_alone(ty, 8)
    }

    fn owns_alone(self, ty: &Ty, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        if self.handle(ty) == Some(HandleKind::Thread) {
            return true;
        }
        match ty {
            Ty::Adt(def, args) => {
                let effects = Effects::of(self.program, *def);
                let lends = [word::WEAK, word::NO_OWN, word::GUARD, word::STRONG].iter().any(|word| effects.has(*word));
                !lends && !self.program.is_user(*def) && args.iter().any(|arg| self.owns_alone(arg, depth - 1))
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.owns_alone(part, depth - 1)),
            Ty::Array(inner) => self.owns_alone(inner, depth - 1),
            _ => false,
        }
    }

    /// What the thread behind a handle returns: the handle's parameter, wherever in the type the handle is.
    pub fn thread_value(self, ty: &Ty) -> Option<Ty> {
        let mut value = None;
        ty.any(&mut |part| {
            if self.handle(part) == Some(HandleKind::Thread) {
                value = part.args().first().cloned();
            }
            value.is_some()
        });
        value
    }

    /// Whether the type itself is a lock guard.
    pub fn is_guard(self, ty: &Ty) -> bool {
        type_effects(self.program, ty).has(word::GUARD)
    }

    /// Whether a value of this type owns a guard: the guard, a `Result` or `Option` of it, a struct that holds one.
    pub fn carries_guard(self, ty: &Ty) -> bool {
        self.owns(ty, &mut |ty| self.is_guard(ty), true, 5)
    }

    /// As [`Roles::carries_guard`], where nothing is poisoned: the guard in the error of a poisoned lock does not count.
    pub fn keeps_guard(self, ty: &Ty) -> bool {
        match ty {
            Ty::Adt(def, args) if !self.is_guard(ty) && !self.program.is_user(*def) => {
                let effects = Effects::of(self.program, *def);
                let lets_go = [word::WEAK, word::NO_OWN, word::POISON].iter().any(|word| effects.has(*word));
                !lets_go && args.iter().any(|arg| self.keeps_guard(arg))
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.keeps_guard(part)),
            _ => self.carries_guard(ty),
        }
    }

    /// Whether a value of this type may keep one of these guards: a guard of the same kind over the same is in it.
    pub fn may_keep(self, ty: &Ty, guards: &[Ty]) -> bool {
        let mut found = false;
        self.each_guard(ty, 6, &mut |guard| found |= guards.iter().any(|own| may_be_one(own, guard)));
        found
    }

    /// The guards that a value of this type owns.
    pub fn guards_in(self, ty: &Ty) -> Vec<Ty> {
        let mut guards = Vec::new();
        self.each_guard(ty, 6, &mut |guard| guards.push(guard.clone()));
        guards
    }

    fn each_guard(self, ty: &Ty, depth: u32, found: &mut dyn FnMut(&Ty)) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match ty {
            _ if self.is_guard(ty) => found(ty),
            Ty::Adt(def, args) if self.program.is_user(*def) => {
                for variant in 0..self.variant_count(*def) {
                    for field in self.program.field_types(*def, variant) {
                        let field = field.map(&mut |ty| match ty {
                            Ty::Param(owner, index) if owner == def => args.get(*index as usize).cloned(),
                            _ => None,
                        });
                        self.each_guard(&field, depth, found);
                    }
                }
            }
            Ty::Adt(def, args) => {
                let effects = Effects::of(self.program, *def);
                if ![word::WEAK, word::NO_OWN, word::POISON].iter().any(|word| effects.has(*word)) {
                    args.iter().for_each(|arg| self.each_guard(arg, depth, found));
                }
            }
            Ty::Tuple(parts) => parts.iter().for_each(|part| self.each_guard(part, depth, found)),
            Ty::Array(inner) | Ty::Slice(inner) => self.each_guard(inner, depth, found),
            _ => {}
        }
    }

    /// The first type owned by a value of this type that answers to `wanted`.
    pub fn owns(self, ty: &Ty, wanted: &mut dyn FnMut(&Ty) -> bool, through_user: bool, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        if wanted(ty) {
            return true;
        }
        match ty {
            Ty::Adt(def, args) => {
                let effects = Effects::of(self.program, *def);
                if effects.has(word::WEAK) || effects.has(word::NO_OWN) {
                    return false;
                }
                if !self.program.is_user(*def) {
                    return args.iter().any(|arg| self.owns(arg, wanted, through_user, depth - 1));
                }
                through_user && self.any_field(*def, args, wanted, depth)
            }
            Ty::Tuple(parts) => parts.iter().any(|part| self.owns(part, wanted, through_user, depth - 1)),
            Ty::Array(inner) | Ty::Slice(inner) => self.owns(inner, wanted, through_user, depth - 1),
            _ => false,
        }
    }

    fn any_field(self, def: DefId, args: &[Ty], wanted: &mut dyn FnMut(&Ty) -> bool, depth: u32) -> bool {
        (0..self.variant_count(def)).any(|variant| {
            self.program.field_types(def, variant).iter().any(|field| {
                let field = field.map(&mut |ty| match ty {
                    Ty::Param(owner, index) if *owner == def => args.get(*index as usize).cloned(),
                    _ => None,
                });
                self.owns(&field, wanted, true, depth - 1)
            })
        })
    }

    /// How many variants an enum has; 1 for a struct.
    pub fn variant_count(self, def: DefId) -> u32 {
        match &self.program.item(def).kind {
            crate::syntax::ir::ItemKind::Enum(data) => data.variants.len() as u32,
            _ => 1,
        }
    }

    /// Whether the type itself says a word of the catalogue.
    pub fn says(self, ty: &Ty, word: Name) -> bool {
        type_effects(self.program, ty).has(word)
    }

    /// The type behind references and strong pointers: `&Arc<Mutex<T>>` is `Mutex<T>`.
    pub fn pointee(self, ty: &Ty) -> Ty {
        let mut ty = ty.clone();
        for _ in 0..8 {
            let transparent = matches!(ty, Ty::Ref(..))
                || self.says(&ty, word::STRONG)
                || (ty.adt().is_some() && ty.adt() == self.program.lang.boxed);
            match (transparent, self.program.deref(&ty)) {
                (true, Some(inner)) => ty = inner,
                _ => break,
            }
        }
        ty
    }
}

/// Whether two types may be one, as far as they are known.
pub(super) fn may_be_one(left: &Ty, right: &Ty) -> bool {
    match (left, right) {
        (Ty::Adt(a, left), Ty::Adt(b, right)) => {
            a == b && left.iter().zip(right.iter()).all(|(left, right)| may_be_one(left, right))
        }
        (Ty::Adt(..), Ty::Prim(_)) | (Ty::Prim(_), Ty::Adt(..)) => false,
        (Ty::Prim(a), Ty::Prim(b)) => a == b,
        _ => true,
    }
}
