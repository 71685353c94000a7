//! crossterm: waiting for input.

pub mod event {
    use std::io;
    use std::time::Duration;

    #[effect(blocks(poll))]
    pub fn read() -> io::Result<Event> {}
    #[effect(blocks(poll), timed)]
    pub fn poll(timeout: Duration) -> io::Result<bool> {}
    pub enum Event {
        FocusGained,
        FocusLost,
        Key(KeyEvent),
        Mouse(MouseEvent),
        Paste(String),
        Resize(u16, u16),
    }
    pub struct KeyEvent;
    pub struct MouseEvent;
}
