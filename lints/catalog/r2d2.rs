//! r2d2: a pool of connections; `get` waits for one up to a time-out.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

pub trait ManageConnection {
    type Connection;
    type Error;
}
pub struct Pool<M>(M);
impl<M: ManageConnection> Pool<M> {
    #[effect(blocks(net))]
    pub fn new(manager: M) -> Result<Pool<M>, Error> {}
    pub fn builder() -> Builder<M> {}
    #[effect(blocks(park), timed)]
    pub fn get(&self) -> Result<PooledConnection<M>, Error> {}
    #[effect(blocks(park), timed)]
    pub fn get_timeout(&self, timeout: Duration) -> Result<PooledConnection<M>, Error> {}
    pub fn try_get(&self) -> Option<PooledConnection<M>> {}
    pub fn max_size(&self) -> u32 {}
}
impl<M> Clone for Pool<M> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub struct Builder<M>(M);
impl<M: ManageConnection> Builder<M> {
    pub fn new() -> Builder<M> {}
    pub fn max_size(self, max_size: u32) -> Builder<M> {}
    pub fn min_idle(self, min_idle: Option<u32>) -> Builder<M> {}
    pub fn connection_timeout(self, connection_timeout: Duration) -> Builder<M> {}
    #[effect(blocks(net))]
    pub fn build(self, manager: M) -> Result<Pool<M>, Error> {}
    pub fn build_unchecked(self, manager: M) -> Pool<M> {}
}
pub struct PooledConnection<M>(M);
impl<M: ManageConnection> Deref for PooledConnection<M> {
    type Target = <M as ManageConnection>::Connection;
}
impl<M: ManageConnection> DerefMut for PooledConnection<M> {}
#[effect(input_error)]
pub struct Error;
