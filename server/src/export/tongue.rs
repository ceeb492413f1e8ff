//! The language of what people read in a file: heads of columns, sheets, the cover. Names of columns and codes in cells
//! are the same in both, so that whatever reads them by machine goes on reading.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    Zh,
    En,
}

impl Tongue {
    pub fn of<T>(self, zh: T, en: T) -> T {
        match self {
            Tongue::Zh => zh,
            Tongue::En => en,
        }
    }

    pub fn pair(self, (zh, en): (&'static str, &'static str)) -> &'static str {
        self.of(zh, en)
    }
}
