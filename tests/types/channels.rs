// Channels.

use std::sync::mpsc::{self, channel, sync_channel, Sender, Receiver, SyncSender, RecvTimeoutError};
use std::time::Duration;
enum Msg { Job(Box<dyn FnOnce() + Send>), Reply(Sender<u32>), Stop, Pair { a: u8, tx: SyncSender<String> } }
fn run(rx: Receiver<Msg>) {
    let (tx, r) = channel::<u8>(); //: tx: Sender<u8>; r: Receiver<u8>
    let (stx, srx) = mpsc::sync_channel(1); //: stx: SyncSender<String>; srx: Receiver<String>
    stx.send(String::new()).unwrap();
    let tx2 = tx.clone(); //: Sender<u8>
    let v = r.recv(); //: Result<u8, RecvError>
    let t = r.try_recv().ok(); //: Option<u8>
    let to = r.recv_timeout(Duration::from_millis(1)); //: Result<u8, RecvTimeoutError>
    while let Ok(msg) = rx.recv() { //: msg: Msg
        match msg {
            Msg::Job(job) => { //: job: Box<dyn FnOnce() + Send>
                job();
            }
            Msg::Reply(reply) => { //: reply: Sender<u32>
                let sent = reply.send(3); //: Result<(), SendError<u32>>
            }
            Msg::Pair { a, tx: out } => {} //: a: u8; out: SyncSender<String>
            Msg::Stop => break,
        }
    }
    for m in rx.iter() { //: m: Msg
    }
    for m in &rx { //: m: Msg
    }
    for m in rx.try_iter() { //: m: Msg
    }
    let got = rx.into_iter().next(); //: Option<Msg>
    let senders: Vec<Sender<u8>> = (0..2).map(|_| tx.clone()).collect();
    let it = senders.iter().map(|s| s.send(1)); 
    for s in senders.iter().cloned() { //: s: Sender<u8>
    }
    let (txs, rxs): (Vec<_>, Vec<_>) = (0..3).map(|_| channel::<u16>()).unzip(); //: txs: Vec<Sender<u16>>; rxs: Vec<Receiver<u16>>
    let pair = channel(); //: (Sender<bool>, Receiver<bool>)
    pair.0.send(true);
    let m = match r.recv_timeout(Duration::from_secs(1)) { Ok(m) => m, Err(RecvTimeoutError::Timeout) => return, Err(_) => 0 }; //: u8
    let e = r.recv().unwrap_err(); //: RecvError
    if let Err(mpsc::SendError(back)) = tx.send(1) { //: back: u8
    }
}
