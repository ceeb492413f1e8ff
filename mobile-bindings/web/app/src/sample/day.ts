/* A day that never was, for the gallery: Tuesday the 20th of October 2026, 14:35 at the Jinan station. Invented. */

import type * as View from "../logbook/views";

export const zone = "Asia/Shanghai";
export const at = (time: string, day = "2026-10-20"): View.Millis => Date.parse(`${day}T${time}:00+08:00`);
export const now = at("14:35");

/** Sample content in the language of the screens. */
export type Say = (zh: string, en: string) => string;
export const sayIn = (lang: View.Lang): Say => (zh, en) => (lang === "en" ? en : zh);

export const owner = (say: Say): View.Owner => ({
  user: "u-e3",
  name: say("工程师03", "Engineer 03"),
  station: say("济南驻点", "Jinan"),
  tenant: "acme",
  device: "d-e3",
  zone,
  cash: "with_receipt",
  self_open: true,
});

const kinds = {
  machining: (say: Say) => say("加工中心", "machining centre"),
  conveyor: (say: Say) => say("输送线", "conveyor"),
};

export function lines(say: Say): View.OrderLine[] {
  const base = { flags: [], taken_by: null, closed_at: null, provisional: false } satisfies Partial<View.OrderLine>;
  const qingdao = say("青岛化工", "Qingdao Chemical");
  return [
    { ...base, page: "o93", number: "WO-20261020-0093", customer: qingdao, model: "BD-12", unit: kinds.conveyor(say), fault: say("输送带打滑", "Belt slipping"), state: "replied", limit: { kind: "arrival", from: at("09:53"), due: at("13:53") }, appointment: at("13:53") },
    { ...base, page: "o95", number: "WO-20261020-0095", customer: qingdao, model: "XH-850", unit: kinds.machining(say), fault: say("开机报警 E204，无法复位", "Alarm E204, no reset"), state: "replied", limit: { kind: "arrival", from: at("10:30"), due: at("16:30") + 0 }, appointment: at("16:30") },
    { ...base, page: "o103", number: "WO-20261020-0103", customer: say("石家庄钢铁", "Shijiazhuang Steel"), model: "XH-850", unit: kinds.machining(say), fault: say("主轴异响，精度下降", "Spindle noise"), state: "assigned", limit: { kind: "reply", from: at("12:45"), due: at("12:45", "2026-10-21") }, appointment: null },
  ];
}

export function shelved(say: Say): View.OrderLine[] {
  const base = { limit: null, appointment: null, provisional: false, taken_by: null, closed_at: null } satisfies Partial<View.OrderLine>;
  return [
    { ...base, page: "o88", number: "WO-20261018-0088", customer: say("青岛化工", "Qingdao Chemical"), model: "BD-12", unit: kinds.conveyor(say), fault: say("张紧轮松动", "Loose tensioner"), state: "travelling", flags: ["former_assignee"], taken_by: say("工程师05", "Engineer 05") },
    { ...base, page: "o61", number: "WO-20261009-0061", customer: say("青岛化工", "Qingdao Chemical"), model: "XH-850", unit: kinds.machining(say), fault: say("伺服报警", "Servo alarm"), state: "closed", flags: ["amended_after_signature"], closed_at: at("17:30", "2026-10-11") },
  ];
}

export const outbox: View.Outbox = { kept: 7, sending: 0, deferred: 0, admitted: 214, refused: 1, conflicts: 0, last_contact: at("13:04") };

export const outing = (say: Say): View.Outing => ({ entry: "e-out", destination: say("青岛化工", "Qingdao Chemical"), since: at("13:20"), expected: at("18:00"), overdue: false });

const noNext = { order: null, visit: null, customer: null, model: null, outing: null } satisfies Partial<View.NextStep>;
export const nextOf = (act: View.NextAct, some: Partial<View.NextStep> = {}): View.NextStep => ({ ...noNext, act, ...some });

export function today(say: Say): View.Today {
  return {
    duty: { since: at("08:52"), place: { is: "known", name: null, accuracy_m: 12 }, out: null },
    outbox,
    orders: lines(say),
    next: nextOf("depart", { order: "o93", customer: say("青岛化工", "Qingdao Chemical"), model: say("BD-12 输送线", "BD-12") }),
    report: { day: "2026-10-20", visits: 1, minutes: 95, sent: false },
  };
}

export function order(say: Say, page: string): View.Order | null {
  const line = [...lines(say), ...shelved(say)].find((each) => each.page === page);
  if (!line) return null;
  const lead = say("济南驻点负责人", "Lead, Jinan");
  const clerk = say("总部业务员", "Clerk, HQ");
  const story = (id: string, time: string, by: string, what: View.StoryWhat, state: View.StoryRow["state"] = "admitted"): View.StoryRow => ({ id, what, at: at(time), by, state, suspect: false, visit: null });
  return {
    line,
    service_type: "B",
    address: say("工业园2号", "Industrial Park 2"),
    contact: say("设备科2", "Equipment section 2"),
    phone: "+8653100000000",
    place: { lat: 36.06, lng: 120.38 },
    serial: "SN0203945215",
    warranty_until: "2026-04-13",
    history: [
      { page: "o61", number: "WO-20261009-0061", day: "2026-10-09", fault: say("伺服报警", "Servo alarm"), cause: say("编码器插头松", "Encoder plug loose"), result: "fixed", engineer: say("工程师05", "Engineer 05"), parts: [say("编码器插头", "Encoder plug")] },
    ],
    story: [
      story("1", "12:37", clerk, { is: "registered" }),
      story("2", "12:57", lead, { is: "assigned", to: say("工程师03", "Engineer 03"), mine: true }),
      story("3", "13:12", say("你", "You"), { is: "contacted", outcome: "reached", appointment: at("16:30") }, "kept"),
    ],
    next: line.state === "replied" ? nextOf("depart", { order: page }) : line.state === "assigned" ? nextOf("contact", { order: page }) : null,
    latest_departure: at(page === "o93" ? "13:05" : "15:40"),
    too_late: page === "o93",
    toolkit: {
      checked: 6,
      of: 8,
      items: [say("万用表", "Multimeter"), say("内六角一套", "Hex keys"), say("PLC 编程线", "PLC cable"), say("扭矩扳手", "Torque wrench"), say("备用保险丝", "Fuses"), say("绝缘手套", "Insulating gloves"), say("激光对中仪", "Laser aligner"), say("润滑脂", "Grease")].map((name, n) => ({ name, missing: n === 3 || n === 6 })),
    },
    visits: [],
    goods: page === "o88" ? [{ receipt_no: "K-20261017-0081", item: say("控制板", "Control board"), serial: "M00001", taken_at: at("10:00", "2026-10-17"), bench_minutes: 95, inspected: true, returned_at: null }] : [],
    flags: line.flags.map((kind) => ({ kind, detail: "" })),
    conflicts: page === "o61" ? [{ field: "fault_cause", values: [] }] : [],
    voucher: null,
    may: { contact: line.state === "replied" || line.state === "assigned", rebook: line.state === "replied" || line.state === "assigned", hand_back: true, depart: true },
  };
}

export const uploading: View.Uploading = { file: "p2", reached: 524_288, size: 812_000 };

/** A photo of a panel, drawn. */
export async function photo(hash: string): Promise<Uint8Array | null> {
  const [hue, text] = { p1: ["#55606b", "E204"], p2: ["#3d4a41", "DI16"], p3: ["#7b8894", "PLC"] }[hash] ?? [];
  if (!hue || !text) return null;
  const canvas = new OffscreenCanvas(160, 160);
  const ink = canvas.getContext("2d");
  if (!ink) return null;
  ink.fillStyle = hue;
  ink.fillRect(0, 0, 160, 160);
  ink.fillStyle = "#1b242c";
  ink.fillRect(20, 30, 120, 84);
  ink.fillStyle = "#b0261e";
  ink.fillRect(28, 40, 104, 26);
  ink.fillStyle = "#ffffff";
  ink.font = "20px monospace";
  ink.fillText(text, 40, 60);
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}

export const part = (say: Say): View.PartUsed => ({ entry: "e-part", part_no: "P-1003", name: say("PLC 输入模块 DI16", "PLC input module DI16"), qty: 1, unit_price: 105_000, billable: false, old_serial: "M20394", new_serial: "", state: "kept" });

export function visit(say: Say, page: string): View.Visit | null {
  const signed = page === "v-signed";
  const paid = page === "v-paid";
  const step = (is: View.VisitStep["is"], time: string | null, now = false): View.VisitStep => ({ is, at: time === null ? null : at(time), state: time === null ? null : "kept", now });
  return {
    page,
    order: "o95",
    number: "0095",
    ordinal: 1,
    customer: say("青岛化工", "Qingdao Chemical"),
    model: "XH-850",
    service_type: paid ? "A" : "B",
    steps: signed
      ? [step("depart", "14:38"), step("arrive", "16:16"), step("work", "16:24"), step("finish", "17:12"), step("sign", "17:18")]
      : [step("depart", "14:38"), step("arrive", "16:16"), step("work", null, true), step("finish", null), step("sign", null)],
    cause: { value: say("PLC 输入模块损坏", "PLC input module damaged"), conflict: signed },
    parts: [{ ...part(say), billable: paid }],
    charges: paid ? [{ entry: "e-charge", item: say("上门费", "Call-out"), amount: 20_000, method: "cash", receipt_no: "R-000417", state: "kept" }] : [],
    taken_back: paid ? [{ entry: "e-taken", item: say("控制板", "Control board"), serial: "M00001", receipt_no: "R-000418", state: "deferred" }] : [],
    photos: (paid ? ["p1", "p2", "p3", "away", "erased"] : ["p1", "p2", "p3"]).map((blob, n) => ({ entry: `e-${blob}`, blob, caption: "", state: paid && n === 0 ? "admitted" : paid && n === 1 ? "sending" : "kept" })),
    result: signed ? "fixed" : null,
    signed: signed ? { name: say("王建国", "Wang Jianguo"), score: 4, at: at("17:18"), digest: "7f3a91c2d4e5", covered: 11, amended: true, typed: false } : null,
    taken_by: paid ? say("工程师05", "Engineer 05") : null,
    missing: [],
    next: signed ? null : nextOf("finish", { visit: page }),
    billing: { cash: page === "v-nocash" ? "forbidden" : "with_receipt", billable: paid, receipt_no: page === "v-unnumbered" ? null : "R-000419", take_back_no: "R-000420" },
  };
}

export function glass(say: Say, page: string): View.Glass {
  return {
    visit: page,
    day: "2026-10-20",
    customer: say("青岛化工", "Qingdao Chemical"),
    contact: say("设备科2", "Equipment section 2"),
    unit: say("XH-850 加工中心", "XH-850 machining centre"),
    serial: "SN0203945215",
    fault: say("开机报警 E204，无法复位", "Alarm E204, no reset"),
    cause: say("PLC 输入模块损坏", "PLC input module damaged"),
    arrived_at: at("16:16"),
    left_at: at("17:12"),
    minutes: 56,
    parts: [part(say)],
    charges: [],
    taken_back: [],
    result: "fixed",
    total: 0,
    service_type: "B",
    photos: 3,
    covered: 11,
    digest: "7f3a91c2",
  };
}

export const proof = (say: Say): View.Proof => ({
  number: "WO-20261020-0095",
  customer: say("青岛化工", "Qingdao Chemical"),
  signed: { name: say("王建国", "Wang Jianguo"), score: 4, at: at("17:18"), digest: "7f3a91c2d4e5", covered: 11, amended: false, typed: false },
  text: `OUTPOST-PROOF2:acme:0198f1c2-7d3e-7a51-9c44-2b6f0e8d1a37:0198f1c3-01aa-7c2d-8e15-77b0c9d4e2f6:${"7f3a91c2d4e5f607".repeat(4)}:1792488000000:9f2c41d07a83:${"Zm9yLWRlc2lnbmVycy1vbmx5".repeat(4).slice(0, 86)}:WO-20261020-0095`,
  countersigned: true,
});
