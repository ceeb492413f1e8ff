//! `sealed.csv`: the attendance months that hold a valid sign-off. Signed off twice is signed off.

use super::csv::Table;
use super::deed::Deed;
use crate::Action;

pub fn csv(deeds: &[Deed]) -> String {
    let mut table = Table::new("engineer,month");
    for deed in deeds {
        if let Action::SealMonth { user, month } = deed.action {
            table.push(vec![user.clone(), month.clone()]);
        }
    }
    table.finish()
}
