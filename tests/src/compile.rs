//! Fixtures and their fixed sources, compiled.
//!
//! All texts become modules of one generated workspace, a member for each edition, and one `cargo check` reads them all: a
//! run of cargo for each would take minutes. The manifests and the lock file are kept in `tests/compile`.
//!
//! Invariants: a module has its text's lines, so that a compiler error is at the same line; the generated workspace stays
//! where it is from run to run, so that only what changed is compiled again; an error in one text hides none in another
//! (the compiler stops after a failed stage, so it is asked again without the texts that failed).

use crate::fixture::edition_name;
use crate::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, fs, io};
use thread_lints::Edition;

/// A text to compile.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in messages; the sources of one edition have different ones.
    pub name: String,
    /// The edition.
    pub edition: Edition,
    /// A crate's root file, or what could be one.
    pub text: String,
}

/// A compiler error.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CompileError {
    /// The source's name.
    pub name: String,
    /// The edition's name.
    pub edition: &'static str,
    /// 1-based; 0 where the compiler names no line of the source.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: [{}] {}", self.name, self.line, self.edition, self.message)
    }
}

/// How often the compiler is asked again without the sources that have errors.
const ROUNDS: usize = 12;

/// Compiles sources in a folder that is kept, and gives the errors in order. The problem, where cargo itself fails.
pub fn check(folder: &Path, sources: &[Source]) -> Result<Vec<CompileError>, String> {
    let workspace = Generated::new(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut errors: BTreeSet<CompileError> = BTreeSet::new();
    let mut failed: BTreeSet<(String, &'static str)> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let left = sources.iter().filter(|source| {
            let key = (source.name.clone(), edition_name(source.edition));
            !failed.contains(&key)
        });
        let modules = workspace.write(left).map_err(|error| format!("{}: {error}", folder.display()))?;
        let found = workspace.run(&modules)?;
        if found.is_empty() {
            return Ok(errors.into_iter().collect());
        }
        failed.extend(found.iter().map(|error| (error.name.clone(), error.edition)));
        errors.extend(found);
    }
    Err(format!("there are still new errors after {ROUNDS} rounds, beside {errors:#?}"))
}

/// Compiles a package and gives the compiler's errors, each with its place.
pub fn check_package(folder: &Path, target: &Path) -> Result<Vec<String>, String> {
    let messages = run_cargo(folder, target, &["--all-targets"])?;
    let place = |message: &Value| {
        let spans = message["spans"].as_array()?;
        let span = spans.iter().find(|span| span["is_primary"] == true)?;
        Some(format!("{}:{}: ", span["file_name"].as_str()?, span["line_start"]))
    };
    let text = |message: &Value| message["message"].as_str().unwrap_or_default().to_owned();
    Ok(messages.iter().map(|message| place(message).unwrap_or_default() + &text(message)).collect())
}

/// Copies a folder, without what stands at its top and is not to be kept.
pub fn copy_folder(from: &Path, to: &Path, is_kept: impl Fn(&str) -> bool) -> io::Result<()> {
    let is_kept = |entry: &walkdir::DirEntry| entry.depth() != 1 || entry.file_name().to_str().is_none_or(&is_kept);
    for entry in walkdir::WalkDir::new(from).into_iter().filter_entry(is_kept) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        if entry.path().is_dir() {
            fs::create_dir_all(target)?;
        } else if entry.path().is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The file of a module, from the generated workspace's root, with the source's name and edition.
type Modules = BTreeMap<String, (String, &'static str)>;

struct Generated {
    folder: PathBuf,
}

impl Generated {
    fn new(folder: &Path) -> io::Result<Generated> {
        let kept = root().join("tests/compile");
        for file in ["Cargo.toml", "Cargo.lock", "2021/Cargo.toml", "2024/Cargo.toml"] {
            let target = folder.join(file);
            fs::create_dir_all(target.parent().unwrap_or(folder).join("src"))?;
            write_if_changed(&target, &fs::read_to_string(kept.join(file))?)?;
        }
        Ok(Generated { folder: folder.to_path_buf() })
    }

    fn write<'a>(&self, sources: impl Iterator<Item = &'a Source>) -> io::Result<Modules> {
        let mut modules = Modules::new();
        let mut roots: BTreeMap<&str, String> = BTreeMap::new();
        for edition in [Edition::E2021, Edition::E2024] {
            roots.insert(edition_name(edition), String::from("#![allow(warnings)]\n"));
        }
        for source in sources {
            let edition = edition_name(source.edition);
            let module: String =
                source.name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
            let file = format!("{edition}/src/{module}.rs");
            write_if_changed(&self.folder.join(&file), &as_module(&source.text, &module))?;
            modules.insert(file, (source.name.clone(), edition));
            if let Some(text) = roots.get_mut(edition) {
                text.push_str(&format!("mod {module};\n"));
            }
        }
        for (edition, text) in roots {
            write_if_changed(&self.folder.join(edition).join("src/lib.rs"), &text)?;
        }
        Ok(modules)
    }

    fn run(&self, modules: &Modules) -> Result<Vec<CompileError>, String> {
        let messages = run_cargo(&self.folder, &self.folder.join("target"), &["--locked", "--workspace"])?;
        Ok(messages.iter().filter_map(|message| error_of(message, modules)).collect())
    }
}

/// The errors of a `cargo check`, as the compiler tells them.
fn run_cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Result<Vec<Value>, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["check", "--quiet", "--keep-going", "--message-format", "json"]).args(arguments);
    cargo.arg("--target-dir").arg(target).current_dir(folder).stdin(Stdio::null());
    // Of the run of cargo that the tests are in.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(name);
    }
    let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
    let mut errors = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(mut message) = serde_json::from_str::<Value>(line) else { continue };
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            errors.push(message["message"].take());
        }
    }
    if errors.is_empty() && !output.status.success() {
        return Err(format!("cargo check: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    Ok(errors)
}

/// The error at the first place of it, the main one before others, that is in a module.
fn error_of(message: &Value, modules: &Modules) -> Option<CompileError> {
    let mut spans: Vec<&Value> = message["spans"].as_array()?.iter().collect();
    spans.sort_by_key(|span| span["is_primary"] != true);
    let mut places = spans.into_iter().flat_map(|span| {
        std::iter::successors(Some(span), |span| Some(&span["expansion"]["span"]).filter(|outer| outer.is_object()))
    });
    let (place, (name, edition)) =
        places.find_map(|place| Some((place, modules.get(&place["file_name"].as_str()?.replace('\\', "/"))?)))?;
    let line = place["line_start"].as_u64().unwrap_or(0);
    let rendered = message["message"].as_str().unwrap_or_default();
    let message = match message["code"]["code"].as_str() {
        Some(code) => format!("{code}: {rendered}"),
        None => rendered.to_owned(),
    };
    Some(CompileError { name: name.clone(), edition, line, message })
}

/// A crate's root as a module: `crate::` leads to the module.
fn as_module(text: &str, module: &str) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("crate::") {
        let (before, after) = rest.split_at(at);
        changed.push_str(before);
        changed.push_str("crate::");
        rest = &after["crate::".len()..];
        // Neither the end of a longer word nor a macro's `$crate::`.
        if !before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            changed.push_str(module);
            changed.push_str("::");
        }
    }
    changed.push_str(rest);
    changed
}

/// Cargo compiles again what is written again.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text)
}
