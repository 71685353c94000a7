//! One part of a run's report, for CI that spreads a workspace over the machines of a matrix.
//!
//! Every machine reads and analyses everything, as a finding may hang on any file. What is split is what is reported: each file
//! belongs to one shard, by a hash of its path as shown, and with it the findings, the notes and the stale entries of a baseline
//! that stand there.
//!
//! Invariants: the shards of a run are disjoint, and together the run; the shard of a file follows from its path and the number of
//! shards alone, whatever other files come and go.

use crate::load::Loaded;
use crate::render::Note;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thread_lints::{Report, stable_hash};

/// One of several parts of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    /// Which one, from 1.
    index: u32,
    /// How many there are.
    count: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if 0 < index && index <= count => Ok(Shard { index, count }),
            Some((0, _)) => Err(String::from("the first shard is 1")),
            Some((index, count)) => Err(format!("there is no shard {index} of {count}")),
            None => Err(String::from("the number of the shard, `/` and how many there are, such as `1/4`")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl Shard {
    /// Whether a file belongs to it. `path` is the file's as shown.
    pub fn holds(self, path: &str) -> bool {
        let hash = stable_hash(path.bytes());
        // The lowest bits of the hash alone know little of the path.
        let mixed = hash ^ (hash >> 32);
        mixed % u64::from(self.count) == u64::from(self.index - 1)
    }

    /// Leaves of a run's findings and notes those of this shard.
    pub fn keep(self, loaded: &Loaded, report: &mut Report, notes: &mut Vec<Note>) -> Part {
        let run = digest(loaded, report, notes);
        let path = |index: usize| loaded.workspace.files.get(index).map_or("", |file| file.path.as_str());
        report.diagnostics.retain(|found| self.holds(path(found.primary.loc.file.index())));
        notes.retain(|note| self.holds(path(note.file.index())));
        Part {
            index: self.index,
            count: self.count,
            run: format!("{run:016x}"),
            messages: report.diagnostics.len() + notes.len(),
            exit_code: 0,
            version: VERSION.to_owned(),
        }
    }
}

/// With the commit, where it is known: another commit may find something else.
const VERSION: &str = env!("THREAD_LINT_VERSION");

/// What a part of a report says of itself, in JSON and SARIF.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Which one, from 1.
    pub index: u32,
    /// How many there are.
    pub count: u32,
    /// A digest of all findings and notes of the run: parts of one run have the same.
    pub run: String,
    /// How many findings and notes the part has.
    pub messages: usize,
    /// What the process ended with.
    pub exit_code: u8,
    /// That of the tool.
    pub version: String,
}

/// One number for all that a run has to report.
fn digest(loaded: &Loaded, report: &Report, notes: &[Note]) -> u64 {
    let mut bytes = Vec::new();
    let mut push = |text: &str| {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    };
    for found in &report.diagnostics {
        let loc = found.primary.loc;
        push(loaded.workspace.files.get(loc.file.index()).map_or("", |file| &file.path));
        push(&format!("{}..{} {}", loc.span.start, loc.span.end, found.level.as_str()));
        push(found.lint.name);
        push(&found.message);
    }
    notes.iter().for_each(|note| push(&note.text()));
    stable_hash(bytes.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_from_text() {
        assert_eq!("2/3".parse(), Ok(Shard { index: 2, count: 3 }));
        for (text, message) in [("0/3", "first"), ("4/3", "no shard 4 of 3"), ("1/0", "no shard"), ("3", "such as")] {
            assert!(text.parse::<Shard>().unwrap_err().contains(message), "{text}");
        }
        assert!("-1/3".parse::<Shard>().is_err() && "1/3/5".parse::<Shard>().is_err());
    }

    #[test]
    fn every_path_is_in_one_shard_and_they_are_about_as_large() {
        for count in [1, 2, 3, 4, 7, 16] {
            let shards: Vec<Shard> = (1..=count).map(|index| Shard { index, count }).collect();
            let mut sizes = vec![0; shards.len()];
            for number in 0..4000 {
                let path = format!("crates/part-{}/src/module_{number}.rs", number % 40);
                let holders: Vec<usize> = (0..shards.len()).filter(|index| shards[*index].holds(&path)).collect();
                assert_eq!(holders.len(), 1, "{path} of {count}");
                sizes[holders[0]] += 1;
            }
            let fair = 4000 / count;
            assert!(sizes.iter().all(|size| (fair * 4 / 5..=fair * 6 / 5).contains(size)), "{sizes:?}");
        }
    }
}
