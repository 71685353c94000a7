//! triomphe: an `Arc` without weak pointers.

use std::ops::Deref;

#[effect(strong)]
pub struct Arc<T: ?Sized>(T);
impl<T> Arc<T> {
    pub fn new(data: T) -> Arc<T> {}
    pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>> {}
}
impl<T: ?Sized> Arc<T> {
    pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {}
    pub fn strong_count(this: &Arc<T>) -> usize {}
    pub fn is_unique(&self) -> bool {}
    #[effect(aliases(0))]
    pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {}
    #[effect(aliases(0))]
    pub fn make_mut(this: &mut Arc<T>) -> &mut T {}
    #[effect(forgets(0))]
    pub fn into_raw(this: Arc<T>) -> *const T {}
    pub unsafe fn from_raw(ptr: *const T) -> Arc<T> {}
}
impl<T: ?Sized> Clone for Arc<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;
}
impl<T> From<T> for Arc<T> {
    fn from(t: T) -> Arc<T> {}
}
