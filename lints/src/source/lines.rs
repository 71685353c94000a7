//! Byte offsets to lines and columns.

/// A position for people, both counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The starts of a text's lines.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl Default for LineIndex {
    fn default() -> LineIndex {
        LineIndex::new("")
    }
}

impl LineIndex {
    /// Reads the line starts of `text`.
    pub fn new(text: &str) -> LineIndex {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        LineIndex { starts: std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect() }
    }

    /// How many lines there are; a final newline starts no line of its own.
    pub fn line_count(&self, text: &str) -> usize {
        let ends_open = self.starts.last().is_some_and(|start| (*start as usize) < text.len());
        self.starts.len() - usize::from(!ends_open)
    }

    /// The line of a byte offset, from 0.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1) as u32
    }

    /// Where a line (from 0) starts.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// The text of a line (from 0), without its line ending.
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let Some(start) = self.line_start(line) else { return "" };
        let end = self.line_start(line + 1).unwrap_or(text.len() as u32);
        text.get(start as usize..end as usize).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The line and column of a byte offset.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line_of(offset);
        let start = self.line_start(line).unwrap_or(0) as usize;
        let column = text.get(start..(offset as usize).min(text.len())).map_or(0, |before| before.chars().count());
        LineColumn { line: line + 1, column: column as u32 + 1 }
    }
}
