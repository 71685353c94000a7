//! Manifests that cargo refuses: the tool names file and line, or goes on where that is of more use than an error.

use thread_lint_tests::discovery::Compared;
use thread_lint_tests::package::tree;
use thread_lint_tests::report;

/// A tree that cargo refuses.
struct Bad {
    tree: &'static str,
    at: &'static str,
    outcome: Outcome,
}

enum Outcome {
    /// An error with this in it.
    Says(&'static str),
    /// It is linted all the same.
    GoesOn,
}

fn assert_refused(cases: &[Bad]) {
    let mut problems = Vec::new();
    for Bad { tree: shown, at, outcome } in cases {
        let dir = tree(shown);
        let compared = Compared::at(&dir.path().join(at));
        if compared.cargo.is_ok() {
            problems.push(format!("cargo reads this:{shown}"));
        }
        match (&compared.ours, outcome) {
            (Ok(_), Outcome::GoesOn) => {}
            (Ok(_), Outcome::Says(expected)) => problems.push(format!("no error, not `{expected}`:{shown}")),
            (Err(error), Outcome::GoesOn) => problems.push(format!("{error}:{shown}")),
            (Err(error), Outcome::Says(expected)) if error.contains(expected) => {}
            (Err(error), Outcome::Says(expected)) => {
                problems.push(format!("`{error}` does not contain `{expected}`:{shown}"));
            }
        }
    }
    report(&problems);
}

const fn says(expected: &'static str, tree: &'static str) -> Bad {
    Bad { tree, at: "Cargo.toml", outcome: Outcome::Says(expected) }
}

#[test]
fn errors_name_file_and_line() {
    assert_refused(&[
        says("Cargo.toml:3:9: ", "\n== Cargo.toml\n[package]\nname = 'a'\nedition 2021\n== src/lib.rs"),
        says("Cargo.toml:2:8: ", "\n== Cargo.toml\n[package]\nname = 3\n== src/lib.rs"),
        says("Cargo.toml:1:1: missing field `name`", "\n== Cargo.toml\n[package]\nversion = '1.0.0'\n== src/lib.rs"),
        says(
            "Cargo.toml:3:11: unknown edition `2019`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2019'\n== src/lib.rs",
        ),
        says("Cargo.toml:3:11: ", "\n== Cargo.toml\n[package]\nname = 'a'\nedition = 2021\n== src/lib.rs"),
        says(
            "Cargo.toml:3:11: `version` is not a string",
            "\n== Cargo.toml\n[package]\nname = 'a'\nversion = 1\n== src/lib.rs",
        ),
        says("Cargo.toml: it has neither a `[package]` nor a `[workspace]`", "\n== Cargo.toml\n[dependencies]\n"),
        says("Cargo.toml:1:1: no targets", "\n== Cargo.toml\n[package]\nname = 'a'\n== src/other.rs"),
        says("cannot read manifest `", "\n== Cargo.txt\n"),
    ]);
}

#[test]
fn targets_that_make_no_sense() {
    assert_refused(&[
        says(
            "Cargo.toml:4:1: a `[[bin]]` has no name",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[[bin]]\npath = 'src/x.rs'\n== src/x.rs",
        ),
        says(
            "Cargo.toml:4:1: cannot tell the file of bin `x`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[[bin]]\nname = 'x'\n== src/main.rs\n== src/x.rs",
        ),
        says(
            "cannot tell the file of bin `x`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[[bin]]\nname = 'x'\n== src/bin/x.rs\n== src/bin/x/main.rs",
        ),
        says(
            "two bin targets are named `x`: src/bin/x/main.rs and src/bin/x.rs",
            "\n== Cargo.toml\n[package]\nname = 'a'\n== src/bin/x.rs\n== src/bin/x/main.rs",
        ),
        says(
            "two bin targets are named `a`: src/main.rs and src/bin/a.rs",
            "\n== Cargo.toml\n[package]\nname = 'a'\n== src/main.rs\n== src/bin/a.rs",
        ),
        says(
            "Cargo.toml:4:1: two example targets are named `e`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[[example]]\nname = 'e'\npath = 'e1.rs'\n[[example]]\nname = 'e'\npath = 'e2.rs'\n== src/lib.rs",
        ),
        says(
            "Cargo.toml:4:8: the name of a library cannot contain hyphens",
            "\n== Cargo.toml\n[package]\nname = 'a'\n[lib]\nname = 'a-b'\n== src/lib.rs",
        ),
        says(
            "Cargo.toml:4:1: cannot find the library `a`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[lib]\n== src/a.rs",
        ),
        says(
            "unknown edition `1999` of target `x`",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\n[[bin]]\nname = 'x'\nedition = '1999'\n== src/bin/x.rs",
        ),
    ]);
}

#[test]
fn workspaces_that_do_not_fit_together() {
    assert_refused(&[
        says(
            "Cargo.toml:3:5: `gone` is listed as a member, but there is no `",
            "\n== Cargo.toml\n[workspace]\nmembers = [\n    'gone',\n]\n",
        ),
        says("Cargo.toml:2:12: no folder fits `crates/*`", "\n== Cargo.toml\n[workspace]\nmembers = ['crates/*']\n"),
        says(
            "Cargo.toml:3:20: `b` is listed as a member",
            "\n== Cargo.toml\n[workspace]\nmembers = ['a']\ndefault-members = ['b']\n== a/Cargo.toml\n[package]\nname = 'a'\n== a/src/lib.rs",
        ),
        says(
            "Cargo.toml:3:11: `edition.workspace = true`, but no workspace was found",
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = { workspace = true }\n== src/lib.rs",
        ),
        Bad {
            tree: "\n== Cargo.toml\n[workspace]\nmembers = ['a']\n== a/Cargo.toml\n[package]\nname = 'a'\nversion.workspace = true\n== a/src/lib.rs",
            at: "a/Cargo.toml",
            outcome: Outcome::Says("a/Cargo.toml:3:1: `version.workspace = true`, but the workspace sets no"),
        },
        Bad {
            tree: "\n== Cargo.toml\n[workspace]\nmembers = ['a'\n== a/Cargo.toml\n[package]\nname = 'a'\n== a/src/lib.rs",
            at: "a/Cargo.toml",
            outcome: Outcome::Says("/Cargo.toml:"),
        },
        Bad {
            tree: "\n== Cargo.toml\n[package]\nname = 'root'\n== src/lib.rs\n== a/Cargo.toml\n[package]\nname = 'a'\nworkspace = '..'\n== a/src/lib.rs",
            at: "a/Cargo.toml",
            outcome: Outcome::Says("a/Cargo.toml:3:13: `"),
        },
        Bad {
            tree: "\n== a/Cargo.toml\n[package]\nname = 'a'\nworkspace = '../gone'\n== a/src/lib.rs",
            at: "a/Cargo.toml",
            outcome: Outcome::Says("gone/Cargo.toml"),
        },
    ]);
}

/// What is wrong in these has nothing to do with threads, or is half done in many a working copy: the rest can be linted.
#[test]
fn what_the_tool_reads_all_the_same() {
    let root = |tree| Bad { tree, at: "Cargo.toml", outcome: Outcome::GoesOn };
    assert_refused(&[
        // A folder that another branch left behind.
        root(
            "\n== Cargo.toml\n[workspace]\nmembers = ['*']\n== a/Cargo.toml\n[package]\nname = 'a'\n== a/src/lib.rs\n== left/target/notes",
        ),
        // A package below a workspace that does not list it.
        Bad {
            tree: "\n== Cargo.toml\n[workspace]\n== a/Cargo.toml\n[package]\nname = 'a'\n== a/src/lib.rs",
            at: "a/Cargo.toml",
            outcome: Outcome::GoesOn,
        },
        // A path dependency that is not there costs its names.
        root(
            "\n== Cargo.toml\n[package]\nname = 'a'\n[workspace]\n[dependencies]\nb = { path = 'gone' }\n== src/lib.rs",
        ),
        // A member outside that does not point back.
        root(
            "\n== ws/x\n== Cargo.toml\n[workspace]\nmembers = ['ws']\n== ws/Cargo.toml\n[package]\nname = 'a'\n[workspace]\n== ws/src/lib.rs",
        ),
        root(
            "\n== Cargo.toml\n[workspace]\nmembers = ['a', 'b']\n== a/Cargo.toml\n[package]\nname = 'same'\n== a/src/lib.rs\n== b/Cargo.toml\n[package]\nname = 'same'\n== b/src/lib.rs",
        ),
        root(
            "\n== Cargo.toml\n[workspace]\nmembers = ['a']\ndefault-members = ['b']\n== a/Cargo.toml\n[package]\nname = 'a'\n== a/src/lib.rs\n== b/Cargo.toml\n[package]\nname = 'b'\n== b/src/lib.rs",
        ),
        root("\n== Cargo.toml\n[package]\nname = 'a'\nversion = 'one'\n== src/lib.rs"),
        root("\n== Cargo.toml\n[package]\nname = 'a'\nresolver = '9'\n== src/lib.rs"),
        root("\n== Cargo.toml\n[package]\nname = 'a'\n[features]\nx = ['dep:gone']\n== src/lib.rs"),
        root(
            "\n== Cargo.toml\n[package]\nname = 'a'\nedition = '2021'\nbuild = ['one.rs', 'two.rs']\n== src/lib.rs\n== one.rs\n== two.rs",
        ),
    ]);
}
