//! Which names somebody has asked bodies for, so that it is known afterwards what an edit cannot have touched.
//!
//! Invariant: a name that was asked for is in the set; one that was not may be too, for a name is kept as a few bits of its hash.

use crate::source::Name;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bits there are: a power of two, far above the number of names that a run asks for.
const BITS: usize = 1 << 17;

/// A set of names that grows on all threads.
#[derive(Debug)]
pub struct Asked(Box<[AtomicU64]>);

impl Default for Asked {
    fn default() -> Asked {
        Asked((0..BITS / 64).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Asked {
    pub(crate) fn add(&self, name: Name) {
        let (word, bit) = place(name);
        // Most names are asked for again and again, and reading costs less than writing.
        if let Some(word) = self.0.get(word)
            && word.load(Ordering::Relaxed) & bit == 0
        {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// The set as it is now, for [`is_among`].
    pub(crate) fn words(&self) -> Vec<u64> {
        self.0.iter().map(|word| word.load(Ordering::Relaxed)).collect()
    }
}

/// Whether a name may have been asked for. Of words that are no set of ours, all may.
pub(crate) fn is_among(words: &[u64], name: Name) -> bool {
    let (word, bit) = place(name);
    words.get(word).is_none_or(|word| word & bit != 0)
}

fn place(name: Name) -> (usize, u64) {
    let index = name.bits() as usize % BITS;
    (index / 64, 1 << (index % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_known() {
        let asked = Asked::default();
        let names: Vec<Name> = (0..1000).map(|index| Name::of(&format!("n{index}"))).collect();
        names.iter().for_each(|name| asked.add(*name));
        let words = asked.words();
        assert!(names.iter().all(|name| is_among(&words, *name)));
        let others = (0..1000).filter(|index| is_among(&words, Name::of(&format!("other{index}")))).count();
        assert!(others < 50, "{others}");
        assert!(is_among(&[], Name::of("x")));
    }
}
