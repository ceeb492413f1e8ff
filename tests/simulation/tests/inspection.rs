//! The inspection sees what it is there to see: each of these histories is spoilt at its end, and must be found out.

use outpost_simulation::history::{Step, steps};
use outpost_simulation::world::World;

/// A history of that seed at rest, spoilt, and what the inspection says of it.
fn spoilt(seed: u64, spoil: impl FnOnce(&mut World)) -> Vec<String> {
    let mut world = World::new();
    for step in steps(seed) {
        world.live_through(Step { ..step });
    }
    let last = world.rest();
    spoil(&mut world);
    world.inspect(&last)
}

/// Changes the stores of all phones behind their backs.
fn on_phones(world: &mut World, sql: &str) {
    for phone in &mut world.phones {
        phone.open_store().read().execute_batch(sql).unwrap();
        phone.crash();
    }
}

fn says(troubles: &[String], rule: &str) -> bool {
    troubles.iter().any(|trouble| trouble.starts_with(rule))
}

#[test]
fn an_honest_history_has_no_trouble() {
    assert_eq!(spoilt(1, |_| {}), Vec::<String>::new());
}

#[test]
fn a_row_that_a_phone_lost_is_missed() {
    let sql = "delete from log_row where seq = (select max(seq) from log_row)";
    assert!(says(&spoilt(1, |world| on_phones(world, sql)), "C1"));
}

#[test]
fn an_envelope_that_a_phone_made_up_is_seen() {
    let sql = "update log_row set envelope = (select envelope from log_row order by seq limit 1)";
    assert!(says(&spoilt(1, |world| on_phones(world, sql)), "C1"));
}

#[test]
fn work_that_left_quarantine_for_nowhere_is_missed() {
    let found = (1..20).any(|seed| says(&spoilt(seed, |world| on_phones(world, "delete from quarantine")), "C2"));
    assert!(found);
}

#[test]
fn an_acknowledged_row_that_changed_is_missed() {
    let troubles = spoilt(1, |world| {
        let known = world.ledger.acknowledged.values().next().copied().unwrap();
        world.ledger.acknowledged.insert(1_000_000, known);
    });
    assert!(says(&troubles, "C3"));
}

#[test]
fn a_list_that_says_something_else_is_seen() {
    let sql = "update order_row set facts = replace(facts, '\"visits\":', '\"visits\":1')";
    assert!((1..20).any(|seed| says(&spoilt(seed, |world| on_phones(world, sql)), "C4")));
}

#[test]
fn a_page_of_others_is_seen() {
    let sql = "insert or ignore into scope_page (scope, page) values ('all', x'00112233445566778899aabbccddeeff')";
    assert!(says(&spoilt(1, |world| on_phones(world, sql)), "C7"));
}

#[test]
fn a_book_that_the_log_does_not_bear_out_is_seen() {
    let troubles = spoilt(1, |world| {
        let relay = world.hq.relay();
        relay.store().write(|tx| Ok(tx.execute("update scope set total = zeroblob(16)", [])?)).unwrap();
    });
    assert!(says(&troubles, "C8"));
}
