//! Disagreement about a field: who knew of whose value.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};

pub const STORIES: [Story; 12] = [
    story("conflict_of_two", conflict_of_two),
    story("conflict_of_three", conflict_of_three),
    story("same_value_twice", same_value_twice),
    story("conflict_settled", conflict_settled),
    story("conflict_settled_by_a_third_value", conflict_settled_by_a_third_value),
    story("conflict_after_settling", conflict_after_settling),
    story("conflicts_on_two_fields", conflicts_on_two_fields),
    story("knew_one_of_two", knew_one_of_two),
    story("knew_the_other", knew_the_other),
    story("set_on_an_order_never_pulled", set_on_an_order_never_pulled),
    story("register_corrected", register_corrected),
    story("settled_with_one_of_the_values", settled_with_one_of_the_values),
];

/// Two phones that don't hear of each other until both have written.
fn disagreement(s: &mut Scene, first: &str, second: &str) -> String {
    let order = s.dispatched_with(A, &[B]);
    s.phone(10, A, cause(&order, first));
    s.phone((10, 20), B, cause(&order, second));
    s.sync(15, A);
    s.sync(18, B);
    order
}

fn conflict_of_two(s: &mut Scene) {
    disagreement(s, "PLC 输入模块损坏", "现场电源波动");
}

fn conflict_of_three(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B, C]);
    for (who, value) in [(C, "误操作"), (A, "电源模块老化"), (B, "接线松动")] {
        s.phone(12, who, cause(&order, value));
    }
}

fn same_value_twice(s: &mut Scene) {
    disagreement(s, "接线松动", "接线松动");
}

fn conflict_settled(s: &mut Scene) {
    let order = disagreement(s, "接线松动", "电源模块老化");
    s.console(40, Clerk, cause(&order, "电源模块老化"));
}

/// By the lead's phone, which holds everything of its station.
fn conflict_settled_by_a_third_value(s: &mut Scene) {
    let order = disagreement(s, "接线松动", "电源模块老化");
    s.sync(30, Lead);
    s.phone(40, Lead, cause(&order, "变频器过流"));
    s.sync(60, Lead);
}

/// The engineer's phone hasn't heard that it was settled, and writes again.
fn conflict_after_settling(s: &mut Scene) {
    let order = disagreement(s, "接线松动", "电源模块老化");
    s.console(40, Clerk, cause(&order, "变频器过流"));
    s.phone(50, A, cause(&order, "待查"));
    s.sync(60, A);
    if s.chance(0.3) {
        s.phone(70, A, cause(&order, "变频器过流"));
    }
}

fn conflicts_on_two_fields(s: &mut Scene) {
    let order = disagreement(s, "滤袋堵塞", "脉冲阀不动作");
    s.sync(20, A);
    s.phone(30, A, set(&order, "remark", "需停机处理"));
    s.phone(31, B, set(&order, "remark", "可带电处理"));
    s.phone(32, B, set(&order, "address_note", "三号门"));
}

/// C had A's value and not B's: A's is replaced, B's stands beside C's.
fn knew_one_of_two(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B, C]);
    s.phone(10, A, cause(&order, "接线松动"));
    s.phone(11, B, cause(&order, "现场电源波动"));
    s.sync(15, A);
    s.sync(16, C);
    s.phone(20, C, cause(&order, "变频器过流"));
    s.sync(25, C);
    s.sync(30, B);
}

fn knew_the_other(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    s.phone(10, A, cause(&order, "待查"));
    s.sync(12, A);
    s.sync(14, B);
    s.phone(20, B, cause(&order, "变频器过流"));
}

/// Told by telephone, he writes on an order that his phone has never seen; the clerk's remark isn't known to it.
fn set_on_an_order_never_pulled(s: &mut Scene) {
    let order = s.opened(1);
    s.console(2, Clerk, set(&order, "remark", "客户较急"));
    s.assign(3, &order, A);
    s.phone(20, A, set(&order, "remark", "已电话安抚"));
    s.phone(21, A, cause(&order, "待查"));
    s.phone(22, A, cause(&order, "接线松动"));
    s.sync(30, A);
}

/// Caller and telephone are corrected by people who have the register before their eyes.
fn register_corrected(s: &mut Scene) {
    let order = s.dispatched(A);
    s.console(20, Clerk, set(&order, "phone", "0531-86666666"));
    s.phone(25, A, set(&order, "phone", "0531-87777777"));
    s.phone(26, A, set(&order, "caller", "值班员"));
    s.sync(30, A);
    if s.chance(0.5) {
        s.console(40, Hq, set(&order, "phone", "0531-87777777"));
    }
}

/// Three values, and somebody who has seen two of them: one remains beside his.
fn settled_with_one_of_the_values(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B, C]);
    s.phone(10, A, cause(&order, "接线松动"));
    s.phone(11, B, cause(&order, "电源模块老化"));
    s.phone(12, C, cause(&order, "误操作"));
    s.sync(15, A);
    s.sync(16, B);
    s.console(20, Clerk, cause(&order, "接线松动"));
    s.sync(30, C);
    if s.chance(0.4) {
        s.console(40, Clerk, cause(&order, "误操作"));
    }
}
