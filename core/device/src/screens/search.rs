//! What is looked up while typing: parts and customers.

use super::Screens;
use crate::error::DeviceError;
use outpost_model::id::CustomerCode;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct CataloguePart {
    pub part_no: String,
    pub name: String,
    /// Fen.
    pub unit_price: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct CustomerHit {
    pub code: String,
    pub name: String,
    pub address: String,
    pub units: Vec<SoldUnit>,
}

/// A unit that was sold to a customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct SoldUnit {
    pub code: String,
    pub model: String,
    pub serial: String,
    pub unit: String,
}

/// More than anybody reads.
const HITS: usize = 30;

impl Screens<'_> {
    /// Parts of the catalogue whose number or name holds the words.
    pub fn parts(&self, query: &str) -> Result<Vec<CataloguePart>, DeviceError> {
        let query = query.to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&query);
        let parts = self.device.records()?.parts.into_iter();
        let hits = parts.filter(|part| part.active && (fits(&part.name) || fits(&part.part_no)));
        let hit = |part: outpost_model::record::Part| CataloguePart {
            part_no: part.part_no,
            name: part.name,
            unit_price: part.unit_price,
        };
        Ok(hits.take(HITS).map(hit).collect())
    }

    /// Customers whose code or name holds the words, those that nobody has described yet included.
    pub fn customers(&self, query: &str) -> Result<Vec<CustomerHit>, DeviceError> {
        let query = query.to_lowercase();
        let names = self.names()?;
        let mut hits = Vec::new();
        for code in names.customer_codes() {
            let Ok(customer) = CustomerCode::parse(&code) else { continue };
            let name = names.customer_name(&customer);
            if !name.to_lowercase().contains(&query) && !code.to_lowercase().contains(&query) {
                continue;
            }
            let unit = |(unit, model, serial): (&String, String, String)| SoldUnit {
                code: unit.clone(),
                model,
                serial,
                unit: String::new(),
            };
            let units = names.units_of(&code).map(unit).collect();
            let address = names.customer(&customer, "address").unwrap_or_default();
            hits.push(CustomerHit { name, address, units, code });
            if hits.len() == HITS {
                break;
            }
        }
        Ok(hits)
    }
}
