//! One run of the tool, from arguments to exit code.
//!
//! Invariants: findings and machine-readable output go to standard output, everything said about the run to standard error;
//! a closed pipe is no fault; a panic anywhere ends in exit code 2 with a message.

use crate::cli::{Arguments, Command, Common, GraphArguments, MessageFormat, wants_color};
use crate::load::{Loaded, Loader, pool, rust_files};
use crate::manifest::{Reader, Selected, find_manifest, select};
use crate::plan::{Plan, TargetSelection};
use crate::progress::Progress;
use crate::render::{self, Format};
use crate::settings::SettingsError;
use crate::{levels, lints_help, panics, paths, settings};
use anyhow::{Context as _, bail};
use std::io::{ErrorKind, IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use thread_lints::lint::Level;
use thread_lints::{Report, Settings, Workspace};

/// Clean, or nothing worse than warnings.
const CLEAN: u8 = 0;
/// A finding at `deny` or `forbid`.
const DENIED: u8 = 1;
/// Bad usage, unreadable input, or an internal fault.
const FAILED: u8 = 2;

/// The whole program.
pub fn main() -> ExitCode {
    panics::keep_quiet();
    let arguments = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors to clap; a closed pipe is no reason to fail.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(FAILED));
        }
    };
    let console = Console::new(&arguments);
    let code = match catch_unwind(AssertUnwindSafe(|| run(&arguments, &console))) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            console.error(&format!("{error:#}"));
            FAILED
        }
        Err(payload) => {
            console.fault(&panics::describe(&*payload));
            FAILED
        }
    };
    ExitCode::from(code)
}

fn run(arguments: &Arguments, console: &Console) -> anyhow::Result<u8> {
    let lints = thread_lints::registry::lints();
    if let Some(name) = &arguments.explain {
        let page = lints_help::explain(name, lints).map_err(anyhow::Error::msg)?;
        return Ok(console.output(page.as_bytes(), CLEAN));
    }
    if arguments.list {
        return Ok(console.output(lints_help::list(lints).as_bytes(), CLEAN));
    }
    if let Some(Command::Graph(graph)) = &arguments.command {
        return draw(arguments, graph, console);
    }
    let levels = levels::parse(&arguments.levels, lints).map_err(anyhow::Error::msg)?;
    let began = Instant::now();
    let settings = Settings { levels, ..Settings::default() };
    let (inputs, loaded, report) = analyse(arguments.common(), settings, console, thread_lints::check)?;
    let notes = render::notes(&loaded, &report.not_analysed, console.verbose);
    let code = console.report(&loaded, &report, &notes, &inputs.named_files);
    console.summary(&loaded, &report, &notes, began);
    // The process ends here: giving back every node of every file one by one would take longer than exiting.
    std::mem::forget(loaded);
    Ok(code)
}

/// Writes the graph of what is asked for.
fn draw(arguments: &Arguments, asked: &GraphArguments, console: &Console) -> anyhow::Result<u8> {
    let began = Instant::now();
    let (inputs, loaded, graph) =
        analyse(arguments.common(), Settings::default(), console, thread_lints::graph::graph)?;
    let text = render::graph(&loaded, &graph, asked.format);
    let mut code = CLEAN;
    match &asked.output_file {
        Some(file) => std::fs::write(file, text)
            .map_err(|error| anyhow::anyhow!("cannot write `{}`: {}", file.display(), crate::reason_of(&error)))?,
        None => code = console.output(text.as_bytes(), code),
    }
    let notes = render::notes(&loaded, &graph.not_analysed, console.verbose);
    if console.say_notes(&loaded, &notes, &inputs.named_files) | console.say_faults(&loaded, &graph.faults) {
        code = FAILED;
    }
    if !console.quiet {
        let line = render::graph_summary(&loaded, &graph, notes.len(), began.elapsed(), console.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
    std::mem::forget(loaded);
    Ok(code)
}

/// Reads what is asked for, and asks `question` of it.
fn analyse<T: Send>(
    common: &Common,
    settings: Settings,
    console: &Console,
    question: fn(&Workspace, &Settings) -> T,
) -> anyhow::Result<(Inputs, Loaded, T)> {
    let working_dir = std::env::current_dir().context("cannot tell the working directory")?;
    let inputs = Inputs::read(common, &working_dir)?;
    let pool = pool(common.jobs.unwrap_or(0)).context("cannot start the threads")?;
    let mut progress = if console.shows_progress { Progress::drawn() } else { Progress::silent() };
    let (loaded, answer, warnings) = pool.install(|| {
        let mut settings = settings;
        let (loaded, warnings) = inputs.load(common, &mut settings, &progress)?;
        let answer = question(&loaded.workspace, &settings);
        anyhow::Ok((loaded, answer, warnings))
    })?;
    progress.finish();
    for warning in &warnings {
        console.warning(warning);
    }
    Ok((inputs, loaded, answer))
}

/// What the arguments ask to be read.
struct Inputs {
    working_dir: PathBuf,
    /// Manifests of packages or workspaces.
    manifests: Vec<PathBuf>,
    /// Folders without a manifest.
    folders: Vec<PathBuf>,
    /// Single files, named on the command line.
    named_files: Vec<PathBuf>,
}

impl Inputs {
    fn read(arguments: &Common, working_dir: &Path) -> anyhow::Result<Inputs> {
        let mut inputs = Inputs {
            working_dir: working_dir.to_path_buf(),
            manifests: Vec::new(),
            folders: Vec::new(),
            named_files: Vec::new(),
        };
        if let Some(path) = &arguments.manifest_path {
            let path = paths::absolute(working_dir, path);
            let path = if path.is_dir() { path.join("Cargo.toml") } else { path };
            if !path.exists() {
                bail!("manifest path `{}` does not exist", path.display());
            }
            inputs.manifests.push(path);
            return Ok(inputs);
        }
        if arguments.paths.is_empty() {
            inputs.manifests.push(find_manifest(working_dir)?);
            return Ok(inputs);
        }
        for named in &arguments.paths {
            let path = paths::absolute(working_dir, named);
            let metadata = std::fs::metadata(&path)
                .map_err(|error| anyhow::anyhow!("`{}`: {}", named.display(), crate::reason_of(&error)))?;
            if metadata.is_dir() {
                let manifest = path.join("Cargo.toml");
                if manifest.is_file() {
                    inputs.manifests.push(manifest);
                } else {
                    inputs.folders.push(path);
                }
            } else if path.ends_with("Cargo.toml") {
                inputs.manifests.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                inputs.named_files.push(path);
            } else {
                bail!("`{}` is neither a folder nor a Rust file", named.display());
            }
        }
        Ok(inputs)
    }

    /// Reads manifests and the project's settings, plans, and loads. Gives warnings too.
    fn load(
        &self,
        arguments: &Common,
        settings: &mut Settings,
        progress: &Progress,
    ) -> anyhow::Result<(Loaded, Vec<String>)> {
        let mut reader = Reader::default();
        let mut plan = Plan::default();
        let mut warnings = Vec::new();
        let mut bases: Vec<PathBuf> = Vec::new();
        let mut selections: Vec<Selected> = Vec::new();
        for manifest in &self.manifests {
            selections.push(select(&mut reader, manifest, &arguments.package_selection())?);
        }
        self.read_settings(&selections, settings)?;
        let targets = TargetSelection { test_code: settings.tests, ..arguments.target_selection() };
        let tests = targets.includes_tests();
        settings.tests = tests;
        for selected in selections {
            plan.add_packages(&mut reader, &selected, &targets)?;
            warnings.extend(selected.warnings);
            bases.push(selected.root);
        }
        // A file that was named is read whole: whoever names it wants to hear whether it can be.
        let loader = Loader::new(progress).reading_whole(!(self.folders.is_empty() && self.named_files.is_empty()));
        for folder in &self.folders {
            let files = rust_files(folder);
            if files.is_empty() {
                warnings.push(format!("no Rust file in `{}`", folder.display()));
            }
            for root in loader.roots_among(&files) {
                let edition = reader.edition_near(&root);
                plan.add_loose(root, edition, tests);
            }
        }
        for file in &self.named_files {
            let edition = reader.edition_near(file);
            plan.add_loose(file.clone(), edition, tests);
        }
        bases.dedup();
        let base = match bases.as_slice() {
            [root] if self.folders.is_empty() && self.named_files.is_empty() => root,
            _ => &self.working_dir,
        };
        Ok((loader.load(&plan, base), warnings))
    }

    /// Reads the settings of the first input: its package, its workspace, or the folder around it.
    fn read_settings(&self, selections: &[Selected], settings: &mut Settings) -> Result<(), SettingsError> {
        let package = self.manifests.first().map(PathBuf::as_path);
        let workspace = selections.first().map(|selected| selected.root.join("Cargo.toml"));
        let around_file = self.named_files.first().and_then(|file| file.parent());
        let folder = package.and_then(Path::parent).or(self.folders.first().map(PathBuf::as_path)).or(around_file);
        let origin =
            settings::Origin { folder: folder.unwrap_or(&self.working_dir), package, workspace: workspace.as_deref() };
        settings::read(origin, settings)
    }
}

/// Where to print, and how.
struct Console {
    format: MessageFormat,
    quiet: bool,
    verbose: bool,
    color_output: bool,
    color_errors: bool,
    shows_progress: bool,
    errors_on_terminal: bool,
}

impl Console {
    fn new(arguments: &Arguments) -> Console {
        let errors_on_terminal = std::io::stderr().is_terminal();
        let variable = |name: &str| std::env::var_os(name);
        let common = arguments.common();
        let color = |is_terminal| wants_color(common.color, variable, is_terminal);
        let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
        Console {
            format: arguments.message_format,
            quiet: common.quiet,
            verbose: common.verbose > 0,
            color_output: color(std::io::stdout().is_terminal()),
            color_errors: color(errors_on_terminal),
            shows_progress: errors_on_terminal && !common.quiet && !is_dumb,
            errors_on_terminal,
        }
    }

    /// Writes to standard output; a closed pipe keeps the code.
    fn output(&self, bytes: &[u8], code: u8) -> u8 {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => code,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => code,
            Err(error) => {
                self.error(&format!("cannot write the output: {}", crate::reason_of(&error)));
                FAILED
            }
        }
    }

    fn say(&self, severity: render::Severity, message: &str) {
        let line = render::headline(severity, message, self.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }

    fn error(&self, message: &str) {
        self.say(render::Severity::Error, message);
    }

    fn warning(&self, message: &str) {
        self.say(render::Severity::Warning, message);
    }

    fn fault(&self, message: &str) {
        self.error(&format!("internal fault: {message}; please report it"));
    }

    /// Prints findings, notes and faults; gives the exit code.
    fn report(&self, loaded: &Loaded, report: &Report, notes: &[render::Note], named_files: &[PathBuf]) -> u8 {
        let has_faults = !loaded.faults.is_empty() || !report.faults.is_empty();
        let denied = report.diagnostics.iter().any(|found| found.level >= Level::Deny);
        let named_unread = notes.iter().any(|note| is_named(loaded, note, named_files));
        let mut code = match (has_faults || named_unread, denied) {
            (true, _) => FAILED,
            (false, true) => DENIED,
            (false, false) => CLEAN,
        };
        let color = self.color_output;
        code = match self.format {
            MessageFormat::Human => {
                let text = render::render(loaded, report, Format::Human, color);
                self.output(text.as_bytes(), code)
            }
            MessageFormat::Short => {
                let text = render::render(loaded, report, Format::Short, color);
                self.output(text.as_bytes(), code)
            }
            MessageFormat::Json { short, ansi } => {
                let inner = if short { Format::Short } else { Format::Human };
                let lines = render::json(loaded, report, notes, inner, ansi, code == CLEAN);
                self.output(lines.as_bytes(), code)
            }
            MessageFormat::JsonRendered => {
                let text = render::render(loaded, report, Format::Human, self.color_errors);
                let _ = std::io::stderr().lock().write_all(text.as_bytes());
                let line = render::build_finished(code == CLEAN);
                self.output(line.as_bytes(), code)
            }
        };
        if !matches!(self.format, MessageFormat::Json { .. }) {
            self.say_notes(loaded, notes, named_files);
        }
        self.say_faults(loaded, &report.faults);
        code
    }

    /// Says what was not analysed; whether a named file is among it.
    fn say_notes(&self, loaded: &Loaded, notes: &[render::Note], named_files: &[PathBuf]) -> bool {
        let mut named_unread = false;
        for note in notes {
            let named = is_named(loaded, note, named_files);
            named_unread |= named;
            self.say(if named { render::Severity::Error } else { render::Severity::Note }, &note.text());
        }
        named_unread
    }

    /// Says what went wrong inside; whether anything did.
    fn say_faults(&self, loaded: &Loaded, faults: &[String]) -> bool {
        let all = || loaded.faults.iter().chain(faults);
        all().for_each(|fault| self.fault(fault));
        all().next().is_some()
    }

    fn summary(&self, loaded: &Loaded, report: &Report, notes: &[render::Note], began: Instant) {
        let for_machines = self.format.is_json() && !self.errors_on_terminal && !self.verbose;
        if self.quiet || for_machines {
            return;
        }
        let line = render::summary(loaded, report, notes.len(), began.elapsed(), self.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

/// A file that was named is expected to be read; elsewhere it is only noted that it was not.
fn is_named(loaded: &Loaded, note: &render::Note, named_files: &[PathBuf]) -> bool {
    loaded.paths.get(note.file.index()).is_some_and(|path| named_files.contains(path)) && note.whole_file
}
