//! Byte ranges and the files that they are in.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A file of the workspace, by its place in [`crate::Workspace::files`]; catalogue files come after the user's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct FileId(pub u32);

impl FileId {
    /// The file's index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The smallest range that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty range at the start of this one.
    pub fn at_start(self) -> Span {
        Span { start: self.start, end: self.start }
    }

    /// The empty range at the end of this one.
    pub fn at_end(self) -> Span {
        Span { start: self.end, end: self.end }
    }

    /// Whether `other` lies inside this range.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the range has no bytes.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The text of this range, empty where the range does not fit the text.
    pub fn text(self, text: &str) -> &str {
        text.get(Range::from(self)).unwrap_or("")
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Range<usize> {
        span.start as usize..span.end as usize
    }
}

/// A span in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Loc {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Loc {
    /// The span in the file.
    pub const fn new(file: FileId, span: Span) -> Loc {
        Loc { file, span }
    }
}
