//! Edits as the lines that they change: a small diff, computed by making the edits.

use super::files::Sources;
use thread_lints::diagnostic::Edit;
use thread_lints::source::FileId;

/// Edits this many lines apart are shown in one piece.
const JOINED_WITHIN: u32 = 2;
/// A piece with more lines than this is cut in its middle.
const MAX_SHOWN_LINES: usize = 40;
/// Above this many pairs of lines, old and new are shown one after the other.
const MAX_COMPARED: usize = 250_000;

/// What edits do to one stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    /// The file.
    pub(super) file: FileId,
    /// The lines, in order.
    pub(super) lines: Vec<HunkLine>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HunkLine {
    /// What becomes of it.
    pub(super) mark: Mark,
    /// Its number, from 1: of a removed line the old one, else the new one. `None` for a mark of omission.
    pub(super) number: Option<usize>,
    /// Its text.
    pub(super) text: String,
}

/// What becomes of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// It stays.
    Kept,
    /// It goes.
    Removed,
    /// It is new.
    Added,
}

/// The hunks of some edits, by file and place; `None` where the edits overlap or do not fit the files.
pub(super) fn hunks(sources: &Sources<'_>, edits: &[Edit]) -> Option<Vec<Hunk>> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.loc.file, edit.loc.span.start, edit.loc.span.end));
    let overlapping = edits.windows(2).any(|pair| match pair {
        [first, second] => first.loc.file == second.loc.file && second.loc.span.start < first.loc.span.end,
        _ => false,
    });
    if overlapping {
        return None;
    }
    let mut hunks = Vec::new();
    let mut shift: isize = 0;
    let mut rest = edits.as_slice();
    while let Some(first) = rest.first() {
        let count = joined(sources, rest);
        let (piece, after) = rest.split_at_checked(count)?;
        let (hunk, growth) = hunk(sources, piece, shift)?;
        hunks.push(hunk);
        shift = match after.first() {
            Some(next) if next.loc.file == first.loc.file => shift + growth,
            _ => 0,
        };
        rest = after;
    }
    Some(hunks)
}

/// How many of the edits belong to the first hunk.
fn joined(sources: &Sources<'_>, edits: &[&Edit]) -> usize {
    let line_of = |file: FileId, offset: u32| sources.file(file).map_or(0, |file| file.lines.line_of(offset));
    let apart = edits.windows(2).position(|pair| match pair {
        [first, second] => {
            let file = first.loc.file;
            second.loc.file != file
                || line_of(file, second.loc.span.start) > line_of(file, first.loc.span.end) + JOINED_WITHIN
        }
        _ => true,
    });
    apart.map_or(edits.len(), |index| index + 1)
}

/// The hunk of edits that belong together, and by how many lines it grows the file.
fn hunk(sources: &Sources<'_>, edits: &[&Edit], shift: isize) -> Option<(Hunk, isize)> {
    let (first, last) = (edits.first()?, edits.last()?);
    let id = first.loc.file;
    let file = sources.file(id)?;
    let text = sources.text(id);
    // One line before is shown where the edit starts a line, to tell where it goes.
    let first_edited = file.lines.line_of(first.loc.span.start);
    let first_line = if file.lines.line_start(first_edited) == Some(first.loc.span.start) {
        first_edited.saturating_sub(1)
    } else {
        first_edited
    };
    let last_line = file.lines.line_of(last.loc.span.end);
    let start = file.lines.line_start(first_line)? as usize;
    let end = file.lines.line_start(last_line + 1).map_or(text.len(), |next| next as usize);
    let mut edited = String::new();
    let mut copied = start;
    for edit in edits {
        let (from, to) = (edit.loc.span.start as usize, edit.loc.span.end as usize);
        edited.push_str(text.get(copied..from)?);
        edited.push_str(&super::files::printable(&edit.text));
        copied = to;
    }
    edited.push_str(text.get(copied..end)?);
    let old: Vec<&str> = text.get(start..end)?.lines().collect();
    let new: Vec<&str> = edited.lines().collect();
    let growth = new.len() as isize - old.len() as isize;
    let first_number = first_line as usize + 1;
    let mut lines = number(diff(&old, &new), first_number, shift);
    trim(&mut lines);
    shorten(&mut lines);
    Some((Hunk { file: id, lines }, growth))
}

/// The lines of both texts in order, by their longest common subsequence.
fn diff<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(Mark, &'t str)> {
    if old.len().saturating_mul(new.len()) > MAX_COMPARED {
        let removed = old.iter().map(|line| (Mark::Removed, *line));
        return removed.chain(new.iter().map(|line| (Mark::Added, *line))).collect();
    }
    // `common[i][j]`: how many lines `old[i..]` and `new[j..]` share.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, old_line) in old.iter().enumerate().rev() {
        for (j, new_line) in new.iter().enumerate().rev() {
            common[i][j] =
                if old_line == new_line { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((Mark::Kept, old[i]));
            i += 1;
            j += 1;
        } else if j >= new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            lines.push((Mark::Removed, old[i]));
            i += 1;
        } else {
            lines.push((Mark::Added, new[j]));
            j += 1;
        }
    }
    lines
}

fn number(lines: Vec<(Mark, &str)>, first: usize, shift: isize) -> Vec<HunkLine> {
    let mut old = first;
    let mut new = first.saturating_add_signed(shift);
    let numbered = lines.into_iter().map(|(mark, text)| {
        let number = if mark == Mark::Removed { old } else { new };
        old += usize::from(mark != Mark::Added);
        new += usize::from(mark != Mark::Removed);
        HunkLine { mark, number: Some(number), text: text.to_owned() }
    });
    numbered.collect()
}

/// Leaves one unchanged line before the first change, and none after the last.
fn trim(lines: &mut Vec<HunkLine>) {
    let is_change = |line: &HunkLine| line.mark != Mark::Kept;
    if let Some(last) = lines.iter().rposition(is_change) {
        lines.truncate(last + 1);
    }
    if let Some(first) = lines.iter().position(is_change) {
        // A line that is replaced needs nobody to tell where it stood.
        let replaced = lines.get(first).is_some_and(|line| line.mark == Mark::Removed);
        lines.drain(..first.saturating_sub(usize::from(!replaced)));
    }
}

fn shorten(lines: &mut Vec<HunkLine>) {
    if lines.len() <= MAX_SHOWN_LINES {
        return;
    }
    let half = MAX_SHOWN_LINES / 2;
    let cut = half..lines.len() - half;
    let omitted = HunkLine { mark: Mark::Kept, number: None, text: String::from("…") };
    lines.splice(cut, [omitted]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_stay_go_and_come() {
        let lines = diff(&["a", "b", "c"], &["a", "x", "c", "d"]);
        assert_eq!(
            lines,
            [(Mark::Kept, "a"), (Mark::Removed, "b"), (Mark::Added, "x"), (Mark::Kept, "c"), (Mark::Added, "d")]
        );
    }

    #[test]
    fn numbers_follow_the_new_text() {
        let lines = number(vec![(Mark::Kept, "a"), (Mark::Removed, "b"), (Mark::Added, "x")], 10, 2);
        let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [Some(12), Some(11), Some(13)]);
    }
}
