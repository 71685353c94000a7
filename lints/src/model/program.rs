//! The linked program: every item of every crate under one number, with its module.
//!
//! Invariants: a [`DefId`] is the place of an item in the order (user crates, then libraries; files in the order they are
//! reached; items in the order of the file), so it depends on the input alone. A file that two crates share has a
//! [`Unit`] in each. Nothing is computed here that needs types.

use super::asked::Asked;
use super::lang::Lang;
use super::resolve::{self, Module};
use super::signature::SignatureTables;
use crate::source::{FileId, Loc, Name, Span};
use crate::syntax::ir::{
    Body, Cfg, ExprData, ExprId, FieldsKind, Function, Generics, Item, ItemKind, LocalBodyId, LocalId, LocalItemId,
    PatData, PatId, Visibility,
};
use crate::syntax::{BodySlot, FileIr, Shape};
use crate::workspace::{CrateId, DependencyTarget, Edition, Krate, SourceFile, Workspace};
use rustc_hash::FxHashMap;
use std::fmt;
use std::sync::Arc;

macro_rules! global_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);
        impl $name {
            /// The place in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

global_id!(/// An item of the program.
    DefId);
global_id!(/// A body of the program.
    BodyId);
global_id!(/// A module of the program: a crate's root, `mod`, or a block with items.
    ModuleId);
global_id!(/// A file as part of one crate.
    UnitId);

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Def {
    /// Nothing.
    #[default]
    None,
    /// Something that is not known: imported from a crate that the catalogue does not know.
    Unknown,
    /// A module or crate.
    Module(ModuleId),
    /// A struct, enum, union, alias or trait; a function, constant, static or macro: an item.
    Item(DefId),
    /// A variant of an enum.
    Variant(DefId, u32),
    /// A primitive type.
    Prim(super::ty::Prim),
}

/// A file as part of one crate.
pub(super) struct Unit {
    pub(super) file: FileId,
    pub(super) krate: CrateId,
    pub(super) ir: Arc<FileIr>,
    pub(super) item_base: u32,
    pub(super) body_base: u32,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug)]
pub struct DefData {
    /// Its file and crate.
    pub unit: UnitId,
    /// Its place in the file.
    pub local: LocalItemId,
    /// The innermost module (a block with items is one).
    pub module: ModuleId,
    /// The impl, trait or function it stands in.
    pub parent: Option<DefId>,
    /// It is compiled for tests only.
    pub is_test: bool,
    /// It is in the module tree.
    pub is_linked: bool,
}

pub(super) struct CrateData {
    pub(super) name: Name,
    pub(super) edition: Edition,
    pub(super) root: ModuleId,
    pub(super) extern_prelude: FxHashMap<Name, Def>,
}

/// The linked program.
pub struct Program<'w> {
    /// The input.
    pub workspace: &'w Workspace,
    pub(super) units: Vec<Unit>,
    pub(super) defs: Vec<DefData>,
    body_units: Vec<UnitId>,
    pub(super) crates: Vec<CrateData>,
    pub(super) modules: Vec<Module>,
    pub(super) prelude: Option<ModuleId>,
    /// The language items.
    pub lang: Lang,
    pub(super) signatures: SignatureTables,
    pub(super) tests: bool,
    /// The names that bodies were asked for.
    pub asked: Asked,
}

impl fmt::Debug for Program<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({} crates, {} items)", self.crates.len(), self.defs.len())
    }
}

/// A body with where it stands.
#[derive(Clone, Copy)]
pub struct BodyRef<'p> {
    /// Its number.
    pub id: BodyId,
    /// Its file.
    pub file: FileId,
    /// The function, constant or static.
    pub owner: DefId,
    /// The body.
    pub ir: &'p Body,
}

impl fmt::Debug for BodyRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyRef({:?})", self.id)
    }
}

impl<'p> BodyRef<'p> {
    /// An expression.
    pub fn expr(self, id: ExprId) -> &'p ExprData {
        &self.ir.exprs[id.index()]
    }

    /// A pattern.
    pub fn pat(self, id: PatId) -> &'p PatData {
        &self.ir.pats[id.index()]
    }

    /// A local variable.
    pub fn local(self, id: LocalId) -> &'p crate::syntax::ir::Local {
        &self.ir.locals[id.index()]
    }

    /// A span of the body as a place.
    pub fn loc(self, span: Span) -> Loc {
        Loc::new(self.file, span)
    }

    /// Where an expression stands.
    pub fn expr_loc(self, id: ExprId) -> Loc {
        self.loc(self.expr(id).span)
    }
}

/// A body that may not be read yet, with where it stands.
///
/// Reading costs as much as everything else that is asked of a body, so what the head can answer is asked of it.
#[derive(Clone, Copy)]
pub struct BodyHead<'p> {
    /// Its number.
    pub id: BodyId,
    /// Its file.
    pub file: FileId,
    /// The function, constant or static.
    pub owner: DefId,
    slot: &'p BodySlot,
    text: &'p str,
    asked: &'p Asked,
}

impl fmt::Debug for BodyHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHead({:?})", self.id)
    }
}

impl<'p> BodyHead<'p> {
    /// The body, read.
    pub fn read(self) -> BodyRef<'p> {
        BodyRef { id: self.id, file: self.file, owner: self.owner, ir: self.slot.body(self.text) }
    }

    /// Identifiers, sorted, each once: every one in the body is among them. Whoever looks one up says so to [`Program::asked`].
    pub fn names(self) -> &'p [Name] {
        self.slot.mentions()
    }

    /// Whether the body mentions an identifier.
    pub fn mentions(self, name: Name) -> bool {
        self.asked.add(name);
        self.names().binary_search(&name).is_ok()
    }

    /// Names, sorted, each once: every function and method that the body calls, or names by a path, has one of them. Whoever looks one up
    /// says so to [`Program::asked`], but in a body with [`Shape::DISCARD`], of which all count.
    pub fn called(self) -> &'p [Name] {
        self.slot.called()
    }

    /// Whether the body may call a function or method of a name, or name it by a path of more than one segment.
    pub fn may_call(self, name: Name) -> bool {
        self.asked.add(name);
        self.called().binary_search(&name).is_ok()
    }

    /// Whether one of the things may be in the body.
    pub fn may_have(self, part: Shape) -> bool {
        self.slot.shape().has(part)
    }

    /// Whether a place may be in the function.
    pub fn may_contain(self, span: Span) -> bool {
        self.slot.span().is_none_or(|function| function.contains(span))
    }

    /// Whether the body does not parse.
    pub fn is_unread(self) -> bool {
        self.slot.problem(self.text).is_some()
    }
}

impl<'w> Program<'w> {
    /// Links the workspace with the libraries of the catalogue (name and file).
    pub fn link(workspace: &'w Workspace, libraries: &[(String, Arc<FileIr>)], tests: bool) -> Program<'w> {
        let mut program = Program {
            workspace,
            units: Vec::new(),
            defs: Vec::new(),
            body_units: Vec::new(),
            crates: Vec::new(),
            modules: Vec::new(),
            prelude: None,
            lang: Lang::default(),
            signatures: SignatureTables::default(),
            tests,
            asked: Asked::default(),
        };
        resolve::build(&mut program, libraries);
        program.lang = Lang::find(&program);
        program.signatures = SignatureTables::collect(&program);
        program
    }

    pub(super) fn add_unit(&mut self, file: FileId, krate: CrateId, ir: Arc<FileIr>, module: ModuleId) -> UnitId {
        let id = UnitId(self.units.len() as u32);
        let (item_base, body_base) = (self.defs.len() as u32, self.body_units.len() as u32);
        for index in 0..ir.items.len() as u32 {
            self.defs.push(DefData {
                unit: id,
                local: LocalItemId(index),
                module,
                parent: None,
                is_test: false,
                is_linked: false,
            });
        }
        self.body_units.extend(ir.bodies.iter().map(|_| id));
        self.units.push(Unit { file, krate, ir, item_base, body_base });
        id
    }

    pub(super) fn unit(&self, id: UnitId) -> &Unit {
        &self.units[id.index()]
    }

    /// Where an item stands.
    pub fn def(&self, id: DefId) -> &DefData {
        &self.defs[id.index()]
    }

    /// The item.
    pub fn item(&self, id: DefId) -> &Item {
        let data = self.def(id);
        &self.unit(data.unit).ir.items[data.local.index()]
    }

    /// The item's number from its place in a file of one crate.
    pub fn def_of(&self, unit: UnitId, local: LocalItemId) -> DefId {
        DefId(self.unit(unit).item_base + local.0)
    }

    /// Every item that is in the module tree, in order, those of libraries too.
    pub fn defs(&self) -> impl Iterator<Item = DefId> + '_ {
        (0..self.defs.len() as u32).map(DefId).filter(|def| self.def(*def).is_linked)
    }

    /// The items of the user's crates that are in the module tree; test code only where it was asked for.
    pub fn user_defs(&self) -> impl Iterator<Item = DefId> + '_ {
        self.defs().take_while(|def| self.is_user(*def)).filter(|def| self.is_analysed(*def))
    }

    /// Whether the item is in a user's crate.
    pub fn is_user(&self, def: DefId) -> bool {
        self.unit(self.def(def).unit).krate.index() < self.workspace.crates.len()
    }

    /// Whether the item counts: not test code, or tests were asked for.
    pub fn is_analysed(&self, def: DefId) -> bool {
        self.tests || !self.def(def).is_test
    }

    /// The crate of a user's item.
    pub fn krate(&self, def: DefId) -> Option<&'w Krate> {
        self.workspace.crates.get(self.krate_id(def).index())
    }

    /// The crate's number; past the workspace's for a library.
    pub fn krate_id(&self, def: DefId) -> CrateId {
        self.unit(self.def(def).unit).krate
    }

    /// Whether a user's crate is another one, or uses it, through others too.
    pub fn uses_crate(&self, user: CrateId, used: CrateId) -> bool {
        let mut found = vec![user];
        let mut from = 0;
        while let Some(krate) = found.get(from).copied() {
            if krate == used {
                return true;
            }
            from += 1;
            let dependencies =
                self.workspace.crates.get(krate.index()).into_iter().flat_map(|krate| &krate.dependencies);
            for dependency in dependencies {
                if let DependencyTarget::Workspace(next) = dependency.target
                    && !found.contains(&next)
                {
                    found.push(next);
                }
            }
        }
        false
    }

    /// The edition of the item's crate.
    pub fn edition(&self, def: DefId) -> Edition {
        self.crates[self.krate_id(def).index()].edition
    }

    /// The file of the item.
    pub fn file(&self, def: DefId) -> FileId {
        self.unit(self.def(def).unit).file
    }

    /// The source of a user's file.
    pub fn source(&self, file: FileId) -> Option<&'w SourceFile> {
        self.workspace.files.get(file.index())
    }

    /// The source text of a place; empty for a library.
    pub fn text(&self, loc: Loc) -> &'w str {
        self.source(loc.file).map_or("", |source| source.text_of(loc.span))
    }

    /// The place of an item's name.
    pub fn name_loc(&self, def: DefId) -> Loc {
        Loc::new(self.file(def), self.item(def).name_span)
    }

    /// The name of an item as text.
    pub fn name(&self, def: DefId) -> &str {
        self.name_text(def, self.item(def).name)
    }

    /// The text of a name that occurs in the file of `def`.
    pub fn name_text(&self, def: DefId, name: Name) -> &str {
        self.unit(self.def(def).unit).ir.name_text(name).unwrap_or("_")
    }

    /// `Type::method`, `function`, `Type`: as messages name it.
    pub fn path_text(&self, def: DefId) -> String {
        let own = self.name(def);
        let owner = self.def(def).parent.and_then(|parent| match &self.item(parent).kind {
            ItemKind::Impl(block) => match &block.self_ty {
                crate::syntax::ir::TypeRef::Path(path) => Some(self.name_text(parent, path.last())),
                _ => None,
            },
            ItemKind::Trait(_) => Some(self.name(parent)),
            _ => None,
        });
        owner.map_or_else(|| own.to_owned(), |owner| format!("{owner}::{own}"))
    }

    /// The function, if the item is one.
    pub fn function(&self, def: DefId) -> Option<&Function> {
        match &self.item(def).kind {
            ItemKind::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The generics of an item.
    pub fn generics(&self, def: DefId) -> Option<&Generics> {
        match &self.item(def).kind {
            ItemKind::Function(item) => Some(&item.generics),
            ItemKind::Struct(item) => Some(&item.generics),
            ItemKind::Enum(item) => Some(&item.generics),
            ItemKind::TypeAlias(item) => Some(&item.generics),
            ItemKind::Trait(item) => Some(&item.generics),
            ItemKind::Impl(item) => Some(&item.generics),
            _ => None,
        }
    }

    /// Whether a struct's field is `pub` and has a name.
    pub(super) fn is_public_field(&self, def: DefId, index: u32) -> bool {
        let ItemKind::Struct(data) = &self.item(def).kind else { return false };
        data.kind == FieldsKind::Named
            && data.fields.get(index as usize).is_some_and(|field| field.vis == Visibility::Public)
    }

    /// The body of a function, constant or static.
    pub fn body_of(&self, def: DefId) -> Option<BodyId> {
        let local = match &self.item(def).kind {
            ItemKind::Function(function) => function.body,
            ItemKind::Const(constant) | ItemKind::Static(constant) => constant.body,
            _ => None,
        }?;
        Some(self.body_id(self.def(def).unit, local))
    }

    fn body_id(&self, unit: UnitId, local: LocalBodyId) -> BodyId {
        BodyId(self.unit(unit).body_base + local.0)
    }

    /// A body.
    pub fn body(&self, id: BodyId) -> BodyRef<'_> {
        let unit_id = self.body_units[id.index()];
        let unit = self.unit(unit_id);
        let slot = &unit.ir.bodies[(id.0 - unit.body_base) as usize];
        let ir = slot.body(self.source(unit.file).map_or("", |source| &source.text));
        BodyRef { id, file: unit.file, owner: self.def_of(unit_id, slot.owner()), ir }
    }

    /// How many bodies there are; the user's come first.
    pub fn body_count(&self) -> usize {
        self.body_units.len()
    }

    /// The file that a body stands in, and its place among the bodies of the file.
    pub fn place_of_body(&self, id: BodyId) -> (FileId, usize) {
        let unit = self.unit(self.body_units[id.index()]);
        (unit.file, (id.0 - unit.body_base) as usize)
    }

    /// What is known of a body without reading it.
    pub fn body_head(&self, id: BodyId) -> BodyHead<'_> {
        let unit_id = self.body_units[id.index()];
        let unit = self.unit(unit_id);
        let slot = &unit.ir.bodies[(id.0 - unit.body_base) as usize];
        let text = self.source(unit.file).map_or("", |source| &source.text);
        BodyHead { id, file: unit.file, owner: self.def_of(unit_id, slot.owner()), slot, text, asked: &self.asked }
    }

    /// The bodies of the user's crates that count, in order.
    pub fn user_bodies(&self) -> impl Iterator<Item = BodyHead<'_>> + '_ {
        (0..self.body_units.len() as u32)
            .take_while(|id| self.unit(self.body_units[*id as usize]).krate.index() < self.workspace.crates.len())
            .map(|id| self.body_head(BodyId(id)))
            .filter(|body| self.def(body.owner).is_linked && self.is_analysed(body.owner))
    }

    /// Whether a predicate holds in a build without tests on a common platform; `None` where that depends.
    pub(super) fn evaluate(&self, cfg: &Cfg) -> Option<bool> {
        evaluate(cfg, self.tests)
    }

    /// The same in a build without tests, whatever is analysed.
    pub(super) fn evaluate_plainly(&self, cfg: &Cfg) -> Option<bool> {
        evaluate(cfg, false)
    }
}

fn evaluate(cfg: &Cfg, tests: bool) -> Option<bool> {
    match cfg {
        Cfg::All(parts) => {
            let mut all = Some(true);
            for part in parts {
                match evaluate(part, tests) {
                    Some(false) => return Some(false),
                    None => all = None,
                    Some(true) => {}
                }
            }
            all
        }
        Cfg::Any(parts) => {
            let mut any = Some(false);
            for part in parts {
                match evaluate(part, tests) {
                    Some(true) => return Some(true),
                    None => any = None,
                    Some(false) => {}
                }
            }
            any
        }
        Cfg::Not(part) => evaluate(part, tests).map(|holds| !holds),
        Cfg::Flag(flag) => match &**flag {
            "test" => Some(tests),
            "loom" | "shuttle" | "miri" | "kani" | "fuzzing" | "doc" | "docsrs" | "doctest" => Some(false),
            "unix" => Some(true),
            "windows" => Some(false),
            "debug_assertions" | "panic" | "proc_macro" => None,
            // A flag of the crate's own, which nobody passes unless asked to.
            _ => Some(false),
        },
        Cfg::KeyValue(key, value) => match (&**key, &**value) {
            ("target_os", os) => Some(os == "linux"),
            ("target_family", family) => Some(family == "unix"),
            ("target_has_atomic", _) => Some(true),
            ("target_pointer_width", width) => Some(width == "64"),
            ("feature", "std") => Some(true),
            ("feature", "loom" | "shuttle" | "fuzzing") => Some(false),
            _ => None,
        },
    }
}

/// Whether a predicate can hold only where `test` does.
pub(super) fn is_test_only(cfg: &Cfg) -> bool {
    match cfg {
        Cfg::Flag(flag) => &**flag == "test",
        Cfg::All(parts) => parts.iter().any(is_test_only),
        Cfg::Any(parts) => !parts.is_empty() && parts.iter().all(is_test_only),
        Cfg::Not(_) | Cfg::KeyValue(..) => false,
    }
}
