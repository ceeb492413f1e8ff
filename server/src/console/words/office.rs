//! Words of headquarters' pages: people and phones.

use super::{Lang, Words};
use std::fmt::Display;

words! {
    // People.
    people_here() = "在职" "Here";
    people_gone() = "已离岗" "Gone";
    people_all() = "全部人员" "Everybody";
    people_and_phones(n, phones) = "在职 {n} 人，在用手机 {phones} 部" "{n} people, {phones} phones in use";
    people_search() = "姓名或工号" "Name or staff number";
    people_none() = "没有符合的人。换个词，或清除筛选。" "Nobody fits. Try another word, or clear the filter.";
    role_word() = "角色" "Role";
    all_roles() = "全部角色" "All roles";
    phones_word() = "手机" "Phones";
    person_new() = "登记新人" "Add a person";
    person_name() = "姓名" "Name";
    person_exists() = "这个工号已经有人了" "Somebody has this staff number already";
    person_saved() = "已保存，手机下次联系时收到。" "Saved; phones get it at their next contact.";
    person_left() = "已离岗，控制台和手机都进不来了。" "Gone: neither the console nor a phone lets this person in.";
    person_new_note() = "工号定了不能改，手机和记录都跟着它。" "A staff number stays as it is: phones and records go by it.";
    station_needed() = "工程师和负责人要选驻点" "Engineers and leads need a station";
    station_unneeded() = "这个角色不属于驻点，请留空" "This role belongs to no station; leave it empty";
    person_change() = "改资料" "Change";
    person_change_note() = "换驻点后，他的考勤和表单归新驻点的负责人看；在手的工单不会自动转。"
        "At a new station its lead sees his attendance and forms. Orders in hand aren't transferred by themselves.";
    leave_for_good() = "离岗" "Leaves";
    leave_means_none() = "控制台立刻进不来。记过的都保留。" "The console is closed at once. What was logged stays.";
    leave_means(n) = "控制台和手机立刻进不来。{n} 部手机按“离岗”停用，没送来的记录可以交来一次，由总部审核。记过的都保留。"
        "Console and phones are closed at once. {n} phones are locked out as “left”: what they hold unsent may be handed in once, for review. What was logged stays.";
    come_back() = "恢复在职" "Back on the staff";
    come_back_note() = "恢复后再邀请手机、设新密码。" "Then invite a phone and set a new password.";
    yourself_note() = "这是您自己：角色和离岗要请总部另一位来改。" "This is you: somebody else at headquarters changes your role.";

    // Passwords.
    new_password() = "设新密码" "New password";
    new_password_note() = "旧密码马上失效，已登录的会退出。新密码只显示一次。"
        "The old one ends at once, and so does every session under it. The new one is shown once.";
    password_title(name) = "{name}的新密码" "New password of {name}";
    password_once() = "只显示这一次。当面或电话告诉本人，不要发在群里。"
        "Shown only now. Tell the person face to face or by telephone, not in a group chat.";
    audit_password() = "设新密码" "New password";

    // Phones.
    phone_enrolled() = "在用" "In use";
    phone_invited() = "等扫码" "Waits for its phone";
    phone_revoked(why, day) = "{why}，{day} 停用" "{why}, locked out {day}";
    phone_contact(at) = "上次联系 {at}" "Last contact {at}";
    phone_unsent(n) = "当时还有 {n} 条没送" "{n} unsent then";
    phones_none() = "还没有手机。点“邀请手机”，让他用手机扫码。" "No phone yet. Invite one, and have it scan the code.";
    phone_invite() = "邀请手机" "Invite a phone";
    phone_invite_again() = "重发邀请" "New code";
    phone_server() = "手机连接的地址" "Address that phones connect to";
    phone_server_note() = "手机要从外网连得到的 https 地址。" "An https address that phones reach from outside.";
    not_a_server() = "写成 https://主机名；本机试用可以写 http://127.0.0.1:端口"
        "Write https://HOST, or http://127.0.0.1:PORT for a trial on this machine";
    invite_title(name) = "邀请{name}的手机" "Invitation for {name}";
    invitation_label() = "登记手机用的二维码" "QR code that enrols a phone";
    invitation_scan() = "打开外勤应用，扫这个码。只能用一次，只显示这一次。"
        "Open the field app and scan it. Good for one phone, shown only now.";
    invitation_text() = "扫不了就把这段文字发到手机上粘贴" "If it can't be scanned, paste this text on the phone";
    invitation_until(at) = "有效到 {at}" "Good until {at}";
    invitation_left() = "还剩 #" "# left";
    invitation_ended() = "已过期，请重新邀请" "Ran out; invite again";
    invitation_day() = "天" "d";
    invitation_here_only() = "这个地址只有本机连得到，真手机用不了。" "Only this machine reaches that address; a real phone doesn't.";
    invite_inactive() = "这个人已离岗，不能邀请手机。" "This person has left, so no phone is invited.";
    invite_has_key(device) = "{device} 在用。手机丢了或重置过，先停用，再邀请。"
        "{device} is in use. If it is gone or was reset, lock it out first.";
    invite_of_another(device, user) = "{device} 是 {user} 的手机。" "{device} belongs to {user}.";
    audit_invitation() = "邀请手机" "Phone invited";
    revoke() = "停用" "Lock out";
    revoke_title(name) = "停用{name}的手机" "Lock out a phone of {name}";
    revoke_choose() = "选停用的原因" "Choose why";
    revoke_why() = "为什么停用" "Why";
    revoke_lost() = "丢失" "Lost";
    revoke_stolen() = "被盗" "Stolen";
    revoke_replaced() = "换机" "Replaced";
    revoke_left() = "离岗" "Left";
    revoke_means_nothing() = "马上断开。它没送来的记录一律不收。" "Cut off at once. Nothing that it hasn't sent counts any more.";
    revoke_means_review() = "马上断开。它没送来的记录可以交来一次，由总部审核。"
        "Cut off at once. What it hasn't sent may be handed in once, for review.";
    revoke_note() = "停用不能撤销；手机找回来了要重新邀请。" "This can't be undone; a phone that turns up again is invited anew.";
    phone_locked_out() = "已停用。" "Locked out.";

    // Stations.
    stations() = "驻点" "Stations";
    station_new() = "新驻点" "New station";
    station_code() = "驻点编号" "Station code";
    station_exists() = "这个编号已有驻点" "A station has this code already";
    station_crew() = "工程师" "Engineers";
    station_lead() = "负责人" "Lead";
    station_place() = "位置" "Place";
    station_none() = "还没有驻点。先建驻点，再登记工程师。" "No stations yet. Add one, then its engineers.";
    latitude() = "纬度" "Latitude";
    longitude() = "经度" "Longitude";
    not_degrees(most) = "填 ±{most} 以内的度数，比如 36.65" "Degrees within ±{most}, such as 36.65";

    // What couldn't be admitted.
    refused_none() = "没有被拒收的。手机送来的记录收不下时，会连原文列在这里。"
        "Nothing was refused. What phones send and can't be admitted is listed here, with its bytes.";
    refused_why() = "为什么、怎么办" "Why, and what to do";
    refused_received() = "收到" "Received";
    refused_title(who) = "{who}的记录没收下" "Not admitted from {who}";
    refused_mends_itself() = "手机会自动重写再送，不用管。" "The phone writes it anew by itself; nothing to do.";
    refused_dispatch() = "该他干的，补派给他，手机会再送。" "If it is his work, dispatch it to him; the phone sends it again.";
    refused_lead_does() = "请负责人或总部代办，再告诉本人。" "The lead or headquarters does it instead, and tells him.";
    refused_look() = "看那张单现在怎样，和本人说一声。" "Look how the order stands now, and tell him.";
    refused_update() = "请本人更新应用，再记一次。" "Have him update the app and log it again.";
    refused_call() = "打电话问清记的是什么，请本人再记一次。" "Call him, ask what it was, and have him log it again.";
    refused_calls(names) = "也可以找负责人：{names}" "Or his lead: {names}";
    refused_content() = "里面写的" "What it says";
    refused_unreadable() = "读不懂里面写的，原文一字节不少，可以下载。" "It can't be read. The bytes are whole and can be downloaded.";
    refused_bytes() = "下载原文" "Download the bytes";
    bytes_count(n) = "{n} 字节" "{n} bytes";
    kind_decision() = "申请" "Question";

    // The review.
    reviews() = "交来待审" "Handed in for review";
    reviews_none() = "没有交来的。换机或离岗的手机交来的记录、抢救文件，在这里等您决定。"
        "Nothing was handed in. Work of replaced phones and leavers, and rescue files, wait here for your word.";
    review_came() = "怎么来的" "Came by";
    review_size() = "大小" "Size";
    review_by_phone() = "手机自己交来" "the phone itself";
    review_by_file() = "抢救文件" "a rescue file";
    review_open() = "待决定" "Waits for your word";
    review_accepted_by(who, at) = "{who} {at} 收录" "Taken by {who}, {at}";
    review_declined_by(who, at) = "{who} {at} 不收" "Declined by {who}, {at}";
    review_title(who) = "{who}交来的记录" "Handed in by {who}";
    review_steps(n) = "{n} 步" "{n} steps";
    review_would(taken, rest) = "现在收录：{taken} 步进日志，{rest} 步收不下。进日志后仍署原来的人和手机。"
        "Taken now, {taken} steps would enter the log and {rest} couldn't. They stay under the person and phone that logged them.";
    review_accept() = "收录" "Take into the log";
    review_decline() = "不收" "Decline";
    review_decline_why() = "不收的理由" "Why it is declined";
    review_final() = "决定一次，不能再改。不收的也一直留着，可以再看。" "Decided once. What is declined stays to be read.";
    review_more(n) = "还有 {n} 步没有列出，在原文里。" "{n} more steps aren't listed; the bytes have them.";
    review_accepted() = "已收录。收不下的几步，理由在旁边。" "Taken into the log. Steps that couldn't be have their reason beside them.";
    review_declined() = "已决定不收，原文留着。" "Declined; the bytes are kept.";
    verdict_admitted() = "能收" "Admitted";
    verdict_had() = "早已收到" "Had already";
    verdict_needs() = "缺前面的内容" "Lacks what it rests on";
    audit_review() = "审核交来的记录" "Review";
    rescue_import() = "导入抢救文件" "Import a rescue file";
    rescue_title() = "导入抢救文件" "Import a rescue file";
    rescue_note() = "手机同步不了时，在应用里“导出给总部”，把那份文件选到这里。它只有总部打得开；导入后先待审，不会直接进日志。"
        "A phone that can't sync writes such a file (Export for headquarters). Only headquarters opens it. What it holds waits for review first.";
    rescue_file() = "抢救文件" "Rescue file";
    rescue_choose() = "选一份文件" "Choose a file";
    rescue_refused(why, code) = "{why}（{code}）" "{why} ({code})";
    rescue_held(who, phone, steps, strokes, photos) = "{who}的 {phone}：{steps} 步，签名笔迹 {strokes} 份，照片 {photos} 张（只有指纹）。"
        "{phone} of {who}: {steps} steps, {strokes} signatures' strokes, {photos} photos by their hash.";
    rescue_unsigned() = "没有这部手机的签名：先核实是谁给的，再决定收不收。"
        "It isn't signed by this phone's key: make sure where it comes from before you take anything.";
    rescue_missing() = "手机上读不出来的" "Couldn't be read on the phone";
    rescue_new() = "去审核" "Review it";
    rescue_known() = "以前导入过，去看" "Imported before; look at it";
    rescue_nothing() = "里面没有总部缺的记录。" "It holds nothing that headquarters lacks.";

    // Policy.
    policy_change() = "改制度参数" "Change the policy";
    policy_saved() = "已定。手机下次联系时收到。" "Settled; phones get it at their next contact.";
    policy_now() = "现在按这些算" "What holds now";
    policy_spans() = "各版和生效日" "Versions and the day from which each holds";
    policy_note() = "每件事按它当天生效的那一版算：改了以后，过去的不会变。"
        "Each thing is read by the terms of its own day; a change leaves the past as it was.";
    policy_from(day) = "{day} 起" "from {day}";
    policy_always() = "从一开始" "from the beginning";
    policy_holds() = "生效中" "Holds";
    policy_coming() = "已排定" "To come";
    policy_held() = "过去" "Past";
    policy_decided(who, at, version) = "{who} {at} 定，第 {version} 版" "{who}, {at}, version {version}";
    policy_first() = "最初的规定" "What it began with";
    policy_valid_from() = "从哪天起" "Holds from";
    policy_valid_note() = "今天或以后的日子。那天之前的，仍按原来的算。" "Today or later. Everything before that day stays as it was.";
    policy_replaces(days) = "已排定 {days} 起的改动：新的一版如果更早生效，会替掉它们。"
        "Changes to come ({days}) give way to a version that holds earlier.";
    policy_past() = "不能改过去的日子，选今天或以后" "Days gone by aren't changed; choose today or later";
    policy_mend(field, problem) = "{field}：{problem}" "{field}: {problem}";
    policy_founding() = "公司设立时" "At the founding";
    policy_out_of_range() = "超出允许的范围" "Out of range";
    policy_settle() = "定下来" "Settle it";
    policy_group_service() = "服务时限" "Service limits";
    policy_group_time() = "考勤" "Attendance";
    policy_group_phone() = "现场和手机" "On site and on phones";
    policy_reply() = "多久内回复" "Reply within";
    policy_follow_up() = "电话修好后多久回访" "Follow up after a telephone fix";
    policy_arrival() = "多久内到场" "Arrive within";
    policy_band(km, hours) = "{km} 公里以内 {hours} 小时" "up to {km} km {hours} h";
    policy_band_beyond(hours) = "更远 {hours} 小时" "beyond {hours} h";
    policy_band_km() = "公里以内" "up to km";
    policy_band_hours() = "小时" "hours";
    policy_band_note() = "由近到远；最后一行公里数留空，表示更远。空行不算。" "Nearest first; leave the last distance empty for everything beyond. Empty rows don't count.";
    policy_closes() = "考勤月关账日" "Attendance month closes on";
    policy_closes_note() = "这一天算下个月。" "That day belongs to the next month.";
    policy_day_of_month(n) = "每月 {n} 日" "day {n} of the month";
    policy_hours() = "上下班时间" "Working hours";
    policy_starts() = "上班" "Work begins";
    policy_ends() = "下班" "Work ends";
    policy_grace() = "迟到早退宽限" "Grace";
    policy_grace_minutes() = "宽限（分钟）" "Grace (minutes)";
    policy_weekend() = "每周休息日" "Days off each week";
    policy_holidays() = "节假日" "Holidays";
    policy_holidays_note() = "一行一天，写 2026-10-01。" "One day a line, as 2026-10-01.";
    policy_cash() = "现场收现金" "Cash on site";
    policy_cash_receipt() = "可以收，开收据，当天交会计" "Taken with a receipt, handed in the same day";
    policy_cash_forbidden() = "不准收" "Forbidden";
    policy_self_open() = "工程师现场开单" "Engineers open orders on site";
    policy_yes() = "可以" "Yes";
    policy_no() = "不可以" "No";
    policy_lock() = "多久没联系就锁住别人的资料" "Others' data lock after no contact for";
    policy_lock_days() = "没联系多少天后锁住别人的资料" "Days without contact until others' data lock";
    policy_toolkit() = "标准工具清单" "Standard toolkit";
    policy_toolkit_note() = "一行一样。只给某驻点或某人的，后面写“| st-1”或“| u-17”。"
        "One tool a line. For one station or one engineer add “| st-1” or “| u-17”.";
    policy_nobodys(whose) = "没有这个驻点或工号：{whose}" "No such station or staff number: {whose}";
    not_a_clock() = "写成 08:30" "Write it as 08:30";
    not_a_day(typed) = "“{typed}”不是日期，写成 2026-10-01" "“{typed}” isn't a day; write 2026-10-01";

    // The catalogue.
    catalogue() = "零件价目" "Parts and prices";
    catalogue_none() = "没有符合的零件。价目里的零件，工程师在手机上选。" "No part fits. Engineers choose from this list on their phones.";
    catalogue_search() = "编号或名称" "Number or name";
    catalogue_count(n) = "共 {n} 种" "{n} parts";
    part_new() = "新零件" "New part";
    part_number() = "零件编号" "Part number";
    part_exists() = "这个编号已有零件" "A part has this number already";
    part_price() = "单价" "Unit price";
    part_price_note() = "新价从手机下次联系起用；已记的不变。" "Phones use it from their next contact; what was logged keeps its price.";
    part_offered() = "在售" "Offered";
    part_retired() = "停售" "No longer offered";
    part_history() = "改过的价" "Prices so far";
    not_money() = "写成 120 或 120.50" "Write it as 120 or 120.50";

    // The desk mends by telephone.
    phone_fix() = "电话修好" "Fixed by telephone";
    phone_fix_note() = "怎么修好的" "What helped";
    phone_fix_means() = "算已回复、已完工，到时提醒回访。还是要上门的，再派工。"
        "Counts as replied and finished; the follow-up is asked for in time. Dispatch it if somebody has to go after all.";
    phone_fix_done() = "已记为电话修好，到时提醒回访。" "Logged as fixed by telephone; the follow-up is asked for in time.";
    register_and_fix() = "登记，电话里已修好" "Register, fixed by telephone";
}
