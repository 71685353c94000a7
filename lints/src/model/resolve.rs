//! The module tree, imports, and the resolution of paths.
//!
//! Imports are resolved to a fixed point, globs on each lookup. Where several items share a name under different `cfg`s,
//! the one that a plain Linux build without tests sees is named, or none where that is open and they are no kin (`rivals`);
//! all of them are analysed. An import that leads nowhere
//! is `Def::Unknown`, so that a name from an unknown crate never falls through to the prelude.

use super::program::{CrateData, Def, DefId, ModuleId, Program, UnitId, is_test_only};
use super::rivals::Rival;
use super::ty::Prim;
use crate::source::{FileId, Name, Span};
use crate::syntax::FileIr;
use crate::syntax::ir::{Attrs, ItemKind, LocalItemId};
use crate::workspace::{CrateId, DependencyTarget, Edition, TargetKind};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::sync::Arc;

const CRATE: Name = Name::of("crate");
const SELF_MODULE: Name = Name::of("self");
const SUPER: Name = Name::of("super");
/// How many modules one name is looked for in through globs; also bounds the recursion.
const MAX_GLOBBED_MODULES: usize = 512;
/// The rank of a name that leads nowhere: any known meaning under another `cfg` comes first.
const UNKNOWN_RANK: u8 = 1;
/// The rank of a name that every build has.
const MAX_RANK: u8 = 4;
/// The rank of a name that a build may have or not.
const OPEN_RANK: u8 = 3;

/// A namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Namespace {
    /// Modules, types, traits.
    Types,
    /// Functions, constants, statics, constructors.
    Values,
    /// Macros.
    Macros,
}

/// A module's names.
pub(super) struct Module {
    pub(super) krate: CrateId,
    pub(super) parent: Option<ModuleId>,
    pub(super) is_block: bool,
    entries: FxHashMap<Name, Entry>,
    /// Those of the rank that comes first in front.
    globs: Vec<(u8, Def)>,
}

impl Module {
    /// The meaning of a name of this module, as it is written there.
    pub(super) fn own_type(&self, name: Name) -> Def {
        self.entries.get(&name).map_or(Def::None, |entry| entry.types.def)
    }

    /// From now on a name of this module leads nowhere.
    pub(super) fn forget_type(&mut self, name: Name) {
        if let Some(entry) = self.entries.get_mut(&name) {
            entry.types.def = Def::Unknown;
        }
    }

    fn add_glob(&mut self, rank: u8, def: Def) {
        if !self.globs.iter().any(|(_, known)| *known == def) {
            let place = self.globs.partition_point(|(known, _)| *known >= rank);
            self.globs.insert(place, (rank, def));
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Entry {
    types: Slot,
    values: Slot,
    macros: Slot,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    def: Def,
    rank: u8,
}

impl Entry {
    fn slot(&mut self, namespace: Namespace) -> &mut Slot {
        match namespace {
            Namespace::Types => &mut self.types,
            Namespace::Values => &mut self.values,
            Namespace::Macros => &mut self.macros,
        }
    }

    fn get(&self, namespace: Namespace) -> Def {
        match namespace {
            Namespace::Types => self.types.def,
            Namespace::Values => self.values.def,
            Namespace::Macros => self.macros.def,
        }
    }
}

pub(super) struct Import {
    pub(super) module: ModuleId,
    pub(super) unit: UnitId,
    pub(super) item: LocalItemId,
    pub(super) entry: usize,
    rank: u8,
    done: bool,
}

struct Builder<'b, 'w> {
    program: &'b mut Program<'w>,
    imports: Vec<Import>,
    rivals: Vec<Rival>,
    mounted: FxHashMap<(CrateId, FileId), ModuleId>,
}

pub(super) fn build(program: &mut Program<'_>, libraries: &[(String, Arc<FileIr>)]) {
    let mut builder = Builder { program, imports: Vec::new(), rivals: Vec::new(), mounted: FxHashMap::default() };
    let user_count = builder.program.workspace.crates.len();
    for index in 0..user_count {
        builder.add_user_crate(CrateId(index as u32));
    }
    for (index, (name, ir)) in libraries.iter().enumerate() {
        let file = FileId((builder.program.workspace.files.len() + index) as u32);
        builder.add_crate(CrateId((user_count + index) as u32), name, Edition::E2021, file, ir.clone());
    }
    builder.fill_extern_preludes();
    builder.resolve_imports();
}

impl Builder<'_, '_> {
    fn add_user_crate(&mut self, krate: CrateId) {
        let data = &self.program.workspace.crates[krate.index()];
        let Some(file) = self.program.workspace.files.get(data.root.index()) else { return };
        self.add_crate(krate, &data.name, data.edition, data.root, file.ir.clone());
    }

    fn add_crate(&mut self, krate: CrateId, name: &str, edition: Edition, file: FileId, ir: Arc<FileIr>) {
        let root = self.new_module(krate, None, false);
        self.program.crates.push(CrateData {
            name: Name::of(name),
            edition,
            root,
            extern_prelude: FxHashMap::default(),
        });
        self.mount(krate, file, ir, root, false);
    }

    fn new_module(&mut self, krate: CrateId, parent: Option<ModuleId>, is_block: bool) -> ModuleId {
        let id = ModuleId(self.program.modules.len() as u32);
        self.program.modules.push(Module { krate, parent, is_block, entries: FxHashMap::default(), globs: Vec::new() });
        id
    }

    /// Makes `file` the content of `module`.
    fn mount(&mut self, krate: CrateId, file: FileId, ir: Arc<FileIr>, module: ModuleId, in_test: bool) {
        self.mounted.insert((krate, file), module);
        let is_test = in_test || self.test_only(&ir.attrs);
        let unit = self.program.add_unit(file, krate, ir.clone(), module);
        for item in &ir.top {
            self.add_item(unit, &ir, *item, module, None, is_test);
        }
        self.add_block_modules(krate, unit, &ir);
    }

    /// The anonymous modules of blocks hang below their functions, which are all known by now, the inner below the outer.
    fn add_block_modules(&mut self, krate: CrateId, unit: UnitId, ir: &FileIr) {
        let mut blocks: Vec<(LocalItemId, LocalItemId, Span, &[LocalItemId])> = Vec::new();
        for (index, item) in ir.items.iter().enumerate() {
            if let (ItemKind::Module(Some(children)), true, Some(owner)) =
                (&item.kind, item.name == Name::NONE, item.parent)
            {
                blocks.push((LocalItemId(index as u32), owner, item.span, children));
            }
        }
        blocks.sort_by_key(|(local, _, span, _)| (u32::MAX - (span.end - span.start), *local));
        let mut made: Vec<(LocalItemId, Span, ModuleId)> = Vec::new();
        for (local, owner, span, children) in blocks {
            let owner_def = self.program.def_of(unit, owner);
            let owner_data = *self.program.def(owner_def);
            let outer = made.iter().rev().find(|(other, area, _)| *other == owner && area.contains(span));
            let parent = outer.map_or(owner_data.module, |(_, _, module)| *module);
            let block = self.new_module(krate, Some(parent), true);
            made.push((owner, span, block));
            let def = self.program.def_of(unit, local);
            let slot = &mut self.program.defs[def.index()];
            (slot.module, slot.is_linked, slot.is_test) = (block, owner_data.is_linked, owner_data.is_test);
            for child in children {
                self.add_item(unit, ir, *child, block, Some(owner_def), owner_data.is_test);
            }
        }
    }

    fn test_only(&self, attrs: &Attrs) -> bool {
        attrs.is_test || attrs.cfg.as_deref().is_some_and(is_test_only)
    }

    fn rank(&self, attrs: &Attrs) -> u8 {
        rank_of(attrs.cfg.as_deref().map_or(Some(true), |cfg| self.program.evaluate(cfg)))
    }

    fn add_item(
        &mut self,
        unit: UnitId,
        ir: &FileIr,
        local: LocalItemId,
        module: ModuleId,
        parent: Option<DefId>,
        in_test: bool,
    ) {
        let item = &ir.items[local.index()];
        let def = self.program.def_of(unit, local);
        let is_test = in_test || self.test_only(&item.attrs);
        let slot = &mut self.program.defs[def.index()];
        (slot.module, slot.parent, slot.is_test, slot.is_linked) = (module, parent, is_test, true);
        let rank = self.rank(&item.attrs);
        let krate = self.program.units[unit.index()].krate;
        match &item.kind {
            ItemKind::Module(content) => self.add_module(unit, ir, local, module, is_test, rank, content.as_deref()),
            ItemKind::Use(entries) => {
                let imports =
                    (0..entries.len()).map(|entry| Import { module, unit, item: local, entry, rank, done: false });
                self.imports.extend(imports);
            }
            ItemKind::ExternCrate(_) => {
                self.imports.push(Import { module, unit, item: local, entry: 0, rank, done: false });
            }
            ItemKind::Function(_) | ItemKind::Const(_) | ItemKind::Static(_) => {
                self.define(module, item.name, Namespace::Values, Def::Item(def), rank);
            }
            ItemKind::Struct(data) => {
                self.define(module, item.name, Namespace::Types, Def::Item(def), rank);
                if data.kind != crate::syntax::ir::FieldsKind::Named {
                    self.define(module, item.name, Namespace::Values, Def::Item(def), rank);
                }
            }
            ItemKind::Enum(_) | ItemKind::TypeAlias(_) => {
                self.define(module, item.name, Namespace::Types, Def::Item(def), rank);
            }
            ItemKind::Trait(data) => {
                self.define(module, item.name, Namespace::Types, Def::Item(def), rank);
                for child in &data.items {
                    self.add_member(unit, ir, *child, module, def, is_test);
                }
            }
            ItemKind::Impl(data) => {
                for child in &data.items {
                    self.add_member(unit, ir, *child, module, def, is_test);
                }
            }
            ItemKind::MacroRules(_) => {
                self.define(module, item.name, Namespace::Macros, Def::Item(def), rank);
                if item.attrs.macro_scope {
                    let root = self.program.crates[krate.index()].root;
                    self.define(root, item.name, Namespace::Macros, Def::Item(def), rank);
                }
            }
            ItemKind::Include(_) => self.include(unit, local, module, is_test),
            ItemKind::MacroCall(_) => {}
        }
    }

    fn add_member(
        &mut self,
        unit: UnitId,
        ir: &FileIr,
        local: LocalItemId,
        module: ModuleId,
        parent: DefId,
        in_test: bool,
    ) {
        let is_test = in_test || self.test_only(&ir.items[local.index()].attrs);
        let def = self.program.def_of(unit, local);
        let slot = &mut self.program.defs[def.index()];
        (slot.module, slot.parent, slot.is_test, slot.is_linked) = (module, Some(parent), is_test, true);
    }

    #[expect(clippy::too_many_arguments, reason = "one caller, which has them all at hand")]
    fn add_module(
        &mut self,
        unit: UnitId,
        ir: &FileIr,
        local: LocalItemId,
        parent: ModuleId,
        is_test: bool,
        rank: u8,
        content: Option<&[LocalItemId]>,
    ) {
        let item = &ir.items[local.index()];
        let Unit { krate, file } = self.unit_key(unit);
        if let Some(children) = content {
            let inner = self.new_module(krate, Some(parent), false);
            self.define(parent, item.name, Namespace::Types, Def::Module(inner), rank);
            for child in children {
                self.add_item(unit, ir, *child, inner, None, is_test);
            }
            return;
        }
        let Some(data) = self.program.workspace.crates.get(krate.index()) else { return };
        let Some(target) = data.module_files.get(&(file, local)).copied() else { return };
        if let Some(mounted) = self.mounted.get(&(krate, target)).copied() {
            self.define(parent, item.name, Namespace::Types, Def::Module(mounted), rank);
            return;
        }
        let Some(source) = self.program.workspace.files.get(target.index()) else { return };
        let inner = self.new_module(krate, Some(parent), false);
        self.define(parent, item.name, Namespace::Types, Def::Module(inner), rank);
        self.mount(krate, target, source.ir.clone(), inner, is_test);
    }

    /// `include!("file.rs");`: the items of the file are the module's own. A file that two modules include is there once.
    fn include(&mut self, unit: UnitId, local: LocalItemId, module: ModuleId, is_test: bool) {
        let Unit { krate, file } = self.unit_key(unit);
        let Some(data) = self.program.workspace.crates.get(krate.index()) else { return };
        let Some(target) = data.module_files.get(&(file, local)).copied() else { return };
        if let Some(mounted) = self.mounted.get(&(krate, target)).copied() {
            if mounted != module {
                self.program.modules[module.index()].add_glob(MAX_RANK, Def::Module(mounted));
            }
            return;
        }
        let Some(source) = self.program.workspace.files.get(target.index()) else { return };
        self.mount(krate, target, source.ir.clone(), module, is_test);
    }

    fn unit_key(&self, unit: UnitId) -> Unit {
        let unit = &self.program.units[unit.index()];
        Unit { krate: unit.krate, file: unit.file }
    }

    fn define(&mut self, module: ModuleId, name: Name, namespace: Namespace, def: Def, rank: u8) {
        let rank = if def == Def::Unknown { UNKNOWN_RANK } else { rank };
        let slot = self.program.modules[module.index()].entries.entry(name).or_default().slot(namespace);
        if rank > slot.rank {
            *slot = Slot { def, rank };
        } else if rank == OPEN_RANK && slot.rank == OPEN_RANK && def != slot.def && namespace == Namespace::Types {
            self.rivals.push(Rival { module, name, def });
        }
    }

    fn fill_extern_preludes(&mut self) {
        let user_count = self.program.workspace.crates.len();
        let libraries: Vec<(Name, Def)> =
            self.program.crates.iter().skip(user_count).map(|krate| (krate.name, Def::Module(krate.root))).collect();
        let library = |name: Name| libraries.iter().find(|(own, _)| *own == name).map(|(_, def)| *def);
        let std = library(Name::of("std")).unwrap_or(Def::Unknown);
        for index in 0..self.program.crates.len() {
            let mut prelude = FxHashMap::default();
            match self.program.workspace.crates.get(index) {
                Some(krate) => {
                    if krate.kind == TargetKind::Loose {
                        prelude.extend(libraries.iter().copied());
                    }
                    for dependency in &krate.dependencies {
                        let def = match &dependency.target {
                            DependencyTarget::Workspace(other) => {
                                self.program.crates.get(other.index()).map(|krate| Def::Module(krate.root))
                            }
                            DependencyTarget::External(name) => library(Name::of(name)),
                        };
                        prelude.insert(Name::of(&dependency.alias), def.unwrap_or(Def::Unknown));
                    }
                }
                None => prelude.extend(libraries.iter().copied()),
            }
            for name in ["std", "core", "alloc"] {
                prelude.entry(Name::of(name)).or_insert(std);
            }
            self.program.crates[index].extern_prelude = prelude;
        }
        if let Def::Module(std) = std
            && let Def::Module(prelude) = self.program.lookup_in_module(std, Name::of("prelude"), Namespace::Types)
            && let Def::Module(v1) = self.program.lookup_in_module(prelude, Name::of("v1"), Namespace::Types)
        {
            self.program.prelude = Some(v1);
        }
    }

    fn resolve_imports(&mut self) {
        let mut imports = std::mem::take(&mut self.imports);
        loop {
            let mut progressed = false;
            for import in &mut imports {
                if !import.done && self.resolve_import(import) {
                    import.done = true;
                    progressed = true;
                }
            }
            if !progressed {
                break;
            }
        }
        // A name may have gained a meaning in a second namespace after its import was resolved in the first.
        for import in imports.iter().filter(|import| import.done) {
            self.resolve_import(import);
        }
        for import in imports.iter().filter(|import| !import.done) {
            let ir = self.program.units[import.unit.index()].ir.clone();
            let name = match &ir.items[import.item.index()].kind {
                ItemKind::Use(entries) => entries[import.entry].alias,
                _ => ir.items[import.item.index()].name,
            };
            if name != Name::NONE {
                for namespace in [Namespace::Types, Namespace::Values, Namespace::Macros] {
                    self.define(import.module, name, namespace, Def::Unknown, import.rank);
                }
            }
        }
        let rivals = std::mem::take(&mut self.rivals);
        self.program.settle_rivals(&rivals, &imports);
    }

    fn resolve_import(&mut self, import: &Import) -> bool {
        let ir = self.program.units[import.unit.index()].ir.clone();
        let item = &ir.items[import.item.index()];
        let entries = match &item.kind {
            ItemKind::Use(entries) => entries,
            ItemKind::ExternCrate(name) => {
                let krate = self.program.modules[import.module.index()].krate;
                let def = if *name == SELF_MODULE {
                    Def::Module(self.program.crates[krate.index()].root)
                } else {
                    self.program.crates[krate.index()].extern_prelude.get(name).copied().unwrap_or_default()
                };
                if def == Def::None {
                    return false;
                }
                self.define(import.module, item.name, Namespace::Types, def, import.rank);
                return true;
            }
            _ => return true,
        };
        let entry = &entries[import.entry];
        let Some(((last, _), prefix)) = entry.path.split_last() else { return true };
        let names: Vec<Name> = prefix.iter().map(|(name, _)| *name).collect();
        if entry.glob {
            let all: Vec<Name> = entry.path.iter().map(|(name, _)| *name).collect();
            let target = self.program.resolve_import_prefix(import.module, &all, entry.global);
            let known = matches!(target, Def::Module(_) | Def::Item(_)) && target != Def::Module(import.module);
            if known {
                // rustyline's `tty`: what stands in for the terminal in tests is not what an example runs with.
                let cfg = item.attrs.cfg.as_deref();
                let rank = rank_of(cfg.map_or(Some(true), |cfg| self.program.evaluate_plainly(cfg)));
                self.program.modules[import.module.index()].add_glob(rank, target);
            }
            return known || target == Def::Unknown;
        }
        if names.is_empty() {
            return self.resolve_single_import(import, *last, entry.global, entry.alias);
        }
        let target = self.program.resolve_import_prefix(import.module, &names, entry.global);
        let mut found = false;
        for namespace in [Namespace::Types, Namespace::Values, Namespace::Macros] {
            let def = self.program.lookup_member(target, *last, namespace);
            // `use super::x as x` inside the module that defines it must not see itself.
            if def != Def::None {
                found = true;
                if entry.alias != Name::NONE {
                    self.define(import.module, entry.alias, namespace, def, import.rank);
                }
            }
        }
        found
    }

    /// `use name;`, `use name as other;`
    fn resolve_single_import(&mut self, import: &Import, name: Name, global: bool, alias: Name) -> bool {
        let mut found = false;
        for namespace in [Namespace::Types, Namespace::Values, Namespace::Macros] {
            let def = match namespace {
                Namespace::Types => self.program.resolve_import_prefix(import.module, &[name], global),
                _ if global => Def::None,
                _ => self.program.lookup_lexical(import.module, name, namespace),
            };
            if def != Def::None {
                found = true;
                if alias != Name::NONE {
                    self.define(import.module, alias, namespace, def, import.rank);
                }
            }
        }
        found
    }
}

/// The rank of what has a `cfg`, by whether it holds.
fn rank_of(holds: Option<bool>) -> u8 {
    match holds {
        Some(true) => MAX_RANK,
        None => OPEN_RANK,
        Some(false) => 2,
    }
}

/// The part of a unit that outlives a change of the program.
struct Unit {
    krate: CrateId,
    file: FileId,
}

impl Program<'_> {
    /// The root module of a library of the catalogue.
    pub(super) fn library_root(&self, name: Name) -> Option<ModuleId> {
        self.crates.iter().skip(self.workspace.crates.len()).find(|krate| krate.name == name).map(|krate| krate.root)
    }

    /// The item at a path of a library of the catalogue, such as `std`, `thread::spawn`.
    pub(super) fn crate_root(&self, module: ModuleId) -> ModuleId {
        self.crates[self.modules[module.index()].krate.index()].root
    }

    /// A name in one module, through its globs.
    pub(super) fn lookup_in_module(&self, module: ModuleId, name: Name, namespace: Namespace) -> Def {
        self.lookup_through_globs(module, name, namespace, &mut SmallVec::new())
    }

    /// A name in a module that is not among the `visited`. Modules that all glob each other are common (`use super::*` below,
    /// `pub use child::*` above), so each is looked into once.
    fn lookup_through_globs(
        &self,
        module: ModuleId,
        name: Name,
        namespace: Namespace,
        visited: &mut SmallVec<[ModuleId; 16]>,
    ) -> Def {
        let data = &self.modules[module.index()];
        if let Some(entry) = data.entries.get(&name) {
            let def = entry.get(namespace);
            if def != Def::None {
                return def;
            }
        }
        // Chains of globs are short in code that people write.
        if data.globs.is_empty() || visited.len() >= MAX_GLOBBED_MODULES {
            return Def::None;
        }
        visited.push(module);
        for (_, glob) in &data.globs {
            let def = match glob {
                Def::Module(inner) if visited.contains(inner) => Def::None,
                Def::Module(inner) => self.lookup_through_globs(*inner, name, namespace, visited),
                _ => self.lookup_member(*glob, name, namespace),
            };
            if def != Def::None {
                return def;
            }
        }
        Def::None
    }

    /// A name in a module or enum.
    pub(super) fn lookup_member(&self, owner: Def, name: Name, namespace: Namespace) -> Def {
        match owner {
            Def::Module(module) => self.lookup_in_module(module, name, namespace),
            Def::Item(def) if namespace != Namespace::Macros => self.variant(def, name),
            Def::Unknown => Def::Unknown,
            _ => Def::None,
        }
    }

    /// A variant of an enum by name.
    pub(super) fn variant(&self, def: DefId, name: Name) -> Def {
        let ItemKind::Enum(data) = &self.item(def).kind else { return Def::None };
        data.variants
            .iter()
            .position(|variant| variant.name == name)
            .map_or(Def::None, |index| Def::Variant(def, index as u32))
    }

    /// A name as seen from inside a module: its blocks, itself, the crates, the prelude, the primitives.
    pub(super) fn lookup_lexical(&self, module: ModuleId, name: Name, namespace: Namespace) -> Def {
        let mut scope = module;
        loop {
            let def = self.lookup_in_module(scope, name, namespace);
            if def != Def::None {
                return def;
            }
            let data = &self.modules[scope.index()];
            match data.parent {
                Some(parent) if data.is_block => scope = parent,
                _ => break,
            }
        }
        let krate = self.modules[module.index()].krate;
        if namespace == Namespace::Macros {
            // A textual `macro_rules!` is in scope in the modules below it.
            let mut above = self.modules[scope.index()].parent;
            while let Some(parent) = above {
                if let Some(entry) = self.modules[parent.index()].entries.get(&name)
                    && entry.macros.def != Def::None
                {
                    return entry.macros.def;
                }
                above = self.modules[parent.index()].parent;
            }
        }
        if namespace == Namespace::Types
            && let Some(def) = self.crates[krate.index()].extern_prelude.get(&name)
        {
            return *def;
        }
        if let Some(prelude) = self.prelude {
            let def = self.lookup_in_module(prelude, name, namespace);
            if def != Def::None {
                return def;
            }
        }
        if namespace == Namespace::Types { primitive(name).map_or(Def::None, Def::Prim) } else { Def::None }
    }

    /// Resolves a whole path of an import to a module or enum.
    pub(super) fn resolve_import_prefix(&self, module: ModuleId, names: &[Name], global: bool) -> Def {
        let krate = self.modules[module.index()].krate;
        let Some((first, rest)) = names.split_first() else {
            return Def::Module(self.crate_root(module));
        };
        let mut def = if global || self.crates[krate.index()].edition == Edition::E2015 {
            let local = match self.keyword_module(module, *first) {
                Some(found) => Def::Module(found),
                None if global && self.crates[krate.index()].edition != Edition::E2015 => Def::None,
                None => self.lookup_in_module(self.crate_root(module), *first, Namespace::Types),
            };
            if local == Def::None {
                self.crates[krate.index()].extern_prelude.get(first).copied().unwrap_or_default()
            } else {
                local
            }
        } else {
            match self.keyword_module(module, *first) {
                Some(found) => Def::Module(found),
                None => self.lookup_lexical(module, *first, Namespace::Types),
            }
        };
        let mut here = module;
        for name in rest {
            def = match def {
                Def::Module(inner) if *name == SUPER => {
                    here = self.modules[inner.index()].parent.unwrap_or(here);
                    Def::Module(here)
                }
                _ => self.lookup_member(def, *name, Namespace::Types),
            };
        }
        // An alias of an enum is as good as the enum for `use Alias::*`; the engine does not follow it.
        def
    }

    /// The module that `crate`, `self` or `super` names.
    fn keyword_module(&self, module: ModuleId, name: Name) -> Option<ModuleId> {
        match name {
            CRATE => Some(self.crate_root(module)),
            SELF_MODULE => Some(self.plain_module(module)),
            SUPER => self.modules[self.plain_module(module).index()].parent.map(|parent| self.plain_module(parent)),
            _ => None,
        }
    }

    /// The nearest module that is not a block.
    fn plain_module(&self, module: ModuleId) -> ModuleId {
        let mut module = module;
        while self.modules[module.index()].is_block
            && let Some(parent) = self.modules[module.index()].parent
        {
            module = parent;
        }
        module
    }

    /// How code in a function names an item: by its name where that is in scope, else by a path from its crate. `None` where
    /// no such path leads there.
    pub fn path_from(&self, item: DefId, function: DefId) -> Option<String> {
        let from = self.def(function).module;
        let own = self.item(item).name;
        let namespace = if self.function(item).is_some() { Namespace::Values } else { Namespace::Types };
        let leads = |names: &[Name], global: bool| {
            self.resolve_path(from, names, global, namespace) == (Def::Item(item), names.len())
        };
        if leads(&[own], false) {
            return Some(self.name(item).to_owned());
        }
        let mut names = vec![own];
        let mut module = self.def(item).module;
        for _ in 0..MAX_GLOBBED_MODULES {
            let Some(parent) = self.modules[module.index()].parent else { break };
            let entries = &self.modules[parent.index()].entries;
            let named = entries.iter().filter(|(_, entry)| entry.types.def == Def::Module(module));
            names.insert(0, named.map(|(name, _)| *name).min()?);
            module = parent;
        }
        let krate = self.krate(function)?;
        let mut aliases = krate.dependencies.iter().map(|dependency| dependency.alias.as_str()).chain(["std"]);
        let prelude = &self.crates[self.krate_id(function).index()].extern_prelude;
        let alias = aliases.find(|alias| prelude.get(&Name::of(alias)) == Some(&Def::Module(module)))?;
        names.insert(0, Name::of(alias));
        let global = krate.edition == Edition::E2015;
        if !leads(&names, global) {
            return None;
        }
        let texts: Vec<&str> = names.iter().skip(1).map(|name| self.name_text(item, *name)).collect();
        Some(format!("{}{alias}::{}", if global { "::" } else { "" }, texts.join("::")))
    }

    /// Whether a module belongs to a library of the catalogue.
    pub fn is_library_module(&self, module: ModuleId) -> bool {
        self.modules[module.index()].krate.index() >= self.workspace.crates.len()
    }

    /// Resolves a path as far as modules and variants go: the definition and how many segments it took.
    ///
    /// The last segment is looked up in `namespace`, those before it among types.
    pub fn resolve_path(&self, module: ModuleId, names: &[Name], global: bool, namespace: Namespace) -> (Def, usize) {
        let Some(first) = names.first() else { return (Def::None, 0) };
        let space = |index: usize| if index + 1 == names.len() { namespace } else { Namespace::Types };
        let krate = self.modules[module.index()].krate;
        let mut def = match self.keyword_module(module, *first) {
            Some(found) => Def::Module(found),
            None if global => {
                let external = self.crates[krate.index()].extern_prelude.get(first).copied().unwrap_or_default();
                match external {
                    Def::None => self.lookup_in_module(self.crate_root(module), *first, space(0)),
                    known => known,
                }
            }
            None => self.lookup_lexical(module, *first, space(0)),
        };
        // `use std::str;` takes nothing away from the type `str`, nor `use std::u32;` from `u32::MAX`.
        let shadowed = match def {
            Def::Module(_) | Def::Unknown if !global => primitive(*first),
            _ => None,
        };
        if let Some(prim) = shadowed
            && (names.len() == 1 || def == Def::Unknown)
        {
            return (Def::Prim(prim), 1);
        }
        let mut taken = 1;
        for (index, name) in names.iter().enumerate().skip(1) {
            let next = match def {
                Def::Module(inner) if *name == SUPER => {
                    self.modules[self.plain_module(inner).index()].parent.map_or(Def::None, Def::Module)
                }
                Def::Module(inner) => self.lookup_in_module(inner, *name, space(index)),
                Def::Item(item) => self.variant(item, *name),
                Def::Unknown => return (Def::Unknown, names.len()),
                _ => Def::None,
            };
            if next == Def::None {
                if let (Some(prim), 1) = (shadowed, index) {
                    return (Def::Prim(prim), 1);
                }
                // What is left is an associated item of a type; of a module, it does not exist as far as we know.
                let is_type = matches!(def, Def::Item(_) | Def::Prim(_));
                return if is_type { (def, taken) } else { (Def::Unknown, names.len()) };
            }
            def = next;
            taken += 1;
        }
        (def, taken)
    }
}

fn primitive(name: Name) -> Option<Prim> {
    const INTEGERS: [Name; 12] = [
        Name::of("usize"),
        Name::of("u64"),
        Name::of("u32"),
        Name::of("u16"),
        Name::of("u8"),
        Name::of("u128"),
        Name::of("isize"),
        Name::of("i64"),
        Name::of("i32"),
        Name::of("i16"),
        Name::of("i8"),
        Name::of("i128"),
    ];
    const BOOL: Name = Name::of("bool");
    const CHAR: Name = Name::of("char");
    const STR: Name = Name::of("str");
    const F32: Name = Name::of("f32");
    const F64: Name = Name::of("f64");
    match name {
        BOOL => Some(Prim::Bool),
        CHAR => Some(Prim::Char),
        STR => Some(Prim::Str),
        F32 | F64 => Some(Prim::Float),
        _ => INTEGERS.contains(&name).then_some(Prim::Int),
    }
}
