//! Whether a change could be taken back: files are edited only under version control, and where nothing else is
//! uncommitted, unless the user says otherwise. The rules are those of `cargo fix`.

use anyhow::bail;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the user allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Allowed {
    /// No version control at all.
    pub no_vcs: bool,
    /// Changes that are not committed, staged or not.
    pub dirty: bool,
    /// Changes that are staged.
    pub staged: bool,
}

/// What the systems keep at the head of a working copy.
const MARKS: [&str; 7] = [".git", ".hg", ".jj", ".pijul", ".svn", ".fslckout", "_FOSSIL_"];

/// Checks the working copies that some folders are in.
pub fn check(folders: &[PathBuf], allowed: Allowed) -> anyhow::Result<()> {
    if allowed.no_vcs {
        return Ok(());
    }
    let mut seen: Vec<PathBuf> = Vec::new();
    for folder in folders {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        let Some((copy, mark)) = working_copy(&folder) else {
            bail!(
                "`{}` is not under version control, and fixes overwrite files; pass `--allow-no-vcs` to make them all the same",
                folder.display()
            );
        };
        if !seen.contains(&copy) {
            if mark == ".git" {
                check_git(&copy, allowed)?;
            }
            seen.push(copy);
        }
    }
    Ok(())
}

/// The working copy that a folder is in, with its mark.
fn working_copy(folder: &Path) -> Option<(PathBuf, &'static str)> {
    folder.ancestors().find_map(|ancestor| {
        let mark = MARKS.into_iter().find(|mark| ancestor.join(mark).exists())?;
        // A folder that git ignores is not kept by it.
        let is_kept = mark != ".git" || ancestor == folder || !is_ignored(ancestor, folder);
        is_kept.then(|| (ancestor.to_path_buf(), mark))
    })
}

fn is_ignored(copy: &Path, folder: &Path) -> bool {
    let mut git = git(copy);
    git.args(["check-ignore", "--quiet", "--"]).arg(folder);
    git.status().is_ok_and(|status| status.success())
}

fn git(copy: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(copy).stdin(Stdio::null()).stderr(Stdio::null());
    git
}

fn check_git(copy: &Path, allowed: Allowed) -> anyhow::Result<()> {
    if allowed.dirty {
        return Ok(());
    }
    let output = git(copy).args(["status", "--porcelain=v1", "-z", "--untracked-files=all"]).output();
    let output = match output {
        Ok(output) if output.status.success() => output.stdout,
        _ => bail!(
            "cannot ask `git status` about `{}`; pass `--allow-dirty` to make the fixes all the same",
            copy.display()
        ),
    };
    let files = uncommitted(&String::from_utf8_lossy(&output));
    let (staged, dirty): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, staged)| *staged);
    let in_the_way = dirty.iter().chain(staged.iter().filter(|_| !allowed.staged));
    let listed: Vec<String> = in_the_way
        .map(|(file, staged)| format!("\n  * {file} ({})", if *staged { "staged" } else { "dirty" }))
        .collect();
    if listed.is_empty() {
        return Ok(());
    }
    let flag = if dirty.is_empty() { "--allow-staged" } else { "--allow-dirty" };
    bail!(
        "there are changes that are not committed, and fixes could not be told from them; commit them, or pass `{flag}`:{}",
        listed.concat()
    )
}

/// The files of a `git status --porcelain=v1 -z`, each with whether it is staged and nothing more.
fn uncommitted(status: &str) -> Vec<(String, bool)> {
    let mut files = Vec::new();
    let mut entries = status.split('\0').filter(|entry| !entry.is_empty());
    while let Some(entry) = entries.next() {
        let (Some(marks), Some(path)) = (entry.get(..2), entry.get(3..)) else {
            continue;
        };
        let mut marks = marks.chars();
        let (index, tree) = (marks.next().unwrap_or(' '), marks.next().unwrap_or(' '));
        if index == 'R' || index == 'C' {
            // The old name follows.
            entries.next();
        }
        let staged = tree == ' ' && index != ' ' && index != '?';
        files.push((path.to_owned(), staged));
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staged_and_dirty_are_told_apart() {
        let status = "M  a.rs\0 M b.rs\0MM c.rs\0R  new.rs\0old.rs\0?? d.rs\0";
        let files = uncommitted(status);
        let staged: Vec<&str> = files.iter().filter(|(_, staged)| *staged).map(|(path, _)| path.as_str()).collect();
        let dirty: Vec<&str> = files.iter().filter(|(_, staged)| !staged).map(|(path, _)| path.as_str()).collect();
        assert_eq!((staged, dirty), (vec!["a.rs", "new.rs"], vec!["b.rs", "c.rs", "d.rs"]));
    }
}
