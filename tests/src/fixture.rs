//! Fixtures: Rust files with marks that say what is found where.
//!
//! A mark is `//~ lint_name` on the line of a finding's primary span; `//~^ lint` speaks of the line above, `//~^^` of two
//! above, `//~v` of the next line; `//~[2021] lint` holds in one edition only. Several lints are separated by commas, or
//! stand in marks of their own. Lines at the head of a file set it up:
//!
//! ```text
//! //@ lints: a, b              only these lints run
//! //@ edition: 2021            2021, 2024 or both (as without it)
//! //@ tests                    test code is analysed
//! //@ library                  other crates use its public items
//! //@ levels: a=forbid, b=allow
//! //@ process-lifetime-threads: name
//! ```
//!
//! Invariants: marks and set-up lines are taken out before the tool sees the text (a lint may read comments), line for
//! line; all lints run at `warn` or above unless the file says otherwise; files with the same set-up are checked as the
//! crates of one workspace, since crates do not see each other.

use crate::{expected, on_deep_stacks, root};
use cargo_thread_lint::load::Loaded;
use cargo_thread_lint::render::{self, Format, Look};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::diagnostic::Diagnostic;
use thread_lints::lint::Level;
use thread_lints::source::{FileId, LineIndex};
use thread_lints::{Edition, Krate, Report, Settings, SourceFile, TargetKind, Workspace, registry, syntax};

/// A finding by place: line and lint.
pub type Site = (u32, String);

/// A place where something is to be found, in one edition or (`None`) in all.
pub type Mark = (Option<Edition>, Site);

/// One fixture file.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// Where it is.
    pub path: PathBuf,
    /// Its text without marks and set-up lines.
    pub text: String,
    /// What is to be found, by edition (`None`: in all).
    pub marks: Vec<Mark>,
    /// Its set-up.
    pub setup: Setup,
}

/// How a fixture is checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setup {
    /// The editions to check in.
    pub editions: Vec<Edition>,
    /// Test code is analysed.
    pub tests: bool,
    /// Other crates use its public items.
    pub library: bool,
    /// The only lints that run.
    pub lints: Option<Vec<String>>,
    /// Levels on top.
    pub levels: Vec<(String, Level)>,
    /// Names of threads that live as long as the process.
    pub process_lifetime_threads: Vec<String>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            editions: vec![Edition::E2021, Edition::E2024],
            tests: false,
            library: false,
            lints: None,
            levels: Vec::new(),
            process_lifetime_threads: Vec::new(),
        }
    }
}

impl Setup {
    /// The settings of a run.
    pub fn settings(&self) -> Settings {
        let mut levels: Vec<(String, Level)> = Vec::new();
        for lint in registry::lints() {
            let only = self.lints.as_ref();
            let runs = only.is_none_or(|only| only.iter().any(|name| name == lint.name));
            // A lint that is on keeps its level, and so may each of its findings.
            if !runs {
                levels.push((lint.name.to_owned(), Level::Allow));
            } else if lint.level == Level::Allow {
                levels.push((lint.name.to_owned(), Level::Warn));
            }
        }
        levels.extend(self.levels.iter().cloned());
        Settings {
            levels,
            tests: self.tests,
            process_lifetime_threads: self.process_lifetime_threads.clone(),
            ..Settings::default()
        }
    }
}

impl Fixture {
    /// Reads a fixture. Mistakes in its marks are errors.
    pub fn read(path: &Path) -> Result<Fixture, String> {
        let at = expected::shown(path);
        let raw = std::fs::read_to_string(path).map_err(|error| format!("{at}: {error}"))?;
        let (text, marks) = split_marks(&raw).map_err(|problem| format!("{at}:{problem}"))?;
        let (text, setup) = split_setup(&text).map_err(|problem| format!("{at}: {problem}"))?;
        Ok(Fixture { path: path.to_path_buf(), text, marks, setup })
    }

    /// What is to be found in an edition, sorted.
    pub fn sites(&self, edition: Edition) -> Vec<Site> {
        let here = self.marks.iter().filter(|(only, _)| only.is_none_or(|only| only == edition));
        let mut sites: Vec<Site> = here.map(|(_, site)| site.clone()).collect();
        sites.sort();
        sites
    }

    /// The path without `.rs`.
    pub fn stem(&self) -> PathBuf {
        self.path.with_extension("")
    }
}

/// All loose fixtures (`fixtures/<lint>/*.rs`), in order of path, and what is wrong with their marks. `FIXTURE=part` in the
/// environment keeps those with the part in their path.
pub fn loose() -> (Vec<Fixture>, Vec<String>) {
    let mut fixtures = Vec::new();
    let mut problems = Vec::new();
    for path in files_of(&root().join("fixtures"), 2, "rs") {
        if !path.starts_with(root().join("fixtures/crates")) && is_asked_for(&path) {
            match Fixture::read(&path) {
                Ok(fixture) => fixtures.push(fixture),
                Err(problem) => problems.push(problem),
            }
        }
    }
    (fixtures, problems)
}

/// Whether `FIXTURE` lets a path through.
pub fn is_asked_for(path: &Path) -> bool {
    match std::env::var("FIXTURE") {
        Ok(part) => expected::shown(path).contains(&part),
        Err(_) => true,
    }
}

/// The files exactly `depth` levels below a folder (all below it for 0) whose names end in `.extension`, in order.
pub fn files_of(folder: &Path, depth: usize, extension: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name();
    let walk = if depth == 0 { walk } else { walk.min_depth(depth).max_depth(depth) };
    let files = walk.into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let ending = format!(".{extension}");
    files
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending)))
        .collect()
}

/// One text to check.
#[derive(Clone, Debug)]
pub struct Job {
    /// The path to show.
    pub path: String,
    /// The text.
    pub text: String,
    /// The edition.
    pub edition: Edition,
    /// The settings.
    pub setup: Setup,
}

/// What was found in one text.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings; their files are those of a workspace that is gone, always this one text.
    pub found: Vec<Diagnostic>,
    /// Each finding's place, in the order of `found`.
    pub sites: Vec<Site>,
    /// The findings as printed.
    pub rendered: String,
    /// Why it could not be analysed, or what failed in a lint.
    pub problems: Vec<String>,
}

impl Job {
    /// The check of a fixture in one edition.
    pub fn of(fixture: &Fixture, edition: Edition) -> Job {
        Job { path: expected::shown(&fixture.path), text: fixture.text.clone(), edition, setup: fixture.setup.clone() }
    }
}

/// Checks texts; the outcomes are in the same order.
pub fn check_all(jobs: &[Job]) -> Vec<Outcome> {
    let (mut outcomes, wholes) = (check_with(jobs, source_file), check_with(jobs, whole_file));
    for (found, whole) in outcomes.iter_mut().zip(wholes) {
        if found.rendered != whole.rendered {
            found.problems.push(String::from("the findings are others where all bodies are read with their file"));
        }
    }
    outcomes
}

/// As [`check_all`], without the comparison of the ways to read a file.
pub fn check_once(jobs: &[Job]) -> Vec<Outcome> {
    check_with(jobs, source_file)
}

fn check_with(jobs: &[Job], read: fn(String, &str) -> SourceFile) -> Vec<Outcome> {
    let mut groups: BTreeMap<&Setup, Vec<usize>> = BTreeMap::new();
    for (index, job) in jobs.iter().enumerate() {
        groups.entry(&job.setup).or_default().push(index);
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    outcomes.resize_with(jobs.len(), Outcome::default);
    for (setup, members) in groups {
        let members_jobs: Vec<&Job> = members.iter().map(|index| &jobs[*index]).collect();
        let (workspace, report) = on_deep_stacks(|| {
            let workspace = workspace_of(&members_jobs, read);
            let report = thread_lints::check(&workspace, &setup.settings());
            (workspace, report)
        });
        let loaded = Loaded { workspace, ..Loaded::default() };
        for (place, index) in members.iter().enumerate() {
            outcomes[*index] = outcome(&loaded, &report, FileId(place as u32));
        }
    }
    outcomes
}

/// Texts as the crates of one workspace, in order.
pub fn workspace_of(jobs: &[&Job], read: fn(String, &str) -> SourceFile) -> Workspace {
    let mut workspace = Workspace::default();
    for (index, job) in jobs.iter().enumerate() {
        let name = Path::new(&job.path).file_stem().unwrap_or_default().to_string_lossy();
        workspace.files.push(read(job.path.clone(), &job.text));
        workspace.crates.push(Krate {
            name: name.replace('-', "_"),
            package: name.into_owned(),
            kind: TargetKind::Loose,
            edition: job.edition,
            root: FileId(index as u32),
            module_files: [].into_iter().collect(),
            selected: true,
            dependencies: Vec::new(),
            rust_version: None,
            panic_abort: false,
            is_public_api: job.setup.library,
        });
    }
    workspace
}

/// A file of a workspace from its text, its bodies read when they are asked for.
pub fn source_file(path: String, text: &str) -> SourceFile {
    file_of(path, text, syntax::parse_outline(text))
}

/// A file of a workspace from its text, read whole.
pub fn whole_file(path: String, text: &str) -> SourceFile {
    file_of(path, text, syntax::parse_partly(text))
}

fn file_of(path: String, text: &str, (ir, problem): (syntax::FileIr, Option<syntax::NotAnalysed>)) -> SourceFile {
    SourceFile { path, text: Arc::from(text), lines: Arc::new(LineIndex::new(text)), ir: Arc::new(ir), problem }
}

/// The part of a report that is about one file.
pub fn outcome(loaded: &Loaded, report: &Report, file: FileId) -> Outcome {
    let source = &loaded.workspace.files[file.index()];
    let here = report.diagnostics.iter().filter(|found| found.primary.loc.file == file);
    let found: Vec<Diagnostic> = here.cloned().collect();
    let line_of = |found: &Diagnostic| source.lines.line_of(found.primary.loc.span.start) + 1;
    let unread = report.not_analysed.iter().filter(|(unread, _)| *unread == file);
    let unread = unread.map(|(_, problem)| format!("not analysed: {}", problem.reason));
    let own = Report { diagnostics: found.clone(), ..Report::default() };
    Outcome {
        sites: found.iter().map(|found| (line_of(found), found.lint.name.to_owned())).collect(),
        rendered: render::render(loaded, &own, Format::Human, Look::default()),
        problems: unread.chain(report.faults.iter().map(|fault| format!("fault in {fault}"))).collect(),
        found,
    }
}

/// Compares marks with findings; `at` names the file.
pub fn compare(at: &str, edition: Edition, wanted: &[Site], found: &[Site], problems: &mut Vec<String>) {
    let mut left = wanted.to_vec();
    for site in found {
        match left.iter().position(|wanted| wanted == site) {
            Some(index) => {
                left.swap_remove(index);
            }
            None => {
                problems.push(format!("{at}:{}: [{}] unmarked finding of `{}`", site.0, edition_name(edition), site.1))
            }
        }
    }
    left.sort();
    for (line, lint) in left {
        problems.push(format!("{at}:{line}: [{}] missing finding of `{lint}`", edition_name(edition)));
    }
}

/// `2021`
pub fn edition_name(edition: Edition) -> &'static str {
    match edition {
        Edition::E2015 => "2015",
        Edition::E2018 => "2018",
        Edition::E2021 => "2021",
        Edition::E2024 => "2024",
    }
}

/// A text without its marks, with as many lines, and the marks.
pub fn split_marks(raw: &str) -> Result<(String, Vec<Mark>), String> {
    let mut text = String::with_capacity(raw.len());
    let mut marks = Vec::new();
    for (index, line) in raw.split_inclusive('\n').enumerate() {
        let Some(at) = line.find("//~") else {
            text.push_str(line);
            continue;
        };
        let ending = &line[line.trim_end_matches(['\n', '\r']).len()..];
        text.push_str(line[..at].trim_end());
        text.push_str(ending);
        for mark in line[at..].split("//~").skip(1) {
            read_mark(mark, index as i64 + 1, &mut marks).map_err(|problem| format!("{}: {problem}", index + 1))?;
        }
    }
    Ok((text, marks))
}

fn read_mark(mark: &str, line: i64, marks: &mut Vec<Mark>) -> Result<(), String> {
    let mut rest = mark;
    let mut edition = None;
    let mut shift = 0;
    loop {
        if let Some(after) = rest.strip_prefix('^') {
            (shift, rest) = (shift - 1, after);
        } else if let Some(after) = rest.strip_prefix('v') {
            (shift, rest) = (shift + 1, after);
        } else if let Some((name, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            edition = Some(read_edition(name)?);
            rest = after;
        } else {
            break;
        }
    }
    if !rest.starts_with(' ') {
        return Err(format!("malformed mark `//~{}`", mark.trim_end()));
    }
    for name in rest.split(',').map(str::trim) {
        if registry::find(name).is_none() {
            return Err(format!("a mark names the unknown lint `{name}`"));
        }
        let marked = u32::try_from(line + shift).map_err(|_| String::from("a mark above the file"))?;
        marks.push((edition, (marked, name.to_owned())));
    }
    Ok(())
}

fn read_edition(name: &str) -> Result<Edition, String> {
    match name.trim() {
        "2021" => Ok(Edition::E2021),
        "2024" => Ok(Edition::E2024),
        other => Err(format!("unknown edition `{other}`")),
    }
}

fn split_setup(text: &str) -> Result<(String, Setup), String> {
    let mut setup = Setup::default();
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let Some(directive) = line.trim().strip_prefix("//@") else {
            kept.push_str(line);
            continue;
        };
        kept.push_str(&line[line.trim_end_matches(['\n', '\r']).len()..]);
        let (key, value) = directive.split_once(':').unwrap_or((directive, ""));
        let list = || value.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
        match key.trim() {
            "tests" => setup.tests = true,
            "library" => setup.library = true,
            "edition" if value.trim() == "both" => {}
            "edition" => setup.editions = vec![read_edition(value)?],
            "process-lifetime-threads" => setup.process_lifetime_threads = list().collect(),
            "lints" => {
                if let Some(unknown) = list().find(|name| registry::find(name).is_none()) {
                    return Err(format!("`//@ lints` names the unknown lint `{unknown}`"));
                }
                setup.lints = Some(list().collect());
            }
            "levels" => {
                for pair in list() {
                    let (name, level) = pair.split_once('=').unwrap_or((&pair, ""));
                    setup.levels.push((name.trim().to_owned(), read_level(level.trim())?));
                }
            }
            other => return Err(format!("unknown set-up line `//@ {other}`")),
        }
    }
    Ok((kept, setup))
}

fn read_level(name: &str) -> Result<Level, String> {
    let levels = [Level::Allow, Level::Warn, Level::Deny, Level::Forbid];
    levels.into_iter().find(|level| level.as_str() == name).ok_or_else(|| format!("unknown level `{name}`"))
}
