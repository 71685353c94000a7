//! The project's own settings: `thread-lint.toml`, or the `metadata.thread-lint` tables of its manifests.
//!
//! The nearest `thread-lint.toml`, from the folder of the manifest upwards, comes first, then
//! `[package.metadata.thread-lint]`, then `[workspace.metadata.thread-lint]`: a key takes its value from the first of them
//! that has it. Paths are relative to the folder of the file that they stand in.
//!
//! Invariants: every key is one entry of [`keys::KEYS`], which the schema, the README's table and `config` are made of; a key that is not there, a value of another kind and a stub that does
//! not parse are errors with file, line and column, never ignored; all mistakes are told at once.

mod exclude;
mod keys;
mod schema;
mod show;

pub use exclude::Exclusion;
pub use keys::readme_table;
pub use schema::schema;
pub use show::show;

use crate::nearest::nearest;
use crate::{paths, reason_of, text_file};
use keys::KEYS;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use thread_lints::lint::Level;
use thread_lints::source::{LineColumn, LineIndex};
use thread_lints::{Settings, Stub};
use toml::de::{DeTable, DeValue};

/// The name of the file.
pub(crate) const FILE_NAME: &str = "thread-lint.toml";

/// The key of the tables in manifests.
const METADATA_KEY: &str = "thread-lint";

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError(Vec<Problem>);

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    path: PathBuf,
    /// Where, if it is known.
    at: Option<LineColumn>,
    reason: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken settings")?;
        for problem in &self.0 {
            let separator = if self.0.len() == 1 { ": " } else { "\n  " };
            write!(f, "{separator}{}", problem.path.display())?;
            if let Some(LineColumn { line, column }) = problem.at {
                write!(f, ":{line}:{column}")?;
            }
            write!(f, ": {}", problem.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsError {}

impl SettingsError {
    /// Each mistake: its file, the line in it (1 where none is known), and what is wrong.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&Path, u32, &str)> {
        self.0.iter().map(|problem| (&*problem.path, problem.at.map_or(1, |at| at.line), &*problem.reason))
    }
}

/// Where settings can stand.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'p> {
    /// Where the search for a file begins.
    pub folder: &'p Path,
    /// The manifest of the package that the command was run on.
    pub package: Option<&'p Path>,
    /// The manifest of its workspace.
    pub workspace: Option<&'p Path>,
}

/// What a project asks for.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// What the lints are told, but for the levels.
    pub settings: Settings,
    /// Levels by lint or group, in the order in which they hold, each with where it is said.
    pub levels: Vec<(String, Level, Source)>,
    /// Files in which nothing is reported.
    pub exclude: Vec<Exclusion>,
    /// The oldest Rust that suggestions may ask for, in place of each package's own.
    pub msrv: Option<(u32, u32)>,
    /// The files that `settings.stubs` were read from.
    pub stub_paths: Vec<PathBuf>,
    /// Where each key that is set is said.
    pub sources: BTreeMap<&'static str, Source>,
}

/// Where something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a file, on a line.
    File(PathBuf, u32),
    /// On the command line.
    CommandLine,
}

impl Project {
    /// The files that something of it stands in.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let of_keys = self.sources.values().chain(self.levels.iter().map(|(_, _, source)| source));
        let of_keys = of_keys.filter_map(|source| match source {
            Source::File(path, _) => Some(path),
            Source::CommandLine => None,
        });
        of_keys.chain(&self.stub_paths).cloned().collect()
    }

    /// What a check is told: the project's own, then the levels of the command line.
    pub fn into_settings(self) -> Settings {
        let levels = self.levels.into_iter().map(|(name, level, _)| (name, level)).collect();
        Settings { levels, ..self.settings }
    }
}

/// Reads the project's settings. The thread must have [`thread_lints::syntax::STACK_SIZE`] of stack.
pub fn read(origin: Origin<'_>) -> Result<Project, SettingsError> {
    let mut project = Project::default();
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    if let Some(path) = find_file(origin.folder) {
        match text_file::read(&path) {
            Ok(text) => documents.push((path, text, None)),
            Err(error) => problems.push(Problem { path, at: None, reason: reason_of(&error) }),
        }
    }
    for (manifest, table) in [(origin.package, "package"), (origin.workspace, "workspace")] {
        // A manifest that cannot be read is told of where packages are; most have no such table and need no second look.
        let text = manifest.and_then(|path| text_file::read(path).ok());
        if let (Some(path), Some(text)) = (manifest, text.filter(|text| text.contains(METADATA_KEY))) {
            documents.push((path.to_path_buf(), text, Some(table)));
        }
    }
    let mut places = Vec::new();
    for (path, text, table) in &documents {
        let place = |entries| Place { path, text, lines: LineIndex::new(text), entries };
        match (DeTable::parse(text), table) {
            (Ok(root), None) => places.push(place(root.into_inner())),
            (Ok(root), Some(table)) => places.extend(metadata(root.into_inner(), table).map(place)),
            (Err(error), None) => {
                let reason = error.message().lines().collect::<Vec<_>>().join(", ");
                let at = place(DeTable::new()).line_column(&error.span().unwrap_or_default());
                problems.push(Problem { path: path.clone(), at: Some(at), reason });
            }
            (Err(_), Some(_)) => {}
        }
    }
    for place in &places {
        problems.extend(place.unknown_keys());
    }
    for key in &KEYS {
        let first = places.iter().find_map(|place| Some((place, place.entries.get(key.name)?)));
        let Some((place, value)) = first else { continue };
        match (key.apply)(place, value, &mut project) {
            Some(Ok(())) => {
                project.sources.insert(key.name, place.source(&value.span()));
            }
            Some(Err(found)) => problems.extend(found),
            None => problems.push(place.problem(&value.span(), format!("`{}` wants {}", key.name, key.wants))),
        }
    }
    if problems.is_empty() { Ok(project) } else { Err(SettingsError(problems)) }
}

/// The nearest file in a folder or above it.
fn find_file(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

/// The table of settings in a manifest's `[package]` or `[workspace]`.
fn metadata<'t>(root: DeTable<'t>, table: &str) -> Option<DeTable<'t>> {
    let mut current = root;
    for key in [table, "metadata", METADATA_KEY] {
        current = match current.remove(key)?.into_inner() {
            DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    Some(current)
}

/// A table of settings, and the file it stands in.
struct Place<'t> {
    path: &'t Path,
    text: &'t str,
    lines: LineIndex,
    entries: DeTable<'t>,
}

impl Place<'_> {
    fn line_column(&self, span: &Range<usize>) -> LineColumn {
        self.lines.line_column(self.text, u32::try_from(span.start).unwrap_or(0))
    }

    fn source(&self, span: &Range<usize>) -> Source {
        Source::File(self.path.to_path_buf(), self.line_column(span).line)
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(self.path)
    }

    fn problem(&self, span: &Range<usize>, reason: String) -> Problem {
        Problem { path: self.path.to_path_buf(), at: Some(self.line_column(span)), reason }
    }

    fn unknown_keys(&self) -> impl Iterator<Item = Problem> {
        let unknown = self.entries.keys().filter(|key| !KEYS.iter().any(|known| known.name == key.get_ref()));
        unknown.map(|key| {
            let mut reason = format!("unknown key `{}`", key.get_ref());
            if let Some(meant) = nearest(key.get_ref(), KEYS.iter().map(|known| known.name)) {
                reason.push_str(&format!("; did you mean `{meant}`?"));
            }
            self.problem(&key.span(), reason)
        })
    }

    /// Reads the stub at a path that this place names.
    fn stub(&self, named: &str, span: Range<usize>) -> Result<(PathBuf, Stub), Vec<Problem>> {
        let here = |reason| vec![self.problem(&span, format!("stub `{named}`: {reason}"))];
        let path = paths::absolute(self.folder(), Path::new(named));
        let library = path.file_stem().and_then(|stem| stem.to_str()).map(|stem| stem.replace('-', "_"));
        let Some(library) = library.filter(|_| path.extension().is_some_and(|extension| extension == "rs")) else {
            return Err(here(String::from("a stub is a Rust file with the name of its library")));
        };
        let text = text_file::read(&path).map_err(|error| here(reason_of(&error)))?;
        let stub = Stub::read(&library, &text).map_err(|problems| {
            let lines = LineIndex::new(&text);
            let problems = problems.into_iter().map(|problem| {
                let at = problem.span.map(|span| lines.line_column(&text, span.start));
                Problem { path: path.clone(), at, reason: problem.reason }
            });
            problems.collect::<Vec<_>>()
        })?;
        Ok((path, stub))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// The settings of a folder with these files, or the mistakes, without the folder's own path.
    fn settings(files: &[(&str, &str)]) -> Result<Settings, String> {
        project(files).map(Project::into_settings)
    }

    fn project(files: &[(&str, &str)]) -> Result<Project, String> {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let (package, workspace) = (dir.path().join("a/Cargo.toml"), dir.path().join("Cargo.toml"));
        let folder = dir.path().join("a");
        let origin = Origin { folder: &folder, package: Some(&package), workspace: Some(&workspace) };
        let told = |error: SettingsError| error.to_string().replace(&format!("{}/", dir.path().display()), "");
        read(origin).map_err(told)
    }

    #[test]
    fn the_nearest_place_wins() {
        let files = [
            ("thread-lint.toml", "max-call-depth = 5\n"),
            ("a/Cargo.toml", "[package.metadata.thread-lint]\nmax-call-depth = 6\nprocess-lifetime-threads = ['x']\n"),
            ("Cargo.toml", "[workspace.metadata.thread-lint]\nprocess-lifetime-threads = ['y']\ntests = true\n"),
        ];
        let found = settings(&files).unwrap();
        assert_eq!((found.max_call_depth, found.tests), (5, true));
        assert_eq!(found.process_lifetime_threads, ["x"]);
        let nearer = settings(&[files[0], ("a/thread-lint.toml", "max-call-depth = 0x10\n")]).unwrap();
        assert_eq!(nearer.max_call_depth, 16);
    }

    #[test]
    fn mistakes_have_a_place() {
        let one = |text: &str| settings(&[("thread-lint.toml", text)]).unwrap_err();
        assert_eq!(
            one("\nstub = []\n"),
            "broken settings: thread-lint.toml:2:1: unknown key `stub`; did you mean `stubs`?"
        );
        assert_eq!(
            one("tests = 1\nmax-call-depth = -1\n"),
            "broken settings\n  thread-lint.toml:2:18: `max-call-depth` wants a whole number\n  \
             thread-lint.toml:1:9: `tests` wants `true` or `false`"
        );
        assert!(one("tests = \n").starts_with("broken settings: thread-lint.toml:1:9: "), "{}", one("tests = \n"));
        let manifest = "[package]\nname = 'a'\n\n[package.metadata.thread-lint]\ntest = true\n";
        assert_eq!(
            settings(&[("a/Cargo.toml", manifest)]).unwrap_err(),
            "broken settings: a/Cargo.toml:5:1: unknown key `test`; did you mean `tests`?"
        );
    }

    #[test]
    fn levels_hold_by_priority_and_the_special_over_the_general() {
        let text = "[lints]\ndetached_threads = 'warn'\npedantic = { level = 'deny', priority = -1 }\njoin = 'allow'\n\
                    default = { level = 'forbid', priority = 1 }\n";
        let levels = settings(&[("thread-lint.toml", text)]).unwrap().levels;
        let levels: Vec<_> = levels.iter().map(|(name, level)| (name.as_str(), *level)).collect();
        assert_eq!(
            levels,
            [
                ("pedantic", Level::Deny),
                ("join", Level::Allow),
                ("detached_threads", Level::Warn),
                ("default", Level::Forbid)
            ]
        );
        let one = |text: &str| project(&[("thread-lint.toml", text)]).unwrap_err();
        assert_eq!(
            one("[lints]\ndetached_thread = 'warn'\n"),
            "broken settings: thread-lint.toml:2:1: unknown lint or group `detached_thread`; did you mean `detached_threads`?"
        );
        assert_eq!(
            one("lints.join = 'wern'\n"),
            "broken settings: thread-lint.toml:1:14: unknown level `wern`; did you mean `warn`?"
        );
        assert_eq!(
            one("[lints]\njoin = { levels = 'warn', priority = 'x' }\n"),
            "broken settings\n  thread-lint.toml:2:8: a level is `\"allow\"`, `\"warn\"`, `\"deny\"`, `\"forbid\"` or \
             `{ level = \"..\", priority = 0 }`\n  thread-lint.toml:2:10: unknown key `levels`; did you mean `level`?\n  \
             thread-lint.toml:2:38: `priority` wants a whole number"
        );
    }

    #[test]
    fn files_are_excluded_from_where_the_settings_stand() {
        let text = ("a/thread-lint.toml", "exclude = ['src/gen', '**/*_pb.rs', 'build.rs']\nmsrv = '1.70.1'\n");
        let found = project(&[text]).unwrap();
        assert_eq!(found.msrv, Some((1, 70)));
        let folder = found.exclude[0].folder().to_path_buf();
        let excluded = |path: &str| found.exclude.iter().any(|pattern| pattern.matches(&folder.join(path)));
        for path in ["src/gen/mod.rs", "src/gen/a/b.rs", "x_pb.rs", "src/deep/er/x_pb.rs", "build.rs"] {
            assert!(excluded(path), "{path}");
        }
        for path in ["src/generic.rs", "src/x/gen/a.rs", "src/build.rs", "../src/gen/mod.rs", "x_pb.rs.rs"] {
            assert!(!excluded(path), "{path}");
        }
        let one = |text: &str| project(&[("thread-lint.toml", text)]).unwrap_err();
        assert_eq!(
            one("msrv = '1'\n"),
            "broken settings: thread-lint.toml:1:8: `msrv` wants a version of Rust such as `\"1.70\"`"
        );
        assert_eq!(
            one("msrv = 1.7\n"),
            "broken settings: thread-lint.toml:1:8: `msrv` wants a version of Rust such as `\"1.70\"`"
        );
    }

    #[test]
    fn stubs_are_read_from_beside_the_file() {
        let list = ("thread-lint.toml", "stubs = ['stubs/my-pool.rs']\n");
        let good = settings(&[list, ("stubs/my-pool.rs", "pub struct Pool;\n")]).unwrap();
        assert_eq!(good.stubs.iter().map(Stub::name).collect::<Vec<_>>(), ["my_pool"]);
        assert_eq!(
            settings(&[list]).unwrap_err(),
            "broken settings: thread-lint.toml:1:10: stub `stubs/my-pool.rs`: no such file or directory"
        );
        let broken =
            "pub struct Pool;\nimpl Pool {\n    #[effect(spawn(0))]\n    pub fn run<F: FnOnce()>(&self, f: F) {}\n}\n";
        assert_eq!(
            settings(&[list, ("stubs/my-pool.rs", broken)]).unwrap_err(),
            "broken settings: stubs/my-pool.rs:3:14: unknown effect `spawn`; did you mean `spawns`?"
        );
        assert!(
            settings(&[list, ("stubs/my-pool.rs", "pub fn\n")])
                .unwrap_err()
                .starts_with("broken settings: stubs/my-pool.rs:")
        );
        assert_eq!(
            settings(&[("thread-lint.toml", "stubs = ['stubs']\n")]).unwrap_err(),
            "broken settings: thread-lint.toml:1:10: stub `stubs`: a stub is a Rust file with the name of its library"
        );
    }
}
