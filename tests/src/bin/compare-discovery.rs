//! Compares which packages and targets the tool sees with what `cargo metadata` says of the same folders:
//!
//! ```sh
//! cargo run --release -p thread-lint-tests --bin compare-discovery -- FOLDER…
//! ```
//!
//! Prints each difference and, last, how many folders, packages and targets are the same. Exits with 1 if any differs, or
//! if cargo reads none of the folders.

use std::path::Path;
use std::process::ExitCode;
use thread_lint_tests::discovery::Compared;

fn main() -> ExitCode {
    let (mut folders, mut packages, mut targets, mut unread, mut differ) = (0, 0, 0, 0, 0);
    for folder in std::env::args_os().skip(1) {
        let folder = Path::new(&folder);
        let manifest = std::path::absolute(folder.join("Cargo.toml")).unwrap_or_else(|_| folder.join("Cargo.toml"));
        let compared = Compared::at(&manifest);
        let Ok(cargo) = &compared.cargo else {
            println!("{}: cargo does not read it", folder.display());
            unread += 1;
            continue;
        };
        let differences = compared.differences();
        differences.iter().for_each(|line| println!("{}: {line}", folder.display()));
        if differences.is_empty() {
            folders += 1;
            packages += cargo.packages;
            targets += cargo.targets;
        } else {
            differ += 1;
        }
    }
    println!(
        "{folders} folders with {packages} packages and {targets} targets are the same, {differ} differ, {unread} not read by cargo"
    );
    if differ > 0 || folders == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
