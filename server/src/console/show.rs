//! How moments, spans and money are written. Times in the company's zone, 24 hours; figures that can be compared.

use super::words::Words;
use outpost_model::time::{Day, Millis, Month, Zone};

const MINUTE: i64 = Millis::minutes(1);
const DAY: i64 = Millis::hours(24);

/// Writes moments as of now, in one language and zone.
#[derive(Clone, Copy)]
pub struct Almanac<'a> {
    pub w: Words,
    pub zone: &'a Zone,
    pub now: Millis,
}

impl Almanac<'_> {
    /// `14:35`.
    pub fn clock(&self, at: Millis) -> String {
        self.zone.rfc3339(at).get(11..16).unwrap_or_default().to_owned()
    }

    /// `10-20`, with the year where it is another one.
    pub fn day(&self, at: Millis) -> String {
        self.plain_day(self.zone.day(at))
    }

    pub fn plain_day(&self, day: Day) -> String {
        let (text, today) = (day.to_string(), self.zone.day(self.now).to_string());
        if text[..4] == today[..4] { text[5..].to_owned() } else { text }
    }

    /// `14:35` today, `昨天`-less `10-19 14:35` otherwise.
    pub fn moment(&self, at: Millis) -> String {
        if self.zone.day(at) == self.zone.day(self.now) {
            self.clock(at)
        } else {
            format!("{} {}", self.day(at), self.clock(at))
        }
    }

    /// In a narrow cell: `14:35` today, `昨天`, or `10-18`.
    pub fn brief(&self, at: Millis) -> String {
        let (day, today) = (self.zone.day(at), self.zone.day(self.now));
        if day == today {
            self.clock(at)
        } else if day.next() == today {
            self.w.yesterday().to_owned()
        } else {
            self.day(at)
        }
    }

    /// An appointment: `明天 9:00` where it is tomorrow.
    pub fn ahead(&self, at: Millis) -> String {
        if self.zone.day(at) == self.zone.day(self.now).next() {
            self.w.tomorrow(self.clock(at))
        } else {
            self.moment(at)
        }
    }

    /// `10月20日 周二`, `Tue 20 Oct`.
    pub fn long_day(&self, at: Millis) -> String {
        long_day(self.w, self.zone.day(at))
    }

    /// With date, clock and seconds: for evidence.
    pub fn exact(&self, at: Millis) -> String {
        let text = self.zone.rfc3339(at);
        format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..19).unwrap_or_default())
    }
}

pub fn long_day(w: Words, day: Day) -> String {
    let text = day.to_string();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse().ok()).unwrap_or(0_usize);
    let (month, date) = (number(5..7), number(8..10));
    match w.is_zh() {
        true => format!("{month}月{date}日 周{}", weekday(w, day)),
        false => format!("{} {date} {}", weekday(w, day), MONTHS[month.saturating_sub(1) % 12]),
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `一`, `Mon`.
pub fn weekday(w: Words, day: Day) -> &'static str {
    const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let place = usize::try_from(day.weekday() - 1).unwrap_or(0) % 7;
    if w.is_zh() { ZH[place] } else { EN[place] }
}

/// `2026年10月`, `Oct 2026`.
pub fn month_name(w: Words, month: Month) -> String {
    let place = usize::try_from(month.month - 1).unwrap_or(0) % 12;
    match w.is_zh() {
        true => format!("{}年{}月", month.year, month.month),
        false => format!("{} {}", MONTHS[place], month.year),
    }
}

/// `h:mm`, whatever its sign.
pub fn span(millis: i64) -> String {
    let minutes = millis.saturating_abs() / MINUTE;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// In words: `18 分`, `2 小时`, `3 天`.
pub fn about(w: Words, millis: i64) -> String {
    let minutes = millis.saturating_abs() / MINUTE;
    match minutes {
        0..=90 => w.minutes_word(minutes),
        91..=2_879 => w.hours_word((minutes + 30) / 60),
        _ => w.days_word(millis.saturating_abs() / DAY),
    }
}

/// `¥1,050.00` from fen.
pub fn money(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "−" } else { "" }, fen.unsigned_abs());
    format!("{sign}¥{}.{:02}", grouped(fen / 100), fen % 100)
}

/// Reads a price as people type it: `1050`, `1,050.00`, `¥12.5`; in fen.
pub fn parse_money(typed: &str) -> Option<i64> {
    let plain: String =
        typed.trim().trim_start_matches(['¥', '￥']).chars().filter(|c| !matches!(c, ',' | '，')).collect();
    let (yuan, fen) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || yuan.len() > 12 || fen.len() > 2 || !is_number(yuan) || !is_number(fen) {
        return None;
    }
    let fen: i64 = if fen.is_empty() { 0 } else { format!("{fen:0<2}").parse().ok()? };
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen)
}

/// `1,050`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let mut text = digits[..head].to_owned();
    for start in (head..digits.len()).step_by(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&digits[start..start + 3]);
    }
    text
}

/// Reads what a person or a browser's field writes: `2026-10-20T16:30` or with a space, in that zone.
pub fn parse_local(zone: &Zone, typed: &str) -> Option<Millis> {
    let (day, clock) = typed.trim().split_once(['T', ' '])?;
    let day = Day::parse(day).ok()?;
    let (hour, minute) = clock.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.get(..2)?.parse().ok()?);
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
        return None;
    }
    // The zone's offset at about that moment, asked twice: around a change of the clocks the first guess may be off.
    let naive = outpost_model::time::parse_moment(&format!("{day}T{hour:02}:{minute:02}:00Z")).ok()?;
    let offset = |at: Millis| Millis::minutes(i64::from(zone.offset_minutes(at)));
    let first = naive.plus(-offset(naive));
    Some(naive.plus(-offset(first)))
}

#[cfg(test)]
mod tests {
    use super::super::words::Lang;
    use super::*;

    #[test]
    fn spans_and_money_read_as_they_should() {
        assert_eq!((span(-42 * MINUTE), span(46 * 60 * MINUTE + 2 * MINUTE)), ("0:42".into(), "46:02".into()));
        assert_eq!(
            (money(105_000), money(-5), money(123_456_789)),
            ("¥1,050.00".into(), "−¥0.05".into(), "¥1,234,567.89".into())
        );
        let read = ["1050", "1,050.00", "¥12.5", "0.05", "", "-1", "1.234", "12a", ".5"].map(parse_money);
        assert_eq!(read, [Some(105_000), Some(105_000), Some(1_250), Some(5), None, None, None, None, None]);
        let w = Words(Lang::En);
        assert_eq!(
            (about(w, 18 * MINUTE), about(w, 121 * MINUTE), about(w, 3 * DAY)),
            ("18 min".into(), "2 h".into(), "3 d".into())
        );
    }

    #[test]
    fn what_a_browser_types_is_a_moment_in_the_companys_zone() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let at = parse_local(&zone, "2026-10-20T16:30").unwrap();
        assert_eq!(zone.rfc3339(at), "2026-10-20T16:30:00+08:00");
        assert_eq!(parse_local(&zone, "2026-10-20 16:30"), Some(at));
        for bad in ["", "2026-10-20", "2026-13-20T10:00", "2026-10-20T25:00", "20.10.2026 10:00", "2026-10-20T1:é0"] {
            assert_eq!(parse_local(&zone, bad), None, "{bad}");
        }
    }

    #[test]
    fn a_moment_is_as_short_as_it_can_be() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let at = |text: &str| parse_local(&zone, text).unwrap();
        let almanac = Almanac { w: Words(Lang::Zh), zone: &zone, now: at("2026-10-20T14:35") };
        assert_eq!(almanac.brief(at("2026-10-20T12:20")), "12:20");
        assert_eq!(almanac.brief(at("2026-10-19T12:20")), "昨天");
        assert_eq!(almanac.brief(at("2025-10-19T12:20")), "2025-10-19");
        assert_eq!(almanac.ahead(at("2026-10-21T09:00")), "明天 09:00");
        assert_eq!(almanac.long_day(at("2026-10-20T09:00")), "10月20日 周二");
    }
}
