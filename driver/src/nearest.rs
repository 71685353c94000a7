//! The nearest known name to a mistyped one, for "did you mean".

use thread_lints::nearest::edit_distance;

/// The candidate that is closest to `wanted`, where one is close enough to be meant.
pub(crate) fn nearest<'n>(wanted: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(wanted, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit || (wanted.len() >= 4 && candidate.contains(wanted)))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let names = ["dropped_join_handles", "detached_threads", "join"];
        assert_eq!(nearest("droped_join_handles", names), Some("dropped_join_handles"));
        assert_eq!(nearest("detached_thread", names), Some("detached_threads"));
        assert_eq!(nearest("jion", names), Some("join"));
        assert_eq!(nearest("unrelated", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
