//! Findings as SARIF 2.1.0, for code scanning and other tools that keep results.
//!
//! The story of a finding stands twice, as `relatedLocations` for viewers of one place and as a `codeFlow` for those that
//! walk. Paths are relative to `SRCROOT`.

use super::files::Sources;
use super::region::Region;
use super::{Note, level_word};
use crate::load::Loaded;
use crate::paths;
use crate::shard::Part;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use thread_lints::diagnostic::{Diagnostic, Label, Suggestion};
use thread_lints::lint::{Level, Lint};
use thread_lints::source::Loc;
use thread_lints::{Identity, Report};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The key of our fingerprint; another way to make them gets another number.
const FINGERPRINT: &str = "threadLint/v1";

/// A report as one SARIF log with one run. `lints` are all that there are; a part says which one in the run's `properties`.
pub fn sarif(loaded: &Loaded, report: &Report, notes: &[Note], lints: &[&Lint], part: Option<&Part>) -> String {
    let sources = Sources::new(&loaded.workspace.files);
    let mut base = paths::file_url(&loaded.base);
    base.push('/');
    let fingerprints = Identity::fingerprints(&loaded.workspace, &report.diagnostics);
    let results = report.diagnostics.iter().zip(fingerprints);
    let results: Vec<Value> = results.map(|(found, fingerprint)| result(&sources, found, fingerprint, lints)).collect();
    let faults = loaded.faults.iter().chain(&report.faults);
    let notifications: Vec<Value> = notes
        .iter()
        .map(|note| notification(&sources, note))
        .chain(faults.clone().map(|fault| json!({ "level": "error", "message": { "text": fault } })))
        .collect();
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-thread-lint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": lints.iter().map(|lint| rule(lint)).collect::<Vec<_>>()
            } },
            "invocations": [{
                "executionSuccessful": faults.count() == 0,
                "toolExecutionNotifications": notifications
            }],
            "originalUriBaseIds": { "SRCROOT": { "uri": base } },
            "columnKind": "unicodeCodePoints",
            "results": results
        }]
    });
    if let Some(part) = part {
        log["runs"][0]["properties"] = json!({ "shard": part });
    }
    // Maps of texts and numbers always become JSON.
    let text = serde_json::to_string_pretty(&log).unwrap_or_default();
    format!("{text}\n")
}

/// What was not analysed, and where.
fn notification(sources: &Sources<'_>, note: &Note) -> Value {
    let mut notification = json!({ "level": "note", "message": { "text": note.text() } });
    if let Some(region) = Region::of(sources, Loc::new(note.file, note.span.unwrap_or_default())) {
        let mut place = json!({ "artifactLocation": artifact(&region) });
        if note.span.is_some() {
            place["region"] = region_of(&region);
        }
        notification["locations"] = json!([{ "physicalLocation": place }]);
    }
    notification
}

fn rule(lint: &Lint) -> Value {
    let summary = lint.summary().split_whitespace().collect::<Vec<_>>().join(" ");
    let documentation = lint.documentation();
    json!({
        "id": lint.code(),
        "name": upper_camel(lint.name),
        "shortDescription": { "text": summary },
        "fullDescription": { "text": summary },
        "helpUri": lint.page(),
        "help": { "text": documentation, "markdown": documentation },
        "defaultConfiguration": { "enabled": lint.level > Level::Allow, "level": level_word(lint.level) },
        "properties": { "tags": lint.groups().collect::<Vec<_>>() }
    })
}

fn upper_camel(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn result(sources: &Sources<'_>, found: &Diagnostic, fingerprint: u64, lints: &[&Lint]) -> Value {
    let mut text = found.message.clone();
    for note in &found.notes {
        text.push_str(&format!("\n{note}"));
    }
    let story: Vec<&Label> = std::iter::once(&found.primary).chain(&found.secondary).collect();
    let steps = story.iter().filter_map(|label| step(sources, label));
    let related = found.secondary.iter().enumerate().filter_map(|(index, label)| {
        let mut location = step(sources, label)?;
        location["id"] = json!(index + 1);
        Some(location)
    });
    let fixes = found.suggestions.iter().filter(|suggestion| !suggestion.edits.is_empty());
    let mut result = json!({
        "ruleId": found.lint.code(),
        "level": level_word(found.level),
        "message": { "text": text },
        "locations": [physical(sources, &found.primary)],
        "partialFingerprints": { FINGERPRINT: format!("{fingerprint:016x}") },
        "relatedLocations": related.collect::<Vec<_>>(),
        "codeFlows": [{ "threadFlows": [{
            "locations": steps.map(|location| json!({ "location": location })).collect::<Vec<_>>()
        }] }],
        "fixes": fixes.filter_map(|suggestion| fix(sources, suggestion)).collect::<Vec<_>>()
    });
    if let Some(index) = lints.iter().position(|lint| lint.name == found.lint.name) {
        result["ruleIndex"] = json!(index);
    }
    result
}

fn physical(sources: &Sources<'_>, label: &Label) -> Value {
    let Some(region) = Region::of(sources, label.loc) else {
        return json!({});
    };
    json!({ "physicalLocation": { "artifactLocation": artifact(&region), "region": region_of(&region) } })
}

/// A label as a location with its message.
fn step(sources: &Sources<'_>, label: &Label) -> Option<Value> {
    Region::of(sources, label.loc)?;
    let mut location = physical(sources, label);
    location["message"] = json!({ "text": label.message });
    Some(location)
}

fn artifact(region: &Region<'_>) -> Value {
    let is_inside = !region.path.starts_with("..") && !region.path.starts_with('/');
    let uri = paths::escaped(region.path);
    if is_inside { json!({ "uri": uri, "uriBaseId": "SRCROOT" }) } else { json!({ "uri": uri }) }
}

fn region_of(region: &Region<'_>) -> Value {
    json!({
        "startLine": region.start.line, "startColumn": region.start.column,
        "endLine": region.end.line, "endColumn": region.end.column
    })
}

fn fix(sources: &Sources<'_>, suggestion: &Suggestion) -> Option<Value> {
    let mut changes: BTreeMap<&str, (Value, Vec<Value>)> = BTreeMap::new();
    for edit in &suggestion.edits {
        let region = Region::of_edit(sources, edit.loc)?;
        let replacement = json!({ "deletedRegion": region_of(&region), "insertedContent": { "text": edit.text } });
        changes.entry(region.path).or_insert_with(|| (artifact(&region), Vec::new())).1.push(replacement);
    }
    let changes: Vec<Value> = changes
        .into_values()
        .map(|(artifact, replacements)| json!({ "artifactLocation": artifact, "replacements": replacements }))
        .collect();
    Some(json!({ "description": { "text": suggestion.message }, "artifactChanges": changes }))
}
