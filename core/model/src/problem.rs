//! Every answer that isn't yes: a number that is never reused, a stable code, and a sentence in both languages
//! that says what the reader can do. One table for phones, server, console and docs.

use crate::admission::RefusalCode;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $number:literal $code:literal $status:literal $zh:literal $en:literal;)*) => {
        /// Why something wasn't taken.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];
            /// Never reused, also when a problem is retired.
            pub fn number(self) -> u16 { match self { $(Code::$name => $number),* } }
            /// Stable name.
            pub fn name(self) -> &'static str { match self { $(Code::$name => $code),* } }
            /// HTTP status where it is the answer to a whole request.
            pub fn status(self) -> u16 { match self { $(Code::$name => $status),* } }
            pub fn zh(self) -> &'static str { match self { $(Code::$name => $zh),* } }
            pub fn en(self) -> &'static str { match self { $(Code::$name => $en),* } }
            pub fn parse(name: &str) -> Option<Self> { match name { $($code => Some(Code::$name),)* _ => None } }
        }
    };
}

problems! {
    // 1xx: the request itself.
    MalformedFrame = 101 "malformed_frame" 400 "发来的数据读不懂。更新应用后再发。" "The frame can't be read. Update the app and send again.";
    VersionUnknown = 102 "version_unknown" 400 "应用版本和服务器对不上。更新应用。" "This protocol version isn't spoken here. Update the app.";
    TooLarge = 103 "too_large" 413 "一次发得太多。分几次发。" "The request is over its limit. Send it in smaller parts.";
    NotFound = 104 "not_found" 404 "没有这一项，或您看不到它。" "There is no such thing, or not for you.";
    BadRequest = 105 "bad_request" 400 "有一项填得不对，看旁边的说明。" "One of the fields doesn't fit; see the detail.";
    RateLimited = 106 "rate_limited" 429 "请求太密。稍等再试。" "Too many requests. Wait and try again.";
    ServerBusy = 107 "server_busy" 503 "服务器忙。会自动重发，不用管。" "The server is busy. It is sent again by itself.";
    StorageTrouble = 108 "storage_trouble" 503 "服务器存不下。告诉管理员；已记的都在。" "The server can't store it now. Tell the administrator; nothing is lost.";
    Internal = 199 "internal" 500 "服务器出了意外，已记下。稍后再试。" "Something unexpected happened at the server and was noted. Try again later.";
    FrameDamaged = 110 "frame_damaged" 400 "发来的数据在路上损坏，没有收下。会自动重发，不用管。" "The frame was damaged on its way, and nothing of it was taken. It is sent again by itself.";
    StaleForm = 109 "stale_form" 409 "别人刚改过这一项。看过新内容再改。" "Somebody changed this meanwhile. Look at it and change it again.";
    // 2xx: who is asking.
    SignInNeeded = 201 "sign_in_needed" 401 "先登录。" "Sign in first.";
    TokenExpired = 202 "token_expired" 401 "凭证到期，应用会自动换新。" "The token has expired; the app renews it by itself.";
    TokenInvalid = 203 "token_invalid" 401 "凭证无效，应用会自动换新。" "The token isn't valid; the app renews it by itself.";
    DeviceRevoked = 204 "device_revoked" 403 "这台手机已停用。联系总部。" "This device has been revoked. Call headquarters.";
    DeviceUnknown = 205 "device_unknown" 403 "这台手机没有登记。向总部要登记码。" "This device isn't enrolled. Ask headquarters for a code.";
    CodeInvalid = 206 "code_invalid" 403 "登记码不对、用过或过期。向总部要新的。" "The enrolment code is wrong, used or expired. Ask headquarters for a new one.";
    PasswordWrong = 207 "password_wrong" 401 "工号或密码不对。" "The staff number or the password isn't right.";
    NonceInvalid = 208 "nonce_invalid" 401 "验证过期，应用会自动重来。" "The challenge has expired; the app starts it again by itself.";
    CsrfInvalid = 209 "csrf_invalid" 403 "页面过期。刷新再试。" "The page has expired. Load it again.";
    PersonInactive = 210 "person_inactive" 403 "此人已停用。联系总部。" "This person is no longer active. Call headquarters.";
    HandInDone = 211 "hand_in_done" 409 "这台手机交过一次了，总部在看。别的请总部处理。" "This device has handed in its work already. Ask headquarters about anything else.";
    // 3xx: a change that the gate refused.
    BadChange = 301 "bad_change" 422 "这条记录的字节不合规矩，原文保存在本机。" "The change isn't one that any app of ours writes. Its bytes are kept on the phone.";
    ChecksumWrong = 302 "checksum_wrong" 422 "这条记录传坏了，会自动重做。" "The change was damaged on its way; it is written anew.";
    BadEntry = 303 "bad_entry" 422 "这条记录的内容不合格式，原文保存在本机。" "The entry doesn't fit its form. It is kept on the phone.";
    EntryExists = 304 "entry_exists" 422 "同一编号下已有别的内容，原文保存在本机。" "Another entry already has this id. Yours is kept on the phone.";
    UnknownField = 305 "unknown_field" 422 "没有这个栏目，更新应用。" "There is no such field. Update the app.";
    ActorTaken = 306 "actor_taken" 422 "写入身份属于另一台手机，会自动换新重写。" "The writer's id belongs to another device; it is written anew under a fresh one.";
    PageFull = 307 "page_full" 422 "这一页写满了。另开一单。" "This page is full. Open another.";
    PageMismatch = 308 "page_mismatch" 422 "页面编号和页头对不上，原文保存在本机。" "The page's id doesn't follow from its header. The change is kept on the phone.";
    WrongAuthor = 309 "wrong_author" 422 "记录署的不是本人。" "The entry names somebody else as its author.";
    NotAuthor = 310 "not_author" 422 "只能作废或更改自己的记录；别人的请负责人改。" "Only its author may void or replace an entry; ask the lead.";
    TargetUnknown = 311 "target_unknown" 422 "要作废的那条不在。" "The entry to be voided isn't there.";
    RowUnproven = 320 "row_unproven" 422 "这一行不带本服务器的凭据，不能收回。原文保存在本机。" "The row doesn't carry this server's code, so it can't be brought back. It is kept on the phone.";
    // 4xx: rights.
    NotAllowed = 401 "not_allowed" 403 "您没有这个权限。请找负责人或总部。" "You have no right to do this. Ask the lead or headquarters.";
    NotAssigned = 402 "not_assigned" 403 "这单没有派给你，也不是你驻点的。请负责人派单。" "The order isn't yours nor your station's. Ask the lead to dispatch it.";
    OrderUnknown = 403 "order_unknown" 422 "总部没有这一单。先开单。" "There is no such order at headquarters. Open it first.";
    CustomerUnknown = 404 "customer_unknown" 422 "没有这个客户，请总部登记。" "There is no such customer. Ask headquarters to register it.";
    PersonUnknown = 405 "person_unknown" 422 "没有这个人。" "There is no such person.";
    LeaveUnknown = 406 "leave_unknown" 422 "没有这份请假。" "There is no such request for leave.";
    StationUnknown = 407 "station_unknown" 422 "没有这个驻点。" "There is no such station.";
    SelfOpenForbidden = 408 "self_open_forbidden" 403 "公司规定不能自己开单，请负责人开。" "Company policy doesn't let engineers open orders. Ask the lead.";
    FormUnknown = 409 "form_unknown" 422 "没有这张表，或没有这一版。更新应用后再填。" "There is no such form, or no such version of it. Update the app and fill it in again.";
    // 5xx: decisions.
    BadCommand = 501 "bad_command" 422 "这个申请不合格式，原文保存在本机。" "The command doesn't fit its form. It is kept on the phone.";
    SawUnknown = 502 "saw_unknown" 422 "申请依据的内容总部还没有，会自动重发。" "The command rests on what headquarters doesn't have.";
    Superseded = 503 "superseded" 409 "别人已先作了决定，您的没有生效，原文保存在本机。" "Somebody decided first. Yours had no effect and is kept.";
    OrderExists = 504 "order_exists" 409 "这一单已经开过。" "This order is open already.";
    CommandReused = 505 "command_reused" 422 "申请编号用过了，内容却不同。" "This command's id was used for something else.";
    NeedsRefused = 506 "needs_refused" 422 "前面一步没有收，这一步也就不能收。" "It rests on a step that was refused.";
    BeforeLife = 507 "wrong_life" 409 "这单现在的状态不能这样做。" "The order's state doesn't allow this now.";
    DeviceExists = 508 "device_exists" 409 "这个手机编号已登记给别人。" "This device id is enrolled for somebody else.";
    // 6xx: blobs.
    BlobMismatch = 601 "blob_mismatch" 422 "文件和它的指纹对不上，会自动重传。" "The file doesn't match its hash; it is sent again.";
    BlobUnknown = 602 "blob_unknown" 404 "还没有收到这个文件。" "This file hasn't arrived yet.";
    BlobTooLarge = 603 "blob_too_large" 413 "文件太大。拍小一些，或裁剪后再附上。" "The file is too large. Take it smaller, or crop it.";
    BlobKind = 604 "blob_kind" 415 "只收照片（JPEG、PNG、WebP）和签名笔迹。" "Only photos (JPEG, PNG, WebP) and strokes of a signature are taken.";
    BlobQuota = 605 "blob_quota" 429 "今天的文件份额用完了，明天会自动接着传；手机里的都在。" "Today's share of files is used up. It goes on by itself tomorrow; nothing is lost.";
    BlobErased = 606 "blob_erased" 410 "这个文件已由总部决定删除，只留下它的指纹。" "Headquarters had this file erased; only its hash is left.";
    UploadUnknown = 607 "upload_unknown" 404 "这次上传不在了，或已过期。会自动从头再传。" "There is no such upload, or it has expired. It begins anew by itself.";
    UploadOffset = 608 "upload_offset" 409 "接的位置不对。会自动问清后接着传。" "The upload stands at another offset. Ask where, and go on from there.";
    UploadBusy = 609 "upload_busy" 423 "同一个文件正在传。稍等再试。" "Another request is writing this upload. Wait and try again.";
    UploadChecksum = 610 "upload_checksum" 460 "这一段传坏了，会自动重发。" "This piece was damaged on its way. Send it again.";
    UploadVersion = 611 "upload_version" 412 "上传要说 tus 1.0.0。更新应用。" "Uploads speak tus 1.0.0: say so in Tus-Resumable. Update the app.";
    StorageFull = 612 "storage_full" 507 "服务器满了，腾出地方后会自动接着传；手机里的都在。" "The server is full. It goes on by itself once there is room; nothing is lost.";
    RangeBeyond = 613 "range_beyond" 416 "文件没有这么长。" "The file is shorter than that part begins.";
    // 7xx: the operator's folders, backups and rescue files.
    FolderTaken = 701 "folder_taken" 409 "那里已经有东西，没有动它。换一个空的地方。" "There is something there already, and it is left as it is. Name another place.";
    FolderDamaged = 702 "folder_damaged" 500 "数据文件夹坏了。先用 outpost doctor 看哪些还完好。" "The data folder is damaged. `outpost doctor` says what is whole.";
    BackupDamaged = 703 "backup_damaged" 422 "这份备份不完整，不能用。换另一份。" "This backup isn't whole. Take another one.";
    KeysMissing = 704 "keys_missing" 422 "钥匙不在或不是这家公司的。找到原来的 keys 文件夹。" "The keys aren't there, or another company's. Find the old folder `keys`.";
    NothingToKeep = 705 "nothing_to_keep" 404 "文件夹里还没有公司。" "There is no company in the folder yet.";
    RescueSealed = 706 "rescue_sealed" 422 "这份抢救文件不是封给这家公司的，或已损坏。" "The rescue file wasn't sealed to this company, or it is damaged.";
    RescueUnsigned = 707 "rescue_unsigned" 422 "抢救文件没有这台手机的签名，核实来源后再收。" "The rescue file isn't signed by its phone's key. Make sure where it comes from.";
    NoSealKey = 708 "no_seal_key" 409 "手机还没有总部的公钥，先用能上网的时候同步一次。" "The phone hasn't got headquarters' key yet: it comes with the next sync.";
    // 9xx: on the phone itself; no server ever answers these.
    NotEnrolled = 901 "not_enrolled" 403 "这台手机还没有登记。扫总部给的码。" "This phone isn't anybody's yet. Scan the code from headquarters.";
    BadInvitation = 902 "bad_invitation" 422 "这不是完整的登记码。重新扫一遍。" "This isn't a whole enrolment code. Scan it again.";
    BelongsToOther = 903 "belongs_to_other" 409 "这台手机已是别人的。先交清里面的记录。" "This phone is somebody else's. Hand in what it holds first.";
    PhoneFull = 904 "phone_full" 507 "手机存储满了。腾出地方再点一次；已记的都在。" "The phone's storage is full. Free some space and tap again; what was logged is safe.";
    StoreInUse = 905 "store_in_use" 423 "日志在别处打开着。先在那边关掉。" "The logbook is open elsewhere. Close it there.";
    StoreDamaged = 906 "store_damaged" 500 "手机里的日志打不开。先导出能读的，再联系总部。" "The logbook on this phone can't be opened. Export what can be read, then call headquarters.";
    KeystoreSilent = 907 "keystore_silent" 503 "手机的密钥没有回应。解锁手机再试。" "The phone's keystore doesn't answer. Unlock the phone and try again.";
    DoesNotFit = 908 "does_not_fit" 422 "有一栏填得不对，改过再存。" "One of the fields doesn't fit. Correct it and save again.";
    PageUnknown = 909 "page_unknown" 404 "手机里没有这一页。同步后再看。" "This phone doesn't hold the page. Sync, and look again.";
    GlassChanged = 910 "glass_changed" 409 "给客户看的内容刚变过。重新出示再签。" "What the glass showed has changed. Show it again, and let the customer sign that.";
    LogbookClosed = 911 "logbook_closed" 409 "日志已关闭。重新打开应用。" "The logbook was closed. Open the app again.";
    SyncGoing = 912 "sync_going" 409 "正在同步，不用再点。" "A sync is going on. There is no need to start another.";
    HostFailed = 913 "host_failed" 500 "手机没有做到应用要的事。重试；已记的都在。" "The phone didn't do what the app asked of it. Try again; what was logged is safe.";
    CoreFell = 914 "core_fell" 500 "应用内部出错，已从存储重开。已记的都在，再点一次。" "Something went wrong inside, and the logbook was opened anew from storage. What was logged is safe; tap again.";
}

/// What the gate found, as its receiver can act on it; the gate's own finer code goes into the detail.
impl From<RefusalCode> for Code {
    fn from(refusal: RefusalCode) -> Self {
        match refusal {
            RefusalCode::TooLarge => Code::TooLarge,
            RefusalCode::Checksum => Code::ChecksumWrong,
            RefusalCode::OtherPage => Code::PageMismatch,
            RefusalCode::ActorTaken => Code::ActorTaken,
            RefusalCode::UnknownField => Code::UnknownField,
            RefusalCode::EntryExists => Code::EntryExists,
            RefusalCode::BadEntry => Code::BadEntry,
            RefusalCode::PageFull => Code::PageFull,
            RefusalCode::NotAChange
            | RefusalCode::Malformed
            | RefusalCode::BadActor
            | RefusalCode::TooManyDependencies
            | RefusalCode::Annotated
            | RefusalCode::UnknownColumn
            | RefusalCode::TooManyOperations
            | RefusalCode::TooManyPredecessors
            | RefusalCode::GenesisActor
            | RefusalCode::Sequence
            | RefusalCode::OwnPreviousMissing
            | RefusalCode::BadStartOp
            | RefusalCode::OpCeiling
            | RefusalCode::NotCanonical
            | RefusalCode::NotAPut
            | RefusalCode::OutsideContainers
            | RefusalCode::FieldTwice
            | RefusalCode::BadPredecessors
            | RefusalCode::BadEntryId
            | RefusalCode::EntryTwice
            | RefusalCode::NoWitness
            | RefusalCode::NoPut
            | RefusalCode::MixedEvidence
            | RefusalCode::Unsound => Code::BadChange,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_and_names_are_used_once() {
        let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!((numbers.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
        assert!(Code::ALL.iter().all(|code| Code::parse(code.name()) == Some(*code)));
    }
}
