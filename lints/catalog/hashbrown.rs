//! hashbrown: what std's tables are made of.

pub use std::collections::{hash_map, hash_set, HashMap, HashSet};
