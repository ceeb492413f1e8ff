//! Who listens at one relay hears what another process wrote to the same store, and nothing twice.

use crate::company::*;
use outpost_model::record::Role;
use outpost_server::relay::{After, ConsoleAct, Heads, Relay, Touched};
use outpost_server::store::Store;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

fn word(listener: &mut Receiver<Touched>, patience: Duration) -> Option<Touched> {
    let until = Instant::now() + patience;
    loop {
        match listener.try_recv() {
            Ok(touched) => return Some(touched),
            Err(TryRecvError::Empty) if Instant::now() < until => std::thread::sleep(Duration::from_millis(20)),
            Err(_) => return None,
        }
    }
}

#[test]
fn listeners_hear_of_what_another_process_decided_and_of_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let company = Company::on(Store::open(folder.path()).unwrap());
    let mut listener = company.relay.subscribe();
    let other = Relay::open(Store::open(folder.path()).unwrap(), company.clock.clone(), [7; 32]).unwrap();
    let act =
        |ask| ConsoleAct { id: company.next_act(), ask: Some(ask), after: After::Now, heads: Heads::Now, write: None };
    other.act(&user("u-clerk"), act(open("WO-1", "c-1"))).unwrap();
    let heard = word(&mut listener, Duration::from_secs(20)).expect("news of the other's decision");
    assert!(heard.contains("lead:st-1") && heard.contains("tenant") && !heard.contains("lead:st-2"), "{heard:?}");
    // Its own it tells at once, and the look at the log's end tells nothing more.
    company.ask("u-clerk", open("WO-2", "c-2"));
    assert!(word(&mut listener, Duration::ZERO).expect("told at the commit").contains("lead:st-2"));
    assert_eq!(word(&mut listener, Duration::from_millis(2_500)), None);
    // It goes on after the other has written.
    other.act(&user("u-hq"), act(person("u-new", Role::Engineer, Some("st-1")))).unwrap();
    assert!(word(&mut listener, Duration::from_secs(20)).expect("news of a new colleague").contains("all"));
    // Who begins to listen later hears of what comes later.
    drop(listener);
    std::thread::sleep(Duration::from_millis(1_500));
    other.act(&user("u-clerk"), act(open("WO-3", "c-1"))).unwrap();
    let mut listener = company.relay.subscribe();
    assert_eq!(word(&mut listener, Duration::from_millis(1_500)), None);
    other.act(&user("u-clerk"), act(open("WO-4", "c-2"))).unwrap();
    assert!(word(&mut listener, Duration::from_secs(20)).expect("news").contains("lead:st-2"));
}
