//! The columns of a change: run-length coded numbers and texts, one value an operation. A few bytes of runs can
//! stand for a billion operations, so each run is measured against what is still allowed before it is expanded.

use super::reader::{Reader, malformed};
use super::refusal::{Refusal, RefusalCode};
use crate::entry::MAX_ENTRY;
use crate::page::limits;

/// One operation, as far as a page knows any: a text put under a key of a container.
pub(super) struct PageOp<'a> {
    /// Operation number and actor's place of the container.
    pub(super) container: (u64, usize),
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    /// Operation numbers and actors' places of the values that it replaces.
    pub(super) preds: Vec<(u64, usize)>,
}

const PUT: u64 = 1;
/// Type of a text in the value column; the length stands above these four bits.
const TEXT: u64 = 6;

/// Numbers of the columns that a page's changes have, in their order.
const COLUMNS: [u64; 10] = [0x01, 0x02, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];
/// Places in that list.
const OBJ_ACTOR: usize = 0;
const OBJ_OP: usize = 1;
const KEY: usize = 2;
const INSERT: usize = 3;
const ACTION: usize = 4;
const VALUE_KIND: usize = 5;
const VALUE: usize = 6;
const PRED_COUNT: usize = 7;
const PRED_ACTOR: usize = 8;
const PRED_OP: usize = 9;

/// Reads the columns, and the operations that they make.
pub(super) fn read<'a>(body: &mut Reader<'a>, actors: usize) -> Result<Vec<PageOp<'a>>, Refusal> {
    let columns = split(body)?;
    let actions = runs(columns[ACTION], limits::OPERATIONS, RefusalCode::TooManyOperations, Reader::number)?;
    let count = actions.len();
    if count == 0 {
        return Err(Refusal::new(RefusalCode::TooManyOperations, "none"));
    }
    let not_a_put = |detail| Refusal::new(RefusalCode::NotAPut, detail);
    if actions.iter().any(|action| *action != PUT) {
        return Err(not_a_put("another action"));
    }
    let mut insert = Reader::new(columns[INSERT]);
    if insert.number()? != count as u64 || !insert.is_empty() {
        return Err(not_a_put("an insertion"));
    }
    let one_each = |column: usize| runs(columns[column], count, RefusalCode::Malformed, Reader::number);
    let place = |place: u64| {
        usize::try_from(place).ok().filter(|place| *place < actors).ok_or_else(|| malformed("an actor not named"))
    };
    let keys = runs(columns[KEY], count, RefusalCode::Malformed, key)?;
    let (kinds, obj_actors, obj_ops) = (one_each(VALUE_KIND)?, one_each(OBJ_ACTOR)?, one_each(OBJ_OP)?);
    let pred_counts = one_each(PRED_COUNT)?;
    if [keys.len(), kinds.len(), obj_actors.len(), obj_ops.len(), pred_counts.len()] != [count; 5] {
        return Err(malformed("columns of unequal length"));
    }
    let mut preds = predecessors(&columns, &pred_counts)?.into_iter();
    let mut values = Reader::new(columns[VALUE]);
    let mut ops = Vec::with_capacity(count);
    for index in 0..count {
        let mut replaced = Vec::with_capacity(pred_counts[index] as usize);
        for (op, actor) in preds.by_ref().take(pred_counts[index] as usize) {
            replaced.push((op, place(actor)?));
        }
        ops.push(PageOp {
            container: (obj_ops[index], place(obj_actors[index])?),
            key: keys[index],
            value: value(&mut values, kinds[index])?,
            preds: replaced,
        });
    }
    if values.is_empty() { Ok(ops) } else { Err(malformed("values left over")) }
}

/// The column list, then the columns' bytes. A column that isn't there is empty.
fn split<'a>(body: &mut Reader<'a>) -> Result<[&'a [u8]; 10], Refusal> {
    let count = body.up_to(COLUMNS.len(), RefusalCode::UnknownColumn)?;
    let mut lengths = [0; 10];
    let mut next = 0;
    for _ in 0..count {
        let number = body.number()?;
        let place = COLUMNS[next..].iter().position(|known| *known == number);
        let place = next + place.ok_or_else(|| Refusal::new(RefusalCode::UnknownColumn, format!("{number:#04x}")))?;
        lengths[place] = body.up_to(limits::CHANGE_BYTES, RefusalCode::Malformed)?;
        next = place + 1;
    }
    let mut columns = [&[][..]; 10];
    for (column, length) in columns.iter_mut().zip(lengths) {
        *column = body.take(length)?;
    }
    Ok(columns)
}

/// The values of a run-length coded column, at most `most` of them.
fn runs<'a, T: Copy>(
    column: &'a [u8],
    most: usize,
    beyond: RefusalCode,
    read: impl Fn(&mut Reader<'a>) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let mut reader = Reader::new(column);
    let mut values = Vec::new();
    while !reader.is_empty() {
        let run = reader.signed()?;
        let length = usize::try_from(run.unsigned_abs()).ok().filter(|length| *length <= most - values.len());
        let length = length.ok_or_else(|| Refusal::new(beyond, format!("a run of {run}")))?;
        match run {
            0 => return Err(Refusal::new(RefusalCode::NotAPut, "an operation lacks a part")),
            1.. => {
                let value = read(&mut reader)?;
                values.resize(values.len() + length, value);
            }
            ..0 => {
                for _ in 0..length {
                    values.push(read(&mut reader)?);
                }
            }
        }
    }
    Ok(values)
}

fn key<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Refusal> {
    let length = reader.up_to(limits::KEY_BYTES, RefusalCode::Malformed)?;
    std::str::from_utf8(reader.take(length)?).map_err(|_| malformed("a key that isn't UTF-8"))
}

fn value<'a>(values: &mut Reader<'a>, kind: u64) -> Result<&'a str, Refusal> {
    if kind & 0xf != TEXT {
        return Err(Refusal::new(RefusalCode::NotAPut, "a value that isn't text"));
    }
    let length = usize::try_from(kind >> 4).ok().filter(|length| *length <= MAX_ENTRY);
    let length = length.ok_or_else(|| Refusal::new(RefusalCode::TooLarge, "a value"))?;
    std::str::from_utf8(values.take(length)?).map_err(|_| malformed("a text that isn't UTF-8"))
}

/// Operation number and actor's place of every predecessor, for all operations one after the other.
fn predecessors(columns: &[&[u8]; 10], counts: &[u64]) -> Result<Vec<(u64, u64)>, Refusal> {
    let beyond = RefusalCode::TooManyPredecessors;
    let total = counts.iter().try_fold(0_u64, |sum, count| sum.checked_add(*count));
    let total = total.and_then(|total| usize::try_from(total).ok()).filter(|total| *total <= limits::PREDECESSORS);
    let total = total.ok_or_else(|| Refusal::new(beyond, "over all operations"))?;
    let actors = runs(columns[PRED_ACTOR], total, beyond, Reader::number)?;
    let steps = runs(columns[PRED_OP], total, beyond, Reader::signed)?;
    if actors.len() != total || steps.len() != total {
        return Err(malformed("columns of unequal length"));
    }
    let mut op = 0_i64;
    let absolute = steps.into_iter().zip(actors).map(|(step, actor)| {
        op = op.checked_add(step).ok_or_else(|| malformed("an operation number out of range"))?;
        let number = u64::try_from(op).map_err(|_| malformed("an operation number out of range"))?;
        Ok((number, actor))
    });
    absolute.collect()
}
