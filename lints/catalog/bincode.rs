//! bincode: what fails on bytes that are given.

use std::io::Read;

pub enum ErrorKind {
    Io(std::io::Error),
    Custom(String),
}
pub type Error = Box<ErrorKind>;
pub type Result<T> = std::result::Result<T, Error>;

#[effect(input_error)]
pub fn deserialize<T>(bytes: &[u8]) -> Result<T> {}
#[effect(input_error, blocks(io))]
pub fn deserialize_from<R: Read, T>(reader: R) -> Result<T> {}
pub fn serialize<T: ?Sized>(value: &T) -> Result<Vec<u8>> {}
