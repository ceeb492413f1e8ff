//! Where somebody says that he arrived, on a sketch: the customer's site in the middle, a square grid of a named size, a
//! circle as wide as the phone's doubt. No map is fetched from anywhere.

use super::super::directory::Directory;
use super::super::ground::{metres, spell};
use super::super::show::Almanac;
use crate::relay::OrderStory;
use outpost_model::entry::Body;
use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 200.0;

struct Spot {
    x: f64,
    y: f64,
    radius: f64,
    is_doubtful: bool,
    words: String,
}

pub struct Map {
    spots: Vec<Spot>,
    has_site: bool,
}

impl Map {
    pub fn of(
        story: &OrderStory,
        site: Option<(i64, i64)>,
        directory: &Directory,
        almanac: &Almanac<'_>,
    ) -> Option<Self> {
        let leaves = story.visits.iter().flat_map(|sheaf| &sheaf.leaves).filter(|leaf| leaf.stands());
        let arrivals: Vec<_> = leaves
            .filter_map(|leaf| match &leaf.body {
                Body::Arrive { place: Some(place) } => Some((leaf, *place)),
                _ => None,
            })
            .collect();
        let (_, first) = arrivals.first()?;
        let middle = site.unwrap_or((i64::from(first.lat_e7), i64::from(first.lng_e7)));
        let spots = arrivals.iter().map(|(leaf, place)| {
            let (x, y) = metres(middle, (i64::from(place.lat_e7), i64::from(place.lng_e7)));
            let mut words = almanac.w.place_line(directory.name_of(&leaf.by), place.accuracy_m);
            if site.is_some() {
                let _ = write!(words, "{}{}", almanac.w.of("，", ", "), almanac.w.place_from_site(spell(x.hypot(y))));
            }
            if place.mock {
                let _ = write!(words, " · {}", almanac.w.place_mock());
            }
            Spot { x, y, radius: f64::from(place.accuracy_m), is_doubtful: leaf.suspect || place.mock, words }
        });
        Some(Self { spots: spots.collect(), has_site: site.is_some() })
    }

    pub fn words(&self) -> Vec<String> {
        self.spots.iter().map(|spot| spot.words.clone()).collect()
    }

    /// Metres that a square of the grid is wide: so that everything fits.
    fn square(&self) -> f64 {
        let reach = self.spots.iter().map(|spot| {
            let across = (spot.x.abs() + spot.radius) / (WIDTH / 2.0) * 40.0;
            let down = (spot.y.abs() + spot.radius) / (HEIGHT / 2.0) * 40.0;
            across.max(down)
        });
        let needed = reach.fold(1.0, f64::max) * 1.15;
        let mut square = 10.0;
        while square < needed {
            square *= if square.to_string().starts_with('2') { 2.5 } else { 2.0 };
        }
        square
    }

    pub fn draw(&self, almanac: &Almanac<'_>) -> String {
        let square = self.square();
        let scale = 40.0 / square;
        let mut out = format!(
            "<svg class=\"map\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            almanac.w.places()
        );
        for n in 0..17 {
            let at = f64::from(n) * 40.0;
            let _ = write!(out, "<line class=\"square\" x1=\"{at}\" x2=\"{at}\" y1=\"0\" y2=\"{HEIGHT}\"/>");
            if at < HEIGHT {
                let _ =
                    write!(out, "<line class=\"square\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{0}\" y2=\"{0}\"/>", at + 20.0);
            }
        }
        let (cx, cy) = (WIDTH / 2.0, HEIGHT / 2.0);
        if self.has_site {
            let _ = write!(
                out,
                "<rect class=\"site\" x=\"{}\" y=\"{}\" width=\"24\" height=\"24\"/>",
                cx - 12.0,
                cy - 12.0
            );
        }
        for spot in &self.spots {
            let (x, y) = (cx + spot.x * scale, cy - spot.y * scale);
            let doubt = if spot.is_doubtful { " doubt" } else { "" };
            let radius = (spot.radius * scale).max(6.0);
            let _ = write!(
                out,
                "<circle class=\"ring{doubt}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>\
                 <circle class=\"at{doubt}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"
            );
        }
        let size = if square >= 1_000.0 { format!("{} km", square / 1_000.0) } else { format!("{square} m") };
        let _ = write!(out, "<text x=\"10\" y=\"{}\">□ = {size}</text></svg>", HEIGHT - 10.0);
        out
    }
}
