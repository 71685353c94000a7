// Locks behind types of the crate.

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
pub struct Locked<T>(Mutex<T>);
impl<T> Locked<T> {
    pub const fn new(t: T) -> Self { Locked(Mutex::new(t)) }
    pub fn lock(&self) -> MutexGuard<'_, T> { self.0.lock().unwrap_or_else(|e| e.into_inner()) }
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R { f(&mut self.lock()) }
    pub fn try_with<R, F>(&self, f: F) -> Option<R> where F: FnOnce(&mut T) -> R { self.0.try_lock().ok().map(|mut g| f(&mut g)) }
}
pub struct Guard<'a, T> { lock: &'a SpinLock<T>, _p: PhantomData<T> }
pub struct SpinLock<T> { held: AtomicBool, data: UnsafeCell<T> }
impl<T> SpinLock<T> { pub fn lock(&self) -> Guard<'_, T> { Guard { lock: self, _p: PhantomData } } }
impl<'a, T> Deref for Guard<'a, T> { type Target = T; fn deref(&self) -> &T { unsafe { &*self.lock.data.get() } } }
impl<'a, T> DerefMut for Guard<'a, T> { fn deref_mut(&mut self) -> &mut T { unsafe { &mut *self.lock.data.get() } } }
pub struct Table { rows: Vec<Locked<Row>>, index: RwLock<Vec<usize>>, cond: Condvar }
#[derive(Default, Clone)]
pub struct Row { cells: Vec<String>, dirty: bool }
impl Index<usize> for Table { type Output = Locked<Row>; fn index(&self, i: usize) -> &Self::Output { &self.rows[i] } }
pub trait Lockable { type Guard<'a>: Deref where Self: 'a; fn acquire(&self) -> MutexGuard<'_, Row>; fn peek(&self) -> usize { self.acquire().cells.len() } }
impl Lockable for Locked<Row> { type Guard<'a> = MutexGuard<'a, Row>; fn acquire(&self) -> MutexGuard<'_, Row> { self.lock() } }
impl Table {
    fn read(&self) -> RwLockReadGuard<'_, Vec<usize>> { self.index.read().unwrap() }
    fn write(&self) -> RwLockWriteGuard<'_, Vec<usize>> { self.index.write().unwrap() }
    fn row(&self, i: usize) -> Option<MutexGuard<'_, Row>> { self.rows.get(i).map(|r| r.lock()) }
    fn all<'s>(&'s self) -> impl Iterator<Item = MutexGuard<'s, Row>> + 's { self.rows.iter().map(|r| r.lock()) }
    fn boxed(&self) -> Box<dyn Iterator<Item = &Locked<Row>> + '_> { Box::new(self.rows.iter()) }
}
fn locked(t: Arc<Table>, spin: &SpinLock<Vec<u8>>, ptr: &AtomicPtr<Row>, n: &AtomicU64, boxes: Box<[Mutex<u8>]>, arcs: Arc<[Mutex<u16>]>) {
    let a = t.rows[0].lock(); //: MutexGuard<Row>
    let b = t[1].lock().cells.pop(); //: Option<String>
    let c = t.read().iter().copied().max(); //: Option<usize>
    let d = t.write().drain(..).collect::<Vec<_>>(); //: Vec<usize>
    let e = t.row(1).unwrap().dirty; //: bool
    let f = t.row(1).map(|g| g.cells.clone()); //: Option<Vec<String>>
    let g = t.rows[0].with(|r| r.cells.len()); //: usize
    let h = t.rows[0].try_with(|r| std::mem::take(&mut r.cells)); //: Option<Vec<String>>
    t.rows[0].with(|row| { //: row: &mut Row
    });
    let i = t.all().map(|g| g.dirty).collect::<Vec<bool>>(); //: Vec<bool>
    for g in t.all() { //: g: MutexGuard<Row>
    }
    for l in t.boxed() { //: l: &Locked<Row>
        let g = l.lock(); //: MutexGuard<Row>
    }
    let j = spin.lock(); //: Guard<Vec<u8>>
    let k = spin.lock().len(); //: usize
    let l = j.first().copied(); //: Option<u8>
    let m = &*j; //: &Vec<u8>
    let o = unsafe { &*ptr.load(Ordering::Acquire) }; //: &Row
    let p = unsafe { (*ptr.load(Ordering::Acquire)).cells.len() }; //: usize
    let q = n.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |v| v.checked_sub(1)); //: Result<u64, u64>
    let r = boxes[0].lock().unwrap(); //: MutexGuard<u8>
    let s = arcs.iter().map(|m| *m.lock().unwrap()).max(); //: Option<u16>
    let u = boxes.iter().map(|m| m.lock().unwrap()).collect::<Vec<_>>(); //: Vec<MutexGuard<u8>>
    let v = t.rows[0].peek(); //: usize
    let w = t.rows[0].acquire().clone(); //: Row
    let x = t.cond.wait_while(t.rows[0].lock(), |r| !r.dirty).unwrap(); //: MutexGuard<Row>
    let y = t.rows.iter().enumerate().filter_map(|(i, r)| r.0.try_lock().ok().map(|g| (i, g))).next(); //: Option<(usize, MutexGuard<Row>)>
    let z = MutexGuard::deref(&a); //: &Row
    let aa = t.rows.iter().find(|r| r.lock().dirty).map(|r| r.lock()); //: Option<MutexGuard<Row>>
    let (bb, cc) = (t.rows[0].lock(), t.rows[1].lock()); //: bb: MutexGuard<Row>; cc: MutexGuard<Row>
    let dd = { let g = t.rows[0].lock(); g.cells.len() }; //: usize
    let ee = if let Some(mut g) = t.row(2) { g.cells.drain(..).collect() } else { Vec::new() }; //: Vec<String>
    let ff = match t.row(3) { Some(g) if g.dirty => Some(g.cells.len()), Some(_) | None => None }; //: Option<usize>
}
