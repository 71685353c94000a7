// Async.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
struct Svc { st: Arc<Mutex<Vec<u8>>>, f: Pin<Box<dyn Future<Output = u8>>> }
async fn fetch(n: u8) -> Result<String, u8> { Ok(String::new()) }
fn fut() -> impl Future<Output = Vec<u8>> { async { vec![] } }
fn bx() -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send>> { Box::pin(async { Ok(1) }) }
impl Svc {
    async fn call(&self) -> Result<u8, u8> {
        let a = fetch(1).await; //: Result<String, u8>
        let b = fetch(1).await?; //: String
        let c = fut().await; //: Vec<u8>
        let d = bx().await.unwrap(); //: u8
        let e = async { 3u8 }.await; //: u8
        let f = async move { let x = fetch(1).await?; Ok::<_, u8>(x.len()) }.await; //: Result<usize, u8>
        let g = self.st.lock().unwrap(); //: MutexGuard<Vec<u8>>
        Ok(1)
    }
}
