//! One run of the tool, from arguments to exit code.
//!
//! Invariants: findings and machine-readable output go to standard output, everything said about the run to standard error;
//! a closed pipe is no fault; a panic anywhere ends in exit code 2 with a message.

use crate::baseline::Baseline;
use crate::buffer::Buffer;
use crate::cache::{self, Checked};
use crate::changes::Changes;
use crate::cli::{AdoptionArguments, Arguments, Command, ConfigArguments, GraphArguments, MergeArguments};
use crate::console::Console;
use crate::fix::{self, Outcome, Request};
use crate::inputs::{Inputs, Read};
use crate::load::{Loaded, pool};
use crate::progress::Progress;
use crate::timings::{Step, Timings};
use crate::{lints_help, lsp, merge, output_file, panics, render, settings, watch};
use anyhow::{Context as _, bail};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use thread_lints::{Report, Settings};

/// Clean, or nothing worse than warnings.
pub(crate) const CLEAN: u8 = 0;
/// A finding at `deny` or `forbid`.
pub(crate) const DENIED: u8 = 1;
/// Bad usage, unreadable input, or an internal fault.
pub(crate) const FAILED: u8 = 2;

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
    match &arguments.command {
        Some(Command::Graph(graph)) => {
            return timed(arguments, console, |timings| draw(arguments, graph, console, timings));
        }
        Some(Command::Config(config)) => return show_settings(arguments, config, console),
        Some(Command::Lsp(asked)) => return lsp::serve(&asked.levels),
        Some(Command::Completions { shell }) => return Ok(console.output(&Arguments::completions(*shell), CLEAN)),
        Some(Command::Merge(asked)) => return join(asked, console),
        Some(Command::Man) => return Ok(console.output(&Arguments::manual()?, CLEAN)),
        None => {}
    }
    if arguments.watch {
        return watch::watch(arguments, console);
    }
    timed(arguments, console, |timings| match arguments.fixes() {
        Some((request, shown_only)) => mend(arguments, &request, shown_only, console, timings),
        None => lint(arguments, console, timings),
    })
}

/// Does what reads code, and says where the time goes.
fn timed(
    arguments: &Arguments,
    console: &Console,
    work: impl FnOnce(&Timings) -> anyhow::Result<(u8, Loaded)>,
) -> anyhow::Result<u8> {
    let timings = Timings::new(arguments.common().timings);
    let (code, loaded) = work(&timings)?;
    if let Some(table) = timings.table(&loaded, console.color_errors) {
        let _ = std::io::stderr().lock().write_all(table.as_bytes());
    }
    // The process ends here: giving back every node of every file one by one would take longer than exiting.
    std::mem::forget(loaded);
    Ok(code)
}

/// Reports what is found.
fn lint(arguments: &Arguments, console: &Console, timings: &Timings) -> anyhow::Result<(u8, Loaded)> {
    let also = arguments.also.as_ref();
    let mut companion = also.map(|also| also.start(arguments.common(), console.format, console.color_errors));
    let began = Instant::now();
    let (inputs, pool) = begin(arguments)?;
    timings.on_threads(pool.current_num_threads());
    let mut progress = if console.shows_progress { Progress::drawn() } else { Progress::silent() };
    let (checked, took, changed_baseline) = pool.install(|| {
        let mut checked = cache::check(&inputs, arguments, &progress, timings)?;
        let took = began.elapsed();
        if let Some(companion) = companion.as_mut().filter(|_| !console.format.is_of_cargo()) {
            // What people read of it is on standard error, and comes before all that we say.
            companion.wait();
        }
        let changed = choose(arguments, &checked.loaded, &checked.settings, &mut checked.report, console)?;
        anyhow::Ok((checked, took, changed))
    })?;
    progress.finish();
    let Checked { loaded, mut report, warnings, kept, .. } = checked;
    for warning in &warnings {
        console.warning(warning);
    }
    keep_baseline(&arguments.adoption, changed_baseline.as_ref(), console)?;
    let mut notes = render::notes(&loaded, &report.not_analysed, console.verbose);
    let part = arguments.shard.map(|shard| shard.keep(&loaded, &mut report, &mut notes));
    let print = || console.report(&loaded, &report, &notes, &inputs.named(), companion, part);
    let code = timings.of(Step::Rendering, print);
    console.summary(&loaded, &report, &notes, took, arguments.shard);
    let written = kept.map(|kept| timings.of(Step::Keeping, || kept.write()));
    if let Some(Err(reason)) = written.filter(|_| console.verbose) {
        console.say(render::Severity::Note, &reason);
    }
    Ok((code, loaded))
}

/// Leaves of a report what is asked for; gives the baseline where it is to be written anew.
pub(crate) fn choose(
    arguments: &Arguments,
    loaded: &Loaded,
    settings: &Settings,
    report: &mut Report,
    console: &Console,
) -> anyhow::Result<Option<Baseline>> {
    let asked = &arguments.adoption;
    let mut changed = None;
    if let Some(path) = &asked.baseline {
        if asked.write_baseline {
            let baseline = Baseline::of(loaded, report);
            report.diagnostics.clear();
            changed = Some(baseline);
        } else {
            let baseline = Baseline::read(path)?;
            let stale = baseline.take_out(loaded, report).stale(loaded, report, settings);
            let stale = stale.of_paths(|path| arguments.shard.is_none_or(|shard| shard.holds(path)));
            if asked.prune_baseline {
                changed = Some(baseline.without(&stale));
            } else if !stale.is_empty() {
                console.stale(path, &stale);
            }
        }
    }
    if let Some(since) = asked.since() {
        Changes::read(&loaded.base, &since)?.keep_touched(loaded, report);
    }
    Ok(changed)
}

/// Writes a baseline that is another now.
fn keep_baseline(asked: &AdoptionArguments, changed: Option<&Baseline>, console: &Console) -> anyhow::Result<()> {
    if let (Some(baseline), Some(path)) = (changed, &asked.baseline) {
        baseline.write(path)?;
        console.wrote(path, baseline.len());
    }
    Ok(())
}

/// Fixes what is found, and reports what is left; or shows what would be changed.
fn mend(
    arguments: &Arguments,
    request: &Request,
    shown_only: bool,
    console: &Console,
    timings: &Timings,
) -> anyhow::Result<(u8, Loaded)> {
    let began = Instant::now();
    let allowed = arguments.allowed();
    let (inputs, loaded, (report, outcome, changed_baseline)) =
        analyse(arguments, &arguments.levels, console, timings, |inputs, loaded, settings| {
            let folders = inputs.folders(loaded);
            if !shown_only && inputs.buffer.is_none() {
                fix::check_vcs(&folders, allowed)?;
            }
            let report = thread_lints::check_observed(&loaded.workspace, settings, timings);
            let (mut report, outcome) = timings.of(Step::Fixing, || match &inputs.buffer {
                Some(_) => fix::fix_texts(loaded, settings, report, request),
                None => fix::fix(loaded, settings, report, request, &folders),
            });
            let changed = choose(arguments, loaded, settings, &mut report, console)?;
            Ok((report, outcome, changed))
        })?;
    for refused in render::refusals(&loaded, &outcome.refused) {
        console.warning(&refused);
    }
    for file in &outcome.outside {
        console.warning(&format!(
            "`{file}` is not edited: it is excluded, or lies outside the packages and the workspace"
        ));
    }
    if outcome.unfinished {
        console.warning("there are fixes left; run this again to make them");
    }
    let notes = render::notes(&loaded, &report.not_analysed, console.verbose);
    let code = if shown_only {
        let diff: String = outcome.changes.iter().map(|change| fix::unified(change, console.color_output)).collect();
        let unread = console.say_notes(&loaded, &notes, &inputs.named());
        let faulty = console.say_faults(&loaded, &report.faults);
        let code = match (unread || faulty, outcome.changes.is_empty()) {
            (true, _) => FAILED,
            (false, true) => CLEAN,
            (false, false) => DENIED,
        };
        console.output(diff.as_bytes(), code)
    } else {
        if inputs.buffer.is_none() {
            write_all(&outcome)?;
        }
        console.fixed(&outcome);
        keep_baseline(&arguments.adoption, changed_baseline.as_ref(), console)?;
        let print = || console.report(&loaded, &report, &notes, &inputs.named(), None, None);
        let code = timings.of(Step::Rendering, print);
        console.summary(&loaded, &report, &notes, began.elapsed(), None);
        match &inputs.buffer {
            Some(buffer) => {
                let text = outcome.changes.first().map_or(&buffer.text, |change| &change.new);
                console.output(text.as_bytes(), code)
            }
            None => code,
        }
    };
    Ok((code, loaded))
}

/// Writes the changed files. Ctrl-C gives up while that leaves nothing half done, and waits otherwise.
fn write_all(outcome: &Outcome) -> anyhow::Result<()> {
    if outcome.changes.is_empty() {
        return Ok(());
    }
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    // Without a handler Ctrl-C ends the process at once: the files are whole all the same.
    let _ = ctrlc::set_handler(move || seen.store(true, Ordering::Relaxed));
    Ok(fix::write(&outcome.changes, &interrupted)?)
}

/// Writes the graph of what is asked for.
fn draw(
    arguments: &Arguments,
    asked: &GraphArguments,
    console: &Console,
    timings: &Timings,
) -> anyhow::Result<(u8, Loaded)> {
    let began = Instant::now();
    let (inputs, loaded, graph) = analyse(arguments, &[], console, timings, |_, loaded, settings| {
        Ok(timings.of(Step::Drawing, || thread_lints::graph::graph(&loaded.workspace, settings)))
    })?;
    let text = render::graph(&loaded, &graph, asked.format);
    let mut code = CLEAN;
    match &asked.output_file {
        Some(file) => output_file::write(file, text.as_bytes())
            .map_err(|error| anyhow::anyhow!("cannot write `{}`: {}", file.display(), crate::reason_of(&error)))?,
        None => code = console.output(text.as_bytes(), code),
    }
    let notes = render::notes(&loaded, &graph.not_analysed, console.verbose);
    if console.say_notes(&loaded, &notes, &inputs.named()) | console.say_faults(&loaded, &graph.faults) {
        code = FAILED;
    }
    if !console.quiet {
        let line = render::graph_summary(&loaded, &graph, notes.len(), began.elapsed(), console.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
    Ok((code, loaded))
}

/// Makes one report of its parts.
fn join(asked: &MergeArguments, console: &Console) -> anyhow::Result<u8> {
    let merge::Merged { text, exit_code } = merge::merge(&asked.parts)?;
    match &asked.output_file {
        None => Ok(console.output(text.as_bytes(), exit_code)),
        Some(file) => match output_file::write(file, text.as_bytes()) {
            Ok(()) => Ok(exit_code),
            Err(error) => bail!("cannot write `{}`: {}", file.display(), crate::reason_of(&error)),
        },
    }
}

/// Says which settings are in force.
fn show_settings(arguments: &Arguments, asked: &ConfigArguments, console: &Console) -> anyhow::Result<u8> {
    if asked.schema {
        return Ok(console.output(settings::schema().as_bytes(), CLEAN));
    }
    let (inputs, pool) = begin(arguments)?;
    // Stubs are parsed.
    let project = pool.install(|| inputs.project(arguments.common(), &asked.levels))?;
    let text = settings::show(&project, thread_lints::registry::lints(), &inputs.working_dir);
    Ok(console.output(text.as_bytes(), CLEAN))
}

/// What is to be read, and the threads to do it.
fn begin(arguments: &Arguments) -> anyhow::Result<(Inputs, rayon::ThreadPool)> {
    let common = arguments.common();
    let working_dir = std::env::current_dir().context("cannot tell the working directory")?;
    let inputs = match Buffer::read(arguments, &working_dir)? {
        Some(buffer) => Inputs::of_buffer(buffer, &working_dir),
        None => Inputs::read(common, &working_dir)?,
    };
    let pool = pool(common.jobs.unwrap_or(0)).context("cannot start the threads")?;
    Ok((inputs, pool))
}

/// Reads what is asked for, and asks `question` of it.
fn analyse<T: Send>(
    arguments: &Arguments,
    levels: &[String],
    console: &Console,
    timings: &Timings,
    question: impl FnOnce(&Inputs, &mut Loaded, &Settings) -> anyhow::Result<T> + Send,
) -> anyhow::Result<(Inputs, Loaded, T)> {
    let (inputs, pool) = begin(arguments)?;
    timings.on_threads(pool.current_num_threads());
    let mut progress = if console.shows_progress { Progress::drawn() } else { Progress::silent() };
    let (loaded, answer, warnings) = pool.install(|| {
        let Read { mut loaded, project, warnings } = inputs.load(arguments.common(), levels, &progress, timings)?;
        let answer = question(&inputs, &mut loaded, &project.into_settings())?;
        anyhow::Ok((loaded, answer, warnings))
    })?;
    progress.finish();
    for warning in &warnings {
        console.warning(warning);
    }
    Ok((inputs, loaded, answer))
}
