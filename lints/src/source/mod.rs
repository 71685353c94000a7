//! Text and positions: files, spans, lines, names and a small lexer.
//!
//! Invariants: this layer knows nothing of Rust's grammar beyond its tokens; every position is a byte offset into the
//! text as it stands on disk (byte-order mark, shebang line and frontmatter included), so an edit at a span is an edit of the file.

mod head;
mod lexer;
mod lines;
mod name;
mod span;

pub(crate) use head::code_start;
pub use head::frontmatter;
pub use lexer::{Comment, Scan, ScanProblem, ScanProblemKind, scan};
pub(crate) use lexer::{Lexer, Token, TokenKind, scan_with};
pub use lines::{LineColumn, LineIndex};
pub use name::{Name, NameTable};
pub use span::{FileId, Loc, Span};
