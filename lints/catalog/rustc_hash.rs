//! rustc-hash.

pub type FxHashMap<K, V> = std::collections::HashMap<K, V, FxBuildHasher>;
pub type FxHashSet<T> = std::collections::HashSet<T, FxBuildHasher>;
pub struct FxBuildHasher;
impl Default for FxBuildHasher {
    fn default() -> FxBuildHasher {}
}
pub struct FxHasher;
