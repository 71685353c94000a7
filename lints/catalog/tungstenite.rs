//! tungstenite: web sockets that block.

pub use self::client::connect;
pub use self::error::{Error, Result};
pub use self::protocol::WebSocket;
pub use self::server::accept;

pub mod error {
    pub type Result<T, E = Error> = std::result::Result<T, E>;
    #[effect(input_error)]
    pub enum Error {
        ConnectionClosed,
        AlreadyClosed,
        Io(std::io::Error),
        Tls(TlsError),
        Capacity(CapacityError),
        Protocol(ProtocolError),
        WriteBufferFull(crate::protocol::Message),
        Utf8,
        AttackAttempt,
        Url(UrlError),
        Http(HttpError),
        HttpFormat(HttpError),
    }
    pub struct TlsError;
    pub struct CapacityError;
    pub struct ProtocolError;
    pub struct UrlError;
    pub struct HttpError;
}
pub mod protocol {
    use crate::error::Result;

    pub struct WebSocket<S>(S);
    impl<S> WebSocket<S> {
        pub fn from_raw_socket<R, C>(stream: S, role: R, config: C) -> WebSocket<S> {}
        #[effect(aliases)]
        pub fn get_ref(&self) -> &S {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> &mut S {}
        #[effect(blocks(net))]
        pub fn read(&mut self) -> Result<Message> {}
        #[effect(blocks(net))]
        pub fn read_message(&mut self) -> Result<Message> {}
        #[effect(blocks(net))]
        pub fn send<M>(&mut self, message: M) -> Result<()> {}
        #[effect(blocks(net))]
        pub fn write<M>(&mut self, message: M) -> Result<()> {}
        #[effect(blocks(net))]
        pub fn write_message<M>(&mut self, message: M) -> Result<()> {}
        #[effect(blocks(net))]
        pub fn flush(&mut self) -> Result<()> {}
        #[effect(blocks(net))]
        pub fn write_pending(&mut self) -> Result<()> {}
        pub fn close<C>(&mut self, code: C) -> Result<()> {}
        pub fn can_read(&self) -> bool {}
        pub fn can_write(&self) -> bool {}
    }
    pub struct Message;
}
pub mod stream {
    pub struct MaybeTlsStream<S>(S);
}
pub mod client {
    use crate::error::Result;
    use crate::protocol::WebSocket;
    use crate::stream::MaybeTlsStream;

    #[effect(blocks(net), connects)]
    pub fn connect<R>(request: R) -> Result<(WebSocket<MaybeTlsStream<std::net::TcpStream>>, Response)> {}
    pub struct Response;
}
pub mod server {
    use crate::protocol::WebSocket;

    #[effect(blocks(net))]
    pub fn accept<S>(stream: S) -> std::result::Result<WebSocket<S>, crate::error::Error> {}
}
