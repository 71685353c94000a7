//! The settings as a JSON schema, for editors that complete and check TOML.

use super::keys::KEYS;
use serde_json::{Map, Value, json};

/// The schema of `thread-lint.toml`, and of the `metadata.thread-lint` tables.
pub fn schema() -> String {
    let mut definitions = Map::new();
    let mut properties = Map::new();
    for key in &KEYS {
        let mut value = (key.schema)();
        if let Value::Object(object) = &mut value {
            // The one definition that a key brings along stands at the root.
            if let Some(level) = object.remove("$defs_entry") {
                definitions.insert(String::from("level"), level);
            }
            object.insert(String::from("description"), json!(plain(key.meaning)));
        }
        properties.insert(key.name.to_owned(), value);
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "thread-lint.toml",
        "description": "Settings of cargo thread-lint.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions
    });
    // Maps of texts and numbers always become JSON.
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    format!("{text}\n")
}

/// Without the addresses of links.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        let (text, link) = before.rsplit_once('[').unwrap_or((before, ""));
        out.push_str(text);
        out.push_str(link);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}
