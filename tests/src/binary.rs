//! The tool as a process.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The binary, built once a process into the target folder that the tests themselves are built into.
pub fn path() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let own = std::env::current_exe().expect("a path");
        // `target/<profile>/<binary>`, or `target/<profile>/deps/<test>`.
        let beside = own.parent().expect("a folder");
        let profile_dir = if beside.ends_with("deps") { beside.parent().expect("target/<profile>") } else { beside };
        let target_dir = profile_dir.parent().expect("target/<profile>");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "-p", "cargo-thread-lint", "--bin", "cargo-thread-lint"]);
        cargo.arg("--target-dir").arg(target_dir).current_dir(crate::root());
        match profile_dir.file_name().and_then(OsStr::to_str) {
            Some("debug") | None => {}
            Some(profile) => {
                cargo.args(["--profile", profile]);
            }
        }
        assert!(cargo.status().expect("cargo").success(), "the binary does not build");
        profile_dir.join(format!("cargo-thread-lint{}", std::env::consts::EXE_SUFFIX))
    })
}

/// What a run gave.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The binary with nothing of the environment that changes its output.
pub fn command(dir: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(dir).stdin(Stdio::null());
    // What is kept of a run leaves nothing beside the fixtures.
    command.env("CARGO_TARGET_DIR", path().with_file_name("thread-lint-tests"));
    for name in ["FORCE_HYPERLINK", "CARGO_TERM_COLOR", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// Runs it in a folder.
pub fn run<S: AsRef<OsStr>>(dir: &Path, arguments: &[S]) -> Ran {
    ran(command(dir).args(arguments).output().expect("a process"))
}

/// The output of a process as text.
pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().expect("an exit code, not a signal"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
