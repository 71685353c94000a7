//! `--timings`: where the time of a run goes.
//!
//! Invariant: without the flag no clock is read.

use crate::load::Loaded;
use crate::render;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use thread_lints::{Observer, Phase};

/// A stretch of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Manifests and settings.
    Manifests,
    /// What an earlier run has kept is looked for, and the files are compared with it.
    Recalling,
    /// Files are read and parsed.
    Reading,
    /// A part of a check.
    Check(Phase),
    /// Edits are made, and what they leave is checked again.
    Fixing,
    /// The graph of the threads is made.
    Drawing,
    /// Findings become text, and are printed.
    Rendering,
    /// What was found is kept for a later run.
    Keeping,
}

impl Step {
    fn name(self) -> String {
        match self {
            Step::Manifests => String::from("manifests and settings"),
            Step::Recalling => String::from("comparing with an earlier run"),
            Step::Reading => String::from("reading and parsing"),
            Step::Check(phase) => phase.to_string(),
            Step::Fixing => String::from("fixing"),
            Step::Drawing => String::from("graph"),
            Step::Rendering => String::from("rendering"),
            Step::Keeping => String::from("keeping it for a later run"),
        }
    }

    /// It runs within another step, beside others like it.
    fn is_inner(self) -> bool {
        matches!(self, Step::Check(Phase::Lint(_)))
    }
}

/// Where the time of a run goes, if somebody asks.
#[derive(Debug)]
pub(crate) struct Timings {
    began: Option<Instant>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    threads: usize,
    running: Vec<(Step, Instant)>,
    /// In the order in which they first ended.
    spent: Vec<(Step, Duration)>,
}

impl Timings {
    /// Begins to measure, if that is wanted.
    pub(crate) fn new(wanted: bool) -> Timings {
        Timings { began: wanted.then(Instant::now), state: Mutex::default() }
    }

    /// Measures a step. One that is done again counts again.
    pub(crate) fn of<T>(&self, step: Step, work: impl FnOnce() -> T) -> T {
        self.begin(step);
        let done = work();
        self.end(step);
        done
    }

    /// How many threads there are to do the work.
    pub(crate) fn on_threads(&self, threads: usize) {
        self.change(|state| state.threads = threads);
    }

    fn begin(&self, step: Step) {
        self.change(|state| state.running.push((step, Instant::now())));
    }

    fn end(&self, step: Step) {
        self.change(|state| {
            let Some(index) = state.running.iter().rposition(|(running, _)| *running == step) else { return };
            let took = state.running.swap_remove(index).1.elapsed();
            match state.spent.iter_mut().find(|(known, _)| *known == step) {
                Some((_, sum)) => *sum += took,
                None => state.spent.push((step, took)),
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if self.began.is_some() {
            change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// All of it as a table, up to now; `None` where nobody asked.
    pub(crate) fn table(&self, loaded: &Loaded, color: bool) -> Option<String> {
        let total = self.began?.elapsed();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut inner, outer): (Vec<_>, Vec<_>) = state.spent.iter().copied().partition(|(step, _)| step.is_inner());
        inner.sort_by_key(|(step, took)| (std::cmp::Reverse(*took), step.name()));
        let mut rows = Vec::new();
        for (step, took) in &outer {
            rows.push((step.name(), *took));
            if *step == Step::Check(Phase::Lints) {
                rows.extend(inner.iter().map(|(step, took)| (format!("  {}", step.name()), *took)));
            }
        }
        let named = outer.iter().map(|(_, took)| *took).sum();
        rows.push((String::from("the rest"), total.saturating_sub(named)));
        Some(render::timings(loaded, total, state.threads, &rows, color))
    }
}

impl Observer for Timings {
    fn begins(&self, phase: Phase) {
        self.begin(Step::Check(phase));
    }

    fn ends(&self, phase: Phase) {
        self.end(Step::Check(phase));
    }
}
