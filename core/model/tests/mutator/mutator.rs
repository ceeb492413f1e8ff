//! Changes that are almost right. In come an honest change and choices; out goes a mutant that is wrong in one or two
//! places of its structure, or in none. A test draws the choices from a seed, a fuzzer from its input.

pub mod choices;
mod ops;
pub mod parts;

pub use choices::Choices;
use parts::Parts;

/// What a mutant may know of its page: whom to impersonate, what to name, what to collide with.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    pub hashes: Vec<[u8; 32]>,
    pub actors: Vec<[u8; 16]>,
    /// Every operation that ever was, as number and actor.
    pub ops: Vec<(u64, [u8; 16])>,
    pub keys: Vec<String>,
    pub texts: Vec<String>,
}

/// What is done to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Nothing,
    FlipBits,
    FlipBitsSealed,
    Truncate,
    Sequence,
    StartOp,
    DropDependency,
    AddDependency,
    OtherDependencies,
    OlderActor,
    FreshActor,
    ActorTable,
    Annotate,
    ColumnByte,
    ColumnRun,
    ColumnDropped,
    ColumnMoved,
    Predecessors,
    NoPredecessors,
    Key,
    Value,
    Container,
    Action,
    Insert,
    CopyOp,
    SwapOps,
    DropOp,
    OtherPutOnly,
    ConsistentOldHeads,
}

impl Class {
    pub const ALL: [Class; 29] = [
        Class::Nothing,
        Class::FlipBits,
        Class::FlipBitsSealed,
        Class::Truncate,
        Class::Sequence,
        Class::StartOp,
        Class::DropDependency,
        Class::AddDependency,
        Class::OtherDependencies,
        Class::OlderActor,
        Class::FreshActor,
        Class::ActorTable,
        Class::Annotate,
        Class::ColumnByte,
        Class::ColumnRun,
        Class::ColumnDropped,
        Class::ColumnMoved,
        Class::Predecessors,
        Class::NoPredecessors,
        Class::Key,
        Class::Value,
        Class::Container,
        Class::Action,
        Class::Insert,
        Class::CopyOp,
        Class::SwapOps,
        Class::DropOp,
        Class::OtherPutOnly,
        Class::ConsistentOldHeads,
    ];
}

/// A mutant of an honest change: one class, now and then two.
pub fn mutate(raw: &[u8], around: &Surroundings, choices: &mut Choices<'_>) -> (Vec<Class>, Vec<u8>) {
    let mut classes = vec![*choices.pick(&Class::ALL)];
    if choices.one_in(5) {
        classes.push(*choices.pick(&Class::ALL));
    }
    let mut mutant = raw.to_vec();
    for class in &classes {
        // The second step may find nothing left that can be taken apart.
        mutant = apply(*class, &mutant, around, choices).unwrap_or(mutant);
    }
    (classes, mutant)
}

fn apply(class: Class, raw: &[u8], around: &Surroundings, choices: &mut Choices<'_>) -> Option<Vec<u8>> {
    match class {
        Class::Nothing => Some(raw.to_vec()),
        Class::FlipBits => Some(flipped(raw.to_vec(), 0, choices)),
        Class::FlipBitsSealed => Some(parts::seal(&flipped(raw.get(8..)?.to_vec(), 0, choices))),
        Class::Truncate => Some(raw[..choices.below(raw.len() + 1)].to_vec()),
        Class::Predecessors
        | Class::NoPredecessors
        | Class::Key
        | Class::Value
        | Class::Container
        | Class::Action
        | Class::Insert
        | Class::CopyOp
        | Class::SwapOps
        | Class::DropOp
        | Class::OtherPutOnly => ops::reworded(class, raw, around, choices),
        Class::Sequence
        | Class::StartOp
        | Class::DropDependency
        | Class::AddDependency
        | Class::OtherDependencies
        | Class::OlderActor
        | Class::FreshActor
        | Class::ActorTable
        | Class::Annotate
        | Class::ColumnByte
        | Class::ColumnRun
        | Class::ColumnDropped
        | Class::ColumnMoved
        | Class::ConsistentOldHeads => {
            let mut parts = Parts::try_of(raw)?;
            spoil(class, &mut parts, around, choices);
            Some(parts.encode())
        }
    }
}

fn flipped(mut bytes: Vec<u8>, from: usize, choices: &mut Choices<'_>) -> Vec<u8> {
    for _ in 0..=choices.below(3) {
        if bytes.len() > from {
            let place = from + choices.below(bytes.len() - from);
            bytes[place] ^= 1 << choices.below(8);
        }
    }
    bytes
}

fn spoil(class: Class, parts: &mut Parts, around: &Surroundings, choices: &mut Choices<'_>) {
    match class {
        Class::Sequence => parts.seq = near(parts.seq, choices),
        Class::StartOp => parts.start_op = near(parts.start_op, choices),
        Class::DropDependency => parts.deps.truncate(choices.below(parts.deps.len() + 1)),
        Class::AddDependency => {
            parts.deps.push(*choices.pick(&around.hashes));
            if choices.one_in(8) {
                parts.deps.push(std::array::from_fn(|_| choices.byte()));
            }
            arrange(&mut parts.deps, choices);
        }
        Class::OtherDependencies | Class::ConsistentOldHeads => {
            parts.deps = (0..=choices.below(3)).map(|_| *choices.pick(&around.hashes)).collect();
            if class == Class::ConsistentOldHeads {
                // Every start op that could fit somewhere, and a fresh actor half of the time.
                parts.start_op = choices.pick(&around.ops).0 + 1;
                if choices.one_in(2) {
                    (parts.actor, parts.seq) = ((0..16).map(|_| choices.byte()).collect(), 1);
                }
            }
            arrange(&mut parts.deps, choices);
        }
        Class::OlderActor => {
            parts.actor = choices.pick(&around.actors).to_vec();
            parts.seq = 1 + choices.below(6) as u64;
        }
        Class::FreshActor => {
            parts.actor = (0..16).map(|_| choices.byte()).collect();
            parts.seq = 1;
        }
        Class::ActorTable => match choices.below(4) {
            0 => parts.others.push(choices.pick(&around.actors).to_vec()),
            1 => parts.others.reverse(),
            2 => drop(parts.others.pop()),
            _ => parts.others.push((0..choices.below(24)).map(|_| choices.byte()).collect()),
        },
        Class::Annotate => match choices.below(3) {
            0 => parts.time = choices.number() as i64,
            1 => parts.message = vec![b'm'; choices.below(9)],
            _ => parts.footer = (0..choices.below(9)).map(|_| choices.byte()).collect(),
        },
        _ if parts.columns.is_empty() => {}
        Class::ColumnByte => {
            let place = choices.below(parts.columns.len());
            let column = std::mem::take(&mut parts.columns[place].1);
            parts.columns[place].1 = flipped(column, 0, choices);
        }
        Class::ColumnRun => {
            let place = choices.below(parts.columns.len());
            let count = [1, 2, 3, -1, -2, 0, 1_000, 1_000_000_000, i64::MAX, i64::MIN];
            let run = parts::run(*choices.pick(&count), choices.number());
            match choices.below(3) {
                0 => parts.columns[place].1 = run,
                1 => parts.columns[place].1.extend(run),
                _ => drop(parts.columns[place].1.splice(0..0, run)),
            }
        }
        Class::ColumnDropped => drop(parts.columns.remove(choices.below(parts.columns.len()))),
        Class::ColumnMoved => {
            let place = choices.below(parts.columns.len());
            parts.columns[place].0 = [0x08, 0x11, 0x13, 0x15, 0x34, 0x57, 0x70, 0x94, 0xa5][choices.below(9)];
        }
        _ => {}
    }
}

/// Mostly in order and once each, so that more is judged than the order.
fn arrange(deps: &mut Vec<[u8; 32]>, choices: &mut Choices<'_>) {
    if !choices.one_in(8) {
        deps.sort_unstable();
        deps.dedup();
    }
}

fn near(value: u64, choices: &mut Choices<'_>) -> u64 {
    match choices.below(4) {
        0 => value.wrapping_add(choices.below(4) as u64),
        1 => value.wrapping_sub(choices.below(4) as u64),
        2 => u64::from(u32::MAX).wrapping_add(choices.below(4) as u64).wrapping_sub(2),
        _ => choices.number(),
    }
}
