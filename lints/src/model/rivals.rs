//! Names that mean one thing or another by a feature: `type Locked<T> = RwLock<T>` here, `RefCell<T>` there.
//!
//! What is said of the one would be wrong of the other, so a name that may be something of a library leads nowhere unless all
//! its meanings are called the same there: std's `Mutex` and parking_lot's are kin.

use super::program::{Def, ModuleId, Program};
use super::resolve::{Import, Namespace};
use crate::source::Name;
use crate::syntax::ir::{ItemKind, TypeRef};

/// How many aliases deep a meaning is looked for, and how many imports deep it is undone.
const BUDGET: u32 = 8;

/// A second meaning of a name, as likely as the first.
pub(super) struct Rival {
    /// Where the name is.
    pub(super) module: ModuleId,
    /// The name.
    pub(super) name: Name,
    /// The meaning.
    pub(super) def: Def,
}

impl Program<'_> {
    /// Forgets the names whose meanings are no kin, and what was imported by them.
    pub(super) fn settle_rivals(&mut self, rivals: &[Rival], imports: &[Import]) {
        let mut forgotten: Vec<(ModuleId, Name, Def)> = Vec::new();
        for rival in rivals {
            let first = self.modules[rival.module.index()].own_type(rival.name);
            if first != Def::Unknown && !self.are_kin(first, rival.def) {
                self.modules[rival.module.index()].forget_type(rival.name);
                forgotten.push((rival.module, rival.name, first));
            }
        }
        let mut known = 0;
        for _ in 0..BUDGET {
            if known == forgotten.len() {
                return;
            }
            known = forgotten.len();
            for import in imports {
                if let Some((name, def)) = self.imported_by(import, &forgotten) {
                    self.modules[import.module.index()].forget_type(name);
                    forgotten.push((import.module, name, def));
                }
            }
        }
    }

    /// The name that an import gives to what is forgotten where it comes from, and its meaning up to now.
    fn imported_by(&self, import: &Import, forgotten: &[(ModuleId, Name, Def)]) -> Option<(Name, Def)> {
        let unit = &self.units[import.unit.index()];
        let ItemKind::Use(entries) = &unit.ir.items[import.item.index()].kind else { return None };
        let entry = entries.get(import.entry).filter(|entry| !entry.glob)?;
        let def = self.modules[import.module.index()].own_type(entry.alias);
        let ((last, _), prefix) = entry.path.split_last()?;
        if !forgotten.iter().any(|(_, name, known)| name == last && *known == def) {
            return None;
        }
        let names: Vec<Name> = prefix.iter().map(|(name, _)| *name).collect();
        let Def::Module(owner) = self.resolve_import_prefix(import.module, &names, entry.global) else { return None };
        forgotten.contains(&(owner, *last, def)).then_some((entry.alias, def))
    }

    /// Whether neither meaning is a library's, or both are called the same.
    fn are_kin(&self, one: Def, other: Def) -> bool {
        let (one, other) = (self.behind_aliases(one), self.behind_aliases(other));
        let is_library = |def: Def| matches!(def, Def::Item(def) if self.is_library_module(self.def(def).module));
        let name = |def: Def| match def {
            Def::Item(def) => Some(self.item(def).name),
            _ => None,
        };
        one == other || !(is_library(one) || is_library(other)) || (name(one).is_some() && name(one) == name(other))
    }

    /// What an alias stands for.
    fn behind_aliases(&self, mut def: Def) -> Def {
        for _ in 0..BUDGET {
            let Def::Item(item) = def else { return def };
            let ItemKind::TypeAlias(alias) = &self.item(item).kind else { return def };
            let Some(TypeRef::Path(path)) = &alias.ty else { return def };
            let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
            let (next, taken) = self.resolve_path(self.def(item).module, &names, path.global, Namespace::Types);
            if path.qself.is_some() || taken < names.len() {
                return Def::Unknown;
            }
            def = next;
        }
        def
    }
}
