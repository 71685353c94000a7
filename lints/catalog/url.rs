//! url: an address that is given.

pub struct ParseError;
impl std::error::Error for ParseError {}
pub struct Url;
impl Url {
    #[effect(input_error)]
    pub fn parse(input: &str) -> Result<Url, ParseError> {}
    #[effect(input_error)]
    pub fn join(&self, input: &str) -> Result<Url, ParseError> {}
    pub fn as_str(&self) -> &str {}
    pub fn scheme(&self) -> &str {}
    #[effect(input_error)]
    pub fn host_str(&self) -> Option<&str> {}
    #[effect(input_error)]
    pub fn port(&self) -> Option<u16> {}
    pub fn path(&self) -> &str {}
    pub fn query(&self) -> Option<&str> {}
}
impl std::str::FromStr for Url {
    type Err = ParseError;
    #[effect(input_error)]
    fn from_str(input: &str) -> Result<Url, ParseError> {}
}
