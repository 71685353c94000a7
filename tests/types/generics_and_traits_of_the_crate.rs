// Generics and traits of the crate.

use std::sync::{Arc, Mutex};
use std::ops::{Deref, DerefMut, Index, Add};
use std::fmt::Debug;
trait Job { type Output; const N: usize; fn run(&self) -> Self::Output; fn boxed(self) -> Box<dyn Job<Output = Self::Output>> where Self: Sized + 'static { Box::new(self) } fn me(&self) -> &Self { self } }
struct Print(String);
impl Job for Print { type Output = Vec<u8>; const N: usize = 1; fn run(&self) -> Vec<u8> { vec![] } }
struct Wrapper<T> { inner: Arc<Mutex<T>>, extra: Option<T> }
impl<T: Clone> Wrapper<T> {
    fn new(t: T) -> Self { Wrapper { inner: Arc::new(Mutex::new(t)), extra: None } }
    fn get(&self) -> T { self.inner.lock().unwrap().clone() }
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R { f(&mut *self.inner.lock().unwrap()) }
    fn map<U, F>(self, f: F) -> Wrapper<U> where F: FnOnce(T) -> U, U: Clone { Wrapper::new(f(self.get())) }
}
struct Guarded { v: Vec<u32> }
impl Deref for Guarded { type Target = Vec<u32>; fn deref(&self) -> &Vec<u32> { &self.v } }
impl DerefMut for Guarded { fn deref_mut(&mut self) -> &mut Vec<u32> { &mut self.v } }
impl Index<usize> for Guarded { type Output = u32; fn index(&self, i: usize) -> &u32 { &self.v[i] } }
struct Count { n: u32 }
impl Iterator for Count { type Item = Print; fn next(&mut self) -> Option<Self::Item> { None } }
#[derive(Clone, Copy)] struct V2(f32, f32);
impl Add for V2 { type Output = V2; fn add(self, o: V2) -> V2 { self } }
impl std::ops::Mul<f32> for V2 { type Output = V2; fn mul(self, o: f32) -> Self::Output { self } }
type Shared<T> = Arc<Mutex<T>>;
type Res<T> = Result<T, Failure>;
struct Failure;
impl From<std::io::Error> for Failure { fn from(e: std::io::Error) -> Self { Failure } }
struct Bag { items: Vec<Print> }
impl IntoIterator for Bag { type Item = Print; type IntoIter = std::vec::IntoIter<Print>; fn into_iter(self) -> Self::IntoIter { self.items.into_iter() } }
impl<'a> IntoIterator for &'a Bag { type Item = &'a Print; type IntoIter = std::slice::Iter<'a, Print>; fn into_iter(self) -> Self::IntoIter { self.items.iter() } }
fn bounded<J: Job<Output = u8>>(j: J) -> u8 { let o = j.run(); o } //: o: u8
fn bounded2<J>(j: &J) where J: Job { let r = j.run(); } //: r: <J as Job>::Output
fn dynamic(j: &dyn Job<Output = String>) { let r = j.run(); } //: r: String
fn ret() -> impl Iterator<Item = Shared<u8>> { std::iter::empty() }
fn arg(it: impl IntoIterator<Item = Print>) { for p in it { let s = p.0; } } //: p: Print; s: String
fn open(p: &str) -> Res<u8> { Ok(1) }
fn go() -> Res<()> {
    let p = Print("a".to_string()); //: Print
    let o = p.run(); //: Vec<u8>
    let bx = p.boxed(); //: Box<dyn Job<Output = Vec<u8>>>
    let me = p.me(); //: &Print
    let w = Wrapper::new(3u8); //: Wrapper<u8>
    let g = w.get(); //: u8
    let r = w.with(|t| *t + 1); //: u8
    w.with(|t| { //: t: &mut u8
    });
    let m = w.map(|t| t.to_string()); //: Wrapper<String>
    let ex = m.extra.unwrap_or_default(); //: String
    let gd = Guarded { v: vec![] }; //: Guarded
    let l = gd.len(); //: usize
    let f = gd.first(); //: Option<&u32>
    let ix = gd[0]; //: u32
    for x in gd.iter() { //: x: &u32
    }
    for x in (Count { n: 1 }) { //: x: Print
    }
    let names: Vec<String> = Count { n: 1 }.map(|p| p.0).collect();
    let en = Count { n: 1 }.enumerate().skip(1).next(); //: Option<(usize, Print)>
    let v = V2(1., 2.) + V2(2., 1.); //: V2
    let v2 = v * 2.0; //: V2
    let v3 = v.0; //: f32
    for s in ret() { //: s: Arc<Mutex<u8>>
        let g = s.lock().unwrap(); //: MutexGuard<u8>
    }
    let val = open("x")?; //: u8
    let err = open("x").err(); //: Option<Failure>
    for p in &(Bag { items: vec![] }) { //: p: &Print
    }
    for p in (Bag { items: vec![] }) { //: p: Print
    }
    let n = <Print as Job>::N; //: usize
    let q = Job::run(&p); //: Vec<u8>
    let q2 = <Print as Job>::run(&p); //: Vec<u8>
    let sh: Shared<Vec<u8>> = Shared::default(); //: Arc<Mutex<Vec<u8>>>
    let sh2 = sh.clone(); //: Arc<Mutex<Vec<u8>>>
    let ctor = Some(1u8).map(Wrapper::new); //: Option<Wrapper<u8>>
    let strs = vec!["a"].into_iter().map(String::from).collect::<Vec<_>>(); //: Vec<String>
    let prints: Vec<_> = strs.into_iter().map(Print).collect(); //: Vec<Print>
    Ok(())
}
