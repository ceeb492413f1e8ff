// A relay in a folder of its own, with one engineer, his phone, and a visit on which he logs photos.
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { child } from "./children.mjs";

const tenant = "acme";
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

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A picture of that size, by its first bytes; the rest is chance. */
export function picture(size) {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(size - 4)]);
}

/** Starts the relay; `wrap` may put another program in front. Says where it listens, and headquarters' first password. */
function start(data, listen, env, wrap) {
  const [program, ...rest] = [...wrap, binary, "serve", "--data", data, "--listen", listen, "--tenant", tenant];
  const serving = child(program, rest, { OUTPOST_LOG: "error", ...env }, "pipe");
  return new Promise((told, failed) => {
    let text = "";
    serving.once("exit", (code) => failed(new Error(`outpost serve ended with ${code}: ${text}`)));
    serving.stdout.on("data", (more) => {
      text += more;
      if (!text.includes("Stop with Ctrl-C")) return;
      serving.removeAllListeners("exit");
      const port = Number(/at http:\/\/127\.0\.0\.1:(\d+)/.exec(text)[1]);
      told({ serving, port, password: /password[^A-Z0-9]*([A-Z0-9-]{8,})/.exec(text)?.[1] });
    });
  });
}

export async function house({ env = {}, wrap = () => [] } = {}) {
  const home = mkdtempSync(join(tmpdir(), "outpost-blobs-"));
  const data = join(home, "data");
  let { serving, port, password } = await start(data, "127.0.0.1:0", env, wrap(home));
  const base = `http://127.0.0.1:${port}`;
  const post = async (path, body, bearer) => {
    const headers = { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) };
    const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const cli = (...args) => execFileSync(binary, [...args, "--data", data], { encoding: "utf8" });
  const signIn = async (user, password) => (await post("/v1/session", { user, password })).session;
  const act = (act, bearer) => post("/v1/commands", { id: id(), after: "now", heads: "now", ...act, ...(act.write && { write: { seen: "now", ...act.write } }) }, bearer);

  const hq = await signIn("hq", password);
  await act({ ask: { type: "put_station", station: { station: "st-1", name: "济南驻点", lat_e7: 366500000, lng_e7: 1170000000 } } }, hq);
  await act({ ask: { type: "put_person", person: { user: "u-3", name: "工程师03", role: "engineer", station: "st-1", active: true } } }, hq);
  await act({ ask: { type: "place_customer", customer: "C-QD", station: "st-1", distance_km: 120 } }, hq);
  const [order, visit] = [id(), id()];
  await act({ ask: { type: "open", order, number: "WO-1", customer: "C-QD", service_type: "B" } }, hq);
  await act({ ask: { type: "assign", order, to: "u-3" } }, hq);
  const told = cli("user", "password", "u-3", "--generate");
  const engineer = await signIn("u-3", /[A-Z0-9]+(?:-[A-Z0-9]+)+/.exec(told)[0]);

  // The phone's key never leaves this process, as it wouldn't its keystore.
  const keys = generateKeyPairSync("ed25519");
  const signed = (text) => sign(null, Buffer.from(text), keys.privateKey).toString("base64url");
  const invitation = /OUTPOST1:(\S+)/.exec(cli("device", "code", "--user", "u-3", "--server", base))[1];
  const { device, code } = JSON.parse(Buffer.from(invitation, "base64url"));
  const public_key = keys.publicKey.export({ format: "jwk" }).x;
  await post("/v1/enrol", { tenant, code, device, public_key, proof: signed(`outpost-enrol-v1\n${tenant}\n${code}\n${device}`) });
  const { nonce } = await post("/v1/token/nonce", { tenant, device });
  const { token } = await post("/v1/token", { tenant, device, nonce, signature: signed(`outpost-token-v1\n${tenant}\n${device}\n${nonce}`) });

  const exit = () => new Promise((done) => serving.once("exit", done));
  return {
    data, home, base, token, hq,
    page: visit,
    get port() { return port; },
    get pid() { return serving.pid; },
    /** The photo is named by an admitted entry. */
    log: async (file) => {
      const photo = { type: "photo", blob: sha256(file), caption: "铭牌" };
      await act({ write: { header: { kind: "visit", id: visit, order, tenant, v: 1 }, entries: [[null, photo]] } }, engineer);
    },
    fetch: (file, headers = {}) => fetch(`${base}/v1/blobs/${sha256(file)}`, { headers: { authorization: `Bearer ${hq}`, ...headers } }),
    verify: () => cli("verify"),
    restart: async (signal = "SIGTERM") => {
      const ended = exit();
      serving.kill(signal);
      await ended;
      ({ serving } = await start(data, `127.0.0.1:${port}`, env, wrap(home)));
    },
    end: async () => {
      const ended = exit();
      serving.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
