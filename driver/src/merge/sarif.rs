//! Parts as SARIF logs with one run each.

use super::broken;
use crate::paths;
use crate::shard::Part;
use anyhow::{Context as _, bail};
use serde::Deserialize as _;
use serde_json::{Value, json};

/// Reads a part: what it is, how many findings and notes it has, and the log itself.
pub(super) fn read(text: String) -> anyhow::Result<(Part, usize, Value)> {
    let mut log: Value = serde_json::from_str(&text).map_err(|error| broken(&error, 1))?;
    let [run] = log["runs"].as_array_mut().map_or(&mut [][..], Vec::as_mut_slice) else {
        bail!("no part: a SARIF log with one run is wanted");
    };
    let properties = run.as_object_mut().and_then(|run| run.remove("properties"));
    let Some(part) = properties.as_ref().and_then(|properties| properties.get("shard")) else {
        bail!("no part: it was written without `--shard`");
    };
    let part: Part = Part::deserialize(part).context("`properties.shard` of the run is broken")?;
    let (Some(results), Some(told)) = (run["results"].as_array(), run.pointer(NOTIFICATIONS).and_then(Value::as_array))
    else {
        bail!("no part: the run has no results, or says nothing of its invocation");
    };
    let notes = told.iter().filter(|told| !is_fault(told)).count();
    Ok((part, results.len() + notes, log))
}

const NOTIFICATIONS: &str = "/invocations/0/toolExecutionNotifications";
const SUCCESS: &str = "/invocations/0/executionSuccessful";

/// Joins the parts in their order: the first one's log with the results and notifications of all.
pub(super) fn join(mut parts: Vec<Value>, _success: bool) -> String {
    let (mut results, mut notes, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for log in &mut parts {
        let run = &mut log["runs"][0];
        results.append(&mut list(run.get_mut("results")));
        for told in list(run.pointer_mut(NOTIFICATIONS)) {
            match is_fault(&told) {
                false => notes.push(told),
                // Every shard analyses everything, so that all of them meet it.
                true if faults.contains(&told) => {}
                true => faults.push(told),
            }
        }
    }
    results.sort_by_cached_key(path_of);
    notes.sort_by_cached_key(path_of);
    let success = faults.is_empty();
    notes.append(&mut faults);
    let mut log = parts.into_iter().next().unwrap_or_default();
    let run = &mut log["runs"][0];
    run["results"] = Value::Array(results);
    if let Some(told) = run.pointer_mut(NOTIFICATIONS) {
        *told = Value::Array(notes);
    }
    if let Some(successful) = run.pointer_mut(SUCCESS) {
        *successful = json!(success);
    }
    // What was JSON stays JSON.
    let text = serde_json::to_string_pretty(&log).unwrap_or_default();
    format!("{text}\n")
}

fn list(value: Option<&mut Value>) -> Vec<Value> {
    match value.map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn is_fault(notification: &Value) -> bool {
    notification["level"] == "error"
}

/// The path of the file that a result or notification is about.
fn path_of(told: &Value) -> String {
    let uri = told.pointer("/locations/0/physicalLocation/artifactLocation/uri").and_then(Value::as_str);
    paths::unescaped(uri.unwrap_or_default())
}
