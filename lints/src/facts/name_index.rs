//! Which bodies mention a name, and which may call something of it.

use super::context::Context;
use crate::model::{BodyHead, BodyId, BodyRef, DefId, Program};
use crate::source::Name;
use rayon::prelude::*;

/// One name in one body, in the order of name and body; whether the body may call it.
pub(super) type NameIndex = Vec<(Name, BodyId, bool)>;

fn collect(program: &Program<'_>) -> NameIndex {
    let heads: Vec<BodyHead<'_>> = program.user_bodies().collect();
    let mut index: NameIndex = heads
        .par_iter()
        .flat_map_iter(|head| {
            head.names().iter().map(|name| (*name, head.id, head.called().binary_search(name).is_ok()))
        })
        .collect();
    index.par_sort_unstable();
    index
}

impl<'a> Context<'a> {
    /// The user's bodies that mention one of the names, in order.
    pub fn bodies_mentioning(&self, names: &[Name]) -> impl Iterator<Item = BodyRef<'a>> + use<'a> {
        self.heads_with(names, false).map(BodyHead::read)
    }

    /// The user's bodies that may call a function of one of the names, in order.
    pub fn bodies_calling(&self, names: &[Name]) -> impl Iterator<Item = BodyRef<'a>> + use<'a> {
        self.heads_with(names, true).map(BodyHead::read)
    }

    /// The user's bodies that may call one of the user's functions, in order.
    pub(super) fn bodies_calling_any(&self, functions: &[DefId]) -> impl Iterator<Item = BodyRef<'a>> + use<'a> {
        self.heads_calling_any(functions).into_iter().map(BodyHead::read)
    }

    /// The heads of the user's bodies that may call one of the user's functions, in order.
    pub(super) fn heads_calling_any(&self, functions: &[DefId]) -> Vec<BodyHead<'a>> {
        let mut heads: Vec<BodyHead<'a>> =
            functions.iter().flat_map(|function| self.heads_calling(*function)).collect();
        heads.sort_unstable_by_key(|head| head.id);
        heads.dedup_by_key(|head| head.id);
        heads
    }

    /// The heads of the user's bodies with one of the names, in order; where `called`, of those that may call it.
    pub(super) fn heads_with(&self, names: &[Name], called: bool) -> impl Iterator<Item = BodyHead<'a>> + use<'a> {
        let program: &'a Program<'a> = self.program;
        let index = self.name_index.get_or_init(|| collect(program));
        let mut bodies: Vec<BodyId> = Vec::new();
        for name in names {
            program.asked.add(*name);
            let first = index.partition_point(|(other, ..)| other < name);
            let entries = index.iter().skip(first).take_while(|(other, ..)| other == name);
            bodies.extend(entries.filter(|(.., may_call)| *may_call || !called).map(|(_, body, _)| *body));
        }
        if names.len() > 1 {
            bodies.sort_unstable();
            bodies.dedup();
        }
        bodies.into_iter().map(|body| program.body_head(body))
    }
}
