//! How complete an export is, phone by phone. What a phone still holds is in no table: all that can be said is when it
//! was last heard of, and what it said then.

use crate::time::Millis;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was in contact after what the export is about, and had sent everything.
    Whole,
    /// It said that it holds so many more.
    Holds(u32),
    /// It had sent everything, but hasn't been heard of since: it may hold what was logged later.
    SilentSince(Millis),
    /// Enrolled, and never in contact.
    Never,
    /// Its access has ended: what it held comes in by review alone.
    Ended,
}

impl Heard {
    /// Whether something may be missing because of it.
    pub fn may_lack(self) -> bool {
        match self {
            Heard::Whole | Heard::Ended => false,
            Heard::Holds(_) | Heard::SilentSince(_) | Heard::Never => true,
        }
    }
}

/// A phone as its last contact left it, against the moment up to which the export is about.
pub fn heard(contact: Option<Millis>, unsent: u32, has_ended: bool, until: Millis) -> Heard {
    match contact {
        _ if has_ended => Heard::Ended,
        None => Heard::Never,
        Some(_) if unsent > 0 => Heard::Holds(unsent),
        Some(at) if at < until => Heard::SilentSince(at),
        Some(_) => Heard::Whole,
    }
}

/// What is still going on is as complete as phones that were heard of within a day make it.
pub const FRESH: i64 = Millis::hours(24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_whole_only_if_it_came_after_the_period_with_nothing_left() {
        let (before, end, after) = (Millis(10), Millis(20), Millis(30));
        assert_eq!(heard(Some(after), 0, false, end), Heard::Whole);
        assert_eq!(heard(Some(end), 0, false, end), Heard::Whole);
        assert_eq!(heard(Some(before), 0, false, end), Heard::SilentSince(before));
        assert_eq!(heard(Some(after), 6, false, end), Heard::Holds(6));
        assert_eq!(heard(None, 0, false, end), Heard::Never);
        assert_eq!(heard(Some(before), 6, true, end), Heard::Ended);
        assert!(Heard::Never.may_lack() && !Heard::Ended.may_lack());
    }
}
