//! indexmap.

pub use self::map::IndexMap;
pub use self::set::IndexSet;

pub mod map {
    use std::iter::Iter as AnyIter;

    pub type Iter<K, V> = AnyIter<(&K, &V)>;
    pub type IterMut<K, V> = AnyIter<(&K, &mut V)>;
    pub type IntoIter<K, V> = AnyIter<(K, V)>;
    pub type Keys<K, V> = AnyIter<&K>;
    pub type Values<K, V> = AnyIter<&V>;
    pub type ValuesMut<K, V> = AnyIter<&mut V>;
    pub type Drain<K, V> = AnyIter<(K, V)>;

    #[effect(collection)]
    pub struct IndexMap<K, V, S = RandomState>(K, V);
    impl<K, V> IndexMap<K, V> {
        pub fn new() -> IndexMap<K, V> {}
        pub fn with_capacity(capacity: usize) -> IndexMap<K, V> {}
        pub fn reserve(&mut self, additional: usize) {}
        pub fn shrink_to_fit(&mut self) {}
    }
    pub struct RandomState;
    pub struct DefaultHasher;
    impl<K, V, S> IndexMap<K, V, S> {
        pub fn with_hasher(hash_builder: S) -> IndexMap<K, V, S> {}
        pub fn with_capacity_and_hasher(capacity: usize, hash_builder: S) -> IndexMap<K, V, S> {}
    }
    impl<K, V, S> IndexMap<K, V, S> {
        #[effect(elements)]
        pub fn keys(&self) -> AnyIter<&K> {}
        pub fn into_keys(self) -> AnyIter<K> {}
        #[effect(elements)]
        pub fn values(&self) -> AnyIter<&V> {}
        #[effect(elements)]
        pub fn values_mut(&mut self) -> AnyIter<&mut V> {}
        #[effect(elements)]
        pub fn into_values(self) -> AnyIter<V> {}
        #[effect(elements)]
        pub fn iter(&self) -> AnyIter<(&K, &V)> {}
        #[effect(elements)]
        pub fn iter_mut(&mut self) -> AnyIter<(&K, &mut V)> {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        #[effect(takes)]
        pub fn drain(&mut self) -> AnyIter<(K, V)> {}
        #[effect(takes)]
        pub fn extract_if<F: FnMut(&K, &mut V) -> bool>(&mut self, pred: F) -> AnyIter<(K, V)> {}
        #[effect(clears)]
        pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F) {}
        #[effect(clears)]
        pub fn clear(&mut self) {}
        #[effect(aliases)]
        pub fn entry(&mut self, key: K) -> Entry<K, V> {}
        #[effect(elements)]
        pub fn get<Q: ?Sized>(&self, k: &Q) -> Option<&V> {}
        #[effect(elements)]
        pub fn get_key_value<Q: ?Sized>(&self, k: &Q) -> Option<(&K, &V)> {}
        pub fn contains_key<Q: ?Sized>(&self, k: &Q) -> bool {}
        #[effect(elements)]
        pub fn get_mut<Q: ?Sized>(&mut self, k: &Q) -> Option<&mut V> {}
        #[effect(puts(1), takes)]
        pub fn insert(&mut self, k: K, v: V) -> Option<V> {}
        #[effect(takes)]
        pub fn remove<Q: ?Sized>(&mut self, k: &Q) -> Option<V> {}
        #[effect(takes)]
        pub fn remove_entry<Q: ?Sized>(&mut self, k: &Q) -> Option<(K, V)> {}
        #[effect(puts(1), takes)]
        pub fn insert_full(&mut self, key: K, value: V) -> (usize, Option<V>) {}
        #[effect(puts(2), takes, panics)]
        pub fn shift_insert(&mut self, index: usize, key: K, value: V) -> Option<V> {}
        #[effect(elements)]
        pub fn get_full<Q: ?Sized>(&self, key: &Q) -> Option<(usize, &K, &V)> {}
        pub fn get_index_of<Q: ?Sized>(&self, key: &Q) -> Option<usize> {}
        #[effect(elements)]
        pub fn get_index(&self, index: usize) -> Option<(&K, &V)> {}
        #[effect(elements)]
        pub fn get_index_mut(&mut self, index: usize) -> Option<(&K, &mut V)> {}
        #[effect(elements)]
        pub fn first(&self) -> Option<(&K, &V)> {}
        #[effect(elements)]
        pub fn first_mut(&mut self) -> Option<(&K, &mut V)> {}
        #[effect(elements)]
        pub fn last(&self) -> Option<(&K, &V)> {}
        #[effect(elements)]
        pub fn last_mut(&mut self) -> Option<(&K, &mut V)> {}
        #[effect(takes)]
        pub fn swap_remove<Q: ?Sized>(&mut self, key: &Q) -> Option<V> {}
        #[effect(takes)]
        pub fn swap_remove_entry<Q: ?Sized>(&mut self, key: &Q) -> Option<(K, V)> {}
        #[effect(takes)]
        pub fn swap_remove_index(&mut self, index: usize) -> Option<(K, V)> {}
        #[effect(takes)]
        pub fn shift_remove<Q: ?Sized>(&mut self, key: &Q) -> Option<V> {}
        #[effect(takes)]
        pub fn shift_remove_entry<Q: ?Sized>(&mut self, key: &Q) -> Option<(K, V)> {}
        #[effect(takes)]
        pub fn shift_remove_index(&mut self, index: usize) -> Option<(K, V)> {}
        #[effect(takes)]
        pub fn pop(&mut self) -> Option<(K, V)> {}
        #[effect(clears)]
        pub fn truncate(&mut self, len: usize) {}
        #[effect(takes, panics)]
        pub fn split_off(&mut self, at: usize) -> Self {}
        pub fn sort_keys(&mut self) {}
        pub fn reverse(&mut self) {}
    }
    impl<K, V, S, Q: ?Sized> std::ops::Index<&Q> for IndexMap<K, V, S> {
        type Output = V;
    }
    impl<K, V, S> Clone for IndexMap<K, V, S> {
        fn clone(&self) -> Self {}
    }
    impl<K, V, S> Default for IndexMap<K, V, S> {
        fn default() -> Self {}
    }
    impl<K, V, const N: usize> From<[(K, V); N]> for IndexMap<K, V> {
        fn from(arr: [(K, V); N]) -> IndexMap<K, V> {}
    }
    impl<K, V, S> FromIterator<(K, V)> for IndexMap<K, V, S> {}
    impl<K, V, S> Extend<(K, V)> for IndexMap<K, V, S> {}
    impl<K, V, S> IntoIterator for IndexMap<K, V, S> {
        type Item = (K, V);
        type IntoIter = AnyIter<(K, V)>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<(K, V)> {}
    }
    impl<K, V, S> IntoIterator for &IndexMap<K, V, S> {
        type Item = (&K, &V);
        type IntoIter = AnyIter<(&K, &V)>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<(&K, &V)> {}
    }
    impl<K, V, S> IntoIterator for &mut IndexMap<K, V, S> {
        type Item = (&K, &mut V);
        type IntoIter = AnyIter<(&K, &mut V)>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<(&K, &mut V)> {}
    }
    pub enum Entry<K, V> {
        Occupied(OccupiedEntry<K, V>),
        Vacant(VacantEntry<K, V>),
    }
    impl<K, V> Entry<K, V> {
        #[effect(puts(0), aliases)]
        pub fn or_insert(self, default: V) -> &mut V {}
        #[effect(puts_result(0), aliases)]
        pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &mut V {}
        #[effect(puts_result(0), aliases)]
        pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &mut V {}
        #[effect(aliases)]
        pub fn or_default(self) -> &mut V {}
        pub fn key(&self) -> &K {}
        #[effect(aliases)]
        pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Entry<K, V> {}
        #[effect(puts(0), aliases)]
        pub fn insert_entry(self, value: V) -> OccupiedEntry<K, V> {}
    }
    pub struct OccupiedEntry<K, V>(K, V);
    impl<K, V> OccupiedEntry<K, V> {
        pub fn key(&self) -> &K {}
        #[effect(takes)]
        pub fn remove_entry(self) -> (K, V) {}
        #[effect(aliases)]
        pub fn get(&self) -> &V {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut V {}
        #[effect(aliases)]
        pub fn into_mut(self) -> &mut V {}
        #[effect(puts(0), takes)]
        pub fn insert(&mut self, value: V) -> V {}
        #[effect(takes)]
        pub fn remove(self) -> V {}
    }
    pub struct VacantEntry<K, V>(K, V);
    impl<K, V> VacantEntry<K, V> {
        pub fn key(&self) -> &K {}
        pub fn into_key(self) -> K {}
        #[effect(puts(0), aliases)]
        pub fn insert(self, value: V) -> &mut V {}
    }
}

pub mod set {
    use super::map::RandomState;
    use std::iter::Iter as AnyIter;

    pub type Iter<T> = AnyIter<&T>;
    pub type IntoIter<T> = AnyIter<T>;
    pub type Drain<T> = AnyIter<T>;

    #[effect(collection)]
    pub struct IndexSet<T, S = RandomState>(T);
    impl<T> IndexSet<T> {
        pub fn new() -> IndexSet<T> {}
        pub fn with_capacity(capacity: usize) -> IndexSet<T> {}
        pub fn reserve(&mut self, additional: usize) {}
    }
    impl<T, S> IndexSet<T, S> {
        pub fn with_hasher(hasher: S) -> IndexSet<T, S> {}
        #[effect(takes)]
        pub fn drain(&mut self) -> AnyIter<T> {}
    }
    impl<T, S> IndexSet<T, S> {
        #[effect(elements)]
        pub fn iter(&self) -> AnyIter<&T> {}
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        #[effect(clears)]
        pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F) {}
        #[effect(clears)]
        pub fn clear(&mut self) {}
        pub fn difference(&self, other: &Self) -> AnyIter<&T> {}
        pub fn symmetric_difference(&self, other: &Self) -> AnyIter<&T> {}
        pub fn intersection(&self, other: &Self) -> AnyIter<&T> {}
        pub fn union(&self, other: &Self) -> AnyIter<&T> {}
        pub fn contains<Q: ?Sized>(&self, value: &Q) -> bool {}
        #[effect(elements)]
        pub fn get<Q: ?Sized>(&self, value: &Q) -> Option<&T> {}
        #[effect(puts(0))]
        pub fn insert(&mut self, value: T) -> bool {}
        #[effect(puts(0))]
        pub fn insert_full(&mut self, value: T) -> (usize, bool) {}
        #[effect(elements)]
        pub fn get_index(&self, index: usize) -> Option<&T> {}
        pub fn get_index_of<Q: ?Sized>(&self, value: &Q) -> Option<usize> {}
        #[effect(elements)]
        pub fn first(&self) -> Option<&T> {}
        #[effect(elements)]
        pub fn last(&self) -> Option<&T> {}
        #[effect(clears)]
        pub fn swap_remove<Q: ?Sized>(&mut self, value: &Q) -> bool {}
        #[effect(clears)]
        pub fn shift_remove<Q: ?Sized>(&mut self, value: &Q) -> bool {}
        #[effect(takes)]
        pub fn swap_take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> {}
        #[effect(takes)]
        pub fn shift_take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> {}
        #[effect(takes)]
        pub fn swap_remove_index(&mut self, index: usize) -> Option<T> {}
        #[effect(takes)]
        pub fn shift_remove_index(&mut self, index: usize) -> Option<T> {}
        #[effect(takes)]
        pub fn pop(&mut self) -> Option<T> {}
        #[effect(puts(0), takes)]
        pub fn replace(&mut self, value: T) -> Option<T> {}
        #[effect(clears)]
        pub fn remove<Q: ?Sized>(&mut self, value: &Q) -> bool {}
        #[effect(takes)]
        pub fn take<Q: ?Sized>(&mut self, value: &Q) -> Option<T> {}
        pub fn is_subset(&self, other: &Self) -> bool {}
        pub fn is_disjoint(&self, other: &Self) -> bool {}
    }
    impl<T, S> Clone for IndexSet<T, S> {
        fn clone(&self) -> Self {}
    }
    impl<T, S> Default for IndexSet<T, S> {
        fn default() -> Self {}
    }
    impl<T, const N: usize> From<[T; N]> for IndexSet<T> {
        fn from(arr: [T; N]) -> IndexSet<T> {}
    }
    impl<T, S> FromIterator<T> for IndexSet<T, S> {}
    impl<T, S> Extend<T> for IndexSet<T, S> {}
    impl<T, S> IntoIterator for IndexSet<T, S> {
        type Item = T;
        type IntoIter = AnyIter<T>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<T> {}
    }
    impl<T, S> IntoIterator for &IndexSet<T, S> {
        type Item = &T;
        type IntoIter = AnyIter<&T>;
        #[effect(elements)]
        fn into_iter(self) -> AnyIter<&T> {}
    }
}
