//! Watching a check at work: which phase it is in. What an observer makes of that, such as times, is its own affair: the check
//! reads no clock.

use std::fmt;

/// A stretch of a check's work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// The catalogue is decoded, as far as the workspace depends on what is in it.
    Catalogue,
    /// Files become one program.
    Linking,
    /// The facts that most lints ask for.
    Facts,
    /// All lints, which run side by side.
    Lints,
    /// One lint, by its name. The one that asks for a fact first makes it, and others that ask for it meanwhile wait.
    Lint(&'static str),
    /// Findings are chosen, suppressed and sorted.
    Report,
    /// Memory is given back.
    Disposal,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Catalogue => "catalogue",
            Phase::Linking => "linking",
            Phase::Facts => "facts",
            Phase::Lints => "lints",
            Phase::Lint(name) => name,
            Phase::Report => "report",
            Phase::Disposal => "disposal",
        })
    }
}

/// Told when phases begin and end. Each of them does so once in a check, on any thread; those of single lints overlap.
pub trait Observer: Sync {
    /// A phase begins.
    fn begins(&self, phase: Phase);
    /// A phase ends.
    fn ends(&self, phase: Phase);
}

/// Nobody watches.
impl Observer for () {
    fn begins(&self, _: Phase) {}
    fn ends(&self, _: Phase) {}
}

/// Does what makes up a phase.
pub(crate) fn observe<T>(observer: &dyn Observer, phase: Phase, work: impl FnOnce() -> T) -> T {
    observer.begins(phase);
    let done = work();
    observer.ends(phase);
    done
}
