//! The catalogue's files, compiled in as text, and which of them a run needs.

use crate::settings::Settings;
use crate::syntax::{self, FileIr};
use crate::workspace::{DependencyTarget, TargetKind, Workspace};
use rayon::prelude::*;
use std::sync::Arc;

macro_rules! libraries {
    ($($name:literal,)*) => {
        /// Library and stubs, by the name of the library in paths.
        static LIBRARIES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../catalog/", $name, ".rs"))),)*];
    };
}

libraries! {
    "std",
    "arc_swap",
    "async_channel",
    "async_lock",
    "async_std",
    "crossbeam",
    "crossbeam_channel",
    "crossbeam_deque",
    "crossbeam_queue",
    "crossbeam_utils",
    "ctrlc",
    "dashmap",
    "flume",
    "fs2",
    "fs4",
    "futures",
    "libc",
    "lock_api",
    "loom",
    "mio",
    "nix",
    "num_cpus",
    "once_cell",
    "parking_lot",
    "rayon",
    "signal_hook",
    "smol",
    "socket2",
    "spin",
    "threadpool",
    "tokio",
    "tokio_util",
}

/// The libraries that a workspace can name, parsed: `std`, its dependencies, and those they re-export.
pub(crate) fn load(workspace: &Workspace, settings: &Settings) -> Vec<(String, Arc<FileIr>)> {
    let everything = workspace.crates.iter().any(|krate| krate.kind == TargetKind::Loose);
    let named = |library: &str| {
        workspace.crates.iter().flat_map(|krate| &krate.dependencies).any(|dependency| match &dependency.target {
            DependencyTarget::External(name) => name == library,
            DependencyTarget::Workspace(_) => false,
        })
    };
    let mut wanted: Vec<bool> = LIBRARIES.iter().map(|(name, _)| everything || *name == "std" || named(name)).collect();
    for _ in 0..3 {
        for other in 0..LIBRARIES.len() {
            let path = format!("::{}", LIBRARIES[other].0);
            let reexported = LIBRARIES.iter().zip(&wanted).any(|((_, text), on)| *on && text.contains(&path));
            wanted[other] |= reexported && LIBRARIES[other].0 != "std";
        }
    }
    let chosen: Vec<&(&str, &str)> =
        LIBRARIES.iter().zip(&wanted).filter(|(_, on)| **on).map(|(library, _)| library).collect();
    let own = chosen.par_iter().map(|(name, text)| {
        let ir = syntax::parse(text).unwrap_or_default();
        ((*name).to_owned(), Arc::new(ir))
    });
    let mut libraries: Vec<(String, Arc<FileIr>)> = own.collect();
    libraries.extend(settings.stubs.iter().cloned());
    libraries
}
