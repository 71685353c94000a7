//! A change as a unified diff, as `patch -p1` and `git apply` read it.

use super::Change;
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor};
use similar::TextDiff;
use std::io::Write;

/// The lines of a file that stand around a change.
const CONTEXT: usize = 3;

/// A change as a diff. With `color` it is meant for a terminal: what could steer one is replaced.
pub fn unified(change: &Change, color: bool) -> String {
    let (old, new) = (format!("a/{}", change.shown), format!("b/{}", change.shown));
    let text = TextDiff::from_lines(&*change.old, &*change.new)
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&old, &new)
        .to_string();
    if color { colored(&text) } else { text }
}

fn colored(text: &str) -> String {
    let mut out = Buffer::ansi();
    for (index, line) in text.lines().enumerate() {
        let is_head = index < 2;
        let color = match line.as_bytes().first() {
            Some(b'+') if !is_head => Some(Color::Green),
            Some(b'-') if !is_head => Some(Color::Red),
            Some(b'@') => Some(Color::Cyan),
            _ => None,
        };
        let mut spec = ColorSpec::new();
        spec.set_fg(color).set_bold(is_head);
        // Writing to memory does not fail.
        let _ = out.set_color(&spec);
        let _ = write!(out, "{}", crate::render::printable(line));
        let _ = out.reset();
        let _ = writeln!(out);
    }
    String::from_utf8_lossy(&out.into_inner()).into_owned()
}
