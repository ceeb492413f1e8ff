//! How big a month is. Too small for the stories is made big enough.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub stations: usize,
    /// Engineers at each station: three for its own stories, one who strays into those of others.
    pub engineers: usize,
    /// Customers of each station: four at the edges of the arrival bands, one near by.
    pub customers: usize,
    /// Ordinary orders of each engineer.
    pub orders: usize,
    /// Stories at each station, at most one an evening.
    pub stories: usize,
}

impl Shape {
    pub const SMALL: Shape = Shape { stations: 2, engineers: 4, customers: 5, orders: 3, stories: 12 };
    pub const MEDIUM: Shape = Shape { stations: 2, engineers: 4, customers: 6, orders: 10, stories: 30 };
    pub const LARGE: Shape = Shape { stations: 3, engineers: 6, customers: 8, orders: 16, stories: 30 };

    pub(super) fn big_enough(self) -> Shape {
        Shape {
            stations: self.stations.clamp(2, 9),
            engineers: self.engineers.clamp(4, 40),
            customers: self.customers.clamp(5, 40),
            ..self
        }
    }
}
