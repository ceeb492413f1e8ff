//! Distances on the ground, near enough for people: from where somebody should be to where his phone says that he is.

/// Metres in a ten-millionth of a degree of latitude.
const METRES: f64 = 0.011_132;

/// East and north of the middle, in metres.
pub fn metres((lat, lng): (i64, i64), to: (i64, i64)) -> (f64, f64) {
    let north = (to.0 - lat) as f64 * METRES;
    let narrow = (lat as f64 / 1e7).to_radians().cos();
    ((to.1 - lng) as f64 * METRES * narrow, north)
}

pub fn between(from: (i32, i32), to: (i32, i32)) -> f64 {
    let wide = |(lat, lng): (i32, i32)| (i64::from(lat), i64::from(lng));
    let (east, north) = metres(wide(from), wide(to));
    east.hypot(north)
}

/// `80 m`, `1.2 km`, `340 km`.
pub fn spell(metres: f64) -> String {
    match metres {
        ..1_000.0 => format!("{metres:.0} m"),
        ..20_000.0 => format!("{:.1} km", metres / 1_000.0),
        _ => format!("{:.0} km", metres / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ten_thousandth_of_a_degree_is_eleven_metres() {
        let (east, north) = metres((360_000_000, 1_200_000_000), (360_001_000, 1_200_000_000));
        assert!(east.abs() < 0.01 && (north - 11.1).abs() < 0.1, "{east} {north}");
        assert_eq!(spell(between((360_000_000, 1_200_000_000), (360_001_000, 1_200_000_000))), "11 m");
    }

    #[test]
    fn a_distance_is_as_exact_as_people_say_it() {
        assert_eq!([80.4, 1_240.0, 340_300.0].map(spell), ["80 m", "1.2 km", "340 km"]);
    }
}
