//! Mutants of what a change says: its operations are changed one by one, and automerge itself writes them down.

use super::{Choices, Class, Surroundings};
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Change, ObjType, ScalarValue};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn reworded(class: Class, raw: &[u8], around: &Surroundings, choices: &mut Choices<'_>) -> Option<Vec<u8>> {
    // What an earlier step spoilt may be nothing that automerge can read, or write.
    let mut change = catch_unwind(|| Change::try_from(raw).ok().map(|change| change.decode())).ok()??;
    if change.operations.is_empty() || change.operations.len() > 2_000 {
        return None;
    }
    let place = choices.below(change.operations.len());
    match class {
        Class::CopyOp => {
            let copy = change.operations[place].clone();
            change.operations.push(copy);
        }
        Class::SwapOps => {
            let other = choices.below(change.operations.len());
            change.operations.swap(place, other);
        }
        Class::DropOp => drop(change.operations.remove(place)),
        _ => reword(class, &mut change.operations[place], around, choices),
    }
    catch_unwind(AssertUnwindSafe(|| Change::from(change).raw_bytes().to_vec())).ok()
}

fn reword(class: Class, op: &mut Op, around: &Surroundings, choices: &mut Choices<'_>) {
    match class {
        Class::Predecessors => {
            let named = (0..=choices.below(3)).map(|_| an_op(around, choices)).collect::<Vec<_>>();
            let kept = op.pred.iter().filter(|_| choices.one_in(2)).cloned().collect::<Vec<_>>();
            op.pred = kept.into_iter().chain(named).collect();
        }
        Class::NoPredecessors => op.pred = Vec::new().into(),
        Class::Key => {
            op.key = match choices.below(8) {
                0 => Key::head(),
                1 => Key::Map("k".repeat(choices.below(100)).into()),
                _ => Key::Map(choices.pick(&around.keys).as_str().into()),
            }
        }
        Class::Value | Class::OtherPutOnly => {
            op.action = OpType::Put(match choices.below(8) {
                0 => ScalarValue::Null,
                1 => ScalarValue::counter(1),
                2 => ScalarValue::Int(choices.number() as i64),
                3 => ScalarValue::Bytes(vec![0xff; choices.below(9)]),
                4 => ScalarValue::F64(f64::from_bits(choices.number())),
                _ => ScalarValue::Str(choices.pick(&around.texts).as_str().into()),
            })
        }
        Class::Container => {
            op.obj = match choices.below(4) {
                0 => ObjectId::Root,
                _ => ObjectId::Id(an_op(around, choices)),
            }
        }
        Class::Action => {
            op.action = match choices.below(6) {
                0 => OpType::Make(ObjType::Map),
                1 => OpType::Make(ObjType::List),
                2 => OpType::Make(ObjType::Text),
                3 => OpType::Delete,
                4 => OpType::Increment(choices.number() as i64),
                _ => OpType::MarkEnd(true),
            }
        }
        Class::Insert => op.insert = true,
        _ => {}
    }
}

fn an_op(around: &Surroundings, choices: &mut Choices<'_>) -> OpId {
    let (number, actor) = choices.pick(&around.ops);
    let number = if choices.one_in(6) { choices.number() % (1 << 33) } else { *number };
    OpId(number, ActorId::from(*actor))
}
