//! ureq: requests that block.

pub fn get<U>(uri: U) -> Request {}
pub fn head<U>(uri: U) -> Request {}
pub fn post<U>(uri: U) -> Request {}
pub fn put<U>(uri: U) -> Request {}
pub fn patch<U>(uri: U) -> Request {}
pub fn delete<U>(uri: U) -> Request {}
pub fn agent() -> Agent {}
pub struct Agent;
impl Agent {
    pub fn new() -> Agent {}
    pub fn get<U>(&self, uri: U) -> Request {}
    pub fn head<U>(&self, uri: U) -> Request {}
    pub fn post<U>(&self, uri: U) -> Request {}
    pub fn put<U>(&self, uri: U) -> Request {}
    pub fn patch<U>(&self, uri: U) -> Request {}
    pub fn delete<U>(&self, uri: U) -> Request {}
}
impl Clone for Agent {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
// `Request` of version 2, `RequestBuilder` of version 3.
pub struct Request;
impl Request {
    pub fn set(self, header: &str, value: &str) -> Request {}
    pub fn header<K, V>(self, key: K, value: V) -> Request {}
    pub fn query<K, V>(self, param: K, value: V) -> Request {}
    // With its time-out from now on.
    #[effect(sets_timeout)]
    pub fn timeout(self, timeout: std::time::Duration) -> Request {}
    #[effect(blocks(net), request)]
    pub fn call(self) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send<R>(self, body: R) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send_string(self, data: &str) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send_bytes(self, data: &[u8]) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send_json<T>(self, data: T) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send_form<D>(self, data: D) -> Result<Response, Error> {}
    #[effect(blocks(net), request)]
    pub fn send_empty(self) -> Result<Response, Error> {}
}
pub type RequestBuilder<B> = Request;
pub struct Response;
impl Response {
    #[effect(blocks(net), request)]
    pub fn into_string(self) -> std::io::Result<String> {}
    #[effect(blocks(net), request)]
    pub fn into_json<T>(self) -> std::io::Result<T> {}
}
#[effect(input_error)]
pub struct Error;
