//! The table of `--timings`.

use super::{buffer, counted, grouped, text_of, write_verb};
use crate::load::Loaded;
use std::io::Write;
use std::time::Duration;

/// What was read, and how long each step took: `steps` are names, indented where one is part of the one above, with times.
pub(crate) fn timings(
    loaded: &Loaded,
    total: Duration,
    threads: usize,
    steps: &[(String, Duration)],
    color: bool,
) -> String {
    let files = &loaded.workspace.files;
    let lines: usize = files.iter().map(|file| file.lines.line_count(&file.text)).sum();
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let bodies = || files.iter().flat_map(|file| &file.ir.bodies);
    let read = bodies().filter(|body| body.is_read()).count();
    let mut out = buffer(color);
    write_verb(&mut out, "Timings");
    let _ = writeln!(
        out,
        " {} with {}: {}, {}, {}, {} of {} bodies read",
        milliseconds(total).trim_start(),
        counted(threads, "thread"),
        counted(files.len(), "file"),
        counted(lines, "line"),
        counted(bytes, "byte"),
        grouped(read),
        grouped(bodies().count()),
    );
    for (name, took) in steps {
        let _ = writeln!(out, "{}  {name}", milliseconds(*took));
    }
    text_of(out)
}

/// `   12.34 ms`
fn milliseconds(time: Duration) -> String {
    format!("{:>9.2} ms", time.as_secs_f64() * 1000.0)
}
