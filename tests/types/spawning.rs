// Spawning.

use std::thread;
use std::io;
fn work(n: usize) -> u64 { 0 }
fn wrap<F, T>(f: F) -> thread::JoinHandle<T> where F: FnOnce() -> T + Send + 'static, T: Send + 'static { thread::spawn(f) }
fn start() -> io::Result<()> {
    let a = thread::spawn(move || work(3)); //: JoinHandle<u64>
    let b = thread::spawn(|| { let x = 1u8; x }); //: JoinHandle<u8>
    let c = thread::Builder::new().name("x".into()).spawn(|| work(1))?; //: JoinHandle<u64>
    let builder = thread::Builder::new(); //: Builder
    let builder = builder.name(format!("a")).stack_size(12); //: Builder
    let d = builder.spawn(move || {}).expect("x"); //: JoinHandle<()>
    let hs: Vec<_> = (0..4).map(|i| thread::spawn(move || i)).collect(); //: Vec<JoinHandle<i32>>
    let hs2 = (0..4usize).map(|i| thread::spawn(move || work(i))).collect::<Vec<_>>(); //: Vec<JoinHandle<u64>>
    for h in hs2 { //: h: JoinHandle<u64>
        let r = h.join().unwrap(); //: u64
    }
    let w = wrap(|| 5u16); //: JoinHandle<u16>
    let r: io::Result<thread::JoinHandle<()>> = thread::Builder::new().spawn(|| ());
    let h = match r { Ok(h) => h, Err(e) => return Err(e) }; //: JoinHandle<()>
    let total: u64 = vec![a, c].into_iter().map(|h| h.join().unwrap()).sum(); //: u64
    let s = thread::scope(|s| { let h = s.spawn(|| 3u8); h.join().unwrap() }); //: u8
    let mut handles = Vec::new(); //: Vec<JoinHandle<()>>
    handles.push(thread::spawn(|| {}));
    let mut later; //: JoinHandle<()>
    later = thread::spawn(|| ());
    let cond = if true { Some(thread::spawn(|| ())) } else { None }; //: Option<JoinHandle<()>>
    let lp = loop { break thread::spawn(|| 1i64); }; //: JoinHandle<i64>
    let blk = { let q = 1; thread::spawn(move || 2u8) }; //: JoinHandle<u8>
    let tup = (thread::spawn(|| ()), 1u8); //: (JoinHandle<()>, u8)
    let (t0, t1) = tup; //: t0: JoinHandle<()>; t1: u8
    let arr = [thread::spawn(|| ()), thread::spawn(|| ())]; //: [JoinHandle<()>; _]
    for x in arr { //: x: JoinHandle<()>
    }
    let bx: Box<dyn FnOnce() -> u8 + Send> = Box::new(|| 1);
    let via_box = thread::spawn(bx); //: JoinHandle<u8>
    let cur = thread::current(); //: Thread
    let nm = cur.name().unwrap_or("x").to_string(); //: String
    let mapped = thread::Builder::new().spawn(|| 1u8).map_err(|e| e.to_string()); //: Result<JoinHandle<u8>, String>
    Ok(())
}
