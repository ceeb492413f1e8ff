//! Words for the model's own kinds: states, flags, roles, acts. Each `match` is whole, so a new kind asks for its word.

use super::Words;
use crate::console::matter::Matter;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel, PayMethod, Reach, VisitResult};
use outpost_model::fold::attendance::DayStatus;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::{LimitKind, State};
use outpost_model::header::Kind;
use outpost_model::problem::Code;
use outpost_model::record::Role;
use outpost_model::roster::mark_of;

impl Words {
    pub fn role(self, role: Role) -> &'static str {
        match role {
            Role::Engineer => self.of("工程师", "Engineer"),
            Role::Lead => self.of("驻点负责人", "Station lead"),
            Role::Clerk => self.of("业务员", "Clerk"),
            Role::Cashier => self.of("会计", "Cashier"),
            Role::Hq => self.of("总部", "Headquarters"),
            Role::Auditor => self.of("审计", "Auditor"),
        }
    }

    pub fn order_state(self, state: State) -> &'static str {
        match state {
            State::Cancelled => self.of("已取消", "Cancelled"),
            State::Closed => self.of("已归档", "Closed"),
            State::InCustody => self.of("带回在修", "Taken back"),
            State::Signed => self.of("已签字", "Signed"),
            State::Finished => self.of("已完工", "Finished"),
            State::FollowUp => self.of("还要再来", "To be continued"),
            State::OnSite => self.of("在现场", "On site"),
            State::Travelling => self.of("在路上", "On the way"),
            State::Replied => self.of("已回复", "Replied"),
            State::Assigned => self.of("新派", "Dispatched"),
            State::Open => self.of("待派工", "To dispatch"),
        }
    }

    /// A call whose customer was reached and agreed to a time.
    pub fn agreed(self) -> &'static str {
        self.of("已约定", "Agreed")
    }

    pub fn limit_kind(self, kind: LimitKind) -> &'static str {
        match kind {
            LimitKind::Reply => self.kind_reply(),
            LimitKind::Arrival => self.kind_arrival(),
        }
    }

    pub fn flag(self, kind: FlagKind) -> &'static str {
        match kind {
            FlagKind::AmendedAfterSignature => self.of("签后有改", "Amended"),
            FlagKind::BeforeAssignment => self.of("派工前已干", "Before dispatch"),
            FlagKind::CashForbidden => self.of("违规收现金", "Forbidden cash"),
            FlagKind::ClosedUnsigned => self.of("归档未签", "Filed unsigned"),
            FlagKind::Conflict => self.of("有冲突", "Conflict"),
            FlagKind::FormerAssignee => self.of("转走后还写", "Written after transfer"),
            FlagKind::LateForm => self.of("迟交", "Late"),
            FlagKind::SelfOpened => self.of("自己开的单", "Opened on site"),
            FlagKind::TimeSuspect => self.of("时间存疑", "Suspect"),
            FlagKind::Unassigned => self.of("没派给他", "Not assigned"),
        }
    }

    /// What to do about a flag, in the lead's words.
    pub fn flag_do(self, kind: FlagKind) -> &'static str {
        match kind {
            FlagKind::AmendedAfterSignature => self.of(
                "客户签字后又有改动，报告上单列。可以请客户补签。",
                "Something changed after the customer signed. The report lists it apart; another signature settles it.",
            ),
            FlagKind::BeforeAssignment => self.of(
                "别的驻点的人派工前已经干了，已收录。问清是谁让去的。",
                "Somebody of another station worked before he was sent; it was admitted. Ask who sent him.",
            ),
            FlagKind::CashForbidden => self.of(
                "公司规定现场不收现金，这笔收了。核对收据，让会计确认。",
                "Money was taken on site although that is forbidden. Check the receipt; have the cashier acknowledge it.",
            ),
            FlagKind::ClosedUnsigned => {
                self.of("归档时还没有签字，签字到了自动消。", "Filed without a signature; it clears when one arrives.")
            }
            FlagKind::Conflict => {
                self.of("两个值互不知情，核定一个。", "Two values that didn't know of each other; settle one.")
            }
            FlagKind::FormerAssignee => {
                self.of("转走以后又写了内容，已收录。", "Written after the order was taken away; it was admitted.")
            }
            FlagKind::LateForm => self.of("交得比规定晚。", "It was sent later than it is due."),
            FlagKind::SelfOpened => self.of("工程师现场自己开的单。", "Opened by the engineer on site."),
            FlagKind::TimeSuspect => self.of(
                "所记时间在服务器证实的区间之外。问一问，再看经过。",
                "A claimed time lies outside what the server attests. Ask, and look at the story.",
            ),
            FlagKind::Unassigned => self.of(
                "写的人没有派到这张单。该派的补派。",
                "Written by somebody who isn't on the order. Dispatch him if he should be.",
            ),
        }
    }

    pub fn day_status(self, status: DayStatus) -> &'static str {
        let mark = mark_of(status);
        self.of(mark.zh_name, mark.en_name)
    }

    pub fn matter(self, matter: Matter) -> &'static str {
        match matter {
            Matter::Leave => self.matter_leave(),
            Matter::Form => self.matter_form(),
            Matter::HandBack => self.matter_hand_back(),
            Matter::Inspect => self.matter_inspect(),
            Matter::Cash => self.matter_cash(),
            Matter::Dispatch | Matter::Settle | Matter::FollowUp => self.matter_other(),
        }
    }

    /// What was done, by the name that the log and the flags call it.
    pub fn deed(self, name: &str) -> Option<&'static str> {
        Some(match name {
            "open_order" => self.of("开单", "Opened"),
            "assign" => self.dispatch(),
            "assign_helper" => self.add_helper(),
            "remove_helper" => self.remove_helper(),
            "close" => self.file_order(),
            "reopen" => self.reopen(),
            "cancel" => self.cancel_order(),
            "inspect" => self.inspected(),
            "acknowledge_cash" => self.of("收到现金", "Cash taken over"),
            "void_receipt" => self.void_receipt(),
            "same_as" => self.same_as(),
            "correct" => self.correct_entry(),
            "set" => self.of("填写", "Set"),
            "void" => self.of("作废", "Void"),
            "contact" => self.of("联系客户", "Contact"),
            "rebook" => self.rebook(),
            "hand_back" => self.of("退回派工", "Handed back"),
            "toolkit" => self.of("工具核对", "Toolkit"),
            "repair" => self.of("修理", "Repair"),
            "return_item" => self.of("送还", "Returned"),
            "follow_up" => self.follow_up(),
            "depart" => self.of("出发", "Set out"),
            "arrive" => self.of("到场", "Arrived"),
            "leave" => self.of("完工", "Finished"),
            "use_part" => self.parts(),
            "charge" => self.charge(),
            "take_back" => self.of("带回修", "Taken back"),
            "photo" => self.of("照片", "Photo"),
            "sign" => self.of("客户签字", "Customer signed"),
            "unsigned" => self.of("没有签字", "Not signed"),
            "submit" => self.of("交表", "Form sent"),
            "answer" | "row" => self.of("填表", "Form filled in"),
            _ => return None,
        })
    }

    pub fn channel_name(self, channel: Channel) -> &'static str {
        match channel {
            Channel::Phone => self.of("来电", "Telephone"),
            Channel::Letter => self.of("来函", "Letter"),
            Channel::Web => self.of("网上", "Web"),
            Channel::OnSite => self.of("现场", "On site"),
            Channel::Visit => self.of("来人", "Visit"),
        }
    }

    pub fn service(self, kind: ServiceType) -> &'static str {
        match kind {
            ServiceType::A => self.type_a(),
            ServiceType::B => self.type_b(),
            ServiceType::C => self.type_c(),
            ServiceType::D => self.type_d(),
        }
    }

    pub fn visit_result(self, result: VisitResult) -> &'static str {
        match result {
            VisitResult::Fixed => self.of("已修好", "Fixed"),
            VisitResult::FollowUp => self.of("还要再来", "To be continued"),
            VisitResult::TakenBack => self.of("带回", "Taken back"),
            VisitResult::NoFault => self.of("没有故障", "No fault"),
        }
    }

    pub fn reach(self, reach: Reach) -> &'static str {
        match reach {
            Reach::Reached => self.of("已通", "reached"),
            Reach::NoAnswer => self.of("没人接", "no answer"),
            Reach::RemoteFixed => self.of("电话里修好了", "fixed by telephone"),
        }
    }

    pub fn pay(self, method: PayMethod) -> &'static str {
        match method {
            PayMethod::Cash => self.of("现金", "cash"),
            PayMethod::Invoice => self.of("开票", "invoice"),
        }
    }

    pub fn score(self, score: u8) -> &'static str {
        match score {
            5 => self.of("5 很满意", "5 very satisfied"),
            4 => self.of("4 满意", "4 satisfied"),
            3 => self.of("3 一般", "3 fair"),
            2 => self.of("2 不满意", "2 dissatisfied"),
            _ => self.of("1 很不满意", "1 very dissatisfied"),
        }
    }

    /// What a problem's stable code says; the code itself where it is newer than this program.
    pub fn code(self, name: &str) -> String {
        Code::parse(name).map_or_else(|| name.to_owned(), |code| self.of(code.zh(), code.en()).to_owned())
    }

    /// 1 is Monday.
    pub fn weekday(self, day: i8) -> &'static str {
        match day {
            1 => self.of("周一", "Mon"),
            2 => self.of("周二", "Tue"),
            3 => self.of("周三", "Wed"),
            4 => self.of("周四", "Thu"),
            5 => self.of("周五", "Fri"),
            6 => self.of("周六", "Sat"),
            _ => self.of("周日", "Sun"),
        }
    }

    /// What a page is about.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Order => self.of("工单", "Order"),
            Kind::Visit => self.of("上门", "Visit"),
            Kind::Attendance => self.of("考勤", "Attendance"),
            Kind::Customer => self.of("客户", "Customer"),
            Kind::Asset => self.of("产品", "Unit"),
            Kind::Record => self.of("表单", "Form"),
        }
    }

    /// Choices of the register's form: what is sent, and its word.
    pub fn channels(self) -> [(&'static str, &'static str); 4] {
        let word = |channel| self.channel_name(channel);
        [
            ("phone", word(Channel::Phone)),
            ("letter", word(Channel::Letter)),
            ("web", word(Channel::Web)),
            ("visit", word(Channel::Visit)),
        ]
    }
    pub fn misuses(self) -> [(&'static str, &'static str); 3] {
        [("", self.misuse_no()), ("yes", self.misuse_yes()), ("false", self.misuse_false())]
    }
    pub fn types(self) -> [(&'static str, &'static str); 4] {
        [("A", self.type_a()), ("B", self.type_b()), ("C", self.type_c()), ("D", self.type_d())]
    }
    /// The name of a logged thing.
    pub fn act(self, body: &Body) -> &'static str {
        match body {
            Body::Set { .. } => self.of("填写", "Set"),
            Body::Void { .. } => self.of("作废", "Void"),
            Body::Register { .. } => self.of("来电登记", "Call registered"),
            Body::Contact { .. } => self.of("联系客户", "Contact"),
            Body::Rebook { .. } => self.rebook(),
            Body::HandBack { .. } => self.of("退回派工", "Handed back"),
            Body::Toolkit { .. } => self.of("工具核对", "Toolkit"),
            Body::Repair { .. } => self.of("修理", "Repair"),
            Body::ReturnItem { .. } => self.of("送还", "Returned"),
            Body::FollowUp { .. } => self.follow_up(),
            Body::Depart {} => self.of("出发", "Set out"),
            Body::Arrive { .. } => self.of("到场", "Arrived"),
            Body::Leave { .. } => self.of("完工", "Finished"),
            Body::UsePart { .. } => self.parts(),
            Body::Charge { .. } => self.charge(),
            Body::TakeBack { .. } => self.of("带回修", "Taken back"),
            Body::Photo { .. } => self.of("照片", "Photo"),
            Body::Sign(_) => self.of("客户签字", "Customer signed"),
            Body::Unsigned { .. } => self.of("没有签字", "Not signed"),
            Body::ClockIn { .. } => self.of("上班打卡", "Clocked in"),
            Body::ClockOut { .. } => self.of("下班打卡", "Clocked out"),
            Body::RequestLeave { .. } => self.of("请假", "Asked for leave"),
            Body::GoOut { .. } => self.of("外出", "Went out"),
            Body::Returned {} => self.of("回来了", "Returned"),
            Body::Task { .. } => self.of("日常工作", "General work"),
            Body::ProductionPlan { .. } => self.of("客户生产计划", "Customer's production plan"),
            Body::StaffChange { .. } => self.of("客户人员变动", "Customer's staff changes"),
            #[allow(unreachable_patterns)]
            _ => self.of("表单", "Form"),
        }
    }

    /// The name of a decision.
    pub fn ask(self, ask: &Ask) -> &'static str {
        match ask {
            Ask::Open { .. } => self.of("开单", "Opened"),
            Ask::Assign { .. } => self.dispatch(),
            Ask::AddHelper { .. } => self.add_helper(),
            Ask::RemoveHelper { .. } => self.remove_helper(),
            Ask::FixByPhone { .. } => self.phone_fix(),
            Ask::Close { .. } => self.file_order(),
            Ask::Reopen { .. } => self.reopen(),
            Ask::Cancel { .. } => self.cancel_order(),
            Ask::Inspect { pass: true, .. } => self.inspected(),
            Ask::Inspect { pass: false, .. } => self.not_passed(),
            Ask::AcknowledgeCash { .. } => self.of("收到现金", "Cash taken over"),
            Ask::VoidReceipt { .. } => self.void_receipt(),
            Ask::SameAs { .. } => self.same_as(),
            Ask::DecideLeave { approve: true, .. } => self.of("批准请假", "Leave approved"),
            Ask::DecideLeave { approve: false, .. } => self.of("退回请假", "Leave returned"),
            Ask::DecideForm { approve: true, .. } => self.of("批准表单", "Form approved"),
            Ask::DecideForm { approve: false, .. } => self.of("退回表单", "Form returned"),
            Ask::SignOff { .. } => self.of("签认月考勤", "Month signed off"),
            Ask::Unseal { .. } => self.of("解除签认", "Month unsealed"),
            Ask::Correct { .. } => self.of("更正", "Corrected"),
            Ask::PlaceCustomer { .. } => self.of("定驻点", "Customer placed"),
            Ask::LeaseNumbers { .. } => self.of("领号", "Numbers leased"),
            Ask::Enrol { .. } => self.of("登记手机", "Phone enrolled"),
            Ask::Revoke { .. } => self.of("停用手机", "Phone revoked"),
            Ask::PutPerson { .. } => self.of("人员登记", "Person on record"),
            Ask::PutStation { .. } => self.of("驻点登记", "Station on record"),
            Ask::PutPart { .. } => self.of("零件登记", "Part on record"),
            Ask::PutPolicy { .. } => self.of("制度参数", "Policy"),
            #[allow(unreachable_patterns)]
            _ => self.of("决定", "Decision"),
        }
    }
}
