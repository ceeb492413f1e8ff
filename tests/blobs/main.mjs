// Each story runs by itself; all must hold. With a name it runs only those whose title has it.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bucket } from "./bucket.mjs";
import { house, picture, sha256 } from "./house.mjs";
import { proxy } from "./proxy.mjs";

const tus = createRequire(`${process.env.TUS_HOME}/package.json`)("tus-js-client");
const MIB = 1 << 20;

/** The file by an unmodified client, through whatever stands at `port`. */
function upload(home, file, port, watch = {}) {
  const { delays = 60, progress = () => {}, trouble = () => {} } = watch;
  return new Promise((done, failed) => {
    const upload = new tus.Upload(file, {
      endpoint: `http://127.0.0.1:${port}/v1/uploads`,
      headers: { authorization: `Bearer ${home.token}` },
      metadata: { filename: "photo.jpg", filetype: "image/jpeg", sha256: sha256(file), page: home.page },
      retryDelays: Array(delays).fill(200),
      onProgress: progress,
      onShouldRetry: (error) => {
        trouble(error);
        const status = error.originalResponse?.getStatus() ?? 0;
        return status < 400 || status >= 500 || status === 409 || status === 423;
      },
      onError: failed,
      onSuccess: () => done(upload),
    });
    upload.start();
  });
}

async function isThere(home, file) {
  const answer = await home.fetch(file);
  assert.equal(answer.status, 200, await answer.clone().text().catch(() => ""));
  assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), sha256(file));
  assert.equal(answer.headers.get("etag"), `"${sha256(file)}"`);
  const part = await home.fetch(file, { range: "bytes=1000000-1999999" });
  assert.equal(part.status, 206);
  assert.ok(Buffer.from(await part.arrayBuffer()).equals(file.subarray(1_000_000, 2_000_000)));
}

/** A sweep comes with each start, but not before the first answer. */
async function soon(holds, what) {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 400, `still there: ${JSON.stringify(what())}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Twenty megabytes, cut ten times; each cut somewhere in what one connection may still carry. */
async function cutTenTimes(home) {
  const file = picture(20 * MIB);
  await home.log(file);
  const cuts = [300, 90_000, 1_500_000, 700_000, 2_900_000, 40_000, 2_000_000, 1_100_000, 3_000_000, 500_000];
  const line = await proxy(home.port, cuts);
  await upload(home, file, line.port);
  line.close();
  assert.equal(line.seen.cuts, 10);
  await isThere(home, file);
}

const stories = {
  "20 MB over a connection that is cut ten times": async () => {
    const home = await house();
    await cutTenTimes(home);
    home.verify();
    await home.end();
  },

  "the same, kept in S3": async () => {
    const s3 = await bucket();
    const home = await house({ env: s3.env });
    await cutTenTimes(home);
    await home.restart();
    const file = picture(3 * MIB);
    await home.log(file);
    await upload(home, file, home.port);
    await isThere(home, file);
    await home.restart();
    await soon(() => !s3.objects().some((name) => name.includes("/parts/")), s3.objects);
    assert.equal(s3.objects().length, 2, `${s3.objects()}`);
    await home.end();
    await s3.end();
  },

  "the relay is killed three times in mid-upload": async () => {
    const home = await house();
    const file = picture(20 * MIB);
    await home.log(file);
    let kills = 0;
    let restarting = Promise.resolve();
    await upload(home, file, home.port, {
      progress: (sent) => {
        if (kills < 3 && sent > (kills + 1) * 5 * MIB) {
          kills += 1;
          restarting = restarting.then(() => home.restart("SIGKILL"));
        }
      },
    });
    await restarting;
    assert.equal(kills, 3);
    await isThere(home, file);
    home.verify();
    await home.end();
  },

  "a full disk says so, and goes on when there is room": async () => {
    const folder = (home) => join(home, "files");
    const home = await house({
      wrap: (home) => {
        mkdirSync(folder(home), { recursive: true });
        const mounted = `mount -t tmpfs -o size=8m tmpfs ${folder(home)} && exec "$@" --blobs ${folder(home)}`;
        return ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, "sh"];
      },
    });
    const file = picture(20 * MIB);
    await home.log(file);
    const told = new Set();
    await upload(home, file, home.port, {
      trouble: (error) => {
        const answer = error.originalResponse;
        if (!answer || told.has(answer.getStatus())) return;
        told.add(answer.getStatus());
        if (answer.getStatus() !== 507) return;
        assert.equal(JSON.parse(answer.getBody()).code, "storage_full");
        execFileSync("nsenter", ["--preserve-credentials", "--user", "--mount", "--target", `${home.pid}`, "mount", "-o", "remount,size=64m", folder(home.home)]);
      },
    });
    assert.ok(told.has(507), `${[...told]}`);
    await isThere(home, file);
    await home.end();
  },

  "a wrong hash and a wrong kind are refused": async () => {
    const home = await house();
    const [named, other] = [picture(2 * MIB), picture(2 * MIB)];
    const text = Buffer.from("<html>".repeat(100_000));
    await home.log(named);
    await home.log(text);
    const refusal = (upload) => upload.then(() => "taken", (error) => JSON.parse(error.originalResponse.getBody()).code);
    assert.equal(await refusal(upload(home, text, home.port)), "blob_kind");
    const options = { endpoint: `${home.base}/v1/uploads`, headers: { authorization: `Bearer ${home.token}` }, retryDelays: null };
    const wrong = new Promise((done, failed) => {
      new tus.Upload(other, { ...options, metadata: { sha256: sha256(named), page: home.page }, onSuccess: done, onError: failed }).start();
    });
    assert.equal(await refusal(wrong), "blob_mismatch");
    await home.restart();
    const left = () => readdirSync(join(home.data, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    await soon(() => left().length === 0, left);
    await home.end();
  },

  "how fast 20 MB go up over loopback, and how little memory they take": async () => {
    const home = await house();
    const file = picture(20 * MIB);
    await home.log(file);
    const peak = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${home.pid}/status`, "utf8"))[1]) / 1_024;
    const [begun, before] = [performance.now(), peak()];
    await upload(home, file, home.port);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(`   ${(20 / seconds).toFixed(1)} MiB/s: ${seconds.toFixed(2)} s for 20 MiB, each MiB synced; ${(peak() - before).toFixed(1)} MiB more memory at its peak`);
    assert.ok(peak() - before < 12, "a file isn't held in memory");
    await home.end();
  },
};

const within = (seconds, story) => Promise.race([
  story,
  new Promise((_, late) => setTimeout(() => late(new Error(`not done after ${seconds} s`)), seconds * 1_000).unref()),
]);

let failed = 0;
for (const [title, story] of Object.entries(stories)) {
  if (process.argv[2] && !title.includes(process.argv[2])) continue;
  const begun = performance.now();
  try {
    await within(120, story());
    console.log(`ok   ${title} (${((performance.now() - begun) / 1_000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`NOT  ${title}: ${error.stack}`);
  }
}
process.exit(failed > 0 ? 1 : 0);
