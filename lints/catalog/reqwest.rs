//! reqwest: its blocking half; a client's requests have a time-out of 30 s unless told otherwise.

pub type Result<T> = std::result::Result<T, Error>;
#[effect(input_error)]
pub struct Error;

pub mod blocking {
    use crate::{Error, Result};

    #[effect(blocks(net), request, timed)]
    pub fn get<T>(url: T) -> Result<Response> {}
    pub struct Client;
    impl Client {
        pub fn new() -> Client {}
        pub fn builder() -> ClientBuilder {}
        pub fn get<U>(&self, url: U) -> RequestBuilder {}
        pub fn post<U>(&self, url: U) -> RequestBuilder {}
        pub fn put<U>(&self, url: U) -> RequestBuilder {}
        pub fn patch<U>(&self, url: U) -> RequestBuilder {}
        pub fn delete<U>(&self, url: U) -> RequestBuilder {}
        pub fn head<U>(&self, url: U) -> RequestBuilder {}
        #[effect(blocks(net), request, timed)]
        pub fn execute(&self, request: Request) -> Result<Response> {}
    }
    impl Clone for Client {
        #[effect(aliases)]
        fn clone(&self) -> Self {}
    }
    pub struct ClientBuilder;
    impl ClientBuilder {
        pub fn new() -> ClientBuilder {}
        pub fn timeout<T>(self, timeout: T) -> ClientBuilder {}
        pub fn build(self) -> Result<Client> {}
    }
    pub struct Request;
    pub struct RequestBuilder;
    impl RequestBuilder {
        pub fn header<K, V>(self, key: K, value: V) -> RequestBuilder {}
        pub fn headers<H>(self, headers: H) -> RequestBuilder {}
        pub fn bearer_auth<T>(self, token: T) -> RequestBuilder {}
        pub fn basic_auth<U, P>(self, username: U, password: Option<P>) -> RequestBuilder {}
        pub fn body<T>(self, body: T) -> RequestBuilder {}
        pub fn query<T: ?Sized>(self, query: &T) -> RequestBuilder {}
        pub fn form<T: ?Sized>(self, form: &T) -> RequestBuilder {}
        pub fn json<T: ?Sized>(self, json: &T) -> RequestBuilder {}
        pub fn timeout(self, timeout: std::time::Duration) -> RequestBuilder {}
        pub fn build(self) -> Result<Request> {}
        #[effect(blocks(net), request, timed)]
        pub fn send(self) -> Result<Response> {}
    }
    pub struct Response;
    impl Response {
        pub fn error_for_status(self) -> Result<Response> {}
        #[effect(blocks(net), request, timed)]
        pub fn text(self) -> Result<String> {}
        #[effect(blocks(net), request, timed)]
        pub fn json<T>(self) -> Result<T> {}
        #[effect(blocks(net), request, timed)]
        pub fn bytes(self) -> Result<Bytes> {}
        #[effect(blocks(net), request, timed)]
        pub fn copy_to<W: ?Sized>(&mut self, w: &mut W) -> Result<u64> {}
    }
    pub struct Bytes;
}
