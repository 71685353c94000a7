//! Locks, channels, flags and waits of other crates.

use arc_swap::ArcSwapOption;
use atomic_refcell::AtomicRefCell;
use concurrent_queue::ConcurrentQueue;
use event_listener::{Event, Listener};
use loom::thread as loom_thread;
use portable_atomic::{AtomicBool, Ordering};
use rtrb::RingBuffer;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;
use thread_local::ThreadLocal;

struct Config;

fn channels() {
    let (tx, rx) = kanal::bounded(1); //: tx: Sender<u8>; rx: Receiver<u8>
    let sent = tx.send(1u8).is_ok(); //: bool
    let got = rx.try_recv().unwrap(); //: Option<u8>
    for message in rx { //: u8
        println!("{message}");
    }
    let (tx, rx) = oneshot::channel::<u8>();
    let sent = tx.send(1).is_ok(); //: bool
    let got = rx.recv_timeout(Duration::ZERO).unwrap(); //: u8
    let mut bus = bus::Bus::new(10); //: Bus<u8>
    let mut reader = bus.add_rx(); //: BusReader<u8>
    bus.broadcast(1u8);
    let got = reader.recv().unwrap(); //: u8
    let (mut producer, mut consumer) = RingBuffer::new(2); //: producer: Producer<u8>; consumer: Consumer<u8>
    let pushed = producer.push(1u8).is_ok(); //: bool
    let popped = consumer.pop().unwrap(); //: u8
    let (tx, rx) = mio_extras::channel::channel::<u8>();
    let sent = tx.send(1).is_ok(); //: bool
    let got = rx.try_recv().unwrap(); //: u8
    let queue = ConcurrentQueue::unbounded(); //: ConcurrentQueue<u8>
    let pushed = queue.push(1u8).is_ok(); //: bool
    let popped = queue.pop().unwrap(); //: u8
    let legacy = crossbeam::sync::MsQueue::new(); //: MsQueue<u8>
    legacy.push(1u8);
    let popped = legacy.pop(); //: u8
}

fn locks(file: File) {
    let cell = AtomicRefCell::new(1u8);
    let borrowed = cell.borrow_mut(); //: AtomicRefMut<u8>
    let value = *borrowed; //: u8
    let named = named_lock::NamedLock::create("x").unwrap(); //: NamedLock
    let guard = named.lock().unwrap(); //: NamedLockGuard
    let mut locked = fd_lock::RwLock::new(file); //: RwLock<File>
    let guard = locked.write().unwrap(); //: RwLockWriteGuard<File>
    let jobs = unsafe { jobserver::Client::from_env() }.unwrap(); //: Client
    let permit = jobs.acquire().unwrap(); //: Acquired
    let swap: ArcSwapOption<Config> = ArcSwapOption::empty();
    let old = swap.swap(None); //: Option<Arc<Config>>
    let shared = triomphe::Arc::new(1u8); //: Arc<u8>
    let guarded = scopeguard::guard(1u8, |_| ());
    let value = *guarded; //: u8
    let spin = spin::RwLock::<u8>::new(1).read(); //: RwLockReadGuard<u8>
}

fn flags_and_waits() {
    let flag = AtomicBool::new(false);
    let set = flag.load(Ordering::Relaxed); //: bool
    let event = Event::new(); //: Event
    let listener = event.listen(); //: EventListener
    listener.wait();
    let parker = parking::Parker::new(); //: Parker
    let unparker = parker.unparker(); //: Unparker
    let crossbeam = crossbeam::sync::Parker::new().unparker().clone(); //: Unparker
    let local: ThreadLocal<u8> = ThreadLocal::new();
    let own = local.get_or(|| 1); //: &u8
    let handle = loom_thread::spawn(|| 1u8); //: JoinHandle<u8>
    let child = shared_child::SharedChild::spawn(&mut std::process::Command::new("x")).unwrap(); //: SharedChild
    let output = duct::cmd("x", &["y"]).start().unwrap(); //: Handle
    let poller = polling::Poller::new().unwrap(); //: Poller
    let ready = crossterm::event::poll(Duration::ZERO).unwrap(); //: bool
}

fn pools() {
    let pool = scheduled_thread_pool::ScheduledThreadPool::new(1); //: ScheduledThreadPool
    let job = pool.execute(|| ()); //: JobHandle
    let mut scoped = scoped_threadpool::Pool::new(1); //: Pool
    scoped.scoped(|scope| scope.execute(|| ()));
    let cpus = futures_cpupool::CpuPool::new(1); //: CpuPool
    let named = threadpool::ThreadPool::with_name("x".into(), 1); //: ThreadPool
    let shared = rayon_core::ThreadPoolBuilder::new().build().unwrap(); //: ThreadPool
}

fn guards() {
    let (writer, guard) = tracing_appender::non_blocking(std::io::stdout()); //: writer: NonBlocking; guard: WorkerGuard
    let span = tracing::Span::current(); //: Span
    let entered = span.enter(); //: Entered
    let watcher = notify::recommended_watcher(|_| ()).unwrap(); //: INotifyWatcher
}

fn connections(pool: r2d2::Pool<Manager>) {
    let connection = pool.get().unwrap(); //: PooledConnection<Manager>
    let response = ureq::get("x").call().unwrap(); //: Response
    let text = reqwest::blocking::get("x").unwrap().text().unwrap(); //: String
    let (mut socket, _) = tungstenite::connect("x").unwrap();
    let message = socket.read().unwrap(); //: Message
}

struct Manager;
impl r2d2::ManageConnection for Manager {
    type Connection = u8;
    type Error = std::io::Error;
}
