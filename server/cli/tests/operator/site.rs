//! A folder of one's own, and the binary run over it.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

pub struct Site {
    dir: TempDir,
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

pub fn outpost(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outpost"));
    command.args(args).stdin(Stdio::null()).env_remove("OUTPOST_DATA").env_remove("OUTPOST_SERVER");
    command
}

pub fn run(args: &[&str]) -> Ran {
    outpost(args).output().unwrap().into()
}

impl Site {
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A folder in which a relay was started once; the password of its first account.
    pub fn founded() -> (Self, String) {
        let site = Self::empty();
        let relay = site.serve(&[]);
        let password = relay.told("密码");
        relay.stop();
        (site, password)
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs a subcommand over the folder.
    pub fn run(&self, args: &[&str]) -> Ran {
        let data = self.data();
        outpost(args).arg("--data").arg(data).output().unwrap().into()
    }

    /// Runs one that has to succeed; what it printed.
    pub fn done(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran.out
    }

    /// Runs one that must not; the sentence that says why.
    pub fn refused(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 1, "{args:?}: {}{}", ran.out, ran.err);
        ran.err
    }

    /// The demo, over this folder.
    pub fn demo(&self) -> Serving {
        let mut command = outpost(&["demo", "--listen", "127.0.0.1:0"]);
        command.arg("--data").arg(self.data()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Serving::begin(command.spawn().unwrap())
    }

    pub fn serve(&self, more: &[&str]) -> Serving {
        let mut command = outpost(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(more).arg("--data").arg(self.data()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Serving::begin(command.spawn().unwrap())
    }
}

/// A relay that runs; stopped at the latest when the test lets go of it.
pub struct Serving {
    child: Child,
    welcome: Vec<String>,
    pub address: String,
    log: Receiver<String>,
}

impl Serving {
    fn begin(mut child: Child) -> Self {
        let mut errors = child.stderr.take().unwrap();
        let (tell, log) = channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap_or_default();
            let _ = tell.send(text);
        });
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut welcome: Vec<String> = Vec::new();
        for line in lines {
            let is_last = line.starts_with("Stop with");
            welcome.push(line);
            if is_last {
                break;
            }
        }
        let address = welcome.iter().flat_map(|line| line.split([' ', ','])).find(|word| word.starts_with("http"));
        let address = address.unwrap_or_default().to_owned();
        Self { child, welcome, address, log }
    }

    pub fn welcome(&self) -> String {
        self.welcome.join("\n")
    }

    /// The word after that label in what it printed at the start.
    pub fn told(&self, label: &str) -> String {
        let line =
            self.welcome.iter().find(|line| line.contains(label)).unwrap_or_else(|| panic!("{}", self.welcome()));
        line.split_whitespace().last().unwrap().to_owned()
    }

    /// Asks it to stop; its exit code and log.
    pub fn stop(mut self) -> (i32, String) {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        let status = self.child.wait().unwrap();
        (status.code().unwrap_or(-1), self.log.recv_timeout(Duration::from_secs(10)).unwrap_or_default())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
