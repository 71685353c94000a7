// Patterns of references.

use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
struct Newtype(Arc<Mutex<Inner>>);
struct Inner { jobs: Vec<Job>, pair: (Option<JoinHandle<()>>, u8), nested: Option<Box<Inner>> }
enum Job { Run(Box<dyn FnOnce() -> u8 + Send>), Group { jobs: Vec<Job>, label: Option<String> }, Stop }
fn refs(n: &Newtype, inner: &mut Inner, jobs: &[Job], list: &mut [(u8, Option<JoinHandle<u8>>)], guards: &[Mutex<u8>]) {
    let mut g = n.0.lock().unwrap(); //: MutexGuard<Inner>
    let Inner { jobs: j, pair: (h, num), .. } = &mut *g; //: j: &mut Vec<Job>; h: &mut Option<JoinHandle<()>>; num: &mut u8
    if let Some(Job::Run(f)) = j.pop() { //: f: Box<dyn FnOnce() -> u8 + Send>
        let r = f(); //: u8
    }
    let Inner { jobs: ref own, ref mut pair, .. } = *inner; //: own: &Vec<Job>; pair: &mut (Option<JoinHandle<()>>, u8)
    for job in own { //: job: &Job
        match job {
            Job::Group { jobs: inner_jobs, label: Some(l) } => {} //: inner_jobs: &Vec<Job>; l: &String
            Job::Group { jobs, .. } if jobs.is_empty() => {} //: jobs: &Vec<Job>
            &Job::Run(ref f) => {} //: f: &Box<dyn FnOnce() -> u8 + Send>
            _ => {}
        }
    }
    if let [Job::Group { label, .. }, rest @ ..] = jobs { //: label: &Option<String>; rest: &[Job]
    }
    for (id, slot) in list.iter_mut() { //: id: &mut u8; slot: &mut Option<JoinHandle<u8>>
        let t = slot.take(); //: Option<JoinHandle<u8>>
    }
    for &mut (ref id, ref mut slot) in list.iter_mut() { //: id: &u8; slot: &mut Option<JoinHandle<u8>>
    }
    for (i, (id, slot)) in list.iter().enumerate() { //: i: usize; id: &u8; slot: &Option<JoinHandle<u8>>
    }
    let mut at = inner.nested.as_deref(); //: Option<&Inner>
    while let Some(node) = at { //: node: &Inner
        at = node.nested.as_deref();
    }
    let depth = inner.nested.as_ref().map_or(0, |b| b.jobs.len()); //: usize
    match (guards[0].lock(), guards[1].lock()) {
        (Ok(a), Ok(b)) => {} //: a: MutexGuard<u8>; b: MutexGuard<u8>
        (Err(e), _) | (_, Err(e)) => {} //: e: PoisonError<MutexGuard<u8>>
    }
    if let (Some(a), [first, ..]) = (&inner.pair.0, jobs) { //: a: &JoinHandle<()>; first: &Job
    }
    if let Some(JobRef { job: Job::Stop, at }) = find(jobs) { //: at: usize
    }
    let Some((id, Some(h))) = list.first_mut() else { return }; //: id: &mut u8; h: &mut JoinHandle<u8>
    let x @ (a, _) = &inner.pair; //: x: &(Option<JoinHandle<()>>, u8); a: &Option<JoinHandle<()>>
    let ((p, q), [r, s, ..]) = ((1u8, "a"), [1u16, 2, 3]); //: p: u8; q: &str; r: u16; s: u16
    let n2 = &n.0; //: &Arc<Mutex<Inner>>
    let cl = move |Newtype(arc): Newtype| arc.lock().unwrap().jobs.len(); 
    let cl2 = |(a, b): (u8, String)| b; 
    let out = cl2((1, String::new())); //: String
    list.iter_mut().for_each(|(id, slot)| { //: id: &mut u8; slot: &mut Option<JoinHandle<u8>>
    });
    list.sort_by(|a, b| a.0.cmp(&b.0)); //: a: &(u8, Option<JoinHandle<u8>>); b: &(u8, Option<JoinHandle<u8>>)
    let z = list.iter().map(|&(id, ref slot)| (id, slot.is_some())).collect::<Vec<_>>(); //: Vec<(u8, bool)>
    let y = list.iter().filter(|(id, _)| *id > 1).map(|(_, s)| s.as_ref()).flatten().next(); //: Option<&JoinHandle<u8>>
}
struct JobRef<'a> { job: &'a Job, at: usize }
fn find(jobs: &[Job]) -> Option<JobRef<'_>> { None }
