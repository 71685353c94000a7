//! atomic_refcell: a `RefCell` for threads; a second borrow panics, nothing waits.

use std::ops::{Deref, DerefMut};

#[effect(interior)]
pub struct AtomicRefCell<T: ?Sized>(T);
impl<T> AtomicRefCell<T> {
    pub fn new(value: T) -> AtomicRefCell<T> {}
    pub fn into_inner(self) -> T {}
}
impl<T: ?Sized> AtomicRefCell<T> {
    #[effect(panics)]
    pub fn borrow(&self) -> AtomicRef<T> {}
    pub fn try_borrow(&self) -> Result<AtomicRef<T>, BorrowError> {}
    #[effect(panics)]
    pub fn borrow_mut(&self) -> AtomicRefMut<T> {}
    pub fn try_borrow_mut(&self) -> Result<AtomicRefMut<T>, BorrowMutError> {}
    #[effect(aliases)]
    pub fn get_mut(&mut self) -> &mut T {}
}
pub struct AtomicRef<T: ?Sized>(T);
impl<T: ?Sized> Deref for AtomicRef<T> {
    type Target = T;
}
pub struct AtomicRefMut<T: ?Sized>(T);
impl<T: ?Sized> Deref for AtomicRefMut<T> {
    type Target = T;
}
impl<T: ?Sized> DerefMut for AtomicRefMut<T> {}
pub struct BorrowError;
pub struct BorrowMutError;
