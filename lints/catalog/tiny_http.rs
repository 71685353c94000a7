pub struct Server;
impl Server {
    pub fn http<A>(addr: A) -> Result<Server, Box<dyn std::error::Error + Send + Sync>> {}
    pub fn new(config: ServerConfig) -> Result<Server, Box<dyn std::error::Error + Send + Sync>> {}
    #[effect(blocks(accept), each_step)]
    pub fn incoming_requests(&self) -> IncomingRequests {}
    pub fn num_connections(&self) -> usize {}
    #[effect(blocks(accept))]
    pub fn recv(&self) -> std::io::Result<Request> {}
    #[effect(blocks(accept), timed)]
    pub fn recv_timeout(&self, timeout: std::time::Duration) -> std::io::Result<Option<Request>> {}
    #[effect(polls)]
    pub fn try_recv(&self) -> std::io::Result<Option<Request>> {}
    // Ends a `recv` that waits.
    #[effect(wakes)]
    pub fn unblock(&self) {}
}
pub struct ServerConfig;
pub struct IncomingRequests;
impl Iterator for IncomingRequests {
    type Item = Request;
    #[effect(blocks(accept))]
    fn next(&mut self) -> Option<Request> {}
}
pub struct Request;
impl Request {
    pub fn url(&self) -> &str {}
    pub fn body_length(&self) -> Option<usize> {}
    pub fn as_reader(&mut self) -> &mut dyn std::io::Read {}
    #[effect(blocks(net))]
    pub fn respond<R>(self, response: Response<R>) -> std::io::Result<()> {}
}
pub struct Response<R>(R);
impl Response<std::io::Empty> {
    pub fn empty<S>(status_code: S) -> Response<std::io::Empty> {}
}
