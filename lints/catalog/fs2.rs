//! fs2: file locks. `std::fs::File` has methods of the same names since Rust 1.89, which go first.

use std::fs::File;
use std::io::Result;

pub trait FileExt {
    fn duplicate(&self) -> Result<File> {}
    fn allocated_size(&self) -> Result<u64> {}
    fn allocate(&self, len: u64) -> Result<()> {}
    #[effect(acquires(shared, blocking, raw))]
    fn lock_shared(&self) -> Result<()> {}
    #[effect(acquires(exclusive, blocking, raw))]
    fn lock_exclusive(&self) -> Result<()> {}
    #[effect(acquires(shared, try, raw))]
    fn try_lock_shared(&self) -> Result<()> {}
    #[effect(acquires(exclusive, try, raw))]
    fn try_lock_exclusive(&self) -> Result<()> {}
    #[effect(releases(any))]
    fn unlock(&self) -> Result<()> {}
}
impl FileExt for File {}
pub fn lock_contended_error() -> std::io::Error {}
