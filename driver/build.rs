//! Tells the program which commit it was built from: `--version` shows it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    // A published package brings its commit along.
    let packed = package.join(".cargo_vcs_info.json");
    println!("cargo::rerun-if-changed={}", packed.display());
    let commit = std::fs::read_to_string(packed).ok().and_then(|text| sha1_of(&text)).or_else(|| commit_of(&package));
    let version = env!("CARGO_PKG_VERSION");
    match commit {
        Some(commit) => println!("cargo::rustc-env=THREAD_LINT_VERSION={version} ({commit})"),
        None => println!("cargo::rustc-env=THREAD_LINT_VERSION={version}"),
    }
}

/// The start of the commit in `{ "git": { "sha1": ".." } }`.
fn sha1_of(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    commit.get(..9).map(str::to_owned)
}

fn commit_of(package: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(package).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    // Not the commit of somebody else's repository around an unpacked archive.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo::rerun-if-changed={}", package.join(path).display());
        }
    }
    git(&["rev-parse", "--short=9", "HEAD"])
}
