//! named-lock: a lock between processes.

#[effect(lock(mutex))]
pub struct NamedLock;
impl NamedLock {
    pub fn create(name: &str) -> Result<NamedLock> {}
    pub fn with_path<P>(path: P) -> Result<NamedLock> {}
    #[effect(acquires(exclusive, blocking))]
    pub fn lock(&self) -> Result<NamedLockGuard> {}
    #[effect(acquires(exclusive, try))]
    pub fn try_lock(&self) -> Result<NamedLockGuard> {}
}
#[effect(guard(exclusive))]
pub struct NamedLockGuard;
pub type Result<T> = std::result::Result<T, Error>;
pub struct Error;
