//! The project's own settings: `thread-lint.toml`, or the `metadata.thread-lint` tables of its manifests.
//!
//! The nearest `thread-lint.toml`, from the folder of the manifest upwards, comes first, then
//! `[package.metadata.thread-lint]`, then `[workspace.metadata.thread-lint]`: a key takes its value from the first of them
//! that has it. Paths are relative to the folder of the file that they stand in.
//!
//! Invariants: every key is one entry of [`KEYS`]; a key that is not there, a value of another kind and a stub that does
//! not parse are errors with file, line and column, never ignored; all mistakes are told at once.

use crate::nearest::nearest;
use crate::{paths, reason_of};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use thread_lints::source::{LineColumn, LineIndex};
use thread_lints::{Settings, Stub};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file.
const FILE_NAME: &str = "thread-lint.toml";

/// The key of the tables in manifests.
const METADATA_KEY: &str = "thread-lint";

type Value<'t> = Spanned<DeValue<'t>>;

/// What came of a value; `None` where it is of another kind than its key wants.
type Applied = Option<Result<(), Vec<Problem>>>;

/// A key of the settings.
struct Key {
    name: &'static str,
    /// What its value has to be, for messages.
    wants: &'static str,
    /// Puts a value in force.
    apply: fn(&Place<'_>, &Value<'_>, &mut Settings) -> Applied,
}

/// Every key.
static KEYS: [Key; 4] = [
    Key {
        name: "max-call-depth",
        wants: "a whole number",
        apply: |_, value, settings| {
            let number = value.get_ref().as_integer()?;
            settings.max_call_depth = u32::from_str_radix(number.as_str(), number.radix()).ok()?;
            Some(Ok(()))
        },
    },
    Key {
        name: "process-lifetime-threads",
        wants: "a list of names of threads",
        apply: |_, value, settings| {
            settings.process_lifetime_threads = texts(value)?.into_iter().map(|(name, _)| name.to_owned()).collect();
            Some(Ok(()))
        },
    },
    Key {
        name: "stubs",
        wants: "a list of paths of Rust files",
        apply: |place, value, settings| {
            let mut problems = Vec::new();
            for (path, span) in texts(value)? {
                match place.stub(path, span) {
                    Ok(stub) => settings.stubs.push(stub),
                    Err(found) => problems.extend(found),
                }
            }
            Some(if problems.is_empty() { Ok(()) } else { Err(problems) })
        },
    },
    Key {
        name: "tests",
        wants: "`true` or `false`",
        apply: |_, value, settings| {
            settings.tests = value.get_ref().as_bool()?;
            Some(Ok(()))
        },
    },
];

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

/// Puts the project's settings over what `settings` says by default. The thread must have
/// [`thread_lints::syntax::STACK_SIZE`] of stack.
pub fn read(origin: Origin<'_>, settings: &mut Settings) -> Result<(), SettingsError> {
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    if let Some(path) = find_file(origin.folder) {
        match std::fs::read_to_string(&path) {
            Ok(text) => documents.push((path, text, None)),
            Err(error) => problems.push(Problem { path, at: None, reason: reason_of(&error) }),
        }
    }
    for (manifest, table) in [(origin.package, "package"), (origin.workspace, "workspace")] {
        // A manifest that cannot be read is told of where packages are; most have no such table and need no second look.
        let text = manifest.and_then(|path| std::fs::read_to_string(path).ok());
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
        match (key.apply)(place, value, settings) {
            Some(Ok(())) => {}
            Some(Err(found)) => problems.extend(found),
            None => problems.push(place.problem(&value.span(), format!("`{}` wants {}", key.name, key.wants))),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(SettingsError(problems)) }
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

/// A list of texts, each with its place.
fn texts<'v>(value: &'v Value<'_>) -> Option<Vec<(&'v str, Range<usize>)>> {
    let list = value.get_ref().as_array()?;
    list.iter().map(|text| Some((text.get_ref().as_str()?, text.span()))).collect()
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
    fn stub(&self, named: &str, span: Range<usize>) -> Result<Stub, Vec<Problem>> {
        let here = |reason| vec![self.problem(&span, format!("stub `{named}`: {reason}"))];
        let path = paths::absolute(self.path.parent().unwrap_or(self.path), Path::new(named));
        let library = path.file_stem().and_then(|stem| stem.to_str()).map(|stem| stem.replace('-', "_"));
        let Some(library) = library.filter(|_| path.extension().is_some_and(|extension| extension == "rs")) else {
            return Err(here(String::from("a stub is a Rust file with the name of its library")));
        };
        let text = std::fs::read_to_string(&path).map_err(|error| here(reason_of(&error)))?;
        Stub::read(&library, &text).map_err(|problems| {
            let lines = LineIndex::new(&text);
            let problems = problems.into_iter().map(|problem| {
                let at = problem.span.map(|span| lines.line_column(&text, span.start));
                Problem { path: path.clone(), at, reason: problem.reason }
            });
            problems.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// The settings of a folder with these files, or the mistakes, without the folder's own path.
    fn settings(files: &[(&str, &str)]) -> Result<Settings, String> {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let (package, workspace) = (dir.path().join("a/Cargo.toml"), dir.path().join("Cargo.toml"));
        let folder = dir.path().join("a");
        let origin = Origin { folder: &folder, package: Some(&package), workspace: Some(&workspace) };
        let mut settings = Settings::default();
        let read = read(origin, &mut settings);
        let told = |error: SettingsError| error.to_string().replace(&format!("{}/", dir.path().display()), "");
        read.map(|()| settings).map_err(told)
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
