//! The nearest known name to a mistyped one, for "did you mean".

/// The candidate closest to `wanted` and its distance, where one is close enough to be meant.
pub(crate) fn nearest<'n>(wanted: &str, candidates: impl Iterator<Item = &'n str>) -> Option<(&'n str, usize)> {
    let wanted = wanted.to_ascii_lowercase().replace('-', "_");
    let limit = (wanted.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (edit_distance(&wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(distance, candidate)| (candidate, distance))
}

/// How many insertions, deletions, replacements and swaps of neighbours lie between two words; `from` counts up to 200
/// characters.
pub fn edit_distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().take(MAX_LENGTH).collect();
    let to: Vec<char> = to.chars().collect();
    let mut before_previous = vec![0; to.len() + 1];
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    for (row, from_char) in from.iter().enumerate() {
        let mut current = vec![row + 1; to.len() + 1];
        for (column, to_char) in to.iter().enumerate() {
            let replaced = previous[column] + usize::from(from_char != to_char);
            let mut best = replaced.min(previous[column + 1] + 1).min(current[column] + 1);
            let is_swap = row > 0 && column > 0 && *from_char == to[column - 1] && from[row - 1] == *to_char;
            if is_swap {
                best = best.min(before_previous[column - 1] + 1);
            }
            current[column + 1] = best;
        }
        before_previous = std::mem::replace(&mut previous, current);
    }
    previous[to.len()]
}

/// No lint's name is nearly as long, so what is cut changes nothing.
const MAX_LENGTH: usize = 200;
