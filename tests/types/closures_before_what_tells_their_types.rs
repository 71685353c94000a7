// Closures before what tells their types.

use std::collections::HashMap;
use std::sync::{mpsc, Arc, Mutex};
use std::thread::{self, JoinHandle};
struct Request { id: u32, reply: mpsc::Sender<String>, done: Option<JoinHandle<()>> }
fn server() {
    let (tx, rx) = mpsc::channel(); //: tx: Sender<Request>; rx: Receiver<Request>
    let h = thread::spawn(move || { //: JoinHandle<()>
        for req in rx { //: req: Request
            let r = req.reply.send(String::new()); //: Result<(), SendError<String>>
            if let Some(d) = req.done { //: d: JoinHandle<()>
                let j = d.join(); //: Result<(), Box<dyn Any + Send>>
            }
        }
    });
    let (rtx, rrx) = mpsc::channel(); //: rtx: Sender<String>; rrx: Receiver<String>
    tx.send(Request { id: 1, reply: rtx, done: None }).unwrap();
    let shared = Arc::new(Mutex::new(Vec::new())); //: Arc<Mutex<Vec<Request>>>
    let inner = shared.clone(); //: Arc<Mutex<Vec<Request>>>
    let w = thread::spawn(move || { //: JoinHandle<Option<u32>>
        let mut g = inner.lock().unwrap(); //: MutexGuard<Vec<Request>>
        let first = g.pop(); //: Option<Request>
        first.map(|r| r.id)
    });
    shared.lock().unwrap().push(Request { id: 2, reply: tx2(), done: None });
    let mut last = None; //: Option<Request>
    let describe = |r: &Request| r.id; 
    for q in shared.lock().unwrap().drain(..) { //: q: Request
        last = Some(q);
    }
    let id = last.map(|l| l.id); //: Option<u32>
    let mut by_id = HashMap::new(); //: HashMap<u32, Vec<JoinHandle<u8>>>
    let look = |id: u32| by_id.len(); 
    by_id.entry(1u32).or_insert_with(Vec::new).push(thread::spawn(|| 1u8));
    for (k, hs) in by_id { //: k: u32; hs: Vec<JoinHandle<u8>>
        for h in hs { //: h: JoinHandle<u8>
        }
    }
    let mut slot; //: Option<Sender<u8>>
    slot = None;
    if true { slot = Some(mpsc::channel::<u8>().0); }
    let mut fns = Vec::new(); //: Vec<Box<dyn FnOnce() + Send>>
    fns.push(Box::new(|| ()) as Box<dyn FnOnce() + Send>);
}
fn tx2() -> mpsc::Sender<String> { mpsc::channel().0 }
