//! One number for all that decides the outcome of a run, but for the files that it reads.

use crate::cli::VERSION;
use crate::plan::Plan;
use crate::settings::Project;
use std::fmt::{self, Write};
use std::path::Path;
use std::time::SystemTime;
use thread_lints::Settings;
use xxhash_rust::xxh3::Xxh3;

/// The plan as a whole, what the settings say, where shown paths start, how files are read, and which program this is.
pub(super) fn of(plan: &Plan, base: &Path, project: &Project, reads_whole: bool) -> u128 {
    // Named one by one: a new setting cannot be forgotten.
    let Project { settings, levels, exclude, msrv, stub_paths: _, sources: _ } = project;
    let Settings { levels: told, tests, max_call_depth, process_lifetime_threads, stubs } = settings;
    let levels: Vec<_> = levels.iter().map(|(name, level, _)| (name, level)).collect();
    let mut hash = Hash(Box::new(Xxh3::new()));
    hash.add(&[&VERSION, &program(), &plan.crates, &base, &reads_whole]);
    hash.add(&[&levels, exclude, msrv, told, tests, max_call_depth, process_lifetime_threads]);
    for stub in stubs {
        hash.add(&[&stub.name(), &stub.text()]);
    }
    hash.0.digest128()
}

/// Which build of the program runs: two may bear the same version.
fn program() -> Option<impl fmt::Debug> {
    let path = std::env::current_exe().ok()?;
    let metadata = path.metadata().ok()?;
    let modified = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some((path, metadata.len(), modified))
}

/// Hashes what values show of themselves, which is all that they are.
struct Hash(Box<Xxh3>);

impl Hash {
    fn add(&mut self, values: &[&dyn fmt::Debug]) {
        for value in values {
            // Hashing does not fail. The byte is in no text that is shown so.
            let _ = write!(self, "{value:?}\0");
        }
    }
}

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use thread_lints::lint::Level;
    use thread_lints::{Edition, Stub};

    #[test]
    fn whatever_decides_the_outcome_changes_it() {
        let plan = |edition, tests| {
            let mut plan = Plan::default();
            plan.add_loose(PathBuf::from("/a.rs"), edition, tests);
            plan
        };
        let stub = |text: &str| vec![Stub::read("pool", text).unwrap()];
        let with = |change: &dyn Fn(&mut Project)| {
            let mut project = Project::default();
            change(&mut project);
            of(&plan(Edition::E2021, false), Path::new("/"), &project, false)
        };
        let none = Project::default();
        let source = crate::settings::Source::CommandLine;
        let all = [
            with(&|_| {}),
            of(&plan(Edition::E2018, false), Path::new("/"), &none, false),
            of(&plan(Edition::E2021, true), Path::new("/"), &none, false),
            of(&plan(Edition::E2021, false), Path::new("/b"), &none, false),
            of(&plan(Edition::E2021, false), Path::new("/"), &none, true),
            with(&|project| project.settings.tests = true),
            with(&|project| project.settings.max_call_depth = 9),
            with(&|project| project.settings.process_lifetime_threads = vec![String::from("a")]),
            with(&|project| project.settings.stubs = stub("pub struct A;\n")),
            with(&|project| project.settings.stubs = stub("pub struct B;\n")),
            with(&|project| project.levels = vec![(String::from("join"), Level::Allow, source.clone())]),
            with(&|project| project.levels = vec![(String::from("join"), Level::Deny, source.clone())]),
            with(&|project| project.msrv = Some((1, 70))),
            with(&|project| project.exclude = vec![crate::settings::Exclusion::new(Path::new("/"), "a.rs")]),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(all.iter().skip(index + 1).all(|other| one != other), "{index}");
        }
        assert_eq!(all[0], with(&|project| project.sources.clear()));
    }
}
