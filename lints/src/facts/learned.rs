//! What was learned of each body, for the next program that has the same.

use super::flows::BodyFlows;
use crate::model::{BodyId, BodyTree, DefId, Inference, Program};
use crate::source::FileId;
use crate::syntax::ir::ExprId;
use std::sync::Arc;

/// What was learned of the bodies of a program, by their numbers.
///
/// It holds no positions: of a body whose text stands elsewhere now it holds too, as long as nothing is declared otherwise anywhere.
#[derive(Debug, Default)]
pub struct Learned {
    bodies: Vec<Option<BodyNotes>>,
}

/// What was learned of one body.
#[derive(Clone, Debug)]
pub(super) struct BodyNotes {
    pub(super) types: Arc<Inference>,
    pub(super) tree: Arc<BodyTree>,
    pub(super) calls: Arc<[(ExprId, DefId)]>,
    pub(super) flows: Option<Arc<BodyFlows>>,
}

impl Learned {
    /// What holds of a program with the same items and bodies.
    pub(super) fn holding(
        self,
        program: &Program<'_>,
        holds: impl Fn(FileId, usize) -> bool,
    ) -> Vec<Option<BodyNotes>> {
        let mut bodies = self.bodies;
        bodies.truncate(program.body_count());
        for (index, notes) in bodies.iter_mut().enumerate().filter(|(_, notes)| notes.is_some()) {
            let (file, place) = program.place_of_body(BodyId(index as u32));
            if !holds(file, place) {
                *notes = None;
            }
        }
        bodies
    }
}

impl FromIterator<Option<BodyNotes>> for Learned {
    fn from_iter<T: IntoIterator<Item = Option<BodyNotes>>>(bodies: T) -> Learned {
        Learned { bodies: bodies.into_iter().collect() }
    }
}
