//! toml: what fails on a text that is given.

pub mod de {
    pub struct Error;
    impl std::error::Error for Error {}
}
pub mod ser {
    pub struct Error;
    impl std::error::Error for Error {}
}

#[effect(input_error)]
pub fn from_str<T>(s: &str) -> Result<T, de::Error> {}
#[effect(input_error)]
pub fn from_slice<T>(s: &[u8]) -> Result<T, de::Error> {}
pub fn to_string<T: ?Sized>(value: &T) -> Result<String, ser::Error> {}
pub fn to_string_pretty<T: ?Sized>(value: &T) -> Result<String, ser::Error> {}
