// Errors on the way.

use anyhow::{anyhow, bail, Context as _};
use std::io;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::{self, JoinHandle};
#[derive(Debug)]
enum Error { Io(io::Error), Poisoned, Join(Box<dyn std::any::Any + Send>) }
impl From<io::Error> for Error { fn from(e: io::Error) -> Self { Error::Io(e) } }
impl<T> From<PoisonError<T>> for Error { fn from(_: PoisonError<T>) -> Self { Error::Poisoned } }
type Result<T, E = Error> = std::result::Result<T, E>;
fn spawn_named(name: &str) -> anyhow::Result<JoinHandle<u8>> {
    let a = thread::Builder::new().name(name.to_owned()).spawn(|| 1u8).context("spawn")?; //: JoinHandle<u8>
    let b = thread::Builder::new().spawn(|| 2u8).with_context(|| format!("spawn {name}"))?; //: JoinHandle<u8>
    let c = Some(3u8).context("none")?; //: u8
    let d = a.join().map_err(|_| anyhow!("panicked"))?; //: u8
    Ok(b)
}
fn own(m: &Mutex<Vec<JoinHandle<()>>>) -> Result<usize> {
    let g = m.lock()?; //: MutexGuard<Vec<JoinHandle<()>>>
    let n = g.len(); //: usize
    let h = thread::Builder::new().spawn(|| ())?; //: JoinHandle<()>
    let h2 = thread::Builder::new().spawn(|| ()).map_err(Error::Io)?; //: JoinHandle<()>
    let j = h.join().map_err(Error::Join)?; //: ()
    let k = h2.join().or(Err(Error::Poisoned))?; //: ()
    let t = match m.try_lock() { //: MutexGuard<Vec<JoinHandle<()>>>
        Ok(g) => g,
        Err(TryLockError::WouldBlock) => return Ok(0),
        Err(TryLockError::Poisoned(e)) => e.into_inner(), //: e: PoisonError<MutexGuard<Vec<JoinHandle<()>>>>
    };
    let l = m.lock().map(|g| g.len()).unwrap_or_default(); //: usize
    let o = m.lock().ok().and_then(|mut g| g.pop()); //: Option<JoinHandle<()>>
    let p = m.lock().map_err(|_| Error::Poisoned)?.pop().ok_or(Error::Poisoned)?; //: JoinHandle<()>
    let Ok(q) = m.lock() else { return Err(Error::Poisoned) }; //: q: MutexGuard<Vec<JoinHandle<()>>>
    let r: Result<Vec<JoinHandle<()>>> = (0..3).map(|_| Ok(thread::Builder::new().spawn(|| ())?)).collect();
    let s = (|| -> io::Result<JoinHandle<u8>> { thread::Builder::new().spawn(|| 1) })(); //: Result<JoinHandle<u8>, Error>
    if let Err(e) = s { //: e: Error
    }
    Ok(n)
}
