//! The command line.

use crate::also::{Also, BuildFlags};
use crate::changes::Since;
use crate::fix::{Allowed, Request};
use crate::manifest::PackageSelection;
use crate::plan::TargetSelection;
use crate::shard::Shard;
use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use thread_lints::TargetKind;
use thread_lints::diagnostic::Applicability;

/// Finds thread-lifecycle and lock bugs in Rust code, without building it.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "cargo-thread-lint",
    bin_name = "cargo thread-lint",
    version = VERSION,
    about,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = EXIT_STATUS
)]
pub struct Arguments {
    /// How findings are printed: `human`, `short`, `json` (cargo's own messages; its other spellings of json are accepted
    /// too), `sarif`, `github`, `gitlab`, `junit`, `checkstyle` or `markdown`
    #[arg(long, value_name = "FORMAT", value_parser = MessageFormat::read, default_value = "human")]
    pub message_format: MessageFormat,

    /// Write the findings to this file instead of standard output
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    pub output_file: Option<PathBuf>,

    /// Write the findings to a file too, in another format; can be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = read_output, conflicts_with = "diff")]
    pub output: Vec<(MessageFormat, PathBuf)>,

    /// Run `cargo clippy` (or `cargo check`) on the same packages too, and give its messages beside our own; `"clippy -- -D
    /// warnings"` gives it levels, as those after our own `--` are ours alone
    #[arg(long, value_name = "TOOL", value_parser = Also::read)]
    #[arg(conflicts_with_all = ["paths", "fix", "diff", "add_suppressions"])]
    pub also: Option<Also>,

    /// Lint again whenever a source, manifest or settings file changes, and redo only what the changes reach
    #[arg(long, conflicts_with_all = ["also", "shard", "fix", "diff", "add_suppressions"])]
    #[arg(conflicts_with_all = ["write_baseline", "prune_baseline"])]
    pub watch: bool,

    /// Report the findings in one of N parts of the files; `merge` joins the parts. The analysis sees everything all the same
    #[arg(long, value_name = "I/N", conflicts_with_all = ["also", "fix", "diff", "add_suppressions", "statistics"])]
    #[arg(conflicts_with_all = ["write_baseline", "prune_baseline"])]
    pub shard: Option<Shard>,

    /// Links from a finding's code to the lint's page, in the forms for people: `auto` (a terminal that shows them, in
    /// colour), `always` or `never`
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto", hide_possible_values = true)]
    pub hyperlinks: When,

    /// The file that the text on standard input stands for, with `-` as the path: its package is read with the text in its
    /// place, and what is found in it is reported; it need not exist
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    /// Neither take the findings from an earlier run over the same files nor keep them for a later one; they are kept in the
    /// folder `thread-lint` of cargo's target folder
    #[arg(long)]
    pub no_cache: bool,

    /// List the lints
    #[arg(long)]
    pub list: bool,

    /// Say all about one lint
    #[arg(long, value_name = "LINT")]
    pub explain: Option<String>,

    #[command(flatten)]
    own: Common,

    #[command(flatten)]
    fixes: FixArguments,

    /// What of the findings is reported, and how they count.
    #[command(flatten)]
    pub adoption: AdoptionArguments,

    /// `-A`, `-W`, `-D`, `-F` with a lint or group: allow, warn, deny, forbid; the last one that names a lint wins
    #[arg(last = true, value_name = "LEVELS", allow_hyphen_values = true)]
    pub levels: Vec<String>,

    /// What to do instead of linting; its flags stand behind it
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The version, with the commit where it is known.
pub(crate) const VERSION: &str = env!("THREAD_LINT_VERSION");

const EXIT_STATUS: &str = "Exit status: 0 clean or warnings only, 1 a finding at `deny` or `forbid` (with `--diff`: \
                           something to change; with `--also`: an error there), 2 bad usage, unreadable input, a file \
                           that cannot be written or an internal fault.";

/// What to edit.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Fixes")]
pub struct FixArguments {
    /// Make the edits that are certain; what is left is reported
    #[arg(long)]
    pub fix: bool,

    /// With `--fix` or `--diff`: also edits that somebody has to look at
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Print the edits as a unified diff and write nothing; exits with 1 if there are any
    #[arg(long, conflicts_with = "message_format")]
    pub diff: bool,

    /// Write a comment above every finding that allows it there, with a reason; what `--fix` mends needs none
    #[arg(long, value_name = "REASON", num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_REASON)]
    pub add_suppressions: Option<String>,

    /// Edit files where changes are not committed
    #[arg(long)]
    pub allow_dirty: bool,

    /// Edit files where changes are staged
    #[arg(long)]
    pub allow_staged: bool,

    /// Edit files that are not under version control
    #[arg(long)]
    pub allow_no_vcs: bool,
}

/// What of the findings is reported, and how they count.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Old code")]
pub struct AdoptionArguments {
    /// Report only what is not in this file
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write what is found to the baseline, and report nothing
    #[arg(long, requires = "baseline", conflicts_with = "prune_baseline")]
    pub write_baseline: bool,

    /// Take out of the baseline what is not found any more
    #[arg(long, requires = "baseline")]
    pub prune_baseline: bool,

    /// Report only findings whose story touches lines that were changed since this revision of git
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub changed_since: Option<String>,

    /// Report only findings whose story touches staged lines
    #[arg(long)]
    pub staged: bool,

    /// Print how many findings each lint has, in place of the findings
    #[arg(long, conflicts_with_all = ["message_format", "diff"])]
    pub statistics: bool,

    /// Exit with 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,
}

impl AdoptionArguments {
    /// What has to be changed for a finding to be reported.
    pub fn since(&self) -> Option<Since> {
        let revision = self.changed_since.clone().map(Since::Revision);
        revision.or(self.staged.then_some(Since::Staged))
    }
}

const DEFAULT_REASON: &str = "was here before the lint";

/// What to do instead of linting.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Draw the threads, channels and nested locks as a graph, for Graphviz or Mermaid
    ///
    /// Who starts which thread, and what becomes of it; who sends on a channel, and who takes from it; which lock is taken
    /// while which is held. Locks that are taken in a circle are red. With Graphviz:
    /// `cargo thread-lint graph | dot -Tsvg -o threads.svg`
    #[command(
        after_help = "Exit status: 0 where the graph was written, 2 for bad usage, input that cannot be read, a file \
                            that cannot be written or an internal fault."
    )]
    Graph(GraphArguments),

    /// Print the settings that are in force, and where each value comes from
    ///
    /// The output is a `thread-lint.toml` of its own. With `--schema` it is the JSON schema of such files, for editors.
    #[command(after_help = "Exit status: 0, or 2 for settings or manifests that cannot be read.")]
    Config(ConfigArguments),

    /// Join what runs with `--shard` wrote into one report
    ///
    /// The parts are JSON or SARIF, in any order, all of one run: a part that is missing, doubled, cut off or of another run is an
    /// error. What comes out is what one run without `--shard` writes.
    #[command(after_help = "Exit status: that of one run without `--shard`; 2 also where the parts do not make one.")]
    Merge(MergeArguments),

    /// Serve an editor: findings, fixes and documentation over the Language Server Protocol
    ///
    /// An editor starts it and talks to it over standard input and output. Which lints run and on what code is said by
    /// the editor's settings, the project's own, and the levels that stand after `--`.
    #[command(
        after_help = "Exit status: 0 where the editor said `shutdown` before the end, 1 where it did not, 2 for bad usage."
    )]
    Lsp(LspArguments),

    /// Print the completions of a shell
    ///
    /// For bash: `cargo thread-lint completions bash > ~/.local/share/bash-completion/completions/cargo-thread-lint`
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page
    Man,
}

/// The arguments of `merge`.
#[derive(Clone, Debug, clap::Args)]
pub struct MergeArguments {
    /// What each of the runs wrote
    #[arg(value_name = "PART", required = true)]
    pub parts: Vec<PathBuf>,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
}

/// The arguments of `config`.
#[derive(Clone, Debug, clap::Args)]
pub struct ConfigArguments {
    /// Print the JSON schema of the settings instead
    #[arg(long)]
    pub schema: bool,

    #[command(flatten)]
    own: Common,

    /// Levels, as for linting
    #[arg(last = true, value_name = "LEVELS", allow_hyphen_values = true)]
    pub levels: Vec<String>,
}

/// The arguments of `lsp`.
#[derive(Clone, Debug, clap::Args)]
pub struct LspArguments {
    /// Talk over standard input and output: the only way there is, and so the default
    #[arg(long)]
    pub stdio: bool,

    /// Levels, as for linting
    #[arg(last = true, value_name = "LEVELS", allow_hyphen_values = true)]
    pub levels: Vec<String>,
}

/// The arguments of `graph`.
#[derive(Clone, Debug, clap::Args)]
pub struct GraphArguments {
    /// The language: `dot` for Graphviz, `mermaid` for Markdown on forges
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "dot")]
    pub format: GraphFormat,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output_file: Option<PathBuf>,

    #[command(flatten)]
    own: Common,
}

/// A language of graphs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum GraphFormat {
    /// Graphviz DOT.
    Dot,
    /// A Mermaid flow chart.
    Mermaid,
}

/// What every command is given: what to read, and how to talk about it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Common {
    /// Packages' folders, folders of Rust files, or single files; the package of the working directory without any. For
    /// linting also `-`, the text on standard input
    #[arg(value_name = "PATHS", conflicts_with_all = ["manifest_path", "packages"])]
    pub paths: Vec<PathBuf>,

    /// Colours: `auto`, `always` or `never`
    #[arg(long, value_name = "WHEN", value_enum)]
    pub color: Option<When>,

    /// No summary and no progress
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more: also modules without a file that stand under a `cfg`
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// How many threads; as many as there are processors by default
    #[arg(short, long, value_name = "N", value_parser = read_jobs)]
    pub jobs: Option<usize>,

    /// Say on standard error where the time of the run goes: how much was read, each step, each lint
    #[arg(long)]
    pub timings: bool,

    /// Only these packages: names, `name@version`, package id specifications or patterns
    #[arg(short, long = "package", value_name = "SPEC", help_heading = "Packages")]
    pub packages: Vec<String>,

    /// All packages of the workspace
    #[arg(long, visible_alias = "all", help_heading = "Packages")]
    pub workspace: bool,

    /// All but these packages, with `--workspace`
    #[arg(long, value_name = "SPEC", requires = "workspace", help_heading = "Packages")]
    pub exclude: Vec<String>,

    /// The `Cargo.toml`, or its folder
    #[arg(long, value_name = "PATH", help_heading = "Packages")]
    pub manifest_path: Option<PathBuf>,

    /// The library
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub lib: bool,

    /// All binaries
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub bins: bool,

    /// These binaries
    #[arg(long, value_name = "NAME", help_heading = "Targets (library and binaries by default)")]
    pub bin: Vec<String>,

    /// All tests, those inside libraries and binaries too
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub tests: bool,

    /// These integration tests
    #[arg(long, value_name = "NAME", help_heading = "Targets (library and binaries by default)")]
    pub test: Vec<String>,

    /// All examples
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub examples: bool,

    /// These examples
    #[arg(long, value_name = "NAME", help_heading = "Targets (library and binaries by default)")]
    pub example: Vec<String>,

    /// All benches
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub benches: bool,

    /// These benches
    #[arg(long, value_name = "NAME", help_heading = "Targets (library and binaries by default)")]
    pub bench: Vec<String>,

    /// All targets: build scripts, tests, examples and benches too
    #[arg(long, help_heading = "Targets (library and binaries by default)")]
    pub all_targets: bool,

    #[command(flatten)]
    pub(crate) build: BuildFlags,
}

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageFormat {
    /// With snippets.
    Human,
    /// One line a finding.
    Short,
    /// Cargo's messages, one line each, with the human or short form inside.
    Json {
        /// The form inside is the short one.
        short: bool,
        /// The form inside is coloured.
        ansi: bool,
    },
    /// Cargo's messages without the findings, which are printed for people on standard error.
    JsonRendered,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub's workflow commands.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// A summary for a pull request.
    Markdown,
}

/// The formats by name; cargo's other spellings of json aside.
const FORMATS: [(&str, MessageFormat); 9] = [
    ("human", MessageFormat::Human),
    ("short", MessageFormat::Short),
    ("json", MessageFormat::Json { short: false, ansi: false }),
    ("sarif", MessageFormat::Sarif),
    ("github", MessageFormat::Github),
    ("gitlab", MessageFormat::Gitlab),
    ("junit", MessageFormat::Junit),
    ("checkstyle", MessageFormat::Checkstyle),
    ("markdown", MessageFormat::Markdown),
];

/// `sarif=lint.sarif`
fn read_output(text: &str) -> Result<(MessageFormat, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("a format, `=` and a file, such as `sarif=lint.sarif`")?;
    if file.is_empty() {
        return Err(String::from("the file's name is missing"));
    }
    match MessageFormat::read(format)? {
        MessageFormat::JsonRendered => Err(String::from("`json-render-diagnostics` prints, it writes no file")),
        format => Ok((format, PathBuf::from(file))),
    }
}

impl MessageFormat {
    fn read(text: &str) -> Result<MessageFormat, String> {
        let mut format = None;
        let (mut short, mut ansi, mut rendered) = (false, false, false);
        for part in text.split(',') {
            match part {
                "json-diagnostic-short" => short = true,
                "json-diagnostic-rendered-ansi" => ansi = true,
                "json-render-diagnostics" => rendered = true,
                _ => match FORMATS.iter().find(|(name, _)| *name == part) {
                    Some((_, found)) => format = Some(*found),
                    None => return Err(format!("possible values: {}", FORMATS.map(|(name, _)| name).join(", "))),
                },
            }
        }
        match format {
            _ if rendered => Ok(MessageFormat::JsonRendered),
            None | Some(MessageFormat::Json { .. }) => Ok(MessageFormat::Json { short, ansi }),
            Some(format) => Ok(format),
        }
    }

    /// Cargo's own messages.
    pub fn is_of_cargo(self) -> bool {
        matches!(self, MessageFormat::Json { .. } | MessageFormat::JsonRendered)
    }

    /// Standard output is for machines.
    pub fn is_for_machines(self) -> bool {
        !matches!(self, MessageFormat::Human | MessageFormat::Short)
    }
}

/// When to colour, and when to link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum When {
    /// On a terminal that can.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

fn read_jobs(text: &str) -> Result<usize, String> {
    if text == "default" {
        return Ok(0);
    }
    match text.parse() {
        Ok(0) | Err(_) => Err(String::from("a number from 1, or `default`")),
        Ok(jobs) => Ok(jobs),
    }
}

impl Arguments {
    /// Reads the arguments as the system gives them, the name that cargo puts in front left out.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
        let called_by_cargo = |index: usize, argument: &OsString| index == 1 && argument == "thread-lint";
        let own = arguments
            .into_iter()
            .enumerate()
            .filter(|(index, argument)| !called_by_cargo(*index, argument))
            .map(|(_, argument)| argument);
        let arguments = Arguments::try_parse_from(own)?;
        let FixArguments { fix, diff, unsafe_fixes, .. } = arguments.fixes;
        if unsafe_fixes && !fix && !diff {
            let message = "`--unsafe-fixes` says which edits `--fix` or `--diff` make; give one of them too\n";
            return Err(Arguments::command().error(ErrorKind::MissingRequiredArgument, message));
        }
        match arguments.misuse_of_stdin().or(arguments.misuse_of_watch()) {
            Some(message) => Err(Arguments::command().error(ErrorKind::ArgumentConflict, message)),
            None => Ok(arguments),
        }
    }

    /// Whether a text on standard input is to be linted.
    pub fn reads_stdin(&self) -> bool {
        self.command.is_none() && self.own.paths.iter().any(|path| path.as_os_str() == "-")
    }

    fn misuse_of_stdin(&self) -> Option<&'static str> {
        let AdoptionArguments { write_baseline, prune_baseline, .. } = self.adoption;
        match self.reads_stdin() {
            false => self.stdin_filename.as_ref().map(|_| "`--stdin-filename` names what `-` reads; give `-` too\n"),
            true if self.own.paths.len() > 1 => Some("`-` is linted alone; give no other paths\n"),
            true if self.watch => Some("`-` is one text, which does not change; leave `--watch` out\n"),
            true if self.shard.is_some() => Some("`-` is one text, which has no shards\n"),
            true if write_baseline || prune_baseline => Some("a baseline is not written of one file, as with `-`\n"),
            true if self.adoption.since().is_some() => {
                Some("which lines of `-` have changed is not known; leave `--changed-since` and `--staged` out\n")
            }
            true => None,
        }
    }

    fn misuse_of_watch(&self) -> Option<&'static str> {
        if self.watch && self.own.timings {
            return Some("`--timings` speaks of one run, and `--watch` does not end; leave one of them out\n");
        }
        let format = self.message_format;
        let is_one_document = format.is_for_machines() && !format.is_of_cargo() && self.output_file.is_none();
        (self.watch && is_one_document).then_some(
            "`--watch` prints one report after the other, which this format has no room for; give `--output-file`\n",
        )
    }

    /// What to edit, if anything; and whether that is only to be shown.
    pub fn fixes(&self) -> Option<(Request, bool)> {
        let asked = &self.fixes;
        let suppresses_only = asked.add_suppressions.is_some() && !asked.fix;
        let edits = match (asked.fix || (asked.diff && !suppresses_only), asked.unsafe_fixes) {
            (false, _) => None,
            (true, false) => Some(Applicability::MachineApplicable),
            (true, true) => Some(Applicability::MaybeIncorrect),
        };
        let request = Request { edits, suppressions: asked.add_suppressions.clone() };
        (request.edits.is_some() || request.suppressions.is_some()).then_some((request, asked.diff))
    }

    /// Where files may be edited.
    pub fn allowed(&self) -> Allowed {
        let FixArguments { allow_no_vcs, allow_dirty, allow_staged, .. } = self.fixes;
        Allowed { no_vcs: allow_no_vcs, dirty: allow_dirty, staged: allow_staged }
    }

    /// The completions of a shell.
    pub fn completions(shell: clap_complete::Shell) -> Vec<u8> {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "cargo-thread-lint", &mut text);
        text
    }

    /// The manual page.
    pub fn manual() -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        clap_mangen::Man::new(Arguments::command()).render(&mut text)?;
        Ok(text)
    }

    /// What to read, and how to talk about it.
    pub fn common(&self) -> &Common {
        match &self.command {
            Some(Command::Graph(graph)) => &graph.own,
            Some(Command::Config(config)) => &config.own,
            Some(Command::Merge(_) | Command::Completions { .. } | Command::Man | Command::Lsp(_)) | None => &self.own,
        }
    }
}

impl Common {
    /// The packages that are asked for.
    pub fn package_selection(&self) -> PackageSelection {
        PackageSelection { packages: self.packages.clone(), workspace: self.workspace, exclude: self.exclude.clone() }
    }

    /// The targets that are asked for.
    pub fn target_selection(&self) -> TargetSelection {
        let of_kind =
            |kind: TargetKind, names: &[String]| names.iter().map(|name| (kind, name.clone())).collect::<Vec<_>>();
        TargetSelection {
            lib: self.lib,
            bins: self.bins,
            tests: self.tests,
            examples: self.examples,
            benches: self.benches,
            all_targets: self.all_targets,
            test_code: false,
            named: [
                of_kind(TargetKind::Bin, &self.bin),
                of_kind(TargetKind::Test, &self.test),
                of_kind(TargetKind::Example, &self.example),
                of_kind(TargetKind::Bench, &self.bench),
            ]
            .concat(),
        }
    }
}

/// Whether to colour what goes to a stream: the flag, then cargo's own variable, then the customs of other tools.
pub fn wants_color(flag: Option<When>, variable: impl Fn(&str) -> Option<OsString>, is_terminal: bool) -> bool {
    let of_cargo = || match variable("CARGO_TERM_COLOR")?.to_str()? {
        "always" => Some(When::Always),
        "never" => Some(When::Never),
        _ => None,
    };
    match flag.or_else(of_cargo).unwrap_or(When::Auto) {
        When::Always => return true,
        When::Never => return false,
        When::Auto => {}
    }
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_on = |name: &str| is_set(name) && variable(name).is_some_and(|value| value != "0");
    if is_set("NO_COLOR") {
        return false;
    }
    if is_on("CLICOLOR_FORCE") {
        return true;
    }
    let switched_off =
        variable("CLICOLOR").is_some_and(|value| value == "0") || variable("TERM").is_some_and(|value| value == "dumb");
    is_terminal && !switched_off
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn read(arguments: &[&str]) -> Result<Arguments, clap::Error> {
        let called = std::iter::once("cargo-thread-lint").chain(arguments.iter().copied());
        Arguments::read(called.map(OsString::from))
    }

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn called_by_cargo_or_directly() {
        assert!(read(&["thread-lint", "--workspace"]).unwrap().common().workspace);
        assert!(read(&["--workspace"]).unwrap().common().workspace);
        assert_eq!(read(&["thread-lint", "thread-lint"]).unwrap().common().paths.len(), 1);
    }

    #[test]
    fn what_stands_after_the_dashes_are_levels() {
        let arguments = read(&["src", "--", "-D", "warnings", "-Ajoin"]).unwrap();
        assert_eq!(arguments.levels, ["-D", "warnings", "-Ajoin"]);
        assert_eq!(arguments.common().paths, [PathBuf::from("src")]);
    }

    #[test]
    fn cargo_spellings_of_json() {
        let format = |text| read(&["--message-format", text]).unwrap().message_format;
        assert_eq!(format("json"), MessageFormat::Json { short: false, ansi: false });
        assert_eq!(format("json-diagnostic-rendered-ansi"), MessageFormat::Json { short: false, ansi: true });
        assert_eq!(format("json,json-diagnostic-short"), MessageFormat::Json { short: true, ansi: false });
        assert!(read(&["--message-format", "xml"]).is_err());
        assert_eq!(
            read(&["--output", "sarif=a=b", "--output=junit=c"]).unwrap().output,
            [(MessageFormat::Sarif, PathBuf::from("a=b")), (MessageFormat::Junit, PathBuf::from("c"))]
        );
        assert!(read(&["--output", "sarif"]).is_err() && read(&["--output", "sarif="]).is_err());
    }

    #[test]
    fn usage_errors() {
        assert!(read(&["--exclude", "a"]).is_err());
        assert!(read(&["-j0"]).is_err());
        assert!(read(&["--no-such-flag"]).is_err());
        assert!(read(&["src", "-p", "a"]).is_err());
        assert!(read(&["--unsafe-fixes"]).is_err());
        assert!(read(&["--write-baseline"]).is_err() && read(&["--changed-since", "main", "--staged"]).is_err());
        assert!(read(&["--diff", "--message-format", "json"]).is_err());
        assert!(read(&["--shard", "1/2"]).is_ok() && read(&["--shard", "3/2"]).is_err() && read(&["merge"]).is_err());
        for other in ["--fix", "--diff", "--also=clippy", "--statistics", "--add-suppressions"] {
            assert!(read(&["--shard", "1/2", other]).is_err(), "{other}");
        }
        assert!(read(&["--shard=1/2", "--baseline=a", "--write-baseline"]).is_err());
        assert!(read(&["--stdin-filename", "a.rs"]).is_err() && read(&["-", "src"]).is_err());
        assert!(read(&["-", "--staged"]).is_err() && read(&["-", "--baseline", "b", "--write-baseline"]).is_err());
        assert!(read(&["-", "--shard", "1/2"]).is_err() && read(&["-", "--watch"]).is_err());
        assert!(read(&["--watch", "--fix"]).is_err() && read(&["--watch", "--message-format=sarif"]).is_err());
        assert!(read(&["--watch", "--message-format=sarif", "--output-file", "x"]).is_ok());
        assert!(read(&["--all-features", "-F", "a", "--release", "--offline", "-Zx"]).is_ok());
    }

    #[test]
    fn what_is_to_be_edited() {
        let fixes = |arguments: &[&str]| {
            let fixes = read(arguments).unwrap().fixes();
            fixes.map(|(request, shown)| (request.edits, request.suppressions, shown))
        };
        let certain = Some(Applicability::MachineApplicable);
        let reason = |text: &str| Some(text.to_owned());
        assert_eq!(fixes(&[]), None);
        assert_eq!(fixes(&["--fix"]), Some((certain, None, false)));
        assert_eq!(fixes(&["--diff", "--unsafe-fixes"]), Some((Some(Applicability::MaybeIncorrect), None, true)));
        assert_eq!(fixes(&["--add-suppressions"]), Some((None, reason(DEFAULT_REASON), false)));
        assert_eq!(fixes(&["--add-suppressions=old", "--diff"]), Some((None, reason("old"), true)));
        assert_eq!(fixes(&["--add-suppressions", "--fix", "src"]), Some((certain, reason(DEFAULT_REASON), false)));
    }

    #[test]
    fn a_command_has_its_own_flags() {
        let arguments = read(&["graph", "--format", "mermaid", "-o", "g.mmd", "-p", "a", "-q"]).unwrap();
        let Some(Command::Graph(graph)) = &arguments.command else { panic!("{arguments:?}") };
        assert_eq!((graph.format, graph.output_file.as_deref()), (GraphFormat::Mermaid, Some(Path::new("g.mmd"))));
        assert_eq!(
            (arguments.common().packages.as_slice(), arguments.common().quiet),
            (&[String::from("a")][..], true)
        );
        assert!(read(&["thread-lint", "graph", "src"]).unwrap().command.is_some());
        assert_eq!(read(&["./graph"]).unwrap().common().paths, [PathBuf::from("./graph")]);
        assert!(read(&["graph", "--list"]).is_err());
        assert!(read(&["graph", "--format", "svg"]).is_err());
        assert!(read(&["graph", "src", "-p", "a"]).is_err());
    }

    #[test]
    fn colours() {
        let with = |flag, variables: &'static [(&str, &str)], terminal| {
            let variable =
                move |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| OsString::from(v));
            wants_color(flag, variable, terminal)
        };
        assert!(with(None, &[], true));
        assert!(!with(None, &[], false));
        assert!(!with(None, &[("NO_COLOR", "1")], true));
        assert!(with(None, &[("CLICOLOR_FORCE", "1")], false));
        assert!(with(None, &[("CARGO_TERM_COLOR", "always"), ("NO_COLOR", "1")], false));
        assert!(!with(Some(When::Never), &[("CLICOLOR_FORCE", "1")], true));
        assert!(with(Some(When::Always), &[("NO_COLOR", "1")], false));
    }
}
