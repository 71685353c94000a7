// Callbacks that are kept.

use std::collections::HashMap;
use std::sync::{mpsc::Sender, Arc, Mutex, RwLock, Weak};
use std::thread;
type Callback = Arc<dyn Fn(&Event) -> bool + Send + Sync>;
type BoxedJob<T> = Box<dyn FnOnce(&mut T) -> usize + Send>;
#[derive(Clone, Debug)]
pub struct Event { kind: Kind, at: std::time::Instant }
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind { Start, Stop }
pub struct Bus { subs: RwLock<HashMap<u64, Callback>>, list: Mutex<Vec<Box<dyn FnMut(Event) + Send>>>, hook: Mutex<Option<Callback>>, jobs: Mutex<Vec<BoxedJob<Vec<u8>>>>, table: [fn(u8) -> u16; 2], make: Box<dyn Fn() -> Sender<Event> + Send> }
impl Bus {
    fn subscribe<F>(&self, id: u64, f: F) where F: Fn(&Event) -> bool + Send + Sync + 'static { self.subs.write().unwrap().insert(id, Arc::new(f)); }
    fn on(&self, f: impl FnMut(Event) + Send + 'static) -> &Self { self.list.lock().unwrap().push(Box::new(f)); self }
    fn emit(&self, e: Event) {
        for (id, cb) in self.subs.read().unwrap().iter() { //: id: &u64; cb: &Arc<dyn Fn(&Event) -> bool + Send + Sync>
            let again = cb(&e); //: bool
        }
        let all: Vec<Callback> = self.subs.read().unwrap().values().cloned().collect();
        for cb in &all { //: cb: &Arc<dyn Fn(&Event) -> bool + Send + Sync>
            let r = (cb)(&e); //: bool
        }
        for cb in self.list.lock().unwrap().iter_mut() { //: cb: &mut Box<dyn FnMut(Event) + Send>
            cb(e.clone());
        }
        let hook = self.hook.lock().unwrap().clone(); //: Option<Arc<dyn Fn(&Event) -> bool + Send + Sync>>
        if let Some(h) = hook.as_ref() { let r = h(&e); } //: h: &Arc<dyn Fn(&Event) -> bool + Send + Sync>; r: bool
        let kept = self.hook.lock().unwrap().as_ref().map(|h| h(&e)).unwrap_or(false); //: bool
        let n = (self.table[0])(1); //: u16
        let tx = (self.make)(); //: Sender<Event>
        let sent = tx.send(e).is_ok(); //: bool
        let job = self.jobs.lock().unwrap().pop().unwrap(); //: Box<dyn FnOnce(&mut Vec<u8>) -> usize + Send>
        let size = job(&mut vec![1]); //: usize
        let sizes = self.jobs.lock().unwrap().drain(..).map(|j| j(&mut Vec::new())).collect::<Vec<_>>(); //: Vec<usize>
    }
}
fn register(bus: &Arc<Bus>) {
    bus.subscribe(1, |e| { //: e: &Event
        e.kind == Kind::Stop
    });
    let weak = Arc::downgrade(bus); //: Weak<Bus>
    bus.on(move |e| { //: e: Event
        if let Some(b) = weak.upgrade() { b.emit(e); } //: b: Arc<Bus>
    }).on(|ev| { //: ev: Event
    });
    let b2 = bus.clone(); //: Arc<Bus>
    let compose = move |k: Kind| move |n: u8| (k, n); 
    let one = compose(Kind::Start)(3); //: (Kind, u8)
    let cb: Callback = Arc::new(move |e| { //: e: &Event
        b2.subs.read().unwrap().is_empty()
    });
    let r = cb(&Event { kind: Kind::Start, at: std::time::Instant::now() }); //: bool
    let curried = |a: u8| -> Box<dyn Fn(u8) -> u8> { Box::new(move |b| a + b) }; 
    let v = curried(1)(2); //: u8
    let jobs: Vec<Box<dyn FnOnce() -> String + Send>> = vec![Box::new(|| "a".to_string()), Box::new(String::new)];
    let outs: Vec<_> = jobs.into_iter().map(|j| thread::spawn(j)).map(|h| h.join().unwrap()).collect(); //: Vec<String>
    let fs: [(&str, fn(&str) -> usize); 2] = [("a", str::len), ("b", |s| s.len())];
    for (name, f) in fs { let n = f(name); } //: name: &str; f: fn(&str) -> usize; n: usize
    let mut state = 0u8;
    let mut step = || { state += 1; state > 3 }; 
    let done = step(); //: bool
    let sorted = { let mut v = vec![(2u8, "b")]; v.sort_by_key(|(k, _)| *k); v }; //: Vec<(u8, &str)>
}
