// A relay of its own in a folder of its own, with two stations, a person of each role, customers and units.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.OUTPOST;

/** A UUIDv7. */
export function id() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export async function company() {
  const folder = mkdtempSync(join(tmpdir(), "outpost-console-"));
  const data = join(folder, "data");
  const serving = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--tenant", "acme"], { env: { ...process.env, OUTPOST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  const { base, password } = await new Promise((told, failed) => {
    let text = "";
    serving.stdout.on("data", (more) => {
      text += more;
      const address = /at (http:\/\/[0-9.:]+)/.exec(text);
      const found = /password[^A-Z0-9]*([A-Z0-9-]{8,})/.exec(text);
      if (found && address) told({ base: address[1], password: found[1] });
    });
    serving.on("exit", (code) => failed(new Error(`the relay ended with ${code}: ${text}`)));
  });
  const cli = (...args) => execFileSync(binary, [...args, "--data", data], { encoding: "utf8" });
  const post = async (path, body, session) => {
    const answer = await fetch(base + path, { method: "POST", headers: { "content-type": "application/json", ...(session ? { authorization: `Bearer ${session}` } : {}) }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const { session } = await post("/v1/session", { user: "hq", password });
  const act = (act, as = session) => post("/v1/commands", { id: id(), after: "now", heads: "now", ...act }, as);
  cli("station", "add", "st-1", "--name", "济南驻点", "--lat", "36.65", "--lng", "117.0");
  cli("station", "add", "st-2", "--name", "武汉驻点", "--lat", "30.6", "--lng", "114.3");
  const passwords = { hq: password };
  const add = (user, name, role, station) => {
    cli("user", "add", user, "--name", name, "--role", role, ...(station ? ["--station", station] : []));
    // One of the engineers logs through the API what his phone would; he has no page of his own here.
    if (role !== "engineer" || user === "u-e03") passwords[user] = /password: (\S+)/.exec(cli("user", "password", user, "--generate"))[1];
  };
  add("u-clerk", "总部业务员", "clerk");
  add("u-cashier", "总部会计", "cashier");
  add("u-auditor", "总部审计", "auditor");
  add("u-lead", "济南负责人", "lead", "st-1");
  add("u-lead-b", "济南副负责人", "lead", "st-1");
  for (const n of ["01", "03", "05", "07"]) add(`u-e${n}`, `工程师${n}`, "engineer", "st-1");
  const set = (field, value) => [null, { type: "set", field, value }];
  const tenant = "acme";
  for (const [code, name, phone, station, km] of [["C-QD", "青岛化工", "0531-80000002", "st-1", 300], ["C-SY", "沈阳机床", "024-80000006", "st-1", 620], ["C-WH", "武汉钢铁", "027-80000009", "st-2", 40]]) {
    await act({ ask: { type: "place_customer", customer: code, station, distance_km: km } });
    await act({ write: { header: { kind: "customer", customer: code, tenant, v: 1 }, entries: [set("name", name), set("address", "工业园 2 号"), set("phone", phone), set("contact", "设备科")], seen: "now" } });
  }
  for (const [code, customer, model, serial, until] of [["A-850", "C-QD", "XH-850 加工中心", "SN0203945215", "2027-10-01"], ["A-12", "C-QD", "BD-12 输送线", "SN0399120031", "2024-03-01"], ["A-64", "C-SY", "LCM-64 袋式除尘器", "SN0644410007", "2027-01-01"]]) {
    await act({ write: { header: { kind: "asset", asset: code, tenant, v: 1 }, entries: [set("customer", customer), set("model", model), set("serial", serial), set("warranty_until", until)], seen: "now" } });
  }
  /** Acts of a person, as an app of his would send them. */
  const as = async (user) => {
    const { session } = await post("/v1/session", { user, password: passwords[user] });
    return (one) => act(one, session);
  };
  const stop = async () => {
    const ended = new Promise((told) => serving.once("exit", told));
    serving.removeAllListeners("exit");
    serving.once("exit", () => {});
    serving.kill("SIGTERM");
    await Promise.race([ended, new Promise((later) => setTimeout(later, 3000))]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, passwords, act, as, post, cli, stop, tenant };
}
