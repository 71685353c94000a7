//! ctrlc.

pub enum Error {
    NoSuchSignal(i32),
    MultipleHandlers,
    System(std::io::Error),
}
// Called on a thread of the library's own.
#[effect(stores(0))]
pub fn set_handler<F: FnMut()>(user_handler: F) -> Result<(), Error> {}
#[effect(stores(0))]
pub fn try_set_handler<F: FnMut()>(user_handler: F) -> Result<(), Error> {}
