//! arrayvec.

use std::iter::Iter;
use std::ops::{Deref, DerefMut};

pub type IntoIter<T, const N: usize> = Iter<T>;
pub type Drain<T, const N: usize> = Iter<T>;

#[effect(collection)]
pub struct ArrayVec<T, const N: usize>(T);
impl<T, const N: usize> ArrayVec<T, N> {
    pub fn new() -> ArrayVec<T, N> {}
    pub fn capacity(&self) -> usize {}
    pub fn is_full(&self) -> bool {}
    pub fn remaining_capacity(&self) -> usize {}
    #[effect(puts(0), panics)]
    pub fn push(&mut self, element: T) {}
    #[effect(puts(0))]
    pub fn try_push(&mut self, element: T) -> Result<(), CapacityError<T>> {}
    #[effect(clears)]
    pub fn truncate(&mut self, new_len: usize) {}
    #[effect(clears)]
    pub fn clear(&mut self) {}
    #[effect(puts(1), panics)]
    pub fn insert(&mut self, index: usize, element: T) {}
    #[effect(puts(1))]
    pub fn try_insert(&mut self, index: usize, element: T) -> Result<(), CapacityError<T>> {}
    #[effect(takes)]
    pub fn pop(&mut self) -> Option<T> {}
    #[effect(takes, panics)]
    pub fn swap_remove(&mut self, index: usize) -> T {}
    #[effect(takes)]
    pub fn swap_pop(&mut self, index: usize) -> Option<T> {}
    #[effect(takes, panics)]
    pub fn remove(&mut self, index: usize) -> T {}
    #[effect(takes)]
    pub fn pop_at(&mut self, index: usize) -> Option<T> {}
    #[effect(clears)]
    pub fn retain<F: FnMut(&mut T) -> bool>(&mut self, f: F) {}
    #[effect(takes)]
    pub fn drain<R>(&mut self, range: R) -> Iter<T> {}
    pub fn into_inner(self) -> Result<[T; N], ArrayVec<T, N>> {}
    #[effect(takes)]
    pub fn take(&mut self) -> ArrayVec<T, N> {}
    #[effect(aliases)]
    pub fn as_slice(&self) -> &[T] {}
    #[effect(aliases)]
    pub fn as_mut_slice(&mut self) -> &mut [T] {}
}
impl<T, const N: usize> Deref for ArrayVec<T, N> {
    type Target = [T];
}
impl<T, const N: usize> DerefMut for ArrayVec<T, N> {}
impl<T, const N: usize> Default for ArrayVec<T, N> {
    fn default() -> ArrayVec<T, N> {}
}
impl<T, const N: usize> Clone for ArrayVec<T, N> {
    fn clone(&self) -> Self {}
}
impl<T, const N: usize> FromIterator<T> for ArrayVec<T, N> {}
impl<T, const N: usize> Extend<T> for ArrayVec<T, N> {}
impl<T, const N: usize> IntoIterator for ArrayVec<T, N> {
    type Item = T;
    type IntoIter = Iter<T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<T> {}
}
impl<T, const N: usize> IntoIterator for &ArrayVec<T, N> {
    type Item = &T;
    type IntoIter = Iter<&T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<&T> {}
}
impl<T, const N: usize> IntoIterator for &mut ArrayVec<T, N> {
    type Item = &mut T;
    type IntoIter = Iter<&mut T>;
    #[effect(elements)]
    fn into_iter(self) -> Iter<&mut T> {}
}
pub struct CapacityError<T = ()>(T);
impl<T> CapacityError<T> {
    pub fn element(self) -> T {}
}
