//! The workspace's files as codespan-reporting wants to see them, and safe for a terminal.

use codespan_reporting::files::{Error, Files};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use thread_lints::SourceFile;
use thread_lints::source::{FileId, Loc};

/// The files of a workspace.
pub(super) struct Sources<'w> {
    files: &'w [SourceFile],
    /// The texts without control characters, made when first shown.
    printable: Vec<OnceCell<Cow<'w, str>>>,
}

impl<'w> Sources<'w> {
    pub(super) fn new(files: &'w [SourceFile]) -> Sources<'w> {
        Sources { files, printable: files.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The file.
    pub(super) fn file(&self, id: FileId) -> Option<&'w SourceFile> {
        self.files.get(id.index())
    }

    /// The file's text as it may be shown, byte for byte as long as the real one.
    pub(super) fn text(&self, id: FileId) -> &str {
        let (Some(file), Some(cell)) = (self.file(id), self.printable.get(id.index())) else {
            return "";
        };
        cell.get_or_init(|| printable(&file.text))
    }

    /// The bytes of a place, cut to what the text holds, without a line ending at the end.
    pub(super) fn range(&self, loc: Loc) -> Range<usize> {
        let text = self.file(loc.file).map_or("", |file| &*file.text);
        let mut start = (loc.span.start as usize).min(text.len());
        let mut end = (loc.span.end as usize).clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let inside = text.get(start..end).unwrap_or("");
        start..start + inside.trim_end_matches(['\n', '\r']).len()
    }
}

/// `text` without what could steer a terminal or reorder what is read: such characters are replaced by others of the
/// same length in bytes. A `\r` stays where it ends a line with a `\n`: alone it leads a terminal back to the start of its line,
/// to write over what stands there.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let is_bad = |character: char| {
        let control = character.is_control() && !matches!(character, '\n' | '\r' | '\t');
        let reorders = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        control || reorders
    };
    let has_lone_return = || text.match_indices('\r').any(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'));
    if !text.contains(is_bad) && !has_lone_return() {
        return Cow::Borrowed(text);
    }
    let mut characters = text.chars().peekable();
    let mut replaced = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let is_lone_return = character == '\r' && characters.peek() != Some(&'\n');
        replaced.push(match character.len_utf8() {
            _ if !is_bad(character) && !is_lone_return => character,
            1 => '?',
            2 => '\u{b7}',
            _ => '\u{fffd}',
        });
    }
    Cow::Owned(replaced)
}

/// A name as it may be shown in a line: nor does it end the line.
pub(crate) fn in_line(text: &str) -> Cow<'_, str> {
    match printable(text) {
        shown if shown.contains(['\n', '\r', '\t']) => Cow::Owned(shown.replace(['\n', '\r', '\t'], "?")),
        shown => shown,
    }
}

impl<'a> Files<'a> for Sources<'_> {
    type FileId = FileId;
    type Name = Cow<'a, str>;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<Cow<'a, str>, Error> {
        self.file(id).map(|file| in_line(&file.path)).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(self.text(id))
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let file = self.file(id).ok_or(Error::FileMissing)?;
        Ok(file.lines.line_of(byte_index as u32) as usize)
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let file = self.file(id).ok_or(Error::FileMissing)?;
        let line = line_index as u32;
        let too_large = || Error::LineTooLarge { given: line_index, max: line_index };
        let start = file.lines.line_start(line).ok_or_else(too_large)? as usize;
        let end = file.lines.line_start(line + 1).map_or(file.text.len(), |next| next as usize);
        Ok(start..end)
    }
}
