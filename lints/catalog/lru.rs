//! lru.

use std::iter::Iter;

#[effect(collection)]
pub struct LruCache<K, V, S = DefaultHasher>(K, V);
pub struct DefaultHasher;
impl<K, V> LruCache<K, V> {
    pub fn new<C>(cap: C) -> LruCache<K, V> {}
    pub fn unbounded() -> LruCache<K, V> {}
}
impl<K, V, S> LruCache<K, V, S> {
    pub fn with_hasher<C>(cap: C, hash_builder: S) -> LruCache<K, V, S> {}
    #[effect(puts(1), takes)]
    pub fn put(&mut self, k: K, v: V) -> Option<V> {}
    #[effect(puts(1), takes)]
    pub fn push(&mut self, k: K, v: V) -> Option<(K, V)> {}
    #[effect(elements)]
    pub fn get<Q: ?Sized>(&mut self, k: &Q) -> Option<&V> {}
    #[effect(elements)]
    pub fn get_mut<Q: ?Sized>(&mut self, k: &Q) -> Option<&mut V> {}
    #[effect(puts_result(1), elements)]
    pub fn get_or_insert<F: FnOnce() -> V>(&mut self, k: K, f: F) -> &V {}
    #[effect(puts_result(1), elements)]
    pub fn get_or_insert_mut<F: FnOnce() -> V>(&mut self, k: K, f: F) -> &mut V {}
    #[effect(elements)]
    pub fn peek<Q: ?Sized>(&self, k: &Q) -> Option<&V> {}
    #[effect(elements)]
    pub fn peek_mut<Q: ?Sized>(&mut self, k: &Q) -> Option<&mut V> {}
    #[effect(elements)]
    pub fn peek_lru(&self) -> Option<(&K, &V)> {}
    pub fn contains<Q: ?Sized>(&self, k: &Q) -> bool {}
    #[effect(takes)]
    pub fn pop<Q: ?Sized>(&mut self, k: &Q) -> Option<V> {}
    #[effect(takes)]
    pub fn pop_entry<Q: ?Sized>(&mut self, k: &Q) -> Option<(K, V)> {}
    #[effect(takes)]
    pub fn pop_lru(&mut self) -> Option<(K, V)> {}
    pub fn promote<Q: ?Sized>(&mut self, k: &Q) -> bool {}
    pub fn len(&self) -> usize {}
    pub fn is_empty(&self) -> bool {}
    pub fn cap(&self) -> usize {}
    #[effect(clears)]
    pub fn resize<C>(&mut self, cap: C) {}
    #[effect(clears)]
    pub fn clear(&mut self) {}
    #[effect(elements)]
    pub fn iter(&self) -> Iter<(&K, &V)> {}
    #[effect(elements)]
    pub fn iter_mut(&mut self) -> Iter<(&K, &mut V)> {}
}
impl<K, V, S> IntoIterator for LruCache<K, V, S> {
    type Item = (K, V);
    type IntoIter = Iter<(K, V)>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<(K, V)> {}
}
impl<K, V, S> IntoIterator for &LruCache<K, V, S> {
    type Item = (&K, &V);
    type IntoIter = Iter<(&K, &V)>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<(&K, &V)> {}
}
