//! Findings as JUnit's and Checkstyle's XML, which most CI servers show.

use super::files::{Sources, printable};
use super::region::Region;
use super::{Format, Look, Note, level_word};
use crate::load::Loaded;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::collections::BTreeMap;
use std::io;
use thread_lints::Report;
use thread_lints::diagnostic::Diagnostic;

/// A test suite a file and a failed test a finding; one test that passes where there is none.
pub fn junit(loaded: &Loaded, report: &Report, notes: &[Note]) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let files = by_file(&sources, &report.diagnostics);
    document(|xml| {
        let failures = report.diagnostics.len().to_string();
        let tests = report.diagnostics.len().max(1).to_string();
        let suites = xml.create_element("testsuites").with_attributes([
            ("name", "thread-lint"),
            ("tests", &*tests),
            ("failures", &*failures),
            ("errors", "0"),
        ]);
        suites.write_inner_content(|xml| {
            if files.is_empty() {
                let suite =
                    [("name", "thread-lint"), ("tests", "1"), ("failures", "0"), ("errors", "0"), ("skipped", "0")];
                xml.create_element("testsuite").with_attributes(suite).write_inner_content(|xml| {
                    let passed = [("name", "no findings"), ("classname", "thread-lint"), ("time", "0")];
                    xml.create_element("testcase").with_attributes(passed).write_empty().map(|_| ())
                })?;
            }
            for (path, found) in &files {
                suite(xml, &sources, path, found)?;
            }
            if !notes.is_empty() {
                let text: String = notes.iter().map(|note| format!("{}\n", note.text())).collect();
                let suite =
                    [("name", "not analysed"), ("tests", "0"), ("failures", "0"), ("errors", "0"), ("skipped", "0")];
                xml.create_element("testsuite").with_attributes(suite).write_inner_content(|xml| {
                    xml.create_element("system-err").write_text_content(BytesText::new(&clean(&text))).map(|_| ())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

fn suite(xml: &mut Writer<Vec<u8>>, sources: &Sources<'_>, path: &str, found: &[&Diagnostic]) -> io::Result<()> {
    let path = clean(path);
    let count = found.len().to_string();
    let suite = [("name", &*path), ("tests", &*count), ("failures", &*count), ("errors", "0"), ("skipped", "0")];
    xml.create_element("testsuite").with_attributes(suite).write_inner_content(|xml| {
        for found in found {
            let line = Region::of(sources, found.primary.loc).map_or(0, |region| region.start.line);
            let (name, line) = (format!("{} at line {line}", found.lint.name), line.to_string());
            let case = [("name", &*name), ("classname", &*path), ("file", &*path), ("line", &*line), ("time", "0")];
            xml.create_element("testcase").with_attributes(case).write_inner_content(|xml| {
                let message = clean(&found.message);
                let failure = [("message", &*message), ("type", level_word(found.level))];
                let story = clean(&super::one(sources, found, Format::Human, Look::default()));
                let failure = xml.create_element("failure").with_attributes(failure);
                failure.write_text_content(BytesText::new(&story)).map(|_| ())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A `file` with an `error` for each finding.
pub fn checkstyle(loaded: &Loaded, report: &Report) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let files = by_file(&sources, &report.diagnostics);
    document(|xml| {
        xml.create_element("checkstyle").with_attribute(("version", "4.3")).write_inner_content(|xml| {
            for (path, found) in &files {
                let path = clean(path);
                xml.create_element("file").with_attribute(("name", &*path)).write_inner_content(|xml| {
                    for found in found {
                        let Some(region) = Region::of(&sources, found.primary.loc) else { continue };
                        let (line, column) = (region.start.line.to_string(), region.start.column.to_string());
                        let (message, source) = (clean(&found.message), found.lint.code());
                        let error = [
                            ("line", &*line),
                            ("column", &*column),
                            ("severity", level_word(found.level)),
                            ("message", &*message),
                            ("source", &*source),
                        ];
                        xml.create_element("error").with_attributes(error).write_empty()?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

fn document(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| write(&mut xml));
    let mut text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    text.push('\n');
    text
}

fn by_file<'r>(sources: &Sources<'r>, found: &'r [Diagnostic]) -> BTreeMap<&'r str, Vec<&'r Diagnostic>> {
    let mut files: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for found in found {
        let path = sources.file(found.primary.loc.file).map_or("", |file| file.path.as_str());
        files.entry(path).or_default().push(found);
    }
    files
}

/// Without the characters that no XML may hold.
fn clean(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
