//! A proxy between phones and server that stalls, cuts and mangles what goes through it, either way: heads, and bodies
//! as if no TLS stood around them.

use outpost_simulation::dice::Dice;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

pub struct Proxy {
    pub address: String,
    /// Whether it does its worst; else it carries everything.
    pub bad: Arc<AtomicBool>,
    pub faults: Arc<AtomicU64>,
}

/// What happens to a connection, after so many bytes.
#[derive(Clone, Copy)]
enum Fate {
    Whole,
    Cut(usize),
    Mangled(usize),
    Stalled(usize),
}

impl Proxy {
    /// Stands before that server until the process ends.
    pub fn before(server: &str, seed: u64) -> Self {
        let server: SocketAddr = server.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (bad, faults) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let (is_bad, counted) = (bad.clone(), faults.clone());
        std::thread::spawn(move || {
            let mut dice = Dice::new(seed);
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(server) else { continue };
                let ways = [fate(&mut dice), fate(&mut dice)];
                let ways = if is_bad.load(Ordering::SeqCst) { ways } else { [Fate::Whole; 2] };
                counted
                    .fetch_add(ways.iter().filter(|way| !matches!(way, Fate::Whole)).count() as u64, Ordering::SeqCst);
                let (up, down) = (client.try_clone(), server.try_clone());
                if let (Ok(up), Ok(down)) = (up, down) {
                    std::thread::spawn(move || carry(client, server, ways[0]));
                    std::thread::spawn(move || carry(down, up, ways[1]));
                }
            }
        });
        Self { address, bad, faults }
    }
}

/// Where most requests and answers of a sync end, head and body.
const MOST: usize = 600;

fn fate(dice: &mut Dice) -> Fate {
    let at = dice.below(3_000);
    match dice.below(8) {
        0 => Fate::Cut(at),
        1 | 2 => Fate::Mangled(at % MOST),
        3 => Fate::Stalled(at),
        _ => Fate::Whole,
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, fate: Fate) {
    let (mut sent, mut part) = (0, [0; 4096]);
    while let Ok(read) = from.read(&mut part) {
        if read == 0 {
            break;
        }
        let inside = |at: usize| (sent..sent + read).contains(&at);
        match fate {
            Fate::Cut(at) if inside(at) => {
                let _ = to.write_all(&part[..at - sent]);
                break;
            }
            Fate::Mangled(at) if inside(at) => part[at - sent] ^= 0x55,
            Fate::Stalled(at) if inside(at) => std::thread::sleep(Duration::from_millis(300)),
            _ => {}
        }
        if to.write_all(&part[..read]).is_err() {
            break;
        }
        sent += read;
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
