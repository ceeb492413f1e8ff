//! Vectors of what is bytes: genesis changes, changes, frames, sums.

use crate::check_vectors;
use crate::samples::{self, NOW, command_id, device, entry_id};
use minicbor::Encode;
use minicbor::bytes::ByteVec;
use outpost_model::admission::{PageIndex, Verdict as GateVerdict};
use outpost_model::command::Ask;
use outpost_model::decision::Pins;
use outpost_model::entry::Body;
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::header::Kind;
use outpost_model::id::Hash;
use outpost_model::page::{Draft, Page, Written, genesis, genesis_actor};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{
    Content, Cursor, Drill, DrillReply, Item, LogRow, Refused, ScopeDigest, Step, StepVerdict, Sum, SyncReply,
    SyncRequest, VERSION, Verdict, What, checked_frame, frame,
};
use serde_json::{Value, json};

#[test]
fn a_page_begins_with_these_bytes() {
    let vectors: Vec<Value> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let header = samples::header(kind);
            let raw = genesis(&header);
            json!({
                "header": header.canonical(),
                "actor": hex::encode(genesis_actor(&header)),
                "raw": hex::encode(&raw),
                "hash": Content::Change(ByteVec::from(raw)).hash(),
            })
        })
        .collect();
    check_vectors("genesis", &json!(vectors));
}

/// One change of the story: what happens, under which actor, what is said, and the change that comes of it.
type Told = (&'static str, [u8; 16], Draft, Written);

/// Two phones set one field apart, then one that knows both settles it.
fn story() -> Vec<Told> {
    let set = |n: u8, value: &str| {
        let body = Body::Set { field: "fault_cause".into(), value: value.into() };
        let text = samples::entry(body).canonical().unwrap();
        Draft { entries: vec![(entry_id(n), text)], fields: vec![("fault_cause".into(), value.into())] }
    };
    let header = samples::header(Kind::Order);
    let (mut one, mut other) = (Page::begin(header.clone()), Page::begin(header));
    let (first, second, third) = (set(1, "密封圈老化"), set(2, "油管裂"), set(3, "油管裂"));
    let a = one.write([0xa1; 16], &first).unwrap();
    let b = other.write([0xb2; 16], &second).unwrap();
    one.extend(&[&b.raw]).unwrap();
    let c = one.write([0xa1; 16], &third).unwrap();
    vec![
        ("phone one, on the empty page", [0xa1; 16], first, a),
        ("phone two, on the empty page too: a conflict", [0xb2; 16], second, b),
        ("phone one, having seen both: settled", [0xa1; 16], third, c),
    ]
}

#[test]
fn a_change_is_written_one_way_and_passes_the_gate() {
    let header = samples::header(Kind::Order);
    let mut index = PageIndex::new(header.clone());
    let mut vectors = Vec::new();
    for (what, actor, draft, Written { hash, raw }) in story() {
        let device = device(if actor[0] == 0xa1 { "d-e1" } else { "d-e2" });
        let examined = index.examine(&raw, &device).unwrap();
        let deps: Vec<Hash> = examined.deps().to_vec();
        index.admit(examined);
        assert!(matches!(index.examine(&raw, &device), Err(GateVerdict::AlreadyHad { .. })));
        vectors.push(json!({
            "what": what,
            "actor": hex::encode(actor),
            "deps": deps,
            "fields": draft.fields,
            "entries": draft.entries,
            "raw": hex::encode(&raw),
            "hash": hash,
            "heads_after": index.heads(),
            "shown_after": index.values("fault_cause").map(|row| row.value.to_owned()).collect::<Vec<_>>(),
        }));
    }
    check_vectors("changes", &json!({ "header": header.canonical(), "changes": vectors }));
}

fn cursor() -> Cursor {
    Cursor { epoch: 1, seq: 1_024, chain: [0xc0; 16], backfill: None, mac: None }
}

fn request(pages: Vec<String>, steps: Vec<Step>, cursor: Option<Cursor>) -> SyncRequest {
    SyncRequest {
        version: VERSION,
        clock: Millis(NOW),
        epoch: 1,
        captured: 41,
        sends: 7,
        cursor,
        pages,
        steps,
        unsent: 0,
        app: "example 1.0".into(),
    }
}

fn envelope() -> Envelope {
    Envelope {
        device: device("d-e1"),
        user: samples::user("u-e1"),
        contact: Some(ContactMark { number: 3, server: Millis(NOW - 60_000), device: Millis(NOW) }),
        floor: None,
        admitted: Some(Admitted { seq: 1_025, received: Millis(NOW + 500) }),
    }
}

fn decision() -> Content {
    let command = samples::command(Ask::Close { order: samples::order_id() }).canonical().unwrap();
    let pins = outpost_model::canon::to_canonical(&Pins { policy: 1, ..Pins::default() }).unwrap();
    Content::Decision(command, pins)
}

fn reply(verdicts: Vec<Verdict>, items: Vec<Item>, digests: Vec<ScopeDigest>) -> SyncReply {
    SyncReply {
        version: VERSION,
        server: Millis(NOW + 500),
        contact: 4,
        verdicts: (1..).zip(verdicts).map(|(no, verdict)| StepVerdict { no, verdict }).collect(),
        items,
        cursor: cursor(),
        digests,
        more: false,
        offer_all: false,
    }
}

fn vector(what: &str, frame: Vec<u8>) -> Value {
    json!({ "what": what, "cbor": hex::encode(frame) })
}

fn whole<T: Encode<()>>(what: &str, value: &T) -> Value {
    vector(what, frame(value))
}

#[test]
fn frames_are_these_bytes() {
    let (_, _, _, Written { hash, raw }) = story().remove(0);
    let header = samples::header(Kind::Order);
    let change = Step { no: 1, needs: vec![], what: What::Change(0, ByteVec::from(raw.clone())) };
    let close = samples::command(Ask::Close { order: samples::order_id() }).canonical().unwrap();
    let command = Step { no: 2, needs: vec![1], what: What::Command(close) };
    let refused = |by: bool| Refused {
        code: if by { Code::Superseded } else { Code::BadEntry }.into(),
        detail: if by { "close" } else { "`depart` doesn't belong on this kind of page" }.into(),
        by: by.then(|| samples::user("u-lead")),
        at: by.then_some(Millis(NOW - 1_000)),
        policy: 1,
    };
    let verdicts = vec![
        Verdict::Admitted(envelope()),
        Verdict::AlreadyHad(envelope()),
        Verdict::AlreadySo(command_id(9)),
        Verdict::Refused(refused(false)),
        Verdict::Refused(refused(true)),
        Verdict::Deferred(Code::ServerBusy.into(), 30_000),
        Verdict::Needs(vec![Hash([4; 32])]),
    ];
    let row = |content| LogRow { page: header.page(), envelope: envelope(), content, mac: [0xee; 16] };
    let items = vec![
        Item::Granted("user:u-e1".into(), header.page(), header.canonical()),
        Item::Row(row(Content::Change(ByteVec::from(raw)))),
        Item::Row(row(decision())),
        Item::Withdrawn("site:ST-JN".into(), header.page()),
    ];
    let sum = Sum::of(&hash).plus(Sum::of(&decision().hash()));
    let digests = vec![ScopeDigest { scope: "user:u-e1".into(), sum }];
    let within = Cursor { backfill: Some((header.page(), 900)), ..cursor() };
    check_vectors(
        "frames",
        &json!([
            whole("request: the first ever, nothing to send", &request(vec![], vec![], None)),
            whole("request: idle", &request(vec![], vec![], Some(cursor()))),
            whole("request: inside a backfill", &request(vec![], vec![], Some(within))),
            whole(
                "request: a change, and a command that rests on it",
                &request(vec![header.canonical()], vec![change, command], Some(cursor())),
            ),
            whole("reply: idle", &reply(vec![], vec![], digests.clone())),
            whole("reply: a verdict of each sort", &reply(verdicts, vec![], vec![])),
            whole("reply: a grant, a change, a decision, a withdrawal", &reply(vec![], items.clone(), digests)),
            whole("drill: the buckets of a scope", &Drill::Buckets("user:u-e1".into())),
            whole("drill: the pages of two buckets", &Drill::Pages("user:u-e1".into(), vec![1, 0x9f].into())),
            whole("drill: pages whole", &Drill::Rows(vec![header.page()])),
            whole("drill reply: two of 256 buckets", &DrillReply::Buckets(vec![sum, Sum::default()])),
            whole("drill reply: pages", &DrillReply::Pages(vec![(header.page(), sum)])),
            whole("drill reply: rows", &DrillReply::Rows(items)),
            vector("request: idle, with a check", checked_frame(&request(vec![], vec![], Some(cursor())))),
            vector("drill reply: pages, with a check", checked_frame(&DrillReply::Pages(vec![(header.page(), sum)]))),
        ]),
    );
}

#[test]
fn sums_add_the_first_half_of_each_hash() {
    let (_, _, _, Written { hash, raw }) = story().remove(0);
    let change = Content::Change(ByteVec::from(raw.clone()));
    assert_eq!(change.hash(), hash);
    let Content::Decision(command, _) = decision() else { unreachable!("it was made as one") };
    let high = Hash([0xff; 32]);
    let sum = [change.hash(), decision().hash(), high].iter().map(Sum::of).fold(Sum::default(), Sum::plus);
    let number = |sum: Sum| hex::encode(sum.0.to_be_bytes());
    check_vectors(
        "sums",
        &json!({
            "rows": [
                { "change": hex::encode(raw), "hash": hash, "sum": number(Sum::of(&hash)) },
                { "command": command, "hash": decision().hash(), "sum": number(Sum::of(&decision().hash())) },
                { "hash": high, "sum": number(Sum::of(&high)) },
            ],
            "total": number(sum),
        }),
    );
}

/// The page on the protocol walks through two of them byte by byte: in its fenced blocks, what comes before the words
/// of each line is hexadecimal.
#[test]
fn the_protocol_walks_through_the_vectors() {
    let page = std::fs::read_to_string(crate::docs("protocol.md")).unwrap();
    let is_bytes = |word: &&str| word.len().is_multiple_of(2) && word.bytes().all(|b| b"0123456789abcdef".contains(&b));
    let blocks: Vec<String> = page
        .split("```\n")
        .map(|block| block.lines().flat_map(|line| line.split_whitespace().take_while(is_bytes)).collect())
        .collect();
    for bytes in [genesis(&samples::header(Kind::Order)), frame(&request(vec![], vec![], Some(cursor())))] {
        assert!(blocks.contains(&hex::encode(&bytes)), "docs/protocol.md lacks {}", hex::encode(&bytes));
    }
}
