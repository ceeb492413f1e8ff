//! The regulations' forms, as they stand before the company has put any of its own. What a form asks for is theirs;
//! where they say how often but not by when, there is no limit: the company may set one.

use super::{Answers, Approver, Choice, Form, FormField, Rhythm, Written};
use crate::id::FormCode;

/// The built-in form of that code: its first version.
pub fn builtin(form: &FormCode) -> Option<Form> {
    builtins().into_iter().find(|known| known.form == *form)
}

/// Every built-in form, in the order in which lists show them.
pub fn builtins() -> Vec<Form> {
    vec![
        Form {
            number: Some("006".into()),
            written: Some(Written::OwnDay),
            ..form("daily_report", "技术人员日报表", "Technician's daily report", Rhythm::Daily, [remark()])
        },
        Form {
            number: Some("007".into()),
            written: Some(Written::StationDay),
            ..form("lead_daily_report", "服务主任日报表", "Lead's daily report", Rhythm::Daily, [remark()])
        },
        Form { approver: Some(Approver::Hq), ..weekly_plan() },
        weekly_log(),
        form(
            "work_summary",
            "工作总结",
            "Monthly summary",
            Rhythm::Monthly,
            [
                text("done", "本月完成", "Done this month").needed(),
                text("problems", "问题", "Problems"),
                text("next", "下月打算", "Next month"),
            ],
        ),
        quality_information(),
        handover(),
        incident(),
        form(
            "safety_training",
            "安全培训表格",
            "Safety training record",
            Rhythm::Once,
            [
                date("day", "日期", "Date").needed(),
                text("topic", "内容", "Topic").needed(),
                text("trainer", "培训人", "Trainer"),
                table("people", "参加人员", "Who took part", [text("name", "姓名", "Name").needed()]),
            ],
        ),
        Form { approver: Some(Approver::Hq), ..expense_claim() },
        complaint(),
        form(
            "posting",
            "派驻",
            "Posting",
            Rhythm::Once,
            [
                text("person", "人员", "Person").needed(),
                text("place", "派驻地", "Place").needed(),
                date("since", "开始", "Since").needed(),
                date("until", "结束", "Until"),
                remark(),
            ],
        ),
    ]
}

fn weekly_plan() -> Form {
    let plan = [
        date("day", "日期", "Day").needed(),
        text("customer", "客户", "Customer"),
        text("work", "工作内容", "Work").needed(),
    ];
    let fields = [table("plan", "计划", "Plan", plan).needed(), remark()];
    form("weekly_plan", "周工作计划", "Weekly plan", Rhythm::Weekly, fields)
}

fn weekly_log() -> Form {
    let log = [
        date("day", "日期", "Day").needed(),
        text("customer", "客户", "Customer"),
        text("work", "工作内容", "Work").needed(),
        text("result", "结果", "Result"),
    ];
    let fields = [table("log", "日志", "Log", log).needed(), text("problems", "问题", "Problems"), remark()];
    form("weekly_log", "周工作日志", "Weekly log", Rhythm::Weekly, fields)
}

fn quality_information() -> Form {
    let items = [
        text("customer", "客户", "Customer").needed(),
        text("model", "型号", "Model"),
        text("problem", "质量情况", "What was found").needed(),
        yes_no("bought_in", "外协件", "Bought-in part"),
        yes_no("major", "重大质量问题", "Major quality problem"),
    ];
    let fields = [table("items", "质量信息", "Quality information", items), remark()];
    form("quality_information", "日质量信息", "Daily quality information", Rhythm::Daily, fields)
}

fn handover() -> Form {
    let note = || text("note", "说明", "Note");
    let fields = [
        text("to", "接收人", "Handed to").needed(),
        table("customers", "客户名单", "Customers", [text("customer", "客户", "Customer").needed(), note()]),
        table(
            "receivables",
            "应收单据",
            "Receivable documents",
            [text("document", "单据", "Document").needed(), money("amount", "金额", "Amount"), note()],
        ),
        table(
            "property",
            "公物与帐户",
            "Property and accounts",
            [
                text("item", "物品或帐户", "Item or account").needed(),
                // Which account, and that it was changed: never the password itself.
                yes_no("rotated", "密码已换", "Password was changed"),
                note(),
            ],
        ),
        text("other", "其他", "Other"),
        date("done", "完成日期", "Done on"),
    ];
    Form { approver: Some(Approver::Lead), ..form("handover", "工作移交", "Handover", Rhythm::Once, fields) }
}

fn incident() -> Form {
    let sorts = [
        ("war", "战争", "War"),
        ("coup", "政变", "Coup"),
        ("terror", "恐怖袭击", "Terror attack"),
        ("kidnapping", "绑架", "Kidnapping"),
        ("crime", "治安犯罪", "Crime"),
        ("natural_disaster", "自然灾害", "Natural disaster"),
        ("work_accident", "安全生产事故", "Work accident"),
        ("public_health", "公共卫生事件", "Public health"),
    ];
    let told = [
        ("embassy", "使领馆", "Embassy or consulate"),
        ("police", "警方", "Police"),
        ("hospital", "医院", "Hospital"),
        ("headquarters", "总部", "Headquarters"),
        ("other", "其他", "Other"),
    ];
    let fields = [
        choice("sort", "类型", "Sort", &sorts).needed(),
        date("day", "发生日期", "Day").needed(),
        text("place", "地点", "Place").needed(),
        text("happened", "经过", "What happened").needed(),
        number("injured", "受伤人数", "Injured"),
        table(
            "told",
            "已报告",
            "Who was told",
            [choice("whom", "对象", "Whom", &told).needed(), text("when", "时间", "When"), text("by", "报告人", "By")],
        ),
        text("measures", "已采取的措施", "Measures taken"),
    ];
    form("incident", "突发事件报告", "Incident report", Rhythm::Once, fields)
}

fn expense_claim() -> Form {
    let sorts = [
        ("travel", "交通", "Travel"),
        ("lodging", "住宿", "Lodging"),
        ("meals", "餐费", "Meals"),
        ("phone", "电话", "Telephone"),
        ("office", "办公", "Office"),
        ("other", "其他", "Other"),
    ];
    let items = [
        date("day", "日期", "Day").needed(),
        choice("sort", "类别", "Sort", &sorts).needed(),
        money("amount", "金额", "Amount").needed(),
        yes_no("invoice", "有发票", "With invoice").needed(),
        text("reason", "事由", "Reason").needed(),
    ];
    let fields = [table("items", "费用", "Expenses", items).needed(), remark()];
    form("expense_claim", "费用报销", "Monthly expense claim", Rhythm::Monthly, fields)
}

fn complaint() -> Form {
    let channels = [
        ("phone", "来电", "Telephone"),
        ("letter", "来函", "Letter"),
        ("visit", "来人", "Visit"),
        ("web", "网络", "Web"),
    ];
    let fields = [
        choice("channel", "方式", "Channel", &channels).needed(),
        text("customer", "客户", "Customer").needed(),
        text("complaint", "投诉内容", "Complaint").needed(),
        text("conduct", "服务行为", "Conduct complained of"),
        text("checked", "核实", "What was checked"),
        text("settled", "处理结果", "How it was settled"),
        text("cause", "原因", "Cause"),
        text("prevention", "预防", "Prevention"),
    ];
    form("complaint", "投诉记录", "Complaint", Rhythm::Once, fields)
}

fn form<const N: usize>(code: &str, zh: &str, en: &str, rhythm: Rhythm, fields: [FormField; N]) -> Form {
    Form {
        form: FormCode::parse(code).expect("a built-in code"),
        version: 1,
        zh: zh.into(),
        en: en.into(),
        number: None,
        rhythm,
        approver: None,
        written: None,
        due_days: None,
        active: true,
        fields: fields.into(),
    }
}

fn field(name: &str, zh: &str, en: &str, answer: Answers) -> FormField {
    FormField { name: name.into(), zh: zh.into(), en: en.into(), needed: false, answer }
}
fn text(name: &str, zh: &str, en: &str) -> FormField {
    field(name, zh, en, Answers::Text)
}
fn number(name: &str, zh: &str, en: &str) -> FormField {
    field(name, zh, en, Answers::Number)
}
fn money(name: &str, zh: &str, en: &str) -> FormField {
    field(name, zh, en, Answers::Money)
}
fn date(name: &str, zh: &str, en: &str) -> FormField {
    field(name, zh, en, Answers::Date)
}
fn yes_no(name: &str, zh: &str, en: &str) -> FormField {
    field(name, zh, en, Answers::YesNo)
}
fn choice(name: &str, zh: &str, en: &str, options: &[(&str, &str, &str)]) -> FormField {
    let option =
        |(code, zh, en): &(&str, &str, &str)| Choice { code: (*code).into(), zh: (*zh).into(), en: (*en).into() };
    field(name, zh, en, Answers::Choice { options: options.iter().map(option).collect() })
}
fn table<const N: usize>(name: &str, zh: &str, en: &str, columns: [FormField; N]) -> FormField {
    field(name, zh, en, Answers::Table { columns: columns.into() })
}
fn remark() -> FormField {
    text("remark", "备注", "Remark")
}

impl FormField {
    fn needed(self) -> Self {
        Self { needed: true, ..self }
    }
}
