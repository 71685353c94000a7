//! Places by line and column, as the formats of other tools want them.

use super::files::Sources;
use thread_lints::source::{LineColumn, Loc};

/// A place in a file. Lines and columns count from 1, columns in characters; the end is the place behind the last
/// character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region<'w> {
    /// The path as shown.
    pub(super) path: &'w str,
    pub(super) start: LineColumn,
    pub(super) end: LineColumn,
}

impl<'w> Region<'w> {
    /// That of a label: a line ending at the end is left out.
    pub(super) fn of(sources: &Sources<'w>, loc: Loc) -> Option<Region<'w>> {
        let range = sources.range(loc);
        Region::exactly(sources, loc, range.start as u32, range.end as u32)
    }

    /// That of an edit: every byte counts.
    pub(super) fn of_edit(sources: &Sources<'w>, loc: Loc) -> Option<Region<'w>> {
        Region::exactly(sources, loc, loc.span.start, loc.span.end)
    }

    fn exactly(sources: &Sources<'w>, loc: Loc, start: u32, end: u32) -> Option<Region<'w>> {
        let file = sources.file(loc.file)?;
        let at = |offset| file.lines.line_column(&file.text, offset);
        Some(Region { path: &file.path, start: at(start), end: at(end) })
    }
}
