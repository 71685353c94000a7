//! Compares which packages and targets the tool sees with what `cargo metadata` says of the same folders:
//!
//! ```sh
//! cargo run --release -p thread-lint-tests --bin compare-discovery -- FOLDER…
//! ```
//!
//! Prints each difference and, last, how many folders, packages and targets are the same. Exits with 1 if any differs, or
//! if cargo reads none of the folders.

use cargo_thread_lint::manifest::{Package, PackageSelection, Reader, edition_text, select};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use thread_lints::TargetKind;

fn main() -> ExitCode {
    let (mut folders, mut packages, mut targets, mut unread, mut differ) = (0, 0, 0, 0, 0);
    for folder in std::env::args_os().skip(1) {
        let folder = Path::new(&folder);
        let Some(metadata) = metadata(folder) else {
            println!("{}: cargo does not read it", folder.display());
            unread += 1;
            continue;
        };
        let (theirs, count) = of_cargo(&metadata);
        match ours(folder) {
            Ok(ours) if ours == theirs => {
                folders += 1;
                packages += count;
                targets += theirs.len() - count;
            }
            Ok(ours) => {
                differ += 1;
                theirs.difference(&ours).for_each(|line| println!("{}: only cargo: {line}", folder.display()));
                ours.difference(&theirs).for_each(|line| println!("{}: only here: {line}", folder.display()));
            }
            Err(error) => {
                differ += 1;
                println!("{}: {error}", folder.display());
            }
        }
    }
    println!(
        "{folders} folders with {packages} packages and {targets} targets are the same, {differ} differ, {unread} not read by cargo"
    );
    if differ > 0 || folders == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn metadata(folder: &Path) -> Option<Value> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"]);
    let output = cargo.arg(folder.join("Cargo.toml")).output().ok()?;
    serde_json::from_slice(&output.stdout).ok().filter(|_| output.status.success())
}

/// A line for each package and target, and how many packages.
fn of_cargo(metadata: &Value) -> (BTreeSet<String>, usize) {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or("-").to_owned();
    let list = |value: &Value, key: &str| -> Vec<String> {
        let items = value[key].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let mut lines = BTreeSet::new();
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    for package in packages {
        let name = text(package, "name");
        lines.insert(format!("package {}", text(package, "id")));
        for target in package["targets"].as_array().into_iter().flatten() {
            let kinds = list(target, "kind");
            let of_its_own = ["bin", "test", "example", "bench", "custom-build"];
            let kind = of_its_own.into_iter().find(|kind| kinds.first().is_some_and(|first| first == kind));
            let kind = kind.unwrap_or("lib");
            lines.insert(format!(
                "{name} {kind} {} {} {} {:?} doc={} doctest={} test={}",
                text(target, "name"),
                text(target, "src_path"),
                text(target, "edition"),
                list(target, "crate_types"),
                target["doc"],
                target["doctest"],
                target["test"]
            ));
        }
    }
    (lines, packages.len())
}

fn ours(folder: &Path) -> Result<BTreeSet<String>, String> {
    let all = PackageSelection { workspace: true, ..PackageSelection::default() };
    let manifest = std::path::absolute(folder.join("Cargo.toml")).map_err(|error| error.to_string())?;
    let selected = select(&mut Reader::default(), &manifest, &all).map_err(|error| error.to_string())?;
    Ok(selected.packages.iter().flat_map(|package| lines(package)).collect())
}

fn lines(package: &Package) -> Vec<String> {
    let mut lines = vec![format!("package {}", package.id())];
    lines.extend(package.targets.iter().map(|target| {
        let kind = match target.kind {
            TargetKind::Lib | TargetKind::Loose => "lib",
            TargetKind::Bin => "bin",
            TargetKind::Test => "test",
            TargetKind::Example => "example",
            TargetKind::Bench => "bench",
            TargetKind::BuildScript => "custom-build",
        };
        format!(
            "{} {kind} {} {} {} {:?} doc={} doctest={} test={}",
            package.name,
            target.name,
            target.path.display(),
            edition_text(target.edition),
            target.crate_types,
            target.doc,
            target.doctest,
            target.test
        )
    }));
    lines
}
