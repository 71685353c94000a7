//! jobserver: tokens that several processes share.

use std::io;

#[effect(lock(semaphore))]
pub struct Client;
impl Client {
    pub fn new(limit: usize) -> io::Result<Client> {}
    pub unsafe fn from_env() -> Option<Client> {}
    #[effect(acquires(shared, blocking))]
    pub fn acquire(&self) -> io::Result<Acquired> {}
    #[effect(acquires(shared, try))]
    pub fn try_acquire(&self) -> io::Result<Option<Acquired>> {}
    pub fn available(&self) -> io::Result<usize> {}
    #[effect(acquires(shared, blocking, raw))]
    pub fn acquire_raw(&self) -> io::Result<()> {}
    #[effect(releases(shared))]
    pub fn release_raw(&self) -> io::Result<()> {}
    // Its thread calls the closure for each token.
    #[effect(stores(0))]
    pub fn into_helper_thread<F: FnMut(io::Result<Acquired>)>(self, f: F) -> io::Result<HelperThread> {}
}
impl Clone for Client {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(permit)]
pub struct Acquired;
impl Acquired {
    #[effect(forgets)]
    pub fn drop_without_releasing(self) {}
}
// Stops and joins its thread when dropped.
#[effect(stop_guard)]
pub struct HelperThread;
impl HelperThread {
    pub fn request_token(&self) {}
}
