//! Positions of the protocol: lines from 0, and on a line code units of the encoding that was agreed on.
//!
//! Lines end with `\n`, `\r\n` or a lone `\r`, as the protocol says; a [`LineIndex`](thread_lints::source::LineIndex) does not know the last one.
//!
//! Invariants: total; a position behind the end of a line is its end, one behind the last line the end of the text, one inside a
//! character the start of it.

use gen_lsp_types::{Position, PositionEncodingKind, Range};
use similar::{Algorithm, capture_diff_slices};
use thread_lints::source::Span;

/// What columns count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Halves of what UTF-16 needs four bytes for count alone: what the protocol has always had.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best of what a client offers: bytes cost nothing to count.
    pub(super) fn of_offer(offered: Option<&[PositionEncodingKind]>) -> Encoding {
        let offered = offered.unwrap_or_default();
        if offered.contains(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32) && !offered.contains(&PositionEncodingKind::UTF16) {
            Encoding::Utf32
        } else {
            Encoding::Utf16
        }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn units(self, character: char) -> usize {
        match self {
            Encoding::Utf8 => character.len_utf8(),
            Encoding::Utf16 => character.len_utf16(),
            Encoding::Utf32 => 1,
        }
    }
}

/// The lines of a text.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Where each starts.
    starts: Vec<u32>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Lines {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Lines { starts: std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect() }
    }

    /// The position of a byte.
    pub(super) fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let offset = floor(text, offset as usize);
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let content = self.content(text, line);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let before = content.get(..offset.saturating_sub(start)).unwrap_or(content);
        let character = before.chars().map(|character| encoding.units(character)).sum::<usize>();
        Position { line: line as u32, character: character as u32 }
    }

    /// The positions of both ends of a span.
    pub(super) fn range(&self, text: &str, span: Span, encoding: Encoding) -> Range {
        let start = self.position(text, span.start, encoding);
        Range { start, end: self.position(text, span.end.max(span.start), encoding) }
    }

    /// The byte of a position.
    pub(super) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let Some(start) = self.starts.get(position.line as usize) else {
            return text.len() as u32;
        };
        let content = self.content(text, position.line as usize);
        let mut left = position.character as usize;
        for (at, character) in content.char_indices() {
            let units = encoding.units(character);
            if left < units {
                return start + at as u32;
            }
            left -= units;
        }
        start + content.len() as u32
    }

    /// The bytes between two positions, in whatever order they stand.
    pub(super) fn span(&self, text: &str, range: Range, encoding: Encoding) -> Span {
        let (start, end) = (self.offset(text, range.start, encoding), self.offset(text, range.end, encoding));
        Span::new(start.min(end), start.max(end))
    }

    /// A line without its ending.
    fn content<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let start = self.starts.get(line).map_or(text.len(), |start| *start as usize);
        let end = self.starts.get(line + 1).map_or(text.len(), |start| *start as usize);
        let content = text.get(start..end).unwrap_or("");
        // One ending: an empty line before it has one of its own.
        let content = content.strip_suffix('\n').unwrap_or(content);
        content.strip_suffix('\r').unwrap_or(content)
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where what was found in an older text is in the one that is open: what stands in lines that both have, or before and
/// behind the difference of lines that were changed.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    /// The parts that both texts have: the place in the old one, and how much further down the new one has it.
    same: Vec<(Span, i64)>,
}

impl Moved {
    pub(super) fn between(old: &str, new: &str) -> Moved {
        let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
        let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
        let mut moved = Moved { same: Vec::new() };
        let (mut old_at, mut new_at) = (0, 0);
        for operation in capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines) {
            let before = old_lines.get(operation.old_range()).unwrap_or_default().concat();
            let after = new_lines.get(operation.new_range()).unwrap_or_default().concat();
            let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
            let rest = before.len().min(after.len()) - start;
            let end = before.bytes().rev().zip(after.bytes().rev()).take(rest).take_while(|(a, b)| a == b).count();
            moved.keep(old_at, start, new_at);
            moved.keep(old_at + before.len() - end, end, new_at + after.len() - end);
            old_at += before.len();
            new_at += after.len();
        }
        moved
    }

    fn keep(&mut self, old_at: usize, length: usize, new_at: usize) {
        if length == 0 {
            return;
        }
        let (span, shift) = (Span::new(old_at as u32, (old_at + length) as u32), new_at as i64 - old_at as i64);
        match self.same.last_mut() {
            Some((last, last_shift)) if last.end == span.start && *last_shift == shift => last.end = span.end,
            _ => self.same.push((span, shift)),
        }
    }

    /// Where a span is now; `None` where its text has changed.
    pub(super) fn span(&self, span: Span) -> Option<Span> {
        let (_, shift) = self.same.iter().find(|(same, _)| same.start <= span.start && span.end <= same.end)?;
        let moved = |offset: u32| u32::try_from(i64::from(offset) + shift).ok();
        Some(Span::new(moved(span.start)?, moved(span.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn every_encoding_counts_its_own_units() {
        let text = "a\tä€𝕏b\n";
        let lines = Lines::new(text);
        let b = text.find('b').unwrap() as u32;
        let columns = ALL.map(|encoding| lines.position(text, b, encoding).character);
        assert_eq!(columns, [11, 6, 5]);
        for (encoding, column) in ALL.into_iter().zip(columns) {
            assert_eq!(lines.offset(text, at(0, column), encoding), b);
        }
    }

    #[test]
    fn all_three_line_endings() {
        let text = "a\r\nb\rc\nd";
        let lines = Lines::new(text);
        for (offset, line) in [(0, 0), (3, 1), (5, 2), (7, 3)] {
            assert_eq!(lines.position(text, offset, Encoding::Utf16), at(line, 0));
            assert_eq!(lines.offset(text, at(line, 0), Encoding::Utf16), offset);
        }
        // The ending belongs to no column.
        assert_eq!(lines.position(text, 2, Encoding::Utf8), at(0, 1));
    }

    #[test]
    fn what_lies_outside_is_drawn_in() {
        let text = "ab\r\n𝕏\n";
        let lines = Lines::new(text);
        assert_eq!(lines.offset(text, at(0, 99), Encoding::Utf16), 2);
        assert_eq!(lines.offset(text, at(9, 0), Encoding::Utf16), text.len() as u32);
        // Half of a pair is its start.
        assert_eq!(lines.offset(text, at(1, 1), Encoding::Utf16), 4);
        assert_eq!(lines.offset(text, at(1, 3), Encoding::Utf8), 4);
        assert_eq!(lines.position(text, 6, Encoding::Utf16), at(1, 0));
        assert_eq!(lines.position(text, 99, Encoding::Utf16), at(2, 0));
        assert_eq!(lines.span(text, Range { start: at(1, 0), end: at(0, 1) }, Encoding::Utf16), Span::new(1, 4));
    }

    #[test]
    fn offsets_and_positions_are_each_other_s_inverse() {
        let text = "fn ä() {}\r\n\r\n\t// 🦀 crab\r\n\r";
        let lines = Lines::new(text);
        for encoding in ALL {
            for (offset, character) in text.char_indices().filter(|(_, character)| !matches!(character, '\n')) {
                let position = lines.position(text, offset as u32, encoding);
                assert_eq!(lines.offset(text, position, encoding), offset as u32, "{character:?} in {encoding:?}");
            }
        }
    }

    #[test]
    fn what_did_not_change_is_found_again() {
        let moved = Moved::between("one two three", "one 2 three");
        assert_eq!(moved.span(Span::new(0, 3)), Some(Span::new(0, 3)));
        assert_eq!(moved.span(Span::new(8, 13)), Some(Span::new(6, 11)));
        assert_eq!(moved.span(Span::new(4, 7)), None);
        assert_eq!(moved.span(Span::new(0, 13)), None);
        // A line more at the head, and one that is another further down.
        let moved = Moved::between("a\nb\nc\nd\n", "new\na\nb\nx\nd\n");
        assert_eq!(moved.span(Span::new(0, 3)), Some(Span::new(4, 7)));
        assert_eq!(moved.span(Span::new(4, 5)), None);
        assert_eq!(moved.span(Span::new(6, 7)), Some(Span::new(10, 11)));
        assert_eq!(Moved::between("", "a").span(Span::new(0, 0)), None);
    }

    #[test]
    fn bytes_are_preferred_and_halves_are_the_default() {
        use PositionEncodingKind as Kind;
        assert_eq!(Encoding::of_offer(None), Encoding::Utf16);
        assert_eq!(Encoding::of_offer(Some(&[Kind::UTF16, Kind::UTF8])), Encoding::Utf8);
        assert_eq!(Encoding::of_offer(Some(&[Kind::UTF32])), Encoding::Utf32);
        assert_eq!(Encoding::of_offer(Some(&[Kind::UTF16, Kind::UTF32])), Encoding::Utf16);
    }
}
