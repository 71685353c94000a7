//! Executors and their tasks, and the facade crates of `futures`.

use async_io::{Async, Timer};
use futures_channel::oneshot;
use futures_lite::future;
use futures_util::lock::Mutex;
use futures_util::{FutureExt, StreamExt};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::ReceiverStream;

async fn tasks() {
    let task = smol::spawn(async { 1u8 }); //: Task<u8>
    let done = task.await; //: u8
    let executor = async_executor::Executor::new(); //: Executor
    let task = executor.spawn(async { 1u8 }); //: Task<u8>
    let lines = blocking::unblock(|| 1u8); //: Task<u8>
    let (runnable, task) = async_task::spawn(async { 1u8 }, |_| ()); //: runnable: Runnable; task: Task<u8>
    let value = pollster::block_on(async { 1u8 }); //: u8
    let value = future::block_on(async { 1u8 }); //: u8
    let value = futures_executor::block_on(async { 1u8 }); //: u8
    let value = smol::block_on(async { 1u8 }); //: u8
    let (remote, handle) = async { 1u8 }.remote_handle();
    let value = handle.await; //: u8
    let boxed = async { 1u8 }.boxed().await; //: u8
    let built = async_std::task::Builder::new().local(async { 1u8 }).unwrap(); //: JoinHandle<u8>
}

async fn waits(receiver: tokio::sync::mpsc::Receiver<u8>) {
    let at = Timer::after(Duration::ZERO).await; //: Instant
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0)).unwrap(); //: Async<TcpListener>
    let (stream, _) = listener.accept().await.unwrap(); //: Async<TcpStream>
    let (tx, rx) = oneshot::channel::<u8>();
    let sent = tx.send(1).is_ok(); //: bool
    let got = rx.await.unwrap(); //: u8
    let lock = Arc::new(Mutex::new(1u8));
    let guard = lock.lock().await; //: MutexGuard<u8>
    let owned = lock.clone().lock_owned().await; //: OwnedMutexGuard<u8>
    let mut stream = ReceiverStream::new(receiver); //: ReceiverStream<u8>
    let cell = async_lock::OnceCell::<u8>::new();
    let set = cell.get(); //: Option<&u8>
    let (tx, rx) = async_channel::unbounded::<u8>();
    let weak = tx.downgrade(); //: WeakSender<u8>
    let got = rx.recv().await.unwrap(); //: u8
}

async fn tokio_parts(stream: tokio::net::TcpStream) {
    let (read, write) = stream.into_split(); //: read: OwnedReadHalf; write: OwnedWriteHalf
    let mut child = tokio::process::Command::new("x").spawn().unwrap(); //: Child
    let status = child.wait().await.unwrap(); //: ExitStatus
    let mut signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).unwrap(); //: Signal
    let once = tokio::sync::SetOnce::new(); //: SetOnce<u8>
    let set = once.set(1u8).is_ok(); //: bool
    let permit = Arc::new(tokio::sync::Semaphore::new(1)).try_acquire_many_owned(1).unwrap(); //: OwnedSemaphorePermit
    let mut map = tokio_util::task::JoinMap::new(); //: JoinMap<u8, u16>
    map.spawn(1u8, async { 1u16 });
    let next = map.join_next().await.unwrap(); //: (u8, Result<u16, JoinError>)
}
