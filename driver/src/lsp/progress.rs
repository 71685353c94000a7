//! Telling the client that an analysis takes a while.
//!
//! One notice for all workspaces. It is shown once a first reading or a later run has taken long enough to be noticed, and only after the client
//! has agreed to it.

use super::workspaces::Workspaces;
use gen_lsp_types::{
    ProgressParams, ProgressToken, WorkDoneProgressBegin, WorkDoneProgressCreateParams, WorkDoneProgressEnd,
};
use serde_json::Value;
use std::time::{Duration, Instant};

/// A first reading that takes longer is told of.
const FIRST: Duration = Duration::from_millis(100);

/// A later run that takes longer is.
const LATER: Duration = Duration::from_millis(500);

/// Where the notice is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    state: State,
    count: u32,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    /// The client was asked for it.
    Asked(String),
    Shown(String),
}

/// What to send.
pub(super) enum Step {
    Ask(WorkDoneProgressCreateParams),
    Tell(ProgressParams),
}

impl Progress {
    /// When to look again, if nothing else comes.
    pub(super) fn due(&self, workspaces: &Workspaces) -> Option<Instant> {
        let State::Idle = self.state else { return None };
        let due = workspaces.iter().filter_map(|held| {
            let wait = if held.snapshot.is_none() { FIRST } else { LATER };
            Some(held.busy_since? + wait)
        });
        due.min()
    }

    /// What is to be told now.
    pub(super) fn step(&mut self, workspaces: &Workspaces) -> Option<Step> {
        let is_busy = workspaces.iter().any(|held| held.busy_since.is_some());
        match &self.state {
            State::Idle => {
                self.due(workspaces).filter(|due| *due <= Instant::now())?;
                self.count += 1;
                let token = format!("thread-lint/{}", self.count);
                self.state = State::Asked(token.clone());
                Some(Step::Ask(WorkDoneProgressCreateParams { token: ProgressToken::String(token) }))
            }
            State::Shown(token) if !is_busy => {
                let told = tell(token, &WorkDoneProgressEnd { message: None });
                self.state = State::Idle;
                Some(Step::Tell(told))
            }
            State::Asked(_) | State::Shown(_) => None,
        }
    }

    /// The client has answered.
    pub(super) fn answered(&mut self, agreed: bool, workspaces: &Workspaces) -> Option<Step> {
        let State::Asked(token) = std::mem::take(&mut self.state) else {
            return None;
        };
        let busy = workspaces.iter().find(|held| held.busy_since.is_some()).filter(|_| agreed)?;
        let message = if busy.snapshot.is_none() { "reading" } else { "checking" };
        let told = tell(
            &token,
            &WorkDoneProgressBegin {
                title: String::from("thread-lint"),
                cancellable: Some(false),
                message: Some(message.to_owned()),
                percentage: None,
            },
        );
        self.state = State::Shown(token);
        Some(Step::Tell(told))
    }
}

fn tell(token: &str, value: &impl serde::Serialize) -> ProgressParams {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    ProgressParams { token: ProgressToken::String(token.to_owned()), value }
}
