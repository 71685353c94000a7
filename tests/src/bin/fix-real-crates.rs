//! Fixes real crates and asks the compiler what it says of that.
//!
//! ```text
//! cargo run -p thread-lint-tests --bin fix-real-crates -- --tool PATH [--into FOLDER] [--all-lints] CRATE_FOLDER...
//! ```
//!
//! Each crate is copied into a folder and made a workspace of its own. If it builds here (`cargo check` with its default
//! features), `--fix --unsafe-fixes` is run on the copy, and it is checked again. Where that fails, each fix is made alone in
//! a fresh copy, to tell which one is to blame. A table goes to standard output, the compiler's errors to standard
//! error. The exit code is 1 if a fix does not compile.
//!
//! Invariants: the crates themselves are never written to; `--into` keeps what was compiled of the crates' dependencies for
//! the next run.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};
use std::{fs, io};
use thread_lint_tests::compile::copy_folder;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (mut tool, mut into, mut crates) = (None, std::env::temp_dir().join("fix-real-crates"), Vec::new());
    let mut all_lints = false;
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--tool") => tool = arguments.next().map(PathBuf::from),
            Some("--into") => into = arguments.next().map_or(into, PathBuf::from),
            Some("--all-lints") => all_lints = true,
            _ => crates.push(PathBuf::from(argument)),
        }
    }
    let Some(tool) = tool.and_then(|tool| tool.canonicalize().ok()) else {
        eprintln!("usage: fix-real-crates --tool PATH [--into FOLDER] [--all-lints] CRATE_FOLDER...");
        return ExitCode::from(2);
    };
    let bench = Bench { tool, into, all_lints };
    let mut rows = Vec::new();
    for folder in &crates {
        let row = bench.run(folder);
        eprintln!("{}", row.line());
        rows.push(row);
    }
    print!("{}", table(&rows));
    if rows.iter().any(|row| row.failed.values().sum::<usize>() > 0) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What edits are of: lint and applicability.
type Kind = (String, String);

/// What came of one crate.
#[derive(Default)]
struct Row {
    name: String,
    /// Why it was left out.
    skipped: Option<String>,
    findings_before: usize,
    findings_after: usize,
    applied: BTreeMap<Kind, usize>,
    /// Fixes that do not compile.
    failed: BTreeMap<Kind, usize>,
    /// Fixes in files that the compiler does not read here: another system's, or behind a feature.
    unseen: BTreeMap<Kind, usize>,
    /// What the tool took back.
    refused: usize,
    errors_after: usize,
}

struct Bench {
    tool: PathBuf,
    into: PathBuf,
    /// Also the lints that are not on by default.
    all_lints: bool,
}

impl Bench {
    fn run(&self, folder: &Path) -> Row {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut row = Row { name, ..Row::default() };
        match self.fill(folder, &mut row) {
            Ok(()) => {}
            Err(reason) => row.skipped = Some(reason),
        }
        row
    }

    fn fill(&self, folder: &Path, row: &mut Row) -> Result<(), String> {
        let copy = self.into.join("crates").join(&row.name);
        let fresh = |keep_lock: bool| fresh_copy(folder, &copy, keep_lock).map_err(|error| error.to_string());
        // Without its lock file a crate shares compiled dependencies with the others.
        let mut keep_lock = false;
        fresh(keep_lock)?;
        let before = self.lint(&copy)?;
        row.findings_before = before.len();
        let fixes: Vec<&Finding> = before.iter().filter(|found| !found.edits.is_empty()).collect();
        if fixes.is_empty() {
            return Err(String::from("no edits"));
        }
        let mut checked = self.check(&copy)?;
        if !checked.errors.is_empty() && folder.join("Cargo.lock").is_file() {
            keep_lock = true;
            fresh(keep_lock)?;
            checked = self.check(&copy)?;
        }
        if let Some(error) = checked.errors.first() {
            return Err(format!("does not build here: {error}"));
        }
        for found in fixes.iter().filter(|found| !found.files().iter().any(|file| checked.has_read(file))) {
            *row.unseen.entry(found.kind()).or_default() += 1;
        }
        let lock = fs::read(copy.join("Cargo.lock")).ok();
        let said = self.fix(&copy)?;
        let refused = said.lines().filter(|line| line.contains("was taken back"));
        row.refused = refused.inspect(|line| eprintln!("{}: {line}", row.name)).count();
        let after = self.lint(&copy)?;
        row.findings_after = after.len();
        for found in &fixes {
            *row.applied.entry(found.kind()).or_default() += 1;
        }
        for found in after.iter().filter(|found| !found.edits.is_empty()) {
            if let Some(count) = row.applied.get_mut(&found.kind()) {
                *count = count.saturating_sub(1);
            }
        }
        let errors = self.check(&copy)?.errors;
        row.errors_after = errors.len();
        if errors.is_empty() {
            return Ok(());
        }
        for error in &errors {
            eprintln!("{}: {error}", row.name);
        }
        for found in fixes {
            fresh(keep_lock)?;
            if let Some(lock) = &lock {
                fs::write(copy.join("Cargo.lock"), lock).map_err(|error| error.to_string())?;
            }
            found.mend(&copy)?;
            if !self.check(&copy)?.errors.is_empty() {
                *row.failed.entry(found.kind()).or_default() += 1;
                eprintln!("{}: the fix of `{}` at {}:{}", row.name, found.lint, found.file, found.line);
            }
        }
        Ok(())
    }

    fn lint(&self, copy: &Path) -> Result<Vec<Finding>, String> {
        let output = self.tool(copy, &["--message-format", "json"])?;
        let text = String::from_utf8_lossy(&output.stdout);
        let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        Ok(messages.filter_map(|message| Finding::of(&message["message"])).collect())
    }

    /// Gives what the tool says.
    fn fix(&self, copy: &Path) -> Result<String, String> {
        let output = self.tool(copy, &["--fix", "--unsafe-fixes", "--allow-no-vcs", "--message-format", "short"])?;
        Ok(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn tool(&self, copy: &Path, arguments: &[&str]) -> Result<Output, String> {
        let mut command = Command::new(&self.tool);
        command.arg("thread-lint").args(arguments).current_dir(copy).stdin(Stdio::null());
        if self.all_lints {
            command.args(["--", "-W", "all"]);
        }
        let output = command.output().map_err(|error| format!("{}: {error}", self.tool.display()))?;
        match output.status.code() {
            Some(0 | 1) => Ok(output),
            _ => Err(format!("the tool: {}", String::from_utf8_lossy(&output.stderr).trim())),
        }
    }

    fn check(&self, copy: &Path) -> Result<Checked, String> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["check", "--quiet", "--keep-going", "--message-format", "json"]).current_dir(copy);
        cargo.stdin(Stdio::null()).env("CARGO_TARGET_DIR", self.into.join("target"));
        // Dependencies are many, and built once; what a crate denies itself is about its style.
        cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0").env("RUSTFLAGS", "--cap-lints warn");
        let output = cargo.output().map_err(|error| format!("cargo: {error}"))?;
        let mut checked = Checked::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
            match message["reason"].as_str() {
                Some("compiler-message") if message["message"]["level"] == "error" => {
                    checked.errors.extend(error_text(&message["message"]));
                }
                Some("compiler-artifact") => checked.add_artifact(&message, copy),
                _ => {}
            }
        }
        if checked.errors.is_empty() && !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            checked.errors.push(said.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason").to_owned());
        }
        Ok(checked)
    }
}

/// What the compiler says of a crate.
#[derive(Default)]
struct Checked {
    errors: Vec<String>,
    /// The files that it has read, from the crate's folder.
    read: BTreeSet<PathBuf>,
}

impl Checked {
    fn has_read(&self, file: &str) -> bool {
        self.read.contains(Path::new(file))
    }

    /// Takes the files from the list that the compiler writes beside what it makes.
    fn add_artifact(&mut self, message: &Value, copy: &Path) {
        let names = message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for made in names {
            let made = Path::new(made);
            let stem = made.file_stem().unwrap_or_default().to_string_lossy();
            let list = made.with_file_name(format!("{}.d", stem.strip_prefix("lib").unwrap_or(&stem)));
            let lists = [list, made.with_file_name(format!("{stem}.d"))];
            let text = lists.iter().find_map(|list| fs::read_to_string(list).ok()).unwrap_or_default();
            for word in text.split_whitespace().filter(|word| word.ends_with(".rs")) {
                let path = Path::new(word);
                self.read.insert(path.strip_prefix(copy).unwrap_or(path).to_path_buf());
            }
        }
    }
}

fn error_text(message: &Value) -> Option<String> {
    let text = message["message"].as_str()?;
    if text.starts_with("aborting due to") {
        return None;
    }
    let spans = message["spans"].as_array()?;
    let place = spans.iter().find(|span| span["is_primary"] == true);
    Some(match place {
        Some(place) => format!("{}:{}: {text}", place["file_name"].as_str().unwrap_or_default(), place["line_start"]),
        None => text.to_owned(),
    })
}

/// A finding, as JSON tells it.
struct Finding {
    lint: String,
    file: String,
    line: u64,
    applicability: String,
    /// Those that are made: of the first suggestion that has any. File, range of bytes, new text.
    edits: Vec<(String, usize, usize, String)>,
}

impl Finding {
    fn of(message: &Value) -> Option<Finding> {
        let lint = message["code"]["code"].as_str()?.rsplit("::").next()?.to_owned();
        let place = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
        let mut found = Finding {
            lint,
            file: place["file_name"].as_str()?.to_owned(),
            line: place["line_start"].as_u64()?,
            applicability: String::new(),
            edits: Vec::new(),
        };
        for child in message["children"].as_array()? {
            let spans = child["spans"].as_array().into_iter().flatten();
            for span in spans.filter(|span| span["suggested_replacement"].is_string()) {
                found.applicability = span["suggestion_applicability"].as_str().unwrap_or_default().to_owned();
                found.edits.push((
                    span["file_name"].as_str()?.to_owned(),
                    usize::try_from(span["byte_start"].as_u64()?).ok()?,
                    usize::try_from(span["byte_end"].as_u64()?).ok()?,
                    span["suggested_replacement"].as_str()?.to_owned(),
                ));
            }
            if !found.edits.is_empty() {
                break;
            }
        }
        Some(found)
    }

    fn kind(&self) -> Kind {
        (self.lint.clone(), self.applicability.clone())
    }

    fn files(&self) -> BTreeSet<&str> {
        self.edits.iter().map(|(file, ..)| file.as_str()).collect()
    }

    /// Makes its edits alone.
    fn mend(&self, copy: &Path) -> Result<(), String> {
        let mut edits = self.edits.clone();
        edits.sort_by_key(|(_, start, end, _)| std::cmp::Reverse((*start, *end)));
        edits.dedup();
        for (file, start, end, text) in edits {
            let path = copy.join(&file);
            let mut whole = fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
            if whole.get(start..end).is_none() {
                return Err(format!("{file}: an edit outside the file"));
            }
            whole.replace_range(start..end, &text);
            fs::write(&path, whole).map_err(|error| format!("{file}: {error}"))?;
        }
        Ok(())
    }
}

/// The crate alone: a workspace of its own, with nothing that says how to build it elsewhere.
fn fresh_copy(folder: &Path, copy: &Path, keep_lock: bool) -> io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let left_out = ["target", ".git", ".cargo", ".cargo-ok", "rust-toolchain", "rust-toolchain.toml"];
    let is_kept = |name: &str| !left_out.contains(&name) && (keep_lock || name != "Cargo.lock");
    copy_folder(folder, copy, is_kept)?;
    let manifest = copy.join("Cargo.toml");
    let mut text = fs::read_to_string(&manifest)?;
    if !text.lines().any(|line| line.trim_start().starts_with("[workspace")) {
        text.push_str("\n[workspace]\n");
        fs::write(manifest, text)?;
    }
    Ok(())
}

impl Row {
    fn line(&self) -> String {
        let cells = match &self.skipped {
            Some(reason) => vec![format!("left out: {reason}")],
            None => vec![
                self.findings_before.to_string(),
                kinds(&self.applied),
                self.refused.to_string(),
                self.unseen.values().sum::<usize>().to_string(),
                self.findings_after.to_string(),
                self.errors_after.to_string(),
                if self.failed.is_empty() { String::from("compiles") } else { kinds(&self.failed) },
            ],
        };
        format!("| {} | {} |", self.name, cells.join(" | "))
    }
}

fn kinds(counts: &BTreeMap<Kind, usize>) -> String {
    let some = counts.iter().filter(|(_, count)| **count > 0);
    let texts: Vec<String> = some.map(|((lint, trust), count)| format!("{count} {lint} ({trust})")).collect();
    texts.join(", ")
}

fn table(rows: &[Row]) -> String {
    let (done, skipped): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.skipped.is_none());
    let mut text = String::from(
        "| crate | findings | fixes made | taken back | not compiled here | findings after | errors after | verdict |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for row in &done {
        let _ = writeln!(text, "{}", row.line());
    }
    let mut totals: BTreeMap<&Kind, [usize; 3]> = BTreeMap::new();
    for row in &done {
        for (column, counts) in [&row.applied, &row.unseen, &row.failed].into_iter().enumerate() {
            counts.iter().for_each(|(kind, count)| totals.entry(kind).or_default()[column] += count);
        }
    }
    text.push_str(
        "\n| lint | applicability | fixes made | not compiled here | do not compile |\n|---|---|---|---|---|\n",
    );
    for ((lint, trust), [applied, unseen, failed]) in totals {
        let _ = writeln!(text, "| {lint} | {trust} | {applied} | {unseen} | {failed} |");
    }
    let clean = done.iter().filter(|row| row.errors_after == 0).count();
    let _ = writeln!(text, "\n{clean} of {} crates compile afterwards; {} are left out:", done.len(), skipped.len());
    for row in skipped {
        let _ = writeln!(text, "- {}: {}", row.name, row.skipped.as_deref().unwrap_or_default());
    }
    text
}
