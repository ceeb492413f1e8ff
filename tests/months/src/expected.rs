//! The six files that the merged records must equal, as text.

use std::{fs, io, path::Path};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub orders: String,
    pub parts: String,
    pub daily: String,
    pub attendance: String,
    pub flags: String,
    pub sealed: String,
}

impl Expected {
    /// File names with their texts, in a fixed order.
    pub fn files(&self) -> [(&'static str, &str); 6] {
        [
            ("orders.csv", &self.orders),
            ("parts.csv", &self.parts),
            ("daily.csv", &self.daily),
            ("attendance.csv", &self.attendance),
            ("flags.csv", &self.flags),
            ("sealed.csv", &self.sealed),
        ]
    }

    pub fn load(dir: &Path) -> io::Result<Self> {
        let read = |name: &str| fs::read_to_string(dir.join(name));
        Ok(Self {
            orders: read("orders.csv")?,
            parts: read("parts.csv")?,
            daily: read("daily.csv")?,
            attendance: read("attendance.csv")?,
            flags: read("flags.csv")?,
            sealed: read("sealed.csv")?,
        })
    }

    pub fn write(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir_all(dir)?;
        self.files().iter().try_for_each(|(name, text)| fs::write(dir.join(name), text))
    }
}
