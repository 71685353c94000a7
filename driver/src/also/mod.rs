//! A run of `cargo clippy` or `cargo check` beside our own, for editors and steps of CI that have room for one command.
//!
//! It is started before our own files are read, with the same packages, targets and flags, and asked for cargo's messages. Where
//! cargo's messages are asked of us too, its lines are forwarded; else cargo renders what it finds on standard error, as it always
//! does, and the messages only tell how it ended.
//!
//! Invariants: a forwarded line is whole and byte for byte cargo's own; its `build-finished` is kept back, as there is one for both;
//! the process does not outlive ours, unless ours is killed without being told.

mod descendants;
mod flags;

pub(crate) use flags::BuildFlags;

use crate::cli::{Common, MessageFormat};
use serde::Deserialize;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What shells report of a process that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// What to run beside us: `clippy`, `clippy -- -D warnings`, `check`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Also {
    tool: Tool,
    /// Clippy's own, after `--`.
    arguments: Vec<String>,
}

/// A command of cargo that gives cargo's messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tool {
    Clippy,
    Check,
}

impl Tool {
    /// As cargo knows it.
    fn name(self) -> &'static str {
        match self {
            Tool::Clippy => "clippy",
            Tool::Check => "check",
        }
    }
}

impl Also {
    /// The tool, and behind it what it alone is given.
    pub(crate) fn read(text: &str) -> Result<Also, String> {
        let mut words = text.split_ascii_whitespace();
        let tool = match words.next() {
            Some("clippy") => Tool::Clippy,
            Some("check") => Tool::Check,
            _ => return Err(String::from("possible values: clippy, check, \"clippy -- ARGUMENTS\"")),
        };
        let arguments: Vec<String> = words.map(str::to_owned).collect();
        match (tool, arguments.first().map(String::as_str)) {
            (_, None) | (Tool::Clippy, Some("--")) => Ok(Also { tool, arguments }),
            (Tool::Clippy, Some(_)) => {
                Err(String::from("the arguments of clippy come after `--`: \"clippy -- -D warnings\""))
            }
            (Tool::Check, Some(_)) => Err(String::from("`check` takes no arguments of its own")),
        }
    }

    /// Starts it. That it cannot be started is said when it is asked how it ended.
    pub(crate) fn start(&self, common: &Common, format: MessageFormat, color: bool) -> Companion {
        let name = format!("cargo {}", self.tool.name());
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let started = Command::new(cargo)
            .arg(self.tool.name())
            .arg(format!("--message-format={}", format_for_cargo(format)))
            .arg(format!("--color={}", if color { "always" } else { "never" }))
            .args(flags::for_cargo(common, self.tool))
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut companion =
            Companion { name, child: Arc::default(), interrupted: Arc::default(), output: None, ended: None };
        match started {
            Ok(mut child) => {
                companion.output = child.stdout.take().map(BufReader::new);
                *lock(&companion.child) = Some(child);
                let (child, interrupted) = (Arc::clone(&companion.child), Arc::clone(&companion.interrupted));
                // Ctrl-C on a terminal reaches cargo and its compilers by itself, as does what editors send to the whole group of
                // processes, which is why it has no group of its own; a signal that is meant for us alone does not.
                let _ = ctrlc::set_handler(move || {
                    interrupted.store(true, Ordering::Release);
                    kill(&child);
                    std::process::exit(INTERRUPTED);
                });
            }
            Err(error) => {
                let reason = format!("cannot run `{}`: {}", companion.name, crate::reason_of(&error));
                companion.ended = Some(Ended::Failed(reason));
            }
        }
        companion
    }
}

/// Cargo's messages, rendered on standard error where they are not forwarded.
fn format_for_cargo(format: MessageFormat) -> String {
    let (first, short, ansi) = match format {
        MessageFormat::Json { short, ansi } => ("json", short, ansi),
        MessageFormat::Short => ("json-render-diagnostics", true, false),
        _ => ("json-render-diagnostics", false, false),
    };
    let mut parts = vec![first];
    parts.extend(short.then_some("json-diagnostic-short"));
    parts.extend(ansi.then_some("json-diagnostic-rendered-ansi"));
    parts.join(",")
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    /// Nothing worse than warnings.
    Clean,
    /// Errors, of the compiler or of lints.
    Denied,
    /// It could not do its work, with the reason.
    Failed(String),
}

/// The run of cargo.
pub(crate) struct Companion {
    name: String,
    child: Arc<Mutex<Option<Child>>>,
    /// A signal is about to end both.
    interrupted: Arc<AtomicBool>,
    output: Option<BufReader<ChildStdout>>,
    ended: Option<Ended>,
}

impl Companion {
    /// Waits for its end; what it has to say for people stands on standard error then. Forwards no messages, but lines that are
    /// none, as procedural macros print them.
    pub(crate) fn wait(&mut self) -> Ended {
        self.read(|line| match is_message(line) {
            true => Ok(()),
            false => io::stdout().lock().write_all(line),
        })
    }

    /// Writes its messages to `sink` as they come, up to its end.
    pub(crate) fn forward(&mut self, sink: &mut dyn Write) -> Ended {
        self.read(|line| sink.write_all(line))
    }

    fn read(&mut self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> Ended {
        if let Some(ended) = &self.ended {
            return ended.clone();
        }
        let mut success = None;
        let mut line = Vec::new();
        let mut output = self.output.take();
        while let Some(output) = &mut output {
            line.clear();
            match output.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            if let Some(told) = success_in(&line) {
                success = Some(told);
                continue;
            }
            if !line.ends_with(b"\n") {
                line.push(b'\n');
            }
            if take(&line).is_err() {
                // Nobody reads on: there is nothing left to run for.
                kill(&self.child);
                self.ended = Some(Ended::Clean);
                return Ended::Clean;
            }
        }
        while self.interrupted.load(Ordering::Acquire) {
            // Who was told to end has nothing to say of how the other one did.
            std::thread::park();
        }
        let status = lock(&self.child).as_mut().map(Child::wait);
        if let Some(Ok(status)) = &status
            && was_interrupted(*status)
        {
            // Ours came at the same moment.
            std::process::exit(INTERRUPTED);
        }
        let ended = match status {
            Some(Ok(status)) => self.judge(success, status),
            Some(Err(error)) => Ended::Failed(format!("lost `{}`: {}", self.name, crate::reason_of(&error))),
            None => Ended::Failed(format!("`{}` was not run", self.name)),
        };
        self.ended = Some(ended.clone());
        ended
    }

    fn judge(&self, success: Option<bool>, status: ExitStatus) -> Ended {
        let name = &self.name;
        match (success, status.code()) {
            (Some(true), Some(0)) => Ended::Clean,
            (Some(false), Some(_)) => Ended::Denied,
            (None, Some(_)) => Ended::Failed(format!("`{name}` gave up before it built anything ({status})")),
            _ => Ended::Failed(format!("`{name}` did not end by itself ({status})")),
        }
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        if self.ended.is_none() {
            kill(&self.child);
        }
    }
}

/// Whether Ctrl-C ended it.
#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGINT: i32 = 2;
    status.signal() == Some(SIGINT)
}

#[cfg(not(unix))]
fn was_interrupted(_: ExitStatus) -> bool {
    false
}

/// Ends it, if it has not ended, and what it has started: `cargo clippy` runs another cargo, and that the compilers.
fn kill(child: &Mutex<Option<Child>>) {
    let taken = lock(child).take();
    if let Some(mut child) = taken {
        let started = descendants::of(child.id());
        // They may have ended by themselves meanwhile.
        let _ = child.kill();
        descendants::kill(&started);
        let _ = child.wait();
    }
}

/// A poisoned lock guards a process that can still be ended.
fn lock(child: &Mutex<Option<Child>>) -> MutexGuard<'_, Option<Child>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_message(line: &[u8]) -> bool {
    line.starts_with(b"{\"reason\":")
}

/// Whether the build went well, if the line says so.
fn success_in(line: &[u8]) -> Option<bool> {
    #[derive(Deserialize)]
    struct Finished {
        reason: String,
        success: bool,
    }
    if !is_message(line) {
        return None;
    }
    let finished: Finished = serde_json::from_slice(line).ok()?;
    (finished.reason == "build-finished").then_some(finished.success)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Arguments;

    fn for_cargo(arguments: &[&str]) -> Vec<String> {
        let called = std::iter::once("cargo-thread-lint").chain(arguments.iter().copied());
        let arguments = Arguments::read(called.map(OsString::from)).unwrap();
        let given = flags::for_cargo(arguments.common(), arguments.also.as_ref().unwrap().tool);
        given.into_iter().map(|argument| argument.into_string().unwrap()).collect()
    }

    #[test]
    fn what_can_run_beside_us() {
        assert_eq!(Also::read("clippy"), Ok(Also { tool: Tool::Clippy, arguments: Vec::new() }));
        let denying = Also::read("clippy  -- -D warnings").unwrap();
        assert_eq!(denying.arguments, ["--", "-D", "warnings"]);
        for bad in ["", "build", "clippy -D warnings", "check -- -D warnings", "clippy --fix"] {
            assert!(Also::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn cargo_is_given_the_same_flags() {
        assert_eq!(for_cargo(&["--also", "clippy"]), <[&str; 0]>::default());
        assert_eq!(
            for_cargo(&["--also=clippy", "-p", "a", "-p=b", "--all-targets", "-F", "x,y", "--no-deps", "-j2", "-vv"]),
            [
                "--all-targets",
                "--no-deps",
                "--verbose",
                "--verbose",
                "--package",
                "a",
                "--package",
                "b",
                "--features",
                "x,y",
                "--jobs",
                "2"
            ]
        );
        assert_eq!(
            for_cargo(&["--also=check", "--all", "--exclude", "a", "--no-deps", "-Zx", "--profile", "p", "-jdefault"]),
            ["--workspace", "--exclude", "a", "--profile", "p", "-Z", "x"]
        );
        let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = manifest.join("Cargo.toml");
        for given in [manifest, file.as_path()] {
            let written = for_cargo(&["--also=clippy", "--manifest-path", given.to_str().unwrap()]);
            assert_eq!(written, ["--manifest-path", file.to_str().unwrap()]);
        }
    }

    #[test]
    fn formats_of_cargo() {
        assert_eq!(format_for_cargo(MessageFormat::Human), "json-render-diagnostics");
        assert_eq!(format_for_cargo(MessageFormat::Short), "json-render-diagnostics,json-diagnostic-short");
        assert_eq!(
            format_for_cargo(MessageFormat::Json { short: false, ansi: true }),
            "json,json-diagnostic-rendered-ansi"
        );
    }

    #[test]
    fn the_end_is_told_from_what_only_mentions_it() {
        assert_eq!(success_in(b"{\"reason\":\"build-finished\",\"success\":false}\n"), Some(false));
        assert_eq!(success_in(b"{\"reason\":\"build-finished\",\"success\":true}"), Some(true));
        assert_eq!(success_in(b"{\"reason\":\"compiler-message\",\"success\":true}"), None);
        assert_eq!(success_in(b"build-finished\n"), None);
    }
}
