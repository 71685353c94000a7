// Time, io, process.

use std::io::{self, Read, Write, BufRead, BufReader};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio, Child};
use std::time::{Instant, Duration, SystemTime};
use std::fs::File;
use std::path::{Path, PathBuf};
fn io(p: &Path) -> io::Result<()> {
    let a = TcpListener::bind("x")?; //: TcpListener
    for s in a.incoming() { //: s: Result<TcpStream, Error>
        let s = s?; //: TcpStream
        let s2 = s.try_clone()?; //: TcpStream
        let peer = s.peer_addr()?.ip().to_string(); //: String
    }
    let (st, addr) = a.accept()?; //: st: TcpStream; addr: SocketAddr
    let mut c = Command::new("x").stdin(Stdio::piped()).spawn()?; //: Child
    let out = c.stdout.take().unwrap(); //: ChildStdout
    let rd = BufReader::new(out); //: BufReader<ChildStdout>
    for line in rd.lines() { //: line: Result<String, Error>
        let l = line?; //: String
    }
    let st = c.wait()?.success(); //: bool
    let code = c.wait()?.code().unwrap_or(1); //: i32
    let t = Instant::now(); //: Instant
    let el = t.elapsed(); //: Duration
    let ms = el.as_millis() as u64; //: u64
    let dl = t + Duration::from_secs(1); //: Instant
    let left = dl.duration_since(t) / 2; //: Duration
    let d2 = dl - t; //: Duration
    let f = File::open(p)?; //: File
    let md = f.metadata()?.len(); //: u64
    let pb = p.join("x"); //: PathBuf
    let ext = pb.extension().and_then(|e| e.to_str()); //: Option<&str>
    let name = p.file_name().unwrap().to_string_lossy().to_string(); //: String
    let si = io::stdin(); //: Stdin
    let lk = si.lock(); //: StdinLock
    for l in io::stdin().lock().lines().map(|l| l.unwrap()) { //: l: String
    }
    let e = io::Error::new(io::ErrorKind::Other, "x"); //: Error
    let k = e.kind(); //: ErrorKind
    let outp = Command::new("a").arg("b").output()?.stdout; //: Vec<u8>
    let sock = UdpSocket::bind("x")?; //: UdpSocket
    let (n, from) = sock.recv_from(&mut [0u8; 3])?; //: n: usize; from: SocketAddr
    let contents = std::fs::read_to_string(p)?; //: String
    for entry in std::fs::read_dir(p)? { //: entry: Result<DirEntry, Error>
        let path = entry?.path(); //: PathBuf
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs(); //: u64
    let v = std::env::var("X").unwrap_or_else(|_| "y".into()); //: String
    let mut buf = Vec::new(); //: Vec<u8>
    let n = f.read_to_end(&mut buf)?; //: usize
    Ok(())
}
