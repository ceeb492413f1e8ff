//! Processes of the real server and of real phones, and their ends.

use crate::company::Company;
use crate::promises::{Promises, Promising};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// A process of ours, killed at the latest when the test lets go of it.
pub struct Process {
    child: Child,
    listener: Option<JoinHandle<()>>,
}

impl Process {
    /// SIGKILL, and the end of what it had said.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }

    /// Waits for it to end by itself; whether it was content.
    pub fn wait(mut self) -> bool {
        let content = self.child.wait().is_ok_and(|status| status.success());
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        content
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// The server over that folder, behind a shell's limits if any are given; and where it listens.
pub fn serve(program: &Path, company: &Company, listen: &str, limits: &str) -> Option<(Process, String)> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{limits} exec \"$0\" \"$@\"")).arg(program);
    command.args(["--listen", listen, "--data"]).arg(&company.folder);
    command.env("OUTPOST_LOG", "off").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the server starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let first = lines.next();
    let address = first.and_then(|line| line.split_whitespace().last().map(str::to_owned));
    let process = Process { child, listener: Some(std::thread::spawn(move || lines.for_each(drop))) };
    Some((process, address?))
}

/// Everything that phones and their server have promised so far.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Promises>>);

impl Heard {
    /// A way to the server on which everything promised is heard.
    pub fn on<T>(&self, way: T) -> Promising<T> {
        let heard = self.clone();
        Promising::telling(way, move |seq, hash| heard.all().admit(seq, hash))
    }

    pub fn all(&self) -> MutexGuard<'_, Promises> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Phone {
    pub place: usize,
    pub folder: PathBuf,
    pub program: PathBuf,
}

impl Phone {
    /// The phone's process; every line that it says is heard.
    pub fn start(&self, company: &Company, address: &str, mode: &str, seed: u64, heard: &Heard) -> Process {
        let mut command = Command::new(&self.program);
        command.arg(&self.folder).arg(company.invitation(self.place, address).to_string()).arg(seed.to_string());
        command.arg(mode).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the phone starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let heard = heard.clone();
        let listener = std::thread::spawn(move || {
            for line in lines {
                if line.starts_with("broke") || line.starts_with("closed") {
                    heard.all().broken.push(line);
                } else {
                    heard.all().hear(&line);
                }
            }
        });
        Process { child, listener: Some(listener) }
    }
}
