//! Edits of one text, made together; and where the rest of the text is afterwards.

use crate::diagnostic::Edit;
use crate::source::Span;
use std::borrow::Cow;

/// Makes edits of one text. An edit that stands twice is made once. `None` where two overlap, or one lies outside the
/// text or inside a character.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let edits = in_order(edits);
    let mut edited = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let (start, end) = (edit.loc.span.start as usize, edit.loc.span.end as usize);
        // Also `None` where the edit starts before the end of the one before.
        edited.push_str(text.get(copied..start)?);
        text.get(start..end)?;
        edited.push_str(&edit.text);
        copied = end;
    }
    edited.push_str(text.get(copied..)?);
    Some(edited)
}

fn in_order<'e>(edits: impl IntoIterator<Item = &'e Edit>) -> Vec<&'e Edit> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by(|a, b| (a.loc.span.start, a.loc.span.end, &a.text).cmp(&(b.loc.span.start, b.loc.span.end, &b.text)));
    edits.dedup();
    edits
}

/// Whether two different edits want the same bytes, or meet: what is between them is then nobody's.
pub(super) fn conflict(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.loc.span, other.loc.span);
    one.loc.file == other.loc.file && one != other && a.start <= b.end && b.start <= a.end
}

/// Where the text around some edits is once they are made.
#[derive(Clone, Debug, Default)]
pub(super) struct Shifts {
    /// What was replaced, in order, and the length of what stands there now.
    replaced: Vec<(Span, u32)>,
}

impl Shifts {
    /// Of edits of one text that do not overlap.
    pub(super) fn of<'e>(edits: impl IntoIterator<Item = &'e Edit>) -> Shifts {
        Shifts { replaced: in_order(edits).iter().map(|edit| (edit.loc.span, edit.text.len() as u32)).collect() }
    }

    /// Where a byte is now; of one that was replaced, where its replacement starts.
    pub(super) fn map(&self, offset: u32) -> u32 {
        let mut grown: i64 = 0;
        for (old, new_length) in &self.replaced {
            if offset < old.start {
                break;
            }
            if offset < old.end {
                return add(old.start, grown);
            }
            grown += i64::from(*new_length) - i64::from(old.end - old.start);
        }
        add(offset, grown)
    }

    /// Where a range is now.
    pub(super) fn map_span(&self, span: Span) -> Span {
        let start = self.map(span.start);
        Span::new(start, self.map(span.end).max(start))
    }
}

fn add(offset: u32, grown: i64) -> u32 {
    u32::try_from(i64::from(offset) + grown).unwrap_or(offset)
}

/// The text of an edit as the file that it goes into is written: with the line endings of its first line, and tabs where its
/// lines start with tabs. Lints write `\n`, and four spaces beyond the white space that they found. Lines that
/// stand in the file already stay as they are.
pub(crate) fn in_style_of<'t>(file: &str, text: &'t str) -> Cow<'t, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let has_carriage_returns = file.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    let has_tabs = file.contains("\n\t");
    if !has_carriage_returns && !has_tabs {
        return Cow::Borrowed(text);
    }
    let mut adapted = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if index > 0 {
            adapted.push_str(if has_carriage_returns { "\r\n" } else { "\n" });
        }
        let is_new = || !file.lines().any(|old| old == line);
        match indentation(line) {
            spaces if index > 0 && has_tabs && spaces.contains("    ") && is_new() => {
                adapted.push_str(&spaces.replace("    ", "\t"));
                adapted.push_str(line.get(spaces.len()..).unwrap_or(""));
            }
            _ => adapted.push_str(line),
        }
    }
    Cow::Owned(adapted)
}

fn indentation(line: &str) -> &str {
    let code = line.trim_start_matches([' ', '\t']);
    line.get(..line.len() - code.len()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Loc};

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit::replace(Loc::new(FileId(0), Span::new(start, end)), text)
    }

    #[test]
    fn edits_are_made_in_order_and_once() {
        let edits = [edit(4, 5, "X"), edit(0, 1, "yy"), edit(4, 5, "X"), edit(2, 2, "-")];
        assert_eq!(apply("abcdef", &edits).as_deref(), Some("yyb-cdXf"));
    }

    #[test]
    fn what_overlaps_or_lies_outside_is_not_made() {
        assert_eq!(apply("abcdef", &[edit(0, 3, ""), edit(2, 4, "")]), None);
        assert_eq!(apply("abcdef", &[edit(5, 7, "")]), None);
        assert_eq!(apply("aöb", &[edit(2, 3, "")]), None);
    }

    #[test]
    fn neighbours_are_in_conflict() {
        assert!(conflict(&edit(0, 3, ""), &edit(3, 3, "x")));
        assert!(conflict(&edit(3, 3, "x"), &edit(3, 3, "y")));
        assert!(!conflict(&edit(3, 3, "x"), &edit(3, 3, "x")));
        assert!(!conflict(&edit(0, 3, ""), &edit(4, 5, "")));
    }

    #[test]
    fn the_rest_moves() {
        let shifts = Shifts::of(&[edit(2, 2, "---"), edit(4, 6, "")]);
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|at| shifts.map(at)), [0, 1, 5, 6, 7, 7, 7, 8]);
        assert_eq!(shifts.map_span(Span::new(1, 7)), Span::new(1, 8));
    }

    #[test]
    fn line_endings_and_tabs_are_those_of_the_file() {
        assert_eq!(in_style_of("a\r\nb", "x\ny\r\nz"), "x\r\ny\r\nz");
        assert_eq!(in_style_of("a\nb\r\n", "x\ny"), "x\ny");
        assert_eq!(in_style_of("a", "x\ny"), "x\ny");
        assert_eq!(in_style_of("{\n\ta\n}", "x {\n\t    y\n\t}"), "x {\n\t\ty\n\t}");
        assert_eq!(in_style_of("{\n\ta\n\t    kept\n}", "x\n\t    kept"), "x\n\t    kept");
        assert_eq!(in_style_of("{\n    a\n}", "x\n        y"), "x\n        y");
    }
}
