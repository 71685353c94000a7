//! proc-macro2's spans to byte offsets of the text on disk.
//!
//! A fallback span holds two character offsets into all texts that its thread has read. `byte_range()` looks the text up
//! and walks a tree map, 270 ns a token, more than parsing it. `Debug` writes the two offsets as they are
//! (`bytes(17..20)`), so they are read from there, relative to the file's own base, in a tenth of that.
//!
//! Invariants: the first two positions of a file are compared with `byte_range()`; where they differ, or `Debug` writes
//! something else, every position comes from `byte_range()`. Nothing outside this module knows how a position is got.

use crate::source::Span;
use std::cell::Cell;
use std::fmt::{self, Write};

/// The positions of one file, or of a part of it.
pub(super) struct Positions {
    pieces: Pieces,
    /// The byte of each character that the parser got; none if it is ASCII.
    bytes: Option<Vec<u32>>,
    state: Cell<State>,
}

#[derive(Clone, Copy)]
enum State {
    /// No position was asked for yet.
    New,
    /// `byte_range()` agreed once on where the file starts.
    Once(u32),
    /// It agreed twice.
    Sure(u32),
    /// It did not agree.
    Slow,
}

/// Where the pieces of what the parser got stand in the text on disk.
///
/// No token goes over the edge of a piece.
pub(super) struct Pieces {
    /// For each piece where it starts, for the parser and on disk.
    starts: Vec<(u32, u32)>,
    /// The piece of the last answer: the next is mostly in it, or in the one behind.
    last: Cell<usize>,
}

impl Pieces {
    /// One piece: the parser got everything from `start` on.
    pub(super) fn whole(start: u32) -> Pieces {
        Pieces { starts: vec![(0, start)], last: Cell::new(0) }
    }

    /// Pieces of code at these places on disk, in order; the first starts the code.
    pub(super) fn new(starts: Vec<(u32, u32)>) -> Pieces {
        Pieces { starts, last: Cell::new(0) }
    }

    #[inline]
    fn on_disk(&self, byte: u32) -> u32 {
        let holds = |piece: usize| {
            let (start, disk) = *self.starts.get(piece)?;
            let ends = self.starts.get(piece + 1).is_none_or(|(next, _)| byte < *next);
            (start <= byte && ends).then(|| disk.wrapping_add(byte - start))
        };
        let last = self.last.get();
        holds(last).or_else(|| self.search(byte)).unwrap_or(byte)
    }

    fn search(&self, byte: u32) -> Option<u32> {
        let piece = self.starts.partition_point(|(start, _)| *start <= byte).checked_sub(1)?;
        self.last.set(piece);
        let (start, disk) = *self.starts.get(piece)?;
        Some(disk.wrapping_add(byte - start))
    }
}

impl Positions {
    /// The positions of a file from which the parser got `code`, in pieces.
    pub(super) fn new(code: &str, is_ascii: bool, pieces: Pieces) -> Positions {
        let end = code.len();
        let bytes =
            (!is_ascii).then(|| code.char_indices().map(|(byte, _)| byte).chain([end]).map(|b| b as u32).collect());
        Positions { pieces, bytes, state: Cell::new(State::New) }
    }

    /// Where a token starts.
    #[inline]
    pub(super) fn start(&self, span: proc_macro2::Span) -> u32 {
        if let State::Sure(base) = self.state.get()
            && let Some([start, _]) = offsets(span, 1)
        {
            return self.pieces.on_disk(self.byte(start, base));
        }
        self.range(span).start
    }

    /// Where a token stands.
    pub(super) fn range(&self, span: proc_macro2::Span) -> Span {
        let code = match (self.state.get(), offsets(span, 2)) {
            (State::Sure(base), Some([start, end])) => Span::new(self.byte(start, base), self.byte(end, base)),
            (State::Slow, _) => slow(span),
            (_, found) => self.calibrate(span, found),
        };
        // Its end may be where the next piece starts.
        let start = self.pieces.on_disk(code.start);
        Span::new(start, start.wrapping_add(code.end.saturating_sub(code.start)))
    }

    fn calibrate(&self, span: proc_macro2::Span, found: Option<[u32; 2]>) -> Span {
        let slow = slow(span);
        let Some([start, end]) = found else {
            self.state.set(State::Slow);
            return slow;
        };
        // The span of no token (`Span::call_site()`) says nothing about the file.
        if start == end {
            return slow;
        }
        let base = match self.state.get() {
            State::Once(base) => base,
            _ => start.wrapping_sub(self.character(slow.start)),
        };
        let agrees = Span::new(self.byte(start, base), self.byte(end, base)) == slow;
        self.state.set(match self.state.get() {
            _ if !agrees => State::Slow,
            State::New => State::Once(base),
            _ => State::Sure(base),
        });
        slow
    }

    /// The byte of what the parser got.
    #[inline]
    fn byte(&self, offset: u32, base: u32) -> u32 {
        // Saturating: the span of no token is zero.
        let character = offset.saturating_sub(base);
        match &self.bytes {
            None => character,
            Some(bytes) => bytes.get(character as usize).copied().unwrap_or(0),
        }
    }

    fn character(&self, byte: u32) -> u32 {
        match &self.bytes {
            None => byte,
            Some(bytes) => bytes.partition_point(|start| *start < byte) as u32,
        }
    }
}

fn slow(span: proc_macro2::Span) -> Span {
    let range = span.byte_range();
    Span::new(range.start as u32, range.end as u32)
}

/// The offsets that `Debug` writes, the first only where `count` is 1.
#[inline]
fn offsets(span: proc_macro2::Span, count: usize) -> Option<[u32; 2]> {
    let mut sink = Sink { offsets: [0; 2], found: 0, wanted: count };
    // The error is how the sink says that it has seen enough.
    let _ = write!(sink, "{span:?}");
    (sink.found == count).then_some(sink.offsets)
}

struct Sink {
    offsets: [u32; 2],
    found: usize,
    wanted: usize,
}

impl Write for Sink {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let Some(first) = text.bytes().next() else { return Ok(()) };
        if !first.is_ascii_digit() {
            return Ok(());
        }
        let mut offset = 0_u32;
        for byte in text.bytes() {
            offset = offset.wrapping_mul(10).wrapping_add(u32::from(byte.wrapping_sub(b'0')));
        }
        let Some(slot) = self.offsets.get_mut(self.found) else { return Err(fmt::Error) };
        *slot = offset;
        self.found += 1;
        if self.found == self.wanted { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use proc_macro2::TokenStream;
    use std::str::FromStr;

    #[test]
    fn agrees_with_byte_range() {
        for code in ["fn f(a: u8) { a + 1 }", "fn é(ß: &str) { \"漢字😀\"; x } // ü"] {
            // An earlier text moves the base.
            let _earlier = TokenStream::from_str("struct Earlier;").expect("tokens");
            let tokens = TokenStream::from_str(code).expect("tokens");
            let positions = Positions::new(code, code.is_ascii(), Pieces::whole(7));
            for round in 0..3 {
                for token in tokens.clone() {
                    let span = token.span();
                    let range = span.byte_range();
                    let expected = Span::new(range.start as u32 + 7, range.end as u32 + 7);
                    assert_eq!(positions.range(span), expected, "round {round}");
                    assert_eq!(positions.start(span), expected.start);
                }
            }
            assert!(matches!(positions.state.get(), State::Sure(_)));
            proc_macro2::extra::invalidate_current_thread_spans();
        }
    }
}
