//! slab.

use std::iter::Iter;

#[effect(collection)]
pub struct Slab<T>(T);
impl<T> Slab<T> {
    pub fn new() -> Slab<T> {}
    pub fn with_capacity(capacity: usize) -> Slab<T> {}
    pub fn capacity(&self) -> usize {}
    pub fn reserve(&mut self, additional: usize) {}
    pub fn shrink_to_fit(&mut self) {}
    #[effect(clears)]
    pub fn clear(&mut self) {}
    pub fn len(&self) -> usize {}
    pub fn is_empty(&self) -> bool {}
    #[effect(elements)]
    pub fn iter(&self) -> Iter<(usize, &T)> {}
    #[effect(elements)]
    pub fn iter_mut(&mut self) -> Iter<(usize, &mut T)> {}
    #[effect(elements)]
    pub fn get(&self, key: usize) -> Option<&T> {}
    #[effect(elements)]
    pub fn get_mut(&mut self, key: usize) -> Option<&mut T> {}
    #[effect(puts(0))]
    pub fn insert(&mut self, val: T) -> usize {}
    pub fn vacant_key(&self) -> usize {}
    #[effect(aliases)]
    pub fn vacant_entry(&mut self) -> VacantEntry<T> {}
    #[effect(takes)]
    pub fn try_remove(&mut self, key: usize) -> Option<T> {}
    #[effect(takes, panics)]
    pub fn remove(&mut self, key: usize) -> T {}
    pub fn contains(&self, key: usize) -> bool {}
    #[effect(clears)]
    pub fn retain<F: FnMut(usize, &mut T) -> bool>(&mut self, f: F) {}
    #[effect(takes)]
    pub fn drain(&mut self) -> Iter<T> {}
}
impl<T> std::ops::Index<usize> for Slab<T> {
    type Output = T;
}
impl<T> Default for Slab<T> {
    fn default() -> Slab<T> {}
}
impl<T> Clone for Slab<T> {
    fn clone(&self) -> Self {}
}
impl<T> FromIterator<(usize, T)> for Slab<T> {}
impl<T> IntoIterator for Slab<T> {
    type Item = (usize, T);
    type IntoIter = Iter<(usize, T)>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<(usize, T)> {}
}
impl<T> IntoIterator for &Slab<T> {
    type Item = (usize, &T);
    type IntoIter = Iter<(usize, &T)>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<(usize, &T)> {}
}
impl<T> IntoIterator for &mut Slab<T> {
    type Item = (usize, &mut T);
    type IntoIter = Iter<(usize, &mut T)>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<(usize, &mut T)> {}
}
pub struct VacantEntry<T>(T);
impl<T> VacantEntry<T> {
    #[effect(puts(0), aliases)]
    pub fn insert(self, val: T) -> &mut T {}
    pub fn key(&self) -> usize {}
}
