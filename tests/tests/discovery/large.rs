//! Hundreds of members.

use std::fmt::Write;
use std::path::Path;
use thread_lint_tests::binary::run;
use thread_lint_tests::discovery::Compared;
use thread_lint_tests::package::write;

const MEMBERS: usize = 300;

/// Three hundred members in groups of ten, each depending on the one before it, every tenth excluded, every seventh with a bug.
fn generate(root: &Path) {
    let mut excluded = String::new();
    for number in 0..MEMBERS {
        let (folder, name) = (format!("groups/g{:02}/member-{number}", number / 10), format!("member-{number}"));
        let mut manifest =
            format!("[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n");
        if number % 10 == 9 {
            write!(excluded, "\"{folder}\", ").unwrap();
        } else if number % 10 > 0 {
            write!(
                manifest,
                "[dependencies]\nbefore = {{ path = \"../member-{0}\", package = \"member-{0}\" }}\n",
                number - 1
            )
            .unwrap();
        }
        write(root, &format!("{folder}/Cargo.toml"), manifest);
        let bug = if number % 7 == 0 { "std::thread::spawn(|| {});" } else { "" };
        write(root, &format!("{folder}/src/lib.rs"), format!("pub fn start() {{\n    {bug}\n}}\n"));
        write(root, &format!("{folder}/src/bin/run-{number}.rs"), "fn main() {}\n");
        write(root, &format!("{folder}/tests/it.rs"), "#[test]\nfn it() {}\n");
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"groups/*/*\"]\ndefault-members = [\"groups/g0*/*\"]\nexclude = [{excluded}]\n\
         [workspace.package]\nversion = \"1.0.0\"\nedition = \"2024\"\n"
    );
    write(root, "Cargo.toml", manifest);
}

#[test]
fn three_hundred_members() {
    let dir = tempfile::tempdir().unwrap();
    generate(dir.path());
    let compared = Compared::at(&dir.path().join("Cargo.toml"));
    assert_eq!(compared.differences(), Vec::<String>::new());
    let seen = compared.cargo.unwrap();
    assert_eq!((seen.packages, seen.targets), (270, 3 * 270));

    let short = |arguments: &[&str]| {
        let ran = run(dir.path(), &[&["--message-format", "short"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().filter(|line| line.contains("thread_lint::")).count()
    };
    let with_bug = |numbers: std::ops::Range<usize>| numbers.filter(|n| n % 7 == 0 && n % 10 != 9).count();
    assert_eq!(short(&["--workspace"]), with_bug(0..300));
    assert_eq!(short(&[]), with_bug(0..100));
    assert_eq!(
        short(&["--workspace", "--exclude", "member-1*"]),
        with_bug(0..300) - {
            let left_out = (0..300).filter(|n| n.to_string().starts_with('1'));
            left_out.filter(|n| n % 7 == 0 && n % 10 != 9).count()
        }
    );
    // The library before it is read for its names, and not reported on.
    assert_eq!(short(&["-p", "member-8"]), 0);
    assert_eq!(short(&["-p", "member-7", "-p", "member-14"]), 2);
    assert_eq!(short(&["--manifest-path", "groups/g00/member-7/Cargo.toml"]), 1);
}
