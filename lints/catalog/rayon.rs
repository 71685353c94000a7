//! rayon.

#[effect(spawns(0, pool))]
pub fn spawn<F: FnOnce()>(f: F) {}
#[effect(spawns(0, pool))]
pub fn spawn_fifo<F: FnOnce()>(f: F) {}
#[effect(runs(0), runs(1))]
pub fn join<A: FnOnce() -> RA, B: FnOnce() -> RB, RA, RB>(oper_a: A, oper_b: B) -> (RA, RB) {}
#[effect(scope(0))]
pub fn scope<OP: FnOnce(&Scope) -> R, R>(op: OP) -> R {}
#[effect(scope(0))]
pub fn in_place_scope<OP: FnOnce(&Scope) -> R, R>(op: OP) -> R {}
#[effect(scope(0))]
pub fn in_place_scope_fifo<OP: FnOnce(&ScopeFifo) -> R, R>(op: OP) -> R {}
#[effect(runs(0), runs(1))]
pub fn join_context<A: FnOnce(FnContext) -> RA, B: FnOnce(FnContext) -> RB, RA, RB>(oper_a: A, oper_b: B) -> (RA, RB) {
}
pub struct FnContext;
impl FnContext {
    pub fn migrated(&self) -> bool {}
}
#[effect(yields)]
pub fn yield_local() -> Option<Yield> {}
pub fn max_num_threads() -> usize {}
#[effect(scope(0))]
pub fn scope_fifo<OP: FnOnce(&ScopeFifo) -> R, R>(op: OP) -> R {}
#[effect(spawns(0, pool))]
pub fn spawn_broadcast<OP: Fn(BroadcastContext)>(op: OP) {}
#[effect(runs(0))]
pub fn broadcast<OP: Fn(BroadcastContext) -> R, R>(op: OP) -> Vec<R> {}
#[effect(cpu_count)]
pub fn current_num_threads() -> usize {}
pub fn current_thread_index() -> Option<usize> {}
#[effect(yields)]
pub fn yield_now() -> Option<Yield> {}
pub enum Yield {
    Executed,
    Idle,
}
pub struct BroadcastContext;
impl BroadcastContext {
    pub fn index(&self) -> usize {}
    pub fn num_threads(&self) -> usize {}
}

#[effect(no_own)]
pub struct Scope;
impl Scope {
    #[effect(spawns(0, pool))]
    pub fn spawn<BODY: FnOnce(&Scope)>(&self, body: BODY) {}
}
#[effect(no_own)]
pub struct ScopeFifo;
impl ScopeFifo {
    #[effect(spawns(0, pool))]
    pub fn spawn_fifo<BODY: FnOnce(&ScopeFifo)>(&self, body: BODY) {}
}

// Dropping it lets its threads end; it does not wait for them.
pub struct ThreadPool;
impl ThreadPool {
    #[effect(spawns(0, pool))]
    pub fn spawn<F: FnOnce()>(&self, f: F) {}
    #[effect(spawns(0, pool))]
    pub fn spawn_fifo<F: FnOnce()>(&self, f: F) {}
    #[effect(runs(0), runs(1))]
    pub fn join<A: FnOnce() -> RA, B: FnOnce() -> RB, RA, RB>(&self, oper_a: A, oper_b: B) -> (RA, RB) {}
    #[effect(scope(0))]
    pub fn scope<OP: FnOnce(&Scope) -> R, R>(&self, op: OP) -> R {}
    #[effect(scope(0))]
    pub fn in_place_scope<OP: FnOnce(&Scope) -> R, R>(&self, op: OP) -> R {}
    #[effect(scope(0))]
    pub fn scope_fifo<OP: FnOnce(&ScopeFifo) -> R, R>(&self, op: OP) -> R {}
    #[effect(runs(0))]
    pub fn install<OP: FnOnce() -> R, R>(&self, op: OP) -> R {}
    #[effect(runs(0))]
    pub fn broadcast<OP: Fn(BroadcastContext) -> R, R>(&self, op: OP) -> Vec<R> {}
    #[effect(cpu_count)]
    pub fn current_num_threads(&self) -> usize {}
    pub fn current_thread_index(&self) -> Option<usize> {}
}
pub struct ThreadPoolBuilder;
impl ThreadPoolBuilder {
    pub fn new() -> ThreadPoolBuilder {}
    pub fn build(self) -> Result<ThreadPool, ThreadPoolBuildError> {}
    pub fn build_global(self) -> Result<(), ThreadPoolBuildError> {}
    pub fn num_threads(self, num_threads: usize) -> ThreadPoolBuilder {}
    pub fn stack_size(self, stack_size: usize) -> ThreadPoolBuilder {}
    #[effect(stores(0))]
    pub fn thread_name<F: FnMut(usize) -> String>(self, closure: F) -> ThreadPoolBuilder {}
    #[effect(stores(0))]
    pub fn panic_handler<H: Fn(Box<dyn std::any::Any + Send>)>(self, panic_handler: H) -> ThreadPoolBuilder {}
    #[effect(stores(0))]
    pub fn start_handler<H: Fn(usize)>(self, start_handler: H) -> ThreadPoolBuilder {}
    #[effect(stores(0))]
    pub fn exit_handler<H: Fn(usize)>(self, exit_handler: H) -> ThreadPoolBuilder {}
    #[effect(runs(0))]
    pub fn spawn_handler<F: FnMut(ThreadBuilder) -> std::io::Result<()>>(self, spawn: F) -> ThreadPoolBuilder {}
}
pub struct ThreadPoolBuildError;

pub mod iter {
    // Every parallel iterator; its closures run on the pool's threads and are done when the consumer returns.
    pub struct ParIter<T>(T);
    impl<T> ParIter<T> {
        pub fn map<F: Fn(T) -> R, R>(self, map_op: F) -> ParIter<R> {}
        pub fn map_init<I, INIT: Fn() -> I, F: Fn(&mut I, T) -> R, R>(self, init: INIT, map_op: F) -> ParIter<R> {}
        pub fn map_with<I, F: Fn(&mut I, T) -> R, R>(self, init: I, map_op: F) -> ParIter<R> {}
        pub fn filter<P: Fn(&T) -> bool>(self, filter_op: P) -> ParIter<T> {}
        pub fn filter_map<P: Fn(T) -> Option<R>, R>(self, filter_op: P) -> ParIter<R> {}
        pub fn flat_map<F: Fn(T) -> PI, PI>(self, map_op: F) -> ParIter<<PI as IntoParallelIterator>::Item> {}
        pub fn flat_map_iter<F: Fn(T) -> PI, PI: IntoIterator>(self, map_op: F) -> ParIter<<PI as IntoIterator>::Item> {
        }
        pub fn inspect<OP: Fn(&T)>(self, inspect_op: OP) -> ParIter<T> {}
        pub fn enumerate(self) -> ParIter<(usize, T)> {}
        pub fn zip<Z: IntoParallelIterator>(self, zip_op: Z) -> ParIter<(T, <Z as IntoParallelIterator>::Item)> {}
        pub fn chain<C>(self, chain: C) -> ParIter<T> {}
        pub fn chunks(self, chunk_size: usize) -> ParIter<Vec<T>> {}
        pub fn rev(self) -> ParIter<T> {}
        pub fn skip(self, n: usize) -> ParIter<T> {}
        pub fn take(self, n: usize) -> ParIter<T> {}
        pub fn with_min_len(self, min: usize) -> ParIter<T> {}
        pub fn with_max_len(self, max: usize) -> ParIter<T> {}
        #[effect(runs(0))]
        pub fn for_each<OP: Fn(T)>(self, op: OP) {}
        #[effect(runs(1))]
        pub fn for_each_with<S, OP: Fn(&mut S, T)>(self, init: S, op: OP) {}
        #[effect(runs(0), runs(1))]
        pub fn for_each_init<S, INIT: Fn() -> S, OP: Fn(&mut S, T)>(self, init: INIT, op: OP) {}
        #[effect(runs(0))]
        pub fn try_for_each<OP: Fn(T) -> R, R>(self, op: OP) -> R {}
        pub fn count(self) -> usize {}
        pub fn reduce<OP: Fn(T, T) -> T, ID: Fn() -> T>(self, identity: ID, op: OP) -> T {}
        pub fn reduce_with<OP: Fn(T, T) -> T>(self, op: OP) -> Option<T> {}
        pub fn fold<S, ID: Fn() -> S, F: Fn(S, T) -> S>(self, identity: ID, fold_op: F) -> ParIter<S> {}
        pub fn sum<S>(self) -> S {}
        pub fn min(self) -> Option<T> {}
        pub fn max(self) -> Option<T> {}
        pub fn any<P: Fn(T) -> bool>(self, predicate: P) -> bool {}
        pub fn all<P: Fn(T) -> bool>(self, predicate: P) -> bool {}
        pub fn find_any<P: Fn(&T) -> bool>(self, predicate: P) -> Option<T> {}
        pub fn find_first<P: Fn(&T) -> bool>(self, predicate: P) -> Option<T> {}
        pub fn find_map_any<P: Fn(T) -> Option<R>, R>(self, predicate: P) -> Option<R> {}
        pub fn partition<C: FromIterator<T>, P: Fn(&T) -> bool>(self, predicate: P) -> (C, C) {}
        pub fn collect<C: FromIterator<T>>(self) -> C {}
        pub fn collect_into_vec(self, target: &mut Vec<T>) {}
    }
    impl<T> ParIter<&T> {
        pub fn cloned(self) -> ParIter<T> {}
        pub fn copied(self) -> ParIter<T> {}
    }
    pub trait ParallelIterator {}
    pub trait IndexedParallelIterator {}
    pub trait IntoParallelIterator {
        type Item;
        fn into_par_iter(self) -> ParIter<Self::Item> {}
    }
    impl<I: IntoIterator> IntoParallelIterator for I {
        type Item = <I as IntoIterator>::Item;
    }
    pub trait IntoParallelRefIterator {
        type Item;
        fn par_iter(&self) -> ParIter<Self::Item> {}
    }
    pub trait IntoParallelRefMutIterator {
        type Item;
        fn par_iter_mut(&mut self) -> ParIter<Self::Item> {}
    }
    impl<T> IntoParallelRefIterator for [T] {
        type Item = &T;
    }
    impl<T> IntoParallelRefMutIterator for [T] {
        type Item = &mut T;
    }
    impl<T> IntoParallelRefIterator for Vec<T> {
        type Item = &T;
    }
    impl<T> IntoParallelRefMutIterator for Vec<T> {
        type Item = &mut T;
    }
    impl<T> IntoParallelRefIterator for std::collections::VecDeque<T> {
        type Item = &T;
    }
    impl<T> IntoParallelRefMutIterator for std::collections::VecDeque<T> {
        type Item = &mut T;
    }
    impl<T> IntoParallelRefIterator for std::collections::HashSet<T> {
        type Item = &T;
    }
    impl<T> IntoParallelRefIterator for std::collections::BTreeSet<T> {
        type Item = &T;
    }
    impl<K, V> IntoParallelRefIterator for std::collections::HashMap<K, V> {
        type Item = (&K, &V);
    }
    impl<K, V> IntoParallelRefMutIterator for std::collections::HashMap<K, V> {
        type Item = (&K, &mut V);
    }
    impl<K, V> IntoParallelRefIterator for std::collections::BTreeMap<K, V> {
        type Item = (&K, &V);
    }
    impl<K, V> IntoParallelRefMutIterator for std::collections::BTreeMap<K, V> {
        type Item = (&K, &mut V);
    }
    pub trait ParallelBridge: Iterator {
        fn par_bridge(self) -> ParIter<Self::Item> {}
    }
    impl<I: Iterator> ParallelBridge for I {}
}
pub mod slice {
    use crate::iter::ParIter;

    pub trait ParallelSlice<T> {
        fn par_chunks(&self, chunk_size: usize) -> ParIter<&[T]> {}
        fn par_windows(&self, window_size: usize) -> ParIter<&[T]> {}
    }
    impl<T> ParallelSlice<T> for [T] {}
    pub trait ParallelSliceMut<T> {
        fn par_chunks_mut(&mut self, chunk_size: usize) -> ParIter<&mut [T]> {}
        fn par_sort(&mut self) {}
        fn par_sort_unstable(&mut self) {}
        fn par_sort_by<F: Fn(&T, &T) -> std::cmp::Ordering>(&mut self, compare: F) {}
        fn par_sort_by_key<K, F: Fn(&T) -> K>(&mut self, f: F) {}
    }
    impl<T> ParallelSliceMut<T> for [T] {}
}
pub mod prelude {
    pub use crate::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator};
    pub use crate::iter::{IntoParallelRefMutIterator, ParallelBridge, ParallelIterator};
    pub use crate::slice::{ParallelSlice, ParallelSliceMut};
}

// The worker of a pool whose threads its user starts: see `ThreadPoolBuilder::spawn_handler`.
pub struct ThreadBuilder;
impl ThreadBuilder {
    pub fn index(&self) -> usize {}
    pub fn name(&self) -> Option<&str> {}
    pub fn stack_size(&self) -> Option<usize> {}
    #[effect(tracked)]
    pub fn run(self) {}
}
