//! What is done to a file: pieces of it deleted, doubled, swapped, put in place of others and taken from other files; bytes turned; the
//! file cut off.
//!
//! A piece is a word, a run of white space, a string, or one character of anything else. Some of the mutations keep brackets in
//! pairs, so that what comes of them is still read and reaches the lints.

use crate::random::Random;
use std::ops::Range;

/// What is put in somewhere: what opens and is never closed, what is read in a way of its own, what no editor writes.
const ODDITIES: &[&str] = &[
    "\"",
    "'",
    "r#\"",
    "br##\"",
    "c\"",
    "b'",
    "/*",
    "*/",
    "//",
    "///",
    "//!",
    "\n#![cfg(any())]\n",
    "#[cfg(test)]",
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\t",
    "\u{2028}",
    "\u{202e}",
    "\u{1b}[31m",
    "é",
    "𝄞",
    "r#async",
    "r#",
    "'a",
    "'static",
    "$x",
    "$($x:expr),*",
    "async",
    "async move",
    "await",
    ".await",
    "?",
    "dyn",
    "impl",
    "unsafe",
    "extern \"C\"",
    "const",
    "static",
    "move",
    "ref",
    "mut",
    "box",
    "try",
    "yield",
    "union",
    "macro_rules!",
    "default",
    "auto",
    "..",
    "..=",
    "...",
    "=>",
    "->",
    "::",
    "::<>",
    "<",
    ">",
    "<<",
    ">>=",
    "&&",
    "||",
    "#",
    "#!",
    "@",
    "~",
    "_",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{}",
    "()",
    "[]",
    "0x",
    "1e",
    "0b12",
    "1.",
    "1..2",
    "340282366920938463463374607431768211456u128",
    "self",
    "Self",
    "super",
    "crate",
    "$crate",
    "where",
    "for<'a>",
    "return",
    "break 'a",
    "continue",
    "loop {}",
    "let x =",
    "let Some(x) =",
    "if let",
    "else",
    "match x {}",
    "use super::*;",
    "use self::*;",
    "mod m;",
    "mod m {",
    "include!(\"x.rs\");",
    "fn f() {",
    "struct S;",
    "impl<T> T for T {}",
    "type T = T;",
    "// thread-lint: allow(",
    "// thread-lint: allow(all)",
    "#[allow(thread_lint::all)]",
    "#![cfg_attr(any(), thread_lint::allow(x",
    "std::thread::spawn(||",
    ".lock().unwrap()",
    ".join()",
    "drop(",
    "panic!()",
    "#!/bin/sh\n",
    "---\n",
];

/// What nests when it is repeated.
const NESTS: &[&str] = &[
    "(", "[", "{", "<", "&", "-", "!", "*", "A<", "if x {", "|| ", "return ", "/*", "fn f() {", "mod m {", "x.f(",
    "#[a(", "&'a ",
];

/// A file, spoiled in one to four ways.
pub fn spoil(text: &str, others: &[String], random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(4) {
        text = spoil_once(&text, others, random);
    }
    text
}

fn spoil_once(text: &str, others: &[String], random: &mut Random) -> String {
    let pieces = pieces(text);
    let kind = random.below(20);
    match kind {
        0 => replaced(text, some(&pieces, 1, random), ""),
        1 => {
            let count = 1 + random.below(30);
            replaced(text, some(&pieces, count, random), "")
        }
        2 => {
            let count = 1 + random.below(30);
            let piece = some(&pieces, count, random);
            let copy = part(text, piece.clone()).repeat(2);
            replaced(text, piece, &copy)
        }
        3 => {
            let (one, other) = (some(&pieces, 1, random), some(&pieces, 1, random));
            swapped(text, one, other)
        }
        4 | 5 => {
            let other = random.choose(others).map_or("", String::as_str);
            let count = 1 + random.below(60);
            let taken = part(other, some(&self::pieces(other), count, random)).to_owned();
            let count = random.below(20);
            replaced(text, some(&pieces, count, random), &taken)
        }
        6 => turned(text, random),
        7 => text[..floor(text, random.below(text.len() + 1))].to_owned(),
        8 => text[floor(text, random.below(text.len() + 1))..].to_owned(),
        9 | 10 => {
            let oddity = random.choose(ODDITIES).copied().unwrap_or_default();
            let count = random.below(2);
            replaced(text, some(&pieces, count, random), &format!(" {oddity} "))
        }
        // Still Rust, as a rule, about other things.
        11..=13 => {
            let words = words(text, &pieces);
            let (one, other) = (random.choose(&words).cloned(), random.choose(&words).cloned());
            match (one, other) {
                (Some(one), Some(other)) => replaced(text, one, part(text, other)),
                _ => text.to_owned(),
            }
        }
        14 | 15 => {
            let (one, other) = (line(text, random), line(text, random));
            let moved = part(text, one.clone()).to_owned();
            match random.below(3) {
                0 => replaced(text, one, ""),
                1 => replaced(text, other.start..other.start, &moved),
                _ => swapped(text, one, other),
            }
        }
        16..=18 => {
            let groups = groups(text, &pieces);
            let Some(one) = random.choose(&groups).cloned() else { return text.to_owned() };
            let source = if random.below(2) == 0 { text } else { random.choose(others).map_or(text, String::as_str) };
            let like = self::groups(source, &self::pieces(source));
            let opening = |range: &Range<usize>, text: &str| part(text, range.clone()).chars().next();
            let like: Vec<Range<usize>> =
                like.into_iter().filter(|other| opening(other, source) == opening(&one, text)).collect();
            let other = random.choose(&like).cloned().unwrap_or(0..0);
            replaced(text, one, part(source, other))
        }
        _ => {
            let nest = random.choose(NESTS).copied().unwrap_or_default();
            let times = 1 << random.below(12);
            let count = random.below(2);
            replaced(text, some(&pieces, count, random), &nest.repeat(times))
        }
    }
}

/// The pieces of a text, in order and without a gap.
pub fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(char) -> bool| rest.find(|next| !belongs(next)).unwrap_or(rest.len());
        let length = if is_of_word(first) {
            run(is_of_word)
        } else if first.is_whitespace() {
            run(char::is_whitespace)
        } else if first == '"' {
            rest[1..].find(['"', '\n']).map_or(rest.len(), |end| end + 2)
        } else {
            first.len_utf8()
        };
        pieces.push(at..at + length);
        at += length;
    }
    pieces
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// So many pieces that follow each other.
fn some(pieces: &[Range<usize>], count: usize, random: &mut Random) -> Range<usize> {
    let first = random.below(pieces.len());
    let Some(start) = pieces.get(first).map(|piece| piece.start) else { return 0..0 };
    let end = (first + count).min(pieces.len()).checked_sub(1).and_then(|last| pieces.get(last));
    start..end.map_or(start, |piece| piece.end).max(start)
}

fn words(text: &str, pieces: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_word = |piece: &&Range<usize>| part(text, (*piece).clone()).starts_with(is_of_word);
    pieces.iter().filter(is_word).cloned().collect()
}

/// What stands between brackets, with them.
fn groups(text: &str, pieces: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut open, mut groups) = (Vec::new(), Vec::new());
    for piece in pieces {
        match part(text, piece.clone()) {
            "(" | "[" | "{" => open.push(piece.start),
            ")" | "]" | "}" => groups.extend(open.pop().map(|start| start..piece.end)),
            _ => {}
        }
    }
    groups
}

/// A line with its end.
fn line(text: &str, random: &mut Random) -> Range<usize> {
    let at = floor(text, random.below(text.len() + 1));
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    start..text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// With some bits turned; what is no text any more becomes text again, since other bytes never get further than the file's reading.
fn turned(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        let bit = random.below(8);
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << bit;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn replaced(text: &str, range: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

/// With two parts in each other's place; as it was where they meet.
fn swapped(text: &str, one: Range<usize>, other: Range<usize>) -> String {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    if first.end > second.start {
        return text.to_owned();
    }
    let (first_text, second_text) = (part(text, first.clone()), part(text, second.clone()));
    format!(
        "{}{second_text}{}{first_text}{}",
        &text[..first.start],
        &text[first.end..second.start],
        &text[second.end..]
    )
}

fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_sum_of_its_pieces() {
        let text = "fn é() { \"a b\"; x::<'a>() } // \"open\n\u{feff}";
        let joined: String = pieces(text).into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(joined, text);
        assert!(pieces(text).into_iter().any(|piece| part(text, piece) == "\"a b\""));
    }

    #[test]
    fn parts_change_places() {
        assert_eq!(swapped("abcde", 3..5, 0..1), "debca");
        assert_eq!(swapped("abcde", 1..4, 2..3), "abcde");
    }

    #[test]
    fn a_seed_gives_the_same_text_again() {
        let others = [String::from("struct S { a: [u8; 2] }"), String::from("fn g() { f(1, (2)) }")];
        let spoiled = |seed| spoil("fn f() -> u8 { g(\"x\"); 1 }\n", &others, &mut Random::new(seed));
        let texts: Vec<String> = (0..200).map(spoiled).collect();
        assert_eq!(texts, (0..200).map(spoiled).collect::<Vec<String>>());
        let mut different = texts.clone();
        different.sort();
        different.dedup();
        assert!(different.len() > 150, "{}", different.len());
    }
}
