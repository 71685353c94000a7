//! What the program does with threads, locks, channels, flags and ownership: all that a rule may ask.
//!
//! Invariants: rules see this layer and the types of the model, never syntax trees of their own making; a fact that cannot
//! be established is absent; everything is computed at most once and on demand, from any thread.

mod awaited;
mod callbacks;
mod callers;
mod comments;
mod context;
mod cuts;
mod discards;
mod drop_signals;
mod effects;
mod entry;
mod exec;
mod fate;
mod flags;
mod flows;
mod guards;
mod handles;
mod keepalive;
mod last_acts;
mod lifetime;
mod links;
mod objects;
mod ownership;
mod panics;
mod place;
mod plain_flags;
mod raw_locks;
mod roles;
mod self_joins;
mod shares;
mod shutdowns;
mod spawns;
mod stop_signals;
mod threads;
mod torn;
mod writes;

pub use awaited::Completion;
pub use callbacks::CallbackCycle;
pub use context::{Analysis, Context};
pub use discards::{Discarded, DiscardedGuard};
pub use drop_signals::Signal;
pub use effects::{Effects, type_effects, word};
pub use entry::Entry;
pub use exec::{Execution, ExitKind, LoopFacts, Step, StepKind, World};
pub use fate::{DropKind, Fate, FateEnd};
pub use flags::FlagLife;
pub use guards::{Guard, Guards, Mode, Poison};
pub use handles::{DroppedOwner, HandleShape, Loss, LostHandle, SkippedJoin};
pub use keepalive::Keepalive;
pub use links::{ClosedRing, Link, Proof};
pub use ownership::{Ownership, Owns, Ring};
pub use panics::{PanicCause, PanicSite};
pub use place::Place;
pub use raw_locks::{Hold, HoldKind, SkippedExit};
pub use roles::{HandleKind, Roles};
pub use self_joins::{OwnedBy, SelfJoin};
pub use shutdowns::AbandonedThread;
pub use spawns::{HandleSite, Spawn, SpawnKind};
pub use stop_signals::StopSignal;
pub use threads::Thread;
pub use torn::{ErrorExit, Torn};
pub use writes::{ParamIndex, State, Write, WriteKind};
