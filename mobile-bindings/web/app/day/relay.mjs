// A relay of its own in a folder of its own, with a station, two people, a customer, a unit and an order to go to.
// OUTPOST names the binary.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.OUTPOST ?? new URL("../../../../target/debug/outpost", import.meta.url).pathname;

/** A UUIDv7. */
export function id() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export async function relay() {
  const data = join(mkdtempSync(join(tmpdir(), "outpost-day-")), "data");
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const serving = spawn(binary, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--tenant", "acme"], { env: { ...process.env, OUTPOST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  const password = await new Promise((told) => {
    let text = "";
    serving.stdout.on("data", (more) => {
      text += more;
      const found = /password[^A-Z0-9]*([A-Z0-9-]{8,})/.exec(text);
      if (found) told(found[1]);
    });
  });
  const cli = (...args) => execFileSync(binary, [...args, "--data", data], { encoding: "utf8" });
  const base = `http://127.0.0.1:${port}`;
  const post = async (path, body, session) => {
    const answer = await fetch(base + path, { method: "POST", headers: { "content-type": "application/json", ...(session ? { authorization: `Bearer ${session}` } : {}) }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  let session;
  for (let left = 50; ; left -= 1) {
    try {
      ({ session } = await post("/v1/session", { user: "hq", password }));
      break;
    } catch (trouble) {
      if (left === 0) throw trouble;
      await new Promise((later) => setTimeout(later, 200));
    }
  }
  const act = (act) => post("/v1/commands", { id: id(), after: "now", heads: "now", ...act, ...(act.write && { write: { seen: "now", ...act.write } }) }, session);
  const set = (field, value) => [null, { type: "set", field, value }];
  cli("station", "add", "st-1", "--name", "济南驻点", "--lat", "36.65", "--lng", "117.0");
  cli("user", "add", "u-3", "--name", "工程师03", "--role", "engineer", "--station", "st-1");
  cli("user", "add", "u-5", "--name", "工程师05", "--role", "engineer", "--station", "st-1");
  const tenant = "acme";
  await act({ ask: { type: "place_customer", customer: "C-QD", station: "st-1", distance_km: 120 } });
  await act({ write: { header: { kind: "customer", customer: "C-QD", tenant, v: 1 }, entries: [set("name", "青岛化工"), set("address", "工业园2号"), set("phone", "+8653100000000"), set("contact", "设备科2")] } });
  await act({ write: { header: { kind: "asset", asset: "A-850", tenant, v: 1 }, entries: [set("customer", "C-QD"), set("model", "XH-850"), set("serial", "SN0203945215")] } });
  await act({ ask: { type: "put_part", part: { part_no: "P-1003", name: "PLC 输入模块 DI16", unit_price: 105000, active: true } } });
  const order = id();
  await act({
    ask: { type: "open", order, number: "WO-20261020-0095", customer: "C-QD", asset: "A-850", service_type: "B" },
    write: { header: { kind: "order", id: order, tenant, v: 1 }, entries: [[null, { type: "register", channel: "phone", fault_code: "E204", fault: "开机报警 E204，无法复位" }]] },
  });
  await act({ ask: { type: "assign", order, to: "u-3" } });
  return {
    port,
    data,
    order,
    act,
    code: (user, server) => /OUTPOST1:\S+/.exec(cli("device", "code", "--user", user, "--server", server))[0],
    table: (name) => cli("export", name),
    /** Photos and strokes that the relay holds. */
    files: () => readdirSync(join(data, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    verify: () => cli("verify"),
    end: () => serving.kill("SIGTERM"),
  };
}
