//! How ids and times cross into other languages: as the texts and numbers that JSON has for them, under their own names.
//! Only in builds with the feature `bindings`.

use crate::id::{AssetCode, CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use crate::time::{Day, Millis, Month};
use ts_rs::{Config, TS};

/// The same type by that name in TypeScript.
macro_rules! alias {
    ($name:ident = $typescript:literal) => {
        impl TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;
            fn name(_: &Config) -> String {
                stringify!($name).to_owned()
            }
            fn inline(_: &Config) -> String {
                $typescript.to_owned()
            }
            fn decl(_: &Config) -> String {
                concat!("type ", stringify!($name), " = ", $typescript, ";").to_owned()
            }
        }
    };
}

macro_rules! texts {
    ($($name:ident),* $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            try_lift: |text| Ok($name::parse(&text)?),
            lower: |it| it.to_string(),
        });
        alias!($name = "string");
    )*};
}

texts!(PageId, EntryId, CommandId, Hash, TenantId, UserId, StationId, DeviceId, CustomerCode, AssetCode, Day, Month,);

uniffi::custom_type!(Millis, i64, {
    try_lift: |millis| Ok(Millis(millis)),
    lower: |it| it.0,
});
alias!(Millis = "number");
