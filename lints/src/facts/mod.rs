//! What the program does with threads, locks, channels, flags and ownership: all that a rule may ask.
//!
//! Invariants: rules see this layer and the types of the model, never syntax trees of their own making; a fact that cannot
//! be established is absent; everything is computed at most once and on demand, from any thread.

mod context;
mod effects;
mod entry;
mod fate;
mod roles;
mod spawns;

pub use context::{Analysis, Context};
pub use effects::{Effects, type_effects, word};
pub use entry::Entry;
pub use fate::{DropKind, Fate, FateEnd};
pub use roles::{HandleKind, Roles};
pub use spawns::{HandleSite, Spawn, SpawnKind};
