//! Texts that nobody would write, made of those that people did: whatever they are, nothing panics, hangs or lies.
//!
//! [`mutations`] spoils a file, [`examine`] sends what came of it through everything that the tool does with a file,
//! [`worker`] does so in a process of its own, so that an abort or a loop without end is found as well, and [`supervise`] hands out the
//! work and makes the smallest text of what fails, with [`shrink`].
//!
//! Invariant: a case is a function of the seed, its number and the files of the [`Corpus`]; the same on every machine.

pub mod examine;
pub mod mutations;
pub mod shrink;
pub mod supervise;
pub mod worker;

use crate::fixture::{self, Fixture, Job, Setup};
use crate::random::Random;
use crate::root;
use anyhow::Context as _;
use std::path::PathBuf;
use thread_lints::Edition;

/// Cases that are checked together, as the crates of one workspace: linking the catalogue costs more than one of them.
pub const BATCH: u64 = 16;

/// Files beyond this are left out: a case is to be cheap.
const MAX_BYTES: usize = 24 << 10;

/// The files that cases are made of.
#[derive(Debug)]
pub struct Corpus {
    texts: Vec<String>,
}

impl Corpus {
    /// The Rust files of some folders, in order of their paths; of this repository's fixtures where none is named.
    pub fn read(folders: &[PathBuf]) -> anyhow::Result<Corpus> {
        let fixtures = [root().join("fixtures")];
        let folders = if folders.is_empty() { &fixtures } else { folders };
        let mut texts = Vec::new();
        for folder in folders {
            anyhow::ensure!(folder.is_dir(), "`{}` is not a folder", folder.display());
            for path in fixture::files_of(folder, 0, "rs") {
                // Marks and set-up lines of a fixture are no Rust that anybody has; a file elsewhere has none.
                let text = match Fixture::read(&path) {
                    Ok(fixture) => fixture.text,
                    Err(_) => String::from_utf8_lossy(&std::fs::read(&path)?).into_owned(),
                };
                if (1..=MAX_BYTES).contains(&text.len()) {
                    texts.push(text);
                }
            }
        }
        anyhow::ensure!(!texts.is_empty(), "there are no Rust files to start from");
        Ok(Corpus { texts })
    }

    /// How many files it has.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// A case by its number.
    pub fn case(&self, seed: u64, number: u64) -> Job {
        let mut random = Random::new(mixed(seed ^ mixed(number)));
        let text = random.choose(&self.texts).map_or("", String::as_str);
        let text = mutations::spoil(text, &self.texts, &mut random);
        let editions = [Edition::E2015, Edition::E2018, Edition::E2021, Edition::E2024];
        Job {
            path: format!("case_{number}.rs"),
            text,
            edition: random.choose(&editions).copied().unwrap_or(Edition::E2024),
            setup: Setup {
                library: random.below(2) == 0,
                // One for all that are checked together.
                tests: (number / BATCH).is_multiple_of(2),
                ..Setup::default()
            },
        }
    }
}

/// Numbers that stand side by side, far apart (the finaliser of splitmix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// `2021`
pub fn edition(name: &str) -> anyhow::Result<Edition> {
    let editions = [Edition::E2015, Edition::E2018, Edition::E2021, Edition::E2024];
    let found = editions.into_iter().find(|edition| fixture::edition_name(*edition) == name);
    found.with_context(|| format!("`{name}` is no edition"))
}
