//! Many `FileIr` to one [`Program`]: module tree, names, types, bodies, flow graphs.
//!
//! Invariants: nothing here knows a library, a lint or a word of the catalogue beyond the language items of
//! [`lang::Lang`]; what cannot be resolved is `Unknown`, never a guess; every table is filled in an order that the input
//! alone decides.

pub(crate) mod asked;
mod cfgs;
mod display;
mod exports;
pub mod flow;
mod infer;
mod lang;
mod lookup;
mod program;
mod resolve;
mod rivals;
mod signature;
mod tree;
mod ty;

pub use asked::Asked;
pub use display::ShownTy;
pub use exports::Exports;
pub use infer::{FieldRef, Inference, ValueRef};
pub use lang::Lang;
pub use program::{BodyHead, BodyId, BodyRef, Def, DefData, DefId, ModuleId, Program, UnitId};
pub use resolve::Namespace;
pub use signature::{FnSignature, ImplHeader};
pub use tree::{BodyTree, Parent, PatParent};
pub use ty::{Bound, FnTy, Prim, Projection, Ty, Tys};
