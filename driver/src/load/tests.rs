//! Module trees in temporary folders.

use super::*;
use crate::manifest::{PackageSelection, Reader, select};
use crate::plan::TargetSelection;
use std::fs;
use tempfile::TempDir;
use thread_lints::TargetKind;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn load_file(dir: &TempDir, path: &str, tests: bool) -> Loaded {
    load_loose_file(Path::new(path), Edition::E2021, dir.path(), tests).unwrap()
}

fn shown(loaded: &Loaded) -> Vec<&str> {
    loaded.workspace.files.iter().map(|file| file.path.as_str()).collect()
}

fn load_package(dir: &TempDir, targets: &TargetSelection, jobs: usize) -> Loaded {
    let mut reader = Reader::default();
    let mut plan = Plan::default();
    let manifest = dir.path().join("Cargo.toml");
    let selected = select(&mut reader, &manifest, &PackageSelection::default()).unwrap();
    plan.add_packages(&mut reader, &selected, targets).unwrap();
    let progress = Progress::silent();
    pool(jobs).unwrap().install(|| Loader::new(&progress).load(&plan, &selected.root))
}

#[test]
fn modules_beside_and_below() {
    let dir = folder(&[
        ("lib.rs", "mod a; mod b; mod inline { mod deep; }"),
        ("a.rs", "mod x;"),
        ("a/x.rs", ""),
        ("b/mod.rs", "mod y; mod inline { mod z; }"),
        ("b/y.rs", ""),
        ("b/inline/z.rs", ""),
        ("inline/deep.rs", "mod deeper;"),
        ("inline/deep/deeper/mod.rs", ""),
    ]);
    let loaded = load_file(&dir, "lib.rs", false);
    assert_eq!(
        shown(&loaded),
        [
            "a.rs",
            "a/x.rs",
            "b/inline/z.rs",
            "b/mod.rs",
            "b/y.rs",
            "inline/deep.rs",
            "inline/deep/deeper/mod.rs",
            "lib.rs"
        ]
    );
    assert_eq!(loaded.missing_modules, []);
    assert_eq!(loaded.workspace.crates[0].root, FileId(7));
    assert_eq!(loaded.workspace.crates[0].module_files.len(), 7);
}

#[test]
fn path_attributes() {
    // The cases of the Rust reference, for a file that is a root or `mod.rs` and for one that is not.
    let dir = folder(&[
        ("main.rs", "mod a; #[path = \"odd.rs\"] mod named; mod inline { #[path = \"other.rs\"] mod inner; }"),
        ("odd.rs", "mod child;"),
        ("child.rs", ""),
        ("inline/other.rs", ""),
        (
            "a.rs",
            "#[path = \"foo.rs\"] mod c; mod inline { #[path = \"other.rs\"] mod inner; }\n\
                  #[path = \"thread_files\"] mod thread { #[path = \"tls.rs\"] mod local_data; }",
        ),
        ("foo.rs", ""),
        ("a/inline/other.rs", ""),
        ("thread_files/tls.rs", ""),
    ]);
    let loaded = load_file(&dir, "main.rs", false);
    assert_eq!(loaded.missing_modules, []);
    assert_eq!(loaded.workspace.files.len(), 8, "{:?}", shown(&loaded));
}

#[test]
fn modules_for_tests() {
    let dir = folder(&[
        (
            "lib.rs",
            "#[cfg(test)] mod tests; #[cfg(all(test, unix))] mod both; #[cfg(not(test))] mod real;\n\
                    #[cfg(any(test, unix))] mod either; #[cfg(test)] mod inline { mod gone; }",
        ),
        ("tests.rs", ""),
        ("both.rs", ""),
        ("real.rs", ""),
        ("either.rs", ""),
    ]);
    let without = load_file(&dir, "lib.rs", false);
    assert_eq!(shown(&without), ["either.rs", "lib.rs", "real.rs"]);
    assert_eq!(without.missing_modules, []);
    let with = load_file(&dir, "lib.rs", true);
    assert_eq!(shown(&with), ["both.rs", "either.rs", "lib.rs", "real.rs", "tests.rs"]);
    assert_eq!(with.missing_modules.len(), 1);
}

#[test]
fn missing_modules() {
    let dir = folder(&[("lib.rs", "mod gone; #[cfg(windows)] mod elsewhere; mod here;"), ("here.rs", "")]);
    let loaded = load_file(&dir, "lib.rs", false);
    let told: Vec<_> = loaded.missing_modules.iter().map(|m| (m.reason.as_str(), m.minor)).collect();
    assert_eq!(
        told,
        [
            ("module `gone` has no file: neither `gone.rs` nor `gone/mod.rs` exists", false),
            ("module `elsewhere` has no file: neither `elsewhere.rs` nor `elsewhere/mod.rs` exists", true),
        ]
    );
}

#[test]
fn included_files() {
    let dir = folder(&[
        ("lib.rs", "include!(\"imp/all.rs\"); mod inner { include!(\"imp/inner.rs\"); } include!(\"gone.rs\");"),
        ("imp/all.rs", "mod deep; include!(\"all.rs\"); include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));"),
        ("imp/inner.rs", ""),
        ("imp/deep.rs", ""),
    ]);
    let loaded = load_file(&dir, "lib.rs", false);
    assert_eq!(shown(&loaded), ["imp/all.rs", "imp/deep.rs", "imp/inner.rs", "lib.rs"]);
    let told: Vec<_> = loaded.missing_modules.iter().map(|m| m.reason.as_str()).collect();
    assert_eq!(
        told,
        [
            "`include!` of `all.rs` leads back to a file around it",
            "`include!` of `gone.rs` has no file: `gone.rs` does not exist",
        ]
    );
}

#[test]
fn circles_end() {
    let dir = folder(&[
        ("lib.rs", "#[path = \"lib.rs\"] mod again; mod a;"),
        ("a.rs", "#[path = \"b.rs\"] mod b;"),
        ("b.rs", "#[path = \"a.rs\"] mod a;"),
    ]);
    let loaded = load_file(&dir, "lib.rs", false);
    assert_eq!(shown(&loaded), ["a.rs", "b.rs", "lib.rs"]);
    assert_eq!(loaded.missing_modules.len(), 2, "{:?}", loaded.missing_modules);
    assert_eq!(loaded.workspace.crates[0].module_files.len(), 2);
}

#[test]
fn a_file_that_cannot_be_read_stands_beside_the_rest() {
    let dir = folder(&[("lib.rs", "mod bad; mod broken; mod good;"), ("broken.rs", "fn ("), ("good.rs", "")]);
    fs::write(dir.path().join("bad.rs"), b"// \n\xff\xfe").unwrap();
    let loaded = load_file(&dir, "lib.rs", false);
    let problems: Vec<_> = loaded
        .workspace
        .files
        .iter()
        .map(|file| file.problem.as_ref().map(|problem| problem.reason.as_str()))
        .collect();
    assert_eq!(problems[0], Some("not UTF-8: a byte on line 2 is no part of a character"));
    assert!(problems[1].is_some());
    assert_eq!(problems[2..], [None, None]);
    assert_eq!(loaded.faults, Vec::<String>::new());
}

const PACKAGE: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[package]\nname = 'my-app'\nversion = '0.1.0'\nedition = '2021'\nrust-version = '1.63'\n\
                    [dependencies]\nhelper = { path = 'helper', package = 'my-helper' }\nserde = '1'\n\
                    plain = { path = 'plain-dir' }\n[dev-dependencies]\nrand = '1'\n",
    ),
    ("src/lib.rs", "mod util;"),
    ("src/main.rs", "mod util;"),
    ("src/util.rs", ""),
    ("tests/it.rs", ""),
    ("helper/Cargo.toml", "[package]\nname = 'my-helper'\nversion = '0.1.0'\n"),
    ("helper/src/lib.rs", ""),
    ("plain-dir/Cargo.toml", "[package]\nname = 'plain'\n[lib]\nname = 'plain_lib'\n"),
    ("plain-dir/src/lib.rs", ""),
];

#[test]
fn crates_and_their_dependencies() {
    let dir = folder(PACKAGE);
    let loaded = load_package(&dir, &TargetSelection::default(), 0);
    let crates: Vec<_> = loaded
        .workspace
        .crates
        .iter()
        .map(|krate| (krate.name.as_str(), krate.kind, krate.selected, krate.is_public_api))
        .collect();
    assert_eq!(
        crates,
        [
            ("my_app", TargetKind::Lib, true, true),
            ("my_app", TargetKind::Bin, true, false),
            ("my_helper", TargetKind::Lib, false, true),
            ("plain_lib", TargetKind::Lib, false, false),
        ]
    );
    let names = |krate: &Krate| -> Vec<String> {
        let dependencies = krate.dependencies.iter();
        dependencies.map(|d| format!("{} = {:?}", d.alias, d.target)).collect()
    };
    assert_eq!(
        names(&loaded.workspace.crates[1]),
        [
            "my_app = Workspace(CrateId(0))",
            "helper = Workspace(CrateId(2))",
            "plain_lib = Workspace(CrateId(3))",
            "serde = External(\"serde\")",
        ]
    );
    assert_eq!(loaded.workspace.crates[0].rust_version, Some((1, 63)));
    // The file that both the library and the binary name is there once.
    assert_eq!(
        shown(&loaded),
        ["helper/src/lib.rs", "plain-dir/src/lib.rs", "src/lib.rs", "src/main.rs", "src/util.rs"]
    );
    assert_eq!(loaded.crate_of(FileId(4)), Some(CrateId(0)));
    assert_eq!(loaded.selected_files().count(), 3);
}

#[test]
fn targets_that_are_asked_for() {
    let dir = folder(PACKAGE);
    let tests = TargetSelection { tests: true, ..TargetSelection::default() };
    let loaded = load_package(&dir, &tests, 0);
    let selected: Vec<_> = loaded.workspace.crates.iter().filter(|k| k.selected).map(|k| k.kind).collect();
    assert_eq!(selected, [TargetKind::Lib, TargetKind::Bin, TargetKind::Test]);
    let aliases: Vec<_> = loaded.workspace.crates[2].dependencies.iter().map(|d| d.alias.as_str()).collect();
    assert_eq!(aliases, ["my_app", "helper", "plain_lib", "serde", "rand"]);

    let wrong = TargetSelection { named: vec![(TargetKind::Test, String::from("ti"))], ..TargetSelection::default() };
    let manifest = dir.path().join("Cargo.toml");
    let mut reader = Reader::default();
    let selected = select(&mut reader, &manifest, &PackageSelection::default()).unwrap();
    let error = Plan::default().add_packages(&mut reader, &selected, &wrong).unwrap_err();
    assert_eq!(error.to_string(), "no test target named `ti`; did you mean `it`?");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let dir = folder(PACKAGE);
    let all = TargetSelection { all_targets: true, ..TargetSelection::default() };
    let shown = |jobs| {
        let loaded = load_package(&dir, &all, jobs);
        let roots: Vec<_> = loaded.workspace.crates.iter().map(|krate| krate.root).collect();
        (loaded.paths, roots)
    };
    assert_eq!(shown(1), shown(7));
}

#[test]
fn roots_of_a_folder_without_a_manifest() {
    let dir = folder(&[
        ("src/lib.rs", "mod a;"),
        ("src/a.rs", "mod b;"),
        ("src/a/b.rs", ""),
        ("src/orphan.rs", ""),
        ("scripts/run.rs", "mod helper; #[cfg(test)] mod tests;"),
        ("scripts/helper.rs", ""),
        ("scripts/tests.rs", ""),
        ("circle/x.rs", "#[path = \"y.rs\"] mod y;"),
        ("circle/y.rs", "#[path = \"x.rs\"] mod x;"),
        ("target/debug/gen.rs", ""),
        (".git/hook.rs", ""),
    ]);
    let files = rust_files(dir.path());
    assert_eq!(files.len(), 9);
    let progress = Progress::silent();
    let roots = Loader::new(&progress).roots_among(&files);
    let roots: Vec<_> = roots.iter().map(|root| paths::display_from(dir.path(), root)).collect();
    assert_eq!(roots, ["circle/x.rs", "scripts/run.rs", "src/lib.rs", "src/orphan.rs"]);
}

#[test]
fn a_module_file_named_alone_finds_its_own_modules() {
    let dir = folder(&[("src/a.rs", "mod b; mod gone;"), ("src/a/b.rs", "")]);
    let loaded = load_file(&dir, "src/a.rs", false);
    assert_eq!(shown(&loaded), ["src/a.rs", "src/a/b.rs"]);
    assert_eq!(loaded.missing_modules.len(), 1);
}
