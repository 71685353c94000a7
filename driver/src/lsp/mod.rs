//! `cargo thread-lint lsp`: the language server.
//!
//! One thread reads messages, one writes them, one is the main loop ([`server`]), and each workspace that is held open has
//! one for its analysis ([`worker`]). The main loop keeps the documents and what the workspaces last told, and answers from that;
//! what has to be computed anew is waited for without blocking, or done on the pool.
//!
//! Invariants: the main loop never analyses and never waits for what does; an answer is about the text that the client has,
//! or it is an error that says so; a panic costs one answer or one analysis; nothing but the protocol is written
//! to standard output; the process ends when its input does.

mod actions;
mod capabilities;
mod diagnostics;
mod documents;
mod fix_all;
mod hover;
mod positions;
mod progress;
mod requests;
mod server;
mod settings;
mod shown;
mod transport;
mod uris;
mod worker;
mod workspaces;

use crate::{levels, load};
use anyhow::Context as _;
use lsp_server::{Message, RequestId};
use serde_json::Value;
use server::Server;
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use transport::Incoming;

/// Whatever wakes the main loop.
#[derive(Debug)]
enum Event {
    Incoming(Incoming),
    Told(worker::Told),
    /// What was computed for a request, of a version of a document.
    Computed(RequestId, PathBuf, i32, Result<Value, Failure>),
}

/// Why a request has no answer.
#[derive(Debug)]
struct Failure {
    code: lsp_server::ErrorCode,
    message: String,
}

impl Failure {
    fn new(code: lsp_server::ErrorCode, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into() }
    }

    /// The text that was asked about is not there any more.
    fn modified() -> Failure {
        Failure::new(lsp_server::ErrorCode::ContentModified, "the document has changed")
    }
}

/// Serves until the client is gone; gives the exit code. `levels` are those of the command line.
pub fn serve(levels: &[String]) -> anyhow::Result<u8> {
    levels::parse(levels, thread_lints::registry::lints()).map_err(anyhow::Error::msg)?;
    let pool = load::pool(0).context("cannot start the threads")?;
    let (sender, writer) = transport::write_messages().context("cannot start a thread")?;
    let (events, incoming) = mpsc::channel();
    let reader = match transport::read_messages(forward(events.clone())) {
        Ok(reader) => reader,
        Err(error) => {
            drop(sender);
            let _ = writer.join();
            return Err(error).context("cannot start a thread");
        }
    };
    let code = Server::new(levels.to_vec(), pool, sender, events).run(&incoming);
    // The server has dropped its sender: what it said last is written, then the writer ends.
    let _ = writer.join();
    // Where the client has sent `exit` or closed the pipe, so has the reader.
    let _ = reader.join();
    Ok(code)
}

fn forward(events: Sender<Event>) -> impl Fn(Incoming) -> bool + Send + 'static {
    move |incoming| events.send(Event::Incoming(incoming)).is_ok()
}

/// A notification of the protocol.
fn notification<N: gen_lsp_types::Notification>(params: &N::Params) -> Message {
    let method = String::from(N::METHOD);
    // Protocol types always become JSON.
    let params = serde_json::to_value(params).unwrap_or(Value::Null);
    Message::Notification(lsp_server::Notification { method, params })
}
