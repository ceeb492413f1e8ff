//! Each story told alone, in several months: the flags that it raises, written out, and no others.

use outpost_months::generate;
use std::collections::BTreeSet;

/// Kind, and detail after a colon where there is one. A story that isn't here raises nothing.
const ALWAYS: [(&str, &[&str]); 26] = [
    ("amended_by_himself", &["amended_after_signature"]),
    ("amended_unseen", &["amended_after_signature"]),
    ("arrival_after_signature", &["amended_after_signature"]),
    ("goods_and_money_after_signature", &["amended_after_signature"]),
    ("closed_unsigned", &["closed_unsigned"]),
    ("conflict_of_two", &["conflict:fault_cause: PLC 输入模块损坏 | 现场电源波动"]),
    ("conflict_of_three", &["conflict:fault_cause: 接线松动 | 电源模块老化 | 误操作"]),
    (
        "conflicts_on_two_fields",
        &["conflict:fault_cause: 滤袋堵塞 | 脉冲阀不动作", "conflict:remark: 可带电处理 | 需停机处理"],
    ),
    ("knew_one_of_two", &["conflict:fault_cause: 变频器过流 | 现场电源波动"]),
    ("set_on_an_order_never_pulled", &["conflict:remark: 客户较急 | 已电话安抚"]),
    ("transferred_while_away", &["former_assignee"]),
    ("away_and_back_with_work_between", &["former_assignee"]),
    ("becomes_helper_too_late", &["former_assignee"]),
    ("taken_away_before_it_was_seen", &["former_assignee"]),
    ("own_opening_taken_away", &["former_assignee", "self_opened"]),
    ("engineer_of_the_station_unasked", &["unassigned"]),
    ("unasked_and_nobody_assigned", &["unassigned"]),
    ("two_minutes_before_the_last_contact", &["time_suspect:arrive"]),
    ("two_minutes_after_the_receipt", &["time_suspect:sign"]),
    (
        "suspect_all_over",
        &[
            "time_suspect:arrive",
            "time_suspect:depart",
            "time_suspect:leave",
            "time_suspect:set",
            "time_suspect:sign",
            "time_suspect:use_part",
        ],
    ),
    ("clock_put_back_between_syncs", &["time_suspect:depart"]),
    ("self_opened", &["self_opened"]),
    ("self_opened_and_helped", &["self_opened"]),
    ("self_opened_with_a_wrong_clock", &["self_opened", "time_suspect:open_order"]),
    ("equal_times_on_one_phone", &[]),
    ("stays_as_helper", &[]),
];

/// Stories that end one way or another: what they raise when they raise something.
const SOMETIMES: [(&str, &[&str]); 8] = [
    ("signed_again_without_seeing", &["amended_after_signature"]),
    ("conflict_after_settling", &["conflict:fault_cause: 变频器过流 | 待查"]),
    ("register_corrected", &["conflict:phone: 0531-86666666 | 0531-87777777"]),
    ("settled_with_one_of_the_values", &["conflict:fault_cause: 接线松动 | 误操作"]),
    ("transferred_offline", &["former_assignee"]),
    ("restored_and_signed", &["amended_after_signature"]),
    ("two_devices_of_one_engineer", &["amended_after_signature", "conflict:fault_cause: 接线松动 | 电源模块老化"]),
    ("closed_offline", &["closed_unsigned"]),
];

#[test]
fn a_story_raises_its_flags_and_no_others() {
    let find = |list: &[(&str, &'static [&'static str])], name: &str| {
        list.iter().find(|(story, _)| *story == name).map(|(_, flags)| BTreeSet::from_iter(*flags))
    };
    for story in generate::evening_stories() {
        let mut outcomes = BTreeSet::new();
        for seed in 0..12 {
            let raised = flags(seed, story);
            match find(&SOMETIMES, story) {
                Some(sometimes) => {
                    assert!(raised.is_empty() || same(&raised, &sometimes), "{story}, seed {seed}: {raised:?}");
                }
                None => {
                    let always = find(&ALWAYS, story).unwrap_or_default();
                    assert!(same(&raised, &always), "{story}, seed {seed}: {raised:?}");
                }
            }
            outcomes.insert(raised);
        }
        let endings = if find(&SOMETIMES, story).is_some() { 2 } else { 1 };
        assert_eq!(outcomes.len(), endings, "{story} ends in so many ways");
    }
}

#[test]
fn nobody_tells_a_story_that_isnt_there() {
    assert!(generate::one_story(0, "no_such_story").is_none());
}

fn same(raised: &BTreeSet<String>, wanted: &BTreeSet<&&str>) -> bool {
    raised.len() == wanted.len() && wanted.iter().all(|flag| raised.contains(**flag))
}

fn flags(seed: u64, story: &str) -> BTreeSet<String> {
    let month = generate::one_story(seed, story).expect("the story is in the deck");
    let kinds = month.expected().flags;
    kinds
        .lines()
        .skip(1)
        .map(|row| {
            let mut cells = row.splitn(3, ',');
            let (kind, detail) = (cells.next().unwrap(), cells.nth(1).unwrap());
            if detail.is_empty() { kind.to_owned() } else { format!("{kind}:{detail}") }
        })
        .collect()
}
