// Libraries of channels and tasks.

use crossbeam_channel as cc;
use parking_lot::{Condvar, Mutex, RwLock};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
struct Actor { rx: mpsc::Receiver<Cmd>, set: JoinSet<u8>, bg: Option<JoinHandle<()>>, stop: watch::Receiver<bool> }
enum Cmd { Get { key: String, reply: oneshot::Sender<Option<String>> }, Stop(oneshot::Sender<()>) }
impl Actor {
    async fn run(mut self) {
        while let Some(cmd) = self.rx.recv().await { //: cmd: Cmd
            match cmd {
                Cmd::Get { key, reply } => { let r = reply.send(Some(key)); } //: key: String; reply: Sender<Option<String>>; r: Result<(), Option<String>>
                Cmd::Stop(ack) => { //: ack: Sender<()>
                    break;
                }
            }
        }
        let h = tokio::spawn(async move { 3u8 }); //: JoinHandle<u8>
        let v = h.await; //: Result<u8, JoinError>
        let b = tokio::task::spawn_blocking(|| String::new()).await.unwrap(); //: String
        self.set.spawn(async { 1u8 });
        while let Some(res) = self.set.join_next().await { //: res: Result<u8, JoinError>
        }
        if let Some(bg) = self.bg.take() { //: bg: JoinHandle<()>
            bg.abort();
        }
        let (otx, orx) = oneshot::channel::<u16>(); //: otx: Sender<u16>; orx: Receiver<u16>
        let got = orx.await; //: Result<u16, RecvError>
        let (wtx, wrx) = watch::channel(3u8); //: wtx: Sender<u8>; wrx: Receiver<u8>
        let cur = *wrx.borrow(); //: u8
        let t = tokio::time::timeout(Duration::from_secs(1), async { 4u8 }).await; //: Result<u8, Elapsed>
    }
}
fn sync_libs(m: Arc<(Mutex<Vec<u8>>, Condvar)>) {
    let (s, r) = cc::bounded::<u8>(1); //: s: Sender<u8>; r: Receiver<u8>
    let a = r.recv_timeout(Duration::from_millis(1)); //: Result<u8, RecvTimeoutError>
    let b = r.try_iter().collect::<Vec<_>>(); //: Vec<u8>
    let c = cc::tick(Duration::from_secs(1)).recv().unwrap(); //: Instant
    let mut g = m.0.lock(); //: MutexGuard<Vec<u8>>
    let w = m.1.wait_for(&mut g, Duration::from_secs(1)); //: WaitTimeoutResult
    let f = g.drain(..).next(); //: Option<u8>
    let rw = RwLock::new(vec![1u8]); //: RwLock<Vec<u8>>
    let x = rw.read().iter().copied().max(); //: Option<u8>
    let y = rw.write().drain(..).collect::<Vec<_>>(); //: Vec<u8>
    let (ft, fr) = flume::unbounded(); //: ft: Sender<u8>; fr: Receiver<u8>
    ft.send(1u8).unwrap();
    let z = fr.recv().unwrap(); //: u8
    let (p, q) = rayon::join(|| 1u8, || String::new()); //: p: u8; q: String
    crossbeam_utils::thread::scope(|s| { //: s: &Scope
        let h = s.spawn(|_| 3u8); //: ScopedJoinHandle<u8>
        let j = h.join(); //: Result<u8, Box<dyn Any + Send>>
    }).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap(); //: ThreadPool
    let inst = pool.install(|| 5u8); //: u8
    let cell: once_cell::sync::OnceCell<Mutex<u8>> = once_cell::sync::OnceCell::new();
    let cg = cell.get_or_init(|| Mutex::new(1)).lock(); //: MutexGuard<u8>
}
lazy_static::lazy_static! {
    static ref GLOBAL: Mutex<Vec<String>> = Mutex::new(Vec::new());
}
static ONCE: once_cell::sync::Lazy<Mutex<Vec<u8>>> = once_cell::sync::Lazy::new(|| Mutex::new(Vec::new()));
fn globals() {
    let a = GLOBAL.lock().pop(); //: Option<String>
    let b = ONCE.lock().len(); //: usize
    let g = GLOBAL.lock(); //: MutexGuard<Vec<String>>
}
