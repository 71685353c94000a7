//! tokio-util.

pub mod sync {
    use std::future::Future;

    #[effect(flag)]
    pub struct CancellationToken;
    impl CancellationToken {
        pub fn new() -> CancellationToken {}
        // Cancelled with its parent.
        #[effect(aliases)]
        pub fn child_token(&self) -> CancellationToken {}
        #[effect(flag_cancel)]
        pub fn cancel(&self) {}
        #[effect(flag_load)]
        pub fn is_cancelled(&self) -> bool {}
        #[effect(flag_load, blocks(park), is_async)]
        pub fn cancelled(&self) -> impl Future<Output = ()> {}
        #[effect(flag_load, blocks(park), is_async)]
        pub fn cancelled_owned(self) -> impl Future<Output = ()> {}
        pub fn drop_guard(self) -> DropGuard {}
        #[effect(runs_async(0))]
        pub async fn run_until_cancelled<F: Future>(&self, fut: F) -> Option<<F as Future>::Output> {}
    }
    impl Clone for CancellationToken {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    // Cancels when dropped.
    #[effect(scope_guard)]
    pub struct DropGuard;
    impl DropGuard {
        pub fn disarm(self) -> CancellationToken {}
    }
}

pub mod task {
    use ::tokio::task::JoinHandle;
    use std::future::Future;

    pub use self::task_tracker::TaskTracker;

    pub mod task_tracker {
        use ::tokio::task::JoinHandle;
        use std::future::Future;

        pub struct TaskTracker;
        impl TaskTracker {
            pub fn new() -> TaskTracker {}
            #[effect(joins, completes)]
            pub async fn wait(&self) {}
            pub fn close(&self) -> bool {}
            pub fn reopen(&self) -> bool {}
            pub fn is_closed(&self) -> bool {}
            pub fn is_empty(&self) -> bool {}
            pub fn len(&self) -> usize {}
            #[effect(spawns(0, task), tracked)]
            pub fn spawn<F: Future>(&self, task: F) -> JoinHandle<<F as Future>::Output> {}
            #[effect(spawns(0, pool), tracked)]
            pub fn spawn_blocking<F: FnOnce() -> T, T>(&self, task: F) -> JoinHandle<T> {}
            #[effect(spawns(0, task), tracked)]
            pub fn spawn_on<F: Future>(
                &self,
                task: F,
                handle: &::tokio::runtime::Handle,
            ) -> JoinHandle<<F as Future>::Output> {
            }
            #[effect(spawns(0, task), tracked)]
            pub fn spawn_local<F: Future>(&self, task: F) -> JoinHandle<<F as Future>::Output> {}
            pub fn token(&self) -> TaskTrackerToken {}
            pub fn track_future<F: Future>(&self, future: F) -> impl Future<Output = <F as Future>::Output> {}
        }
        // Counts as a task until dropped.
        #[effect(scope_guard)]
        pub struct TaskTrackerToken;
        impl Clone for TaskTracker {
            #[effect(aliases)]
            fn clone(&self) -> Self {}
        }
    }
    // Aborts when dropped.
    #[effect(handle_set(task))]
    pub struct AbortOnDropHandle<T>(T);
    impl<T> AbortOnDropHandle<T> {
        pub fn new(handle: JoinHandle<T>) -> AbortOnDropHandle<T> {}
        #[effect(aborts)]
        pub fn abort(&self) {}
        pub fn detach(self) -> JoinHandle<T> {}
    }
    impl<T> Future for AbortOnDropHandle<T> {
        type Output = Result<T, ::tokio::task::JoinError>;
        #[effect(joins)]
        fn poll(
            self: std::pin::Pin<&mut Self>,
            cx: &mut std::task::Context,
        ) -> std::task::Poll<Result<T, ::tokio::task::JoinError>> {
        }
    }
    // Aborts all when dropped.
    #[effect(handle_set(task))]
    pub struct JoinMap<K, V, S = ()>(K, V);
    impl<K, V> JoinMap<K, V> {
        pub fn new() -> JoinMap<K, V> {}
    }
    impl<K, V, S> JoinMap<K, V, S> {
        pub fn len(&self) -> usize {}
        pub fn is_empty(&self) -> bool {}
        #[effect(spawns(1, task))]
        pub fn spawn<F: Future<Output = V>>(&mut self, key: K, task: F) {}
        #[effect(spawns(1, task))]
        pub fn spawn_on<F: Future<Output = V>>(&mut self, key: K, task: F, handle: &::tokio::runtime::Handle) {}
        #[effect(spawns(1, pool))]
        pub fn spawn_blocking<F: FnOnce() -> V>(&mut self, key: K, f: F) {}
        #[effect(joins)]
        pub async fn join_next(&mut self) -> Option<(K, Result<V, ::tokio::task::JoinError>)> {}
        #[effect(aborts, joins)]
        pub async fn shutdown(&mut self) {}
        #[effect(aborts)]
        pub fn abort<Q: ?Sized>(&mut self, key: &Q) -> bool {}
        #[effect(aborts)]
        pub fn abort_all(&mut self) {}
        #[effect(detaches)]
        pub fn detach_all(&mut self) {}
    }
    pub struct LocalPoolHandle;
    impl LocalPoolHandle {
        #[effect(panics)]
        pub fn new(pool_size: usize) -> LocalPoolHandle {}
        #[effect(spawns(0, pool))]
        pub fn spawn_pinned<F: FnOnce() -> Fut, Fut: Future>(
            &self,
            create_task: F,
        ) -> JoinHandle<<Fut as Future>::Output> {
        }
    }
}
