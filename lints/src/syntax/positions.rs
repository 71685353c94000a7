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

/// The positions of one file.
pub(super) struct Positions {
    /// The bytes that the parser did not get: byte-order mark and shebang.
    shift: u32,
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

impl Positions {
    /// The positions of a file of whose text the parser got `code`, `shift` bytes after its start.
    pub(super) fn new(code: &str, is_ascii: bool, shift: u32) -> Positions {
        let end = code.len();
        let bytes =
            (!is_ascii).then(|| code.char_indices().map(|(byte, _)| byte).chain([end]).map(|b| b as u32).collect());
        Positions { shift, bytes, state: Cell::new(State::New) }
    }

    /// Where a token starts.
    #[inline]
    pub(super) fn start(&self, span: proc_macro2::Span) -> u32 {
        if let State::Sure(base) = self.state.get()
            && let Some([start, _]) = offsets(span, 1)
        {
            return self.byte(start, base);
        }
        self.range(span).start
    }

    /// Where a token stands.
    pub(super) fn range(&self, span: proc_macro2::Span) -> Span {
        match (self.state.get(), offsets(span, 2)) {
            (State::Sure(base), Some([start, end])) => Span::new(self.byte(start, base), self.byte(end, base)),
            (State::Slow, _) => self.slow(span),
            (_, found) => self.calibrate(span, found),
        }
    }

    fn slow(&self, span: proc_macro2::Span) -> Span {
        let range = span.byte_range();
        Span::new(range.start as u32 + self.shift, range.end as u32 + self.shift)
    }

    fn calibrate(&self, span: proc_macro2::Span, found: Option<[u32; 2]>) -> Span {
        let slow = self.slow(span);
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
            _ => start.wrapping_sub(self.character(slow.start - self.shift)),
        };
        let agrees = Span::new(self.byte(start, base), self.byte(end, base)) == slow;
        self.state.set(match self.state.get() {
            _ if !agrees => State::Slow,
            State::New => State::Once(base),
            _ => State::Sure(base),
        });
        slow
    }

    #[inline]
    fn byte(&self, offset: u32, base: u32) -> u32 {
        // Saturating: the span of no token is zero.
        let character = offset.saturating_sub(base);
        match &self.bytes {
            None => character.wrapping_add(self.shift),
            Some(bytes) => bytes.get(character as usize).copied().unwrap_or(0).wrapping_add(self.shift),
        }
    }

    fn character(&self, byte: u32) -> u32 {
        match &self.bytes {
            None => byte,
            Some(bytes) => bytes.partition_point(|start| *start < byte) as u32,
        }
    }
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
            let positions = Positions::new(code, code.is_ascii(), 7);
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
