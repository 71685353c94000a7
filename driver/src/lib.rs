//! The driver of `cargo thread-lint`: the command line, finding crates and files, the parallel run, rendering.
//!
//! The way of a run: [`cli`] reads the arguments, [`manifest`] the packages, [`settings`] what the project asks for, [`plan`]
//! makes crates of the packages, [`load`] reads and parses their files, [`thread_lints::check`] finds, [`fix`] edits where that is
//! asked for, [`render`] shows. [`run`] holds it together and knows the exit codes.
//!
//! Invariants: no lint is known by its name here; what is printed does not depend on the number of threads; a problem of
//! one file never stops the rest; nothing that is read from outside makes it panic.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod also;
pub mod baseline;
mod buffer;
mod cache;
pub mod changes;
pub mod cli;
mod console;
pub mod fix;
mod glob;
mod inputs;
mod levels;
mod lints_help;
pub mod load;
pub mod lsp;
pub mod manifest;
mod merge;
mod nearest;
mod output_file;
pub mod panics;
mod paths;
pub mod plan;
pub mod progress;
pub mod render;
pub mod run;
pub mod session;
pub mod settings;
mod shard;
mod text_file;
mod timings;
mod watch;

/// An error of the system in our words: lower case, without its number.
fn reason_of(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    let first = characters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(characters).collect()
}
