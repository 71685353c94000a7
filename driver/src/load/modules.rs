//! Where the file of a `mod m;` lies, by the rules of the Rust reference.
//!
//! A file has a folder for its modules. For a crate's root, a `mod.rs` and a file named by `#[path]` that is the file's own
//! folder; for any other `foo.rs` it is `foo/` beside it. An inline module adds its name (or its `#[path]`). A `#[path]` on
//! `mod m;` starts from the file's own folder where no inline module stands between, else from the folder of those. An
//! `include!` starts from the file's own folder always.

use crate::paths;
use std::path::{Path, PathBuf};
use thread_lints::TargetKind;
use thread_lints::source::Span;
use thread_lints::syntax::FileIr;
use thread_lints::syntax::ir::{Attrs, Cfg, Item, ItemKind, LocalItemId};

/// A file in its role as a module.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct ModuleFile {
    /// The file.
    pub(super) path: PathBuf,
    /// Where its own modules lie.
    pub(super) directory: Directory,
    /// Whether modules for tests are followed.
    pub(super) tests: bool,
}

/// Where the modules of a file lie.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Directory {
    /// The folder of the file.
    folder: PathBuf,
    /// The folder inside it that a file which is no `mod.rs` has for its modules.
    stem: Option<String>,
    /// Where to look next, for a file that is taken as a root but may be a module in truth.
    fallback: Option<String>,
}

impl Directory {
    /// That of a crate's root.
    pub(super) fn of_root(path: &Path, kind: TargetKind) -> Directory {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let fallback =
            stem.filter(|stem| kind == TargetKind::Loose && !matches!(stem.as_str(), "lib" | "main" | "mod"));
        Directory { folder: folder_of(path), stem: None, fallback }
    }

    /// That of a module in a file of its own.
    pub(super) fn of_module(path: &Path) -> Directory {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Directory { folder: folder_of(path), stem: stem.filter(|stem| stem != "mod"), fallback: None }
    }

    /// That of a file that a `#[path]` names.
    fn of_named(path: &Path) -> Directory {
        Directory { folder: folder_of(path), stem: None, fallback: None }
    }
}

/// A `mod m;`, or an `include!("file.rs");`.
#[derive(Clone, Debug)]
pub(super) struct Child {
    /// The item.
    pub(super) item: LocalItemId,
    /// What it is called in messages.
    pub(super) name: String,
    /// The span of its name, of the macro's path for an `include!`.
    pub(super) span: Span,
    /// It stands under a `cfg`.
    pub(super) conditional: bool,
    /// Its file, if there is one.
    pub(super) file: Option<ModuleFile>,
    /// The files it could have been.
    candidates: Vec<PathBuf>,
}

impl Child {
    /// Whether its file could be that one.
    pub(super) fn may_lie_in(&self, path: &Path) -> bool {
        self.candidates.iter().any(|candidate| candidate == path)
    }

    /// The files that it would be in place of its own, were they there.
    pub(super) fn absent(&self) -> impl Iterator<Item = &PathBuf> {
        let found = self.file.as_ref().map(|file| &file.path);
        self.candidates.iter().take_while(move |candidate| Some(*candidate) != found)
    }

    /// Why it has no file.
    pub(super) fn missing_reason(&self, base: &Path) -> String {
        let shown: Vec<String> =
            self.candidates.iter().map(|candidate| format!("`{}`", paths::display_from(base, candidate))).collect();
        // A folder, a pipe, a device.
        if let Some((other, _)) = shown.iter().zip(&self.candidates).find(|(_, candidate)| candidate.exists()) {
            return format!("{} has no file: {other} is not a regular file", self.name);
        }
        let tried = match shown.as_slice() {
            [one] => format!("{one} does not exist"),
            many => format!("neither {} exists", many.join(" nor ")),
        };
        format!("{} has no file: {tried}", self.name)
    }
}

/// The `mod m;` and `include!("file.rs");` items of a file with their files, without those that only tests see where tests are not asked for.
///
/// `is_file` says whether there is a file.
pub(super) fn children(ir: &FileIr, file: &ModuleFile, is_file: impl Fn(&Path) -> bool) -> Vec<Child> {
    if !file.tests && is_test_only(&ir.attrs) {
        return Vec::new();
    }
    let is_elsewhere = |item: &Item| matches!(item.kind, ItemKind::Module(None) | ItemKind::Include(_));
    let out_of_line = ir.items.iter().enumerate().filter(|(_, item)| is_elsewhere(item));
    out_of_line
        .filter_map(|(index, item)| {
            let around = modules_around(ir, item);
            let mut all = around.iter().copied().chain([item]);
            if !file.tests && all.clone().any(|module| is_test_only(&module.attrs)) {
                return None;
            }
            let (name, candidates) = match &item.kind {
                ItemKind::Include(path) => (format!("`include!` of `{path}`"), vec![included(file, path)]),
                _ => {
                    let name = ir.names.text(item.name)?;
                    (format!("module `{name}`"), candidates(ir, file, &around, item, name))
                }
            };
            let found = candidates.iter().find(|candidate| is_file(&candidate.path)).cloned();
            Some(Child {
                item: LocalItemId(index as u32),
                name,
                span: item.name_span,
                conditional: all.any(|module| module.attrs.cfg.is_some()) || ir.attrs.cfg.is_some(),
                file: found,
                candidates: candidates.into_iter().map(|candidate| candidate.path).collect(),
            })
        })
        .collect()
}

/// The inline modules around an item, outermost first.
fn modules_around<'i>(ir: &'i FileIr, item: &Item) -> Vec<&'i Item> {
    let mut around = Vec::new();
    let mut parent = item.parent;
    // A parent stands before its children, so the ids fall and the walk ends.
    let mut limit = ir.items.len();
    while let Some(id) = parent.filter(|id| id.index() < limit) {
        let Some(outer) = ir.items.get(id.index()) else {
            break;
        };
        if matches!(outer.kind, ItemKind::Module(_)) {
            around.push(outer);
        }
        limit = id.index();
        parent = outer.parent;
    }
    around.reverse();
    around
}

fn candidates(ir: &FileIr, file: &ModuleFile, around: &[&Item], item: &Item, name: &str) -> Vec<ModuleFile> {
    let module = |path: PathBuf, directory: fn(&Path) -> Directory| ModuleFile {
        directory: directory(&path),
        path,
        tests: file.tests,
    };
    let directory = &file.directory;
    let mut stems = vec![directory.stem.as_deref()];
    stems.extend(directory.fallback.as_deref().map(Some));
    let mut found = Vec::new();
    for stem in stems {
        let mut folder = directory.folder.clone();
        let mut stem = stem;
        for outer in around {
            // The anonymous module of a block adds nothing.
            let Some(outer_name) = ir.names.text(outer.name) else {
                continue;
            };
            match &outer.attrs.path {
                Some(path) => folder.push(&**path),
                None => {
                    folder.extend(stem);
                    folder.push(outer_name);
                }
            }
            stem = None;
        }
        if let Some(path) = &item.attrs.path {
            found.push(module(paths::absolute(&folder, Path::new(&**path)), Directory::of_named));
            continue;
        }
        folder.extend(stem);
        let folder = paths::normal(&folder);
        found.push(module(folder.join(format!("{name}.rs")), Directory::of_module));
        found.push(module(folder.join(name).join("mod.rs"), Directory::of_module));
    }
    found.dedup();
    found
}

/// The file of an `include!`: its modules lie where those of a file that a `#[path]` names do.
fn included(file: &ModuleFile, path: &str) -> ModuleFile {
    let path = paths::absolute(&folder_of(&file.path), Path::new(path));
    ModuleFile { directory: Directory::of_named(&path), path, tests: file.tests }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Whether something is there only when tests are built.
fn is_test_only(attrs: &Attrs) -> bool {
    attrs.cfg.as_deref().is_some_and(implies_test)
}

fn implies_test(cfg: &Cfg) -> bool {
    match cfg {
        Cfg::Flag(flag) => &**flag == "test",
        Cfg::All(parts) => parts.iter().any(implies_test),
        Cfg::Any(parts) => !parts.is_empty() && parts.iter().all(implies_test),
        Cfg::Not(_) | Cfg::KeyValue(..) => false,
    }
}
