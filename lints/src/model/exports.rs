//! What other crates can name: the public items that a path of public modules or a `pub use` leads to.
//!
//! By name, so that an item is exported with its twin under another `cfg`.

use super::program::{Def, DefId, ModuleId, Program};
use super::resolve::Namespace;
use crate::source::Name;
use crate::syntax::ir::{ItemKind, Visibility};
use crate::workspace::CrateId;
use rustc_hash::{FxHashMap, FxHashSet};

/// The names of exported items, by crate.
#[derive(Debug, Default)]
pub struct Exports {
    names: FxHashSet<(CrateId, Name)>,
}

impl Exports {
    /// Walks the public modules of every library that is published as an API.
    pub fn find(program: &Program<'_>) -> Exports {
        let mut by_module: FxHashMap<ModuleId, Vec<DefId>> = FxHashMap::default();
        for def in program.user_defs() {
            let data = program.def(def);
            if data.parent.is_none() && data.is_linked && program.item(def).vis == Visibility::Public {
                by_module.entry(data.module).or_default().push(def);
            }
        }
        let mut exports = Exports::default();
        let crates = program.workspace.crates.iter().zip(&program.crates);
        let mut open: Vec<ModuleId> =
            crates.filter(|(krate, _)| krate.is_public_api).map(|(_, data)| data.root).collect();
        let mut seen: FxHashSet<ModuleId> = open.iter().copied().collect();
        while let Some(module) = open.pop() {
            for def in by_module.get(&module).map_or(&[][..], |defs| defs) {
                for found in exports.add(program, module, *def) {
                    if seen.insert(found) {
                        open.push(found);
                    }
                }
            }
        }
        exports
    }

    /// Notes a public item of a public module; the modules that it makes public.
    fn add(&mut self, program: &Program<'_>, module: ModuleId, def: DefId) -> Vec<ModuleId> {
        let item = program.item(def);
        let as_module = |found: Def| match found {
            Def::Module(inner) => Some(inner),
            _ => None,
        };
        match &item.kind {
            ItemKind::Module(_) => {
                as_module(program.lookup_in_module(module, item.name, Namespace::Types)).into_iter().collect()
            }
            ItemKind::Use(entries) => {
                let mut modules = Vec::new();
                for entry in entries {
                    let path: Vec<Name> = entry.path.iter().map(|(name, _)| *name).collect();
                    for namespace in [Namespace::Types, Namespace::Values] {
                        let (found, taken) = program.resolve_path(module, &path, entry.global, namespace);
                        if taken < path.len() {
                            continue;
                        }
                        match found {
                            Def::Item(found) if !entry.glob => {
                                self.names.insert((program.krate_id(found), program.item(found).name));
                            }
                            found => modules.extend(as_module(found)),
                        }
                    }
                }
                modules
            }
            _ => {
                self.names.insert((program.krate_id(def), item.name));
                Vec::new()
            }
        }
    }

    /// Whether other crates can name an item that stands in a module.
    pub fn contains(&self, program: &Program<'_>, def: DefId) -> bool {
        let item = program.item(def);
        item.vis == Visibility::Public && self.names.contains(&(program.krate_id(def), item.name))
    }
}
