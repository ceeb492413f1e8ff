/* The sample's way to headquarters: what waits, what was refused, what others decide. */

import type * as View from "../logbook/views";
import { at, outbox, owner, type Say } from "./day";

const qingdao = (say: Say) => say("青岛化工", "Qingdao Chemical");

export const refused = (say: Say): View.RefusedItem => ({
  no: 41,
  act: "hand_back",
  about: qingdao(say),
  wish: say("工程师05", "Engineer 05"),
  at: at("12:50"),
  code: "superseded",
  why: { "zh-CN": "", en: "" },
  detail: "",
  by: say("济南驻点负责人", "Lead, Jinan"),
  decided_at: at("12:57"),
  refused_at: at("13:04"),
  order: "o95",
  again: true,
  bytes: 412,
  hash: "9c41e07d5a22b8f0c3d1e6a7094b5f2c",
});

export function sync(say: Say): View.Sync {
  const item = (no: number, act: string, about: string, time: string, state: View.SyncItem["state"] = "kept"): View.SyncItem => ({ no, act, about, at: at(time), state, code: null });
  return {
    outbox,
    refused: [refused(say)],
    conflicts: [],
    waiting: [
      item(42, "contact", qingdao(say), "13:12"),
      item(43, "go_out", qingdao(say), "13:20"),
      item(44, "toolkit", say("2 条", "2 entries"), "14:31"),
    ],
    blobs: { count: 3, bytes: 1_100_000, state: "kept" },
    pending: [],
    settled: [],
    retry_at: null,
    storage: { used: 40_000_000, quota: 2_000_000_000, freeable: 12_400_000, freeable_photos: 31, full: false },
    damaged: [],
    problem: null,
    next_try: null,
    agreed_at: at("13:04"),
  };
}

export function troubled(say: Say): View.Sync {
  const calm = sync(say);
  return {
    ...calm,
    outbox: { ...outbox, refused: 0, conflicts: 1, deferred: 2, kept: 1 },
    refused: [],
    conflicts: [
      {
        order: "o61",
        number: "WO-20261009-0061",
        customer: qingdao(say),
        conflict: {
          field: "fault_cause",
          values: [
            { value: say("PLC 输入模块损坏", "PLC input module damaged"), by: say("工程师03", "Engineer 03"), at: at("16:24", "2026-10-19") },
            { value: say("现场电源波动", "Unstable mains"), by: say("工程师05", "Engineer 05"), at: at("16:31", "2026-10-19") },
          ],
        },
      },
    ],
    damaged: [{ page: "v-bad", kind: "visit", about: say("青岛化工 第 1 次上门", "Qingdao Chemical, visit 1"), unsent: 2 }],
    waiting: [
      { no: 50, act: "arrive", about: qingdao(say), at: at("13:40"), state: "deferred", code: "server_busy" },
      { no: 51, act: "use_part", about: qingdao(say), at: at("13:44"), state: "deferred", code: "server_busy" },
      { no: 52, act: "leave", about: qingdao(say), at: at("14:20"), state: "kept", code: null },
    ],
    pending: [{ no: "c1", act: "request_leave", about: "10-28", since: at("09:10"), with: say("济南驻点负责人", "Lead, Jinan") }],
    settled: [
      { no: 30, act: "clock_in", about: say("济南驻点", "Jinan"), at: at("08:52"), state: "admitted", code: null },
      { no: 29, act: "send_report", about: "10-19", at: at("18:02", "2026-10-19"), state: "admitted", code: null },
    ],
    problem: { code: "server_busy", detail: "" },
    next_try: at("14:40"),
    retry_at: at("14:37"),
    storage: { used: 1_900_000_000, quota: 2_000_000_000, freeable: 86_000_000, freeable_photos: 74, full: true },
  };
}

export function idle(say: Say): View.Sync {
  return { ...sync(say), outbox: { ...outbox, kept: 0, refused: 0, last_contact: at("14:33") }, refused: [], waiting: [], blobs: null, agreed_at: at("13:04") };
}

const both = (zh: string, en: string): View.Sentence => ({ "zh-CN": zh, en });
const formKey = (form: string, period: View.Day | null): View.FormKey => ({ form, page: `f-${form}`, period });

export const forms = (): View.FormChoice[] => [
  { key: formKey("weekly_plan", "2026-10-19"), title: both("周工作计划", "Weekly plan"), number: null, approved: true, until: "2026-10-25" },
  { key: formKey("weekly_log", "2026-10-19"), title: both("周工作日志", "Weekly log"), number: null, approved: false, until: "2026-10-25" },
  { key: formKey("work_summary", "2026-10-01"), title: both("工作总结", "Monthly summary"), number: null, approved: false, until: "2026-10-31" },
  { key: formKey("quality_information", "2026-10-20"), title: both("日质量信息", "Daily quality information"), number: null, approved: false, until: "2026-10-20" },
  { key: formKey("handover", null), title: both("工作移交", "Handover"), number: null, approved: true, until: null },
  { key: formKey("incident", null), title: both("突发事件", "Incident"), number: null, approved: false, until: null },
];

const asks = (name: string, zh: string, en: string, is: View.FieldType, needed = false): View.FieldAsked => ({ name, title: both(zh, en), needed, is, options: [] });

export function form(say: Say, key: View.FormKey): View.FilledForm {
  const plan = [asks("day", "日期", "Day", "date", true), asks("customer", "客户", "Customer", "text"), asks("work", "工作内容", "Work", "text", true)];
  const answer = (field: View.FieldAsked, text = ""): View.FieldFilled => ({ asks: field, text, columns: [], rows: [] });
  const incident = key.form === "incident";
  const sort = { ...asks("sort", "类型", "Sort", "choice", true), options: [{ code: "crime", title: both("治安犯罪", "Crime") }, { code: "work_accident", title: both("安全生产事故", "Work accident") }, { code: "natural_disaster", title: both("自然灾害", "Natural disaster") }, { code: "public_health", title: both("公共卫生事件", "Public health") }] };
  const fields = incident
    ? [answer(sort, "work_accident"), answer(asks("happened", "经过", "What happened", "text", true)), answer(asks("hurt", "有人受伤", "Anybody hurt", "yes_no", true), "false"), answer(asks("loss", "损失", "Loss", "money")), answer(asks("day", "日期", "Date", "date", true), "2026-10-20")]
    : [
        {
          asks: asks("plan", "计划", "Plan", "table", true), text: "", columns: plan,
          rows: [
            { entry: "r1", cells: ["2026-10-20", qingdao(say), say("XH-850 巡检", "Rounds on XH-850")] },
            { entry: "r2", cells: ["2026-10-22", say("石家庄钢铁", "Shijiazhuang Steel"), say("换主轴轴承", "New spindle bearing")] },
          ],
        },
        answer(asks("remark", "备注", "Remark", "text"), ""),
      ];
  return {
    key, number: null, approved: !incident, until: key.period && "2026-10-25", fields, changed: false, reason: null,
    title: incident ? both("突发事件", "Incident") : both("周工作计划", "Weekly plan"),
    state: incident ? "draft" : "pending", missing: incident ? ["happened"] : [],
    sent: incident ? null : { at: at("09:10"), revision: 1, state: "admitted" },
  };
}

export function me(say: Say): View.Me {
  return {
    owner: owner(say),
    device_since: at("09:00", "2026-09-01"),
    app: "0.1.0",
    receipts: { next: "R-000419", left: 32 },
    orders: { next: "T-03-000012", left: 9 },
    records: [
      { key: formKey("weekly_plan", "2026-10-19"), title: both("周工作计划", "Weekly plan"), begun_at: at("09:10"), until: "2026-10-25", state: "pending", changed: false, reason: null },
      { key: formKey("quality_information", "2026-10-20"), title: both("日质量信息", "Daily quality information"), begun_at: at("13:20"), until: "2026-10-20", state: "draft", changed: false, reason: null },
      { key: formKey("expense_claim", "2026-09-01"), title: both("费用报销", "Expense claim"), begun_at: at("10:00", "2026-10-02"), until: "2026-09-30", state: "returned", changed: false, reason: say("缺一张发票", "One invoice is missing") },
    ],
    may_write: true,
    unsent: 7,
  };
}

export function report(say: Say, day: View.Day): View.DayReport {
  const sent = day === "2026-10-19";
  return {
    day,
    visits: [
      { page: "v-signed", number: "0093", customer: qingdao(say), model: "BD-12", service_type: "B", minutes: 56, result: "fixed" },
      { page: "v1", number: "0095", customer: qingdao(say), model: "XH-850", service_type: "B", minutes: null, result: null },
    ],
    tasks: [{ entry: "e-task", minutes: 30, note: say("整理备件", "Sorting spares"), state: "kept" }],
    minutes: [
      { of: "A", minutes: 0 },
      { of: "B", minutes: 56 },
      { of: "C", minutes: 0 },
      { of: "D", minutes: 30 },
    ],
    sent: sent ? { at: at("18:02", "2026-10-19"), revision: 1, state: "admitted" } : null,
    may_send: !sent,
  };
}

export const catalogue = (say: Say): View.CataloguePart[] => [
  { part_no: "P-1003", name: say("PLC 输入模块 DI16", "PLC input module DI16"), unit_price: 105_000 },
  { part_no: "P-1011", name: say("PLC 输出模块 DO16", "PLC output module DO16"), unit_price: 112_000 },
  { part_no: "P-2040", name: say("密封圈组件", "Seal kit"), unit_price: 8_500 },
  { part_no: "P-2077", name: say("脉冲阀", "Pulse valve"), unit_price: 46_000 },
];

export const customers = (say: Say): View.CustomerHit[] => [
  { code: "C-QD", name: qingdao(say), address: say("工业园2号", "Industrial Park 2"), units: [{ code: "A-1", model: "XH-850", serial: "SN0203945215", unit: say("加工中心", "machining centre") }, { code: "A-2", model: "BD-12", serial: "SN0203940001", unit: say("输送线", "conveyor") }] },
  { code: "C-SJZ", name: say("石家庄钢铁", "Shijiazhuang Steel"), address: say("钢城路 18 号", "18 Steel Road"), units: [] },
];
