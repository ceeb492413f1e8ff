//! What part of a file was asked for (RFC 9110): one range of bytes; anything else means the whole.

use axum::http::{HeaderMap, header};
use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Whole,
    Part(Range<u64>),
    /// There is no such part.
    Beyond,
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
}

/// Whether the asker has the file already.
pub(super) fn is_held(headers: &HeaderMap, tag: &str) -> bool {
    let held = text(headers, header::IF_NONE_MATCH).unwrap_or_default();
    held.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

pub(super) fn asked(headers: &HeaderMap, tag: &str, size: u64) -> Asked {
    let Some(ranges) = text(headers, header::RANGE).and_then(|text| text.strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    // A part of another file than this one would be of no use.
    if text(headers, header::IF_RANGE).is_some_and(|held| held != tag) {
        return Asked::Whole;
    }
    let Some((from, to)) = ranges.split_once('-') else { return Asked::Whole };
    let part = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Ok(from), Err(_)) if to.trim().is_empty() => from..size,
        (Err(_), Ok(last)) if from.trim().is_empty() => size.saturating_sub(last)..size,
        _ => return Asked::Whole,
    };
    if part.start >= part.end { Asked::Beyond } else { Asked::Part(part) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ask(range: &'static str) -> Asked {
        asked(&HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]), "\"x\"", 100)
    }

    #[test]
    fn one_range_is_a_part_and_nonsense_is_the_whole() {
        assert_eq!(ask("bytes=0-9"), Asked::Part(0..10));
        assert_eq!(ask("bytes=90-"), Asked::Part(90..100));
        assert_eq!(ask("bytes=-5"), Asked::Part(95..100));
        assert_eq!(ask("bytes=-500"), Asked::Part(0..100));
        assert_eq!(ask("bytes=50-18446744073709551615"), Asked::Part(50..100));
        for beyond in ["bytes=100-", "bytes=200-300", "bytes=-0"] {
            assert_eq!(ask(beyond), Asked::Beyond, "{beyond}");
        }
        for whole in ["bytes=9-0", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=", "bytes=-"] {
            assert_eq!(ask(whole), Asked::Whole, "{whole}");
        }
    }

    #[test]
    fn a_part_of_another_file_is_the_whole() {
        let headers = |tag| {
            HeaderMap::from_iter([
                (header::RANGE, HeaderValue::from_static("bytes=0-9")),
                (header::IF_RANGE, HeaderValue::from_static(tag)),
            ])
        };
        assert_eq!(asked(&headers("\"x\""), "\"x\"", 100), Asked::Part(0..10));
        assert_eq!(asked(&headers("\"y\""), "\"x\"", 100), Asked::Whole);
    }

    #[test]
    fn who_has_it_needs_nothing() {
        let held =
            |tag| is_held(&HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(tag))]), "\"x\"");
        assert!(held("\"x\"") && held("\"y\", W/\"x\"") && held("*") && !held("\"y\"") && !held(""));
    }
}
