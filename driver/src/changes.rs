//! The lines that git says were changed, so that only what touches them is reported.
//!
//! The analysis sees everything all the same: a change in one file may make a finding in another, and its story then leads
//! through the changed lines.

use crate::load::Loaded;
use anyhow::bail;
use rustc_hash::FxHashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thread_lints::Report;
use thread_lints::diagnostic::{Diagnostic, Label};
use thread_lints::source::{FileId, Loc};

/// What counts as changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// What differs from where this revision and the current one part, also what is not committed.
    Revision(String),
    /// What is staged.
    Staged,
}

/// Changed lines by file, counted from 1.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    files: FxHashMap<PathBuf, Vec<RangeInclusive<u32>>>,
}

/// A stretch of a file before and after a change: the first line and the number of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hunk {
    old: (u32, u32),
    new: (u32, u32),
}

type Hunks = FxHashMap<PathBuf, Vec<Hunk>>;

impl Changes {
    /// Asks git about the working copy around a folder.
    pub fn read(folder: &Path, since: &Since) -> anyhow::Result<Changes> {
        let top = git(folder, &["rev-parse", "--show-toplevel"])?;
        let top = PathBuf::from(top.trim_end_matches('\n'));
        let top = top.canonicalize().unwrap_or(top);
        let diff = |arguments: &[&str]| -> anyhow::Result<Hunks> {
            let fixed =
                ["-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames"];
            let prefixes = ["--src-prefix=a/", "--dst-prefix=b/"];
            Ok(hunks(&git(&top, &[&fixed[..], &prefixes, arguments].concat())?, &top))
        };
        let mut changes = Changes::default();
        match since {
            Since::Revision(revision) => {
                if revision.starts_with('-') {
                    bail!("`{revision}` is no revision");
                }
                for (path, hunks) in diff(&["--merge-base", revision, "--"])? {
                    changes.files.insert(path, hunks.iter().map(|hunk| lines(hunk.new)).collect());
                }
                // What git does not know yet is new as a whole.
                let unknown = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
                for path in unknown.split('\0').filter(|path| !path.is_empty()) {
                    changes.files.insert(top.join(path), vec![1..=u32::MAX]);
                }
            }
            Since::Staged => {
                let later = diff(&["--"])?;
                for (path, hunks) in diff(&["--cached", "--"])? {
                    let moves = later.get(&path).map_or(&[][..], Vec::as_slice);
                    let staged = hunks.iter().map(|hunk| lines(hunk.new)).filter_map(|range| moved(range, moves));
                    changes.files.insert(path, staged.collect());
                }
            }
        }
        Ok(changes)
    }

    /// Leaves the findings whose story touches changed lines.
    pub fn keep_touched(&self, loaded: &Loaded, report: &mut Report) {
        let mut real: FxHashMap<FileId, Option<PathBuf>> = FxHashMap::default();
        report.diagnostics.retain(|found| places(found).any(|loc| self.touches(loaded, &mut real, loc)));
    }

    fn touches(&self, loaded: &Loaded, real: &mut FxHashMap<FileId, Option<PathBuf>>, loc: Loc) -> bool {
        let canonical = || loaded.paths.get(loc.file.index()).and_then(|path| path.canonicalize().ok());
        let path = real.entry(loc.file).or_insert_with(canonical);
        let changed = path.as_ref().and_then(|path| self.files.get(path));
        let (Some(changed), Some(file)) = (changed, loaded.workspace.files.get(loc.file.index())) else {
            return false;
        };
        let first = file.lines.line_of(loc.span.start) + 1;
        let last = file.lines.line_of(loc.span.end.max(loc.span.start)) + 1;
        changed.iter().any(|range| *range.start() <= last && first <= *range.end())
    }
}

fn places(found: &Diagnostic) -> impl Iterator<Item = Loc> {
    let labels: Vec<&Label> = std::iter::once(&found.primary).chain(&found.secondary).collect();
    labels.into_iter().map(|label| label.loc).chain([found.site])
}

/// The lines of a hunk; of a mere deletion those around it.
fn lines((first, count): (u32, u32)) -> RangeInclusive<u32> {
    match count {
        0 => first..=first.saturating_add(1),
        count => first..=first.saturating_add(count - 1),
    }
}

/// Where lines are after later changes; `None` where these replaced them all.
fn moved(range: RangeInclusive<u32>, later: &[Hunk]) -> Option<RangeInclusive<u32>> {
    let place = |line: u32, at_end: bool| -> i64 {
        let mut grown: i64 = 0;
        for Hunk { old, new } in later {
            // A mere insertion stands behind its line.
            let first = if old.1 == 0 { old.0 + 1 } else { old.0 };
            if line < first {
                break;
            }
            if line < first + old.1 {
                let start = if new.1 == 0 { new.0 + 1 } else { new.0 };
                return i64::from(if at_end { (start + new.1).saturating_sub(1) } else { start });
            }
            grown += i64::from(new.1) - i64::from(old.1);
        }
        i64::from(line) + grown
    };
    let (start, end) = (place(*range.start(), false), place(*range.end(), true));
    let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    (start <= end).then_some(start..=end)
}

/// Runs git in a folder.
fn git(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null());
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => bail!("cannot run git: {}", crate::reason_of(&error)),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed");
        bail!("git: {}", said.trim_start_matches("fatal: "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The hunks of a diff without context. Deleted files have none.
fn hunks(diff: &str, top: &Path) -> Hunks {
    let mut files = Hunks::default();
    let mut current: Option<PathBuf> = None;
    // Lines of a hunk that are still to come: they may look like heads.
    let mut content = 0;
    for line in diff.split('\n') {
        if content > 0 {
            content -= u32::from(line.starts_with(['+', '-']));
            continue;
        }
        if let Some(name) = line.strip_prefix("+++ ") {
            let name = name.trim_end_matches(['\t', '\r']);
            current = unquoted(name).strip_prefix("b/").map(|name| top.join(name));
        } else if let Some(hunk) = line.strip_prefix("@@ -").and_then(read_hunk) {
            content = hunk.old.1 + hunk.new.1;
            if let Some(path) = &current {
                files.entry(path.clone()).or_default().push(hunk);
            }
        }
    }
    files
}

/// `12,3 +14,0 @@ ..`
fn read_hunk(text: &str) -> Option<Hunk> {
    let (old, rest) = text.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |text: &str| -> Option<(u32, u32)> {
        match text.split_once(',') {
            Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    Some(Hunk { old: range(old)?, new: range(new)? })
}

/// A path as git writes it: in quotes where it has quotes, backslashes or control characters.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut out = Vec::new();
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(digit @ b'0'..=b'7') => {
                let rest = bytes.next().zip(bytes.next());
                let (second, third) = rest.unwrap_or((b'0', b'0'));
                let octal = |digit: u8| digit.wrapping_sub(b'0') & 7;
                out.push((octal(digit) << 6) | (octal(second) << 3) | octal(third));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_of_a_diff() {
        let diff = "diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@ -3 +3,2 @@ fn f()\n-old\n++++ b/y.rs\n+@@ -1 +1 @@\n\
                    @@ -9,2 +10,0 @@\n-a\n-b\ndiff --git a/z.rs b/z.rs\n--- a/z.rs\n+++ /dev/null\n@@ -1 +0,0 @@\n-gone\n\
                    --- /dev/null\n+++ \"b/\\303\\274 \\\"q\\\".rs\"\n@@ -0,0 +1 @@\n+new\n";
        let found = hunks(diff, Path::new("/top"));
        assert_eq!(found.len(), 2);
        let x = &found[Path::new("/top/x.rs")];
        assert_eq!(x.iter().map(|hunk| lines(hunk.new)).collect::<Vec<_>>(), [3..=4, 10..=11]);
        assert_eq!(found[Path::new("/top/ü \"q\".rs")], [Hunk { old: (0, 0), new: (1, 1) }]);
    }

    #[test]
    fn staged_lines_move_with_later_changes() {
        // Three lines inserted behind line 2; lines 10 and 11 replaced by one.
        let later = [Hunk { old: (2, 0), new: (3, 3) }, Hunk { old: (10, 2), new: (13, 1) }];
        assert_eq!(moved(1..=2, &later), Some(1..=2));
        assert_eq!(moved(3..=5, &later), Some(6..=8));
        assert_eq!(moved(10..=11, &later), Some(13..=13));
        assert_eq!(moved(12..=12, &later), Some(14..=14));
        // Lines that are gone again.
        assert_eq!(moved(4..=5, &[Hunk { old: (4, 2), new: (3, 0) }]), None);
    }
}
