//! Messages over standard input and output, each on a thread of its own.
//!
//! The frame is read here and not by `lsp_server`, which ends at the first body that is no message, and makes room for as many bytes as
//! a header says. Only the frame itself has to hold; a body that is not understood is told of.
//!
//! Invariants: nothing but frames is written to standard output; sending never waits for the client.

use lsp_server::Message;
use std::io::{self, BufRead, Read as _, Write};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

/// A message that is longer ends the connection: it is taken for garbage.
const MAX_MESSAGE_BYTES: usize = 1 << 30;

/// What the reader has to tell.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message.
    Message(Message),
    /// A body that is none, and why.
    NotUnderstood(String),
    /// Nothing more comes. An error where the input ended in the middle of something.
    Closed(Option<String>),
}

/// Reads standard input until its end or an `exit`, on a thread of its own.
pub(super) fn read_messages(take: impl Fn(Incoming) -> bool + Send + 'static) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(String::from("lsp-reader")).spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let incoming = match read_frame(&mut input) {
                Ok(None) => Incoming::Closed(None),
                Err(error) => Incoming::Closed(Some(crate::reason_of(&error))),
                Ok(Some(body)) => match serde_json::from_slice::<Message>(&body) {
                    Ok(message) => Incoming::Message(message),
                    Err(error) => Incoming::NotUnderstood(error.to_string()),
                },
            };
            // Who has sent `exit` may wait for the end before closing the pipe.
            let is_exit = matches!(&incoming, Incoming::Message(Message::Notification(told)) if told.method == "exit");
            let is_last = is_exit || matches!(incoming, Incoming::Closed(_));
            if !take(incoming) || is_last {
                return;
            }
        }
    })
}

/// The body of the next frame; `None` at the end of the input.
fn read_frame(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        // A header is short: what has no line ending in sight is none.
        (&mut *input).take(1 << 12).read_until(b'\n', &mut line)?;
        if line.is_empty() && length.is_none() {
            return Ok(None);
        }
        let Some(header) = line.strip_suffix(b"\n").and_then(|line| std::str::from_utf8(line).ok()) else {
            return Err(malformed("a header without an end"));
        };
        let header = header.trim_end();
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else {
            return Err(malformed("a header without a colon"));
        };
        if name.trim().eq_ignore_ascii_case("content-length") {
            let value: usize = value.trim().parse().map_err(|_| malformed("a length that is no number"))?;
            length = Some(value);
        }
    }
    let length = length.ok_or_else(|| malformed("no length"))?;
    if length > MAX_MESSAGE_BYTES {
        return Err(malformed("a message of more than a gibibyte"));
    }
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(malformed("the input ends within a message"));
    }
    Ok(Some(body))
}

fn malformed(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Writes to standard output what it is sent, on a thread of its own, until the sender is dropped.
pub(super) fn write_messages() -> io::Result<(Sender<Message>, JoinHandle<()>)> {
    let (sender, messages) = mpsc::channel::<Message>();
    let thread = std::thread::Builder::new().name(String::from("lsp-writer")).spawn(move || {
        let mut output = io::stdout().lock();
        for message in messages {
            // A client that is gone needs no answer; its input ends too.
            if message.write(&mut output).and_then(|()| output.flush()).is_err() {
                return;
            }
        }
    })?;
    Ok((sender, thread))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &str) -> Vec<Result<Option<String>, String>> {
        let mut input = input.as_bytes();
        let mut read = Vec::new();
        loop {
            let frame = read_frame(&mut input);
            let frame = frame.map(|body| body.map(|body| String::from_utf8(body).unwrap()));
            let is_last = !matches!(frame, Ok(Some(_)));
            read.push(frame.map_err(|error| error.to_string()));
            if is_last {
                return read;
            }
        }
    }

    #[test]
    fn frames() {
        let body = |text: &str| Ok(Some(String::from(text)));
        let two = "Content-Length: 2\r\n\r\n{}content-length:3\nContent-Type: x\n\n[1]";
        assert_eq!(read(two), [body("{}"), body("[1]"), Ok(None)]);
    }

    #[test]
    fn garbage() {
        for (input, reason) in [
            ("hello\n", "a header without a colon"),
            ("hello", "a header without an end"),
            ("\r\n", "no length"),
            ("Content-Length: -1\r\n\r\n", "a length that is no number"),
            ("Content-Length: 99999999999\r\n\r\n", "a message of more than a gibibyte"),
            ("Content-Length: 9\r\n\r\n{}", "the input ends within a message"),
            ("Content-Length: 9\r\n", "a header without an end"),
        ] {
            assert_eq!(read(input), [Err(String::from(reason))], "{input:?}");
        }
    }
}
