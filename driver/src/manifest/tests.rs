//! Manifests in temporary folders, read as cargo would.

use super::*;
use std::fs;
use tempfile::TempDir;

/// A folder with these files; a manifest's text starts with `[`.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn selected(dir: &TempDir, manifest: &str, selection: &PackageSelection) -> Vec<String> {
    let manifest = dir.path().join(manifest);
    let selected = select(&mut Reader::default(), &manifest, selection).unwrap();
    selected.packages.iter().map(|package| package.name.clone()).collect()
}

fn error(dir: &TempDir, selection: &PackageSelection) -> String {
    let manifest = dir.path().join("Cargo.toml");
    select(&mut Reader::default(), &manifest, selection).unwrap_err().to_string()
}

fn package(dir: &TempDir, manifest: &str) -> Package {
    let manifest = dir.path().join(manifest);
    (*Reader::default().package(&manifest).unwrap()).clone()
}

fn targets(package: &Package) -> Vec<(TargetKind, String, String)> {
    let dir = package.dir();
    let shown = |path: &Path| crate::paths::display_from(dir, path);
    let targets = package.targets.iter();
    targets.map(|target| (target.kind, target.name.clone(), shown(&target.path))).collect()
}

fn target(kind: TargetKind, name: &str, path: &str) -> (TargetKind, String, String) {
    (kind, name.to_owned(), path.to_owned())
}

fn only(packages: &[&str]) -> PackageSelection {
    PackageSelection {
        packages: packages.iter().map(|name| (*name).to_owned()).collect(),
        ..PackageSelection::default()
    }
}

const WORKSPACE: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = ['crates/*', 'tools/x']\nexclude = ['crates/old']\n\
         [workspace.package]\nedition = '2021'\nversion = '1.2.3'\nrust-version = '1.70'\n\
         [workspace.dependencies]\nshared = { path = 'crates/b', package = 'b-lib' }\n\
         serde = '1'\n[profile.release]\npanic = 'abort'\n",
    ),
    (
        "crates/a/Cargo.toml",
        "[package]\nname = 'a'\nversion.workspace = true\nedition = { workspace = true }\n\
         rust-version.workspace = true\npublish = false\n\
         [dependencies]\nshared.workspace = true\nserde = { workspace = true }\n\
         [target.'cfg(unix)'.dependencies]\nlibc = '0.2'\n\
         [dev-dependencies]\nrand-core = '1'\n[build-dependencies]\ncc = { version = '1' }\n",
    ),
    ("crates/a/src/lib.rs", ""),
    ("crates/b/Cargo.toml", "[package]\nname = 'b-lib'\nedition = '2018'\n"),
    ("crates/b/src/lib.rs", ""),
    ("crates/old/Cargo.toml", "[package]\nname = 'old'\n"),
    ("crates/old/src/lib.rs", ""),
    ("crates/empty/README.md", ""),
    ("tools/x/Cargo.toml", "[package]\nname = 'x'\n[dependencies]\ny = { path = '../y' }\n"),
    ("tools/x/src/main.rs", ""),
    ("tools/y/Cargo.toml", "[package]\nname = 'y'\n"),
    ("tools/y/src/lib.rs", ""),
];

#[test]
fn members_by_patterns_and_path_dependencies() {
    let dir = folder(WORKSPACE);
    assert_eq!(selected(&dir, "Cargo.toml", &PackageSelection::default()), ["a", "b-lib", "x", "y"]);
    assert_eq!(selected(&dir, "crates/a/Cargo.toml", &PackageSelection::default()), ["a"]);
    assert_eq!(selected(&dir, "crates/a/Cargo.toml", &only(&["y", "b-lib"])), ["b-lib", "y"]);
    assert_eq!(selected(&dir, "crates/old/Cargo.toml", &PackageSelection::default()), ["old"]);
    let all_but = PackageSelection {
        workspace: true,
        exclude: vec![String::from("b-*"), String::from("gone")],
        ..PackageSelection::default()
    };
    let manifest = dir.path().join("crates/a/Cargo.toml");
    let chosen = select(&mut Reader::default(), &manifest, &all_but).unwrap();
    assert_eq!(chosen.packages.len(), 3);
    assert!(chosen.panic_abort);
    assert_eq!(chosen.root, dir.path());
    assert_eq!(chosen.warnings.len(), 1, "{:?}", chosen.warnings);
}

#[test]
fn package_id_specifications() {
    let dir = folder(WORKSPACE);
    let address = crate::paths::file_url(&dir.path().join("crates/a"));
    for specification in
        ["a", "a@1.2.3", "a@1.2", "a:1.2.3", &format!("path+{address}#1.2.3"), &format!("{address}#a@1.2.3"), &address]
    {
        assert_eq!(selected(&dir, "Cargo.toml", &only(&[specification])), ["a"], "{specification}");
    }
    assert_eq!(selected(&dir, "Cargo.toml", &only(&["?"])), ["a", "x", "y"]);
    assert!(error(&dir, &only(&["a@2"])).contains("package `a@2` not found"));
    assert!(error(&dir, &only(&["b-lab"])).contains("did you mean `b-lib`?"));
}

#[test]
fn inherited_keys_and_dependencies() {
    let dir = folder(WORKSPACE);
    let a = package(&dir, "crates/a/Cargo.toml");
    assert_eq!(a.edition, Edition::E2021);
    assert_eq!(a.version, "1.2.3");
    assert_eq!(a.rust_version, Some((1, 70)));
    assert!(!a.publish);
    let dependencies: Vec<_> =
        a.dependencies.iter().map(|d| (d.alias.as_str(), d.package.as_str(), d.path.is_some(), d.section)).collect();
    assert_eq!(
        dependencies,
        [
            ("serde", "serde", false, DependencySection::Normal),
            ("shared", "b-lib", true, DependencySection::Normal),
            ("rand_core", "rand-core", false, DependencySection::Dev),
            ("cc", "cc", false, DependencySection::Build),
            ("libc", "libc", false, DependencySection::Normal),
        ]
    );
    assert_eq!(a.dependencies[1].path, Some(dir.path().join("crates/b")));
    assert!(a.dependencies[1].renamed);
}

#[test]
fn default_members_and_a_root_package() {
    let dir = folder(&[
        ("Cargo.toml", "[package]\nname = 'root'\n[workspace]\nmembers = ['a', 'b']\ndefault-members = ['b']\n"),
        ("src/lib.rs", ""),
        ("a/Cargo.toml", "[package]\nname = 'a'\n"),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", "[package]\nname = 'b'\n"),
        ("b/src/lib.rs", ""),
    ]);
    assert_eq!(selected(&dir, "Cargo.toml", &PackageSelection::default()), ["b"]);
    assert_eq!(selected(&dir, "Cargo.toml", &only(&["root"])), ["root"]);
    fs::write(dir.path().join("Cargo.toml"), "[package]\nname = 'root'\n[workspace]\nmembers = ['a']").unwrap();
    assert_eq!(selected(&dir, "Cargo.toml", &PackageSelection::default()), ["root"]);
}

#[test]
fn targets_by_their_place() {
    let dir = folder(&[
        ("Cargo.toml", "[package]\nname = 'my-tool'\nedition = '2021'\n"),
        ("src/lib.rs", ""),
        ("src/main.rs", ""),
        ("src/bin/one.rs", ""),
        ("src/bin/two/main.rs", ""),
        ("src/bin/two/helper.rs", ""),
        ("src/bin/.hidden.rs", ""),
        ("tests/it.rs", ""),
        ("tests/common/mod.rs", ""),
        ("examples/demo/main.rs", ""),
        ("benches/speed.rs", ""),
        ("build.rs", ""),
    ]);
    let package = package(&dir, "Cargo.toml");
    assert_eq!(
        targets(&package),
        [
            target(TargetKind::Lib, "my_tool", "src/lib.rs"),
            target(TargetKind::Bin, "my-tool", "src/main.rs"),
            target(TargetKind::Bin, "one", "src/bin/one.rs"),
            target(TargetKind::Bin, "two", "src/bin/two/main.rs"),
            target(TargetKind::Example, "demo", "examples/demo/main.rs"),
            target(TargetKind::Test, "it", "tests/it.rs"),
            target(TargetKind::Bench, "speed", "benches/speed.rs"),
            target(TargetKind::BuildScript, "build-script-build", "build.rs"),
        ]
    );
}

#[test]
fn targets_that_are_written_out() {
    let dir = folder(&[
        (
            "Cargo.toml",
            "[package]\nname = 'p'\nedition = '2021'\nautotests = false\nbuild = false\n\
             [lib]\nname = 'other'\npath = 'source/other.rs'\nproc-macro = true\n\
             [[bin]]\nname = 'cli'\n[[bin]]\nname = 'renamed'\npath = 'src/bin/two.rs'\n\
             [[test]]\nname = 'listed'\npath = 'tests/listed.rs'\n",
        ),
        ("source/other.rs", ""),
        ("src/bin/cli.rs", ""),
        ("src/bin/two.rs", ""),
        ("src/bin/three.rs", ""),
        ("tests/listed.rs", ""),
        ("tests/unlisted.rs", ""),
        ("build.rs", ""),
    ]);
    let package = package(&dir, "Cargo.toml");
    assert_eq!(
        targets(&package),
        [
            target(TargetKind::Lib, "other", "source/other.rs"),
            target(TargetKind::Bin, "cli", "src/bin/cli.rs"),
            target(TargetKind::Bin, "renamed", "src/bin/two.rs"),
            target(TargetKind::Bin, "three", "src/bin/three.rs"),
            target(TargetKind::Test, "listed", "tests/listed.rs"),
        ]
    );
    assert!(package.library().unwrap().is_proc_macro());
    assert_eq!(package.library().unwrap().crate_types, ["proc-macro"]);
}

#[test]
fn the_2015_edition_stops_looking_when_one_is_written() {
    let dir = folder(&[
        ("Cargo.toml", "[package]\nname = 'p'\n[[bin]]\nname = 'a'\npath = 'src/bin/a.rs'\n"),
        ("src/bin/a.rs", ""),
        ("src/bin/b.rs", ""),
    ]);
    let package = package(&dir, "Cargo.toml");
    assert_eq!(targets(&package), [target(TargetKind::Bin, "a", "src/bin/a.rs")]);
}

#[test]
fn identifiers_are_cargos() {
    let dir = folder(&[
        ("same/Cargo.toml", "[package]\nname = 'same'\nversion = '0.1.0'\n"),
        ("same/src/lib.rs", ""),
        ("dir/Cargo.toml", "[package]\nname = 'other'\nversion = '0.1.0'\n"),
        ("dir/src/lib.rs", ""),
    ]);
    let url = crate::paths::file_url(dir.path());
    assert_eq!(package(&dir, "same/Cargo.toml").id(), format!("path+{url}/same#0.1.0"));
    assert_eq!(package(&dir, "dir/Cargo.toml").id(), format!("path+{url}/dir#other@0.1.0"));
}

#[test]
fn problems_name_file_and_place() {
    let plain = PackageSelection::default();
    let dir = folder(&[("Cargo.toml", "[package]\nname = \"a\"\nversion = = 1\n"), ("src/lib.rs", "")]);
    let message = error(&dir, &plain);
    assert!(message.starts_with("broken manifest: "), "{message}");
    assert!(message.contains("Cargo.toml:3:11: "), "{message}");

    fs::write(dir.path().join("Cargo.toml"), "[package]\nname = 3\n").unwrap();
    assert!(error(&dir, &plain).contains("Cargo.toml:2:8: invalid type"), "{}", error(&dir, &plain));

    fs::write(dir.path().join("Cargo.toml"), "[dependencies]\n").unwrap();
    assert!(error(&dir, &plain).contains("neither a `[package]` nor a `[workspace]`"));

    fs::write(dir.path().join("Cargo.toml"), "[package]\nname = 'a'\nedition.workspace = true\n").unwrap();
    assert!(error(&dir, &plain).contains("no workspace was found"));

    fs::write(dir.path().join("Cargo.toml"), "[workspace]\nmembers = ['gone']\n").unwrap();
    assert!(error(&dir, &plain).contains("is listed as a member"));

    let empty = tempfile::tempdir().unwrap();
    assert!(error(&empty, &plain).contains("cannot read manifest"));
}

#[test]
fn editions_of_loose_files() {
    let dir = folder(WORKSPACE);
    let mut reader = Reader::default();
    assert_eq!(reader.edition_near(&dir.path().join("crates/a/demo/x.rs")), Edition::E2021);
    assert_eq!(reader.edition_near(&dir.path().join("crates/b/x.rs")), Edition::E2018);
    assert_eq!(reader.edition_near(&dir.path().join("x.rs")), Edition::E2024);
    for (head, edition) in [
        ("#!/usr/bin/env cargo\n---\npackage.edition = '2018'\n---\n", Edition::E2018),
        ("---cargo\n[dependencies]\n---\n", Edition::E2024),
        ("---\nbroken = = toml\n---\n", Edition::E2024),
        ("// --- no fence ---\n", Edition::E2021),
    ] {
        let script = dir.path().join("crates/a/script.rs");
        fs::write(&script, format!("{head}fn main() {{}}\n")).unwrap();
        assert_eq!(reader.edition_near(&script), edition, "{head}");
    }
}
