// Macros and modules.

mod pool {
    use std::sync::{Arc, Mutex};
    pub struct Handle { pub inner: Arc<Mutex<Vec<u8>>>, pub(crate) jh: Option<std::thread::JoinHandle<()>> }
    impl Handle { pub fn new() -> Arc<Self> { Arc::new(Handle { inner: Default::default(), jh: None }) } pub fn jh(&mut self) -> &mut Option<std::thread::JoinHandle<()>> { &mut self.jh } }
    pub mod deep { pub use super::Handle as H; pub fn make() -> super::Handle { super::Handle { inner: Default::default(), jh: None } } }
    pub enum Kind { A(super::Extra), B }
    pub use self::Kind::*;
}
pub struct Extra { v: Vec<u8> }
use pool::{deep::{self, H}, Kind, Handle as PoolHandle};
macro_rules! my { ($e:expr) => { $e } }
fn mods(k: Kind) -> Result<(), String> {
    let a = deep::make(); //: Handle
    let b = H::new(); //: Arc<Handle>
    let c = PoolHandle::new().inner.lock().unwrap().pop(); //: Option<u8>
    let d = crate::pool::deep::make().jh().take(); //: Option<JoinHandle<()>>
    if let Kind::A(x) = k { let v = x.v; } //: x: Extra; v: Vec<u8>
    let e = pool::A(Extra { v: vec![] }); //: Kind
    let f = try_it()?; //: u8
    let g = a.inner.clone(); //: Arc<Mutex<Vec<u8>>>
    let h = write!(String::new(), "a"); //: Result<(), Error>
    let i = env!("X"); //: &str
    let j = concat!("a", "b"); //: &str
    let k = line!(); //: u32
    let m = assert!(true); //: ()
    let n = println!("a"); //: ()
    let o = include_str!("a"); //: &str
    Ok(())
}
fn try_it() -> Result<u8, String> { Ok(1) }
