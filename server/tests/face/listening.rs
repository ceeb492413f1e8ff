//! Live streams and the listener itself, over real connections.

use super::house::{House, user};
use outpost_model::command::Ask;
use outpost_model::record::Person;
use outpost_model::time::Millis;
use outpost_server::http::serve;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

struct Served {
    address: SocketAddr,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
}

impl Served {
    fn of(house: &House) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let gateway = house.gateway.clone();
        let done = runtime.spawn(async move {
            let stopped = async move { drop(stopped.await) };
            serve(listener, gateway, stopped).await.unwrap();
        });
        Self { address, runtime, stop: Some(stop), done }
    }

    fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        let ended = async { tokio::time::timeout(Duration::from_secs(10), &mut self.done).await };
        self.runtime.block_on(ended).expect("the server ends").unwrap();
    }

    /// A stream that was answered with 200, past its head.
    fn listen(&self, token: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(
            stream,
            "GET /v1/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert!(line.contains(" 200 "), "{line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        reader
    }
}

fn until(reader: &mut BufReader<TcpStream>, wanted: &str) {
    let mut line = String::new();
    while !line.contains(wanted) {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the stream ended before `{wanted}`");
    }
}

fn quick() -> House {
    House::with(|settings| settings.limits.heartbeat = Duration::from_millis(50))
}

fn news(house: &House) {
    let person = house.relay.person(&user("u-e2")).unwrap().unwrap();
    house.decide(Ask::PutPerson { person: Person { name: format!("{}!", person.name), ..person } });
}

#[test]
fn news_in_a_scope_of_ones_own_is_heard() {
    let house = quick();
    let phone = house.phone("u-e1", "d-1");
    let served = Served::of(&house);
    let mut stream = served.listen(&phone.token());
    until(&mut stream, ":");
    news(&house);
    until(&mut stream, "event: new");
    served.stop();
}

#[test]
fn a_person_hears_news_until_he_signs_out() {
    let house = quick();
    let (session, _) = house.sign_in("u-hq");
    let served = Served::of(&house);
    let mut stream = served.listen(&session);
    until(&mut stream, ":");
    news(&house);
    until(&mut stream, "event: new");
    let bearer = format!("Bearer {session}");
    assert_eq!(house.call("DELETE", "/v1/session", &[("authorization", &bearer)], vec![]).status, 204);
    stream.read_to_end(&mut Vec::new()).unwrap();
    served.stop();
}

#[test]
fn a_stream_ends_when_the_leave_to_listen_ends() {
    let house = quick();
    let (first, second) = (house.phone("u-e1", "d-1"), house.phone("u-e2", "d-2"));
    let served = Served::of(&house);
    let mut revoked = served.listen(&first.token());
    house.revoke("d-1");
    revoked.read_to_end(&mut Vec::new()).unwrap();
    let mut expired = served.listen(&second.token());
    house.after(Millis::minutes(15));
    expired.read_to_end(&mut Vec::new()).unwrap();
    served.stop();
}

#[test]
fn one_device_opens_so_many_streams_and_stopping_ends_them() {
    let house = quick();
    let phone = house.phone("u-e1", "d-1");
    let token = phone.token();
    let served = Served::of(&house);
    let streams: Vec<_> = (0..4).map(|_| served.listen(&token)).collect();
    let fifth = house.get("/v1/live", &[("authorization", &format!("Bearer {token}"))]);
    assert_eq!(fifth.problem(), super::house::is(429, "rate_limited"));
    served.stop();
    for mut stream in streams {
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[test]
fn a_request_under_way_is_finished_and_later_ones_find_nobody() {
    let house = House::new();
    let served = Served::of(&house);
    let address = served.address;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("ok\n"), "{answer}");
    served.stop();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_connection_outlives_a_piece_that_was_refused_from_its_head() {
    let house = House::new();
    let served = Served::of(&house);
    let mut stream = BufReader::new(TcpStream::connect(served.address).unwrap());
    stream.get_mut().set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let piece = vec![7; 256 * 1024];
    let head = format!(
        "PATCH /v1/uploads/{} HTTP/1.1\r\nhost: x\r\ntus-resumable: 1.0.0\r\ncontent-type: \
         application/offset+octet-stream\r\nupload-offset: 0\r\ncontent-length: {}\r\n\r\n",
        "0".repeat(32),
        piece.len()
    );
    for request in [[head.as_bytes(), &piece].concat(), b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_vec()] {
        // As phones do: the answer is read once the request has gone out.
        stream.get_mut().write_all(&request).unwrap();
        let (mut line, mut length) = (String::new(), 0);
        stream.read_line(&mut line).unwrap();
        let wanted = if request.len() > 1_000 { " 401 " } else { " 200 " };
        assert!(line.contains(wanted), "{line:?}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        stream.read_exact(&mut vec![0; length]).unwrap();
    }
    served.stop();
}
