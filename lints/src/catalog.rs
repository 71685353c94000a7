//! The catalogue, parsed when this crate was built, and which of its libraries a run needs.

use crate::settings::Settings;
use crate::stub::Stub;
use crate::syntax::FileIr;
use crate::workspace::{DependencyTarget, TargetKind, Workspace};
use rayon::prelude::*;
use std::sync::Arc;

/// A library as the build script leaves it.
struct Library {
    /// Its name in paths.
    name: &'static str,
    /// The other libraries that its file names.
    reexports: &'static [&'static str],
    /// Its `FileIr`, encoded.
    data: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// The libraries that a workspace can name: `std`, its dependencies, those they re-export, and the user's own stubs.
pub fn load(workspace: &Workspace, settings: &Settings) -> Vec<(String, Arc<FileIr>)> {
    let everything = workspace.crates.iter().any(|krate| krate.kind == TargetKind::Loose);
    let named = |library: &str| {
        workspace.crates.iter().flat_map(|krate| &krate.dependencies).any(|dependency| match &dependency.target {
            DependencyTarget::External(name) => name == library,
            DependencyTarget::Workspace(_) => false,
        })
    };
    let stubs: Vec<&Stub> = settings.stubs.iter().filter(|stub| everything || named(&stub.name)).collect();
    let mut wanted: Vec<&str> = LIBRARIES
        .iter()
        .map(|library| library.name)
        .filter(|name| everything || *name == "std" || named(name) || stubs.iter().any(|stub| stub.mentions(name)))
        .collect();
    let mut next = 0;
    while let Some(library) = wanted.get(next).and_then(|name| LIBRARIES.iter().find(|library| library.name == *name)) {
        let new: Vec<&str> = library.reexports.iter().copied().filter(|name| !wanted.contains(name)).collect();
        wanted.extend(new);
        next += 1;
    }
    let replaced = |name: &str| stubs.iter().any(|stub| stub.name == name);
    let chosen: Vec<&Library> =
        LIBRARIES.iter().filter(|library| wanted.contains(&library.name) && !replaced(library.name)).collect();
    let mut libraries: Vec<(String, Arc<FileIr>)> = chosen
        .par_iter()
        .map(|library| {
            // The build script wrote it with the same types: a test decodes every one.
            let ir: FileIr = postcard::from_bytes(library.data).unwrap_or_default();
            (library.name.to_owned(), Arc::new(ir))
        })
        .collect();
    libraries.extend(stubs.iter().map(|stub| (stub.name.clone(), Arc::clone(&stub.ir))));
    libraries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_library_decodes() {
        assert_eq!(LIBRARIES.first().map(|library| library.name), Some("std"));
        for library in LIBRARIES {
            let ir: Result<FileIr, _> = postcard::from_bytes(library.data);
            assert!(ir.is_ok_and(|ir| !ir.items.is_empty()), "{}", library.name);
        }
    }
}
