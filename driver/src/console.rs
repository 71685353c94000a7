//! Where to print, and how.
//!
//! Invariants: findings and machine-readable output go to standard output, everything said about the run to standard error;
//! a closed pipe is no fault.

use crate::also::{Companion, Ended};
use crate::baseline::Baseline;
use crate::cli::{Arguments, MessageFormat, When, wants_color};
use crate::fix::Outcome;
use crate::load::Loaded;
use crate::output_file;
use crate::render::{self, Format, Look};
use crate::run::{CLEAN, DENIED, FAILED};
use crate::shard::{Part, Shard};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use thread_lints::Report;
use thread_lints::lint::Level;

/// Cursor to the corner; the screen, and what has left it at the top.
const CLEAR_SCREEN: &[u8] = b"\x1b[H\x1b[2J\x1b[3J";

/// How many entries of a baseline are named.
const SHOWN_ENTRIES: usize = 10;

/// Where to print, and how.
pub(crate) struct Console {
    pub(crate) format: MessageFormat,
    /// Where findings go in place of standard output.
    output_file: Option<PathBuf>,
    /// Standard output is for the fixed text: findings go to standard error.
    prints_text: bool,
    /// Counts in place of findings.
    statistics: bool,
    /// Findings do not change the exit code.
    exit_zero: bool,
    /// Where they go too, and how.
    outputs: Vec<(MessageFormat, PathBuf)>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) color_output: bool,
    /// Codes on standard output are links.
    links_output: bool,
    pub(crate) color_errors: bool,
    pub(crate) shows_progress: bool,
    pub(crate) errors_on_terminal: bool,
    /// Reports stand on a terminal, where one takes the place of the one before.
    clears: bool,
    /// Nobody reads standard output any more.
    closed: AtomicBool,
}

impl Console {
    pub(crate) fn new(arguments: &Arguments) -> Console {
        let errors_on_terminal = std::io::stderr().is_terminal();
        let variable = |name: &str| std::env::var_os(name);
        let common = arguments.common();
        let color = |is_terminal| wants_color(common.color, variable, is_terminal);
        let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let color_output = color(std::io::stdout().is_terminal());
        Console {
            format: arguments.message_format,
            output_file: arguments.output_file.clone(),
            prints_text: arguments.reads_stdin() && arguments.fixes().is_some_and(|(_, shown_only)| !shown_only),
            outputs: arguments.output.clone(),
            statistics: arguments.adoption.statistics,
            exit_zero: arguments.adoption.exit_zero,
            quiet: common.quiet,
            verbose: common.verbose > 0,
            color_output,
            links_output: match arguments.hyperlinks {
                When::Auto => color_output && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
                When::Always => true,
                When::Never => false,
            },
            color_errors: color(errors_on_terminal),
            // Cargo draws a bar of its own.
            shows_progress: errors_on_terminal && !common.quiet && !is_dumb && arguments.also.is_none(),
            errors_on_terminal,
            clears: std::io::stdout().is_terminal()
                && !is_dumb
                && !arguments.message_format.is_for_machines()
                && arguments.output_file.is_none(),
            closed: AtomicBool::new(false),
        }
    }

    /// Writes to standard output; a closed pipe keeps the code.
    pub(crate) fn output(&self, bytes: &[u8], code: u8) -> u8 {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => code,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.store(true, Ordering::Relaxed);
                code
            }
            Err(error) => {
                self.error(&format!("cannot write the output: {}", crate::reason_of(&error)));
                FAILED
            }
        }
    }

    /// Whether writing to standard output is of no use any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Makes room for the next report, where that is on a terminal.
    pub(crate) fn clear(&self) {
        if self.clears {
            self.output(CLEAR_SCREEN, CLEAN);
        }
    }

    /// Says what is waited for between two reports.
    pub(crate) fn watching(&self, files: usize) {
        if !self.quiet {
            let line = render::watching_line(files, self.color_errors);
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
    }

    pub(crate) fn say(&self, severity: render::Severity, message: &str) {
        let line = render::headline(severity, message, self.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }

    pub(crate) fn error(&self, message: &str) {
        self.say(render::Severity::Error, message);
    }

    pub(crate) fn warning(&self, message: &str) {
        self.say(render::Severity::Warning, message);
    }

    pub(crate) fn fault(&self, message: &str) {
        self.error(&format!("internal fault: {message}; please report it"));
    }

    /// Prints findings, notes and faults, and what ran beside us; gives the exit code.
    pub(crate) fn report(
        &self,
        loaded: &Loaded,
        report: &Report,
        notes: &[render::Note],
        named_files: &[PathBuf],
        companion: Option<Companion>,
        part: Option<Part>,
    ) -> u8 {
        let has_faults = !loaded.faults.is_empty() || !report.faults.is_empty();
        let denied = report.diagnostics.iter().any(|found| found.level >= Level::Deny);
        let named_unread = notes.iter().any(|note| is_named(loaded, note, named_files));
        let mut code = match (has_faults || named_unread, denied && !self.exit_zero) {
            (true, _) => FAILED,
            (false, true) => DENIED,
            (false, false) => CLEAN,
        };
        let part = part.map(|part| Part { exit_code: code, ..part });
        let told = Told { loaded, report, notes, success: code == CLEAN, part };
        let is_joined = self.format.is_of_cargo() && !self.statistics;
        match companion {
            Some(companion) if is_joined => code = self.join(&told, companion, code),
            other => {
                if let Some(mut companion) = other {
                    code = self.worse(code, &companion.wait());
                }
                let look = match &self.output_file {
                    Some(_) => Look::default(),
                    None if self.prints_text => Look { color: self.color_errors, links: false },
                    None => Look { color: self.color_output, links: self.links_output },
                };
                let text = match self.statistics {
                    true => render::statistics(report, look.color),
                    false => told.text(self.format, look),
                };
                code = self.put(text.as_bytes(), code);
            }
        }
        if self.format == MessageFormat::JsonRendered {
            let text = told.text(MessageFormat::Human, Look { color: self.color_errors, links: false });
            let _ = std::io::stderr().lock().write_all(text.as_bytes());
        }
        for (format, path) in &self.outputs {
            code = self.output_to(path, told.text(*format, Look::default()).as_bytes(), code);
        }
        if !matches!(self.format, MessageFormat::Json { .. }) {
            self.say_notes(loaded, notes, named_files);
        }
        self.say_faults(loaded, &report.faults);
        code
    }

    /// Gives cargo's messages of both: ours, which are there first, then those of the run beside us as they come.
    fn join(&self, told: &Told<'_>, mut companion: Companion, code: u8) -> u8 {
        let ours = told.messages(self.format);
        let mut kept = Vec::new();
        let (mut code, ended) = match &self.output_file {
            Some(_) => {
                kept.extend_from_slice(ours.as_bytes());
                (code, companion.forward(&mut kept))
            }
            None => (self.output(ours.as_bytes(), code), companion.forward(&mut std::io::stdout())),
        };
        code = self.worse(code, &ended);
        kept.extend_from_slice(render::build_finished(code == CLEAN, None).as_bytes());
        self.put(&kept, code)
    }

    /// The worse of our exit code and how the run beside us ended; what kept that from its work is said.
    fn worse(&self, code: u8, ended: &Ended) -> u8 {
        match ended {
            Ended::Clean => code,
            Ended::Denied if self.exit_zero => code,
            Ended::Denied => code.max(DENIED),
            Ended::Failed(reason) => {
                self.error(reason);
                FAILED
            }
        }
    }

    /// Writes where findings go.
    fn put(&self, bytes: &[u8], code: u8) -> u8 {
        match &self.output_file {
            Some(path) => self.output_to(path, bytes, code),
            None if self.prints_text => {
                let _ = std::io::stderr().lock().write_all(bytes);
                code
            }
            None => self.output(bytes, code),
        }
    }

    /// Writes to a file; what goes wrong is said, and gives another code.
    fn output_to(&self, path: &Path, bytes: &[u8], code: u8) -> u8 {
        match output_file::write(path, bytes) {
            Ok(()) => code,
            Err(error) => {
                self.error(&format!("cannot write `{}`: {}", path.display(), crate::reason_of(&error)));
                FAILED
            }
        }
    }

    /// Says what was not analysed; whether a named file is among it.
    pub(crate) fn say_notes(&self, loaded: &Loaded, notes: &[render::Note], named_files: &[PathBuf]) -> bool {
        let mut named_unread = false;
        for note in notes {
            let named = is_named(loaded, note, named_files);
            named_unread |= named;
            self.say(if named { render::Severity::Error } else { render::Severity::Note }, &note.text());
        }
        named_unread
    }

    /// Says what went wrong inside; whether anything did.
    pub(crate) fn say_faults(&self, loaded: &Loaded, faults: &[String]) -> bool {
        let all = || loaded.faults.iter().chain(faults);
        all().for_each(|fault| self.fault(fault));
        all().next().is_some()
    }

    /// Says what of a baseline is out of date.
    pub(crate) fn stale(&self, path: &Path, stale: &Baseline) {
        if self.quiet {
            return;
        }
        let entries = stale.describe();
        let more = entries.len().saturating_sub(SHOWN_ENTRIES);
        let mut listed: String = entries.iter().take(SHOWN_ENTRIES).map(|entry| format!("\n  {entry}")).collect();
        if more > 0 {
            listed.push_str(&format!("\n  and {more} more"));
        }
        self.warning(&format!(
            "the baseline `{}` has findings that are gone; `--prune-baseline` takes them out:{listed}",
            path.display()
        ));
    }

    /// Says that a baseline was written.
    pub(crate) fn wrote(&self, path: &Path, findings: usize) {
        if !self.quiet {
            let line = render::wrote_line(path, findings, self.color_errors);
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
    }

    /// Says which files were edited, and how often.
    pub(crate) fn fixed(&self, outcome: &Outcome) {
        if self.quiet {
            return;
        }
        let mut text = String::new();
        for (change, (fixes, suppressed)) in outcome.changes.iter().zip(&outcome.counts) {
            text.push_str(&render::fixed_line(&change.shown, *fixes, *suppressed, self.color_errors));
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    pub(crate) fn summary(
        &self,
        loaded: &Loaded,
        report: &Report,
        notes: &[render::Note],
        took: Duration,
        shard: Option<Shard>,
    ) {
        let for_machines = self.format.is_for_machines() && !self.errors_on_terminal && !self.verbose;
        if self.quiet || for_machines {
            return;
        }
        let line = render::summary(loaded, report, notes.len(), took, shard, self.color_errors);
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

/// What a run has to tell.
struct Told<'r> {
    loaded: &'r Loaded,
    report: &'r Report,
    notes: &'r [render::Note],
    success: bool,
    /// What it says of itself where it is one of several.
    part: Option<Part>,
}

impl Told<'_> {
    /// In a format of cargo's, up to the last message.
    fn messages(&self, format: MessageFormat) -> String {
        let Told { loaded, report, notes, .. } = *self;
        match format {
            MessageFormat::Json { short, ansi } => {
                let inner = if short { Format::Short } else { Format::Human };
                render::json(loaded, report, notes, inner, ansi)
            }
            _ => String::new(),
        }
    }

    /// In one format; `look` is for those that are read by people.
    fn text(&self, format: MessageFormat, look: Look) -> String {
        let Told { loaded, report, notes, success, .. } = *self;
        match format {
            MessageFormat::Human => render::render(loaded, report, Format::Human, look),
            MessageFormat::Short => render::render(loaded, report, Format::Short, look),
            MessageFormat::Json { .. } => self.messages(format) + &render::build_finished(success, self.part.as_ref()),
            // Without its findings it is no part that could be joined.
            MessageFormat::JsonRendered => render::build_finished(success, None),
            MessageFormat::Sarif => {
                render::sarif(loaded, report, notes, thread_lints::registry::lints(), self.part.as_ref())
            }
            MessageFormat::Github => {
                let checkout = std::env::var_os("GITHUB_WORKSPACE");
                render::github(loaded, report, notes, checkout.as_deref().map(Path::new))
            }
            MessageFormat::Gitlab => render::gitlab(loaded, report),
            MessageFormat::Junit => render::junit(loaded, report, notes),
            MessageFormat::Checkstyle => render::checkstyle(loaded, report),
            MessageFormat::Markdown => render::markdown(loaded, report, notes),
        }
    }
}

/// A file that was named is expected to be read; elsewhere it is only noted that it was not.
fn is_named(loaded: &Loaded, note: &render::Note, named_files: &[PathBuf]) -> bool {
    loaded.paths.get(note.file.index()).is_some_and(|path| named_files.contains(path)) && note.whole_file
}
