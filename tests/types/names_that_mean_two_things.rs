// Names that mean two things.

use std::fmt::Write as _;
use std::str;
use std::f64;
use std::u32;
use std::sync::mpsc::*;
use std::sync::atomic::*;
mod net { pub mod tcp { #[derive(Clone)] pub struct Conn { pub id: u64, pub peer: super::Addr } pub fn open() -> std::io::Result<Conn> { Ok(Conn { id: 1, peer: super::Addr }) } } #[derive(Clone)] pub struct Addr; pub use tcp::*; pub const LIMIT: usize = 3; pub static FLAGS: [std::sync::atomic::AtomicBool; 2] = [const { std::sync::atomic::AtomicBool::new(false) }; 2]; }
use net::{self as n, tcp, Conn};
type Result<T> = std::result::Result<T, String>;
struct Vec { v: std::vec::Vec<u8> }
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Id(u32);
fn names(s: &str, bytes: &[u8]) -> Result<()> {
    let a: &str = str::from_utf8(bytes).unwrap();
    let b = str::from_utf8(bytes).unwrap().trim(); //: &str
    let c = u32::MAX; //: u32
    let d = f64::consts::PI * 2.0; //: f64
    let e = u32::from_str_radix("1", 2).unwrap(); //: u32
    let (tx, rx) = channel::<Id>(); //: tx: Sender<Id>; rx: Receiver<Id>
    let f = rx.recv().unwrap().0; //: u32
    let g = AtomicUsize::new(1).load(Ordering::SeqCst); //: usize
    let h = n::open().map_err(|e| e.to_string())?; //: Conn
    let i = tcp::open().unwrap().peer.clone(); //: Addr
    let j = Conn { id: 1, peer: n::Addr }.id; //: u64
    let k = n::FLAGS[0].load(Ordering::Relaxed); //: bool
    let l = n::FLAGS.iter().any(|f| f.load(Ordering::Relaxed)); //: bool
    let m = n::LIMIT; //: usize
    let o = Vec { v: vec![1] }.v.len(); //: usize
    let p = s[1..].to_owned(); //: String
    let q = &s[..2]; //: &str
    let r = String::from("x")[1..].len(); //: usize
    let t = Id(1).max(Id(2)); //: Id
    let u = Id(3).cmp(&Id(4)); //: Ordering
    let v = Id(1) == Id(2); //: bool
    let w = [Id(1), Id(2)].iter().max().copied(); //: Option<Id>
    let x = "a=b".split('=').collect::<std::vec::Vec<_>>(); //: Vec<&str>
    let y = x.iter().map(|s| s.parse::<u32>()).collect::<std::result::Result<std::vec::Vec<_>, _>>(); //: Result<Vec<u32>, ParseIntError>
    let z = std::sync::Arc::<str>::from("a"); //: Arc<str>
    let aa = tx.clone().send(Id(4)).is_ok(); //: bool
    let bb = FromStr2::make::<u8>(); //: Option<u8>
    let cc = Self_::NAME; //: &str
    let dd = crate::net::tcp::open().ok().map(|c| c.id); //: Option<u64>
    Ok(())
}
struct FromStr2;
impl FromStr2 { fn make<T>() -> Option<T> { None } }
struct Self_;
impl Self_ { const NAME: &'static str = "n"; }
struct Pool<S = u8> { s: S, n: Option<usize> }
impl<S> Pool<S> { fn with(s: S) -> Pool<S> { Pool { s, n: None } } }
fn told(name: &str, size: &usize, bytes: &[u8], key: &Option<&str>, children: &mut [String; 3]) -> Option<usize> {
    let a = name.to_owned(); //: String
    let b = size.to_owned(); //: usize
    let c: [u8; 8] = bytes.try_into().unwrap();
    let d = u64::from_le_bytes(bytes[..8].try_into().unwrap()); //: u64
    let e = b'x'; //: u8
    let f = [b'a'; 4]; //: [u8; _]
    let g = Pool::with("s"); //: Pool<&str>
    let h = Pool { s: String::new(), n: Some(1) }; //: Pool<String>
    let i = children.as_mut(); //: &mut [String]
    let j = key.map(|k| k.to_owned()).unwrap_or_else(|| "x".to_owned()); //: String
    let k: Option<&str> = match key { Some(k) => Some(k), None => None }; //: Option<&str>
    let l: std::result::Result<u16, _> = b.try_into(); 
    let m = l.unwrap_or(3); //: u16
    let n: String = 'c'.into(); //: String
    Some(d as usize)
}
