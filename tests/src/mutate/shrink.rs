//! The smallest text that something still holds of: lines are left out, then pieces, the largest runs first (Zeller's delta debugging).

use super::mutations::pieces;
use std::ops::Range;

/// Leaves out of a text what can be left out while `holds`; asks at most `budget` times.
pub fn shrink(text: &str, mut budget: usize, mut holds: impl FnMut(&str) -> bool) -> String {
    let mut text = text.to_owned();
    let mut ask = |text: &str| {
        let asks = budget > 0;
        budget = budget.saturating_sub(1);
        asks && holds(text)
    };
    loop {
        let before = text.len();
        text = without(text, lines, &mut ask);
        text = without(text, pieces, &mut ask);
        if text.len() == before {
            return text;
        }
    }
}

fn without(mut text: String, parts_of: fn(&str) -> Vec<Range<usize>>, holds: &mut impl FnMut(&str) -> bool) -> String {
    let mut size = parts_of(&text).len().div_ceil(2);
    while size > 0 {
        let mut first = 0;
        loop {
            let parts = parts_of(&text);
            let Some(start) = parts.get(first) else { break };
            let last = (first + size).min(parts.len()) - 1;
            let end = parts.get(last).map_or(text.len(), |part| part.end);
            let candidate = format!("{}{}", &text[..start.start], &text[end..]);
            if holds(&candidate) {
                text = candidate;
            } else {
                first += size;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    text
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        at - line.len()..at
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_needed_goes() {
        let text = "fn one() {}\nfn two(x: u8) { bad(x, 1); }\nfn three() {}\n";
        assert_eq!(shrink(text, 1_000, |text| text.contains("bad") && text.contains("1)")), "bad1)");
        assert_eq!(shrink(text, 0, |_| true), text);
    }
}
