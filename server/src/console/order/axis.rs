//! The axis of evidence: one scale for all rows; dot = claimed, line = attested, square = the server's own time, a hollow
//! dot = outside. Drawn in shares of the cell's width, so that it needs no measuring; each row says the same in words.

use super::super::show::Almanac;
use outpost_model::time::Millis;

const QUARTER: i64 = Millis::minutes(15);
const HOUR: i64 = Millis::hours(1);
const DAY: i64 = Millis::hours(24);
/// Steps between ticks.
const STEPS: [i64; 12] =
    [QUARTER, 2 * QUARTER, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];
const MOST_TICKS: i64 = 7;

pub struct Axis {
    from: Millis,
    to: Millis,
    ticks: Vec<(Millis, String)>,
    is_days: bool,
}

impl Axis {
    pub fn over(moments: &[Millis], almanac: &Almanac<'_>) -> Self {
        let first = moments.iter().min().copied().unwrap_or(almanac.now);
        let last = moments.iter().max().copied().unwrap_or(almanac.now).max(first.plus(HOUR));
        let whole = last.since(first);
        let step = STEPS.into_iter().find(|step| whole / step <= MOST_TICKS).unwrap_or(whole / MOST_TICKS);
        // Ticks stand on the wall's full quarters, hours or midnights.
        let midnight = first.plus(-almanac.zone.time_of_day_ms(first));
        let start = midnight.plus(first.since(midnight).div_euclid(step) * step);
        let end = start.plus((last.since(start) / step + 1) * step);
        let is_days = step >= DAY || whole > DAY;
        let count = end.since(start) / step;
        let ticks = (1..count).map(|n| {
            let at = start.plus(n * step);
            let hour = || almanac.clock(at)[..2].parse::<u8>().unwrap_or_default().to_string();
            let text = match step {
                DAY.. => almanac.day(at),
                HOUR.. => hour(),
                _ => almanac.clock(at),
            };
            let text = if is_days && step < DAY && almanac.clock(at) == "00:00" { almanac.day(at) } else { text };
            (at, text)
        });
        Self { from: start, to: end, ticks: ticks.collect(), is_days }
    }

    fn x(&self, at: Millis) -> f64 {
        let share = at.since(self.from) as f64 / self.to.since(self.from).max(1) as f64;
        4.0 + share.clamp(0.0, 1.0) * 92.0
    }

    fn grid(&self) -> String {
        let line = |(at, _): &(Millis, String)| {
            format!("<line class=\"grid\" x1=\"{0:.2}%\" x2=\"{0:.2}%\" y1=\"0\" y2=\"100%\"/>", self.x(*at))
        };
        self.ticks.iter().map(line).collect()
    }

    /// The scale over the rows.
    pub fn head(&self) -> String {
        let text = |(at, text): &(Millis, String)| format!("<text x=\"{:.2}%\" y=\"16\">{text}</text>", self.x(*at));
        format!("<svg aria-hidden=\"true\">{}</svg>", self.ticks.iter().map(text).collect::<String>())
    }

    /// A claim of a phone, and between which moments the server attests it.
    pub fn span(&self, at: Millis, earliest: Option<Millis>, latest: Option<Millis>, outside: bool) -> String {
        let (from, to) = (self.x(earliest.unwrap_or(self.from)), self.x(latest.unwrap_or(self.to)));
        let end = |x: f64| format!("<line class=\"end\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"36%\" y2=\"64%\"/>");
        let dot = if outside { "hollow" } else { "dot" };
        format!(
            "<svg aria-hidden=\"true\">{}<line class=\"line\" x1=\"{from:.2}%\" x2=\"{to:.2}%\" y1=\"50%\" y2=\"50%\"/>{}{}\
             <circle class=\"{dot}\" cx=\"{:.2}%\" cy=\"50%\" r=\"6\"/></svg>",
            self.grid(),
            if earliest.is_some() { end(from) } else { String::new() },
            end(to),
            self.x(at)
        )
    }

    /// A moment of the server's own.
    pub fn square(&self, at: Millis) -> String {
        format!(
            "<svg aria-hidden=\"true\">{}<svg x=\"{:.2}%\" y=\"50%\" overflow=\"visible\">\
             <rect class=\"square\" x=\"-5\" y=\"-5\" width=\"10\" height=\"10\"/></svg></svg>",
            self.grid(),
            self.x(at)
        )
    }

    /// The claimed time as the first column has it: with its day where the story takes several.
    pub fn clock(&self, at: Millis, almanac: &Almanac<'_>) -> String {
        if self.is_days { format!("{} {}", almanac.day(at), almanac.clock(at)) } else { almanac.clock(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::{Lang, Words};
    use super::*;
    use outpost_model::time::{Zone, parse_moment};

    #[test]
    fn ticks_stand_on_full_hours_and_everything_lies_on_the_scale() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let at = |text: &str| parse_moment(text).unwrap();
        let almanac = Almanac { w: Words(Lang::Zh), zone: &zone, now: at("2026-10-20T20:00:00+08:00") };
        let moments = [at("2026-10-20T12:37:00+08:00"), at("2026-10-20T18:10:00+08:00")];
        let axis = Axis::over(&moments, &almanac);
        let words: Vec<&str> = axis.ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["13", "14", "15", "16", "17", "18"]);
        assert!(moments.iter().all(|at| (4.0..=96.0).contains(&axis.x(*at))));
        assert_eq!(axis.clock(moments[0], &almanac), "12:37");
        // A call that is minutes old has a scale too.
        let fresh = Axis::over(&[moments[0], moments[0].plus(60_000)], &almanac);
        let words: Vec<&str> = fresh.ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["12:45", "13:00", "13:15", "13:30"]);
        // A clock that is years off stays on the paper.
        assert!((4.0..=96.0).contains(&axis.x(Millis(0))));
    }
}
