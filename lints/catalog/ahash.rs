//! ahash.

pub type AHashMap<K, V, S = RandomState> = std::collections::HashMap<K, V, S>;
pub type AHashSet<T, S = RandomState> = std::collections::HashSet<T, S>;
pub type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;
pub type HashSet<T> = std::collections::HashSet<T, RandomState>;
pub struct RandomState;
impl RandomState {
    pub fn new() -> RandomState {}
}
impl Default for RandomState {
    fn default() -> RandomState {}
}
pub struct AHasher;
