//! What any request of up to a mebibyte costs the server: the worst that we could think of, sent to a process under a
//! limit, which must answer each of them, live on, and stay within what is said here. Run in release to publish figures.

use outpost_device::session::frame::Call;
use outpost_device::sync::Transport;
use outpost_device::transport::http::HttpTransport;
use outpost_faults::company::{Company, phone};
use outpost_faults::load::{Tapped, tap};
use outpost_faults::process::serve;
use outpost_faults::promises::Recording;
use outpost_model::wire::{SyncRequest, VERSION, frame, parse_frame};
use outpost_server::clock::{Clock, SystemClock};
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const MIB: usize = 1 << 20;
/// Address space that the process may have, in KiB: most of it is never touched.
const LIMIT: u64 = 3 << 20;
/// What a request may add to the memory in use, and cost of the processor.
const MOST_MIB: u64 = 160;
const MOST_CPU_MS: u64 = 30_000;

/// A process' memory at its highest, in KiB, and its processor time in clock ticks of 10 ms.
fn spent(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let high = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (high, fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap())
}

struct Site {
    _folder: TempDir,
    server: outpost_faults::process::Process,
    address: String,
    /// A call that counts, to borrow its token and form.
    call: Call,
    request: SyncRequest,
}

/// A server under the limit, and a long push that its one phone has ready.
fn site(acts: usize) -> Site {
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    let program = Path::new(env!("CARGO_BIN_EXE_faults-relay"));
    let (server, address) = serve(program, &company, "127.0.0.1:0", &format!("ulimit -v {LIMIT};")).unwrap();
    let mut device = phone(&folder.path().join("phone"), &company.invitation(0, &address)).unwrap();
    let mut way = Recording::over(HttpTransport::new(&address).unwrap());
    assert!(device.sync(&mut way).unwrap().is_settled());
    let call = way.syncs().next_back().unwrap().clone();
    let mut dice = Dice::new(1);
    let mut captured = 0;
    while captured < acts {
        captured += usize::from(matches!(tap(&mut device, SystemClock.now(), &mut dice), Tapped::Captured(_)));
    }
    // The push is made but not sent: its way ends here.
    let mut stopped = Recording::over(Nowhere);
    let _ = device.sync(&mut stopped);
    let push = stopped.syncs().next_back().unwrap();
    let packed = push.headers.iter().any(|(name, value)| *name == "content-encoding" && value == "zstd");
    let body = if packed { zstd::bulk::decompress(&push.body, 64 * MIB).unwrap() } else { push.body.clone() };
    Site { _folder: folder, server, address, call, request: parse_frame(&body).unwrap() }
}

struct Nowhere;

impl Transport for Nowhere {
    fn call(&mut self, _: &Call) -> Result<outpost_device::session::frame::Answer, outpost_device::report::Fault> {
        Err(outpost_device::report::Fault::Unreachable("nowhere".to_owned()))
    }
}

fn worst(request: &SyncRequest) -> Vec<(String, &'static str, Vec<u8>)> {
    let mut cases: Vec<(String, &'static str, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, encoding, body: Vec<u8>| cases.push((name.to_owned(), encoding, body));
    let zeros = vec![0; 64 * MIB];
    add("64 MiB of zeros in zstd", "zstd", zstd::bulk::compress(&zeros, 19).unwrap());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, &zeros).unwrap();
    add("64 MiB of zeros in gzip", "gzip", gzip.finish().unwrap());
    add("a mebibyte of nested arrays", "", vec![0x81; MIB]);
    add("a mebibyte of nested maps", "", vec![0xa1; MIB]);
    add("an array that says it is endless", "", [vec![0x9b], vec![0xff; 8], vec![0; 1_000]].concat());
    add("text that says it is a terabyte", "", vec![0x7b, 0, 0, 1, 0, 0, 0, 0, 0]);
    let mut dice = Dice::new(7);
    let noise: Vec<u8> = (0..MIB / 8).flat_map(|_| dice.bytes::<8>()).collect();
    add("a mebibyte of noise", "", noise);
    add("an honest push as long as it gets", "", frame(request));
    let mut twice = request.clone();
    for step in &mut twice.steps {
        step.needs = (0..step.no).rev().take(64).collect();
    }
    add("each step needs the sixty-four before it", "", frame(&twice));
    let mut backwards = request.clone();
    let mut whats: Vec<_> = backwards.steps.iter().map(|step| step.what.clone()).collect();
    whats.reverse();
    for (step, what) in backwards.steps.iter_mut().zip(whats) {
        (step.what, step.needs) = (what, Vec::new());
    }
    add("the same push from its end to its beginning", "", frame(&backwards));
    let mut many = request.clone();
    let first = many.steps[0].clone();
    many.steps =
        (0..2_000).map(|no| outpost_model::wire::Step { no, needs: Vec::new(), what: first.what.clone() }).collect();
    add("one step two thousand times", "", frame(&many));
    assert_eq!(request.version, VERSION);
    cases
}

#[test]
fn no_request_of_a_mebibyte_takes_more_than_is_said() {
    let site = site(if cfg!(debug_assertions) { 300 } else { 1_500 });
    let (mut most_memory, mut most_cpu) = ((0, String::new()), (0, String::new()));
    let mut cases = worst(&site.request);
    for file in corpus() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        cases.push((format!("corpus {name}"), "", fs::read(&file).unwrap()));
    }
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    for (name, encoding, body) in &cases {
        assert!(body.len() <= MIB, "{name} is too long: {}", body.len());
        let before = spent(site.server.id());
        let mut call = agent.post(format!("{}/v1/sync", site.address)).header("content-type", "application/cbor");
        for (header, value) in site.call.headers.iter().filter(|(header, _)| *header == "authorization") {
            call = call.header(*header, value);
        }
        if !encoding.is_empty() {
            call = call.header("content-encoding", *encoding);
        }
        let status = call.send(body.as_slice()).unwrap_or_else(|lost| panic!("{name}: {lost}")).status().as_u16();
        let after = spent(site.server.id());
        let (memory, cpu) = ((after.0 - before.0) / 1024, (after.1 - before.1) * 10);
        println!(
            "{name}: {} bytes, answered {status}, at most {} MiB in use (+{memory}), {cpu} ms",
            body.len(),
            after.0 / 1024
        );
        assert!(matches!(status, 200 | 400 | 413 | 422 | 429), "{name}: {status}");
        assert!(memory <= MOST_MIB, "{name}: {memory} MiB more");
        assert!(cpu <= MOST_CPU_MS, "{name}: {cpu} ms");
        most_memory = most_memory.max((memory, name.clone()));
        most_cpu = most_cpu.max((cpu, name.clone()));
    }
    println!("most memory: {most_memory:?} MiB; most processor time: {most_cpu:?} ms");
}

/// What the fuzzer found worth keeping, as whole bodies.
fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/frames");
    let found = fs::read_dir(folder).map(|files| files.filter_map(|file| Some(file.ok()?.path())).collect());
    let mut files: Vec<PathBuf> = found.unwrap_or_default();
    files.sort();
    files
}
