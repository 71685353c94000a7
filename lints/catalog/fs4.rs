//! fs4: file locks.

pub use self::fs_std::FileExt;

pub enum TryLockError {
    Error(std::io::Error),
    WouldBlock,
}
pub mod fs_std {
    use crate::TryLockError;
    use std::fs::File;
    use std::io::Result;

    pub trait FileExt {
        fn allocated_size(&self) -> Result<u64> {}
        fn allocate(&self, len: u64) -> Result<()> {}
        #[effect(acquires(shared, blocking, raw))]
        fn lock_shared(&self) -> Result<()> {}
        #[effect(acquires(exclusive, blocking, raw))]
        fn lock_exclusive(&self) -> Result<()> {}
        #[effect(acquires(shared, try, raw))]
        fn try_lock_shared(&self) -> Result<bool> {}
        #[effect(acquires(exclusive, try, raw))]
        fn try_lock_exclusive(&self) -> Result<bool> {}
        #[effect(releases(any))]
        fn unlock(&self) -> Result<()> {}
        #[effect(acquires(exclusive, blocking, raw))]
        fn lock(&self) -> Result<()> {}
        #[effect(acquires(exclusive, try, raw))]
        fn try_lock(&self) -> std::result::Result<(), TryLockError> {}
    }
    impl FileExt for File {}
}
pub mod fs {
    pub use crate::fs_std::FileExt;
}
