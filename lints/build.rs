//! Reads the catalogue with the analyser's own parser and writes it down as data, so that no run pays for parsing it.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "the modules are the library's, used in part"
)]

use quote::quote;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

#[path = "src/source/mod.rs"]
mod source;
#[path = "src/syntax/mod.rs"]
mod syntax;

use syntax::ir::{ItemKind, LocalBodyId};
use syntax::{BodySlot, FileIr};

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["catalog", "src/source", "src/syntax"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let files = catalogue()?;
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    let mut entries = Vec::new();
    for (name, path) in &files {
        let text = fs::read_to_string(path)?;
        let data = lowered(path, &text)?;
        let target = out.join(format!("{name}.catalog"));
        fs::write(&target, data)?;
        let target = target.to_str().ok_or("the output folder's path is not UTF-8")?;
        let reexports = names.iter().filter(|other| text.contains(&format!("::{other}")) && *other != "std");
        entries.push(quote! {
            Library { name: #name, reexports: &[#(#reexports),*], data: include_bytes!(#target) }
        });
    }
    let list = quote! {
        /// The libraries of the catalogue, `std` first.
        static LIBRARIES: &[Library] = &[#(#entries),*];
    };
    fs::write(out.join("catalog.rs"), list.to_string())?;
    Ok(())
}

/// The files of the catalogue by the name of their library, `std` first.
fn catalogue() -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir("catalog")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            files.push((name.to_owned(), path.clone()));
        }
    }
    files.sort_by_key(|(name, _)| (name != "std", name.clone()));
    Ok(files)
}

/// The file as `FileIr`, encoded; its comments speak to people only.
fn lowered(path: &Path, text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = text.to_owned();
    let parser = thread::Builder::new().stack_size(syntax::STACK_SIZE).spawn(move || {
        let parsed = syntax::parse(&text);
        parsed.map_err(|problem| problem.reason).and_then(|mut ir| {
            ir.comments.clear();
            drop_empty_bodies(&mut ir);
            postcard::to_allocvec(&ir).map_err(|error| error.to_string())
        })
    })?;
    match parser.join() {
        Ok(outcome) => outcome.map_err(|reason| format!("{}: {reason}", path.display()).into()),
        Err(_) => Err(format!("{}: the parser panicked", path.display()).into()),
    }
}

/// A stub's body says nothing, but that a trait's function has one: the others need not be read at each start.
fn drop_empty_bodies(ir: &mut FileIr) {
    let mut kept = Vec::new();
    let mut bodies: Vec<Option<BodySlot>> = std::mem::take(&mut ir.bodies).into_iter().map(Some).collect();
    let in_trait: Vec<bool> = ir
        .items
        .iter()
        .map(|item| item.parent.is_some_and(|parent| matches!(ir.items[parent.index()].kind, ItemKind::Trait(_))))
        .collect();
    for (item, in_trait) in ir.items.iter_mut().zip(in_trait) {
        let body = match &mut item.kind {
            ItemKind::Function(function) if in_trait => &mut function.body,
            ItemKind::Function(function) => {
                function.body = None;
                continue;
            }
            ItemKind::Const(constant) | ItemKind::Static(constant) => &mut constant.body,
            _ => continue,
        };
        if let Some(id) = body
            && let Some(slot) = bodies[id.index()].take()
        {
            *id = LocalBodyId(kept.len() as u32);
            kept.push(slot);
        }
    }
    ir.bodies = kept;
}
