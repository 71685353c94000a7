//! Findings for people, in the look of rustc: headline, snippet with the story's labels, notes, the drawing if there is one,
//! and the code to write.

use super::files::{Sources, in_line, printable};
use super::patch::{Hunk, Mark, hunks};
use super::picture;
use codespan_reporting::diagnostic::{Diagnostic as Snippet, Label as SnippetLabel, LabelStyle, Severity};
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor};
use codespan_reporting::term::{self, Config, Styles, StylesWriter};
use std::io::{self, Write};
use std::sync::LazyLock;
use thread_lints::diagnostic::{Diagnostic, Suggestion};
use thread_lints::lint::{Level, Lint};
use thread_lints::source::{FileId, Loc};

const TAB: &str = "    ";

static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);
static STYLES: LazyLock<Styles> = LazyLock::new(styles);

/// The colours of rustc.
fn styles() -> Styles {
    let plain = |color: Color| ColorSpec::new().set_fg(Some(color)).set_bold(true).clone();
    let blue = plain(frame_color());
    Styles {
        header_bug: plain(Color::Red),
        header_error: plain(Color::Red),
        header_warning: plain(Color::Yellow),
        header_note: plain(Color::Green),
        header_help: plain(Color::Cyan),
        header_message: ColorSpec::new().set_bold(true).clone(),
        primary_label_bug: plain(Color::Red),
        primary_label_error: plain(Color::Red),
        primary_label_warning: plain(Color::Yellow),
        primary_label_note: plain(Color::Green),
        primary_label_help: plain(Color::Cyan),
        secondary_label: blue.clone(),
        line_number: blue.clone(),
        source_border: blue.clone(),
        note_bullet: blue,
    }
}

/// Dark blue cannot be read on the usual console of Windows.
fn frame_color() -> Color {
    if cfg!(windows) { Color::Cyan } else { Color::Blue }
}

/// The finding in full, with an empty line after it.
pub(super) fn write(out: &mut Buffer, sources: &Sources<'_>, found: &Diagnostic, links: bool) -> io::Result<()> {
    let code = code(found.lint, links);
    let label = |style: LabelStyle, loc: Loc, message: &str| {
        let message = printable(message).replace('\n', " ");
        SnippetLabel::new(style, loc.file, sources.range(loc)).with_message(message)
    };
    let primary = label(LabelStyle::Primary, found.primary.loc, &found.primary.message);
    let secondary = found.secondary.iter().map(|other| label(LabelStyle::Secondary, other.loc, &other.message));
    let snippet = Snippet::new(severity(found.level))
        .with_code(&code)
        .with_message(printable(&found.message))
        .with_label(primary)
        .with_labels_iter(secondary)
        .with_notes_iter(found.notes.iter().map(|note| printable(note).into_owned()));
    let mut inner = if out.supports_color() { Buffer::ansi() } else { Buffer::no_color() };
    let mut styled = StylesWriter::new(&mut inner, &STYLES);
    if term::emit_to_write_style(&mut styled, &CONFIG, sources, &snippet).is_err() {
        // A place outside its file: the words are still worth reading.
        inner.clear();
        write_headline(&mut inner, severity(found.level), Some(&code), &printable(&found.message))?;
    }
    // The empty line at the end comes after the suggestions.
    let text = inner.as_slice();
    out.write_all(text.strip_suffix(b"\n\n").map_or(text, |_| &text[..text.len() - 1]))?;
    let width = number_width(sources, found);
    if let Some(circle) = &found.picture {
        write_picture(out, &picture::draw(sources, circle), width)?;
    }
    for suggestion in &found.suggestions {
        write_suggestion(out, sources, suggestion, found.primary.loc.file, width)?;
    }
    writeln!(out)
}

/// The finding in one line.
pub(super) fn write_short(out: &mut Buffer, sources: &Sources<'_>, found: &Diagnostic, links: bool) -> io::Result<()> {
    if let Some(file) = sources.file(found.primary.loc.file) {
        let at = file.lines.line_column(&file.text, found.primary.loc.span.start);
        write!(out, "{}:{}:{}: ", in_line(&file.path), at.line, at.column)?;
    }
    write_headline(out, severity(found.level), Some(&code(found.lint, links)), &printable(&found.message))
}

/// The lint's code; as a link to its page where `links` says so. Nobody measures the headline, so that what a terminal does not
/// show moves no column.
fn code(lint: &Lint, links: bool) -> String {
    let code = lint.code();
    if links { format!("\u{1b}]8;;{}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\", lint.page()) } else { code }
}

/// `warning[code]: message`
pub(super) fn write_headline(
    out: &mut Buffer,
    severity: Severity,
    code: Option<&str>,
    message: &str,
) -> io::Result<()> {
    out.set_color(STYLES.header(severity))?;
    let word = match severity {
        Severity::Bug | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
        Severity::Help => "help",
    };
    write!(out, "{word}")?;
    if let Some(code) = code {
        write!(out, "[{code}]")?;
    }
    out.set_color(STYLES.header_message())?;
    write!(out, ": {message}")?;
    out.reset()?;
    writeln!(out)
}

fn severity(level: Level) -> Severity {
    if level >= Level::Deny { Severity::Error } else { Severity::Warning }
}

/// How wide the snippet's line numbers are.
fn number_width(sources: &Sources<'_>, found: &Diagnostic) -> usize {
    let places = found.secondary.iter().chain([&found.primary]).map(|label| label.loc);
    let last_line = |loc: Loc| {
        let end = sources.range(loc).end as u32;
        sources.file(loc.file).map_or(1, |file| file.lines.line_of(end) as usize + 1)
    };
    places.map(|loc| digits(last_line(loc))).max().unwrap_or(1)
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// The drawing, set off by an empty line.
fn write_picture(out: &mut Buffer, lines: &[String], width: usize) -> io::Result<()> {
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            write_gutter(out, width, "│")?;
            writeln!(out)?;
        }
        write_gutter(out, width, "│")?;
        writeln!(out, "   {line}")?;
    }
    Ok(())
}

fn write_suggestion(
    out: &mut Buffer,
    sources: &Sources<'_>,
    suggestion: &Suggestion,
    shown_file: FileId,
    width: usize,
) -> io::Result<()> {
    out.set_color(STYLES.header(Severity::Help))?;
    write!(out, "help")?;
    out.reset()?;
    writeln!(out, ": {}", printable(&suggestion.message))?;
    let hunks = hunks(sources, &suggestion.edits).unwrap_or_default();
    let numbers = hunks.iter().flat_map(|hunk| &hunk.lines).filter_map(|line| line.number);
    let width = width.max(numbers.map(digits).max().unwrap_or(1));
    let mut file = shown_file;
    for (index, hunk) in hunks.iter().enumerate() {
        let elsewhere = hunk.file != file;
        if elsewhere {
            write_place(out, sources, hunk, width)?;
            file = hunk.file;
        }
        write_gutter(out, width, if index == 0 || elsewhere { "│" } else { "·" })?;
        writeln!(out)?;
        write_hunk(out, hunk, width)?;
    }
    if let Some(code) = suggestion.code.as_deref().filter(|code| !code.trim().is_empty()) {
        write_gutter(out, width, "│")?;
        writeln!(out)?;
        for line in code.trim_end().lines() {
            write_gutter(out, width, "│")?;
            writeln!(out, " {}", shown(line))?;
        }
    }
    Ok(())
}

fn write_place(out: &mut Buffer, sources: &Sources<'_>, hunk: &Hunk, width: usize) -> io::Result<()> {
    let Some(file) = sources.file(hunk.file) else {
        return Ok(());
    };
    let line = hunk.lines.iter().find_map(|line| line.number).unwrap_or(1);
    write_gutter(out, width, "┌─")?;
    writeln!(out, " {}:{line}", in_line(&file.path))
}

fn write_hunk(out: &mut Buffer, hunk: &Hunk, width: usize) -> io::Result<()> {
    for line in &hunk.lines {
        let number = line.number.map(|number| number.to_string()).unwrap_or_default();
        out.set_color(STYLES.line_number())?;
        write!(out, "{number:>width$} ")?;
        let change = match line.mark {
            Mark::Kept => None,
            Mark::Added => Some(Color::Green),
            Mark::Removed => Some(Color::Red),
        };
        let mark = match line.mark {
            Mark::Kept => "│",
            Mark::Added => "+",
            Mark::Removed => "-",
        };
        if let Some(color) = change {
            out.set_color(ColorSpec::new().set_fg(Some(color)))?;
        }
        write!(out, "{mark}")?;
        if change.is_none() {
            out.reset()?;
        }
        let text = shown(&line.text);
        if text.is_empty() {
            out.reset()?;
            writeln!(out)?;
            continue;
        }
        write!(out, " {text}")?;
        out.reset()?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_gutter(out: &mut Buffer, width: usize, border: &str) -> io::Result<()> {
    out.set_color(STYLES.source_border())?;
    write!(out, "{:width$} {border}", "")?;
    out.reset()
}

/// A line of code as shown: tabs as wide as in snippets, nothing that steers a terminal.
fn shown(line: &str) -> String {
    printable(line).trim_end().replace('\t', TAB)
}
