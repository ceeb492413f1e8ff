//! The drill-down after a digest disagreed: sums by bucket (the last byte of the page's id, which is random or
//! derived; the first is the clock's), sums by page, pages whole. Costs what the scope holds;
//! it is for mending, not for every day.

use super::pull::{Reader, holdings, rows_of_pages};
use super::{Denied, Relay, device};
use crate::store::{StoreError, all};
use outpost_model::id::{DeviceId, PageId, TenantId};
use outpost_model::problem::Code;
use outpost_model::wire::{Drill, DrillReply, MAX_PAGES, Sum};
use rusqlite::{Connection, params};

impl Relay {
    pub(super) fn drill_down(&self, device: &DeviceId, drill: Drill) -> Result<DrillReply, Denied> {
        let tenant = self.context.tenant.get().ok_or_else(|| Denied::new(Code::DeviceUnknown, device.as_str()))?;
        if matches!(&drill, Drill::Rows(pages) if pages.len() > MAX_PAGES) {
            return Err(Denied::new(Code::TooLarge, format!("at most {MAX_PAGES} pages")));
        }
        self.store.read(|db| {
            let actor = match device::actor(db, tenant, device)? {
                Ok(actor) => actor,
                Err(denied) => return Ok(Err(denied)),
            };
            let reader = Reader { tenant, user: &actor.user, key: &self.context.mac_key };
            let held = holdings(db, tenant, &actor.user)?;
            let holds = |scope: &str| held.iter().any(|holding| holding.scope == scope && holding.until.is_none());
            Ok(match drill {
                Drill::Buckets(scope) | Drill::Pages(scope, _) if !holds(&scope) => {
                    Err(Denied::new(Code::NotFound, scope))
                }
                Drill::Buckets(scope) => {
                    let mut sums = vec![Sum::default(); 256];
                    for (page, sum) in totals(db, tenant, &scope)? {
                        let bucket = &mut sums[usize::from(page.0[15])];
                        *bucket = bucket.plus(sum);
                    }
                    Ok(DrillReply::Buckets(sums))
                }
                Drill::Pages(scope, buckets) => {
                    let mut pages = totals(db, tenant, &scope)?;
                    pages.retain(|(page, _)| buckets.contains(&page.0[15]));
                    Ok(DrillReply::Pages(pages))
                }
                Drill::Rows(pages) => Ok(DrillReply::Rows(rows_of_pages(db, &reader, &pages)?)),
            })
        })?
    }
}

/// Each page in the scope, with its sum.
fn totals(db: &Connection, tenant: &TenantId, scope: &str) -> Result<Vec<(PageId, Sum)>, StoreError> {
    let sql = "select p.page, p.total from scope_page s join page p on p.tenant = s.tenant and p.page = s.page \
               where s.tenant = $1 and s.scope = $2 and s.withdrawn is null order by p.page";
    all(db, sql, params![tenant.as_str(), scope], |row| {
        Ok((PageId(row.get(0)?), Sum(u128::from_be_bytes(row.get(1)?))))
    })
}
