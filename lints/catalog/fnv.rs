//! fnv.

pub type FnvHashMap<K, V> = std::collections::HashMap<K, V, FnvBuildHasher>;
pub type FnvHashSet<T> = std::collections::HashSet<T, FnvBuildHasher>;
pub struct FnvBuildHasher;
impl Default for FnvBuildHasher {
    fn default() -> FnvBuildHasher {}
}
pub struct FnvHasher;
