//! What `editors/` says, held against the tool.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::fs;
use thread_lint_tests::{report, root};

fn text(path: &str) -> String {
    let path = root().join("editors").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap()
}

#[test]
fn the_extension_is_of_this_version_and_locked() {
    let (package, lock) = (json("vscode/package.json"), json("vscode/package-lock.json"));
    let mut problems = Vec::new();
    for (what, document) in [("package.json", &package), ("package-lock.json", &lock)] {
        if document["version"] != env!("CARGO_PKG_VERSION") {
            problems.push(format!("{what} has version {}", document["version"]));
        }
    }
    for (name, locked) in lock["packages"].as_object().unwrap() {
        // Whoever installs it has a registry of their own; what comes is known by its hash.
        if locked.get("resolved").is_some() {
            problems.push(format!("package-lock.json says where `{name}` was fetched"));
        }
        if !name.is_empty() && locked.get("integrity").is_none() {
            problems.push(format!("package-lock.json has no hash of `{name}`"));
        }
    }
    report(&problems);
}

#[test]
fn the_extension_documents_its_settings_and_passes_on_the_servers() {
    let package = json("vscode/package.json");
    let (readme, code) = (text("vscode/README.md"), text("vscode/src/extension.ts"));
    let mut problems = Vec::new();
    for (name, _) in package["contributes"]["configuration"]["properties"].as_object().unwrap() {
        if !readme.contains(&format!("`{name}`")) {
            problems.push(format!("vscode/README.md lacks `{name}`"));
        }
    }
    for command in package["contributes"]["commands"].as_array().unwrap() {
        let (name, title) = (command["command"].as_str().unwrap(), command["title"].as_str().unwrap());
        if !code.contains(&format!("\"{name}\"")) || !readme.contains(title) {
            problems.push(format!("`{name}` is not registered, or not in vscode/README.md"));
        }
    }
    // The server's own settings, as the README lists them.
    let documented = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, section) = documented.split_once("\n## In an editor\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let settings: Vec<&str> = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(settings.len() >= 3, "{settings:?}");
    for setting in settings {
        let key = format!("threadLint.{setting}");
        if package["contributes"]["configuration"]["properties"].get(&key).is_none() {
            problems.push(format!("the extension has no setting `{key}`"));
        }
    }
    report(&problems);
}
