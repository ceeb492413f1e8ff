//! The relay is told to stop while it talks to a bucket that doesn't answer: it ends in good time, without a panic.

use outpost_faults::company::Company;
use outpost_simulation::cast;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Takes what is put and deleted, and never answers a question; says when one has come.
fn bucket(listener: TcpListener, asked: Sender<()>) {
    for stream in listener.incoming().map_while(Result::ok) {
        let asked = asked.clone();
        std::thread::spawn(move || answer(stream, &asked));
    }
}

fn answer(stream: TcpStream, asked: &Sender<()>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
        reader.read_exact(&mut vec![0; length]).ok()?;
        if first.starts_with("GET") {
            asked.send(()).ok()?;
            // Holds the line, and says nothing.
            return reader.read_line(&mut first).ok().map(drop);
        }
        // Deleting is a POST of several names, and its answer says which of them couldn't be deleted.
        let body =
            if first.starts_with("POST") { "<DeleteResult><Deleted><Key>k</Key></Deleted></DeleteResult>" } else { "" };
        let said = format!("HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        (&stream).write_all(said.as_bytes()).ok()?;
    }
}

#[test]
fn a_relay_that_talks_to_a_silent_bucket_stops_when_it_is_told() {
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (asked, comes) = channel();
    std::thread::spawn(move || bucket(listener, asked));
    let mut relay = Command::new(env!("CARGO_BIN_EXE_faults-relay"))
        .args(["--listen", "127.0.0.1:0", "--blobs", "s3://files/outpost", "--data"])
        .arg(&company.folder)
        .envs([("AWS_ENDPOINT_URL", endpoint.as_str()), ("AWS_ALLOW_HTTP", "true"), ("AWS_REGION", "us-east-1")])
        .envs([("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("OUTPOST_LOG", "warn")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = relay.stderr.take().unwrap();
    if comes.recv_timeout(Duration::from_secs(30)).is_err() {
        relay.kill().unwrap();
        let mut told = String::new();
        stderr.read_to_string(&mut told).unwrap();
        panic!("the relay doesn't look into its bucket: {told}");
    }
    let began = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &relay.id().to_string()]).status().unwrap().success());
    let mut told = String::new();
    stderr.read_to_string(&mut told).unwrap();
    let status = relay.wait().unwrap();
    assert!(status.success(), "{status}: {told}");
    assert!(!told.contains("panicked"), "{told}");
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
}
