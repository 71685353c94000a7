//! What a check has seen of the code, so that it is known which edits cannot change its report.
//!
//! Most bodies are never read: of them the facts see where they stand, which names they mention and may call, as far as somebody has
//! asked for those names, and their [`Shape`]. All that is asked goes through [`crate::model::BodyHead`], which keeps count
//! ([`crate::model::Asked`]). So two files look the same to a check if their texts are the same but for the inside of bodies that were not
//! read, and those bodies mention and may call the same of the names that were asked for, and have the same shape.
//!
//! Comments are looked for by lines: those in a body count as read with it, and how far a body of a few lines keeps apart what is above and
//! below it counts too.
//!
//! Invariant: what cannot be shown to be out of sight counts as seen.

use crate::model::asked::is_among;
use crate::source::{Name, Span};
use crate::syntax::{BodySlot, Shape};
use crate::workspace::SourceFile;
use serde::{Deserialize, Serialize};

/// Nobody looks for a comment this many lines away.
const FAR: usize = 16;

/// What a check has asked of bodies that it has not read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    asked: Vec<u64>,
}

impl Seen {
    pub(crate) fn new(asked: Vec<u64>) -> Seen {
        Seen { asked }
    }

    /// Hands over, piece by piece, all that counts of a file. `was_read` says of a body, by its place in the file, whether it was read.
    /// The check does not tell two files apart for which the pieces are the same. `None`: all of the file counts.
    pub fn pieces(
        &self,
        file: &SourceFile,
        was_read: impl Fn(usize) -> bool,
        put: &mut impl FnMut(&[u8]),
    ) -> Option<()> {
        // Where items could not be read, what is in the text at all may count.
        if file.problem.is_some() {
            return None;
        }
        let mut put_sized = |bytes: &[u8]| {
            put(&(bytes.len() as u64).to_le_bytes());
            put(bytes);
        };
        let mut at = 0;
        for (index, slot) in file.ir.bodies.iter().enumerate() {
            let (Some(inside), Some(function)) = (slot.inside(), slot.span()) else { continue };
            put_sized(text_of(file, Span::new(at, inside.start))?.as_bytes());
            let text = text_of(file, inside)?;
            if was_read(index) || has_comments(file, inside) || shares_last_line(file, function) {
                put_sized(&[1]);
                put_sized(text.as_bytes());
            } else {
                put_sized(&self.outline_of(slot, text));
            }
            at = inside.end;
        }
        put_sized(text_of(file, Span::new(at, file.text.len() as u32))?.as_bytes());
        Some(())
    }

    /// What is seen of a body without reading it.
    fn outline_of(&self, slot: &BodySlot, text: &str) -> Vec<u8> {
        let lines = text.bytes().filter(|byte| *byte == b'\n').take(FAR).count();
        let shape = slot.shape();
        let mut out = vec![2, lines as u8, shape.bits()];
        let mut add = |names: &[Name], all: bool| {
            let asked = names.iter().filter(|name| all || is_among(&self.asked, **name));
            let before = out.len();
            asked.for_each(|name| out.extend_from_slice(&name.bits().to_le_bytes()));
            out.extend_from_slice(&((out.len() - before) as u64).to_le_bytes());
        };
        add(slot.mentions(), false);
        // Of these somebody asks for everything that they may call.
        add(slot.called(), shape.has(Shape::DISCARD));
        out
    }
}

fn text_of(file: &SourceFile, span: Span) -> Option<&str> {
    file.text.get(span.start as usize..span.end as usize)
}

fn has_comments(file: &SourceFile, inside: Span) -> bool {
    let comments = &file.ir.comments;
    let first = comments.partition_point(|comment| comment.span.end <= inside.start);
    comments.get(first).is_some_and(|comment| comment.span.start < inside.end)
}

/// Whether something stands behind a function on its last line.
fn shares_last_line(file: &SourceFile, function: Span) -> bool {
    let behind = file.text.get(function.end as usize..).unwrap_or_default();
    behind.lines().next().is_some_and(|rest| !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;
    use crate::syntax::parse_outline;
    use std::sync::Arc;

    const TEXT: &str = "
struct S { a: u8 }
fn one(s: &S) -> u8 { let copied = s.a; copied.min(7) }
// About the next one.
fn two() { println!(\"{}\", one()); let _ = lock(); }
fn three() { /* why */ println!(\"nothing at all\"); }
";

    fn pieces(text: &str, read: Option<usize>) -> Option<Vec<u8>> {
        let (ir, problem) = parse_outline(text);
        let file = SourceFile {
            path: String::from("lib.rs"),
            text: Arc::from(text),
            lines: Arc::new(LineIndex::new(text)),
            ir: Arc::new(ir),
            problem,
        };
        let asked = crate::model::Asked::default();
        asked.add(Name::of("spawn"));
        let mut out = Vec::new();
        let seen = Seen::new(asked.words());
        seen.pieces(&file, |body| Some(body) == read, &mut |bytes| out.extend_from_slice(bytes))?;
        Some(out)
    }

    #[test]
    fn what_nobody_has_seen_does_not_count() {
        let before = pieces(TEXT, None);
        assert!(before.is_some());
        for (old, new) in
            [("min(7)", "max(s.a) + 100"), ("copied.min", "drop( 1 ); copied.min"), ("let copied", "let mut copied")]
        {
            assert_ne!(TEXT.replace(old, new), TEXT);
            assert_eq!(pieces(&TEXT.replace(old, new), None), before, "{new}");
        }
        // A body that was read counts as it stands.
        assert_ne!(pieces(&TEXT.replace("min(7)", "min(8)"), Some(0)), pieces(TEXT, Some(0)));
        assert_eq!(pieces(&TEXT.replace("min(7)", "min(8)"), Some(1)), pieces(TEXT, Some(1)));
    }

    #[test]
    fn what_somebody_may_have_seen_counts() {
        let before = pieces(TEXT, None);
        for (old, new) in [
            // Declarations, attributes, comments outside.
            ("a: u8", "a: u16"),
            ("fn one(s", "fn one( s"),
            ("About", "Of"),
            ("\nfn two", "\n#[cfg(test)] fn two"),
            ("nothing at all\"); }", "nothing at all\"); }\nfn four() {}"),
            // A name that was asked for; the shape; a call in a body that discards something.
            ("min(7)", "min(7).spawn()"),
            ("copied.min(7)", "loop { copied.min(7) }"),
            ("lock()", "other()"),
            // Comments inside; lines; an item inside; an end too early.
            ("min(7)", "min(/* x */ 7)"),
            ("why", "who"),
            ("copied; ", "copied;\n "),
            ("one());", "one());\n"),
            ("one());", "one()); fn inner() {}"),
            ("one());", "one()); }"),
            ("one());", "one()); // thread-lint: allow(all)\n"),
        ] {
            let after = TEXT.replace(old, new);
            if after != TEXT {
                assert_ne!(pieces(&after, None), before, "{new}");
            }
        }
    }

    #[test]
    fn lines_that_are_shared_and_files_that_are_not_whole_count() {
        let shared = TEXT.replace("}\n// About the next one.\nfn two", "} fn two");
        assert_ne!(pieces(&shared, None), pieces(&shared.replace("min(7)", "min(8)"), None));
        assert_eq!(pieces(&TEXT.replace("fn three()", "fn three("), None), None);
        let long = TEXT.replace("one());", &format!("one());{}", "\n".repeat(20)));
        assert_eq!(pieces(&long, None), pieces(&long.replace("lock();", "lock();\n\n"), None));
    }
}
