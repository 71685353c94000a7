//! What a release is made of: packages, the action for workflows, the hooks for pre-commit; run as those who use them do.
//!
//! Where `pre-commit` is installed it runs the hooks; `THREAD_LINT_PRE_COMMIT=required` in the environment makes its absence a failure.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use thread_lint_tests::binary::{self, Ran, ran};
use thread_lint_tests::package::{package, write};
use thread_lint_tests::{report, root};
use yaml_rust2::{Yaml, YamlLoader};

const BAD: &str = "fn main() {\n    std::thread::spawn(|| {});\n}\n";
const MENDED: &str = "fn main() {\n    std::thread::spawn(|| {}).join().unwrap();\n}\n";

fn yaml(path: &str) -> Yaml {
    let text = fs::read_to_string(root().join(path)).unwrap();
    YamlLoader::load_from_str(&text).unwrap().remove(0)
}

/// The files that `cargo package` puts into a package.
fn packed(package: &str) -> Vec<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["package", "--list", "--allow-dirty", "--quiet", "--offline", "-p", package]).current_dir(root());
    let ran = ran(cargo.output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().map(|line| line.replace('\\', "/")).collect()
}

#[test]
fn packages_hold_all_that_they_need() {
    let mut problems = Vec::new();
    for (name, folder, more) in [
        ("thread-lints", "lints", &["catalog/README.md"][..]),
        ("cargo-thread-lint", "driver", &["thread-lint.schema.json"]),
    ] {
        let packed = packed(name);
        let own = root().join(folder);
        let files = ["src", "catalog"].iter().flat_map(|part| walkdir::WalkDir::new(own.join(part))).flatten();
        let rust = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
        let shown = rust.map(|entry| entry.path().strip_prefix(&own).unwrap().to_string_lossy().replace('\\', "/"));
        let sources: Vec<String> = shown.collect();
        assert!(sources.len() > 40, "{folder}: {} files", sources.len());
        let usual = ["Cargo.toml", "Cargo.lock", "build.rs", "README.md", "LICENSE-MIT", "LICENSE-APACHE"];
        let wanted = usual.iter().chain(more).map(|file| (*file).to_owned()).chain(sources);
        problems.extend(wanted.filter(|file| !packed.contains(file)).map(|file| format!("{name}: no {file}")));
        let strays = packed.iter().filter(|file| file.starts_with("target") || file.contains("fixtures"));
        problems.extend(strays.map(|file| format!("{name}: {file} does not belong there")));
    }
    report(&problems);
}

#[test]
fn packages_say_what_a_registry_asks_for() {
    for (folder, readme) in [("lints", "README.md"), ("driver", "../README.md")] {
        let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        assert!(text.contains(&format!("readme = \"{readme}\"")), "{folder}");
        assert!(text.contains("\ndescription = \"") && text.contains("\nlicense.workspace = true"), "{folder}");
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let own = fs::read(root().join(folder).join(licence)).unwrap();
            assert_eq!(own, fs::read(root().join(licence)).unwrap(), "{folder}/{licence}");
        }
    }
    let tests = fs::read_to_string(root().join("tests/Cargo.toml")).unwrap();
    assert!(tests.contains("\npublish = false\n"));
}

/// A runner's folders, and a `cargo` that installs the binary under test and writes down how it was called.
struct Runner {
    dir: TempDir,
}

impl Runner {
    fn new() -> Runner {
        let dir = tempfile::tempdir().unwrap();
        let cargo = format!(
            "#!/bin/sh\necho \"$PWD: $*\" >> '{calls}'\nwhile [ $# -gt 0 ]; do\n  [ \"$1\" = --root ] && root=$2\n  shift\ndone\n\
             mkdir -p \"$root/bin\" && ln -s '{binary}' \"$root/bin/cargo-thread-lint\"\n",
            calls = dir.path().join("calls").display(),
            binary = binary::path().display(),
        );
        write(dir.path(), "bin/cargo", cargo);
        make_executable(&dir.path().join("bin/cargo"));
        fs::create_dir(dir.path().join("temp")).unwrap();
        Runner { dir }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// The value that a step has set last.
    fn output(&self, name: &str) -> String {
        let text = self.text("output");
        let mut values = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        values.next_back().unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    }

    /// Runs a step of the action in a folder, as a runner does: its text in bash, its values in the environment.
    fn step(&self, name: &str, folder: &Path, inputs: &[(&str, &str)]) -> Ran {
        let action = yaml("action.yml");
        let steps = action["runs"]["steps"].as_vec().unwrap();
        let step = steps.iter().find(|step| step["name"].as_str() == Some(name)).unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
        let path = format!("{}:{}", self.file("bin").display(), std::env::var("PATH").unwrap());
        bash.current_dir(folder).env("PATH", path).env("RUNNER_TEMP", self.file("temp"));
        bash.env("GITHUB_OUTPUT", self.file("output")).env("GITHUB_STEP_SUMMARY", self.file("summary"));
        for (variable, value) in step["env"].as_hash().unwrap() {
            let value = match value.as_str().unwrap() {
                "${{ inputs.path || github.action_path }}" => root().display().to_string(),
                "${{ steps.tool.outputs.sources }}" => self.output("sources"),
                "${{ steps.tool.outputs.root }}" => self.output("root"),
                input => {
                    let name = input.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
                    let default = action["inputs"][name]["default"].as_str().unwrap();
                    inputs.iter().find(|(given, _)| *given == name).map_or(default, |(_, value)| value).to_owned()
                }
            };
            bash.env(variable.as_str().unwrap(), value);
        }
        ran(bash.output().unwrap())
    }

    /// All steps, on a package.
    fn action(&self, folder: &Path, inputs: &[(&str, &str)]) -> Ran {
        for name in ["Identify the tool", "Install"] {
            let ran = self.step(name, folder, inputs);
            assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
        }
        self.step("Lint", folder, inputs)
    }
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_action_annotates_summarises_and_keeps_the_exit_code() {
    let runner = Runner::new();
    let bad = package(&[("src/main.rs", BAD)]);
    let ran = runner.action(bad.path(), &[("sarif-file", "lint.sarif")]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("::error file=src/main.rs,line=2,"), "{}", ran.out);
    assert_eq!(runner.output("exit-code"), "1");
    assert!(runner.text("summary").contains("dropped_join_handles"), "{}", runner.text("summary"));
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(bad.path().join("lint.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "thread_lint::dropped_join_handles");
    let call = format!("{}: install --path driver --locked --root {} ", root().display(), runner.output("root"));
    assert!(runner.text("calls").starts_with(&call), "{}", runner.text("calls"));
    assert!(runner.output("key").starts_with("cargo-thread-lint-"), "{}", runner.output("key"));

    fs::write(bad.path().join("src/main.rs"), MENDED).unwrap();
    let ran = runner.step("Lint", bad.path(), &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(runner.output("exit-code"), "0");
}

#[test]
fn annotations_of_a_workspace_in_a_folder_of_the_checkout() {
    let bad = package(&[("src/main.rs", BAD)]);
    let folder = bad.path().file_name().unwrap().to_str().unwrap();
    let annotated = |checkout: &Path| {
        let mut command = binary::command(bad.path());
        ran(command.args(["--message-format", "github"]).env("GITHUB_WORKSPACE", checkout).output().unwrap()).out
    };
    let below = annotated(bad.path().parent().unwrap());
    assert!(below.starts_with(&format!("::warning file={folder}/src/main.rs,line=2,")), "{below}");
    for checkout in [bad.path(), Path::new("/elsewhere")] {
        assert!(annotated(checkout).starts_with("::warning file=src/main.rs,line=2,"));
    }
}

#[test]
fn the_action_takes_its_inputs_as_values() {
    let runner = Runner::new();
    let folder = package(&[("src/main.rs", BAD)]);
    let ran = runner.action(folder.path(), &[("args", "--message $(touch made) `touch made`; touch made")]);
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert_eq!(runner.output("exit-code"), "2");
    assert!(!folder.path().join("made").exists());
    // A name with a space is one name.
    let ran = runner.step("Lint", folder.path(), &[("args", ""), ("sarif-file", "in a folder.sarif")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(folder.path().join("in a folder.sarif").is_file());

    let action = yaml("action.yml");
    for step in action["runs"]["steps"].as_vec().unwrap() {
        let Some(text) = step["run"].as_str() else {
            continue;
        };
        assert!(!text.contains("${{"), "a value becomes part of a script: {text}");
        assert_eq!(step["shell"].as_str(), Some("bash"));
    }
}

#[test]
fn the_workflow_gives_the_action_inputs_that_it_has() {
    let (action, workflow) = (yaml("action.yml"), yaml(".github/workflows/thread-lint.yml"));
    let steps = workflow["jobs"]["thread-lint"]["steps"].as_vec().unwrap();
    let (use_of, upload) = (&steps[1], &steps[2]);
    assert_eq!(use_of["uses"].as_str(), Some("./"));
    let given = use_of["with"].as_hash().unwrap();
    let known = action["inputs"].as_hash().unwrap();
    assert!(given.keys().all(|input| known.contains_key(input)), "{given:?}");
    assert_eq!(upload["with"]["sarif_file"], use_of["with"]["sarif-file"]);
    assert!(upload["uses"].as_str().unwrap().starts_with("github/codeql-action/upload-sarif@"));
}

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with a staged bug, a `PATH` with the tool on it, and a checkout that holds the hooks.
struct Hooked {
    repository: TempDir,
    hooks: TempDir,
    path: String,
}

impl Hooked {
    fn new() -> Hooked {
        let repository = package(&[("src/main.rs", MENDED), (".gitignore", "target\n")]);
        let hooks = tempfile::tempdir().unwrap();
        fs::copy(root().join(".pre-commit-hooks.yaml"), hooks.path().join(".pre-commit-hooks.yaml")).unwrap();
        for dir in [repository.path(), hooks.path()] {
            git(dir, &["init", "-q"]);
            git(dir, &["add", "."]);
            git(dir, &["commit", "-q", "-m", "first"]);
        }
        write(repository.path(), "src/main.rs", BAD);
        git(repository.path(), &["add", "."]);
        let bin = hooks.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(binary::path(), bin.join("cargo-thread-lint")).unwrap();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        Hooked { repository, hooks, path }
    }

    /// Runs a hook as its entry says.
    fn entry(&self, hook: &Yaml) -> Ran {
        let words = hook["entry"].as_str().unwrap().split(' ');
        let arguments = hook["args"].as_vec().unwrap().iter().map(|argument| argument.as_str().unwrap());
        let all: Vec<&str> = words.chain(arguments).collect();
        let mut command = Command::new(all[0]);
        ran(command.args(&all[1..]).current_dir(self.repository.path()).env("PATH", &self.path).output().unwrap())
    }
}

#[test]
fn hooks_fail_on_a_staged_bug() {
    let hooked = Hooked::new();
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_vec().unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        let ran = hooked.entry(hook);
        assert_eq!(ran.code, 1, "{hook:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("error[thread_lint::dropped_join_handles]"), "{}", ran.out);
    }
    // A bug that is committed already bothers only the hook that looks at everything.
    git(hooked.repository.path(), &["commit", "-q", "-m", "second"]);
    let codes: Vec<i32> = hooks.iter().map(|hook| hooked.entry(hook).code).collect();
    assert_eq!(codes, [1, 0]);
    fs::write(hooked.repository.path().join("src/main.rs"), MENDED).unwrap();
    let codes: Vec<i32> = hooks.iter().map(|hook| hooked.entry(hook).code).collect();
    assert_eq!(codes, [0, 0]);
}

#[test]
fn pre_commit_runs_the_hooks() {
    let is_there = Command::new("pre-commit").arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        assert_ne!(std::env::var("THREAD_LINT_PRE_COMMIT").as_deref(), Ok("required"), "`pre-commit` is not installed");
        eprintln!("`pre-commit` is not installed: the hooks are not run by it");
        return;
    }
    let hooked = Hooked::new();
    let dir = hooked.repository.path();
    for hook in ["thread-lint", "thread-lint-staged"] {
        let try_it = || {
            let mut command = Command::new("pre-commit");
            command.args(["try-repo", hooked.hooks.path().to_str().unwrap(), hook, "--verbose", "--color=never"]);
            command.env("PATH", &hooked.path).env("PRE_COMMIT_HOME", hooked.hooks.path().join("home")).current_dir(dir);
            ran(command.output().unwrap())
        };
        write(dir, "src/main.rs", BAD);
        git(dir, &["add", "."]);
        let failed = try_it();
        assert_eq!(failed.code, 1, "{}{}", failed.out, failed.err);
        assert!(failed.out.contains("error[thread_lint::dropped_join_handles]"), "{}", failed.out);
        write(dir, "src/main.rs", format!("{MENDED}// {hook}\n"));
        git(dir, &["add", "."]);
        let passed = try_it();
        assert_eq!(passed.code, 0, "{}{}", passed.out, passed.err);
        assert!(passed.out.contains("Passed"), "{}", passed.out);
    }
}
