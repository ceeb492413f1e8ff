//! The table: `name = "中文" "English";`, and `name(what) = "{what} 条" "{what} items";` where something is filled in.

use super::{Lang, Words};
use std::fmt::Display;

macro_rules! words {
    (@one $name:ident () $zh:literal $en:literal) => {
        pub fn $name(self) -> &'static str {
            match self.0 {
                Lang::Zh => $zh,
                Lang::En => $en,
            }
        }
    };
    (@one $name:ident ($($arg:ident),+) $zh:literal $en:literal) => {
        pub fn $name(self, $($arg: impl Display),+) -> String {
            match self.0 {
                Lang::Zh => format!($zh),
                Lang::En => format!($en),
            }
        }
    };
    ($($name:ident $args:tt = $zh:literal $en:literal;)*) => {
        impl Words {
            $(words!(@one $name $args $zh $en);)*
        }
    };
}

words! {
    // The frame.
    other_language() = "English" "中文";
    this_language() = "中文" "English";
    skip() = "跳到正文" "Skip to the main part";
    menu() = "菜单" "Menu";
    main_menu() = "主导航" "Main";
    sign_out() = "退出" "Sign out";
    back() = "返回" "Back";
    all_stations() = "全部驻点" "All stations";
    search() = "搜索" "Search";
    search_hint() = "单号、客户、电话、序列号" "Number, customer, phone, serial";
    close() = "关闭" "Close";
    cancel() = "不做了" "Leave it";
    save() = "保存" "Save";
    optional() = "可不填" "optional";
    drawn_at(at) = "{at} 的样子" "as of {at}";
    live() = "实时" "Live";
    cut_off(at) = "断开，{at} 的样子" "Cut off, as of {at}";
    news(n) = "{n} 条新的" "{n} new";
    show_news() = "显示" "Show";

    // Pages.
    today() = "今天" "Today";
    orders() = "工单" "Orders";
    attendance() = "考勤" "Attendance";
    approvals() = "待审批" "Approvals";
    flags() = "旗标" "Flags";
    refused() = "被拒收" "Refused";
    people() = "人员手机" "People and phones";
    policy() = "制度参数" "Policy";
    exports() = "导出" "Export";
    audit() = "审计" "Audit";
    register_call() = "登记来电" "Register call";
    cash() = "现金交接" "Cash to take over";

    // Signing in.
    sign_in() = "登录" "Sign in";
    sign_in_title() = "登录控制台" "Sign in to the console";
    staff_number() = "工号" "Staff number";
    password() = "密码" "Password";
    sign_in_hint() = "忘了密码，请总部重设。" "Headquarters sets a new password if yours is lost.";
    session_ended() = "会话已结束，再登录一次，会回到刚才那页。" "Your session has ended. Sign in again and you are back on the same page.";
    signed_out() = "已退出。" "Signed out.";
    enter_staff_number() = "填工号，比如 u-101" "Enter your staff number, such as u-101";
    enter_password() = "填密码" "Enter your password";
    phone_people_title() = "您的工作在手机上" "Your work is on the phone";
    phone_people_text() = "控制台给负责人、业务员、会计和总部用。工程师的工单、考勤和同步都在外勤应用里。"
        "The console is for leads, clerks, cashiers and headquarters. An engineer's orders, attendance and sync are in the field app.";
    open_field_app() = "打开外勤应用" "Open the field app";

    // Troubles.
    form_problems(n) = "有 {n} 处要改，填的都还在。" "{n} things to mend. What you typed is still here.";
    trouble_title() = "这次没有做成" "That didn't go through";
    trouble_code() = "代码" "Code";
    trouble_back() = "回到刚才那页" "Back to where you were";
    trouble_home() = "去首页" "To the first page";
    decided_already(who, at) = "{who} {at} 已先决定。您的没有生效。" "{who} decided first, {at}. Yours had no effect.";
    changed_meanwhile(who, at) = "{who} {at} 刚改过这一项。看过新内容再改，您填的还在。" "{who} changed this {at}. Look at the new value and decide again; what you typed is still here.";
    changed_meanwhile_unknown() = "别人刚改过这一项。看过新内容再改，您填的还在。" "Somebody changed this meanwhile. Look at the new value and decide again; what you typed is still here.";
    not_found_title() = "没有这一页" "There is no such page";
    not_found_text() = "地址不对，或者这一项不归您看。" "The address is wrong, or this isn't yours to see.";
    done_already() = "这张表已经提交过，没有再做一次。" "This form was sent before; nothing was done twice.";

    // Fields.
    must_fill(name) = "填{name}" "Enter {name}";
    too_long(n) = "太长了，最多 {n} 字" "Too long: {n} characters at most";
    choose_one() = "选一项" "Choose one";
    choose() = "请选择" "Choose";
    not_a_moment() = "日期时间没读懂，用 2026-10-20 16:30 的写法" "That isn't a date and time; write it as 2026-10-20 16:30";
    moment_past() = "这个时间已经过去了" "That time has passed";
    not_a_code() = "只能用字母、数字、点、横线，1 到 64 个" "Letters, digits, dots and dashes only, 1 to 64 of them";
    reason() = "理由" "Reason";
    give_reason() = "写一句理由" "Give a reason in a sentence";
    remark() = "备注" "Remark";

    // Lists.
    all_states() = "全部状态" "All states";
    open_ones() = "未完" "Open";
    filter() = "筛选" "Filter";
    clear_filter() = "清除筛选" "Clear";
    next_page() = "下一页" "Next page";
    first_page() = "回到开头" "Back to the start";
    showing(n) = "这页 {n} 条" "{n} on this page";
    nothing_found() = "没有符合的工单。换个词，或清除筛选。" "No order fits. Try another word, or clear the filter.";
    no_orders_yet() = "还没有工单。客户来电时，点“登记来电”。" "No orders yet. When a customer calls, register the call.";
    station() = "驻点" "Station";
    state() = "状态" "State";
    sort() = "排列" "Order";
    sort_urgent() = "急的在前" "Most urgent first";
    sort_newest() = "新的在前" "Newest first";
    engineer() = "工程师" "Engineer";
    customer() = "客户" "Customer";
    unit_and_fault() = "产品与故障" "Unit and fault";
    limit() = "时限" "Limit";
    phone_column() = "手机" "Phone";
    number() = "单号" "Number";
    with_flags() = "有旗标" "With a flag";
    nobody() = "未派" "Nobody";

    // Today.
    count_overdue() = "已超时" "Overdue";
    count_undispatched() = "待派工" "To dispatch";
    count_undelivered() = "派工未送达" "Not on a phone yet";
    count_on_site() = "在现场" "On site";
    count_finished() = "今天完工" "Finished today";
    open_count(n) = "{n} 张未完，急的在前" "{n} open, most urgent first";
    filtered_count(n) = "{n} 张" "{n}";
    show_all() = "看全部" "Show all";
    all_orders() = "全部工单" "All orders";
    waits_for_me() = "待我处理" "Waits for you";
    waits_none() = "现在没有等您处理的。" "Nothing waits for you now.";
    people_on(n) = "{n} 人" "{n}";
    people_summary(n, out) = "{n} 人，{out} 人外出未回" "{n} people, {out} out";
    just_received() = "刚收到" "Just received";
    just_received_note() = "手机没联系时，这里只知道它上次说的" "While a phone is silent, only what it last said is known here";
    just_received_none() = "今天还没有收到记录。工程师的手机联系上，就会出现在这里。" "Nothing received yet. It appears here as engineers' phones make contact.";
    no_open_orders() = "没有未完的工单。客户来电时，点“登记来电”。" "No open orders. When a customer calls, register the call.";
    no_people() = "这个驻点还没有人。总部在“人员手机”里登记。" "Nobody at this station yet. Headquarters adds people under People and phones.";
    left() = "剩" "left";
    late() = "超" "late";
    left_spoken(d) = "还剩 {d}" "{d} left";
    late_spoken(d) = "已超 {d}" "{d} late";
    kind_reply() = "回复" "reply";
    kind_arrival() = "到场" "arrival";
    delivered(at) = "已送达 {at}" "Delivered {at}";
    delivered_plain() = "已送达" "Delivered";
    undelivered_for(d) = "未送达 {d}" "Not delivered, {d}";
    no_phone() = "没有手机" "No phone";
    on_duty_for(d) = "在岗 {d}" "On duty {d}";
    off_duty() = "未上班" "Off duty";
    out_to(place, at) = "外出{place}，约 {at} 回" "out to {place}, back about {at}";
    out_late(place, at) = "{place}，应 {at} 回" "{place}, due {at}";
    on_leave_today() = "今天请假" "On leave today";
    contact_and_unsent(at, n) = "{at} 联系过，未送 {n}" "Contact {at}, {n} unsent";
    never_contacted() = "还没联系过" "No contact yet";
    no_phone_yet() = "还没有登记手机" "No phone enrolled";
    on_way_to(customer) = "去{customer}的路上" "on the way to {customer}";
    at_customer(customer) = "在{customer}" "at {customer}";
    logged_then_came(at, late) = "{at} 记，{late}后到" "logged {at}, came {late} later";
    minutes_word(n) = "{n} 分" "{n} min";
    hours_word(n) = "{n} 小时" "{n} h";
    days_word(n) = "{n} 天" "{n} d";
    yesterday() = "昨天" "yesterday";
    tomorrow(at) = "明天 {at}" "tomorrow {at}";
    wait_dispatch(customer) = "派工：{customer}" "Dispatch: {customer}";
    wait_conflict(field) = "{field}有两个值" "{field} has two values";
    wait_settle() = "去核定" "Settle";
    wait_inspect(item, serial) = "验讫：{item} {serial}" "Inspect: {item} {serial}";
    wait_inspect_about(receipt, who, minutes) = "收据 {receipt} · {who} 已修 {minutes} 分钟" "Receipt {receipt} · {who}, {minutes} min on the bench";
    wait_leave(who, days) = "{who} 请假 {days}" "{who} asks for leave {days}";
    wait_leave_orders(n) = "手上有 {n} 张工单" "{n} orders in hand";
    wait_follow_up(customer) = "回访：{customer}" "Follow up: {customer}";
    wait_follow_up_about(at) = "电话修好于 {at}，24 小时后问一次" "Fixed by telephone {at}; ask again after 24 h";
    wait_hand_back(customer) = "退回派工：{customer}" "Handed back: {customer}";
    wait_more(n) = "还有 {n} 件" "{n} more";
    one_day() = "一天" "one day";

    // Acts.
    dispatch() = "派工" "Dispatch";
    transfer() = "转单" "Transfer";
    helper() = "协助" "Helper";
    add_helper() = "加协助" "Add a helper";
    remove_helper() = "撤协助" "Remove helper";
    rebook() = "改约" "Rebook";
    cancel_order() = "取消工单" "Cancel order";
    file_order() = "归档" "File";
    reopen() = "重开" "Reopen";
    same_as() = "同一来电" "Same call";
    approve() = "批准" "Approve";
    return_with_reason() = "退回并说明" "Return with reason";
    inspected() = "验讫" "Inspected";
    not_passed() = "不合格" "Not passed";
    use_this() = "用这个" "Use this";
    follow_up() = "回访" "Follow up";
    void_receipt() = "作废收据" "Void receipt";
    edit() = "改" "Change";

    // Register a call.
    phone() = "电话" "Phone";
    phone_first() = "先填来电号码：会找出客户、产品、往来和可能重复的工单。" "The phone number first: it finds customer, units, history and possible duplicates.";
    find() = "查" "Find";
    found_by_phone() = "按号码找到" "Found by the number";
    not_found_by_phone() = "没有这个号码的客户。按名称或编号找，或登记新客户。" "No customer has this number. Search by name or code, or register a new one.";
    find_customer() = "按名称或编号找客户" "Search by name or code";
    new_customer() = "新客户" "New customer";
    caller() = "来电人" "Caller";
    channel() = "来源" "Channel";
    unit() = "产品" "Unit";
    no_unit() = "不清楚是哪台" "Unit not known";
    fault() = "故障现象" "Symptom";
    fault_code() = "故障代码" "Fault code";
    address_note() = "地址说明" "Address note";
    service_type() = "服务类别" "Service type";
    proposed_type(t, why) = "建议 {t}：{why}" "Proposed {t}: {why}";
    type_a() = "A 收费" "A Paid";
    type_b() = "B 合同服务" "B Contract";
    type_c() = "C 保内免费" "C Free, in warranty";
    type_d() = "D 内部工作" "D Internal";
    why_warranty(day) = "保修到 {day}" "in warranty until {day}";
    why_expired(day) = "保修 {day} 已到期" "warranty ended {day}";
    why_unknown() = "没有保修记录" "no warranty on record";
    why_misuse() = "使用不当，保修不算" "misuse, so the warranty doesn't hold";
    misuse() = "是否使用不当或误报" "Misuse or a false alarm";
    misuse_no() = "不是" "No";
    misuse_yes() = "使用不当（按收费）" "Misuse (paid)";
    misuse_false() = "误报，没有故障" "False alarm, nothing broken";
    register_and_open() = "登记" "Register";
    register_and_dispatch() = "登记并派工" "Register and dispatch";
    possible_duplicates() = "可能是同一来电" "Possibly the same call";
    possible_duplicates_none() = "没有相近的未完工单。" "No open order comes near.";
    customer_history() = "往来" "History";
    customer_history_none() = "这个客户还没有工单。" "No orders for this customer yet.";
    open_that() = "打开这张" "Open it";
    distance(km) = "{km} 公里" "{km} km";
    served_by(station) = "{station}负责" "served by {station}";
    warranty_until(day) = "保修到 {day}" "Warranty until {day}";
    warranty_over(day) = "保修 {day} 到期" "Warranty ended {day}";
    warranty_none() = "没有保修记录" "No warranty on record";
    repeat_defect(day) = "同机同故障 {day} 修过，属重复维修" "The same fault was repaired {day}: a repeat";
    registered_done() = "已登记。" "Registered.";
    customer_code() = "客户编号" "Customer code";
    customer_name() = "名称" "Name";
    address() = "地址" "Address";
    contact_person() = "联系人" "Contact person";
    code_taken() = "这个编号已有客户" "This code is taken";
    customer_unplaced() = "这个客户还没有定驻点，请总部先定。" "No station serves this customer yet; ask headquarters to place it.";
    customer_new_note() = "新客户登记后，由总部定驻点和距离，才能开单。" "Headquarters places a new customer with a station before an order can be opened.";
    customer_saved() = "已登记客户。" "The customer is registered.";
    distance_km() = "距离（公里）" "Distance (km)";
    not_a_number() = "填一个数" "Enter a number";

    // Dispatch.
    dispatch_title(number) = "派工 {number}" "Dispatch {number}";
    transfer_title(number) = "转单 {number}" "Transfer {number}";
    helper_title(number) = "加协助 {number}" "Add a helper to {number}";
    dispatch_note() = "按在手工单和能否到场排列，没有预选。送出不等于送达：手机收到前一直显示未送达。"
        "Sorted by load and by who is at work; none is preselected. Sent isn't delivered: it shows as not delivered until the phone has it.";
    load() = "在手" "Load";
    load_orders(n, late) = "{n} 张，超时 {late}" "{n} open, {late} late";
    load_none() = "没有工单" "No orders";
    duty() = "在岗" "Duty";
    leave() = "请假" "Leave";
    leave_none() = "没有" "None";
    last_contact() = "上次联系" "Last contact";
    has_it_now() = "现在是他的" "His now";
    order_choose_engineer() = "选一位工程师" "Choose an engineer";
    dispatched_done() = "已派，等手机收到。" "Dispatched; waiting for the phone.";
    no_engineers() = "这个驻点没有在用的工程师。" "No engineer at this station.";

    // The order's page.
    story() = "经过" "What happened";
    claimed() = "手机所记" "Claimed";
    who() = "谁" "Who";
    legend_claimed() = "手机所记" "Claimed by the phone";
    legend_attested() = "服务器证实的区间" "Attested by the server";
    legend_server() = "服务器时间" "Server time";
    legend_outside() = "在区间外，存疑" "Outside: in doubt";
    axis_spoken(claimed, from, to) = "所记 {claimed}，证实 {from} 至 {to}" "claimed {claimed}, attested {from} to {to}";
    axis_spoken_server(at) = "服务器时间 {at}" "server time {at}";
    axis_open(claimed, to) = "所记 {claimed}，证实不晚于 {to}" "claimed {claimed}, attested no later than {to}";
    places() = "到场位置" "Places of arrival";
    place_line(who, m) = "{who} ±{m} 米" "{who} ±{m} m";
    place_from_site(far) = "距现场 {far}" "{far} from the site";
    visit_work() = "这次上门" "This visit";
    place_mock() = "手机说是模拟位置" "the phone says the place was made up";
    photos() = "照片" "Photos";
    photo_missing() = "照片还没传来" "Not arrived yet";
    what_was_signed() = "客户签的是什么" "What the customer signed";
    nth_visit(n) = "第 {n} 次上门" "Visit {n}";
    nobody_signed() = "客户还没有签字。" "Not signed yet.";
    unsigned_because(why) = "没有签字：{why}" "Not signed: {why}";
    parts() = "零件" "Parts";
    charge() = "收费" "Charge";
    none() = "无" "none";
    countersigned(at) = "内容指纹一致，{at} 服务器已会签" "Fingerprint matches, countersigned {at}";
    fingerprint(print, n) = "指纹 {print} · {n} 项" "Fingerprint {print} · {n} items";
    typed_name(why) = "打字签名：{why}" "Typed name: {why}";
    amended_later(minutes) = "签字 {minutes}后加上，客户没看到。" "Added {minutes} after the signature; the customer didn't see it.";
    amended_unseen() = "签字的手机当时没有这一条，客户没看到。" "The signing phone didn't have it; the customer didn't see it.";
    conflict_title(field) = "{field}，请核定一个" "{field}: settle one";
    conflict_note() = "两个值都会留在经过里。" "Both values stay in the story.";
    conflict_unknowing() = "他那时没看到上一条" "hadn't seen the other one";
    conflict_cant() = "由负责人核定。" "For the lead to settle.";
    settled_done() = "已核定，几个值都留在经过里。" "Settled; every value stays in the story.";
    goods() = "带回的东西" "Customer's goods";
    goods_line(receipt) = "收据 {receipt}" "Receipt {receipt}";
    goods_inspected() = "已验讫" "Inspected";
    goods_failed() = "检验不合格" "Didn't pass";
    goods_waits() = "待检验" "To be inspected";
    goods_step_taken() = "带回，开收据" "Taken back, receipt issued";
    goods_step_bench(minutes, note) = "修理 {minutes} 分钟 {note}" "{minutes} min on the bench {note}";
    goods_step_returned() = "送还客户" "Returned to the customer";
    goods_step_voided(reason) = "收据作废：{reason}" "Receipt voided: {reason}";
    details() = "登记内容" "As registered";
    summary_dispatched(at) = "{at} 派工" "dispatched {at}";
    summary_arrived(at, limit) = "{at} 到场，限 {limit}" "arrived {at}, limit {limit}";
    summary_labour(minutes) = "劳时 {minutes} 分" "{minutes} min of work";
    summary_parts(money) = "零件 {money}" "parts {money}";
    summary_first_fix() = "一次修好" "fixed at the first visit";
    assigned_to(who) = "派给{who}" "Dispatched to {who}";
    nothing_changed() = "没有改动。" "Nothing changed.";
    saved() = "已保存。" "Saved.";
    new_appointment() = "新的时间" "New time";
    rebooked_done() = "已改约。" "Rebooked.";
    cancelled_done() = "已取消。" "Cancelled.";
    closed_done() = "已归档，登记线已注销。" "Filed; the register line is struck.";
    closed_unsigned_note() = "客户还没有签字。可以归档，会挂“归档未签”，签字到了自动消。" "The customer hasn't signed. You may file it; it carries a flag until the signature arrives.";
    reopened_done() = "已重开。" "Reopened.";
    same_done() = "已记为同一来电。" "Marked as the same call.";
    same_number() = "另一张的单号" "The other order's number";
    same_unknown() = "没有这个单号" "There is no such order";
    same_self() = "这就是这张单自己" "That is this very order";
    same_shown(number) = "与 {number} 是同一来电" "The same call as {number}";
    followed_up_done() = "回访已记下。" "The follow-up is logged.";
    follow_up_note() = "客户怎么说" "What the customer said";
    inspected_done() = "已验讫。" "Inspected.";
    not_passed_done() = "已记为不合格，继续修。" "Noted as not passed; the repair goes on.";
    helper_added(who) = "{who}来协助。" "{who} helps.";
    helper_removed_done() = "已撤协助。" "The helper is off the order.";
    helper_removed(who) = "{who}不再协助。" "{who} helps no more.";
    voided_done() = "收据已作废。" "The receipt is voided.";
    already_so() = "早已如此，没有再改。" "It was so already.";
    return_ready_1() = "时间和工单冲突，请另选" "It clashes with an order; choose other days";
    return_ready_2() = "理由不清楚，请补充" "Say more about the reason";
    return_ready_3() = "人手不够，请推后" "Too few people then; make it later";
    return_ready_4() = "要附证明" "Attach the proof";
    return_ready_5() = "和本人谈过，改期" "Agreed in person: another date";
    own_words() = "自己写" "In your own words";
    leave_returned() = "已退回，理由会到他手机上。" "Returned; the reason reaches the phone.";
    decide_anew() = "改变决定" "Decide anew";
    leave_approved() = "已批准。" "Approved.";

    // Cash.
    cash_none() = "没有等您接的现金。工程师在现场收了钱，会列在这里。" "No cash waits for you. What engineers take on site appears here.";
    cash_receipt() = "收据" "Receipt";
    cash_amount() = "金额" "Amount";
    cash_item() = "项目" "For";
    cash_taken() = "收款" "Taken";
    cash_take_over() = "收到" "Received";
    cash_sum(sum) = "共 {sum}" "{sum} in all";
    cash_done() = "已收到，记在工单上。" "Received; it stands on the order.";
    cash_same_day() = "现场收的钱当天交会计。隔天的标出来。" "Money taken on site is handed in the same day; what is older is marked.";
    cash_old(days) = "{days} 天前" "{days} days ago";

    // Leaves, phones, audit.
    audit_none() = "还没有记录。登录、决定和导出都会留在这里。" "Nothing yet. Sign-ins, decisions and exports are kept here.";
    audit_at() = "时间" "Time";
    audit_who() = "谁" "Who";
    audit_what() = "做了什么" "What";
    audit_detail() = "内容" "Detail";
    audit_sign_in() = "登录" "Signed in";
    audit_sign_in_wrong() = "登录没成，密码不对" "Sign-in with a wrong password";
    audit_sign_out() = "退出" "Signed out";
    audit_decision() = "决定" "Decided";
    audit_export() = "导出" "Exported";
    audit_all() = "全部" "All";

    // Attendance.
    print() = "打印" "Print";
    no_station() = "没有驻点" "No station";
    attendance_of(month) = "{month}考勤" "Attendance, {month}";
    attendance_of_person(who, month) = "{who} · {month}考勤" "{who} · attendance, {month}";
    month_span(first, last, closing) = "{first} 至 {last}，{closing} 起签认" "{first} to {last}, signed off from {closing}";
    month_unsigned(month, n) = "{month}还有 {n} 人没签认" "{month}: {n} not signed off yet";
    month_before() = "上个月" "Month before";
    month_next() = "下个月" "Month after";
    day_before() = "前一天" "Day before";
    day_next() = "后一天" "Day after";
    person() = "人员" "Person";
    nobody_listed() = "这个月还没有人的考勤。工程师上班打卡，就会出现在这里。" "Nobody's time in this month yet. It appears here as engineers clock in.";
    cell_hint() = "点格子，看当天每一次打卡" "A cell opens the day, clocking by clocking";
    day_runs() = "还没过完" "not over yet";
    cell_doubt() = "时间存疑" "time in doubt";
    cell_asked() = "请假待批" "leave asked for";
    cell_changed() = "签认后有变" "changed since signed off";
    total_there() = "勤" "Days";
    total_there_note() = "到岗天数" "days at work";
    total_late() = "迟早" "L/E";
    total_late_note() = "迟到、早退" "late or left early";
    total_missing() = "漏" "Miss";
    total_absent() = "缺" "Abs";
    total_over() = "加" "OT";
    total_leave() = "假" "Lv";
    total_hours() = "工时" "Hours";
    total_hours_note() = "工时" "hours worked";
    days_of_status(n, status) = "{n} 天{status}" "{status} × {n}";
    days_asked(n) = "{n} 天请假待批" "leave undecided × {n}";
    days_in_doubt(n) = "{n} 天时间存疑" "time in doubt × {n}";
    sealing() = "签认" "Sign-off";
    seal_count(n, all) = "已签认 {n} / {all} 人" "{n} of {all} signed off";
    sign_off() = "签认" "Sign off";
    sign_revision(n) = "签认第 {n} 版" "Sign off revision {n}";
    revision(n) = "第 {n} 版" "Revision {n}";
    nothing_open() = "没有待处理的" "Nothing open";
    seal_open(what) = "还有{what}，照样可以签认。" "Still open: {what}. It can be signed off all the same. ";
    seal_consequence() = "签认记下此刻每一天的样子。以后到的记录照收，会另成一版，等您再签。"
        "Signing off keeps every day as it reads now. What arrives later is still taken, and becomes another revision for you to sign.";
    seal_from(day) = "{day} 起可以签认" "Can be signed off from {day}";
    signed_by(revision, who, at) = "{revision} · {who} {at} 签认" "{revision} · signed off by {who}, {at}";
    signed_under(version) = "签认，按制度第 {version} 版" "signed off, under policy version {version}";
    days_changed(n) = "签认后有 {n} 天变了" "{n} days changed since signed off";
    unseal() = "解除签认" "Take back";
    unseal_consequence() = "签过的版本仍留着，这个月重新算作未签认。" "What was signed stays on record; the month counts as not signed off again.";
    unsealed() = "解除签认" "Taken back";
    versions() = "签认经过" "What was signed";
    versions_none() = "还没有签认过。" "Not signed off yet.";
    changed_since() = "签认后的变化" "Changed since";
    changed_from_before() = "与上一版不同" "Changed from the revision before";
    sealed_done() = "已签认。" "Signed off.";
    unsealed_done() = "已解除签认。" "The sign-off is taken back.";
    by_at(who, at, verb) = "{who} {at} {verb}" "{who} {at} {verb}";
    approved() = "已批准" "approved";
    returned() = "已退回" "returned";
    day() = "日期" "Day";
    came() = "上班" "In";
    left_work() = "下班" "Out";
    hours() = "工时" "Hours";
    note() = "说明" "Note";
    whole_month() = "整月" "Whole month";
    work_hours(from, to, grace) = "{from} – {to}，宽限 {grace} 分钟" "{from} – {to}, {grace} min grace";
    worked(hours) = "工时 {hours}" "{hours} worked";
    attested() = "服务器证实" "Attested";
    no_later_than(at) = "不晚于 {at}" "no later than {at}";
    what() = "什么" "What";
    place() = "位置" "Place";
    no_place() = "没有位置" "no place";
    place_sure(m) = "±{m} 米" "±{m} m";
    place_from_station(far, m) = "距驻点 {far}，±{m} 米" "{far} from the station, ±{m} m";
    day_empty() = "这天没有记录。打卡、外出和请假会列在这里。" "Nothing was logged on this day. Clockings, outings and leave appear here.";
    no_clock_in() = "没有上班打卡" "No clock-in";
    no_clock_out() = "没有下班打卡" "No clock-out";
    missing_do() = "补打卡要他本人记。他后来补记的那一条，您可以在这里改到当时的时间。"
        "Only he can log what is missing. What he logs afterwards you can put at its true time here.";
    correct_entry() = "更正" "Correct";
    true_time() = "实际时间" "True time";
    true_minutes() = "实际分钟" "True minutes";
    void_entry() = "作废这一条" "Void it";
    correct_note() = "更正不会改掉原记录：原来的一条划去留底，新的一条带上您的名字和理由。"
        "A correction changes nothing that was logged: the first entry stays, struck through, and the new one bears your name and reason.";
    sealed_note(revision) = "这个月已签认，改动会成为{revision}。" "This month is signed off; a change becomes {revision}.";
    orders_that_day() = "当天的工单" "Orders that day";
    corrected_done() = "已更正，原记录留底。" "Corrected; the first entry is kept.";
    entry_voided_done() = "已作废，原记录留底。" "Voided; the entry is kept.";
    not_minutes() = "填分钟数，0 到 1440" "Enter minutes, 0 to 1440";
    moment_ahead() = "这个时间还没到" "That time is still to come";
    leave_is_decided() = "请假用批准或退回来定，不更正" "Leave is approved or returned, not corrected";

    // What became of an entry.
    undone() = "点错撤销" "tapped by mistake";
    voided_by_himself(at, reason) = "{at} 本人作废：{reason}" "Taken back {at}: {reason}";
    replaced_by_himself() = "本人另记了一条代替" "Replaced by another entry of his own";
    replaced_late() = "另一处先改了，这条未采用" "Another replacement came first; this one doesn't count";
    voided_by(who, at, reason) = "{who} {at} 作废：{reason}" "Voided by {who}, {at}: {reason}";
    corrected_by(who, at, now, reason) = "{who} {at} 更正为 {now}：{reason}" "Corrected by {who}, {at}, to {now}: {reason}";
    void_of(what, reason) = "作废“{what}”：{reason}" "Took back “{what}”: {reason}";
    correction_of(what) = "更正“{what}”" "Corrected “{what}”";
    voiding_of(what) = "作废“{what}”" "Voided “{what}”";
    cash_taken_over(what) = "会计收到 {what}" "Cashier received: {what}";
    photo_erased() = "删除照片" "Photo erased";
    photo_gone() = "已按决定删除" "Erased by a decision";
    after_signature() = "签字以后" "After the signature";

    // Approvals.
    approvals_none() = "没有等您点头的。请假、计划、验讫和退回的派工会列在这里。" "Nothing wants your yes or no. Leave, plans, inspections and orders handed back appear here.";
    approvals_waiting() = "等我处理" "Waiting for you";
    decided_lately() = "最近决定的" "Decided lately";
    decided_none() = "最近没有决定。" "Nothing was decided lately.";
    decided_at() = "时间" "When";
    decided_what() = "决定" "Decision";
    decided_about() = "关于" "About";
    matter_leave() = "请假" "Leave";
    matter_form() = "计划与表单" "Plans and forms";
    matter_hand_back() = "退回派工" "Handed back";
    matter_inspect() = "待验讫" "To inspect";
    matter_cash() = "现金交接" "Cash";
    matter_other() = "工单" "Orders";
    asked_at(at) = "{at} 提出" "asked {at}";
    sent_at(at) = "{at} 交来" "sent {at}";
    form_changed() = "交后又改过，还没再交" "changed since, not sent again";
    look_and_decide() = "看内容" "Look";
    wait_cash(customer) = "现金：{customer}" "Cash: {customer}";
    cash_waits(n) = "{n} 张工单的现金还没交接" "Cash of {n} orders hasn't been taken over";
    form_draft() = "还没交" "Not sent yet";
    form_period(day) = "{day} 起" "from {day}";
    form_earlier() = "以前交的" "Sent before";
    form_written() = "系统填写" "Filled in by the system";
    form_approved_done() = "已批准，结果会到他手机上。" "Approved; the phone will say so.";
    form_returned_done() = "已退回，理由会到他手机上。" "Returned; the reason reaches the phone.";
    yes() = "是" "yes";
    no() = "否" "no";

    // Flags.
    flags_none() = "没有旗标。时间存疑、签后有改、值有冲突这类事，会列在这里。" "No flags. Doubtful times, changes after a signature and values in conflict appear here.";
    flags_none_of_these() = "没有符合的旗标。" "No flag fits.";
    flag_since() = "从何时" "Since";
    flag_about() = "关于" "About";
    flag_by() = "谁记的" "Logged by";
    flag_kind() = "旗标" "Flag";
    flag_do_head() = "怎么办" "What to do";
    flags_open() = "未归档的" "Open orders";
    flags_all() = "连已归档的" "Filed ones too";
    flags_beside() = "考勤与表单" "Attendance and forms";
    flags_orders() = "工单" "Orders";
    all_kinds() = "全部" "All";
    day_doubt_do() = "打卡时间在服务器证实的区间之外。看当天记录，问清后更正，或照此签认。"
        "A clocking lies outside what the server attests. Look at the day; correct it, or sign it off as it is.";
    flags_note() = "旗标是算出来的，不用消：事情处理了，它自己就没有了。" "Flags are worked out; nobody ticks them off. Settle the matter and the flag is gone.";
    // Exports.
    export_same_by_command() = "命令行 outpost export 给出同样的文件" "outpost export on the command line writes the same files";
    export_what() = "1 导出什么" "1 What";
    export_range() = "2 范围和格式" "2 Range and file";
    export_cover() = "3 这份数据有多全" "3 How complete it is";
    export_period() = "期间" "Period";
    export_from() = "从哪天" "First day";
    export_to() = "至" "to";
    export_until() = "到哪天" "Last day";
    export_layout() = "版式" "Layout";
    export_by_rows() = "逐行" "Row by row";
    export_as_sheet() = "人事考勤表" "Attendance sheet";
    export_file() = "文件" "File";
    export_columns() = "列" "Columns";
    export_again() = "按所选重算" "Work out again";
    export_rows(n) = "{n} 行" "{n} rows";
    export_month(n) = "{n} 月考勤月" "Month {n}";
    export_all_days() = "全部日期" "All days";
    export_phone() = "手机" "Phone";
    last_contact_head() = "上次联系" "Last contact";
    export_unsent() = "未送" "Unsent";
    export_unknown() = "不知道" "Unknown";
    export_complete() = "齐不齐" "Complete";
    export_may_lack(n) = "可能缺 {n} 条" "May lack {n}";
    export_silent_since(at) = "{at} 之后没联系过" "Silent since {at}";
    export_later_comes() = "不妨碍导出，封面会写明；以后到的，再导一次就有。" "You may export all the same: the cover says so. What comes later is in the next export.";
    export_log(seq, chain, policy) = "日志到第 {seq} 号 · 链首 {chain} · 制度参数第 {policy} 版" "Log up to row {seq} · chain head {chain} · policy version {policy}";
    export_cover_goes_along() = "XLSX 把这一页作为封面放进文件；CSV 和 JSON Lines 另存封面。" "A workbook has this page as its cover; save the cover beside a CSV or JSON Lines file.";
    export_button(format, n) = "导出 {format} · {n} 行" "Export {format} · {n} rows";
    export_button_plain(format) = "导出 {format}" "Export {format}";
    export_only_cover() = "只看封面" "Cover only";
    export_package() = "整月一份" "A whole month";
    export_package_note() = "考勤表和各张明细，一个 XLSX 文件，带封面" "The attendance sheet and every table, one workbook with its cover";
    export_package_month(n, from, to) = "{n} 月考勤月（{from} 至 {to}）" "Month {n} ({from} to {to})";
    export_package_button() = "导出整月" "Export the month";
    export_no_day() = "日期要写成 2026-10-20 这样" "Write days like 2026-10-20";
    export_backwards() = "结束那天在开始那天之前" "The last day is before the first";
    export_too_many_days() = "考勤一次最多导一年" "Attendance is exported a year at a time";
    export_rows_so_far(n) = "已写 {n} 行，可以离开这一页" "{n} rows written; you may leave this page";
    export_rows_done(n) = "已写完，共 {n} 行" "Written: {n} rows";
    export_broke_off(n) = "写到 {n} 行断开了，请再导一次" "Broke off after {n} rows; export again";
}
