// A relay of its own in a folder of its own, with a station, two people, a customer, a unit and an order to go to. It
// serves a copy of the built app, so that a story may put another version there. OUTPOST names the binary, OUTPOST_APP
// another build of the app than dist/.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.OUTPOST ?? new URL("../../../../target/debug/outpost", import.meta.url).pathname;
const tenant = "acme";

/** A UUIDv7. */
export function id() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Starts it on that folder; says where it listens and, at the first start, the password of headquarters. */
function serve(data, app, listen) {
  const serving = spawn(binary, ["serve", "--data", data, "--listen", listen, "--tenant", tenant, "--app", app], { env: { ...process.env, OUTPOST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((told, failed) => {
    let text = "";
    serving.on("exit", (code) => failed(new Error(`outpost serve ended with ${code}: ${text}`)));
    serving.stdout.on("data", (more) => {
      text += more;
      if (!text.includes("Stop with Ctrl-C")) return;
      const [, port] = /at http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      told({ serving, port: Number(port), password: /password[^A-Z0-9]*([A-Z0-9-]{8,})/.exec(text)?.[1] });
    });
  });
}

export async function relay(site = process.env.OUTPOST_APP ?? new URL("../dist", import.meta.url).pathname) {
  const home = mkdtempSync(join(tmpdir(), "outpost-day-"));
  const [data, app] = [join(home, "data"), join(home, "app")];
  cpSync(site, app, { recursive: true });
  let { serving, port, password } = await serve(data, app, "127.0.0.1:0");
  const cli = (...args) => execFileSync(binary, [...args, "--data", data], { encoding: "utf8" });
  const base = () => `http://127.0.0.1:${port}`;
  const post = async (path, body, session) => {
    const answer = await fetch(base() + path, { method: "POST", headers: { "content-type": "application/json", ...(session ? { authorization: `Bearer ${session}` } : {}) }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const { session } = await post("/v1/session", { user: "hq", password });
  // Decided as things stand now, whatever that is.
  const act = (act) => post("/v1/commands", { id: id(), after: "now", heads: "now", ...act, ...(act.write && { write: { seen: "now", ...act.write } }) }, session);
  const set = (field, value) => [null, { type: "set", field, value }];
  await act({ ask: { type: "put_station", station: { station: "st-1", name: "济南驻点", lat_e7: 366500000, lng_e7: 1170000000 } } });
  for (const [user, name] of [["u-3", "工程师03"], ["u-5", "工程师05"]]) {
    await act({ ask: { type: "put_person", person: { user, name, role: "engineer", station: "st-1", active: true } } });
  }
  await act({ ask: { type: "place_customer", customer: "C-QD", station: "st-1", distance_km: 120 } });
  await act({ write: { header: { kind: "customer", customer: "C-QD", tenant, v: 1 }, entries: [set("name", "青岛化工"), set("address", "工业园2号"), set("phone", "+8653100000000"), set("contact", "设备科2")] } });
  await act({ write: { header: { kind: "asset", asset: "A-850", tenant, v: 1 }, entries: [set("customer", "C-QD"), set("model", "XH-850"), set("serial", "SN0203945215")] } });
  await act({ ask: { type: "put_part", part: { part_no: "P-1003", name: "PLC 输入模块 DI16", unit_price: 105000, active: true } } });
  const open = async (number, to) => {
    const order = id();
    await act({
      ask: { type: "open", order, number, customer: "C-QD", asset: "A-850", service_type: "B" },
      write: { header: { kind: "order", id: order, tenant, v: 1 }, entries: [[null, { type: "register", channel: "phone", fault_code: "E204", fault: "开机报警 E204，无法复位" }]] },
    });
    await act({ ask: { type: "assign", order, to } });
    return order;
  };
  return {
    app,
    data,
    port,
    act,
    open,
    order: await open("WO-20261020-0095", "u-3"),
    code: (user, server) => /OUTPOST1:\S+/.exec(cli("device", "code", "--user", user, "--server", server))[0],
    table: (name) => cli("export", name),
    cli,
    /** The phone that this person enrolled last. */
    device: (user) => cli("device", "list").split("\n").map((line) => line.trim().split(/\s+/)).filter((row) => row[1] === user).at(-1)[0],
    /** Photos and strokes that the relay holds. */
    files: () => readdirSync(join(data, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    verify: () => cli("verify"),
    /** Ends and begins it again at the same address; `between` happens while it is down. */
    restart: async (between = () => {}) => {
      serving.removeAllListeners("exit");
      const ended = new Promise((done) => serving.once("exit", done));
      serving.kill("SIGTERM");
      await ended;
      between();
      ({ serving } = await serve(data, app, `127.0.0.1:${port}`));
    },
    end: () => {
      serving.removeAllListeners("exit");
      serving.once("exit", () => rmSync(home, { recursive: true, force: true }));
      serving.kill("SIGTERM");
    },
  };
}
