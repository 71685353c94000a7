//! smallvec: a `Vec` that keeps its first elements in place.

use std::iter::Iter;
use std::ops::{Deref, DerefMut};

pub trait Array {
    type Item;
}
impl<T, const N: usize> Array for [T; N] {
    type Item = T;
}
pub type IntoIter<A> = Iter<<A as Array>::Item>;
pub type Drain<A> = Iter<<A as Array>::Item>;

#[effect(collection)]
pub struct SmallVec<A>(A);
impl<T, const N: usize> SmallVec<[T; N]> {
    pub fn new() -> SmallVec<[T; N]> {}
    pub fn with_capacity(n: usize) -> SmallVec<[T; N]> {}
    pub fn from_vec(vec: Vec<T>) -> SmallVec<[T; N]> {}
    pub fn from_buf(buf: [T; N]) -> SmallVec<[T; N]> {}
    pub fn from_slice(slice: &[T]) -> SmallVec<[T; N]> {}
    pub fn from_elem(elem: T, n: usize) -> SmallVec<[T; N]> {}
    pub fn capacity(&self) -> usize {}
    pub fn spilled(&self) -> bool {}
    pub fn reserve(&mut self, additional: usize) {}
    pub fn shrink_to_fit(&mut self) {}
    #[effect(takes)]
    pub fn drain<R>(&mut self, range: R) -> Iter<T> {}
    #[effect(puts(0))]
    pub fn push(&mut self, value: T) {}
    #[effect(takes)]
    pub fn pop(&mut self) -> Option<T> {}
    #[effect(clears)]
    pub fn truncate(&mut self, len: usize) {}
    #[effect(aliases)]
    pub fn as_slice(&self) -> &[T] {}
    #[effect(aliases)]
    pub fn as_mut_slice(&mut self) -> &mut [T] {}
    #[effect(takes, panics)]
    pub fn swap_remove(&mut self, index: usize) -> T {}
    #[effect(clears)]
    pub fn clear(&mut self) {}
    #[effect(takes, panics)]
    pub fn remove(&mut self, index: usize) -> T {}
    #[effect(puts(1), panics)]
    pub fn insert(&mut self, index: usize, element: T) {}
    pub fn insert_many<I: IntoIterator<Item = T>>(&mut self, index: usize, iterable: I) {}
    #[effect(puts(0))]
    pub fn append(&mut self, other: &mut SmallVec<[T; N]>) {}
    pub fn extend_from_slice(&mut self, slice: &[T]) {}
    pub fn resize(&mut self, len: usize, value: T) {}
    pub fn into_vec(self) -> Vec<T> {}
    pub fn into_boxed_slice(self) -> Box<[T]> {}
    pub fn into_inner(self) -> Result<[T; N], SmallVec<[T; N]>> {}
    #[effect(clears)]
    pub fn retain<F: FnMut(&mut T) -> bool>(&mut self, f: F) {}
    #[effect(clears)]
    pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F) {}
    pub fn dedup(&mut self) {}
}
impl<T, const N: usize> Deref for SmallVec<[T; N]> {
    type Target = [T];
}
impl<T, const N: usize> DerefMut for SmallVec<[T; N]> {}
impl<T, const N: usize> Default for SmallVec<[T; N]> {
    fn default() -> SmallVec<[T; N]> {}
}
impl<A> Clone for SmallVec<A> {
    fn clone(&self) -> Self {}
}
impl<T, const N: usize> From<Vec<T>> for SmallVec<[T; N]> {
    fn from(vec: Vec<T>) -> SmallVec<[T; N]> {}
}
impl<T, const N: usize> FromIterator<T> for SmallVec<[T; N]> {}
impl<T, const N: usize> Extend<T> for SmallVec<[T; N]> {}
impl<T, const N: usize> IntoIterator for SmallVec<[T; N]> {
    type Item = T;
    type IntoIter = Iter<T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<T> {}
}
impl<T, const N: usize> IntoIterator for &SmallVec<[T; N]> {
    type Item = &T;
    type IntoIter = Iter<&T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<&T> {}
}
impl<T, const N: usize> IntoIterator for &mut SmallVec<[T; N]> {
    type Item = &mut T;
    type IntoIter = Iter<&mut T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<&mut T> {}
}
