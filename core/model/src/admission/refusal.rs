//! Why a change is refused for good: one stable code and one sentence each. A code is never reused or renamed.

use std::fmt;

macro_rules! codes {
    ($($name:ident $code:literal $sentence:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode {
            $(#[doc = $sentence] $name,)*
        }

        impl RefusalCode {
            pub const ALL: &'static [RefusalCode] = &[$(RefusalCode::$name,)*];

            /// The stable code, in snake case.
            pub const fn code(self) -> &'static str {
                match self {
                    $(RefusalCode::$name => $code,)*
                }
            }
            /// What it means, in one sentence.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(RefusalCode::$name => $sentence,)*
                }
            }
        }
    };
}

codes! {
    TooLarge "too_large" "The change is larger than a change may be.",
    NotAChange "not_a_change" "The bytes are not one plain, uncompressed change.",
    Malformed "malformed" "The bytes end early, run on, or hold what no change holds.",
    Checksum "checksum" "The checksum doesn't match the content.",
    BadActor "bad_actor" "An actor is not 16 bytes.",
    TooManyDependencies "too_many_dependencies" "The change names no dependency, or more than it may.",
    Annotated "annotated" "The change carries a time, a message or a footer, which have no place on a page.",
    UnknownColumn "unknown_column" "A column has no place on a page, or not this place.",
    TooManyOperations "too_many_operations" "The change has no operation, or more than it may.",
    TooManyPredecessors "too_many_predecessors" "The change replaces more values than it may.",
    OtherPage "other_page" "The change was written on another page.",
    GenesisActor "genesis_actor" "The change claims the actor of the genesis, who is nobody.",
    ActorTaken "actor_taken" "The actor belongs to another device.",
    Sequence "sequence" "The change is not its actor's next one.",
    OwnPreviousMissing "own_previous_missing" "The change doesn't descend from its actor's previous one.",
    BadStartOp "bad_start_op" "The first operation's number doesn't follow from the dependencies.",
    OpCeiling "op_ceiling" "The operation numbers of this page are used up.",
    NotCanonical "not_canonical" "The content is right but not spelled the one way.",
    NotAPut "not_a_put" "An operation does something other than put a text under a key.",
    OutsideContainers "outside_containers" "A put is neither among the fields nor among the entries.",
    UnknownField "unknown_field" "This kind of page has no such field.",
    FieldTwice "field_twice" "One change puts the same field twice.",
    BadPredecessors "bad_predecessors" "A put doesn't replace exactly the values that its author saw.",
    BadEntryId "bad_entry_id" "An entry's id is not an id.",
    EntryTwice "entry_twice" "One change writes the same entry twice.",
    EntryExists "entry_exists" "Another entry is already under this id.",
    BadEntry "bad_entry" "An entry is not of its form.",
    NoWitness "no_witness" "A field was put without an entry that witnesses it.",
    NoPut "no_put" "An entry witnesses a value that was not put.",
    MixedEvidence "mixed_evidence" "The entries of one change name different authors, contacts or epochs.",
    PageFull "page_full" "The page, or this device's part of it, is full.",
    Unsound "unsound" "The page could not be saved and loaded with this change.",
}

/// Bytes of a refusal's detail.
const MAX_DETAIL: usize = 240;

/// A refusal: the code, and what exactly was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    pub code: RefusalCode,
    pub detail: String,
}

impl Refusal {
    /// A detail may quote what was offered, so it is cut short.
    pub fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        let mut detail = detail.into();
        let end = (0..=MAX_DETAIL.min(detail.len())).rev().find(|end| detail.is_char_boundary(*end));
        detail.truncate(end.unwrap_or(0));
        Self { code, detail }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code.sentence(), self.detail)
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_slugs_and_none_is_used_twice() {
        let codes: HashSet<_> = RefusalCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), RefusalCode::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
        assert!(RefusalCode::ALL.iter().all(|code| code.sentence().ends_with('.')));
    }

    #[test]
    fn a_detail_never_grows_with_what_was_offered() {
        let refusal = Refusal::new(RefusalCode::BadEntry, "密".repeat(4_000));
        assert_eq!(refusal.detail.len(), 240);
        assert_eq!(Refusal::new(RefusalCode::BadEntry, "密".repeat(81)).detail.len(), 240);
    }
}
