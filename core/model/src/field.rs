//! The corrigible fields of each kind of page: one list, read by capture, admission, forms and docs.
//! A field holds a text; a later value replaces those that its author knew of.

use crate::header::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

const fn field(name: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field { name, zh, en }
}

const ORDER: &[Field] = &[
    field("fault_cause", "故障原因", "Fault cause"),
    field("remark", "备注", "Remark"),
    field("caller", "来电人", "Caller"),
    field("phone", "电话", "Phone"),
    field("address_note", "地址说明", "Address note"),
];

const CUSTOMER: &[Field] = &[
    field("name", "名称", "Name"),
    field("address", "地址", "Address"),
    field("lat_e7", "纬度", "Latitude"),
    field("lng_e7", "经度", "Longitude"),
    field("contact", "联系人", "Contact"),
    field("phone", "电话", "Phone"),
    field("remark", "备注", "Remark"),
];

const ASSET: &[Field] = &[
    field("customer", "客户", "Customer"),
    field("model", "型号", "Model"),
    field("serial", "出厂编号", "Serial number"),
    field("bought", "购买日期", "Bought"),
    field("warranty_until", "保修至", "Warranty until"),
    field("sold_by", "销售方", "Sold by"),
    field("remark", "备注", "Remark"),
];

/// The fields of a kind, in the order in which forms show them.
pub fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Order => ORDER,
        Kind::Customer => CUSTOMER,
        Kind::Asset => ASSET,
        // What a form asks for stands in its definition.
        Kind::Visit | Kind::Attendance | Kind::Record => &[],
    }
}

pub fn find(kind: Kind, name: &str) -> Option<&'static Field> {
    of(kind).iter().find(|field| field.name == name)
}
