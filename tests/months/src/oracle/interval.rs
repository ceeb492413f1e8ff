//! Minutes of an interval: to the nearest minute, half to even; an interval that runs backwards is 0.

use jiff::Timestamp;

pub fn minutes(from: Timestamp, to: Timestamp) -> i64 {
    let seconds = to.duration_since(from).as_secs().max(0);
    let (whole, rest) = (seconds / 60, seconds % 60);
    let up = rest > 30 || (rest == 30 && whole % 2 == 1);
    whole + i64::from(up)
}

#[cfg(test)]
mod tests {
    use super::minutes;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn half_a_minute_goes_to_the_even_neighbour() {
        let start: Timestamp = "2026-10-01T08:00:00Z".parse().unwrap();
        let cases = [(0, 0), (29, 0), (30, 0), (31, 1), (89, 1), (90, 2), (149, 2), (150, 2), (151, 3), (210, 4)];
        for (seconds, expected) in cases {
            assert_eq!(minutes(start, start + SignedDuration::from_secs(seconds)), expected, "{seconds} s");
        }
    }

    #[test]
    fn an_interval_that_runs_backwards_is_nothing() {
        let start: Timestamp = "2026-10-01T08:00:00Z".parse().unwrap();
        assert_eq!(minutes(start, start - SignedDuration::from_mins(10)), 0);
    }
}
